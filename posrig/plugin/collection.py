"""Feature files as pytest files: ``pytest features``, a folder, a file, ``x.feature::Scenario name``, ``x.feature:12``.

Before anything is collected every named feature file is checked (``posrig.language.lint``); with one finding nothing
runs and the exit code is 4. Checking here, once, and not in each xdist worker, keeps the list of mistakes single.
"""

from __future__ import annotations

import difflib
import gc
import re
import types
from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest
from gherkin.errors import ParserError
from gherkin.parser import Parser
from pytest_bdd import scenario

from posrig.ground.faults import ConfigurationError
from posrig.language.lint import Checked, Finding, Node, check_file, check_steps, scenarios_of, tags_of
from posrig.language.requirements import known_requirements
from posrig.plugin.activation import features_below
from posrig.plugin.lab import root_of
from posrig.plugin.visible import visible_sentences

FEATURE_ARGUMENT = re.compile(r"^(?P<path>.+\.feature)(?:(?::(?P<line>\d+))|(?:::(?P<name>.+)))?$", re.DOTALL)
SHOWN_FINDINGS = 12
REGRESSIONS = "regressions"
FEATURES_CHECKED = pytest.StashKey[dict[Path, Checked]]()


class FeatureFile(pytest.Module):
    """A .feature file seen by pytest as a module with one test function per scenario."""

    language = "en"
    """As the file's first line says."""

    def istestfunction(self, obj: object, name: str) -> bool:
        return getattr(obj, "__posrig_scenario__", False) is True

    def istestclass(self, obj: object, name: str) -> bool:
        return False

    def collect(self) -> Iterable[pytest.Item | pytest.Collector]:
        feature = self._feature()
        self.language = str(feature["language"])
        # strict markers stay on: a tag is a marker of the file that holds it
        for tag in sorted(tags_of(feature)):
            self.config.addinivalue_line("markers", f"{tag}: tag of {self.path.name}")
        module = types.ModuleType(self.path.stem)
        module.__file__ = str(self.path)
        for node, _ in scenarios_of(feature):
            setattr(module, node["name"], self._function(node))
        self.obj = module
        return super().collect()

    def _feature(self) -> Node:
        checked = self.config.stash.get(FEATURES_CHECKED, {}).get(self.path)
        if checked is not None and checked.feature is not None:
            return checked.feature
        try:  # in an xdist worker: the controller has checked the file
            feature = Parser().parse(self.path.read_text(encoding="utf-8-sig")).get("feature")
        except (ParserError, UnicodeDecodeError) as error:
            raise self.CollectError(f"{self.path}: {error}") from error
        if feature is None:
            raise self.CollectError(f"{self.path}: there is no feature in this file")
        return feature

    def _function(self, node: Node) -> object:
        def run() -> None: ...

        function = scenario(str(self.path), node["name"], encoding="utf-8-sig")(run)
        function.__name__ = node["name"]
        function.__posrig_scenario__ = True  # type: ignore[attr-defined]
        # reports and JUnit ask the function where it stands: at the scenario's line in the .feature file
        function.place_as = _placed(self.path, node["location"]["line"])  # type: ignore[attr-defined]
        return function


def _placed(path: Path, line: int) -> types.FunctionType:
    def nowhere() -> None: ...

    code = nowhere.__code__.replace(co_filename=str(path), co_firstlineno=line)
    return types.FunctionType(code, {})


def is_scenario(item: pytest.Item) -> bool:
    """Whether a test item is a scenario of a feature file."""
    return isinstance(item.parent, FeatureFile)


def feature_arguments(arguments: Sequence[str], base: Path) -> list[Path]:
    """The feature files that command-line arguments name, by themselves or through their folders."""
    found: dict[Path, None] = {}
    for argument in arguments:
        named = FEATURE_ARGUMENT.match(argument)
        path = base / (named["path"] if named else argument.partition("::")[0])
        if named and path.is_file():
            found[path.resolve()] = None
        elif path.is_dir():
            found.update(dict.fromkeys(features_below(path)))
    return list(found)


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> FeatureFile | None:
    """Take ``.feature`` files."""
    if file_path.suffix != ".feature":
        return None
    return FeatureFile.from_parent(parent, path=file_path)


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Turn ``file.feature:LINE`` into the scenario that holds the line; refuse unknown names with the nearest ones."""
    # also in an xdist worker: it is started with the arguments as they were typed
    config.args[:] = [_argument(argument, config.invocation_params.dir) for argument in config.args]


def _argument(argument: str, base: Path) -> str:
    named = FEATURE_ARGUMENT.match(argument)
    if named is None:
        return argument
    path = base / named["path"]
    if not path.is_file():
        near = difflib.get_close_matches(path.name, [p.name for p in path.parent.glob("*.feature")], 3, 0.4)
        raise _usage(
            f"there is no feature file {named['path']}", todo=f"did you mean: {', '.join(near)}" if near else ""
        )
    if named["line"] is None and named["name"] is None:
        return argument
    try:
        feature = Parser().parse(path.read_text(encoding="utf-8-sig")).get("feature")
    except (ParserError, UnicodeDecodeError):
        return named["path"]  # the check before collection tells what is wrong with it
    nodes = [node for node, _ in scenarios_of(feature)] if feature else []
    if named["line"] is not None:
        above = [node["name"] for node in nodes if _first_line(node) <= int(named["line"])]
        if not above:
            raise _usage(f"no scenario stands at line {named['line']} of {named['path']}", allowed=_lines(nodes))
        return f"{named['path']}::{above[-1]}"
    names = [node["name"] for node in nodes]
    if named["name"] not in names and named["name"].partition("[")[0] not in names:
        near = difflib.get_close_matches(named["name"], names, 3, 0.3) or names[:8]
        raise _usage(
            f"there is no scenario {named['name']!r} in {named['path']}", todo="did you mean: " + "  |  ".join(near)
        )
    return argument


def _first_line(node: Node) -> int:
    return min(int(place["location"]["line"]) for place in (node, *node["tags"]))


def _lines(nodes: Iterable[Node]) -> str:
    return ", ".join(f"{node['location']['line']} ({node['name']})" for node in list(nodes)[:8])


def _usage(found: str, *, allowed: str = "", todo: str = "") -> pytest.UsageError:
    return pytest.UsageError(str(ConfigurationError(found, allowed=allowed, todo=todo)))


@pytest.hookimpl(tryfirst=True)
def pytest_collection(session: pytest.Session) -> None:
    """Check every named feature file and every step function; raise with all findings before anything is collected."""
    config = session.config
    if hasattr(config, "workerinput"):
        return
    paths = feature_arguments(config.args, config.invocation_params.dir)
    if not paths:
        return
    visible = visible_sentences(session, paths)
    try:
        requirements = known_requirements(root_of(config))
    except ConfigurationError as error:
        raise pytest.UsageError(str(error)) from None
    indexes = {path: visible.from_file(path) for path in paths}
    findings = [finding for index in dict.fromkeys(indexes.values()) for finding in check_steps(index)]
    checked: dict[Path, Checked] = {}
    for path, index in indexes.items():
        checked[path] = check_file(path, index, requirements)
        findings += checked[path].findings
    if findings:
        raise pytest.UsageError(findings_text(findings, len(paths)))
    config.stash[FEATURES_CHECKED] = checked


def pytest_collection_finish() -> None:
    """What was collected stays until the end: looking through it again and again costs a twentieth of the run."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What once was found and written down (``features/regressions``) runs first: it fails first if it is back.

    Last of these hooks, so that it orders what the others have left, and changes nothing of their choice.
    """
    items.sort(key=lambda item: not (is_scenario(item) and REGRESSIONS in item.path.parts))


def findings_text(findings: Sequence[Finding], files: int) -> str:
    """The findings of a run on one screen."""
    shown = [str(finding) for finding in findings[:SHOWN_FINDINGS]]
    more = len(findings) - len(shown)
    if more:
        shown.append(f"... and {more} more; name one file to see its own")
    mistakes = "1 mistake" if len(findings) == 1 else f"{len(findings)} mistakes"
    checked = "1 feature file" if files == 1 else f"{files} feature files"
    return "\n".join([f"{mistakes} in {checked} or their steps: nothing was run", *shown])
