"""``posrig learn``: learn a model of a device by its keys alone, draw it, and say how it differs from another."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.live import Live
from rich.table import Table

from posrig.commands import printing
from posrig.commands._console import open_console
from posrig.commands.common import add_json_option, add_rig_option, save
from posrig.description.profile import read_profile
from posrig.description.rig_file import read_rig
from posrig.fuzzing.learning.described import ModelDevice, describes_a_model, read_model_device, same_inputs
from posrig.fuzzing.learning.exploring import Asked, Explored, explore
from posrig.fuzzing.learning.on_rig import LearnedTerminal, TooSoonError, Wanted, learn_terminal
from posrig.fuzzing.learning.picture import picture
from posrig.fuzzing.learning.telling import model_rows, terminal_picture, terminal_report, terminal_rows
from posrig.fuzzing.learning.words import Called, Language, called_by, key_name, told, words
from posrig.fuzzing.machines.compare import Difference, compare
from posrig.fuzzing.machines.device import Budget
from posrig.fuzzing.machines.dot import dot_text, read_dot
from posrig.fuzzing.machines.mealy import Mealy, difference, renamed
from posrig.ground.faults import ConfigurationError, ExitCode

SUMMARY = "learn a model of a device by its keys alone, draw it, compare two models"
EPILOG = """\
examples:  posrig learn --rig rigs/mealy.yaml --model reader.dot --draw reader.svg
           posrig learn --rig rigs/mealy.yaml --model new.dot --reference old.dot --presses 5000
           posrig learn --compare old.dot new.dot --language zh
           posrig learn --rig rigs/simulated.yaml --minutes 2 --write draft.yaml --draw screens.svg
A terminal on a rig is learned from the ready screen of an operator, and kept to a sandbox: where a password is asked
for, or the terminal is blocked, no key is pressed.
Exit codes: 0 no question contradicts the model (and it is equivalent to the given one), or both models are alike;
1 two compared models differ, or a key leads elsewhere than the profile says; 2 interrupted; 3 explored so far only,
or not equivalent; 4 wrong option or file. docs/learning.md"""
MOST_DIFFERENCES = 50
_YAML = (".yaml", ".yml")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--model", type=Path, metavar="FILE.dot", help="the model that answers (a device file's rig)")
    parser.add_argument("--reference", type=Path, metavar="FILE.dot", help="a model of a similar device: asked first")
    parser.add_argument("--compare", type=Path, nargs=2, metavar=("A.dot", "B.dot"), help="learn nothing, compare two")
    parser.add_argument(
        "--same", action="append", default=[], metavar="NAME=NAME",
        help="one key that two models call differently: reference's or B's name, then the other's (repeatable)",
    )  # fmt: skip
    parser.add_argument("--presses", type=int, metavar="N", help="budget of presses (symbols)")
    parser.add_argument("--resets", type=int, metavar="N", help="budget of resets")
    parser.add_argument("--minutes", type=float, metavar="M", help="budget of minutes, the device's own or the wall's")
    parser.add_argument(
        "--patience", type=int, metavar="N", help="presses without a difference before a model is believed"
    )
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="another order of the questions (default 0)")
    parser.add_argument("--draw", type=Path, metavar="FILE.svg", help="draw the model")
    parser.add_argument("--write", type=Path, metavar="FILE", help="write the model (.dot) or a draft profile (.yaml)")
    parser.add_argument("--language", choices=("en", "zh"), default="en", help="of the words and the drawing")
    parser.add_argument(
        "--operator",
        metavar="ID",
        help="whose ready screen it begins from (terminal; 'none': nobody signed on; default: the profile's first)",
    )
    parser.add_argument(
        "--key", action="append", default=[], metavar="KEY", help="only these keys (terminal; repeatable)"
    )
    parser.add_argument("--defect", action="append", default=[], metavar="ID", help="a seeded defect (simulated rig)")
    add_rig_option(parser)
    add_json_option(parser)


def run(arguments: argparse.Namespace) -> int:
    for path in (arguments.draw, arguments.write):
        if path is not None:
            _must_be_writable(path, (arguments.model, arguments.reference, *(arguments.compare or ())))
    if arguments.compare:
        return _compare(arguments)
    if not describes_a_model(arguments.rig):
        return _learn_terminal(arguments)
    if arguments.defect or arguments.key:
        raise ConfigurationError(
            "a model has no seeded defects, and all its inputs are learned", where="--defect, --key",
            allowed="on a rig with a terminal",
        )  # fmt: skip
    if arguments.write is not None and arguments.write.suffix in _YAML:
        raise ConfigurationError(
            "only a terminal on a rig has a profile", where=str(arguments.write), allowed="--write FILE.dot"
        )
    return _learn_model(arguments)


def _must_be_writable(path: Path, read: Sequence[Path | None]) -> None:
    """Before anything is pressed: a model of an hour must not be lost for want of a folder."""
    if any(other is not None and other.resolve() == path.resolve() for other in read):
        raise ConfigurationError("this file would be read and overwritten", where=str(path), todo="name another one")
    folder = path.resolve().parent
    if path.is_dir() or not folder.is_dir() or not os.access(folder, os.W_OK):
        raise ConfigurationError(
            "no file can be written there", where=str(path), todo="name a file in a folder of yours"
        )


# two models


def _compare(arguments: argparse.Namespace) -> int:
    left_path, right_path = arguments.compare
    left, right = read_dot(left_path), _other_model(right_path, arguments.same)
    same_inputs(right, right_path, left.inputs, left_path.name)
    found = compare(left, right, most=MOST_DIFFERENCES)
    if arguments.json:
        printing.print_json(
            {"ok": not found, "left": str(left_path), "right": str(right_path), "differences": _plain(found)}
        )
    else:
        for row in told(found, _short_names(left_path, right_path), arguments.language, called=_called(arguments)):
            printing.say(row)
    return ExitCode.PRODUCT_FAILURE if found else ExitCode.HELD


def _other_model(path: Path, same: Sequence[str]) -> Mealy:
    """A model with its keys called as ``--same`` says. Raises ConfigurationError for a key it does not have."""
    model, names = read_dot(path), dict[str, str]()
    for word in same:
        ours, found, theirs = word.partition("=")
        if not found or not theirs:
            raise ConfigurationError(f"{word!r} does not name two keys", where="--same", allowed="NAME=NAME")
        model.index(ours)
        names[ours] = theirs
    return renamed(model, names)


def _short_names(left: Path, right: Path) -> tuple[str, str]:
    return (left.stem, right.stem) if left.stem != right.stem else (str(left), str(right))


def _changes(arguments: argparse.Namespace, changed: Sequence[Difference], name: str) -> list[str]:
    head = words(arguments.language).against_reference.format(reference=arguments.reference.name)
    names = (arguments.reference.stem, name)
    return [head, *told(changed, names, arguments.language, called=_called(arguments))]


def _called(arguments: argparse.Namespace) -> Called:
    """What people call the keys, by the profile of the rig; of a model without a rig nobody says more than it."""
    try:
        profile = read_profile(read_rig(arguments.rig).terminal.profile)
    except ConfigurationError:
        return {}
    return called_by(profile, arguments.language)


def _plain(found: Sequence[Difference]) -> list[dict[str, Any]]:
    return [{"keys": list(one.keys), "before": one.before, "left": one.left, "right": one.right} for one in found]


# a device that is a model


def _learn_model(arguments: argparse.Namespace) -> int:
    budget = Budget(arguments.presses, arguments.resets, arguments.minutes)
    _check_patience(arguments.patience)
    source = read_model_device(arguments.rig, model=arguments.model, seed=arguments.seed)
    reference = _other_model(arguments.reference, arguments.same) if arguments.reference else None
    if reference is not None:
        same_inputs(reference, arguments.reference, source.truth.inputs, source.path.name)
    console = open_console(stderr=arguments.json)
    with Live(console=console, refresh_per_second=4, transient=True) as live:
        explored = explore(
            source.device, reference=reference, budget=budget, seed=arguments.seed, patience=arguments.patience,
            watch=_progress(live, arguments.language),
        )  # fmt: skip
    _keep(arguments, explored, f"learned from {source.path.name}")
    apart = difference(source.truth, explored.machine)
    changed = compare(reference, explored.machine, most=MOST_DIFFERENCES) if reference is not None else []
    if arguments.json:
        printing.print_json(_report(source, explored, apart, changed))
    else:
        _show(console, arguments, source, explored, apart)
        if reference is not None:
            for row in _changes(arguments, changed, source.path.stem):
                printing.say(row)
    return _code(explored, apart is None)


# a terminal on a rig


def _learn_terminal(arguments: argparse.Namespace) -> int:
    if arguments.model is not None:
        raise ConfigurationError(
            "a rig's terminal is learned from its keys, not from a model", where="--model",
            allowed="--rig rigs/mealy.yaml --model FILE.dot",
        )  # fmt: skip
    _check_patience(arguments.patience)
    description = read_rig(arguments.rig)
    reference = _other_model(arguments.reference, arguments.same) if arguments.reference else None
    if reference is not None:
        inputs = arguments.key or read_profile(description.terminal.profile).keys
        same_inputs(reference, arguments.reference, inputs, "the terminal")
    operator = "" if arguments.operator == "none" else arguments.operator
    wanted = Wanted(
        operator, tuple(arguments.key), tuple(arguments.defect),
        arguments.presses, arguments.resets, arguments.minutes, arguments.seed, arguments.patience or 0,
    )  # fmt: skip
    console = open_console(stderr=arguments.json)
    with Live(console=console, refresh_per_second=4, transient=True) as live:
        try:
            learned = learn_terminal(
                description, wanted, reference=reference, watch=_progress(live, arguments.language)
            )
        except TooSoonError as soon:
            if arguments.write and arguments.write.suffix in _YAML:
                save(arguments.write, soon.draft)
                soon.todo += f"; what was seen so far stands in {arguments.write}"
            raise
    _keep(arguments, learned.explored, "learned from a terminal", learned)
    changed = compare(reference, learned.explored.machine, most=MOST_DIFFERENCES) if reference is not None else []
    if arguments.json:
        printing.print_json({**terminal_report(learned), "changed": _plain(changed)})
    else:
        rows = terminal_rows(learned, arguments.language)
        if reference is not None:
            rows += _changes(arguments, changed, "terminal")
        for row in rows:
            console.print(row, highlight=False, markup=False, soft_wrap=True)
    if learned.beside.elsewhere and learned.explored.ended_by != "interrupted":
        return ExitCode.PRODUCT_FAILURE
    return _code(learned.explored, right=True)


def _check_patience(patience: int | None) -> None:
    if patience is not None and patience < 0:
        raise ConfigurationError(f"a patience of {patience} presses is none", where="--patience", allowed="0 or more")


def _code(explored: Explored, right: bool) -> int:
    if explored.ended_by == "interrupted":
        return ExitCode.INTERRUPTED
    return ExitCode.HELD if explored.complete and right else ExitCode.RIG_FAULT


def _progress(live: Live, language: Language) -> Any:
    rows = ("状态", "按键", "复位", "假设") if language == "zh" else ("states", "presses", "resets", "hypotheses")

    def watch(asked: Asked) -> None:
        if asked.presses % 25 and asked.presses:
            return  # a table for each press would cost more than the press
        table = Table.grid(padding=(0, 2))
        table.add_row(*rows)
        table.add_row(str(asked.states), str(asked.presses), str(asked.resets), str(asked.hypotheses))
        live.update(table)

    return watch


def _keep(
    arguments: argparse.Namespace, explored: Explored, title: str, terminal: LearnedTerminal | None = None
) -> None:
    state = "complete" if explored.complete else f"explored so far ({explored.ended_by})"
    if arguments.write and terminal is not None and arguments.write.suffix in _YAML:
        save(arguments.write, terminal.draft)
    elif arguments.write:
        save(arguments.write, dot_text(explored.machine, title=f"{title}; {state}"))
    if arguments.draw:
        save(arguments.draw, _drawn(explored.machine, terminal, arguments.language))


def _drawn(machine: Mealy, terminal: LearnedTerminal | None, language: Language) -> str:
    if terminal is not None:
        return terminal_picture(terminal, language)
    return picture(machine, language)  # its answers are no screens: each stands on its arrow


def _show(console: Console, arguments: argparse.Namespace, source: ModelDevice, explored: Explored, apart: Any) -> None:
    say, machine, asked = words(arguments.language), explored.machine, explored.asked
    for row in model_rows(machine, arguments.language):
        console.print(row, highlight=False, markup=False, soft_wrap=True)
    form = say.complete if explored.complete else say.partial
    because = say.limits.get(explored.ended_by or "", "")
    rows = [form.format(states=machine.size, inputs=len(machine.inputs), because=because)]
    rig_min = explored.device_s / 60
    rows.append(
        say.cost.format(presses=asked.presses, resets=asked.resets, hypotheses=asked.hypotheses, minutes=rig_min)
    )
    if explored.misread or explored.conflicts:
        rows.append(say.conflicts.format(misread=explored.misread, count=explored.conflicts))
    if apart is None:
        rows.append(say.equivalent.format(model=source.path.name))
    else:
        keys = say.joiner.join(key_name(key, arguments.language) for key in source.truth.spell(apart))
        rows.append(say.not_equivalent.format(model=source.path.name, keys=keys))
    for row in rows:
        console.print(row, highlight=False, markup=False, soft_wrap=True)


def _report(source: ModelDevice, explored: Explored, apart: Any, changed: Sequence[Difference]) -> dict[str, Any]:
    asked = explored.asked
    return {
        "ok": explored.complete and apart is None,
        "model": str(source.path),
        "complete": explored.complete,
        "ended_by": explored.ended_by,
        "equivalent": apart is None,
        "apart": None if apart is None else list(source.truth.spell(apart)),
        "states": explored.machine.size,
        "symbols": asked.presses,
        "resets": asked.resets,
        "hypotheses": asked.hypotheses,
        "device_s": round(explored.device_s, 1),
        "misread": explored.misread,
        "conflicts": explored.conflicts,
        "changed": _plain(changed),
    }
