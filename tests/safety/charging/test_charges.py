"""Every act that a terminal counts against its operators is charged first: refused by the ledger, it is not done.

Each row leads a simulated terminal to the place of the act; then nothing is left of the budget, and the act must end in
a safety abort with no key pressed and no finger on the sensor. Take a charge away and its row fails.
"""

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from posrig.description.lab import SIMULATED
from posrig.description.rig_file import Limits, RigDescription, read_rig
from posrig.fuzzing.models.terminal_r.acts import (
    DEFAULT,
    EARLIER_UNLOCK,
    OTHER_UNLOCK,
    USED_CODE,
    USED_UNLOCK,
    WRONG_CODE,
    WRONG_UNLOCK,
)
from posrig.fuzzing.models.terminal_r.doing import Doer
from posrig.fuzzing.models.terminal_r.trials import records, timing
from posrig.fuzzing.models.terminal_r.trials import resetting as reset_trials
from posrig.ground.faults import SafetyAbort
from posrig.language.models.terminal_r import locking as lock_steps
from posrig.language.models.terminal_r import signing_on as sign_on_steps
from posrig.language.parameters import Role
from posrig.language.sentences import signing_on as any_sign_on
from posrig.rig.session import Images, RigSession, rig_session
from posrig.safety.ledger import Kind, Ledger
from posrig.terminal import typed
from posrig.terminal.charging import DATA, IMAGE
from posrig.terminal.judging import expect_screen
from posrig.terminal.models.terminal_r import (
    causes,
    clocks,
    fingers,
    guessing,
    inner_prompts,
    likeness,
    locking,
    logbook,
    resetting,
    servicing,
    signing_on,
    updating,
)
from posrig.terminal.models.terminal_r.starting import ready, signed_off
from posrig.terminal.preparing import prepare
from posrig.terminal.terminal import Terminal
from steps import fingers as finger_steps
from steps import logbook as logbook_steps
from tests.safety.charging.prompts import at_second_step

MANAGER, CASHIER, ADMIN = Role("manager", "00"), Role("cashier", "01"), Role("admin", "99")
Act = Callable[[Terminal], object]


def at_unlock_code(terminal: Terminal) -> None:
    ready(terminal, "01")
    locking.lock(terminal)
    signing_on.sign_on(terminal, "99")
    locking.ask_challenge(terminal)


def after_an_unlock(terminal: Terminal) -> None:
    at_unlock_code(terminal)
    terminal.used_unlock_codes.append(terminal.unlock_code("0000"))


def at_sensor(terminal: Terminal) -> None:
    fingers.enrolled(terminal, "00")
    at_second_step(terminal)


def typed_by_the_fuzzer(name: str) -> Act:
    def act(terminal: Terminal) -> None:
        doer = Doer.__new__(Doer)
        doer.terminal, doer._used, doer._unlock_used, doer._challenges = terminal, {"00": "000000"}, "00000000", []
        doer._secret(name, "00")

    return act


CODES: dict[str, tuple[Act, Act]] = {
    "a wrong time code": (at_second_step, lambda t: sign_on_steps.wrong_code(MANAGER, t)),
    "time codes guessed": (at_second_step, lambda t: sign_on_steps.guesses_codes(MANAGER, 3, t)),
    "an early time code": (at_second_step, lambda t: sign_on_steps.early_code(MANAGER, 90.0, t)),
    "a late time code": (at_second_step, lambda t: sign_on_steps.late_code(MANAGER, 90.0, t)),
    "somebody else's time code": (at_second_step, lambda t: sign_on_steps.foreign_code(MANAGER, ADMIN, t)),
    "a used time code": (
        at_second_step,
        lambda t: (t.used_windows.update({"00": 1}), sign_on_steps.used_code(MANAGER, t)),
    ),
    "the time code of a lost clock": (at_second_step, lambda t: clocks.code_of_lost_clock(t, "00")),
    "a password at the second step": (at_second_step, lambda t: inner_prompts.fail(t, "the second step", "00", 1)),
    "a wrong unlock code": (at_unlock_code, lambda t: lock_steps.wrong_unlock_code(ADMIN, t)),
    "an unlock code of another terminal": (at_unlock_code, lambda t: lock_steps.foreign_unlock_code("87654321", t)),
    "an unlock code of another challenge": (at_unlock_code, causes.code_of_another_challenge),
    "an unlock code of another day": (at_unlock_code, lambda t: causes.code_of_another_day(t, 1)),
    "a used unlock code": (after_an_unlock, causes.used_code_again),
    "a password at the unlock code": (at_unlock_code, lambda t: inner_prompts.fail(t, "the unlock code", "99", 1)),
    "a stranger's finger": (at_sensor, finger_steps.stranger_touches),
    "a copy of a finger": (at_sensor, lambda t: finger_steps.copy_touches(MANAGER, t)),
    "another operator's finger": (at_sensor, lambda t: finger_steps.touches(ADMIN, t)),
    "a service file of another terminal": (signed_off, lambda t: servicing.plug_service_file(t, 1, "87654321")),
    **{
        f"the fuzzer: {name}": (at_unlock_code if "unlock" in name else at_second_step, typed_by_the_fuzzer(name))
        for name in (WRONG_CODE, USED_CODE, WRONG_UNLOCK, USED_UNLOCK, EARLIER_UNLOCK, OTHER_UNLOCK)
    },
}
GUESSES: dict[str, tuple[Act, Act]] = {
    "a wrong password": (signed_off, lambda t: any_sign_on.wrong_password(MANAGER, t)),
    "an unknown number": (signed_off, lambda t: sign_on_steps.unknown_operator("77", t)),
    "an unknown number again and again": (signed_off, lambda t: sign_on_steps.unknown_operator_times("77", 2, t)),
    "a password from before a reset": (signed_off, lambda t: resetting.old_password_is_refused(t, "01")),
    "the beginning of a password": (signed_off, lambda t: lock_steps.tries_prefix(CASHIER, 3, t)),
    "a password with a wrong digit before it": (signed_off, lambda t: guessing.shifted(t, "01")),
    "a published password": (signed_off, lambda t: guessing.nobody_else_gets_in(t, ["01"])),
    "numbers that nobody has": (signed_off, lambda t: logbook.make_noise(t, 1)),
    "a refusal that is compared": (signed_off, lambda t: likeness.refused_sign_on(t, "01", "1")),
    "a password as operator number": (signed_off, lambda t: logbook_steps.password_as_number(CASHIER, t)),
    "the fuzzer's published password": (signed_off, typed_by_the_fuzzer(DEFAULT)),
    "the fuzzer's unknown number in the log": (signed_off, lambda t: records.EVENTS["an unknown number"](t, Counter())),
    "the fuzzer's password as number": (
        signed_off,
        lambda t: records.EVENTS["a password typed as number"](t, Counter()),
    ),
    "the fuzzer's published code at the reset": (
        resetting.ask_for_reset,
        lambda t: reset_trials._answer(t, {"code": "published default"}),
    ),
    "the fuzzer's unknown number on time": (
        signed_off,
        lambda t: timing._refusal_s(t, "47", is_known=False, rng=Random(1)),
    ),
    "the fuzzer's wrong password on time": (
        signed_off,
        lambda t: timing._refusal_s(t, "01", is_known=True, rng=Random(1)),
    ),
    "an empty password": (signed_off, lambda t: lock_steps.tries_empty(CASHIER, t)),
}


def at_offer(terminal: Terminal) -> None:
    signed_off(terminal)
    signing_on.sign_on(terminal, "99")
    updating.offer(terminal, version="2.5.0")
    expect_screen(terminal, ("upd_offer",), within_s=5.0)


WRITES: dict[str, tuple[Act, Act]] = {
    IMAGE: (at_offer, updating.accept),
    DATA: (resetting.ask_for_reset, resetting.confirm_reset),
}


def secrets_typed_in(terminal: Terminal, act: Act, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The secrets, fingers and files that reached the terminal before the act was refused."""
    given: list[str] = []
    keypad, do = type(terminal.keypad), terminal.do
    type_keys = keypad.type_keys

    def typing(self: object, text: str, *, secret: bool = False) -> None:
        given.extend([text] if secret else [])
        type_keys(terminal.keypad, text, secret=secret)  # type: ignore[arg-type]

    def doing(name: str, **arguments: object) -> object:
        given.extend([name] if name in ("finger.touch", "usb.insert") else [])
        return do(name, **arguments)

    monkeypatch.setattr(keypad, "type_keys", typing)
    monkeypatch.setattr(terminal, "do", doing)
    with pytest.raises(SafetyAbort, match="of at most 0"):
        act(terminal)
    return given


@pytest.mark.parametrize("name", CODES)
def test_a_code_that_may_be_refused_is_charged_before_it_is_typed(
    terminal: Terminal, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lead, act = CODES[name]
    lead(terminal)
    with Ledger(tmp_path / "l", "12345678", "r", Limits(wrong_codes_per_day=0)) as ledger:
        terminal.before_code = lambda what: ledger.charge(Kind.WRONG_CODE, what)
        assert secrets_typed_in(terminal, act, monkeypatch) == []


@pytest.mark.parametrize("name", GUESSES)
def test_a_password_that_is_wrong_is_charged_before_it_is_typed(
    terminal: Terminal, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lead, act = GUESSES[name]
    lead(terminal)
    with Ledger(tmp_path / "l", "12345678", "r", Limits(wrong_passwords_per_day=0)) as ledger:
        terminal.before_guess = lambda operator: ledger.charge(Kind.WRONG_PASSWORD, operator)
        assert secrets_typed_in(terminal, act, monkeypatch) == []


@pytest.mark.parametrize("name", WRITES)
def test_a_write_of_the_flash_is_charged_before_the_key_that_starts_it(
    terminal: Terminal, name: str, tmp_path: Path
) -> None:
    lead, act = WRITES[name]
    lead(terminal)
    presses, shown = terminal.keypad.presses, terminal.screen.settled().screen
    with Ledger(tmp_path / "l", "12345678", "r", Limits(flash_writes=0)) as ledger:
        terminal.before_flash = lambda what: ledger.charge(Kind.FLASH, what)
        with pytest.raises(SafetyAbort, match=f"flash write {name} would be number 1 of at most 0"):
            act(terminal)
    assert (terminal.keypad.presses, terminal.screen.settled().screen) == (presses, shown)


def test_the_living_finger_and_the_right_codes_cost_nothing(terminal: Terminal) -> None:
    def refuse(what: str) -> None:
        raise SafetyAbort(f"charged: {what}")

    terminal.before_code = terminal.before_guess = terminal.before_flash = refuse
    fingers.enrolled(terminal, "00")
    at_second_step(terminal)
    assert fingers.touch(terminal, fingers.template("00")).screen == "idle"
    terminal.power.off()
    at_unlock_code(terminal)
    locking.unlock_by_code(terminal)


@pytest.fixture
def leased(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Limits], RigDescription]:
    monkeypatch.setenv("POSRIG_LEDGER", str(tmp_path / "ledger"))
    monkeypatch.setenv("POSRIG_INCIDENTS", str(tmp_path / "incidents"))
    return lambda limits: read_rig(SIMULATED).model_copy(update={"limits": limits})


def test_a_session_charges_its_own_ledger_by_serial_number(
    leased: Callable[[Limits], RigDescription], tmp_path: Path
) -> None:
    with rig_session(leased(Limits(wrong_codes_per_day=2, flash_writes=1))) as held:
        terminal = held.rig.terminal
        prepare(terminal)
        at_second_step(terminal)
        signing_on.guess_time_codes(terminal, "00", 2)
        signing_on.rest_from_notice(terminal)
        with pytest.raises(
            SafetyAbort, match=r"terminal 12345678: wrong code time code 00 would be number 3 of at most 2"
        ):
            typed.wrong_time_code(terminal, "00")
        assert_writes_are_counted(held, terminal)
    with Ledger(tmp_path / "ledger", "12345678", "simulated") as after:
        assert after.count(Kind.WRONG_CODE, "time code 00") == 2
        assert after.count(Kind.FLASH, IMAGE) == 2


def assert_writes_are_counted(held: RigSession, terminal: Terminal) -> None:
    """One write charged by its flow, one that only the terminal told of; the third is refused before ENTER."""
    prepare(terminal)
    at_offer(terminal)
    updating.installed(terminal)
    held.settle()
    assert held.ledger is not None
    assert held.ledger.count(Kind.FLASH, IMAGE) == 1
    prepare(terminal)
    at_offer(terminal)
    terminal.keypad.press("ENTER")
    updating.reach(terminal, "upd_write")
    held.settle()
    assert held.ledger.count(Kind.FLASH, IMAGE) == 2
    prepare(terminal)
    at_offer(terminal)
    with pytest.raises(SafetyAbort, match="number 3 of at most 1"):
        updating.accept(terminal)


def test_a_write_is_counted_once_whether_charged_or_told() -> None:
    images = Images()
    assert [images.uncharged(told) for told in (0, 1, 1, 3)] == [0, 1, 0, 2]


def test_a_limit_is_a_whole_number_of_zero_or_more() -> None:
    for bad in (-1, 1.5, "many"):
        with pytest.raises(ValueError, match="flash_writes"):
            Limits.model_validate({"flash_writes": bad})
