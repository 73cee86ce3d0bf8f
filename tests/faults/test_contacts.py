"""Contacts on an open rig: what is proved with a monitor on the key lines, and what is left open without one."""

from __future__ import annotations

import dataclasses

import pytest

from posrig.ground.faults import RigFault
from posrig.rig.press_counts import check_contacts, press_counts, shown, unproved
from posrig.rig.rig import Rig
from posrig.rig.soundness import doubts
from posrig.terminal import preparing
from posrig.terminal.models.terminal_r import starting

KEYS = ["1", "8", "2", "8", "3", "8", "4", "8", "6"]


@pytest.fixture
def rig(opened: Rig) -> Rig:
    opened.recover()
    preparing.prepare(opened.terminal)
    opened.begin_scenario()
    starting.ready(opened.terminal, "01")
    return opened


def press(rig: Rig, *keys: str) -> None:
    rig.keypad.press_all(keys or KEYS)
    rig.terminal.screen.settled()


def without_monitor(rig: Rig) -> None:
    rig.baseline = dataclasses.replace(rig.baseline, felt={})


@pytest.mark.parametrize(("fault", "did"), [("loses", "lost 2"), ("doubles", "doubled 2"), ("stuck_open", "lost 4")])
def test_a_contact_that_is_worn_is_proved_and_named(rig: Rig, fault: str, did: str) -> None:
    rig.bench.do("relay.fault", key="8", fault=fault, every=2)
    press(rig)
    with pytest.raises(RigFault, match=rf"8 \(1009\) {did} of 4 presses") as told:
        check_contacts(rig)
    assert (told.value.instrument, told.value.keys) == ("switch", ("8",))
    (doubt,) = doubts(rig)
    assert (doubt.instrument, doubt.keys) == ("switch", ("8",))
    assert unproved(rig) == "", "it is proved"


def test_a_contact_that_is_closed_for_good_is_a_rig_fault(rig: Rig) -> None:
    rig.bench.do("relay.fault", key="F2", fault="stuck_closed")
    with pytest.raises(RigFault, match=r"F2 \(1016\) doubled 1 of 0 presses"):
        check_contacts(rig)


def test_a_key_of_a_secret_is_not_named_but_where_it_was_pressed_openly(rig: Rig) -> None:
    secret = rig.credentials.revealed()["passwords"]["01"][-1]
    rig.bench.do("relay.fault", key=secret, fault="loses", every=1)
    rig.keypad.press("CANCEL")
    rig.keypad.press("MENU")
    rig.keypad.type_keys(secret, secret=True)
    rig.keypad.press("CANCEL")
    rig.terminal.screen.settled()
    with pytest.raises(RigFault) as told:
        check_contacts(rig)
    assert "a key that a secret was typed with" in str(told.value)
    assert f"{secret} (" not in str(told.value)
    assert told.value.keys == ("*",)
    assert shown(press_counts(rig))["*"].missed_by_rig == 1


def test_without_a_monitor_nobody_is_accused(rig: Rig) -> None:
    without_monitor(rig)
    rig.bench.do("relay.fault", key="8", fault="loses", every=2)
    press(rig)
    check_contacts(rig)
    assert doubts(rig) == []
    assert unproved(rig) == "8 missed 2 times"
    counts = shown(press_counts(rig))["8"]
    assert (counts.presses, counts.missed, counts.missed_by_rig) == (4, 2, 0)


def test_without_a_monitor_a_frozen_terminal_stays_accused(rig: Rig) -> None:
    without_monitor(rig)
    press(rig)
    rig.bench.do("relay.fault", key="8", fault="loses", every=1)
    press(rig, "8", "8", "8")
    assert unproved(rig) == "", "nothing was given back after them: no single contact's doing"


def test_quick_and_short_presses_are_not_called_lost(rig: Rig) -> None:
    for hold_s, gap_s in ((0.001, 0.05), (0.005, 0.005), (0.04, 0.002), (0.012, 0.012), (0.03, 0.03)):
        for _ in range(20):
            rig.keypad.press("8", hold_s, gap_s)
        rig.keypad.press("CLEAR")
    rig.terminal.screen.settled()
    check_contacts(rig)
    assert all(count.missed == count.doubled == 0 for count in press_counts(rig).values())
