"""Defects of a terminal that look like faults of the rig: its own TLS, console and service port. Read by the simulated
rig's process (option ``defects_from``)."""

from __future__ import annotations

import ssl
import zlib
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from posrig.simulated.terminals.r.defects.registry import defect
from posrig.simulated.terminals.r.firmware.keypad import Keypad
from posrig.simulated.terminals.r.firmware.parts import Parts
from posrig.simulated.world.tls import connect


class Around:
    """Another object with some of its members replaced."""

    def __init__(self, inner: Any, **replaced: Any) -> None:
        self.__dict__.update(replaced, _inner=inner)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(self._inner, name, value)


def board(part: str, around: Callable[[Any], Any]) -> Callable[[Parts], Parts]:
    """A terminal in which one thing on the board is wrapped."""
    return lambda parts: replace(parts, board=lambda built: Around(built, **{part: around(getattr(built, part))}))


def own_line(nic: Any, speak: Callable[[Any, Any], None]) -> Any:
    """Each request goes over a line of the terminal's own making, which the network port counts like any."""

    def request(message: Any, on_answer: Any, on_failure: Any, *, timeout_s: float = 20.0) -> None:
        wire = nic._network.host_wire
        try:
            speak(nic._network, wire)
        except OSError as error:
            wire.counts.saw(error)
        nic._scheduler.after(0.15, lambda: on_failure("protocol"))

    return Around(nic, request=request)


def cannot_agree(network: Any, wire: Any) -> None:
    """It offers no cipher that the host's certificate can be used with."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers("ECDHE-RSA-AES128-GCM-SHA256")
    connect(network.host_port, network.host_pin, wire, context)


def no_frames(network: Any, wire: Any) -> None:
    """What it sends is no message: the host hangs up."""
    line = connect(network.host_port, network.host_pin, wire)
    line.sendall(b"\xff\xff\xff\xff no frame")
    if not line.recv(1):
        raise ConnectionResetError("the host closed the line")


defect("own_tls", "Its TLS offers no cipher of the host's")(board("nic", lambda nic: own_line(nic, cannot_agree)))
defect("own_frames", "It sends the host no messages")(board("nic", lambda nic: own_line(nic, no_frames)))


def emits(service: Any, change: Callable[[Any, str, dict[str, object]], bool]) -> Any:
    """``change`` may write the line itself and return True."""

    def emit(event: str, **fields: object) -> None:
        if not change(service, event, fields):
            service.emit(event, **fields)

    return Around(service, emit=emit)


def jumps(service: Any, event: str, fields: dict[str, object]) -> bool:
    service.seq += 3 * (event == "sign_on")
    return False


def wrong_sum(service: Any, event: str, fields: dict[str, object]) -> bool:
    if event != "sign_on":
        return False
    service.seq += 1
    line = f"{service.seq} {service._now():.3f} sign_on operator=01 result=ok".encode()
    service._put(b"%b *%08x\n" % (line, zlib.crc32(line) ^ 1))
    return True


def other_page(service: Any, event: str, fields: dict[str, object]) -> bool:
    if event == "screen" and fields["id"] == "lock":
        fields["id"] = "idle"
    return False


defect("numbers_jump", "Its service port leaves numbers out")(board("service", lambda port: emits(port, jumps)))
defect("wrong_line_sums", "Its service port adds wrongly")(board("service", lambda port: emits(port, wrong_sum)))
defect("tells_other_page", "It tells the ready page when locked")(
    board("service", lambda port: emits(port, other_page))
)


def shows(display: Any, change: Callable[[Any, list[str]], list[str] | None]) -> Any:
    """``change`` gives the rows that are shown in their place, or None: nothing is painted."""

    def show(lines: list[str]) -> None:
        wanted = change(display, list(lines))
        if wanted is not None:
            display.show(wanted)

    return Around(display, show=show)


def stands(display: Any, lines: list[str]) -> list[str] | None:
    return None if display.rows is not None and any("NOT SIGNED ON" in row for row in display.rows) else lines


def another(display: Any, lines: list[str]) -> list[str]:
    return list(display.rows or lines) if any("LOCKED" in row for row in lines) else lines


def typo(display: Any, lines: list[str]) -> list[str]:
    return [row.replace("LOCKED", "LOKCED") for row in lines]


def wrong_picture_sum(display: Any, lines: list[str]) -> list[str] | None:
    if not any("Password:" in row for row in lines):
        return lines
    display._rows = (*lines, "", "", "", "")[:4]
    display.frame += 1
    head, mark, tail = display._present().partition(b"\x1b]2;sum ")
    display._put(head + mark + (b"1" if tail[:1] == b"0" else b"0") + tail[1:])
    return None


defect("display_stands", "Its display stands still")(board("display", lambda display: shows(display, stands)))
defect("shows_other_page", "Its display keeps the page before")(
    board("display", lambda display: shows(display, another))
)
defect("lock_typo", "A word on the lock page is wrong")(board("display", lambda display: shows(display, typo)))
defect("wrong_picture_sums", "Its console adds wrongly")(
    board("display", lambda screen: shows(screen, wrong_picture_sum))
)


class _RestartsKeypad(Keypad):
    def pressed(self, key: str) -> None:
        super().pressed(key)
        if key == "ENTER":
            self.fw.board.restart()


class _DeafKeypad(Keypad):
    def pressed(self, key: str) -> None:
        if key == "ENTER":
            self.down[key] = key  # nobody hears of it, and its release finds it
        else:
            super().pressed(key)


defect("restarts_itself", "ENTER restarts it")(lambda parts: replace(parts, keypad=_RestartsKeypad))
defect("deaf_enter", "It does not feel ENTER")(lambda parts: replace(parts, keypad=_DeafKeypad))
defect("draws_nothing", "It draws no current")(
    lambda parts: replace(parts, board=lambda built: Around(built, load=lambda _: built.load(0.0)))
)
