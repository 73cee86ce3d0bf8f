"""The help desk: turns serial number, day and challenge into an unlock code."""

from __future__ import annotations

import hashlib
import hmac

DIGITS = 8


def unlock_code(unlock_key: bytes, serial_number: str, date: str, challenge: str) -> str:
    """Eight digits, bound to terminal, day (``YYYY-MM-DD``, UTC) and challenge; truncation as in RFC 4226, 5.3.

    >>> unlock_code(b"k" * 32, "12345678", "2026-01-09", "4821")
    '74026578'
    """
    text = f"{serial_number}|{date}|{challenge}".encode()
    digest = hmac.digest(unlock_key, text, hashlib.sha256)
    start = digest[-1] & 0x0F
    number = int.from_bytes(digest[start : start + 4], "big") & 0x7FFF_FFFF
    return f"{number % 10**DIGITS:0{DIGITS}d}"
