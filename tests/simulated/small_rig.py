"""A rig process with the smallest firmware there is: shows keys, draws current, restarts. For tests of the rig itself."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from posrig.simulated.bench_acts import BenchError
from posrig.simulated.hardware.board import Board, FirmwareProtocol, Provision, Trust
from posrig.simulated.hardware.terminal_board import TerminalBoard
from posrig.simulated.options import read
from posrig.simulated.process import serve
from posrig.simulated.terminals.r.kind import KIND


class SmallFirmware:
    """Raw edges go to the service port; ENTER paints a count, MENU restarts, F1 draws 2 A, F2 starts a ticker."""

    def __init__(self, board: Board) -> None:
        self.board = board
        self.count = 0

    def power_on(self) -> None:
        starts = self.board.flash / "starts"
        number = int(starts.read_text()) + 1 if starts.exists() else 1
        starts.write_text(str(number))
        self.board.service.emit("boot", number=number, chip=self.board.rtc.read().isoformat(), bits=self.board.rng())
        self.board.display.show(["Starting...", "", "", ""])
        self.board.load(350)
        self.board.after(1.0, self.ready)

    def ready(self) -> None:
        self.board.load(120)
        self.board.display.show(["就绪", "0", "", ""])

    def contact(self, key: str, closed: bool) -> None:
        self.board.service.emit("edge", key=key, closed=closed)
        if not closed:
            return
        if key == "ENTER":
            self.count += 1
            self.board.display.show(["READY", str(self.count), "", ""])
        elif key == "MENU":
            self.board.restart()
        elif key == "F1":
            self.board.load(2000)
        elif key == "F2":
            self.tick()

    def discard(self) -> None:
        self.count = -1

    def tick(self) -> None:
        self.board.service.emit("tick", mains=self.board.battery.mains)
        self.board.after(0.5, self.tick)


class SmallModel:
    kind = KIND

    def provision(self, flash: Path, provision: Provision, trust: Trust) -> None:
        (flash / "language").write_text(provision.language)

    def firmware(self, defects: tuple[str, ...]) -> Callable[[Board], FirmwareProtocol]:
        if defects:
            raise BenchError(f"unknown defect {defects[0]!r}", allowed="none")
        return SmallFirmware

    def journal(self, board: TerminalBoard) -> list[dict[str, Any]]:
        return []

    def storage(self, board: TerminalBoard) -> dict[str, Any]:
        return {"language": (board.flash / "language").read_text()}


if __name__ == "__main__":
    serve(read(sys.argv[1], "argument"), SmallModel(), sys.stdout, 0)
    print(json.dumps("ended"), flush=True)
