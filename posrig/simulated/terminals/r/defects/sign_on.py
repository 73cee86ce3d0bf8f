"""Seeded defects of sign-on and second factor."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from posrig.simulated.terminals.r.defects.registry import defect
from posrig.simulated.terminals.r.firmware.pages import Entry
from posrig.simulated.terminals.r.firmware.parts import Parts
from posrig.simulated.terminals.r.firmware.passwords import DEFAULTS
from posrig.simulated.terminals.r.firmware.records import Attempt
from posrig.simulated.terminals.r.firmware.second_factor import SecondFactor
from posrig.simulated.terminals.r.firmware.sign_on import SignOn


class _HiddenId(SignOn):
    def password_typed(self, attempt: Attempt, typed: str) -> None:
        if attempt.operator == "88" and typed in ("0000", "123456", "12345678"):
            self.open_session("88")
            self.fw.menus.system()
        else:
            super().password_typed(attempt, typed)


@defect(
    "login_hidden_id",
    "An undocumented id with a fixed password opens a system menu",
    group="Sign-on and second factor",
    rules=("R-SIGNON-3",),
)
def login_hidden_id(parts: Parts) -> Parts:
    return replace(parts, sign_on=_HiddenId)


class _SecondPassword(SignOn):
    def password_typed(self, attempt: Attempt, typed: str) -> None:
        if attempt.operator == "99" and typed == "20072007":
            self.open_session("99")
            self.fw.menus.system()
        else:
            super().password_typed(attempt, typed)


@defect(
    "login_second_password",
    "Id 99 has two passwords, one opens a hidden menu",
    group="Sign-on and second factor",
    rules=("R-SIGNON-3",),
)
def login_second_password(parts: Parts) -> Parts:
    return replace(parts, sign_on=_SecondPassword)


class _DefaultSurvives(SignOn):
    def password_right(self, operator: str, typed: str) -> bool:
        default = DEFAULTS[self.fw.roles.of(operator)]
        return super().password_right(operator, typed) or (typed == default and self.fw.passwords.known(operator))


@defect(
    "login_default_survives",
    "The default password works next to the new one",
    group="Sign-on and second factor",
    rules=("R-SIGNON-4",),
)
def login_default_survives(parts: Parts) -> Parts:
    return replace(parts, sign_on=_DefaultSurvives)


class _ChangeSkipped(SignOn):
    def leave_forced_change(self, attempt: Attempt) -> None:
        attempt.done(attempt.operator)


@defect(
    "login_forced_change_skipped",
    "CANCEL at the forced change leaves a live session",
    group="Sign-on and second factor",
    rules=("R-SIGNON-4",),
)
def login_forced_change_skipped(parts: Parts) -> Parts:
    return replace(parts, sign_on=_ChangeSkipped)


class _ResidueEntry(Entry):
    def key(self, key: str) -> None:
        if key == "CANCEL":
            room = self.fw.sign_on
            if isinstance(room, _Residue):
                room.residue = self.typed
        super().key(key)


class _Residue(SignOn):
    residue = ""

    def ask_password(self, attempt: Attempt) -> None:
        page = self.password_page(attempt, _ResidueEntry)
        page.typed, self.residue = self.residue[: page.width], ""
        self.fw.pages.show(page)


@defect(
    "login_residue",
    "CANCEL leaves typed digits for the next person",
    group="Sign-on and second factor",
    rules=("R-SIGNON-5",),
)
def login_residue(parts: Parts) -> Parts:
    return replace(parts, sign_on=_Residue)


class _SessionKept(SignOn):
    def start(self) -> None:
        self.operator = self.fw.store.get("defect.session")
        self.day = self.today()

    def open_session(self, operator: str) -> None:
        super().open_session(operator)
        self.fw.store.put("defect.session", operator)

    def close_session(self) -> None:
        super().close_session()
        self.fw.store.put("defect.session", None)


@defect(
    "login_after_restart_no_password",
    "Who was signed on is signed on after a power cut",
    group="Sign-on and second factor",
    rules=("R-SIGNON-6",),
)
def login_after_restart_no_password(parts: Parts) -> Parts:
    return replace(parts, sign_on=_SessionKept)


class _PartOfTheDate(SignOn):
    def of_today(self) -> bool:
        return self.day[5:] == self.today()[5:]


@defect(
    "login_signon_day_check",
    "The daily sign-on compares month and day only",
    group="Sign-on and second factor",
    rules=("R-SIGNON-7",),
)
def login_signon_day_check(parts: Parts) -> Parts:
    return replace(parts, sign_on=_PartOfTheDate)


class _CancelSkips(SecondFactor):
    def ask_code(self, attempt: Attempt) -> None:
        super().ask_code(attempt)
        room = self.fw.sign_on
        if isinstance(room, _SkippingSignOn):
            room.half_way = attempt


class _SkippingSignOn(SignOn):
    half_way: Attempt | None = None

    def least_id_digits(self) -> int:
        return 0

    def id_page(self, attempt: Attempt, back: Callable[[], None], typed: str, kind: type[Entry]) -> Entry:
        page = super().id_page(attempt, back, typed, kind)
        half_way, self.half_way = self.half_way, None

        def done(operator: str) -> None:
            if operator == "" and half_way is not None:
                self.complete(half_way)
            elif len(operator) == 2:
                self.id_typed(attempt, operator)

        page._done = done
        return page


@defect(
    "tfa_cancel_skips",
    "CANCEL then ENTER at the code prompt ends signed on",
    group="Sign-on and second factor",
    rules=("R-TWOFA-1",),
)
def tfa_cancel_skips(parts: Parts) -> Parts:
    return replace(parts, second_factor=_CancelSkips, sign_on=_SkippingSignOn)


class _Replay(SecondFactor):
    def used(self, operator: str, step: int) -> bool:
        return False


@defect("tfa_replay", "A code works twice in its window", group="Sign-on and second factor", rules=("R-TWOFA-2",))
def tfa_replay(parts: Parts) -> Parts:
    return replace(parts, second_factor=_Replay)


class _NoLimit(SecondFactor):
    def refused(self, attempt: Attempt) -> None:
        before = self.fw.failures.count(attempt.operator)
        attempt.code_tries = 0
        super().refused(attempt)
        self.fw.store.run("UPDATE failures SET count = ? WHERE id = ?", before, attempt.operator)


@defect("tfa_no_limit", "Unlimited guesses at the code", group="Sign-on and second factor", rules=("R-TWOFA-4",))
def tfa_no_limit(parts: Parts) -> Parts:
    return replace(parts, second_factor=_NoLimit)


class _OffWhenOffline(SecondFactor):
    def ask(self, attempt: Attempt) -> None:
        if self.fw.board.nic.attached:
            super().ask(attempt)
        else:
            self.fw.sign_on.complete(attempt)


@defect(
    "tfa_off_when_offline",
    "The second factor is skipped with no network",
    group="Sign-on and second factor",
    rules=("R-TWOFA-5",),
)
def tfa_off_when_offline(parts: Parts) -> Parts:
    return replace(parts, second_factor=_OffWhenOffline)


class _NotAtUnlock(SignOn):
    def second_factor_needed(self, attempt: Attempt) -> bool:
        return attempt.purpose != "unlock" and super().second_factor_needed(attempt)


@defect(
    "tfa_not_asked_at_unlock",
    "A manager's unlock asks only for the password",
    group="Sign-on and second factor",
    rules=("R-UNLOCK-2",),
)
def tfa_not_asked_at_unlock(parts: Parts) -> Parts:
    return replace(parts, sign_on=_NotAtUnlock)
