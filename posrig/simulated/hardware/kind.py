"""What a terminal model has: keys, display, lines, ports. The rig wires and serves that and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Point = tuple[int, int]
"""x and y on the glass, in dots; 0, 0 is the upper left corner."""
LINES = frozenset({"ethernet", "usb", "battery", "finger", "helpdesk", "case", "touch"})
"""What may lead into a terminal beside its keys and its supply."""
_SLOTS = (1000, 2000)
_CHANNELS_OF_A_SLOT = 20
_ETHERNET, _USB, _BATTERY = 2001, 2002, 2003


@dataclass(frozen=True, slots=True)
class Face:
    """A display: rows and half-width columns (8 x 16 dots each), and how its console mirrors it.

    ``partial``: a repaint writes what has changed, not the whole picture.
    """

    rows: int
    columns: int
    encoding: str = "utf-8"
    partial: bool = False

    @property
    def dots(self) -> tuple[int, int]:
        """Width and height."""
        return self.columns * 8, self.rows * 16


@dataclass(frozen=True, slots=True)
class Kind:
    """A terminal model as the rig has to know it."""

    name: str
    """As options and rig files choose it: the name of its folder."""
    model: str
    """As update packages name it."""
    keys: tuple[str, ...]
    """Contacts that a relay of the switch unit can close: keys, key switches, pads on the glass."""
    face: Face
    lines: frozenset[str]
    """Of :data:`LINES`."""
    service_port: bool = True
    pads: Mapping[str, Point] = field(default_factory=dict)
    """Of ``keys`` those that are no key: a conductive pad glued to the glass there; closing it is a touch."""

    def __post_init__(self) -> None:
        if unknown := self.lines - LINES:
            raise ValueError(f"no such lines: {', '.join(sorted(unknown))}")

    @property
    def ports(self) -> tuple[str, ...]:
        """The streams that the terminal itself offers."""
        return ("screen", "service") if self.service_port else ("screen",)

    def usual_channels(self) -> dict[str, int]:
        """Key -> channel when nothing else is said: slot 1 in order, then the end of slot 2."""
        first = [_SLOTS[0] + n for n in range(1, _CHANNELS_OF_A_SLOT + 1)]
        rest = [_SLOTS[1] + n for n in range(_CHANNELS_OF_A_SLOT, 3, -1)]
        return dict(zip(self.keys, first + rest, strict=False))
