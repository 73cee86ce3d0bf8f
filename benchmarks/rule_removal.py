"""Remove the rules of terminal R from its firmware, one at a time: each removal must turn a scenario of that rule red.

``python benchmarks/rule_removal.py [RULE ...]`` reads rule_removal.yaml (rule, what is removed, file, exact text, what
stands in its place), makes each change in a copy of the tree, runs the scenarios that carry the rule's tag until the
first red one, and prints rule / removed / first red scenario / step. Ends 1 when a removal stays green or a requirement
has none, 4 when the table does not fit the firmware.

A worker collects all scenarios once. For each removal it forks: the child starts a simulated rig from the changed copy.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from posrig.ground.faults import ConfigurationError, ExitCode
from posrig.reporting.traceability import Trace, trace

ROOT = Path(__file__).resolve().parents[1]
TABLE = Path(__file__).with_suffix(".yaml")
NEEDED = ("conftest.py", "pyproject.toml", "features", "fixtures", "rigs", "steps", "posrig")
"""What a run of scenarios reads."""
SIMULATED = Path("posrig") / "simulated"
RUN_WITHIN_S = 1200
"""For one removal: a change may make the firmware wait for ever."""
AS_WORKER = "--as-worker"


@dataclass(frozen=True, slots=True)
class Change:
    """``text`` stands once in ``file`` (below posrig/simulated) and gives way to ``becomes``."""

    file: str
    text: str
    becomes: str


@dataclass(frozen=True, slots=True)
class Removal:
    rule: str
    """Whose scenarios are asked; empty: all of them."""
    removed: str
    """In words: the check that is skipped, the number that is changed."""
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """``scenario`` and ``step`` of the first failure; ``said`` when there was none: how the run ended."""

    removal: Removal
    scenario: str
    step: str
    said: str
    wall_s: float

    @property
    def red(self) -> bool:
        return bool(self.scenario)


def read_table(file: Path = TABLE) -> tuple[Removal, ...]:
    """Raises ConfigurationError when the file is no such table."""
    try:
        return tuple(_removal(row) for row in YAML(typ="safe").load(file.read_text("utf-8")))
    except (KeyError, TypeError) as error:
        raise ConfigurationError(f"a row lacks {error}", where=str(file)) from None


def _removal(row: dict[str, Any]) -> Removal:
    changes = (row, *row.get("also", ()))
    return Removal(
        str(row["rule"]),
        str(row["removed"]),
        tuple(Change(str(one["file"]), str(one["text"]), str(one["becomes"])) for one in changes),
    )


def misfits(table: Sequence[Removal], root: Path = ROOT) -> list[str]:
    """Rows whose text does not stand exactly once in its file: the firmware has moved on."""
    found = []
    for removal in table:
        for change in removal.changes:
            times = (root / SIMULATED / change.file).read_text("utf-8").count(change.text)
            if times != 1:
                found.append(f"{removal.rule}, {removal.removed}: {change.file} has {change.text!r} {times} times")
    return found


def without_removal(table: Sequence[Removal], known: Trace) -> list[str]:
    """Requirements of which nothing is removed."""
    removed = {removal.rule for removal in table}
    return [rule for rule in known.requirements if rule not in removed]


@contextmanager
def trees(count: int) -> Iterator[list[Path]]:
    """So many copies of what a run needs; a removal never touches the tree it was read from."""
    with tempfile.TemporaryDirectory(prefix="posrig-removal-") as folder:
        made = [Path(folder) / str(number) for number in range(count)]
        for tree in made:
            tree.mkdir()
            for name in NEEDED:
                _copy(ROOT / name, tree / name)
        yield made


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("latest", "runs"))
    else:
        shutil.copy2(source, target)


@contextmanager
def removed(tree: Path, removal: Removal) -> Iterator[None]:
    """The tree without the rule; as it was afterwards."""
    before = {change.file: (tree / SIMULATED / change.file).read_text("utf-8") for change in removal.changes}
    texts = dict(before)
    for change in removal.changes:
        texts[change.file] = texts[change.file].replace(change.text, change.becomes)
    _write(tree, texts)
    try:
        yield
    finally:
        _write(tree, before)


def _write(tree: Path, texts: dict[str, str]) -> None:
    for name, text in texts.items():
        file = tree / SIMULATED / name
        file.write_text(text, "utf-8")
        # a change of one digit within one second has the size and the second of the byte code that is kept
        for compiled in (file.parent / "__pycache__").glob(f"{file.stem}.*.pyc"):
            compiled.unlink()


class Remover:
    """A pytest plugin: instead of the scenarios as they stand, those of each removal's rule in a child of its own."""

    def __init__(self, tree: Path, removals: Sequence[Removal], answers: Path) -> None:
        self._tree, self._removals, self._answers = tree, removals, answers
        self._records: list[dict[str, Any]] = []
        self._red: list[str] = []
        """Scenarios that turned red before, the latest first: they are asked first."""

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> Generator[None, object, object]:
        everything, session.items = session.items, []
        for number, removal in enumerate(self._removals):
            with removed(self._tree, removal):
                child = os.fork()
                if child == 0:
                    session.items = [
                        one for one in everything if not removal.rule or one.get_closest_marker(removal.rule)
                    ]
                    session.items.sort(key=self._turn)
                    yield from self._in_child(session, self._answers / f"{number}.json")
                _, status = os.waitpid(child, 0)
            self._tell(number, status)
        return (yield)

    def _turn(self, item: pytest.Item) -> int:
        return self._red.index(item.nodeid) if item.nodeid in self._red else len(self._red)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        record = getattr(report, "posrig", None)
        if record is not None:
            self._records.append(json.loads(record))

    def _in_child(self, session: pytest.Session, answer: Path) -> Generator[None, object, None]:
        """Never returns: the worker goes on with the next removal. An alarm ends a child whose firmware hangs."""
        signal.alarm(RUN_WITHIN_S)
        try:
            yield
        finally:
            answer.write_text(json.dumps(_verdict(self._records)), "utf-8")
            session._setupstate.teardown_exact(None)  # closes the rig, which lives as long as the session
            os._exit(0)

    def _tell(self, number: int, status: int) -> None:
        answer = self._answers / f"{number}.json"
        found = json.loads(answer.read_text("utf-8")) if answer.exists() else ["", "", f"ended with status {status}"]
        if found[0]:
            self._red = [found[0], *(one for one in self._red if one != found[0])]
        print(json.dumps(found), file=sys.__stdout__, flush=True)


def _verdict(records: Sequence[dict[str, Any]]) -> tuple[str, str, str]:
    """Scenario and step of the first failure. Only a product failure counts: a broken simulation holds no rule."""
    for record in records:
        if record["verdict"] == "product failure":
            return str(record["id"]), str((record["failure"] or {}).get("step", "")), ""
    others = [f"{record['verdict']}: {record['id']}" for record in records if record["verdict"] != "held"]
    return "", "", others[0] if others else f"{len(records)} scenarios held"


def work(tree: Path, share: Path) -> int:
    """In a worker: one line of JSON on standard output for each removal of the file ``share``, in order."""
    rows = json.loads(share.read_text("utf-8"))
    removals = [Removal(row["rule"], row["removed"], tuple(Change(**one) for one in row["changes"])) for row in rows]
    known = trace(tree / "features")
    files = sorted({scenario.file for one in removals for scenario in known.about(one.rule)})
    if not all(removal.rule for removal in removals):
        files = ["features"]
    with tempfile.TemporaryDirectory(prefix="posrig-removal-") as answers, open(os.devnull, "w") as nowhere:
        os.environ["POSRIG_LEASES"] = answers
        sys.stdout = nowhere
        remover = Remover(tree, removals, Path(answers))
        options = ["-q", "--maxfail", "1", "--no-report", "-p", "no:cacheprovider"]
        return int(pytest.main([*files, *options], plugins=[remover]))


def remove_all(removals: Sequence[Removal], workers: int, progress: Callable[[Result], None]) -> list[Result]:
    """Every removal on its own, ``workers`` at a time. The results are in no order."""
    with trees(workers) as made, ThreadPoolExecutor(workers) as pool:
        shares = [pool.submit(_share, removals[n::workers], tree, progress) for n, tree in enumerate(made)]
        return [result for share in shares for result in share.result()]


def _share(removals: Sequence[Removal], tree: Path, progress: Callable[[Result], None]) -> list[Result]:
    share = tree.with_suffix(".json")
    share.write_text(json.dumps([asdict(removal) for removal in removals]), "utf-8")
    command = [sys.executable, str(Path(__file__).resolve()), AS_WORKER, str(tree), str(share)]
    environment = {**os.environ, "PYTHONPATH": str(tree)}
    results = []
    with subprocess.Popen(command, cwd=tree, env=environment, stdout=subprocess.PIPE, text=True) as worker:
        began = time.monotonic()
        for removal, line in zip(removals, worker.stdout or (), strict=False):
            scenario, step, said = json.loads(line)
            now = time.monotonic()
            results.append(Result(removal, scenario, step, said, now - began))
            began = now
            progress(results[-1])
    missing = removals[len(results) :]
    return results + [Result(removal, "", "", "the worker ended before it", 0.0) for removal in missing]


def show(result: Result) -> None:
    what = f"{result.removal.rule:12} {result.removal.removed}"
    if result.red:
        print(f"red    {what}\n         {result.scenario}\n         {result.step}", flush=True)
    else:
        print(f"GREEN  {what}\n         {result.said}", flush=True)


def main(arguments: Sequence[str] | None = None) -> int:
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given[:1] == [AS_WORKER]:
        return work(Path(given[1]), Path(given[2]))
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rules", nargs="*", metavar="RULE", help="only these (default: all)")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--table", type=Path, default=TABLE, metavar="FILE.yaml")
    options = parser.parse_args(given)
    began = time.monotonic()
    table = read_table(options.table)
    wrong = misfits(table)
    if wrong:
        print("\n".join(wrong), file=sys.stderr)
        return ExitCode.CONFIGURATION
    bare = [] if options.rules else without_removal(table, trace(ROOT / "features"))
    chosen = [removal for removal in table if not options.rules or removal.rule in options.rules]
    results = remove_all(chosen, options.workers, show)
    for rule in bare:
        print(f"GREEN  {rule:12} nothing of it is removed")
    red, rules = sum(result.red for result in results), {result.removal.rule for result in results}
    seconds = time.monotonic() - began
    print(f"{red} of {len(results)} removals of {len(rules)} rules turn a scenario red, in {seconds:.0f} s")
    return ExitCode.HELD if results and red == len(results) and not bare else ExitCode.PRODUCT_FAILURE


if __name__ == "__main__":
    sys.exit(main())
