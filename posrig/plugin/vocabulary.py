"""The words of the rig in use: {screen} takes the screens of its profile and no others."""

from __future__ import annotations

import pytest

from posrig.language.parameters import use_screens
from posrig.plugin.rig import PROFILE


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    use_screens(tuple(config.stash[PROFILE].screens))
