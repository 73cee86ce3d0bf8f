"""``pytest --posrig-suite``: the suite for any terminal, with this lab's rig.

Alone where no path is named, else beside the features that are. One of its scenarios is called as pytest shows it,
``posrig/suite/lock.feature::TITLE``, wherever posrig is installed. pytest would collect a file outside the lab through
every folder above it, and leave a virtual environment out: so the files are given to the session directly.
"""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

import pytest

from posrig.plugin.collection import FeatureFile
from posrig.suite import FOLDER, NAME, files, in_suite

OPTION = "--posrig-suite"
_NAMED = pytest.StashKey[list[str]]()
_TAKEN = pytest.StashKey[list[Path]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.getgroup("posrig").addoption(
        OPTION, action="store_true",
        help="run posrig's suite for any terminal: alone, or beside the features that are named",
    )  # fmt: skip


# of those that want to be first the one that was registered last is (entry.py)
@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """What is named of the suite becomes paths, before arguments are looked at."""
    base = config.invocation_params.dir
    if config.getoption(OPTION):
        own = config.args if config.args_source is pytest.Config.ArgsSource.ARGS else []
        config.args[:] = [*own, *map(str, files())]
    config.args[:] = [_path(argument, base) for argument in config.args]


def _path(argument: str, base: Path) -> str:
    """``posrig/suite/lock.feature::TITLE`` as the path of that file; any other argument as it is."""
    name, parted, rest = argument.partition(".feature")
    if not parted or not name.startswith(f"{NAME}/") or (base / f"{name}.feature").is_file():
        return argument
    return f"{FOLDER / name.removeprefix(f'{NAME}/')}.feature{rest}"


def pytest_collection(session: pytest.Session) -> None:
    """Keep the files of the suite from pytest's own way to collect; they were checked with the others."""
    config = session.config
    config.stash[_NAMED] = list(config.args)
    mine = [argument for argument in config.args if in_suite(Path(argument.partition("::")[0]))]
    config.stash[_TAKEN] = list(dict.fromkeys(Path(argument.partition("::")[0]) for argument in mine))
    config.args[:] = [argument for argument in config.args if argument not in mine]


def pytest_collection_finish(session: pytest.Session) -> None:
    """The arguments again, for whoever asks what was named."""
    if (named := session.config.stash.get(_NAMED, None)) is not None:
        session.config.args[:] = named


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """The suite's files stand beside whatever the session has collected."""
    report = yield
    if isinstance(collector, pytest.Session) and report.passed:
        taken = collector.config.stash.get(_TAKEN, [])
        report.result = [*report.result, *(FeatureFile.from_parent(collector, path=path) for path in taken)]
    return report
