"""The official Gherkin test data beside what posrig makes of it: complaints of the lint, and the steps that would run.

    git clone https://github.com/cucumber/gherkin; .venv/bin/python benchmarks/official_gherkin.py gherkin/testdata/good

Each step is known here, in any language, with a table and a doc string or without: what is left to complain of is the
shape. A complaint is by a rule of ours (nothing is checked, nothing has a name, a column has no effect), by a limit of
pytest-bdd (a first step with a star), or false. The steps (text, table, doc string) are compared with the official
pickles.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pytest_bdd import parser
from pytest_bdd.exceptions import StepError
from pytest_bdd.parser import FeatureParser
from pytest_bdd.parsers import StepParser

from posrig.language.lint import check_file
from posrig.language.outlines import fill
from posrig.language.step_index import StepDefinition, StepIndex

OURS = {
    "no_then": "nothing is checked", "no_steps": "nothing is run", "no_scenario": "nothing is run",
    "no_feature": "nothing is run", "rows_none": "nothing is run", "no_name": "cannot be told from another",
    "name_twice": "pytest-bdd keeps one of the two", "column_unused": "has no effect",
}  # fmt: skip
PYTEST_BDD = {"first_keyword": "the first step has a star"}
Steps = list[tuple[str, Any, Any]]


class Anything(StepParser):
    """A sentence that is every sentence."""

    def is_matching(self, name: str) -> bool:
        return True

    def parse_arguments(self, name: str) -> dict[str, Any]:
        return {}


def anything(datatable: object = None, docstring: object = None) -> None: ...


INDEX = StepIndex([StepDefinition(None, "anything", Anything("anything"), anything)])


def collected(path: Path) -> list[Steps]:
    """The steps of each run of a file, as posrig runs them."""
    runs = []
    for template in FeatureParser(str(path.parent), path.name, "utf-8-sig").parse().scenarios.values():
        rows = [row for table in template.examples for row in table.as_contexts()]
        for row in rows or ([{}] if not template.examples else []):
            steps = template.render(row).steps
            runs.append(
                [(step.name, step.datatable.raw() if step.datatable else None, step.docstring) for step in steps]
            )
    return runs


def pickles(path: Path) -> list[Steps]:
    """The official ones."""
    runs = []
    for line in path.with_name(f"{path.name}.pickles.ndjson").read_text("utf-8").splitlines():
        steps = []
        for step in json.loads(line)["pickle"].get("steps", ()):
            below = step.get("argument", {})
            table = [[cell["value"] for cell in row["cells"]] for row in below.get("dataTable", {}).get("rows", ())]
            steps.append((step["text"], table or None, below.get("docString", {}).get("content")))
        runs.append(steps)
    return runs


def compare(path: Path) -> Iterator[str]:
    """What differs; one "same" for each run that does not."""
    try:
        ours, official = collected(path), [run for run in pickles(path) if run]
    except (StepError, AttributeError, TypeError):  # a star at the beginning; a file without a feature
        yield "pytest-bdd cannot run it"
        return
    for run in official:
        yield "same" if run in ours else f"DIFFERS {path.name}: {run}"


def main() -> int:
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("folder", type=Path, help="testdata/good of the repository cucumber/gherkin")
    files = sorted(options.parse_args().folder.glob("*.feature"))
    if not files:
        print("no .feature files there")
        return 4
    vars(parser)["render_string"] = fill
    complaints: Counter[str] = Counter()
    runs: Counter[str] = Counter()
    for path in files:
        findings = check_file(path, INDEX).findings
        complaints.update(finding.rule for finding in findings)
        for finding in findings:
            if finding.rule not in OURS | PYTEST_BDD:
                print(f"false: {finding}")
        refused = {finding.rule for finding in findings} - {"no_then", "column_unused"}
        runs.update([f"not run: {' '.join(sorted(refused))}"] if refused else compare(path))
    for rule, count in complaints.most_common():
        print(f"{count:4} complaints  {rule}: {(OURS | PYTEST_BDD).get(rule, 'FALSE')}")
    for what, count in runs.most_common():
        print(f"{count:4} {'runs' if what in ('same',) else 'files or runs'}  {what}")
    false = sum(count for rule, count in complaints.items() if rule not in OURS | PYTEST_BDD)
    differ = sum(count for what, count in runs.items() if what.startswith("DIFFERS"))
    print(f"{len(files)} files, {false} false complaints, {differ} of {differ + runs['same']} runs with other steps")
    return 1 if false or differ else 0


if __name__ == "__main__":
    sys.exit(main())
