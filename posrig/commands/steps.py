"""``posrig steps``: every sentence a scenario may use, English and Chinese, and what each does."""

from __future__ import annotations

import argparse
import difflib
import inspect
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from posrig.commands import printing
from posrig.commands.common import save
from posrig.description.lab import Lab, find_lab, lab_in_use, rig_of
from posrig.description.profile import read_profile
from posrig.description.rig_file import read_rig
from posrig.ground.faults import ConfigurationError, ExitCode
from posrig.language.lint import check_sentences
from posrig.language.messages import SPOKEN, Told, language_of
from posrig.language.needs import Ability, Unmet
from posrig.language.parameters import use_profile
from posrig.language.sources import load, load_conftests
from posrig.language.step_index import CJK, StepDefinition, declared_steps
from posrig.language.visibility import Visibility
from posrig.plugin.activation import features_below

FEATURES = "features"
SUMMARY = "list the sentences that scenarios may use, in English and Chinese"
EPILOG = """\
examples:
  posrig steps unlock
  posrig steps 解锁
  posrig steps labs/counter 锁定
  posrig steps --write docs/steps.md"""

VALUES = """\
Made by `posrig steps --write docs/steps.md`. Words in brackets may be left out. Values in braces:
`{role}` a role of the profile, operator 03, the duty operator (收银员, 主管, 03号, 当班人员; [suite.md](suite.md)) ·
`{key}` a key of the profile, by name or word ·
`{duration}` 5 s, 30 min, 24 h, half an hour (5秒, 30分钟, 三十分钟, 半小时, 一个半小时) ·
`{amount}` 12.00 (12.00元) · `{count}` 5, five (5, 五, 十二) · `{screen}` a screen of the profile ·
`{text}` in "…", “…” or 「…」. What else a feature may hold: [scenarios.md](scenarios.md)."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One step: its kind, texts per language, what it does and where it stands."""

    subject: str
    kind: str
    en: tuple[str, ...]
    zh: tuple[str, ...]
    does: str
    place: str
    unmet: Unmet | None = None
    """What it needs and the terminal of the rig in use does not have."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("words", nargs="*", help="only sentences with these words; a folder: of the lab there")
    parser.add_argument(
        "--rig",
        type=Path,
        default=None,
        metavar="FILE",
        help="mark what the terminal of this rig cannot do, and say why",
    )
    parser.add_argument("--write", type=Path, metavar="FILE.md", help="write the whole catalogue as Markdown")
    parser.add_argument(
        "--language", choices=SPOKEN, default="", help="only the sentences of one language, en or zh; messages too"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")


def run(arguments: argparse.Namespace) -> int:
    lab = _lab(arguments.words)
    words = [word for word in arguments.words if _other_lab(word) is None]
    ability = _in_use(arguments.rig, lab)
    found = catalogue(None if arguments.rig is None else ability, lab)
    if arguments.write:
        save(arguments.write, markdown(found), "the catalogue")
        printing.say(f"{len(found)} steps -> {arguments.write}")
        return ExitCode.HELD
    chosen = [s for s in found if all(w.lower() in " ".join((*s.en, *s.zh, s.does)).lower() for w in words)]
    if arguments.json:
        printing.print_json({"steps": [_plain(s) for s in chosen]})
        return ExitCode.HELD
    if not chosen:
        wanted = " ".join(words)
        near = difflib.get_close_matches(wanted, [t for s in found for t in (*s.en, *s.zh)], 3, 0.3)
        raise Told("no_sentence", arguments.language or language_of(wanted), words=wanted, near=near)
    for sentence in chosen:
        texts = {"en": sentence.en, "zh": sentence.zh}.get(arguments.language, (*sentence.en, *sentence.zh))
        if not texts:
            continue
        printing.say(f"{sentence.kind.capitalize():5} " + "\n      ".join(texts))
        printing.say(f"      - {sentence.does} ({sentence.place})")
        if sentence.unmet is not None:
            printing.say(f"      ! {sentence.unmet.told(arguments.language or 'en')}")
    if arguments.rig is not None:
        lacks = sum(one.unmet is not None for one in chosen)
        printing.say(f"{len(chosen)} steps: this terminal can do {len(chosen) - lacks}, {lacks} it cannot (!)")
    return ExitCode.HELD


def _other_lab(word: str) -> Lab | None:
    """The lab that a word names by a folder of it, unless it is the lab in use: then it is a word like any other."""
    lab, here = find_lab(Path(word)) if Path(word).is_dir() else None, lab_in_use()
    return None if lab is None or (here is not None and lab.root == here.root) else lab


def _lab(words: Sequence[str]) -> Lab | None:
    """The lab whose sentences are listed. Raises ConfigurationError for folders of two."""
    named = {lab.root: lab for word in words if (lab := _other_lab(word)) is not None}
    if len(named) > 1:
        raise ConfigurationError(f"folders of {len(named)} labs", allowed="one lab at a time", where=" ".join(words))
    return next(iter(named.values()), lab_in_use())


def _in_use(named: Path | None, lab: Lab | None) -> Ability | None:
    """The words of a rig's profile; of the lab's own rig where none is named, as far as there is one."""
    try:
        file = rig_of(lab) if named is None else named
        rig = read_rig(file)
        profile = read_profile(rig.terminal.profile)
    except ConfigurationError:
        if named is not None:
            raise
        return None
    use_profile(profile)
    return Ability(profile, rig, file)


def catalogue(ability: Ability | None, lab: Lab | None) -> list[Sentence]:
    """All steps that a lab's features may use, in the order of their modules; a function declared as Given and When is
    two steps. Without a lab: those that are shipped and those of the working directory.

    Raises ConfigurationError for sentences that a run would refuse: the same words as ``pytest`` and ``posrig lint``.
    """
    root = Path.cwd() if lab is None else lab.root
    load(lab)
    features = list(features_below(root if lab else root / FEATURES))  # outside a lab that may be anybody's home
    load_conftests(features, root)
    definitions = declared_steps()
    visible = Visibility(definitions)
    indexes = dict.fromkeys(visible.from_file(feature) for feature in (root / FEATURES, *features))
    if findings := check_sentences(indexes):
        raise ConfigurationError("\n".join(["sentences that no run would take:", *map(str, findings)]))
    used = {id(definition.parser) for index in indexes for definition in index.definitions}
    grouped: dict[tuple[object, str | None], list[StepDefinition]] = {}
    for definition in definitions:
        if definition.own and id(definition.parser) in used:
            grouped.setdefault((definition.function, definition.kind), []).append(definition)
    return [_sentence(group, ability) for group in grouped.values()]


def _sentence(group: list[StepDefinition], ability: Ability | None) -> Sentence:
    first = group[0]
    texts = list(dict.fromkeys(d.text for d in group))
    return Sentence(
        subject=subject_of(first.function.__module__),
        kind=first.kind or "any",
        en=tuple(t for t in texts if not CJK.search(t)),
        zh=tuple(t for t in texts if CJK.search(t)),
        does=(inspect.getdoc(first.function) or "").splitlines()[0] if inspect.getdoc(first.function) else "",
        place=first.place,
        unmet=None if ability is None else ability.unmet(first),
    )


def subject_of(module: str) -> str:
    """What a module of sentences is about: its name; those of a model of a terminal are about its room.

    >>> subject_of("posrig.language.sentences.signing_on"), subject_of("posrig.fuzzing.models.terminal_r.sentences")
    ('signing on', 'fuzzing')
    """
    return "fuzzing" if module.startswith("posrig.fuzzing.") else module.rpartition(".")[2].replace("_", " ")


def _plain(sentence: Sentence) -> dict[str, object]:
    said = {name: getattr(sentence, name) for name in ("subject", "kind", "en", "zh", "does", "place")}
    return said | ({} if sentence.unmet is None else {"lacks": sentence.unmet.told("en")})


def markdown(found: list[Sentence]) -> str:
    """The catalogue as one page, a table per subject."""
    rows = [
        "# The sentences of the scenarios / 场景语句",
        "",
        VALUES,
    ]
    for subject in dict.fromkeys(s.subject for s in found):
        rows += ["", f"## {subject.capitalize()}", "", "| | English | 中文 | what it does |", "|---|---|---|---|"]
        for s in found:
            if s.subject == subject:
                cells = ("<br>".join(f"`{t}`" for t in texts) for texts in (s.en, s.zh))
                rows.append("| " + " | ".join((s.kind.capitalize(), *cells, s.does)) + " |")
    return "\n".join(rows) + "\n"
