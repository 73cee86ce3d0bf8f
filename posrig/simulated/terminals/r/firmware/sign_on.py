"""Sign-on, and every other prompt for a password: one path, one counter, one text for all refusals.

An ``Attempt`` (records.py) says why somebody is asked (sign on, unlock, lift a lock-out, the code of a host lock) and
what follows when every factor was right. Unknown id and wrong password give the same frames, beeps and delay.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from posrig.simulated.terminals.r.firmware.pages import Entry, Page, refusal
from posrig.simulated.terminals.r.firmware.records import Attempt
from posrig.simulated.terminals.r.firmware.room import Room

if TYPE_CHECKING:
    from posrig.simulated.terminals.r.firmware.contracts.device import Device

MANAGER_ID = "00"
ID_DIGITS = 2


class SignOn(Room):
    def __init__(self, fw: Device) -> None:
        super().__init__(fw)
        self.operator: str | None = None
        """Who is signed on; volatile: nobody after a restart."""
        self.day = ""
        """The local date on which the session began."""

    # the prompt for the id

    def begin(self, typed: str = "") -> None:
        """ENTER at ``signed_off``, or a digit that is typed already."""
        self.ask_id(Attempt("sign_on", self.signed_on, self.begin), self.fw.home, typed)

    def ask_id(self, attempt: Attempt, back: Callable[[], None], typed: str = "") -> None:
        self.fw.pages.show(self.id_page(attempt, back, typed, Entry))

    def id_page(self, attempt: Attempt, back: Callable[[], None], typed: str, kind: type[Entry]) -> Entry:
        return kind(
            self.fw,
            "login_id",
            ID_DIGITS,
            lambda operator: self.id_typed(attempt, operator),
            back,
            least=self.least_id_digits(),
            typed=typed,
        )

    def least_id_digits(self) -> int:
        """01 is not 1."""
        return ID_DIGITS

    def id_typed(self, attempt: Attempt, operator: str) -> None:
        attempt.operator = operator
        self.ask_password(attempt)

    def again(self, attempt: Attempt) -> None:
        """CANCEL, a refusal or a time-out: back to the prompt for the id, with nothing kept."""
        attempt.restart()

    # the password

    def ask_password(self, attempt: Attempt) -> None:
        self.fw.pages.show(self.password_page(attempt, Entry))

    def password_page(self, attempt: Attempt, kind: type[Entry]) -> Entry:
        return kind(
            self.fw,
            "login_pwd",
            self.fw.roles.password_digits(attempt.operator),
            lambda typed: self.password_typed(attempt, typed),
            lambda: self.again(attempt),
            secret=True,
            least=self.least_password_digits(),
        )

    def least_password_digits(self) -> int:
        """ENTER in an empty field does nothing."""
        return 1

    def password_typed(self, attempt: Attempt, typed: str) -> None:
        if self.fw.failures.locked_out(attempt.operator):
            self.locked_out(attempt)
        elif not self.password_right(attempt.operator, typed):
            self.refused(attempt)
        elif self.second_factor_needed(attempt):
            self.fw.second_factor.ask(attempt)
        else:
            self.complete(attempt)

    def password_right(self, operator: str, typed: str) -> bool:
        return self.fw.passwords.right(operator, typed)

    def second_factor_needed(self, attempt: Attempt) -> bool:
        return self.fw.roles.needs_second_factor(attempt.operator)

    def refused(self, attempt: Attempt) -> None:
        left = self.fw.failures.failed(attempt.operator, "sign_on_no")
        self.fw.board.service.emit("sign_on", operator=attempt.operator, result="refused")
        if left == 0:
            self.locked_out(attempt)
            return
        self.fw.pages.show(refusal(self.fw, "login_bad", lambda: self.again(attempt), {"left": self.tries_shown(left)}))

    def tries_shown(self, left: int) -> int:
        return left

    def locked_out(self, attempt: Attempt) -> None:
        self.fw.lock_states.show_lock_out(attempt.operator)

    # all factors right

    def complete(self, attempt: Attempt) -> None:
        if self.fw.passwords.must_change(attempt.operator):
            self.force_change(attempt)
            return
        self.fw.failures.succeeded(attempt.operator)
        attempt.done(attempt.operator)

    def signed_on(self, operator: str) -> None:
        """The session begins."""
        self.open_session(operator)
        self.fw.log.add("sign_on", operator)
        self.fw.board.service.emit("sign_on", operator=operator, result="ok")
        self.fw.hostlink.signed_on(operator)
        self.fw.home()

    def open_session(self, operator: str) -> None:
        self.operator, self.day = operator, self.today()
        self.fw.idle_lock.touch()

    def today(self) -> str:
        """The whole local date."""
        return self.fw.local().strftime("%Y-%m-%d")

    def date_corrected(self) -> None:
        """The host's date came with the answer to this sign-on: that is the date it holds for."""
        if self.operator is not None:
            self.day = self.today()

    def of_today(self) -> bool:
        """A sign-on holds for its day: on another one work begins with a new sign-on."""
        return self.day == self.today()

    def new_day(self) -> None:
        self.fw.log.add("sign_off", self.operator or "", "new day")
        self.fw.board.service.emit("sign_on", operator=self.operator, result="off")
        self.close_session()
        self.fw.pages.show(refusal(self.fw, "new_day", self.fw.home))

    def close_session(self) -> None:
        self.operator = None

    def sign_off(self) -> None:
        """1 in manage: refused while the batch is not empty."""
        unsettled = self.fw.journal.unsettled()
        if unsettled:
            self.fw.pages.show(refusal(self.fw, "signoff_no", self.fw.home, {"count": unsettled}))
            return
        self.fw.log.add("sign_off", self.operator or "")
        self.fw.board.service.emit("sign_on", operator=self.operator, result="off")
        self.close_session()
        self.fw.home()

    # the forced change of a default or aged password

    def force_change(self, attempt: Attempt) -> None:
        """No session before it is done; CANCEL and a power cut lead back to the prompt for the id."""
        self.fw.pages.show(
            Entry(
                self.fw,
                "force_change",
                self.fw.roles.password_digits(attempt.operator),
                lambda new: self.new_password_typed(attempt, new),
                lambda: self.leave_forced_change(attempt),
                secret=True,
                least=1,
            )
        )

    def leave_forced_change(self, attempt: Attempt) -> None:
        self.again(attempt)

    def new_password_typed(self, attempt: Attempt, new: str) -> None:
        if not self.fw.passwords.acceptable(attempt.operator, new):
            self.fw.pages.show(refusal(self.fw, "change_bad", lambda: self.force_change(attempt)))
            return
        with self.fw.store.transaction():
            self.fw.passwords.change(attempt.operator, new)
            self.fw.log.add("password", attempt.operator)
        self.complete(attempt)

    # the manager's approval of a void or refund

    def approval(self, done: Callable[[], None], back: Callable[[], None]) -> None:
        """Ask for the manager's password (six digits, no time code: the cashier's session stays, nothing is unlocked).
        Failures count with those of 00; ``back`` after CANCEL, a refusal or a time-out."""
        self.fw.pages.show(
            Entry(
                self.fw,
                "approve",
                self.fw.roles.password_digits(MANAGER_ID),
                lambda typed: self._approval_typed(typed, done, back),
                back,
                secret=True,
                least=1,
            )
        )

    def _approval_typed(self, typed: str, done: Callable[[], None], back: Callable[[], None]) -> None:
        failures = self.fw.failures
        if failures.locked_out(MANAGER_ID):
            self.fw.lock_states.show_lock_out(MANAGER_ID)
        elif self.fw.passwords.right(MANAGER_ID, typed) and not self.fw.passwords.must_change(MANAGER_ID):
            self.approved(done)
        else:
            left = self.approval_refused()
            if left == 0:
                self.fw.lock_states.show_lock_out(MANAGER_ID)
            else:
                self.fw.pages.show(refusal(self.fw, "login_bad", back, {"left": self.tries_shown(left)}))

    def approved(self, done: Callable[[], None]) -> None:
        self.fw.log.add("approval", MANAGER_ID, f"for {self.operator}")
        done()

    def approval_refused(self) -> int:
        return self.fw.failures.failed(MANAGER_ID, "approval_no")


class SignedOffPage(Page):
    screen = "signed_off"

    def key(self, key: str) -> None:
        if key.isdigit():
            self.fw.sign_on.begin(key)
        elif key == "ENTER":
            self.fw.sign_on.begin()
        elif key == "F1":
            self.fw.menus.version()
        elif key == "F2":
            self.fw.menus.support()
