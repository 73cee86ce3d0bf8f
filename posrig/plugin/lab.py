"""The lab of a run, and its sentences as plug-ins of pytest."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from _pytest.config import ConftestImportFailure, PluginImportFailure

from posrig.description.lab import IN_USE, Lab, find_lab
from posrig.ground.faults import ConfigurationError
from posrig.language.sources import STEPS, load, unreadable

FIXTURES = "fixtures"
"""The lab's own fixtures, which its sentences import: pytest rewrites their asserts only if it is told before."""
LAB = pytest.StashKey[Lab | None]()


def enter(config: pytest.Config) -> None:
    """Find the lab, tell the processes of this run, and take its sentences in, before any conftest.py is read.

    Raises UsageError for a lab or an own sentence that is wrong: exit code 4.
    """
    try:
        lab = config.stash[LAB] = find_lab(config.rootpath) or find_lab(config.invocation_params.dir)
        _tell(config, config.invocation_params.dir if lab is None else lab.root)
        pytest.register_assert_rewrite(STEPS, FIXTURES, *(lab.sentences if lab else ()))
        for module in load(lab):
            if not config.pluginmanager.is_registered(module):
                config.pluginmanager.register(module, module.__name__)
    except ConfigurationError as error:
        raise pytest.UsageError(str(error)) from None


@contextmanager
def own_files(config: pytest.Config) -> Iterator[None]:
    """While pytest reads the lab's conftest.py files and what they name. Raises UsageError with file and line: pytest
    would show a traceback, and end with the code of a rig fault where a fixture's file is wrong."""
    try:
        yield
    except (ConftestImportFailure, PluginImportFailure, SystemExit) as error:
        cause: BaseException = error
        while isinstance(cause, ConftestImportFailure | PluginImportFailure):
            cause = cause.cause if isinstance(cause, ConftestImportFailure) else cause.__cause__ or SystemExit()
        root = root_of(config)
        raise pytest.UsageError(str(unreadable(root, cause, root))) from None


def _tell(config: pytest.Config, root: Path) -> None:
    """Workers, guards and simulated rigs of this run belong to this lab, whatever their working directory is."""
    before = os.environ.get(IN_USE)
    os.environ[IN_USE] = str(root)

    def restore() -> None:
        if before is None:
            os.environ.pop(IN_USE, None)
        else:
            os.environ[IN_USE] = before

    config.add_cleanup(restore)


def root_of(config: pytest.Config) -> Path:
    """The folder that holds features/, requirements and reports/ of this run: the lab; without one the project that
    pytest works for, or where it was called."""
    lab = config.stash.get(LAB, None)
    if lab is not None:
        return lab.root
    return config.rootpath if config.inipath is not None else config.invocation_params.dir
