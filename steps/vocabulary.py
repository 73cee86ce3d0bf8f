"""The words of the rig in use: {screen} takes the screens of its profile and no others."""

from __future__ import annotations

import pytest

from fixtures.rig import PROFILE
from steps.parameters import use_screens


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    use_screens(tuple(config.stash[PROFILE].screens))
