"""The page machinery: one current page, its keys, timeouts, per-second repaint, pages that lie over another.

A page is thin: what it decides it asks its room. Every repaint goes through :meth:`Pages.paint`, the one place that
says ``screen id=`` on the service port when the page changes. Times of R: entry field 60 s, question and notice 10 s,
refusal 3 s (field ignored keys meanwhile).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from posrig.simulated.loop.scheduler import Timer
    from posrig.simulated.terminals.r.firmware.contracts.device import Device
    from posrig.simulated.terminals.r.firmware.contracts.showing import PageContract

ENTRY_TIMEOUT_S = 60.0
NOTICE_S = 10.0
REFUSAL_S = 3.0
DIGITS = frozenset("0123456789")


class Page:
    """A screen and what its keys do. Subclass, or give callables to the ready-made pages below."""

    screen = ""
    timeout_s: float | None = None
    """Seconds to :meth:`on_timeout`; counted from the last key, or from showing when ``keys_extend`` is False."""
    keys_extend = True
    tick_s: float | None = None
    """Repaint every so many seconds (count-downs)."""
    secret = False
    """While shown, keys are ``code=*`` on the service port."""
    service = False
    """A service page (menus of management): locks after 5 min at the latest."""
    busy = False
    """Work that must not be cut by idle lock or daily restart (a sale at the host, an update being written)."""

    def __init__(self, fw: Device) -> None:
        self.fw = fw

    def fields(self) -> Mapping[str, object]:
        """Values of the placeholders of the screen."""
        return {}

    def enter(self) -> None:
        """The page became the current one (called before it is painted)."""

    def leave(self) -> None:
        """Another page follows, or the page is covered for good."""

    def key(self, key: str) -> None:
        """A key went down (debounced, beeped for)."""

    def on_timeout(self) -> None:
        self.fw.home()

    def next_tick_s(self) -> float | None:
        """Seconds to the next repaint by time; pages that show the clock wait for the minute."""
        return self.tick_s

    def on_tick(self) -> None:
        """Before that repaint: a count-down that ran out leads on from here."""


class Pages:
    """Shows pages. ``cover`` lays a page over the current one, ``uncover`` returns to it with its entry untouched."""

    def __init__(self, fw: Device) -> None:
        self.fw = fw
        self.current: PageContract = Page(fw)
        self._beneath: PageContract | None = None
        self._painted: tuple[PageContract | None, list[str]] = (None, [])
        self._due: float | None = None
        self._timer: Timer | None = None
        self._fires_at = 0.0
        self._tick: Timer | None = None

    @property
    def beneath(self) -> PageContract:
        """The page that matters for the work in hand: the covered one while one lies over it."""
        return self._beneath or self.current

    def show(self, page: PageContract) -> None:
        """Leave the current page (and a covered one) and show another."""
        for left in (self.current, self._beneath):
            if left is not None:
                left.leave()
        self._beneath = None
        self.current = page
        page.enter()
        if self.current is page:  # enter() may itself lead on to another page
            self._activate()

    def cover(self, page: PageContract) -> None:
        """Lay a page over the current one; over a covering page it takes that one's place."""
        if self._beneath is None:
            self._beneath = self.current
        else:
            self.current.leave()
        self.current = page
        page.enter()
        if self.current is page:
            self._activate()

    def uncover(self) -> None:
        if self._beneath is None:
            return
        self.current.leave()
        self.current, self._beneath = self._beneath, None
        self._activate()

    def key(self, key: str) -> None:
        page = self.current
        if page.keys_extend:
            self._arm(page)
        page.key(key)

    def repaint(self) -> None:
        """Something the current page shows has changed."""
        self.paint()

    def paint(self) -> None:
        """The one way to the display: whole frame, from the template, only when something changed."""
        page = self.current
        if not page.screen:
            return
        lines = self.compose(page)
        before, shown = self._painted
        if before is page and shown == lines:
            return
        changed = before is not page
        self._painted = (page, lines)
        if changed:
            self.fw.board.service.emit("screen", id=page.screen)
        self.fw.board.display.show(lines)

    def compose(self, page: PageContract) -> list[str]:
        """The whole frame: nothing of what was shown before is in it."""
        return self.fw.screens.lines(page.screen, page.fields())

    def _activate(self) -> None:
        if self._tick is not None:
            self._tick.cancel()
            self._tick = None
        page = self.current
        self.paint()
        if self.current is not page:
            return
        self._arm(page)
        self._next_tick()

    def _next_tick(self) -> None:
        delay_s = self.current.next_tick_s()
        self._tick = None if delay_s is None else self.fw.board.after(delay_s, self._on_tick)

    def _on_tick(self) -> None:
        self._tick = None
        page = self.current
        page.on_tick()
        if self.current is page:
            self.paint()
            self._next_tick()

    def _arm(self, page: PageContract) -> None:
        # lazily: a key only moves the due time, so that fast typing does not fill the scheduler with dead timers
        if page.timeout_s is None:
            self._due = None
            return
        self._due = self.fw.board.now + page.timeout_s
        if self._timer is None or self._fires_at > self._due:
            if self._timer is not None:
                self._timer.cancel()
            self._set_timer(page.timeout_s)

    def _set_timer(self, delay_s: float) -> None:
        self._fires_at = self.fw.board.now + delay_s
        self._timer = self.fw.board.after(delay_s, self._on_timer)

    def _on_timer(self) -> None:
        self._timer = None
        if self._due is None:
            return
        left = self._due - self.fw.board.now
        if left > 1e-6:
            self._set_timer(left)
            return
        self._due = None
        self.current.on_timeout()


BeepKind = Literal["short", "refusal", "long", ""]


class Notice(Page):
    """Text that goes away by itself: notice (10 s or any key, 1 beep), refusal (3 s, 3 beeps), success (1 s, long)."""

    def __init__(
        self,
        fw: Device,
        screen: str,
        then: Callable[[], None],
        fields: Mapping[str, object] | None = None,
        *,
        seconds: float = NOTICE_S,
        beep: BeepKind = "short",
        by_key: bool = True,
    ) -> None:
        super().__init__(fw)
        self.screen, self._then, self._fields = screen, then, dict(fields or {})
        self.timeout_s, self._beep, self._by_key = seconds, beep, by_key
        self.keys_extend = False

    def fields(self) -> Mapping[str, object]:
        return self._fields

    def enter(self) -> None:
        if self._beep:
            self.fw.board.beep(self._beep, 3 if self._beep == "refusal" else 1)

    def key(self, key: str) -> None:
        if self._by_key:
            self._then()

    def on_timeout(self) -> None:
        self._then()


def refusal(fw: Device, screen: str, then: Callable[[], None], fields: Mapping[str, object] | None = None) -> Notice:
    """3 s, 3 beeps, keys do nothing meanwhile."""
    return Notice(fw, screen, then, fields, seconds=REFUSAL_S, beep="refusal", by_key=False)


def success(fw: Device, screen: str, then: Callable[[], None], fields: Mapping[str, object] | None = None) -> Notice:
    """1 s, one long beep, keys do nothing meanwhile."""
    return Notice(fw, screen, then, fields, seconds=1.0, beep="long", by_key=False)


class Ask(Page):
    """A yes-or-no question: ENTER yes, CANCEL no, 10 s without a key: no. One beep."""

    timeout_s = NOTICE_S

    def __init__(
        self,
        fw: Device,
        screen: str,
        yes: Callable[[], None],
        no: Callable[[], None],
        fields: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(fw)
        self.screen, self._yes, self._no, self._fields = screen, yes, no, dict(fields or {})

    def fields(self) -> Mapping[str, object]:
        return self._fields

    def enter(self) -> None:
        self.fw.board.beep("short")

    def key(self, key: str) -> None:
        if key == "ENTER":
            self._yes()
        elif key == "CANCEL":
            self._no()

    def on_timeout(self) -> None:
        self._no()


class Entry(Page):
    """A field of digits, shown as ``{entry}`` (``____`` with what is typed, or stars).

    CLEAR empties it, CANCEL and 60 s without a key go ``back``; leaving empties it. ENTER hands the text to ``done``
    only when at least ``least`` digits are typed; more than ``width`` digits are not taken.
    """

    timeout_s: float | None = ENTRY_TIMEOUT_S

    def __init__(
        self,
        fw: Device,
        screen: str,
        width: int,
        done: Callable[[str], None],
        back: Callable[[], None],
        fields: Mapping[str, object] | None = None,
        *,
        least: int = 0,
        secret: bool = False,
        typed: str = "",
        other_keys: Mapping[str, Callable[[], None]] | None = None,
    ) -> None:
        super().__init__(fw)
        self.screen, self.width, self.least, self.secret = screen, width, least, secret
        self._done, self._back, self._fields = done, back, dict(fields or {})
        self._other = dict(other_keys or {})
        self.typed = typed

    def fields(self) -> Mapping[str, object]:
        return {**self._fields, "entry": self.shown()}

    def shown(self) -> str:
        text = "*" * len(self.typed) if self.secret else self.typed
        return text.ljust(self.width, "_")

    def leave(self) -> None:
        self.typed = ""

    def key(self, key: str) -> None:
        if key in DIGITS:
            self.take(key)
        elif key == "CLEAR":
            self.typed = ""
            self.fw.pages.repaint()
        elif key == "CANCEL":
            self._back()
        elif key == "ENTER":
            if len(self.typed) >= self.least:
                self._done(self.typed)
        elif key in self._other:
            self._other[key]()

    def take(self, digit: str) -> None:
        if len(self.typed) < self.width:
            self.typed += digit
            self.fw.pages.repaint()

    def on_timeout(self) -> None:
        self._back()


class Choice(Page):
    """A menu: one key per item; CANCEL goes back."""

    def __init__(
        self,
        fw: Device,
        screen: str,
        items: Mapping[str, Callable[[], None]],
        back: Callable[[], None],
        fields: Mapping[str, object] | None = None,
        *,
        service: bool = False,
    ) -> None:
        super().__init__(fw)
        self.screen, self._items, self._back = screen, dict(items), back
        self._fields, self.service = dict(fields or {}), service

    def fields(self) -> Mapping[str, object]:
        return self._fields

    def key(self, key: str) -> None:
        if key == "CANCEL":
            self._back()
        elif key in self._items:
            self._items[key]()
