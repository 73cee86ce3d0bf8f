"""The keypad over relays that write down what they are told."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from posrig.ground.faults import ConfigurationError, RigFault, SafetyAbort, TransportError
from posrig.terminal.keypad import RelayKeypad
from posrig.terminal.timeline import Timeline

CHANNELS = {**{str(n): 1001 + n for n in range(10)}, "ENTER": 1014, "CLEAR": 1012, "MENU": 1017}


class Relays:
    """A switch unit by its contract, and a clock: one log of who did what when."""

    identity = None

    def __init__(self) -> None:
        self.generation = 1
        self.log: list[tuple[str, object]] = []
        self.closed_now: set[int] = set()
        self.fail_on: tuple[str, int] | None = None
        self.time = 100.0

    def _do(self, what: str, channels: Sequence[int]) -> None:
        self.log.append((what, tuple(channels)))
        if self.fail_on is not None and self.fail_on == (what, channels[0]):
            raise TransportError(
                "gone", instrument="switch", resource="R", phase="answer", command=f"{what} {channels}"
            )

    def close_channels(self, channels: Sequence[int]) -> None:
        self._do("close", channels)
        self.closed_now.update(channels)

    def open_channels(self, channels: Sequence[int]) -> None:
        self._do("open", channels)
        self.closed_now.difference_update(channels)

    def closed(self, channels: Sequence[int]) -> frozenset[int]:
        return frozenset(self.closed_now & set(channels))

    def sleep(self, seconds: float) -> float:
        self.log.append(("sleep", seconds))
        self.time += seconds
        return self.time

    def last_now(self) -> float:
        return self.time


@pytest.fixture
def relays() -> Relays:
    return Relays()


@pytest.fixture
def timeline() -> Timeline:
    return Timeline()


@pytest.fixture
def keypad(relays: Relays, timeline: Timeline) -> RelayKeypad:
    return RelayKeypad(relays, CHANNELS, relays, timeline.add)


def test_a_press_closes_waits_opens_and_pauses(keypad, relays, timeline) -> None:
    keypad.press("5")
    assert relays.log == [("close", (1006,)), ("sleep", 0.1), ("open", (1006,)), ("sleep", 0.08)]
    assert [(event.at, event.kind, event.text) for event in timeline] == [(100.0, "key", "5")]
    assert keypad.presses == 1


def test_a_chord_closes_all_contacts_with_one_message(keypad, relays) -> None:
    keypad.chord(("CLEAR", "MENU"), 2.0)
    assert relays.log[:3] == [("close", (1012, 1017)), ("sleep", 2.0), ("open", (1012, 1017))]
    assert keypad.history_text() == "CLEAR+MENU:2s"


@pytest.mark.parametrize(("key", "near"), [("ENTR", "ENTER"), ("clear", "CLEAR"), ("MEN", "MENU")])
def test_an_unknown_key_is_refused_with_the_nearest_and_all_keys(keypad, relays, key, near) -> None:
    with pytest.raises(ConfigurationError, match=f"did you mean {near}") as raised:
        keypad.press(key)
    assert "CLEAR" in raised.value.allowed
    assert relays.log == []


def test_a_wrong_key_in_the_middle_is_found_before_the_first_is_pressed(keypad, relays) -> None:
    with pytest.raises(ConfigurationError):
        keypad.press_all(("MENU", "FOO"))
    with pytest.raises(ConfigurationError):
        keypad.type_keys("12x")
    with pytest.raises(ConfigurationError):
        keypad.chord(("CLEAR", "FOO"))
    assert relays.log == []


def test_secrets_are_stars_in_every_record(keypad, timeline) -> None:
    keypad.type_keys("4821", secret=True)
    keypad.press("ENTER")
    assert keypad.history_text() == "* * * * ENTER"
    assert [event.text for event in timeline] == ["*", "*", "*", "*", "ENTER"]


def test_a_fault_while_a_secret_is_typed_names_no_key_and_no_channel(keypad, relays) -> None:
    relays.fail_on = ("close", 1009)
    with pytest.raises(RigFault) as raised:
        keypad.type_keys("8", secret=True)
    assert "1009" not in repr(raised.value) + str(raised.value)
    assert raised.value.__cause__ is None
    assert raised.value.__suppress_context__
    assert raised.value.instrument == "switch"


def test_an_unknown_character_in_a_secret_is_not_repeated(keypad) -> None:
    with pytest.raises(ConfigurationError) as raised:
        keypad.type_keys("12x4", secret=True)
    assert "x" not in raised.value.found


def test_an_interrupt_while_a_key_is_down_lets_it_go(keypad, relays) -> None:
    def interrupted(seconds: float) -> float:
        raise KeyboardInterrupt

    relays.sleep = interrupted
    with pytest.raises(KeyboardInterrupt):
        keypad.press("5")
    assert relays.log[-1] == ("open", (1006,))
    assert relays.closed_now == set()


def test_a_lost_close_still_tries_to_open_and_tells_the_first_fault(keypad, relays) -> None:
    relays.fail_on = ("close", 1006)
    with pytest.raises(TransportError) as raised:
        keypad.press("5")
    assert "close" in raised.value.command
    assert relays.log[-1] == ("open", (1006,))


def test_a_relay_somebody_left_closed_stops_the_next_press(keypad, relays) -> None:
    relays.closed_now.add(1012)
    with pytest.raises(RigFault, match=r"CLEAR \(1012\)"):
        keypad.press("5")
    assert ("close", (1006,)) not in relays.log


def test_relays_are_looked_at_again_after_the_session_was_opened_anew(keypad, relays) -> None:
    keypad.press("5")
    relays.closed_now.add(1012)
    relays.generation += 1
    with pytest.raises(RigFault, match="CLEAR"):
        keypad.press("5")


def test_down_and_up_may_frame_one_other_key_but_not_two(keypad, relays) -> None:
    keypad.down("CLEAR")
    keypad.press("5")
    keypad.down("MENU")
    with pytest.raises(ConfigurationError, match="held down"):
        keypad.press("5")
    with pytest.raises(ConfigurationError):
        keypad.down("ENTER")
    keypad.up("MENU")
    keypad.up("CLEAR")
    with pytest.raises(ConfigurationError, match="not down"):
        keypad.up("CLEAR")
    assert relays.closed_now == set()


def test_the_ledger_may_refuse_a_press_before_a_relay_moves(keypad, relays) -> None:
    def refuse(key: str, _secret: bool) -> None:
        raise SafetyAbort(f"{key} has no presses left")

    keypad.before_press = refuse
    with pytest.raises(SafetyAbort):
        keypad.press("5")
    assert relays.log == []


def test_release_all_opens_everything_and_proves_it(keypad, relays) -> None:
    keypad.down("CLEAR")
    keypad.release_all()
    assert relays.closed_now == set()
    relays.open_channels = lambda _: None
    relays.closed_now.add(1001)
    with pytest.raises(RigFault, match="0 "):
        keypad.release_all()
