"""The terminal's hardware as its firmware sees it: the contract between the firmware, the rig's wiring and the world.

The firmware (``firmware/``) is handed one :class:`Board` at each power-on and is thrown away at each power cut: what
is not in ``flash`` is gone. The wiring (``wiring.py``) and the streams fulfil the contract; the world (``world/``)
stands behind ``nic``, ``usb`` and ``finger``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from posrig.simulated.loop.scheduler import Timer

Box = tuple[int, int, int, int]
"""x, y, width and height of a button's frame on the glass, in dots."""


class Display(Protocol):
    def show(self, lines: Sequence[str], boxes: Sequence[Box] = ()) -> None:
        """Paint all rows; one holds the display's half-width columns (a Chinese character takes two), the rest of a
        longer one is cut off. ``boxes`` are for the eye: the console's text does not have them."""

    def backlight(self, on: bool) -> None: ...


class Panel(Display, Protocol):
    """The display with its supply."""

    def dark(self) -> None:
        """The power is gone, and the picture with it."""


class ServicePort(Protocol):
    def emit(self, event: str, **fields: object) -> None:
        """One line ``seq time event key=value ...`` on the service port; values are quoted when they hold spaces."""


class Rtc(Protocol):
    def read(self) -> datetime:
        """The clock chip's time, aware, UTC. 2000-01-01 after a power loss with a dead clock battery."""

    def set(self, when: datetime) -> None: ...

    def counter(self) -> float:
        """Seconds on the chip's second counter: runs on the clock battery, cannot be set; 0 after a power loss with a
        dead one. Lock-outs run on it, so that setting the clock shortens none."""


class Nic(Protocol):
    """The network interface. All calls return at once; answers come later in the simulation's time.

    ``on_answer(message)`` gets the decoded JSON answer; ``on_failure(reason)`` one of ``link`` (cable, not attached),
    ``timeout``, ``certificate``, ``protocol``. Nothing is called after a power cut.
    """

    attached: bool
    on_link: Callable[[bool], None]
    on_push: Callable[[dict[str, Any]], None]

    def power_up(self) -> None:
        """Start to attach (2 s when the cable is in); ``on_link(True)`` follows."""

    def request(
        self,
        message: dict[str, Any],
        on_answer: Callable[[dict[str, Any]], None],
        on_failure: Callable[[str], None],
        *,
        timeout_s: float = 20.0,
    ) -> None:
        """Send one message to the payment host over TLS with the pinned certificate."""

    def fetch(
        self,
        path: str,
        first_byte: int,
        length: int,
        on_data: Callable[[bytes], None],
        on_failure: Callable[[str], None],
    ) -> None:
        """Read a byte range of a file on the update server over HTTPS with the pinned certificate, at 1 MB/s."""


class Usb(Protocol):
    on_change: Callable[[], None]

    def folder(self) -> Path | None:
        """The stick's folder while it is plugged in."""


class Finger(Protocol):
    working: bool
    on_touch: Callable[[str, bool], None]
    """``on_touch(template, alive)``: which finger touched the sensor, and whether it is a living one."""


@dataclass(frozen=True, slots=True)
class Trust:
    """What was injected in the key room: public keys, pins and the shared unlock key of this serial number."""

    update_keys: Mapping[str, bytes]
    """Key id -> raw Ed25519 public key with the right to sign firmware."""
    unlock_key: bytes
    host_pin: str
    update_pin: str
    """SHA-256 of the server certificate (DER), hex."""


@dataclass(slots=True)
class Battery:
    percent: float = 80.0
    mains: bool = True


class Board(Protocol):
    """All hardware of one terminal. ``after`` timers die with the power."""

    model: str
    serial_number: str
    display: Display
    service: ServicePort
    rtc: Rtc
    nic: Nic
    usb: Usb
    finger: Finger
    battery: Battery
    trust: Trust
    flash: Path
    """Folder that survives power cuts (and, except for the trust store, is erased by a factory reset)."""
    hardware_faults: Mapping[str, str]
    """Self-test item -> code (``keypad`` -> ``E03``) for parts that are broken now."""
    tampered: bool
    """The case sensor, latched by its own cell: stays True once it fired."""
    on_tamper: Callable[[], None]

    @property
    def now(self) -> float:
        """The quartz: seconds, rises steadily whatever the clock chip says; not kept while the power is off."""

    def after(self, delay_s: float, call: Callable[[], None]) -> Timer: ...

    def beep(self, kind: str, count: int = 1) -> None:
        """``short``, ``refusal`` or ``long``; heard on the service port as ``beep kind=... n=...``."""

    def load(self, milliamps: float) -> None:
        """Supply current drawn from now on (a few per cent of noise are added by the supply's meter)."""

    def restart(self) -> None:
        """Soft restart: the firmware object is thrown away as by a power cut and started anew at once."""

    def rng(self) -> int:
        """32 random bits (seeded per run, so that runs repeat)."""


class TouchedFirmware(Protocol):
    """Of a terminal with a glass."""

    def touch(self, x: int, y: int, down: bool) -> None:
        """A finger came down on the glass, or left it; raw, in dots."""


class FirmwareProtocol(Protocol):
    """What the board calls."""

    def power_on(self) -> None:
        """Called once, after the object was made with its board. Keys that are down follow as edges 1 ms later."""

    def contact(self, key: str, closed: bool) -> None:
        """A raw edge of one key contact, bounces included; debouncing and ghost rejection are the firmware's."""

    def discard(self) -> None:
        """Called once when the power is gone or a soft restart throws this object away: it lets go of its flash."""


@dataclass(frozen=True, slots=True)
class Provision:
    """How a terminal comes from the shelf: what the key room and the first set-up left on it."""

    serial_number: str = "12345678"
    language: str = "en"
    version: str = "2.4.1"
    passwords: Mapping[str, str] = field(default_factory=dict)
    """Operator id -> password, as set by its owner (not a default)."""
    default_passwords: tuple[str, ...] = ()
    """Ids that still have the published default password."""
    totp_seeds: Mapping[str, str] = field(default_factory=dict)
    """00 and 99 -> base32 seed of the time code."""
    fingers: Mapping[str, str] = field(default_factory=dict)
    """Operator id -> enrolled finger template."""
    password_age_days: Mapping[str, int] = field(default_factory=dict)
    idle_lock_min: int = 5
    zone: str = "Europe/Berlin"
