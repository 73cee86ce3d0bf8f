"""One VISA session: one lock, one write, one answer, one deadline; every failure a TransportError that names the wire.

Works with any PyVISA backend; ``@py`` (pyvisa-py) is the default. Its faults on raw sockets are absorbed here: a dead
port that opens, a closed peer that spins a core until the time-out, an answer that comes late and answers the next
question for ever, a write without time-out, Nagle's algorithm. No command is ever sent twice.

The resource manager is shared by the whole process and is never closed: closing it kills everybody's sessions. The
network is never searched for instruments: that broadcasts on every interface.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import pyvisa
from pyvisa.constants import StatusCode
from pyvisa.resources import MessageBasedResource

from posrig.ground.faults import ConfigurationError, RigFault, TransportError
from posrig.instruments.dialects import Dialect
from posrig.instruments.socket_lane import LateAnswer, PeerClosed, SocketLane, closed_by_peer

ESR_ERRORS: Final = 0x3C
"""Query, device, execution and command error (IEEE 488.2, bits 2 to 5 of the standard event status register)."""
ESR_POWER_ON: Final = 0x80
_WITH_STATUS: Final = re.compile(r"(.*);([+-]?\d+)", re.DOTALL)
QUEUE_CAP: Final = 25
"""Most error queues hold 20; a queue that never empties must not hang the harness."""
_CHUNK: Final = 65_536
_FAILURES: Final = (pyvisa.errors.Error, OSError, ValueError, NotImplementedError)
"""pyvisa-py raises bare OSError for a dead peer, SerialException (an OSError) for a lost tty, ValueError for a file
descriptor beyond select's 1024."""


@dataclass(frozen=True, slots=True)
class Identity:
    """The four fields of ``*IDN?``."""

    manufacturer: str
    model: str
    serial_number: str
    firmware: str

    @classmethod
    def parse(cls, answer: str) -> Identity:
        parts = [part.strip() for part in answer.split(",", 3)]
        parts += [""] * (4 - len(parts))
        return cls(*parts)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A transaction made ready once and run often: its bytes end in a query."""

    command: str
    message: bytes


class VisaSession:
    """A session with one instrument. Thread safe. Opened by :meth:`open`, re-opened by itself when it is dirty."""

    def __init__(
        self,
        name: str,
        resource: str,
        dialect: Dialect,
        *,
        serial_number: str | None = None,
        backend: str = "@py",
        timeout_s: float = 2.0,
        open_timeout_s: float = 2.0,
    ) -> None:
        self.name, self.resource, self.dialect = name, resource, dialect
        self.timeout_s, self._open_timeout_s, self._backend = timeout_s, open_timeout_s, backend
        self.opens_within_s = open_timeout_s + 3 * timeout_s
        """Real seconds for opening and identifying; no transaction holds the session longer before its own answer."""
        self.barred: RigFault | None = None
        """Raised instead of any transaction: the rig must not be moved any more."""
        serial = r"[^,]+" if serial_number is None else re.escape(serial_number)
        self._identity = re.compile(dialect.identity.replace("{serial}", serial))
        self._wanted = f"{dialect.name}" + ("" if serial_number is None else f", serial number {serial_number}")
        self._lock = threading.RLock()
        self._visa: MessageBasedResource | None = None
        self._library: Any = None
        self._session: Any = None
        self._lane: SocketLane | None = None
        self._dirty = False
        self._set_timeout_s = 0.0
        self.generation = 0
        """Counts openings: when it rose, what was known about the instrument's state is void."""
        self.identity: Identity | None = None

    # -- opening and closing

    def open(self) -> Identity:
        """Open, identify, clear the error state. Raises TransportError, or RigFault for a wrong identity."""
        with self._lock:
            self._discard()
            try:
                identity = self._open()
            except BaseException:
                self._discard()
                raise
            self.generation += 1
            self.identity = identity
            return identity

    def ensure(self) -> None:
        """Ready for a command whose connection was not closed while it was idle: else it is opened anew.

        Raises TransportError; RigFault for another instrument, or one that was switched off and on meanwhile.
        """
        with self._held(self.timeout_s, ""):
            self._ensure()

    def _ensure(self) -> None:
        if self._dirty or self._visa is None:
            self.open()
        elif self._lane.closed if self._lane is not None else closed_by_peer(self._visa):
            self._open_again()

    def _open_again(self) -> None:
        """Nothing was sent and nothing is due: the same instrument as before, if it was not switched off meanwhile."""
        self._discard()
        try:
            identity = self._open(again=True)
        except BaseException:
            self._discard()
            raise
        self.generation += 1
        self.identity = identity

    def _open(self, *, again: bool = False) -> Identity:
        manager = _manager(self._backend)
        try:
            visa = manager.open_resource(self.resource, open_timeout=int(self._open_timeout_s * 1000))
        except _FAILURES as exc:
            raise self._fault(f"cannot be opened: {_words(exc)}", "open") from exc
        except Exception as exc:  # pyvisa-py raises the bare class when a connection times out
            raise self._fault(f"cannot be opened: {_words(exc)}", "open") from exc
        if not isinstance(visa, MessageBasedResource):
            visa.close()
            raise ConfigurationError(
                f"{self.resource} is not a message-based VISA resource",
                where=f"rig file, field instruments.{self.name}.resource",
                allowed="SOCKET or INSTR resources",
            )
        self._visa, self._library, self._session = visa, visa.visalib, visa.session
        try:
            visa.write_termination = visa.read_termination = "\n"
            visa.timeout = self.timeout_s * 1000
        except _FAILURES as exc:
            raise self._fault(f"cannot be set up: {_words(exc)}", "open") from exc
        self._set_timeout_s = self.timeout_s
        self._lane = SocketLane.of(visa)
        self._dirty = False
        # a port that nobody listens on opens without error: only an answer proves that somebody is there
        answer = self._exchange("*IDN?", b"*IDN?\n", self.timeout_s, "open")
        if self._identity.fullmatch(answer) is None:
            raise RigFault(
                f"{self.name} is another instrument than the rig file says: {answer!r}",
                instrument=self.name,
                where=self.resource,
                allowed=self._wanted,
                todo="check the address and the dialect in the rig file, and which instrument is connected there",
            )
        if again and self._status("*ESR?", b"*ESR?\n", "open") & ESR_POWER_ON:
            raise RigFault(
                f"{self.name} was switched off and on: the connection was closed, and its power-on bit is set",
                instrument=self.name,
                where=self.resource,
                todo="its outputs and relays are no longer as they were set; check its mains, and who else uses it",
            )
        self._exchange("*CLS", b"*CLS" + self._joint + b"*ESR?\n", self.timeout_s, "open")
        return Identity.parse(answer)

    def close(self) -> None:
        """Close this session only. Never raises."""
        with self._lock:
            self._discard()

    def _discard(self) -> None:
        visa, self._visa = self._visa, None
        self._lane, self._library, self._session = None, None, None
        if visa is None:
            return
        try:
            visa.close()
        except _FAILURES:
            return  # a session that cannot even be closed is gone all the same

    @property
    def dirty(self) -> bool:
        """An answer may still be on its way: the next transaction re-opens and re-identifies first."""
        return self._dirty or self._visa is None

    # -- transactions

    @property
    def _joint(self) -> bytes:
        return self.dialect.join.encode()

    def prepare(self, *commands: str) -> Prepared:
        """Commands to be run as one message that ends in ``*ESR?``."""
        return Prepared(commands[0], self.dialect.join.join((*commands, "*ESR?")).encode() + b"\n")

    def run(self, prepared: Prepared, timeout_s: float | None = None) -> None:
        """Run a prepared transaction. Raises RigFault with the instrument's own errors, or TransportError."""
        answer = self.exchange(prepared.command, prepared.message, timeout_s)
        self._check(prepared.command, self._number(answer, prepared.command))

    def set(self, *commands: str, timeout_s: float | None = None) -> None:
        """Send commands in one message and check the error state in the same message."""
        self.run(self.prepare(*commands), timeout_s)

    def query(self, command: str, timeout_s: float | None = None) -> str:
        """One query, one answer, without its termination. The error state is asked in the same message: an error that
        a query left behind would be blamed on the next command.

        Raises RigFault with the instrument's own errors, or TransportError.
        """
        answer = self.exchange(command, f"{command};*ESR?\n".encode(), timeout_s)
        found = _WITH_STATUS.fullmatch(answer)
        if found is None:
            with self._lock:
                self._dirty = True
            raise self._fault(f"answered {answer[:60]!r} without its status", "answer", command)
        self._check(command, int(found[2]))
        return found[1]

    def _status(self, command: str, message: bytes, phase: str) -> int:
        return self._number(self._exchange(command, message, self.timeout_s, phase), command)

    def _number(self, answer: str, command: str) -> int:
        try:
            return int(answer)
        except ValueError:
            with self._lock:
                self._dirty = True
            raise self._fault(f"answered {answer[:60]!r} to *ESR?", "answer", command) from None

    def _check(self, command: str, status: int) -> None:
        if status & ESR_ERRORS:
            self._raise_errors(command, status)

    def query_floats(self, command: str, timeout_s: float | None = None) -> list[float]:
        """A query whose answer is numbers, separated by commas or semicolons."""
        answer = self.query(command, timeout_s)
        try:
            return [float(part) for part in re.split(r"[,;]", answer)]
        except ValueError:
            with self._lock:
                self._dirty = True
            raise self._fault(f"answered {answer[:60]!r} where numbers were due", "answer", command) from None

    def exchange(self, command: str, message: bytes, timeout_s: float | None = None) -> str:
        """Write ``message`` (which ends in exactly one query) and read its answer; ``command`` names it in errors.

        Raises TransportError. After any failure, and after an interrupt, the session is dirty.
        """
        limit_s = self.timeout_s if timeout_s is None else timeout_s
        with self._held(limit_s, command):
            self._ensure()
            return self._exchange(command, message, limit_s, "")

    def wait_quiet(self) -> None:
        """Wait until the transaction that is on its way has ended, or its time is over."""
        if self._lock.acquire(timeout=self.timeout_s + self.opens_within_s):
            self._lock.release()

    @contextmanager
    def _held(self, limit_s: float, command: str) -> Iterator[None]:
        """The lock of this session, and leave to use it."""
        within_s = limit_s + self.opens_within_s
        if not self._lock.acquire(timeout=within_s):
            raise self._fault(f"is busy: another thread holds the session for {within_s:g} s", "command", command)
        try:
            if self.barred is not None:
                raise self.barred
            yield
        finally:
            self._lock.release()

    def _exchange(self, command: str, message: bytes, limit_s: float, phase: str) -> str:
        self._dirty = True  # until the answer is here: an interrupt in between leaves it so
        lane = self._lane
        try:
            if lane is not None:
                answer = str(lane.ask(message, limit_s), "ascii", "replace").rstrip("\r\n")
            else:
                if limit_s != self._set_timeout_s:
                    self._timeout(limit_s)
                self._library.write(self._session, message)
                answer = self._read()
        except LateAnswer as exc:
            raise self._fault("had sent something before it was asked", phase or "command", command) from exc
        except PeerClosed as exc:
            raise self._fault("closed the connection", phase or self._doing(), command) from exc
        except TimeoutError as exc:
            raise self._fault(f"gave no answer within {limit_s:g} s", phase or self._doing(), command) from exc
        except _FAILURES as exc:
            raise self._fault(_words(exc), phase or self._doing(), command) from exc
        self._dirty = False
        return answer

    def _doing(self) -> str:
        return "command" if self._lane is not None and not self._lane.sent else "answer"

    def _read(self) -> str:
        data, status = self._library.read(self._session, _CHUNK)
        while status == StatusCode.success_max_count_read:
            more, status = self._library.read(self._session, _CHUNK)
            data += more
        return str(data, "ascii", "replace").rstrip("\r\n")

    def _timeout(self, limit_s: float) -> None:
        if self._visa is not None:
            self._visa.timeout = limit_s * 1000
        self._set_timeout_s = limit_s

    def _raise_errors(self, command: str, status: int) -> None:
        errors = self.errors()
        words = "; ".join(errors) if errors else f"*ESR? says {status}, but the error queue is empty"
        raise RigFault(
            f"{self.name} refused {command!r}: {words}",
            instrument=self.name,
            where=self.resource,
            todo="the instrument's programming guide explains the number; check dialect and channel numbers",
        )

    def errors(self) -> list[str]:
        """Take all entries out of the instrument's error queue."""
        found: list[str] = []
        for _ in range(QUEUE_CAP):
            entry = self.exchange("SYST:ERR?", b"SYST:ERR?\n")
            if (number := re.match(r"\s*([+-]?\d+)", entry)) is not None and int(number[1]) == 0:
                break
            found.append(entry)
        return found

    def _fault(self, found: str, phase: str, command: str = "") -> TransportError:
        return TransportError(
            f"{self.name} {found}", instrument=self.name, resource=self.resource, phase=phase, command=command
        )


def _manager(backend: str) -> pyvisa.ResourceManager:
    try:
        return pyvisa.ResourceManager(backend)
    except (OSError, ValueError, pyvisa.errors.Error) as exc:
        raise ConfigurationError(
            f"the VISA backend {backend!r} cannot be used: {_words(exc)}",
            where="rig file, field instruments.*.backend",
            allowed="@py, or @ivi with a vendor's VISA library installed",
        ) from exc


def _words(error: BaseException) -> str:
    text = str(error).strip()
    return text.splitlines()[0] if text else type(error).__name__
