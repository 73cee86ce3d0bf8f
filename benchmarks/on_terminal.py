"""The same choosers on the simulated terminal R: its defects instead of faults seeded into a model.

The device is the terminal through its adapter (acts in, screens out), the model the scope "lock" of terminal R's
reference. Counted are the real keys of the acts, ways back to a fresh terminal included. No oracle but the model.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import partial

from choosers import CHOOSERS, engine, shows

from posrig.description.lab import SIMULATED
from posrig.description.rig_file import read_rig
from posrig.fuzzing.machines.device import Budget, CountedDevice
from posrig.fuzzing.machines.mealy import Mealy, minimal
from posrig.fuzzing.models.terminal_r.canonical import IMPOSSIBLE
from posrig.fuzzing.models.terminal_r.device import TerminalDevice
from posrig.fuzzing.models.terminal_r.lock_model import LockModel
from posrig.fuzzing.models.terminal_r.scopes import chosen
from posrig.fuzzing.search.planning import Edge
from posrig.rig.rig import Rig, RigOptions

SCOPE = "lock"
DEFECTS = (
    "lock_empty_ok",
    "lock_lost_on_power_cut",
    "lock_any_operator_unlocks",
    "lock_escape_cancel_x5",
    "lock_overlong_ok",
    "lock_prefix_ok",
    "tfa_not_asked_at_unlock",
    "idle_not_in_menus",
    "login_after_restart_no_password",
    "login_default_survives",
)
"""Ten defects that acts of the scope can show."""
_ACTS_A_PRESS = 20


@dataclass(frozen=True)
class Sighting:
    """Whether a defect showed, and what was spent until then."""

    found: bool
    presses: int
    resets: int
    cpu_s: float


def without_meaning(machine: Mealy) -> list[Edge]:
    """Acts that a state does not know: the others find out by doing them (they cost no key)."""
    answers = enumerate(machine.answers)
    return [(state, key) for state, row in answers for key, answer in enumerate(row) if answer == IMPOSSIBLE]


def detect_defect(strategy: str, defect: str, seed: int, cap: int) -> Sighting:
    """One search for one defect on a rig of its own, until the first screen that the model does not allow."""
    options = RigOptions(defects=(defect,), guard=False)
    with Rig.open(read_rig(SIMULATED), options=options) as rig:
        model = LockModel(rig.profile, chosen(rig.profile, (SCOPE,))[0])
        machine = model.machine() if strategy == "posrig" else minimal(model.machine())  # AALpy asks for minimal ones
        terminal = TerminalDevice(rig.terminal, model, begin=rig.begin_scenario)
        terminal.may_press_until(cap)
        # acts without a meaning here cost no key: without a bound a chooser that likes them would never end
        device = CountedDevice(terminal, Budget(presses=_ACTS_A_PRESS * cap, resets=cap))
        began = time.process_time()
        chooser = partial(engine, blocked=without_meaning(machine)) if strategy == "posrig" else CHOOSERS[strategy]
        found = shows(lambda: chooser(device, machine, seed))
        cpu_s = time.process_time() - began
        return Sighting(found, terminal.spent.presses if found else cap, terminal.spent.resets, cpu_s)
