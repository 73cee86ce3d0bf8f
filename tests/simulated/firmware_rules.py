"""How a rule is checked that a seeded defect breaks, and the handles the checks share."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

from firmware_kit import SHELF, TRUST, Terminal

from posrig.simulated.hardware.board import Provision
from posrig.simulated.terminals.r.firmware.lock_module import unlock_code

DEFAULT_04 = replace(SHELF, default_passwords=("04",))
CHECKS: dict[str, tuple[Callable[[Terminal], bool], Provision]] = {}


def check(*ids: str, shelf: Provision = SHELF) -> Callable[[Callable[[Terminal], bool]], Callable[[Terminal], bool]]:
    """Registers a check of the rule that these defects break: True while the rule holds."""

    def register(call: Callable[[Terminal], bool]) -> Callable[[Terminal], bool]:
        CHECKS.update(dict.fromkeys(ids, (call, shelf)))
        return call

    return register


def lock(t: Terminal, by: str = "01") -> None:
    t.sign_on(by)
    t.keys("MENU", "53", "ENTER")
    assert t.screen == "lock"


def wrong(t: Terminal, operator: str, times: int) -> None:
    for _ in range(times):
        t.keys(operator, "ENTER", "91", "ENTER")
        t.wait(3.1)
        if t.screen == "login_id":
            t.keys("CANCEL")


def code(t: Terminal, serial: str = "12345678", challenge: str | None = None, key: bytes = TRUST.unlock_key) -> str:
    shown = challenge or t.lines[1].split()[1]
    return unlock_code(key, serial, t.rtc.read().strftime("%Y-%m-%d"), shown)


def hold_clear(t: Terminal) -> None:
    t.cut()
    t.wait(1)
    t.contact("CLEAR", True)
    t.power_on()
    t.wait(5.5)
    t.contact("CLEAR", False)
    t.wait(0.1)


def chord(t: Terminal, *keys: str, for_s: float = 0.1) -> None:
    for key in keys:
        t.contact(key, True)
    t.wait(for_s)
    for key in keys:
        t.contact(key, False)
    t.wait(0.1)


def service_file(t: Terminal, tamper: int, serial: str = "12345678", day: str = "2026-01-09") -> None:
    """What the repair centre puts on the stick."""
    assert t.usb.stick is not None
    made: dict[str, object] = {"serial": serial, "tamper": tamper, "date": day}
    made["code"] = unlock_code(TRUST.unlock_key, serial, day, f"T{tamper:03d}")
    (t.usb.stick / "service-r.json").write_text(json.dumps(made))


def last_log(t: Terminal) -> dict[str, object]:
    return t.seen("log")[-1]
