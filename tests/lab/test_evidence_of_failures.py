"""R8: a failure shows the picture that was judged, and its timeline has causes before their effects. A real run."""

from __future__ import annotations

import json
from itertools import accumulate
from pathlib import Path

import pytest
from lab_kit import HEAD, lab_in, pytest_in, write

STEPS = (
    HEAD
    + """
from posrig.terminal.judging import expect

seen = []

@when("the display is looked at before the menu is opened")
def look(terminal: Terminal) -> None:
    seen.append(terminal.screen.settled())
    terminal.keypad.press("MENU")
    terminal.screen.settled()

@then("it was the menu")
def judge(terminal: Terminal) -> None:
    expect(seen[0].screen == "menu", terminal, "the menu", seen[0])
"""
)
FEATURE = """# language: zh-CN
功能: 证据
  场景: 所评判的画面
    假如收银员已签到
    当the display is looked at before the menu is opened
    那么it was the menu
"""


@pytest.fixture(scope="module")
def latest(tmp_path_factory: pytest.TempPathFactory) -> Path:
    lab = lab_in(tmp_path_factory.mktemp("evidence") / "lab")
    write(lab / "steps" / "judged.py", STEPS)
    write(lab / "features" / "judged.feature", FEATURE)
    ended = pytest_in(lab, "features/judged.feature", "-q")
    assert ended.code == 1, ended.out
    return lab / "reports" / "latest"


def test_the_picture_that_was_judged_is_drawn_and_the_one_after_it_beside(latest: Path) -> None:
    record = json.loads((latest / "scenarios.jsonl").read_text("utf-8"))
    kept = {one["name"]: latest / "attachments" / one["file"] for one in record["attachments"]}
    judged = kept["screen that was judged as text"].read_text("utf-8")
    after = kept["screen afterwards as text"].read_text("utf-8")
    assert judged in record["failure"]["message"]
    assert "金额" in judged
    assert "结算" in after
    assert "结算" not in judged
    pictures = [kept[name].read_bytes() for name in ("screen that was judged", "screen afterwards")]
    assert pictures[0] != pictures[1]


def test_no_effect_stands_before_its_cause(latest: Path) -> None:
    record = json.loads((latest / "scenarios.jsonl").read_text("utf-8"))
    timeline = [(kind, text) for _, kind, text in record["timeline"]]
    pressed = accumulate(kind == "key" for kind, _ in timeline)
    felt = accumulate(kind == "service" and text.startswith("key ") and "down" in text for kind, text in timeline)
    assert all(cause >= effect for cause, effect in zip(pressed, felt, strict=True))
    first = timeline.index(("power", "on, 9 V"))
    assert all(kind == "step" for kind, _ in timeline[:first])
    menu = next(number for number, (kind, text) in enumerate(timeline) if kind == "screen" and "结算" in text)
    key = timeline.index(("key", "MENU"))
    assert key < menu
    assert not [kind for kind, _ in timeline[key:menu] if kind == "step"]
    number = next(place for place, (kind, text) in enumerate(timeline) if kind == "screen" and "0_" in text)
    assert timeline.index(("key", "0")) < number
    page = (latest / "index.html").read_text("utf-8")
    assert "after key MENU" in page
