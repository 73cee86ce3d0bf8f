"""The keys that a rig file wires, against those that the profile has and that its ways press."""

from __future__ import annotations

from posrig.description.profile import Profile
from posrig.description.rig_file import RigDescription
from posrig.ground.faults import ConfigurationError


def check_keys(description: RigDescription, profile: Profile) -> None:
    """Raises ConfigurationError: a wired key that the terminal lacks, a way that presses one that is not wired."""
    wired, known = set(description.keypad.channels), set(profile.keys)
    if unknown := sorted(wired - known):
        raise ConfigurationError(
            f"keys wired that {profile.data.model} does not have: {', '.join(unknown)}",
            where="rig file, field keypad.channels",
            allowed=" ".join(profile.keys),
        )
    for name, forms in profile.data.ways.items():
        for key in dict.fromkeys(key for way in forms for key in way.keys if key not in wired):
            raise ConfigurationError(
                f"the way {name!r} presses {key}, and no channel of this rig is wired to that key",
                where=f"{profile.source.where(('ways', name))}; rig file, field keypad.channels",
                allowed=" ".join(sorted(wired)),
                todo="wire the key and name its channel, or take the way out of the profile",
            )
