"""Screens as both the model and the rig write them: names, and those fields that a model can foresee.

An answer is every screen an act passed through, in order, the last one with what is typed or chosen on it:
``login_pwd > login_bad(left=4) > login_id(entry=)``. A flash in between is part of the answer. Times, record numbers,
challenges and the like are left out: oracles of their own look at those.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

Element = tuple[str, Mapping[str, str]]

PASSING: Mapping[str, tuple[str, ...]] = {
    "login_bad": ("left",), "twofa_bad": ("left",), "unlock_bad": ("left",), "lock_other": ("operator",),
}  # fmt: skip
"""Screens that go by themselves, and what counts on them."""
AT_REST: Mapping[str, tuple[str, ...]] = {
    "login_id": ("entry",), "login_pwd": ("entry",), "twofa": ("entry",), "unlock_code": ("entry",),
    "lock": ("operator", "entry"), "idle": ("amount", "operator"), "status": ("now",), "cause": ("cause",),
    "locked_out": ("wait",),
}  # fmt: skip
"""Screens that stay, and what counts on them."""
NOW: Mapping[str, str] = {"ON": "on", "已锁": "on", "OFF": "off", "未锁": "off"}
IMPOSSIBLE = "not possible here"
"""The answer to an act that has no meaning on the present screen (a password where none is asked for)."""
UNKNOWN = "?"


def canonical_fields(screen: str, fields: Mapping[str, str]) -> dict[str, str]:
    """The fields of a frame as the model knows them."""
    wanted = (*PASSING.get(screen, ()), *AT_REST.get(screen, ()))
    return {name: _plain(name, fields.get(name, "")) for name in wanted}


def _plain(name: str, value: str) -> str:
    if name == "entry":
        return value.replace("_", "")
    if name == "wait":
        return "code" if value.startswith("--") else "time"
    return NOW.get(value, value) if name == "now" else value


def rendered(elements: Iterable[Element]) -> str:
    """The answer's text; a screen that changes without becoming another counts once, as it was last."""
    kept: list[Element] = []
    for element in elements:
        if kept and kept[-1][0] == element[0]:
            kept[-1] = element
        else:
            kept.append(element)
    return " > ".join(_text(element, last=number == len(kept) - 1) for number, element in enumerate(kept))


def _text(element: Element, *, last: bool) -> str:
    screen, fields = element
    names: Sequence[str] = PASSING.get(screen, AT_REST.get(screen, ()) if last else ())
    if not names:
        return screen
    return f"{screen}({', '.join(name + '=' + fields.get(name, '') for name in names)})"


def screens_of(answer: str) -> list[str]:
    """The screens of an answer, in order.

    >>> screens_of("login_pwd > login_bad(left=4) > login_id(entry=)")
    ['login_pwd', 'login_bad', 'login_id']
    """
    return [part.split("(")[0] for part in answer.split(" > ")]
