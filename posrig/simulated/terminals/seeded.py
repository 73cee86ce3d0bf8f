"""A register of seeded defects: id -> a function that replaces part of a firmware's table of parts.

    @defect("lock_lost_on_power_cut", "The lock flag lives in RAM only", group="Lock and unlock", rules=("R-LOCK-3",))
    def lock_lost_on_power_cut(parts: Parts) -> Parts:
        return replace(parts, lock=VolatileLock)

Each terminal model has one, with the table of its sound firmware. The modules of its ``defects`` package are read when
the first defect is asked for; files from outside are named by the option ``defects_from`` and use the same decorator.
"""

from __future__ import annotations

import difflib
import importlib
import importlib.util
import pkgutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from posrig.simulated.bench_acts import BenchError

Parts = TypeVar("Parts")

_FILE_FAULTS = (SyntaxError, ImportError, NameError, AttributeError, TypeError, ValueError, LookupError, OSError)
"""What reading somebody's file may raise; each is told with file and line instead of a traceback."""
_TOLD = ("id", "title", "group", "rules", "severity", "source")


@dataclass(frozen=True, slots=True)
class Defect(Generic[Parts]):
    id: str
    title: str
    replace: Callable[[Parts], Parts]
    source: str
    """Module or file that registered it."""
    group: str = ""
    rules: tuple[str, ...] = ()
    """Requirement ids that it breaks: only a scenario about one of them finds it."""
    severity: str = ""
    """``critical`` (opens the terminal), ``major`` (weakens a rule), ``minor``; empty where nobody has said."""


class DefectRegister(Generic[Parts]):
    """Ids are unique; who registers one twice is told where the first came from."""

    def __init__(self, sound: Parts, package: str) -> None:
        """``package`` is the dotted name of the package whose modules register the model's own defects."""
        self._sound, self._package = sound, package
        self._defects: dict[str, Defect[Parts]] = {}

    def add(
        self, defect_id: str, title: str, *, group: str = "", rules: Sequence[str] = (), severity: str = ""
    ) -> Callable[[Callable[[Parts], Parts]], Callable[[Parts], Parts]]:
        """The decorator of a replacing function. Raises ValueError when the id is taken or no identifier."""

        def register(replace: Callable[[Parts], Parts]) -> Callable[[Parts], Parts]:
            if not defect_id.isidentifier():
                raise ValueError(f"defect id {defect_id!r} is no identifier (letters, digits, underscores)")
            taken = self._defects.get(defect_id)
            if taken is not None and taken.source != replace.__module__:
                raise ValueError(f"defect {defect_id!r} is already registered by {taken.source}")
            source = replace.__module__
            self._defects[defect_id] = Defect(defect_id, title, replace, source, group, tuple(rules), severity)
            return replace

        return register

    def all(self) -> list[Defect[Parts]]:
        return sorted(self._defects.values(), key=lambda defect: defect.id)

    def told(self) -> list[dict[str, Any]]:
        """All as plain data."""
        return [{name: getattr(one, name) for name in _TOLD} for one in self.all()]

    def parts(self, ids: Sequence[str]) -> Parts:
        """The firmware's parts with these defects. Raises BenchError for an unknown id: did you mean ..."""
        parts = self._sound
        for defect_id in ids:
            parts = self._find(defect_id).replace(parts)
        return parts

    def read_package(self) -> None:
        """Import every module of the model's package of defects, so that they are registered."""
        package = importlib.import_module(self._package)
        for module in pkgutil.iter_modules(package.__path__):
            importlib.import_module(f"{self._package}.{module.name}")

    def _find(self, defect_id: str) -> Defect[Parts]:
        found = self._defects.get(defect_id)
        if found is not None:
            return found
        close = difflib.get_close_matches(defect_id, self._defects, n=3)
        todo = f"did you mean {' or '.join(close)}?" if close else "see the list of defects"
        allowed = ", ".join(sorted(self._defects)) or "none is registered"
        raise BenchError(f"unknown defect {defect_id!r}", allowed=allowed, todo=todo)


def read_file(path: Path) -> None:
    """Register the defects of a file from outside. Raises BenchError with file and line when it cannot be read."""
    spec = importlib.util.spec_from_file_location(f"defects_from_{path.stem}", path)
    if spec is None or spec.loader is None:
        raise BenchError(f"{path} is no Python file", allowed="FILE.py")
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except _FILE_FAULTS as error:
        raise BenchError(f"{_place(error, path)}: {type(error).__name__}: {error}", todo="mend the file") from None


def _place(error: BaseException, path: Path) -> str:
    """``file, line n`` of the last line of that file which the error went through."""
    line = error.lineno if isinstance(error, SyntaxError) else None
    trace = error.__traceback__
    while trace is not None:
        if Path(trace.tb_frame.f_code.co_filename) == path:
            line = trace.tb_lineno
        trace = trace.tb_next
    return f"{path}, line {line}" if line else str(path)
