"""What an entry of the catalogue is, and the words that several of them use. Data only."""

from __future__ import annotations

from collections.abc import Mapping

Parts = tuple[str, ...]

DOCS: Parts = ("docs/scenarios.md", "docs/scenarios.zh.md")
LABELS: Mapping[str, tuple[str, str]] = {
    "where": ("where:   ", "位置: "),
    "allowed": ("allowed: ", "允许: "),
    "todo": ("to do:   ", "处理: "),
}
KEYWORDS_EN = "Given, When, Then, And, But"
KEYWORDS_ZH = "假如/假设/假定, 当, 那么, 而且/并且/同时, 但是"
Rules = Mapping[str, tuple[Parts, Parts]]
