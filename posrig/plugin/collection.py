"""Feature files as pytest files: ``pytest features``, a folder, a file, ``x.feature::Scenario name``, ``x.feature:12``.

Before anything is collected every named feature file is checked (``posrig.language.lint``); with one finding nothing
runs and the exit code is 4. Checking here, once, and not in each xdist worker, keeps the list of mistakes single.
"""

from __future__ import annotations

import difflib
import gc
import re
import types
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from pytest_bdd import parser, scenario

from posrig.ground.faults import ConfigurationError
from posrig.language.feature_text import parse
from posrig.language.findings import Checked, Finding, Node
from posrig.language.lint import check_file, check_sentences
from posrig.language.messages import Told, language_of, say
from posrig.language.outlines import fill, scenarios_of
from posrig.language.requirements import known_requirements, read_requirements
from posrig.language.tags import tags_of
from posrig.language.visibility import Visibility
from posrig.plugin.activation import features_below
from posrig.plugin.lab import root_of
from posrig.plugin.visible import visible_sentences
from posrig.suite import NAME as SUITE
from posrig.suite import REQUIREMENTS as SUITE_REQUIREMENTS
from posrig.suite import in_suite

FEATURE_ARGUMENT = re.compile(r"^(?P<path>.+\.feature)(?:(?::(?P<line>\d+))|(?:::(?P<name>.+)))?$", re.DOTALL)
SHOWN_FINDINGS = 12
REGRESSIONS = "regressions"
_CHINESE = re.compile(rb"(?:\xef\xbb\xbf)?\s*#\s*language\s*:\s*zh")
FEATURES_CHECKED = pytest.StashKey[dict[Path, Checked]]()
CHOSEN = pytest.StashKey[dict[Path, list[str] | None]]()
"""The scenarios that are named on the command line, of each file, in the order in which they are named."""
"""The names and rows that the command line names of each file; None: all."""
VISIBLE = pytest.StashKey[Visibility]()
"""The sentences of each file, as the check before collection has asked them."""
_STAND_IN = "scenario"


class ScenarioItem(pytest.Function):
    """One run of a scenario. Its function is kept by the file, under the scenario's name."""

    def _getobj(self) -> object:
        assert isinstance(self.parent, FeatureFile)
        return self.parent.functions[self.originalname]


class FeatureFile(pytest.Module):
    """A .feature file seen by pytest as a module with one test function per scenario.

    The module itself is empty: names in it mean something to Python and pytest, and a scenario may be called
    ``setup_module`` or ``__class__``.
    """

    language = "en"
    """As the file's first line says."""

    @classmethod
    def from_parent(cls, parent: pytest.Collector, **rest: Any) -> FeatureFile:
        """A file of the suite has the same name wherever posrig is installed."""
        if in_suite(rest["path"]):
            rest["nodeid"] = f"{SUITE}/{rest['path'].name}"
        return super().from_parent(parent, **rest)

    functions: Mapping[str, object] = {}

    def collect(self) -> Iterator[pytest.Item | pytest.Collector]:
        feature = self._feature()
        self.language = str(feature["language"])
        # strict markers stay on: a tag is a marker of the file that holds it
        for tag in sorted(tags_of(feature)):
            self.config.addinivalue_line("markers", f"{tag}: tag of {self.path.name}")
        self.obj = types.ModuleType(self.path.stem)
        self.obj.__file__ = str(self.path)
        self.functions = {node["name"]: self._function(node) for node, _ in scenarios_of(feature)}
        chosen = self.config.stash.get(CHOSEN, {}).get(self.path)
        items = [item for name, function in self.functions.items() for item in self._items(name, function)]
        if chosen is None:
            yield from items
            return
        for wanted in chosen:
            yield from (item for item in items if wanted in (item.originalname, item.name))

    def _items(self, name: str, function: object) -> Iterator[pytest.Function]:
        """One for each row of the Examples: made by pytest under a name that means nothing, then named."""
        vars(self.obj)[_STAND_IN] = function
        for made in self._genfunctions(_STAND_IN, function):
            spec = getattr(made, "callspec", None)
            rest = {"callspec": spec, "keywords": {spec.id: True}} if spec else {}
            yield ScenarioItem.from_parent(
                self, name=f"{name}[{spec.id}]" if spec else name, originalname=name,
                fixtureinfo=made._fixtureinfo, **rest,
            )  # fmt: skip

    def _feature(self) -> Node:
        checked = self.config.stash.get(FEATURES_CHECKED, {}).get(self.path)
        if checked is None or checked.feature is None:  # in an xdist worker: the controller has checked the file
            checked = parse(self.path)[1]
        if checked.feature is None:
            raise self.CollectError("\n".join(map(str, checked.findings)))
        return checked.feature

    def _function(self, node: Node) -> object:
        def run() -> None: ...

        function = scenario(str(self.path), node["name"], encoding="utf-8-sig")(run)
        function.__name__ = node["name"]
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


def readers_language(config: pytest.Config) -> str:
    """For what is told before any feature is read: ``zh`` where each one that is named begins with a Chinese language
    line."""
    paths = feature_arguments(config.args, config.invocation_params.dir)
    return "zh" if paths and all(_begins_chinese(path) for path in paths) else "en"


def _begins_chinese(path: Path) -> bool:
    with suppress(OSError), path.open("rb") as file:
        return _CHINESE.match(file.read(200)) is not None
    return False


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> FeatureFile | None:
    """Take ``.feature`` files."""
    if file_path.suffix != ".feature":
        return None
    return FeatureFile.from_parent(parent, path=file_path)


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Turn ``file.feature:LINE`` into the scenario that holds the line; refuse unknown names with the nearest ones."""
    # also in an xdist worker: it is started with the arguments as they were typed
    chosen = config.stash.setdefault(CHOSEN, {})
    try:
        config.args[:] = [_argument(argument, config.invocation_params.dir, chosen) for argument in config.args]
    except Told as error:
        raise pytest.UsageError(str(error)) from None
    folders = [path for argument in config.args if (path := config.invocation_params.dir / argument).is_dir()]
    for file in chosen:
        if any(file.is_relative_to(folder.resolve()) for folder in folders):
            chosen[file] = None
    # as Cucumber fills them: pytest-bdd leaves a column unfilled behind a lone "<"
    original = parser.render_string
    vars(parser)["render_string"] = fill
    config.add_cleanup(lambda: vars(parser).__setitem__("render_string", original))


def _argument(argument: str, base: Path, chosen: dict[Path, list[str] | None]) -> str:
    """The argument as pytest takes it: the file, and what is chosen from it, for a name may hold ``::`` and ``[``."""
    named = FEATURE_ARGUMENT.match(argument)
    if named is None:
        return argument
    path = base / named["path"]
    if path.is_dir():
        return argument
    if not path.is_file():
        near = difflib.get_close_matches(path.name, [p.name for p in path.parent.glob("*.feature")], 3, 0.4)
        raise Told("feature_unknown", language_of(argument), path=named["path"], near=near)
    file = path.resolve()
    if named["line"] is None and named["name"] is None:
        chosen[file] = None
        return argument
    feature = parse(path)[1].feature
    if feature is not None:  # else the check before collection tells what is wrong with it
        name = _chosen(named, [node for node, _ in scenarios_of(feature)], str(feature["language"]))
        before = chosen.setdefault(file, [])
        if before is not None and name not in before:
            before.append(name)
    return str(named["path"])


def _chosen(named: re.Match[str], nodes: list[Node], language: str) -> str:
    """The scenario, or its row, that an argument names. Raises Told."""
    if named["line"] is not None:
        line = int(named["line"]) if len(named["line"]) < 10 else 0
        above = [node["name"] for node in nodes if _first_line(node) <= line]
        if not above:
            raise Told("line_unknown", language, line=named["line"], path=named["path"], allowed=_lines(nodes))
        return str(above[-1])
    names, name = [node["name"] for node in nodes], named["name"]
    if name not in names and not any(name.startswith(f"{one}[") and name.endswith("]") for one in names):
        near = difflib.get_close_matches(name[:200], names, 3, 0.3) or names[:8]
        raise Told("scenario_unknown", language, name=name, path=named["path"], near=near)
    return str(name)


def _first_line(node: Node) -> int:
    return min(int(place["location"]["line"]) for place in (node, *node["tags"]))


def _lines(nodes: Iterable[Node]) -> str:
    return ", ".join(f"{node['location']['line']} ({node['name']})" for node in list(nodes)[:8])


@pytest.hookimpl(tryfirst=True)
def pytest_collection(session: pytest.Session) -> None:
    """Check every named feature file and every step function; raise with all findings before anything is collected."""
    config = session.config
    if hasattr(config, "workerinput"):
        return
    paths = feature_arguments(config.args, config.invocation_params.dir)
    if not paths:
        return
    visible = config.stash[VISIBLE] = visible_sentences(session, paths)
    try:
        known = known_requirements(root_of(config), readers_language(config))
        suites = read_requirements(SUITE_REQUIREMENTS) if any(map(in_suite, paths)) else {}
    except ConfigurationError as error:
        raise pytest.UsageError(str(error)) from None
    indexes = {path: visible.from_file(path) for path in paths}
    findings = check_sentences(indexes.values())
    checked: dict[Path, Checked] = {}
    for path, index in indexes.items():
        checked[path] = check_file(path, index, suites if in_suite(path) else known)
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
    language = "zh" if all(finding.language == "zh" for finding in findings) else "en"
    shown = [str(finding) for finding in findings[:SHOWN_FINDINGS]]
    more = len(findings) - len(shown)
    if more:
        shown.append(say("and_more", language, count=more).found)
    mistakes = "1 mistake" if len(findings) == 1 else f"{len(findings)} mistakes"
    checked = "1 feature file" if files == 1 else f"{files} feature files"
    if language == "zh":
        mistakes, checked = f"{len(findings)} 处错误", f"{files} 个 feature 文件"
    return "\n".join([say("nothing_was_run", language, mistakes=mistakes, files=checked).found, *shown])
