"""A counter or esign terminal on a desk: real firmware, real board, real world, hands of a person."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar, cast

from posrig.simulated.hardware.board import Box, Provision
from posrig.simulated.hardware.kind import Face
from posrig.simulated.hardware.terminal_board import Surroundings, TerminalBoard
from posrig.simulated.terminals import catalogue
from posrig.simulated.wires.streams import cells
from posrig.simulated.world.world import World


class Recorder:
    """Display and service port. A row that does not fit the display is a mistake of the firmware."""

    def __init__(self, face: Face) -> None:
        self.face = face
        self.rows: list[str] = []
        self.frames: list[list[str]] = []
        self.boxes: tuple[Box, ...] = ()
        self.events: list[tuple[str, dict[str, object]]] = []

    def show(self, lines: Sequence[str], boxes: Sequence[Box] = ()) -> None:
        assert len(lines) == self.face.rows, lines
        assert all(cells(line) <= self.face.columns for line in lines), lines
        self.rows, self.boxes = list(lines), tuple(boxes)
        self.frames.append(self.rows)

    def backlight(self, on: bool) -> None: ...

    def dark(self) -> None:
        self.rows = []

    def emit(self, event: str, **fields: object) -> None:
        self.events.append((event, fields))


class Hands:
    """``keys("12", "OK")`` presses; ``wait`` lets time pass; ``screen`` is the page's id, ``text`` what is seen."""

    name = ""
    boots_s = 0.0
    passwords: ClassVar[dict[str, str]] = {}

    def __init__(self, world: World, flash: Path, *defects: str, **provided: Any) -> None:
        self.world, self.clock = world, world.scheduler
        self.model = catalogue.model_of(self.name)
        self.heard = Recorder(self.model.kind.face)
        world.reset()
        world.model = self.model.kind.model
        shutil.rmtree(flash, ignore_errors=True)
        flash.mkdir(parents=True)
        trust = world.trust("12345678")
        self.model.provision(flash, Provision(**{"passwords": self.passwords, **provided}), trust)
        around = Surroundings(
            scheduler=self.clock,
            screen=cast(Any, self.heard),
            service=cast(Any, self.heard),
            nic=world.nic,
            usb=world.stick,
            finger=world.finger,
            power_down=world.power_down,
            load_changed=lambda: None,
        )
        self.board = TerminalBoard(
            around,
            kind=self.model.kind,
            serial_number="12345678",
            flash=flash,
            trust=trust,
            make_firmware=self.model.firmware(defects),
            seed=1,
        )
        self.power_on()

    def __enter__(self) -> Hands:
        return self

    def __exit__(self, *_: object) -> None:
        self.board.power(False)  # a firmware that is left under power would act in the next test's world

    # hands

    def power_on(self) -> None:
        self.board.power(True)
        self.wait(self.boots_s + 2.5)

    def cycle(self) -> None:
        self.board.power(False)
        self.wait(1.0)
        self.power_on()

    def wait(self, seconds: float) -> None:
        self.clock.advance(seconds)

    def press(self, key: str, for_s: float = 0.06) -> None:
        self.board.contact(key, True)
        self.wait(for_s)
        self.board.contact(key, False)
        self.wait(0.06)

    def keys(self, *words: str) -> None:
        for word in words:
            for key in word if word.isdigit() else (word,):
                self.press(key)

    # what is seen

    @property
    def screen(self) -> str:
        return str(next(fields["id"] for event, fields in reversed(self.heard.events) if event == "screen"))

    @property
    def screens(self) -> list[str]:
        """All since the beginning."""
        return [str(fields["id"]) for event, fields in self.heard.events if event == "screen"]

    def text(self) -> str:
        return "\n".join(self.heard.rows)

    def storage(self) -> dict[str, Any]:
        return self.model.storage(self.board)

    # the host and the vendor

    def host(self, kind: str) -> None:
        self.world.push({"type": kind, "cause": "C04"})
        self.wait(1.0)


class CounterHands(Hands):
    name, boots_s = "counter", 3.0
    passwords: ClassVar[dict[str, str]] = {"100001": "258036", "100002": "314159", "900001": "271828"}

    def who(self, number: str, password: str | None = None) -> None:
        self.keys(number, "HASH", password or self.passwords[number], "HASH")

    def sign_on(self, number: str = "100001") -> None:
        self.keys("HASH")
        self.who(number)

    def turn(self) -> None:
        """The key of the key switch."""
        self.press("KEYSWITCH", 0.7)

    def unlock(self, number: str, password: str | None = None) -> None:
        self.who(number, password)
        self.wait(1.2)

    def wrong(self) -> None:
        """One more wrong password at the lock."""
        self.who("100001", "000000")
        self.wait(3.2)

    def stick(self, version: str = "2.5.0", *faults: str) -> None:
        package = self.world.package(version, size=50_000, faults=faults)
        self.world.stick.write({"update.pkg": package.to_bytes()})
        self.world.stick.plug(True)
        self.wait(2.2)

    def update(self, version: str = "2.5.0", *faults: str) -> None:
        """From the ready page to the last screen of an update by stick."""
        self.keys("STAR", "3")
        self.who("900001")
        self.stick(version, *faults)
        self.keys("HASH")
        self.wait(9.0)

    def reset(self) -> None:
        self.keys("STAR", "4")
        self.who("900001")
        self.keys("HASH")
        self.wait(4.2)


class EsignHands(Hands):
    name, boots_s = "esign", 4.0
    passwords: ClassVar[dict[str, str]] = {"01": "2580", "02": "1470", "00": "482913", "99": "73918264"}

    def touch(self, x: int, y: int, seconds: float = 0.1) -> None:
        self.board.touch(x, y, seconds)
        self.wait(seconds + 0.1)

    def sign_on(self, operator: str = "01") -> None:
        self.keys("OK", operator, "OK", self.passwords[operator], "OK")

    def lock(self) -> None:
        self.keys("FUNC", "22", "OK")

    def supervisor(self, password: str | None = None) -> None:
        """At the lock."""
        self.keys("FUNC", password or self.passwords["00"], "OK")

    def hold_at_power_on(self, seconds: float, *keys: str) -> None:
        self.board.power(False)
        for key in keys:
            self.board.contact(key, True)
        self.wait(1.0)
        self.board.power(True)
        self.wait(seconds)
        for key in keys:
            self.board.contact(key, False)
        self.wait(0.1)

    def reset(self) -> None:
        self.hold_at_power_on(5.5, "CANCEL", "FUNC")
        self.keys(self.passwords["99"], "OK", "OK")
        self.wait(20.0)

    def update(self, version: str = "2.5.0", *faults: str) -> None:
        self.world.shelf.put(self.world.package(version, size=50_000, faults=faults))
        self.keys("FUNC", "66", "OK", self.passwords["00"], "OK")
        self.wait(2.0)
        self.keys("OK")
        self.wait(8.0)
