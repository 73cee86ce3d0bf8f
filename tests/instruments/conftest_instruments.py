"""A scripted instrument: a list of (received, answer) pairs over a real TCP socket. Pairs left over fail the test."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from posrig.instruments.dialects import Dialect
from posrig.instruments.visa import VisaSession

IDN = "Acme,Model 1,SN7,1.0"
DIALECT = Dialect("acme", "supply", r"Acme,Model 1,{serial},.+")
GREETING: list[tuple[str, object]] = [("*IDN?", IDN), ("*CLS", None), ("*ESR?", "0")]

HANG_UP = object()
SILENT = object()


class ScriptedServer:
    """Answers line by line; an answer may be a text, None (a command), bytes as they are, HANG_UP, SILENT or a call."""

    def __init__(self, script: list[tuple[str, object]]) -> None:
        self.script, self.wrong, self.received = list(script), [], []
        self.connections = 0
        self.segments = 0
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.resource = f"TCPIP::127.0.0.1::{self.port}::SOCKET"
        self.clients: list[socket.socket] = []
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            self.connections += 1
            self.clients.append(client)
            threading.Thread(target=self._talk, args=(client,), daemon=True).start()

    def _talk(self, client: socket.socket) -> None:
        buffer = b""
        while True:
            try:
                data = client.recv(65_536)
            except OSError:
                return
            if not data:
                return
            self.segments += 1
            *lines, buffer = (buffer + data).split(b"\n")
            for line in lines:
                if not self._answer(client, line.decode().strip()):
                    return

    def _answer(self, client: socket.socket, line: str) -> bool:
        query, asked, _ = line.partition(";*ESR?")
        asked = asked and bool(self.script) and self.script[0][0] == query  # a query with its status, which is well
        line = query if asked else line
        self.received.append(line)
        if not self.script or self.script[0][0] != line:
            self.wrong.append((line, self.script[:1]))
            return True
        _, answer = self.script.pop(0)
        if callable(answer):
            answer = answer(client)
        if answer is HANG_UP:
            client.shutdown(socket.SHUT_RDWR)
            client.close()
            return False
        if isinstance(answer, str):
            client.sendall(answer.encode() + (b";0\n" if asked else b"\n"))
        elif isinstance(answer, bytes):
            client.sendall(answer)
        return True

    def hang_up(self) -> None:
        """Close the connection while it is idle; returns when the other end can know it."""
        self.clients[-1].shutdown(socket.SHUT_RDWR)
        time.sleep(0.02)

    def finish(self) -> None:
        end = time.monotonic() + 60.0
        while self.script and not self.wrong and time.monotonic() < end:
            time.sleep(0.002)
        self.listener.close()
        for client in self.clients:
            client.close()
        assert not self.wrong, f"not in the script: {self.wrong}"
        assert not self.script, f"never asked: {self.script}"


@pytest.fixture
def scripted() -> Iterator[Callable[..., ScriptedServer]]:
    servers: list[ScriptedServer] = []

    def make(*pairs: tuple[str, object], greeting: bool = True) -> ScriptedServer:
        server = ScriptedServer([*(GREETING if greeting else []), *pairs])
        servers.append(server)
        return server

    yield make
    for server in servers:
        server.finish()


@pytest.fixture
def opened(scripted: Callable[..., ScriptedServer]) -> Iterator[Callable[..., tuple[VisaSession, ScriptedServer]]]:
    sessions: list[VisaSession] = []

    def make(*pairs: tuple[str, object], timeout_s: float = 2.0, dialect: Dialect = DIALECT):
        server = scripted(*pairs)
        session = VisaSession("supply", server.resource, dialect, timeout_s=timeout_s)
        sessions.append(session)
        session.open()
        return session, server

    yield make
    for session in sessions:
        session.close()
