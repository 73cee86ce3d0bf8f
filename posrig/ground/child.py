"""How posrig starts a module of its own as a process: found wherever posrig lies, never shadowed by the caller's
folder."""

from __future__ import annotations

import os
import sys
import sysconfig
from pathlib import Path

_HOME = Path(__file__).resolve().parents[2]
"""The folder that holds the package posrig."""


def module_command(module: str, *arguments: str) -> list[str]:
    """``python -m module``. ``-P``: a lab's own ``json.py`` or ``posrig/`` in the working directory is not taken."""
    return [sys.executable, "-P", "-m", module, *arguments]


def module_environment() -> dict[str, str]:
    """The environment of such a process: a checkout that is not installed finds its own package."""
    paths = {Path(sysconfig.get_path(name)).resolve() for name in ("purelib", "platlib")}
    if _HOME in paths:  # on PYTHONPATH it would come before the standard library
        return dict(os.environ)
    before = os.environ.get("PYTHONPATH")
    return {**os.environ, "PYTHONPATH": f"{_HOME}{os.pathsep}{before}" if before else str(_HOME)}
