"""Terminal R as the rig knows it: 19 keys, 4 x 16 in UTF-8, every line and port that there is but a glass to touch."""

from __future__ import annotations

from collections.abc import Mapping

from posrig.simulated.hardware.kind import Face, Kind

KEYS = (*"0123456789", ".", "CLEAR", "CANCEL", "ENTER", "F1", "F2", "MENU", "UP", "DOWN")

MATRIX: Mapping[str, tuple[int, int]] = {key: divmod(i, 5) for i, key in enumerate(KEYS)}
"""(row, column) of each key in the 4 x 5 matrix without diodes: three closed corners of a rectangle close the 4th."""

KIND = Kind(
    name="r",
    model="R",
    keys=KEYS,
    face=Face(rows=4, columns=16),
    lines=frozenset({"ethernet", "usb", "battery", "finger", "helpdesk", "case"}),
)
