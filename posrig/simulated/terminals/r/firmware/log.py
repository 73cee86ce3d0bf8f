"""The audit log: numbered records in a ring of 1000, where cheap noise never displaces security events.

Noise is what anybody can produce without a password (failed sign-ons, restarts, pages opened). It has a share of its
own: when the ring is full, the oldest noise goes first, and noise beyond its share goes at once.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from posrig.simulated.terminals.r.firmware.pages import Page
from posrig.simulated.terminals.r.firmware.room import Room
from posrig.simulated.terminals.r.firmware.screens import COLUMNS, cut

RING = 1000
NOISE_SHARE = 400
NOISE = frozenset({"sign_on_no", "approval_no", "code_no", "finger_no", "restart", "log_read", "reset_no", "net_down"})

TRIES = frozenset({"sign_on_no", "approval_no", "finger_no"})
"""Events whose result is the number of the failure."""


@dataclass(frozen=True, slots=True)
class Record:
    number: int
    time: float
    what: str
    operator: str
    result: str


class AuditLog(Room):
    def add(self, what: str, operator: str = "", result: str = "") -> int:
        """One record; its number. ``operator`` is who acted, not who was acted on; ``result`` never holds a secret."""
        store = self.fw.store
        with store.transaction():
            number = int(store.get("log.next", 1))
            store.put("log.next", number + 1)
            store.run(
                "INSERT INTO log VALUES (?, ?, ?, ?, ?, ?)",
                number,
                self.fw.clock.timestamp(),
                what,
                operator,
                result,
                int(self.is_noise(what)),
            )
            self.make_room()
            self.fw.clock.note()
        self.fw.board.service.emit("log", record=f"{number:06d}", what=what, operator=operator, result=result)
        return number

    def is_noise(self, what: str) -> bool:
        return what in NOISE

    def make_room(self) -> None:
        """Drop what the ring cannot hold."""
        counts = dict(self.fw.store.rows("SELECT noise, COUNT(*) FROM log GROUP BY noise"))
        noisy, firm = counts.get(1, 0), counts.get(0, 0)
        if noisy > NOISE_SHARE or (noisy and noisy + firm > RING):
            self._drop_oldest(1)
        elif firm > RING:
            self._drop_oldest(0)

    def _drop_oldest(self, noise: int) -> None:
        self.fw.store.run("DELETE FROM log WHERE number = (SELECT MIN(number) FROM log WHERE noise = ?)", noise)

    def records(self) -> list[Record]:
        """Oldest first."""
        sql = "SELECT number, time, what, operator, result FROM log ORDER BY number"
        return [Record(*row) for row in self.fw.store.rows(sql)]

    def open(self) -> None:
        """4 in manage: the newest record first; that somebody looked is logged too."""
        records = self.records()
        self.add("log_read", self.fw.sign_on.operator or "")
        if records:
            self.fw.pages.show(LogPage(self, records))
        else:
            self.fw.menus.manage()


class LogPage(Page):
    screen = "log"
    service = True

    def __init__(self, log: AuditLog, records: list[Record]) -> None:
        super().__init__(log.fw)
        self.records, self.at = records, len(records) - 1

    def fields(self) -> dict[str, object]:
        fw, record = self.fw, self.records[self.at]
        return {
            "record": f"{record.number:06d}",
            "time": fw.clock_text(record.time),
            "event": self.event(record),
            "detail": self.detail(record),
        }

    def event(self, record: Record) -> str:
        name = "word.log." + record.what
        return self.fw.word("log." + record.what) if name in self.fw.screens else record.what[:10].upper()

    def detail(self, record: Record) -> str:
        """``OP03  try 4``: who acted, then the result."""
        word = self.fw.word
        who = word("log.who").format(operator=record.operator) if record.operator.isdigit() else record.operator
        if who == "host":
            who = word("log.host")
        result = self.result(record)
        gap = " " if self.fw.screens.language == "zh" else "  "
        return cut(f"{who}{gap}{result}".strip(), COLUMNS)

    def result(self, record: Record) -> str:
        """In words of the language, an operator as on its other pages; a code (C01, +60s, 2.5.0) as it is."""
        if record.what in TRIES:
            return self.fw.word("log.try").format(result=record.result)
        if re.fullmatch(r"OP\d\d", record.result):
            return self.fw.word("op").format(operator=record.result[2:])
        name = "result." + re.sub(r"\d+", "{}", record.result)
        if "word." + name not in self.fw.screens:
            return record.result
        return self.fw.word(name).format(*re.findall(r"\d+", record.result))

    def key(self, key: str) -> None:
        if key == "UP":
            self.at = max(self.at - 1, 0)
        elif key == "DOWN":
            self.at = min(self.at + 1, len(self.records) - 1)
        elif key == "CANCEL":
            self.fw.menus.manage()
            return
        self.fw.pages.repaint()

    def on_timeout(self) -> None:
        self.fw.menus.manage()
