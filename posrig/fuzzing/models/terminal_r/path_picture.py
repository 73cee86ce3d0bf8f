"""A finding as a picture (SVG): a map of screens, and on it the way to the difference.

Of a walk the map is that of its scope, boxes in columns by the fewest acts from the start, the red arrows numbered by
its acts, a dashed green one where the last act should have led. Of a trial it is the screens that the trial passed, in
columns by the fewest steps from the first one, the arrows numbered in their order. The words stand below.
"""

from __future__ import annotations

import itertools
import textwrap
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from posrig.description.profile import Profile
from posrig.fuzzing.models.terminal_r.canonical import IMPOSSIBLE, screens_of
from posrig.fuzzing.models.terminal_r.lock_model import LockModel, Scope
from posrig.fuzzing.models.terminal_r.screen_map import GREEN, RED, Note, ScreenMap, screen_map_svg
from posrig.fuzzing.models.terminal_r.trials.known import trial_of
from posrig.fuzzing.models.terminal_r.trials.trial import Trial
from posrig.fuzzing.models.terminal_r.trials.wording import name_of, table
from posrig.fuzzing.running.feature_file import Language
from posrig.fuzzing.running.hunts import folder_of
from posrig.fuzzing.running.plan import Plan
from posrig.fuzzing.search.findings import Finding
from posrig.ground.faults import ConfigurationError

_TEXT_W = 150
"""Characters of a line below the map."""
_WAY_LINES = 5


@dataclass(frozen=True)
class _Words:
    title: str
    expected: str
    seen: str


_IN: Mapping[str, _Words] = {
    "en": _Words("Finding {id}: {scope}, oracle {oracle}", "expected", "seen"),
    "zh": _Words("发现 {id}：范围 {scope}，判据 {oracle}", "预期", "实际"),
}


def write_picture(profile: Profile, plan: Plan, scope: Scope, finding: Finding, language: Language) -> Path | None:
    """The picture beside the archive, under the finding's id; None where nothing is kept, and for a trial of an earlier
    version, whose screens were not kept.

    Raises:
        ConfigurationError: it cannot be written.
    """
    if plan.findings is None or not (scope.acts or finding.path):
        return None
    path = folder_of(plan, scope) / f"{finding.id}.svg"
    drawn = path_picture(LockModel(profile, scope), finding, language) if scope.acts else trial_picture(
        trial_of(scope), finding, language
    )  # fmt: skip
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(drawn, "utf-8")
    except OSError as error:
        raise ConfigurationError(
            f"the picture cannot be written: {error.strerror or error}", where=str(path), todo="name a writable folder"
        ) from None
    return path


def path_picture(model: LockModel, finding: Finding, language: Language = "en") -> str:
    """The picture of a walk: SVG text."""
    pages = _pages(model, finding)
    expected, seen = pages[-1], _last_page(finding.seen)
    found = _map(model)
    extra = dict.fromkeys({seen} - found.distance.keys(), max(found.distance.values()))
    way = [*itertools.pairwise(pages[:-1]), (pages[-2], seen)]
    acts = [
        f"{number}  {page}: {name}" for number, (name, page) in enumerate(zip(finding.keys, pages, strict=False), 1)
    ]
    return screen_map_svg(
        _IN[language].title.format(id=finding.id, scope=model.scope.name, oracle=finding.oracle),
        ScreenMap({**found.distance, **extra}, found.edges),
        way,
        _notes(acts, finding, language),
        (pages[-2], expected) if expected != seen else None,
    )


def trial_picture(trial: Trial, finding: Finding, language: Language = "en") -> str:
    """The picture of a trial: the screens that it passed, in the order of their first coming. SVG text."""
    passed = finding.path
    way = list(itertools.pairwise(passed)) or [(passed[0], passed[0])]
    following: dict[str, list[str]] = {}
    for source, target in way:
        following.setdefault(source, []).append(target)
    distance, queue = {passed[0]: 0}, deque([passed[0]])
    while queue:
        screen = queue.popleft()
        for target in following.get(screen, ()):
            if target not in distance:
                distance[target] = distance[screen] + 1
                queue.append(target)
    said = [f"{name}: {value}" for name, value in table(trial, trial.read(finding.keys[0]), language)]
    lines = textwrap.wrap(" > ".join(passed), _TEXT_W)
    lines = lines if len(lines) <= _WAY_LINES else ["...", *lines[-_WAY_LINES:]]
    return screen_map_svg(
        _IN[language].title.format(id=finding.id, scope=name_of(trial, language), oracle=finding.oracle),
        ScreenMap(distance),
        way,
        _notes([*said, *lines], finding, language),
    )


def _pages(model: LockModel, finding: Finding) -> list[str]:
    """The page before each act, and after the last one as it should be."""
    state = model.start
    pages = [state.page]
    for name in finding.keys:
        state = model.step(state, name)[0]
        pages.append(state.page)
    return pages


def _last_page(answer: str) -> str:
    """Where the terminal ended; a frame of no screen is ``?``."""
    return screens_of(answer)[-1].split(" ")[0] if answer else "?"


def _map(model: LockModel) -> ScreenMap:
    distance, edges = {model.start.page: 0}, set[tuple[str, str]]()
    queue, known = deque([(model.start, 0)]), {model.start}
    while queue:
        state, far = queue.popleft()
        for name in model.inputs:
            there, answer = model.step(state, name)
            if answer == IMPOSSIBLE:
                continue
            edges.add((state.page, there.page))
            distance.setdefault(there.page, far + 1)
            if there not in known:
                known.add(there)
                queue.append((there, far + 1))
    return ScreenMap(distance, edges)


def _notes(lines: Sequence[str], finding: Finding, language: Language) -> list[Note]:
    words = _IN[language]
    return [
        *((line, "#1f2328") for line in lines),
        (_cut(f"{words.expected}: {finding.expected}"), GREEN),
        (_cut(f"{words.seen}: {finding.seen}"), RED),
    ]


def _cut(text: str) -> str:
    return text if len(text) <= _TEXT_W else text[: _TEXT_W - 1] + "…"
