"""``posrig fuzz --model FILE.dot``: the rig's terminal searched against what was learned of a sound one."""

from __future__ import annotations

import argparse
from typing import Any

from rich.console import Console
from rich.live import Live
from rich.table import Table

from posrig.commands import printing
from posrig.description.profile import Profile
from posrig.description.rig_file import RigDescription
from posrig.fuzzing.learning.against import Against, read_reference, search_against
from posrig.fuzzing.search.findings import Finding
from posrig.fuzzing.search.search import Progress, SearchResult
from posrig.ground.faults import ConfigurationError, ExitCode
from posrig.rig.rig import RigOptions
from posrig.rig.session import rig_session
from posrig.rig.soundness import judged

NOT_WITH = ("scope", "oracle", "replay", "twin", "list_scopes", "wrong_passwords", "power_cycles")
NO_VERDICT = "a difference to the reference; whether it is a defect or was wanted a person says"


def run(arguments: argparse.Namespace, description: RigDescription, profile: Profile, console: Console) -> int:
    """Raises ConfigurationError for options that have no meaning here, and for a model that is not this terminal's."""
    odd = [f"--{name.replace('_', '-')}" for name in NOT_WITH if getattr(arguments, name)]
    if odd:
        raise ConfigurationError(
            f"{', '.join(odd)} has no meaning with --model", where="--model",
            allowed="--presses, --minutes, --seed, --first, --defect, --operator, --findings",
        )  # fmt: skip
    if arguments.presses is None and arguments.minutes is None:
        raise ConfigurationError("a run without a budget would never end", todo="give --presses or --minutes")
    if arguments.defect and description.simulated is None:
        raise ConfigurationError("only a simulated rig has seeded defects", where="--defect")
    machine = read_reference(arguments.model, profile, description)
    options = RigOptions(defects=tuple(arguments.defect))
    with rig_session(description, profile=profile, options=options) as held, judged(held.rig):
        held.begin("posrig fuzz --model")
        wanted = Against(
            arguments.model, "" if arguments.operator == "none" else arguments.operator, arguments.presses,
            arguments.minutes, arguments.seed, arguments.first, tuple(arguments.defect), arguments.findings,
            firmware="+".join((f"against {arguments.model.stem}", *sorted(arguments.defect))),
        )  # fmt: skip
        with Live(console=console, refresh_per_second=4, transient=True) as shown:
            found = search_against(held.rig, machine, wanted, lambda at: shown.update(_live(at), refresh=False))
        pressed, loss_told = held.rig.terminal.keypad.presses, found.rig_fault is not None
        held.rig.loss_told |= loss_told
    if arguments.json:
        printing.print_json(_report(arguments, found, pressed))
    _show(console, arguments, found, pressed)
    if found.findings:
        return ExitCode.PRODUCT_FAILURE
    if found.rig_fault is not None:
        return found.rig_fault.exit_code
    return ExitCode.INTERRUPTED if found.interrupted else ExitCode.HELD


def _live(at: Progress) -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_row("searching", at.phase)
    table.add_row("coverage", f"{at.covered} of {at.total} keys in states of the reference")
    table.add_row("asked", f"{at.presses} keys, {at.resets} resets")
    table.add_row("differences", str(at.findings))
    return table


def _report(arguments: argparse.Namespace, found: SearchResult, pressed: int) -> dict[str, Any]:
    return {
        "ok": not found.findings and found.rig_fault is None,
        "reference": str(arguments.model),
        "says": NO_VERDICT,
        "presses": pressed,
        "asked": found.presses,
        "resets": found.resets,
        "covered": found.covered,
        "possible": found.total,
        "ended": found.ended_because,
        "misread": found.misread,
        "fault": str(found.rig_fault) if found.rig_fault is not None else None,
        "differences": [
            {"id": one.id, "access": list(one.keys[:-1]), "key": one.keys[-1], "expected": one.expected,
             "seen": one.seen, "verdict": one.verdict, "fired": one.fired, "tried": one.tried}
            for one in found.findings
        ],
    }  # fmt: skip


def _show(console: Console, arguments: argparse.Namespace, found: SearchResult, pressed: int) -> None:
    def say(text: str) -> None:
        console.print(text, highlight=False, markup=False, soft_wrap=True)

    for finding in found.findings:
        say(f"{finding.verdict} ({finding.fired} of {finding.tried})  {_after(finding)}, press {finding.keys[-1]}")
        say(f"    reference: {finding.expected}\n    seen:      {finding.seen}")
    for finding in found.gone:
        say(f"gone: {finding.id} does not show any more: {' '.join(finding.keys)}")
    if found.findings:
        say(f"Each is {NO_VERDICT} (reference: {arguments.model}).")
    say(
        f"{len(found.findings)} differences, {found.covered} of {found.total} keys in states of the reference, "
        f"{pressed} presses, {found.resets} resets, seed {found.seed}; ended: {found.ended_because}"
    )


def _after(finding: Finding) -> str:
    return f"From the start, after {' '.join(finding.keys[:-1])}" if len(finding.keys) > 1 else "From the start"
