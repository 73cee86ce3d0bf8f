"""Versions on any terminal: which one runs, one that is newer, and what runs after an update."""

from __future__ import annotations

import re

from posrig.ground.faults import ConfigurationError
from posrig.terminal.judging import expect
from posrig.terminal.terminal import Terminal
from posrig.terminal.ways.cases import cases
from posrig.terminal.ways.navigator import Navigator

_NUMBERS = re.compile(r"(\d+)\.(\d+)\.(\d+)")


def running(terminal: Terminal) -> str:
    """By the way to the page that shows it. Raises ConfigurationError where the page has no field ``version``."""
    who = terminal.profile.operator_of(next(iter(terminal.profile.data.roles)))
    frame = Navigator(terminal).go("version", who)
    version = frame.fields.get("version", "")
    if not version:
        raise ConfigurationError(
            f"the page of the way 'version' ({frame.screen}) shows no version",
            where=terminal.profile.source.where(("ways", "version")), allowed="a page with {version:...}",
        )  # fmt: skip
    Navigator(terminal).home()
    return version


def newer(version: str) -> str:
    """
    >>> newer("V3.0.1"), newer("2.4.1")
    ('3.1.0', '2.5.0')
    """
    found = _NUMBERS.search(version)
    if found is None:
        raise ConfigurationError(f"nobody knows what comes after version {version!r}", allowed="three numbers: 2.4.1")
    return f"{found[1]}.{int(found[2]) + 1}.0"


def offer_newer(terminal: Terminal, fault: str = "") -> None:
    """A package for this terminal of the version after the one that runs; ``fault`` as docs/update-package.md says."""
    cases(terminal).signed_off()
    terminal.version_before = running(terminal)
    terminal.version_offered = newer(terminal.version_before)
    cases(terminal).offer_update(version=terminal.version_offered, **({"faults": [fault]} if fault else {}))


def runs_offered(terminal: Terminal) -> None:
    _runs(terminal, (terminal.version_offered,), "the version that was offered")


def runs_before(terminal: Terminal) -> None:
    _runs(terminal, (terminal.version_before,), "the version that ran before")


def runs_one_of_both(terminal: Terminal) -> None:
    """Whole, whichever it is."""
    _runs(terminal, (terminal.version_before, terminal.version_offered), "one of both versions")


def _runs(terminal: Terminal, wanted: tuple[str, ...], what: str) -> None:
    if not terminal.version_offered:
        raise ConfigurationError("no update was offered in this scenario", allowed="a Given step that offers one")
    shown = running(terminal)
    bare = [one.removeprefix("V") for one in wanted]
    expect(shown.removeprefix("V") in bare, terminal, f"{what}: {' or '.join(bare)}; the page shows {shown}")
