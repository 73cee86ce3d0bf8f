"""What the rig's counters say about a scenario: key relays closed as ordered, and felt; nothing lost on the wires.

Read once when a scenario begins and again before a terminal is accused. A press that went to another relay, a picture
that never came and a host that could not be reached all look like defects of the terminal.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from posrig.description.rig_file import RigDescription
from posrig.ground.clock import Clock
from posrig.ground.faults import RigFault
from posrig.instruments.bench import Bench
from posrig.instruments.switch import ScpiSwitch
from posrig.terminal.press_log import PressLog
from posrig.terminal.streams import Streams

_COUNTS = "wire.counts"
_PROBE = "wire.probe"
_FELT = "keys.felt"
_SENT = "streams.sent"


class Counting(Protocol):
    """The parts of a rig (:class:`posrig.rig.rig.Rig`) that count, and what says how they are wired."""

    @property
    def description(self) -> RigDescription: ...
    @property
    def bench(self) -> Bench: ...
    @property
    def clock(self) -> Clock: ...
    @property
    def switch(self) -> ScpiSwitch: ...
    @property
    def streams(self) -> Streams: ...
    @property
    def press_log(self) -> PressLog: ...


@dataclass(frozen=True, slots=True)
class Baseline:
    """The counters when the scenario began: relay closings by the unit's and by our account, losses, network port."""

    counted: Mapping[int, int]
    ordered: Mapping[int, int]
    damaged: int
    port: Mapping[str, Mapping[str, Any]]
    felt: Mapping[str, int] = field(default_factory=dict)
    """Closings of each key's line, by the monitor on the key lines; empty on a rig without one."""
    on_way: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    """What had left the terminal's connectors and not come in, by stream; empty where nobody counts there."""
    lost_lines: int = 0
    presses: int = 0


def read(rig: Counting) -> Baseline:
    """Raises RigFault or TransportError when a counter cannot be read."""
    channels = tuple(rig.description.keypad.channels.values())
    port = rig.bench.do(_COUNTS) if _COUNTS in rig.bench.capabilities else {}
    ordered = {channel: rig.switch.closings[channel] for channel in channels}
    lost_lines = 0 if rig.streams.service is None else rig.streams.service.damaged
    return Baseline(
        rig.switch.cycles(channels), ordered, rig.streams.damaged, port, felt(rig), _on_way(rig), lost_lines,
        sum(rig.switch.closings[channel] for channel in channels),
    )  # fmt: skip


def _on_way(rig: Counting) -> dict[str, tuple[int, int]]:
    """Messages, and their sum, by which what left the terminal differs from what came in: the same before and after a
    scenario when each byte arrived. The streams must have been read to their end."""
    if _SENT not in rig.bench.capabilities:
        return {}
    sent, streams = rig.bench.do(_SENT), rig.streams
    came = {"screen": streams.screen.came} | ({} if streams.service is None else {"service": streams.service.came})
    return {
        name: (sent[name]["messages"] - one.messages, (sent[name]["sum"] - one.sum) & 0xFFFFFFFF)
        for name, one in came.items()
    }


def arrived_whole(rig: Counting, before: Baseline, stream: str) -> bool:
    """Is it proved that each byte that left the terminal's connector in this scenario came in as it left? ``stream``:
    ``screen`` or ``service``. False on a rig where nobody counts at the connector."""
    rig.clock.sync(rig.streams)
    was = before.on_way.get(stream)
    return was is not None and _on_way(rig)[stream] == was


def felt(rig: Counting) -> dict[str, int]:
    """How often each key's line closed, by the monitor on the terminal's side of the contacts; empty without one."""
    return rig.bench.do(_FELT) if _FELT in rig.bench.capabilities else {}


def check_relays(rig: Counting, before: Baseline) -> None:
    """Each key's relay has closed as often as it was told to. Raises RigFault that names the keys."""
    keys = {channel: key for key, channel in rig.description.keypad.channels.items()}
    counted = rig.switch.cycles(tuple(keys))
    wrong, names = [], []
    for channel, key in keys.items():
        done = counted[channel] - before.counted[channel]
        ordered = rig.switch.closings[channel] - before.ordered[channel]
        if done != ordered:
            wrong.append(f"{key} ({channel}) {done} times instead of {ordered}")
            names.append(key)
    if wrong:
        raise RigFault(
            f"key relays closed otherwise than ordered: {', '.join(wrong)}",
            instrument="switch",
            keys=tuple(names),
            todo="check the line to the switch unit: commands arrive changed; does somebody else use the unit?",
        )


def astray(rig: Counting, before: Baseline) -> dict[str, int]:
    """Keys whose contact made something else of the closings that were ordered: how many more were felt, or fewer.

    The relay is asked nothing here: how often it closed is :func:`check_relays`. Asks the monitor once.
    """
    if not before.felt:
        return {}
    now, found = felt(rig), {}
    for key, channel in rig.description.keypad.channels.items():
        ordered = rig.switch.closings[channel] - before.ordered[channel]
        more = now.get(key, 0) - before.felt.get(key, 0) - ordered
        if more and key not in rig.press_log.unclear:
            found[key] = more
    return found


def check_streams(rig: Counting, before: Baseline) -> None:
    """Nothing of the terminal's streams is missing. Raises RigFault, or TransportError when one was lost."""
    rig.streams.check()
    missing = rig.streams.damaged - before.damaged
    lines = 0 if rig.streams.service is None else rig.streams.service.damaged - before.lost_lines
    if lines > 0 and arrived_whole(rig, before, "service"):
        missing -= lines
    if missing > lines and arrived_whole(rig, before, "screen"):
        missing = min(missing, lines)
    if missing > 0:
        raise RigFault(
            f"{missing} pictures or service lines of this scenario were lost on the way",
            instrument=rig.streams.screen.name,
            todo=rig.streams.screen.damaged_todo,
        )


def check_port(rig: Counting, before: Baseline) -> None:
    """The lines from the terminal to host and update server were sound. Raises RigFault that says what was seen.

    A line that broke while the port saw no disturbance on it was ended by the terminal or by the server. A tester in
    the terminal's place tells which: where it is answered, nothing speaks against the rig.
    """
    if not before.port:
        return
    for wire, now in rig.bench.do(_COUNTS).items():
        was, found = before.port[wire], []
        for kind in ("broken", "silent", "late"):
            if (times := now[kind] - was[kind]) > 0:
                found.append(f"{times} time{'s' if times > 1 else ''} {kind}")
        if found and not (undisturbed(was, now) and probed(rig, wire)):
            raise RigFault(
                f"the terminal's line to the {wire} was {', '.join(found)}",
                instrument=wire,
                todo="check the network between terminal and server; the network port counts lines that fail",
            )


def undisturbed(before: Mapping[str, Any], now: Mapping[str, Any]) -> bool:
    """The network port saw nothing lost, changed or late on the line. False for a port that does not count it."""
    return "disturbed" in now and all(now[kind] == before[kind] for kind in ("disturbed", "silent", "late"))


def probed(rig: Counting, wire: str) -> bool:
    """A tester in the terminal's place was answered over this wire, with the right certificate. False without one."""
    return _PROBE in rig.bench.capabilities and bool(rig.bench.do(_PROBE, wire=wire)["sound"])
