"""``posrig profile new|check|draw``: from a terminal that nobody has described to a profile that fits it."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from rich.text import Text

from posrig.commands import _profile_new, printing
from posrig.commands._console import open_console
from posrig.commands._profile_map import drawn
from posrig.commands.common import add_json_option, add_rig_option, draw, save
from posrig.commands.screen import shown
from posrig.description.profile import Profile, read_profile
from posrig.description.rig_file import read_rig
from posrig.ground.faults import ConfigurationError, ExitCode
from posrig.rig.rig import RigOptions
from posrig.rig.session import rig_session
from posrig.terminal.contracts import Frame
from posrig.terminal.nearest import Nearest, nearest

SUMMARY = "a terminal's profile: begin one (new), hold it against the terminal (check), see it as a map (draw)"
LONGEST_S = 3600.0
EPILOG = """\
new FILE    asks for model, display and keys, and writes a profile that can be read; screens are added by hand
check       says what the profile describes; with --seconds N the terminal is looked at for so long, while somebody
            presses its keys or it starts (--power-on): which screens were seen, and each unknown frame beside the
            screen that it is most like, the rows that differ marked
draw        the screens, their keys and the ways as an SVG picture (extra: pictures)
exit code:  0 all that was seen is in the profile, 4 the profile is wrong or a frame was seen that it does not have
example:    posrig profile check --rig rigs/mine.yaml --power-on --seconds 30
            posrig profile draw --profile rigs/profiles/mine.yaml --out map.svg"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=("new", "check", "draw"))
    parser.add_argument("file", nargs="?", type=Path, metavar="FILE", help="new: the file to write")
    parser.add_argument("--profile", type=Path, metavar="FILE", help="a profile without a rig (default: the rig's)")
    parser.add_argument("--seconds", type=float, default=0.0, metavar="N", help="check: look at it for so long")
    parser.add_argument("--power-on", action="store_true", help="check: switch the terminal on first")
    parser.add_argument("--out", type=Path, default=Path("profile.svg"), metavar="FILE.svg", help="draw: the picture")
    parser.add_argument("--language", choices=("en", "zh"), default="en", help="draw: of the words")
    _profile_new.add_arguments(parser)
    add_rig_option(parser)
    add_json_option(parser)


def run(arguments: argparse.Namespace) -> int:
    if arguments.what == "new":
        return _profile_new.run(arguments)
    if arguments.file is not None:
        arguments.profile = arguments.file
    looks = arguments.power_on or arguments.seconds > 0
    if not 0 <= arguments.seconds <= LONGEST_S:
        raise ConfigurationError(f"--seconds {arguments.seconds:g}", allowed=f"0 to {LONGEST_S:g}")
    if arguments.profile is not None and looks:
        raise ConfigurationError("--profile names no rig to look at", todo="name the rig file: --rig FILE")
    path = arguments.profile or read_rig(arguments.rig).terminal.profile
    profile = read_profile(path)
    if arguments.what == "draw":
        save(arguments.out, drawn(profile, arguments.language), "the map")
        printing.say(f"{arguments.out}: {len(profile.screens)} screens, {len(profile.data.ways)} ways")
        return int(ExitCode.HELD)
    seen = _look(arguments) if looks else ()
    unknown = _distinct([frame for frame in seen if frame.screen is None and any(frame.lines)])
    report = {**_described(profile), "seen": _names(seen), "unknown": [_plain(profile, frame) for frame in unknown]}
    if arguments.json:
        printing.print_json({"ok": not unknown, **report})
    else:
        _tell(profile, report, unknown, looked=looks)
    return int(ExitCode.CONFIGURATION if unknown else ExitCode.HELD)


def _described(profile: Profile) -> dict[str, Any]:
    data = profile.data
    return {
        "profile": str(profile.source.path),
        "model": data.model,
        "display": f"{data.display.rows} x {data.display.columns}",
        "keys": list(profile.keys),
        "screens": len(profile.screens),
        "meanings": {meaning: list(names) for meaning, names in profile.meaning.items()},
        "without_meaning": [name for name, screen in profile.screens.items() if not screen.means and not screen.asks],
        "ways": list(data.ways),
    }


def _look(arguments: argparse.Namespace) -> tuple[Frame, ...]:
    """Every picture of the terminal's display from now on, for so many seconds of its clock."""
    with rig_session(read_rig(arguments.rig), options=RigOptions(attach=True)) as held:
        held.rig.screen.begin()
        first = shown(held.rig, arguments.power_on)
        if arguments.seconds:
            held.rig.clock.sleep(arguments.seconds)
        return (*held.rig.screen.history(), first, held.rig.screen.settled())


def _distinct(frames: list[Frame]) -> list[Frame]:
    return list({frame.lines: frame for frame in frames}.values())


def _names(seen: tuple[Frame, ...]) -> list[str]:
    return list(dict.fromkeys(frame.screen for frame in seen if frame.screen))


def _plain(profile: Profile, frame: Frame) -> dict[str, Any]:
    near = nearest(profile, frame.lines)
    return {
        "lines": list(frame.lines),
        "nearest": None if near is None else near.screen,
        "line": None if near is None else near.line,
        "differing_rows": [] if near is None else list(near.differing),
    }


def _tell(profile: Profile, report: dict[str, Any], unknown: list[Frame], *, looked: bool) -> None:
    console = open_console()
    console.print(f"{report['profile']}: model {report['model']}, {report['display']}, {len(report['keys'])} keys, "
                  f"{report['screens']} screens", markup=False, highlight=False)  # fmt: skip
    for meaning, names in report["meanings"].items():
        console.print(f"  {meaning:16} {', '.join(names)}", markup=False, highlight=False)
    if report["without_meaning"]:
        console.print(f"  no meaning       {', '.join(report['without_meaning'])}", markup=False, highlight=False)
    console.print(f"  ways             {', '.join(report['ways']) or 'none'}", markup=False, highlight=False)
    if not looked:
        console.print("next: posrig profile check --power-on --seconds 30, and press keys at the terminal meanwhile")
        return
    console.print(f"seen: {', '.join(report['seen']) or 'no screen of the profile'}", markup=False, highlight=False)
    for frame in unknown:
        console.print("\na frame that the profile does not have:")
        draw(frame, console)
        near = nearest(profile, frame.lines)
        if near is None:
            console.print("it is like no screen of the profile; next: write it as a new one")
        else:
            _beside(console, near, frame, str(profile.source.path))


def _beside(console: Any, near: Nearest, frame: Frame, path: str) -> None:
    console.print(f"most like {near.screen} ({path}:{near.line}):", markup=False, highlight=False)
    for number, row in enumerate(near.rows, 1):
        if not row and number not in near.differing:
            continue
        found = frame.lines[number - 1] if number <= len(frame.lines) else ""
        mark = "≠" if number in near.differing else " "
        text = Text(f"  {mark} row {number}  profile: {row}")
        if number in near.differing:
            text.append(f"\n            seen:    {found}", style="bold red")
        console.print(text)
    console.print(f"next: correct row {', '.join(map(str, near.differing))} there, or write a screen of its own")
