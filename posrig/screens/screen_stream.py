"""The screen console: VT100 text with frame marks, or without (docs/wires.md)."""

from __future__ import annotations

import re
import threading
import zlib
from collections.abc import Callable

from posrig.screens import two_encodings
from posrig.screens.budget import Budget
from posrig.screens.picture import COLUMNS, ROWS, TITLE, Emulator, direct_rows
from posrig.screens.pictures import Picture, PictureStream

_BUFFER_CAP = 65_536
_PIECE = 4096
"""Bytes between two looks at the budget."""


class ScreenStream(PictureStream):
    """Pictures from the VT100 mirror (docs/wires.md)."""

    takes_long = True

    def __init__(
        self,
        address: str,
        stamp: Callable[[], float],
        on_picture: Callable[[Picture], None] | None = None,
        changed: threading.Condition | None = None,
        *,
        rows: int = ROWS,
        columns: int = COLUMNS,
        encoding: str = "utf-8",
    ) -> None:
        self._size = (rows, columns)
        self.encoding, self._other = two_encodings.of(encoding)
        self._undecided = two_encodings.Undecided() if self._other else None
        self._emulator = Emulator(rows, columns, self.encoding)
        self._buffer = b""
        self._unfed = b""
        self._numbered = False
        self._begun: int | None = None
        self._painted: bytes | None = None
        self._sum = b""
        self._summed = False
        self._raw = self._counted_to = 0
        self._budget = Budget()
        super().__init__("screen console", address, stamp, on_picture, changed, rows=rows)

    def _take(self, data: bytes) -> bool:
        self._buffer += data
        while (title := TITLE.search(self._buffer)) is not None:
            painted, self._buffer = self._buffer[: title.start()], self._buffer[title.end() :]
            self._numbered = True
            self._count(title[1], title[0] if title[1] == b"frame" else painted + title[0], int(title[2] or 0))
            if title[1] == b"frame":
                self._begin(int(title[2]), painted)
            elif title[1] == b"painted":
                self._end(int(title[2]), painted)
            else:
                self._painted, self._sum = painted, title[3]
        if self._numbered and len(self._buffer) < _BUFFER_CAP:
            return False
        # no titles: the bytes go to the emulator, and the picture counts once the line is quiet
        mark = _MARK_BEGUN.search(self._buffer)
        feed, self._buffer = (self._buffer, b"") if mark is None else (self._buffer[: mark.start()], mark[0])
        self._feed(feed)
        return True

    def _count(self, mark: bytes, raw: bytes, number: int) -> None:
        """What came in, byte for byte. The present picture that a new connection brings again is counted once."""
        self._raw = zlib.crc32(raw, 0 if mark == b"frame" else self._raw)
        if mark == b"painted" and number > self._counted_to:
            self._counted_to = number
            self.came.add(self._raw)

    def _begin(self, number: int, before: bytes) -> None:
        """A frame mark. What came before it belongs to no whole repaint."""
        if before:
            self._feed(before)
        if self._begun is not None:
            self._spoil(self._begun)  # its end mark never came
        self._begun, self._painted, self._sum = number, None, b""

    def _end(self, number: int, rest: bytes) -> None:
        """An end mark: the repaint is published when nothing speaks against it, else it is counted as damaged."""
        begun, summed, check = self._begun, self._painted, self._sum
        self._begun, self._painted, self._sum = None, None, b""
        painted = rest if summed is None else summed
        self._summed = self._summed or summed is not None
        sound = begun == number and not (summed is not None and rest) and b"\x1b]2;" not in painted
        if self._summed:
            sound = sound and check == b"%08x" % zlib.crc32(b"%d" % number + painted)
        if sound:
            self._publish(self._rows(painted), number)
        else:
            self._spoil(number if begun is None else min(begun, number))

    def _feed(self, data: bytes) -> None:
        """To the emulator, after the last repaint that went past it: an update may build on that."""
        data, self._unfed = self._unfed + self._in_its_encoding(data), b""
        for start in range(0, len(data), _PIECE):
            piece = data[start : start + _PIECE]
            with self._budget:
                self._emulator.feed(piece)
            if self._budget.spent:
                self._give_up(self._budget.spent, "let the terminal say less on its console, or give it a slower line")
                return

    def _in_its_encoding(self, data: bytes) -> bytes:
        """What is to be fed: all that was heard, from the first byte on, when it turns out to be the other encoding."""
        if self._undecided is None:
            return data
        again = self._undecided.other_after(data)
        if self._undecided.decided:
            self._undecided = None
        if again is None:
            return data
        self.encoding, self._unfed = self._other, b""
        self._emulator = Emulator(*self._size, self.encoding)
        return again

    def _rows(self, painted: bytes) -> tuple[str, ...]:
        rows = direct_rows(painted, *self._size, self.encoding)
        if rows is not None:
            self._unfed = painted
            return rows
        self._feed(painted)
        return self._emulator.rows()

    def _quiet(self) -> None:
        self._publish(self._emulator.rows(), 0)

    def _gone_dark(self) -> None:
        self._unfed = b""
        self._emulator = Emulator(*self._size, self.encoding)

    def _anew(self) -> None:
        self._buffer, self._unfed = b"", b""
        self._begun, self._painted, self._sum = None, None, b""
        self._emulator = Emulator(*self._size, self.encoding)
        self._budget = Budget()


_MARK_BEGUN = re.compile(rb"\x1b(?:\](?:2(?:;[^\x07\x1b]*)?)?)?\Z")
"""The beginning of a mark at the end of what has come so far."""
