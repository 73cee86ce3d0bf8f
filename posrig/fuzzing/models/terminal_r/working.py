"""A working copy of the model's state: the screens shown during an act, which page the state calls for, what ends up
in the next state."""

from __future__ import annotations

from dataclasses import fields as fields_of

from posrig.fuzzing.models.terminal_r.canonical import Element
from posrig.fuzzing.models.terminal_r.rules import Bounds, Rules
from posrig.fuzzing.models.terminal_r.state import Failures, State

ENTRIES = frozenset({"login_id", "login_pwd", "twofa", "unlock_code"})
RESTING_SIGNED_OFF = frozenset({"signed_off", "lock", "host_lock", "locked_out"})


class Working:
    """A working copy of a state, and the screens shown since the act began."""

    def __init__(self, state: State, rules: Rules, bounds: Bounds) -> None:
        self._rules, self._bounds = rules, bounds
        for field in fields_of(State):
            setattr(self, field.name, getattr(state, field.name))
        self.failed: dict[str, Failures] = dict(state.failures)
        self.trace: list[Element] = [(state.page, self._fields())]

    page: str
    typed: str
    who: str
    purpose: str
    tries: int
    user: str
    owner: str
    cause: str
    shown: str
    host: bool
    net: bool
    under: str
    quiet: float
    entered: float
    sold: bool
    newest: str
    spent: tuple[str, ...]

    def done(self) -> State:
        """The state after the act. What makes no difference any more is left out, so that there are few states."""
        if self.page in RESTING_SIGNED_OFF and not self.typed:
            self.quiet = self.entered = 0.0
        names = {field.name: getattr(self, field.name) for field in fields_of(State) if field.name != "failures"}
        kept = {who: failed for who, failed in self.failed.items() if failed != (0, 0)}
        return State(**names, failures=tuple(sorted(kept.items())))

    # screens

    def _fields(self) -> dict[str, str]:
        wait = "code" if self.shown and self._code_only(self.shown) else "time"
        return {
            "entry": self.typed, "operator": self.owner if self.page == "lock" else self.user, "wait": wait,
            "now": "on" if self.owner or self.host else "off", "cause": self.newest,
            "amount": f"{int(self.typed) / 100:.2f}" if self.page == "idle" and self.typed else "0.00",
        }  # fmt: skip

    def _note(self, screen: str, **fields: str) -> None:
        """A screen that goes by itself."""
        self.trace.append((screen, fields))

    def _paint(self) -> None:
        self.trace.append((self.page, self._fields()))

    def _show(self, page: str, typed: str = "") -> None:
        self.page, self.typed, self.under, self.entered = page, typed, "", self.quiet
        if page not in ENTRIES:
            self.who = self.purpose = ""
            self.tries = 0
        self._paint()

    def _home(self) -> None:
        """The page that the state calls for: host lock before lock-out on show before lock before work."""
        if self.host:
            self.user = ""
            self._show("host_lock")
        elif self.shown:
            self._show("locked_out")
        elif self.owner:
            self.user = ""
            self._show("lock")
        else:
            self._show("idle" if self.user else "signed_off")

    def lock(self, cause: str) -> None:
        """For whoever is signed on; the session ends."""
        self.owner, self.cause, self.user = self.user, cause, ""
        self._cause(cause)
        self._home()

    def _cause(self, cause: str) -> None:
        if self._bounds.causes:
            self.newest = cause

    def _code_only(self, operator: str) -> bool:
        return self.failed.get(operator, Failures(0, 0)).row >= self._rules.code_only_from
