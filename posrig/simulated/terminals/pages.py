"""The page machinery of small terminals: one page at a time, its keys, how long it stays, what it paints.

A room of a firmware decides; a page shows and asks. What lives here dies with the power.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from posrig.simulated.hardware.board import Board
from posrig.simulated.loop.scheduler import Timer
from posrig.simulated.terminals.flash import Flash

Then = Callable[[], None]


class Page:
    """A screen, what its keys do, how long it stays (``stays_s``; ``keys_extend``: counted from the last key)."""

    busy = False
    """Work that no lock may come over: it comes when the work is done."""
    secret = False
    keys_extend = True

    def __init__(
        self, screen: str, rows: Callable[[], Sequence[str]], *, stays_s: float | None = None, then: Then | None = None
    ) -> None:
        self.screen, self._rows, self.stays_s, self.then = screen, rows, stays_s, then

    def rows(self) -> Sequence[str]:
        return self._rows()

    def key(self, key: str) -> None:
        """A key went down."""


class Keys(Page):
    """A page whose keys lead on: key -> what it does."""

    def __init__(
        self,
        screen: str,
        rows: Callable[[], Sequence[str]],
        keys: dict[str, Then],
        *,
        stays_s: float | None = None,
        then: Then | None = None,
    ) -> None:
        super().__init__(screen, rows, stays_s=stays_s, then=then)
        self._keys = keys

    def key(self, key: str) -> None:
        if key in self._keys:
            self._keys[key]()


class Busy(Page):
    """Work goes on; no key does anything."""

    busy = True


class Notice(Page):
    """Shown for a time; no key does anything."""

    keys_extend = False


class Entry(Page):
    """Digits are typed. ``ok`` submits what is there, ``back`` leaves, ``clear`` empties the field first."""

    def __init__(
        self,
        screen: str,
        rows: Callable[[str], Sequence[str]],
        submit: Callable[[str], None],
        leave: Then,
        *,
        most: int,
        keys: EntryKeys,
        secret: bool = False,
        stays_s: float | None = 60.0,
        then: Then | None = None,
        more: dict[str, Then] | None = None,
    ) -> None:
        super().__init__(screen, lambda: rows(self.shown(self.typed)), stays_s=stays_s, then=then or leave)
        self.typed = ""
        self.secret, self._most, self._keys = secret, most, keys
        self._submit, self._leave, self._more = submit, leave, more or {}

    def shown(self, typed: str) -> str:
        """How the field looks: stars for a secret."""
        return "*" * len(typed) if self.secret else typed

    def key(self, key: str) -> None:
        ok, clear, back = self._keys
        if key.isdigit():
            self.typed = (self.typed + key)[: self._most]
        elif key == ok:
            typed, self.typed = self.typed, ""
            if typed:
                self._submit(typed)
        elif key == clear and (self.typed or clear != back):
            self.typed = ""
        elif key == back:
            self._leave()
        elif key in self._more:
            self._more[key]()


EntryKeys = tuple[str, str, str]
"""Which keys submit, clear and leave an entry; one key may do the last two."""


class Core:
    """What every room of a firmware has in hand. ``home`` is the kernel's: the page that the terminal's state calls
    for."""

    def __init__(self, board: Board, paint: Callable[[Page], None], page_of: type[Entry] = Entry) -> None:
        self.board, self.flash = board, Flash(board.flash)
        self.page = Page("", lambda: ())
        self.home: Then = _nowhere
        self.entry = page_of
        self._paint, self._timer = paint, None

    _timer: Timer | None

    def show(self, page: Page) -> None:
        self.page = page
        self.board.service.emit("screen", id=page.screen)
        self.repaint()
        self._time_page()

    def note(self, screen: str, seconds: float, rows: Sequence[str], then: Then | None = None) -> None:
        """Show this for a while, then go home or where ``then`` leads."""
        self.show(Notice(screen, lambda: rows, stays_s=seconds, then=then or self.home))

    def key(self, key: str) -> None:
        """A key went down: the page's own matter; what it changed is seen at once."""
        page = self.page
        page.key(key)
        if self.page is page:
            self.repaint()
            if page.keys_extend:
                self._time_page()

    def repaint(self) -> None:
        self._paint(self.page)

    def _time_page(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        page = self.page
        self._timer = None
        if page.stays_s is not None and page.then is not None:
            self._timer = self.board.after(page.stays_s, page.then)


def _nowhere() -> None:
    return
