"""Terminal R as a model for the rig: its factory, its firmware with seeded defects, its service tool."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from posrig.simulated.hardware.board import Board, FirmwareProtocol, Provision, Trust
from posrig.simulated.hardware.terminal_board import TerminalBoard
from posrig.simulated.terminals.r.firmware.journal import listing
from posrig.simulated.terminals.r.firmware.kernel import Firmware
from posrig.simulated.terminals.r.firmware.lock import Lock
from posrig.simulated.terminals.r.firmware.lock_states import LockStates
from posrig.simulated.terminals.r.firmware.parts import STANDARD, Parts
from posrig.simulated.terminals.r.firmware.provision import provision
from posrig.simulated.terminals.r.firmware.storage import Store
from posrig.simulated.terminals.r.kind import KIND


def model(defects_from: Sequence[Path] = ()) -> TerminalR:
    """Raises BenchError when a file of defects cannot be read."""
    return TerminalR(defects_from)


class TerminalR:
    """Fulfils :class:`posrig.simulated.hardware.model.TerminalModel`."""

    kind = KIND

    def __init__(self, defects_from: Sequence[Path] = ()) -> None:
        self._defects_from = tuple(defects_from)
        self._defects_read = False
        if self._defects_from:
            self._read_defects()

    def provision(self, flash: Path, wanted: Provision, trust: Trust) -> None:
        provision(flash, wanted, trust)

    def firmware(self, defects: tuple[str, ...]) -> Callable[[Board], FirmwareProtocol]:
        parts = self._parts(defects) if defects else STANDARD
        return lambda board: Firmware(board, parts)

    def _parts(self, defects: tuple[str, ...]) -> Parts:
        self._read_defects()
        from posrig.simulated.terminals.r.defects.registry import REGISTER

        return REGISTER.parts(defects)

    def _read_defects(self) -> None:
        """When the first defect is asked for, or a file is named (to find its faults now): else not at all."""
        if self._defects_read:
            return
        from posrig.simulated.terminals.r.defects import registry

        registry.read_package()
        for path in self._defects_from:
            registry.read_file(path)
        self._defects_read = True

    def seeded(self) -> list[dict[str, Any]]:
        self._read_defects()
        from posrig.simulated.terminals.r.defects.registry import REGISTER

        return REGISTER.told()

    def journal(self, board: TerminalBoard) -> list[dict[str, Any]]:
        with _opened(board.flash) as store:
            return listing(store)

    def storage(self, board: TerminalBoard) -> dict[str, Any]:
        """What a service tool reads over the terminal's contacts: no password, no seed, no key."""
        with _opened(board.flash) as store:
            boot = _boot_area(store)
            slots = {name: slot and slot["version"] for name, slot in boot.get("slots", {}).items()}
            active = boot.get("active", "a")
            return {
                "version": slots.get(active) or store.get("version"),
                "slots": slots,
                "active_slot": active,
                "trial": boot.get("trial"),
                "language": store.get("language"),
                "parameters": {name: store.get(f"parameter.{name}") for name in _parameters(store)},
                "lock": store.get(Lock.KEY),
                "host_lock": store.get(LockStates.HOST),
                "net_lock": store.get(LockStates.NET),
                "tampered": board.tampered,
                "failures": {
                    operator: {"count": count, "left_s": left_s, "in_a_row": in_a_row}
                    for operator, count, left_s, in_a_row in store.rows(
                        "SELECT id, count, left_s, in_a_row FROM failures ORDER BY id"
                    )
                },
                "operators": [row[0] for row in store.rows("SELECT id FROM operators ORDER BY id")],
                "causes": [
                    dict(zip(("number", "cause", "operator", "count"), row, strict=True))
                    for row in store.rows("SELECT number, cause, operator, count FROM causes ORDER BY number")
                ],
                "log_records": store.rows("SELECT count(*) FROM log")[0][0],
            }


@contextmanager
def _opened(flash: Path) -> Iterator[Store]:
    """A second reader beside the firmware: no transaction of the firmware is open between two events."""
    store = Store(flash)
    try:
        yield store
    finally:
        store.close()


def _boot_area(store: Store) -> dict[str, Any]:
    """The boot control area; empty on a terminal that never started."""
    try:
        area: dict[str, Any] = json.loads(store.area("boot").read_bytes())
    except (OSError, ValueError):
        return {}
    return area


def _parameters(store: Store) -> list[str]:
    return [name.removeprefix("parameter.") for name in store.names("parameter.")]
