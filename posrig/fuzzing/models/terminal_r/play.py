"""One act played on the model: terminal R's rules for sign-on, lock, lock-out, second factor, idle time, unlock code.

Written from the description of terminal R: its policy, flows and tables (docs/terminal-r.md where those are silent).
Each method is one rule. What the model does not cover raises :class:`Unmodelled`: that act is then no input there.
"""

from __future__ import annotations

from posrig.fuzzing.models.terminal_r.passing import Passing
from posrig.fuzzing.models.terminal_r.rules import Unmodelled
from posrig.fuzzing.models.terminal_r.state import Failures
from posrig.fuzzing.models.terminal_r.working import ENTRIES


class Play(Passing):
    """The rules of the keys, of lock and unlock, of passwords and codes."""

    # keys

    def key(self, key: str) -> None:
        """One key, as the page that is shown takes it."""
        self.quiet = self.entered = 0.0
        page = self.page
        if page == "lock_soon":
            self._uncover()
        elif page in ("version", "support", "none_yet"):
            self._show("lockmod") if page == "none_yet" else self._home()
        elif page in ENTRIES or page == "lock":
            self._entry_key(key)
        else:
            act = getattr(self, f"_at_{page}", None)
            if act is None:
                raise Unmodelled
            act(key)

    def _uncover(self) -> None:
        page, who, purpose, tries = self.under, self.who, self.purpose, self.tries
        self._show(page)
        self.who, self.purpose, self.tries = who, purpose, tries

    def _entry_key(self, key: str) -> None:
        width = {"login_id": 2, "lock": 2, "twofa": 6, "unlock_code": 8}.get(
            self.page, self._rules.password_digits(self.who)
        )
        plain = self.page in ("login_id", "lock")
        if key.isdigit():
            if not self.several_digits and (self.typed or not self._bounds.digits):
                raise Unmodelled  # one digit tells as much as several, and there are fewer states
            if len(self.typed) < width:
                self.typed += key if plain else "*"
                self._paint()
        elif key == "CLEAR" or (key == "CANCEL" and self.page == "lock"):
            self.typed = ""
            self._paint()
        elif key == "CANCEL":
            self._leave_entry()
        elif key == "ENTER":
            self._entered()
        elif key == "F2" and self.page == "lock":
            self._show("support")

    several_digits = False
    """An operator number is typed as one act, or two keys at a time."""

    def _entered(self) -> None:
        if self.page == "login_id" and len(self.typed) == 2:
            self.who = self.typed
            self._show("login_pwd")
        elif self.page == "lock" and len(self.typed) == 2:
            self._id_at_lock(self.typed)
        elif self.page == "login_pwd" and self.typed:
            self.password(right=False)
        elif self.page == "twofa" and self.typed:
            self.code(right=False)
        elif self.page == "unlock_code" and self.typed:
            self.unlock_code(right=False)

    def _leave_entry(self) -> None:
        """CANCEL or 60 s without a key."""
        if self.page == "login_id":
            self._home()
        elif self.page == "unlock_code":
            self._show("lockmod")
        else:
            self._again()

    def _again(self) -> None:
        """Back to the prompt for the id."""
        if self.purpose == "unlock":
            self._home()
        else:
            self.who, self.tries = "", 0
            self._show("login_id")

    def operator(self, keys: tuple[str, ...]) -> None:
        """A whole number and ENTER."""
        if self.typed or self.page not in ("signed_off", "login_id", "lock", "host_lock"):
            raise Unmodelled
        if sum(failures.wrong for failures in self.failed.values()) >= self._bounds.together:
            raise Unmodelled
        self.several_digits = True
        for key in keys:
            self.key(key)

    def _may_begin(self, key: str) -> None:
        if key.isdigit() and not (self.several_digits or self._bounds.digits):
            raise Unmodelled

    def from_menu(self, keys: tuple[str, ...]) -> None:
        """Keys that begin at the ready screen."""
        if self.page != "idle" or self.typed:
            raise Unmodelled
        for key in keys:
            self.key(key)

    def _at_signed_off(self, key: str) -> None:
        self._may_begin(key)
        if key.isdigit() or key == "ENTER":
            self.purpose = "sign_on"
            self._show("login_id", key if key != "ENTER" else "")
        elif key in ("F1", "F2"):
            self._show("version" if key == "F1" else "support")

    def _at_host_lock(self, key: str) -> None:
        self._may_begin(key)
        if key.isdigit() or key == "ENTER":
            self.purpose = "host"
            self._show("login_id", key if key != "ENTER" else "")
        elif key == "F2":
            self._show("support")

    def _at_locked_out(self, key: str) -> None:
        if key == "F1":
            if all(self.failed.get(who, Failures(0, 0)).wrong >= self._rules.tries for who in ("00", "99")):
                raise Unmodelled
            self.purpose = "lift"
            self._show("login_id")
        elif key == "F2":
            self._show("support")
        elif key == "CANCEL":
            self.shown = ""
            self._home()

    def _at_idle(self, key: str) -> None:
        if key.isdigit():
            if self.typed or not self._bounds.digits:
                raise Unmodelled
            self.typed = key.strip("0")
            self._paint()
        elif key in ("CLEAR", "CANCEL"):
            self.typed = ""
            self._paint()
        elif key == "MENU":
            self._show("menu")
        elif key == "ENTER" and self.typed:
            self.sale()

    def sale(self) -> None:
        """The amount is there and ENTER was pressed, or the keys of a whole sale were."""
        if self.page != "idle" or not self.net:
            raise Unmodelled
        self.quiet = 0.0
        if self._rules.may(self.user, "sale"):
            self._note("sale_wait")
            self._note("approved")
            self.sold = True
        else:
            self._note("not_allowed")
        self._home()

    def _at_menu(self, key: str) -> None:
        if key == "5":
            self._show("manage")
        elif key == "CANCEL":
            self._home()
        elif key in "1234":
            function = {"1": "sale", "2": "void", "3": "refund", "4": "settle"}[key]
            if not self._rules.may(self.user, function):
                self._note("not_allowed")
                self._home()
            elif key == "1":
                self._home()
            else:
                raise Unmodelled

    def _at_manage(self, key: str) -> None:
        if key == "1":
            if self.sold:
                self._note("signoff_no")
            else:
                self.user = ""
            self._home()
        elif key == "3":
            self._show("lockmod" if self._rules.may(self.user, "lock_module") else "lock_ask")
        elif key == "5" and self._rules.may(self.user, "system"):
            self._show("system")
        elif key in ("4", "5") and not self._rules.may(self.user, "log" if key == "4" else "system"):
            self._note("not_allowed")
            self._home()
        elif key == "CANCEL":
            self._show("menu")
        elif key in ("2", "4"):
            raise Unmodelled

    def _at_system(self, key: str) -> None:
        if key == "CANCEL":
            self._show("manage")
        elif key in "12345":
            raise Unmodelled

    def _at_lock_ask(self, key: str) -> None:
        if key == "ENTER":
            self.lock("C01")
        elif key == "CANCEL":
            self._home()

    # lock and unlock

    def _id_at_lock(self, operator: str) -> None:
        if operator in (self.owner, "00", "99"):
            self.who, self.purpose = operator, "unlock"
            self._show("login_pwd")
        else:
            self._note("lock_other", operator=self.owner)
            self._home()

    def _module_opens(self) -> bool:
        return bool(self.owner or self.host or any(f.wrong >= self._rules.tries for f in self.failed.values()))

    def _open_module(self) -> None:
        self.user = self.who
        self._show("lockmod")

    def _at_lockmod(self, key: str) -> None:
        if key == "1":
            self._show("status")
        elif key == "2" and self._bounds.causes:
            self._show("cause" if self.newest else "none_yet")
        elif key == "3":
            self._ask_code() if self._module_opens() else self._show("status")
        elif key == "CANCEL":
            if self._module_opens():
                self.user = ""
                self._home()
            else:
                self._show("manage")
        elif key in "24":
            raise Unmodelled

    def _at_status(self, key: str) -> None:
        if key in ("CANCEL", "ENTER"):
            self._show("lockmod")

    def _at_cause(self, key: str) -> None:
        if key in ("UP", "DOWN"):
            raise Unmodelled
        self._at_status(key)

    def _ask_code(self) -> None:
        if self._bounds.codes and self.page in ("lockmod", "unlock_code") and "asked" in self.spent:
            self._spend("challenge")
        self._spend("asked")
        self._show("unlock_code")

    def _spend(self, what: str) -> None:
        if self._bounds.codes and what not in self.spent:
            self.spent = tuple(sorted((*self.spent, what)))

    def unlock_code(self, *, right: bool) -> None:
        """Eight digits for the challenge, and ENTER."""
        self.quiet = 0.0
        if right:
            self._spend("code")
            self.failed = {who: f for who, f in self.failed.items() if 0 < f.wrong < self._rules.tries}
            self.owner, self.host, self.shown = "", False, ""
            self._note("unlocked")
            self._show("lockmod")
            return
        self.tries += 1
        left, tries = self._rules.unlock_tries - self.tries, self.tries
        self._note("unlock_bad", left=str(left))
        if left == 0:
            self._show("lockmod")
        else:
            self._ask_code()
            self.tries = tries

    # passwords and codes

    def password(self, *, right: bool) -> None:
        """A whole password and ENTER."""
        self.quiet = 0.0
        if self.failed.get(self.who, Failures(0, 0)).wrong >= self._rules.tries:
            self._show_lock_out()
        elif not right:
            self._fail("login_bad")
        elif self._rules.second_factor(self.who):
            self._show("twofa")
        else:
            self._complete()

    def code(self, *, right: bool) -> None:
        """A whole time code and ENTER."""
        self.quiet = 0.0
        if right:
            if self._bounds.codes:
                self.spent = tuple(sorted({*self.spent, self.who}))
            self._complete()
            return
        self.tries += 1
        self._fail("twofa_bad")

    def _fail(self, screen: str) -> None:
        count, row = self.failed.get(self.who, Failures(0, 0))
        together = sum(failures.wrong for failures in self.failed.values())
        if count >= self._bounds.failures.get(self.who, 0) or together >= self._bounds.together:
            raise Unmodelled
        left = self._rules.tries - count - 1
        if left == 0 and row >= self._bounds.lock_outs:
            raise Unmodelled
        self.failed[self.who] = Failures(count + 1, row + (left == 0))
        if left == 0:
            self._cause("C02")
            self._show_lock_out()
        elif screen == "twofa_bad":
            left = min(left, self._rules.code_tries - self.tries)
            self._note(screen, left=str(left))
            self._again() if self.tries >= self._rules.code_tries else self._show("twofa")
        else:
            self._note(screen, left=str(left))
            self._again()

    def _show_lock_out(self) -> None:
        self.shown = self.who
        self._show("locked_out")

    def _complete(self) -> None:
        """Every factor of the id was right."""
        who, purpose = self.who, self.purpose
        self.failed.pop(who, None)
        if purpose == "sign_on":
            self.user = who
            self._home()
        elif purpose == "unlock" and who not in (self.owner, "00"):
            self._open_module()
        elif purpose == "unlock":
            self.user, self.owner, self.cause = who if who == self.owner else "", "", ""
            self._note("unlocked")
            self._home()
        elif purpose == "host":
            self._open_module() if who == "99" else self._refuse_function()
        else:
            self._lift(who)

    def _refuse_function(self) -> None:
        self._note("not_allowed")
        self._home()

    def _lift(self, by: str) -> None:
        if by == "99" or (by == "00" and self._code_only(self.shown)):
            self._open_module()
        elif by == "00":
            if self.shown in self.failed:
                self.failed[self.shown] = Failures(0, self.failed[self.shown].row)
            self.shown = ""
            self._note("unlocked")
            self._home()
        else:
            self._refuse_function()
