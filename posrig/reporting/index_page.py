"""``index.html``: the page to open first. One file, no network, readable on a phone, light and dark."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from posrig.evidence.timeline import keys_pressed, rows
from posrig.reporting.pages import environment
from posrig.reporting.summary import flow_of

Record = Mapping[str, Any]

TEMPLATE = "index_template.html"
# what people must see first
FIRST = ("safety abort", "product failure", "rig fault", "inconclusive", "harness error", "configuration error")
INLINE_LIMIT_BYTES = 400_000


def render(summary: Mapping[str, Any], records: Sequence[Record], attachments: Path) -> str:
    """The page's text. ``attachments`` is the folder that holds what the records name."""
    pages = environment()
    pages.filters["span"] = span
    page = pages.get_template(TEMPLATE)
    shown = [_shown(record, attachments) for record in records]
    flows: dict[str, list[dict[str, Any]]] = {}
    for one in shown:
        flows.setdefault(one["flow"], []).append(one)
    bad = [one for one in shown if one["verdict"] not in ("held", "skipped")]
    bad.sort(key=lambda one: _place(one["verdict"]))
    counts = dict(sorted(summary["counts"].items(), key=lambda pair: (pair[0] != "held", _place(pair[0]))))
    return page.render(
        summary=summary, counts=counts, flows=dict(sorted(flows.items())), bad=len(bad), cards=_together(bad)
    )


def span(seconds: float) -> str:
    """A time span as people say it.

    >>> span(42.4), span(5400), span(96_328)
    ('42 s', '1.5 h', '1.1 days')
    """
    for unit_s, name in ((86_400, "days"), (3600, "h"), (60, "min")):
        if seconds >= unit_s:
            return f"{seconds / unit_s:.1f} {name}"
    return f"{seconds:.0f} s"


def _together(bad: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """One card for all that failed alike before a step began: a rig that does not open is one fault, not 300."""
    cards: dict[tuple[str, ...], dict[str, Any]] = {}
    for one in bad:
        failure = one["failure"]
        alike = (failure["verdict"], failure["message"]) if failure["phase"] == "setup" else (one["id"],)
        cards.setdefault(alike, {**one, "others": []})["others"].append(one["name"])
    return list(cards.values())


def _place(verdict: str) -> int:
    return FIRST.index(verdict) if verdict in FIRST else len(FIRST)


def _shown(record: Record, attachments: Path) -> dict[str, Any]:
    bad = record["verdict"] not in ("held", "skipped")
    return {
        **record,
        "flow": flow_of(record),
        "pressed": keys_pressed(record["timeline"]),
        "timeline_rows": rows(record["timeline"]) if bad else [],
        "shown": [_inline(kept, attachments) for kept in record["attachments"]] if bad else [],
        "search": " ".join(
            [record["name"], record["feature"], record["rule"], record["file"], *record["tags"]]
        ).lower(),
    }


def _inline(kept: Mapping[str, str], folder: Path) -> dict[str, str]:
    """A picture as a data address, a text as text; what is too large stays a link into the run's folder."""
    file = folder / kept["file"]
    link = f"attachments/{kept['file']}"
    if not file.is_file() or file.stat().st_size > INLINE_LIMIT_BYTES:
        return {"name": kept["name"], "kind": "link", "content": link}
    if kept["mime"].startswith("image/"):
        content = base64.b64encode(file.read_bytes()).decode()
        return {"name": kept["name"], "kind": "picture", "content": f"data:{kept['mime']};base64,{content}"}
    if kept["mime"].startswith("text/") or kept["mime"] == "application/json":
        return {"name": kept["name"], "kind": "text", "content": file.read_text(encoding="utf-8", errors="replace")}
    return {"name": kept["name"], "kind": "link", "content": link}
