"""Where in the rig file a field stands, for what is found wrong only when the rig is opened."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import takewhile

from posrig.description.rig_file import RigDescription
from posrig.ground.faults import ConfigurationError

_PLACE = re.compile(r"rig file, fields? (?P<field>[A-Za-z_][\w.*]*)")


@contextmanager
def located(rig: RigDescription) -> Iterator[None]:
    """A configuration error of a field of the rig file says file and line: who raises it knows the field alone."""
    try:
        yield
    except ConfigurationError as error:
        error.where = place_of(rig, error.where)
        raise


def place_of(rig: RigDescription, where: str) -> str:
    """``where`` with file and line for each field of the rig file that it names."""
    source = rig.source

    def written(found: re.Match[str]) -> str:
        assert source is not None
        parts = takewhile(lambda part: part != "*", found["field"].split("."))
        return f"{source.path}:{source.line(parts)}, field {found['field']}"

    return where if source is None else _PLACE.sub(written, where)
