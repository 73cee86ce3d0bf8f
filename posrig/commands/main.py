# PYTHON_ARGCOMPLETE_OK
"""``posrig COMMAND``: finds the command's module, and turns every outcome into words and an exit code.

A command is a module of this package with ``SUMMARY``, ``add_arguments(parser)`` and ``run(arguments) -> int``.
Exit codes are in ``posrig/ground/faults.py``.
"""

from __future__ import annotations

import argparse
import difflib
import importlib
import os
import pkgutil
import signal
import sys
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from typing import NoReturn

from posrig.commands import printing
from posrig.ground import endings
from posrig.ground.faults import ConfigurationError, ExitCode, PosrigError

_NOT_COMMANDS = ("main", "common", "printing")


class Parser(argparse.ArgumentParser):
    """Usage errors are configuration errors: exit code 4, for argparse's 2 means "interrupted" here."""

    def error(self, message: str) -> NoReturn:
        raise ConfigurationError(f"{self.prog}: {message}", todo=f"{self.prog} --help")


def names() -> tuple[str, ...]:
    """The commands there are, without importing them."""
    found = [module.name for module in pkgutil.iter_modules([str(Path(__file__).parent)])]
    return tuple(sorted(n.replace("_", "-") for n in found if not n.startswith("_") and n not in _NOT_COMMANDS))


def load(name: str) -> ModuleType:
    """The module of a command. Raises ConfigurationError with the nearest name."""
    known = names()
    if name not in known:
        near = difflib.get_close_matches(name, known, 1, 0.5)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        raise ConfigurationError(f"posrig has no command {name!r}{hint}", allowed=", ".join(known))
    return importlib.import_module(f"{__package__}.{name.replace('-', '_')}")


def main(argv: list[str] | None = None) -> int:
    """Run one command; returns its exit code. Never a traceback for a fault that has a name."""
    words = sys.argv[1:] if argv is None else argv
    if argv is None and "_ARGCOMPLETE" in os.environ:
        from posrig.commands._completing import complete

        complete(names(), load)
    if argv is None:
        endings.patient_output()
    # a stopped job, or one whose window was closed, must close its rig like one that was interrupted
    ignored = signal.getsignal(signal.SIGINT) is signal.SIG_IGN  # a background job of a shell without job control
    heard = [number for number in endings.SIGNALS if number != signal.SIGINT or not ignored]
    before = endings.listen(endings.interrupt_once, heard)
    code = None
    try:
        code = _run(words)
    finally:
        if argv is not None or code != ExitCode.INTERRUPTED:  # else the process ends now, deaf
            endings.restore(before)
    return code


def _run(words: list[str]) -> int:
    as_json = "--json" in words
    try:
        code = _dispatch(words)
        if code == ExitCode.INTERRUPTED:
            endings.be_deaf()
        return code
    except PosrigError as fault:
        exc = _in_chinese(fault) if "--language=zh" in words or ("--language", "zh") in pairwise(words) else fault
        if as_json:
            report = {"ok": False, "verdict": exc.verdict, "error": str(exc), "exit_code": int(exc.exit_code)}
            printing.print_json(report)
        else:
            printing.say(f"{exc.verdict}: {exc}", error=True)
        return int(exc.exit_code)
    except ModuleNotFoundError as exc:
        package = (exc.name or "").partition(".")[0]
        if package in ("", "posrig"):
            raise
        wrong = ConfigurationError(
            f"the Python package {package!r} is not installed", where=sys.executable,
            todo="python -m pip install --upgrade posrig; posrig doctor lists what is missing",
        )  # fmt: skip
        printing.say(f"{wrong.verdict}: {wrong}", error=True)
        return int(wrong.exit_code)
    except KeyboardInterrupt:
        endings.be_deaf()
        printing.say("interrupted; the rig was closed", error=True)
        return int(ExitCode.INTERRUPTED)


def _in_chinese(fault: PosrigError) -> PosrigError:
    from posrig.language.yaml_words import told_in  # a tenth of a second that other commands need not wait

    return told_in(fault, "zh")


def _dispatch(words: list[str]) -> int:
    if not words or words[0] in ("-h", "--help", "help"):
        printing.say(overview())
        return int(ExitCode.HELD if words else ExitCode.CONFIGURATION)
    if words[0] in ("-V", "--version"):
        printing.say(version())
        return int(ExitCode.HELD)
    module = load(words[0])
    parser = Parser(prog=f"posrig {words[0]}", description=module.SUMMARY, epilog=getattr(module, "EPILOG", None))
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    module.add_arguments(parser)
    return int(module.run(parser.parse_args(words[1:])))


def version() -> str:
    """posrig's version, Python's, and where this posrig lies: which of several installed ones answers."""
    from importlib import metadata  # a fifth of a second that no other command needs

    try:
        number = metadata.version("posrig")
    except metadata.PackageNotFoundError:
        number = "not installed"
    return f"posrig {number}, Python {sys.version.split()[0]}, {Path(__file__).parents[1]}"


def overview() -> str:
    """The commands with one line each."""
    rows = [(name, str(load(name).SUMMARY).splitlines()[0]) for name in names()]
    width = max(len(name) for name, _ in rows)
    listed = "\n".join(f"  {name:<{width}}  {summary}" for name, summary in rows)
    codes = ", ".join(f"{code.value} {code.name.lower().replace('_', ' ')}" for code in ExitCode)
    return f"posrig COMMAND [options]\n\n{listed}\n\nposrig COMMAND --help says more. Exit codes: {codes}."


if __name__ == "__main__":
    sys.exit(main())
