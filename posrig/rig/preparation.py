"""What a rig file asks for before a rig is opened: credentials, the simulated rig's options, the terminal's sheet."""

from __future__ import annotations

from typing import Any

from posrig.description import credentials as credential_sources
from posrig.description.credentials import Credentials
from posrig.description.profile import Profile, read_profile
from posrig.description.rig_file import RigDescription


def simulator_options(
    description: RigDescription, defects: tuple[str, ...] = (), defects_from: tuple[str, ...] = ()
) -> dict[str, Any]:
    """The simulated rig's options: its wiring is the rig file's own, so that both speak of the same channels."""
    simulated = description.simulated
    if simulated is None:
        return {}
    wiring: dict[str, Any] = {"supply_output": description.power.channel, "keys": description.keypad.channels}
    if description.network is not None:
        wiring["ethernet_cut"] = description.network.channel
    if description.usb is not None:
        wiring["usb_plug"] = description.usb.channel
    return {
        "terminal": simulated.terminal,
        "seed": simulated.seed,
        "real_time": simulated.real_time,
        "defects": [*simulated.defects, *defects],
        "defects_from": [*map(str, simulated.defects_from), *defects_from],
        "wiring": wiring,
        "faults": [fault.model_dump(exclude_none=True) for fault in simulated.faults],
    }


def terminal_sheet(description: RigDescription, credentials: Credentials) -> dict[str, Any]:
    """What the key room puts on a simulated terminal from the shelf: the rig file's terminal, these credentials."""
    about = description.terminal
    return {
        "serial_number": about.serial_number,
        "language": about.language,
        "zone": about.zone,
        **credentials.revealed(),
    }


def generated_for(profile: Profile, seed: int, serial_number: str) -> Credentials:
    """Throw-away credentials for everybody whom a profile knows, as long as it says."""
    roles = profile.data.roles
    digits = {who: role.password_digits for name, role in roles.items() for who in role.ids or (name,)}
    second = [who for name, role in roles.items() if "time code" in role.factors for who in role.ids or (name,)]
    return credential_sources.generated(seed, digits=digits, second_factor=second, avoid=(serial_number,))


def credentials_of(description: RigDescription, profile: Profile | None = None) -> Credentials:
    """The credentials that the rig file names; ``profile``: the terminal's, where it is read already. Raises
    ConfigurationError."""
    wanted = description.credentials
    if wanted.source == "file" and wanted.file is not None:
        return credential_sources.from_file(wanted.file)
    if wanted.source == "command" and wanted.command is not None:
        seconds = credential_sources.COMMAND_WITHIN_S if wanted.timeout_s is None else wanted.timeout_s
        return credential_sources.from_command(wanted.command, timeout_s=seconds)
    if wanted.source == "environment":
        return credential_sources.from_environment()
    seed = description.simulated.seed if description.simulated else 1
    about = description.terminal
    return generated_for(profile or read_profile(about.profile), seed, about.serial_number)
