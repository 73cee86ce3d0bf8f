"""The sentences that pytest sees in this session, before anything is collected."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from pytest_bdd.compat import get_fixture_names, getfixturedefs
from pytest_bdd.steps import StepNamePrefix, step_function_context_registry

from posrig.language.sources import conftests
from posrig.language.step_index import StepDefinition, declared_steps, from_contexts
from posrig.language.visibility import Visibility, home
from posrig.plugin.lab import own_files


def visible_sentences(session: pytest.Session, features: Iterable[Path]) -> Visibility:
    """What plug-ins declare, and what the conftest.py files of these features do; those are read now."""
    config = session.config
    for path in dict.fromkeys(one for feature in features for one in conftests(feature, config.rootpath)):
        with own_files(config):
            config.pluginmanager._loadconftestmodules(
                path.parent,
                importmode=config.getoption("importmode"),
                rootpath=config.rootpath,
                consider_namespace_packages=config.getini("consider_namespace_packages"),
            )
    return Visibility([*_of_plugins(session), *_of_conftests()])


def _of_plugins(session: pytest.Session) -> Iterator[StepDefinition]:
    manager = session._fixturemanager
    prefix = StepNamePrefix.step_def.value
    names = [name for name in get_fixture_names(manager) if name.startswith(prefix)]
    fixtures = [fixture for name in names for fixture in getfixturedefs(manager, name, session) or ()]
    contexts = [step_function_context_registry.get(fixture.func) for fixture in fixtures]
    known = from_contexts([context for context in contexts if context is not None])
    return (definition for definition in known if home(definition) is None)


def _of_conftests() -> Iterator[StepDefinition]:
    return (definition for definition in declared_steps() if home(definition) is not None)
