"""``python -m posrig.safety.guard_process``: the guard's own process. Started by posrig/safety/guard.py, never by hand.

Standard input: one JSON line with the order, then lines ``{"doing": ...}`` and at last ``{"goodbye": true}``. When the
input ends without a goodbye, or the harness's process is gone, it acts once: all within about two seconds, then again
for what was not proved, until it is or until the order's patience is over. It ends by itself.
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

from posrig.description.rig_file import RigDescription
from posrig.instruments.supply import OutputSettings, ScpiSupply
from posrig.instruments.switch import ScpiSwitch
from posrig.safety.actions import Outcome, run_all
from posrig.safety.incidents import Incident, Proof, now, write
from posrig.safety.safe_state import safe_actions

FIRST_S = 0.45
"""Real seconds per safe action at first: three on a switch unit that is gone, then the supply, within two seconds."""
LATER_S = 5.0
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
        self.ended = False

    def read(self) -> None:
        """Take what is there; :attr:`ended` when the harness closed its end."""
        data = os.read(0, 65_536)
        self.ended = not data
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            self._take(json.loads(line))

    def _take(self, message: dict[str, Any]) -> None:
        if self.first is None:
            self.first = message
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
    supply, switch = _instruments(description)
    began = now()
    with contextlib.suppress(OSError):  # a rig that did not open has let go: it is made safe all the same
        os.write(1, b"watching\n")
    # another parent: the harness died meanwhile, and the end of the input says so
    with _process(parent if parent == orders.first["harness_pid"] else None) as harness:
        _watch(orders, harness)
    if orders.goodbye:
        return 0
    _make_safe(description, supply, switch, orders, began)
    return 0


def _before_others() -> None:
    """On a PC that is out of memory or overloaded the guard comes first, as far as it is allowed to."""
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("-500")
    with contextlib.suppress(OSError):
        os.nice(-10)


def _instruments(description: RigDescription) -> tuple[ScpiSupply, ScpiSwitch]:
    """Not opened: an instrument serves two to five clients, and a guard that never acts should take no place."""
    power = description.power
    settings = OutputSettings(
        power.channel, power.voltage_v, power.current_limit_a, power.max_voltage_v, power.max_current_a
    )
    lines = (description.network, description.usb)
    channels = [*description.keypad.channels.values(), *(line.channel for line in lines if line is not None)]
    return ScpiSupply(description.instruments.supply, settings), ScpiSwitch(description.instruments.switch, channels)


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
    """Return on goodbye, at the end of the input, or when the harness is gone."""
    files = [0] if harness is None else [0, harness]
    while not (orders.ended or orders.goodbye):
        readable, _, _ = select.select(files, [], [])
        if 0 in readable:
            orders.read()
        elif harness in readable:
            return


def _make_safe(description: RigDescription, supply: ScpiSupply, switch: ScpiSwitch, orders: Orders, began: str) -> None:
    start, died, order = time.monotonic(), now(), orders.first or {}
    patience_s = float(order.get("patience_s", 0.0))
    path: Path | None = None
    done: dict[str, Outcome] = {}
    for attempt in itertools.count(1):
        wanted = safe_actions(description, supply, switch, deadline_s=FIRST_S if attempt == 1 else LATER_S)
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
            return
        if attempt > 1:  # the second pass at once: under load the first may have been a moment too short
            time.sleep(PAUSE_S)


if __name__ == "__main__":
    sys.exit(main())
