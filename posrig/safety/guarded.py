"""A rig's side of its guard: what the guard is to make safe, and what is done when the guard itself is lost."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from posrig.description.rig_file import RigDescription
from posrig.ground.faults import RigFault
from posrig.ground.interruption import Interruption
from posrig.instruments.supply import ScpiSupply
from posrig.instruments.switch import ScpiSwitch
from posrig.safety.actions import Outcome, SafeAction, Stage, run_all
from posrig.safety.guard import Guard
from posrig.safety.safe_state import drivers, safe_actions

Start = Callable[[Sequence[Stage], Callable[[RigFault], None]], Guard]
"""Starts a guard process for these stages; the second argument is called when it is lost."""


class Guarded:
    """The guard of one open rig. ``attached``: only what the rig moves from now on is made safe, and key relays."""

    def __init__(
        self,
        description: RigDescription,
        supply: ScpiSupply,
        switch: ScpiSwitch,
        *,
        attached: bool,
        start: Start | None,
    ) -> None:
        """``description`` has its addresses filled; ``start`` starts a guard process (None: none is wanted)."""
        self._description, self._supply, self._switch, self._start = description, supply, switch, start
        self.lost: RigFault | None = None
        """The guard was lost: the rig was made safe at once, and is not moved any more."""
        self.powered_by_others = False
        """The supply was found on by an attached rig: it stays on."""
        self.interruption = Interruption()
        self._stages = {Stage.RELAYS_OPEN} if attached else set(Stage)
        self._closing = False
        supply.before_on, switch.before_move = self._switches_on, self._moves
        self.guard = None if start is None else start(self.stages, self._guard_lost)

    @property
    def stages(self) -> tuple[Stage, ...]:
        """What is to be made safe."""
        return tuple(sorted(self._stages))

    def watches(self) -> None:
        """Return when the guard watches; from then on its loss ends what the main thread is doing. Raises RigFault."""
        if self.guard is not None:
            self.guard.wait_ready()
            self.interruption.install()

    def closing(self) -> None:
        """From now on the rig is made safe in order, whatever becomes of the guard; nothing else is moved."""
        self._closing = True
        self.interruption.remove()
        self._supply.session.barred = self._switch.session.barred = None

    def dismiss(self, *, safe: bool) -> bool:
        """A goodbye when the rig is safe; else the guard, or another one in place of a lost one, goes on where this
        process ends: True then."""
        if self.guard is None or self._start is None:
            return False
        if safe:
            self.guard.goodbye()
            return False
        if self.lost is not None:
            self.guard.goodbye()
            self.guard = self._start(self.stages, self._guard_lost)
        self.guard.take_over()
        return True

    # -- before an act

    def _switches_on(self) -> None:
        if not self.powered_by_others:
            self._touches(Stage.SUPPLY_OFF)

    def _moves(self, channels: Sequence[int]) -> None:
        about = self._description
        for line, stage in ((about.network, Stage.NETWORK_RESTORED), (about.usb, Stage.STICK_REMOVED)):
            if line is not None and line.channel in channels:
                self._touches(stage)

    def _touches(self, stage: Stage) -> None:
        if stage not in self._stages:
            self._stages.add(stage)
            if self.guard is not None:
                self.guard.touches(stage.name)

    # -- when the guard is lost

    def _guard_lost(self, fault: RigFault) -> None:
        """In the guard's thread: nothing is moved any more, what is on is switched off by sessions of its own (the
        rig's may be in use), and what the main thread is doing ends."""
        if self._closing:
            return
        self.lost = fault
        sessions = (self._supply.session, self._switch.session)
        for session in sessions:
            session.barred = fault
        supply, switch = drivers(self._description)
        self._make_safe(safe_actions(self._description, supply, switch))
        self.interruption.interrupt(fault)
        for session in sessions:
            session.wait_quiet()
        # a command that was on its way may have come after the first pass
        self._make_safe(safe_actions(self._description, supply, switch))
        supply.close()
        switch.close()

    def _make_safe(self, actions: Sequence[SafeAction]) -> tuple[Outcome, ...]:
        return run_all(action for action in actions if action.stage in self._stages)


def starter(
    description: RigDescription, *, keep_open: Sequence[int], leases: Sequence[int], incidents: Path | None, job: str
) -> Start:
    """What starts a guard process for this rig."""

    def start(stages: Sequence[Stage], on_lost: Callable[[RigFault], None]) -> Guard:
        return Guard(
            description,
            keep_open=keep_open, leases=leases, incidents=incidents, job=job,
            stages=[stage.name for stage in stages], on_lost=on_lost,
        )  # fmt: skip

    return start
