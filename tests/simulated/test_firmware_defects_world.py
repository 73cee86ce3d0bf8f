"""Each seeded defect of update and transactions breaks its rule, and the sound terminal holds it; over the real world."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import firmware_rules_access
import firmware_rules_work
import pytest
from firmware_rules import CHECKS as FIRMWARE_CHECKS
from payment_terminal import PASSWORDS, Terminal

from posrig.simulated.loop.scheduler import Scheduler
from posrig.simulated.terminals.r.defects import registry
from posrig.simulated.terminals.r.firmware.parts import STANDARD
from posrig.simulated.world import World

SIZE = 300_000
RULES = (firmware_rules_access, firmware_rules_work)
"""Importing them fills the checks of the firmware alone."""
CHECKS: dict[str, Callable[[Terminal], bool]] = {}


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    world = World(Scheduler())
    yield world
    world.close()


def check(name: str) -> Callable[[Callable[[Terminal], bool]], Callable[[Terminal], bool]]:
    """Registers a check of the rule that this defect breaks: True while the rule holds."""

    def register(call: Callable[[Terminal], bool]) -> Callable[[Terminal], bool]:
        CHECKS[name] = call
        return call

    return register


def offered(t: Terminal, *faults: str, source: str = "net", version: str = "2.5.0", size: int = SIZE) -> None:
    """A package before a terminal at which 99 is signed on, ENTER pressed."""
    t.start()
    package = t.world.package(version, size=size, faults=faults)
    if source == "stick":
        t.world.stick.write({"update.pkg": package.to_bytes()})
        t.world.stick.plug(True)
    else:
        t.world.offer(package)
    t.wait(1.0)
    t.sign_on("99")
    t.press("ENTER")


def until(t: Terminal, *screens: str, within_s: float = 60.0) -> str:
    for _ in range(int(within_s / 0.1)):
        if t.screen in screens:
            return t.screen
        t.wait(0.1)
    return t.screen


def refused(t: Terminal, screen: str) -> bool:
    return until(t, screen, "upd_done") == screen


@check("upd_no_sig_usb")
def _(t: Terminal) -> bool:
    offered(t, "bad_signature", source="stick")
    return refused(t, "upd_no_sig")


@check("upd_part_signed")
def _(t: Terminal) -> bool:
    offered(t, "extra_bytes")
    return refused(t, "upd_no_sig")


@check("upd_downgrade")
def _(t: Terminal) -> bool:
    offered(t, version="2.3.9")
    return refused(t, "upd_no_old")


@check("upd_wrong_model")
def _(t: Terminal) -> bool:
    offered(t, "wrong_model")
    return refused(t, "upd_no_model")


@check("upd_expired_ok")
def _(t: Terminal) -> bool:
    offered(t, "expired")
    return refused(t, "upd_no_old")


@check("upd_toctou")
def _(t: Terminal) -> bool:
    offered(t, source="stick")
    until(t, "upd_check")
    t.world.stick.write({"update.pkg": t.world.package("2.6.0", size=SIZE).to_bytes()})
    until(t, "upd_done")
    t.wait(20.0)
    return t.fw.slots.version() == "2.5.0"


@check("upd_param_injection")
def _(t: Terminal) -> bool:
    offered(t, "name_injection")
    return refused(t, "upd_no_sig")


@check("upd_power_bricks")
def _(t: Terminal) -> bool:
    offered(t)
    until(t, "upd_write")
    t.wait(5.0)
    t.cycle()
    return t.screen == "signed_off"


@check("upd_resume_restarts")
def _(t: Terminal) -> bool:
    offered(t, size=900_000)
    t.wait(0.5)
    t.world.nic.cable(False)
    t.wait(2.0)
    t.world.nic.cable(True)
    until(t, "upd_done")
    firsts = [first for path, first in t.world.shelf.requests if path == "/image.bin"]
    return len(firsts) == 2 and firsts[1] > 0


@check("upd_with_open_batch")
def _(t: Terminal) -> bool:
    t.ready()
    t.press("12.00 ENTER")
    t.wait(3.0)
    t.cycle()
    t.cut()
    offered(t)
    return t.screen == "upd_no_batch"


@check("upd_no_fallback")
def _(t: Terminal) -> bool:
    offered(t, "not_starting")
    until(t, "upd_done")
    return until(t, "upd_back", within_s=120.0) == "upd_back"


@check("upd_open_to_cashier")
def _(t: Terminal) -> bool:
    t.start()
    t.world.offer(t.world.package("2.5.0", size=SIZE))
    t.wait(1.0)
    t.sign_on("01")
    t.wait(1.0)
    return t.screen == "idle"


@check("upd_endless_data")
def _(t: Terminal) -> bool:
    t.world.shelf.delivery.endless = True
    offered(t)
    until(t, "upd_no_sig", "upd_done")
    return t.fw.update.staged_bytes() <= SIZE + 1


@check("txn_double_after_power")
def _(t: Terminal) -> bool:
    t.ready()
    t.press("12.00 ENTER")
    assert until(t, "approved") == "approved"
    t.cycle()
    t.wait(5.0)
    return len(t.host_journal()) == 1


@check("txn_amount_kept")
def _(t: Terminal) -> bool:
    t.ready()
    t.press("1234 CANCEL 5")
    return t.rows[2] == "0.05"


@check("txn_refund_over")
def _(t: Terminal) -> bool:
    t.ready()
    t.press("5.00 ENTER")
    t.wait(3.0)
    t.press(f"MENU 3 9.00 ENTER {PASSWORDS['00']} ENTER")
    t.wait(1.0)
    return t.screen == "refused"


registry.read_package()


def test_every_seeded_defect_has_a_check_that_it_breaks() -> None:
    """A defect without a check may change nothing at all, and every qualification would count it as missed."""
    assert {found.id for found in registry.REGISTER.all()} == set(CHECKS) | set(FIRMWARE_CHECKS)


@pytest.mark.parametrize("name", sorted(CHECKS))
def test_the_sound_terminal_holds_and_the_defective_one_breaks_it(name: str, world: World, tmp_path: Path) -> None:
    with Terminal(world, tmp_path / "sound", STANDARD) as sound:
        assert CHECKS[name](sound)
    with Terminal(world, tmp_path / "defective", registry.REGISTER.parts([name])) as defective:
        assert not CHECKS[name](defective)


def test_the_endless_file_stops_the_journal(world: World, tmp_path: Path) -> None:
    with Terminal(world, tmp_path, registry.REGISTER.parts(["upd_endless_data"])) as terminal:
        world.shelf.delivery.endless = True
        offered(terminal)
        assert until(terminal, "upd_no_sig") == "upd_no_sig"
        terminal.wait(4.0)
        terminal.sign_off()
        terminal.sign_on("01")
        terminal.wait(1.0)
        terminal.press("5.00 ENTER")
        assert terminal.screen == "refused"
        assert terminal.journal() == []
