"""The words of the rig in use: {screen} takes the screens of its profile, {role} what its operators may do."""

from __future__ import annotations

import pytest

from posrig.description.profile import Profile
from posrig.language.parameters import use_roles, use_screens
from posrig.plugin.rig import PROFILE


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    use_profile(config.stash[PROFILE])


def use_profile(profile: Profile) -> None:
    """From now on sentences are measured by this profile."""
    use_screens(tuple(profile.screens))
    roles = profile.data.roles
    second = [name for name, role in roles.items() if role.second_factor]
    functions = {name: list(keys) for name, keys in profile.data.functions.items()}
    use_roles(functions | {"second factor": second}, {i: name for name, role in roles.items() for i in role.ids})
