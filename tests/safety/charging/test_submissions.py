"""What submits a secret and what does not: every way of pressing, corrections, and what somebody else has typed."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from posrig.description.lab import SIMULATED
from posrig.description.rig_file import Limits, read_rig
from posrig.fuzzing.models.terminal_r.device import TerminalDevice
from posrig.fuzzing.models.terminal_r.lock_model import LockModel
from posrig.fuzzing.models.terminal_r.scopes import chosen
from posrig.ground.faults import SafetyAbort, TransportError
from posrig.ground.secret import Secret
from posrig.language.sentences import keys as key_steps
from posrig.rig.rig import Rig
from posrig.rig.session import rig_session
from posrig.terminal import typed
from posrig.terminal.contracts import Frame
from posrig.terminal.judging import expect_screen
from posrig.terminal.models.terminal_r import fingers, locking, passwords, resetting, servicing, signing_on
from posrig.terminal.models.terminal_r.starting import ready, signed_off
from posrig.terminal.preparing import prepare
from posrig.terminal.terminal import Terminal
from tests.safety.charging.prompts import at_second_step, counters, fresh, in_lock_module, locked, refuse

NEW: dict[str, Callable[[Terminal], object]] = {
    "force_change": lambda t: (passwords.with_default(t, "01"), signed_off(t), default_of_cashier(t)),
    "pwd_new": lambda t: (ready(t, "01"), passwords.open_own_change(t, "01"), own_password(t, "01")),
    "op_first": lambda t: (ready(t, "00"), t.keypad.press_all(("MENU", "5", "2", "4", "0", "2", "ENTER"))),
    "reset_done": lambda t: resetting.factory_reset(t),
}


def default_of_cashier(terminal: Terminal) -> None:
    signing_on.password_step(terminal, "01", password=passwords.default_of(terminal, "01"))


def own_password(terminal: Terminal, operator: str) -> None:
    signing_on.enter_password(terminal, typed.present_password(terminal, operator).reveal())


@pytest.mark.parametrize("screen", NEW)
def test_a_new_password_is_no_guess(terminal: Terminal, screen: str) -> None:
    NEW[screen](terminal)
    expect_screen(terminal, (screen,), within_s=15.0)
    terminal.charged_ahead, before = 0, counters(terminal)[0]
    terminal.before_guess = terminal.before_code = refuse
    key_steps.press_keys("1 1 1 1 ENTER", terminal)
    assert counters(terminal)[0] == before


def at_password_of_cashier(terminal: Terminal) -> str:
    signed_off(terminal)
    signing_on.enter_operator(terminal, "01")
    terminal.before_guess = terminal.before_code = refuse
    return typed.present_password(terminal, "01").reveal()


WAYS: dict[str, Callable[[Terminal], None]] = {
    "a chord with a digit": lambda t: t.keypad.chord(("7", "ENTER")),
    "a held ENTER": lambda t: (t.keypad.type_keys("7391"), t.keypad.hold("ENTER", 1.0))[-1],
    "ENTER put down": lambda t: (t.keypad.type_keys("7391"), t.keypad.down("ENTER"))[-1],
    "single presses": lambda t: (key_steps.type_digits("7391", t), key_steps.press("ENTER", t))[-1],
    "in rhythm": lambda t: [t.keypad.press(key, 0.05, 0.04) for key in (*"7391", "ENTER")][-1],
    "as a secret": lambda t: (t.keypad.type_keys("7391", secret=True), t.keypad.press("ENTER"))[-1],
    "ENTER beside a held key": lambda t: (t.keypad.down("7"), t.keypad.press("ENTER"))[-1],
}


@pytest.mark.parametrize("way", WAYS)
def test_no_way_of_pressing_goes_past_the_charge(terminal: Terminal, way: str) -> None:
    at_password_of_cashier(terminal)
    before = counters(terminal)
    with pytest.raises(SafetyAbort, match="charged: 01"):
        WAYS[way](terminal)
    terminal.keypad.release_all()
    assert counters(terminal) == before


def test_a_chosen_password_is_right_and_the_one_before_it_a_guess(terminal: Terminal) -> None:
    ready(terminal, "01")
    old = typed.present_password(terminal, "01").reveal()
    passwords.change_own(terminal, "01")
    signing_on.sign_off(terminal)
    terminal.before_guess = refuse
    with pytest.raises(SafetyAbort, match="charged: 01"):
        signing_on.password_step(terminal, "01", password=old)
    terminal.keypad.press_all(("CANCEL", "CANCEL"))
    assert signing_on.sign_on(terminal, "01").screen == "idle"


def test_a_new_time_code_key_counts_and_costs_nothing(terminal: Terminal) -> None:
    resetting.factory_reset(terminal)
    terminal.before_guess = terminal.before_code = refuse
    resetting.set_new_admin_password(terminal)
    assert resetting.first_sign_on_of_admin(terminal).screen == "idle"


def test_an_unlock_code_is_right_for_its_challenge_day_and_terminal_only(terminal: Terminal) -> None:
    in_lock_module(terminal)
    terminal.before_code = refuse
    challenge = locking.ask_challenge(terminal)
    terminal.unlock_code(challenge)
    for other in (
        terminal.unlock_code(challenge, serial_number="87654321"),
        terminal.unlock_code(challenge, at=terminal.clock.now() - 86_400.0),
        terminal.unlock_code(f"{(int(challenge) + 1) % 10_000:04d}"),
    ):
        with pytest.raises(SafetyAbort, match="charged: unlock code"):
            locking.enter_unlock_code(terminal, other.reveal())
        terminal.keypad.press("CLEAR")
    locking.unlock_by_code(terminal)


def test_number_and_password_in_one_go_cost_nothing(terminal: Terminal) -> None:
    signed_off(terminal)
    right = " ".join(typed.present_password(terminal, "01").reveal())
    terminal.before_guess = refuse
    key_steps.press_keys(f"0 1 ENTER {right} 9 ENTER", terminal)
    assert terminal.screen.settled().screen == "idle"


def test_enter_in_an_empty_field_costs_nothing(terminal: Terminal) -> None:
    at_password_of_cashier(terminal)
    before = counters(terminal)
    key_steps.press_keys("ENTER 7 3 CLEAR ENTER ENTER", terminal)
    assert counters(terminal) == before


def test_digits_that_somebody_else_has_typed_are_a_guess(rig: Rig, terminal: Terminal) -> None:
    """As by `posrig press`, key after key: each has forgotten the keys of the one before it."""
    right = at_password_of_cashier(terminal)
    terminal.changed_passwords["01"] = [Secret(right[2:], "password of 01")]
    key_steps.type_digits("7", terminal)
    key_steps.press("CLEAR", terminal)
    followed, rig.keypad.before_keys = rig.keypad.before_keys, None
    key_steps.type_digits(right[:2], terminal)
    rig.keypad.before_keys = followed
    with pytest.raises(SafetyAbort, match="charged: 01"):
        key_steps.press_keys(" ".join((*right[2:], "ENTER")), terminal)


@pytest.mark.parametrize("before", [False, True], ids=["at once", "after the empty prompt was seen"])
def test_digits_of_a_menu_are_not_taken_for_the_beginning_of_a_password(terminal: Terminal, before: bool) -> None:
    ready(terminal, "01")
    if before:
        key_steps.press_keys("MENU 5 2", terminal)
        terminal.screen.settled()
        key_steps.press_keys("CANCEL CANCEL CANCEL", terminal)
    terminal.changed_passwords["01"] = [Secret("5271", "password of 01")]
    terminal.before_guess = refuse
    with pytest.raises(SafetyAbort, match="charged: 01"):
        key_steps.press_keys("MENU 5 2 7 1 3 3 ENTER", terminal)


def test_corrected_digits_and_more_than_the_field_takes_are_read_as_the_terminal_reads_them(terminal: Terminal) -> None:
    right = at_password_of_cashier(terminal)
    terminal.screen.settled()
    key_steps.press_keys(f"7 3 CLEAR {' '.join(right)} 9 9 ENTER", terminal)
    assert terminal.screen.settled().screen == "idle"


def test_what_a_flow_has_charged_is_not_charged_again(terminal: Terminal) -> None:
    asked: list[str] = []
    signed_off(terminal)
    terminal.before_guess = terminal.before_code = asked.append
    signing_on.try_wrong_passwords(terminal, "01", 2)
    signing_on.rest_from_notice(terminal)
    signing_on.unknown_operator(terminal, "77")
    signing_on.guess_time_codes(terminal, "00", 2)
    assert asked == ["01", "01", "77", "time code 00", "time code 00"]


def test_digits_that_the_fuzzer_types_one_by_one_are_charged_once(rig: Rig) -> None:
    fresh(rig)
    (scope,) = chosen(rig.profile, ["typing"])
    device = TerminalDevice(rig.terminal, LockModel(rig.profile, scope), begin=rig.begin_scenario)
    device.reset()
    asked: list[str] = []
    rig.terminal.before_guess = rig.terminal.before_code = asked.append
    for act in ("operator 01", "1", "0", "ENTER"):
        assert asked == []
        device.press(act)
    assert asked == ["01"]
    assert counters(rig.terminal)[0] == {"01": 1}


def test_one_charge_ahead_pays_for_one_guess(terminal: Terminal) -> None:
    asked: list[str] = []
    at_password_of_cashier(terminal)
    terminal.before_guess = asked.append
    typed.wrong_password(terminal, "01")
    for _ in range(2):
        key_steps.press_keys("0 0 0 0 ENTER", terminal)
        signing_on.rest_from_notice(terminal)
        signing_on.enter_operator(terminal, "01")
    assert asked == ["01", "01"]


def test_a_finger_and_a_file_pay_for_no_code_that_is_typed(terminal: Terminal) -> None:
    fingers.enrolled(terminal, "00")
    at_second_step(terminal)
    terminal.before_code = [].append
    fingers.touch(terminal, fingers.STRANGE)
    servicing.plug_service_file(terminal, 1, "87654321")
    signing_on.rest_from_notice(terminal)
    terminal.keypad.press("CLEAR")
    expect_screen(terminal, ("twofa",))
    terminal.before_code = refuse
    with pytest.raises(SafetyAbort, match="charged: time code 00"):
        key_steps.press_keys("0 0 0 0 0 0 ENTER", terminal)


def test_another_terminal_begins_with_nothing_paid_and_nothing_known(rig: Rig, terminal: Terminal) -> None:
    typed.wrong_password(terminal, "01")
    resetting.charge_flash(terminal, "data")
    terminal.unlock_code("4821")
    terminal.new_seeds["99"] = terminal.credentials.totp_seeds["00"]
    terminal.submitted_windows.add(("00", 1))
    fresh(rig)
    assert (terminal.charged_ahead, terminal.writes_charged_ahead) == (0, 0)
    kept = {**terminal.given_unlock_codes, **terminal.new_seeds}, terminal.submitted_windows
    assert kept == ({}, set())


def test_the_same_time_code_again_is_a_guess(terminal: Terminal) -> None:
    at_second_step(terminal)
    code = typed.time_code(terminal, "00")
    assert signing_on.enter_time_code(terminal, code).screen == "idle"
    signing_on.sign_off(terminal)
    signing_on.password_step(terminal, "00")
    terminal.before_code = refuse
    with pytest.raises(SafetyAbort, match="charged: time code 00"):
        signing_on.enter_time_code(terminal, code)


def test_a_flow_that_forgot_its_charge_is_charged(terminal: Terminal) -> None:
    locked(terminal)
    terminal.before_guess = refuse
    with pytest.raises(SafetyAbort, match="charged: 01"):
        locking.try_unlock(terminal, "01", password="0000")


def test_a_factory_reset_by_raw_keys_is_charged_as_a_write(terminal: Terminal) -> None:
    resetting.ask_for_reset(terminal)
    right = " ".join(terminal.credentials.password("99").reveal())
    terminal.before_flash = refuse
    with pytest.raises(SafetyAbort, match="charged: data"):
        key_steps.press_keys(f"{right} ENTER", terminal)
    assert terminal.screen.settled().screen == "reset_ask"
    writes: list[str] = []
    terminal.keypad.press("CLEAR")
    terminal.before_flash = writes.append
    resetting.confirm_reset(terminal)
    assert writes == ["data"]
    assert terminal.screen.settled().screen == "resetting"


def test_digits_on_an_unknown_screen_are_a_guess(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    at_password_of_cashier(terminal)
    terminal.keypad.type_keys("7391")
    monkeypatch.setattr(
        type(terminal.screen), "_known", lambda _self, picture: Frame(picture.lines, None, None, {}, picture.at)
    )
    with pytest.raises(SafetyAbort, match="charged: 01"):
        terminal.keypad.press("ENTER")


def test_a_lost_console_is_no_way_past_the_charge(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    def lost(_self: object) -> Frame:
        raise TransportError("the console is gone", instrument="console", resource="here", phase="read")

    at_password_of_cashier(terminal)
    monkeypatch.setattr(type(terminal.screen), "latest", lost)
    terminal.keypad.press("ENTER")
    terminal.keypad.type_keys("7391")
    with pytest.raises(SafetyAbort, match="charged: 01"):
        terminal.keypad.press("ENTER")


def test_an_entry_of_secrets_that_says_nothing_is_charged(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    right = at_password_of_cashier(terminal)
    screens = terminal.profile.data.screens
    monkeypatch.setitem(screens, "login_pwd", screens["login_pwd"].model_copy(update={"asks": ""}))
    with pytest.raises(SafetyAbort, match="charged: 01"):
        key_steps.press_keys(" ".join((*right, "ENTER")), terminal)


def test_a_session_counts_raw_keys_in_its_ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSRIG_LEDGER", str(tmp_path / "ledger"))
    monkeypatch.setenv("POSRIG_INCIDENTS", str(tmp_path / "incidents"))
    limits = Limits(wrong_passwords_per_day=1)
    with rig_session(read_rig(SIMULATED).model_copy(update={"limits": limits})) as held:
        terminal = held.rig.terminal
        prepare(terminal)
        signed_off(terminal)
        key_steps.press_keys("7 7 ENTER 7 3 9 1 ENTER", terminal)
        signing_on.rest_from_notice(terminal)
        with pytest.raises(SafetyAbort, match="terminal 12345678: wrong password 78 would be number 2 of at most 1"):
            key_steps.press_keys("7 8 ENTER 7 3 9 1 ENTER", terminal)
        assert counters(terminal)[0] == {"77": 1}


KEYS = ("7 3 9 1", "5", "ENTER", "CLEAR", "CANCEL", "MENU 5 2", "MENU 3 1 0 0 ENTER", "MENU 5 3 ENTER", "F1", "7+ENTER")
MOVES = st.sampled_from(
    ["0 1 ENTER", "0 0 ENTER", "9 9 ENTER", "right 01", "right 00", "code 00", "MENU 5 1", "rest", "look", *KEYS]
)
REFUSALS = ("login_bad", "twofa_bad", "unlock_bad")


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(MOVES, min_size=4, max_size=25))
def test_never_fewer_charges_than_refusals(rig: Rig, moves: list[str]) -> None:
    fresh(rig)
    terminal = rig.terminal
    signed_off(terminal)
    asked: list[str] = []
    terminal.before_guess = terminal.before_code = asked.append
    mark = terminal.service.mark()
    for move in (*moves, "rest"):
        make(terminal, move)
    lines = terminal.service.since(mark)
    refused = sum(line.event == "screen" and line.fields["id"] in REFUSALS for line in lines)
    refused += sum(line.event == "lockout" for line in lines)
    assert len(asked) >= refused


def make(terminal: Terminal, move: str) -> None:
    what, _, whose = move.partition(" ")
    if what == "right":
        terminal.keypad.type_keys(terminal.credentials.password(whose).reveal())
    elif what == "code":
        terminal.keypad.type_keys(terminal.credentials.time_code(whose, terminal.clock.now()).reveal())
    elif what == "rest":
        signing_on.rest_from_notice(terminal)
    elif what == "look":
        terminal.screen.settled()
    elif "+" in move:
        terminal.keypad.chord(move.split("+"))
    else:
        terminal.keypad.press_all(move.split())
