"""What the supply says before a terminal is accused: output, trips, settings read back, volts, amperes.

A terminal that somebody starves restarts, forgets and goes dark: all of it looks like defects. Volts and amperes.
"""

from __future__ import annotations

from posrig.description.profile import Profile
from posrig.ground.faults import RigFault
from posrig.rig.rig import Rig

WITHIN_V = 0.2
"""Wider than the settling tolerance: a sag that a terminal must stand is no excuse for it."""
NEAR_LIMIT = 0.98
"""From this share of its current limit on a supply regulates the current, not the voltage."""
MARGIN = 0.2
"""The profile's supply currents are typical: this share of them is allowed on top, either way."""


def check_supply(rig: Rig) -> None:
    """Raises RigFault with what speaks against the supply or its cable, TransportError when it does not answer."""
    supply, wanted = rig.supply, rig.power.is_on
    found, against = supply.is_on(), list[str]()
    if tripped := supply.trip():
        against.append(f"its {tripped} protection has tripped")
    if wanted != found:
        against.append(f"the output is {_state(found)}, it was switched {_state(wanted)}")
    if wrong := supply.changed_settings():
        against.append(f"somebody else has set it ({', '.join(wrong)})")
    if against:
        raise _fault("; ".join(against), "does somebody else use it? if not, look for a short circuit")
    if not found:
        return
    volts = supply.voltage_v()
    if abs(volts - rig.description.power.voltage_v) > WITHIN_V:
        raise _fault(f"it gives {volts:.2f} V", "look at its front panel, and for a short circuit of the cable")
    _check_current(rig, supply.current_a())


def _check_current(rig: Rig, amperes: float) -> None:
    """Neither at the limit nor beside all that this terminal ever draws. A terminal that draws nothing and one whose
    plug is out look alike from here, so nobody is accused."""
    limit = rig.supply.settings.current_limit_a
    if amperes >= NEAR_LIMIT * limit:
        raise _fault(
            f"it is in current limit: {amperes:.3f} A of {limit:g} A",
            "look for a short circuit of cable or terminal, and at power.current_limit_a in the rig file",
        )
    least, most = _range_a(rig.profile)
    on_battery = any(event.kind == "bench" and event.text == "battery" for event in rig.timeline)
    if amperes > most or (amperes < least and not on_battery):
        raise _fault(
            f"{amperes * 1000:.0f} mA flow, this terminal draws {least * 1000:.0f} to {most * 1000:.0f} mA",
            "is the terminal's plug in, its fuse whole, and nothing else connected? if so, put in another terminal",
        )


def _range_a(profile: Profile) -> tuple[float, float]:
    """The least and the most that the terminal draws in any state in which it is on, with a margin."""
    states = [values for name, values in profile.data.supply_current_ma.items() if name != "off"]
    if not states:
        return 0.0, float("inf")
    least, most = min(low for low, _ in states), max(high for _, high in states)
    return least / 1000 * (1 - MARGIN), most / 1000 * (1 + MARGIN)


def _fault(found: str, todo: str) -> RigFault:
    return RigFault(f"the supply: {found}", instrument="supply", todo=todo)


def _state(on: bool) -> str:
    return "on" if on else "off"
