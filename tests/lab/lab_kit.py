"""A lab as ``posrig init`` makes it, and posrig and pytest as processes in it."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from posrig.commands.init import contents, make, named

HEAD = """
from posrig.language.decorators import given, then, when
from posrig.terminal.terminal import Terminal
"""
HELD = "Feature: Mine\n  Scenario: Mine\n    Given nobody is signed on\n    Then {}\n"
HELD_ZH = "# language: zh-CN\n功能: 我的\n  场景: 我的\n    假如尚未有人签到\n    那么{}\n"
TOLD = ("POSRIG_LAB", "PYTHONPATH", "PYTEST_ADDOPTS", "PYTEST_XDIST_WORKER", "CI")


@dataclass(frozen=True)
class Ended:
    code: int
    out: str


def lab_in(folder: Path, terminal: str = "R") -> Path:
    """A new lab; returns its folder."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    make(folder, contents(named(terminal), folder.name))
    return folder


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def environment(**more: str) -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name not in TOLD} | more


def start(cwd: Path, module: str, *arguments: str, **more: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-P", "-m", module, *arguments],
        cwd=cwd, env=environment(**more), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip


def ended(process: subprocess.Popen[str]) -> Ended:
    out, _ = process.communicate(timeout=120)
    return Ended(process.returncode, out)


def pytest_in(cwd: Path, *arguments: str, **more: str) -> Ended:
    return ended(start(cwd, "pytest", *arguments, **more))


def posrig_in(cwd: Path, *arguments: str, **more: str) -> Ended:
    return ended(start(cwd, "posrig.commands.main", *arguments, **more))
