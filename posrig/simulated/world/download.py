"""One download over HTTPS, handed over chunk by chunk at its virtual instants."""

from __future__ import annotations

import http.client
from collections.abc import Callable
from contextlib import suppress

from posrig.simulated.loop.scheduler import Scheduler, Timer
from posrig.simulated.world.tls import PortWire, SilentLineError, TlsLine, WrongCertificateError, connect

CHUNK = 65_536
SETUP_S = 0.3
"""Seconds from asking to the first byte's departure: one round trip."""
SILENT_S = 20.0
"""Seconds without a byte after which the terminal gives a download up."""


class Download:
    """One HTTPS range, handed over chunk by chunk at the rate that the server's header field gives."""

    def __init__(
        self,
        scheduler: Scheduler,
        path: str,
        first: int,
        length: int,
        on_data: Callable[[bytes], None],
        on_failure: Callable[[str], None],
    ) -> None:
        self._scheduler = scheduler
        self._path, self._first, self._left = path, first, length
        self._on_data, self._on_failure = on_data, on_failure
        self._line: http.client.HTTPConnection | None = None
        self._response: http.client.HTTPResponse | None = None
        self._rate = 1.0
        self._timer: Timer | None = None
        self._over = False
        self._wire = PortWire("update")
        self._tls: TlsLine | None = None

    def start(self, port: int, pin: str, wire: PortWire | None = None) -> None:
        self._wire = wire or PortWire("update")
        self._timer = self._scheduler.after(SETUP_S, lambda: self._ask(port, pin))

    def fail_soon(self, reason: str) -> None:
        self._timer = self._scheduler.after(0.0, lambda: self.fail(reason))

    def fail(self, reason: str) -> None:
        self.stop()
        self._on_failure(reason)

    def stop(self) -> None:
        """No callback follows; the server notices that its client is gone."""
        self._over = True
        if self._timer is not None:
            self._timer.cancel()
        for end in (self._response, self._line):
            if end is not None:
                with suppress(OSError):
                    end.close()

    def _ask(self, port: int, pin: str) -> None:
        try:
            self._response = self._get(port, pin)
        except WrongCertificateError:
            self.fail("certificate")
            return
        except (OSError, http.client.HTTPException) as error:
            self._broke(error)
            return
        if not self._fits(self._response.status):
            self.fail("protocol")
            return
        self._rate = float(self._response.headers.get("X-Simulated-Rate", "1e6"))
        self._wait_for_chunk()

    def _get(self, port: int, pin: str) -> http.client.HTTPResponse:
        self._line = http.client.HTTPConnection("127.0.0.1", port)
        self._tls = connect(port, pin, self._wire)
        self._line.sock = self._tls
        last = self._first + self._left - 1
        self._line.request("GET", self._path, headers={"Range": f"bytes={self._first}-{last}"})
        return self._line.getresponse()

    def _fits(self, status: int) -> bool:
        """A redirection is not followed; a whole file in answer to its later part would be taken for that part."""
        return status == 206 or (status == 200 and self._first == 0)

    def _wait_for_chunk(self) -> None:
        """The chunk is read when it is due: a pulled cable leaves the rest with the server."""
        size = min(CHUNK, self._left)
        self._timer = self._scheduler.after(size / self._rate, lambda: self._read(size))

    def _read(self, size: int) -> None:
        response = self._response
        if response is None:
            return
        try:
            data = response.read(size) if size else b""
        except (OSError, http.client.HTTPException) as error:
            self._broke(error)
            return
        if size and not data and response.length:
            # the server had promised more: a connection that broke, not a file that ended
            self.fail("protocol")
            return
        late_s = 0.0 if self._tls is None else self._tls.take_late_s()
        if late_s:
            self._timer = self._scheduler.after(late_s, lambda: self._hand_over(data))
        else:
            self._hand_over(data)

    def _broke(self, error: Exception) -> None:
        """The line failed; one that went silent is given up after a while."""
        if isinstance(error, OSError):
            self._wire.counts.saw(error)
        if isinstance(error, SilentLineError):
            self._timer = self._scheduler.after(SILENT_S, lambda: self.fail("timeout"))
        else:
            self.fail("protocol")

    def _hand_over(self, data: bytes) -> None:
        if not data:
            if self._tls is not None:
                self._tls.answered()
            self.stop()
            self._on_data(b"")
            return
        self._left -= len(data)
        self._on_data(data)
        if not self._over:
            self._wait_for_chunk()
