"""Ways that somebody leaves in the middle: a prompt that is not answered, a reset or an update that loses its power."""

from __future__ import annotations

from posrig.ground.faults import ConfigurationError
from posrig.ground.secret import wrong_digits
from posrig.terminal.contracts import Frame
from posrig.terminal.judging import expect
from posrig.terminal.terminal import Terminal
from posrig.terminal.typed import charge_guess, present_password
from posrig.terminal.ways.cases import cases
from posrig.terminal.ways.navigator import REFUSALS, Navigator
from posrig.terminal.ways.prompts import holder

STARS = frozenset("*_• ")
"""What may stand where a password is typed."""
MOST_PROMPTS = 4
PASSWORD = "asks password"
NUMBER = "asks number"


def to_prompt(terminal: Terminal, way: str, operator: str, asked: str = PASSWORD) -> Frame:
    """So far on a way that a password (or a number) is asked for, and nothing is typed there yet."""
    return Navigator(terminal, stops=(asked,)).go(way, operator)


def type_half(terminal: Terminal, way: str, operator: str) -> Frame:
    """The password that is asked for on a way, without the key that submits it."""
    frame = to_prompt(terminal, way, operator)
    whose = holder(terminal, frame.screen or "", operator)
    terminal.keypad.type_keys(present_password(terminal, whose).reveal(), secret=True)
    return terminal.screen.settled()


def no_digit_is_shown(terminal: Terminal) -> None:
    """The prompt still stands there, known to the profile, and stars alone are in its field."""
    frame = terminal.screen.settled()
    screen = terminal.profile.screens.get(frame.screen or "")
    expect(screen is not None and screen.prompt == "password", terminal, "a prompt for a password, with stars", frame)
    typed = frame.fields.get("entry", "*")
    expect(STARS.issuperset(typed) and "*" in typed, terminal, "stars in the place of the digits", frame)


def nothing_is_left(terminal: Terminal, way: str, operator: str) -> None:
    """Whoever comes to this prompt anew finds it empty."""
    frame = to_prompt(terminal, way, operator)
    typed = frame.fields.get("entry", "").strip("_ ")
    expect(typed == "", terminal, "an empty field: nothing is left of what somebody typed before", frame)


def give_up(terminal: Terminal) -> Frame:
    """Away from prompts by the key that leaves them; on some terminals its first press only empties the entry, on
    others each prompt is left alone."""
    if not terminal.profile.data.cancel:
        raise ConfigurationError("no key of the profile leaves a page", where=str(terminal.profile.source.path))
    for _ in range(MOST_PROMPTS):
        terminal.keypad.press(terminal.profile.data.cancel)
        screen = terminal.profile.screens.get(terminal.screen.settled().screen or "")
        if screen is None or not screen.prompt or screen.means:
            break
    return Navigator(terminal).rest()


def sign_on_as_nobody(terminal: Terminal, operator: str) -> Frame:
    """A number of the right length that the profile has nobody for, and any digits as its password."""
    known = {one for role in terminal.profile.data.roles.values() for one in role.ids}
    unknown = next(number for number in _numbers(len(operator)) if number not in known)
    to_prompt(terminal, "sign on", operator, NUMBER)
    terminal.keypad.type_keys(unknown)
    terminal.keypad.press(terminal.profile.data.submit)
    frame = terminal.screen.settled()
    screen = terminal.profile.screens.get(frame.screen or "")
    if screen is None or screen.prompt != "password":
        return frame
    password = present_password(terminal, operator)
    charge_guess(terminal, operator)
    terminal.keypad.type_keys(wrong_digits(len(password.reveal()), password), secret=True)
    terminal.keypad.press(terminal.profile.data.submit)
    return terminal.screen.settled()


def _numbers(digits: int) -> list[str]:
    most = 10**digits - 1
    return [f"{most - number:0{digits}d}" for number in range(1, min(most, 200))]


def cut_while(terminal: Terminal, name: str, operator: str, meaning: str) -> Frame:
    """A way until a screen of this meaning is shown; then the power is gone. An update that is refused before: too."""
    frame = Navigator(terminal, ends=("update refused",), stops=(meaning,)).go(name, operator)
    terminal.power.off()
    return frame


def wrong_at_the_lock(terminal: Terminal, operator: str, count: int) -> Frame:
    """So many unlocks with a wrong password, each refusal waited out before the next."""
    use, frame = cases(terminal), terminal.screen.settled()
    for number in range(count):
        if number:
            use.rest()
        frame = use.try_unlock(operator, wrong=True)
    return frame


def is_refused(terminal: Terminal) -> Frame:
    """Refused, or locked out: nothing was opened."""
    frame = terminal.screen.settled()
    expect(terminal.profile.means(frame.screen) in REFUSALS, terminal, "a refusal", frame)
    return frame
