"""``posrig camera``: what the rig's camera sees, and where the display's corners are."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from posrig.commands import printing
from posrig.commands._console import open_console
from posrig.commands.common import add_json_option, add_rig_option, save_bytes
from posrig.commands.screen import shown
from posrig.description.profile import Profile, read_profile
from posrig.description.rig_file import Camera, read_rig
from posrig.ground.faults import ConfigurationError, ExitCode, RigFault
from posrig.rig.rig import Rig, RigOptions
from posrig.rig.session import rig_session
from posrig.screens.camera import Sight, camera_eye

SUMMARY = "show what the rig's camera sees: the rows it reads, the photo with the display's corners drawn in"
EPILOG = """\
Nothing is switched; --power-on switches the terminal on for this look. --find looks for the corners: take a page with
text in all four corners of the display, and write the line that is printed into the rig file.
examples:  posrig camera --power-on --out photo.png
           posrig camera --rig my-rig.yaml --find"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--power-on", action="store_true", help="switch the terminal on first and wait until it is up")
    parser.add_argument("--find", action="store_true", help="look for the display's corners in the photo")
    parser.add_argument("--out", type=Path, metavar="FILE.png", help="write the photo with the corners drawn in")
    add_rig_option(parser)
    add_json_option(parser)


def run(arguments: argparse.Namespace) -> int:
    description = read_rig(arguments.rig)
    if description.camera is None:
        raise ConfigurationError(
            "there is no camera in the rig file",
            where=f"{arguments.rig}, section camera",
            allowed="camera: {stream: http://192.0.2.7:8080/stream, corners: [[x, y], ... four of them]}",
            todo="docs/camera.md",
        )
    profile = read_profile(description.terminal.profile)
    eye = camera_eye(profile)
    with rig_session(description, profile=profile, options=RigOptions(attach=True)) as held:
        sight = _look(held.rig, arguments.power_on)
    camera = description.camera
    found = eye.find_corners(sight.photo, _characters(profile)) if arguments.find else None
    if arguments.out:
        save_bytes(arguments.out, eye.drawn(sight.photo, found or camera.corners), "the photo")
    if found:
        camera = Camera(stream=camera.stream, corners=found)
        sight = Sight(sight.photo, eye.reader(found).read(sight.photo) or sight.reading)
    elif arguments.find:
        raise RigFault(
            "no display that can be read is in the photo",
            instrument="camera",
            todo="is it on, in focus, upright, with text in all corners? --out shows the photo; then try again",
        )
    _report(arguments, sight, camera, found)
    return int(ExitCode.HELD if sight.reading.rows is not None or found else ExitCode.RIG_FAULT)


def _look(rig: Rig, power_on: bool) -> Sight:
    shown(rig, power_on)
    sight = rig.look(lambda reading: reading.rows is not None)
    if sight is None:
        raise AssertionError("a rig with a camera has one")
    return sight


def _characters(profile: Profile) -> str:
    """What the display may show: the characters of the profile's rows, and digits."""
    rows = (row for screen in profile.screens.values() for rows in screen.rows.values() for row in rows)
    return "".join(sorted({char for row in rows for char in row} | set(" 0123456789.:*_#-")))


def _report(arguments: argparse.Namespace, sight: Sight, camera: Camera, found: Any) -> None:
    reading = sight.reading
    corners = [list(corner) for corner in camera.corners]
    if arguments.json:
        rows = None if reading.rows is None else list(reading.rows)
        report = {"ok": rows is not None or bool(found), "rows": rows, "unread": reading.unread, "corners": corners}
        printing.print_json({**report, "photo": str(arguments.out) if arguments.out else None})
        return
    console = open_console(markup=False, highlight=False)
    if reading.rows is None:
        console.print(f"with the corners of the rig file it cannot be read: {reading.unreadable}")
        if not found:
            console.print("next: posrig camera --find, or --out FILE.png to look at the photo")
    elif reading.dark:
        console.print("the display is dark; posrig camera --power-on")
    else:
        for row in reading.rows:
            console.print(f"  |{row}")
    if found:
        console.print(f"the corners, for the rig file's section camera:\n  corners: {corners}")
    if arguments.out:
        console.print(f"the photo with the corners: {arguments.out}")
