"""Trials in words: the names of trials, circumstances and values in Chinese, and both ways between a trial and the
table of a scenario."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from posrig.fuzzing.models.terminal_r.trials.known import TRIALS
from posrig.fuzzing.models.terminal_r.trials.trial import Circumstances, Trial
from posrig.fuzzing.running.feature_file import Language
from posrig.ground.faults import ConfigurationError

TRIAL_NAMES: Mapping[str, str] = {
    "fingers": "按键手法", "sale": "消费", "refund": "退货", "update": "固件更新", "reset": "恢复出厂",
    "log": "日志", "log flood": "日志刷屏", "weak passwords": "弱密码", "deletions": "删除操作员",
    "first passwords": "初始密码", "inner prompts": "功能内密码输入", "another day": "隔日签到", "tamper": "拆机",
    "used service file": "用过的服务文件", "self-test": "自检", "lock-out time": "停用时长", "timing": "拒绝用时",
}  # fmt: skip
WORDS: Mapping[str, str] = {
    # circumstances
    "keys": "按键", "down": "按下时长", "apart": "间隔", "event": "事件", "after": "确认后",
    "left before by": "此前放弃金额的方式", "first": "先", "too much by": "超出金额", "package": "更新包", "by": "途径",
    "cut": "断电时刻", "server": "更新服务器", "with": "当时情况", "against it": "阻止条件", "held": "按住时长",
    "code": "密码", "cut after": "开始清除后断电", "then": "再", "last": "最后", "year": "年份", "before": "此前",
    "password": "新密码", "of": "操作员", "whom": "被删操作员", "left by": "离开方式", "at": "输入处",
    "days ahead": "相隔天数", "part": "部件", "clock": "时钟", "begins": "开始于", "order": "顺序",
    # values
    "nothing": "无", "none": "无", "no": "不断电", "power cut": "断电", "restart by chord": "组合键重启",
    "line cut": "断网", "daily restart": "每日定时重启", "the menu": "菜单键", "sound": "正常", "network": "网络",
    "stick": "U盘", "true": "正确", "endless": "无休止发送", "flips a byte": "改动一个字节",
    "replaces the image": "读完后替换固件", "mixes two images": "混发两个版本", "wrong certificate": "证书不符",
    "line drops": "反复断网", "an empty batch": "无未结算交易", "an open batch": "有未结算交易",
    "the cashier": "收银员在用", "a host lock": "后台锁定", "a lock-out": "有人停用", "right": "正确", "wrong": "错误",
    "published default": "公开的初始密码", "sign-on and sign-off": "签到并签退",
    "a wrong password of 03": "03号输错密码", "an unknown number": "不存在的操作员号",
    "a lock and the owner's unlock": "锁定后本人解锁", "a lock and the manager's unlock": "锁定后主管解锁",
    "a password typed as number": "密码误输到操作员号栏", "a host lock and its end": "后台锁定后解除",
    "a restart": "重启", "goes on": "不变", "turns after the first": "第一件事后跨年", "equal digits": "相同数字",
    "rising digits": "递增数字", "falling digits": "递减数字", "the present one": "当前密码",
    "CANCEL": "取消键", "CLEAR": "清除键", "CLEAR CANCEL": "清除键 取消键", "a day": "过一天",
    "all sorts of keys": "各种按键", "file of another terminal": "别台终端的服务文件", "memory": "存储器",
    "security": "安全模块", "display": "显示屏", "good": "正常", "battery dead": "电池耗尽",
    "an ordinary day": "平日", "before summer time": "夏令时开始前", "before winter time": "夏令时结束前",
    "before the new year": "跨年前", "the approval of a refund": "退货授权", "the approval of a void": "撤销授权",
    "the change of a cashier's password": "收银员修改密码", "the change of a manager's password": "主管修改密码",
    "ENTER held 3 s": "确认键按住3秒", "5 held 3 s": "5按住3秒", "MENU held 2 s": "菜单键按住2秒",
}  # fmt: skip
"""What is not here is said alike in both languages: numbers, amounts, codes of parts, faults of a package
(docs/update-package.md), screens."""
_TIME = re.compile(r"([\d.]+) (ms|s)")
_UNITS = {"ms": "毫秒", "s": "秒"}


def chinese(word: str) -> str:
    """A circumstance or a value.

    >>> chinese("an open batch"), chinese("0.5 s"), chinese("unsigned")
    ('有未结算交易', '0.5秒', 'unsigned')
    """
    time = _TIME.fullmatch(word)
    return f"{time[1]}{_UNITS[time[2]]}" if time else WORDS.get(word, word)


def name_of(trial: Trial, language: Language) -> str:
    """What the trial is called in a scenario."""
    return trial.name if language == "en" else TRIAL_NAMES[trial.name]


def special(trial: Trial, chosen: Circumstances) -> list[tuple[str, str]]:
    """The circumstances that are not the plain ones; where all are plain, the first one."""
    pairs = [(name, chosen[name]) for name, values in trial.circumstances.items() if chosen[name] != values[0]]
    first = next(iter(trial.circumstances))
    return pairs or [(first, chosen[first])]


def table(trial: Trial, chosen: Circumstances, language: Language) -> list[tuple[str, str]]:
    """The rows of a scenario; what they leave out is plain."""
    say = chinese if language == "zh" else str
    return [(say(name), say(value)) for name, value in special(trial, chosen)]


def trial_named(name: str) -> Trial:
    """Raises ConfigurationError with the names there are."""
    for trial in TRIALS:
        if name in (trial.name, TRIAL_NAMES[trial.name]):
            return trial
    allowed = ", ".join((*(trial.name for trial in TRIALS), *TRIAL_NAMES.values()))
    raise ConfigurationError(f"no trial is called {name!r}", allowed=allowed)


def circumstances(trial: Trial, rows: Sequence[Sequence[str]]) -> Circumstances:
    """What the rows of a scenario say, in either language; what they leave out is plain.

    Raises:
        ConfigurationError: no such circumstance or value, or values that cannot be together.
    """
    chosen = {name: values[0] for name, values in trial.circumstances.items()}
    for row in rows:
        name = _one_of(row[0], tuple(trial.circumstances), f"circumstance of the trial {trial.name!r}")
        chosen[name] = _one_of(row[1] if len(row) > 1 else "", trial.circumstances[name], f"value of {row[0]!r}")
    if not trial.possible(chosen):
        raise ConfigurationError(f"these circumstances of the trial {trial.name!r} cannot be together: {chosen}")
    return chosen


def _one_of(word: str, known: Sequence[str], what: str) -> str:
    for one in known:
        if word in (one, chinese(one)):
            return one
    raise ConfigurationError(f"{word!r} is no {what}", allowed=", ".join(known))
