"""What a state is proved by: keys that lead nowhere, not a picture alone. A text can lie."""

from __future__ import annotations

from collections.abc import Iterator

from posrig.ground.faults import ConfigurationError
from posrig.terminal.contracts import Frame
from posrig.terminal.judging import expect, failure
from posrig.terminal.terminal import Terminal
from posrig.terminal.ways.navigator import Navigator

PASSING = ("notice", "refused")
"""What a key on a locked terminal may show for a while."""


def shows(terminal: Terminal, meaning: str, *, within_s: float = 4.0) -> Frame:
    """A screen of this meaning is shown within the time. Raises ProductFailure."""
    wanted = "ready" if meaning == "open" else meaning
    screens = terminal.profile.screens_of((wanted,))
    frame = terminal.screen.settled()
    if frame.screen in screens:
        return frame
    frame = Navigator(terminal).rest()
    if frame.screen in screens:
        return frame
    found = terminal.screen.seen_within(screens, within_s)
    if found is None:
        raise failure(terminal, f"the terminal is {meaning}: screen {' or '.join(screens) or 'unknown'}")
    return found


def shows_now(terminal: Terminal, meaning: str) -> Frame:
    """The same at once: nothing is waited out."""
    frame = terminal.screen.settled()
    if terminal.profile.means(frame.screen) != meaning:
        raise failure(terminal, f"a screen that means {meaning}", frame)
    return frame


def is_locked(terminal: Terminal) -> Frame:
    """The lock is shown, and no key of the profile leads anywhere else than to a notice that comes back to it."""
    shows(terminal, "locked")
    for key in harmless_keys(terminal):
        terminal.keypad.press(key)
        frame = _after(terminal)
        expect(
            terminal.profile.means(frame.screen) == "locked", terminal,
            f"the terminal stays locked whatever is pressed; pressed {key}", frame,
        )  # fmt: skip
        if types_something(key):
            empty_entry(terminal)
    return shows(terminal, "locked")


def harmless_keys(terminal: Terminal) -> Iterator[str]:
    """Every key of the profile, so that none submits what another typed: the submit key first, on an empty entry, and
    no digits where no key empties an entry."""
    about = terminal.profile.data
    first = [key for key in (about.submit,) if key]
    typing = [key for key in about.keys if types_something(key)]
    rest = [key for key in about.keys if key not in first and key not in typing]
    return iter([*first, *rest, *(typing if about.clear or about.cancel else [])])


def types_something(key: str) -> bool:
    """Whether a key writes a character where something may be entered."""
    return key.isdigit() or key == "."


def empty_entry(terminal: Terminal) -> None:
    """By the key that empties an entry, else by the one that leaves it; nothing where the profile has neither."""
    about = terminal.profile.data
    if about.clear or about.cancel:
        terminal.keypad.press(about.clear or about.cancel)


def _after(terminal: Terminal) -> Frame:
    """What a key on the lock led to, once what passes by itself has passed and pages of the lock are left again."""
    navigator = Navigator(terminal)
    frame = navigator.rest()
    screen = terminal.profile.screens.get(frame.screen or "")
    about = terminal.profile.data
    if screen is not None and about.cancel and (screen.prompt or screen.means in PASSING) and screen.means != "locked":
        terminal.keypad.press(about.cancel)  # a prompt on the way to an unlock, or a notice that waits for a key
        frame = navigator.rest()
    return frame


def stays(terminal: Terminal, meaning: str, *, within_s: float = 4.0) -> Frame:
    """A screen of this meaning is shown, and no key leads anywhere else, not even to a prompt."""
    shows(terminal, meaning, within_s=within_s)
    for key in harmless_keys(terminal):
        terminal.keypad.press(key)
        frame = Navigator(terminal).rest()
        expect(
            terminal.profile.means(frame.screen) == meaning, terminal,
            f"the terminal stays {meaning} whatever is pressed; pressed {key}", frame,
        )  # fmt: skip
    return shows(terminal, meaning)


def was_asked(terminal: Terminal, role: str) -> None:
    """A screen of this scenario asked for this role's password: by its name, where the profile's screens name roles."""
    asking = [name for name, screen in terminal.profile.screens.items() if screen.of_role == role]
    if not asking:
        asking = [name for name, screen in terminal.profile.screens.items() if screen.prompt == "password"]
    shown = {frame.screen for frame in terminal.screen.history()}
    expect(not shown.isdisjoint(asking), terminal, f"the password of {role} was asked for: {' or '.join(asking)}")


def is_locked_out(terminal: Terminal) -> Frame:
    """The lock-out is shown, and no key leads to another screen."""
    screens = terminal.profile.screens_of(("locked out",))
    shows(terminal, "locked out", within_s=5.0)
    for key in harmless_keys(terminal):
        terminal.keypad.press(key)
        frame = terminal.screen.settled()
        meaning = terminal.profile.means(frame.screen)
        expect(meaning in ("locked out", *PASSING), terminal, f"the lock-out stays; pressed {key}", frame)
        if meaning != "locked out":
            frame = _after(terminal)
            expect(frame.screen in screens, terminal, f"the lock-out stays; pressed {key}", frame)
    return shows(terminal, "locked out", within_s=5.0)


def is_open(terminal: Terminal, operator: str) -> Frame:
    """Proved by the way that the profile names for it, ``sell`` where there is one. Raises ConfigurationError."""
    name = terminal.profile.data.proofs.get("open", "sell")
    if name not in terminal.profile.data.ways:
        raise ConfigurationError(
            "nothing in the profile proves that this terminal is open",
            where=f"{terminal.profile.source.path}, field proofs.open",
            allowed="the name of a way, or a way sell",
        )
    return Navigator(terminal).go(name, operator)
