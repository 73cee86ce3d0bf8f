"""Gherkin in Allure results with allure-pytest alone: feature, rule, steps, tags, requirements, verdicts.

allure-pytest-bdd and allure-pytest abort each other, and allure-pytest by itself writes a container file per executed
step, hides the steps, and takes a scenario on a second terminal for a retry. This wires the hooks of pytest-bdd to
Allure's own and tidies each result before it is written.
"""

# mypy: disable-error-code="no-untyped-call"
# (allure-pytest ships no types)

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import platform
import re
import sys
from collections.abc import Callable, Generator, Iterable, Mapping
from pathlib import Path
from typing import Any

import allure
import allure_commons
import pytest
from allure_commons.logger import AllureFileLogger
from allure_commons.model2 import Parameter, Status, TestResult
from allure_commons.types import AttachmentType
from allure_commons.utils import uuid4
from allure_pytest import listener
from attr import asdict
from pytest_bdd.parser import Feature, Scenario, Step
from pytest_bdd.scenario import scenario_wrapper_template_registry

from posrig.evidence.timeline import spoken
from posrig.ground import small_file

BESIDE = ("environment.properties", "categories.json", "executor.json")
"""What :func:`write_beside` writes among the results, and above them"""
CONFIG = "allurerc.json"
"""the configuration that Allure 3 looks for where it is called, in the folder of the run."""
UNWRITTEN = pytest.StashKey[list[str]]()
"""What Allure could not write in this run, with the reason."""
MASK = pytest.StashKey[Callable[[str], str]]()
"""What takes the rig's secrets out of a text; set when a rig is open."""
Record = Mapping[str, Any]
Parameters = Callable[[pytest.Item], Mapping[str, str]]
TagRule = tuple[re.Pattern[str], Callable[[str], object]]

# a tag and what it becomes; '-' parts the word from the value, since markers may hold no ':'
TAG_RULES: tuple[TagRule, ...] = (
    (re.compile(r"^severity-(blocker|critical|normal|minor|trivial)$"), allure.dynamic.severity),
    (re.compile(r"^epic-(.+)$"), lambda value: allure.dynamic.epic(value.replace("_", " "))),
    (re.compile(r"^owner-(.+)$"), lambda value: allure.dynamic.label("owner", value)),
    (re.compile(r"^issue-(.+)$"), lambda value: allure.dynamic.issue(value, name=value)),
    (re.compile(r"^(?:tms|testcase)-(.+)$"), lambda value: allure.dynamic.testcase(value, name=value)),
)
PRODUCT_FAILURE = "product failure"
CATEGORIES = (
    ("Product failure 产品缺陷", PRODUCT_FAILURE),
    ("Rig fault 台架故障", "rig fault"),
    ("Quarantined 已隔离", "quarantined"),
    ("Inconclusive 证据不足", "inconclusive"),
    ("Safety abort 安全中止", "safety abort"),
    ("Configuration error 配置错误", "configuration error"),
    ("Harness error 测试框架错误", "harness error"),
    ("Interrupted 已中断", "interrupted"),
)


def install(config: pytest.Config, parameters: Parameters) -> None:
    """Wire this session. ``parameters`` names what tells two terminals apart. Without --alluredir nothing happens."""
    if not config.option.allure_report_dir or config.pluginmanager.has_plugin("posrig_allure"):
        return
    config.pluginmanager.register(GherkinInAllure(config, parameters), "posrig_allure")
    manager = allure_commons.plugin_manager
    for plugin in [p for p in manager.get_plugins() if type(p) is AllureFileLogger]:
        _replace(config, plugin)
    _literal_ids(config)
    tidy = ResultTidy()
    manager.register(tidy)
    config.add_cleanup(lambda: manager.unregister(tidy))


def _literal_ids(config: pytest.Config) -> None:
    """allure-pytest decodes escapes in the ids of rows; ours have none, and ``D:\\update.bin`` broke the run."""
    original = vars(listener)["allure_name"]

    def allure_name(item: pytest.Function, parameters: Mapping[str, object], param_id: str | None = None) -> str:
        literal = item.function in scenario_wrapper_template_registry
        return str(original(item, parameters, None if literal else param_id))

    vars(listener)["allure_name"] = allure_name
    config.add_cleanup(lambda: vars(listener).__setitem__("allure_name", original))


def _replace(config: pytest.Config, plugin: AllureFileLogger) -> None:
    manager = allure_commons.plugin_manager
    name, ours = (
        manager.get_name(plugin),
        QuietLogger(
            config.option.allure_report_dir,
            config.stash.setdefault(UNWRITTEN, []),
            lambda text: config.stash.get(MASK, str)(text),
        ),
    )
    manager.unregister(plugin)
    manager.register(ours)

    def restore() -> None:  # allure-pytest's own clean-up unregisters its plug-in by name and fails when it is gone
        manager.unregister(ours)
        manager.register(plugin, name=name)

    config.add_cleanup(restore)


class QuietLogger(AllureFileLogger):
    """Writes no container but those whose fixture went wrong: pytest-bdd makes a fixture of every step.

    What cannot be written (a full disk) is remembered in ``unwritten`` and ends no run: records and verdicts stand.
    """

    def __init__(self, folder: str, unwritten: list[str], mask: Callable[[str], str]) -> None:
        super().__init__(folder)
        self._unwritten, self._mask = unwritten, mask

    @allure_commons.hookimpl
    def report_container(self, container: Any) -> None:
        fixtures = (*container.befores, *container.afters)
        if any(fixture.status not in (None, "passed") for fixture in fixtures):
            for details in (fixture.statusDetails for fixture in fixtures if fixture.statusDetails is not None):
                # Allure takes an error from a fixture itself, before anybody has masked it
                details.message, details.trace = self._mask(details.message or ""), self._mask(details.trace or "")
            self._try(lambda: super(QuietLogger, self).report_container(container=container))

    @allure_commons.hookimpl
    def report_result(self, result: TestResult) -> None:
        self._try(lambda: super(QuietLogger, self).report_result(result=result))

    def _report_item(self, item: Any) -> None:
        """As allure-commons, but for half surrogate pairs, which JSON has an escape for and UTF-8 no bytes."""
        name = item.file_pattern.format(prefix=uuid4())
        text = json.dumps(asdict(item, filter=lambda _, value: value or value is False), ensure_ascii=False)
        small_file.write_whole(Path(self._report_dir, name), text.encode(errors="backslashreplace"))

    @allure_commons.hookimpl
    def report_attached_file(self, source: str, file_name: str) -> None:
        self._try(lambda: super(QuietLogger, self).report_attached_file(source=source, file_name=file_name))

    @allure_commons.hookimpl
    def report_attached_data(self, body: Any, file_name: str) -> None:
        self._try(lambda: super(QuietLogger, self).report_attached_data(body=body, file_name=file_name))

    def _try(self, write: Callable[[], object]) -> None:
        try:
            write()
        except OSError as error:
            self._unwritten.append(f"{error.strerror or error}: {error.filename or self._report_dir}")


class ResultTidy:
    """Last look at a result before it is written."""

    @allure_commons.hookimpl(tryfirst=True)
    def report_result(self, result: TestResult) -> None:
        result.historyId = history_id(result)
        judge(result)
        result.labels = [
            label
            for label in result.labels
            if label.name != "tag" or not any(pattern.match(str(label.value)) for pattern, _ in TAG_RULES)
        ]


def history_id(result: TestResult) -> str:
    """From names and values: allure-pytest's hash takes the values alone, so (admin, "") and ("", admin) were one."""
    pairs = sorted((p.name, str(p.value)) for p in result.parameters if not p.excluded)
    named = json.dumps([result.fullName, pairs], ensure_ascii=False)
    return hashlib.md5(named.encode(errors="backslashreplace"), usedforsecurity=False).hexdigest()


def judge(result: TestResult) -> None:
    """``failed`` accuses the product: all that is no product failure is ``broken``, its steps too. A quarantined one
    stays skipped."""
    if result.status not in (Status.FAILED, Status.BROKEN):
        return
    message = (result.statusDetails.message or "") if result.statusDetails else ""
    accused = message.partition("\n")[0].strip() == PRODUCT_FAILURE
    result.status = Status.FAILED if accused else Status.BROKEN
    steps = list(result.steps)
    while steps and not accused:
        step = steps.pop()
        steps += step.steps
        step.status = Status.BROKEN if step.status == Status.FAILED else step.status


class GherkinInAllure:
    """Hooks of pytest-bdd, spoken to Allure."""

    def __init__(self, config: pytest.Config, parameters: Parameters) -> None:
        self.config, self.parameters = config, parameters
        self.open: str | None = None
        self.left: list[Step] = []

    @pytest.hookimpl
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Labels before the fixtures run, so that a scenario whose rig does not open has them too."""
        template = scenario_wrapper_template_registry.get(item.function) if isinstance(item, pytest.Function) else None
        if template is None:
            return
        allure.dynamic.feature(template.feature.name)
        allure.dynamic.story(template.rule.name if template.rule else template.name)
        allure.dynamic.label("gherkin_language", template.feature.language)
        marks = {mark.name for mark in item.iter_markers() if not mark.args and not mark.kwargs}
        for tag in sorted(marks):
            for pattern, act in TAG_RULES:
                if found := pattern.match(tag):
                    act(found[1])
        for name, value in item.user_properties:
            if name == "requirement":
                allure.dynamic.label("requirement", value)

    @pytest.hookimpl
    def pytest_bdd_before_scenario(self, request: pytest.FixtureRequest, feature: Feature, scenario: Scenario) -> None:
        self.left, self.open = list(scenario.steps), None
        allure.dynamic.title(scenario.name)
        rule = scenario.rule.description if scenario.rule else ""
        parts = (feature.description, rule, scenario.description)
        allure.dynamic.description("\n\n".join(part.strip() for part in parts if part and part.strip()))
        self._set_parameters(request)

    @pytest.hookimpl
    def pytest_bdd_after_scenario(self, request: pytest.FixtureRequest, feature: Feature, scenario: Scenario) -> None:
        error = sys.exc_info()[1]
        self._stop(error)  # a step left by pytest.skip or Ctrl-C had neither of its own ends
        if error is not None:
            for step in self.left:
                self._start(step)
                self._stop(pytest.skip.Exception("not run"))
        self.left = []

    @pytest.hookimpl
    def pytest_bdd_before_step(
        self, request: pytest.FixtureRequest, feature: Feature, scenario: Scenario, step: Step
    ) -> None:
        self.left = self.left[1:]
        self._start(step)
        if step.datatable is not None:
            table = io.StringIO()
            csv.writer(table).writerows(step.datatable.raw())
            allure.attach(table.getvalue(), "data table", AttachmentType.CSV)
        if step.docstring is not None:
            allure.attach(step.docstring, "doc string", AttachmentType.TEXT)

    @pytest.hookimpl
    def pytest_bdd_after_step(
        self, request: pytest.FixtureRequest, feature: Feature, scenario: Scenario, step: Step
    ) -> None:
        self._stop(None)

    @pytest.hookimpl(trylast=True)
    def pytest_bdd_step_error(self, request: pytest.FixtureRequest, step: Step, exception: BaseException) -> None:
        self._stop(exception)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """The message begins with the verdict, which is what the categories go by."""
        report = yield
        result = self._result()
        if (
            call.excinfo is not None
            and isinstance(report.longrepr, str)
            and result is not None
            and result.statusDetails
        ):
            verdict, _, rest = report.longrepr.partition("\n")
            result.statusDetails.message = f"{verdict}\n{rest}".strip()
            result.statusDetails.trace = report.longrepr
        return report

    def _set_parameters(self, request: pytest.FixtureRequest) -> None:
        result = self._result()
        if result is None:
            return
        example = request.getfixturevalue("_pytest_bdd_example")
        named = {**example, **self.parameters(request.node)}
        kept = [p for p in result.parameters if p.name != "_pytest_bdd_example" and p.name not in named]
        result.parameters = kept + [Parameter(name=name, value=value) for name, value in named.items()]

    def _start(self, step: Step) -> None:
        self.open = uuid4()
        title = spoken(step.keyword, step.name)
        allure_commons.plugin_manager.hook.start_step(uuid=self.open, title=title, params={})

    def _stop(self, error: BaseException | None) -> None:
        uuid, self.open = self.open, None
        if uuid is None:
            return
        trace = error.__traceback__ if error else None
        kind = type(error) if error else None
        allure_commons.plugin_manager.hook.stop_step(uuid=uuid, title=None, exc_type=kind, exc_val=error, exc_tb=trace)

    def _result(self) -> TestResult | None:
        listener = self.config.pluginmanager.get_plugin("allure_listener")
        return listener.allure_logger.get_test(None) if listener else None


def categories() -> list[dict[str, str]]:
    """One for each verdict, by the first line of the message. Allure 2 compares the whole message by Java's rules,
    Allure 3 looks for the expression by JavaScript's, which refuse ``(?s)``: this one says the same in both."""
    return [{"name": name, "messageRegex": rf"^{start}(?:\n[\s\S]*)?$"} for name, start in CATEGORIES]


def write_beside(folder: Path, records: Iterable[Record]) -> None:
    """The files Allure reads beside results; at the end, since workers with --clean-alluredir delete earlier ones."""
    facts: dict[str, set[str]] = {}
    for record in records:
        for name in ("rig", "terminal"):
            if record[name]:
                facts.setdefault(name, set()).add(record[name])
    environment = {"python": platform.python_version(), "pytest": pytest.__version__, "host": platform.node()}
    environment |= {name: ", ".join(sorted(values)) for name, values in facts.items()}
    folder.mkdir(parents=True, exist_ok=True)
    lines = "".join(f"{name}={value}\n" for name, value in environment.items())
    (folder / "environment.properties").write_text(lines, encoding="utf-8")
    (folder / "categories.json").write_text(json.dumps(categories(), ensure_ascii=False, indent=1), encoding="utf-8")
    config = {"name": "posrig", "categories": {"rules": categories()}}
    (folder.parent / CONFIG).write_text(json.dumps(config, ensure_ascii=False, indent=1), encoding="utf-8")
    executor = {"name": os.environ.get("CI_RUNNER_DESCRIPTION", platform.node()), "type": "posrig"}
    executor |= {"buildName": os.environ["CI_JOB_NAME"]} if "CI_JOB_NAME" in os.environ else {}
    executor |= {"buildUrl": os.environ["CI_JOB_URL"]} if "CI_JOB_URL" in os.environ else {}
    (folder / "executor.json").write_text(json.dumps(executor, ensure_ascii=False, indent=1), encoding="utf-8")
