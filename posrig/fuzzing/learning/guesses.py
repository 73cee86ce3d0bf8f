"""What a screen that no profile knows may mean and ask for, guessed from its words and from what it did.

The words are those that terminals of many makes share, English and Chinese. A guess is a draft: it stands in the
profile with a remark, and a person says whether it is right.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_ENTRY = re.compile(r"\{\w+:(?:entry|mask|money)\}")
_SECRET = re.compile(r"\{\w+:mask\}")
_ITEM = re.compile(r"(?:^|\s)\d\s?[.:)、]?\s?[A-Z\u4e00-\u9fff]")
LEAST_ITEMS = 2
"""So many numbered words make a menu."""
_ASKS = (
    ("time code", r"动态码|验证码|time code|one-time"),
    ("unlock code", r"解锁码|unlock code"),
    ("new password", r"新密码|再输入|再次输入|new password"),
    ("password", r"密码|口令|password|\bpin\b"),
    ("amount", r"金额|\(元\)|amount"),
    ("number", r"操作员|工号|柜员|编号|号[::]|operator|number|\bid\b"),
)
"""What an entry asks for, by a word on its page; the first that fits."""
_MEANS = (
    ("locked out", r"已停用|次数过多|locked out|too many"),
    ("unlocked", r"解锁成功|unlocked"),
    ("locked by host", r"后台.{0,4}锁|locked by (?:the )?host"),
    ("locked", r"已锁|锁定$|\blocked\b"),
    ("reset done", r"(?:恢复|出厂).*完成|reset (?:done|complete)"),
    ("resetting", r"正在恢复|正在清除|resetting|erasing"),
    ("update refused", r"(?:升级|更新).*(?:拒绝|失败|取消)|最新版本|update (?:refused|failed)|up to date"),
    ("updated", r"(?:升级|更新)(?:完成|成功)|update (?:done|complete)|\bupdated\b"),
    ("updating", r"正在(?:升级|下载|更新)|检查更新|updating|downloading"),
    ("out of service", r"停止服务|故障|out of service"),
    ("starting", r"启动|自检|starting|self-test"),
    ("refused", r"错误|失败|拒绝|无此|不能|无权|不足|wrong|refused|denied|declined|invalid|not allowed|failed"),
    ("confirm", r"[吗嘛][??]?$|是否|[??]$|are you sure"),
    ("ready", r"请刷卡|插卡|请输入金额|^ready\b"),
    ("signed off", r"请签到|请登录|欢迎|not signed on|sign on|welcome"),
)
"""What a page means, by a word on it; the first that fits."""
_PASSES = ("locked out", "refused", "update refused", "unlocked", "updating", "updated", "resetting", "reset done",
           "starting")  # fmt: skip
"""Meanings of pages that may leave by themselves; any other page that does is a notice."""


@dataclass(frozen=True, slots=True)
class Guess:
    """``means``, ``asks``: empty where nothing speaks for one. ``secret``: digits on it are not to be shown."""

    kind: str
    means: str = ""
    asks: str = ""
    secret: bool = False


def with_entry(rows: Sequence[str]) -> list[str]:
    """A page that asks for something, by a row with a colon at its end and an empty one below: what is typed will stand
    there.

    >>> with_entry(["操作员签到", "", "操作员号:", "", "", "确认"])
    ['操作员签到', '', '操作员号:', '{entry:entry}', '', '确认']
    """
    made = list(rows)
    for number, row in enumerate(made[:-1]):
        if row.rstrip().endswith((":", ":")) and not made[number + 1] and _first(_ASKS, [row]):
            kind = "mask" if _first(_ASKS, [row]) in ("password", "new password") else "entry"
            made[number + 1] = f"{{entry:{kind}}}"
            break
    return made


def guessed(rows: Sequence[str], *, passes: bool = False) -> Guess:
    """What a page of these rows (placeholders for what changes) may be. ``passes``: it left by itself.

    >>> guessed(["操作员签到", "密码:", "{mask:mask}"])
    Guess(kind='entry', means='', asks='password', secret=True)
    >>> guessed(["无此功能"], passes=True).means, guessed(["版本信息"], passes=True).means
    ('refused', 'notice')
    >>> guessed(["管理菜单", "1.参数查询", "2.恢复出厂"]).means
    'menu'
    """
    text = "\n".join(rows)
    entry, secret = _ENTRY.search(text) is not None, _SECRET.search(text) is not None
    asks = _first(_ASKS, rows) if entry else ""
    if secret and asks not in ("time code", "unlock code", "new password"):
        asks = "password"
    if not entry and sum(len(_ITEM.findall(row)) for row in rows) >= LEAST_ITEMS:
        return Guess("menu", "menu")
    means = _first(_MEANS, rows)
    if passes and means not in _PASSES:
        means = "notice"
    if entry and means not in ("locked", "ready"):
        means = ""
    kind = "entry" if entry and means != "ready" else "notice" if passes else "rest"
    if means == "locked":
        kind = "blocked"
    return Guess(kind, means, asks, secret or asks in ("password", "new password", "time code", "unlock code"))


def _first(table: Sequence[tuple[str, str]], rows: Sequence[str]) -> str:
    for name, form in table:
        if any(re.search(form, row.strip(), re.IGNORECASE) for row in rows):
            return name
    return ""
