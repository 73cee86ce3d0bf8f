"""The words of the rig in use: {key}, {role}, {screen} take what its profile has."""

from __future__ import annotations

import pytest

from posrig.language.parameters import use_profile
from posrig.plugin.rig import PROFILE


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    use_profile(config.stash[PROFILE])
