"""``posrig init FOLDER``: a lab of one's own, complete and running on the simulated rig."""

from __future__ import annotations

import argparse
import difflib
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from posrig.commands import printing
from posrig.commands.common import add_json_option
from posrig.description.lab import SIMULATED
from posrig.description.profile import read_profile
from posrig.description.rig_file import read_rig
from posrig.ground.faults import ConfigurationError, ExitCode
from posrig.shipped import shipped

SUMMARY = "make a lab of your own: features, sentences, a rig file, pipelines"
EPILOG = "example:\n  posrig init my-lab && cd my-lab && pytest"
TEMPLATES = "lab"
ENDING = ".in"
"""What a template's name ends with, so that no tool of posrig's own repository takes it for code of posrig."""
_HIDDEN = "dot-"
_NIGHTS = {
    True: ("9 * 3600.0", "on the simulated rig they pass at once"),
    False: ("3.0", "a short night: this rig's clock is the one on the wall"),
}
"""How long the lab's own sentence keeps the shop closed, by whether the rig's clock is simulated."""
SHOWN_FILES = 8


@dataclass(frozen=True, slots=True)
class Model:
    """A terminal that a lab can begin with: its model's name, its profile, and the shipped rig file that runs it."""

    name: str
    profile: Path
    rig: Path
    simulated: bool
    """Whether posrig starts this terminal itself; where not, it has to be there before a scenario runs."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="a new folder, or an empty one")
    parser.add_argument("--terminal", metavar="MODEL", default="R", help="terminal model (default: R)")
    add_json_option(parser)


def run(arguments: argparse.Namespace) -> int:
    model = named(arguments.terminal)
    folder = arguments.folder.absolute()
    _refuse(folder, arguments.folder)
    name = Path(os.path.normpath(folder)).name or "lab"
    try:
        files = make(folder, contents(model, name))
    except OSError as error:
        raise ConfigurationError(
            f"the lab cannot be made: {error.strerror or error}; nothing was left", where=str(arguments.folder),
            allowed="a folder that can be written to, on a disk with room", todo="mend that, or name another folder",
        ) from None  # fmt: skip
    if arguments.json:
        printing.print_json({"ok": True, "lab": str(folder), "terminal": model.name, "files": files})
        return ExitCode.HELD
    here = Path(os.path.normpath(folder)) == Path.cwd()
    printing.say(f"a lab for terminal {model.name}: {arguments.folder}, {len(files)} files")
    printing.say("next:" + ("" if here else f"  cd {arguments.folder}"))
    if not model.simulated:
        printing.say(f"       rigs/{model.rig.name} says where this terminal has to listen: posrig does not start it")
    where = "the simulated rig" if model.simulated else f"the rig of rigs/{model.rig.name}"
    for act, why in (
        ("pytest", f"its scenarios on {where}; then reports/latest/index.html"),
        ("pytest --posrig-suite", "posrig's suite for any terminal, with its rig"),
        ("posrig lint", "after every change of features/ or steps/"),
        ("posrig doctor", "is everything here that a real rig needs?"),
    ):
        printing.say(f"       {act:21} {why}")
    printing.say("       README.md (README.zh.md) says what is where.")
    return ExitCode.HELD


def models() -> list[Model]:
    """The terminals that posrig brings a profile and a rig file for. Raises ConfigurationError for a broken one."""
    found: dict[Path, Model] = {}
    for rig in sorted(shipped().glob("*.yaml"), key=lambda path: (path != SIMULATED, path)):
        description = read_rig(rig)
        profile = description.terminal.profile
        model = read_profile(profile).data.model
        found.setdefault(profile, Model(model, profile, rig, description.simulated is not None))
    return list(found.values())


def named(wanted: str) -> Model:
    """The model of that name: ``R``, its profile's ``reference-r`` or its rig file's. Raises ConfigurationError with
    the nearest and the list of all."""
    known = models()
    names = {name.lower(): model for model in known for name in (model.rig.stem, model.profile.stem, model.name)}
    if (model := names.get(wanted.lower().removesuffix(".yaml"))) is not None:
        return model
    near = difflib.get_close_matches(wanted.lower(), names, 1, 0.4)
    raise ConfigurationError(
        f"posrig brings no terminal {wanted!r}" + (f"; did you mean {near[0]!r}?" if near else ""),
        where="--terminal", allowed=", ".join(f"{model.name} ({model.profile.stem})" for model in known),
        todo="begin with one of these; docs/profile.md says how to describe another",
    )  # fmt: skip


def contents(model: Model, name: str) -> dict[str, str]:
    """Every file of a new lab: path below its folder -> text."""
    root = shipped(TEMPLATES)
    files = {_plain(path.relative_to(root)): path.read_text("utf-8") for path in sorted(root.rglob(f"*{ENDING}"))}
    night_s, passes = _NIGHTS[model.simulated]
    words = {"@NAME@": name, "@MODEL@": model.name, "@RIG@": model.rig.name, "@NIGHT@": night_s, "@PASSES@": passes}
    for path in files:
        for word, said in words.items():
            files[path] = files[path].replace(word, said)
    files[f"rigs/{model.rig.name}"] = model.rig.read_text("utf-8")
    files[f"rigs/profiles/{model.profile.name}"] = model.profile.read_text("utf-8")
    return dict(sorted(files.items()))


def _plain(template: Path) -> str:
    """The place of a template in the lab.

    >>> _plain(Path("dot-github", "workflows", "posrig.yml.in"))
    '.github/workflows/posrig.yml'
    """
    parts = [part.replace(_HIDDEN, ".", 1) if part.startswith(_HIDDEN) else part for part in template.parts]
    return "/".join(parts).removesuffix(ENDING)


def _refuse(folder: Path, typed: Path) -> None:
    """Nothing of anybody's is overwritten, and no folder is made that nobody named."""
    if os.path.lexists(folder) and not folder.is_dir():
        raise ConfigurationError(f"{typed} is no folder", where=str(folder), todo="name a new folder")
    if not folder.exists():
        if not folder.parent.is_dir():
            raise ConfigurationError(
                f"there is no folder {typed.parent} to make it in", where=str(folder), todo=f"mkdir -p {typed.parent}"
            )
        return
    try:
        inside = sorted(path.name + "/" * path.is_dir() for path in folder.iterdir())
    except OSError as error:
        raise ConfigurationError(f"the folder cannot be read: {error.strerror}", where=str(folder)) from None
    if inside:
        more = f" and {len(inside) - SHOWN_FILES} more" if len(inside) > SHOWN_FILES else ""
        raise ConfigurationError(
            f"the folder is not empty: {', '.join(inside[:SHOWN_FILES])}{more}", where=str(folder),
            allowed="a new folder, or an empty one",
            todo="name a new folder; for a project that is there, make the lab beside it and copy what you want",
        )  # fmt: skip


def make(folder: Path, files: Mapping[str, str]) -> list[str]:
    """Write the files whole or not at all. Raises OSError. Returns their paths below the folder."""
    fresh = not folder.exists()
    with _aside(folder.parent if fresh else folder) as aside:
        for name, text in files.items():
            path = aside / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        if fresh:
            os.rename(aside, folder)
        else:  # the folder itself stays: somebody's shell may stand in it
            _moved(aside, folder)
    return list(files)


@contextmanager
def _aside(parent: Path) -> Iterator[Path]:
    """A folder that is gone afterwards, unless it was renamed: neither Ctrl-C nor a full disk leaves half a lab."""
    aside = Path(tempfile.mkdtemp(prefix=".posrig-init-", dir=parent))
    try:
        mask = os.umask(0)
        os.umask(mask)
        aside.chmod(0o777 & ~mask)
        yield aside
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _moved(aside: Path, folder: Path) -> None:
    names = [path.name for path in aside.iterdir()]
    try:
        for name in names:
            os.rename(aside / name, folder / name)
    except BaseException:
        for name in names:
            if not (aside / name).exists() and (folder / name).exists():
                os.rename(folder / name, aside / name)
        raise
