"""One use of a rig from lease to release: what a test session, a fuzzing run and a command have in common.

Order: lease of the terminal and its instruments, ledger, guard and rig; back in the reverse order (docs/lifecycle.md).
"""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from posrig.description.credentials import Credentials
from posrig.description.profile import Profile
from posrig.description.rig_file import RigDescription
from posrig.ground.faults import ConfigurationError
from posrig.rig.press_counts import KeyCount
from posrig.rig.rig import Rig, RigOptions
from posrig.rig.stream_evidence import check_serial
from posrig.safety.incidents import Incident, Proof, keep_shown, take_new
from posrig.safety.lease import Lease, Left, default_job, take
from posrig.safety.ledger import HIDDEN, Kind, Ledger, ledger_path
from posrig.terminal.charging import IMAGE


@dataclass(frozen=True, slots=True)
class RigSession:
    """An open rig with its lease, and its ledger (None: a simulated rig where no ledger could be written)."""

    rig: Rig
    lease: Lease
    ledger: Ledger | None
    images: Images = field(default_factory=lambda: Images())

    def begin(self, what: str) -> None:
        """Before each scenario: is the rig still ours, does its guard still watch? Raises RigFault.

        ``what`` is shown to those who wait for the rig, and stands in the incident record.
        """
        self.lease.check()
        self.lease.doing(what)
        if self.rig.guard is not None:
            self.rig.guard.check()
            self.rig.guard.doing(what)
        self.settle()

    def settle(self) -> None:
        """Image writes that the terminal told of and nobody charged (ENTER pressed by a scenario) are counted now."""
        if self.ledger is not None:
            self.ledger.note(Kind.FLASH, IMAGE, self.images.uncharged(self.rig.told.flash_writes))

    def count_presses(self, counts: Mapping[tuple[str, bool], KeyCount]) -> None:
        """A scenario has ended: what the terminal and what the rig's contacts made of its presses. Raises RigFault.

        What befell the presses of secrets stands under one name: by key it would tell their digits.
        """
        if self.ledger is None:
            return
        channels = self.rig.description.keypad.channels
        for (key, secret), count in counts.items():
            name, channel = (HIDDEN, HIDDEN) if secret else (key, str(channels.get(key, "")))
            for kind, part, number in (
                (Kind.MISSED, name, count.missed - count.missed_by_rig),
                (Kind.DOUBLED, name, count.doubled - count.doubled_by_rig),
                (Kind.LOST_CLOSING, channel, count.missed_by_rig),
                (Kind.DOUBLED_CLOSING, channel, count.doubled_by_rig),
            ):
                if number > 0:
                    self.ledger.charge(kind, part, number)


@dataclass(slots=True)
class Images:
    """Writes of an image in this run: charged before the act, and told by the terminal's service port."""

    charged: int = 0

    def charge(self, ledger: Ledger, what: str) -> None:
        """Before the act. Raises SafetyAbort."""
        ledger.charge(Kind.FLASH, what)
        self.charged += what == IMAGE

    def uncharged(self, told: int) -> int:
        """How many more were told than charged; they count as charged from now on."""
        more = max(told - self.charged, 0)
        self.charged += more
        return more


def leased_resources(description: RigDescription) -> tuple[str, ...]:
    """What a run needs for itself: the terminal, and each instrument as a whole.

    An instrument's error queue is one for all its clients: two jobs on one switch unit would get each other's errors.
    A simulated rig that the run starts for itself is nobody else's.
    """
    if description.simulated is not None:
        return ()
    instruments = description.instruments
    found = (instruments.supply, instruments.switch, instruments.meter)
    resources = dict.fromkeys(instrument.resource.upper() for instrument in found if instrument is not None)
    return (f"terminal {description.terminal.serial_number}", *resources)


@contextlib.contextmanager
def rig_session(
    description: RigDescription,
    *,
    profile: Profile | None = None,
    credentials: Credentials | None = None,
    options: RigOptions | None = None,
    wait_s: float = 0.0,
    progress: Callable[[str], None] | None = None,
    job: str | None = None,
    incidents: bool = True,
) -> Iterator[RigSession]:
    """Lease, open, and give back whatever happens. ``wait_s``: how long to wait for the lease (real time).
    ``progress`` is told what a person should know meanwhile (default: standard error); with ``incidents`` also what a
    guard had to do.

    Raises Busy when another job has the rig; ConfigurationError, RigFault and SafetyAbort as its parts do.
    """
    name, tell = job or default_job(), progress or _to_stderr
    if incidents:
        for incident in take_new():
            tell(f"INCIDENT: {incident}")
    with (
        take(leased_resources(description), job=name, wait_s=wait_s, progress=tell) as lease,
        _ledger(description) as ledger,
    ):
        wanted = replace(
            options or RigOptions(),
            keep_open=lease.filenos(), job=name, on_handed_over=lease.leave, left=lease.left is not None,
        )  # fmt: skip
        rig = Rig.open(description, profile=profile, credentials=credentials, options=wanted)
        try:
            _say_what_was_found(rig, lease.left, tell)
            held = RigSession(rig, lease, ledger)
            power = None if ledger is None else _count(rig, ledger, held.images)
            try:
                yield held
            finally:
                if power is not None:
                    power.attribute()
                held.settle()
        finally:
            rig.close()
        if rig.lost is not None and not rig.loss_told:
            raise rig.lost


def _to_stderr(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _say_what_was_found(rig: Rig, left: Left | None, tell: Callable[[str], None]) -> None:
    """What an earlier holder left switched on, who that was, and for how long nobody watched."""
    if left is None:
        if rig.found_on:
            tell(f"FOUND SWITCHED ON: {'; '.join(rig.found_on)}; who left it is not known; made safe now, and proved")
        return
    about, record = rig.description, left.record
    last_sign = datetime.fromtimestamp(left.last_sign, UTC).isoformat(timespec="seconds")
    incident = Incident(
        rig=about.name, terminal=about.terminal.serial_number, job=record.job, harness_pid=record.pid,
        began=record.since, cause="killed with its guard", died=last_sign, doing=record.doing, safe=True,
        safe_after_s=round(time.time() - left.last_sign, 1), attempts=1, found=rig.found_on,
        proofs=tuple(Proof(one.name, one.state.value, one.detail, one.took_s) for one in rig.start_outcomes),
    )  # fmt: skip
    tell(f"INCIDENT: {incident}")
    keep_shown(incident)


@dataclass(slots=True)
class _PowerOns:
    """Power-ons are charged before the act, to the rig file's terminal; which terminal it is, it says only then."""

    rig: Rig
    ledger: Ledger
    unsure: int = 0
    """Charged since the terminal last said who it is."""

    def before_cycle(self) -> None:
        """Raises SafetyAbort, and RigFault for another terminal than the rig file's."""
        self.attribute()
        check_serial(self.rig)
        self.ledger.charge(Kind.POWER)
        self.unsure += 1

    def attribute(self) -> None:
        """What was charged to this terminal while another one was on the rig is counted as that one's."""
        told = self.rig.told.serial
        if not told or not self.unsure:
            return
        count, self.unsure = self.unsure, 0
        if told != self.rig.terminal.serial_number:
            self.ledger.moved(Kind.POWER, count, told)


def _count(rig: Rig, ledger: Ledger, images: Images) -> _PowerOns:
    channels, power = rig.description.keypad.channels, _PowerOns(rig, ledger)

    def press(key: str, secret: bool) -> None:
        power.attribute()
        check_serial(rig)  # another terminal's presses are none of this one's
        ledger.press(key, channels[key], secret)

    rig.keypad.before_press, rig.power.before_cycle = press, power.before_cycle
    rig.terminal.before_guess = lambda operator: ledger.charge(Kind.WRONG_PASSWORD, operator)
    rig.terminal.before_code = lambda what: ledger.charge(Kind.WRONG_CODE, what)
    rig.terminal.before_flash = lambda what: images.charge(ledger, what)
    return power


@contextlib.contextmanager
def _ledger(description: RigDescription) -> Iterator[Ledger | None]:
    try:
        ledger = Ledger(ledger_path(), description.terminal.serial_number, description.name, description.limits)
    except ConfigurationError:
        if description.simulated is None:
            raise
        yield None  # nothing wears out, and a read-only checkout must still be able to run
        return
    with ledger:
        yield ledger
