"""What must hold whatever is pressed, waited for, cut or moved: random acts against the invariants of terminal R."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest
from firmware_kit import PASSWORDS, Terminal
from hypothesis import given, settings
from hypothesis import strategies as st
from wcwidth import wcswidth

from posrig.simulated.terminals.r.kind import KEYS

LEADS_OUT = ("idle", "menu", "manage", "system", "signed_off", "unlocked")
KEY = st.tuples(st.just("key"), st.sampled_from(KEYS))
WAIT = st.tuples(st.just("wait"), st.sampled_from([0.5, 3.5, 11.0, 61.0, 301.0, 1900.0, 86_400.0]))
CUT = st.tuples(st.just("cut"), st.sampled_from([0.1, 5.0, 4000.0]))
CLOCK = st.tuples(st.just("clock"), st.integers(-500, 500))
TOGETHER = st.tuples(st.just("together"), st.lists(st.sampled_from(KEYS), min_size=2, max_size=4, unique=True))
WRONG = st.tuples(st.just("wrong"), st.sampled_from(["01", "02", "00", "42"]))
RIGHT = st.tuples(st.just("right"), st.sampled_from(["01", "02", "00", "99"]))
MENU = st.tuples(st.just("menu"), st.sampled_from(["1", "2", "3", "4", "51", "52", "53", "54", "55"]))
HOST = st.tuples(st.just("host"), st.booleans())


def act(t: Terminal, what: str, how: object) -> None:
    if what == "key":
        t.press(str(how))
    elif what == "wait":
        t.wait(float(str(how)))
    elif what == "cut":
        t.power_cycle(float(str(how)))
    elif what == "clock":
        t.rtc.set(t.rtc.read() + timedelta(days=int(str(how))))
    elif what == "together" and isinstance(how, list):
        for closed in (True, False):
            for key in how:
                t.contact(key, closed)
            t.wait(2.1 if closed else 0.1)
    elif what == "wrong":
        t.keys(str(how), "ENTER", "91", "ENTER")
    elif what == "right":
        t.sign_on(str(how))
    elif what == "menu":
        t.keys("MENU", str(how))
    elif t.fw is not None and t.fw.keypad.listening:
        (t.fw.lock_states.set_host_lock("4821") if how else t.fw.lock_states.clear_host_lock())


@given(acts=st.lists(st.one_of(KEY, KEY, WAIT, CUT, CLOCK, TOGETHER, WRONG), max_size=25))
@settings(max_examples=60, deadline=None)
def test_no_act_without_a_password_leads_out_of_the_lock(
    tmp_path_factory: pytest.TempPathFactory, acts: list[tuple[str, object]]
) -> None:
    terminal = Terminal(tmp_path_factory.mktemp("flash"))
    terminal.sign_on("01")
    terminal.keys("MENU", "53", "ENTER")
    for what, how in acts:
        act(terminal, what, how)
        assert terminal.fw is not None
        assert terminal.fw.lock.locked()
        assert terminal.screen not in LEADS_OUT
        assert terminal.fw.sign_on.operator is None


@given(acts=st.lists(st.one_of(KEY, KEY, WAIT, CUT, TOGETHER, WRONG, RIGHT, RIGHT, MENU, MENU, HOST), max_size=30))
@settings(max_examples=60, deadline=None)
def test_invariants_hold_after_every_act(
    tmp_path_factory: pytest.TempPathFactory, acts: list[tuple[str, object]]
) -> None:
    terminal = Terminal(tmp_path_factory.mktemp("flash"))
    for what, how in acts:
        act(terminal, what, how)
        fw = terminal.fw
        assert fw is not None
        assert len(terminal.lines) == 4
        assert all(wcswidth(row) <= 16 for row in terminal.lines)
        if terminal.screen == "idle":
            assert fw.sign_on.operator is not None
            assert not fw.lock_states.locked()
        if fw.lock_states.host_locked() and fw.keypad.listening:
            assert terminal.screen not in LEADS_OUT
        numbers = [record.number for record in fw.log.records()]
        assert all(later > earlier for earlier, later in pairwise(numbers))
    said = repr(terminal.events) + repr(terminal.frames)
    assert not any(PASSWORDS[operator] in said for operator in ("00", "99"))
