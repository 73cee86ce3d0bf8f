"""``posrig fuzz``: search the rig's terminal for defects by its keys, and write what is found as scenarios."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.live import Live

from posrig.commands import _fuzz_reference, printing
from posrig.commands._console import open_console
from posrig.commands._fuzz_report import Told, again_line, live, report, show
from posrig.commands.common import add_json_option, add_rig_option
from posrig.description.lab import SIMULATED, default_rig, lab_root
from posrig.description.profile import Profile, read_profile
from posrig.description.rig_file import RigDescription, read_rig
from posrig.fuzzing.models.registry import model_of
from posrig.fuzzing.running.archive import known
from posrig.fuzzing.running.campaign import Campaign, distinct
from posrig.fuzzing.running.contract import FuzzModel
from posrig.fuzzing.running.feature_file import Language, Origin, write
from posrig.fuzzing.running.plan import Allowance, Left, Limits, Plan, Scope
from posrig.fuzzing.search.findings import Finding
from posrig.ground.faults import ConfigurationError, ExitCode
from posrig.rig.rig import Rig, RigOptions
from posrig.rig.session import RigSession, rig_session
from posrig.rig.soundness import judged


def _findings() -> Path:
    return lab_root() / "reports" / "findings"


def _scenarios() -> Path:
    return lab_root() / "features" / "regressions"


SUMMARY = "search the terminal for defects by its keys, and write what is found as scenarios"
EPILOG = """\
examples:  posrig fuzz --minutes 10
           posrig fuzz --minutes 60 --wrong-passwords 20 --power-cycles 50
           posrig fuzz --presses 3000 --defect lock_lost_on_power_cut --language zh
           posrig fuzz --presses 5000 --scope lock --scope lock-out --oracle model --oracle beeps
           posrig fuzz --rig rigs/counter.yaml --presses 4000 --first
           posrig fuzz --rig rigs/counter.yaml --model learned.dot --presses 3000
           posrig fuzz --replay 3f2a9c
scopes, oracles: posrig fuzz --list-scopes --rig FILE says which the rig's terminal has
Findings are kept at the moment they are made: after a kill the next run reports and replays them first. What was
covered is kept too: the next run of the same terminal model and firmware begins with the rest.
Exit codes: 0 nothing found, 1 the terminal fails, 2 interrupted, 3 rig fault, 4 wrong option or file, 6 a limit of the
rig file."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--minutes", type=float, metavar="N", help="wall-clock budget")
    parser.add_argument("--presses", type=int, metavar="N", help="budget of real key presses")
    parser.add_argument("--wrong-passwords", type=int, metavar="N", help="most wrong passwords and codes")
    parser.add_argument("--power-cycles", type=int, metavar="N", help="most power cycles")
    parser.add_argument("--scope", action="append", default=[], metavar="NAME", help="only this part (repeatable)")
    parser.add_argument("--oracle", action="append", default=[], metavar="NAME", help="only this one (repeatable)")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="another order of the search (default 0)")
    parser.add_argument("--defect", action="append", default=[], metavar="ID", help="a seeded defect (simulated rig)")
    parser.add_argument("--language", choices=("en", "zh"), default="en", help="of the scenarios that are written")
    parser.add_argument("--first", action="store_true", help="stop at the first finding")
    parser.add_argument("--afresh", action="store_true", help="begin with everything, whatever earlier runs covered")
    parser.add_argument("--replay", metavar="ID", help="only replay this finding of the archive")
    parser.add_argument("--findings", type=Path, default=_findings(), metavar="DIR", help="the archive")
    parser.add_argument(
        "--scenarios", type=Path, default=_scenarios(), metavar="DIR",
        help="where scenarios are written (with --defect: none unless named)",
    )  # fmt: skip
    parser.add_argument(
        "--twin", type=Path, metavar="FILE",
        help="a simulated rig on which findings of a lab rig are shortened first (default: the simulated rig)",
    )  # fmt: skip
    parser.add_argument(
        "--model", type=Path, metavar="FILE.dot",
        help="search against this model, learned of a sound terminal by posrig learn --write FILE.dot",
    )  # fmt: skip
    parser.add_argument("--operator", metavar="ID", help="with --model: from whose ready screen it was learned")
    parser.add_argument("--list-scopes", action="store_true", help="what can be searched, and stop")
    add_rig_option(parser)
    add_json_option(parser)


def run(arguments: argparse.Namespace) -> int:
    description = read_rig(arguments.rig)
    profile = read_profile(description.terminal.profile)
    console = open_console(stderr=arguments.json)
    if arguments.model is not None:
        return _fuzz_reference.run(arguments, description, profile, console)
    if arguments.operator is not None:
        raise ConfigurationError("--operator has a meaning only with --model", where="--operator")
    model = model_of(profile)
    if arguments.list_scopes:
        _list(console, model)
        return ExitCode.HELD
    presses = 1 if arguments.replay and not arguments.presses else arguments.presses
    limits = Limits(presses, arguments.minutes, arguments.wrong_passwords, arguments.power_cycles)
    wanted = model.scopes(arguments.scope)
    unknown = [name for name in arguments.oracle if name not in model.oracles]
    if unknown:
        raise ConfigurationError(
            f"there is no oracle {unknown[0]!r}", where="--oracle", allowed=", ".join(model.oracles)
        )
    if arguments.defect and description.simulated is None:
        raise ConfigurationError("only a simulated rig has seeded defects", where="--defect")
    options = RigOptions(defects=tuple(arguments.defect))
    with (
        rig_session(description, profile=profile, options=options) as held,
        _twin(arguments, description, profile) as twin,
        judged(held.rig),
    ):
        held.begin("posrig fuzz")
        firmware = "+".join((model.firmware(held.rig), *sorted(arguments.defect)))
        plan = Plan(
            wanted, limits, tuple(arguments.oracle), arguments.seed, findings=arguments.findings, firmware=firmware,
            stop_at_first=arguments.first, afresh=arguments.afresh, left=_left(held), twin=twin,
        )  # fmt: skip
        if arguments.replay:
            return _replay(console, held.rig, model, plan, arguments)
        return _search(console, held.rig, model, plan, arguments)


def _list(console: Console, model: FuzzModel) -> None:
    for scope in model.scopes():
        what = f"{len(scope.acts):4} acts " if scope.acts else "     trial"
        console.print(f"{scope.name:12} {what}  {scope.about}", highlight=False)
    console.print(f"oracles: {', '.join(model.oracles)}", highlight=False, soft_wrap=True)


@contextmanager
def _twin(arguments: argparse.Namespace, description: RigDescription, profile: Profile) -> Iterator[Rig | None]:
    """The simulated terminal beside a lab rig, where it is of the same model; beside a simulated rig none is needed."""
    if arguments.twin is None and description.simulated is not None:
        yield None
        return
    beside = read_rig(arguments.twin or SIMULATED)
    if beside.simulated is None:
        raise ConfigurationError("the twin must be a simulated rig", where=f"--twin {arguments.twin}")
    if read_profile(beside.terminal.profile).data.model != profile.data.model:
        if arguments.twin is not None:
            raise ConfigurationError("the twin is another terminal model", where=f"--twin {arguments.twin}")
        yield None
        return
    with Rig.open(beside, options=RigOptions(guard=False)) as rig:
        yield rig


def _left(held: RigSession) -> Left:
    ledger = held.ledger
    return (lambda _kind: None) if ledger is None else ledger.remaining


def _replay(console: Console, rig: Rig, model: FuzzModel, plan: Plan, arguments: argparse.Namespace) -> int:
    scope, finding, verdict = model.again(rig, plan, arguments.replay)
    if arguments.json:
        printing.print_json({"ok": not verdict.fired, "id": finding.id, "scope": scope.name, "acts": list(finding.keys),
                    "verdict": verdict.kind, "fired": verdict.fired, "tried": verdict.tried})  # fmt: skip
    console.print(f"{verdict}  {finding.id} ({scope.name}): {' | '.join(finding.keys)}", highlight=False, markup=False)
    console.print(f"    expected: {finding.expected}\n    seen:     {finding.seen}", highlight=False, markup=False)
    return ExitCode.PRODUCT_FAILURE if verdict.fired else ExitCode.HELD


def _search(console: Console, rig: Rig, model: FuzzModel, plan: Plan, arguments: argparse.Namespace) -> int:
    before = set(known(rig, plan))
    with Live(console=console, refresh_per_second=4, transient=True) as shown:
        campaign = model.run(rig, plan, lambda scope, at, spent: shown.update(live(scope, at, spent), refresh=False))
    told = _told(rig, model, plan, campaign, arguments, before)
    if arguments.json:
        printing.print_json(report(campaign, told, arguments.seed))
    show(console, campaign, told, arguments.seed)
    if campaign.fault is not None:
        rig.loss_told = True
        console.print(f"{campaign.fault.verdict}: {campaign.fault}", highlight=False, markup=False)
        return ExitCode.PRODUCT_FAILURE if told else campaign.fault.exit_code
    if told:
        return ExitCode.PRODUCT_FAILURE
    return ExitCode.INTERRUPTED if campaign.interrupted else ExitCode.HELD


def _told(
    rig: Rig, model: FuzzModel, plan: Plan, campaign: Campaign, arguments: argparse.Namespace, before: set[str]
) -> Sequence[Told]:
    """Each finding once, in words that say most, with its scenario, its picture and the command that replays it."""
    allowance = Allowance(plan.limits, campaign.spent, plan.left)
    origin = Origin(plan.firmware, rig.profile.data.model, datetime.now(UTC).date().isoformat())
    folder = None if arguments.defect and arguments.scenarios == _scenarios() else arguments.scenarios
    options = [word for defect in arguments.defect for word in ("--defect", defect)]
    options += [] if arguments.rig == default_rig() else ["--rig", str(arguments.rig)]
    options += [] if arguments.findings == _findings() else ["--findings", str(arguments.findings)]
    told = []
    for scope, found in distinct(campaign.findings):
        finding = found if campaign.fault is not None else model.simpler(rig, scope, found, allowance)
        scenario = _write(model, folder, scope, finding, origin, arguments.language)
        picture = model.picture(plan, scope, finding, arguments.language)
        told.append(Told(scope, finding, scenario, picture, again_line(finding, options), finding.id in before))
    return told


def _write(
    model: FuzzModel, folder: Path | None, scope: Scope, finding: Finding, origin: Origin, language: Language
) -> str:
    """The file, or why there is none."""
    if folder is None:
        return "no scenario for a seeded defect (name --scenarios)"
    if finding.verdict == "not again":
        return "did not show again"
    try:
        return str(write(folder, model.scenario(scope, finding, origin, language), finding, language))
    except ConfigurationError as error:
        return error.found
