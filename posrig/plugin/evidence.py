"""Evidence of one scenario: pictures, texts, counts and events on one clock. The fixture ``evidence`` hands it out.

The terminal's fixture tells it the clock, registers what to fetch when a step fails (the screen's picture), and adds
events; the run's report and Allure show it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import allure
import pytest

from posrig.ground.faults import PosrigError
from posrig.rig.press_counts import KeyCount
from posrig.rig.soundness import Doubt

Fetched = Sequence[tuple[str, str, bytes]]
FailureProvider = Callable[[], Fetched]

SUFFIXES = {
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/svg+xml": ".svg",
    "text/plain": ".txt",
    "text/csv": ".csv",
    "application/json": ".json",
}
# a provider talks to a terminal that may just have died; whatever that raises must not hide the failure it illustrates
PROVIDER_ERRORS = (PosrigError, OSError, ValueError, TypeError, LookupError, AttributeError, RuntimeError)
EVIDENCE = pytest.StashKey["Evidence"]()


@dataclass(frozen=True, slots=True)
class Event:
    """One event: seconds on the scenario's clock, what kind (key, screen, beep, power, step, verdict ...), and text."""

    time_s: float
    kind: str
    text: str
    place: tuple[int, int] = (0, 0)
    """Where it stands: how many of the rig's events were known before it (posrig/evidence/ordering.py)."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A kept file: its name for people, its type, and its bytes."""

    name: str
    mime: str
    content: bytes

    @property
    def suffix(self) -> str:
        return SUFFIXES.get(self.mime, ".bin")


@dataclass(slots=True)
class Evidence:
    """What one scenario leaves. ``mask`` takes the rig's secrets out of every text: a defect may show one anywhere."""

    clock: Callable[[], float] = time.monotonic
    known: Callable[[], int] = lambda: 0
    """How many events of the rig are known in this scenario."""
    judged: str = ""
    """What the failure says for which evidence is fetched: it quotes the picture that was refused."""
    mask: Callable[[str], str] = str
    doubts: Callable[[], list[Doubt]] = list
    """Asked before a terminal is accused: what speaks against the rig."""
    unproved: Callable[[], str] = str
    """Asked too: presses of which the rig cannot say whether the terminal or a contact lost them."""
    own_doing: Callable[[PosrigError], str] = lambda _: ""
    """Asked before a console or service port of the rig is blamed: the proof that the terminal itself did it."""
    presses: int = 0
    power_cycles: int = 0
    terminal_seconds: float = 0.0
    keys: Mapping[str, KeyCount] = field(default_factory=dict)
    """Presses, missed and doubled ones by key; those of secrets under a star."""
    contacts_proved: bool = False
    """The key lines felt what was ordered, asked after the last press."""
    facts: dict[str, str] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    _providers: list[FailureProvider] = field(default_factory=list)

    def attach_png(self, name: str, content: bytes) -> None:
        """Keep a picture (PNG)."""
        self._attach(name, "image/png", content)

    def attach_text(self, name: str, text: str) -> None:
        """Keep a text."""
        self._attach(name, "text/plain", text.encode())

    def add_counts(self, presses: int = 0, power_cycles: int = 0, terminal_seconds: float = 0.0) -> None:
        """Add to what the scenario cost the terminal; seconds on the terminal's clock."""
        self.presses += presses
        self.power_cycles += power_cycles
        self.terminal_seconds += terminal_seconds

    def add_event(self, kind: str, text: str, time_s: float | None = None) -> None:
        """Add an event to the timeline; without a time it happened now on the scenario's clock."""
        self.add_events([Event(self.clock() if time_s is None else time_s, kind, text, (self.known(), 0))])

    def add_events(self, events: Sequence[Event]) -> None:
        """Add events that have their times already."""
        # hundreds of texts a scenario, hardly ever a secret in one; no spelling of a secret goes over the end of a line
        whole = "\n".join(event.text for event in events)
        clean = self.mask(whole) == whole
        self.events += events if clean else [replace(event, text=self.mask(event.text)) for event in events]

    def tell(self, **facts: str) -> None:
        """State facts of the scenario: ``rig``, ``terminal``, ``serial_number``, ``firmware``, ``seed`` ..."""
        self.facts.update({name: self.mask(value) for name, value in facts.items()})

    def register_failure_provider(self, provider: FailureProvider) -> None:
        """Have ``provider`` called when a step fails; it returns (name, mime, bytes) of what to keep."""
        self._providers.append(provider)

    def fetch_on_failure(self) -> None:
        """Ask every provider, each on its own: one that fails leaves a note and does not stop the others."""
        for provider in self._providers:
            try:
                fetched = list(provider())
            except PROVIDER_ERRORS as error:
                self.attach_text("evidence that could not be fetched", f"{type(error).__name__}: {error}")
                continue
            for name, mime, content in fetched:
                self._attach(name, mime, content)

    def _attach(self, name: str, mime: str, content: bytes) -> None:
        if mime.startswith("text/") or mime == "application/json":
            content = self.mask(content.decode("utf-8", "replace")).encode()
        attachment = Attachment(name, mime, content)
        self.attachments.append(attachment)
        allure.attach(content, name, mime, attachment.suffix.lstrip("."))

    def keep(self, folder: Path, stem: str) -> list[dict[str, str]]:
        """Write the attachments below ``folder``; returns name, mime and file name of each that could be written.

        On a full disk the scenario is judged all the same: what was lost is told as a fact, ``not kept``.
        """
        kept, lost = [], []
        for number, attachment in enumerate(self.attachments, 1):
            file = f"{stem}-{number}{attachment.suffix}"
            try:
                folder.mkdir(parents=True, exist_ok=True)
                (folder / file).write_bytes(attachment.content)
            except OSError as error:
                lost.append(f"{attachment.name} ({error.strerror or error})")
                continue
            kept.append({"name": attachment.name, "mime": attachment.mime, "file": file})
        if lost:
            self.tell(**{"not kept": "; ".join(lost)})
        return kept


@pytest.fixture
def evidence(request: pytest.FixtureRequest) -> Evidence:
    """The evidence of the running scenario."""
    found: Evidence = request.node.stash.setdefault(EVIDENCE, Evidence())
    return found
