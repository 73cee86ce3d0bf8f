"""What makes a board a terminal of some model: the contract of each folder of ``terminals/``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from posrig.simulated.hardware.board import Board, FirmwareProtocol, Provision, Trust
from posrig.simulated.hardware.kind import Kind
from posrig.simulated.hardware.terminal_board import TerminalBoard


class TerminalModel(Protocol):
    """Its kind, its factory, its firmware, its service tool."""

    @property
    def kind(self) -> Kind: ...

    def provision(self, flash: Path, wanted: Provision, trust: Trust) -> None:
        """Write the flash as it comes from the shelf. Raises BenchError for what this model cannot be given."""

    def firmware(self, defects: tuple[str, ...]) -> Callable[[Board], FirmwareProtocol]:
        """A maker of firmware objects with these defects. Raises BenchError for an unknown defect."""

    def journal(self, board: TerminalBoard) -> list[dict[str, Any]]: ...

    def storage(self, board: TerminalBoard) -> dict[str, Any]:
        """What a service tool reads over the terminal's contacts: no password, no seed, no key."""

    def seeded(self) -> list[dict[str, Any]]:
        """The defects that it can have: id, title, group, rules, severity, source."""
