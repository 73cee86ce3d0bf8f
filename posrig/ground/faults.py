"""The exception family of the harness: each names whose fault it is, what was found, and what to do next.

A terminal defect, a rig fault and a configuration error are three different things everywhere (architecture,
principle 6). Nothing else than these classes may reach a report as the reason of a verdict.
"""

from __future__ import annotations

from enum import IntEnum
from typing import ClassVar

from posrig.ground.printable import printable


class ExitCode(IntEnum):
    """Exit codes of every command and of a pytest run. When several apply: 6, 2, 1, 3, 4, 5."""

    HELD = 0
    PRODUCT_FAILURE = 1
    INTERRUPTED = 2
    RIG_FAULT = 3
    CONFIGURATION = 4
    NOTHING_RAN = 5
    SAFETY_ABORT = 6


class PosrigError(Exception):
    """What was found, where, and what to do. ``str()`` is one screen at most and never holds a secret.

    ``where`` is a file with line and field, or an instrument with its resource name; ``allowed`` says what would have
    been right; ``todo`` what a person does next. What it quotes (an answer, a name, a record) cannot steer a terminal.
    """

    verdict: ClassVar[str] = "broken"
    exit_code: ClassVar[ExitCode] = ExitCode.RIG_FAULT

    def __init__(self, found: str, *, where: str = "", allowed: str = "", todo: str = "") -> None:
        self.found, self.where, self.allowed, self.todo = found, where, allowed, todo
        super().__init__(found)

    def __str__(self) -> str:
        rows = [self.found]
        if self.where:
            rows.append(f"  where:   {self.where}")
        if self.allowed:
            rows.append(f"  allowed: {self.allowed}")
        if self.todo:
            rows.append(f"  to do:   {self.todo}")
        return printable("\n".join(rows))


class ProductFailure(PosrigError, AssertionError):  # noqa: N818 - the verdict's own name
    """The terminal did something else than the requirement says. Never retried."""

    verdict = "product failure"
    exit_code = ExitCode.PRODUCT_FAILURE


class RigFault(PosrigError):  # noqa: N818
    """An instrument, a cable or a stream failed: says nothing about the terminal. May be retried."""

    verdict = "rig fault"
    exit_code = ExitCode.RIG_FAULT

    def __init__(
        self,
        found: str,
        *,
        instrument: str = "",
        keys: tuple[str, ...] = (),
        where: str = "",
        allowed: str = "",
        todo: str = "",
    ) -> None:
        self.instrument, self.keys = instrument, keys
        super().__init__(found, where=where, allowed=allowed, todo=todo)


class TransportError(RigFault):
    """A wire failed: which resource, during which phase (open, command, answer, close)."""

    def __init__(
        self, found: str, *, instrument: str, resource: str, phase: str, command: str = "", todo: str = ""
    ) -> None:
        self.resource, self.phase, self.command = resource, phase, command
        where = f"{instrument} at {resource}, while: {phase}" + (f" {command!r}" if command else "")
        super().__init__(
            found, instrument=instrument, where=where, todo=todo or "check power, cable and address of the instrument"
        )


class ConfigurationError(PosrigError):
    """A file, option or feature is wrong: nothing was run because of it."""

    verdict = "configuration error"
    exit_code = ExitCode.CONFIGURATION


class SafetyAbort(PosrigError):  # noqa: N818
    """Going on could harm a terminal or the rig (limit, budget, ledger): stopped before the act."""

    verdict = "safety abort"
    exit_code = ExitCode.SAFETY_ABORT


class Inconclusive(PosrigError):  # noqa: N818
    """The evidence does not decide (an unsure screen, a press outside its window): neither pass nor failure."""

    verdict = "inconclusive"
    exit_code = ExitCode.RIG_FAULT


def worst(codes: list[ExitCode]) -> ExitCode:
    """The exit code of a run: a product failure is never hidden by a rig fault, nor a leaked secret or another safety
    abort by the stop of a person.

    >>> worst([ExitCode.RIG_FAULT, ExitCode.PRODUCT_FAILURE]).name
    'PRODUCT_FAILURE'
    >>> worst([]).name
    'HELD'
    """
    order = (
        ExitCode.SAFETY_ABORT,
        ExitCode.INTERRUPTED,
        ExitCode.PRODUCT_FAILURE,
        ExitCode.RIG_FAULT,
        ExitCode.CONFIGURATION,
        ExitCode.NOTHING_RAN,
    )
    return next((code for code in order if code in codes), ExitCode.HELD)
