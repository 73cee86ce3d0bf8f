"""The audit as a page: one file, no network, no script, made to be printed on A4, in English or Chinese."""

from __future__ import annotations

import base64
import os
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import quote

from posrig.reporting.audit_words import names, words
from posrig.reporting.pages import environment
from posrig.reporting.run_folder import INDEX

TEMPLATE = "audit_template.html"
SHOWN = 40
"""Most findings shown in full, and most names in a list of changes: the JSON file has all."""


def render(found: Mapping[str, Any], language: str, page: Path, today: date) -> str:
    """The text of the page that will lie at ``page``: links lead from there into the run's folder."""
    folder = Path(found["run"]["folder"])
    pages = environment()
    said = names(language)
    pages.filters["named"] = lambda name, kind: said[kind].get(name, name)
    index = f"{quote(Path(os.path.relpath(folder, page.resolve().parent)).as_posix())}/{INDEX}"
    return pages.get_template(TEMPLATE).render(
        audit=found,
        run=found["run"],
        findings=found["findings"],
        log=found["log_review"],
        change=found["change"],
        language=language,
        word=words(language),
        today=today.isoformat(),
        shown=SHOWN,
        picture=lambda file: _picture(folder / file),
        evidence=lambda id_: f"{index}#q={quote(f'{chr(34)}{id_}{chr(34)}')}",
        index=index,
        lists=("new_failures", "still_failing", "fixed", "no_longer_judged", "new_scenarios", "removed_scenarios"),
    )


def _picture(file: Path) -> str:
    """A picture as a data address; empty when it is gone."""
    try:
        return f"data:image/png;base64,{base64.b64encode(file.read_bytes()).decode()}"
    except OSError:
        return ""
