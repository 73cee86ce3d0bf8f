"""``python -m posrig.safety.guard_process``: the guard's own process. Started by posrig/safety/guard.py, never by hand.

Standard input: one JSON line with the order, then lines ``{"doing": ...}``, ``{"stage": ...}``, ``{"beat": true}`` and
at last ``{"goodbye": true}``. When the input ends without a goodbye, the harness's process is gone or stands still, it
acts once: all begun within about two seconds, then again for what was not proved, until it is or until the order's
patience is over. It ends by itself. Standard output: ``watching``, then a point in each round.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import select
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

# pyvisa loads numpy where it is installed; the guard asks for no arrays, and watches a fifth of a second sooner without
sys.modules.setdefault("numpy", None)  # type: ignore[arg-type]

# ruff: noqa: E402
from posrig.description.rig_file import RigDescription
from posrig.instruments.supply import ScpiSupply
from posrig.instruments.switch import ScpiSwitch
from posrig.safety.actions import Outcome, Stage, run_all
from posrig.safety.heartbeat import BEAT_S, STOPPED_HARNESS_S, Heard
from posrig.safety.incidents import Incident, Proof, now, write
from posrig.safety.safe_state import drivers, safe_actions

TURN_S = 0.45
"""Real seconds until the next safe action has its turn: three on a switch unit that is slow, then the supply, within
two seconds."""
PAUSE_S = 0.5
_UNREADABLE = 4


class Orders:
    """What the harness said so far."""

    def __init__(self) -> None:
        self._rest = b""
        self.first: dict[str, Any] | None = None
        self.doing = ""
        self.goodbye = False
        self.cause = "killed"
        self.why = ""
        self.ended = False
        self.beats = 0
        self._stages: set[str] = set()

    def read(self) -> None:
        """Take what is there; :attr:`ended` when the harness closed its end."""
        data = os.read(0, 65_536)
        self.ended = not data
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            self._take(json.loads(line))

    @property
    def stages(self) -> frozenset[str]:
        """What is to be made safe: of an attached rig only what the harness has touched."""
        return frozenset(self._stages)

    def _take(self, message: dict[str, Any]) -> None:
        if self.first is None:
            self.first = message
            wanted = message["stages"]
            self._stages.update([stage.name for stage in Stage] if wanted is None else wanted)
        self.beats += bool(message.get("beat"))
        if "stage" in message:
            self._stages.add(str(message["stage"]))
        self.doing = str(message.get("doing", self.doing))
        if message.get("take_over"):
            self.cause = "handed over"
        self.goodbye = self.goodbye or bool(message.get("goodbye"))


def main() -> int:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGPIPE):
        signal.signal(number, signal.SIG_IGN)  # what is meant for the harness must not end its guard
    _before_others()
    parent = os.getppid()
    orders = Orders()
    while orders.first is None and not orders.ended:
        orders.read()
    if orders.first is None:
        return _UNREADABLE
    description = RigDescription.model_validate(orders.first["description"])
    supply, switch = drivers(description)  # not opened: a guard that never acts should take no place at them
    began = now()
    os.set_blocking(1, False)  # a harness that stands still reads nothing: that must not stop its guard too
    _tell("watching")
    # another parent: the harness died meanwhile, and the end of the input says so
    with _process(parent if parent == orders.first["harness_pid"] else None) as harness:
        _watch(orders, harness)
    if orders.goodbye:
        return 0
    if _make_safe(description, supply, switch, orders, began):
        _empty(orders.first["leases"])
    if orders.cause == "stopped":
        _tell(f"has made the rig safe and ended: this run {orders.why}")
    return 0


def _tell(line: str) -> None:
    with contextlib.suppress(OSError):  # a rig that did not open has let go: it is made safe all the same
        os.write(1, line.encode() + b"\n")


def _empty(leases: list[int]) -> None:
    """The incident record tells what became of this run: what stands in a lease that is free tells the next one that
    nobody did."""
    for number in leases:
        with contextlib.suppress(OSError):
            os.ftruncate(number, 0)


def _sign_of_life(leases: list[int]) -> None:
    """For the harness, and for those who find the leases later: so long somebody watched."""
    _tell(".")
    for number in leases:
        with contextlib.suppress(OSError):
            os.utime(number)


def _before_others() -> None:
    """On a PC that is out of memory or overloaded the guard comes first, as far as it is allowed to."""
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("-500")
    with contextlib.suppress(OSError):
        os.nice(-10)


@contextlib.contextmanager
def _process(pid: int | None) -> Iterator[int | None]:
    """A descriptor that is readable when that process is gone, however many children still hold its pipes."""
    if pid is None:
        yield None
        return
    try:
        number = os.pidfd_open(pid)
    except OSError:
        yield None
        return
    try:
        yield number
    finally:
        os.close(number)


def _watch(orders: Orders, harness: int | None) -> None:
    """Return on goodbye, at the end of the input, or when the harness is gone or stands still."""
    order = orders.first or {}
    files, heard, beats = [0] if harness is None else [0, harness], Heard(order["harness_pid"], STOPPED_HARNESS_S), 0
    due = time.monotonic()
    while not (orders.ended or orders.goodbye):
        readable, _, _ = select.select(files, [], [], max(due - time.monotonic(), 0.0))
        if 0 in readable:
            orders.read()
        elif harness in readable:
            return
        if orders.beats != beats:
            beats = orders.beats
            heard.beat()
        if time.monotonic() < due:
            continue
        due = time.monotonic() + BEAT_S
        _sign_of_life(order["leases"])
        if why := heard.round():
            orders.cause, orders.why = "stopped", why
            return


def _make_safe(description: RigDescription, supply: ScpiSupply, switch: ScpiSwitch, orders: Orders, began: str) -> bool:
    """Whether there is a record of it."""
    start, died, order = time.monotonic(), now(), orders.first or {}
    patience_s = float(order.get("patience_s", 0.0))
    path: Path | None = None
    done: dict[str, Outcome] = {}
    for attempt in itertools.count(1):
        every = safe_actions(description, supply, switch, turn_s=TURN_S)
        wanted = [action for action in every if action.stage.name in orders.stages]
        open_ones = [action for action in wanted if action.name not in done or not done[action.name].proved]
        done |= {outcome.name: outcome for outcome in run_all(open_ones)}
        took_s = time.monotonic() - start
        incident = Incident(
            rig=description.name,
            terminal=description.terminal.serial_number,
            job=str(order.get("job", "")),
            harness_pid=int(order.get("harness_pid", 0)),
            began=began,
            cause=orders.cause,
            died=died,
            doing=orders.doing,
            safe=all(outcome.proved for outcome in done.values()),
            safe_after_s=round(took_s, 3),
            attempts=attempt,
            proofs=tuple(
                Proof(outcome.name, outcome.state.value, outcome.detail, round(outcome.took_s, 3))
                for outcome in done.values()
            ),
        )
        with contextlib.suppress(OSError):  # no place for the record: making safe goes on
            path = write(incident, Path(str(order.get("incidents", "."))), path)
        if incident.safe or took_s > patience_s:
            return path is not None
        if attempt > 1:  # the second pass at once: under load the first may have been a moment too short
            time.sleep(PAUSE_S)
    raise AssertionError("itertools.count never ends")


if __name__ == "__main__":
    sys.exit(main())
