"""Before a terminal is accused: is the rig itself sound? Asked when a scenario fails, while nothing has moved yet."""

from __future__ import annotations

from collections.abc import Callable

from posrig.ground.faults import PosrigError, RigFault
from posrig.rig.press_counts import check_contacts
from posrig.rig.rig import Rig
from posrig.rig.wire_evidence import check_port, check_relays, check_streams

SUPPLY_WITHIN_V = 0.2
"""Wider than the settling tolerance: a sag that a terminal must stand is no excuse for it."""


class Doubt(str):
    """One line that speaks against a rig; it knows which instrument and which keys it names."""

    instrument: str = ""
    keys: tuple[str, ...] = ()

    @classmethod
    def of(cls, fault: PosrigError) -> Doubt:
        doubt = cls(fault.found.splitlines()[0])
        doubt.instrument, doubt.keys = getattr(fault, "instrument", ""), getattr(fault, "keys", ())
        return doubt


def doubts(rig: Rig) -> list[Doubt]:
    """What speaks against the rig, one line each; empty when every part that can be asked is proved sound.

    Asked: relays that nobody closed, how often each closed and was felt, the supply's output and voltage against what
    was ordered, what the terminal's streams lost, and its lines to the host and the update server.
    """
    checks: tuple[Callable[[], None], ...] = (
        rig.keypad.check_open,
        lambda: _supply(rig),
        lambda: check_relays(rig, rig.baseline),
        lambda: check_contacts(rig),
        lambda: check_streams(rig, rig.baseline),
        lambda: check_port(rig, rig.baseline),
    )
    return [doubt for check in checks if (doubt := _asked(check)) is not None]


def _asked(check: Callable[[], None]) -> Doubt | None:
    try:
        check()
    except PosrigError as fault:
        return Doubt.of(fault)
    return None


def _supply(rig: Rig) -> None:
    wanted, found = rig.power.is_on, rig.supply.is_on()
    if wanted != found:
        raise RigFault(f"the supply's output is {_state(found)}, it was switched {_state(wanted)}", instrument="supply")
    volts = rig.supply.voltage_v() if found else 0.0
    if found and abs(volts - rig.description.power.voltage_v) > SUPPLY_WITHIN_V:
        raise RigFault(f"the supply gives {volts:.2f} V", instrument="supply")


def _state(on: bool) -> str:
    return "on" if on else "off"
