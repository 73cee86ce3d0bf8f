"""The firmware object: made at each power-on with its board and its parts, thrown away at each power cut."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from posrig.simulated.hardware.board import Board
from posrig.simulated.terminals.r.firmware.pages import success
from posrig.simulated.terminals.r.firmware.parts import STANDARD, Parts
from posrig.simulated.terminals.r.firmware.screens import Screens
from posrig.simulated.terminals.r.firmware.storage import Store


class Firmware:
    """``power_on`` and ``contact`` are what the board calls; ``discard`` frees the store when the power is gone.

    The rooms are attributes named as in :class:`~posrig.simulated.terminals.r.firmware.parts.Parts`.
    """

    def __init__(self, board: Board, parts: Parts = STANDARD) -> None:
        self.board = parts.board(board)
        self.parts = parts
        self.store = Store(board.flash)
        self.screens = Screens(self.store.get("language", "en"))
        self.pages = parts.pages(self)
        self.keypad = parts.keypad(self)
        self.light = parts.light(self)
        self.clock = parts.clock(self)
        self.log = parts.log(self)
        self.roles = parts.roles(self)
        self.passwords = parts.passwords(self)
        self.failures = parts.failures(self)
        self.second_factor = parts.second_factor(self)
        self.finger = parts.finger(self)
        self.sign_on = parts.sign_on(self)
        self.lock = parts.lock(self)
        self.lock_states = parts.lock_states(self)
        self.lock_module = parts.lock_module(self)
        self.idle_lock = parts.idle_lock(self)
        self.menus = parts.menus(self)
        self.operators = parts.operators(self)
        self.boot = parts.boot(self)
        self.restart = parts.restart(self)
        self.factory_reset = parts.factory_reset(self)
        self.backup = parts.backup(self)
        self.tamper = parts.tamper(self)
        self.journal = parts.journal(self)
        self.transactions = parts.transactions(self)
        self.hostlink = parts.hostlink(self)
        self.slots = parts.slots(self)
        self.update = parts.update(self)

    def power_on(self) -> None:
        self.boot.power_on()

    def contact(self, key: str, closed: bool) -> None:
        self.keypad.contact(key, closed)

    def discard(self) -> None:
        """The power is gone. The board's timers are dead already; what is open in the store is rolled back."""
        self.store.close()

    def key_down(self, key: str) -> None:
        """A key the keypad room accepted: beep, service line, then the current page."""
        page = self.pages.current
        self.board.service.emit("key", code="*" if page.secret else key, edge="down")
        self.board.beep("short")
        self.light.touch()
        self.idle_lock.touch()
        self.pages.key(key)

    def home(self) -> None:
        """Show the page that the terminal's state calls for: tamper before host lock before lock before idle."""
        self.lock_states.home()

    def parameter(self, name: str, default: Any = None) -> Any:
        """A parameter (``zone``, ``idle_lock_min``, ``phone``, ``net_lock_days``, ...), kept over power cuts."""
        return self.store.get("parameter." + name, default)

    def set_parameter(self, name: str, value: Any) -> None:
        self.store.put("parameter." + name, value)

    def utc(self) -> datetime:
        """The clock chip's time."""
        return self.board.rtc.read()

    def local(self, when: datetime | None = None) -> datetime:
        """The wall time of the terminal's zone, as shown."""
        return (when or self.utc()).astimezone(ZoneInfo(self.parameter("zone", "Europe/Berlin")))

    def known_zone(self, name: str) -> bool:
        """Whether the terminal has rules for this time zone."""
        return name in available_timezones()

    def clock_text(self, timestamp: float) -> str:
        """``12:34``, wall time of the terminal's zone."""
        return self.local(datetime.fromtimestamp(timestamp, UTC)).strftime("%H:%M")

    def date_text(self, timestamp: float) -> str:
        """``26-01-09``."""
        return self.local(datetime.fromtimestamp(timestamp, UTC)).strftime("%y-%m-%d")

    def show_unlocked(self, by: str, record: int, then: Callable[[], None]) -> None:
        """1 s, one long beep."""
        who = self.word("who." + self.roles.of(by).value).format(operator=by)
        time = self.clock_text(self.clock.timestamp())
        fields = {"operator": by, "who": who, "time": time, "record": f"{record:06d}"}
        self.pages.show(success(self, "unlocked", then, fields))

    def word(self, name: str) -> str:
        return self.screens.word(name)
