"""``python -m posrig.simulated``: one simulated rig as a process of its own. The wires are in docs/wires.md."""

from __future__ import annotations

import argparse
import json
import os
import stat
import sys
from pathlib import Path

from posrig.simulated.bench_acts import BenchError
from posrig.simulated.loop.scheduler import TimeStandsStill
from posrig.simulated.options import Options, OptionsError, read
from posrig.simulated.terminals import catalogue

CONFIGURATION, RIG_FAULT = 4, 3
"""Exit codes: a usage or configuration error; a simulation that cannot go on."""
LONGEST_OPTIONS = 1 << 20

_EPILOG = """\
prints one JSON line with its ports and ttys when everything listens, and ends when standard input closes,
on SIGTERM, or on the bench act "quit". Options in the file (all may be left out):
  terminal (a model, as in --terminal),
  seed (int), real_time (bool), ports (name -> port), defects (list of ids), defects_from (list of files),
  wiring (channels and supply output), battery (bool), directory (path of the terminal's flash), ttys (bool)
example:  echo '{"real_time": true}' | python -m posrig.simulated --options - --stay
"""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> None:  # type: ignore[override]
        """Usage errors end with the harness's own code, not with argparse's 2 (that one means: interrupted)."""
        self.print_usage(sys.stderr)
        self.exit(CONFIGURATION, f"error: {message}\n")


def main(arguments: list[str] | None = None) -> int:
    parser = _Parser(
        prog="python -m posrig.simulated",
        description="A simulated rig: a terminal with its instruments, on loopback.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--options", metavar="FILE", help="options as JSON; '-' reads one line from standard input")
    parser.add_argument("--stay", action="store_true", help="go on when standard input closes (until SIGTERM)")
    parser.add_argument("--list-defects", action="store_true", help="print the seeded defects as JSON and end")
    parser.add_argument("--defects-from", metavar="FILE.py", action="append", default=[], type=Path)
    parser.add_argument(
        "--terminal",
        choices=catalogue.names(),
        default=catalogue.USUAL,
        help="whose defects (to serve another terminal: the option of that name in the file)",
    )
    given = parser.parse_args(arguments)
    try:
        if given.list_defects:
            return _list_defects(given.terminal, given.defects_from)
        _serve(_options(given.options), stay=given.stay)
    except (OptionsError, BenchError) as error:
        print(f"error: {error}", file=sys.stderr)
        return CONFIGURATION
    except TimeStandsStill as error:
        print(f"error: the simulation is stuck: {error}", file=sys.stderr)
        return RIG_FAULT
    return 0


def _list_defects(terminal: str, files: list[Path]) -> int:
    print(json.dumps(catalogue.model_of(terminal, files).seeded()))
    return 0


def _options(source: str | None) -> Options:
    if source is None:
        return Options()
    if source == "-":
        # Unbuffered: what comes after the line belongs to the life line.
        return read(_first_line(), "standard input")
    try:
        text = Path(source).read_text(encoding="utf-8")
    except OSError as error:
        raise OptionsError(f"cannot read the options: {error.strerror}", where=source) from None
    except UnicodeDecodeError:
        raise OptionsError("the options are not UTF-8", where=source, allowed="one JSON object in UTF-8") from None
    return read(text, source)


def _first_line() -> str:
    line = bytearray()
    while len(line) < LONGEST_OPTIONS and (byte := os.read(0, 1)) and byte != b"\n":
        line += byte
    return line.decode("utf-8", "replace")


def _serve(options: Options, *, stay: bool) -> None:
    from posrig.simulated.process import serve

    model = catalogue.model_of(options.terminal, options.defects_from)
    serve(options, model, sys.stdout, None if stay else _life_line())


def _life_line() -> int | None:
    """Standard input when it is a pipe, a socket or a terminal; a file or /dev/null never says that it closed."""
    try:
        kind = os.fstat(0).st_mode
    except OSError:
        return None
    return 0 if stat.S_ISFIFO(kind) or stat.S_ISSOCK(kind) or os.isatty(0) else None


if __name__ == "__main__":
    sys.exit(main())
