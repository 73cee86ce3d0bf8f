"""Quarantine: scenarios whose product failure is known and owned, for a time. ``features/quarantine.yaml``.

A quarantined scenario runs like any other. Its product failure is shown as "quarantined", with owner and reason, and
does not decide the exit code; a rig fault of it does. The list is checked before anything runs: an entry that ran out,
names no scenario, has no owner or lasts too long is a configuration error, so that no failure is forgotten here.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated

import pytest
from pydantic import BaseModel, ConfigDict, StringConstraints

from posrig.description.located_yaml import LocatedYaml, WrongFields, read_yaml, validate
from posrig.ground.faults import ConfigurationError
from posrig.language.feature_text import parse
from posrig.language.messages import Told, language_of, say
from posrig.language.outlines import scenarios_of
from posrig.language.step_index import short_path
from posrig.language.yaml_words import told_in
from posrig.plugin.collection import FEATURES_CHECKED, feature_arguments
from posrig.plugin.lab import root_of
from posrig.plugin.verdicts import Failure, Verdict

PLACE = Path("features", "quarantine.yaml")
LONGEST_DAYS = 90
DOCS = "docs/flakes.md"
_WHAT = "quarantine list"
_LIST = "quarantine"
ENTRIES = pytest.StashKey["Quarantine"]()

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
"""A name or a reason may be two letters long: 王工."""


class Row(BaseModel):
    """One entry as it stands in the file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    scenario: Words
    owner: Words
    reason: Words
    since: date
    expires: date


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    quarantine: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class Quarantine:
    """The list of a run, with where each entry stands."""

    source: LocatedYaml
    rows: tuple[Row, ...]

    def of(self, scenario: str) -> Row | None:
        """The first entry that names this scenario (``FILE::NAME``, with its example row or without)."""
        return next((row for row in self.rows if names(row.scenario, scenario)), None)

    def where(self, number: int, field: str) -> str:
        return self.source.where((_LIST, number, field))


def names(pattern: str, scenario: str) -> bool:
    """Does an entry name a scenario? ``*`` and ``?`` are wild; without ``::`` a file is named, with all it holds.

    >>> names("features/lock/*.feature", "features/lock/own.feature::The lock holds")
    True
    >>> names("features/lock/own.feature::Quick: *", "features/lock/own.feature::Quick: 1[40 ms-1]")
    True
    >>> names("features/lock/own.feature::The lock", "features/lock/own.feature::The lock[40 ms-1]")
    True
    >>> names("features/lock/own.feature::The lock", "features/lock/own.feature::The lock holds")
    False
    """
    file, _, name = scenario.partition("::")
    wanted_file, parted, wanted_name = pattern.partition("::")
    if not _wild(wanted_file).fullmatch(file):
        return False
    return not parted or any(_wild(wanted_name).fullmatch(one) for one in (name, _bare(name)))


def _wild(pattern: str) -> re.Pattern[str]:
    return re.compile(re.escape(pattern).replace(r"\*", ".*").replace(r"\?", "."), re.DOTALL)


def _bare(name: str) -> str:
    """The name without its example row."""
    return name.partition("[")[0] if name.endswith("]") else name


def read_quarantine(path: Path, today: date) -> Quarantine:
    """The list. Raises ConfigurationError naming file, line, field, what is allowed and what to do."""
    source = read_yaml(path, _WHAT)
    try:
        found = Quarantine(source, validate(source, _File, _WHAT, docs=DOCS).quarantine)
    except WrongFields as wrong:
        raise told_in(wrong, language_of(str(source.data))) from wrong
    for number, row in enumerate(found.rows):
        _check_dates(found, number, row, today)
    return found


def _check_dates(found: Quarantine, number: int, row: Row, today: date) -> None:
    latest = today + timedelta(days=LONGEST_DAYS)
    rule, field, day = "", "expires", row.expires
    if row.expires < today:
        rule = "quarantine_expired"
    elif row.expires > latest:
        rule = "quarantine_long"
    elif row.since > today:
        rule, field, day = "quarantine_early", "since", row.since
    if rule:
        raise Told(
            rule, _language(row), where=found.where(number, field),
            scenario=row.scenario, owner=row.owner, day=day, first=today, last=latest, most=LONGEST_DAYS,
        )  # fmt: skip


def _language(row: Row) -> str:
    """The list has no language line: the words of its entry tell who reads it."""
    return language_of(row.scenario, row.owner, row.reason)


def check_names(found: Quarantine, known: Iterable[str]) -> None:
    """Each entry names a scenario that there is (``FILE::NAME``). Raises ConfigurationError."""
    scenarios = list(known)
    for number, row in enumerate(found.rows):
        if any(names(one, scenario) for one in (row.scenario, _bare(row.scenario)) for scenario in scenarios):
            continue
        near = difflib.get_close_matches(row.scenario[:200], scenarios, 2, 0.4)
        language = _language(row)
        words = say("did_you_mean" if near else "quarantine_useless", language, near=" / ".join(map(repr, near)))
        where = found.where(number, "scenario")
        raise Told("quarantine_nobody", language, where=where, scenario=row.scenario, near=words.found)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.getgroup("posrig").addoption(
        "--quarantine", metavar="FILE", default=None, help=f"another quarantine list (default: {PLACE})"
    )


@pytest.hookimpl
def pytest_configure(config: pytest.Config) -> None:
    """Read the list, in xdist workers too; a mistake in it ends the run with exit code 4."""
    if not feature_arguments(config.args, config.invocation_params.dir):
        return
    named = config.getoption("--quarantine")
    path = Path(named).absolute() if named else root_of(config) / PLACE
    if not named and not path.is_file():
        return
    try:
        config.stash[ENTRIES] = read_quarantine(path, date.today())
    except ConfigurationError as error:
        raise pytest.UsageError(str(error)) from None


@pytest.hookimpl
def pytest_collection(session: pytest.Session) -> None:
    """Once, in the controller: does each entry still name a scenario?"""
    config = session.config
    found = config.stash.get(ENTRIES, None)
    if found is None or not found.rows or hasattr(config, "workerinput"):
        return
    try:
        check_names(found, _known(config))
    except ConfigurationError as error:
        raise pytest.UsageError(str(error)) from None


def _known(config: pytest.Config) -> Iterator[str]:
    """All scenarios below features/, and those of this run."""
    checked = config.stash.get(FEATURES_CHECKED, {})
    below = feature_arguments([str(root_of(config) / PLACE.parent)], config.rootpath)
    for path in dict.fromkeys([*checked, *below]):
        # a file that cannot be read is not part of this run; the run of that file says what is wrong with it
        feature = checked[path].feature if path in checked else parse(path)[1].feature
        for node, _ in scenarios_of(feature) if feature else ():
            yield f"{_id(config, path)}::{node['name']}"


def _id(config: pytest.Config, path: Path) -> str:
    return path.relative_to(config.rootpath).as_posix() if path.is_relative_to(config.rootpath) else short_path(path)


def quarantined(item: pytest.Item, failure: Failure) -> Failure:
    """The failure as it counts: a product failure of a scenario on the list is quarantined, with who owns it."""
    found = item.config.stash.get(ENTRIES, None)
    row = found.of(item.nodeid) if found is not None and failure.verdict is Verdict.PRODUCT_FAILURE else None
    if row is None:
        return failure
    words = f"in quarantine until {row.expires}, owner {row.owner}: {row.reason}\nit was: {failure.verdict}: "
    return replace(failure, verdict=Verdict.QUARANTINED, message=words + failure.message)
