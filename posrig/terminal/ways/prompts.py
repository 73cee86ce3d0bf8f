"""What a screen asks for is answered by what it asks; whatever may be refused is charged to the ledger first."""

from __future__ import annotations

from collections.abc import Callable

from posrig.description.credentials import weakness
from posrig.ground.faults import ConfigurationError
from posrig.ground.secret import Secret, wrong_digits
from posrig.terminal.charging import DATA, charge_flash
from posrig.terminal.contracts import Frame
from posrig.terminal.terminal import Terminal
from posrig.terminal.typed import charge_guess, present_password, time_code, wrong_password

AMOUNT = "100"
"""Digits that are typed where an amount is asked for and nobody says which."""
Typed = Callable[[str], str]
"""Operator -> what is typed as the password."""


def right(terminal: Terminal) -> Typed:
    """Everybody types the own password."""
    return lambda operator: present_password(terminal, operator).reveal()


def wrong(terminal: Terminal) -> Typed:
    """A password of the right length that is not this operator's; charged when it is made."""
    return lambda operator: wrong_password(terminal, operator)


def given(terminal: Terminal, password: str) -> Typed:
    """These digits, which the terminal will refuse: charged when they are typed."""

    def typed(operator: str) -> str:
        charge_guess(terminal, operator)
        return password

    return typed


def holder(terminal: Terminal, screen: str, operator: str) -> str:
    """Whose password a prompt asks for: that of the role it names, else of who acts."""
    role = terminal.profile.screens[screen].of_role
    if not role:
        return operator
    return operator if terminal.profile.role_of(operator) == role else terminal.profile.operator_of(role)


def answer(terminal: Terminal, frame: Frame, operator: str, typed: Typed, again: Secret | None = None) -> Secret | None:
    """Type what the shown prompt asks for, and submit it; the new password, where one was chosen. ``again``: the one
    that was chosen on this way, and is asked for a second time. Raises ConfigurationError for what nobody can answer.
    """
    name = frame.screen or ""
    about, submit = terminal.profile.screens[name], terminal.profile.data.submit
    asked = about.prompt
    if asked == "number":
        _number(terminal, operator)
    elif asked == "password":
        whose = holder(terminal, name, operator)
        if about.writes == DATA:
            charge_flash(terminal, DATA)
        terminal.keypad.type_keys(typed(whose), secret=True)
    elif asked == "time code":
        terminal.keypad.type_keys(time_code(terminal, operator), secret=True)
    elif asked == "new password":
        again = again or _chosen(terminal, operator)
        terminal.keypad.type_keys(again.reveal(), secret=True)
    elif asked == "unlock code":
        code = terminal.unlock_code(frame.fields.get("challenge", ""))
        terminal.keypad.type_keys(code.reveal(), secret=True)
    elif asked == "amount":
        terminal.keypad.type_keys(AMOUNT)
    elif asked != "confirmation":
        raise ConfigurationError(f"the screen {name!r} asks for nothing", where=_where(terminal, name))
    terminal.keypad.press(submit)
    return again


def _number(terminal: Terminal, operator: str) -> None:
    role = terminal.profile.role_of(operator)
    if not terminal.profile.data.roles[role].ids:
        raise ConfigurationError(
            f"a number is asked for, and {role!r} has none",
            where=terminal.profile.source.where(("roles", role)),
            allowed="a role with operator numbers, first in the field by of the way",
        )
    terminal.last_operator = operator
    terminal.keypad.type_keys(operator)


def _chosen(terminal: Terminal, operator: str) -> Secret:
    """A new password of the same length, known from now on."""
    present = present_password(terminal, operator)
    value = ""
    while not value or weakness(value, operator):
        value = wrong_digits(len(present.reveal()), present)
    chosen = terminal.credentials.masks.add(Secret(value, f"password of {operator}"))
    terminal.changed_passwords.setdefault(operator, []).append(chosen)
    return chosen


def _where(terminal: Terminal, screen: str) -> str:
    return terminal.profile.source.where(("screens", screen))
