"""The rig on the simulated rig's wires: opening, faults of each part, the safe state proved over a third connection."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from hangs import HANGS_S

from posrig.commands.simulate import write_attached
from posrig.description.lab import SIMULATED
from posrig.description.profile import Profile, read_profile
from posrig.description.rig_file import RigDescription, read_rig
from posrig.ground.faults import ConfigurationError, ProductFailure, RigFault, TransportError
from posrig.instruments.bench import WireBench
from posrig.instruments.dialects import dialect
from posrig.instruments.supply import OutputSettings, check_limits
from posrig.rig.parts_lost import PartsLost
from posrig.rig.preparation import credentials_of, simulator_options
from posrig.rig.rig import Rig, RigOptions
from posrig.rig.simulator_process import SimulatorProcess
from posrig.terminal.models.terminal_r.starting import STARTING, switch_on


class Onlooker:
    """A third connection to an instrument, with no code of the drivers."""

    def __init__(self, port: int) -> None:
        self.wire = socket.create_connection(("127.0.0.1", port), timeout=HANGS_S)

    def ask(self, query: str) -> str:
        self.wire.sendall(query.encode() + b"\n")
        return self.wire.makefile("rb").readline().decode().strip()


@pytest.fixture(scope="module")
def process() -> Iterator[SimulatorProcess]:
    process = SimulatorProcess(simulator_options(read_rig(SIMULATED)))
    yield process
    process.stop()
    assert not process.running


@pytest.fixture(scope="module")
def description(process: SimulatorProcess, tmp_path_factory: pytest.TempPathFactory) -> RigDescription:
    """A rig file that attaches to the running process, read back as a person's would be."""
    original = read_rig(SIMULATED)
    assert original.simulated is not None
    folder: Path = tmp_path_factory.mktemp("attached")
    credentials = credentials_of(original)
    return read_rig(write_attached(folder, original, original.simulated, process.addresses, credentials))


@pytest.fixture(scope="module")
def profile(description: RigDescription) -> Profile:
    return read_profile(description.terminal.profile)


@pytest.fixture(scope="module")
def open_rig(description: RigDescription, profile: Profile) -> Iterator[Rig]:
    with Rig.open(description, profile=profile) as rig:
        yield rig


@pytest.fixture
def rig(open_rig: Rig) -> Rig:
    """The same rig with another terminal from the shelf."""
    open_rig.power.off()
    open_rig.fresh_terminal()
    open_rig.begin_scenario()
    return open_rig


def other(description: RigDescription, **resources: str) -> RigDescription:
    instruments = description.instruments
    changed = {
        name: getattr(instruments, name).model_copy(update={"resource": value}) for name, value in resources.items()
    }
    return description.model_copy(update={"instruments": instruments.model_copy(update=changed)})


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def test_from_dark_to_the_first_screen_and_a_key(rig: Rig) -> None:
    assert switch_on(rig.terminal).screen == "signed_off"
    assert rig.power.is_on
    assert rig.power.current_a() == pytest.approx(0.12, abs=0.03)
    rig.keypad.press("ENTER")
    assert rig.screen.settled().screen == "login_id"
    kinds = {event.kind for event in rig.timeline}
    assert {"power", "screen", "service", "key"} <= kinds
    shown = [frame.screen for frame in rig.screen.history()]
    assert shown[0] == "boot"
    assert shown[-1] == "login_id"


def test_a_frame_that_passed_in_between_is_found_in_the_history_and_awaited_ones_when_they_come(rig: Rig) -> None:
    rig.power.on()
    assert rig.screen.seen_within(("self_test",), 10.0) is not None
    assert rig.screen.seen_within(("idle",), 0.5) is None
    frame = rig.screen.first_not_in(STARTING, 20.0)
    assert frame is not None
    assert frame.screen == "signed_off"


def test_a_screen_that_does_not_come_is_a_product_failure_with_screen_time_and_keys(rig: Rig) -> None:
    switch_on(rig.terminal)
    rig.keypad.press("0")
    before = rig.clock.now()
    with pytest.raises(ProductFailure) as raised:
        rig.screen.leaves("login_id", 3.0)
    assert rig.clock.now() - before == pytest.approx(3.0, abs=0.01)
    assert all(
        text in str(raised.value)
        for text in ("another screen than", "within 3 s", "login_id", "SIGN ON", "keys so far: 0")
    )


def test_the_least_off_time_is_kept(rig: Rig) -> None:
    before = rig.power.cycles
    rig.power.on()
    rig.clock.sleep(1.0)
    rig.power.off()
    off_at = rig.clock.now()
    rig.power.on()
    events = [event for event in rig.timeline if event.kind == "power"]
    assert [event.text[:3] for event in events] == ["on,", "off", "on,"]
    assert rig.clock.now() - off_at >= rig.description.power.off_s
    assert rig.power.cycles == before + 2


def test_a_dark_display_shows_nothing_and_is_no_known_screen(rig: Rig) -> None:
    switch_on(rig.terminal)
    rig.power.off()
    frame = rig.screen.frame()
    assert (frame.screen, any(frame.lines)) == (None, False)
    assert rig.screen.first_not_in(STARTING, 5.0) is None


def test_protection_is_set_before_the_output_goes_on(rig: Rig, process: SimulatorProcess) -> None:
    rig.power.on()
    onlooker = Onlooker(process.ports["supply"])
    assert float(onlooker.ask("VOLT:PROT? (@2)")) == pytest.approx(9.5)
    assert onlooker.ask("CURR:PROT:STAT? (@2)") == "1"
    assert float(onlooker.ask("VOLT? (@2)")) == pytest.approx(9.0)


def test_service_lines_since_a_mark(rig: Rig) -> None:
    switch_on(rig.terminal)
    mark = rig.terminal.service.mark()
    rig.keypad.press("F1")
    keys = rig.terminal.service.since(mark, "key")
    assert [(line.fields["code"], line.fields["edge"]) for line in keys] == [("F1", "down"), ("F1", "up")]


def test_the_network_line_is_cut_and_restored_by_its_relay(rig: Rig, process: SimulatorProcess) -> None:
    assert rig.network is not None
    assert rig.network.connected
    rig.network.disconnect()
    assert Onlooker(process.ports["switch"]).ask("ROUT:CLOS? (@2001)") == "1"
    assert not rig.network.connected
    rig.network.connect()
    assert rig.network.connected


def test_closing_switches_off_and_proves_it(description: RigDescription, process: SimulatorProcess) -> None:
    rig = Rig.open(description)
    rig.power.on()
    rig.keypad.down("CLEAR")
    outcomes = rig.close()
    assert [outcome.proved for outcome in outcomes] == [True] * 4
    assert Onlooker(process.ports["supply"]).ask("OUTP? (@2)") == "0"
    assert Onlooker(process.ports["switch"]).ask("ROUT:CLOS? (@1012)") == "0"
    assert rig.close() == outcomes


def test_what_an_earlier_run_left_on_is_made_safe_before_use(
    description: RigDescription, process: SimulatorProcess
) -> None:
    onlooker = Onlooker(process.ports["supply"])
    onlooker.ask("VOLT 9,(@2);:OUTP 1,(@2);*OPC?")
    Onlooker(process.ports["switch"]).ask("ROUT:CLOS (@1003);*OPC?")
    with Rig.open(description) as rig:
        assert onlooker.ask("OUTP? (@2)") == "0"
        assert not rig.power.is_on
        rig.keypad.press("1")


def test_a_dark_display_is_not_waited_for_after_attaching(
    rig: Rig, description: RigDescription, profile: Profile
) -> None:
    rig.power.on()
    rig.power.off()
    with Rig.open(description, profile=profile, options=RigOptions(attach=True)) as second:
        assert second.clock.marks.frame > 0
        assert second.streams.catch_up(second.clock.marks, 0.0)


def test_attached_leaves_power_as_it_is_found(description: RigDescription, process: SimulatorProcess) -> None:
    onlooker = Onlooker(process.ports["supply"])
    onlooker.ask("VOLT 9,(@2);:OUTP 1,(@2);*OPC?")
    with Rig.open(description, options=RigOptions(attach=True)) as rig:
        assert rig.power.is_on
    assert onlooker.ask("OUTP? (@2)") == "1"
    onlooker.ask("OUTP 0,(@2);*OPC?")


def test_all_parts_that_are_lost_are_named_in_one_error(description: RigDescription) -> None:
    dead = f"TCPIP::127.0.0.1::{free_port()}::SOCKET"
    with pytest.raises(PartsLost) as raised:
        Rig.open(other(description, switch=dead, meter=dead))
    assert len(raised.value.failures) == 2
    assert all(name in str(raised.value) for name in ("switch", "meter", dead))


def test_another_instrument_at_the_address_is_a_rig_fault(description: RigDescription) -> None:
    swapped = other(description, supply=description.instruments.meter.resource)
    with pytest.raises(RigFault, match="another instrument"):
        Rig.open(swapped)


def test_an_instrument_lost_in_the_middle_is_named_and_the_rest_is_made_safe(
    description: RigDescription, process: SimulatorProcess
) -> None:
    rig = Rig.open(description)
    rig.fresh_terminal()
    switch_on(rig.terminal)
    rig.bench.do("instrument.lose", name="switch", how="drop")
    try:
        with pytest.raises(TransportError) as raised:
            rig.keypad.press("1")
        assert raised.value.instrument == "switch"
    finally:
        outcomes = {outcome.name: outcome for outcome in rig.close()}
        bench = WireBench(description.bench)
        bench.do("instrument.restore", name="switch")
        bench.close()
    assert outcomes["supply off"].proved
    assert not outcomes["key relays open"].done
    assert Onlooker(process.ports["supply"]).ask("OUTP? (@2)") == "0"


def test_a_key_of_another_terminal_is_a_configuration_error_before_anything_opens(description: RigDescription) -> None:
    keypad = description.keypad.model_copy(update={"channels": {**description.keypad.channels, "F9": 1020}})
    with pytest.raises(ConfigurationError, match="F9"):
        Rig.open(description.model_copy(update={"keypad": keypad}))


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        (OutputSettings(2, 12.0, 1.0, 9.5, 1.0), "above the terminal's limit"),
        (OutputSettings(2, 9.0, 2.0, 9.5, 1.0), "above the terminal's limit"),
        (OutputSettings(4, 9.0, 1.0, 9.5, 1.0), "no output 4"),
        (OutputSettings(1, 9.0, 1.0, 9.5, 1.0), "at most 6.18 V"),
    ],
    ids=["too many volts", "too many amperes", "no such output", "weak output"],
)
def test_limits_are_checked_before_any_byte_is_sent(settings: OutputSettings, words: str) -> None:
    with pytest.raises(ConfigurationError, match=words):
        check_limits(settings, dialect("keysight-e36300", "supply"))


def test_an_unknown_dialect_is_answered_with_the_ones_there_are() -> None:
    with pytest.raises(ConfigurationError, match="did you mean 'keysight-34980a'"):
        dialect("keysight-34980", "switch")


def test_a_simulated_rig_that_does_not_start_says_why() -> None:
    with pytest.raises(ConfigurationError, match="options"):
        SimulatorProcess({"seeds": 1})


def test_how_long_ago_a_page_came_up_is_known_also_when_it_is_read_late() -> None:
    """The reader is held up while a second passes: the page did not come up a second later for that."""
    with Rig.open(read_rig(SIMULATED)) as rig:
        rig.fresh_terminal()
        switch_on(rig.terminal)
        before = rig.clock.now()
        with rig.streams.screen.changed:
            rig.switch.close_channels((rig.description.keypad.channels["ENTER"],))
            rig.clock.sleep(0.1)
            rig.switch.open_channels((rig.description.keypad.channels["ENTER"],))
            rig.clock.sleep(1.0)
        frame = rig.screen.frame()
        assert frame.screen == "login_id"
        assert before <= frame.at <= before + 0.2
