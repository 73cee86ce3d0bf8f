"""A rig: opens what a rig file names, checks identities, and closes to the safe state whatever happened.

Order of opening: simulated process (if the file asks), clock, consoles (before any power, or the boot banner is lost),
instruments, safe state, terminal. Every part that fails is named in one error. Order of closing: safe actions, each on
its own (posrig/safety/actions.py), then consoles, clock, bench, sessions, simulated process.
"""

from __future__ import annotations

import atexit
import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any

from posrig.description.credentials import Credentials
from posrig.description.profile import Profile, read_profile
from posrig.description.rig_file import CAMERA, RigDescription, filled
from posrig.description.rig_places import located
from posrig.ground.clock import Clock, RealClock, SimulatedClock
from posrig.ground.faults import ConfigurationError, PosrigError, RigFault
from posrig.instruments.bench import Bench, NoBench, WireBench
from posrig.instruments.meter import ScpiMeter
from posrig.instruments.supply import ScpiSupply
from posrig.instruments.switch import ScpiSwitch
from posrig.rig import wire_evidence
from posrig.rig.parts_lost import together
from posrig.rig.preparation import credentials_of, simulator_options, terminal_sheet
from posrig.rig.simulator_process import SimulatorProcess
from posrig.rig.told import Told
from posrig.rig.wire_evidence import Baseline
from posrig.rig.wired_keys import check_keys
from posrig.safety.actions import Outcome, SafeAction, Stage, run_all, signals_held
from posrig.safety.guard import Guard, with_addresses
from posrig.safety.guarded import Guarded, starter
from posrig.safety.safe_state import drivers, safe_actions, switched_on
from posrig.screens.camera import Sight, look, photo_reader
from posrig.screens.camera_stream import Reading
from posrig.screens.pictures import Picture
from posrig.terminal.contracts import ServiceLine
from posrig.terminal.keypad import RelayKeypad
from posrig.terminal.lines import RelayLine
from posrig.terminal.power import SupplyPower
from posrig.terminal.press_log import PressLog
from posrig.terminal.screen import ConsoleScreen
from posrig.terminal.service import NoServiceLines, ServiceLines
from posrig.terminal.streams import Streams
from posrig.terminal.submitting import Submissions
from posrig.terminal.terminal import Terminal
from posrig.terminal.timeline import Timeline
from posrig.terminal.veil import PromptWatch, Veil, entry_ends, starred

MEND = "wire.mend"


@dataclass(frozen=True, slots=True)
class RigOptions:
    """How a rig is opened. ``attach``: power and relays stay as they are found, save what this rig moves: that is made
    safe at the end, by its guard too. ``guard=False``: for a simulated rig of one's own, which ends with this process.

    ``keep_open``: descriptors that the guard keeps when this process is killed (leases). ``job``: a name for people.
    ``left``: an earlier holder did not end in order, so an attached rig is made safe at the start too.
    """

    attach: bool = False
    defects: tuple[str, ...] = ()
    defects_from: tuple[str, ...] = ()
    guard: bool = True
    keep_open: tuple[int, ...] = ()
    job: str = ""
    incidents: Path | None = None
    left: bool = False
    on_handed_over: Callable[[], None] | None = None
    """Called when the guard goes on alone, also with a rig that did not open: nobody else may have the rig then."""


class Rig:
    """An open rig. Made by :meth:`open`; use it as a context manager."""

    def __init__(
        self, description: RigDescription, profile: Profile, credentials: Credentials, options: RigOptions
    ) -> None:
        self.description, self.profile, self.credentials, self.options = description, profile, credentials, options
        self.timeline = Timeline()
        self.veil = Veil(profile)
        self.press_log = PressLog()
        self.simulator: SimulatorProcess | None = None
        self.guarded: Guarded | None = None
        self.handed_over = False
        self.found_on: tuple[str, ...] = ()
        """What was switched on when the rig was opened, before it was made safe; in words."""
        self.loss_told = False
        """Somebody has said that the guard was lost."""
        self.addresses: dict[str, str] = {}
        """What fills ``{supply}`` and the like in the rig file's addresses."""
        self.outcomes: tuple[Outcome, ...] = ()
        self.start_outcomes: tuple[Outcome, ...] = ()
        self._parts: list[Callable[[], None]] = []
        self._closed = False
        self.told = Told()
        self.recognised = False
        """The profile has known a page at which this terminal rests; as far as it was asked."""
        self.clock: Clock
        self.bench: Bench
        self.streams: Streams
        self.supply: ScpiSupply
        self.switch: ScpiSwitch
        self.meter: ScpiMeter | None = None
        self.keypad: RelayKeypad
        self.screen: ConsoleScreen
        self.power: SupplyPower
        self.network: RelayLine | None = None
        self.usb: RelayLine | None = None
        self.terminal: Terminal
        self.baseline: Baseline

    @classmethod
    def open(
        cls,
        description: RigDescription,
        *,
        credentials: Credentials | None = None,
        options: RigOptions | None = None,
        profile: Profile | None = None,
    ) -> Rig:
        """Open everything or nothing. Raises ConfigurationError before any byte is sent, RigFault for what is lost."""
        profile = profile or read_profile(description.terminal.profile)
        check_keys(description, profile)
        with located(description):
            rig = cls(
                description, profile, credentials or credentials_of(description, profile), options or RigOptions()
            )
        atexit.register(rig.close)
        try:
            with located(description):
                rig._open()
        except BaseException:
            rig.close()
            raise
        return rig

    def _open(self) -> None:
        self._instruments(None)  # limits, dialects and channels are checked before anything starts
        simulated = self.description.simulated
        addresses = self.addresses
        if simulated is not None:
            if simulated.real_time and self.description.clock.kind == "simulated":
                raise ConfigurationError(
                    "a simulated rig in real time has no virtual clock",
                    where="rig file, fields simulated.real_time and clock.kind",
                    allowed="clock.kind: real, or no simulated.real_time",
                )
            self.simulator = SimulatorProcess(
                simulator_options(self.description, self.options.defects, self.options.defects_from),
                simulated.starts_within_s,
            )
            self._parts.append(self.simulator.stop)
            addresses.update(self.simulator.addresses)
        self._instruments(addresses)
        self._start_guard(addresses)
        failures: list[PosrigError] = []
        self._try(failures, lambda: self._open_clock(addresses))
        if not failures:
            self._try(failures, lambda: self._open_streams(addresses))
        self._try(failures, lambda: self._open_bench(addresses))
        for instrument in (self.supply, self.switch, self.meter):
            if instrument is not None:
                self._parts.append(instrument.close)
                self._try(failures, instrument.connect)
        if failures:
            raise together(failures, self.description.name)
        if self.guarded is not None:
            self.guarded.watches()  # it started while the instruments were opened
        if not self.options.attach or self.options.left:
            self._make_safe_at_start()
        if self.guarded is not None:
            self.guarded.powered_by_others = self.options.attach and self.supply.is_on()
        self._assemble()

    def _start_guard(self, addresses: dict[str, str]) -> None:
        """Before the first risky act. It holds the simulated rig's life line: else nothing would be left to prove."""
        options, description = self.options, with_addresses(self.description, addresses)
        start = starter(
            description,
            keep_open=() if self.simulator is None else self.simulator.life_line,
            leases=options.keep_open, incidents=options.incidents, job=options.job,
        )  # fmt: skip
        self.guarded = Guarded(
            description, self.supply, self.switch, attached=options.attach, start=start if options.guard else None
        )
        self._parts.append(self._dismiss_guard)

    def _dismiss_guard(self) -> None:
        """A simulated rig of our own ends with us: there is nothing left to make safe."""
        safe = self.simulator is not None or all(outcome.proved for outcome in self.outcomes)
        if self.guarded is not None and self.guarded.dismiss(safe=safe):
            self.handed_over = True
            if self.options.on_handed_over is not None:
                self.options.on_handed_over()

    @property
    def guard(self) -> Guard | None:
        return None if self.guarded is None else self.guarded.guard

    @property
    def lost(self) -> RigFault | None:
        """The guard was lost: the rig was made safe at once, and is not moved any more."""
        return None if self.guarded is None else self.guarded.lost

    @staticmethod
    def _try(failures: list[PosrigError], act: Callable[[], object]) -> None:
        try:
            act()
        except PosrigError as exc:
            failures.append(exc)

    def _instruments(self, addresses: dict[str, str] | None) -> None:
        wiring = self.description if addresses is None else with_addresses(self.description, addresses)
        self.supply, self.switch = drivers(wiring)
        if wiring.instruments.meter is not None:
            self.meter = ScpiMeter(wiring.instruments.meter)

    def _open_clock(self, addresses: dict[str, str]) -> None:
        wiring = self.description.clock
        if wiring.kind == "simulated" and wiring.address is not None:
            self.clock = SimulatedClock(filled(wiring.address, addresses))
        else:
            self.clock = RealClock()
        self._parts.append(self.clock.close)

    def _open_streams(self, addresses: dict[str, str]) -> None:
        wiring = self.description.streams
        service = None if wiring.service is None else filled(wiring.service, addresses)
        reader, screen, display = None, wiring.screen, self.profile.data.display
        if screen == CAMERA and self.description.camera is not None:
            reader, screen = photo_reader(self.description.camera, self.profile), self.description.camera.stream
        self.streams = Streams(
            filled(screen, addresses), service, self.clock.last_now, self._on_picture, self._on_line, reader,
            size=(display.rows, display.columns), encoding=wiring.encoding or display.encoding,
        )  # fmt: skip
        self._parts.append(self.streams.close)
        if isinstance(self.clock, SimulatedClock):
            self.streams.begin_at(self.clock.marks)

    def look(self, wanted: Callable[[Reading], bool]) -> Sight | None:
        """A look at the display by the camera, whatever the screen is read from; None when the rig has no camera.

        Raises ConfigurationError (extra or font missing), TransportError, RigFault.
        """
        camera = self.description.camera
        if camera is None:
            return None
        return look(filled(camera.stream, self.addresses), photo_reader(camera, self.profile), wanted)

    def _open_bench(self, addresses: dict[str, str]) -> None:
        self.bench = NoBench()
        if self.description.bench is not None:
            self.bench = WireBench(filled(self.description.bench, addresses))
            self._parts.append(self.bench.close)

    def _on_picture(self, picture: Picture) -> None:
        self.veil.follow(picture)
        self.timeline.add(picture.at, "screen", " | ".join(self.veil.rows(picture.lines)))

    def _on_line(self, line: ServiceLine) -> None:
        self.press_log.line(line)
        self.told.line(line, self.clock.last_now())
        self.timeline.add(line.at, "service", self.veil.service(line))

    def _went_dark(self) -> None:
        self.screen.forget()
        self.veil.forget()
        self.press_log.started()
        self.told.dark()

    def _make_safe_at_start(self) -> None:
        """What an earlier run left on is switched off first; a rig that cannot be made safe is not used."""
        with contextlib.suppress(RigFault):  # what cannot be asked is said by the safe actions
            self.found_on = switched_on(self.description, self.supply, self.switch)
        self.start_outcomes = run_all(self.safe_actions())
        bad = [str(outcome) for outcome in self.start_outcomes if not outcome.proved]
        if bad:
            raise RigFault("the rig cannot be brought to its safe state:\n    " + "\n    ".join(bad), instrument="rig")

    def _assemble(self) -> None:
        description, note = self.description, self.timeline.add
        keypad, power = description.keypad, description.power
        self.keypad = RelayKeypad(
            self.switch,
            keypad.channels,
            self.clock,
            note,
            press_s=keypad.press_s,
            gap_s=keypad.gap_s,
            log=self.press_log,
        )
        shown, told = self.veil.rows, self.keypad.history_text
        self.screen = ConsoleScreen(self.streams, self.profile, self.clock, told, shown)
        self.power = SupplyPower(
            self.supply, self.clock, note, voltage_v=power.voltage_v, off_s=power.off_s, went_dark=self._went_dark
        )
        if description.network is not None:
            self.network = RelayLine("network", self.switch, description.network, self.clock, note)
        if description.usb is not None:
            self.usb = RelayLine("USB stick", self.switch, description.usb, self.clock, note)
        self.terminal = Terminal(
            serial_number=description.terminal.serial_number,
            language=description.terminal.language,
            zone=description.terminal.zone,
            profile=self.profile,
            clock=self.clock,
            keypad=self.keypad,
            screen=self.screen,
            power=self.power,
            service=ServiceLines(self.streams, self.clock) if self.streams.service else NoServiceLines(),
            bench=self.bench,
            credentials=self.credentials,
            network=self.network,
            usb=self.usb,
            timeline=self.timeline,
            shown=shown,
        )
        self.keypad.before_keys = Submissions(self.terminal).before_keys
        masks, ends = self.credentials.masks, entry_ends(self.profile)
        self.keypad.starred = partial(starred, masks=masks, ends=ends)
        self.keypad.hides = PromptWatch(self.screen.present, self.veil.asks).hides

    def recover(self) -> None:
        """Between scenarios: faults that a step has put on a wire are taken away, lost streams are opened anew.

        Instruments come back by themselves: a session that failed is opened anew by its next command. Raises
        TransportError for a stream that stays away.
        """
        if MEND in self.bench.capabilities:
            self.bench.do(MEND)
        self.streams.revive()

    def begin_scenario(self) -> None:
        """A new timeline, no keys and no screens so far."""
        self.clock.sync(self.streams)
        self.baseline = wire_evidence.read(self)
        self.timeline.clear()
        self.keypad.forget()
        self.veil.begin()
        self.screen.begin()
        self.told.begin(exchanged="terminal.fresh" in self.bench.capabilities)

    def fresh_terminal(self, **provision: Any) -> None:
        """Take another terminal from the shelf (simulated rig; power must be off), with this rig's credentials.

        ``provision`` overrides fields of the key room's sheet (docs/wires.md). Raises ConfigurationError on a lab rig.
        """
        sheet = terminal_sheet(self.description, self.credentials) | provision
        self.bench.do("terminal.fresh", provision=sheet)
        self.screen.forget()

    def safe_actions(self) -> tuple[SafeAction, ...]:
        """What makes each actuator safe, and how that is proved."""
        return safe_actions(self.description, self.supply, self.switch)

    def make_safe(self, *, relays_only: bool = False) -> tuple[Outcome, ...]:
        """Everything that this rig is to make safe, now; an attached rig what it moved. The rig stays open."""
        stages = tuple(Stage) if self.guarded is None else self.guarded.stages
        wanted = (Stage.RELAYS_OPEN,) if relays_only else stages
        return run_all(action for action in self.safe_actions() if action.stage in wanted)

    def close(self, *, leave_on: bool = False) -> tuple[Outcome, ...]:
        """To the safe state, then let go of everything. Never raises, may be called twice; returns what became of each
        safe action. An attached rig makes safe what it moved; ``leave_on``: its key relays only."""
        with signals_held():  # a second, impatient Ctrl-C must not end this half way
            return self._close(leave_on)

    def _close(self, leave_on: bool) -> tuple[Outcome, ...]:
        if self._closed:
            return self.outcomes
        self._closed = True
        atexit.unregister(self.close)
        if self.guarded is not None:
            self.guarded.closing()
        if hasattr(self, "switch") and hasattr(self, "supply") and self._reached():
            self.outcomes = self.make_safe(relays_only=leave_on and self.lost is None)
        while self._parts:
            with contextlib.suppress(OSError, PosrigError):  # a lost console must not keep the others open
                self._parts.pop()()
        return self.outcomes

    def _reached(self) -> bool:
        """An instrument answered in this run: only then is there something to make safe."""
        return bool(self.switch.session.generation or self.supply.session.generation)

    def __enter__(self) -> Rig:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
