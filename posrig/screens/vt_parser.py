"""Bytes of a console become acts on a :class:`posrig.screens.vt_screen.Screen`: ECMA-48 as tmux 3.3a reads it.

Any bytes may come: nothing here raises for them, and a string that is never ended is given up after five seconds.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable

from posrig.screens.vt_controls import MIDDLE_BYTES, PARAMETER_BYTES, Act, Controls
from posrig.screens.vt_screen import Screen
from posrig.screens.vt_text import Coded, Utf8

STRING_S = 5.0
"""Real seconds until the rest of an unended string (DCS, OSC, ...) is text again."""
_REMEMBERED = 4096
"""Sequences whose acts are kept ready."""
_TOKEN = re.compile(
    rb"([ -~\x80-\xff]+)|(\n{2,64}|[\x00-\x17\x19\x1c-\x1f])|\x1b([0-9=>A-OQ-WYZ\\`-jl-~])"
    rb"|\x1b\[([?>]?)([0-9;:]{0,63})([@-~])"
)
"""What is complete and well formed; all else goes through the machine byte by byte."""
_ENDS_OSC, _ENDS_DCS, _ENDS_OTHER = (
    re.compile(rb"[\x07\x18\x1a\x1b]"),
    re.compile(rb"\x1b"),
    re.compile(rb"[\x18\x1a\x1b]"),
)
_STRINGS = {0x50: "dcs begin", 0x58: "string", 0x5D: "osc", 0x5E: "string", 0x5F: "string", 0x6B: "string"}
"""After ESC: DCS, SOS, OSC, PM, APC and screen's title."""
_IN_STRING = frozenset(("osc", "dcs", "dcs begin", "dcs middle", "dcs ignore", "dcs escape", "string"))
_SKIPS = {"osc": _ENDS_OSC, "dcs": _ENDS_DCS, "dcs ignore": _ENDS_OTHER, "string": _ENDS_OTHER}


class Parser:
    """One for a connection. ``now`` is real time, for strings that never end."""

    def __init__(self, screen: Screen, decoder: Utf8 | Coded, now: Callable[[], float] = time.monotonic) -> None:
        self._screen, self._decoder, self._now = screen, decoder, now
        self._controls = Controls(screen)
        self._acts: dict[bytes, Act | None] = {}
        self._state = ""
        self._since = 0.0
        self._middle = self._parameters = b""

    def feed(self, data: bytes) -> None:
        if self._state in _IN_STRING and self._now() - self._since > STRING_S:
            self._state = ""
            self._screen.forget_charsets()
        at = 0
        while at < len(data):
            at = self._machine(data, at) if self._state else self._ground(data, at)

    def _ground(self, data: bytes, at: int) -> int:
        """As far as everything is complete and well formed; then the machine takes over."""
        decoder, screen, acts = self._decoder, self._screen, self._acts
        while (token := _TOKEN.match(data, at)) is not None:
            at = token.end()
            if token.lastindex == 1:
                self._text(token[1])
                continue
            name = token[0]
            act = acts[name] if name in acts else self._learn(token)
            if decoder.pending and token.lastindex == 2:
                decoder.forget()
            if act is not None:
                act()
                screen.last = ""
        if at < len(data):
            self._step(data[at])
            at += 1
        return at

    def _text(self, run: bytes) -> None:
        if run.isascii() and not self._decoder.pending:
            self._screen.write_ascii(run.decode("ascii"))
            return
        self._screen.write(self._decoder.decode(run))
        if run[-1] >= 0x80:
            self._screen.last = ""

    def _learn(self, token: re.Match[bytes]) -> Act | None:
        if len(self._acts) >= _REMEMBERED:
            self._acts.clear()
        if token.lastindex == 2:
            act: Act | None = self._controls.control(token[2][0], len(token[2]))
        elif token.lastindex == 3:
            act = self._controls.escape(token[3])
        else:
            act = self._controls.sequence(token[4], token[5], token[6])
        self._acts[token[0]] = act
        return act

    def _do(self, act: Act | None) -> None:
        if act is not None:
            act()
            self._screen.last = ""

    # the machine

    def _machine(self, data: bytes, at: int) -> int:
        """One byte, or all that belongs to a string."""
        ends = _SKIPS.get(self._state)
        if ends is not None:
            found = ends.search(data, at)
            if found is None:
                return len(data)
            at = found.start()
        self._step(data[at])
        return at + 1

    def _step(self, byte: int) -> None:
        """One byte where a sequence is not complete."""
        if self._state == "dcs":
            self._state = "dcs escape" if byte == 0x1B else "dcs"
        elif self._state == "dcs escape":
            self._state = "" if byte == 0x5C else "dcs"
        elif byte in (0x18, 0x1A):
            self._state = ""
            self._control(byte)
        elif byte == 0x1B:
            self._state, self._middle, self._parameters = "escape", b"", b""
        elif self._state in _IN_STRING:
            self._in_string(byte)
        elif byte < 0x20:
            self._control(byte)
        elif self._state and byte < 0x7F:
            self._in_sequence(byte)

    def _control(self, byte: int) -> None:
        self._decoder.forget()
        self._do(self._controls.control(byte))

    def _in_string(self, byte: int) -> None:
        if self._state == "osc":
            self._state = ""  # BEL: all else was skipped
        elif self._state in ("dcs begin", "dcs middle") and 0x20 <= byte < 0x7F:
            self._in_dcs(byte)

    def _in_dcs(self, byte: int) -> None:
        """What stands before the string of a DCS."""
        if byte >= 0x40:
            self._state = "dcs"
        elif byte < 0x30:
            self._state = "dcs middle"
        elif self._state == "dcs middle" or byte == 0x3A or (byte >= 0x3C and self._parameters):
            self._state = "dcs ignore"
        else:
            self._parameters = b"x"

    def _in_sequence(self, byte: int) -> None:
        if self._state == "escape":
            self._after_escape(byte)
        elif self._state == "escape middle":
            if byte < 0x30:
                self._collect(byte)
            else:
                self._state = ""
                if len(self._middle) < MIDDLE_BYTES:
                    self._do(self._controls.escape(self._middle + bytes((byte,))))
        elif byte >= 0x40:
            ignored, self._state = self._state == "ignore", ""
            if not ignored and len(self._middle) < MIDDLE_BYTES:
                self._do(self._controls.sequence(self._middle, self._parameters, bytes((byte,))))
        elif self._state != "ignore":
            self._in_csi(byte)

    def _after_escape(self, byte: int) -> None:
        if byte < 0x30:
            self._state = "escape middle"
            self._collect(byte)
        elif byte == 0x5B:
            self._state = "csi"
        elif byte in _STRINGS:
            self._state, self._since = _STRINGS[byte], self._now()
            self._screen.last = ""
        else:
            self._state = ""
            self._do(self._controls.escape(bytes((byte,))))

    def _in_csi(self, byte: int) -> None:
        if byte < 0x30:
            self._state = "csi middle"
            self._collect(byte)
        elif self._state == "csi middle" or (byte >= 0x3C and self._state != "csi"):
            self._state = "ignore"
        elif byte >= 0x3C:
            self._state = "csi parameters"
            self._collect(byte)
        else:
            self._state = "csi parameters"
            self._parameters = (self._parameters + bytes((byte,)))[:PARAMETER_BYTES]

    def _collect(self, byte: int) -> None:
        """One too many is kept, to know that there were too many."""
        self._middle = (self._middle + bytes((byte,)))[:MIDDLE_BYTES]
