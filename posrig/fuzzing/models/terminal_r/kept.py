"""What earlier runs have covered of one scope of one terminal model and firmware: the next run begins with the rest.

One JSON file beside the archive of findings, replaced as a whole after each slice: a kill costs one slice at most.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from posrig.fuzzing.machines.mealy import Mealy
from posrig.fuzzing.search.findings import archive_name
from posrig.fuzzing.search.strategy import Strategy
from posrig.ground.faults import ConfigurationError
from posrig.ground.json_text import parsed_json

_FORMAT = "posrig coverage 1"


class Done:
    """Which acts were done in which states, and which acts right after those: of this run and of earlier ones.

    A watcher of its own: what a search may not do any more, or goes around, leaves its plans but was not done."""

    def __init__(self, machine: Mealy) -> None:
        self.acts = [0] * machine.size
        self.pairs = [[0] * len(machine.inputs) for _ in range(machine.size)]
        self._last: tuple[int, int] | None = None

    def pressed(self, state: int, key: int, answer: str) -> None:
        self.acts[state] |= 1 << key
        if self._last is not None:
            before, act = self._last
            self.pairs[before][act] |= 1 << key
        self._last = state, key

    def restarted(self) -> None:
        """What comes next does not follow from what came before."""
        self._last = None

    def take_over(self, strategy: Strategy) -> None:
        """A strategy plans none of this again."""
        strategy.edges.carry(_Todo([~mask for mask in self.acts]))  # type: ignore[arg-type]
        strategy.pairs.carry(_Todo([[~mask for mask in row] for row in self.pairs]))  # type: ignore[arg-type]


@dataclass
class _Todo:
    """As a coverage object: what is still to do."""

    todo: Any


class KeptCoverage:
    """The covered (state, act) and (state, act, act) of one machine, by name."""

    def __init__(self, path: Path, *, terminal: str, firmware: str, machine: Mealy) -> None:
        """Raises ConfigurationError: the file is about another terminal or firmware, or is none of ours."""
        self.path, self._about, self._machine = path, {"terminal": terminal, "firmware": firmware}, machine
        self._found = self._read()

    @classmethod
    def in_folder(cls, folder: Path, *, terminal: str, firmware: str, machine: Mealy) -> KeptCoverage:
        """Under its usual name, beside the archive. Raises as the constructor does."""
        name = archive_name(terminal, firmware).removesuffix(".jsonl")
        return cls(folder / f"{name}.coverage.json", terminal=terminal, firmware=firmware, machine=machine)

    def restore(self, done: Done) -> None:
        """Add what was done. A model that has changed since begins anew where its states or acts are others."""
        if self._found is None or self._found.get("acts") != list(self._machine.inputs):
            return
        try:
            for state, name in enumerate(self._machine.names):
                kept = self._found["states"].get(name)
                if kept is not None:
                    done.acts[state] |= int(kept["acts"], 16)
                    done.pairs[state] = [
                        mine | int(theirs, 16) for mine, theirs in zip(done.pairs[state], kept["pairs"], strict=True)
                    ]
        except (KeyError, TypeError, ValueError, AttributeError):
            raise self._refused("this file is damaged: its states cannot be read") from None

    def write(self, done: Done) -> None:
        """Raises ConfigurationError when it cannot be written."""
        states = {
            name: {"acts": f"{done.acts[state]:x}", "pairs": [f"{mask:x}" for mask in done.pairs[state]]}
            for state, name in enumerate(self._machine.names)
            if done.acts[state]
        }
        data = {"format": _FORMAT, **self._about, "acts": list(self._machine.inputs), "states": states}
        new = self.path.with_suffix(f".{os.getpid()}.new")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            new.write_text(json.dumps(data, ensure_ascii=False, separators=(",", ":")), "utf-8")
            new.replace(self.path)
        except OSError as error:
            raise ConfigurationError(
                f"what was covered cannot be kept: {error.strerror or error}", where=str(self.path),
                todo="name a writable folder",
            ) from None  # fmt: skip

    def _read(self) -> dict[str, Any] | None:
        try:
            data = parsed_json(self.path.read_bytes())
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            raise self._refused(f"this file cannot be read as kept coverage: {error}") from None
        if not isinstance(data, dict) or data.get("format") != _FORMAT:
            raise self._refused("this file is no kept coverage")
        for name, wanted in self._about.items():
            if data.get(name) != wanted:
                raise self._refused(f"this coverage is of {name} {data.get(name)}; under test is {name} {wanted}")
        return data

    def _refused(self, found: str) -> ConfigurationError:
        return ConfigurationError(found, where=str(self.path), todo="remove the file, or name another folder")
