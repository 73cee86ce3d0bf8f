"""Random streams of a console: text, wide characters, sequences right and wrong."""

from __future__ import annotations

from random import Random

_TEXT = ("a", "Z", " ", "hello", "0123456789abcdefXYZ", "READY", "锁", "锁定", "终端已锁定请输入密码", "가", "😀")
_MARKS = ("e\u0301", "\u0301", "\u200b", "\u200d", "é", "─", "\u00ad", "\u3000", "ｱ", "\ufe0f")
_CONTROLS = [
    "\r",
    "\n",
    "\x08",
    "\t",
    "\x0b",
    "\x0c",
    "\x00",
    "\x07",
    "\x0e",
    "\x0f",
    "\x18",
    "\x1a",
    "\x7f",
    "\r\n",
    "\x08\x08",
]
_ESC = ["7", "8", "D", "E", "M", "H", "c", "=", ">", "#8", "(0", "(B", ")0", ")B", "Z", "n", "|"]
_FINAL = "@ABCDEFGHIJKLMPSTXZ`abcdefghilmnqrstu"
_MODES = ["4", "?6", "?7", "?25", "?47", "?1047", "?1049", "?1048", "?3", "?2004", "?1", "20", "34", "?69", "?5"]
_STRINGS = ["]", "P", "_", "^", "X", "k"]
_ENDS = ("\x07", "\x1b\\", "\x18", "\x1a", "\x1b[m", "")


def stream(random: Random, rows: int, columns: int, length: int = 40) -> bytes:
    """About ``length`` things in a row."""
    return b"".join(_thing(random, rows, columns) for _ in range(length))


def _thing(random: Random, rows: int, columns: int) -> bytes:
    kind = random.random()
    if kind < 0.10:
        return random.choice(_MARKS).encode()
    if kind < 0.34:
        return (random.choice(_TEXT) * random.choice((1, 1, 1, 2, 5))).encode()
    if kind < 0.46:
        return random.choice(_CONTROLS).encode()
    if kind < 0.54:
        return f"\x1b{random.choice(_ESC)}".encode()
    if kind < 0.62:
        return f"\x1b[{random.choice(_MODES)}{random.choice('hl')}".encode()
    if kind < 0.70:
        return f"\x1b[{random.randint(0, rows + 1)};{random.randint(0, columns + 1)}H".encode()
    if kind < 0.74:
        return f"\x1b[{random.randint(0, rows)};{random.randint(0, rows + 1)}r".encode()
    if kind < 0.93:
        return f"\x1b[{_parameters(random, columns)}{random.choice(_FINAL)}".encode()
    if kind < 0.96:
        text = "".join(random.choice(_TEXT) for _ in range(3))
        return f"\x1b{random.choice(_STRINGS)}{text}{random.choice(_ENDS)}".encode()
    if kind < 0.98:
        return random.randbytes(random.randint(1, 4))
    return b"\x1b[" + random.choice((b"", b"?", b">", b" ", b"1 ", b"1;2", b"4:3", b"38:5:1", b"1\n", b"2\r", b"\x1b"))


def _parameters(random: Random, columns: int) -> str:
    choice = random.random()
    if choice < 0.3:
        return ""
    if choice < 0.85:
        return str(random.randint(0, columns + 1))
    return random.choice(
        ("0", "99999", "99999999999", "1;1", ";", ";2", "2;", "1:2", "?1", "0;0", "3", "1;2;3;4;5", "2;3")
    )
