"""The payment host: a TLS server on loopback, answering at once in real time and telling how long it "takes".

The answer's field ``simulated`` is for the network interface, which strips it: ``after_s`` is the host's own time,
``silent`` says that the host keeps quiet. The server thread works only while the simulation waits for it in an
exchange, so that no order of threads can change a run.
"""

from __future__ import annotations

import select
import socket
import ssl
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from posrig.simulated.world import wire
from posrig.simulated.world.keys import ServerIdentity
from posrig.simulated.world.ledger import MONEY_TYPES, Ledger

ANSWERS = ("approve", "decline", "silent", "garbage")
CERTIFICATES = ("good", "wrong")


@dataclass
class Behaviour:
    """How the host behaves from now on. ``silent`` books the transaction and says nothing: the money is taken."""

    answer: str = "approve"
    code: str = "51"
    delay_s: float = 0.5
    certificate: str = "good"
    parameters: dict[str, Any] = field(default_factory=dict)
    time_offset_s: float = 0.0
    zone: str = "Europe/Berlin"


class PaymentHost:
    """The host's mind: books, behaviour, lock state, outgoing messages. :class:`HostServer` gives it a socket."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self.outbox: list[dict[str, Any]] = []
        """Unasked messages that wait for the terminal: always the same list, the network interface looks into it."""
        self.reset()

    def reset(self) -> None:
        """As on the first day."""
        self.behaviour = Behaviour()
        self.ledger = Ledger()
        self.outbox.clear()
        self.seen: list[dict[str, Any]] = []

    def answer(self, message: Mapping[str, Any]) -> bytes:
        """The frame that answers a message of the terminal."""
        kind = str(message.get("type", ""))
        self.seen.append(dict(message))
        try:
            body = self._handlers().get(kind, self._unknown)(message)
        except (KeyError, TypeError, ValueError):
            body = {"error": "field missing or wrong"}
        how: dict[str, Any] = {"after_s": self.behaviour.delay_s}
        if self.behaviour.answer == "garbage":
            return wire.pack(b"\x15\x04 no message")
        if self.behaviour.answer == "silent":
            return wire.encode({"simulated": {"silent": True}})
        return wire.encode({"type": f"{kind}_answer", **body, "simulated": how})

    def time(self) -> datetime:
        return datetime.fromtimestamp(self._clock() + self.behaviour.time_offset_s, UTC)

    def _handlers(self) -> dict[str, Callable[[Mapping[str, Any]], dict[str, Any]]]:
        money = dict.fromkeys(MONEY_TYPES, self._money)
        return {
            **money,
            "sign_on": self._sign_on,
            "echo": self._echo,
            "reversal": self._reversal,
            "settle": self._settle,
        }

    def _sign_on(self, message: Mapping[str, Any]) -> dict[str, Any]:
        how = self.behaviour
        return {"time": self.time().isoformat(), "zone": how.zone, "parameters": how.parameters}

    def _echo(self, message: Mapping[str, Any]) -> dict[str, Any]:
        return {"time": self.time().isoformat()}

    def _money(self, message: Mapping[str, Any]) -> dict[str, Any]:
        approved = self.ledger.book(message, approve=self.behaviour.answer != "decline")
        return {"trace": message["trace"], "approved": approved, "code": "00" if approved else self.behaviour.code}

    def _reversal(self, message: Mapping[str, Any]) -> dict[str, Any]:
        self.ledger.reverse(int(message["original"]))
        return {"original": message["original"], "done": True}

    def _settle(self, message: Mapping[str, Any]) -> dict[str, Any]:
        agree = self.ledger.settle(int(message["batch"]), list(message["lines"]))
        return {"agree": agree, "totals": self.ledger.totals()}

    def _unknown(self, message: Mapping[str, Any]) -> dict[str, Any]:
        return {"error": "unknown message"}


class HostServer:
    """TLS on loopback around a :class:`PaymentHost`; one thread listens, one serves each line."""

    def __init__(self, host: PaymentHost, identities: Mapping[str, ServerIdentity]) -> None:
        self._host, self._identities = host, identities
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._lines: dict[threading.Thread, socket.socket] = {}
        threading.Thread(target=self._accept, name="payment host", daemon=True).start()

    def close(self) -> None:
        """No new lines, and the open one ends."""
        with suppress(OSError):
            # closing alone would leave the thread in ``accept`` and the port open
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.hang_up()

    def hang_up(self) -> None:
        """Close every line now and wait until it is closed: the next exchange opens a new one."""
        for thread, bell in list(self._lines.items()):
            with suppress(OSError):
                bell.send(b"x")
            thread.join(2.0)

    def ring(self, messages: int) -> None:
        """Send so many messages of the outbox over the newest line; an older one may not know yet that it is dead.

        One stroke is one message: a line that heard its bell late would else empty the outbox into a dead line.
        """
        bells = list(self._lines.values())
        if bells:
            bells[-1].send(b"!" * messages)

    def _accept(self) -> None:
        while True:
            try:
                raw, _ = self._listener.accept()
            except OSError:
                return
            outside, inside = socket.socketpair()
            thread = threading.Thread(target=self._serve, args=(raw, inside), name="host line", daemon=True)
            self._lines[thread] = outside
            thread.start()

    def _serve(self, raw: socket.socket, bell: socket.socket) -> None:
        try:
            with suppress(OSError, wire.BadFrameError), self._secure(raw) as line:
                self._talk(line, bell)
        finally:
            raw.close()
            bell.close()
            outside = self._lines.pop(threading.current_thread(), None)
            if outside is not None:
                outside.close()

    def _secure(self, raw: socket.socket) -> ssl.SSLSocket:
        raw.settimeout(5.0)
        raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        identity = self._identities[self._host.behaviour.certificate]
        return identity.context.wrap_socket(raw, server_side=True)

    def _talk(self, line: ssl.SSLSocket, bell: socket.socket) -> None:
        """Until either side closes. The terminal waits for each answer, so no second frame hides in the TLS buffer."""
        while True:
            ready, _, _ = select.select([line, bell], [], [])
            if bell in ready:
                if bell.recv(1) != b"!":
                    return
                if self._host.outbox:
                    line.sendall(wire.encode(self._host.outbox.pop(0)))
                continue
            body = wire.receive(line)
            if body is None:
                return
            line.sendall(self._host.answer(wire.decode(body)))
