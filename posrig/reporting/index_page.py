"""``index.html``: the page to open first. One file, no network, readable on a phone, light and dark."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from markupsafe import Markup, escape
from wcwidth import wcwidth

from posrig.evidence.timeline import KEY, rows
from posrig.ground.printable import printable
from posrig.reporting.causes import together
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
    pages.filters["span"], pages.filters["grid"] = span, grid
    page = pages.get_template(TEMPLATE)
    shown = [_shown(record, attachments) for record in records]
    flows: dict[str, list[dict[str, Any]]] = {}
    for one in shown:
        flows.setdefault(one["flow"], []).append(one)
    bad = [one for one in shown if one["verdict"] not in ("held", "skipped")]
    bad.sort(key=lambda one: _place(one["verdict"]))
    counts = dict(sorted(summary["counts"].items(), key=lambda pair: (pair[0] != "held", _place(pair[0]))))
    return page.render(
        summary=summary,
        other=tuple(one for one in summary["requirements_not_covered"] if one not in summary["requirements"]),
        counts=counts,
        flows=dict(sorted(flows.items())),
        bad=len(bad),
        cards=_cards(bad),
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


def _cards(bad: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """One card for all that failed alike: the same verdict for the same reason, in whatever step."""
    return [
        {**struck[0], "others": struck, "search": " ".join(one["search"] for one in struck)}
        for struck in together((one["failure"], one) for one in bad)
    ]


def grid(text: str) -> Markup:
    """A text of which each wide character is two columns wide, whatever fonts the reader has."""
    parts = (
        f'<span class="w">{escape(char)}</span>' if wcwidth(char) == 2 else escape(char) for char in printable(text)
    )
    return Markup("".join(parts))


def _place(verdict: str) -> int:
    return FIRST.index(verdict) if verdict in FIRST else len(FIRST)


def _shown(record: Record, attachments: Path) -> dict[str, Any]:
    bad = record["verdict"] not in ("held", "skipped")
    return {
        **record,
        "flow": flow_of(record),
        "pressed": [str(text) for _, kind, text in record["timeline"] if kind == KEY],
        "timeline_rows": rows(record["timeline"]) if bad else [],
        "shown": [_inline(kept, attachments) for kept in record["attachments"]] if bad else [],
        "search": " ".join(
            [
                record["name"],
                *map(str, record["example"].values()),
                record["feature"],
                record["rule"],
                record["file"],
                record["verdict"],
                *record["tags"],
                *record["requirements"],
            ]
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
