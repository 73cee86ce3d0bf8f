"""Which screen of the profile a strange frame is most like, and in which rows it differs: what a technician mends."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass

from posrig.description.patterns import PLACEHOLDER, compiled, padded
from posrig.description.profile import Profile


@dataclass(frozen=True, slots=True)
class Nearest:
    """``rows``: the profile's, one for each of the display; ``differing``: numbers of those that do not fit, from 1."""

    screen: str
    language: str
    rows: tuple[str, ...]
    differing: tuple[int, ...]
    line: int
    """Of the profile file, where its rows stand."""


def nearest(profile: Profile, lines: Sequence[str]) -> Nearest | None:
    """The screen with the fewest rows that do not fit, of several the one whose words are most alike; None when no
    row of any screen fits and no words are alike."""
    count = profile.data.display.rows
    frame = [line.rstrip() for line in padded(lines, count)]
    kinds = profile.data.all_kinds
    best: tuple[float, Nearest] | None = None
    for name, screen in profile.screens.items():
        for language, rows in screen.rows.items():
            wanted = padded(rows, count)
            wrong = tuple(
                number
                for number, (row, shown) in enumerate(zip(wanted, frame, strict=True), 1)
                if not compiled([row], 1, kinds=kinds).fullmatch(shown)
            )
            # words of its own count, not placeholders that anything fits
            words = {number: len(PLACEHOLDER.sub("", row).strip()) for number, row in enumerate(wanted, 1)}
            fitting = sum(count for number, count in words.items() if number not in wrong)
            alike = difflib.SequenceMatcher(None, "\n".join(wanted), "\n".join(frame), autojunk=False).ratio()
            if not fitting and alike < 0.4:
                continue
            score = fitting - sum(words[number] for number in wrong) + 10 * alike
            if best is None or score > best[0]:
                line = profile.source.line(("screens", name, "rows", language))
                best = score, Nearest(name, language, tuple(wanted), wrong, line)
    return None if best is None else best[1]
