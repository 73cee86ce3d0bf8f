"""What is wrong with a feature file, found before anything runs. Pure: text and a step index in, findings out.

Gherkin reads a line whose keyword it does not know as description, and pytest-bdd passes a scenario without steps,
drops one of two scenarios of the same name and picks one of two matching steps. Each of those is a false green for a
security harness, so each is an error here.
"""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gherkin.dialect import DIALECTS
from gherkin.errors import CompositeParserException, ParserError, ParserException
from gherkin.parser import Parser

from posrig.language.step_index import Explains, StepIndex, faulty_functions, misdeclared, short_path

Node = Mapping[str, Any]

LANGUAGES = ("en", "zh-CN")
NEAR_WORDS = ("如果", "若", "则", "给定", "假使", "然后", "接着", "于是", "之后", "那麽", "給定", "並且", "但")
ALLOWED_ZH = "假如/假设/假定, 当, 那么, 而且/并且/同时, 但是"
ALLOWED_EN = "Given, When, Then, And, But"
KIND = {"Context": "given", "Action": "when", "Outcome": "then"}
PLACEHOLDER = re.compile(r"<([^<>]+)>")
REQUIREMENT = re.compile(r"^[A-Z][A-Z0-9]*(-[A-Z0-9][A-Za-z0-9.]*)+$")
BAD_TAG = re.compile(r"[:=(),，（）：]|^_")


def _words(language: str, keys: Iterable[str]) -> list[str]:
    dialect: Mapping[str, Any] = DIALECTS[language]
    words = {word.strip() for key in keys for word in dialect[key]} - {"*"}
    return sorted(words, key=len, reverse=True)


STEP_KEYS = ("given", "when", "then", "and", "but")
TITLE_KEYS = ("feature", "background", "rule", "scenario", "scenarioOutline", "examples")
_EN_STEP = re.compile(rf"(?:{'|'.join(_words('en', STEP_KEYS))})\b", re.IGNORECASE)
_ZH_STEP = (*_words("zh-CN", STEP_KEYS), *NEAR_WORDS)
_TITLES = "|".join(re.escape(word) for language in LANGUAGES for word in _words(language, TITLE_KEYS))
_WIDE_COLON = re.compile(rf"^\s*(?:{_TITLES})\s*：")
_ZH_TITLE = re.compile(rf"^\s*(?:{'|'.join(word for word in _words('zh-CN', TITLE_KEYS) if word != 'Rule')})\s*[:：]")
_LANGUAGE = re.compile(r"^\s*#\s*language\s*[:：]\s*(\S+)")


@dataclass(frozen=True, slots=True)
class Finding:
    """One mistake: file and line, what was found, what is allowed, what to do."""

    path: Path
    line: int
    found: str
    allowed: str = ""
    todo: str = ""

    def __str__(self) -> str:
        rows = [f"{short_path(self.path)}:{self.line}: {self.found}"]
        rows += [f"    allowed: {self.allowed}"] if self.allowed else []
        rows += [f"    to do:   {self.todo}"] if self.todo else []
        return "\n".join(rows)


@dataclass(frozen=True, slots=True)
class Checked:
    """A feature file's syntax tree (None when it cannot be read) and its findings."""

    path: Path
    feature: Node | None
    findings: tuple[Finding, ...]


def looks_like_step(line: str) -> bool:
    """Whether a person would take this line for a step, in English or Chinese, also with the wrong keyword."""
    line = line.strip()
    return line.startswith("* ") or bool(_EN_STEP.match(line)) or line.startswith(_ZH_STEP)


def check_steps(index: StepIndex) -> list[Finding]:
    """Step functions that could never fail, with the place of the function."""
    findings = []
    for definition, wrong, todo in [*faulty_functions(index.definitions), *misdeclared(index.declared)]:
        file, _, line = definition.place.rpartition(":")
        found = f"the {definition.kind or 'step'} function of '{definition.text}' {wrong}"
        findings.append(Finding(Path(file), int(line), found, todo=todo))
    return findings


def check_file(path: Path, index: StepIndex, requirements: Collection[str] = ()) -> Checked:
    """Everything wrong with one feature file. ``requirements`` are the known ids; empty: tags are not checked."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        return Checked(
            path, None, (Finding(path, 1, "the file is not UTF-8", "UTF-8", "save it as UTF-8 in the editor"),)
        )
    if before := list(_raw_lines(path, text)):
        return Checked(path, None, tuple(before))
    try:
        feature: Node | None = Parser().parse(text).get("feature")
    except ParserError as error:
        return Checked(path, None, tuple(_parse_errors(path, text, error)))
    if feature is None:
        return Checked(path, None, (Finding(path, 1, "there is no feature in this file", "Feature: ... / 功能: ..."),))
    findings = sorted(_FileCheck(path, text, index, requirements).feature(feature), key=lambda f: f.line)
    return Checked(path, feature, tuple(findings))


def scenarios_of(feature: Node) -> Iterator[tuple[Node, Node | None]]:
    """Each scenario with the rule it stands under, in file order."""
    for child in feature["children"]:
        if "scenario" in child:
            yield child["scenario"], None
        for sub in child.get("rule", {}).get("children", ()):
            if "scenario" in sub:
                yield sub["scenario"], child["rule"]


def tags_of(feature: Node) -> set[str]:
    """All tags of a feature file without the @."""
    nodes: list[Node] = [feature]
    for scenario, rule in scenarios_of(feature):
        nodes += [scenario, *scenario["examples"], *([rule] if rule else [])]
    return {tag["name"].lstrip("@") for node in nodes for tag in node["tags"]}


def example_rows(scenario: Node) -> list[dict[str, str]]:
    """The rows of all Examples tables as column -> value; one empty row for a plain scenario."""
    rows: list[dict[str, str]] = []
    for table in scenario["examples"]:
        names = [cell["value"] for cell in table.get("tableHeader", {}).get("cells", ())]
        for row in table.get("tableBody", ()):
            rows.append(dict(zip(names, (cell["value"] for cell in row["cells"]), strict=False)))
    return rows or [{}]


def fill(text: str, row: Mapping[str, str]) -> str:
    """A sentence with its ``<placeholders>`` filled from one Example row."""
    return PLACEHOLDER.sub(lambda m: row.get(m[1], m[0]), text) if row else text


def _raw_lines(path: Path, text: str) -> Iterator[Finding]:
    """Mistakes that the parser would report as something else, or not at all."""
    lines = text.splitlines()
    language = next((m[1] for line in lines if (m := _LANGUAGE.match(line))), "en")
    chinese = next((n for n, line in enumerate(lines, 1) if _ZH_TITLE.match(line)), None)
    if chinese is not None and not language.startswith("zh"):
        yield Finding(
            path, 1, f"Chinese keywords (line {chinese}) in a file without a language line",
            "# language: zh-CN", "write '# language: zh-CN' as the first line  (第一行写 # language: zh-CN)",
        )  # fmt: skip
    if language in DIALECTS and language not in LANGUAGES:
        yield Finding(path, 1, f"there are no steps in the language {language!r}", ", ".join(LANGUAGES))
    for number, line in enumerate(lines, 1):
        if _WIDE_COLON.match(line):
            yield Finding(
                path, number, f"full-width colon '：' after a keyword: {line.strip()!r}",
                "the half-width colon ':'", "write ':' instead of '：'  (关键字后请用半角冒号)",
            )  # fmt: skip


def _parse_errors(path: Path, text: str, error: ParserError) -> Iterator[Finding]:
    lines = text.splitlines()
    errors: list[ParserException] = (
        error.errors
        if isinstance(error, CompositeParserException)
        else [error]
        if isinstance(error, ParserException)
        else []
    )
    if not errors:
        yield Finding(path, 1, str(error))
    for one in errors[:5]:
        number = one.location["line"]
        line = lines[number - 1].strip() if 0 < number <= len(lines) else ""
        if looks_like_step(line) or CJK_WORD.match(line):
            yield Finding(
                path, number, f"no keyword of this file's language at the start of {line!r}",
                f"{ALLOWED_ZH} (zh-CN); {ALLOWED_EN} (en)", "begin the line with one of these keywords",
            )  # fmt: skip
        else:
            message = re.sub(r"^\(\d+:\d+\): ", "", str(one)).replace("#", "")
            yield Finding(
                path, number, f"not Gherkin: {message}", todo="see docs/scenarios.md for the shape of a feature file"
            )


CJK_WORD = re.compile(r"[\u3400-\u9fff]")


class _FileCheck:
    def __init__(self, path: Path, text: str, index: StepIndex, requirements: Collection[str]) -> None:
        self.path, self.lines, self.index, self.requirements = path, text.splitlines(), index, requirements
        self.names: Counter[str] = Counter()

    def feature(self, feature: Node) -> Iterator[Finding]:
        yield from self._tags(feature)
        yield from self._forgotten_scenario(feature)
        yield from self._children(feature["children"], [])
        if not self.names:
            yield self._at(feature, "the feature has no scenario", todo="write a Scenario: / 场景:")

    def _children(self, children: Iterable[Node], background: list[tuple[str, Node]]) -> Iterator[Finding]:
        background = list(background)
        for child in children:
            if "background" in child:
                node = child["background"]
                yield from self._swallowed(node)
                yield from self._first_keyword(node["steps"])
                background += _with_kinds(node["steps"])
            elif "rule" in child:
                yield from self._tags(child["rule"])
                yield from self._forgotten_scenario(child["rule"])
                yield from self._children(child["rule"]["children"], background)
            else:
                yield from self._scenario(child["scenario"], background)

    def _scenario(self, scenario: Node, background: list[tuple[str, Node]]) -> Iterator[Finding]:
        name = scenario["name"]
        yield from self._tags(scenario)
        yield from self._swallowed(scenario)
        for table in scenario["examples"]:
            yield from self._tags(table)
            yield from self._swallowed(table)
        yield from self._name(scenario)
        if not scenario["steps"]:
            yield self._at(
                scenario, f"scenario {name!r} has no steps and would pass", todo="write its steps, or remove it"
            )
            return
        own = _with_kinds(scenario["steps"])
        yield from self._first_keyword(scenario["steps"])
        yield from self._examples(scenario)
        if "then" not in {kind for kind, _ in own}:
            yield self._at(
                scenario, f"scenario {name!r} has no Then step: nothing is checked", "at least one Then / 那么",
                "say what must be seen on the screen or in the behaviour",
            )  # fmt: skip
        rows = example_rows(scenario)
        for kind, step in background + own:
            for sentence in dict.fromkeys(fill(step["text"], row) for row in rows):
                yield from self._sentence(kind, step, sentence)

    def _name(self, scenario: Node) -> Iterator[Finding]:
        name = scenario["name"]
        self.names[name] += 1
        if not name:
            yield self._at(scenario, "a scenario without a name", todo="give it a name that says what must hold")
        elif "::" in name:
            yield self._at(
                scenario, f"'::' in the scenario name {name!r}", todo="leave it out: it parts file and scenario"
            )
        if self.names[name] == 2:
            yield self._at(
                scenario, f"the scenario name {name!r} stands twice in this file: one of them would never run",
                "each name once per file, also across rules", "rename one of them",
            )  # fmt: skip

    def _examples(self, scenario: Node) -> Iterator[Finding]:
        used = {name for step in scenario["steps"] for name in PLACEHOLDER.findall(_whole_text(step))}
        rows = example_rows(scenario)
        if scenario["examples"] and rows == [{}]:
            yield self._at(scenario, f"the Examples of {scenario['name']!r} have no row", todo="write at least one row")
            return
        columns = set(rows[0])
        for missing in sorted(used - columns) if scenario["examples"] else ():
            yield self._at(
                scenario, f"<{missing}> has no column in the Examples", ", ".join(sorted(columns)), "add the column"
            )
        seen: list[dict[str, str]] = []
        for row in rows:
            if row in seen and scenario["examples"]:
                yield self._at(
                    scenario, f"the Example row {' | '.join(row.values())!r} stands twice", todo="remove one"
                )
            seen.append(row)

    def _sentence(self, kind: str, step: Node, sentence: str) -> Iterator[Finding]:
        hits = self.index.fitting(kind, sentence)
        if len(hits) == 1:
            parser = hits[0].parser
            if isinstance(parser, Explains) and (problem := parser.problem(sentence)):
                yield self._at(step, f"{sentence!r}: {problem}")
            return
        if hits:
            places = "; ".join(f"'{hit.text}' ({hit.place})" for hit in hits)
            yield self._at(
                step, f"ambiguous step {sentence!r}: {len(hits)} definitions match", f"exactly one; here {places}",
                "make one of the texts more special, or remove one definition",
            )  # fmt: skip
            return
        others = self.index.matching(sentence)
        if others:
            kinds = " or ".join(sorted({str(d.kind) for d in others}))
            yield self._at(
                step, f"{sentence!r} is a {kinds} step ({others[0].place}), used here as {kind}", f"as {kinds}",
                "use the right keyword, or word it as what it is here",
            )  # fmt: skip
            return
        yield self._undefined(kind, step, sentence)

    def _undefined(self, kind: str, step: Node, sentence: str) -> Finding:
        if reason := self.index.explain(kind, sentence):
            return self._at(step, f"undefined {kind} step {sentence!r}: {reason}")
        near = self.index.suggestions(kind, sentence)
        todo = f"did you mean: {'  |  '.join(near)}" if near else "see docs/steps.md for the steps there are"
        return self._at(step, f"undefined {kind} step {sentence!r}", todo=todo)

    def _swallowed(self, node: Node) -> Iterator[Finding]:
        for number, line in self._described(node):
            if looks_like_step(line):
                yield Finding(
                    self.path, number, f"this line is read as description and would NOT be run: {line.strip()!r}",
                    f"{ALLOWED_EN} (en); {ALLOWED_ZH} (zh-CN)",
                    "begin it with a keyword of the file's language, or reword it",
                )  # fmt: skip

    def _forgotten_scenario(self, node: Node) -> Iterator[Finding]:
        steps = [(number, line.strip()) for number, line in self._described(node) if looks_like_step(line)]
        if len(steps) >= 2:
            yield Finding(
                self.path, steps[0][0], f"{len(steps)} lines that look like steps are description: {steps[0][1]!r} ...",
                "steps stand below Scenario: / 场景:", "write the missing 'Scenario:' line above them",
            )  # fmt: skip

    def _first_keyword(self, steps: list[Node]) -> Iterator[Finding]:
        if steps and steps[0]["keywordType"] not in KIND:
            word = steps[0]["keyword"].strip()
            yield self._at(steps[0], f"the first step begins with {word!r}", "Given, When or Then; 假如, 当 or 那么")

    def _tags(self, node: Node) -> Iterator[Finding]:
        for tag in node["tags"]:
            name = tag["name"].lstrip("@")
            if BAD_TAG.search(name):
                yield self._at(
                    tag,
                    f"the tag @{name} cannot be selected",
                    "letters, digits, Chinese, '-', '_', '.'",
                    "e.g. @severity-critical",
                )
            elif self.requirements and REQUIREMENT.match(name) and name not in self.requirements:
                near = difflib.get_close_matches(name, self.requirements, 3, 0.6)
                todo = f"did you mean: {', '.join(near)}" if near else "add it to features/requirements.yaml"
                yield self._at(tag, f"the requirement @{name} is not in features/requirements.yaml", todo=todo)

    def _described(self, node: Node) -> Iterator[tuple[int, str]]:
        # the tree drops comments and blank lines of a description, so each line's number is looked up in the text
        number = node["location"]["line"]
        for line in (node.get("description") or "").splitlines():
            if not line.strip():
                continue
            while number < len(self.lines) and self.lines[number].strip() != line.strip():
                number += 1
            yield number + 1, line

    def _at(self, node: Node, found: str, allowed: str = "", todo: str = "") -> Finding:
        return Finding(self.path, node["location"]["line"], found, allowed, todo)


def _with_kinds(steps: list[Node]) -> list[tuple[str, Node]]:
    """And, But and * are of the kind of the step before, as pytest-bdd reads them."""
    kind, out = "given", []
    for step in steps:
        kind = KIND.get(step["keywordType"], kind)
        out.append((kind, step))
    return out


def _whole_text(step: Node) -> str:
    table = step.get("dataTable", {}).get("rows", ())
    cells = " ".join(cell["value"] for row in table for cell in row["cells"])
    return " ".join((step["text"], step.get("docString", {}).get("content", ""), cells))
