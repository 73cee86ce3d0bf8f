"""What people and other machines do around a terminal: a register of named acts, open for the world to add to.

An act is ``act(args) -> result``: a JSON object in, a JSON value out. It raises :class:`BenchError` when it cannot be
done; every argument goes through :class:`Arguments`, so that a wrong one is answered with what is allowed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

Act = Callable[[dict[str, Any]], Any]

_TYPE_NAMES: Mapping[type, str] = {
    str: "a string",
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    dict: "an object",
    list: "a list",
}


class BenchError(Exception):
    """An act that cannot be done: what was found, what is allowed, what to do. Answered as ``ok: false``."""

    def __init__(self, found: str, *, allowed: str = "", todo: str = "") -> None:
        self.found, self.allowed, self.todo = found, allowed, todo
        super().__init__(found)

    def __str__(self) -> str:
        allowed = f"; allowed: {self.allowed}" if self.allowed else ""
        todo = f"; to do: {self.todo}" if self.todo else ""
        return f"{self.found}{allowed}{todo}"


class Arguments:
    """The arguments of one act, taken one by one; :meth:`done` refuses those that nobody took (a typing slip)."""

    def __init__(self, args: Mapping[str, Any]) -> None:
        self._args = args
        self._taken: list[str] = []

    def has(self, name: str) -> bool:
        return name in self._args

    def required(self, name: str, kind: type) -> Any:
        self._taken.append(name)
        if name not in self._args:
            raise BenchError(f"argument {name!r} is missing", allowed=_TYPE_NAMES[kind])
        return self._checked(name, kind)

    def optional(self, name: str, kind: type, default: Any = None) -> Any:
        """The argument, or ``default`` when it is left out or null."""
        self._taken.append(name)
        if self._args.get(name) is None:
            return default
        return self._checked(name, kind)

    def choice(self, name: str, allowed: Iterable[str], default: str | None = None) -> str:
        value = self.required(name, str) if default is None else self.optional(name, str, default)
        names = list(allowed)
        if value not in names:
            raise BenchError(f"argument {name!r} is {value!r}", allowed=", ".join(names))
        return str(value)

    def done(self) -> None:
        unknown = sorted(set(self._args) - set(self._taken))
        if unknown:
            allowed = ", ".join(self._taken) or "none"
            raise BenchError(f"unknown argument {', '.join(map(repr, unknown))}", allowed=allowed)

    def _checked(self, name: str, kind: type) -> Any:
        value = self._args[name]
        if kind is float and isinstance(value, int) and not isinstance(value, bool):
            return float(value)
        if not isinstance(value, kind) or (kind in (int, float) and isinstance(value, bool)):
            # The value itself is left out: it may be a secret.
            raise BenchError(f"argument {name!r} is of type {type(value).__name__}", allowed=_TYPE_NAMES[kind])
        return value


class BenchActs:
    """Act name -> callable. Registered once by the process (instruments, terminal) and by each world."""

    def __init__(self) -> None:
        self._acts: dict[str, Act] = {}

    def register(self, name: str, act: Act) -> None:
        """Add an act; a second one of the same name takes its place (a world that starts anew)."""
        self._acts[name] = act

    def register_all(self, acts: Mapping[str, Act]) -> None:
        self._acts.update(acts)

    def names(self) -> list[str]:
        return sorted(self._acts)

    def perform(self, name: str, args: dict[str, Any]) -> Any:
        """Do one act. Raises BenchError for an unknown name or a wrong argument."""
        act = self._acts.get(name)
        if act is None:
            raise BenchError(f"unknown act {name!r}", allowed=", ".join(self.names()))
        return act(args)
