"""The firmware object: made at each power-on with its board and its parts, thrown away at each power cut."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, available_timezones

from rigs.simulated.board import Board
from rigs.simulated.firmware.pages import success
from rigs.simulated.firmware.screens import Screens
from rigs.simulated.firmware.storage import Store

if TYPE_CHECKING:
    from rigs.simulated.firmware.parts import Parts


class Firmware:
    """``power_on`` and ``contact`` are what the board calls; ``discard`` frees the store when the power is gone.

    The rooms are attributes named as in :class:`~rigs.simulated.firmware.parts.Parts`.
    """

    def __init__(self, board: Board, parts: Parts | None = None) -> None:
        from rigs.simulated.firmware import parts as standard  # the rooms import this module's types

        chosen = parts or standard.STANDARD
        self.board = chosen.board(board)
        self.parts = chosen
        self.store = Store(board.flash)
        self.screens = Screens(self.store.get("language", "en"))
        self.pages = chosen.pages(self)
        self.keypad = chosen.keypad(self)
        self.light = chosen.light(self)
        self.clock = chosen.clock(self)
        self.log = chosen.log(self)
        self.roles = chosen.roles(self)
        self.passwords = chosen.passwords(self)
        self.failures = chosen.failures(self)
        self.second_factor = chosen.second_factor(self)
        self.finger = chosen.finger(self)
        self.sign_on = chosen.sign_on(self)
        self.lock = chosen.lock(self)
        self.lock_states = chosen.lock_states(self)
        self.lock_module = chosen.lock_module(self)
        self.idle_lock = chosen.idle_lock(self)
        self.menus = chosen.menus(self)
        self.operators = chosen.operators(self)
        self.boot = chosen.boot(self)
        self.restart = chosen.restart(self)
        self.factory_reset = chosen.factory_reset(self)
        self.backup = chosen.backup(self)
        self.tamper = chosen.tamper(self)
        self.journal = chosen.journal(self)
        self.transactions = chosen.transactions(self)
        self.hostlink = chosen.hostlink(self)
        self.slots = chosen.slots(self)
        self.update = chosen.update(self)

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
