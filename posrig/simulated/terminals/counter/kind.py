"""The counter terminal as the rig knows it: a number pad and a key switch, a console of 8 x 21 in GB18030."""

from __future__ import annotations

from posrig.simulated.hardware.kind import Face, Kind

KEYS = (*"0123456789", "STAR", "HASH", "KEYSWITCH")
"""``KEYSWITCH`` is the contact of the key switch: closed while its key is turned against the spring."""

KIND = Kind(
    name="counter",
    model="C",
    keys=KEYS,
    face=Face(rows=8, columns=21, encoding="gb18030", partial=True),
    lines=frozenset({"ethernet", "usb"}),
    service_port=False,
)
