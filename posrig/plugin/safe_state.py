"""How the rig was left: the outcome of each safe action, from every worker, said at the end and kept in the summary."""

from __future__ import annotations

from typing import Any

import pytest

from posrig.rig.rig import Rig

LEFT = pytest.StashKey[list[dict[str, Any]]]()
_WIRE = "posrig_left"


def remember(config: pytest.Config, rig: Rig) -> None:
    """Keep what became of the rig's safe actions; called when the rig was closed."""
    rows = config.stash.setdefault(LEFT, [])
    rows += [
        {"rig": rig.description.name, "action": one.name, "proved": one.proved, "detail": str(one)}
        for one in rig.outcomes
    ]


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """An xdist worker hands its rows to the controller."""
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        output[_WIRE] = session.config.stash.get(LEFT, [])


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any, error: object) -> None:
    """Take the rows of a worker that ended."""
    rows = getattr(node, "workeroutput", {}).get(_WIRE, [])
    node.config.stash.setdefault(LEFT, []).extend(rows)


def left(config: pytest.Config) -> list[dict[str, Any]]:
    """The rows of the whole run."""
    return config.stash.get(LEFT, [])


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, exitstatus: int, config: pytest.Config) -> None:
    """One line when all is proved; every action when something is not, or when the run did not hold."""
    rows = left(config)
    if not rows:
        return
    unproved = [row for row in rows if not row["proved"]]
    if not unproved and exitstatus == 0:
        return
    heading = "the rig was left safe, proved by read-back" if not unproved else "THE RIG WAS NOT PROVED SAFE"
    terminalreporter.write_line(f"{heading}:", red=bool(unproved), bold=bool(unproved))
    for row in dict.fromkeys(str(row["detail"]) for row in rows):
        terminalreporter.write_line(f"    {row}")
    if unproved:
        terminalreporter.write_line("    to do: look at the rig now; the guard's record is in reports/incidents/")
