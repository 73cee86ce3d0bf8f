"""The key room: writes a terminal's flash as it comes from the shelf."""

from __future__ import annotations

import hashlib
from pathlib import Path

from posrig.simulated.hardware.board import Provision, Trust
from posrig.simulated.terminals.r.firmware.parts import STANDARD, Parts
from posrig.simulated.terminals.r.firmware.passwords import DEFAULTS, put_operator
from posrig.simulated.terminals.r.firmware.roles import ADMIN, CASHIER, MANAGER
from posrig.simulated.terminals.r.firmware.storage import Store

CASHIERS = ("01", "02", "03", "04", "05")
DAY_S = 86_400.0


def provision(flash: Path, p: Provision, trust: Trust, parts: Parts = STANDARD) -> None:
    """Write the store: language, version, parameters, and operators 00, 01 to 05, 99.

    ``passwords`` are their owners' own; ids of ``default_passwords`` have the published default; an id named in neither
    has a password that nobody knows. ``trust`` and ``parts`` are for rooms that leave something of their own
    (``parts.slots.provision`` when it has one).
    """
    flash.mkdir(parents=True, exist_ok=True)
    store = Store(flash)
    try:
        with store.transaction():
            store.put("language", p.language)
            store.put("version", p.version)
            store.put("parameter.zone", p.zone)
            store.put("parameter.idle_lock_min", p.idle_lock_min)
            for operator in ("00", "99", *CASHIERS, *sorted({*p.passwords, *p.default_passwords})):
                _put(store, operator, p)
        leave = getattr(parts.slots, "provision", None)
        if leave is not None:
            leave(store, p, trust)
    finally:
        store.close()


def _put(store: Store, operator: str, p: Provision) -> None:
    role = {"00": MANAGER, "99": ADMIN}.get(operator, CASHIER)
    salt = hashlib.sha256(f"{p.serial_number}:{operator}".encode()).hexdigest()[:32]
    is_default = operator in p.default_passwords
    unknown = hashlib.sha256(salt.encode()).hexdigest()
    password = DEFAULTS[role] if is_default else p.passwords.get(operator, unknown)
    # an age, not a date: the first start dates it by the terminal's own clock; never 0, to tell it from a date
    age_s = max(p.password_age_days.get(operator, 0) * DAY_S, 0.001)
    put_operator(store, operator, password, salt, changed=-age_s, is_default=is_default)
    store.run(
        "UPDATE operators SET seed = ?, finger = ? WHERE id = ?",
        p.totp_seeds.get(operator),
        p.fingers.get(operator),
        operator,
    )
