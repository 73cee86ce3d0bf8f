"""A terminal on a desk: real firmware, real board, real world, keys pressed by a hand. For the tests of this folder."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

import pyotp

from posrig.simulated.hardware.board import Provision
from posrig.simulated.hardware.terminal_board import Surroundings, TerminalBoard
from posrig.simulated.terminals.r.firmware.kernel import Firmware
from posrig.simulated.terminals.r.firmware.parts import STANDARD, Parts
from posrig.simulated.terminals.r.firmware.provision import provision
from posrig.simulated.terminals.r.kind import KIND
from posrig.simulated.world import World

SEED = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
PASSWORDS = {"00": "836194", "99": "72905836", "01": "4826", "02": "5937"}
STARTED_S = 10.1
LINKED_S = 2.5


class Recorder:
    """Display and service port."""

    def __init__(self) -> None:
        self.rows: list[str] = []
        self.frames: list[list[str]] = []
        self.events: list[tuple[str, dict[str, object]]] = []

    def show(self, lines: Sequence[str]) -> None:
        self.rows = list(lines)
        self.frames.append(self.rows)

    def backlight(self, on: bool) -> None: ...

    def dark(self) -> None:
        self.rows = []

    def emit(self, event: str, **fields: object) -> None:
        self.events.append((event, fields))


class Terminal:
    def __init__(self, world: World, flash: Path, parts: Parts = STANDARD, **provided: Any) -> None:
        self.world, self.clock, self.heard = world, world.scheduler, Recorder()
        world.reset()
        shutil.rmtree(flash, ignore_errors=True)
        trust = world.trust("12345678")
        provision(flash, Provision(passwords=PASSWORDS, totp_seeds={"00": SEED, "99": SEED}, **provided), trust, parts)
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
            kind=KIND,
            serial_number="12345678",
            flash=flash,
            trust=trust,
            make_firmware=lambda board: Firmware(board, parts),
            seed=1,
        )

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, *_: object) -> None:
        # a firmware that is left under power would restart the next test's terminal
        self.cut()

    # hands

    def start(self, *, linked: bool = True) -> None:
        self.board.power(True)
        self.wait(STARTED_S + (LINKED_S if linked else 0.0))

    def cut(self) -> None:
        self.board.power(False)

    def cycle(self, *, linked: bool = True) -> None:
        self.cut()
        self.wait(1.0)
        self.start(linked=linked)

    def wait(self, seconds: float) -> None:
        self.clock.advance(seconds)

    def press(self, keys: str) -> None:
        """``MENU 3 12.00 ENTER``: words are keys, anything else is typed digit by digit."""
        for word in keys.split():
            for key in [word] if word.isupper() else [c for c in word if c.isdigit()]:
                self.board.contact(key, True)
                self.wait(0.05)
                self.board.contact(key, False)
                self.wait(0.05)

    def sign_on(self, operator: str = "01") -> None:
        self.press(f"{operator} ENTER {PASSWORDS[operator]} ENTER")
        if operator in ("00", "99"):
            # a code whose window ends while it is typed would be refused, and rightly so
            self.wait(4.0 if self.board.rtc.read().timestamp() % 30 > 27 else 0.0)
            self.press(f"{pyotp.TOTP(SEED).at(int(self.board.rtc.read().timestamp()))} ENTER")

    def sign_off(self) -> None:
        self.press("MENU 5 1")

    def ready(self, operator: str = "01") -> Terminal:
        self.start()
        self.sign_on(operator)
        self.wait(2.0)
        return self

    # eyes

    @property
    def fw(self) -> Firmware:
        assert isinstance(self.board.firmware, Firmware)
        return self.board.firmware

    @property
    def screen(self) -> str:
        """Id of the page that the service port named last."""
        return str(next(fields["id"] for event, fields in reversed(self.heard.events) if event == "screen"))

    @property
    def rows(self) -> list[str]:
        return self.heard.rows

    def screens(self) -> list[str]:
        return [str(fields["id"]) for event, fields in self.heard.events if event == "screen"]

    def events(self, name: str) -> list[dict[str, object]]:
        return [fields for event, fields in self.heard.events if event == name]

    def states(self, name: str) -> list[object]:
        return [fields["state"] for fields in self.events(name)]

    def journal(self) -> list[tuple[int, str, int, str]]:
        rows = self.fw.journal.everything()
        return [(row.trace, row.type, row.amount, row.state) for row in rows]

    def host_journal(self) -> list[tuple[int, str, int, str]]:
        entries = self.world.host.ledger.as_list()
        return [(row["trace"], row["type"], row["amount"], row["state"]) for row in entries]

    def logged(self) -> list[tuple[str, str]]:
        return [(record.what, record.result) for record in self.fw.log.records()]
