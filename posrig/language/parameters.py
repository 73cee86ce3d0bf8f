"""The values a step may hold, written the same way in English and Chinese, and the domain values they become.

| in a step | English | Chinese | becomes |
|---|---|---|---|
| {state} | locked, open, locked out ... | 锁定, 未锁, 停用 ... | State |
| {role} | cashier, manager, admin, operator 03 | 收银员, 主管, 系统管理员, 03号 | Role |
| {key} | ENTER, CANCEL, 1, F1 ... | 确认键, 取消键 ... | Key |
| {duration} | 30 min, 5 s, 200 ms, half an hour, 1 h 30 min | 30分钟, 半小时, 一个半小时 | seconds (float) |
| {text} | "…" | “…” or 「…」 | str |
| {amount} | 12.00 | 12.00元 | Decimal |
| {count} | 5, five | 5, 五, 十二 | int |
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

from posrig.language.messages import Told
from posrig.language.spoken_numbers import CHINESE, DURATION, ENGLISH, LONGEST_S, chinese, seconds
from posrig.language.step_index import CJK

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
REGISTRY = ParameterTypeRegistry()  # type: ignore[no-untyped-call]
_ALLOWED: dict[str, Callable[[], Collection[str]]] = {}
_screens: list[str] = []
_functions: dict[str, Collection[str]] = {}
_roles: dict[str, str] = {}
MOST_COUNT = 999_999_999


def use_screens(ids: Collection[str]) -> None:
    """Name the screens of the profile in use; from then on {screen} refuses others. An empty collection lifts that."""
    _screens[:] = ids


def use_roles(functions: Mapping[str, Collection[str]], operators: Mapping[str, str]) -> None:
    """Name what the profile in use lets each role do, and each operator's role. Empty mappings lift that."""
    _functions.clear()
    _functions.update(functions)
    _roles.clear()
    _roles.update(operators)


def require(role: Role, function: str) -> None:
    """The profile gives this role the function: else the keys of a step would lead elsewhere. Raises Told."""
    if _roles and role.operator not in _roles:
        raise Told("operator_unknown", operator=role.operator, allowed=", ".join(sorted(_roles)))
    allowed = _functions.get(function)
    if allowed is not None and (mine := _roles.get(role.operator, role.name)) not in allowed:
        raise Told("role_cannot", role=mine, function=function, allowed=", ".join(allowed))


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


def vocabulary(name: str, value: str, language: str = "en", *, chinese_words: bool | None = None) -> str:
    """The message for a value that ``{name}`` does not know: what is allowed, and the nearest."""
    wanted = bool(CJK.search(value)) if chinese_words is None else chinese_words
    known = list(_ALLOWED.get(name, tuple)())
    allowed = [word for word in known if bool(CJK.search(word)) == wanted] or known
    # the words of times and numbers are examples: "did you mean 5 s" would be a guess at what somebody wants
    near = difflib.get_close_matches(value[:80], allowed, 3, 0.4) if name not in _EXAMPLES else []
    return Told("value_unknown", kind=name, value=value, allowed=", ".join(allowed), near=near).within(language)


_EXAMPLES = ("duration", "count", "amount", "text")


def _unknown(name: str, value: str) -> Told:
    return Told("value_unknown", kind=name, value=value, allowed=", ".join(_ALLOWED[name]()), near="")


def _role(word: str) -> Role:
    number = re.search(r"\d\d", word)
    if number is None:
        return ROLES[word]
    return {"00": MANAGER, "99": ADMIN}.get(number[0], Role("cashier", number[0]))


def _seconds(words_: str) -> float:
    found = seconds(words_.strip())
    if found is None:
        raise _unknown("duration", words_)
    if found > LONGEST_S:
        raise Told("value_big", kind="duration", value=words_, allowed=f"0 s … {LONGEST_S:.0f} s")
    return found


def _count(word: str) -> int:
    found = int(word) if word.isdigit() else ENGLISH.get(word, chinese(word))
    if found is None:
        raise _unknown("count", word)
    return found


def _screen(word: str) -> ScreenId:
    name = word.strip('"“”「」')
    if _screens and name not in _screens:
        near = difflib.get_close_matches(name[:80], _screens, 3, 0.4)
        raise Told("screen_unknown", screen=name, allowed=", ".join(sorted(_screens)), near=near)
    return ScreenId(name)


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
    "duration",
    DURATION,
    _seconds,
    lambda: [
        *("200 ms", "5 s", "30 min", "1 h 30 min", "half an hour", "24 h", "7 days"),
        *("200毫秒", "5秒", "30分钟", "三十分钟", "半小时", "一个半小时", "1分30秒", "24小时", "7天"),
    ],
)
parameter("text", '"[^"]*"|“[^”]*”|「[^」]*」', lambda s: s[1:-1], lambda: ['"…"', "“…”", "「…」"])
parameter("amount", r"\d{1,12}\.\d\d ?元?", lambda s: Decimal(s.rstrip("元 ")), lambda: ["12.00", "12.00元"])
parameter(
    "count",
    rf"\d{{1,9}}|{CHINESE}|{'|'.join(sorted(ENGLISH, key=len, reverse=True))}",
    _count,
    lambda: ["5", "five", f"0 … {MOST_COUNT}", "五", "十二", "一百零五"],
)
parameter("screen", '"[a-z0-9_]+"|“[a-z0-9_]+”|「[a-z0-9_]+」|[a-z][a-z0-9_]*', _screen, lambda: _screens)
