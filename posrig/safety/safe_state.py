"""The safe state of a rig, as safe actions with their proof: the same for the harness and for its guard."""

from __future__ import annotations

from posrig.description.rig_file import RigDescription, SwitchWiring
from posrig.ground.faults import RigFault
from posrig.instruments.supply import OutputSettings, ScpiSupply
from posrig.instruments.switch import ScpiSwitch
from posrig.instruments.visa import VisaSession
from posrig.safety.actions import SafeAction, Stage

OFF_BELOW_A = 0.02
"""An output that is off carries less than this; the offset of a supply's own ammeter is a few milliamperes."""
EXCHANGES = 4
"""The most that one action asks of its instrument: do it, read it back, and prove it twice."""
MARGIN_S = 0.5


def drivers(description: RigDescription) -> tuple[ScpiSupply, ScpiSwitch]:
    """Sessions of one's own with the two instruments that can move something, not opened: the harness's may be busy."""
    power = description.power
    settings = OutputSettings(
        power.channel, power.voltage_v, power.current_limit_a, power.max_voltage_v, power.max_current_a
    )
    lines = (description.network, description.usb)
    channels = [*description.keypad.channels.values(), *(line.channel for line in lines if line is not None)]
    return ScpiSupply(description.instruments.supply, settings), ScpiSwitch(description.instruments.switch, channels)


def deadline_s(session: VisaSession, actions: int = 1) -> float:
    """Real seconds for ``actions`` that share an instrument, when each of its answers takes the longest it may: a late
    instrument is proved, and not given up."""
    return session.opens_within_s + actions * EXCHANGES * session.timeout_s + MARGIN_S


def longest_s(description: RigDescription) -> float:
    """Real seconds after which all safe actions have ended, whatever the instruments do."""
    supply, switch = drivers(description)
    actions = safe_actions(description, supply, switch)
    return sum(action.turn_s for action in actions) + max(action.deadline_s for action in actions)


def safe_actions(
    description: RigDescription, supply: ScpiSupply, switch: ScpiSwitch, *, turn_s: float = 1.0
) -> tuple[SafeAction, ...]:
    """What makes each actuator safe, and how the instrument proves it. ``turn_s``: how long the next waits for one."""
    on_switch = 1 + sum(line is not None for line in (description.network, description.usb))

    def relays(name: str, channels: tuple[int, ...], closed: bool, stage: Stage) -> SafeAction:
        def act() -> None:
            (switch.close_channels if closed else switch.open_channels)(channels)

        def prove() -> str:
            return _as_wanted(channels, closed, switch.closed(channels))

        return SafeAction(name, act, prove, deadline_s(switch.session, on_switch), stage, turn_s)

    keys = tuple(description.keypad.channels.values())
    actions = [
        relays("key relays open", keys, False, Stage.RELAYS_OPEN),
        SafeAction(
            "supply off", supply.off, lambda: _off(supply), deadline_s(supply.session), Stage.SUPPLY_OFF, turn_s
        ),
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


def switched_on(description: RigDescription, supply: ScpiSupply, switch: ScpiSwitch) -> tuple[str, ...]:
    """What is not in its safe state now, in words, before anything is done about it. Raises RigFault."""
    found: list[str] = []
    closed = switch.closed(switch.wired)
    keys = {channel: key for key, channel in description.keypad.channels.items()}
    if held := [f"{keys[channel]} ({channel})" for channel in sorted(closed & set(keys))]:
        found.append(f"key relays closed: {', '.join(held)}")
    lines = (
        ("network cut", description.network, "connected"),
        ("USB stick plugged in", description.usb, "disconnected"),
    )
    for name, line, wanted in lines:
        if line is not None and (line.channel in closed) != (line.closed_means == wanted):
            found.append(f"{name} (channel {line.channel})")
    if supply.is_on():
        found.append(f"supply output {supply.settings.channel} on, {supply.current_a():.3f} A")
    return tuple(found)
