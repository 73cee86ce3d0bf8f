"""Operators and their passwords: what may be chosen, who may be deleted, a first password that must be changed."""

from __future__ import annotations

from posrig.fuzzing.models.terminal_r.trials.trial import Circumstances, Trial, holds
from posrig.ground.faults import ConfigurationError
from posrig.terminal.models.terminal_r.guessing import password_digits
from posrig.terminal.models.terminal_r.inner_prompts import PROMPTS, counts_down, prompt_named
from posrig.terminal.models.terminal_r.menus import delete_operator
from posrig.terminal.models.terminal_r.passwords import default_of, factors_with, is_refused_as_new, with_default
from posrig.terminal.models.terminal_r.selling import sale_is_accepted
from posrig.terminal.models.terminal_r.signing_on import rest_from_notice
from posrig.terminal.models.terminal_r.starting import cut_power, ready, signed_off
from posrig.terminal.terminal import Terminal
from posrig.terminal.typed import present_password

OWN = "the present one"
WEAK = {"equal digits": "77777777", "rising digits": "23456789", "falling digits": "98765432", OWN: ""}
LEAVES = {"CANCEL": ("CANCEL",), "CLEAR CANCEL": ("CLEAR", "CANCEL"), "power cut": ()}


def _weak(terminal: Terminal, chosen: Circumstances) -> None:
    operator = chosen["of"]
    ready(terminal, operator)
    new = WEAK[chosen["password"]][: password_digits(terminal, operator)]
    is_refused_as_new(terminal, operator, new or present_password(terminal, operator).reveal())


def _delete(terminal: Terminal, chosen: Circumstances) -> None:
    ready(terminal, chosen["by"])
    frame = delete_operator(terminal, chosen["whom"])
    holds(frame.screen != "done", "operators", "neither the administrator nor who is signed on can be deleted",
          f"operator {chosen['whom']} deleted by {chosen['by']}")  # fmt: skip


def _forced(terminal: Terminal, chosen: Circumstances) -> None:
    operator = chosen["of"]
    with_default(terminal, operator)
    signed_off(terminal)
    frame = factors_with(terminal, operator, default_of(terminal, operator))
    holds(frame.screen == "force_change", "operators", "a default password must be changed", f"screen {frame.screen}")
    if chosen["left by"] == "power cut":
        cut_power(terminal)
    else:
        terminal.keypad.press_all(LEAVES[chosen["left by"]])
    frame = rest_from_notice(terminal)
    holds(frame.screen in ("login_id", "signed_off"), "operators",
          "nobody is signed on before a default password is changed", f"screen {frame.screen}")  # fmt: skip
    if frame.screen == "login_id":
        terminal.keypad.press_all(("CANCEL", "MENU"))
        shown = rest_from_notice(terminal).screen
        holds(shown == "signed_off", "operators", "no session is left behind", f"screen {shown}")


def _another_day(terminal: Terminal, chosen: Circumstances) -> None:
    """A sign-on holds for its date. No host may correct the clock meanwhile."""
    ready(terminal, "01")
    if terminal.network is None:
        raise ConfigurationError("this rig cannot cut the network", where="rig file, field network")
    terminal.network.disconnect()
    terminal.do("rtc.set", to=terminal.clock.now() + int(chosen["days ahead"]) * 86_400)
    terminal.keypad.press_all(("1", "0", "0", "ENTER"))
    frame = terminal.screen.settled()
    holds(frame.screen in ("new_day", "signed_off"), "operators", "a sign-on holds for its day",
          f"screen {frame.screen} {chosen['days ahead']} days later")  # fmt: skip


def _guessed_inside(terminal: Terminal, chosen: Circumstances) -> None:
    """Wrong passwords at a prompt inside a function count like those at the sign-on."""
    ready(terminal, "00" if "a manager's" in chosen["at"] else "01")
    if "void" in chosen["at"]:
        sale_is_accepted(terminal)
    counts_down(terminal, chosen["at"], prompt_named(chosen["at"]).operator)


WEAK_PASSWORDS = Trial(
    "weak passwords",
    "new passwords that nobody may choose",
    ("operators",),
    {"password": tuple(WEAK), "of": ("01", "00")},
    _weak,
    presses=35,
    weight=2,
)
DELETIONS = Trial(
    "deletions",
    "operators that nobody may delete",
    ("operators",),
    {"by": ("00", "99"), "whom": ("99", "00")},
    _delete,
    presses=35,
    weight=1,
    possible=lambda chosen: chosen["whom"] == "99" or chosen["by"] == "00",
)
INNER_PROMPTS = Trial(
    "inner prompts",
    "wrong passwords at the prompts inside refund, void and change of password",
    ("operators",),
    {"at": tuple(name for name, prompt in PROMPTS.items() if prompt.screen in ("approve", "pwd_old"))},
    _guessed_inside,
    presses=80,
    guesses=5,
    weight=1,
)
ANOTHER_DAY = Trial(
    "another day",
    "a sale with the sign-on of another day",
    ("operators",),
    {"days ahead": ("1", "31", "365")},
    _another_day,
    presses=12,
    weight=1,
)
FIRST_PASSWORDS = Trial(
    "first passwords",
    "a default password, and leaving the change that it asks for",
    ("operators",),
    {"of": ("01", "00", "99"), "left by": tuple(LEAVES)},
    _forced,
    presses=22,
    weight=2,
)
