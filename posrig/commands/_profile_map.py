"""The map of a profile: its screens as boxes, keys and ways as arrows."""

from __future__ import annotations

from posrig.description.profile import Profile
from posrig.fuzzing.learning.layout import Arrow, Box, laid_out

_LEAD, _WAY = "#37474f", "#7a3b00"
_WORDS = {"en": "Terminal {model}: screens and ways", "zh": "终端 {model} 的画面与路径"}


def drawn(profile: Profile, language: str) -> str:
    """The SVG text: a box a screen (name, meaning, what it asks, its first words), grey arrows: keys; brown: ways.

    Raises ConfigurationError when the extra ``pictures`` is not installed.
    """
    names = list(profile.screens)
    boxes = [Box(_lines(profile, name, language), thick=profile.means(name) == "signed off") for name in names]
    arrows = [Arrow(names.index(a), names.index(b), lines, colour) for a, b, lines, colour in _arrows(profile)]
    return laid_out(_WORDS[language].format(model=profile.data.model), boxes, arrows)


def _lines(profile: Profile, name: str, language: str) -> list[str]:
    screen = profile.screens[name]
    told = [f"means: {screen.means}"] if screen.means else []
    told += [f"asks: {screen.asks}"] if screen.asks else []
    rows = screen.rows.get(language) or next(iter(screen.rows.values()))
    return [name, *told, next((row.strip() for row in rows if row.strip()), "")]


def _arrows(profile: Profile) -> list[tuple[str, str, list[str], str]]:
    found: list[tuple[str, str, list[str], str]] = []
    for name, screen in profile.screens.items():
        keys: dict[str, list[str]] = {}
        for key, target in screen.leads.items():
            keys.setdefault(target, []).append(key)
        found += [(name, target, [", ".join(of)], _LEAD) for target, of in keys.items() if target in profile.screens]
    for called, forms in profile.data.ways.items():
        for way in forms:
            steps = "; ".join(map(str, way.steps))
            for start in profile.screens_of(way.from_):
                found += [(start, end, [called, steps], _WAY) for end in profile.screens_of(way.to[:1])[:1]]
    return found
