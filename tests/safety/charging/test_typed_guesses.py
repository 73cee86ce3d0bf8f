"""Codes and passwords typed by raw keys are charged before the press that submits them, at every prompt of terminal R.

Each row leads a simulated terminal to a prompt, over the real wires; digits and ENTER are then pressed one by one. With
nothing left of the budget the ENTER is refused and the terminal's own counters stay; with one left it is counted once,
by ledger and terminal alike; the right secret costs nothing.
"""

from pathlib import Path

import pytest

from posrig.description.rig_file import Limits
from posrig.ground.faults import SafetyAbort
from posrig.language.sentences import keys as key_steps
from posrig.safety.ledger import Ledger
from posrig.terminal.terminal import Terminal
from tests.safety.charging.prompts import (
    PROMPTS,
    charged,
    charging,
    counters,
    reached,
    refuse,
    right_secret,
    wrong_secret,
)


@pytest.mark.parametrize("name", PROMPTS)
def test_raw_keys_that_guess_are_charged_before_their_enter(terminal: Terminal, name: str, tmp_path: Path) -> None:
    prompt = PROMPTS[name]
    reached(terminal, prompt)
    guess, before = wrong_secret(terminal, prompt), counters(terminal)
    with Ledger(tmp_path / "none", "12345678", "r", Limits(wrong_passwords_per_day=0, wrong_codes_per_day=0)) as none:
        charging(terminal, none)
        with pytest.raises(SafetyAbort, match="would be number 1 of at most 0"):
            key_steps.press_keys(" ".join((*guess, "ENTER")), terminal)
        assert terminal.keypad.history_text(1) == "... *", "typed where a secret is asked for"
        assert counters(terminal) == before
        assert charged(none, prompt) == 0
    terminal.keypad.press("CLEAR")
    with Ledger(tmp_path / "one", "12345678", "r", Limits(wrong_passwords_per_day=1, wrong_codes_per_day=1)) as one:
        charging(terminal, one)
        key_steps.press_keys(" ".join((*guess, "ENTER")), terminal)
        terminal.screen.settled()
        failures, records = counters(terminal)
        assert charged(one, prompt) == 1
        assert records == before[1] + 1
        assert sum(failures.values()) == sum(before[0].values()) + (prompt.asked != "unlock code")


@pytest.mark.parametrize("name", PROMPTS)
def test_the_right_secret_by_raw_keys_costs_nothing(terminal: Terminal, name: str) -> None:
    prompt = PROMPTS[name]
    reached(terminal, prompt)
    terminal.screen.settled()
    right, before = right_secret(terminal, prompt), counters(terminal)
    terminal.charged_ahead = 0
    terminal.before_guess = terminal.before_code = refuse
    key_steps.press_keys(" ".join((*right, "ENTER")), terminal)
    shown = terminal.screen.settled().screen
    assert shown not in ("login_bad", "twofa_bad", "unlock_bad", "login_pwd", "approve", "pwd_old")
    assert sum(counters(terminal)[0].values()) <= sum(before[0].values())
