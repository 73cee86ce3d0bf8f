"""What the tests of both directions share: variants of the simulated rig's file, another client of an instrument."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from posrig.description.lab import SIMULATED
from posrig.description.rig_file import RigDescription, read_rig
from posrig.ground.faults import PosrigError
from posrig.rig.rig import Rig
from posrig.rig.soundness import judged
from posrig.terminal import preparing
from posrig.terminal.judging import expect_screen
from posrig.terminal.models.terminal_r import starting
from posrig.terminal.models.terminal_r.locking import lock
from posrig.terminal.models.terminal_r.signing_on import sign_on

DEFECTS = Path(__file__).parent / "_defects" / "dressed.py"


def rig_file(folder: Path, *changes: tuple[str, str]) -> Path:
    """The simulated rig's file with these texts replaced; its own profile beside it by absolute path."""
    text = SIMULATED.read_text("utf-8").replace("profile: profiles/", f"profile: {SIMULATED.parent}/profiles/")
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    file = folder / "rig.yaml"
    file.write_text(text, "utf-8")
    return file


def described(folder: Path, *changes: tuple[str, str]) -> RigDescription:
    return read_rig(rig_file(folder, *changes))


def begin(rig: Rig, *defects: str) -> Rig:
    """A terminal from the shelf, a sound rig, a new scenario."""
    rig.recover()
    preparing.prepare(rig.terminal, defects=defects)
    rig.begin_scenario()
    return rig


def port(rig: Rig, name: str) -> int:
    return int(getattr(rig, name).session.resource.split("::")[2])


def beside(port: int, *messages: str) -> None:
    """Another client of an instrument."""
    with socket.create_connection(("127.0.0.1", port), 5) as wire:
        for message in messages:
            wire.sendall(f"{message};*OPC?\n".encode())
            assert wire.recv(10) == b"1\n"


def lock_and_look(rig: Rig) -> None:
    """The scenario of most rows: the cashier signs on and locks; the terminal shows that it is locked."""
    starting.ready(rig.terminal, "01")
    lock(rig.terminal)
    expect_screen(rig.terminal, ("lock",), expected="the terminal is locked")


def sign_on_and_look(rig: Rig) -> None:
    """The same without a start."""
    sign_on(rig.terminal, "01")
    expect_screen(rig.terminal, ("idle",), expected="the ready screen")


def verdict(rig: Rig, kind: type[PosrigError], said: str) -> pytest.RaisesContext[PosrigError]:
    """What comes of the block is exactly of this kind, and says this (a regular expression)."""
    return _Judged(rig, kind, said)  # type: ignore[return-value]


class _Judged:
    def __init__(self, rig: Rig, kind: type[PosrigError], said: str) -> None:
        self._kind, self._judged = kind, judged(rig)
        self._raised = pytest.raises(kind, match=said)

    def __enter__(self) -> None:
        self._told = self._raised.__enter__()
        self._judged.__enter__()

    def __exit__(self, *error: object) -> bool:
        try:
            self._judged.__exit__(*error)  # type: ignore[arg-type]
        except PosrigError as told:
            error = (type(told), told, told.__traceback__)
        held: bool = self._raised.__exit__(*error)  # type: ignore[arg-type]
        assert self._told.value.exit_code is self._kind.exit_code, self._told.value
        assert isinstance(self._told.value, self._kind)
        return held
