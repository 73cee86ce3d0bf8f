"""A small terminal of no make, on paper: a state machine behind the contracts, with a clock of its own.

Lockable, with a boss's password at the lock, three wrong passwords of anybody, a question before its reset.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path

from posrig.description.credentials import Credentials
from posrig.description.profile import Profile, read_profile
from posrig.ground.deadline import Deadline
from posrig.ground.secret import Secret
from posrig.instruments.bench import NoBench
from posrig.terminal.contracts import Frame
from posrig.terminal.service import NoServiceLines
from posrig.terminal.terminal import Terminal

TEXT = """\
model: paper
display: {rows: 3, columns: 16}
keys: [GO, NO, DEL, "1", "2", "3", "4", "5", "6", "7", "8", "9", "0"]
submit: GO
cancel: NO
clear: DEL
roles:
  clerk: {ids: ["11", "12"], factors: [number, password]}
  boss: {factors: [password]}
policy: {wrong_passwords: 3, lockout_min: 1}
timings: {boot_s: 1}
screens:
  start: {means: starting, rows: {en: ["STARTING"]}}
  away: {means: signed off, rows: {en: ["HELLO"]}}
  who: {asks: number, rows: {en: ["Number", "{entry:entry}"]}}
  word: {asks: password, rows: {en: ["Password", "{entry:mask}"]}}
  work: {means: ready, rows: {en: ["READY {operator:id}", "{entry:entry}"]}}
  shut: {means: locked, asks: password of boss, rows: {en: ["SHUT", "{entry:mask}"]}}
  wrong: {means: refused, shown_s: 2, rows: {en: ["WRONG"]}}
  out: {means: locked out, rows: {en: ["OUT"]}}
  sure: {means: confirm, rows: {en: ["SURE?"]}}
  blank: {means: reset done, shown_s: 1, rows: {en: ["BLANK"]}}
  odd: {rows: {en: ["ODD PAGE"]}}
ways:
  home: {press: NO, power: true}
  sign on: {from: signed off, press: GO, to: ready}
  sign off: {from: ready, press: 7 GO, to: signed off}
  lock: {from: ready, press: 8 GO, to: locked}
  unlock: {from: locked, by: boss, to: ready}
  factory reset: {from: ready, press: 9 GO, by: clerk, confirm: sure, to: signed off, within_s: 5}
"""
PASSWORDS = {"11": "4711", "12": "5822", "boss": "60606"}


class PaperClock:
    """Time that passes when somebody waits; the terminal's own timers run in it."""

    def __init__(self) -> None:
        self.at = 1000.0
        self.timers: list[tuple[float, Callable[[], None]]] = []

    def now(self) -> float:
        return self.at

    last_now = now

    def sleep(self, seconds: float) -> float:
        until = self.at + max(seconds, 0.0)
        while due := [one for one in self.timers if one[0] <= until]:
            first = min(due, key=lambda one: one[0])
            self.timers.remove(first)
            self.at = max(self.at, first[0])
            first[1]()
        self.at = until
        return self.at

    def deadline(self, seconds: float) -> Deadline:
        return Deadline(seconds, self.now)


class Paper:
    """The terminal itself, its keys, its display and its supply."""

    def __init__(self, tmp_path: Path, changes: Mapping[str, str] | None = None) -> None:
        text = TEXT
        for right, wrong in (changes or {}).items():
            assert right in text
            text = text.replace(right, wrong, 1)
        file = tmp_path / "paper.yaml"
        file.write_text(text, "utf-8")
        self.profile: Profile = read_profile(file)
        self.clock = PaperClock()
        self.page, self.entry, self.operator, self.failed = "dark", "", "", 0
        self.keys: list[str] = []
        self.frames: list[Frame] = []
        self.guesses: list[str] = []
        self.is_on, self.cycles, self.presses = False, 0, 0
        self.locked = False
        self.stuck = ""
        """A page that no key leaves."""
        credentials = Credentials({who: Secret(word, "password") for who, word in PASSWORDS.items()})
        self.terminal = Terminal(
            serial_number="1", language="en", profile=self.profile, clock=self.clock, keypad=self, screen=self,  # type: ignore[arg-type]
            power=self, service=NoServiceLines(), bench=NoBench(), credentials=credentials,  # type: ignore[arg-type]
        )  # fmt: skip
        self.terminal.before_guess = self.guesses.append

    # -- the terminal

    def show(self, page: str, then: str = "", after_s: float = 0.0) -> None:
        self.page, self.entry = page, ""
        self.clock.timers.clear()
        if then:
            self.clock.timers.append((self.clock.at + after_s, lambda: self.show(then)))
        self.frames.append(self.frame())

    def home(self) -> str:
        return "shut" if self.locked else "work" if self.operator else "away"

    def key(self, key: str) -> None:
        page = self.page
        if self.stuck or page in ("dark", "start", "wrong", "blank", "out"):
            return
        if key.isdigit():
            self.entry += key
        elif key == "DEL":
            self.entry = ""
        elif key == "NO":
            self.show(self.home())
        elif page == "away":
            self.show("who")
        elif page == "who":
            self.number = self.entry
            self.show("word")
        elif page == "word":
            self.judge(self.entry == PASSWORDS.get(self.number), self.number, "")
        elif page == "shut" and self.entry:
            self.judge(self.entry == PASSWORDS["boss"], self.operator, "unlock")
        elif page == "work":
            self.function(self.entry)
        elif page == "sure":
            self.operator = ""
            self.show("blank", "away", 1.0)

    def judge(self, right: bool, who: str, what: str) -> None:
        if not right:
            self.failed += 1
            full = self.failed >= 3
            return self.show("out" if full else "wrong", self.home(), 60.0 if full else 2.0)
        self.failed, self.operator = 0, who
        self.locked = self.locked and what != "unlock"
        return self.show(self.home())

    def function(self, code: str) -> None:
        if code == "7":
            self.operator = ""
        self.locked = code == "8"
        self.show("sure" if code == "9" else "odd" if code == "6" else self.home())

    # -- keypad, power

    def press(self, key: str, hold_s: float | None = None, gap_s: float | None = None) -> None:
        self.presses += 1
        self.keys.append(key)
        self.clock.sleep(0.1)
        self.key(key)

    def press_all(self, keys: Sequence[str]) -> None:
        for key in keys:
            self.press(key)

    def type_keys(self, text: str, *, secret: bool = False) -> None:
        self.press_all(list(text))

    def history_text(self, last: int = 30) -> str:
        return " ".join(self.keys[-last:])

    def on(self) -> None:
        self.is_on = True
        self.cycles += 1
        if self.stuck and self.cycles > 1:
            self.stuck = ""
        self.operator = ""
        self.show("start", self.stuck or self.home(), 1.0)

    def off(self) -> None:
        self.is_on = False
        self.show("dark")

    # -- screen

    @property
    def last(self) -> Frame:
        return self.frame()

    latest = last

    def frame(self) -> Frame:
        stars = "*" * len(self.entry)
        rows = {"dark": (), "start": ("STARTING",), "away": ("HELLO",), "who": ("Number", self.entry),
                "word": ("Password", stars), "work": (f"READY {self.operator}", self.entry), "shut": ("SHUT", stars),
                "wrong": ("WRONG",), "out": ("OUT",), "sure": ("SURE?",), "blank": ("BLANK",),
                "odd": ("ODD PAGE",)}.get(self.page, (self.page,))  # fmt: skip
        lines = (*rows, "", "", "")[:3]
        match = self.profile.recognise(lines) if any(lines) else None
        known = (match.screen, match.language, match.fields) if match else (None, None, {})
        return Frame(lines, *known, self.clock.at)

    def settled(self, quiet_s: float | None = None, timeout_s: float = 5.0) -> Frame:
        self.clock.sleep(0.15)
        return self.frame()

    def seen_within(self, wanted: Collection[str] | Callable[[Frame], bool], timeout_s: float) -> Frame | None:
        test = wanted if callable(wanted) else lambda frame: frame.screen in wanted
        until = self.clock.at + timeout_s
        while not test(self.frame()):
            if self.clock.at >= until:
                return None
            self.clock.sleep(0.05)
        return self.frame()

    def first_not_in(self, screens: Collection[str], timeout_s: float) -> Frame | None:
        return self.seen_within(lambda frame: frame.screen is not None and frame.screen not in screens, timeout_s)

    def leaves(self, screen: str, timeout_s: float) -> Frame:
        assert self.seen_within(lambda frame: frame.screen != screen, timeout_s)
        return self.settled()

    def history(self) -> tuple[Frame, ...]:
        return tuple(self.frames)
