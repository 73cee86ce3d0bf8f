"""Bench acts on the terminal and the rig's own hardware: terminal.*, rtc.*, battery, relay.*, instrument.*, quit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any, Protocol

from posrig.simulated.bench_acts import Act, Arguments, BenchError
from posrig.simulated.hardware.board import Provision
from posrig.simulated.hardware.kind import Kind
from posrig.simulated.hardware.terminal_board import TerminalBoard
from posrig.simulated.hardware.wiring import Wires
from posrig.simulated.instruments.relays import FAULTS
from posrig.simulated.loop.loop import Loop
from posrig.simulated.wires.scpi_server import LOSSES, ScpiServer

LONGEST_TOUCH_S = 60.0
LATEST_S = datetime(2100, 1, 1, tzinfo=UTC).timestamp()
_PROVISION_KINDS: Mapping[str, type] = {
    "serial_number": str,
    "language": str,
    "version": str,
    "passwords": dict,
    "default_passwords": list,
    "totp_seeds": dict,
    "fingers": dict,
    "password_age_days": dict,
    "idle_lock_min": int,
    "zone": str,
}


class ServiceContacts(Protocol):
    """What is read from a terminal over its service contacts, powered or not."""

    def journal(self) -> list[dict[str, Any]]: ...
    def storage(self) -> dict[str, Any]: ...


class WiredRig(Protocol):
    """A terminal with what it is wired to, as :class:`posrig.simulated.process.SimulatedRig` is one."""

    @property
    def terminal(self) -> TerminalBoard: ...
    @property
    def wires(self) -> Wires: ...
    @property
    def instruments(self) -> Mapping[str, ScpiServer]: ...
    @property
    def loop(self) -> Loop: ...
    def service_tool(self) -> ServiceContacts: ...
    def fresh(
        self,
        provision: Provision,
        defects: tuple[str, ...],
        *,
        clock: float | None = None,
        world: bool = True,
        seed: int | None = None,
    ) -> None: ...


def acts(rig: WiredRig) -> dict[str, Act]:
    plain: dict[str, Callable[[WiredRig, Arguments], Any]] = {
        "terminal.fresh": _fresh,
        "terminal.tamper": _tamper,
        "terminal.fault": _fault,
        "terminal.journal": _journal,
        "terminal.storage": _storage,
        "rtc.battery": _rtc_battery,
        "rtc.set": _rtc_set,
        "battery": _battery,
        "touch": _touch,
        "instrument.lose": _lose,
        "instrument.restore": _restore,
        "relay.fault": _relay_fault,
        "keys.felt": _keys_felt,
        "quit": _quit,
    }
    return {name: _bound(rig, act) for name, act in plain.items()}


_NEEDED: Mapping[str, str] = {
    "usb.stick": "usb",
    "usb.files": "usb",
    "usb.insert": "usb",
    "usb.remove": "usb",
    "finger.touch": "finger",
    "finger.dead": "finger",
    "helpdesk.code": "helpdesk",
    "battery": "battery",
    "terminal.tamper": "case",
    "touch": "touch",
}
"""Act -> the line that it goes by."""


def of_kind(acts: Mapping[str, Act], kind: Kind) -> dict[str, Act]:
    """The acts that make sense with a terminal of this kind: nobody plugs a stick where no socket is."""
    return {name: act for name, act in acts.items() if _NEEDED.get(name) in (None, *kind.lines)}


def _bound(rig: WiredRig, act: Callable[[WiredRig, Arguments], Any]) -> Act:
    return lambda args: act(rig, Arguments(args))


def provision_from(data: dict[str, Any]) -> Provision:
    """A Provision from a bench request. Raises BenchError that names the field, never its value."""
    args = Arguments(data)
    given = {f.name: args.optional(f.name, _PROVISION_KINDS[f.name]) for f in fields(Provision)}
    args.done()
    given = {name: tuple(value) if isinstance(value, list) else value for name, value in given.items()}
    return Provision(**{name: value for name, value in given.items() if value is not None})


def _fresh(rig: WiredRig, args: Arguments) -> dict[str, Any]:
    provision = provision_from(args.optional("provision", dict, {}))
    defects = args.optional("defects", list, [])
    clock = args.optional("clock", float)
    world = args.optional("world", bool, True)
    seed = args.optional("seed", int)
    args.done()
    if not all(isinstance(name, str) for name in defects):
        raise BenchError("a defect that is no string", allowed="a list of defect ids")
    if clock is not None and not 0 <= clock <= LATEST_S:
        raise BenchError(f"clock {clock}", allowed=f"seconds since the Unix epoch, 0 to {LATEST_S:.0f}")
    if rig.wires.supplied:
        raise BenchError("the supply is on", todo="switch the terminal's output off first")
    rig.fresh(provision, tuple(defects), clock=clock, world=world, seed=seed)
    return {"serial_number": rig.terminal.serial_number}


def _tamper(rig: WiredRig, args: Arguments) -> None:
    args.done()
    rig.terminal.tamper()


def _fault(rig: WiredRig, args: Arguments) -> None:
    part, code = args.required("part", str), args.optional("code", str)
    args.done()
    mended = {name: found for name, found in rig.terminal.hardware_faults.items() if name != part}
    rig.terminal.hardware_faults = mended if code is None else {**mended, part: code}


def _journal(rig: WiredRig, args: Arguments) -> Any:
    args.done()
    return rig.service_tool().journal()


def _storage(rig: WiredRig, args: Arguments) -> Any:
    args.done()
    return rig.service_tool().storage()


def _rtc_battery(rig: WiredRig, args: Arguments) -> None:
    dead = args.required("dead", bool)
    args.done()
    rig.terminal.clock_chip.battery_dead = dead


def _rtc_set(rig: WiredRig, args: Arguments) -> None:
    to = args.required("to", float)
    args.done()
    if not 0 <= to <= LATEST_S:
        raise BenchError(f"time {to}", allowed=f"seconds since the Unix epoch, 0 to {LATEST_S:.0f}")
    rig.terminal.rtc.set(datetime.fromtimestamp(to, UTC))


def _battery(rig: WiredRig, args: Arguments) -> dict[str, Any]:
    """``percent`` puts a battery with that charge in (null takes it out); ``mains`` is the plug at the terminal."""
    wires, terminal = rig.wires, rig.terminal
    taken_out = args.has("percent") and args.optional("percent", float) is None
    percent = args.optional("percent", float)
    mains = args.optional("mains", bool, wires.mains_plugged)
    args.done()
    if percent is not None and not 0 <= percent <= 100:
        raise BenchError(f"a charge of {percent} %", allowed="0 to 100")
    if percent is not None:
        terminal.battery.percent = percent
    wires.battery_fitted = not taken_out and (wires.battery_fitted or percent is not None)
    wires.mains_plugged = mains
    wires.load_changed()
    wires.supply_changed()
    return {"fitted": wires.battery_fitted, "percent": terminal.battery.percent, "mains": terminal.battery.mains}


def _touch(rig: WiredRig, args: Arguments) -> None:
    """A finger on the glass: x and y in dots from the upper left corner, and for how long."""
    x, y, seconds = args.required("x", int), args.required("y", int), args.optional("seconds", float, 0.1)
    args.done()
    width, height = rig.terminal.kind.face.dots
    if not (0 <= x < width and 0 <= y < height):
        raise BenchError(f"a touch at {x}, {y}", allowed=f"x 0 to {width - 1}, y 0 to {height - 1}, in dots")
    if not 0 < seconds <= LONGEST_TOUCH_S:
        raise BenchError(f"a touch of {seconds} s", allowed=f"over 0, at most {LONGEST_TOUCH_S:g}")
    rig.terminal.touch(x, y, seconds)


def _instrument(rig: WiredRig, args: Arguments) -> ScpiServer:
    return rig.instruments[args.choice("name", rig.instruments)]


def _lose(rig: WiredRig, args: Arguments) -> None:
    instrument, how = _instrument(rig, args), args.choice("how", LOSSES)
    args.done()
    instrument.lose(how)


def _restore(rig: WiredRig, args: Arguments) -> None:
    instrument = _instrument(rig, args)
    args.done()
    try:
        instrument.restore()
    except OSError as error:
        raise BenchError(f"its port is taken: {error.strerror}", todo="end the program that listens there") from None


def _relay_fault(rig: WiredRig, args: Arguments) -> None:
    """``key`` instead of ``channel``: the relay that this key is wired to."""
    channel = _channel_of(rig, args.required("key", str)) if args.has("key") else args.required("channel", int)
    fault = args.choice("fault", FAULTS, "") if args.optional("fault", str) is not None else None
    every = args.optional("every", int, 1)
    args.done()
    relay = rig.wires.relays.get(channel)
    if relay is None:
        raise BenchError(f"no channel {channel}", allowed="1001 to 1020, 2001 to 2020")
    if every < 1:
        raise BenchError(f"each {every}th closing", allowed="1 or more")
    relay.set_fault(fault, every)


def _channel_of(rig: WiredRig, key: str) -> int:
    keys = rig.wires.keys
    if key not in keys:
        raise BenchError(f"no key {key!r} is wired", allowed=" ".join(keys))
    return keys[key]


def _keys_felt(rig: WiredRig, args: Arguments) -> dict[str, int]:
    """What the monitor on the key lines has counted since the process began: closings of each key."""
    args.done()
    return {key: rig.wires.felt[key] for key in rig.wires.keys}


def _quit(rig: WiredRig, args: Arguments) -> None:
    args.done()
    rig.loop.stop()
