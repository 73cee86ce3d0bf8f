"""The values a step may hold, written the same way in English and Chinese, and the domain values they become.

| in a step | English | Chinese | becomes |
|---|---|---|---|
| {state} | locked, open, locked out ... | 锁定, 未锁, 停用 ... | State |
| {role} | cashier, manager, admin, operator 03 | 收银员, 主管, 系统管理员, 03号 | Role |
| {key} | ENTER, CANCEL, 1, F1 ... | 确认键, 取消键 ... | Key |
| {duration} | 30 min, 5 s, 24 h, 200 ms | 30分钟, 5秒, 24小时, 200毫秒 | seconds (float) |
| {text} | "…" | “…” or 「…」 | str |
| {amount} | 12.00 | 12.00元 | Decimal |
| {count} | 5, five | 5, 五 | int |
| {screen} | lock_ask or "lock_ask" | the same | ScreenId, checked against the profile |
| {language} | English, Chinese | 英文, 中文 | Language |
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any, NewType

from cucumber_expressions.parameter_type import ParameterType
from cucumber_expressions.parameter_type_registry import ParameterTypeRegistry

from posrig.ground.faults import ConfigurationError

ScreenId = NewType("ScreenId", str)


class State(StrEnum):
    """What holds the terminal, if anything does."""

    OPEN = "open"
    LOCKED = "locked"
    LOCKED_OUT = "locked out"
    HOST_LOCKED = "locked by the host"
    NETWORK_LOCKED = "locked for want of the host"
    TAMPERED = "tampered"
    SIGNED_OFF = "signed off"
    OUT_OF_SERVICE = "out of service"


class Key(StrEnum):
    """The 19 keys of a terminal, by the names of rig files and profiles."""

    N0, N1, N2, N3, N4 = "0", "1", "2", "3", "4"
    N5, N6, N7, N8, N9 = "5", "6", "7", "8", "9"
    POINT = "."
    CLEAR = "CLEAR"
    CANCEL = "CANCEL"
    ENTER = "ENTER"
    F1 = "F1"
    F2 = "F2"
    MENU = "MENU"
    UP = "UP"
    DOWN = "DOWN"


class Language(StrEnum):
    """A display language, as rig files name it."""

    EN = "en"
    ZH = "zh"


@dataclass(frozen=True, slots=True)
class Role:
    """Who acts: the role and the operator number (two digits) that stands for it."""

    name: str
    operator: str


CASHIER, MANAGER, ADMIN = Role("cashier", "01"), Role("manager", "00"), Role("admin", "99")

STATES: Mapping[str, State] = {
    "locked out": State.LOCKED_OUT, "locked by the host": State.HOST_LOCKED, "locked": State.LOCKED, "open": State.OPEN,
    "locked for want of the host": State.NETWORK_LOCKED, "unlocked": State.OPEN, "tampered": State.TAMPERED,
    "signed off": State.SIGNED_OFF, "out of service": State.OUT_OF_SERVICE,
    "锁定": State.LOCKED, "已锁定": State.LOCKED, "未锁定": State.OPEN, "未锁": State.OPEN, "已解锁": State.OPEN,
    "停用": State.LOCKED_OUT, "后台锁定": State.HOST_LOCKED, "断网锁定": State.NETWORK_LOCKED, "被拆机": State.TAMPERED,
    "未签到": State.SIGNED_OFF, "停机": State.OUT_OF_SERVICE,
}  # fmt: skip
ROLES: Mapping[str, Role] = {
    "cashier": CASHIER, "operator": CASHIER, "manager": MANAGER, "system admin": ADMIN, "admin": ADMIN,
    "收银员": CASHIER, "操作员": CASHIER, "柜员": CASHIER, "主管": MANAGER, "系统管理员": ADMIN, "管理员": ADMIN,
}  # fmt: skip
KEYS: Mapping[str, Key] = {
    **{key.value: key for key in Key},
    "确认": Key.ENTER, "取消": Key.CANCEL, "清除": Key.CLEAR, "菜单": Key.MENU, "上": Key.UP, "下": Key.DOWN,
    "小数点": Key.POINT,
}  # fmt: skip
LANGUAGES: Mapping[str, Language] = {
    "English": Language.EN, "Chinese": Language.ZH, "英文": Language.EN, "英语": Language.EN, "中文": Language.ZH,
}  # fmt: skip
COUNTS: Mapping[str, int] = {
    word: number
    for numerals in (
        ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
        "一二三四五六七八九十",
    )
    for number, word in enumerate(numerals, 1)
} | {"两": 2}
SECONDS: Mapping[str, float] = {
    "ms": 0.001, "milliseconds": 0.001, "millisecond": 0.001, "毫秒": 0.001,
    "seconds": 1, "second": 1, "s": 1, "秒钟": 1, "秒": 1,
    "minutes": 60, "minute": 60, "min": 60, "分钟": 60,
    "hours": 3600, "hour": 3600, "h": 3600, "个小时": 3600, "小时": 3600,
    "days": 86400, "day": 86400, "天": 86400,
}  # fmt: skip

REGISTRY = ParameterTypeRegistry()  # type: ignore[no-untyped-call]
_ALLOWED: dict[str, Callable[[], Collection[str]]] = {}
_screens: list[str] = []


def use_screens(ids: Collection[str]) -> None:
    """Name the screens of the profile in use; from then on {screen} refuses others. An empty collection lifts that."""
    _screens[:] = ids


def parameter(
    name: str, regexp: str, become: Callable[[str], Any], allowed: Callable[[], Collection[str]] = tuple
) -> None:
    """Declare a parameter type ``{name}``. ``regexp`` without capturing groups; ``allowed`` is for error messages."""
    REGISTRY.define_parameter_type(ParameterType(name, regexp, object, become, True, False))
    _ALLOWED[name] = allowed


def words(name: str, values: Mapping[str, Any], suffix: str = "") -> None:
    """Declare a parameter type by its words, each with what it becomes. ``suffix``: an optional end (键)."""
    longest_first = sorted(values, key=len, reverse=True)
    end = f"(?:{suffix})?" if suffix else ""
    regexp = f"(?:{'|'.join(re.escape(word) for word in longest_first)}){end}"
    parameter(
        name, regexp, lambda word: values[word] if word in values else values[word.removesuffix(suffix)], lambda: values
    )


def vocabulary(name: str, value: str) -> str:
    """The message for a value that ``{name}`` does not know: what is allowed, and the nearest."""
    chinese = bool(re.search(r"[\u3400-\u9fff]", value))
    words_ = list(_ALLOWED.get(name, tuple)())
    allowed = [word for word in words_ if bool(re.search(r"[\u3400-\u9fff]", word)) == chinese] or words_
    near = difflib.get_close_matches(value, allowed, 3, 0.4)
    rows = [f"{{{name}}} does not know {value!r}"]
    rows += [f"    allowed: {', '.join(allowed)}"] if allowed else []
    rows += [f"    to do:   did you mean: {', '.join(near)}"] if near else []
    return "\n".join(rows)


def _role(word: str) -> Role:
    number = re.search(r"\d\d", word)
    if number is None:
        return ROLES[word]
    return {"00": MANAGER, "99": ADMIN}.get(number[0], Role("cashier", number[0]))


def _seconds(words_: str) -> float:
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s?(\D+)", words_)
    assert found is not None, words_  # the parameter's own expression
    return round(float(found[1]) * SECONDS[found[2]], 9)


def _screen(word: str) -> ScreenId:
    name = word.strip('"“”「」')
    if _screens and name not in _screens:
        near = difflib.get_close_matches(name, _screens, 3, 0.4)
        raise ConfigurationError(
            f"the profile has no screen {name!r}", allowed=", ".join(sorted(_screens)),
            todo=f"did you mean: {', '.join(near)}" if near else "",
        )  # fmt: skip
    return ScreenId(name)


_UNITS = "|".join(sorted(SECONDS, key=len, reverse=True))
words("state", STATES)
words("key", KEYS, "键")
words("language", LANGUAGES)
parameter(
    "role",
    rf"(?:operator |操作员)?\d\d号?|{'|'.join(sorted(ROLES, key=len, reverse=True))}",
    _role,
    lambda: [*ROLES, "operator 03", "03号"],
)
parameter(
    "duration", rf"\d+(?:\.\d+)? ?(?:{_UNITS})", _seconds, lambda: ["200 ms", "5 s", "30 min", "24 h", "30分钟", "5秒"]
)
parameter("text", '"[^"]*"|“[^”]*”|「[^」]*」', lambda s: s[1:-1], lambda: ['"…"', "“…”", "「…」"])
parameter("amount", r"\d+\.\d\d ?元?", lambda s: Decimal(s.rstrip("元 ")), lambda: ["12.00", "12.00元"])
parameter(
    "count",
    rf"\d+|{'|'.join(sorted(COUNTS, key=len, reverse=True))}",
    lambda s: COUNTS[s] if s in COUNTS else int(s),
    lambda: ["5", "five", "五"],
)
parameter("screen", '"[a-z0-9_]+"|“[a-z0-9_]+”|「[a-z0-9_]+」|[a-z][a-z0-9_]*', _screen, lambda: _screens)
