"""Self-test, broken parts, the support page, backup and restore, the service technician's tool."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from typing import Any

from posrig.terminal.charging import SERVICE_CODE, charge_code
from posrig.terminal.contracts import Frame
from posrig.terminal.judging import expect, expect_screen
from posrig.terminal.models.terminal_r.watching import nothing_but
from posrig.terminal.terminal import Terminal

OUT_OF_SERVICE_PAGES = ("self_test_fail", "support")
TAMPERED_PAGES = ("tamper", "boot", "self_test")
ALL_SORTS = ("MENU", "F1", "UP", "DOWN", "CLEAR", "CANCEL", "1", "2", "0", "0", "ENTER", "0", "1", "ENTER")
"""An amount, a number, every key that leads somewhere elsewhere."""
SERVICE_FILE = "service-r.json"
"""Read at a start only (docs/terminal-r.md)."""
BACKUP_KEYS = ("MENU", "5", "5", "5")


def is_out_of_service(terminal: Terminal, code: str) -> Frame:
    """The failed self-test is shown with its code; no key leads out, and neither does waiting."""
    expected = f"the terminal is out of service with code {code}"
    frame = expect_screen(terminal, ("self_test_fail",), within_s=20.0, expected=expected)
    expect(frame.fields["code"] == code, terminal, expected, frame)

    def tries() -> None:
        terminal.keypad.press_all(ALL_SORTS)
        terminal.clock.sleep(120.0)

    nothing_but(terminal, OUT_OF_SERVICE_PAGES, tries, expected)
    return expect_screen(terminal, ("self_test_fail",), expected=expected)


def is_tampered(terminal: Terminal) -> Frame:
    """The tamper page; no key leads out, held or not, and neither does waiting."""
    expected = "the terminal stays out of use: tampered"
    expect_screen(terminal, ("tamper",), within_s=25.0, expected=expected)

    def tries() -> None:
        terminal.keypad.press_all((*ALL_SORTS, "F2"))
        terminal.keypad.hold("CLEAR", 6.0)
        terminal.clock.sleep(120.0)

    nothing_but(terminal, TAMPERED_PAGES, tries, expected)
    return expect_screen(terminal, ("tamper",), expected=expected)


def open_support(terminal: Terminal) -> Frame:
    """F2."""
    terminal.keypad.press("F2")
    return expect_screen(terminal, ("support",), expected="the support page")


def support_is_enough(terminal: Terminal) -> Frame:
    """A number to call, the serial number of this terminal, a reference that support can look up."""
    frame = open_support(terminal)
    fields = frame.fields
    expect(any(char.isdigit() for char in fields["phone"]), terminal, "a telephone number", frame)
    expect(fields["serial"] == terminal.serial_number, terminal, "this terminal's serial number", frame)
    return frame


def reference_is_known(terminal: Terminal, reference: str) -> None:
    """The reference on the support page is the one that the back office gave."""
    frame = open_support(terminal)
    expect(frame.fields["ref"] == reference, terminal, f"reference {reference} on the support page", frame)


def back_up(terminal: Terminal) -> Frame:
    """MENU 5 5 5 by the admin."""
    terminal.keypad.press_all(BACKUP_KEYS)
    return terminal.screen.settled()


def stick_files(terminal: Terminal) -> dict[str, bytes]:
    """Every file on the stick, byte by byte."""
    return {name: base64.b64decode(data) for name, data in terminal.do("usb.files").items()}


def put_on_stick(terminal: Terminal, files: dict[str, bytes]) -> None:
    terminal.do("usb.stick", files={name: base64.b64encode(data).decode() for name, data in files.items()})


def stick_holds_no_secret(terminal: Terminal) -> None:
    """No password and no seed of any operator stands in any file, in clear, reversed, in hex or in base64."""
    files = stick_files(terminal)
    expect(bool(files), terminal, "something lies on the stick")
    secrets = terminal.credentials.revealed()
    for kind, values in secrets.items():
        for operator, value in values.items():
            spelt = _spellings(value)
            for name, data in files.items():
                found = any(word in data for word in spelt)
                expect(not found, terminal, f"the file {name} holds no {kind} of operator {operator}")


def storage(terminal: Terminal) -> dict[str, Any]:
    """What the service tool reads of the terminal's store (no secrets)."""
    found: dict[str, Any] = terminal.do("terminal.storage")
    return found


def _spellings(value: str) -> tuple[bytes, ...]:
    """Short ones only where they can be told from a number that is no secret: eight characters at least in hex."""
    raw = value.encode()
    words = [raw, raw[::-1], raw.hex().encode(), base64.b64encode(raw).rstrip(b"=")]
    return tuple(word for word in words if word)


def service_file(terminal: Terminal, tamper: int, serial_number: str | None = None) -> dict[str, bytes]:
    """The repair centre's one-time file for the tamper of that number, for this terminal unless told otherwise."""
    serial = serial_number or terminal.serial_number
    day = datetime.fromtimestamp(terminal.clock.now(), UTC).date().isoformat()
    code = terminal.unlock_code(f"T{tamper:03d}", serial_number=serial).reveal()
    file = {"serial": serial, "tamper": tamper, "date": day, "code": code}
    return {SERVICE_FILE: json.dumps(file).encode()}


def plug_service_file(terminal: Terminal, tamper: int, serial_number: str | None = None) -> None:
    """It lies on the stick, and the stick is plugged. One for another terminal is charged as a wrong code."""
    if serial_number not in (None, terminal.serial_number):
        charge_code(terminal, SERVICE_CODE, typed=False)
    put_on_stick(terminal, service_file(terminal, tamper, serial_number))
    terminal.do("usb.insert")
