"""Data of the reference lab that an installed posrig brings along: its simulated rig, terminal profiles, the font.

In the repository each name here is a link to the lab's own file in ``rigs/``, so that there is one of each.
"""

from __future__ import annotations

from pathlib import Path


def shipped(*names: str) -> Path:
    """The path of a shipped file: ``shipped("profiles", "reference-r.yaml")``."""
    return Path(__file__).parent.joinpath(*names)
