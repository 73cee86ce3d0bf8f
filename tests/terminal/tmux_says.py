"""The corpus of console bytes and what tmux shows for them; ``benchmarks/console_tmux.py`` makes it anew."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "tmux"
SIZES = ((4, 16), (6, 20), (8, 21), (24, 80))
ENDED = b"\x18\x1b\\"
"""Ends whatever the bytes have left open: CAN, and ST for a DCS, which CAN does not end."""
PARTS = 8
"""So many places of a recording are looked at, the last one included."""


def sequences() -> Iterator[tuple[str, str]]:
    """Name and template of each line of sequences.txt."""
    kind, number = "", 0
    for line in (FOLDER / "sequences.txt").read_text("utf-8").splitlines():
        if line.startswith("[") and line.endswith("]"):
            kind, number = line[1:-1], 0
        elif line and not line.startswith("#"):
            number += 1
            yield f"{kind} {number}", line


def expand(template: str, rows: int, columns: int) -> bytes:
    """The bytes of a template on a display of that size (sequences.txt says what may stand in one)."""
    text = re.sub(
        r"<([RC])(?:-(\d+))?>", lambda size: str({"R": rows, "C": columns}[size[1]] - int(size[2] or 0)), template
    )
    text = text.replace("<fill>", "\\r\\n".join(_LETTERS[row % 26] * columns for row in range(rows)) + "\\e[H")
    text = text.replace(
        "<wide>", "\\r\\n".join(_IDEOGRAPHS[row % 12] * (columns // 2) for row in range(rows)) + "\\e[H"
    )
    text = re.sub(r"<([^<>*]+)\*(\d+)>", lambda again: again[1] * int(again[2]), text)
    return re.sub(rb"\\(?:(e)|x(..)|u(....)|(.))", _unescaped, text.encode())


def _unescaped(found: re.Match[bytes]) -> bytes:
    escape, byte, char, simple = found.groups()
    if escape:
        return b"\x1b"
    if byte:
        return bytes.fromhex(byte.decode())
    return chr(int(char, 16)).encode() if char else _SIMPLE[simple]


_LETTERS, _IDEOGRAPHS = "abcdefghijklmnopqrstuvwxyz", "锁定终端确认键请输入密码"
_SIMPLE = {b"r": b"\r", b"n": b"\n", b"t": b"\t", b"b": b"\b", b"\\": b"\\"}


def read(name: str) -> Any:
    return json.loads((FOLDER / name).read_text("utf-8"))


def recordings() -> Iterator[tuple[str, int, int, bytes]]:
    """Name, rows, columns and bytes of each recorded program."""
    for path in sorted((FOLDER / "programs").glob("*.gz")):
        name, size, _ = path.name.split(".")
        rows, columns = map(int, size.split("x"))
        yield name, rows, columns, gzip.decompress(path.read_bytes())


def cuts(data: bytes) -> list[int]:
    """Places in a recording, each before an escape sequence or at the end."""
    starts = [found.start() for found in re.finditer(rb"(?<![\x1b\x80-\xff])\x1b\[", data)]
    wanted = [len(data) * part // PARTS for part in range(1, PARTS)]
    return sorted({max((s for s in starts if s <= want), default=len(data)) for want in wanted} | {len(data)})
