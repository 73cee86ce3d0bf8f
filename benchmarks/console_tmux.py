"""What tmux shows for the same bytes: makes the data that tests/terminal/test_console_against_tmux.py goes by.

    apt-get install tmux
    python -m benchmarks.console_tmux sequences    # tests/terminal/tmux/sequences.txt -> sequences.json
    python -m benchmarks.console_tmux programs     # the recordings there -> programs.json
    python -m benchmarks.console_tmux fuzz N SEED  # N random streams, emulator against tmux, differences are printed

CI needs no tmux: it reads the data. benchmarks/console_programs.py records the programs.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import select
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from random import Random

from benchmarks.console_grammar import stream
from posrig.screens.picture import Emulator

sys.path.insert(0, str(Path(__file__).parent.parent / "tests" / "terminal"))

from tmux_says import ENDED, FOLDER, SIZES, cuts, expand, recordings, sequences  # the tests are no package

_READ = ENDED + b"\x1b[>q"
"""Then tmux is asked for its name: it answers when it has read everything before."""
_IDLE = "stty raw -echo; tmux -u wait-for -S idle; exec sleep 60"
_ANSWERS_WITHIN_S = 10.0
_LINES = str.maketrans("`abcdefghijklmnopqrstuvwxyz{|}~", "◆▒␉␌␍␊°±␤␋┘┐┌└┼⎺⎻─⎼⎽├┤┴┬│≤≥π≠£·")


class Tmux:
    """A server of its own with UTF-8 and no configuration."""

    def __init__(self, folder: str) -> None:
        self._socket = f"{folder}/tmux"
        self._env = {**os.environ, "LC_ALL": "C.UTF-8", "TERM": "screen"}
        self("start-server", ";", "new-session", "-d", "sleep 100000", ";", "set", "-g", "status", "off")

    def __call__(self, *words: str) -> str:
        command = ["tmux", "-u", "-S", self._socket, "-f", "/dev/null", *words]
        return subprocess.run(command, env=self._env, capture_output=True, check=True, timeout=20).stdout.decode()

    @property
    def version(self) -> str:
        return self("-V").split()[1]

    def shows(self, data: bytes, rows: int, columns: int) -> list[str]:
        """The rows of a new window of that size after these bytes, without the spaces at their ends."""
        size = ("-x", str(columns), "-y", str(rows))
        pane, line = self("new-session", "-d", "-P", "-F", "#{pane_id} #{pane_tty}", *size, _IDLE).split()
        self("wait-for", "idle")  # before that the window's own process may still set its line
        fd = os.open(line, os.O_RDWR | os.O_NOCTTY)
        try:
            for start in range(0, len(data), 1024):
                os.write(fd, data[start : start + 1024])
            os.write(fd, _READ)
            answer = b""
            while b"\x1bP>|tmux" not in answer or not answer.endswith(b"\x1b\\"):
                if not select.select([fd], [], [], _ANSWERS_WITHIN_S)[0]:
                    raise RuntimeError(f"tmux does not answer after {data!r}")
                answer += os.read(fd, 4096)
            shown = self("capture-pane", "-p", "-e", "-t", pane)
        finally:
            os.close(fd)
            self("kill-pane", "-t", pane)
        lines = [line.rstrip(" ") for line in _plain(shown).split("\n")[:-1]]
        if len(lines) != rows:
            raise RuntimeError(f"a window of {len(lines)} rows, not {rows}: {shown!r}")
        return lines

    def close(self) -> None:
        with contextlib.suppress(subprocess.CalledProcessError):
            self("kill-server")


def _plain(shown: str) -> str:
    """Without colours. What capture-pane gives between SO and SI are the letters of line-drawing characters."""
    text, *drawn = re.sub(r"\x1b\[[0-9:;]*m", "", shown).split("\x0e")
    parts = (part.partition("\x0f") for part in drawn)
    return text + "".join(letters.translate(_LINES) + rest for letters, _, rest in parts)


@contextlib.contextmanager
def server() -> Iterator[Tmux]:
    with tempfile.TemporaryDirectory() as folder:
        tmux = Tmux(folder)
        try:
            yield tmux
        finally:
            tmux.close()


def make_sequences(tmux: Tmux) -> None:
    """Write sequences.json: per size the rows of each sequence, in their order."""
    shown: dict[str, object] = {"tmux": tmux.version}
    for rows, columns in SIZES:
        each = {name: tmux.shows(expand(text, rows, columns), rows, columns) for name, text in sequences()}
        shown[f"{rows}x{columns}"] = {name: "\n".join(lines).rstrip("\n") for name, lines in each.items()}
    _write("sequences.json", shown)


def make_programs(tmux: Tmux) -> None:
    """Write programs.json: what is shown at several places of each recording."""
    shown: dict[str, object] = {"tmux": tmux.version}
    for name, rows, columns, data in recordings():
        shown[name] = {str(cut): "\n".join(tmux.shows(data[:cut], rows, columns)).rstrip("\n") for cut in cuts(data)}
    _write("programs.json", shown)


def _write(name: str, shown: dict[str, object]) -> None:
    (FOLDER / name).write_text(json.dumps(shown, ensure_ascii=False, indent=0) + "\n", "utf-8")


def fuzz(tmux: Tmux, streams: int, seed: int) -> int:
    """How many of these random streams differ; each is printed."""
    differ = 0
    for number in range(seed, seed + streams):
        random = Random(number)
        rows, columns = random.choice(SIZES)
        data = stream(random, rows, columns, random.choice((5, 15, 40)))
        emulator = Emulator(rows, columns)
        emulator.feed(data + ENDED)
        expected, found = tuple(tmux.shows(data, rows, columns)), emulator.rows()
        if expected != found:
            differ += 1
            print(f"{number}: {rows}x{columns} {data!r}\n  tmux {expected}\n  here {found}")
    return differ


def main(words: list[str]) -> None:
    with server() as tmux:
        match words:
            case ["sequences"]:
                make_sequences(tmux)
            case ["programs"]:
                make_programs(tmux)
            case ["fuzz", streams, seed]:
                print(f"{fuzz(tmux, int(streams), int(seed))} of {streams} streams differ (tmux {tmux.version})")
            case _:
                print(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
