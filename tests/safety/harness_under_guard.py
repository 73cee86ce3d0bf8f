"""A harness as it runs: lease, guard, supply on, keys pressed without end. Started as a process, to be killed.

``python harness_under_guard.py '{"ports": {...}, "leases": DIR, "incidents": DIR}'``: prints ``running`` when the supply
is on; ends in order when its standard input closes.
"""

from __future__ import annotations

import itertools
import json
import random
import select
import sys
from pathlib import Path

from posrig.description.lab import SIMULATED
from posrig.description.rig_file import RigDescription, filled, read_rig
from posrig.instruments.supply import OutputSettings, ScpiSupply
from posrig.instruments.switch import ScpiSwitch
from posrig.safety.actions import run_all
from posrig.safety.guard import Guard
from posrig.safety.lease import take
from posrig.safety.safe_state import safe_actions


def description_at(ports: dict[str, int]) -> RigDescription:
    """The simulated rig's wiring, as a lab that is not ours to start or stop."""
    described = read_rig(SIMULATED)
    values = {name: str(port) for name, port in ports.items()}
    instruments = {
        name: instrument.model_copy(update={"resource": filled(instrument.resource, values)})
        for name, instrument in (("supply", described.instruments.supply), ("switch", described.instruments.switch))
    }
    return described.model_copy(
        update={
            "name": "lab-1",
            "instruments": described.instruments.model_copy(update={**instruments, "meter": None}),
            "simulated": None,
        }
    )


def drivers(description: RigDescription) -> tuple[ScpiSupply, ScpiSwitch]:
    power = description.power
    settings = OutputSettings(
        power.channel, power.voltage_v, power.current_limit_a, power.max_voltage_v, power.max_current_a
    )
    channels = [*description.keypad.channels.values(), 2001, 2002]
    return ScpiSupply(description.instruments.supply, settings), ScpiSwitch(description.instruments.switch, channels)


def run(ports: dict[str, int], leases: Path, incidents: Path) -> None:
    description = description_at(ports)
    supply, switch = drivers(description)
    with take(["terminal 12345678"], job="killed run", directory=leases) as lease:
        guard = Guard(description, keep_open=lease.filenos(), incidents=incidents, job="killed run", patience_s=1.5)
        guard.wait_ready()
        for count in itertools.count():
            guard.doing(f"scenario {count}")
            supply.on()
            if not count:
                print("running", guard.pid, flush=True)
            # not F1: the small firmware draws 2 A there and trips the supply's protection
            channels = random.sample([*range(1001, 1015), 2001, 2002], 3)
            switch.close_channels(channels)
            switch.open_channels(channels[:2])
            if random.random() < 0.2:
                supply.off()
            if select.select([sys.stdin], [], [], 0)[0]:
                break
        print(json.dumps([outcome.state.value for outcome in run_all(safe_actions(description, supply, switch))]))
        guard.goodbye()


if __name__ == "__main__":
    given = json.loads(sys.argv[1])
    run(given["ports"], Path(given["leases"]), Path(given["incidents"]))
