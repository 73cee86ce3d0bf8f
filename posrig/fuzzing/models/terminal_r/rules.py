"""The numbers and rights the model takes from a terminal's profile, and the bounds that keep its states few."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from posrig.description.profile import Profile


class Unmodelled(Exception):  # noqa: N818 - tells the model that this act is no input in this state
    """The act has no meaning here, or leads beyond the bounds."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """How far counters are followed. ``failures``: id -> wrong tries, ``lock_outs`` in a row, ``causes`` of locks and
    whether ``codes`` that were used are remembered."""

    failures: Mapping[str, int] = field(default_factory=dict)
    lock_outs: int = 0
    causes: bool = False
    codes: bool = False
    digits: bool = False
    """Single digits are typed into entry fields too, not only whole numbers and passwords."""
    together: int = 1000
    """Wrong tries of all ids at a time."""


_RIGHTS: Mapping[str, tuple[str, ...]] = {
    "sale": ("cashier",), "void": ("cashier",), "refund": ("cashier",), "settle": ("cashier", "manager"),
    "lock_module": ("manager", "admin"), "log": ("manager", "admin"), "system": ("admin",),
}  # fmt: skip


class Rules:
    """A profile's policy as the model asks for it."""

    def __init__(self, profile: Profile) -> None:
        policy, times = profile.policy, profile.timings
        self._roles = {operator: (name, role) for name, role in profile.data.roles.items() for operator in role.ids}
        self.tries = policy.wrong_passwords
        self.code_only_from = policy.lockouts_before_code_only
        self.code_tries = policy.time_code_tries
        self.unlock_tries = policy.unlock_code_tries
        self.idle_s = policy.idle_lock_default_min * 60.0
        self.warning_s = policy.idle_warning_s
        self.notice_s, self.entry_s = times.notice_s, times.entry_s

    def known(self, operator: str) -> bool:
        """Somebody has this number."""
        return operator in self._roles

    def password_digits(self, operator: str) -> int:
        """A number that nobody has looks like a cashier's."""
        return self._roles[operator][1].password_digits if operator in self._roles else 4

    def second_factor(self, operator: str) -> bool:
        return operator in self._roles and self._roles[operator][1].second_factor

    def may(self, operator: str, function: str) -> bool:
        """Whether the role of the operator has the right."""
        return operator in self._roles and self._roles[operator][0] in _RIGHTS[function]
