"""Each seeded defect of counter and esign breaks its rule, and the sound terminal holds it: one rule, run on both."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from small_terminals import CounterHands, EsignHands

from posrig.simulated.terminals import catalogue
from posrig.simulated.world.world import World

COUNTER: dict[str, Callable[[CounterHands], bool]] = {}
ESIGN: dict[str, Callable[[EsignHands], bool]] = {}


def counter(holds: Callable[[CounterHands], bool]) -> None:
    COUNTER[holds.__name__] = holds


def esign(holds: Callable[[EsignHands], bool]) -> None:
    ESIGN[holds.__name__] = holds


@counter
def c_lock_in_ram(t: CounterHands) -> bool:
    t.sign_on()
    t.turn()
    t.cycle()
    return t.screen == "key_lock"


@counter
def c_star_leaves_lock(t: CounterHands) -> bool:
    t.sign_on()
    t.turn()
    t.keys(*["STAR"] * 8)
    return t.screen == "key_lock"


@counter
def c_any_staff_unlocks(t: CounterHands) -> bool:
    t.sign_on()
    t.turn()
    t.unlock("100002")
    t.wait(5.0)
    return t.screen == "key_lock"


@counter
def c_host_lock_lifted_here(t: CounterHands) -> bool:
    t.sign_on()
    t.host("lock")
    t.turn()
    t.unlock("900001")
    return t.screen == "host_lock"


@counter
def c_free_guesses_at_lock(t: CounterHands) -> bool:
    t.sign_on()
    t.turn()
    for _ in range(4):
        t.wrong()
    return t.screen == "stopped"


@counter
def c_count_in_ram(t: CounterHands) -> bool:
    t.sign_on()
    t.turn()
    for _ in range(3):
        t.wrong()
    t.cycle()
    t.wrong()
    return t.screen == "stopped"


@counter
def c_refused_stick_unlocks(t: CounterHands) -> bool:
    t.sign_on()
    t.turn()
    t.stick("2.5.0", "unsigned")
    t.wait(6.0)
    return t.screen == "key_lock"


@counter
def c_update_unsigned(t: CounterHands) -> bool:
    t.sign_on()
    t.update("2.5.0", "unsigned")
    return t.storage()["version"] == "2.4.1"


@counter
def c_reset_keeps_staff(t: CounterHands) -> bool:
    t.sign_on()
    t.reset()
    t.cycle()
    t.sign_on("100001")
    return t.screen == "refused"


@counter
def c_stale_rows(t: CounterHands) -> bool:
    t.sign_on()
    t.turn()
    t.who("100001", "000000")
    return t.screen == "refused" and t.heard.rows[3:] == [""] * 5


@esign
def e_lock_written_late(t: EsignHands) -> bool:
    t.sign_on()
    t.lock()
    t.wait(1.0)
    t.cycle()
    return t.screen == "lock"


@esign
def e_feed_leaves_lock(t: EsignHands) -> bool:
    t.sign_on()
    t.lock()
    t.keys("FEED")
    return t.screen == "lock"


@esign
def e_buttons_under_lock(t: EsignHands) -> bool:
    """Locked from the menu; a pad lies over where its button 查询 was."""
    t.sign_on()
    t.touch(40, 150)
    assert t.screen == "menu"
    t.touch(40, 200)
    assert t.screen == "lock"
    t.keys("6")
    return t.screen == "lock"


@esign
def e_unlock_changes_session(t: EsignHands) -> bool:
    t.sign_on("01")
    t.lock()
    t.supervisor()
    t.wait(1.2)
    return t.screen == "ready" and "操作员 01" in t.text()


@esign
def e_host_lock_lifted_here(t: EsignHands) -> bool:
    t.sign_on()
    t.host("lock")
    t.keys("OK", t.passwords["00"], "OK")
    return t.screen == "host_lock"


@esign
def e_free_guesses_at_lock(t: EsignHands) -> bool:
    t.sign_on()
    t.lock()
    for _ in range(5):
        t.supervisor("111111")
        t.wait(2.2)
    return t.screen == "stopped"


@esign
def e_update_older(t: EsignHands) -> bool:
    t.sign_on()
    t.update("2.3.0")
    return t.storage()["version"] == "2.4.1"


@esign
def e_reset_unasked(t: EsignHands) -> bool:
    t.hold_at_power_on(5.5, "CANCEL", "FUNC")
    t.keys("OK")
    return t.screen == "reset_pwd"


@esign
def e_reset_keeps_password(t: EsignHands) -> bool:
    t.reset()
    t.keys("OK", "01", "OK", "0000", "OK", "3691", "OK", "3691", "OK")
    t.wait(2.2)
    t.lock()
    t.supervisor(t.passwords["00"])
    return t.screen == "refused"


@esign
def e_password_shown(t: EsignHands) -> bool:
    t.keys("OK", "01", "OK", "25")
    return t.screen == "login_pwd" and "密码:**" in t.text()


@pytest.mark.parametrize("name", sorted(COUNTER))
def test_counter(name: str, world: World, tmp_path: Path) -> None:
    with CounterHands(world, tmp_path / "sound") as sound:
        assert COUNTER[name](sound)
    with CounterHands(world, tmp_path / "defective", name) as defective:
        assert not COUNTER[name](defective)


@pytest.mark.parametrize("name", sorted(ESIGN))
def test_esign(name: str, world: World, tmp_path: Path) -> None:
    with EsignHands(world, tmp_path / "sound") as sound:
        assert ESIGN[name](sound)
    with EsignHands(world, tmp_path / "defective", name) as defective:
        assert not ESIGN[name](defective)


@pytest.mark.parametrize(("terminal", "checks"), [("counter", COUNTER), ("esign", ESIGN)])
def test_every_defect_has_its_check_and_says_what_it_breaks(terminal: str, checks: dict[str, object]) -> None:
    seeded = {row["id"]: row for row in catalogue.model_of(terminal).seeded()}
    assert set(seeded) == set(checks)
    assert len(seeded) == 10
    page = (Path(__file__).parents[2] / "docs" / "terminals.md").read_text("utf-8")
    for row in seeded.values():
        assert row["title"]
        assert row["severity"] in ("critical", "major", "minor")
        assert row["rules"]
        assert all(f"| {rule} |" in page for rule in row["rules"]), row["id"]


@pytest.mark.parametrize("name", sorted(COUNTER))
def test_a_defective_counter_still_works(name: str, world: World, tmp_path: Path) -> None:
    with CounterHands(world, tmp_path, name) as t:
        t.sign_on()
        assert t.screen == "ready"
        t.turn()
        assert t.screen == "key_lock"


@pytest.mark.parametrize("name", sorted(ESIGN))
def test_a_defective_esign_still_works(name: str, world: World, tmp_path: Path) -> None:
    with EsignHands(world, tmp_path, name) as t:
        t.sign_on()
        assert t.screen == "ready"
        t.lock()
        assert t.screen == "lock"
