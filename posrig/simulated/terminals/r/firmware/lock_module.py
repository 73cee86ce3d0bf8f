"""The lock module of 00 and 99: status, cause, unlock by challenge and code, idle time.

The code is 8 digits: HMAC-SHA256 with the terminal's unlock key over ``serial|date|challenge`` (date: UTC day), cut to
a number as RFC 4226 section 5.3 does. A challenge is good for one try.
"""

from __future__ import annotations

import hashlib
import hmac
import struct
from collections.abc import Callable
from typing import TYPE_CHECKING

from posrig.simulated.terminals.r.firmware.pages import Choice, Entry, Page, refusal
from posrig.simulated.terminals.r.firmware.room import Room

if TYPE_CHECKING:
    from posrig.simulated.terminals.r.firmware.contracts.device import Device

CODE_DIGITS = 8
TRIES = 3
IDLE_MINUTES = range(1, 16)


def unlock_code(key: bytes, serial_number: str, day: str, challenge: str) -> str:
    """What the help desk's machine computes; ``day`` is YYYY-MM-DD in UTC."""
    mac = hmac.new(key, f"{serial_number}|{day}|{challenge}".encode(), hashlib.sha256).digest()
    offset = mac[-1] & 15
    number = struct.unpack(">I", mac[offset : offset + 4])[0] & 0x7FFFFFFF
    return f"{number % 10**CODE_DIGITS:0{CODE_DIGITS}d}"


class LockModule(Room):
    def __init__(self, fw: Device) -> None:
        super().__init__(fw)
        self._tries = 0
        self._challenge = ""
        self._back: Callable[[], None] = self.open

    def open_for(self, operator: str) -> None:
        """00 or 99 got through all factors at a locked terminal: the lock stays, the module opens."""
        self.fw.sign_on.open_session(operator)
        self.fw.log.add("sign_on", operator, "module")
        self.fw.board.service.emit("sign_on", operator=operator, result="ok")
        self.open()

    def open(self) -> None:
        items = {"1": self.status, "2": self.cause, "3": self.unlock, "4": self.idle_time}
        self.fw.pages.show(Choice(self.fw, "lockmod", items, self.close, service=True))

    def close(self) -> None:
        """CANCEL: to the menu of an open terminal, to the page of a locked one."""
        if self.fw.lock_states.lock_module_opens():
            self.fw.sign_on.close_session()
            self.fw.home()
        else:
            self.fw.menus.manage()

    # 1 status

    def status(self) -> None:
        self.fw.pages.show(StatusPage(self))

    def shown_state(self) -> str:
        return self.fw.word("on" if self.fw.lock_states.locked() else "off")

    def last_cause(self) -> str:
        causes = self.fw.lock_states.causes()
        if not causes:
            return "-"
        _, cause, operator, _ = causes[0]
        who = self.fw.word("op").format(operator=operator) if operator.isdigit() else ""
        return f"{cause} {who}".rstrip()

    # 2 cause

    def cause(self) -> None:
        if self.fw.lock_states.causes():
            self.fw.pages.show(CausePage(self))
        else:
            self.fw.menus.none_yet(self.open)

    # 3 unlock

    def unlock(self) -> None:
        self._tries, self._back = 0, self.open
        if self.fw.lock_states.lock_module_opens():
            self.ask_code()
        else:
            self.status()

    def unlock_without_sign_on(self) -> None:
        """00 and 99 are both locked out for good: the help desk's code is the only way left, and asks for nobody."""
        self._tries, self._back = 0, self.fw.home
        self.ask_code()

    def new_challenge(self) -> str:
        """Another one after each try."""
        return f"{self.fw.board.rng() % 10_000:04d}"

    def ask_code(self) -> None:
        before = self._challenge
        while self._challenge == before:
            self._challenge = self.new_challenge()
        fields = {"challenge": self._challenge}
        self.fw.pages.show(
            CodeEntry(self.fw, "unlock_code", CODE_DIGITS, self.code_typed, self._back, fields, least=1, secret=True)
        )

    def expected(self, challenge: str) -> str:
        day = self.fw.utc().strftime("%Y-%m-%d")
        return unlock_code(self.fw.board.trust.unlock_key, self.fw.board.serial_number, day, challenge)

    def accept(self, typed: str) -> bool:
        return hmac.compare_digest(self.expected(self._challenge), typed)

    def code_typed(self, typed: str) -> None:
        by = self.fw.sign_on.operator or "--"
        if self.accept(typed):
            self.lift_all(by)
            return
        self._tries += 1
        self.fw.log.add("code_no", by, f"unlock {self._tries}")
        then = self._back if self._tries >= TRIES else self.ask_code
        self.fw.pages.show(refusal(self.fw, "unlock_bad", then, {"left": max(TRIES - self._tries, 0)}))

    def lift_all(self, by: str) -> None:
        """A code lifts the operator lock, the host lock and all lock-outs: one record each, the last one is shown."""
        states = self.fw.lock_states
        with self.fw.store.transaction():
            records = self.fw.failures.lift_all_by_code(by)
            if states.host_locked():
                records.append(states.clear_host_lock(by))
            if self.fw.lock.locked():
                records.append(self.fw.lock.clear(by))
            self.fw.store.delete(states.SHOWN)
        self.fw.show_unlocked(by, max(records, default=0), self._back)

    # 4 idle time

    def idle_time(self) -> None:
        fields = {"minutes": self.fw.idle_lock.minutes()}
        self.fw.pages.show(IdleTimeEntry(self.fw, "idle_time", 2, self.idle_time_typed, self.open, fields, least=1))

    def idle_time_typed(self, typed: str) -> None:
        minutes = int(typed)
        if minutes not in IDLE_MINUTES:
            self.fw.menus.not_allowed(self.idle_time)
            return
        with self.fw.store.transaction():
            self.fw.set_parameter("idle_lock_min", minutes)
            self.fw.log.add("parameter", self.fw.sign_on.operator or "", f"idle {minutes} min")
        self.fw.menus.done(self.open)


class CodeEntry(Entry):
    service = True


class IdleTimeEntry(Entry):
    service = True


class StatusPage(Page):
    screen = "status"
    service = True

    def __init__(self, room: LockModule) -> None:
        super().__init__(room.fw)
        self._room = room

    def fields(self) -> dict[str, object]:
        room = self._room
        return {"now": room.shown_state(), "last": room.last_cause(), "minutes": self.fw.idle_lock.minutes()}

    def key(self, key: str) -> None:
        if key in ("CANCEL", "ENTER"):
            self._room.open()


class CausePage(Page):
    screen = "cause"
    service = True

    def __init__(self, room: LockModule) -> None:
        super().__init__(room.fw)
        self._room, self._causes, self._at = room, room.fw.lock_states.causes(), 0

    def fields(self) -> dict[str, object]:
        time, cause, operator, count = self._causes[self._at]
        return {
            "cause": cause,
            "text": self.fw.word("cause." + cause),
            "who": self.who(operator, count),
            "when": self.fw.date_text(time) + " " + self.fw.clock_text(time),
        }

    def who(self, operator: str, count: int) -> str:
        if operator.startswith("Ref "):
            return self.fw.word("cause.ref").format(ref=operator.removeprefix("Ref "))
        if not operator.isdigit():
            return operator or "-"
        name = "cause.who_times" if count else "cause.who"
        return self.fw.word(name).format(operator=operator, count=count)

    def key(self, key: str) -> None:
        if key in ("CANCEL", "ENTER"):
            self._room.open()
            return
        step = {"UP": -1, "DOWN": 1}.get(key, 0)
        self._at = min(max(self._at + step, 0), len(self._causes) - 1)
        self.fw.pages.repaint()
