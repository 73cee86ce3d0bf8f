"""Terminal emulators side by side: how often each shows what tmux shows, and what 1 MB costs, as a ratio to ours.

pip install pyte pyavt pyghostty vt100wasm     # those that are there are compared; none of them is a dependency
python -m benchmarks.console_emulators
"""

from __future__ import annotations

import importlib
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any, Protocol

from benchmarks.console_grammar import stream
from posrig.screens.picture import Emulator

sys.path.insert(0, str(Path(__file__).parent.parent / "tests" / "terminal"))

from tmux_says import ENDED, SIZES, expand, read, recordings, sequences  # the tests are no package

MB = 1_000_000
ROWS, COLUMNS = 4, 16


class Shows(Protocol):
    def feed(self, data: bytes) -> None: ...
    def rows(self) -> tuple[str, ...]: ...


class Pyte:
    def __init__(self, rows: int, columns: int) -> None:
        pyte = importlib.import_module("pyte")
        self._screen = pyte.Screen(columns, rows)
        self.feed = pyte.ByteStream(self._screen).feed

    def rows(self) -> tuple[str, ...]:
        return tuple(row.rstrip() for row in self._screen.display)


class Avt:
    def __init__(self, rows: int, columns: int) -> None:
        self._vt = importlib.import_module("avt").Vt(columns, rows, 0)

    def feed(self, data: bytes) -> None:
        self._vt.feed_str(data.decode("utf-8", "ignore"))

    def rows(self) -> tuple[str, ...]:
        return tuple(row.text().rstrip() if callable(row.text) else row.text.rstrip() for row in self._vt.view())


class Ghostty:
    def __init__(self, rows: int, columns: int) -> None:
        self._terminal = importlib.import_module("pyghostty").Terminal(cols=columns, rows=rows)
        self.feed = self._terminal.feed

    def rows(self) -> tuple[str, ...]:
        return tuple(row.rstrip() for row in self._terminal.text().split("\n"))


class Vt100:
    def __init__(self, rows: int, columns: int) -> None:
        self._screen = importlib.import_module("vt100wasm").Screen(rows, columns)
        self.feed = self._screen.process

    def rows(self) -> tuple[str, ...]:
        return tuple(row.rstrip() for row in self._screen.contents().split("\n"))


ALL: dict[str, Callable[[int, int], Shows]] = {
    "ours": Emulator,
    "pyte": Pyte,
    "pyavt": Avt,
    "pyghostty": Ghostty,
    "vt100wasm": Vt100,
}


def looks() -> Iterator[tuple[int, int, bytes, str]]:
    """Rows, columns, bytes and what tmux shows for them."""
    shown = read("sequences.json")
    for rows, columns in SIZES:
        for name, text in sequences():
            yield rows, columns, expand(text, rows, columns) + ENDED, shown[f"{rows}x{columns}"][name]
    programs = read("programs.json")
    for name, rows, columns, data in recordings():
        for cut, rows_shown in programs[name].items():
            yield rows, columns, data[: int(cut)] + ENDED, rows_shown


def megabytes() -> dict[str, bytes]:
    random = Random(1)
    kinds = {
        "plain text": b"The quick brown fox jumps over the lazy dog 0123456789\r\n",
        "Chinese": "终端已锁定，请输入管理员密码\r\n".encode(),
        "mixed": "OP01 锁定 12:34 ok 余额 0.00\r\n".encode(),
        "colours": b"\x1b[1;31mred\x1b[0m \x1b[38;5;12mblue\x1b[m\r\n",
        "cursor": b"\x1b[2;3Hx\x1b[K\x1b[A\x1b[4Cy",
        "repaints": ("\x1b[H\x1b[2J" + "".join(f"\x1b[{n};1H终端 READY {n}" for n in range(1, 5))).encode(),
        "random sequences": b"".join(stream(random, ROWS, COLUMNS) for _ in range(300)),
        "random bytes": random.randbytes(MB),
    }
    return {kind: (data * (MB // len(data) + 1))[:MB] for kind, data in kinds.items()}


def equal(make: Callable[[int, int], Shows]) -> tuple[int, int, int]:
    """Looks that are as on tmux, those where it raised, all."""
    same = raised = every = 0
    for rows, columns, data, shown in looks():
        every += 1
        try:
            emulator = make(rows, columns)
            emulator.feed(data)
            same += "\n".join(emulator.rows()).rstrip("\n") == shown
        except Exception:  # noqa: BLE001
            raised += 1
    return same, raised, every


def cost(make: Callable[[int, int], Shows], data: bytes) -> float | None:
    """Processor seconds for 1 MB; None when it raised."""
    emulator = make(ROWS, COLUMNS)
    begun = time.process_time()
    try:
        for start in range(0, len(data), 4096):
            emulator.feed(data[start : start + 4096])
    except Exception:  # noqa: BLE001
        return None
    return time.process_time() - begun


def main() -> None:
    there: dict[str, Any] = {}
    for name, make in ALL.items():
        try:
            make(ROWS, COLUMNS)
            there[name] = make
        except ImportError:
            print(f"{name}: not installed")
    for name, make in there.items():
        same, raised, every = equal(make)
        print(f"{name}: {same} of {every} looks as on tmux, {raised} raised")
    for kind, data in megabytes().items():
        costs = {name: cost(make, data) for name, make in there.items()}
        ours = costs["ours"] or 1.0
        said = (
            f"{name} " + (f"{took:.2f} s ({took / ours:.1f})" if took is not None else "raised")
            for name, took in costs.items()
        )
        print(f"{kind}: " + ", ".join(said))


if __name__ == "__main__":
    main()
