"""``posrig screen``: draw the terminal's display."""

from __future__ import annotations

import argparse

from posrig.commands import printing
from posrig.commands._console import open_console
from posrig.commands.common import add_json_option, add_rig_option, draw, frame_report
from posrig.description.rig_file import read_rig
from posrig.ground.faults import ExitCode
from posrig.rig.rig import Rig, RigOptions
from posrig.rig.session import rig_session
from posrig.terminal.contracts import Frame

SUMMARY = "draw the terminal's display and say which screen it is"
EPILOG = """\
Nothing is switched: a terminal without power shows a dark display. --power-on switches it on for this look.
example:   posrig screen --power-on"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--power-on", action="store_true", help="switch the terminal on first and wait until it is up")
    add_rig_option(parser)
    add_json_option(parser)


def run(arguments: argparse.Namespace) -> int:
    description = read_rig(arguments.rig)
    # leased like any run: who looks is a second client of the instruments and gets the other job's errors
    with rig_session(description, options=RigOptions(attach=True)) as held:
        frame = shown(held.rig, arguments.power_on)
        powered = held.rig.power.is_on
    if arguments.json:
        printing.print_json({"ok": True, "powered": powered, **frame_report(frame)})
        return int(ExitCode.HELD)
    console = open_console()
    draw(frame, console, powered=powered)
    if not powered:
        console.print("the terminal has no power; posrig screen --power-on")
    elif frame.fields:
        console.print("  ".join(f"{name}={value}" for name, value in frame.fields.items()), markup=False)
    return int(ExitCode.HELD)


def shown(rig: Rig, power_on: bool) -> Frame:
    """The display as it is; with ``power_on`` a terminal without power is switched on first."""
    if rig.power.is_on or not power_on:
        return rig.screen.settled()
    if rig.description.simulated is not None:
        rig.fresh_terminal()
    return switched_on(rig)


def switched_on(rig: Rig) -> Frame:
    """Supply on, and what is displayed when the start is over, or when its time is. Judges nothing."""
    rig.power.on()
    deadline = rig.clock.deadline(rig.description.power.boots_within_s)
    while True:
        frame = rig.screen.settled()
        starts = frame.screen is None or rig.profile.screens[frame.screen].kind == "progress"
        if not starts or deadline.expired:
            return frame
        rig.clock.sleep(0.25)
