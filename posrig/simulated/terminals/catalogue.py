"""The terminal models that the simulated rig can have: one folder each, found by its name.

A folder brings ``kind.py`` with ``KIND`` (read when the options are) and ``model.py`` with ``model(defects_from)``.
Nothing outside the folder names a model, save :data:`USUAL`.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Sequence
from pathlib import Path

from posrig.simulated.hardware.kind import Kind
from posrig.simulated.hardware.model import TerminalModel

USUAL = "r"
"""When the options name none."""
_HERE = "posrig.simulated.terminals"


def names() -> list[str]:
    """Of all models, sorted."""
    package = importlib.import_module(_HERE)
    return sorted(found.name for found in pkgutil.iter_modules(package.__path__) if found.ispkg)


def kind_of(name: str) -> Kind:
    kind: Kind = importlib.import_module(f"{_HERE}.{name}.kind").KIND
    return kind


def model_of(name: str, defects_from: Sequence[Path] = ()) -> TerminalModel:
    """Raises BenchError when a file of defects cannot be read."""
    made: TerminalModel = importlib.import_module(f"{_HERE}.{name}.model").model(defects_from)
    return made
