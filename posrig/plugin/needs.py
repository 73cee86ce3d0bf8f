"""Scenarios that need what the terminal or the rig does not have are skipped with the reason, before anything opens.

With ``--require-capabilities`` they are a configuration error. ``--dry-run`` says what would run and what not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import cast

import pytest
from pytest_bdd.scenario import scenario_wrapper_template_registry

from posrig.language.messages import say, spoken
from posrig.language.needs import Ability
from posrig.plugin.collection import VISIBLE, FeatureFile, is_scenario
from posrig.plugin.rig import DESCRIPTION, PROFILE
from posrig.plugin.visible import visible_sentences

SHOWN = 20

SKIPPED = pytest.StashKey[dict[str, str]]()
"""Node id -> why it is not run."""


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("posrig")
    group.addoption(
        "--require-capabilities", action="store_true",
        help="a scenario that needs what this terminal or rig lacks is an error (default: it is skipped)",
    )  # fmt: skip
    group.addoption("--dry-run", action="store_true", help="say what would run and what would be skipped; open nothing")


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--dry-run"):
        config.option.collectonly = True


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(session: pytest.Session, items: list[pytest.Item]) -> None:
    """Mark what cannot be run here. Raises UsageError with ``--require-capabilities``."""
    config = session.config
    scenarios = [item for item in items if is_scenario(item)]
    skipped = config.stash[SKIPPED] = dict(_unmet(session, scenarios))
    for item in scenarios:
        if reason := skipped.get(item.nodeid):
            item.add_marker(pytest.mark.skip(reason=reason))
    if skipped and config.getoption("--require-capabilities") and not hasattr(config, "workerinput"):
        language = _language(scenarios)
        shown = "\n    ".join([f"{node}: {why}" for node, why in list(skipped.items())[:SHOWN]])
        told = say("needs_unmet", language, count=len(skipped), reasons=shown)
        raise pytest.UsageError(f"{told.found}\n    {told.todo}")


def _unmet(session: pytest.Session, items: Iterable[pytest.Item]) -> Iterable[tuple[str, str]]:
    config = session.config
    ability = Ability(config.stash[PROFILE], config.stash[DESCRIPTION], Path(config.option.rig))
    files = dict.fromkeys(item.path for item in items)
    if not files:
        return
    visible = config.stash.get(VISIBLE, None) or visible_sentences(session, files)
    for item in items:
        file = item.parent
        assert isinstance(file, FeatureFile)
        index = visible.from_file(item.path)
        spec = getattr(item, "callspec", None)
        example = spec.params.get("_pytest_bdd_example", {}) if spec else {}
        function = cast(Callable[..., object], file.functions[getattr(item, "originalname", item.name)])
        template = scenario_wrapper_template_registry[function]
        for step in template.render(example).steps:
            hits = index.fitting(step.type, step.name)
            if len(hits) == 1 and (unmet := ability.unmet(hits[0], step.name)) is not None:
                yield item.nodeid, unmet.told(spoken(file.language))
                break


def _language(items: Iterable[pytest.Item]) -> str:
    languages = {spoken(item.parent.language) for item in items if isinstance(item.parent, FeatureFile)}
    return "zh" if languages == {"zh"} else "en"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """What is skipped for want of a capability, each once with its reason."""
    skipped = config.stash.get(SKIPPED, {})
    if not skipped or not (config.getoption("--dry-run") or terminalreporter.stats.get("skipped")):
        return
    terminalreporter.section(say("would_skip", "en", count=len(skipped)).found)
    for node, why in list(skipped.items())[:SHOWN]:
        terminalreporter.line(f"{node}\n    {why}")
    if len(skipped) > SHOWN:
        terminalreporter.line(f"... and {len(skipped) - SHOWN} more")
