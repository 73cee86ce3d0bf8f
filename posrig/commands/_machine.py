"""What posrig needs of a machine and finds there, part by part, for ``posrig doctor``. Opens no instrument."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from posrig.commands._check_place import FREE_BYTES
from posrig.description.lab import SIMULATED, default_rig, lab_in_use, lab_root, state_folder
from posrig.description.profile import read_profile
from posrig.description.rig_file import RigDescription, read_rig
from posrig.ground.faults import ConfigurationError
from posrig.safety.lease import lease_directory

NAME = "posrig"
PROGRAMS = (("git", "pipelines and a lab's own history; posrig itself calls no program", "apt-get install git"),)
"""Programs that are of use when they are there: name, what for, what to do."""
EXTRAS = {
    "camera": "the screen is read by camera, photos as evidence",
    "pictures": "posrig learn --draw: the screens of a terminal as a picture",
    "dev": "work on posrig itself",
}
EARLIEST = datetime(2026, 1, 1, tzinfo=UTC)
"""posrig is younger than that: a clock that stands before it was never set."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the machine. ``needed``: without it this lab does not work; else something else does not."""

    name: str
    found: str
    ok: bool = True
    needed: bool = True
    todo: str = ""


def python() -> Iterator[Part]:
    version = ".".join(map(str, sys.version_info[:3]))
    wanted = _wanted_python()
    yield Part("Python", f"{version}, {sys.executable}", version in SpecifierSet(wanted), todo=f"use a Python {wanted}")


def _wanted_python() -> str:
    try:
        return metadata.metadata(NAME)["Requires-Python"] or ">=3.11"
    except metadata.PackageNotFoundError:
        return ">=3.11"


def packages() -> Iterator[Part]:
    """What the metadata asks for, one row for all that are right, one for each that is not."""
    try:
        version, asked = metadata.version(NAME), [Requirement(one) for one in metadata.requires(NAME) or ()]
    except metadata.PackageNotFoundError:
        yield Part(NAME, "not installed, run from a folder: what it needs is not known", False, False, "pip install .")
        return
    yield Part(NAME, f"{version}, {Path(__file__).parents[1]}")
    plain = [one for one in asked if one.marker is None or one.marker.evaluate({"extra": ""})]
    wrong = [(one, text) for one in plain if (text := _wrong(one))]
    right = len(plain) - len(wrong)
    if right:
        told = ", ".join(f"{one.name} {metadata.version(one.name)}" for one in plain if not _wrong(one))
        yield Part(f"{right} packages", told)
    for one, text in wrong:
        yield Part(f"package {one.name}", text, False, todo=f"python -m pip install '{_plain(one)}'")
    for extra in metadata.metadata(NAME).get_all("Provides-Extra") or ():
        parts = [one for one in asked if one.marker and one.marker.evaluate({"extra": extra}) and one not in plain]
        missing = [f"{one.name}: {text}" for one in parts if (text := _wrong(one))]
        what = EXTRAS.get(extra, "")
        yield Part(
            f"extra {extra}", "; ".join(missing) if missing else what, not missing, False,
            f"python -m pip install '{NAME}[{extra}]' ({what})",
        )  # fmt: skip


def _plain(one: Requirement) -> str:
    return f"{one.name}{one.specifier}"


def _wrong(one: Requirement) -> str:
    try:
        version = metadata.version(one.name)
    except metadata.PackageNotFoundError:
        return f"not installed, wanted {_plain(one)}"
    return "" if one.specifier.contains(version, prereleases=True) else f"{version}, wanted {_plain(one)}"


def programs() -> Iterator[Part]:
    for name, why, todo in PROGRAMS:
        place = shutil.which(name)
        yield Part(f"program {name}", f"{place}: {why}" if place else f"not there: {why}", bool(place), False, todo)


def lab() -> Iterator[Part]:
    """The lab, its rig file and profile; what this rig needs of the machine."""
    try:
        found = lab_in_use()
        yield Part("lab", f"{found.root}" if found else "none here: the simulated rig that posrig brings along")
        path = default_rig()
        rig = read_rig(path)
        profile = read_profile(rig.terminal.profile)
    except ConfigurationError as error:
        where = f" ({error.where})" if error.where else ""
        yield Part("lab", f"{error.found}{where}", False, todo=error.todo or error.allowed)
        return
    shown = "posrig's own" if path == SIMULATED else str(path)
    yield Part("rig file", f"{shown}: {rig.name}, terminal {profile.data.model}")
    yield from _credentials(rig)
    yield from serial(rig)
    yield from visa(rig)
    if (
        rig.camera is not None
        and rig.streams.screen == "camera"
        and (text := _wrong(Requirement("opencv-python-headless")))
    ):
        yield Part("camera", f"opencv-python-headless: {text}", False, todo=f"python -m pip install '{NAME}[camera]'")
    yield _zone(rig.terminal.zone)


def _credentials(rig: RigDescription) -> Iterator[Part]:
    """Whether the program is there; it is not run, and its other words are not told: they may name an entry."""
    if rig.credentials.command is not None:
        program = rig.credentials.command[0]
        there = shutil.which(program) is not None
        yield Part("credentials", f"{program}{'' if there else ': not there'}", there, todo=f"install {program}")


def serial(rig: RigDescription) -> Iterator[Part]:
    """Serial devices: those of the rig must be there and open to this user; others are told."""
    addresses = [one.resource for _, one in rig.instruments if one is not None]
    addresses += [text for _, text in rig.streams if isinstance(text, str)]
    needed = {path for text in addresses if (path := _device(text))}
    here = {str(path) for kind in ("ttyUSB*", "ttyACM*") for path in Path("/dev").glob(kind)}
    for path in sorted(needed | here):
        if not Path(path).exists():
            yield Part(f"serial {path}", "not there", False, True, "plug it in, or mend its name in the rig file")
            continue
        mine = os.access(path, os.R_OK | os.W_OK)
        group = _group(path)
        yield Part(
            f"serial {path}", "may be used" if mine else f"belongs to the group {group}, and this user is not in it",
            mine, path in needed, f"sudo usermod -aG {group} $USER, then sign on again",
        )  # fmt: skip
    if not needed | here:
        yield Part("serial devices", "none plugged in (/dev/ttyUSB*, /dev/ttyACM*), none needed")


def _device(address: str) -> str:
    """The device file that an address names, or nothing.

    >>> _device("ASRL/dev/ttyUSB0::INSTR"), _device("serial:///dev/ttyACM1?baud=9600"), _device("tcp://127.0.0.1:1")
    ('/dev/ttyUSB0', '/dev/ttyACM1', '')
    """
    at = address.find("/dev/")
    return "" if at < 0 else address[at:].partition("::")[0].partition("?")[0]


def _group(path: str) -> str:
    import grp

    try:
        return grp.getgrgid(os.stat(path).st_gid).gr_name
    except (KeyError, OSError):
        return "dialout"


def visa(rig: RigDescription) -> Iterator[Part]:
    """Back ends of VISA, and which kinds of resource each reaches."""
    import pyvisa
    from pyvisa.ctwrapper.highlevel import IVIVisaLibrary
    from pyvisa.rname import ResourceName
    from pyvisa_py.highlevel import PyVisaLibrary

    told = PyVisaLibrary.get_debug_info()
    assert isinstance(told, dict)
    kinds = {kind: state for kind, state in told.items() if kind != "Version"}
    there = sorted(kind for kind, state in kinds.items() if isinstance(state, str))
    yield Part("VISA: pyvisa-py", f"pyvisa {pyvisa.__version__}: {', '.join(there)}")
    vendor = [str(path) for path in IVIVisaLibrary.get_library_paths()]
    used = {name: one for name, one in rig.instruments if one is not None}
    yield Part(
        "VISA: vendor's library", ", ".join(vendor) or "none (NI-VISA, Keysight): only backend: '@ivi' needs one",
        bool(vendor), any("py" not in one.backend for one in used.values()), "install NI-VISA, or use backend: '@py'",
    )  # fmt: skip
    for name, one in used.items():
        if "py" not in one.backend or "{" in one.resource:
            continue
        parsed = ResourceName.from_string(one.resource)
        kind = f"{parsed.interface_type} {parsed.resource_class}"
        state = kinds.get(kind, "unknown to pyvisa-py")
        if not isinstance(state, str):
            yield Part(f"instrument {name}", f"{kind}: {' '.join(state)}", False, todo="install what it says")


def _zone(name: str) -> Part:
    try:
        now = datetime.now(ZoneInfo(name))
    except (ZoneInfoNotFoundError, ValueError):
        return Part("time zones", f"no data for {name}", False, todo="python -m pip install tzdata")
    return Part("time zones", f"{name}: {now:%Y-%m-%d %H:%M %Z}")


def clock() -> Iterator[Part]:
    now = datetime.now(UTC)
    yield Part("clock of this PC", f"{now:%Y-%m-%d %H:%M} UTC", now > EARLIEST, todo="set it by NTP")


def folders() -> Iterator[Part]:
    """Where posrig writes: reports, ledger and incidents, leases; and room for it."""
    try:
        root, state = lab_root(), state_folder()
    except ConfigurationError:  # told with the lab
        root = state = Path.cwd()
    places = {"reports": root / "reports", "ledger, incidents": state, "leases": lease_directory()}
    for what, folder in places.items():
        trouble = _unwritable(folder)
        yield Part(
            f"folder for {what}", f"{folder}{trouble}", not trouble, todo=f"make {folder} writable for this user"
        )
    there = next(folder for folder in (root / "reports", root, *root.parents) if folder.exists())
    free = shutil.disk_usage(there).free
    yield Part(
        "free disk", f"{free / 1e9:,.1f} GB at {there}", free >= FREE_BYTES,
        todo=f"{FREE_BYTES / 1e6:,.0f} MB are wanted: remove old reports",
    )  # fmt: skip


def _unwritable(folder: Path) -> str:
    """Why nothing can be written there, tried and not asked: a file system may be read-only for root too."""
    there = next(one for one in (folder, *folder.parents) if one.exists())
    if not there.is_dir():
        return f": {there} is no folder"
    try:
        with tempfile.TemporaryFile(dir=there):
            return ""
    except OSError as error:
        return f": {error.strerror}"
