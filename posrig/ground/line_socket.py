"""A TCP client for the clock wire and the bench wire: one request line, one answer line, a real deadline."""

from __future__ import annotations

import re
import socket

from posrig.ground.deadline import Deadline
from posrig.ground.faults import ConfigurationError, TransportError
from posrig.ground.kernel_timeout import ReceiveTimeout

_CHUNK = 4096
"""More would cost: Python allocates that much for each receive."""


def host_and_port(address: str) -> tuple[str, int]:
    """``tcp://host:port`` in its two parts. Raises ConfigurationError.

    >>> host_and_port("tcp://127.0.0.1:4001")
    ('127.0.0.1', 4001)
    """
    found = re.fullmatch(r"tcp://([^/:]+):(\d{1,5})", address)
    if found is None or not 0 < int(found[2]) < 65_536:
        raise ConfigurationError(f"{address!r} is not an address of a TCP wire", allowed="tcp://host:port")
    return found[1], int(found[2])


class LineSocket:
    """One connection on which each request line gets exactly one answer line.

    After a fault or an interrupt the next request goes over a new connection: an answer that comes late must not
    answer the next question. Nothing is sent twice.
    """

    def __init__(self, name: str, address: str, *, connect_timeout_s: float = 5.0) -> None:
        self.name, self.address, self._connect_timeout_s = name, address, connect_timeout_s
        self._where = host_and_port(address)
        self._closed = False
        self._connect()

    def _connect(self) -> None:
        try:
            self._socket = socket.create_connection(self._where, self._connect_timeout_s)
        except OSError as exc:
            raise TransportError(
                f"the {self.name} does not answer: {exc}", instrument=self.name, resource=self.address, phase="open"
            ) from exc
        # without it a request in two segments waits 40 ms for the peer's delayed acknowledgement
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.setblocking(True)
        self._timeout = ReceiveTimeout(self._socket)
        self._clean = True

    def ask(self, request: bytes, timeout_s: float, *, label: str = "") -> bytes:
        """Send one line (with its newline) and return the answer without it. ``timeout_s`` is real time.

        ``label`` stands for the request in errors when the request itself may hold a secret. Raises TransportError.
        """
        if self._closed:
            raise self._fault("the connection was closed", request, label)
        if not self._clean:
            self._socket.close()
            self._connect()
        self._clean = False
        try:
            self._socket.sendall(request)
            self._timeout.set(timeout_s)
            answer = self._socket.recv(_CHUNK)
            if answer[-1:] != b"\n":
                answer = self._rest(answer, timeout_s)
        except (TimeoutError, BlockingIOError):
            raise self._fault(f"no answer within {timeout_s:g} s", request, label) from None
        except OSError as exc:
            raise self._fault(f"the connection broke: {exc}", request, label) from exc
        if not answer:
            raise self._fault("the other side closed the connection", request, label)
        self._clean = True
        return answer[:-1]

    def _rest(self, answer: bytes, timeout_s: float) -> bytes:
        """A long answer in pieces; empty when the other side closed."""
        deadline = Deadline(timeout_s)
        while answer and answer[-1:] != b"\n":
            self._timeout.set(deadline.remaining)
            more = self._socket.recv(1 << 20)
            answer = answer + more if more else b""
            if deadline.expired:
                raise TimeoutError
        return answer

    def _fault(self, found: str, request: bytes, label: str) -> TransportError:
        head = label or request.decode("utf-8", "replace").strip()[:40]
        return TransportError(
            f"{self.name}: {found}", instrument=self.name, resource=self.address, phase="answer", command=head
        )

    def close(self) -> None:
        self._closed = True
        self._socket.close()
