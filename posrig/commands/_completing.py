"""What Tab offers: called by the shell (argcomplete) with the line as typed, never by people."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterable, Mapping
from types import ModuleType

import argcomplete
from argcomplete.completers import FilesCompleter

from posrig.ground.faults import PosrigError


def complete(names: Iterable[str], load: Callable[[str], ModuleType]) -> None:
    """Answer the shell and end the process. Only the module of the command that was typed is imported."""
    parser = argparse.ArgumentParser(prog="posrig")
    commands = parser.add_subparsers()
    typed = os.environ.get("COMP_LINE", "").split()[1:2]
    for name in names:
        command = commands.add_parser(name)
        if [name] == typed:
            try:
                load(name).add_arguments(command)
            except PosrigError:  # a lab that is wrong: the command itself will say so
                sys.exit(1)
            _offer(command)
    argcomplete.autocomplete(parser, always_complete_options=False)


def _offer(command: argparse.ArgumentParser) -> None:
    offers: Mapping[str, object] = {
        "rig": FilesCompleter(("yaml", "yml")), "keys": _keys, "terminal": _terminals,
        "paths": FilesCompleter(("feature",)),
    }  # fmt: skip
    for action in command._actions:
        if action.dest in offers:
            vars(action)["completer"] = offers[action.dest]


def _keys(parsed_args: argparse.Namespace, **_: object) -> list[str]:
    """The keys that the rig file wires."""
    from posrig.commands.common import rig_file
    from posrig.description.rig_file import read_rig

    try:
        return list(read_rig(rig_file(str(parsed_args.rig or ""))).keypad.channels)
    except PosrigError:
        return []


def _terminals(**_: object) -> list[str]:
    from posrig.commands.init import models

    return [model.name for model in models()]
