"""Whose fault it is: the verdict of a scenario, the exit code of a run, and the few lines people read first. Pure."""

from __future__ import annotations

import inspect
import traceback
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import CodeType, TracebackType

import pytest

from posrig.ground.faults import (
    ConfigurationError,
    ExitCode,
    Inconclusive,
    PosrigError,
    ProductFailure,
    RigFault,
    SafetyAbort,
    worst,
)
from posrig.language.step_index import short_path


class Verdict(StrEnum):
    """What a scenario came to. Exactly one per scenario."""

    HELD = "held"
    PRODUCT_FAILURE = "product failure"
    RIG_FAULT = "rig fault"
    CONFIGURATION = "configuration error"
    SAFETY_ABORT = "safety abort"
    INCONCLUSIVE = "inconclusive"
    HARNESS_ERROR = "harness error"
    INTERRUPTED = "interrupted"
    QUARANTINED = "quarantined"
    SKIPPED = "skipped"


EXIT_CODES: Mapping[Verdict, ExitCode] = {
    Verdict.HELD: ExitCode.HELD,
    Verdict.PRODUCT_FAILURE: ExitCode.PRODUCT_FAILURE,
    Verdict.RIG_FAULT: ExitCode.RIG_FAULT,
    Verdict.CONFIGURATION: ExitCode.CONFIGURATION,
    Verdict.SAFETY_ABORT: ExitCode.SAFETY_ABORT,
    Verdict.INCONCLUSIVE: ExitCode.RIG_FAULT,
    Verdict.HARNESS_ERROR: ExitCode.RIG_FAULT,
    Verdict.INTERRUPTED: ExitCode.INTERRUPTED,
    Verdict.QUARANTINED: ExitCode.HELD,
    Verdict.SKIPPED: ExitCode.HELD,
}
# when setup, steps and tear-down of one scenario disagree, the first of these is its verdict
ORDER = (
    Verdict.SAFETY_ABORT,
    Verdict.PRODUCT_FAILURE,
    Verdict.RIG_FAULT,
    Verdict.INCONCLUSIVE,
    Verdict.HARNESS_ERROR,
    Verdict.CONFIGURATION,
    Verdict.INTERRUPTED,
    Verdict.QUARANTINED,
    Verdict.SKIPPED,
    Verdict.HELD,
)
NEXT_ACT: Mapping[Verdict, str] = {
    Verdict.PRODUCT_FAILURE: "open the report: it shows the screen, the keys pressed so far and what was expected",
    Verdict.RIG_FAULT: "the terminal is not judged: look at the instrument that is named, then 'posrig check'",
    Verdict.CONFIGURATION: "correct the file that is named, then run again",
    Verdict.SAFETY_ABORT: "stopped before harm: read the limit that is named before running again",
    Verdict.INCONCLUSIVE: "the evidence does not decide: look at the pictures in the report, then run again",
    Verdict.HARNESS_ERROR: "a bug in the harness or in a step: the traceback is in the report",
    Verdict.QUARANTINED: "known and owned: features/quarantine.yaml says by whom and until when",
    Verdict.INTERRUPTED: "the run was stopped: what had been judged is in the report",
}


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a phase of a scenario did not hold. ``step`` and ``place`` are empty outside steps; ``instrument`` and
    ``keys`` (with blanks between) are what a rig fault names."""

    verdict: Verdict
    message: str
    phase: str
    step: str = ""
    place: str = ""
    code: str = ""
    traceback: str = ""
    instrument: str = ""
    keys: str = ""

    def __str__(self) -> str:
        rows = [f"{self.verdict} (in {self.phase})" if self.phase != "call" else str(self.verdict)]
        if self.step:
            rows.append(f"  step:    {self.step}")
            rows.append(f"  where:   {self.place}" + (f"  ({self.code})" if self.code else ""))
        rows += [f"  {row}" for row in self.message.splitlines()]
        if self.verdict is Verdict.HARNESS_ERROR:
            rows.append(f"  to do:   {NEXT_ACT[self.verdict]}")
        return "\n".join(rows)


def classify(error: BaseException, *, from_step: bool) -> Verdict:
    """The verdict an exception means. A bare AssertionError accuses the terminal only when a step raised it.

    >>> str(classify(AssertionError("2 == 3"), from_step=False))
    'harness error'
    """
    kinds: tuple[tuple[type[BaseException], Verdict], ...] = (
        (ProductFailure, Verdict.PRODUCT_FAILURE),
        (RigFault, Verdict.RIG_FAULT),
        (ConfigurationError, Verdict.CONFIGURATION),
        (SafetyAbort, Verdict.SAFETY_ABORT),
        (Inconclusive, Verdict.INCONCLUSIVE),
        (pytest.skip.Exception, Verdict.SKIPPED),
        (KeyboardInterrupt, Verdict.INTERRUPTED),
        (pytest.exit.Exception, Verdict.INTERRUPTED),
    )
    for kind, verdict in kinds:
        if isinstance(error, kind):
            return verdict
    if from_step and isinstance(error, AssertionError | pytest.fail.Exception):
        return Verdict.PRODUCT_FAILURE
    return Verdict.HARNESS_ERROR


def describe(error: BaseException, *, phase: str, step: str = "", place: str = "", function: object = None) -> Failure:
    """A failure from an exception: the message people read, and for a harness error the traceback for the report."""
    code = getattr(inspect.unwrap(function), "__code__", None) if callable(function) else None
    if isinstance(error, pytest.FixtureLookupError):
        error = _no_fixture(error, code)
    frames = cut(error.__traceback__, code)
    verdict = classify(error, from_step=frames is not None)
    place_in_code = f"{short_path(code.co_filename)}:{frames.tb_lineno}" if frames is not None and code else ""
    unexpected = verdict is Verdict.HARNESS_ERROR
    text = "".join(traceback.format_exception(type(error), error, frames or error.__traceback__)) if unexpected else ""
    named = (getattr(error, "instrument", ""), " ".join(getattr(error, "keys", ())))
    return Failure(verdict, message_of(error), phase, step, place, place_in_code, text, *named)


def _no_fixture(error: pytest.FixtureLookupError, code: CodeType | None) -> ConfigurationError:
    """Whoever wrote the function mends it: nothing is wrong with the harness."""
    return ConfigurationError(
        f"there is no fixture {error.argname!r}" + (f", which {code.co_name}() asks for" if code else ""),
        where=f"{short_path(code.co_filename)}:{code.co_firstlineno}" if code else "",
        allowed="in the function of a sentence its values come first, in the sentence's order, then fixtures",
        todo="mend the order or the name; fixtures of a lab stand in fixtures/ and are named in its conftest.py",
    )


def message_of(error: BaseException) -> str:
    """What the exception says; with its class only when it is none of the harness's own."""
    if isinstance(error, PosrigError | AssertionError | pytest.fail.Exception | pytest.skip.Exception):
        return str(error) or f"{type(error).__name__} without a message"
    if isinstance(error, KeyboardInterrupt):
        return "stopped by the person at the keyboard"
    return f"{type(error).__name__}: {error}"


def cut(trace: TracebackType | None, code: CodeType | None) -> TracebackType | None:
    """The traceback from the frame that runs ``code`` on, so that it starts in the step; None when not in it."""
    while trace is not None and trace.tb_frame.f_code is not code:
        trace = trace.tb_next
    return trace


def overall(verdicts: Iterable[Verdict]) -> Verdict:
    """One verdict out of those of a scenario's phases."""
    found = set(verdicts)
    return next((verdict for verdict in ORDER if verdict in found), Verdict.HELD)


def exit_code(verdicts: Iterable[Verdict], *, interrupted: bool = False) -> ExitCode:
    """The exit code of a run of scenarios. Only skipped scenarios are no run at all.

    >>> exit_code([Verdict.HELD, Verdict.RIG_FAULT, Verdict.PRODUCT_FAILURE]).name
    'PRODUCT_FAILURE'
    """
    found = list(verdicts)
    if interrupted:
        aborted = [ExitCode.SAFETY_ABORT] if Verdict.SAFETY_ABORT in found else []
        return worst([ExitCode.INTERRUPTED, *aborted])
    if all(verdict is Verdict.SKIPPED for verdict in found):
        return ExitCode.NOTHING_RAN
    return worst([EXIT_CODES[verdict] for verdict in found])


def counts_line(verdicts: Iterable[Verdict]) -> str:
    """All verdicts that occurred, counted.

    >>> counts_line([Verdict.HELD, Verdict.HELD, Verdict.RIG_FAULT])
    '2 held, 1 rig fault'
    """
    counted = Counter(verdicts)
    shown = [f"{counted[verdict]} {verdict}" for verdict in Verdict if counted[verdict]]
    return ", ".join(shown) if shown else "no scenario ran"
