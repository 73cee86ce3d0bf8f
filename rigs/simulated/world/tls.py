"""TLS from the terminal's side: a line to a server of the simulated world whose certificate is the pinned one."""

from __future__ import annotations

import hashlib
import select
import socket
import ssl
from functools import cache

REAL_TIMEOUT_S = 5.0
"""Wall-clock seconds for one exchange on loopback; only a broken simulation needs them."""


class WrongCertificateError(OSError):
    """The server's certificate is not the pinned one."""


def connect(port: int, pin: str) -> ssl.SSLSocket:
    """A TLS line to loopback whose certificate is the pinned one. Raises WrongCertificateError, OSError."""
    raw = socket.create_connection(("127.0.0.1", port), timeout=REAL_TIMEOUT_S)
    raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    line = _client_context().wrap_socket(raw)
    shown = hashlib.sha256(line.getpeercert(binary_form=True) or b"").hexdigest()
    if shown != pin:
        line.close()
        raise WrongCertificateError("the certificate is not the pinned one")
    return line


@cache
def _client_context() -> ssl.SSLContext:
    """Names and chains are not looked at: the pin is stricter than both."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def is_closed(line: ssl.SSLSocket) -> bool:
    """An idle line that has something to read: only the other side's good-bye can be there."""
    return bool(select.select([line], [], [], 0)[0])
