"""Do the terminal's two outputs, display and service port, speak of the same terminal, and at the same time?

The service port names each page; the console shows it. A console that shows another page is late, stands still, or
hangs on the terminal beside - or the terminal itself shows other than it tells. Which of both is told by a second look
at the display: the camera, or the count of what left the terminal's connector. Where there is neither, nobody is
accused. Times in seconds; those to wait are real ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher
from itertools import islice

from posrig.description.patterns import samples
from posrig.description.profile import Profile
from posrig.ground.clock import SimulatedClock
from posrig.ground.faults import ConfigurationError, RigFault
from posrig.rig.rig import Rig
from posrig.rig.told import Page
from posrig.rig.wire_evidence import arrived_whole
from posrig.screens.camera import ExtraMissingError
from posrig.screens.pictures import Picture

LATE_S = 1.0
"""A console this far behind the service port is late. A slow serial line needs 0.1 s for a repaint."""
WAITED_S = 4.0
"""So long a console that shows another page is waited for, to tell a late one from another terminal's."""
LOOKED_BACK = 500
"""Pictures among which the start page is looked for, where no service port tells who the terminal is."""
ALIKE = 0.75
"""A picture this like a page of the profile is that page with another text: the terminal's own doing."""


def check_agreement(rig: Rig) -> None:
    """The display shows the page that the service port told last, and has shown it in time. Raises RigFault."""
    if rig.streams.service is None:
        return
    rig.clock.sync(rig.streams)
    rig.streams.check()
    if rig.baseline.on_way and not arrived_whole(rig, rig.baseline, "service"):
        raise RigFault(
            "what comes in from the service port is not what has left the terminal's",
            instrument="service port",
            todo="does its cable lead to this terminal, and to no neighbour's?",
        )
    if not rig.told.pages or rig.told.pages[-1].screen not in rig.profile.screens:
        return
    if not _agrees(rig) and rig.streams.screen.wait_until(lambda: _agrees(rig), _patience_s(rig)):
        _check_age(rig)
    if not _agrees(rig):
        if not console_proved(rig):
            raise _contradicts(rig)
    else:
        _check_age(rig)


def _patience_s(rig: Rig) -> float:
    """Where the rig tells what it has sent, all of it was read; elsewhere a console may be late."""
    return 0.0 if isinstance(rig.clock, SimulatedClock) else WAITED_S


def _agrees(rig: Rig) -> bool:
    if not rig.told.pages:
        return True
    page, lines = rig.told.pages[-1].screen, rig.streams.screen.picture.lines
    match = rig.profile.recognise(lines)
    return match.screen == page if match is not None else _like(rig.profile, lines, page)


def _like(profile: Profile, lines: Sequence[str], page: str) -> bool:
    """Is it this page with another text?"""
    text, height = "\n".join(line.rstrip() for line in lines), profile.data.display.rows
    return page in profile.screens and any(
        SequenceMatcher(None, text, sample, autojunk=False).ratio() >= ALIKE
        for rows in profile.screens[page].rows.values()
        for sample in samples(rows, height, profile.data.all_kinds)
    )


def _check_age(rig: Rig) -> None:
    """Each page came on the display as soon as the service port told it; pages that passed at once do not count.

    On a virtual clock there is nothing to ask: all that was sent was read before it moved on.
    """
    if isinstance(rig.clock, SimulatedClock):
        return
    pictures = [
        one for one in rig.streams.screen.pictures if rig.told.pages and one.at >= rig.told.pages[0].at - LATE_S
    ]
    for page in rig.told.pages:
        late_s = _late_s(rig.profile, page, pictures)
        if late_s is not None and late_s > LATE_S:
            raise RigFault(
                f"the {rig.streams.screen.name} is {late_s:.1f} s behind the service port (page {page.screen!r})",
                instrument=rig.streams.screen.name,
                todo="look at its serial server and at what lies between: it holds bytes back",
            )


def _late_s(profile: Profile, page: Page, pictures: Sequence[Picture]) -> float | None:
    """How long after the page was told its first picture came; None when none did."""
    if page.screen not in profile.screens:
        return None
    for picture in pictures:
        match = profile.recognise(picture.lines)
        if match is not None and match.screen == page.screen and picture.at >= page.at - LATE_S:
            return picture.at - page.at
    return None


def console_proved(rig: Rig) -> bool:
    """Is what the harness reads what the terminal shows? By the camera, where the rig has one beside its console, else
    by the count of what left the terminal's connector. False where nothing can prove it."""
    lines = rig.streams.screen.picture.lines
    if rig.streams.screen.came.messages and rig.description.camera is not None:
        try:
            sight = rig.look(lambda reading: reading.rows is not None)
        except (ExtraMissingError, RigFault):
            sight = None
        if sight is not None and sight.reading.rows is not None:
            return [row.rstrip() for row in sight.reading.rows] == [line.rstrip() for line in lines]
    return arrived_whole(rig, rig.baseline, "screen")


def _contradicts(rig: Rig) -> RigFault:
    screen, told = rig.streams.screen, rig.told.pages[-1].screen
    match = rig.profile.recognise(screen.picture.lines)
    shown = "nothing" if not any(screen.picture.lines) else repr(match.screen) if match else "an unknown page"
    return RigFault(
        f"the {screen.name} shows {shown} while the service port tells page {told!r}",
        instrument=screen.name,
        todo="do both cables lead to this terminal, and to no neighbour's? does either of them stand still?",
    )


def check_recognised(rig: Rig) -> None:
    """The profile has known this terminal: a page at which it rests, or what it shows now.

    Raises ConfigurationError for a profile that does not fit, RigFault when no picture ever came.
    """
    if rig.recognised or not rig.power.is_on:
        return
    screen, profile = rig.streams.screen, rig.profile
    rig.clock.sync(rig.streams)
    if profile.recognise(screen.picture.lines) is not None:
        return
    if any(_rests(profile, lines) for lines in {picture.lines for picture in screen.pictures}):
        rig.recognised = True
        return
    if not any(any(picture.lines) for picture in (*screen.pictures, screen.picture)):
        if arrived_whole(rig, rig.baseline, "screen"):
            return  # it was not the wire that lost them: the terminal has painted nothing
        raise RigFault(
            f"no picture has come on the {screen.name} since the rig was opened",
            instrument=screen.name,
            todo=f"is the terminal on, and its cable in? {screen.lost_todo}",
        )
    rows = " / ".join(filter(None, rig.veil.rows(screen.picture.lines))) or "nothing now"
    raise ConfigurationError(
        f"the profile has recognised no page of this terminal yet, so it cannot judge it; shown: {rows}",
        where=f"{profile.source.path}: model {profile.data.model!r}, "
        f"{profile.data.display.rows} rows of {profile.data.display.columns}",
        todo="posrig screen shows what the terminal shows: compare model, size of the display and the texts of the "
        "first pages; posrig learn --write drafts a profile",
    )


def _rests(profile: Profile, lines: Sequence[str]) -> bool:
    """A page at which the terminal rests, as the profile says it; what else stands on it is the terminal's doing."""
    match = profile.recognise(lines)
    if match is not None:
        return profile.screens[match.screen].kind != "progress"
    height = profile.data.display.rows
    if len(lines) != height or not any(lines):
        return False
    return any(
        sample.strip() and all(row.startswith(part) for row, part in zip(lines, sample.split("\n"), strict=False))
        for screen in profile.screens.values()
        if screen.kind != "progress"
        for rows in screen.rows.values()
        for sample in samples(rows, height, profile.data.all_kinds)
    )


def initial_screen(profile: Profile) -> str:
    """The page of a terminal that nobody has used: what means signed off, else the first page of kind rest."""
    rests = [name for name, screen in profile.screens.items() if screen.kind == "rest"]
    return next(iter((*profile.meaning.get("signed off", ()), *rests)), "")


def check_initial_state(rig: Rig) -> None:
    """What a terminal shows before anything was done to it was left by those before. Raises RigFault.

    Not asked where each scenario takes another terminal from the shelf: there its state is known.
    """
    if "terminal.fresh" in rig.bench.capabilities or not rig.power.is_on or _pressed(rig):
        return
    if any(event.kind in ("key", "bench", "network") for event in rig.timeline):
        return
    match = rig.profile.recognise(rig.streams.screen.picture.lines)
    wanted = initial_screen(rig.profile)
    if match is None or match.screen == wanted or rig.profile.screens[match.screen].kind == "progress":
        return
    raise RigFault(
        f"the terminal was not in its initial state: it shows {match.screen!r} before any key was pressed, "
        f"not {wanted!r}",
        instrument="terminal",
        todo="bring it back by hand: sign off, unlock, or let its lock-out pass (posrig screen --power-on, "
        "posrig press); or put in another terminal; then run again",
    )


def check_identity(rig: Rig) -> None:
    """The terminal is the one that the rig file names: by its service port, else by its start page. Raises RigFault.

    Budgets are counted by serial number, and a verdict is about one terminal.
    """
    if not rig.told.serial:
        with rig.streams.changed:
            newest = tuple(islice(reversed(rig.streams.screen.pictures), LOOKED_BACK))
        starts = (rig.profile.recognise(picture.lines) for picture in newest)
        told = (match.fields.get("serial", "") for match in starts
                if match is not None and rig.profile.means(match.screen) == "starting")  # fmt: skip
        rig.told.serial = next(filter(None, told), "")
    check_serial(rig)


def check_serial(rig: Rig) -> None:
    """The serial number that the terminal told last is the rig file's. Nobody is asked. Raises RigFault."""
    told, wanted = rig.told.serial, rig.terminal.serial_number
    if told not in ("", wanted):
        raise RigFault(
            f"this is the terminal with serial number {told}, the rig file names {wanted}",
            instrument="terminal",
            todo="put in that terminal, or correct terminal.serial_number: budgets and verdicts are per terminal",
        )


def _pressed(rig: Rig) -> bool:
    """Was a key pressed in this scenario?"""
    channels = rig.description.keypad.channels.values()
    return sum(rig.switch.closings[channel] for channel in channels) > rig.baseline.presses
