"""The electronic-signature terminal as a model for the rig: factory, firmware with seeded defects, service tool."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from posrig.simulated.bench_acts import BenchError
from posrig.simulated.hardware.board import Board, FirmwareProtocol, Provision, Trust
from posrig.simulated.hardware.terminal_board import TerminalBoard
from posrig.simulated.terminals.esign.defects.registry import REGISTER
from posrig.simulated.terminals.esign.firmware.kernel import Firmware
from posrig.simulated.terminals.esign.firmware.people import FIRST, SUPERVISOR, SYSTEM, entry_of
from posrig.simulated.terminals.esign.kind import KIND
from posrig.simulated.terminals.flash import Flash
from posrig.simulated.terminals.seeded import read_file

BY_NAME = {"supervisor": SUPERVISOR, "system": SYSTEM}
"""Who types no number has none that a lab need know: the key room may name the role."""


def model(defects_from: Sequence[Path] = ()) -> Esign:
    """Raises BenchError when a file of defects cannot be read."""
    REGISTER.read_package()
    for path in defects_from:
        read_file(path)
    return Esign()


class Esign:
    """Fulfils :class:`posrig.simulated.hardware.model.TerminalModel`."""

    kind = KIND

    def provision(self, flash: Path, wanted: Provision, trust: Trust) -> None:
        """Those of :data:`FIRST` and those named; who has no password of the key room's has one nobody knows."""
        given = {BY_NAME.get(name, name): password for name, password in wanted.passwords.items()}
        wanted = replace(wanted, passwords=given)
        operators = sorted({*FIRST, *wanted.passwords, *wanted.default_passwords})
        if bad := [one for one in operators if len(one) != 2 or not one.isdigit()]:
            raise BenchError(f"operator {bad[0]!r}", allowed="two digits: cashiers 01 to 10, supervisor 00, system 99")
        people = {operator: self._entry(operator, wanted) for operator in operators}
        Flash(flash).put(version=wanted.version, people=people)

    @staticmethod
    def _entry(operator: str, wanted: Provision) -> dict[str, Any]:
        unknown = hashlib.sha256(f"{wanted.serial_number} {operator}".encode()).hexdigest()
        first = FIRST.get(operator, "0000") if operator in wanted.default_passwords else unknown
        return entry_of(operator, wanted.passwords.get(operator, first))

    def firmware(self, defects: tuple[str, ...]) -> Callable[[Board], FirmwareProtocol]:
        parts = REGISTER.parts(defects)
        return lambda board: Firmware(board, parts)

    def journal(self, board: TerminalBoard) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = Flash(board.flash).get("journal", [])
        return found

    def storage(self, board: TerminalBoard) -> dict[str, Any]:
        flash = Flash(board.flash)
        plain = ("version", "lock", "host_lock", "wrong", "stopped_at", "trace")
        return {name: flash.get(name) for name in plain} | {"operators": sorted(flash.get("people", {}))}

    def seeded(self) -> list[dict[str, Any]]:
        return REGISTER.told()
