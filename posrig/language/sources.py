"""Where the sentences of a run come from: those that posrig brings, the lab's own, and those beside the features.

One place for pytest, ``posrig lint`` and ``posrig steps``, so that they see the same ones:

- the shipped ones: every module of ``posrig.language.sentences``, and what posrig brings for a terminal's model;
- the lab's ``steps/``: every module of that package or folder;
- modules named in the lab's pyproject.toml: ``[tool.posrig] sentences = ["acme.sentences"]``;
- ``conftest.py`` beside the features: seen by the features of its folder and below, as everywhere in pytest.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from pkgutil import iter_modules
from types import ModuleType

from posrig.description.lab import Lab, line_of
from posrig.ground.faults import ConfigurationError
from posrig.language import models, sentences
from posrig.language.step_index import short_path

STEPS = "steps"
ABOVE = ("posrig.fuzzing.models.terminal_r.sentences",)
"""Sentences that belong to a model of a terminal; by name, since they stand above the language."""
CONFTEST = "conftest.py"
MOST_WORDS = 300
"""Letters of somebody else's error that are repeated: what is wrong stays on one screen."""


@cache
def shipped_modules() -> tuple[str, ...]:
    """The modules that posrig brings, by name, in the order in which a catalogue lists them."""
    own = sorted(f"{sentences.__name__}.{module.name}" for module in iter_modules(sentences.__path__))
    rooms = [f"{models.__name__}.{room.name}" for room in iter_modules(models.__path__)]
    theirs = [f"{room}.{one.name}" for room in rooms for one in iter_modules(importlib.import_module(room).__path__)]
    return (*own, *sorted(theirs), *ABOVE)


def lab_modules(lab: Lab) -> dict[str, Path | None]:
    """The modules of the lab's ``steps/`` with their files, and those of its pyproject.toml, by name. Raises
    ConfigurationError when two files stand for one name."""
    found: dict[str, Path | None] = {}
    for path in sorted((lab.root / STEPS).rglob("*.py")):
        below = path.relative_to(lab.root).with_suffix("")
        if any(part.startswith((".", "__pycache__")) for part in below.parts) or path.name == CONFTEST:
            continue
        parts = below.parts[:-1] if below.name == "__init__" else below.parts
        name = ".".join(parts)
        if name in found:
            raise ConfigurationError(
                f"two files stand for the module {name}: Python reads the first and never the other",
                where=f"{found[name]}; {path}", todo="rename one of them",
            )  # fmt: skip
        if not all(part.isidentifier() for part in parts):
            raise ConfigurationError(
                f"{path.name} cannot be imported: its name is no Python name", where=str(path),
                allowed="letters, digits and underscores, no digit first", todo="rename it",
            )  # fmt: skip
        found[name] = path
    return found | {name: None for name in lab.sentences if name not in found}


def load(lab: Lab | None) -> list[ModuleType]:
    """Import the shipped modules and the lab's. Raises ConfigurationError with file and line of what cannot be."""
    modules = [importlib.import_module(name) for name in shipped_modules()]
    if lab is None:
        return modules
    found = lab_modules(lab)
    if found:
        _reachable(lab)
    return modules + [_imported(name, lab, path) for name, path in found.items()]


def conftests(feature: Path, root: Path) -> Iterator[Path]:
    """The conftest.py files that a feature sees, outermost first, from ``root`` down."""
    folders = [folder for folder in (feature.parent, *feature.parent.parents) if folder.is_relative_to(root)]
    for folder in reversed(folders or [feature.parent]):
        if (folder / CONFTEST).is_file():
            yield folder / CONFTEST


def load_conftests(features: Iterable[Path], root: Path) -> None:
    """Import what stands beside the features, where no pytest does it. Raises ConfigurationError."""
    for path in dict.fromkeys(path for feature in features for path in conftests(feature, root)):
        name = f"conftest_of_{path.parent.as_posix().strip('/').replace('/', '_')}"
        spec = importlib.util.spec_from_file_location(name, path)
        if spec is None or spec.loader is None or _already(path):
            continue
        module = sys.modules[name] = importlib.util.module_from_spec(spec)
        try:
            spec.loader.exec_module(module)
            for plugin in _plugins_of(module):
                importlib.import_module(plugin)
        except BaseException as error:  # noqa: BLE001 - told with its line
            del sys.modules[name]
            raise _told(path, error, path.parent) from None


def _plugins_of(module: ModuleType) -> Iterable[str]:
    """What a conftest.py has pytest load: there may be sentences in it."""
    named = getattr(module, "pytest_plugins", ())
    return (named,) if isinstance(named, str) else named


def _already(path: Path) -> bool:
    return any(getattr(module, "__file__", None) == str(path) for module in list(sys.modules.values()))


def _reachable(lab: Lab) -> None:
    """Put the lab's root where Python looks. Raises ConfigurationError when another ``steps`` is in its way."""
    root = str(lab.root)
    if root not in sys.path:
        sys.path.insert(0, root)
    if not (lab.root / STEPS).is_dir():
        return
    taken = sys.modules.get(STEPS)
    if taken is None:
        importlib.invalidate_caches()
        spec = importlib.util.find_spec(STEPS)
        places = list(spec.submodule_search_locations or [spec.origin or ""]) if spec else []
    else:
        places = list(getattr(taken, "__path__", [getattr(taken, "__file__", "") or ""]))
    wanted = (lab.root / STEPS).resolve()
    if all(Path(place).resolve() != wanted for place in places):
        raise _another(wanted, STEPS, places)


def _another(wanted: Path, name: str, places: Iterable[object]) -> ConfigurationError:
    return ConfigurationError(
        f"{short_path(wanted)} cannot be imported: Python finds another module {name!r}",
        where=f"{wanted}; {', '.join(map(str, places))}",
        todo="take the other one off PYTHONPATH, or move the sentences to a package with a name of its own and "
        'name it in pyproject.toml: [tool.posrig] sentences = ["my_sentences"]',
    )


def _imported(name: str, lab: Lab, path: Path | None) -> ModuleType:
    try:
        module = importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name is None or not f"{name}.".startswith(f"{error.name}."):
            raise unreadable(lab.root / STEPS, error, lab.root) from None
        raise ConfigurationError(
            f"there is no module {name!r}",
            where=f"{lab.project}:{line_of(lab.project, 'sentences')}, table [tool.posrig], field sentences",
            allowed="modules that Python finds: installed, or in the lab's root", todo="check the name, or install it",
        ) from None  # fmt: skip
    except BaseException as error:  # noqa: BLE001 - told with its line
        raise _told(lab.root / STEPS, error, lab.root) from None
    if path is not None and Path(module.__file__ or "").resolve() != path.resolve():
        raise _another(path, name, [str(module.__file__)])
    return module


def _told(path: Path, error: BaseException, inside: Path) -> BaseException:
    """Whatever somebody's file raises is told with its line, also ``sys.exit`` and pytest's skip: neither may end the
    run with a code that stands for something else. Ctrl-C is the reader's own."""
    return error if isinstance(error, KeyboardInterrupt) else unreadable(path, error, inside)


def unreadable(path: Path, error: BaseException, inside: Path) -> ConfigurationError:
    """What a file of the lab raised while it was read, at the last line of the lab that it went through."""
    where = f"{path}"
    if isinstance(error, SyntaxError) and error.filename:
        where = f"{short_path(error.filename)}:{error.lineno or 1}"
    else:
        trace = error.__traceback__
        while trace is not None:
            file = trace.tb_frame.f_code.co_filename
            if Path(file).is_relative_to(inside):
                where = f"{short_path(file)}:{trace.tb_lineno}"
            trace = trace.tb_next
    words = " ".join((error.msg if isinstance(error, SyntaxError) else str(error)).split())
    said = f"{type(error).__name__}: {words}" if words else type(error).__name__
    if len(said) > MOST_WORDS:
        said = f"{said[:MOST_WORDS]} ..."
    return ConfigurationError(f"this lab's own files cannot be read: {said}", where=where, todo="mend that line")
