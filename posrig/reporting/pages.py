"""The templates of the pages: what records say is text there, and steers nothing: no tag, no escape, no turned line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from posrig.ground.printable import printable


def environment() -> Environment:
    """Jinja's environment for the templates beside this file."""
    return Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_finalized,
    )


def _finalized(value: Any) -> Any:
    return printable(value) if type(value) is str else value  # a Markup is a template's own
