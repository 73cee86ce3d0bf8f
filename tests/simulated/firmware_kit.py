"""A terminal without a rig: the firmware on a fake board, its keys, its picture and its service lines."""

from __future__ import annotations

import base64
import hashlib
import hmac
import struct
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from posrig.simulated.hardware.board import Battery, Provision, Trust
from posrig.simulated.loop.scheduler import Scheduler, Timer
from posrig.simulated.terminals.r.firmware.kernel import Firmware
from posrig.simulated.terminals.r.firmware.parts import STANDARD, Parts
from posrig.simulated.terminals.r.firmware.provision import provision

SEED_00, SEED_99 = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", "KRSXG5CTMVRXEZLUKRSXG5CTMVRXEZLU"
PASSWORDS = {"01": "2580", "02": "1470", "03": "3690", "00": "482913", "99": "73918264"}
SHELF = Provision(passwords=PASSWORDS, totp_seeds={"00": SEED_00, "99": SEED_99})
TRUST = Trust(update_keys={}, unlock_key=b"unlock key of 12345678", host_pin="", update_pin="")


def _ignore(*_: object) -> None:
    return


class FakeRtc:
    def __init__(self, scheduler: Scheduler) -> None:
        self.scheduler, self.ahead, self.since, self.battery_dead = scheduler, timedelta(), scheduler.now, False

    def read(self) -> datetime:
        return datetime.fromtimestamp(self.scheduler.now, UTC) + self.ahead

    def set(self, when: datetime) -> None:
        self.ahead = when - datetime.fromtimestamp(self.scheduler.now, UTC)

    def counter(self) -> float:
        return self.scheduler.now - self.since


class FakeNic:
    """No host answers."""

    attached = False

    def __init__(self) -> None:
        self.on_link: Callable[[bool], None] = _ignore
        self.on_push: Callable[[dict[str, Any]], None] = _ignore

    def power_up(self) -> None: ...

    def request(self, message: Any, on_answer: Any, on_failure: Any, *, timeout_s: float = 20.0) -> None: ...

    def fetch(self, path: Any, first_byte: Any, length: Any, on_data: Any, on_failure: Any) -> None: ...


class FakeUsb:
    stick: Path | None = None

    def __init__(self) -> None:
        self.on_change: Callable[[], None] = lambda: None

    def folder(self) -> Path | None:
        return self.stick


class FakeFinger:
    working = True

    def __init__(self) -> None:
        self.on_touch: Callable[[str, bool], None] = _ignore


class Terminal:
    """Board, display and service port in one; ``keys`` types, ``wait`` lets time pass, ``cut`` is a power cut."""

    model = "R"

    def __init__(self, flash: Path, shelf: Provision = SHELF, parts: Parts = STANDARD, *, on: bool = True) -> None:
        self.serial_number, self.flash, self.trust, self.parts = shelf.serial_number, flash, TRUST, parts
        self.scheduler = Scheduler()
        self.display = self.service = self
        self.rtc, self.nic, self.usb, self.finger = FakeRtc(self.scheduler), FakeNic(), FakeUsb(), FakeFinger()
        self.battery = Battery()
        self.hardware_faults: dict[str, str] = {}
        self.tampered = False
        self.on_tamper: Callable[[], None] = lambda: None
        self.lines: list[str] = []
        self.frames: list[list[str]] = []
        self.events: list[tuple[str, dict[str, object]]] = []
        self.milliamps: list[float] = []
        self.closed: set[str] = set()
        self.timers: list[Timer] = []
        self.random = 7
        self.fw: Firmware | None = None
        provision(flash, shelf, TRUST, parts)
        if on:
            self.power_on()
            self.wait(10.1)

    # the board's side

    @property
    def now(self) -> float:
        return self.scheduler.now - self.started

    def after(self, delay_s: float, call: Callable[[], None]) -> Timer:
        self.timers.append(self.scheduler.after(delay_s, call))
        return self.timers[-1]

    def beep(self, kind: str, count: int = 1) -> None:
        self.emit("beep", kind=kind, n=count)

    def load(self, milliamps: float) -> None:
        self.milliamps.append(milliamps)

    def restart(self) -> None:
        self.after(0.0, lambda: (self.cut(), self.power_on())[0])

    def rng(self) -> int:
        self.random = (self.random * 1103515245 + 12345) % 2**32
        return self.random ^ (self.random >> 15)

    def show(self, lines: Sequence[str]) -> None:
        self.lines = list(lines)
        self.frames.append(self.lines)

    def backlight(self, on: bool) -> None:
        self.emit("backlight", state="on" if on else "off")

    def emit(self, event: str, **fields: object) -> None:
        self.events.append((event, fields))

    # the person's side

    def power_on(self) -> None:
        self.started = self.scheduler.now
        self.fw = Firmware(self, self.parts)
        self.fw.power_on()
        for key in sorted(self.closed):
            self.fw.contact(key, True)

    def cut(self) -> None:
        for timer in self.timers:
            timer.cancel()
        self.timers.clear()
        if self.fw is not None:
            self.fw.discard()
        self.fw, self.lines = None, []

    def power_cycle(self, off_s: float = 1.0) -> None:
        self.cut()
        self.wait(off_s)
        self.power_on()
        self.wait(10.1)

    def wait(self, seconds: float) -> None:
        self.scheduler.advance(seconds)

    def contact(self, key: str, closed: bool) -> None:
        (self.closed.add if closed else self.closed.discard)(key)
        if self.fw is not None:
            self.fw.contact(key, closed)

    def press(self, key: str, for_s: float = 0.06) -> None:
        self.contact(key, True)
        self.wait(for_s)
        self.contact(key, False)
        self.wait(0.06)

    def keys(self, *sequence: str) -> None:
        """``keys("MENU", "53", "ENTER")``: words are keys, strings of digits are typed."""
        for item in sequence:
            for key in item if item.isdigit() else (item,):
                self.press(key)

    # what is seen

    @property
    def screen(self) -> str:
        """The id of the page on show, as the service port last said."""
        return str(next(fields["id"] for event, fields in reversed(self.events) if event == "screen"))

    def text(self) -> str:
        return "\n".join(self.lines)

    def seen(self, event: str) -> list[dict[str, object]]:
        return [fields for name, fields in self.events if name == event]

    # what a person with the right things can do

    def code(self, operator: str, seeds: Mapping[str, str] = {"00": SEED_00, "99": SEED_99}) -> str:
        return totp(seeds[operator], int(self.rtc.read().timestamp()) // 30)

    def sign_on(self, operator: str = "01", password: str | None = None) -> None:
        self.keys(operator, "ENTER", password or PASSWORDS[operator], "ENTER")
        if operator in ("00", "99"):
            self.next_window()
            self.keys(self.code(operator), "ENTER")

    def next_window(self) -> None:
        """Wait for a time code that was not used yet."""
        self.wait(30.0 - self.rtc.read().timestamp() % 30.0 + 0.5)


def totp(seed: str, step: int) -> str:
    mac = hmac.new(base64.b32decode(seed), struct.pack(">Q", step), hashlib.sha1).digest()
    at = mac[-1] & 15
    return f"{(struct.unpack('>I', mac[at : at + 4])[0] & 0x7FFFFFFF) % 10**6:06d}"
