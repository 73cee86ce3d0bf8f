"""What is wrong with a feature file, found before anything runs. Pure: text and a step index in, findings out.

Gherkin reads a line whose keyword it does not know as description, and pytest-bdd passes a scenario without steps,
drops one of two scenarios of the same name, picks one of two matching steps and forgets a table that no function takes.
Each of those is a false green for a security harness, so each is an error here. What has an effect, and runs, is legal.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from posrig.language import outlines, tags
from posrig.language.feature_text import parse
from posrig.language.findings import Checked, Finding, Node
from posrig.language.keywords import LANGUAGES, STEPS, Line, heading
from posrig.language.messages import say, spoken
from posrig.language.outlines import Rule, example_rows, fill
from posrig.language.step_index import CJK, StepDefinition, StepIndex, faulty_functions, misdeclared

KIND = {"Context": "given", "Action": "when", "Outcome": "then"}
LONGEST_SENTENCE = 2000
LONGEST_NAME = 1000
"""pytest hands the name on in the environment of every process that a run starts; that has an end."""
EXPLAINED = 20
"""So many unknown sentences of a file get suggestions: each is compared with all there are."""
_STOP = re.compile(r"\s*([.。．｡!！;；,，、])$")
_REMARK = re.compile(r"\s+(#.*)$")


def check_steps(index: StepIndex, language: str = "en") -> list[Finding]:
    """Step functions that could never fail and sentences declared twice, with the place of the function, in order."""
    findings = []
    for definition, rule, wrong in [*faulty_functions(index.definitions), *misdeclared(index.declared)]:
        file, _, line = definition.place.rpartition(":")
        kind = definition.kind or "step"
        values = {"kind": kind, "text": definition.text, "wrong": wrong}
        findings.append(Finding.of(Path(file), int(line), rule, language, **values))
    return sorted(findings, key=lambda one: (str(one.path), one.line))


def check_sentences(indexes: Iterable[StepIndex], language: str = "en") -> list[Finding]:
    """:func:`check_steps` for what each of the features sees, everything once."""
    found = (finding for index in dict.fromkeys(indexes) for finding in check_steps(index, language))
    return list(dict.fromkeys(found))


def check_file(path: Path, index: StepIndex, requirements: Collection[str] = (), language: str = "") -> Checked:
    """Everything wrong with one feature file, told in ``language`` or else in the file's own.

    ``requirements`` are the known ids; empty: tags are not compared with them.
    """
    text, read = parse(path, language)
    if read.feature is None:
        return read
    check = _FileCheck(path, text, index, requirements, language or read.feature["language"], read.feature["language"])
    findings = sorted(check.feature(read.feature), key=lambda finding: finding.line)
    return Checked(path, read.feature, tuple(findings))


class _FileCheck:
    def __init__(
        self, path: Path, text: str, index: StepIndex, requirements: Collection[str], language: str, file: str
    ) -> None:
        self.path, self.lines, self.index, self.requirements = path, text.split("\n"), index, requirements
        self.language, self.file = language, file
        self.names: Counter[str] = Counter()
        self.unknown = self.rows = 0
        self.told: set[tuple[int, str]] = set()

    def feature(self, feature: Node) -> Iterator[Finding]:
        yield from self._rules(tags.check(feature, self.requirements, self.language))
        forgotten = list(self._forgotten_scenario(feature))
        yield from forgotten
        yield from self._children(feature["children"], [])
        if not self.names and not forgotten:
            yield self._at(feature, "no_scenario")

    def _children(self, children: Iterable[Node], background: list[tuple[str, Node]]) -> Iterator[Finding]:
        background = list(background)
        for child in children:
            if "background" in child:
                node = child["background"]
                swallowed = list(self._swallowed(node))
                yield from swallowed or self._first_keyword(node["steps"])
                background += with_kinds(node["steps"])
            elif "rule" in child:
                yield from self._rules(tags.check(child["rule"], self.requirements, self.language))
                yield from self._forgotten_scenario(child["rule"])
                yield from self._children(child["rule"]["children"], background)
            else:
                yield from self._scenario(child["scenario"], background)

    def _scenario(self, scenario: Node, background: list[tuple[str, Node]]) -> Iterator[Finding]:
        for node in (scenario, *scenario["examples"]):
            yield from self._rules(tags.check(node, self.requirements, self.language))
        yield from self._name(scenario)
        swallowed = list(self._swallowed(scenario))
        swallowed += [one for table in scenario["examples"] for one in self._swallowed(table, no_steps=True)]
        yield from swallowed
        own = with_kinds(scenario["steps"])
        if not swallowed:  # what follows from a line that was not read as a step is no mistake of its own
            yield from self._steps_there(scenario, own)
        yield from self._rules(outlines.check(scenario, self.language))
        rows = example_rows(scenario)
        self.rows += len(rows)
        if self.rows > outlines.MOST_ROWS:
            if self.rows - len(rows) <= outlines.MOST_ROWS:
                yield self._at(scenario, "rows_many", count=self.rows, most=outlines.MOST_ROWS)
            return
        yield from self._background(background, rows)
        for kind, step in background + own:
            yield from self._step(kind, step, rows)

    def _steps_there(self, scenario: Node, own: list[tuple[str, Node]]) -> Iterator[Finding]:
        if not own:
            yield self._at(scenario, "no_steps", name=scenario["name"])
            return
        yield from self._first_keyword(scenario["steps"])
        if "then" not in {kind for kind, _ in own}:
            yield self._at(scenario, "no_then", name=scenario["name"])

    def _name(self, scenario: Node) -> Iterator[Finding]:
        name = scenario["name"]
        self.names[name] += 1
        longest = max(len(fill(name, row)) for row in example_rows(scenario)[: outlines.MOST_ROWS])
        if not name:
            yield self._at(scenario, "no_name")
        elif longest > LONGEST_NAME:
            yield self._at(scenario, "name_long", count=longest, most=LONGEST_NAME)
        if self.names[name] == 2:
            yield self._at(scenario, "name_twice", name=name)

    def _background(self, background: list[tuple[str, Node]], rows: list[dict[str, str]]) -> Iterator[Finding]:
        for _, step in background:
            for name in rows[0]:
                if f"<{name}>" in outlines.whole_text(step):
                    yield from self._once(step, "background_filled", column=name)

    def _step(self, kind: str, step: Node, rows: list[dict[str, str]]) -> Iterator[Finding]:
        below = False
        for sentence in dict.fromkeys(fill(step["text"], row) for row in rows):
            if len(sentence) > LONGEST_SENTENCE:
                yield from self._once(step, "sentence_long", count=len(sentence), most=LONGEST_SENTENCE)
                return
            hits = self.index.fitting(kind, sentence)
            if len(hits) == 1 and not below:
                below = True
                yield from self._below(step, sentence, hits[0])
            yield from self._sentence(kind, step, sentence, hits)

    def _below(self, step: Node, sentence: str, hit: StepDefinition) -> Iterator[Finding]:
        """The table and the doc string of a step: taken by its function, or by nobody."""
        for part, argument, name in (("dataTable", "datatable", "table"), ("docString", "docstring", "text")):
            takes = hit.needs(argument)
            if part in step and takes is None:
                texts = self.index.takers(argument)[:8]
                kinds = say("takers" if texts else "no_takers", self.language, texts="  |  ".join(texts)).found
                yield from self._once(step[part], f"{name}_ignored", sentence=sentence, kinds=kinds)
            elif part not in step and takes:
                yield from self._once(step, f"{name}_missing", sentence=sentence)

    def _sentence(self, kind: str, step: Node, sentence: str, hits: list[StepDefinition]) -> Iterator[Finding]:
        if len(hits) == 1:
            problem = getattr(hits[0].parser, "problem", None)  # a runtime check of the protocol costs more than it
            if problem is not None and (said := problem(sentence, self.language)):
                yield from self._raw(step, f"{sentence!r}: {said}", "value")
            return
        if hits and len({(hit.kind, hit.text) for hit in hits}) == 1:
            return  # declared twice: that is told once, and not again for each step that uses it
        if hits:
            places = "; ".join(f"'{hit.text}' ({hit.place})" for hit in hits)
            yield from self._once(step, "ambiguous", sentence=sentence, count=len(hits), places=places)
        elif others := self.index.matching(sentence):
            kinds = " or ".join(sorted({str(d.kind) for d in others}))
            values = {"sentence": sentence, "kinds": kinds, "place": others[0].place, "kind": kind}
            yield from self._once(step, "wrong_kind", **values)
        else:
            yield from self._undefined(kind, step, sentence)

    def _undefined(self, kind: str, step: Node, sentence: str) -> Iterator[Finding]:
        remark, stop = _REMARK.search(sentence), _STOP.search(sentence)
        if remark and self.index.matching(_STOP.sub("", sentence[: remark.start()])):
            yield from self._once(step, "remark_behind", remark=remark[1])
        elif stop and self.index.matching(sentence[: stop.start()]):
            yield from self._once(step, "stop_at_end", sentence=sentence, stop=stop[1])
        elif self.file not in LANGUAGES:
            if "language_unspoken" not in {rule for _, rule in self.told}:
                yield from self._once(step, "language_unspoken", language=self.file, sentence=sentence)
        elif self.unknown < EXPLAINED:
            self.unknown += 1
            yield from self._explained(kind, step, sentence)
        else:
            near = say("see_steps", self.language).found
            yield from self._once(step, "undefined", kind=kind, sentence=sentence, reason="", near=near)

    def _explained(self, kind: str, step: Node, sentence: str) -> Iterator[Finding]:
        bare = _STOP.sub("", _REMARK.sub("", sentence))
        if reason := self.index.explain(kind, bare, self.language):
            values = {"kind": kind, "sentence": sentence, "reason": f": {reason}", "near": ""}
        else:
            near = self.index.suggestions(kind, sentence[:200])
            todo = say("did_you_mean" if near else "see_steps", self.language, near="  |  ".join(near)).found
            values = {"kind": kind, "sentence": sentence, "reason": "", "near": todo}
        yield from self._once(step, "undefined", **values)

    def _swallowed(self, node: Node, *, no_steps: bool = False) -> Iterator[Finding]:
        """A line of a description that is a step: the first one of a scenario; the others have the same cause.

        ``no_steps``: the node takes none, so a keyword of the file's own language is swallowed there, too.
        """
        own = STEPS.get(self.file, []) if no_steps else []
        for number, text in self._described(node):
            line = Line(text)
            if line.shouts or line.word in own or self._other_keyword(line) or self._known(line):
                right = line.right(self.file) or say("one_of_these", self.language).found
                yield Finding.of(self.path, number, "swallowed", self.language, line=line.text, right=right)
                return

    def _other_keyword(self, line: Line) -> bool:
        """A keyword exactly as it is written in the other language, which a description hardly begins with."""
        other = "en" if self.file.startswith("zh") else "zh-CN"
        return self.file in LANGUAGES and line.word in STEPS[other]

    def _forgotten_scenario(self, node: Node) -> Iterator[Finding]:
        above = ""
        above_number = 0
        for number, text in self._described(node):
            line = Line(text)
            if self._known(line):
                # a heading that nobody knows is why the line is description
                meant = heading(above, self.file) if above else None
                if meant:
                    values = {"keyword": meant[0], "right": meant[1], "allowed": f"{meant[1]}:"}
                    yield Finding.of(self.path, above_number, "title_unknown", self.language, **values)
                else:
                    yield Finding.of(self.path, number, "forgotten_title", self.language, line=line.text)
                return
            above, above_number = (text, number) if heading(text, self.file) else (above, above_number)

    def _known(self, line: Line) -> bool:
        """Whether the line says a sentence of the index: exactly, or behind a keyword with a slip in it."""
        sentence = line.sentence
        if not sentence or len(sentence) > LONGEST_SENTENCE:
            return False
        if self.index.knows(sentence) or self.index.knows(_STOP.sub("", sentence)):
            return True
        if not line.word or self.unknown >= EXPLAINED:
            return False
        self.unknown += 1
        kinds = ("given", "when", "then")
        likely = any(self.index.suggestions(kind, sentence[:200], 1, 0.7) for kind in kinds)
        return likely or (bool(CJK.match(line.word)) and any(self.index.explain(kind, sentence) for kind in kinds))

    def _first_keyword(self, steps: list[Node]) -> Iterator[Finding]:
        if steps and steps[0]["keywordType"] not in KIND:
            yield self._at(steps[0], "first_keyword", word=steps[0]["keyword"].strip())

    def _described(self, node: Node) -> Iterator[tuple[int, str]]:
        # the tree drops comments and blank lines of a description, so each line's number is looked up in the text
        number = node["location"]["line"]
        for line in (node.get("description") or "").split("\n"):
            if not line.strip():
                continue
            while number < len(self.lines) and self.lines[number].strip() != line.strip():
                number += 1
            yield number + 1, line

    def _rules(self, broken: Iterable[Rule]) -> Iterator[Finding]:
        for node, rule, values in broken:
            yield self._at(node, rule, **values)

    def _once(self, node: Node, rule: str, **values: object) -> Iterator[Finding]:
        """A finding that several rows or scenarios would give again: a Background is read for each of them."""
        yield from self._new(self._at(node, rule, **values))

    def _raw(self, node: Node, found: str, rule: str) -> Iterator[Finding]:
        yield from self._new(
            Finding(self.path, node["location"]["line"], found, rule=rule, language=spoken(self.language))
        )

    def _new(self, finding: Finding) -> Iterator[Finding]:
        if (finding.line, finding.found) not in self.told:
            self.told |= {(finding.line, finding.found), (finding.line, finding.rule)}
            yield finding

    def _at(self, node: Node, rule: str, /, **values: object) -> Finding:
        return Finding.of(self.path, node["location"]["line"], rule, self.language, **values)


def with_kinds(steps: list[Node]) -> list[tuple[str, Node]]:
    """And, But and * are of the kind of the step before, as pytest-bdd reads them."""
    kind, out = "given", []
    for step in steps:
        kind = KIND.get(step["keywordType"], kind)
        out.append((kind, step))
    return out
