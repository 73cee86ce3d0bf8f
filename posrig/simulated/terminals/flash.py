"""A small terminal's flash: values in one file that is replaced whole, and raw areas that are written in blocks.

A power cut falls between two events of the simulation: a value is there or is not, an area holds the blocks so far.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

_FILE, _NEW = "values.json", "values.new"


class Flash:
    """Read once at each power-on; every :meth:`put` is one write of the file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        file = folder / _FILE
        self._values: dict[str, Any] = json.loads(file.read_text("utf-8")) if file.exists() else {}

    def get(self, name: str, default: Any = None) -> Any:
        """Anything that JSON knows; not to be changed in place."""
        return self._values.get(name, default)

    def put(self, **values: Any) -> None:
        """All of them or none."""
        self._write({**self._values, **values})

    def erase(self, keep: Iterable[str] = (), **values: Any) -> None:
        """Everything but ``keep`` is gone, and ``values`` are there, in one write."""
        self._write({name: self._values[name] for name in keep if name in self._values} | values)

    def area(self, name: str) -> Path:
        return self.folder / f"{name}.bin"

    def _write(self, values: dict[str, Any]) -> None:
        new = self.folder / _NEW
        new.write_text(json.dumps(values), "utf-8")
        os.replace(new, self.folder / _FILE)
        self._values = values
