"""What is typed where a secret is asked for: the right one, or a wrong one that is charged to the ledger first."""

from __future__ import annotations

from collections.abc import Iterable

from posrig.ground.secret import Secret, wrong_digits
from posrig.terminal.charging import charge_code, time_code_of
from posrig.terminal.terminal import Terminal

TYPING_S = 4.0
"""A person reads the code and types six digits: a code with less time left is not begun."""


def wrong_password(terminal: Terminal, operator: str) -> str:
    """A password of the right length that is not this operator's, to be typed at once: charged to the ledger here.

    Raises SafetyAbort when the terminal's budget of wrong passwords is used up.
    """
    charge_guess(terminal, operator)
    return stand_in(terminal, present_password(terminal, operator))


def stand_in(terminal: Terminal, password: Secret, *, beginning: Iterable[str] = ()) -> str:
    """What the harness types instead of a password where it must be wrong, or where it would be shown: digits by
    chance that tell nothing of it but its length. ``beginning``: what they may not begin with."""
    typed = wrong_digits(len(password.reveal()), password, beginning=beginning)
    terminal.typed_wrong.append(typed)
    return typed


def charge_guess(terminal: Terminal, operator: str) -> None:
    """Before anything that the terminal will count as a failure of this operator: a real one has a guess budget."""
    if terminal.before_guess is not None:
        terminal.before_guess(operator)
    terminal.guesses += 1
    terminal.charged_ahead += 1


def time_code(terminal: Terminal, operator: str) -> str:
    """The authenticator's code, of a window that was not used and is not about to end.

    A code is accepted at most once and only inside its window (reference terminal, invariant 8; ASVS 6.5.1).
    """
    period = terminal.profile.policy.time_code_s
    now = terminal.clock.now()
    window = int((now + TYPING_S) // period)
    window = max(window, terminal.used_windows.get(operator, -1) + 1)
    if window * period > now:
        terminal.clock.sleep(window * period - now + 0.1)
    terminal.used_windows[operator] = window
    return terminal.credentials.time_code(operator, terminal.clock.now()).reveal()


def typed_password(terminal: Terminal, operator: str, password: str | None) -> str:
    """The operator's own unless another one is given; an empty one is another one."""
    return present_password(terminal, operator).reveal() if password is None else password


def present_password(terminal: Terminal, operator: str) -> Secret:
    """The one chosen last in this scenario, or the rig's own."""
    chosen = terminal.changed_passwords.get(operator)
    return chosen[-1] if chosen else terminal.credentials.password(operator)


def wrong_time_code(terminal: Terminal, operator: str) -> str:
    """Six digits that are not the present code; charged to the ledger as a wrong code of this operator."""
    charge_code(terminal, time_code_of(operator))
    period, now = terminal.profile.policy.time_code_s, terminal.clock.now()
    # not the neighbours' either: a terminal may accept them, and the window may turn while it is typed
    near = [terminal.credentials.time_code(operator, now + place * period) for place in range(-2, 3)]
    return wrong_digits(len(near[0].reveal()), *near)
