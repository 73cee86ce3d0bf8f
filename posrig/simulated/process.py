"""One simulated rig: puts loop, instruments, wires, terminal and world together and serves until told to stop."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, TextIO

from posrig.simulated import terminal_acts, wire_acts
from posrig.simulated.bench_acts import BenchActs, BenchError
from posrig.simulated.control import BenchWire, ClockWire
from posrig.simulated.hardware.board import Provision
from posrig.simulated.hardware.model import TerminalModel
from posrig.simulated.hardware.terminal_board import Surroundings, TerminalBoard
from posrig.simulated.hardware.wiring import Wires
from posrig.simulated.instruments.meter import Multimeter
from posrig.simulated.instruments.supply import PowerSupply
from posrig.simulated.instruments.switch import CHANNELS, SwitchUnit
from posrig.simulated.loop.loop import READ, Loop
from posrig.simulated.loop.scheduler import EPOCH_S, Scheduler
from posrig.simulated.options import Options, OptionsError
from posrig.simulated.scpi.instrument import Instrument
from posrig.simulated.wires.camera import Camera
from posrig.simulated.wires.faults import PTY, WireFault, WireFaults, missing_wire, wires_of
from posrig.simulated.wires.faulty_wire import (
    FaultyWire,
    Pieces,
    answer_pieces,
    line_pieces,
    photo_pieces,
    repaint_pieces,
)
from posrig.simulated.wires.scpi_server import OwnTime, ScpiServer
from posrig.simulated.wires.sockets import BENCH_LINE_LIMIT, LINE_LIMIT, Connection, Lines, Listener, Port
from posrig.simulated.wires.streams import NoServicePort, ScreenStream, ServiceStream, Stream
from posrig.simulated.world.acts import acts as world_acts
from posrig.simulated.world.world import World

FOLDER_PREFIX = "posrig-rig-"


class ServiceTool:
    """Reads a terminal over its service contacts, powered or not."""

    def __init__(self, model: TerminalModel, board: TerminalBoard) -> None:
        self._model, self._board = model, board

    def journal(self) -> list[dict[str, Any]]:
        return self._model.journal(self._board)

    def storage(self) -> dict[str, Any]:
        return self._model.storage(self._board)


class SimulatedRig:
    """Everything of one process. ``close`` gives back sockets, ptys and the temporary folder."""

    def __init__(self, options: Options, model: TerminalModel) -> None:
        """Raises OptionsError when a port is taken or a defect unknown."""
        self._options, self._model = options, model
        self._own = _own_folder() if options.directory is None else None
        self._directory = Path(self._own) if self._own else Path(options.directory or ".")
        self._closers: list[Callable[[], None]] = []
        self.seed = options.seed
        self._chances: dict[str, random.Random] = {}
        self._count = 0
        self.terminal: TerminalBoard
        try:
            self._build()
        except OSError as error:
            self.close()
            raise OptionsError(f"cannot listen: {error}", allowed="free ports of 127.0.0.1") from None
        except BaseException:
            self.close()
            raise

    def _build(self) -> None:
        options = self._options
        self.scheduler = Scheduler(EPOCH_S, real_time=options.real_time)
        self.loop = Loop(self.scheduler)
        self.faults = WireFaults(options.faults)
        self.faulty: dict[str, FaultyWire] = {}
        self._closers.append(self.loop.close)
        self._directory.mkdir(parents=True, exist_ok=True)
        self.screen = ScreenStream(
            self.loop,
            self._port("screen"),
            self._model.kind.face,
            with_tty=options.ttys,
            tty_path=self._directory / "screen.tty",
        )
        self.streams: dict[str, Stream] = {}
        self._offer("screen", self.screen, repaint_pieces)
        self.service = self._service()
        self.camera = Camera(
            self.loop,
            self._port("camera"),
            self.screen,
            lambda: self.scheduler.now,
            seed=self.seed,
            real_time=options.real_time,
        )
        self._closers.append(self.camera.close)
        self._put_faults("camera", self.camera.listener, photo_pieces)
        self.screen.on_backlight = lambda on: self.service.emit("backlight", state="on" if on else "off")
        self._build_instruments()
        self.world = World(self.scheduler, self._directory, self.faults, model=self._model.kind.model)
        self._closers.append(self.world.close)
        self.wires.cable = self.world.nic.cable
        self.wires.plug_stick = self.world.stick.plug
        self._build_wires()
        self.fresh(Provision(), ())

    def _service(self) -> ServiceStream | NoServicePort:
        if not self._model.kind.service_port:
            return NoServicePort()
        stream = ServiceStream(
            self.loop,
            self._port("service"),
            lambda: self.scheduler.now,
            with_tty=self._options.ttys,
            tty_path=self._directory / "service.tty",
        )
        self._offer("service", stream, line_pieces)
        return stream

    def _offer(self, name: str, stream: Stream, cut: Callable[[bytes], list[Pieces]]) -> None:
        """A stream of the terminal, over TCP and pty, with what may go wrong on either."""
        self.streams[name] = stream
        self._closers.append(stream.close)
        self._put_faults(name, stream.listener, cut)
        if stream.tty is not None:
            self._put_faults(name + PTY, stream.tty, cut)
            stream.tty.mended()

    def _build_instruments(self) -> None:
        self.instruments: dict[str, ScpiServer] = {}
        time = OwnTime(self.scheduler)
        supply = PowerSupply(time.elapse, self.scheduler, self._chance("supply"))
        self._serve("supply", supply, time)
        wiring = self._options.wiring
        output = supply.outputs[wiring.supply_output]
        self.wires = Wires(wiring, self.scheduler, output, CHANNELS, self._chance("relays"))
        time = OwnTime(self.scheduler)
        self._serve("switch", SwitchUnit(time.elapse, self.wires.relays), time)
        time = OwnTime(self.scheduler)
        meter = Multimeter(time.elapse, lambda: output.amps, lambda: output.volts, self._chance("meter"))
        self._serve("meter", meter, time)

    def _chance(self, name: str) -> random.Random:
        """A source of chance; each terminal from the shelf starts it anew, so that a scenario repeats in any order."""
        self._chances[name] = random.Random()
        return self._chances[name]

    def _serve(self, name: str, instrument: Instrument, time: OwnTime) -> None:
        server = ScpiServer(self.loop, self.scheduler, self._port(name), instrument, time)
        self.instruments[name] = server
        self._put_faults(name, server.listener, answer_pieces)
        self._closers.append(server.close)

    def _put_faults(self, name: str, listener: Port, cut: Callable[[bytes], list[Pieces]]) -> None:
        wire = self.faulty[name] = FaultyWire(name, self.loop, self.faults, listener, cut)
        for striking in self.faults.of(name, "open"):
            wire.apply(striking)

    def set_fault(self, fault: WireFault) -> None:
        """A fault of a wire, from now on. Raises BenchError for a wire that this rig does not have."""
        if missing := missing_wire(fault, self._model.kind):
            raise BenchError(missing, allowed=", ".join(wires_of(self._model.kind)))
        strikings = self.faults.set(fault)
        for striking in strikings:
            if (wire := self.faulty.get(striking.fault.wire)) is not None:
                wire.apply(striking)
        if fault.wire in self.faulty:
            return
        if fault.seconds > 0 and fault.fault in ("vanish", "half-open"):
            # these two wires live in the simulation's time
            self.scheduler.after(fault.seconds, lambda: self.faults.end(strikings[0]))

    def mend(self, wire: str | None = None, *, all_of_them: bool = False) -> None:
        """Faults of a wire are gone; without one those of all wires, instruments and relays.

        Raises OSError when a port was taken meanwhile.
        """
        self.faults.mend(wire, all_of_them=all_of_them)
        if wire is None:
            for server in self.instruments.values():
                server.restore()
            self.wires.mend_relays()
        for name, faulty in self.faulty.items():
            if wire in (None, name.removesuffix(PTY)):
                faulty.mended()

    def _build_wires(self) -> None:
        acts = BenchActs()
        offered = {**terminal_acts.acts(self), **world_acts(self.world), **wire_acts.acts(self)}
        acts.register_all(terminal_acts.of_kind(offered, self._model.kind))
        clock = ClockWire(self.scheduler, self.screen, self.service, self.loop.flush)
        bench = BenchWire(acts, self.loop.flush)
        self._clock = self._listen("clock", clock, LINE_LIMIT)
        self._bench = self._listen("bench", bench, BENCH_LINE_LIMIT)

    def _listen(self, name: str, wire: ClockWire | BenchWire, limit: int) -> Listener:
        def accepted(connection: Connection) -> None:
            connection.backlog_limit = max(connection.backlog_limit, limit)
            Lines(connection, wire.line, wire.overrun, limit)

        listener = Listener(self.loop, self._port(name), accepted)
        self._closers += [listener.drop, listener.refuse]
        return listener

    def _port(self, name: str) -> int:
        return self._options.ports.get(name, 0)

    @property
    def announcement(self) -> dict[str, Any]:
        """What the process prints when everything listens."""
        ports = {name: server.port for name, server in self.instruments.items()}
        ports |= {name: stream.port for name, stream in self.streams.items()} | {"camera": self.camera.port}
        ports |= {"clock": self._clock.port, "bench": self._bench.port}
        ttys = {name: stream.tty_path for name, stream in self.streams.items() if stream.tty is not None}
        return {"ports": ports, "ttys": ttys, "pid": os.getpid()}

    def fresh(
        self,
        provision: Provision,
        defects: tuple[str, ...],
        *,
        clock: float | None = None,
        world: bool = True,
        seed: int | None = None,
    ) -> None:
        """Another terminal from the shelf, without power; it has the options' defects and these.

        One that still lives on its battery is taken away with it. ``seed``: else that of the options.

        Raises BenchError for an unknown defect.
        """
        make_firmware = self._model.firmware(tuple(dict.fromkeys((*self._options.defects, *defects))))
        seed = self._options.seed if seed is None else seed
        for name, chance in self._chances.items():
            chance.seed(f"{seed}:{name}")
        if self._count:
            self.terminal.power(False)
        if clock is not None:
            self.scheduler.jump(clock)
        if world:
            self.world.reset()
        trust = self.world.trust(provision.serial_number)
        flash = self._new_flash()
        self._model.provision(flash, provision, trust)
        around = Surroundings(
            scheduler=self.scheduler,
            screen=self.screen,
            service=self.service,
            nic=self.world.nic,
            usb=self.world.stick,
            finger=self.world.finger,
            power_down=self.world.power_down,
            load_changed=self.wires.load_changed,
        )
        self.terminal = TerminalBoard(
            around,
            kind=self._model.kind,
            serial_number=provision.serial_number,
            flash=flash,
            trust=trust,
            make_firmware=make_firmware,
            seed=seed,
        )
        self.wires.battery_fitted = self._options.battery
        self.wires.mains_plugged = True
        self.wires.plug_in(self.terminal)

    def _new_flash(self) -> Path:
        """The flash of the terminal before is thrown away: a long run must not fill the disk."""
        shutil.rmtree(self._directory / f"terminal-{self._count}", ignore_errors=True)
        self._count += 1
        flash = self._directory / f"terminal-{self._count}" / "flash"
        shutil.rmtree(flash, ignore_errors=True)
        flash.mkdir(parents=True)
        return flash

    def service_tool(self) -> ServiceTool:
        return ServiceTool(self._model, self.terminal)

    def close(self) -> None:
        while self._closers:
            self._closers.pop()()
        if self._own is not None:
            shutil.rmtree(self._own, ignore_errors=True)
            self._own = None


def serve(options: Options, model: TerminalModel, out: TextIO, life_line: int | None) -> None:
    """Run one rig: announce it on ``out``, serve until ``life_line`` (a file descriptor) closes, SIGTERM or ``quit``.

    Raises OptionsError before anything was announced.
    """
    rig = SimulatedRig(options, model)
    try:
        _end_on_signals(rig.loop)
        if life_line is not None:
            rig.loop.watch(life_line, READ, _hanging_on(rig.loop, life_line))
        print(json.dumps(rig.announcement), file=out, flush=True)
        rig.loop.run()
    finally:
        rig.close()


def _hanging_on(loop: Loop, life_line: int) -> Callable[[int], None]:
    def ready(_: int) -> None:
        if not os.read(life_line, 4096):
            loop.stop()

    return ready


def _end_on_signals(loop: Loop) -> None:
    """SIGTERM ends the loop in order, and so does a closed window, save under ``nohup``.

    The wake-up descriptor is what makes ``select`` return at once.
    """
    reader, writer = os.pipe()
    os.set_blocking(reader, False)
    os.set_blocking(writer, False)
    signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        if number != signal.SIGHUP or signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, lambda *_: loop.stop())
    loop.watch(reader, READ, lambda _: None)


def _own_folder() -> str:
    """A folder of this process; those of rigs that were killed outright are swept away on the way.

    In memory where the system has such a place: the flash of a simulated terminal needs no disk.
    """
    root = "/dev/shm" if sys.platform == "linux" and os.access("/dev/shm", os.W_OK) else tempfile.gettempdir()
    for left in Path(root).glob(f"{FOLDER_PREFIX}*-*"):
        pid = left.name.removeprefix(FOLDER_PREFIX).partition("-")[0]
        if pid.isdigit() and not _alive(int(pid)):
            shutil.rmtree(left, ignore_errors=True)
    return tempfile.mkdtemp(prefix=f"{FOLDER_PREFIX}{os.getpid()}-", dir=root)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
