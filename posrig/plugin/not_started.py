"""A run in which no scenario ran leaves a report that says so: ``reports/latest`` never shows the green run before it.

Configuration errors, usage errors of a run of features, collection errors, an empty choice, a stop before the first
scenario. What ended it is read from pytest's UsageError, and from the error of ours that was its reason.
"""

from __future__ import annotations

import shutil
import sys
import time
from argparse import Namespace
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from itertools import chain, pairwise
from pathlib import Path

import pytest

from posrig.ground.faults import ConfigurationError, ExitCode, PosrigError
from posrig.language.messages import Told, language_of, say
from posrig.plugin.activation import PROJECT, in_lab
from posrig.plugin.artefacts import known_secrets, look_through
from posrig.plugin.collection import FEATURE_ARGUMENT, FEATURES_CHECKED, feature_arguments
from posrig.plugin.lab import LAB, root_of
from posrig.plugin.publishing import write_pages
from posrig.reporting import run_folder
from posrig.reporting.run_folder import RunFolder
from posrig.reporting.summary import NotStarted, RunFacts

PUBLISHED = pytest.StashKey[bool]()
"""This session has a report, of either kind."""
NO_RUN = ("--collect-only", "--co", "--help", "-h", "--version", "-V", "--fixtures", "--markers", "--no-report",
          "--setup-plan", "--fixtures-per-test", "--funcargs")  # fmt: skip
_FLAGS = {"report_dir": ("--report-dir",), "xmlpath": ("--junitxml", "--junit-xml")}
_SHOWN = 5
VERDICTS = {
    ExitCode.INTERRUPTED: "interrupted",
    ExitCode.RIG_FAULT: "rig fault",
    ExitCode.CONFIGURATION: "configuration error",
    ExitCode.NOTHING_RAN: "nothing ran",
}


def watch(config: pytest.Config) -> None:
    """From here on a UsageError leaves a report, before pytest prints it: a clean-up sees the error it follows."""
    config.add_cleanup(lambda: _after_usage_error(config, sys.exception()))


def _after_usage_error(config: pytest.Config, error: BaseException | None) -> None:
    if not isinstance(error, pytest.UsageError) or config.stash.get(PUBLISHED, False):
        return
    typed = config.invocation_params.args
    if hasattr(config, "workerinput") or any(str(word) in NO_RUN for word in typed) or not _of_features(config):
        return
    _leave(config, reason(config, error), ExitCode.CONFIGURATION)


def nothing_there(config: pytest.Config, exitstatus: int) -> NotStarted | None:
    """A folder of the lab's features in which there is none: pytest ends 5, and a report says why."""
    typed = config.invocation_params.args
    if exitstatus != pytest.ExitCode.NO_TESTS_COLLECTED or hasattr(config, "workerinput") or LAB not in config.stash:
        return None
    if any(str(word) in NO_RUN for word in typed) or feature_arguments(config.args, config.invocation_params.dir):
        return None
    features = root_of(config) / "features"
    paths = [Path(config.invocation_params.dir / word.partition("::")[0]).resolve() for word in config.args]
    empty = [path for path in paths if path.is_dir() and (path == root_of(config) or path.is_relative_to(features))]
    if not empty:
        return None
    words = say("no_features", "en", path=str(empty[0]))
    told = NotStarted(VERDICTS[ExitCode.NOTHING_RAN], words.found, "", words.allowed, words.todo)
    _leave(config, told, ExitCode.NOTHING_RAN)
    return told


def _leave(config: pytest.Config, told: NotStarted, code: ExitCode) -> None:
    base = _root(config) / "reports"
    if named := _option(config, "report_dir"):
        base = config.invocation_params.dir / named
    with suppress(ConfigurationError, OSError):  # a folder that cannot be written: pytest tells its own error now
        publish(config, base, RunFolder.create(base), told, code, time.time(), _option(config, "xmlpath"))


def _root(config: pytest.Config) -> Path:
    """Also of a run that ended before its lab was entered, or because its lab's table is wrong."""
    if LAB in config.stash:
        return root_of(config)
    start = config.invocation_params.dir
    named = [start / word.partition("::")[0] for word in config.known_args_namespace.file_or_dir]
    folders = (folder for path in (*named, start) for folder in (path, *path.parents))
    return next((folder for folder in folders if in_lab(folder) and (folder / PROJECT).is_file()), start)


def _option(config: pytest.Config, name: str) -> str | None:
    """An option that was read, or was about to be read when another one was found wrong."""
    places: Iterable[Namespace] = (config.option, config.known_args_namespace)
    if found := next((str(value) for place in places if (value := getattr(place, name, None))), None):
        return found
    words = [str(word) for word in config.invocation_params.args]
    for flag in _FLAGS[name]:
        following = (after for word, after in pairwise(words) if word == flag)
        joined = (word.partition("=")[2] for word in words if word.startswith(f"{flag}="))
        if found := next(chain(following, joined), None):
            return found
    return None


def _of_features(config: pytest.Config) -> bool:
    """Whether feature files were to be run: named, below what is named, or where pytest looks by itself."""
    base = config.invocation_params.dir
    named = config.known_args_namespace.file_or_dir
    words = named or [str(config.rootpath / path) for path in config.getini("testpaths")] or [str(base)]
    missing = [word for word in words if not (base / word.partition("::")[0]).exists() and ".py" not in word]
    return (
        any(FEATURE_ARGUMENT.match(word) for word in words)
        or bool(feature_arguments(words, base))
        or any((base / word).parent in (_root(config), _root(config) / "features") for word in missing)
    )


def reason(
    config: pytest.Config,
    error: BaseException | None,
    code: ExitCode = ExitCode.CONFIGURATION,
    told: Iterable[str] = (),
) -> NotStarted:
    """Why nothing ran. ``told``: what pytest said of what it could not collect, or of a fault in itself."""
    texts = [text.strip() for text in told]
    if isinstance(error, pytest.UsageError):
        return _of_error(error)
    language = _language(config)
    if texts:
        rule = "not_collected" if code is ExitCode.CONFIGURATION else "harness_failed"
        found = "\n".join(texts[:_SHOWN]) if len(texts) <= _SHOWN else "\n".join([*texts[:_SHOWN], "..."])
        words = say(rule, language, reason=found)
    else:
        rule = {ExitCode.NOTHING_RAN: "nothing_chosen", ExitCode.INTERRUPTED: "stopped_early"}.get(code, "no_record")
        words = say(rule, language)
    return NotStarted(VERDICTS.get(code, "rig fault"), words.found, "", words.allowed, words.todo, language)


def _of_error(error: pytest.UsageError) -> NotStarted:
    """The words of our own error where it was the reason; else what pytest says of its options."""
    cause = error.__cause__ or error.__context__
    text = "\n".join(map(str, error.args))
    if not isinstance(cause, PosrigError):
        return NotStarted("configuration error", text, language=language_of(text))
    language = cause.language if isinstance(cause, Told) else language_of(cause.found, cause.todo)
    return NotStarted(cause.verdict, cause.found, cause.where, cause.allowed, cause.todo, language)


def _language(config: pytest.Config) -> str:
    """That of the features, when all are of one: nothing was told about a single line of them."""
    checked = config.stash.get(FEATURES_CHECKED, {}).values()
    spoken = {str(one.feature["language"])[:2] for one in checked if one.feature is not None}
    return "zh" if spoken == {"zh"} else "en"


def publish(
    config: pytest.Config, base: Path, folder: RunFolder, told: NotStarted, code: ExitCode, started: float,
    also: str | None = None,
) -> list[str]:  # fmt: skip
    """Write the report of a run without a scenario, and point ``latest`` to it; returns what was found in it by the
    look for secrets. Raises OSError."""
    shutil.rmtree(folder.path / run_folder.ALLURE, ignore_errors=True)
    facts = RunFacts(started, time.time(), int(code), code is not ExitCode.INTERRUPTED, tuple(sys.argv[1:]))
    secrets = known_secrets(config)
    found = write_pages(
        base, folder.path, [], replace(facts, not_started=told), secrets, look_through([], secrets, base, ""),
        also=Path(also) if also else None,
    )  # fmt: skip
    run_folder.publish(base, folder.path)
    folder.close()
    config.stash[PUBLISHED] = True
    return [] if found.clean else [str(finding) for finding in found.findings]
