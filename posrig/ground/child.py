"""How posrig starts a module of its own as a process: found wherever posrig lies, never shadowed by the caller's
folder."""

from __future__ import annotations

import os
import selectors
import subprocess
import sys
import sysconfig
from collections.abc import Sequence
from pathlib import Path

from posrig.ground.deadline import Deadline

_HOME = Path(__file__).resolve().parents[2]
"""The folder that holds the package posrig."""


def module_command(module: str, *arguments: str) -> list[str]:
    """``python -m module``. ``-P``: a lab's own ``json.py`` or ``posrig/`` in the working directory is not taken."""
    return [sys.executable, "-P", "-m", module, *arguments]


SECRET_VARIABLES = ("POSRIG_PASSWORD_", "POSRIG_TOTP_")
"""How the names of variables begin that hold a rig's secrets: not for guards, simulated rigs and other programs."""


def open_environment() -> dict[str, str]:
    """This process's environment without secrets: whoever may look at a process may read its environment."""
    return {name: value for name, value in os.environ.items() if not name.startswith(SECRET_VARIABLES)}


def module_environment() -> dict[str, str]:
    """The environment of such a process, without secrets: a checkout that is not installed finds its own package."""
    environment = open_environment()
    paths = {Path(sysconfig.get_path(name)).resolve() for name in ("purelib", "platlib")}
    if _HOME in paths:  # on PYTHONPATH it would come before the standard library
        return environment
    before = environment.get("PYTHONPATH")
    return {**environment, "PYTHONPATH": f"{_HOME}{os.pathsep}{before}" if before else str(_HOME)}


def run_small(argv: Sequence[str], program: str, limit: int, timeout_s: float) -> tuple[int, bytes]:
    """Run ``program`` with these words; its exit code and what it prints on standard output. No shell, no standard
    input, its standard error goes nowhere. Without secrets in its environment. It is ended after ``timeout_s`` real
    seconds or when it prints more than
    ``limit`` bytes. Raises TimeoutError, OSError, or ValueError for words that no program can be given."""
    deadline, printed = Deadline(timeout_s), b""
    with (
        subprocess.Popen(
            argv,
            executable=program,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=open_environment(),
        ) as child,
        selectors.DefaultSelector() as ready,
    ):
        assert child.stdout is not None
        try:
            ready.register(child.stdout, selectors.EVENT_READ)
            while len(printed) <= limit:
                if not ready.select(deadline.remaining):
                    raise TimeoutError
                if not (part := os.read(child.stdout.fileno(), 65_536)):
                    return child.wait(deadline.remaining), printed
                printed += part
        except subprocess.TimeoutExpired:
            raise TimeoutError from None
        finally:
            child.kill()
    raise OSError(27, f"it printed more than {limit} bytes", program)
