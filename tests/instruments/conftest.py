"""Scripted instruments for this folder."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from conftest_instruments import opened, scripted  # noqa: F401 - fixtures of this folder
