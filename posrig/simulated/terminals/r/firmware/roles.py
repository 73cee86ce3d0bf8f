"""Who may do what: one table, used by every menu and every hot key.

00 manages operators but does not sell (UnionPay's rule); 99 owns the system; 01 to 05 and other ids are cashiers.
"""

from __future__ import annotations

from collections.abc import Mapping

from posrig.simulated.terminals.r.firmware.records import Role
from posrig.simulated.terminals.r.firmware.room import Room

CASHIER, MANAGER, ADMIN = Role.CASHIER, Role.MANAGER, Role.ADMIN
ALL = frozenset(Role)

RIGHTS: Mapping[str, frozenset[Role]] = {
    "sale": frozenset({CASHIER}),
    "void": frozenset({CASHIER}),
    "refund": frozenset({CASHIER}),
    "settle": frozenset({CASHIER, MANAGER}),
    "sign_off": ALL,
    "own_password": ALL,
    "lock": frozenset({CASHIER}),
    "lock_module": frozenset({MANAGER, ADMIN}),
    "log": frozenset({MANAGER, ADMIN}),
    "operators": frozenset({MANAGER, ADMIN}),
    "system": frozenset({ADMIN}),
    "restart": frozenset({ADMIN}),
    "update": frozenset({ADMIN}),
    "clock": frozenset({ADMIN}),
    "self_test": frozenset({ADMIN}),
    "backup": frozenset({ADMIN}),
}

PASSWORD_DIGITS: Mapping[Role, int] = {CASHIER: 4, MANAGER: 6, ADMIN: 8}


class Roles(Room):
    def of(self, operator: str) -> Role:
        """The role by id; an id nobody has counts as a cashier's, so that the frames do not tell."""
        return {"00": MANAGER, "99": ADMIN}.get(operator, CASHIER)

    def may(self, operator: str | None, function: str) -> bool:
        return operator is not None and self.of(operator) in RIGHTS[function]

    def password_digits(self, operator: str) -> int:
        return PASSWORD_DIGITS[self.of(operator)]

    def needs_second_factor(self, operator: str) -> bool:
        return self.of(operator) in (MANAGER, ADMIN)
