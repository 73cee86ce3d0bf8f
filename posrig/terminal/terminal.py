"""The terminal under test with everything around it that a use case needs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from posrig.description.credentials import Credentials
from posrig.description.profile import Profile
from posrig.ground.clock import Clock
from posrig.ground.secret import Secret
from posrig.instruments.bench import Bench
from posrig.terminal.contracts import Keypad, Network, Power, Screen, ServicePort, TimelineEvent


@dataclass(frozen=True, slots=True, order=True)
class JournalEntry:
    """One transaction as the terminal or the host keeps it. ``amount`` in cents, as both keep it."""

    trace: int
    type: str
    amount: Decimal
    state: str


@dataclass
class Terminal:
    """One terminal on one rig. Nothing in it opens or closes anything: the rig does (posrig/rig/rig.py)."""

    serial_number: str
    language: str
    profile: Profile
    clock: Clock
    keypad: Keypad
    screen: Screen
    power: Power
    service: ServicePort
    bench: Bench
    credentials: Credentials
    network: Network | None = None
    usb: Network | None = None
    zone: str = "Europe/Berlin"
    """Time zone (IANA) of the shop where the terminal stands."""
    timeline: list[TimelineEvent] = field(default_factory=list)
    shown: Callable[[Sequence[str]], tuple[str, ...]] = tuple
    """The rows of a picture as they may be kept (posrig/terminal/veil.py)."""
    used_windows: dict[str, int] = field(default_factory=dict)
    """Operator id -> last time-code window used, so that a code is never typed twice by mistake."""
    submitted_windows: set[tuple[str, int]] = field(default_factory=set)
    """Operator id and time-code window of each right code that this terminal was given: the same again is a guess."""
    changed_passwords: dict[str, list[Secret]] = field(default_factory=dict)
    """Operator id -> passwords chosen in this scenario, the present one last: the rig's own one is then an old one."""
    used_unlock_codes: list[Secret] = field(default_factory=list)
    """Unlock codes that were accepted in this scenario: none of them is good again."""
    shown_language: str = ""
    """The language this scenario's terminal speaks; empty where the rig has no shelf to take another from."""
    last_operator: str = ""
    """Whose number was typed last in this scenario: the finger of anybody else will be refused."""
    before_guess: Callable[[str], None] | None = None
    """Asked with the operator id before a wrong password is typed on purpose; the ledger refuses it by SafetyAbort."""
    before_code: Callable[[str], None] | None = None
    """The same before a time code, an unlock code or a finger that may be refused (posrig/terminal/charging.py)."""
    before_flash: Callable[[str], None] | None = None
    """The same before the key that makes the terminal write its flash."""
    typed_wrong: list[str] = field(default_factory=list)
    """Wrong passwords that flows have typed in this scenario, in the place of right ones."""
    guesses: int = 1
    """Wrong passwords that somebody may have typed since it was last known that the terminal remembers none; at first
    nobody knows."""
    version_before: str = ""
    version_offered: str = ""
    """What ran before an update of this scenario, and what it would bring."""
    charged_ahead: int = 0
    """Guesses that a flow has charged before it types them: their ENTER costs nothing more (submitting.py)."""
    writes_charged_ahead: int = 0
    """The same for a write of the flash that an ENTER after a code begins."""
    given_unlock_codes: dict[str, Secret] = field(default_factory=dict)
    """Challenge -> the help desk's code for it, this terminal and this day."""
    new_seeds: dict[str, Secret] = field(default_factory=dict)
    """Operator id -> the time-code seed that the terminal has shown in this scenario."""

    def note(self, kind: str, text: str) -> None:
        """Write into the scenario's timeline."""
        self.timeline.append(TimelineEvent(self.clock.last_now(), kind, text))

    def do(self, act: str, **args: Any) -> Any:
        """One act around the terminal, kept in the timeline by name."""
        self.note("bench", act)
        return self.bench.do(act, **args)

    def journal(self) -> tuple[JournalEntry, ...]:
        """The terminal's journal as the service tool reads it."""
        return _entries(self.do("terminal.journal"))

    def host_journal(self) -> tuple[JournalEntry, ...]:
        return _entries(self.do("host.journal"))

    def unlock_code(self, challenge: str, *, serial_number: str | None = None, at: float | None = None) -> Secret:
        """The help desk's eight digits for a challenge, this terminal and this day unless told otherwise; masked from
        now on."""
        day = datetime.fromtimestamp(self.clock.now() if at is None else at, UTC).date().isoformat()
        answer = self.do(
            "helpdesk.code", serial_number=serial_number or self.serial_number, challenge=challenge, date=day
        )
        code = self.credentials.masks.add(Secret(answer["code"], "unlock code"))
        if serial_number in (None, self.serial_number) and at is None:
            self.given_unlock_codes[challenge] = code
        return code


def _entries(rows: list[dict[str, Any]]) -> tuple[JournalEntry, ...]:
    return tuple(
        JournalEntry(int(r["trace"]), str(r["type"]), Decimal(str(r["amount"])), str(r["state"])) for r in rows
    )
