"""The procedure manual: what is taught, what is left out, and that no digit of a secret is printed."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from posrig.commands.main import main

EN = [
    "NOT SIGNED ON |  | ENTER: sign on | F1: version",
    "SIGN ON | Password: | ____ | ",
    "READY      09:00 | Amount: | 0.00 | OP01",
]
ZH = [
    "尚未签到 |  | 确认键:签到 | F1:版本",
    "操作员签到 | 请输入密码: | ____ | ",
    "请刷卡     09:00 | 金额: | 0.00 | 操作员01",
]
SENTENCES = {
    "en": [
        "Given nobody is signed on",
        'When the cashier signs on with the password "4826"',
        "Then the cashier is ready",
    ],
    "zh-CN": ["假如尚未有人签到", "当收银员用密码“4826”签到", "那么收银员签到成功"],
}


def record(name: str, language: str = "en", **changes: Any) -> dict[str, Any]:
    given, when, then = SENTENCES[language]
    start, prompt, ready = EN if language == "en" else ZH
    timeline = [[0.0, "step", given], [0.1, "screen", start], [1.0, "step", when], [1.1, "key", "0"], [1.2, "key", "1"],
                [1.3, "screen", prompt], [1.304, "key", "ENTER"], *([2.0 + n, "key", k] for n, k in enumerate("*7*3")),
                [6.0, "screen", ready], [6.004, "key", "ENTER"], [7.0, "step", then]]  # fmt: skip
    return {
        "id": name, "requirements": [], "rig": "simulated",
        "name": name, "feature": "Signing on", "about": "Who sells.", "file": "features/access/a.feature", "line": 3,
        "language": language, "tags": ["manual"], "verdict": "held", "terminal": "R", "timeline": timeline,
        "facts": {"terminal": "R", "firmware": "2.4.1", "rig": "simulated"},
        "steps": [{"sentence": one} for one in SENTENCES[language]], **changes,
    }  # fmt: skip


def run_folder(folder: Path, *records: dict[str, Any]) -> Path:
    folder.mkdir(exist_ok=True)
    summary = {
        "started": "2026-01-09T08:00:00+00:00", "ended": "2026-01-09T08:05:00+00:00", "complete": True, "exit_code": 0,
        "total": len(records), "counts": Counter(one["verdict"] for one in records), "requirements": {}, "scenarios": [],
    }  # fmt: skip
    (folder / "summary.json").write_text(json.dumps(summary))
    (folder / "scenarios.jsonl").write_text("".join(json.dumps(one) + "\n" for one in records))
    return folder


def page(folder: Path, *arguments: str) -> str:
    out = folder / "m.html"
    assert main(["manual", "--run", str(folder), "--out", str(out), *arguments]) == 0
    return out.read_text("utf-8")


def words(text: str) -> str:
    text = re.sub(r"<style.*?</style>|data:[^\"]*", "", text, flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


def test_keys_and_screens_stand_in_the_order_in_which_they_were(tmp_path: Path) -> None:
    text = page(run_folder(tmp_path / "r1", record("A cashier signs on")))
    assert "0 1 ENTER password ENTER" in words(text)
    assert text.count('src="data:image/png') == 3
    assert all(fact in words(text) for fact in ("2.4.1", "2026-01-09", "r1", "simulated", "Who sells."))


def test_no_digit_of_a_secret_is_printed(tmp_path: Path) -> None:
    text = page(run_folder(tmp_path / "r1", record("A cashier signs on")))
    assert "<kbd>7</kbd>" not in text
    assert "<kbd>3</kbd>" not in text
    assert "4826" not in text


def test_a_new_key_for_time_codes_is_not_drawn(tmp_path: Path) -> None:
    one = record("Set up")
    one["timeline"].insert(-1, [6.5, "screen", "NEW CODE KEY | ABCD EFGH | IJKL MNOP | ENTER: go on"])
    text = page(run_folder(tmp_path / "r1", one))
    assert "NEW CODE KEY" in text
    assert "ABCD" not in text


def test_what_did_not_hold_is_left_out_and_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad = record("It broke", verdict="product failure")
    seeded = record("Seeded", facts={"terminal": "R", "defects": "D-1"})
    text = page(run_folder(tmp_path / "r1", record("Good"), bad, seeded, record("No manual", tags=[])))
    assert text.count("<article>") == 1
    assert "No manual" not in text
    for told in ("It broke: product failure", "Seeded: ran with the seeded defect D-1"):
        assert told in words(text)
        assert told in capsys.readouterr().out or told.startswith("Seeded")


def test_the_chinese_page(tmp_path: Path) -> None:
    folder = run_folder(tmp_path / "r1", record("In English"), record("收银员签到", "zh-CN"))
    text = page(folder, "--language", "zh")
    assert "In English" not in text
    assert "0 1 ENTER 密码 ENTER" in words(text)
    assert "收银员用密码“••••”签到" in text


def test_errors_name_the_next_act(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["manual", "--run", str(tmp_path / "none")]) == 4
    assert "there is no such run" in capsys.readouterr().err
    folder = run_folder(tmp_path / "r1", record("It broke", verdict="rig fault"))
    assert main(["manual", "--run", str(folder)]) == 4
    told = capsys.readouterr().err
    assert "It broke" in told
    assert "pytest features -m manual" in told
    run_folder(folder, record("Good"))
    with (folder / "scenarios.jsonl").open("a") as records:
        records.write(json.dumps(record("Written in later")) + "\n")
    assert main(["manual", "--run", str(folder)]) == 4
    assert "does not agree with itself" in capsys.readouterr().err
    run_folder(folder, record("Good"))
    assert main(["manual", "--run", str(folder), "--out", str(tmp_path / "no" / "m.html")]) == 4
    assert "--out" in capsys.readouterr().err
