"""What the use cases ask of a terminal: one small contract per capability. Drivers fulfil them, flows rely on them.

The seam between the use cases (posrig/terminal/ways, posrig/terminal/models) and the drivers; on a new kind of rig
other classes fulfil it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Frame:
    """One picture of the display at rest or not: the rows, which screen it is (None: unknown), its fields, when."""

    lines: tuple[str, ...]
    screen: str | None
    language: str | None
    fields: Mapping[str, str]
    at: float


@dataclass(frozen=True, slots=True)
class ServiceLine:
    """One line of the service port."""

    seq: int
    at: float
    event: str
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class TimelineEvent:
    """One thing that happened, on the rig's clock. ``kind``: key, screen, service, power, network, bench, note."""

    at: float
    kind: str
    text: str


class Keypad(Protocol):
    """Keys pressed by relays. Unknown keys raise ConfigurationError with the key list before anything is pressed."""

    @property
    def presses(self) -> int:
        """Presses since the rig was opened."""

    def press(self, key: str, hold_s: float | None = None, gap_s: float | None = None) -> None:
        """Down for ``hold_s``, up, and a pause of ``gap_s``; the rig file's times unless told otherwise."""

    def press_all(self, keys: Sequence[str]) -> None: ...

    def type_keys(self, text: str, *, secret: bool = False) -> None:
        """One press per character; ``secret`` shows stars in every record."""

    def hold(self, key: str, seconds: float) -> None: ...

    def chord(self, keys: Sequence[str], hold_s: float = 0.1) -> None:
        """All keys down within 50 ms, all up after ``hold_s``."""

    def down(self, key: str) -> None: ...

    def up(self, key: str) -> None: ...

    def release_all(self) -> None: ...

    def history_text(self, last: int = 30) -> str:
        """The last keys of this scenario, for people."""

    def forget(self) -> None:
        """A new scenario begins."""


class Screen(Protocol):
    """The display as the console stream (or a camera) gives it."""

    @property
    def last(self) -> Frame:
        """What the last :meth:`frame` or :meth:`settled` returned: nobody is asked."""

    def latest(self) -> Frame:
        """The picture as far as it was sent already, without a question to the rig; it may change at once."""

    def frame(self) -> Frame:
        """The present picture, no waiting beyond what was already sent."""

    def settled(self, quiet_s: float | None = None, timeout_s: float = 5.0) -> Frame:
        """Wait until the picture did not change for ``quiet_s`` (profile's settle_s by default); then the picture."""

    def seen_within(self, screens: Collection[str] | Callable[[Frame], bool], timeout_s: float) -> Frame | None:
        """The first frame (from now on, the present one included) that is one of these; None after ``timeout_s``."""

    def first_not_in(self, screens: Collection[str], timeout_s: float) -> Frame | None:
        """The first known frame that is none of these; None after ``timeout_s``. A dark display does not count."""

    def leaves(self, screen: str, timeout_s: float) -> Frame:
        """Wait until another screen is shown, then until it settles. Raises ProductFailure after ``timeout_s``."""

    def history(self) -> tuple[Frame, ...]:
        """All frames since the scenario began (bounded)."""

    def forget(self) -> None:
        """The power went: the picture is gone and nothing is known until the next repaint."""


class Power(Protocol):
    """The terminal's supply."""

    @property
    def cycles(self) -> int: ...

    @property
    def is_on(self) -> bool: ...

    def on(self) -> None: ...

    def off(self) -> None:
        """Off, and the least off-time is kept before the next ``on``."""

    def exchanged(self) -> None:
        """Another terminal stands on the rig: it was without power long enough."""

    def current_a(self) -> float: ...


class Network(Protocol):
    """The terminal's Ethernet line (or another line behind one relay)."""

    @property
    def connected(self) -> bool: ...

    def connect(self) -> None: ...

    def disconnect(self) -> None: ...


class ServicePort(Protocol):
    """The terminal's service lines."""

    def mark(self) -> int:
        """A place in the stream: the seq of the last line read."""

    def since(self, mark: int, event: str | None = None) -> tuple[ServiceLine, ...]: ...


class Bench(Protocol):
    def do(self, act: str, **args: Any) -> Any: ...
