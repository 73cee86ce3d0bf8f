"""Which model a profile is searched with: the detailed one that it names, else the one that is made of it."""

from __future__ import annotations

import importlib
from typing import cast

from posrig.description.profile import Profile
from posrig.fuzzing.running.contract import FuzzModel
from posrig.ground.faults import ConfigurationError

ROOMS = {"terminal_r": "posrig.fuzzing.models.terminal_r.searching"}
"""The detailed models, by the profile's field ``fuzzing``; each room has a class ``OwnModel``."""
FROM_PROFILE = "posrig.fuzzing.models.from_profile.searching"


def model_of(profile: Profile) -> FuzzModel:
    """Raises ConfigurationError for a detailed model that there is not, and for a profile that says too little."""
    own = profile.data.fuzzing
    if own and own not in ROOMS:
        raise ConfigurationError(
            f"the fuzzer has no detailed model {own!r}", where=profile.source.where(("fuzzing",)),
            allowed=f"{', '.join(ROOMS)}, or no field fuzzing: then the model is made of the profile",
        )  # fmt: skip
    return cast(FuzzModel, importlib.import_module(ROOMS.get(own, FROM_PROFILE)).OwnModel(profile))
