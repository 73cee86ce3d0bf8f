"""Ways whose middle asks, refuses or is waited for; new passwords typed twice; what a reset publishes; acts around."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from paper_terminal import PASSWORDS, Paper

from posrig.ground.faults import ConfigurationError, ProductFailure
from posrig.terminal.ways import around, proofs
from posrig.terminal.ways.cases import cases
from posrig.terminal.ways.navigator import Navigator

RESET = "factory reset: {from: ready, press: 9 GO, by: clerk, confirm: sure, to: signed off, within_s: 5}"
EXPECTING = (
    "factory reset: {from: ready, by: clerk, confirm: sure, to: signed off, within_s: 5,"
    " steps: [{press: 9 GO}, {expect: reset done}]}"
)


def test_what_is_asked_while_something_is_waited_for_is_answered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paper = Paper(tmp_path, {RESET: EXPECTING})
    use = cases(paper.terminal)
    use.ready("11")
    sound = paper.function
    # the question comes only after a while, when the way waits already
    monkeypatch.setattr(paper, "function", lambda code: paper.show("odd", "sure", 1.0) if code == "9" else sound(code))
    assert use.factory_reset().screen == "away"
    assert paper.keys[-2:] == ["GO", "GO"]


def test_a_refusal_while_something_is_waited_for_is_told_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paper = Paper(tmp_path, {RESET: EXPECTING})
    use = cases(paper.terminal)
    use.ready("11")
    monkeypatch.setattr(paper, "function", lambda _code: paper.show("odd", "wrong", 0.5))
    began = paper.clock.at
    with pytest.raises(ProductFailure, match=r"step 2 of 2: expect reset done .*it is refused"):
        use.factory_reset()
    assert paper.clock.at - began < 3
    paper.show("work")
    assert Navigator(paper.terminal, ends=("refused",)).go("factory reset", "11").screen == "wrong"


def test_what_was_there_when_the_way_began_is_no_prompt_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paper = Paper(tmp_path, {RESET: EXPECTING, "work: {means: ready, rows": "work: {means: ready, asks: amount, rows"})
    use = cases(paper.terminal)
    use.ready("11")
    before = len(paper.keys)
    monkeypatch.setattr(paper, "function", lambda _code: paper.show("work", "sure", 1.0))  # it is slow to ask
    assert use.factory_reset().screen == "away"
    assert paper.keys[before:] == ["9", "GO", "GO"]


def test_a_new_password_is_typed_the_same_the_second_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paper = Paper(tmp_path, {
        "  odd: {rows": "  first: {asks: new password, rows: {en: [\"NEW\", \"{entry:mask}\"]}}\n"
        "  second: {asks: new password, rows: {en: [\"AGAIN\", \"{entry:mask}\"]}}\n  odd: {rows",
        "  lock: {from": "  change password: {from: ready, press: 5 GO, to: ready}\n  lock: {from",
    })  # fmt: skip
    use = cases(paper.terminal)
    use.ready("11")
    typed: list[str] = []
    sound, rows = paper.key, {"first": "NEW", "second": "AGAIN"}

    def key(pressed: str) -> None:
        if paper.page == "work" and pressed == "GO" and paper.entry == "5":
            paper.show("first")
        elif paper.page in rows and pressed == "GO":
            typed.append(paper.entry)
            paper.show("second" if paper.page == "first" else "work")
        else:
            sound(pressed)

    picture = paper.frame

    def frame() -> object:
        if paper.page not in rows:
            return picture()
        shown, paper.page = paper.page, rows[paper.page]
        lines = (paper.page, "*" * len(paper.entry), "")
        paper.page = shown
        match = paper.profile.recognise(lines)
        assert match is not None
        return type(picture())(lines, match.screen, match.language, match.fields, paper.clock.at)

    monkeypatch.setattr(paper, "key", key)
    monkeypatch.setattr(paper, "frame", frame)
    navigator = Navigator(paper.terminal)
    navigator.go("change password", "11")
    assert len(typed) == 2
    assert typed[0] == typed[1] != PASSWORDS["11"]
    navigator.go("change password", "11")
    assert typed[2] == typed[3] != typed[0]
    assert paper.terminal.changed_passwords["11"][-1].reveal() == typed[3]


def test_after_a_reset_the_published_passwords_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paper = Paper(tmp_path, {"factors: [number, password]}": 'factors: [number, password], first_password: "2468"}'})
    use = cases(paper.terminal)
    use.ready("11")
    use.factory_reset()
    with pytest.raises(ProductFailure, match="the old password of clerk is refused"):
        use.old_password_is_refused("11")  # this terminal has forgotten nothing
    use.sign_off("11")
    monkeypatch.setitem(PASSWORDS, "11", "2468")
    use.old_password_is_refused("11")
    assert paper.guesses == ["11", "11"]
    assert use.sign_on("11").screen == "work"
    assert "2468" not in repr(paper.terminal.credentials.masks)


def test_the_old_password_of_who_has_no_number_is_tried_where_it_is_asked_for(tmp_path: Path) -> None:
    paper = Paper(tmp_path)
    use = cases(paper.terminal)
    use.signed_off()
    with pytest.raises(ProductFailure, match="the old password of boss is refused"):
        use.old_password_is_refused("boss")
    assert paper.guesses == ["boss"]


def test_a_restart_is_no_way_into_a_lock(tmp_path: Path) -> None:
    restart = (
        "  restart: {from: [signed off, ready, locked], steps: [{power: cycle}], to: [signed off, locked]}\n  lock:"
    )
    paper = Paper(tmp_path, {"  lock:": restart})
    use = cases(paper.terminal)
    use.signed_off()
    cycles = paper.cycles
    assert use.try_unlock("boss").screen == "work"
    assert paper.cycles == cycles


def test_a_state_that_no_key_may_leave_not_even_to_a_prompt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paper = Paper(tmp_path, {"odd: {rows": "odd: {means: locked by host, rows"})
    use = cases(paper.terminal)
    use.signed_off()
    sound = paper.key
    paper.show("odd")
    monkeypatch.setattr(paper, "key", lambda _key: None)
    assert use.holds("locked by the host").screen == "odd"
    monkeypatch.setattr(paper, "key", lambda key: paper.show("word") if key == "GO" else sound(key))
    with pytest.raises(ProductFailure, match="stays locked by host whatever is pressed; pressed GO"):
        use.holds("locked by the host")


def test_whose_password_was_asked_for(tmp_path: Path) -> None:
    paper = Paper(tmp_path)
    use = cases(paper.terminal)
    use.ready("11")
    with pytest.raises(ProductFailure, match="the password of boss was asked for: shut"):
        proofs.was_asked(paper.terminal, "boss")
    use.lock("11")
    proofs.was_asked(paper.terminal, "boss")


def test_a_touch_lands_in_the_middle_of_the_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paper = Paper(tmp_path)
    done: list[tuple[str, dict[str, object]]] = []
    monkeypatch.setattr(type(paper.terminal), "do", lambda _self, act, **args: done.append((act, args)))
    paper.show("菜单     锁定")
    around.touch(paper.terminal, "锁定")
    assert done == [("touch", {"x": (9 + 2) * 8, "y": 8, "seconds": 0.1})]
    with pytest.raises(ProductFailure, match="the text '签退' on the glass"):
        around.touch(paper.terminal, "签退")
    twice = replace(paper.last, lines=("A", "A", ""))
    monkeypatch.setattr(paper, "frame", lambda: twice)
    with pytest.raises(ConfigurationError, match="stands in 2 rows"):
        around.touch(paper.terminal, "A")
