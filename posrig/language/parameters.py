"""The values a step may hold, written the same way in English and Chinese, and the domain values they become.

| in a step | English | Chinese | becomes |
|---|---|---|---|
| {state} | locked, open, locked out ... | 锁定, 未锁, 停用 ... | State |
| {role} | the profile's words, operator 03, the duty operator | 收银员, 主管, 03号, 当班人员 | Role |
| {key} | the profile's names and words | 确认键, 取消键 ... | Key |
| {duration} | 30 min, 5 s, 200 ms, half an hour, 1 h 30 min | 30分钟, 半小时, 一个半小时 | seconds (float) |
| {text} | "…" | “…” or 「…」 | str |
| {amount} | 12.00 | 12.00元 | Decimal |
| {count} | 5, five | 5, 五, 十二 | int |
| {screen} | name or "name" | the same | ScreenId, checked against the profile |
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

from posrig.description.profile import Profile
from posrig.language.messages import Told
from posrig.language.spoken_numbers import CHINESE, DURATION, ENGLISH, LONGEST_S, chinese, seconds
from posrig.language.step_index import CJK
from posrig.language.whoever import UNLOCKER, parts

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


Key = NewType("Key", str)
"""A key of the profile in use, by the name of rig files and profiles."""


class Language(StrEnum):
    """A display language, as rig files name it."""

    EN = "en"
    ZH = "zh"


@dataclass(frozen=True, slots=True)
class Role:
    """Who acts: the role and the operator number that stands for it, the role's own name where it has none."""

    name: str
    operator: str
    word: str = ""
    """The word for whoever has a part in any profile (posrig/language/whoever.py); then both may be empty."""


STATES: Mapping[str, State] = {
    "locked out": State.LOCKED_OUT, "locked by the host": State.HOST_LOCKED, "locked": State.LOCKED, "open": State.OPEN,
    "locked for want of the host": State.NETWORK_LOCKED, "unlocked": State.OPEN, "tampered": State.TAMPERED,
    "signed off": State.SIGNED_OFF, "out of service": State.OUT_OF_SERVICE,
    "锁定": State.LOCKED, "已锁定": State.LOCKED, "未锁定": State.OPEN, "未锁": State.OPEN, "已解锁": State.OPEN,
    "停用": State.LOCKED_OUT, "后台锁定": State.HOST_LOCKED, "断网锁定": State.NETWORK_LOCKED, "被拆机": State.TAMPERED,
    "未签到": State.SIGNED_OFF, "停机": State.OUT_OF_SERVICE,
}  # fmt: skip
ROLES: dict[str, Role] = {}
KEYS: dict[str, Key] = {}
"""The words of the profile in use, each with what it stands for (:func:`use_profile`)."""
LANGUAGES: Mapping[str, Language] = {
    "English": Language.EN, "Chinese": Language.ZH, "英文": Language.EN, "英语": Language.EN, "中文": Language.ZH,
}  # fmt: skip
REGISTRY = ParameterTypeRegistry()  # type: ignore[no-untyped-call]
_ALLOWED: dict[str, Callable[[], Collection[str]]] = {}
_screens: list[str] = []
_functions: dict[str, Collection[str]] = {}
_roles: dict[str, str] = {}
_made: list[int] = [0]
MOST_COUNT = 999_999_999
SECOND_FACTOR = "second factor"


def generation() -> int:
    """Rises with every profile that is taken into use: expressions that were read before it have old words."""
    return _made[0]


def use_profile(profile: Profile) -> None:
    """From now on sentences are measured by this profile: its keys, roles, screens, and who may do what."""
    data = profile.data
    _screens[:] = profile.screens
    KEYS.clear()
    for name, words_ in data.keys.items():
        KEYS.update(dict.fromkeys((name, *(word.removesuffix(_KEY) for word in words_.all)), Key(name)))
    ROLES.clear()
    for name, role in data.roles.items():
        ROLES.update(dict.fromkeys((name, *role.words.all), Role(name, profile.operator_of(name))))
    for word, (name, operator) in parts(profile).items():
        ROLES.setdefault(word, Role(name, operator, word))
    _roles.clear()
    _roles.update({number: name for name, role in data.roles.items() for number in role.ids or (name,)})
    _functions.clear()
    _functions.update({name: tuple(keys) for name, keys in data.functions.items()})
    for name, forms in data.ways.items():
        who = tuple(dict.fromkeys(one for way in forms for one in way.roles or way.by))
        if who and (name == "unlock" or all(way.roles for way in forms)):
            _functions.setdefault(name, who)
    if second := [name for name, role in data.roles.items() if role.second_factor]:
        _functions[SECOND_FACTOR] = second
    _declare()


def use_screens(ids: Collection[str]) -> None:
    """Name other screens than the profile in use has. An empty collection: every id is taken."""
    _screens[:] = ids


def require(role: Role, function: str) -> None:
    """The profile gives this role the function: else the keys of a step would lead elsewhere. Raises Told.

    Whoever has a part in any profile is no mistake of a scenario's: that is a need (posrig/language/needs.py)."""
    if role.word:
        return
    if _roles and role.operator not in _roles:
        raise Told("operator_unknown", operator=role.operator, allowed=", ".join(sorted(_roles)))
    allowed = _functions.get(function)
    if allowed is not None and (mine := _roles.get(role.operator, role.name)) not in allowed:
        raise Told("role_cannot", role=mine, function=function, allowed=", ".join(allowed))


def may(role: Role, function: str) -> bool:
    """Whether the profile gives this role the function. A lock that names nobody is lifted by whoever made it."""
    allowed = _functions.get(function)
    if allowed is None and function == "unlock":
        return role.operator == ROLES[UNLOCKER[0]].operator
    return allowed is None or _roles.get(role.operator, role.name) in allowed


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
    number = re.search(r"\d+", word)
    if number is None or word in ROLES:
        return ROLES.get(word, Role(word, word))
    first = next((name for name, one in ROLES.items() if one.operator.isdigit() and not one.word), "")
    return Role(_roles.get(number[0], ROLES[first].name if first else ""), number[0])


def _seconds(words_: str) -> float:
    found = seconds(words_.strip())
    if found is None:
        raise _unknown("duration", words_)
    if found > LONGEST_S:
        raise Told("value_big", kind="duration", value=words_, allowed=f"0 s … {LONGEST_S:.0f} s")
    return found


def _text(quoted: str) -> str:
    """Raises Told for an empty one: every screen says it, and it types nothing."""
    if not (text := quoted[1:-1]).strip():
        raise Told("text_blank", value=quoted, allowed='"…", “…”, 「…」')
    return text


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


_KEY = "键"
_ANY_KEY = r"[A-Z][A-Z0-9_]*|[0-9.]"
_ANY_ROLE = r"[a-z]+(?: admin)?|[\u3400-\u9fff]{2,6}"
"""Before a profile is in use, which only whoever asks if a file is ours sees."""


def _declare() -> None:
    """{key} and {role} anew, with the words of the profile in use."""
    for name in ("key", "role"):
        if (old := REGISTRY.lookup_by_type_name(name)) is not None:
            del REGISTRY.parameter_type_by_name[name]
            for form in old.regexps:
                REGISTRY.parameter_types_by_regexp[form].remove(old)
    _made[0] += 1
    if KEYS:
        words("key", KEYS, _KEY)
    else:
        parameter("key", _ANY_KEY, Key, lambda: KEYS)
    lengths = sorted({len(number) for number in _roles if number.isdigit()}, reverse=True) or [2]
    numbers = "|".join(rf"(?:operator |操作员)?\d{{{length}}}号?" for length in lengths)
    named = "|".join(re.escape(word) for word in sorted(ROLES, key=len, reverse=True)) or _ANY_ROLE
    known = [one.operator for one in ROLES.values() if one.operator.isdigit() and not one.word][:1]
    examples = [form for number in known for form in (f"operator {number}", f"{number}号")]
    parameter("role", f"{numbers}|{named}", _role, lambda: [*ROLES, *examples])


words("state", STATES)
words("language", LANGUAGES)
_declare()
parameter(
    "duration",
    DURATION,
    _seconds,
    lambda: [
        *("200 ms", "5 s", "30 min", "1 h 30 min", "half an hour", "24 h", "7 days"),
        *("200毫秒", "5秒", "30分钟", "三十分钟", "半小时", "一个半小时", "1分30秒", "24小时", "7天"),
    ],
)
parameter("text", '"[^"]*"|“[^”]*”|「[^」]*」', _text, lambda: ['"…"', "“…”", "「…」"])
parameter("amount", r"\d{1,12}\.\d\d ?元?", lambda s: Decimal(s.rstrip("元 ")), lambda: ["12.00", "12.00元"])
parameter(
    "count",
    rf"\d{{1,9}}|{CHINESE}|{'|'.join(sorted(ENGLISH, key=len, reverse=True))}",
    _count,
    lambda: ["5", "five", f"0 … {MOST_COUNT}", "五", "十二", "一百零五"],
)
parameter("screen", '"[a-z0-9_]+"|“[a-z0-9_]+”|「[a-z0-9_]+」|[a-z][a-z0-9_]*', _screen, lambda: _screens)
