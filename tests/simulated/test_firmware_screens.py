"""Screens of terminal R: wording as in the profile, four rows of sixteen columns with the widest values, both languages."""

from __future__ import annotations

import json
import re
import string
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML
from wcwidth import wcswidth

from posrig.simulated.terminals.r.firmware.screens import COLUMNS, ROWS, load, width

ROOT = Path(__file__).parents[2]
PROFILE = YAML(typ="safe").load(ROOT / "rigs" / "profiles" / "reference-r.yaml")["screens"]
WIDEST = {
    "version": "12.14.10", "new": "12.14.10", "serial": "12345678", "entry": "________", "left": "5", "wait": "29:59",
    "time": "23:59", "amount": "999.99", "operator": "99", "cause": "C07", "ref": "4821", "challenge": "4821",
    "record": "009999", "count": "99", "minutes": "15", "percent": "99", "bar": "[#####.....]", "done": "2.5",
    "size": "2.5", "trace": "000031", "code": "E07", "last": "26-01-08", "phone": "400-000-0000", "settings": "12",
    "operators": "22", "when": "26-01-09 11:02", "date": "2026-01-09", "utc": "23:59", "first": "A" * 16, "second": "A" * 16,
    "at": "22", "of": "22", "now": "OFF", "trust": "doubtful", "role": "Manager", "text": "Wrong passwords",
    "who": "OP03 x5", "row1": "x" * 15, "row2": "x" * 15, "row3": "x" * 15, "event": "SIGN-ON NO", "detail": "OP03  try 4",
}  # fmt: skip
WIDEST_ZH = {
    "now": "未锁",
    "trust": "可疑",
    "role": "系统管理员",
    "text": "密码连续输错",
    "who": "管理员99",
    "event": "停用期满",
}
OWN = {
    ("status", "en"): {"last": "C02 OP03"},
    ("status", "zh"): {"last": "C02 03号"},
    ("cause", "zh"): {"who": "操作员03  5次"},
    ("self_test", "en"): {"done": "6"},
    ("self_test", "zh"): {"done": "6"},
    ("idle_time", "en"): {"entry": "__"},
    ("upd_back", "en"): {"new": "2.5.0", "version": "2.4.1"},
}


def screens() -> Iterator[Any]:
    for file in sorted((ROOT / "posrig" / "simulated" / "terminals" / "r" / "firmware").glob("screens*.json")):
        for entry in json.loads(file.read_text(encoding="utf-8")):
            if not entry["id"].startswith("word."):
                yield entry


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("entry", list(screens()), ids=lambda entry: entry["id"])
def test_every_row_fits_the_display(entry: dict[str, Any], language: str) -> None:
    values = {**WIDEST, **(WIDEST_ZH if language == "zh" else {}), **OWN.get((entry["id"], language), {})}
    rows = entry[language]
    assert len(rows) == ROWS
    for row in rows:
        filled = row.format_map(values)
        assert wcswidth(filled) <= COLUMNS, filled


@pytest.mark.parametrize("entry", list(screens()), ids=lambda entry: entry["id"])
def test_both_languages_have_the_same_fields_or_words_for_them(entry: dict[str, Any]) -> None:
    def names(rows: list[str]) -> set[str]:
        return {name for row in rows for _, name, _, _ in string.Formatter().parse(row) if name}

    # the manager's name stands before the id in Chinese
    assert names(entry["en"]) - {"operator"} == names(entry["zh"]) - {"operator", "who"} or entry["id"] == "cause"


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("screen", sorted(PROFILE))
def test_wording_is_the_profiles(screen: str, language: str) -> None:
    wanted = [re.sub(r"\{[^}]*\}", "{}", row) for row in PROFILE[screen]["rows"][language]]
    rows = [re.sub(r"\{[^}]*\}", "{}", row) for row in load(language)[screen]]
    # 15 minutes would not fit with the space: the number is set to the right, in two columns
    wanted = [row.replace("Idle lock:{}{} min", "Idle lock:{} min") for row in wanted]
    assert rows == wanted + [""] * (ROWS - len(wanted))


def test_the_profile_knows_every_screen() -> None:
    assert {entry["id"] for entry in screens()} - set(PROFILE) == set()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_events_of_the_log_fit_beside_the_time(language: str) -> None:
    words = {name: rows[0] for name, rows in load(language).items() if name.startswith("word.log.")}
    assert len(words) > 20
    for name, text in words.items():
        if "{" not in text:
            assert wcswidth(text) <= COLUMNS - len("12:34 "), name


def test_width_counts_as_wcwidth_does() -> None:
    for rows in load("zh").values():
        for row in rows:
            assert width(row) == wcswidth(row), row


def test_results_of_the_log_fit_beside_their_operator_and_are_in_the_language() -> None:
    results = {name: rows[0] for name, rows in load("zh").items() if name.startswith("word.result.")}
    alone = re.compile(r"word\.result\.(\w+ E\{\}|idle_lock_min|net_lock_h|phone)")
    for name, text in results.items():
        room = COLUMNS if alone.fullmatch(name) else COLUMNS - width("操作员99 ")
        assert width(text.replace("{}", "9")) <= room, name
        assert not re.search(r"[a-z]", text), name
        assert load("en")[name][0] == name.removeprefix("word.result."), "the service port says the same"
