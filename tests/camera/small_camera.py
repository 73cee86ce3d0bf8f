"""A camera of any make: photos over HTTP without a number, by a plain server on loopback."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress

from hangs import HANGS_S

from posrig.simulated.wires.photograph import Lens

HEAD = (
    b"HTTP/1.0 200 OK\r\nServer: small\r\n"
    b"Content-Type: multipart/x-mixed-replace;boundary=boundarydonotcross\r\n\r\n--boundarydonotcross\r\n"
)
LENS = Lens(5)


def jpeg(*rows: str) -> bytes:
    return LENS.photo(rows, backlight=True)


def part(photo: bytes) -> bytes:
    """As ustreamer writes it: the next part's boundary comes with this one."""
    head = f"Content-Type: image/jpeg\r\nContent-Length: {len(photo)}\r\nX-Timestamp: 1.0\r\n\r\n"
    return head.encode() + photo + b"\r\n--boundarydonotcross\r\n"


def again_and_again(photo: bytes) -> Iterator[bytes]:
    """Ten a second, as long as somebody reads."""
    while True:
        yield photo
        time.sleep(0.1)


@contextmanager
def serving(answer: Iterable[bytes], *, asked: list[bytes] | None = None) -> Iterator[str]:
    """Answers each connection with these bytes and stays open; yields the address."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        clients: list[socket.socket] = []

        def serve() -> None:
            while True:
                try:
                    client, _ = listener.accept()
                except OSError:
                    return
                clients.append(client)
                request = client.recv(65536)
                if asked is not None:
                    asked.append(request)
                with suppress(OSError):  # an answer without an end is ended by its client
                    for piece in answer:
                        client.sendall(piece)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}/stream?res=640"
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            for client in clients:
                client.close()
            thread.join(HANGS_S)
