"""The second step of 00 and 99: a time code (RFC 6238, SHA-1, 6 digits, 30 s), each one once; or an enrolled finger.

Only the code of the present 30 s window counts, by a clock that is trusted. An id without a seed (after a factory
reset, or newly added) is enrolled here: the terminal makes a seed, shows it, and asks for a code from it. There is no
way round the step.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import struct
from typing import TYPE_CHECKING

from posrig.simulated.terminals.r.firmware.pages import Entry, Page, refusal
from posrig.simulated.terminals.r.firmware.room import Room

if TYPE_CHECKING:
    from posrig.simulated.terminals.r.firmware.records import Attempt

STEP_S = 30
DIGITS = 6
TRIES = 3


def time_code(seed: str, step: int) -> str:
    """The code of one window (RFC 4226 section 5.3, RFC 6238 section 4)."""
    key = base64.b32decode(seed + "=" * (-len(seed) % 8), casefold=True)
    mac = hmac.new(key, struct.pack(">Q", step), hashlib.sha1).digest()
    offset = mac[-1] & 15
    number = struct.unpack(">I", mac[offset : offset + 4])[0] & 0x7FFFFFFF
    return f"{number % 10**DIGITS:0{DIGITS}d}"


class SecondFactor(Room):
    def ask(self, attempt: Attempt) -> None:
        """After a right password of 00 or 99."""
        if self.seed(attempt.operator) is None:
            self.enrol(attempt)
        elif self.fw.finger.offered(attempt):
            self.fw.finger.ask(attempt)
        else:
            self.ask_code(attempt)

    def seed(self, operator: str) -> str | None:
        row = self.fw.store.row("SELECT seed FROM operators WHERE id = ?", operator)
        return str(row[0]) if row and row[0] else None

    def ask_code(self, attempt: Attempt) -> None:
        self.fw.pages.show(CodePage(self, attempt))

    def typed(self, attempt: Attempt, code: str) -> None:
        if self.accept(attempt.operator, code):
            self.fw.sign_on.complete(attempt)
        else:
            self.refused(attempt)

    def refused(self, attempt: Attempt) -> None:
        left = self.fw.failures.failed(attempt.operator, "code_no")
        attempt.code_tries += 1
        if left == 0:
            self.fw.sign_on.locked_out(attempt)
            return
        left = min(left, TRIES - attempt.code_tries)
        then = self.fw.sign_on.again if self.tries_used_up(attempt) else self.ask_code
        self.fw.pages.show(refusal(self.fw, "twofa_bad", lambda: then(attempt), {"left": max(left, 0)}))

    def tries_used_up(self, attempt: Attempt) -> bool:
        return attempt.code_tries >= TRIES

    def accept(self, operator: str, code: str) -> bool:
        """Right, in its window, by a trusted clock, not used before. Accepting uses it up."""
        if not self.clock_trusted():
            return False
        seed, step = self.seed(operator), self.step()
        if seed is None or not self.matches(seed, step, code) or self.used(operator, step):
            return False
        self.fw.store.run("UPDATE operators SET last_step = ? WHERE id = ?", step, operator)
        return True

    def clock_trusted(self) -> bool:
        return self.fw.clock.trusted()

    def step(self) -> int:
        return int(self.fw.clock.timestamp()) // STEP_S

    def matches(self, seed: str, step: int, code: str) -> bool:
        return hmac.compare_digest(time_code(seed, step), code)

    def used(self, operator: str, step: int) -> bool:
        """This window's code, or a later one's, was accepted before: a clock set back brings no code back."""
        row = self.fw.store.row("SELECT last_step FROM operators WHERE id = ?", operator)
        return row is not None and int(row[0]) >= step

    def window_left_s(self) -> int:
        return STEP_S - int(self.fw.clock.timestamp()) % STEP_S

    def enrol(self, attempt: Attempt) -> None:
        """Make a seed and show it once; it counts when a code from it was accepted."""
        raw = b"".join(struct.pack(">I", self.fw.board.rng()) for _ in range(5))
        self.fw.pages.show(EnrolPage(self, attempt, base64.b32encode(raw).decode()))


class CodePage(Entry):
    tick_s = 1.0

    def __init__(self, room: SecondFactor, attempt: Attempt) -> None:
        self._room = room
        super().__init__(
            room.fw,
            "twofa",
            DIGITS,
            lambda code: room.typed(attempt, code),
            lambda: room.fw.sign_on.again(attempt),
            secret=True,
            least=1,
        )

    def fields(self) -> dict[str, object]:
        return {"entry": self.shown(), "left": self._room.window_left_s()}


class EnrolPage(Page):
    screen = "enrol"
    timeout_s = 300.0

    def __init__(self, room: SecondFactor, attempt: Attempt, seed: str) -> None:
        super().__init__(room.fw)
        self._room, self._attempt, self._seed = room, attempt, seed

    def fields(self) -> dict[str, object]:
        return {"first": self._seed[:16], "second": self._seed[16:]}

    def key(self, key: str) -> None:
        if key == "ENTER":
            self.fw.pages.show(EnrolCodePage(self._room, self._attempt, self._seed))
        elif key == "CANCEL":
            self.fw.sign_on.again(self._attempt)


class EnrolCodePage(CodePage):
    """The first code from a new seed; a wrong one shows the seed again."""

    def __init__(self, room: SecondFactor, attempt: Attempt, seed: str) -> None:
        super().__init__(room, attempt)
        self._attempt, self._seed = attempt, seed
        self._done = self._typed

    def _typed(self, code: str) -> None:
        room, attempt = self._room, self._attempt
        if not room.clock_trusted() or not room.matches(self._seed, room.step(), code):
            again = EnrolPage(room, attempt, self._seed)
            self.fw.pages.show(refusal(self.fw, "twofa_bad", lambda: self.fw.pages.show(again), {"left": TRIES}))
            return
        with self.fw.store.transaction():
            self.fw.store.run(
                "UPDATE operators SET seed = ?, last_step = ? WHERE id = ?", self._seed, room.step(), attempt.operator
            )
            self.fw.log.add("enrolled", attempt.operator)
        self.fw.sign_on.complete(attempt)
