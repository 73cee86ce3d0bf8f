"""What pytest loads by entry point wherever posrig is installed. Does nothing unless the run is posrig's.

A run is posrig's when

1. ``--rig`` is given, or
2. it is called in a lab, or on a path in one: a folder whose pyproject.toml has ``[tool.posrig]``, or
3. a ``.feature`` file is named, or
4. a folder that is named holds features, and posrig knows a sentence of them.

Then the rest of the plug-in is registered, before any conftest.py is read: options, collection, verdicts, reports.
In everybody else's run there is no option, no fixture and no hook of ours, and nothing of posrig is imported but this.
"""

from __future__ import annotations

from collections.abc import Generator

import pytest

GLUE = (
    "step_lookup", "collection", "evidence", "quarantine", "scenario_run", "short_run", "opening", "retry",
    "rig", "vocabulary", "needs", "safe_state", "masking", "run_report", "run_told", "progress", "lease", "printing",
    "suite",  # last: it says what is named before any of the others looks
)  # fmt: skip


# a wrapper, so that what is wrong in the lab's own conftest.py and fixtures is told in the words of everything else;
# the innermost one, so that pytest captures already
@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_load_initial_conftests(
    early_config: pytest.Config, parser: pytest.Parser, args: list[str]
) -> Generator[None, None, None]:
    """Decide, and register. Raises UsageError for a lab whose pyproject.toml or own files are wrong."""
    from posrig.plugin.activation import wanted

    if not wanted(args, early_config.known_args_namespace.file_or_dir, early_config.invocation_params.dir):
        yield
        return
    from posrig.plugin.lab import enter, own_files
    from posrig.plugin.rootdir import settle

    names = [f"posrig.plugin.{name}" for name in GLUE]
    pytest.register_assert_rewrite(*names)  # they import each other: pytest is told of all before the first
    for name in names:
        early_config.pluginmanager.import_plugin(name)
    from posrig.plugin.not_started import watch

    watch(early_config)
    settle(early_config, parser, args)
    enter(early_config)
    with own_files(early_config):
        yield
