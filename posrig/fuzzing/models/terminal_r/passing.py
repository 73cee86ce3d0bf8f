"""Time and events on the model: waits with all that is due in them, starts, the host, the line."""

from __future__ import annotations

from posrig.fuzzing.models.terminal_r.rules import Unmodelled
from posrig.fuzzing.models.terminal_r.state import Failures
from posrig.fuzzing.models.terminal_r.working import ENTRIES, Working


class Passing(Working):
    """What happens without a key."""

    def _leave_entry(self) -> None:
        raise NotImplementedError

    def wait_until(self, quiet: float) -> None:
        """Until so many seconds after the last key."""
        if quiet <= self.quiet:
            raise Unmodelled
        while (due := self._next_due()) is not None and due[0] <= quiet:
            self.quiet = due[0]
            getattr(self, due[1])()
        self.quiet = quiet

    def _next_due(self) -> tuple[float, str] | None:
        rules, events = self._rules, list[tuple[float, str]]()
        if self.page in ENTRIES:
            events.append((self.entered + rules.entry_s, "_leave_entry"))
        elif self.page in ("idle", "lock") and self.typed:
            events.append((self.entered + rules.entry_s, "_empty"))
        elif self.page in ("lock_ask", "version", "support"):
            events.append((self.entered + rules.notice_s, "_home"))
        elif self.page == "none_yet":
            events.append((self.entered + rules.notice_s, "_back_to_module"))
        if self.user and self.page == "lock_soon":
            events.append((rules.idle_s, "_idle_lock"))
        elif self.user:
            events.append((rules.idle_s - rules.warning_s, "_warn"))
        return min(events, default=None)

    def _empty(self) -> None:
        self.typed = ""
        self._paint()

    def _back_to_module(self) -> None:
        self._show("lockmod")

    def _warn(self) -> None:
        self.under, self.page, self.typed = self.page, "lock_soon", ""
        self._paint()

    def _idle_lock(self) -> None:
        if self.owner or self.host:
            self.user = ""
            self._home()
        else:
            self.lock("C03")

    def half_hour(self) -> None:
        """Longer than a lock-out: those with a timer end, the numbers in a row stay."""
        self.wait_until(self.quiet + 1860.0)
        ended = [w for w, f in self.failed.items() if f.wrong >= self._rules.tries and not self._code_only(w)]
        for who in ended:
            self.failed[who] = Failures(0, self.failed[who].row)
            if self.shown == who:
                self.shown = ""
                if self.page == "locked_out":
                    self._home()

    def day(self) -> None:
        """The restart every 24 hours, with its warning."""
        self.half_hour()
        self._note("daily")
        self._note("restarting")
        self.boot()

    def boot(self) -> None:
        """Any start: nobody is signed on, what is locked stays locked."""
        self.user, self.quiet, self.under = "", 0.0, ""
        self._note("boot")
        self._note("self_test")
        self._home()

    def host_event(self, locked: bool) -> None:
        """The back office locks or unlocks."""
        if not self.net or self.host == locked:
            raise Unmodelled
        self.host = locked
        if locked:
            self._cause("C04")
        self._home()

    def link(self, up: bool) -> None:
        """The line is cut or comes back; nothing on the screen says so."""
        if self.net == up:
            raise Unmodelled
        self.net = up
