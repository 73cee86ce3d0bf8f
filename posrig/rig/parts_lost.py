"""Several parts of a rig that do not answer, as one error that names each."""

from __future__ import annotations

from posrig.ground.faults import ConfigurationError, PosrigError, RigFault


class PartsLost(RigFault):
    """Several parts of the rig do not answer; ``failures`` holds each with its own words."""

    def __init__(self, found: str, failures: list[PosrigError], *, instrument: str, todo: str) -> None:
        self.failures = tuple(failures)
        super().__init__(found, instrument=instrument, todo=todo)


def together(failures: list[PosrigError], name: str) -> PosrigError:
    """One error for all parts that failed, so that a lab is walked to once."""
    if len(failures) == 1:
        return failures[0]
    configuration = [failure for failure in failures if isinstance(failure, ConfigurationError)]
    if configuration:
        return configuration[0]
    rows = "\n".join(f"  - {failure.found}\n      {failure.where}" for failure in failures)
    named = ", ".join(str(getattr(failure, "instrument", "")) for failure in failures)
    return PartsLost(
        f"{len(failures)} parts of rig {name!r} do not answer:\n{rows}",
        failures,
        instrument=named,
        todo="check power, network and addresses; posrig check names each part",
    )
