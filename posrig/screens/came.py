"""What came in on a stream, in numbers that can be held against what left the terminal (bench act ``streams.sent``)."""

from __future__ import annotations

import zlib
from dataclasses import dataclass


@dataclass(slots=True)
class Came:
    """``messages``: repaints or lines, damaged ones too; ``sum``: of the CRC-32 of each, modulo 2^32."""

    messages: int = 0
    sum: int = 0

    def count(self, message: bytes) -> None:
        self.add(zlib.crc32(message))

    def add(self, check: int) -> None:
        self.messages += 1
        self.sum = (self.sum + check) & 0xFFFFFFFF
