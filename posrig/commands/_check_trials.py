"""The trials of ``posrig check`` on an open rig, each on its own: without power first, then with the terminal up."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from posrig.description.rig_file import CAMERA, Instrument
from posrig.ground.faults import PosrigError, RigFault
from posrig.instruments.visa import Identity
from posrig.rig.rig import Rig
from posrig.rig.wire_evidence import felt
from posrig.screens.camera import ExtraMissingError
from posrig.screens.camera_stream import Reading
from posrig.terminal.contracts import ServiceLine
from posrig.terminal.ways.navigator import Navigator

SUPPLY_AND_METER_V = 0.1
SUPPLY_AND_METER_A = 0.02
STILL_S = 0.02
"""A contact that opens again while it still bounces may be felt twice."""
OFF_BELOW_A = 0.005
CLOCKS_WITHIN_S = 2.0
LINK_WITHIN_S = 10.0
SECRET_KEY = "*"
MARGIN = 0.2
"""The profile's supply currents are typical: this share of them is allowed on top, either way."""


@dataclass(frozen=True, slots=True)
class Row:
    """One part: what was found, and whether it is right."""

    part: str
    found: str
    ok: bool
    todo: str = ""


class Check:
    """The trials on an open rig, in order: without power first."""

    def __init__(self, rig: Rig, tell: Callable[[Row], None], trying: Callable[[str], None]) -> None:
        """``tell`` is given each row as it comes, ``trying`` the part that is tried next."""
        self._rig, self._tell, self._trying = rig, tell, trying
        self._mark = 0

    def all(self) -> None:
        rig = self._rig
        named = rig.description.instruments
        for name, instrument, wanted in (
            ("supply", rig.supply, named.supply),
            ("switch", rig.switch, named.switch),
            ("meter", rig.meter, named.meter),
        ):
            if instrument is not None and wanted is not None and (identity := instrument.identity) is not None:
                self._tell(Row(name, _identity(identity, wanted), True))
        for outcome in rig.start_outcomes:
            self._tell(Row(f"at the start: {outcome.name}", outcome.detail, outcome.proved))
        if self._try("relays", self._relays) and self._try("terminal from the shelf", self._fresh):
            self._powered()

    def _powered(self) -> None:
        if not self._try("power on", self._power_on):
            return
        for part, trial in (
            ("voltage at the terminal", self._voltage),
            ("terminal starts", self._starts),
            ("terminal's identity", self._terminal),
            ("camera", self._camera),
            ("current of the terminal", self._current),
            ("keys are felt", self._keys),
            ("network line is felt", self._network),
            ("USB line", self._usb),
            ("clocks agree", self._clocks),
        ):
            self._try(part, trial)
        self._try("power off", self._power_off)

    def _try(self, part: str, trial: Callable[[], str]) -> bool:
        self._trying(part)
        try:
            self._tell(Row(part, trial(), True))
        except PosrigError as exc:
            self._tell(Row(part, exc.found, False, exc.todo))
            return False
        return True

    def _relays(self) -> str:
        """Each relay closes alone, says so, counts it, and opens again. Only without power: no key may be felt."""
        switch = self._rig.switch
        before, felt_before = switch.cycles(switch.wired), felt(self._rig)
        names = {channel: key for key, channel in self._rig.description.keypad.channels.items()}
        wrong = []
        for channel in switch.wired:
            stood = channel in switch.closed(switch.wired)
            if stood:  # a line that rests closed
                switch.open_channels((channel,))
            switch.close_channels((channel,))
            found = switch.closed(tuple(c for c in switch.wired if c == channel or c in names))
            if not stood:
                self._rig.clock.sleep(STILL_S)
                switch.open_channels((channel,))
            if found - {channel} or channel not in found:
                wrong.append(f"{channel} ({names.get(channel, 'line')})")
        after = switch.cycles(switch.wired)
        wrong += [f"{channel} (did not count)" for channel in switch.wired if after[channel] <= before[channel]]
        wrong += _unfelt(names.values(), felt_before, felt(self._rig))
        if wrong:
            raise RigFault(
                f"relays that do not do as they are told: {', '.join(wrong)}",
                instrument="switch",
                todo="look at the actuator card in that slot, and at the contact and wire of a key that was not felt",
            )
        most = max(after, key=lambda channel: after[channel])
        told = f", {len(names)} felt on the key lines" if felt_before else ""
        return f"{len(switch.wired)} closed and opened{told}; most worn: {most} with {after[most]} closings"

    def _fresh(self) -> str:
        if self._rig.description.simulated is None:
            return f"the lab's own, serial number {self._rig.description.terminal.serial_number}"
        self._rig.fresh_terminal()
        return "a new simulated one"

    def _power_on(self) -> str:
        self._mark = self._rig.terminal.service.mark() if self._rig.streams.service else 0
        self._rig.power.on()
        return f"output {self._rig.supply.settings.channel} on"

    def _voltage(self) -> str:
        supply, words = self._rig.power.voltage_v(), ""
        if self._rig.meter is not None:
            meter = self._rig.meter.voltage_v()
            words = f", meter {meter:.2f} V"
            _near("voltage", supply, meter, SUPPLY_AND_METER_V, "V")
        return f"supply {supply:.2f} V{words}"

    def _starts(self) -> str:
        rig = self._rig
        within = rig.description.power.boots_within_s
        began = rig.clock.now()
        frame = rig.screen.first_not_in(rig.profile.screens_of(("starting",)), within)
        if frame is None:
            shown = " / ".join(line for line in rig.screen.frame().lines if line) or "nothing"
            raise RigFault(
                f"no known screen within {within:g} s; shown: {shown}",
                instrument="terminal",
                todo="check the terminal's cable and console, and the profile named in the rig file",
            )
        if rig.profile.means(frame.screen) == "out of service":
            raise RigFault(
                f"it is out of service: {' / '.join(line for line in frame.lines if line)}",
                instrument="terminal",
                todo="put in another terminal: nothing can be said about this one",
            )
        return f"screen {frame.screen!r} after {rig.clock.now() - began:.1f} s"

    def _camera(self) -> str:
        """Camera and console show the same page; without a console the page was known at the start already."""
        rig = self._rig
        if rig.description.camera is None:
            return "no camera in this rig file"
        told = rig.screen.settled().lines
        try:
            sight = rig.look(lambda reading: reading.rows == told)
        except ExtraMissingError as missing:
            return f"not looked at: {missing.todo}"
        reading = Reading(None) if sight is None else sight.reading
        shown = " / ".join(filter(None, told)) or "nothing"
        if reading.rows != told:
            raise RigFault(
                f"the terminal shows {shown}; by camera: {_seen(reading)}",
                instrument="camera",
                todo="posrig camera draws what it sees: is the display within the corners, in focus, evenly lit?",
            )
        by = "the screen is read by it" if rig.description.streams.screen == CAMERA else "as the console"
        return f"sees {shown} ({by})"

    def _current(self) -> str:
        rig, words = self._rig, ""
        rig.screen.settled()
        supply = rig.power.current_a()
        if rig.meter is not None:
            meter = rig.meter.current_a()
            words = f", meter {meter * 1000:.0f} mA"
            _near("current", supply, meter, SUPPLY_AND_METER_A, "A")
        low, high = (milliamps / 1000 for milliamps in rig.profile.data.supply_current_ma.get("idle", (0.0, 1e6)))
        if not low * (1 - MARGIN) <= supply <= high * (1 + MARGIN):
            raise RigFault(
                f"{supply * 1000:.0f} mA, expected {low * 1000:.0f} to {high * 1000:.0f} mA",
                instrument="supply",
                todo="is the right terminal connected, and nothing else?",
            )
        return f"supply {supply * 1000:.0f} mA{words}"

    def _terminal(self) -> str:
        """Budgets are counted by serial number, so another terminal must not be taken for this one."""
        rig, wanted = self._rig, self._rig.description.terminal.serial_number
        told = [line.fields.get("serial", "") for line in self._lines(self._mark, "boot")]
        told += [
            frame.fields.get("serial", "")
            for frame in rig.screen.history()
            if rig.profile.means(frame.screen) == "starting"
        ]
        found = next((serial for serial in told if serial), "")
        if not found:
            return f"{wanted} by the rig file; the terminal tells none at its start"
        if found != wanted:
            raise RigFault(
                f"it is serial number {found}, the rig file says {wanted}",
                instrument="terminal",
                todo="put in that terminal, or correct terminal.serial_number: budgets are counted per unit",
            )
        return f"serial number {found}, as in the rig file"

    def _keys(self) -> str:
        """Each key once, each way back by the cancel key: heard on the service port, or answered by the display."""
        rig = self._rig
        wrong: dict[str, str] = {}
        for key in rig.keypad.keys:
            if trouble := self._unheard(key):
                wrong[key] = trouble
            if key != self._back:
                rig.keypad.press(self._back)
        digits = [key for key in rig.keypad.keys if key.isdigit()]
        if digits and wrong.keys() >= set(digits) and self._at_a_prompt():
            wrong = {key: trouble for key, trouble in wrong.items() if key not in digits}
            wrong |= {key: trouble for key in digits if (trouble := self._unheard(key))}
        if wrong:
            channels = rig.description.keypad.channels
            named = ", ".join(f"{key} ({channels[key]}) {trouble}" for key, trouble in wrong.items())
            raise RigFault(
                f"the terminal did not feel what was pressed: {named}",
                instrument="switch",
                todo="look at that channel's contact and its wire to the keypad; a key that stands pressed is welded",
            )
        how = (
            "heard on the service port"
            if rig.streams.service
            else "pressed; without a service port only the display tells"
        )
        return f"{len(rig.keypad.keys)} {how}"

    @property
    def _back(self) -> str:
        """What leads back: the profile's cancel key, or one that must do for it."""
        about, wired = self._rig.profile.data, self._rig.keypad.keys
        return next((key for key in (about.cancel, about.clear) if key in wired), wired[0])

    def _at_a_prompt(self) -> bool:
        """On a page where digits are typed, by the first key of the way to a sign-on: pads on a glass that shows no
        keyboard touch nothing, or something else."""
        rig = self._rig
        keys = next((way.keys for way in rig.profile.data.ways.get("sign on", ())), ())
        Navigator(rig.terminal).rest()
        for key in keys[:1]:
            rig.keypad.press(key)
        screen = rig.profile.screens.get(rig.screen.settled().screen or "")
        return screen is not None and screen.kind == "entry"

    def _unheard(self, key: str) -> str:
        rig = self._rig
        if rig.streams.service is None:
            rig.keypad.press(key)
            return ""
        mark = rig.terminal.service.mark()
        rig.keypad.press(key)
        rig.screen.settled()
        downs = [line.fields.get("code") for line in self._lines(mark, "key") if line.fields.get("edge") == "down"]
        if len(downs) == 1 and downs[0] in (key, SECRET_KEY):
            return ""
        return "not felt" if not downs else f"felt as {' '.join(map(str, downs))}"

    def _network(self) -> str:
        """The line is cut and closed again; the terminal says so itself."""
        rig = self._rig
        if rig.network is None:
            return "no network line in this rig file"
        if rig.streams.service is None:
            return "switched; no service port to hear it on"
        if not rig.network.connected:
            raise RigFault(
                "the line is cut before anything was switched", instrument="switch", todo="look at network.closed_means"
            )
        rig.clock.sleep(rig.profile.timings.network_attach_s)
        for act, state in ((rig.network.disconnect, "down"), (rig.network.connect, "up")):
            mark = rig.terminal.service.mark()
            act()
            self._wait_for_link(mark, state)
        return "cut and connected again, told by the terminal"

    def _wait_for_link(self, mark: int, state: str) -> None:
        rig, channel = self._rig, self._rig.description.network
        until = rig.clock.now() + rig.profile.timings.network_attach_s + LINK_WITHIN_S
        while rig.clock.now() < until:
            if any(line.fields.get("state") == state for line in self._lines(mark, "link")):
                return
            rig.clock.sleep(0.5)
        raise RigFault(
            f"the relay was switched and the terminal's line did not go {state}",
            instrument="switch",
            todo=f"look at contact and cable of channel {channel.channel if channel else '?'}, and at closed_means",
        )

    def _usb(self) -> str:
        if self._rig.usb is None:
            return "no USB line in this rig file"
        self._rig.usb.connect()
        self._rig.usb.disconnect()
        return "switched; the terminal gives no sign of a stick without a file for it"

    def _clocks(self) -> str:
        """Evidence of all wires is put on one time line: a terminal that stamps its lines must have the rig's time."""
        rig = self._rig
        if rig.streams.service is None:
            return "no service port: the terminal's lines have the rig's time"
        mark = rig.terminal.service.mark()
        rig.keypad.press(self._back)
        now = rig.clock.now()
        lines = self._lines(mark, None)
        if not lines:
            raise RigFault(
                "no line of the service port to compare", instrument="service port", todo="look at its cable"
            )
        skew_s = lines[-1].at - now
        if abs(skew_s) > CLOCKS_WITHIN_S:
            raise RigFault(
                f"the service port's lines are {skew_s:+.1f} s off the rig's clock",
                instrument="clock",
                allowed=f"{CLOCKS_WITHIN_S:g} s either way",
                todo="set the clock of this PC by NTP, and that of the terminal or its serial server",
            )
        return f"the service port's lines are {skew_s:+.2f} s off the rig's clock"

    def _lines(self, mark: int, event: str | None) -> tuple[ServiceLine, ...]:
        return self._rig.terminal.service.since(mark, event) if self._rig.streams.service is not None else ()

    def _power_off(self) -> str:
        self._rig.power.off()
        self._rig.clock.sleep(self._rig.description.power.off_s)
        found = self._rig.power.current_a()
        if found > OFF_BELOW_A:
            raise RigFault(f"{found * 1000:.0f} mA flow while the output is off", instrument="supply")
        return f"{found * 1000:.1f} mA"


def _seen(reading: Reading) -> str:
    return reading.unreadable or " / ".join(filter(None, reading.rows or ())) or "an empty display"


def _identity(identity: Identity, wanted: Instrument) -> str:
    """A serial number that the rig file names was compared before anything was sent (posrig/instruments/visa.py)."""
    named = "as in the rig file" if wanted.serial_number else "not in the rig file: any unit of this model would do"
    return f"{identity.model}, serial number {identity.serial_number} ({named}), firmware {identity.firmware}"


def _near(what: str, supply: float, meter: float, within: float, unit: str) -> None:
    if abs(supply - meter) > within + 0.1 * abs(meter) * (unit == "A"):
        raise RigFault(
            f"supply and meter disagree on the {what}: {supply:.3f} {unit} and {meter:.3f} {unit}",
            instrument="meter",
            todo="check the meter's leads and range; the meter belongs in the terminal's supply line",
        )


def _unfelt(keys: Iterable[str], before: Mapping[str, int], after: Mapping[str, int]) -> list[str]:
    """Keys whose line was not closed exactly once; nothing where no monitor is on the key lines."""
    if not before:
        return []
    times = {key: after.get(key, 0) - before.get(key, 0) for key in keys}
    return [f"key {key} (felt {n} times on its line)" for key, n in times.items() if n != 1]
