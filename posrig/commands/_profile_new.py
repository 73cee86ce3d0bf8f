"""``posrig profile new``: asks what a profile cannot do without, and writes one that can be read."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path

from posrig.commands import printing
from posrig.commands.common import save
from posrig.description.profile import read_profile
from posrig.description.profile_model import MEANINGS
from posrig.ground.faults import ConfigurationError, ExitCode

_QUESTIONS = {
    "model": "the model, as it stands on the terminal",
    "rows": "rows of its display",
    "columns": "half-width columns of its display",
    "keys": "its keys, as the rig file will name them, with blanks between: 0 1 2 ... OK CANCEL CLR",
    "submit": "the key that ends an entry",
    "cancel": "the key that leaves a page (empty: none)",
    "first": "the first page at which it rests after power-on, a row after another, | between them",
}
_FILE = """\
# Terminal {model}. Every field: docs/profile.md. What is not known is left out: scenarios that need it are skipped.
model: {model}
display: {{rows: {rows}, columns: {columns}, encoding: {encoding}}}      # "utf-8 or gbk" where nobody knows
keys:                                  # a word that scenarios may say: OK: {{zh: [确认键], en: [OK key]}}
{keys}
submit: {submit}
{cancel}# roles:
#   cashier: {{words: {{zh: [收银员]}}, ids: ["01"], factors: [number, password], password_digits: 4}}
#   manager: {{words: {{zh: [主管]}}, factors: [password], password_digits: 6}}
# policy: {{wrong_passwords: 5, lockout_min: 30}}
# ways:
#   sign on: {{from: signed off, press: {submit}, to: ready}}
#   lock: {{from: ready, press: 8 8 {submit}, to: locked}}
screens:                               # means: {meanings}
  first:
    means: signed off
    rows: {{zh: [{first}]}}
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    for name, question in _QUESTIONS.items():
        parser.add_argument(f"--{name}", metavar="TEXT", help=f"new: {question} (default: it is asked for)")
    parser.add_argument("--encoding", metavar="NAME", default="utf-8", help="new: of its console (default: utf-8)")


def run(arguments: argparse.Namespace, ask: Callable[[str], str] | None = None) -> int:
    """Raises ConfigurationError for a file that is there, an answer that is none, and a profile that is wrong."""
    path: Path | None = arguments.file
    if path is None:
        raise ConfigurationError("no file is named", todo="posrig profile new rigs/profiles/mine.yaml")
    if path.exists():
        raise ConfigurationError("there is a file of that name", where=str(path), todo="name a new one")
    told = {name: getattr(arguments, name) for name in _QUESTIONS}
    for name, question in _QUESTIONS.items():
        if told[name] is None:
            told[name] = (ask or _asked)(question)
    save(path, _written(told, arguments.encoding), "the profile")
    try:
        profile = read_profile(path)
    except ConfigurationError:
        path.unlink()  # nothing half made
        raise
    printing.say(f"{path}: model {profile.data.model}, {len(profile.keys)} keys, {len(profile.screens)} screen")
    printing.say(f"next: name it in the rig file (terminal: {{profile: {path.name}}}), then "
                 "posrig profile check --rig FILE --power-on --seconds 30 shows the frames that it lacks")  # fmt: skip
    return int(ExitCode.HELD)


def _asked(question: str) -> str:
    if not sys.stdin.isatty():
        raise ConfigurationError(f"nobody is there to say: {question}", todo="posrig profile new --help")
    return input(f"{question}: ")


def _written(told: dict[str, str], encoding: str) -> str:
    keys = told["keys"].split()
    if not keys:
        raise ConfigurationError("a terminal without keys", allowed="names with blanks between: 0 1 2 OK CANCEL")
    for name in ("rows", "columns"):
        if not (told[name].isascii() and told[name].isdigit()):
            raise ConfigurationError(f"{_QUESTIONS[name]}: {told[name]!r}", allowed="a number")
    for name in ("submit", "cancel"):
        if told[name] and told[name] not in keys:
            raise ConfigurationError(f"{_QUESTIONS[name]}: {told[name]!r}", allowed=", ".join(keys))
    quoted = {name: json.dumps(text, ensure_ascii=False) for name, text in told.items()}
    return _FILE.format(
        model=quoted["model"], rows=told["rows"], columns=told["columns"], encoding=json.dumps(encoding),
        submit=quoted["submit"],
        keys="\n".join(f"  {json.dumps(key, ensure_ascii=False)}: {{}}" for key in keys),
        cancel=f"cancel: {quoted['cancel']}\n" if told["cancel"] else "",
        meanings=", ".join(MEANINGS[:8]) + " ...",
        first=", ".join(json.dumps(row, ensure_ascii=False) for row in _rows(told["first"])),
    )  # fmt: skip


def _rows(page: str) -> list[str]:
    """Blanks before a row are the terminal's; those around every mark are the writer's.

    >>> _rows("WELCOME | press OK"), _rows("|   CLOSED||  press OK")
    (['WELCOME', 'press OK'], ['', '   CLOSED', '', '  press OK'])
    """
    spaced = page.count("|") == page.count(" | ")
    return [row.rstrip() for row in page.split(" | " if spaced else "|")]
