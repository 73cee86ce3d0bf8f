"""The rig of a session and the terminal of a scenario.

``--rig FILE`` names the rig; the simulated one is the default. One rig is opened per session (per worker under xdist)
and closed to its safe state; each scenario gets a terminal in a known state.
"""

from __future__ import annotations

import difflib
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from posrig.description.lab import default_rig
from posrig.description.profile import Profile, read_profile
from posrig.description.rig_file import RigDescription, read_rig
from posrig.evidence.judged import judged_rows
from posrig.evidence.lcd import draw
from posrig.evidence.ordering import KEY, POWER, Orders
from posrig.fuzzing.qualifying.qualification import seeded_defects
from posrig.ground.faults import ConfigurationError, PosrigError
from posrig.language.yaml_words import told_in
from posrig.plugin.collection import FeatureFile, is_scenario, readers_language
from posrig.plugin.evidence import Event, Evidence
from posrig.rig.press_counts import check_contacts, press_counts, shown, typed_openly, unproved
from posrig.rig.rig import Rig
from posrig.rig.session import RigSession
from posrig.rig.soundness import doubts, own_doing
from posrig.rig.stream_evidence import check_identity
from posrig.rig.wire_evidence import check_relays
from posrig.screens.camera import ExtraMissingError
from posrig.terminal.contracts import Frame
from posrig.terminal.judging import drawn
from posrig.terminal.preparing import prepare
from posrig.terminal.terminal import Terminal
from posrig.terminal.veil import entry_ends, spelled

DESCRIPTION = pytest.StashKey[RigDescription]()
PROFILE = pytest.StashKey[Profile]()


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("posrig")
    group.addoption(
        "--rig", metavar="FILE", default=None, help="the rig file (default: the lab's, or the simulated rig)"
    )
    group.addoption("--defect", metavar="ID", action="append", default=[], help="run against this seeded defect")
    group.addoption(
        "--defects-from", metavar="FILE.py", action="append", default=[], help="register more seeded defects"
    )
    group.addoption("--seed", metavar="N", type=int, default=None, help="seed of the simulated rig (default: rig file)")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Read rig file and profile before anything opens: a mistake in them ends the run with exit code 4."""
    try:
        config.option.rig = config.option.rig or str(default_rig())
        description = _with_options(read_rig(Path(config.option.rig)), config)
        config.stash[DESCRIPTION] = description
        config.stash[PROFILE] = read_profile(description.terminal.profile)
    except ConfigurationError as error:
        told = told_in(error, readers_language(config))
        raise pytest.UsageError(str(told)) from told


def _with_options(description: RigDescription, config: pytest.Config) -> RigDescription:
    defects, files, seed = (config.getoption(name) for name in ("--defect", "--defects-from", "--seed"))
    if not (defects or files or seed is not None):
        return description
    if description.simulated is None:
        raise ConfigurationError(
            f"the rig {description.name!r} is not simulated: it has no defects to seed and no seed",
            where="--defect, --defects-from, --seed",
            allowed="with a rig file that has a 'simulated:' section",
        )
    _known_defects(defects, files, description.simulated.terminal)
    changes: dict[str, object] = {"defects": tuple(defects) or description.simulated.defects}
    if files:
        changes["defects_from"] = tuple(Path(file).resolve() for file in files)
    if seed is not None:
        changes["seed"] = seed
    return description.model_copy(update={"simulated": description.simulated.model_copy(update=changes)})


def _known_defects(wanted: Sequence[str], files: Sequence[str], terminal: str) -> None:
    """Refuse an unknown defect once, before anything opens, instead of once per scenario."""
    if not wanted:
        return
    known = [defect.id for defect in seeded_defects([Path(file) for file in files], terminal)]
    for one in wanted:
        if one not in known:
            near = difflib.get_close_matches(one, known, 3, 0.4)
            raise ConfigurationError(
                f"there is no seeded defect {one!r}",
                where="--defect",
                allowed="posrig defects --rig FILE lists all of a rig's terminal",
                todo=f"did you mean {' or '.join(near)}?" if near else "",
            )


@pytest.fixture(scope="session")
def rig(held_rig: RigSession) -> Rig:
    """The opened rig; closed to its safe state whatever happens (posrig/plugin/lease.py)."""
    return held_rig.rig


@pytest.fixture(autouse=True)
def prepared_terminal(request: pytest.FixtureRequest) -> None:
    """Prepare the terminal before the first step: what fails here is no step's failure."""
    if is_scenario(request.node):
        request.getfixturevalue("terminal")


@pytest.fixture
def terminal(rig: Rig, held_rig: RigSession, request: pytest.FixtureRequest, evidence: Evidence) -> Iterator[Terminal]:
    """A terminal in a known state, switched off; its acts and pictures go into the scenario's evidence."""
    held_rig.begin(request.node.nodeid)
    terminal = rig.terminal
    rig.recover()
    prepare(terminal, language=_language(request), defects=_defects(rig))
    rig.begin_scenario()
    presses, cycles, began = terminal.keypad.presses, terminal.power.cycles, terminal.clock.last_now()
    evidence.clock, evidence.mask = terminal.clock.last_now, rig.credentials.masks.mask
    evidence.known = lambda: len(rig.timeline)
    evidence.doubts, evidence.unproved = (lambda: doubts(rig)), (lambda: unproved(rig))
    evidence.own_doing = lambda fault: own_doing(rig, fault)
    evidence.tell(
        rig=rig.description.name,
        terminal=terminal.profile.data.model,
        serial_number=terminal.serial_number,
        seed=str(rig.description.simulated.seed) if rig.description.simulated else "",
        **({"defects": " ".join(_defects(rig))} if _defects(rig) else {}),
    )
    evidence.register_failure_provider(lambda: _pictures(terminal, evidence))
    evidence.register_failure_provider(lambda: photo_of(rig, evidence.mask))
    try:
        with _noted(rig) as orders:
            yield terminal
    finally:
        evidence.add_counts(
            presses=terminal.keypad.presses - presses,
            power_cycles=terminal.power.cycles - cycles,
            terminal_seconds=terminal.clock.last_now() - began,
        )
        hidden = spelled(terminal.timeline, rig.credentials.masks, entry_ends(rig.profile))
        placed = [Event(one.time_s, one.kind, one.text, one.place) for one in orders.placed(hidden)]
        evidence.add_events(placed)
        evidence.tell(firmware=rig.told.firmware)
        evidence.events.sort(key=lambda event: event.place)
        with suppress(PosrigError):  # a lost rig has said so itself, and counts nothing any more
            counts = press_counts(rig, proved=evidence.contacts_proved)
            evidence.keys = shown(counts, typed_openly(rig))
            held_rig.count_presses(counts)


def pytest_bdd_after_scenario(request: pytest.FixtureRequest) -> None:
    """A scenario that held with other keys than were ordered, or on another terminal, has held nothing: a rig fault,
    and tried again."""
    if sys.exc_info()[0] is None and is_scenario(request.node):
        rig: Rig = request.getfixturevalue("rig")
        check_relays(rig, rig.baseline)
        check_contacts(rig)
        check_identity(rig)
        evidence: Evidence = request.getfixturevalue("evidence")
        evidence.contacts_proved = True


def _defects(rig: Rig) -> tuple[str, ...]:
    return rig.description.simulated.defects if rig.description.simulated else ()


def _language(request: pytest.FixtureRequest) -> str | None:
    """A Chinese scenario is run on a terminal that speaks Chinese."""
    file = request.node.parent
    return "zh" if isinstance(file, FeatureFile) and file.language.startswith("zh") else None


def photo_of(rig: Rig, mask: Callable[[str], str]) -> list[tuple[str, str, bytes]]:
    """What the camera sees. A photo cannot be masked: it is kept when what it shows was read and holds no secret."""
    try:
        sight = rig.look(lambda reading: reading.rows is not None)
    except ExtraMissingError:
        return []
    if sight is None:
        return []
    if sight.reading.rows is None:
        why = f"it could not be read: {sight.reading.unreadable}; posrig camera shows it"
        return [("photo not kept", "text/plain", why.encode())]
    text = "\n".join(sight.reading.rows)
    if mask(text) != text or list(rig.veil.rows(sight.reading.rows)) != [row.rstrip() for row in sight.reading.rows]:
        return [("photo not kept", "text/plain", b"a secret stands on the display")]
    return [("photo", "image/jpeg", sight.photo)]


def _pictures(terminal: Terminal, evidence: Evidence) -> list[tuple[str, str, bytes]]:
    """The picture that was judged, and what is shown now where that is another one. As they may be kept: what a screen
    that asks for a secret shows is hidden, in the drawn picture too."""
    now = tuple(evidence.mask(row).rstrip() for row in terminal.shown(terminal.screen.frame().lines))
    rows = judged_rows(evidence.mask(evidence.judged)) or now
    pictures = [("screen", rows)] if rows == now else [("screen that was judged", rows), ("screen afterwards", now)]
    display = terminal.profile.data.display
    size = (display.rows, display.columns)
    drawings = [(name, "image/png", draw(shown, size)) for name, shown in pictures]
    texts = [
        (f"{name} as text", "text/plain", drawn(Frame(shown, None, None, {}, 0.0), display.columns).encode())
        for name, shown in pictures
    ]
    pressed = ("keys pressed so far", "text/plain", terminal.keypad.history_text(200).encode())
    return [*drawings, *texts, pressed]


@contextmanager
def _noted(rig: Rig) -> Iterator[Orders]:
    """The order of each press and each power-on of a scenario, noted when nothing is left that could refuse it."""
    orders, before = Orders(), (rig.keypad.before_press, rig.power.before_cycle)

    def press(key: str, secret: bool) -> None:
        if before[0] is not None:
            before[0](key, secret)
        orders.give(KEY, rig.clock.last_now(), len(rig.timeline))

    def cycle() -> None:
        if before[1] is not None:
            before[1]()
        orders.give(POWER, rig.clock.last_now(), len(rig.timeline))

    rig.keypad.before_press, rig.power.before_cycle = press, cycle
    try:
        yield orders
    finally:
        rig.keypad.before_press, rig.power.before_cycle = before
