"""The counter terminal as a model for the rig: its factory, its firmware with seeded defects, its service tool."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from posrig.simulated.bench_acts import BenchError
from posrig.simulated.hardware.board import Board, FirmwareProtocol, Provision, Trust
from posrig.simulated.hardware.terminal_board import TerminalBoard
from posrig.simulated.terminals.counter.defects.registry import REGISTER
from posrig.simulated.terminals.counter.firmware.kernel import Firmware
from posrig.simulated.terminals.counter.firmware.staff import DEFAULT, DIGITS, SUPERVISOR, entry_of
from posrig.simulated.terminals.counter.kind import KIND
from posrig.simulated.terminals.flash import Flash
from posrig.simulated.terminals.seeded import read_file

STAFF = ("100001", "100002", SUPERVISOR)


def model(defects_from: Sequence[Path] = ()) -> Counter:
    """Raises BenchError when a file of defects cannot be read."""
    REGISTER.read_package()
    for path in defects_from:
        read_file(path)
    return Counter()


class Counter:
    """Fulfils :class:`posrig.simulated.hardware.model.TerminalModel`."""

    kind = KIND

    def provision(self, flash: Path, wanted: Provision, trust: Trust) -> None:
        """The staff named in the passwords and defaults; somebody of :data:`STAFF` in neither has one nobody knows."""
        numbers = sorted({*STAFF, *wanted.passwords, *wanted.default_passwords})
        if bad := [number for number in numbers if len(number) != DIGITS or not number.isdigit()]:
            raise BenchError(f"staff number {bad[0]!r}", allowed=f"{DIGITS} digits; supervisors begin with 9")
        staff = {number: self._entry(number, wanted) for number in numbers}
        Flash(flash).put(version=wanted.version, staff=staff)

    @staticmethod
    def _entry(number: str, wanted: Provision) -> dict[str, Any]:
        if number in wanted.default_passwords:
            return entry_of(number, DEFAULT, first=True)
        unknown = hashlib.sha256(f"{wanted.serial_number} {number}".encode()).hexdigest()
        return entry_of(number, wanted.passwords.get(number, unknown))

    def firmware(self, defects: tuple[str, ...]) -> Callable[[Board], FirmwareProtocol]:
        parts = REGISTER.parts(defects)
        return lambda board: Firmware(board, parts)

    def journal(self, board: TerminalBoard) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = Flash(board.flash).get("journal", [])
        return found

    def storage(self, board: TerminalBoard) -> dict[str, Any]:
        flash = Flash(board.flash)
        plain = ("version", "key_lock", "host_lock", "wrong", "stopped_at", "trace")
        return {name: flash.get(name) for name in plain} | {"operators": sorted(flash.get("staff", {}))}

    def seeded(self) -> list[dict[str, Any]]:
        return REGISTER.told()
