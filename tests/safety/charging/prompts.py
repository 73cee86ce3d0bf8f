"""Every prompt of terminal R that asks for a secret: how it is reached, what is right there, what the terminal counts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from posrig.ground.faults import SafetyAbort
from posrig.rig.rig import Rig
from posrig.safety.ledger import Kind, Ledger
from posrig.terminal import typed
from posrig.terminal.judging import expect_screen
from posrig.terminal.models.terminal_r import locking, resetting, selling, signing_on, states
from posrig.terminal.models.terminal_r.starting import ready, signed_off
from posrig.terminal.preparing import prepare
from posrig.terminal.terminal import Terminal


def fresh(rig: Rig) -> None:
    rig.terminal.before_guess = rig.terminal.before_code = rig.terminal.before_flash = None
    prepare(rig.terminal)
    rig.begin_scenario()


@dataclass(frozen=True)
class Prompt:
    """``lead``: from power-off to the place where ``keys`` are pressed; the secret and ENTER follow them at once."""

    lead: Callable[[Terminal], object]
    keys: str
    asked: str
    whose: str = ""


def locked(terminal: Terminal) -> None:
    ready(terminal, "01")
    locking.lock(terminal)


def host_locked(terminal: Terminal) -> None:
    signed_off(terminal)
    states.host_lock(terminal)


def locked_out(terminal: Terminal) -> None:
    signed_off(terminal)
    states.lock_out(terminal, "03")


def sold(terminal: Terminal) -> None:
    ready(terminal, "01")
    selling.sale_is_accepted(terminal, Decimal("12.00"))


def at_second_step(terminal: Terminal) -> None:
    signed_off(terminal)
    signing_on.password_step(terminal, "00")


def at_second_step_of_unlock(terminal: Terminal) -> None:
    locked(terminal)
    signing_on.password_step(terminal, "00")


def in_lock_module(terminal: Terminal) -> None:
    locked(terminal)
    signing_on.sign_on(terminal, "99")


PROMPTS = {
    "sign-on of a cashier": Prompt(signed_off, "0 1 ENTER", "password", "01"),
    "sign-on of the manager": Prompt(signed_off, "ENTER 0 0 ENTER", "password", "00"),
    "sign-on of the admin": Prompt(signed_off, "9 9 ENTER", "password", "99"),
    "unlock by the owner": Prompt(locked, "0 1 ENTER", "password", "01"),
    "unlock by the manager": Prompt(locked, "0 0 ENTER", "password", "00"),
    "the admin at a host lock": Prompt(host_locked, "9 9 ENTER", "password", "99"),
    "a lock-out is lifted": Prompt(locked_out, "F1 0 0 ENTER", "password", "00"),
    "approval of a refund": Prompt(lambda t: ready(t, "01"), "MENU 3 1 0 0 ENTER", "password", "00"),
    "approval of a void": Prompt(sold, "MENU 2 1 ENTER", "password", "00"),
    "own password of a cashier": Prompt(lambda t: ready(t, "01"), "MENU 5 2", "password", "01"),
    "own password of the manager": Prompt(lambda t: ready(t, "00"), "MENU 5 2 5", "password", "00"),
    "own password of the admin": Prompt(lambda t: ready(t, "99"), "MENU 5 2 5", "password", "99"),
    "factory reset": Prompt(resetting.ask_for_reset, "", "password", "99"),
    "second step of a sign-on": Prompt(at_second_step, "", "time code", "00"),
    "second step of an unlock": Prompt(at_second_step_of_unlock, "", "time code", "00"),
    "unlock code": Prompt(in_lock_module, "3", "unlock code"),
}


def right_secret(terminal: Terminal, prompt: Prompt) -> str:
    if prompt.asked == "password":
        return typed.present_password(terminal, prompt.whose).reveal()
    if prompt.asked == "time code":
        return typed.time_code(terminal, prompt.whose)
    return terminal.unlock_code(expect_screen(terminal, ("unlock_code",)).fields["challenge"]).reveal()


def wrong_secret(terminal: Terminal, prompt: Prompt) -> str:
    if prompt.asked == "unlock code":
        return "40302010"
    return "".join(str((int(digit) + 3) % 10) for digit in right_secret(terminal, prompt))


def counters(terminal: Terminal) -> tuple[Any, Any]:
    """What the terminal itself has counted: failures of each operator, and the records of its log."""
    kept = terminal.do("terminal.storage")
    return {who: row["count"] for who, row in kept["failures"].items()}, kept["log_records"]


def reached(terminal: Terminal, prompt: Prompt) -> None:
    prompt.lead(terminal)
    terminal.keypad.press_all(prompt.keys.split()[:-1] if prompt.keys.endswith("ENTER") else prompt.keys.split())
    if prompt.keys.endswith("ENTER"):
        terminal.keypad.press("ENTER")


def charging(terminal: Terminal, ledger: Ledger) -> None:
    terminal.charged_ahead = 0
    terminal.before_guess = lambda operator: ledger.charge(Kind.WRONG_PASSWORD, operator)
    terminal.before_code = lambda what: ledger.charge(Kind.WRONG_CODE, what)


def charged(ledger: Ledger, prompt: Prompt) -> int:
    if prompt.asked == "password":
        return ledger.count(Kind.WRONG_PASSWORD, prompt.whose)
    return ledger.count(Kind.WRONG_CODE, f"time code {prompt.whose}" if prompt.asked == "time code" else prompt.asked)


def refuse(what: str) -> None:
    raise SafetyAbort(f"charged: {what}")
