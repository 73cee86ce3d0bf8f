"""Seeded defects of lock and unlock: each is one rule of the firmware replaced."""

from __future__ import annotations

import hmac
from dataclasses import replace
from typing import Any

from posrig.simulated.terminals.r.defects.registry import defect
from posrig.simulated.terminals.r.firmware.keypad import Keypad
from posrig.simulated.terminals.r.firmware.lock import Lock, LockPage
from posrig.simulated.terminals.r.firmware.lock_module import LockModule, unlock_code
from posrig.simulated.terminals.r.firmware.lock_states import LockStates
from posrig.simulated.terminals.r.firmware.pages import Entry
from posrig.simulated.terminals.r.firmware.parts import Parts
from posrig.simulated.terminals.r.firmware.passwords import Passwords
from posrig.simulated.terminals.r.firmware.records import Attempt
from posrig.simulated.terminals.r.firmware.restart import Restart
from posrig.simulated.terminals.r.firmware.sign_on import ID_DIGITS, SignOn


class _RamLock(Lock):
    _ram: dict[str, Any] | None = None

    def kept(self) -> dict[str, Any] | None:
        return self._ram

    def remember(self, cause: str, owner: str) -> None:
        self._ram = {"cause": cause, "operator": owner, "time": self.fw.clock.timestamp()}

    def forget(self) -> None:
        self._ram = None


@defect("lock_lost_on_power_cut", "The lock flag lives in RAM only", group="Lock and unlock", rules=("R-LOCK-3",))
def lock_lost_on_power_cut(parts: Parts) -> Parts:
    return replace(parts, lock=_RamLock)


class _ForgetfulDay(Restart):
    def now(self, why: str) -> None:
        if why == "daily":
            self.fw.lock.forget()
        super().now(why)


@defect("lock_lost_on_daily_restart", "The 24 h restart forgets the lock", group="Lock and unlock", rules=("R-LOCK-3",))
def lock_lost_on_daily_restart(parts: Parts) -> Parts:
    return replace(parts, restart=_ForgetfulDay)


class _FallThroughPage(LockPage):
    cancels = 0

    def key(self, key: str) -> None:
        self.cancels = self.cancels + 1 if key == "CANCEL" else 0
        if self.cancels == 5:
            self.fw.menus.open()
        else:
            super().key(key)


class _FallThroughLock(Lock):
    def page(self) -> LockPage:
        return _FallThroughPage(self)


@defect(
    "lock_escape_cancel_x5",
    "Five CANCELs at the lock fall through to the menu",
    group="Lock and unlock",
    rules=("R-LOCK-2",),
)
def lock_escape_cancel_x5(parts: Parts) -> Parts:
    return replace(parts, lock=_FallThroughLock)


class _ChordKeypad(Keypad):
    def pressed(self, key: str) -> None:
        super().pressed(key)
        if set(self.down) == {"1", "F1"} and self.fw.pages.current.screen == "lock":
            self.fw.menus.system()


@defect(
    "lock_escape_chord",
    "A two-key chord opens the system menu over the lock",
    group="Lock and unlock",
    rules=("R-LOCK-2",),
)
def lock_escape_chord(parts: Parts) -> Parts:
    return replace(parts, keypad=_ChordKeypad)


class _AnybodysLock(Lock):
    def may_unlock(self, operator: str) -> bool:
        return super().may_unlock(operator) or self.fw.passwords.known(operator)


@defect("lock_any_operator_unlocks", "Any operator's password unlocks", group="Lock and unlock", rules=("R-UNLOCK-1",))
def lock_any_operator_unlocks(parts: Parts) -> Parts:
    return replace(parts, lock=_AnybodysLock)


class _TwoMatrices(Lock):
    def may_unlock(self, operator: str) -> bool:
        idle = (self.kept() or {}).get("cause") == "C03"
        return super().may_unlock(operator) or (idle and self.fw.passwords.known(operator))


@defect(
    "lock_paths_differ", "Menu lock and idle lock accept different roles", group="Lock and unlock", rules=("R-LOCK-6",)
)
def lock_paths_differ(parts: Parts) -> Parts:
    return replace(parts, lock=_TwoMatrices)


class _PrefixPasswords(Passwords):
    def right(self, operator: str, typed: str) -> bool:
        missing = self.fw.roles.password_digits(operator) - len(typed)
        if not 0 < missing <= 3:
            return super().right(operator, typed)
        # only digests are stored: whether the rest would fit is found by trying
        return any(super(_PrefixPasswords, self).right(operator, f"{typed}{n:0{missing}d}") for n in range(10**missing))


@defect(
    "lock_prefix_ok", "Only the typed length is compared: 12 opens 1234", group="Lock and unlock", rules=("R-LOCK-5",)
)
def lock_prefix_ok(parts: Parts) -> Parts:
    return replace(parts, passwords=_PrefixPasswords)


class _OverrunEntry(Entry):
    """A field whose 17th digit overruns what lies behind it: the flag of the lock."""

    pressed = 0

    def take(self, digit: str) -> None:
        self.pressed += 1
        super().take(digit)
        if self.pressed >= 17 and self.fw.lock.locked():
            self.fw.lock.unlock(self.fw.lock.owner())


class _OverrunSignOn(SignOn):
    def ask_password(self, attempt: Attempt) -> None:
        self.fw.pages.show(self.password_page(attempt, _OverrunEntry))


@defect(
    "lock_overlong_ok", "17 and more digits overrun the field and open", group="Lock and unlock", rules=("R-LOCK-5",)
)
def lock_overlong_ok(parts: Parts) -> Parts:
    return replace(parts, sign_on=_OverrunSignOn)


class _EmptySignOn(SignOn):
    def least_password_digits(self) -> int:
        return 0

    def password_right(self, operator: str, typed: str) -> bool:
        return typed == "" or super().password_right(operator, typed)


@defect("lock_empty_ok", "ENTER with nothing typed unlocks", group="Lock and unlock", rules=("R-LOCK-5",))
def lock_empty_ok(parts: Parts) -> Parts:
    return replace(parts, sign_on=_EmptySignOn)


class _NullOwnerStates(LockStates):
    def ask_admin(self, typed: str = "") -> None:
        attempt = Attempt("unlock", self.identified_at_host_lock, self.ask_admin)
        self.fw.pages.show(
            Entry(
                self.fw, "login_id", ID_DIGITS, lambda by: self._compare(attempt, by), self.home, least=2, typed=typed
            )
        )

    def _compare(self, attempt: Attempt, operator: str) -> None:
        """The comparison with an owner that is not there ends in open idle."""
        if self.fw.lock.kept() is None:
            self.fw.store.delete(self.HOST)
            self.fw.sign_on.open_session(operator)
            self.fw.menus.idle()
        else:
            self.fw.sign_on.id_typed(attempt, operator)


@defect(
    "lock_null_owner_crash",
    "A lock without an owner, then any id, crashes to open idle",
    group="Lock and unlock",
    rules=("R-LOCK-7",),
)
def lock_null_owner_crash(parts: Parts) -> Parts:
    return replace(parts, lock_states=_NullOwnerStates)


class _ReusableCodes(LockModule):
    def accept(self, typed: str) -> bool:
        used = self.fw.store.get("defect.used_codes", [])
        if typed in used:
            return True
        right = super().accept(typed)
        if right:
            self.fw.store.put("defect.used_codes", [*used, typed])
        return right


@defect("lock_code_reusable", "A one-time unlock code works again", group="Lock and unlock", rules=("R-UNLOCK-5",))
def lock_code_reusable(parts: Parts) -> Parts:
    return replace(parts, lock_module=_ReusableCodes)


class _AnyChallenge(LockModule):
    def ask_code(self) -> None:
        super().ask_code()
        shown = self.fw.store.get("defect.challenges", [])
        self.fw.store.put("defect.challenges", [*shown, self._challenge])

    def accept(self, typed: str) -> bool:
        shown = self.fw.store.get("defect.challenges", [])
        return any(hmac.compare_digest(self.expected(challenge), typed) for challenge in shown)


@defect(
    "lock_code_ignores_challenge",
    "A code of any challenge of the day opens",
    group="Lock and unlock",
    rules=("R-UNLOCK-5",),
)
def lock_code_ignores_challenge(parts: Parts) -> Parts:
    return replace(parts, lock_module=_AnyChallenge)


class _FleetCodes(LockModule):
    def accept(self, typed: str) -> bool:
        """One key in many terminals: whoever's serial number the code was made for."""
        own = self.fw.board.serial_number
        fleet = [own[::-1], *(f"{own[:-2]}{n:02d}" for n in range(100)), *(str(n) * 8 for n in range(10))]
        day = self.fw.utc().strftime("%Y-%m-%d")
        return super().accept(typed) or typed in (unlock_code(key_of(s), s, day, self._challenge) for s in fleet)


def key_of(serial_number: str) -> bytes:
    """The fleet's key for a serial number: what no terminal should be able to compute."""
    return hmac.digest(b"posrig unlock master", serial_number.encode(), "sha256")


@defect(
    "lock_code_ignores_serial",
    "A code made for another terminal opens this one",
    group="Lock and unlock",
    rules=("R-UNLOCK-5",),
)
def lock_code_ignores_serial(parts: Parts) -> Parts:
    return replace(parts, lock_module=_FleetCodes)


class _StaleStatus(LockModule):
    def shown_state(self) -> str:
        return self.fw.word("on" if self.fw.lock_states.causes() else "off")


@defect("lock_status_wrong", "The status page still says locked", group="Lock and unlock", rules=("R-UNLOCK-3",))
def lock_status_wrong(parts: Parts) -> Parts:
    return replace(parts, lock_module=_StaleStatus)


class _LocallyCleared(LockStates):
    def identified_at_host_lock(self, operator: str) -> None:
        if operator == "00":
            record = self.clear_host_lock(operator)
            self.fw.show_unlocked(operator, record, self.home)
        else:
            super().identified_at_host_lock(operator)


@defect(
    "lock_host_cleared_locally",
    "The manager's password clears a host lock",
    group="Lock and unlock",
    rules=("R-HOSTLOCK-2",),
)
def lock_host_cleared_locally(parts: Parts) -> Parts:
    return replace(parts, lock_states=_LocallyCleared)


class _LateHostLock(LockStates):
    def set_host_lock(self, ref: str, cause: str = "C04") -> None:
        self.fw.store.put("defect.host_lock", [ref, cause])

    def home(self) -> None:
        waiting = self.fw.store.get("defect.host_lock")
        if waiting is not None and self.fw.pages.current.screen in SIGN_ON_ENDS:
            self.fw.store.delete("defect.host_lock")
            super().set_host_lock(*waiting)
        super().home()


SIGN_ON_ENDS = ("login_pwd", "twofa", "finger")
"""Where a sign-on ends."""


@defect(
    "lock_host_ignored_offline",
    "A host lock is applied only at the next sign-on",
    group="Lock and unlock",
    rules=("R-HOSTLOCK-1",),
)
def lock_host_ignored_offline(parts: Parts) -> Parts:
    return replace(parts, lock_states=_LateHostLock)
