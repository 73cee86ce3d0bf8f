"""The display as the console (or a camera) gives it: pictures become frames, frames become screens of the profile."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence

from posrig.description.profile import Profile
from posrig.ground.clock import Clock
from posrig.ground.faults import ProductFailure, RigFault
from posrig.screens.pictures import Picture
from posrig.terminal.contracts import Frame
from posrig.terminal.streams import Streams

NOTHING = Frame((), None, None, {}, 0.0)
"""Before the first look."""
Wanted = Collection[str] | Callable[[Frame], bool]


class ConsoleScreen:
    """Fulfils :class:`posrig.terminal.contracts.Screen`. ``keys_so_far`` is asked for failure texts."""

    def __init__(
        self,
        streams: Streams,
        profile: Profile,
        clock: Clock,
        keys_so_far: Callable[[], str] = lambda: "",
        shown: Callable[[Sequence[str]], tuple[str, ...]] = tuple,
    ) -> None:
        self._streams, self._profile, self._clock = streams, profile, clock
        self._keys_so_far, self._shown = keys_so_far, shown
        self._began, self._missing = streams.screen.published, streams.screen.damaged
        self._last = NOTHING

    @property
    def last(self) -> Frame:
        return self._last

    def latest(self) -> Frame:
        """Raises TransportError when the console was lost. A picture that came in damaged is no screen."""
        self._clock.wait_change(self._streams, self._streams.version, 0.0)
        picture = self._streams.screen.picture
        return self._known(picture) if self._streams.screen.whole else Frame(picture.lines, None, None, {}, picture.at)

    def present(self, asked: bool) -> tuple[str, ...]:
        """The rows that are shown now, as far as they were sent; ``asked``: the rig is asked whether that is all.

        For who watches beside the flows: it is no look of theirs (:attr:`last`). Raises TransportError.
        """
        if asked:
            self._clock.sync(self._streams)
        else:
            self._clock.wait_change(self._streams, self._streams.version, 0.0)
        self._streams.check()
        return self._streams.screen.picture.lines

    def frame(self) -> Frame:
        """Raises TransportError when the console was lost: its last picture says nothing about the terminal."""
        self._clock.sync(self._streams)
        self._last = self._known(self._whole())
        return self._last

    def _whole(self) -> Picture:
        """The present picture. One that came in damaged is fetched again; a damaged one must never be judged."""
        self._streams.check()
        if not self._streams.screen.whole and not self._streams.screen.make_whole():
            raise self._damaged(f"the last picture of the {self._streams.screen.name} came in damaged or not at all")
        return self._streams.screen.picture

    def settled(self, quiet_s: float | None = None, timeout_s: float = 5.0) -> Frame:
        quiet = self._profile.timings.settle_s if quiet_s is None else quiet_s
        deadline = self._clock.deadline(timeout_s)
        left = quiet
        while True:
            version, published, before = self._streams.version, self._pictures(), self._clock.last_now()
            if not self._clock.wait_change(self._streams, version, left) or deadline.expired:
                break
            # a service line is no change of the picture: only the rest of the time is waited for
            passed = self._clock.last_now() - before
            left = quiet if self._pictures() != published else max(left - passed, 0.0)
        self._last = self._known(self._whole())
        return self._last

    def _pictures(self) -> int:
        """Rises with every picture, whole or not: a damaged one is a change of the display too."""
        return self._streams.screen.published + self._streams.screen.damaged

    def seen_within(self, screens: Wanted, timeout_s: float) -> Frame | None:
        wanted = screens if callable(screens) else _one_of(screens)
        return self._first(wanted, timeout_s)

    def first_not_in(self, screens: Collection[str], timeout_s: float) -> Frame | None:
        others = frozenset(screens)
        return self._first(lambda frame: frame.screen is not None and frame.screen not in others, timeout_s)

    def leaves(self, screen: str, timeout_s: float) -> Frame:
        found = self._first(lambda frame: frame.screen != screen and any(frame.lines), timeout_s)
        if found is None:
            raise self._failure(f"another screen than {screen!r}", timeout_s)
        return self.settled()

    def history(self) -> tuple[Frame, ...]:
        """Raises RigFault when the console was lost or pictures are missing:
        what was never seen cannot be said not to have been shown."""
        self._clock.sync(self._streams)  # on a busy computer the reader lags: what it has not read yet was shown too
        self._streams.check()
        missing = self._streams.screen.damaged - self._missing
        if missing > 0:
            raise self._damaged(f"{missing} picture{'s' if missing > 1 else ''} of this scenario were lost on the way")
        return tuple(map(self._known, self._streams.screen.since(self._began)))

    def begin(self) -> None:
        """A new scenario: its history starts here."""
        self._began, self._missing = self._streams.screen.published, self._streams.screen.damaged

    def forget(self) -> None:
        self._clock.sync(self._streams)
        self._streams.screen.blank()

    def _first(self, wanted: Callable[[Frame], bool], timeout_s: float) -> Frame | None:
        frame = self.frame()
        if wanted(frame):
            return frame
        seen = self._streams.screen.published
        deadline = self._clock.deadline(timeout_s)
        while True:
            version = self._streams.version
            pictures, seen = self._newer(seen)
            found = _first_of(map(self._known, pictures), wanted)
            if found is not None:
                return found
            if not self._clock.wait_change(self._streams, version, deadline.remaining):
                break
        self._whole()
        found = _first_of(map(self._known, self._newer(seen)[0]), wanted)
        if found is None and self._streams.screen.damaged > self._missing:
            raise self._damaged("what was waited for may have been among the pictures that were lost on the way")
        return found

    def _newer(self, seen: int) -> tuple[tuple[Picture, ...], int]:
        """The place is read first: a picture that comes meanwhile is looked at twice, never skipped."""
        now = self._streams.screen.published
        return self._streams.screen.since(seen), now

    def _known(self, picture: Picture) -> Frame:
        match = self._profile.recognise(picture.lines)
        at = self._clock.when(picture.number, picture.at)
        if match is None:
            return Frame(picture.lines, None, None, {}, at)
        return Frame(picture.lines, match.screen, match.language, match.fields, at)

    def _damaged(self, found: str) -> RigFault:
        return RigFault(found, instrument=self._streams.screen.name, todo=self._streams.screen.damaged_todo)

    def _failure(self, expected: str, waited_s: float) -> ProductFailure:
        frame = self.frame()
        rows = "\n".join(f"  |{line}" for line in self._shown(frame.lines))
        return ProductFailure(
            f"expected: {expected} within {waited_s:g} s\n"
            f"found:    {frame.screen or 'a screen that the profile does not know'}\n{rows}\n"
            f"keys so far: {self._keys_so_far()}"
        )


def _one_of(screens: Collection[str]) -> Callable[[Frame], bool]:
    names = frozenset((screens,) if isinstance(screens, str) else screens)
    return lambda frame: frame.screen in names


def _first_of(frames: Iterable[Frame], wanted: Callable[[Frame], bool]) -> Frame | None:
    return next((frame for frame in frames if wanted(frame)), None)
