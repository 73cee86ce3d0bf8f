"""Random changes to the simulated terminal and its world: what do the scenarios notice, what the fuzzer, what nobody?

    python benchmarks/mutants.py --seed 0 --count 60 --json mutants-0.json
    python benchmarks/mutants.py --seed 0 --count 60 --plan          # which they are, and nothing is run
    python benchmarks/mutants.py --seed 0 --count 60 --fuzz-presses 20000

A mutant is one change of one place: a statement left out, a condition turned round, a limit moved by one, a comparison
at its edge, ``and`` for ``or``, a truth value flipped (operators: :data:`OPERATORS`). They are drawn by seed, in turn
from each file of the firmware and of the world, so that no long file crowds out the short ones. Left out are changes
that change no byte code, and what no terminal does: annotations, docstrings, defaults of contracts.

Each is run in a copy of the tree: all scenarios until the first that does not hold, those first that have killed
before; then, if asked, the fuzzer. **Killed by a judgement** is a product failure, **by a crash** any other end; what
is left has survived. The exam cannot be learned: tune on some seeds, measure on others. Ends 0 whatever was found.

The operators are of the standard library's ``ast``, which gives the exact place of each node. cosmic-ray 8 and mutmut 3
leave no statement out (a check that is replaced by nothing is the defect that this is for), mutmut changes modules in
the process of the tests only, and the firmware runs in another.
"""

from __future__ import annotations

import argparse
import ast
import json
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from itertools import islice, zip_longest
from pathlib import Path
from types import CodeType

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.rule_removal import SIMULATED, Change, Removal, Result, remove_all, removed, trees  # noqa: E402
from posrig.ground.faults import ExitCode  # noqa: E402

ROOMS = ("terminals/r/firmware/*.py", "world/*.py")
APART = ("parts.py", "kernel.py", "__init__.py")
"""Who puts the rooms together: nothing of a terminal."""
FUZZ_WITHIN_S = 900
JUDGED, CRASHED, SURVIVED = "judgement", "crash", "survived"
COMPARED: dict[type[ast.cmpop], str] = {
    ast.Lt: "<=", ast.LtE: "<", ast.Gt: ">=", ast.GtE: ">", ast.Eq: "!=", ast.NotEq: "==", ast.In: "not in",
    ast.NotIn: "in", ast.Is: "is not", ast.IsNot: "is",
}  # fmt: skip
ADDED: dict[type[ast.operator], str] = {ast.Add: "-", ast.Sub: "+", ast.Mult: "+", ast.FloorDiv: "*", ast.Mod: "+"}


@dataclass(frozen=True, slots=True)
class Mutant:
    """``becomes`` stands in place of characters ``start`` to ``end`` of ``file`` (below posrig/simulated)."""

    file: str
    line: int
    operator: str
    start: int
    end: int
    text: str
    becomes: str

    def source(self, text: str) -> str:
        return text[: self.start] + self.becomes + text[self.end :]

    @property
    def told(self) -> str:
        """For people, in one line.

        >>> Mutant("a.py", 3, "limit", 0, 1, "5", "6").told
        'a.py:3: limit: 5 -> 6'
        """
        was, now = (" ".join(one.split()) for one in (self.text, self.becomes))
        return f"{self.file}:{self.line}: {self.operator}: {was[:60]} -> {now[:60]}"


Places = Iterator[tuple[ast.AST, str]]
"""A node, and the text that takes its place."""
Segment = Callable[[ast.AST], str]
"""Gives the text of a node."""
UNSEEN = (ast.Import, ast.ImportFrom, ast.JoinedStr, ast.Assert)


def left_out(node: ast.AST, _: Segment) -> Places:
    """A call, a write into something that outlives the function, a refusal."""
    wrote = isinstance(node, ast.Assign | ast.AugAssign) and any(
        isinstance(target, ast.Attribute | ast.Subscript)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
    )
    called = isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)
    if wrote or called or isinstance(node, ast.Raise | ast.Delete):
        yield node, "pass"


def turned_round(node: ast.AST, segment: Segment) -> Places:
    if isinstance(node, ast.If | ast.IfExp | ast.While) and not isinstance(node.test, ast.Constant):
        yield node.test, f"(not ({segment(node.test)}))"
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield node, segment(node.operand)


def at_its_edge(node: ast.AST, segment: Segment) -> Places:
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        yield node, f"({segment(node.left)} {COMPARED[type(node.ops[0])]} {segment(node.comparators[0])})"


def and_for_or(node: ast.AST, segment: Segment) -> Places:
    if isinstance(node, ast.BoolOp):
        word = " or " if isinstance(node.op, ast.And) else " and "
        yield node, "(" + word.join(f"({segment(value)})" for value in node.values) + ")"


def limit(node: ast.AST, segment: Segment) -> Places:
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        yield node, f"({segment(node)} + 1)"
        yield node, f"({segment(node)} - 1)"


def flipped(node: ast.AST, _: Segment) -> Places:
    if isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield node, str(not node.value)


def arithmetic(node: ast.AST, segment: Segment) -> Places:
    if isinstance(node, ast.BinOp) and type(node.op) in ADDED and not _is_text(node):
        yield node, f"({segment(node.left)} {ADDED[type(node.op)]} {segment(node.right)})"


def _is_text(node: ast.BinOp) -> bool:
    """An f-string or text that is put together: a change only crashes."""
    kinds = (ast.JoinedStr, ast.List, ast.Tuple)
    sides = (node.left, node.right)
    texts = [side for side in sides if isinstance(side, ast.Constant) and isinstance(side.value, str | bytes)]
    return bool(texts) or any(isinstance(side, kinds) for side in sides)


OPERATORS: dict[str, Callable[[ast.AST, Segment], Places]] = {
    "left out": left_out, "turned round": turned_round, "at its edge": at_its_edge, "and for or": and_for_or,
    "limit": limit, "flipped": flipped, "arithmetic": arithmetic,
}  # fmt: skip


def mutants_of(file: str, text: str) -> list[Mutant]:
    """All of one file; some may change nothing (:func:`changes`)."""
    starts = [0]
    for row in text.split("\n"):
        starts.append(starts[-1] + len(row) + 1)
    rows = text.split("\n")

    def place(line: int, column: int) -> int:
        return starts[line - 1] + len(rows[line - 1].encode()[:column].decode())

    def span(node: ast.AST) -> tuple[int, int]:
        end_line, end_column = getattr(node, "end_lineno", 0), getattr(node, "end_col_offset", 0)
        return place(getattr(node, "lineno", 1), getattr(node, "col_offset", 0)), place(end_line, end_column)

    def segment(node: ast.AST) -> str:
        start, end = span(node)
        return text[start:end]

    found = []
    for node in _running(ast.parse(text)):
        for name, operator in OPERATORS.items():
            for changed, becomes in operator(node, segment):
                start, end = span(changed)
                line = getattr(changed, "lineno", 0)
                found.append(Mutant(file, line, name, start, end, segment(changed), becomes))
    return found


def _running(tree: ast.AST) -> Iterator[ast.AST]:
    """Nodes that a terminal runs: no annotation, docstring, decorator, import, f-string, text that tells of itself."""
    for name, value in ast.iter_fields(tree):
        if name in ("annotation", "returns", "decorator_list", "type_comment"):
            continue
        for node in value if isinstance(value, list) else [value]:
            if isinstance(node, ast.AST) and not isinstance(node, UNSEEN) and not _is_said(node):
                yield node
                yield from _running(node)


def _is_said(node: ast.AST) -> bool:
    """Said about the code, and not run by it: docstring, ``__repr__``, a contract's class."""
    match node:
        case ast.Expr(value=ast.Constant()) | ast.FunctionDef(name="__repr__" | "__str__"):
            return True
        case ast.ClassDef(bases=[ast.Name(id="Protocol")]):
            return True
    return False


def _plain(code: CodeType) -> object:
    """A code object without its lines."""
    consts = tuple(_plain(one) if isinstance(one, CodeType) else (type(one).__name__, one) for one in code.co_consts)
    return code.co_code, code.co_names, code.co_varnames, code.co_freevars, code.co_exceptiontable, consts


def changes(mutant: Mutant, text: str) -> bool:
    """Not so: the same byte code comes of it, or none."""
    try:
        mutated = compile(mutant.source(text), mutant.file, "exec")
    except SyntaxError:
        return False
    return _plain(mutated) != _plain(compile(text, mutant.file, "exec"))


def drawn(seed: int, count: int, root: Path = ROOT) -> list[Mutant]:
    """So many, in turn from each file in an order of the seed. Deterministic for one state of the firmware."""
    chance, below = random.Random(seed), root / SIMULATED
    files = sorted(path for room in ROOMS for path in below.glob(room) if path.name not in APART)
    pools = []
    for path in files:
        text = path.read_text("utf-8")
        pool = mutants_of(path.relative_to(below).as_posix(), text)
        chance.shuffle(pool)
        pools.append(filter(partial(changes, text=text), pool))
    chance.shuffle(pools)
    turns = zip_longest(*pools)
    return list(islice((mutant for turn in turns for mutant in turn if mutant is not None), count))


def as_removals(mutants: Sequence[Mutant], root: Path = ROOT) -> list[Removal]:
    """For the machinery that removes rules: the whole file gives way; no rule, so all scenarios are asked."""
    found = []
    for mutant in mutants:
        text = (root / SIMULATED / mutant.file).read_text("utf-8")
        found.append(Removal("", mutant.told, (Change(mutant.file, text, mutant.source(text)),)))
    return found


def by_scenarios(result: Result) -> str:
    if result.red:
        return JUDGED
    return SURVIVED if result.said.endswith("scenarios held") else CRASHED


def by_fuzzer(removals: Sequence[Removal], presses: int) -> Iterator[tuple[str, str]]:
    """How each ended, and its last words."""
    with trees(1) as (tree,), tempfile.TemporaryDirectory() as found:
        where = ["--findings", found, "--scenarios", found, "--json"]
        command = [sys.executable, "-m", "posrig.commands.main", "fuzz", "--first", "--afresh", *where]
        environment = {"PYTHONPATH": str(tree), "PATH": "/usr/bin:/bin", "HOME": found}
        for removal in removals:
            with removed(tree, removal):
                try:
                    run = subprocess.run(
                        [*command, "--presses", str(presses)],
                        cwd=tree, env=environment, capture_output=True, text=True, timeout=FUZZ_WITHIN_S,
                    )  # fmt: skip
                except subprocess.TimeoutExpired:
                    yield CRASHED, f"not over after {FUZZ_WITHIN_S} s"
                    continue
            words = (run.stderr.strip().splitlines() or [""])[-1]
            ended: dict[int, str] = {ExitCode.HELD: SURVIVED, ExitCode.PRODUCT_FAILURE: JUDGED}
            yield ended.get(run.returncode, CRASHED), words


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--count", type=int, default=60)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--fuzz-presses", type=int, default=0, help="also ask the fuzzer, with so many presses each")
    parser.add_argument("--plan", action="store_true", help="only tell which they are")
    parser.add_argument("--json", type=Path, metavar="FILE")
    given = parser.parse_args(arguments)
    began, mutants = time.monotonic(), drawn(given.seed, given.count)
    if given.plan:
        print("\n".join(mutant.told for mutant in mutants))
        return ExitCode.HELD
    removals = as_removals(mutants)
    results = remove_all(removals, given.workers, lambda one: print(f"{by_scenarios(one):9}  {_row(one)}", flush=True))
    of = {id(result.removal): result for result in results}
    fuzzed = list(by_fuzzer(removals, given.fuzz_presses)) if given.fuzz_presses else [("", "")] * len(removals)
    rows = [
        {**asdict(mutant), "scenarios": by_scenarios(of[id(removal)]), "scenario": of[id(removal)].scenario,
         "step": of[id(removal)].step, "said": of[id(removal)].said, "fuzzer": ended, "fuzzer_said": words}
        for mutant, removal, (ended, words) in zip(mutants, removals, fuzzed, strict=True)
    ]  # fmt: skip
    counts = {half: Counter(row[half] for row in rows) for half in ("scenarios", "fuzzer")}
    both = sum(JUDGED in (row["scenarios"], row["fuzzer"]) for row in rows)
    print(f"seed {given.seed}: {len(rows)} mutants; scenarios: {dict(counts['scenarios'])}; fuzzer: "
          f"{dict(counts['fuzzer'])}; judged by either: {both}; {time.monotonic() - began:.0f} s")  # fmt: skip
    if given.json:
        given.json.write_text(json.dumps({"seed": given.seed, "mutants": rows}, ensure_ascii=False, indent=1), "utf-8")
    return ExitCode.HELD


def _row(result: Result) -> str:
    return f"{result.removal.removed}\n           {result.scenario or result.said}"


if __name__ == "__main__":
    sys.exit(main())
