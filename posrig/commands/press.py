"""``posrig press KEY...``: press keys on the rig's terminal and show the screen after them."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any

from posrig.commands import printing
from posrig.commands._console import open_console
from posrig.commands.common import Stroke, add_json_option, add_rig_option, draw, frame_report, strokes
from posrig.commands.screen import switched_on
from posrig.description.profile import read_profile
from posrig.description.rig_file import read_rig
from posrig.ground.faults import ConfigurationError, ExitCode
from posrig.rig.rig import Rig, RigOptions
from posrig.rig.session import rig_session
from posrig.terminal.contracts import Frame

SUMMARY = "press keys on the terminal and show the screen after them"
EPILOG = """\
keys:      MENU 5 3 ENTER      one after the other       0123     the same as 0 1 2 3
           CLEAR*3             three times               ENTER:3s held for 3 s
           CLEAR+.:2s          together, held for 2 s
example:   posrig press --power-on 0 1 ENTER
Power stays as it is found; what --power-on switched on is switched off at the end, unless --leave-on. A press that is
interrupted or killed leaves no key down and nothing on that it switched on itself."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("keys", nargs="+", metavar="KEY", help="see below")
    parser.add_argument("--power-on", action="store_true", help="switch the terminal on first and wait until it is up")
    parser.add_argument(
        "--leave-on", action="store_true", help="do not switch off at the end what --power-on switched on"
    )
    add_rig_option(parser)
    add_json_option(parser)


def run(arguments: argparse.Namespace) -> int:
    description = read_rig(arguments.rig)
    profile = read_profile(description.terminal.profile)
    wanted = strokes(arguments.keys, tuple(description.keypad.channels))
    with rig_session(description, profile=profile, options=RigOptions(attach=True)) as held:
        report, frame = _pressed(held.rig, wanted, arguments)
    if arguments.json:
        printing.print_json(report)
    else:
        draw(frame, open_console())
    return int(ExitCode.HELD)


def _pressed(rig: Rig, wanted: Sequence[Stroke], arguments: argparse.Namespace) -> tuple[dict[str, Any], Frame]:
    done = False
    try:
        if not rig.power.is_on:
            if not arguments.power_on:
                raise ConfigurationError(
                    "the terminal has no power", where=str(arguments.rig), todo="posrig press --power-on KEY..."
                )
            if rig.description.simulated is not None:
                rig.fresh_terminal()
            switched_on(rig)
        for stroke in wanted:
            stroke.do(rig.keypad)
        frame = rig.screen.settled()
        report = {
            "ok": True,
            "pressed": rig.keypad.history_text(1000).split(),
            "presses": rig.keypad.presses,
            **frame_report(frame),
        }
        done = True
    finally:
        rig.close(leave_on=arguments.leave_on and done)
    return report, frame
