"""Updates on any terminal, without the number of any version."""

from __future__ import annotations

from posrig.language.decorators import given, then
from posrig.terminal.terminal import Terminal
from posrig.terminal.ways import versions

OFFERED = ("line bench", "way version", "way update")


@given("an update to a newer version is offered", "有新版本的更新", uses=OFFERED)
def newer(terminal: Terminal) -> None:
    """From power-off: the version that runs is read, and a sound package of the next one is offered."""
    versions.offer_newer(terminal)


@given("an update to a newer version with the fault {text} is offered", "有新版本的更新，带缺陷{text}", uses=OFFERED)
def newer_with_fault(fault: str, terminal: Terminal) -> None:
    """The same with one fault of the threat list (docs/update-package.md)."""
    versions.offer_newer(terminal, fault)


@then("the version that was offered runs", "运行的是所推送的版本", uses=("way version",))
def runs_offered(terminal: Terminal) -> None:
    """By the way to the page that shows it."""
    versions.runs_offered(terminal)


@then("the version from before runs", "运行的仍是原来的版本", uses=("way version",))
def runs_before(terminal: Terminal) -> None:
    """By the way to the page that shows it."""
    versions.runs_before(terminal)


@then(
    "the version from before or the one that was offered runs",
    "运行的是原来的版本或所推送的版本",
    uses=("way version",),
)
def runs_either(terminal: Terminal) -> None:
    """Whole, whichever it is."""
    versions.runs_one_of_both(terminal)
