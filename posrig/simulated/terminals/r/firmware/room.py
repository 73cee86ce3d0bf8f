"""A room of the firmware: one subject, its rules as small methods, what is volatile as attributes.

A seeded defect is a subclass that replaces exactly one rule; so a rule is never written in line in another method.
What a room keeps on itself dies with the power; what must survive goes through ``self.fw.store``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from posrig.simulated.terminals.r.firmware.contracts.device import Device


class Room:
    """Made once per power-on, in the order of :class:`~posrig.simulated.terminals.r.firmware.parts.Parts`; must not
    do I/O in ``__init__`` (other rooms may not be there yet): that belongs into :meth:`start`."""

    def __init__(self, fw: Device) -> None:
        self.fw = fw

    def start(self) -> None:
        """Called once when boot and self-test are through, before the first page of normal work is shown."""
