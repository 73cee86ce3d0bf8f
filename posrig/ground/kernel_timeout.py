"""A receive time-out kept by the kernel: one system call per answer instead of a poll and a read."""

from __future__ import annotations

import math
import socket
import struct


class ReceiveTimeout:
    """Sets SO_RCVTIMEO of a blocking socket when it changes. A receive that takes longer raises BlockingIOError."""

    __slots__ = ("_set_s", "_socket")

    def __init__(self, connected: socket.socket) -> None:
        self._socket, self._set_s = connected, -1.0

    def set(self, seconds: float) -> None:
        if seconds == self._set_s:
            return
        fraction, whole = math.modf(max(seconds, 0.001))  # zero would mean: for ever
        self._socket.setsockopt(
            socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("ll", int(whole), int(fraction * 1e6))
        )
        self._set_s = seconds
