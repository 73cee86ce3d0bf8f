"""Factory reset: who may, when it is refused, cut while it erases; nothing or all is erased (invariants 17 and 18)."""

from __future__ import annotations

from decimal import Decimal

from posrig.fuzzing.models.terminal_r.trials.trial import Circumstances, Trial, holds
from posrig.terminal.judging import expect_screen
from posrig.terminal.models.terminal_r import resetting
from posrig.terminal.models.terminal_r.guessing import PUBLISHED
from posrig.terminal.models.terminal_r.selling import sale_is_accepted
from posrig.terminal.models.terminal_r.signing_on import rest_from_notice, sign_on, try_wrong_passwords
from posrig.terminal.models.terminal_r.starting import cut_power, ready, signed_off, switch_on
from posrig.terminal.terminal import Terminal
from posrig.terminal.typed import charge_guess, wrong_password

REFUSALS = ("reset_no", "reset_no_host", "reset_no_wait")
HOME = {"nothing": "signed_off", "an open batch": "signed_off", "a host lock": "host_lock", "a lock-out": "locked_out"}
"""What the terminal shows after a start, by what stands against a reset."""


def _possible(chosen: Circumstances) -> bool:
    if chosen["against it"] != "nothing" or chosen["held"] != "6 s":
        return chosen["code"] == "right" and chosen["cut after"] == "no"
    return chosen["code"] == "right" or chosen["cut after"] == "no"


def _do(terminal: Terminal, chosen: Circumstances) -> None:
    _bring(terminal, chosen["against it"])
    terminal.power.off()
    key = terminal.profile.data.reset_key
    resetting.power_on_with_key(terminal, key, float(chosen["held"].removesuffix(" s")))
    asked = terminal.screen.settled().screen == "reset_ask"
    may = chosen["against it"] == "nothing" and chosen["held"] == "6 s"
    holds(
        asked == may, "reset", "the code is asked for only where a reset may be made",
        f"{'asked' if asked else 'not asked'} with {chosen['against it']} against it, held {chosen['held']}",
    )  # fmt: skip
    erases = _answer(terminal, chosen) if asked else False
    if not erases:
        shown = terminal.screen.history()
        holds(not any(frame.screen == resetting.ERASING for frame in shown), "reset",
              "nothing is erased without the administrator's code", "it erases")  # fmt: skip
        _is_unharmed(terminal, chosen["against it"])
        return
    if chosen["cut after"] != "no":
        resetting.cut_while_erasing(terminal, float(chosen["cut after"].removesuffix(" s")))
        switch_on(terminal)
    _is_erased(terminal)


def _bring(terminal: Terminal, against: str) -> None:
    if against == "an open batch":
        ready(terminal, "01")
        sale_is_accepted(terminal, Decimal("12.00"))
        return
    signed_off(terminal)
    if against == "a host lock":
        terminal.do("host.lock", cause="C04")
        expect_screen(terminal, ("host_lock",), within_s=5.0)
    elif against == "a lock-out":
        try_wrong_passwords(terminal, "03", terminal.profile.policy.wrong_passwords)


def _answer(terminal: Terminal, chosen: Circumstances) -> bool:
    """At the question; whether it is the right answer."""
    code = chosen["code"]
    if code == "right":
        resetting.confirm_reset(terminal)
        return True
    if code == "none":
        terminal.keypad.press_all(("ENTER", "ENTER"))
    elif code == "wrong":
        resetting.confirm_reset(terminal, wrong_password(terminal, resetting.ADMIN))
    else:
        charge_guess(terminal, resetting.ADMIN)
        resetting.confirm_reset(terminal, PUBLISHED[8][0])
    terminal.clock.sleep(4.0)
    return False


def _is_unharmed(terminal: Terminal, against: str) -> None:
    cut_power(terminal)
    expect_screen(terminal, (HOME[against],), within_s=5.0, expected="what a refused reset must leave")
    if HOME[against] == "signed_off":
        sign_on(terminal, "01")


def _is_erased(terminal: Terminal) -> None:
    resetting.set_new_admin_password(terminal)
    rest_from_notice(terminal)
    resetting.old_password_is_refused(terminal, "01")
    rows = terminal.journal()
    holds(not rows, "reset", "a reset empties the journal", f"{len(rows)} rows")
    resetting.first_sign_on_of_admin(terminal)  # only with a new key of the time code


RESET = Trial(
    "reset",
    "factory reset: who may, when refused, cut while it erases",
    ("reset",),
    {
        "against it": tuple(HOME),
        "held": ("6 s", "3 s"),
        "code": ("right", "none", "wrong", "published default"),
        "cut after": ("no", "1 s", "4 s", "7 s"),
    },
    _do,
    presses=40,
    guesses=1,
    cycles=4,
    weight=2,
    possible=_possible,
)
