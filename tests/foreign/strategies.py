"""What others may have written, for the property-based tests of every kind of file."""

from __future__ import annotations

import json
import time
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from posrig.ground.faults import ConfigurationError

FAST = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
MOST_CPU_S = 2.0

ODD = ["<<", "*a", "&a b", "!x y", "{1:text}", "{x:rest}" * 30, "\ud800", "a\x00b", "~nouser/x", "/" * 300, "x" * 300,
       "../../x", "9" * 400, "\x1b]52;c;x\x07", "\u202e", "NaN", "2026-99-99", "{", "tcp://a:99999", "Europe", ""]  # fmt: skip
texts = st.one_of(st.sampled_from(ODD), st.text(max_size=40))
leaves = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), texts, st.sampled_from([-1, 10**30, 10**9, 0, 1e308])
)
trees = st.recursive(
    leaves, lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(texts, inner, max_size=4)),
    max_leaves=12,
)  # fmt: skip
snippets = st.sampled_from(
    ["a: &x [1]\n", "b: *x\n", "<<: {a: 1}\n", "c: !!python/object:os.system x\n", "[" * 50, "- ", "? [a]\n: b\n",
     "---\n", "%YAML 1.1\n", "a: .nan\n", "n: 1e999\n", "k: |\n  text\n", "\t", "\ufeff", "'", '"\\ud800"', "01: x\n",
     "{a: b, a: c}\n", "x: " + "9" * 5000 + "\n", "#\n", ":", "\x85", "\x00"]
)  # fmt: skip
yaml_like = st.lists(st.one_of(snippets, st.text(max_size=12)), max_size=8).map("".join)


def contents(good: Any) -> st.SearchStrategy[bytes]:
    """Any bytes, any tree, text like YAML, and a good file with anything in any one of its fields."""
    places = list(fields(good))

    @st.composite
    def changed(draw: st.DrawFn) -> bytes:
        tree = json.loads(json.dumps(good))
        *way, last = draw(st.sampled_from(places))
        here = tree
        for part in way:
            here = here[part]
        here[last] = draw(st.one_of(leaves, trees))
        return json.dumps(tree).encode()

    return st.one_of(
        st.binary(max_size=200),
        trees.map(lambda tree: json.dumps(tree).encode()),
        yaml_like.map(lambda text: text.encode(errors="surrogatepass")),
        changed(),
    )


def fields(tree: Any, way: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The way to each field of a tree, also of those that hold others."""
    if way:
        yield way
    inner = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for name, value in inner:
        yield from fields(value, (*way, name))


def is_read_or_located(read: Callable[[Path], object], path: Path, content: bytes, *others: str) -> None:
    """A valid object or an error that names the file (or one of the others that are read with it), in little time of this process; nothing else is raised."""
    path.write_bytes(content)
    path.chmod(0o600)
    began = time.process_time()  # what other processes of a busy machine do is not in it
    refused = None
    try:
        read(path)
    except ConfigurationError as error:
        refused = error
    assert time.process_time() - began < MOST_CPU_S
    if refused is not None:
        said = str(refused)
        assert any(name in said for name in (path.name, *others)), said
        assert len(said.encode()) < 10_000


def readable(text: str) -> bool:
    """One line that a person can read: no control character, nothing unseen but spaces and what joins emoji."""
    return all(c.isprintable() or c == "\u200d" or unicodedata.category(c) == "Zs" for c in text)
