"""What commands print: text of others (names, consoles, instruments, records) cannot steer the reader's terminal."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

from posrig.ground.json_text import json_text
from posrig.ground.printable import printable


def say(text: object = "", *, error: bool = False) -> None:
    """One text on standard output (or standard error), as it may be printed."""
    print(printable(str(text)), file=sys.stderr if error else sys.stdout)


def print_json(report: Mapping[str, Any]) -> None:
    """One JSON object on standard output."""
    print(json_text(report))
