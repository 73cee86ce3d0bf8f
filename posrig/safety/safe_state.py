"""The safe state of a rig, as safe actions with their proof: the same for the harness and for its guard."""

from __future__ import annotations

from posrig.description.rig_file import RigDescription, SwitchWiring
from posrig.ground.faults import RigFault
from posrig.instruments.supply import ScpiSupply
from posrig.instruments.switch import ScpiSwitch
from posrig.safety.actions import SafeAction, Stage

OFF_BELOW_A = 0.02
"""An output that is off carries less than this; the offset of a supply's own ammeter is a few milliamperes."""


def safe_actions(
    description: RigDescription, supply: ScpiSupply, switch: ScpiSwitch, *, deadline_s: float = 5.0
) -> tuple[SafeAction, ...]:
    """What makes each actuator safe, and how the instrument proves it. ``deadline_s`` is real time, for each."""

    def relays(name: str, channels: tuple[int, ...], closed: bool, stage: Stage) -> SafeAction:
        def act() -> None:
            (switch.close_channels if closed else switch.open_channels)(channels)

        def prove() -> str:
            return _as_wanted(channels, closed, switch.closed(channels))

        return SafeAction(name, act, prove, deadline_s, stage)

    keys = tuple(description.keypad.channels.values())
    actions = [
        relays("key relays open", keys, False, Stage.RELAYS_OPEN),
        SafeAction("supply off", supply.off, lambda: _off(supply), deadline_s, Stage.SUPPLY_OFF),
    ]
    lines: tuple[tuple[str, SwitchWiring | None, str, Stage], ...] = (
        ("network restored", description.network, "connected", Stage.NETWORK_RESTORED),
        ("USB stick removed", description.usb, "disconnected", Stage.STICK_REMOVED),
    )
    for name, line, wanted, stage in lines:
        if line is not None:
            actions.append(relays(name, (line.channel,), line.closed_means == wanted, stage))
    return tuple(actions)


def _as_wanted(channels: tuple[int, ...], closed: bool, found: frozenset[int]) -> str:
    if found != (frozenset(channels) if closed else frozenset()):
        raise RigFault(f"channels closed: {', '.join(map(str, sorted(found))) or 'none'}", instrument="switch")
    return f"{len(channels)} channel{'s' if len(channels) > 1 else ''} {'closed' if closed else 'open'}"


def _off(supply: ScpiSupply) -> str:
    if supply.is_on():
        raise RigFault("the output is on", instrument="supply")
    current = supply.current_a()
    if abs(current) > OFF_BELOW_A:
        raise RigFault(f"the output says off, but {current:.3f} A flow", instrument="supply")
    return f"output {supply.settings.channel} off, {current:.3f} A"
