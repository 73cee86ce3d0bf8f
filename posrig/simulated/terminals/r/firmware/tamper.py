"""Tamper (C07): the case sensor erases the keys; nothing but that page is shown from then on, whatever is restarted.

The one way back is the repair centre's: a service file on the stick at a start, made for this terminal and for this
tamper (they are numbered), so that it works once. Seeds and fingers stay erased: 00 and 99 are enrolled anew.
"""

from __future__ import annotations

import hmac
import json
from dataclasses import dataclass

from posrig.simulated.terminals.r.firmware.lock_module import unlock_code
from posrig.simulated.terminals.r.firmware.pages import Page
from posrig.simulated.terminals.r.firmware.room import Room

SERVICE_FILE = "service-r.json"
MOST_BYTES = 4_096


@dataclass(frozen=True, slots=True)
class ServiceFile:
    """``{"serial": "12345678", "tamper": 1, "date": "2026-01-09", "code": "12345678"}``; the code is the help desk's
    for the challenge ``T001`` (number of the tamper) on that date. Challenges that are typed have no letter."""

    serial: str
    tamper: int
    date: str
    code: str


def read_service_file(text: str) -> ServiceFile | None:
    """None when it is no service file."""
    try:
        found = json.loads(text)
        file = ServiceFile(found["serial"], found["tamper"], found["date"], found["code"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    texts = all(type(value) is str and value.isascii() for value in (file.serial, file.date, file.code))
    return file if texts and type(file.tamper) is int else None


class Tamper(Room):
    KEY, COUNT = "keep.tampered", "keep.tampers"

    def start(self) -> None:
        if self.fw.board.tampered and self.count() == 0:
            self.happened()
        elif self.remembered():
            self.look_for_service_file()

    def tampered(self) -> bool:
        """The sensor's own latch until it is on record, then what the store says."""
        return self.remembered() or (self.fw.board.tampered and self.count() == 0)

    def remembered(self) -> bool:
        return bool(self.fw.store.get(self.KEY, False))

    def count(self) -> int:
        """Number of the last tamper."""
        return int(self.fw.store.get(self.COUNT, 0))

    def happened(self) -> None:
        if self.remembered():
            return
        with self.fw.store.transaction():
            self.fw.store.put(self.KEY, True)
            self.fw.store.put(self.COUNT, self.count() + 1)
            self.erase_keys()
            self.fw.lock_states.add_cause("C07", "")
            self.fw.log.add("tamper", "")
        self.fw.board.service.emit("lock", cause="C07", operator="")
        if self.fw.keypad.listening:
            self.fw.home()

    def erase_keys(self) -> None:
        """Seeds and fingers of the second factor: with them go the rights of 00 and 99."""
        self.fw.store.run("UPDATE operators SET seed = NULL, finger = NULL")

    def show(self) -> None:
        self.fw.sign_on.close_session()
        self.fw.pages.show(TamperPage(self.fw))

    # the repair centre's file

    def look_for_service_file(self) -> None:
        """At a start only: a stick that is plugged into a tampered terminal does nothing."""
        folder = self.fw.board.usb.folder()
        if folder is None or not (folder / SERVICE_FILE).is_file():
            return
        with (folder / SERVICE_FILE).open("rb") as stick:
            file = read_service_file(stick.read(MOST_BYTES).decode("utf-8", "replace"))
        if file is not None and self.accept(file):
            with self.fw.store.transaction():
                self.fw.store.delete(self.KEY)
                self.fw.log.add("reactivated", "", f"tamper {file.tamper}")
            self.fw.board.service.emit("unlock", by="service")

    def accept(self, file: ServiceFile) -> bool:
        return self.for_this_terminal(file) and self.for_this_tamper(file) and self.code_right(file)

    def for_this_terminal(self, file: ServiceFile) -> bool:
        return file.serial == self.fw.board.serial_number

    def for_this_tamper(self, file: ServiceFile) -> bool:
        """A file of an earlier tamper was used, or never will be."""
        return file.tamper == self.count()

    def code_right(self, file: ServiceFile) -> bool:
        key, challenge = self.fw.board.trust.unlock_key, f"T{file.tamper:03d}"
        return hmac.compare_digest(unlock_code(key, file.serial, file.date, challenge), file.code)


class TamperPage(Page):
    screen = "tamper"
