"""The rig file: which instruments there are, how they are wired to one terminal, and what must never be exceeded.

Read with :func:`read_rig`; every mistake is a ConfigurationError with file, line and field, before anything opens.
"""

from __future__ import annotations

import difflib
import re
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import (
    AfterValidator,
    Field,
    PrivateAttr,
    ValidationInfo,
    field_validator,
    model_validator,
)

from posrig.description.fields import Amperes, Channel, Name, Pixels, Seconds, Strict, Volts
from posrig.description.located_yaml import LocatedYaml, existing, read_yaml, validate
from posrig.ground.faults import ConfigurationError

_HOST = r"(?=.{1,253}(?:[:/]|$))[A-Za-z0-9_-]{1,63}(?:\.[A-Za-z0-9_-]{1,63})*\.?"
CAMERA = "camera"
"""The screen is read by camera."""


class Instrument(Strict):
    """One instrument by VISA resource name and dialect."""

    resource: Annotated[str, Field(max_length=200)]
    dialect: Name
    serial_number: Name | None = None
    timeout_s: Annotated[float, Field(gt=0, le=60)] = 2.0
    backend: str = "@py"

    @field_validator("resource")
    @classmethod
    def _visa_name(cls, value: str) -> str:
        if not re.fullmatch(r"(?:TCPIP|ASRL|USB|GPIB|PXI)[^:\s]*(?:::[^:\s]+)+", value):
            raise ValueError(
                f"{value!r} is not a VISA resource name; allowed: TCPIP::host::port::SOCKET, "
                "TCPIP::host::hislip0::INSTR, ASRL/dev/ttyUSB0::INSTR, USB0::...::INSTR, GPIB0::5::INSTR"
            )
        return value


class Instruments(Strict):
    supply: Instrument
    switch: Instrument
    meter: Instrument | None = None


class PowerWiring(Strict):
    """Which supply output feeds the terminal. Volts and amperes; ``off_s`` is the least time without power."""

    channel: Annotated[int, Field(ge=1, le=99)]
    voltage_v: Volts
    max_voltage_v: Volts
    current_limit_a: Amperes
    max_current_a: Amperes
    off_s: Seconds = 1.0
    boots_within_s: Seconds = 30.0

    @model_validator(mode="after")
    def _within_limits(self) -> PowerWiring:
        if self.voltage_v > self.max_voltage_v:
            raise ValueError(
                f"voltage_v is {self.voltage_v} V, above the terminal's limit max_voltage_v of {self.max_voltage_v} V; "
                f"allowed: 0 to {self.max_voltage_v} V"
            )
        if self.current_limit_a > self.max_current_a:
            raise ValueError(
                f"current_limit_a is {self.current_limit_a} A, above the terminal's limit max_current_a of "
                f"{self.max_current_a} A"
            )
        return self


class KeypadWiring(Strict):
    """Which channel of the switch unit closes which key; seconds for a press and for the pause after it."""

    channels: dict[str, Channel]
    press_s: Annotated[float, Field(ge=0.03, le=0.4)] = 0.1
    gap_s: Annotated[float, Field(ge=0.02, le=2)] = 0.08

    @field_validator("channels")
    @classmethod
    def _one_key_each(cls, value: dict[str, int]) -> dict[str, int]:
        owner: dict[int, str] = {}
        for key, channel in value.items():
            if channel in owner:
                raise ValueError(
                    f"channel {channel} is wired twice, to key {owner[channel]!r} and to key {key!r}; one channel a key"
                )
            owner[channel] = key
        return value


class SwitchWiring(Strict):
    """One channel of the switch unit that closes or opens a line (Ethernet, USB)."""

    channel: Channel
    closed_means: Literal["connected", "disconnected"]


class Streams(Strict):
    """Where the terminal's two outputs come from: ``tcp://host:port`` or ``serial:/dev/ttyUSB0?baud=115200``; the
    screen also from the rig file's ``camera``."""

    screen: str
    service: str | None = None
    encoding: Annotated[str, Field(max_length=40)] | None = None
    """Of the screen's text, where it is another one than the profile says."""

    @field_validator("screen", "service")
    @classmethod
    def _address(cls, value: str | None, info: ValidationInfo) -> str | None:
        if value == CAMERA and info.field_name == "screen":
            return value
        if value is not None and value.startswith("serial:"):
            serial_line(value)
        elif value is not None and not _tcp(value):
            raise ValueError(
                f"{value!r} is not an address; allowed: tcp://127.0.0.1:4001 or serial:/dev/ttyUSB0?baud=115200"
                + (", or camera" if info.field_name == "screen" else "")
            )
        return value


SLOWEST, FASTEST = 50, 4_000_000
"""Baud of a serial line."""


def serial_line(address: str) -> tuple[str, int]:
    """``serial:/dev/ttyUSB0?baud=115200`` as path and baud (115200 when left out). Raises ValueError.

    >>> serial_line("serial:/dev/ttyS0?baud=9600")
    ('/dev/ttyS0', 9600)
    """
    path, asked, options = address.removeprefix("serial:").partition("?")
    form = re.fullmatch(r"baud=([0-9]{1,7})", options)
    baud = int(form[1]) if form else 115_200
    if not path or (asked and form is None) or not SLOWEST <= baud <= FASTEST:
        raise ValueError(
            f"{address!r}: the serial line's options are wrong; allowed: serial:/dev/ttyUSB0?baud=115200, "
            f"{SLOWEST} to {FASTEST} baud"
        )
    return path, baud


def _tcp(address: str) -> bool:
    """``tcp://host:port``, or with a name in braces that the simulated rig fills in."""
    form = re.fullmatch(rf"tcp://{_HOST}:(?:([0-9]{{1,5}})|\{{\w+\}})", address)
    return form is not None and 0 < int(form[1] or 1) < 65_536


class Camera(Strict):
    """A camera before the terminal: its MJPEG stream, and where in its photos the display's corners are, in pixels
    (the outer corners of the first and last dots: top left, top right, bottom right, bottom left)."""

    stream: str
    corners: Annotated[tuple[tuple[Pixels, Pixels], ...], Field(min_length=4, max_length=4)]

    @field_validator("stream")
    @classmethod
    def _http(cls, value: str) -> str:
        form = re.fullmatch(rf"http://{_HOST}(?::(?:([0-9]{{1,5}})|\{{\w+\}}))?(?:/[^\s#]*)?", value)
        if form is None or not 0 < int(form[1] or 1) < 65_536 or len(value) > 1000:
            raise ValueError(f"{value!r} is no address of an MJPEG stream; allowed: http://192.0.2.7:8080/stream")
        return value

    @field_validator("corners")
    @classmethod
    def _in_order(cls, value: tuple[tuple[float, float], ...]) -> tuple[tuple[float, float], ...]:
        if len(value) == 4 and any(_turn(value[i], value[(i + 1) % 4], value[(i + 2) % 4]) <= 0 for i in range(4)):
            raise ValueError(
                f"{[list(corner) for corner in value]} goes not once around a display; allowed: x and y in pixels of "
                "top left, top right, bottom right, bottom left (posrig camera --find looks for them)"
            )
        return value


def _turn(a: tuple[float, float], b: tuple[float, float], c: tuple[float, float]) -> float:
    """Positive where the way a, b, c turns clockwise in a photo (y grows downwards)."""
    return (b[0] - a[0]) * (c[1] - b[1]) - (b[1] - a[1]) * (c[0] - b[0])


def _tcp_address(value: str) -> str:
    if not _tcp(value):
        raise ValueError(f"{value!r} is not an address of a TCP wire; allowed: tcp://127.0.0.1:4001")
    return value


Tcp = Annotated[str, AfterValidator(_tcp_address)]


class ClockWiring(Strict):
    kind: Literal["real", "simulated"] = "real"
    address: Tcp | None = None

    @model_validator(mode="after")
    def _needs_address(self) -> ClockWiring:
        if self.kind == "simulated" and not self.address:
            raise ValueError(
                "a simulated clock needs the address of the rig's clock wire, e.g. tcp://127.0.0.1:{clock}"
            )
        return self


class WireFault(Strict):
    """What is wrong with a wire of a simulated rig, from its start (docs/faults.md).

    ``rate`` is the share of bytes that drop, corrupt and garbage strike; ``seconds`` is how late (delay), from byte to
    byte (trickle), or how long (half-open, vanish; 0: for good).
    """

    wire: Literal["supply", "switch", "meter", "screen", "service", "camera", "host", "update"]
    fault: Literal["drop", "delay", "corrupt", "half-open", "vanish", "trickle", "garbage"]
    moment: Literal["open", "command", "answer", "close"] = "answer"
    rate: Annotated[float, Field(ge=0, le=1)] = 0.005
    seconds: Annotated[float, Field(ge=0, le=600)] | None = None
    seed: int | None = None


class SimulatedProcess(Strict):
    """Present: the rig starts the simulated rig as a process of its own and stops it at the end."""

    terminal: Name = "r"
    """Which terminal model the process simulates (docs/terminals.md)."""
    real_time: bool = False
    seed: int = 1
    defects: tuple[str, ...] = ()
    defects_from: tuple[Path, ...] = ()
    starts_within_s: Seconds = 120.0
    faults: tuple[WireFault, ...] = ()


class TerminalOnRig(Strict):
    profile: Path
    serial_number: Name
    language: Literal["en", "zh"] = "en"
    zone: str = "Europe/Berlin"

    @field_validator("zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (KeyError, ValueError, OSError):  # no such zone, no name of a file, a folder of zones
            near = difflib.get_close_matches(value[:60], available_timezones(), 3, 0.5)
            hint = f"did you mean {' or '.join(map(repr, near))}?" if near else "a name such as Europe/Berlin"
            raise ValueError(f"{value!r} is no time zone (IANA) that this PC knows; {hint}") from None
        return value


class Credentials(Strict):
    """Throw-away secrets made for the run, a file of mode 0600, the environment, or what a command prints (a keyring):
    never in the rig file."""

    source: Literal["generated", "file", "environment", "command"] = "generated"
    file: Path | None = None
    command: tuple[str, ...] | None = None
    timeout_s: Annotated[float, Field(gt=0, le=300)] | None = None

    @field_validator("command", mode="before")
    @classmethod
    def _words(cls, value: object) -> object:
        # one text would need a shell: its quoting rules, and a place where secrets and words meet
        if isinstance(value, str) or (isinstance(value, list | tuple) and (not value or not str(value[0]).strip())):
            raise ValueError('the program and its words as a list: ["pass", "show", "pos-lab"]; no shell reads it')
        return value

    @model_validator(mode="after")
    def _source_named(self) -> Credentials:
        for name in ("file", "command"):
            if (self.source == name) != (getattr(self, name) is not None):
                raise ValueError(f"source: {name} needs the field {name}, and only then")
        if self.timeout_s is not None and self.source != "command":
            raise ValueError("timeout_s is for source: command, and only for it")
        return self


Budget = Annotated[int, Field(ge=0, le=10**12)] | None


class Limits(Strict):
    """Budgets per terminal serial number; None is no limit. Counted by the ledger."""

    presses_per_key: Budget = None
    power_cycles: Budget = None
    flash_writes: Budget = None
    wrong_passwords_per_day: Budget = None
    wrong_codes_per_day: Budget = None
    relay_cycles_per_channel: Budget = None


class RigDescription(Strict):
    """All of one rig file."""

    name: Name
    terminal: TerminalOnRig
    instruments: Instruments
    power: PowerWiring
    keypad: KeypadWiring
    network: SwitchWiring | None = None
    usb: SwitchWiring | None = None
    streams: Streams
    camera: Camera | None = None
    clock: ClockWiring = ClockWiring()
    bench: Tcp | None = None
    simulated: SimulatedProcess | None = None
    credentials: Credentials = Credentials()
    limits: Limits = Limits()
    _source: LocatedYaml | None = PrivateAttr(None)

    @property
    def source(self) -> LocatedYaml | None:
        """The file, with the line of each field."""
        return self._source

    @model_validator(mode="after")
    def _channels_once(self) -> RigDescription:
        owner = {channel: f"keypad key {key!r}" for key, channel in self.keypad.channels.items()}
        for name, wiring in (("network", self.network), ("usb", self.usb)):
            if wiring is None:
                continue
            if wiring.channel in owner:
                raise ValueError(f"channel {wiring.channel} is wired twice, to {owner[wiring.channel]} and to {name}")
            owner[wiring.channel] = name
        return self

    @model_validator(mode="after")
    def _camera_there(self) -> RigDescription:
        if self.streams.screen == CAMERA and self.camera is None:
            raise ValueError("streams.screen is camera, and there is no camera; allowed: a section 'camera:'")
        return self


def read_rig(path: Path) -> RigDescription:
    """Read and check a rig file and resolve its relative paths. Raises ConfigurationError."""
    source = read_yaml(path, "rig file")
    rig = validate(source, RigDescription, "rig file")
    rig._source = source
    profile = existing(source, ("terminal", "profile"), rig.terminal.profile, "rig file")
    changes: dict[str, object] = {"terminal": rig.terminal.model_copy(update={"profile": profile})}
    if rig.credentials.file is not None:
        file = existing(source, ("credentials", "file"), rig.credentials.file, "rig file")
        changes["credentials"] = rig.credentials.model_copy(update={"file": file})
    if (command := rig.credentials.command) is not None and "/" in command[0]:
        program = existing(source, ("credentials", "command"), Path(command[0]), "rig file")
        changes["credentials"] = rig.credentials.model_copy(update={"command": (str(program), *command[1:])})
    return rig.model_copy(update=changes)


def filled(address: str, values: dict[str, str]) -> str:
    """An address with ``{supply}`` and the like filled from what the simulated rig reported.

    >>> filled("tcp://127.0.0.1:{screen}", {"screen": "4001"})
    'tcp://127.0.0.1:4001'
    """

    def fill(found: re.Match[str]) -> str:
        name = found[1]
        if name not in values:
            raise ConfigurationError(
                f"the address {address!r} asks for {{{name}}}, which the simulated rig does not have",
                allowed=", ".join(sorted(values)) or "nothing: this rig file starts no simulated rig",
                todo="write the real address, or add a 'simulated:' section",
            )
        return values[name]

    return re.sub(r"\{(\w+)\}", fill, address)
