"""Seeded defects of roles, idle lock, restart, reset, tamper and the audit log."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from posrig.simulated.terminals.r.defects.registry import defect
from posrig.simulated.terminals.r.firmware.boot import Boot
from posrig.simulated.terminals.r.firmware.factory_reset import FactoryReset
from posrig.simulated.terminals.r.firmware.hostlink import Hostlink
from posrig.simulated.terminals.r.firmware.idle_lock import IdleLock
from posrig.simulated.terminals.r.firmware.lock import Lock
from posrig.simulated.terminals.r.firmware.log import AuditLog
from posrig.simulated.terminals.r.firmware.menus import IdlePage, Menus
from posrig.simulated.terminals.r.firmware.operators import Operators
from posrig.simulated.terminals.r.firmware.pages import Entry
from posrig.simulated.terminals.r.firmware.parts import Parts
from posrig.simulated.terminals.r.firmware.passwords import DEFAULTS, Passwords, put_operator
from posrig.simulated.terminals.r.firmware.payment_pages import AmountPage
from posrig.simulated.terminals.r.firmware.records import Attempt
from posrig.simulated.terminals.r.firmware.restart import Restart
from posrig.simulated.terminals.r.firmware.roles import MANAGER, Roles
from posrig.simulated.terminals.r.firmware.sign_on import SignOn
from posrig.simulated.terminals.r.firmware.tamper import ServiceFile, Tamper

# roles


class _HotkeyIdle(IdlePage):
    def key(self, key: str) -> None:
        if key == "F2":
            work = self.fw.transactions
            self.fw.pages.show(AmountPage(self.fw, "refund", work.refund_sale, self.fw.home))
        else:
            super().key(key)


class _HotkeyMenus(Menus):
    def idle(self) -> None:
        self.fw.pages.show(_HotkeyIdle(self.fw))


@defect(
    "role_hotkey_refund", "A function key at idle opens refund without the manager", group="Roles", rules=("R-ROLE-1",)
)
def role_hotkey_refund(parts: Parts) -> Parts:
    return replace(parts, menus=_HotkeyMenus)


class _WrappingMenus(Menus):
    def menu_items(self) -> dict[str, Callable[[], None]]:
        return {**super().menu_items(), "UP": self.system, "0": self.system}

    def manage_items(self) -> dict[str, Callable[[], None]]:
        return {**super().manage_items(), "UP": self.system, "0": self.system}


@defect("role_menu_wrap", "UP or digit 0 reaches a hidden item", group="Roles", rules=("R-ROLE-2",))
def role_menu_wrap(parts: Parts) -> Parts:
    return replace(parts, menus=_WrappingMenus)


class _Unguarded(Operators):
    def may_delete(self, operator: str) -> bool:
        return True


@defect(
    "role_last_admin_gone", "The admin or the signed-on operator can be deleted", group="Roles", rules=("R-ROLE-3",)
)
def role_last_admin_gone(parts: Parts) -> Parts:
    return replace(parts, operators=_Unguarded)


class _WeakAllowed(Passwords):
    def weak(self, operator: str, new: str) -> bool:
        return False

    def used_before(self, operator: str, new: str) -> bool:
        return False


@defect("role_weak_password_ok", "Weak and earlier passwords are accepted", group="Roles", rules=("R-PASSWORD-1",))
def role_weak_password_ok(parts: Parts) -> Parts:
    return replace(parts, passwords=_WeakAllowed)


class _SellingManager(Roles):
    def may(self, operator: str | None, function: str) -> bool:
        if function == "sale" and operator is not None and self.of(operator) is MANAGER:
            return True
        return super().may(operator, function)


@defect("role_manager_can_sell", "Manager 00 can make a sale", group="Roles", rules=("R-ROLE-4",))
def role_manager_can_sell(parts: Parts) -> Parts:
    return replace(parts, roles=_SellingManager)


# idle lock


class _OnlyAtIdle(IdleLock):
    def left_s(self) -> float:
        return super().left_s() if self.fw.pages.beneath.screen == "idle" else self.limit_s()


@defect("idle_not_in_menus", "The idle timer does not run in menus", group="Idle lock", rules=("R-IDLE-1",))
def idle_not_in_menus(parts: Parts) -> Parts:
    return replace(parts, idle_lock=_OnlyAtIdle)


class _NoisyHostlink(Hostlink):
    def push(self, message: dict[str, Any]) -> None:
        self.fw.idle_lock.touch()
        super().push(message)


@defect("idle_reset_by_events", "Host messages reset the idle timer", group="Idle lock", rules=("R-IDLE-3",))
def idle_reset_by_events(parts: Parts) -> Parts:
    return replace(parts, hostlink=_NoisyHostlink)


class _HidesOnly(IdleLock):
    def stay(self, key: str) -> None:
        super().stay(key)
        self.fw.pages.key(key)


@defect(
    "idle_hides_only",
    "The key that ends the warning also acts on the page beneath",
    group="Idle lock",
    rules=("R-IDLE-2",),
)
def idle_hides_only(parts: Parts) -> Parts:
    return replace(parts, idle_lock=_HidesOnly)


# restart, reset, self-test


class _NoCodeReset(FactoryReset):
    """ENTER is enough, and the published defaults are back afterwards."""

    def ask(self) -> None:
        self.fw.pages.show(Entry(self.fw, "reset_ask", 8, self.code_typed, self.start_normally, secret=True))

    def code_right(self, typed: str) -> bool:
        return True

    def ask_new_admin(self) -> None:
        for operator in ("00", "01", "02", "03", "04", "05", "99"):
            default = DEFAULTS[self.fw.roles.of(operator)]
            put_operator(self.fw.store, operator, default, "00" * 8, changed=0.0, is_default=False)
        self.finish()


@defect(
    "reset_no_code",
    "CLEAR and ENTER wipe all and bring default passwords back",
    group="Restart and factory reset",
    rules=("R-RESET-1",),
)
def reset_no_code(parts: Parts) -> Parts:
    return replace(parts, factory_reset=_NoCodeReset)


class _KeepsOperators(FactoryReset):
    def units(self) -> list[str]:
        return [unit for unit in super().units() if unit != "operators"]


@defect(
    "reset_keeps_operators",
    "Old operators and seeds survive a reset",
    group="Restart and factory reset",
    rules=("R-RESET-3",),
)
def reset_keeps_operators(parts: Parts) -> Parts:
    return replace(parts, factory_reset=_KeepsOperators)


class _ResetsOpenBatch(FactoryReset):
    def batch_open(self) -> bool:
        return False


@defect(
    "reset_with_open_batch",
    "A reset runs with unsettled sales",
    group="Restart and factory reset",
    rules=("R-RESET-2",),
)
def reset_with_open_batch(parts: Parts) -> Parts:
    return replace(parts, factory_reset=_ResetsOpenBatch)


class _DropsOpenSale(Restart):
    def chord(self) -> None:
        current = self.fw.transactions.current
        if current is not None:
            self.fw.journal.finish(current, "refused")
        super().chord()


@defect(
    "restart_in_sale",
    "The chord during an online sale leaves no reversal",
    group="Restart and factory reset",
    rules=("R-SALE-1",),
)
def restart_in_sale(parts: Parts) -> Parts:
    return replace(parts, restart=_DropsOpenSale)


class _DayInSale(Restart):
    def day_is_over(self) -> None:
        self.now("daily")


@defect(
    "daily_restart_in_sale",
    "The 24 h restart hits in mid sale",
    group="Restart and factory reset",
    rules=("R-RESTART-2",),
)
def daily_restart_in_sale(parts: Parts) -> Parts:
    return replace(parts, restart=_DayInSale)


class _GoesOn(Boot):
    def out_of_service(self) -> None:
        super().out_of_service()
        self.fw.board.after(3.0, self._ignore)

    def _ignore(self) -> None:
        self.failed_code = None
        self.finished()


@defect(
    "selftest_ignored",
    "A failed self-test is shown, then the terminal goes on",
    group="Restart and factory reset",
    rules=("R-SELFTEST-1",),
)
def selftest_ignored(parts: Parts) -> Parts:
    return replace(parts, boot=_GoesOn)


class _ForgetfulTamper(Tamper):
    seen = False

    def start(self) -> None:
        self.fw.store.delete(self.KEY)
        self.fw.store.delete(self.COUNT)

    def tampered(self) -> bool:
        return self.seen

    def happened(self) -> None:
        self.seen = True
        super().happened()


@defect("tamper_cleared_by_restart", "A restart leaves the tamper screen", group="Tamper", rules=("R-TAMPER-1",))
def tamper_cleared_by_restart(parts: Parts) -> Parts:
    return replace(parts, tamper=_ForgetfulTamper)


class _ReplayedFile(Tamper):
    def for_this_tamper(self, file: ServiceFile) -> bool:
        return True


@defect("tamper_file_replay", "A one-time service file works again", group="Tamper", rules=("R-TAMPER-2",))
def tamper_file_replay(parts: Parts) -> Parts:
    return replace(parts, tamper=_ReplayedFile)


# audit log


class _MissesFailures(AuditLog):
    def add(self, what: str, operator: str = "", result: str = "") -> int:
        if what in ("sign_on_no", "code_no", "finger_no", "approval_no"):
            return int(self.fw.store.get("log.next", 1)) - 1
        return super().add(what, operator, result)


@defect("log_misses_failures", "A failed sign-on or unlock is not logged", group="Log", rules=("R-LOG-1",))
def log_misses_failures(parts: Parts) -> Parts:
    return replace(parts, log=_MissesFailures)


class _WrongActor(Lock):
    def actor(self, by: str) -> str:
        return self.owner()


@defect("log_wrong_actor", "A manager's unlock is logged as the cashier's act", group="Log", rules=("R-LOG-2",))
def log_wrong_actor(parts: Parts) -> Parts:
    return replace(parts, lock=_WrongActor)


class _OldestGoes(AuditLog):
    def make_room(self) -> None:
        self.fw.store.run("DELETE FROM log WHERE number <= (SELECT MAX(number) FROM log) - 100")


@defect("log_flushed_by_noise", "A full log drops the oldest record, whatever it is", group="Log", rules=("R-LOG-3",))
def log_flushed_by_noise(parts: Parts) -> Parts:
    return replace(parts, log=_OldestGoes)


class _TellingEntry(Entry):
    """Everything typed into the field for the id ends in the log."""

    everything = ""

    def take(self, digit: str) -> None:
        self.everything += digit
        super().take(digit)

    def key(self, key: str) -> None:
        if key == "ENTER" and len(self.everything) > self.width:
            self.fw.log.add("sign_on_no", "", self.everything)
        super().key(key)


class _TellingSignOn(SignOn):
    def ask_id(self, attempt: Attempt, back: Callable[[], None], typed: str = "") -> None:
        page = self.id_page(attempt, back, typed, _TellingEntry)
        if isinstance(page, _TellingEntry):
            page.everything = typed
        self.fw.pages.show(page)


@defect(
    "log_shows_secret", "A password typed in the field for the id is stored in clear", group="Log", rules=("R-LOG-4",)
)
def log_shows_secret(parts: Parts) -> Parts:
    return replace(parts, sign_on=_TellingSignOn)
