"""Passwords: storage, comparison, policy (default must change, weak list, last four, 90 days for 00 and 99)."""

from __future__ import annotations

import hashlib
import hmac
import json

from posrig.simulated.terminals.r.firmware.records import Role
from posrig.simulated.terminals.r.firmware.roles import ADMIN, CASHIER, MANAGER
from posrig.simulated.terminals.r.firmware.room import Room
from posrig.simulated.terminals.r.firmware.storage import Store

DEFAULTS = {CASHIER: "0000", MANAGER: "123456", ADMIN: "12345678"}
"""The published defaults: refused for everything but the forced change."""
REMEMBERED = 4
MAX_AGE_S = 90 * 86_400.0
RUNS = ("0123456789", "9876543210")


def digest(salt: str, operator: str, password: str) -> str:
    """One HMAC-SHA256. A real terminal stretches (PBKDF2) against someone who reads the flash; nobody reads this one,
    and a fuzzing run types passwords by the hundred thousand."""
    return hmac.new(bytes.fromhex(salt), f"{operator}:{password}".encode(), hashlib.sha256).hexdigest()


def put_operator(store: Store, operator: str, password: str, salt: str, *, changed: float, is_default: bool) -> None:
    """A new row of the operators' table; used by the key room, by the menus and by a reset."""
    store.run(
        "INSERT OR REPLACE INTO operators VALUES (?, ?, ?, ?, ?, ?, NULL, NULL, 0)",
        operator,
        salt,
        digest(salt, operator, password),
        changed,
        int(is_default),
        "[]",
    )


class Passwords(Room):
    def known(self, operator: str) -> bool:
        return self.fw.store.row("SELECT 1 FROM operators WHERE id = ?", operator) is not None

    def right(self, operator: str, typed: str) -> bool:
        """Whole password, compared in constant time; an unknown id costs the same."""
        row = self.fw.store.row("SELECT salt, digest FROM operators WHERE id = ?", operator)
        salt, kept = row if row is not None else ("00" * 16, "")
        return self.same(kept, digest(salt, operator, typed))

    def same(self, kept: str, typed: str) -> bool:
        return hmac.compare_digest(kept, typed)

    def must_change(self, operator: str) -> bool:
        """A default, an initial password given by someone else, or one older than its age."""
        row = self.fw.store.row("SELECT is_default FROM operators WHERE id = ?", operator)
        return (row is not None and bool(row[0])) or self.too_old(operator)

    def too_old(self, operator: str) -> bool:
        if self.fw.roles.of(operator) is CASHIER or not self.fw.clock.trusted():
            return False
        row = self.fw.store.row("SELECT changed FROM operators WHERE id = ?", operator)
        return row is not None and self.fw.clock.timestamp() - float(row[0]) > MAX_AGE_S

    def settle_ages(self) -> None:
        """The key room knows ages, not this terminal's clock: it leaves them negative, the first start whose clock can
        be believed dates them; a lost one would make them a quarter of a century old once it is set."""
        if not self.fw.clock.trusted():
            return
        self.fw.store.run("UPDATE operators SET changed = ? + changed WHERE changed <= 0", self.fw.clock.timestamp())

    def acceptable(self, operator: str, new: str) -> bool:
        """The policy for a new password."""
        return (
            len(new) == self.fw.roles.password_digits(operator)
            and not self.weak(operator, new)
            and not self.used_before(operator, new)
        )

    def weak(self, operator: str, new: str) -> bool:
        """One digit repeated, a run up or down, the id repeated, a published default."""
        role: Role = self.fw.roles.of(operator)
        return (
            len(set(new)) == 1
            or any(new in run for run in RUNS)
            or new == (operator * len(new))[: len(new)]
            or new == DEFAULTS[role]
        )

    def used_before(self, operator: str, new: str) -> bool:
        """The present one or one of the last four."""
        row = self.fw.store.row("SELECT salt, digest, past FROM operators WHERE id = ?", operator)
        if row is None:
            return False
        typed = digest(row[0], operator, new)
        return typed in [row[1], *json.loads(row[2])]

    def change(self, operator: str, new: str) -> None:
        """Set a password its owner chose. The salt stays, so that old ones can be told."""
        row = self.fw.store.row("SELECT salt, digest, past FROM operators WHERE id = ?", operator)
        if row is None:
            return
        salt, old, past = row
        kept = [old, *json.loads(past)][: REMEMBERED - 1]
        self.fw.store.run(
            "UPDATE operators SET digest = ?, past = ?, changed = ?, is_default = 0 WHERE id = ?",
            digest(salt, operator, new),
            json.dumps(kept),
            self.fw.clock.timestamp(),
            operator,
        )

    def give_initial(self, operator: str, password: str) -> None:
        """A password given by someone else: its owner must change it at first use. Second factor and past stay."""
        salt = f"{self.fw.board.rng():08x}{self.fw.board.rng():08x}"
        if self.known(operator):
            self.fw.store.run(
                "UPDATE operators SET salt = ?, digest = ?, past = '[]', is_default = 1 WHERE id = ?",
                salt,
                digest(salt, operator, password),
                operator,
            )
        else:
            put_operator(self.fw.store, operator, password, salt, changed=self.fw.clock.timestamp(), is_default=True)
