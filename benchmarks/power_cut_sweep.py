"""Power cuts at 200 seeded random instants of sale, settlement, lock, reset and update, through the whole rig.

After each the next screen at rest is one of those allowed, the terminal works, and its journal equals the host's.
``python benchmarks/power_cut_sweep.py`` prints ``200 of 200``; tests/e2e/test_power_cut_sweep.py runs a part of it.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal

from posrig.description.lab import SIMULATED
from posrig.description.rig_file import read_rig
from posrig.ground.faults import ProductFailure
from posrig.rig.rig import Rig
from posrig.terminal.judging import expect, expect_screen
from posrig.terminal.models.terminal_r import resetting, selling, starting, updating
from posrig.terminal.models.terminal_r.signing_on import sign_on
from posrig.terminal.preparing import prepare
from posrig.terminal.terminal import Terminal

CUTS = 200
SEED = 20260109
SALE = Decimal("12.00")
SETTLED_WITHIN_S = 45.0
"""Boot, self-test, link, a reversal: longer than any of them together may take."""
IMAGE_BYTES = 400_000


@dataclass(frozen=True, slots=True)
class Work:
    """What is cut: how it is begun, how long it takes (s), which screens may be at rest after the next start.

    ``after``: a screen that was shown at the cut is a promise: from then on only these may follow."""

    begin: Callable[[Terminal], None]
    lasts_s: float
    allowed: tuple[str, ...]
    check: Callable[[Terminal, str | None], None]
    after: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def _sale(terminal: Terminal) -> None:
    starting.ready(terminal, "01")
    selling.type_amount(terminal, SALE)
    terminal.keypad.down("ENTER")


def _settlement(terminal: Terminal) -> None:
    starting.ready(terminal, "01")
    selling.sale_is_accepted(terminal, SALE)
    terminal.keypad.press_all(("MENU", "4"))
    expect_screen(terminal, ("settle",))
    terminal.keypad.down("ENTER")


def _lock(terminal: Terminal) -> None:
    starting.ready(terminal, "01")
    terminal.keypad.press_all(("MENU", "5", "3"))
    terminal.keypad.down("ENTER")


def _reset(terminal: Terminal) -> None:
    resetting.ask_for_reset(terminal)
    terminal.keypad.type_keys(terminal.credentials.password("99").reveal(), secret=True)
    terminal.keypad.down("ENTER")


def _update(terminal: Terminal) -> None:
    starting.ready(terminal, "99")
    updating.offer(terminal, version="2.5.0", size=IMAGE_BYTES)
    expect_screen(terminal, ("upd_offer",), within_s=5.0)
    terminal.keypad.down("ENTER")


def _sold_once_at_most(terminal: Terminal, shown: str | None) -> None:
    selling.nothing_pending(terminal)
    booked = selling.booked(terminal, SALE)
    expect(booked <= 1, terminal, "the sale is booked once at most")
    expect(booked == 1 or shown != "approved", terminal, "a sale that was shown as approved stands")


def _settled_once_or_not_yet(terminal: Terminal, shown: str | None) -> None:
    """The next sale belongs to a batch that both sides know: it is the only one left, or the second."""
    sign_on(terminal, "01")
    selling.sale_is_accepted(terminal)
    selling.journals_agree(terminal)
    expect(selling.booked(terminal, SALE) == 1, terminal, "the sale that was settled stands once")
    open_rows = len(selling.settled(terminal.journal()))
    expect(open_rows == 1 or shown != "settle_done", terminal, "a settlement that was shown as done stays")
    selling.settle_batch(terminal, open_rows)


def _cashier_is_known(terminal: Terminal, _shown: str | None) -> None:
    sign_on(terminal, "01")


def _whole_old_or_new_state(terminal: Terminal, _shown: str | None) -> None:
    """Old: the cashier sells as before. New: the first password of a new terminal is asked for."""
    if terminal.screen.settled().screen == "signed_off":
        sign_on(terminal, "01")
        selling.sale_is_accepted(terminal)
    else:
        resetting.set_new_admin_password(terminal)
        resetting.old_password_is_refused(terminal, "01")


def _old_or_new_version(terminal: Terminal, shown: str | None) -> None:
    version = updating.version_shown(terminal)
    expect(version in ("2.4.1", "2.5.0"), terminal, f"the old or the new version, not {version}")
    expect(version == "2.5.0" or shown not in UPDATED, terminal, "an update that was shown as done stays")


UPDATED = ("upd_done", "boot", "self_test")
WORKS: Mapping[str, Work] = {
    "sale": Work(_sale, 2.5, ("signed_off",), _sold_once_at_most),
    "settlement": Work(_settlement, 2.5, ("signed_off",), _settled_once_or_not_yet),
    "lock": Work(_lock, 0.5, ("signed_off", "lock"), _cashier_is_known, {"lock": ("lock",)}),
    "reset": Work(
        _reset,
        9.5,
        ("signed_off", "reset_done"),
        _whole_old_or_new_state,
        {"resetting": ("reset_done",), "reset_done": ("reset_done",)},
    ),
    "update": Work(_update, 36.0, ("signed_off",), _old_or_new_version),
}


def cut_once(terminal: Terminal, work: Work, after_s: float) -> None:
    """Begin, cut, start again. Raises ProductFailure when what follows is not allowed."""
    prepare(terminal)
    work.begin(terminal)
    terminal.clock.sleep(after_s)
    shown = terminal.screen.frame().screen
    terminal.power.off()
    terminal.keypad.release_all()
    terminal.power.on()
    terminal.clock.sleep(SETTLED_WITHIN_S)
    allowed = work.after.get(shown or "", work.allowed)
    expect_screen(terminal, allowed, expected=f"{' or '.join(allowed)} after a cut at {shown}")
    selling.journals_agree(terminal)
    work.check(terminal, shown)


def sweep(terminal: Terminal, cuts: int = CUTS, seed: int = SEED) -> list[str]:
    """So many cuts, the works in turn, each at a random instant of its length; what was not allowed, in words."""
    source = random.Random(seed)
    names = list(WORKS)
    failures = []
    for number in range(cuts):
        name = names[number % len(names)]
        after_s = source.uniform(0.0, WORKS[name].lasts_s)
        try:
            cut_once(terminal, WORKS[name], after_s)
        except ProductFailure as failure:
            failures.append(f"{name}, cut {after_s:.3f} s after ENTER: {failure}")
    return failures


@contextmanager
def opened(defects: tuple[str, ...] = ()) -> Iterator[Rig]:
    """The simulated rig, closed to its safe state."""
    description = read_rig(SIMULATED)
    assert description.simulated is not None
    seeded = description.simulated.model_copy(update={"defects": defects})
    with Rig.open(description.model_copy(update={"simulated": seeded})) as rig:
        yield rig


def main() -> int:
    began = time.monotonic()
    with opened() as rig:
        failures = sweep(rig.terminal)
    print("\n".join(failures) or "no cut led to a screen that is not allowed")
    print(f"{CUTS - len(failures)} of {CUTS} in {time.monotonic() - began:.0f} s, seed {SEED}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
