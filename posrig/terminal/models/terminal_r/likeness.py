"""Two refusals that must not differ: pictures, beeps and times, so that nobody learns who exists."""

from __future__ import annotations

from dataclasses import dataclass

from posrig.terminal.judging import failure
from posrig.terminal.models.terminal_r.signing_on import enter_operator, enter_password, rest_from_notice
from posrig.terminal.models.terminal_r.watching import shown_while
from posrig.terminal.terminal import Terminal
from posrig.terminal.typed import charge_guess, stand_in

SAME_WITHIN_S = 0.03
"""A relay bounces up to 3 ms and the keypad debounces for 20 ms: less than this says nothing about the firmware."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """What somebody at the terminal sees and hears of one refused sign-on, from the first key on."""

    pictures: tuple[tuple[str, ...], ...]
    beeps: tuple[tuple[str, str], ...]
    answered_after_s: float
    shown_for_s: float


def refused_sign_on(terminal: Terminal, operator: str, password: str) -> Refusal:
    """One sign-on that must be refused, with its refusal waited out."""
    rest_from_notice(terminal)
    charge_guess(terminal, operator)
    mark = terminal.service.mark()

    def act() -> None:
        enter_operator(terminal, operator)
        enter_password(terminal, password)
        rest_from_notice(terminal)

    frames = shown_while(terminal, act)
    lines = terminal.service.since(mark)
    keys = [line.at for line in lines if line.event == "key" and line.fields.get("edge") == "down"]
    pages = [line.at for line in lines if line.event == "screen" and line.at >= keys[-1]]
    # the first picture is that of before; the number typed is the one thing that may differ
    pictures = tuple(_without(operator, frame.lines) for frame in frames[1:])
    beeps = tuple((line.fields["kind"], line.fields["n"]) for line in lines if line.event == "beep")
    return Refusal(pictures, beeps, pages[0] - keys[-1], pages[-1] - pages[0])


def are_alike(terminal: Terminal, first: str, second: str, times: int) -> None:
    """So many refusals of each number; a cashier's length of password, right for neither."""
    for turn in range(1, times + 1):
        one = refused_sign_on(terminal, first, _wrong_for(terminal, first))
        if terminal.screen.settled().screen == "locked_out":
            terminal.keypad.press("CANCEL")
        other = refused_sign_on(terminal, second, _wrong_for(terminal, first))
        if terminal.screen.settled().screen == "locked_out":
            terminal.keypad.press("CANCEL")
        differs = _difference(one, other)
        if differs:
            raise failure(terminal, f"refusal {turn} of {first} is like that of {second}; {differs}")


def _difference(one: Refusal, other: Refusal) -> str:
    if one.pictures != other.pictures:
        return "the pictures differ"
    if one.beeps != other.beeps:
        return f"the beeps differ: {one.beeps} and {other.beeps}"
    if abs(one.answered_after_s - other.answered_after_s) > SAME_WITHIN_S:
        return f"the answer came after {one.answered_after_s:.3f} s and {other.answered_after_s:.3f} s"
    if abs(one.shown_for_s - other.shown_for_s) > SAME_WITHIN_S:
        return f"the refusal stood {one.shown_for_s:.3f} s and {other.shown_for_s:.3f} s"
    return ""


def _without(operator: str, lines: tuple[str, ...]) -> tuple[str, ...]:
    typed = (operator, f"{operator[0]}_")
    return tuple("##" if line.strip() in typed else line for line in lines)


def _wrong_for(terminal: Terminal, known: str) -> str:
    return stand_in(terminal, terminal.credentials.password(known))
