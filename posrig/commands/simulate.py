"""``posrig simulate``: the simulated rig in the foreground, and a rig file that attaches to it."""

from __future__ import annotations

import argparse
import fcntl
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from posrig.commands import printing
from posrig.commands.common import add_json_option, add_rig_option
from posrig.description.credentials import Credentials
from posrig.description.lab import lab_root
from posrig.description.rig_file import RigDescription, SimulatedProcess, filled, read_rig
from posrig.ground.faults import ConfigurationError, ExitCode
from posrig.ground.sqlite_file import lock_file
from posrig.instruments.bench import WireBench
from posrig.rig.preparation import credentials_of, simulator_options, terminal_sheet
from posrig.rig.simulator_process import SimulatorProcess

SUMMARY = "run the simulated rig in the foreground until Ctrl-C"
EPILOG = """\
Writes a rig file that attaches to it, for other windows:   posrig press --rig reports/attached/rig.yaml MENU"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--real-time", action="store_true", help="time passes by itself, as in a lab")
    parser.add_argument("--seed", type=int, help="seed of noise, bounces and credentials")
    parser.add_argument("--defect", action="append", default=[], metavar="ID", help="seed this defect (repeatable)")
    parser.add_argument(
        "--into",
        type=Path,
        default=lab_root() / "reports" / "attached",
        metavar="FOLDER",
        help="where the rig file goes",
    )
    add_rig_option(parser)
    add_json_option(parser)


def run(arguments: argparse.Namespace) -> int:
    description = read_rig(arguments.rig)
    if description.simulated is None:
        raise ConfigurationError(
            "this rig file starts no simulated rig", where=str(arguments.rig), allowed="one with a section simulated:"
        )
    simulated = description.simulated.model_copy(
        update={
            "real_time": arguments.real_time or description.simulated.real_time,
            "seed": description.simulated.seed if arguments.seed is None else arguments.seed,
        }
    )
    description = description.model_copy(update={"simulated": simulated})
    lock: int | None = None
    process = SimulatorProcess(simulator_options(description, tuple(arguments.defect)), simulated.starts_within_s)
    try:
        credentials = credentials_of(description)
        bench = WireBench(f"tcp://127.0.0.1:{process.ports['bench']}")
        bench.do("terminal.fresh", provision=terminal_sheet(description, credentials))
        bench.close()
        folder, lock = own_folder(arguments.into)
        rig_file = write_attached(folder, description, simulated, process.addresses, credentials)
        _announce(arguments.json, process, rig_file)
        while process.running:
            time.sleep(0.2)
    finally:
        process.stop()
        if lock is not None:
            os.close(lock)
    return int(ExitCode.RIG_FAULT if process.failed else ExitCode.HELD)


def own_folder(wanted: Path) -> tuple[Path, int]:
    """``wanted``, or ``wanted-2`` and so on while another simulated rig that runs has written its rig file there.

    With the descriptor that holds the folder: the kernel lets it go with the process. Raises ConfigurationError.
    """
    number = 0
    while True:
        number += 1
        folder = wanted if number == 1 else wanted.with_name(f"{wanted.name}-{number}")
        try:
            lock = lock_file(folder / ".running")
        except OSError as error:
            raise ConfigurationError(
                f"the rig file cannot be written: {error.strerror or error}", where=str(folder),
                todo="name another folder with --into FOLDER",
            ) from None  # fmt: skip
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
            continue
        return folder, lock


def _announce(as_json: bool, process: SimulatorProcess, rig_file: Path) -> None:
    if as_json:
        printing.print_json({"ok": True, "pid": process.pid, "ports": process.ports, "rig": str(rig_file)})
    else:
        shown = os.path.relpath(rig_file)
        printing.say("simulated rig: " + "  ".join(f"{name} {port}" for name, port in process.ports.items()))
        printing.say(f"rig file:      {shown}")
        printing.say(f"in another window:   posrig press --rig {shown} --power-on --leave-on F1")
        printing.say(f"                     posrig screen --rig {shown}")
        printing.say("Ctrl-C ends it.")
    sys.stdout.flush()


def write_attached(
    folder: Path,
    description: RigDescription,
    simulated: SimulatedProcess,
    addresses: dict[str, str],
    credentials: Credentials,
) -> Path:
    """The rig file of a running simulated rig, with the addresses filled in and the credentials beside it (0600)."""
    folder.mkdir(parents=True, exist_ok=True)
    secrets = folder / "credentials.yaml"
    _write_private(secrets, _credentials_text(credentials))
    data: dict[str, Any] = description.model_dump(mode="json", exclude_none=True)
    del data["simulated"]
    data["name"] = f"{description.name[:80]}, attached"
    data["terminal"]["profile"] = str(description.terminal.profile.resolve())
    data["credentials"] = {"source": "file", "file": str(secrets.resolve())}
    if simulated.real_time:
        data["clock"] = {"kind": "real"}
    rig_file = folder / "rig.yaml"
    with rig_file.open("w", encoding="utf-8") as out:
        out.write("# written by posrig simulate: attaches to the simulated rig that runs there\n")
        yaml = YAML(typ="safe")
        yaml.default_flow_style = False
        yaml.representer.ignore_aliases = lambda *_: True  # the reader of rig files takes no references
        yaml.dump(_filled(data, addresses), out)
    return rig_file


def _filled(value: Any, addresses: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {key: _filled(item, addresses) for key, item in value.items()}
    if isinstance(value, list):
        return [_filled(item, addresses) for item in value]
    return filled(value, addresses) if isinstance(value, str) else value


def _credentials_text(credentials: Credentials) -> str:
    clear = credentials.revealed()
    seeds = clear["totp_seeds"]
    entries = {
        operator: {"password": password} | ({"totp_seed": seeds[operator]} if operator in seeds else {})
        for operator, password in clear["passwords"].items()
    }
    return json.dumps(entries, indent=1)


def _write_private(path: Path, text: str) -> None:
    path.unlink(missing_ok=True)  # a file that exists keeps its mode
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
        out.write(text)
