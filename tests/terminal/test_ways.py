"""Ways on any terminal: prompts answered by what they ask, refusals charged, home from anywhere, and who is accused."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from paper_terminal import Paper

from posrig.ground.faults import ConfigurationError, ProductFailure, RigFault
from posrig.terminal.ways.cases import Cases, cases
from posrig.terminal.ways.navigator import Navigator


@pytest.fixture
def paper(tmp_path: Path) -> Paper:
    return Paper(tmp_path)


@pytest.fixture
def use(paper: Paper) -> Cases:
    return cases(paper.terminal)


def test_lock_unlock_sign_on_and_off_by_meaning(paper: Paper, use: Cases) -> None:
    assert use.ready("12").screen == "work"
    assert use.lock("12").screen == "shut"
    assert use.is_locked().screen == "shut"
    use.cut_power()
    assert use.is_locked().screen == "shut"
    with pytest.raises(ProductFailure, match=r"the way 'unlock', its end .*not within 10 s"):
        use.unlock("boss")  # this terminal forgets its cashier over a power cut, and the profile says otherwise
    assert paper.page == "away"
    assert use.sign_on("11").screen == "work"
    assert use.sign_off("11").screen == "away"
    assert paper.guesses == []


def test_the_bosss_password_opens_the_lock_and_a_wrong_one_is_charged(paper: Paper, use: Cases) -> None:
    use.ready("11")
    use.lock("11")
    assert use.try_unlock("boss", wrong=True).screen == "wrong"
    assert paper.guesses == ["boss"]
    assert use.is_locked().screen == "shut"
    assert use.unlock("boss").screen == "work"


def test_wrong_passwords_up_to_the_limit_lock_out_and_home_waits_that_out(paper: Paper, use: Cases) -> None:
    use.signed_off()
    assert use.wrong_passwords("11", 3).screen == "out"
    assert paper.guesses == ["11", "11", "11"]
    assert use.holds("locked out").screen == "out"
    began = paper.clock.at
    assert use.signed_off().screen == "away"
    assert paper.clock.at - began > 50


def test_a_way_from_elsewhere_goes_the_ways_before_it_and_confirms(paper: Paper, use: Cases) -> None:
    assert use.factory_reset().screen == "away"
    assert paper.keys[-2:] == ["GO", "GO"]


@pytest.mark.parametrize(("page", "presses"), [("odd", 1), ("who", 1), ("sure", 1), ("wrong", 0)])
def test_home_by_keys(paper: Paper, page: str, presses: int) -> None:
    Navigator(paper.terminal).home()
    paper.show(page, "away" if page == "wrong" else "", 2.0)
    before, cycles = paper.presses, paper.cycles
    assert Navigator(paper.terminal).home().screen == "away"
    assert (paper.presses - before, paper.cycles - cycles) == (presses, 0)


def test_home_by_power_where_no_key_leads_there(paper: Paper) -> None:
    paper.stuck = "odd"
    assert Navigator(paper.terminal).home().screen == "away"
    assert paper.cycles == 2


def test_where_neither_helps_it_is_a_rig_fault_that_says_what_to_do(tmp_path: Path) -> None:
    paper = Paper(tmp_path, {"press: NO, power: true": "press: NO"})
    paper.stuck = "odd"
    with pytest.raises(RigFault, match="cannot be brought home from screen 'odd'") as told:
        Navigator(paper.terminal).home()
    assert "ways: home" in told.value.todo


def test_a_terminal_off_its_way_is_told_with_way_step_and_both_pictures(tmp_path: Path) -> None:
    paper = Paper(tmp_path, {"press: 8 GO": "press: 6 GO"})
    use = cases(paper.terminal)
    use.ready("11")
    with pytest.raises(ProductFailure) as told:
        use.lock("11")
    said = str(told.value)
    assert "the way 'lock', its end" in said
    assert "paper.yaml:28, field ways.lock" in said
    assert said.index("|SHUT            |") < said.index("|ODD PAGE        |")


def test_before_the_profile_has_known_any_picture_it_is_the_profile_that_is_wrong(paper: Paper) -> None:
    paper.is_on, paper.page = True, "SOMETHING ELSE"
    paper.frames.append(paper.frame())
    with pytest.raises(ConfigurationError, match="the profile does not know what the terminal shows"):
        Navigator(paper.terminal).go("lock", "11")


def test_a_refusal_on_a_way_is_no_arrival(paper: Paper, use: Cases, monkeypatch: pytest.MonkeyPatch) -> None:
    use.signed_off()
    monkeypatch.setitem(sys.modules["paper_terminal"].PASSWORDS, "11", "9999")  # the terminal has another password
    with pytest.raises(ProductFailure, match="it is refused"):
        use.sign_on("11")


def test_what_the_profile_lacks_is_a_configuration_error(use: Cases) -> None:
    with pytest.raises(ConfigurationError, match="no way 'restart'"):
        use.restart("11")
    with pytest.raises(ConfigurationError, match="nothing in the profile proves"):
        use.is_open("11")


def test_a_lock_that_a_key_leads_out_of_is_no_lock(paper: Paper, use: Cases, monkeypatch: pytest.MonkeyPatch) -> None:
    use.ready("11")
    use.lock("11")
    sound = paper.key
    monkeypatch.setattr(paper, "key", lambda key: paper.show("work") if key == "5" else sound(key))
    with pytest.raises(ProductFailure, match="stays locked whatever is pressed; pressed 5"):
        use.is_locked()


def test_a_lock_out_that_a_key_leads_out_of_is_none(paper: Paper, use: Cases, monkeypatch: pytest.MonkeyPatch) -> None:
    use.signed_off()
    use.wrong_passwords("11", 3)
    sound = paper.key
    monkeypatch.setattr(paper, "key", lambda key: paper.show("away") if key == "NO" else sound(key))
    with pytest.raises(ProductFailure, match="the lock-out stays; pressed NO"):
        use.is_locked_out("11")


def test_a_refusal_at_the_end_of_a_way_is_told_at_once_or_ends_it_where_it_may(
    paper: Paper, use: Cases, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No prompt is answered on this way: the refusal is the first thing that comes of its last key."""
    use.ready("11")
    monkeypatch.setattr(paper, "function", lambda _entry: paper.show("wrong", "work", 2.0))
    began = paper.clock.at
    with pytest.raises(ProductFailure, match=r"the way 'lock', its end .*: it is refused(?s:.*)screen 'wrong'"):
        use.lock("11")
    assert paper.clock.at - began < 5, "nothing was waited for that could not come any more"
    assert Navigator(paper.terminal, ends=("refused",)).go("lock", "11").screen == "wrong"
