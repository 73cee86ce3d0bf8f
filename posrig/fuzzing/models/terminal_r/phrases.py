"""Acts as sentences: the highest-level steps that fit, in English and Chinese, by the state in which each is done.

Each rule takes the acts from one place on and the states of the model there; the first that fits wins.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from posrig.fuzzing.models.terminal_r.acts import (
    CODE,
    CUT,
    DAY,
    DEFAULT,
    FROM_MENU,
    HALF_HOUR,
    HOST_LOCK,
    HOST_UNLOCK,
    LOCK,
    NET_BACK,
    NET_CUT,
    NOISE,
    RESTART,
    RIGHT,
    SALE,
    SHORT,
    SIGN_OFF,
    UNLOCK,
    USED_CODE,
    WRONG,
    WRONG_CODE,
    WRONG_UNLOCK,
    Act,
)
from posrig.fuzzing.models.terminal_r.state import State


@dataclass(frozen=True, slots=True)
class Phrase:
    """One step, without its keyword, and how many acts it stands for."""

    en: str
    zh: str
    acts: int = 1


_ROLES = {"01": ("the cashier", "收银员"), "00": ("the manager", "主管"), "99": ("the admin", "系统管理员")}
_KEYS_ZH = {
    "ENTER": "确认键", "CANCEL": "取消键", "CLEAR": "清除键", "MENU": "菜单键", "UP": "上键", "DOWN": "下键",
    ".": "小数点键",
}  # fmt: skip
_SINGLE = {
    CUT: Phrase("the power is cut and comes back", "断电后重新上电"),
    RESTART: Phrase("the terminal is restarted by the keys", "用组合键重启终端"),
    NET_CUT: Phrase("the network is cut", "网络断开"),
    NET_BACK: Phrase("the network is back", "网络恢复"),
    HOST_LOCK: Phrase("the host locks the terminal", "后台锁定终端"),
    HOST_UNLOCK: Phrase("the host unlocks the terminal", "后台解锁终端"),
    HALF_HOUR: Phrase("31 min pass", "过了31分钟"),
    DAY: Phrase("1441 min pass", "过了1441分钟"),
    NOISE: Phrase("for 301 s the host sends a message every 20 s", "301秒内后台每隔20秒发一条消息"),
    SALE: Phrase("a sale of 1.00 is made", "消费1.00元"),
    UNLOCK: Phrase("the admin enters the unlock code from the help desk", "系统管理员输入客服提供的解锁码"),
    WRONG_UNLOCK: Phrase("the admin enters a wrong unlock code", "系统管理员输错解锁码"),
}
_BY_WHO = {
    CODE: ("{} types the present time code", "{}输入当前动态码"),
    WRONG_CODE: ("{} types a wrong time code", "{}输错动态码"),
    USED_CODE: ("{} types the time code that was used before", "{}再次输入用过的动态码"),
}


def role(operator: str) -> tuple[str, str]:
    """How an operator is called, in English and Chinese."""
    return _ROLES.get(operator, (f"operator {operator}", f"{operator}号"))


def key_zh(key: str) -> str:
    """A key's name in a Chinese sentence."""
    return _KEYS_ZH.get(key, key)


def _by(operator: str, en: str, zh: str, acts: int) -> Phrase:
    name_en, name_zh = role(operator)
    return Phrase(en.format(name_en), zh.format(name_zh), acts)


def phrase(acts: Sequence[Act], states: Sequence[State]) -> Phrase | None:
    """The sentence for the first acts; ``states[i]`` is the model's before ``acts[i]``, one more at the end.

    None: no sentence of the step language says it.
    """
    for rule in _RULES:
        found = rule(acts, states)
        if found is not None:
            return found
    return None


def _names(acts: Sequence[Act], count: int) -> tuple[str, ...]:
    return tuple(act.name for act in acts[:count])


def _sign_on(acts: Sequence[Act], states: Sequence[State]) -> Phrase | None:
    """Number, password and, where the role has one, time code."""
    if acts[0].kind != "operator":
        return None
    operator, page = acts[0].name[9:], states[0].page
    length = 3 if _names(acts[1:], 2) == (RIGHT, CODE) else 2
    if len(acts) < 2 or acts[1].name != RIGHT:
        return None
    after = states[length]
    if page == "lock":
        if after.page in ("idle", "signed_off") and len(acts) > length:
            return _by(operator, "{} unlocks the terminal", "{}解锁终端", length)
        if after.page == "lockmod":
            return _by(operator, "{} signs on at the lock screen", "{}在锁定画面签到", length)
        return (
            _by(operator, "{} tries to unlock the terminal", "{}尝试解锁终端", length)
            if after.page != "twofa"
            else None
        )
    if page in ("signed_off", "login_id") and after.user == operator and states[0].purpose != "lift":
        return _by(operator, "{} signs on", "{}签到", length)
    return None


def _password(acts: Sequence[Act], states: Sequence[State]) -> Phrase | None:
    if acts[0].kind != "operator" or len(acts) < 2:
        return None
    operator, what, locked = acts[0].name[9:], acts[1].name, states[0].page == "lock"
    if what == RIGHT and (not locked or states[2].page == "twofa"):
        return _by(operator, "{} types the right password", "{}输入正确的密码", 2)
    if what == WRONG and locked:
        return _by(operator, "{} tries to unlock with a wrong password", "{}用错误密码尝试解锁", 2)
    if what == WRONG:
        return _repeated(operator, acts)
    if what == SHORT and locked:
        digits = {"00": 5, "99": 7}.get(operator, 3)
        return _by(operator, f"{{}} tries to unlock with the first {digits} digits of the password",
                   f"{{}}只输入密码前{digits}位尝试解锁", 2)  # fmt: skip
    if what == "ENTER" and locked:
        return _by(operator, "{} tries to unlock with an empty password", "{}不输密码直接尝试解锁", 2)
    if what == DEFAULT and operator in (*_ROLES, "02", "03", "04", "05"):
        return _by(operator, "{} signs on with the default password", "{}用初始密码签到", 2)
    return None


def _repeated(operator: str, acts: Sequence[Act]) -> Phrase:
    pair, count = _names(acts, 2), 1
    while _names(acts[2 * count :], 2) == pair:
        count += 1
    if count == 1:
        return _by(operator, "{} types a wrong password", "{}输错密码", 2)
    return _by(operator, f"{{}} types a wrong password {count} times", f"{{}}输错密码{count}次", 2 * count)


def _lock(acts: Sequence[Act], states: Sequence[State]) -> Phrase | None:
    user = states[0].user
    if acts[0].name == LOCK:
        return _by(user, "{} locks the terminal", "{}锁定终端", 1)
    if acts[0].name == SIGN_OFF:
        return _by(user, "{} signs off", "{}签退", 1)
    return None


def _lift(acts: Sequence[Act], states: Sequence[State]) -> Phrase | None:
    if _names(acts, 4) == ("F1", "operator 00", RIGHT, CODE) and states[0].page == "locked_out":
        return Phrase("the manager lifts the lock-out", "主管解除停用", 4)
    return None


def _code(acts: Sequence[Act], states: Sequence[State]) -> Phrase | None:
    words = _BY_WHO.get(acts[0].name)
    return _by(states[0].who, *words, 1) if words else None


def _single(acts: Sequence[Act], _states: Sequence[State]) -> Phrase | None:
    return _SINGLE.get(acts[0].name)


def _wait(acts: Sequence[Act], states: Sequence[State]) -> Phrase | None:
    if acts[0].kind != "wait":
        return None
    seconds = acts[0].seconds - states[0].quiet
    return Phrase(f"nobody touches the terminal for {seconds:g} s", f"{seconds:g}秒内无人操作终端")


def _keys(acts: Sequence[Act], states: Sequence[State]) -> Phrase | None:
    act = acts[0]
    if act.kind == "chord":
        first, second, _ = act.keys
        return Phrase(
            f"{first} and {second} are held together for 500 ms", f"同时按住{key_zh(first)}和{key_zh(second)}500毫秒"
        )
    if act.kind == "hold":
        return Phrase(f"{act.keys[0]} is held for {act.seconds:g} s", f"按住{key_zh(act.keys[0])}{act.seconds:g}秒")
    pressed, count = list[str](), 0
    for one in acts:
        if (
            one.kind not in ("keys", "operator")
            or one.name == SALE
            or (count and _opens_sentence(acts[count:], states[count:]))
        ):
            break
        pressed += one.keys
        count += 1
    if not count:
        return None
    if len(pressed) == 1:
        return Phrase(f"{pressed[0]} is pressed", f"按{key_zh(pressed[0])}", count)
    keys = " ".join(pressed)
    return Phrase(f'the keys "{keys}" are pressed one after another', f"依次按键“{keys}”", count)


def _opens_sentence(acts: Sequence[Act], states: Sequence[State]) -> bool:
    return acts[0].name in FROM_MENU or any(rule(acts, states) is not None for rule in _RULES[:-1])


_RULES: tuple[Callable[[Sequence[Act], Sequence[State]], Phrase | None], ...] = (
    _sign_on, _password, _lift, _lock, _code, _single, _wait, _keys,
)  # fmt: skip
