"""C1, C2: what is typed and shown where a secret is asked for stands in no record; wrong passwords tell no right one."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from posrig.description.lab import SIMULATED
from posrig.description.rig_file import Limits, read_rig
from posrig.evidence.lcd import draw
from posrig.ground.faults import ConfigurationError, SafetyAbort
from posrig.ground.secret import Masks, Secret, wrong_digits
from posrig.plugin.evidence import Evidence
from posrig.plugin.rig import _pictures
from posrig.rig.press_counts import press_counts, shown, typed_openly
from posrig.rig.rig import Rig, RigOptions
from posrig.safety.ledger import Kind, Ledger
from posrig.terminal.contracts import TimelineEvent
from posrig.terminal.models.terminal_r.signing_on import enter_operator
from posrig.terminal.models.terminal_r.starting import signed_off
from posrig.terminal.preparing import prepare
from posrig.terminal.typed import stand_in
from posrig.terminal.veil import spelled, starred


@pytest.fixture
def rig(request: pytest.FixtureRequest) -> Iterator[Rig]:
    defects = tuple(getattr(request, "param", ()))
    with Rig.open(read_rig(SIMULATED), options=RigOptions(defects=defects)) as opened:
        prepare(opened.terminal, defects=defects)
        opened.begin_scenario()
        signed_off(opened.terminal)
        yield opened


def screens(rig: Rig) -> list[str]:
    return [event.text for event in rig.timeline if event.kind == "screen" and "Password:" in event.text]


@pytest.mark.parametrize("how", ["single presses", "held down", "chord"])
def test_c2_keys_pressed_by_hand_at_a_prompt_are_stars_everywhere(rig: Rig, how: str) -> None:
    terminal, password = rig.terminal, rig.credentials.password("01").reveal()
    charged: list[tuple[str, bool]] = []
    rig.keypad.before_press = lambda key, secret: charged.append((key, secret))
    terminal.keypad.press_all(("ENTER", "0", "1", "ENTER"))  # nobody looks in between
    if how == "single presses":
        terminal.keypad.press_all(tuple(password))
    elif how == "held down":
        for key in password:
            terminal.keypad.down(key)
            terminal.keypad.up(key)
    else:
        terminal.keypad.chord(tuple(dict.fromkeys(password)))
    told = terminal.keypad.history_text(100).partition("0 1 ENTER ")[2]
    assert "*" in told
    assert not any(character.isdigit() for character in told)
    keys = " ".join(event.text for event in rig.timeline if event.kind == "key").partition("0 1 ENTER ")[2]
    assert not set(password) & set(keys.replace("0.1 s", ""))
    assert all(secret == (place > 3) for place, (_, secret) in enumerate(charged))
    assert {press.key for press in rig.press_log.presses if press.secret} == set(password)


@pytest.mark.parametrize("rig", [["key_echo"]], indirect=True)
def test_c2_a_defect_that_echoes_digits_shows_none_in_what_is_kept(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    terminal, password = rig.terminal, rig.credentials.password("01").reveal()
    enter_operator(terminal, "01")
    terminal.keypad.type_keys(password, secret=True)
    terminal.screen.settled()
    echoed = [frame for frame in terminal.screen.history() if any(set(password) & set(row) for row in frame.lines[2:])]
    echoed = [frame for frame in echoed if "Password:" in frame.lines[1]]
    assert echoed, "the defect shows itself"
    assert screens(rig)
    assert not any(set(text) & set("0123456789") for text in screens(rig))
    monkeypatch.setattr(terminal.screen, "frame", lambda: echoed[-1])
    picture, text, _ = _pictures(terminal, Evidence())
    assert picture[2] == draw(rig.veil.rows(echoed[-1].lines)) != draw(echoed[-1].lines)
    assert not set(text[2].decode()) & set("0123456789")


def test_c2_an_unknown_picture_after_a_prompt_shows_no_digit_and_one_elsewhere_does(rig: Rig) -> None:
    odd = ("ODD 7309", "", "", "")
    assert rig.veil.rows(odd) == odd
    assert rig.veil.asks(odd) is False
    enter_operator(rig.terminal, "01")
    rig.terminal.screen.settled()
    shown = rig.streams.screen.picture
    rig.veil.follow(type(shown)(odd, shown.number, shown.at))
    assert rig.veil.rows(odd) == ("ODD ****", "", "", "")
    assert rig.veil.asks(odd)


def test_c2_a_password_typed_by_hand_where_a_number_is_asked_for_is_hidden_in_the_timeline() -> None:
    masks = Masks([Secret("7309")])
    pressed = [
        TimelineEvent(n, "key", key) for n, key in enumerate(("MENU", "1", "7", "3 0.5 s", "0", "9", "ENTER", "5"))
    ]
    kept = [event.text for event in spelled(pressed, masks)]
    assert kept == ["MENU", "*", "*", "* 0.5 s", "*", "*", "ENTER", "5"]
    lines = [f"key code={key} edge={edge}" for key in ("7", "3", "0", "9", "ENTER", "4") for edge in ("down", "up")]
    told = [event.text for event in spelled([TimelineEvent(0.0, "service", line) for line in lines], masks)]
    assert not any(digit in text for digit in "7309" for text in told)
    assert told[-1] == "key code=4 edge=up"


def test_c2_the_ledger_counts_presses_of_secrets_under_one_name(tmp_path: Path) -> None:
    with Ledger(tmp_path / "ledger", "1", "bench") as ledger:
        for key in "7309":
            ledger.press(key, 1000 + int(key), True)
        ledger.press("5", 1005)
        assert ledger.count(Kind.PRESS, "*") == ledger.count(Kind.RELAY, "*") == 4
        assert [ledger.count(Kind.PRESS, key) for key in "73095"] == [0, 0, 0, 0, 1]


def test_c2_a_budget_counts_presses_of_secrets_for_every_digit_and_the_refusal_names_none(tmp_path: Path) -> None:
    with Ledger(tmp_path / "ledger", "1", "bench", Limits(presses_per_key=3)) as ledger:
        ledger.press("7", 1007, True)
        ledger.press("7", 1007)
        ledger.press("7", 1007, True)
        with pytest.raises(SafetyAbort, match="press 7 would be number 4 of at most 3"):
            ledger.press("7", 1007)
        with pytest.raises(SafetyAbort, match=r"press \* would be"):
            ledger.press("7", 1007, True)
        ledger.press("ENTER", 1013)


def test_c1_wrong_digits_tell_nothing_of_the_right_ones() -> None:
    right = Secret("7309")
    tries = [wrong_digits(4, right) for _ in range(3000)]
    differences = Counter(tuple((int(a) - int(b)) % 10 for a, b in zip(one, "7309", strict=True)) for one in tries)
    assert "7309" not in tries
    assert max(differences.values()) < 12, "no constant between what is typed and what is right"
    assert len({one[0] for one in tries}) == 10, "also digits of the right one"
    assert not any(
        one.startswith(("00", "01")) for one in (wrong_digits(4, right, beginning=["00", "01"]) for _ in range(500))
    )


def test_c1_what_is_typed_in_place_of_a_password_differs_each_time(rig: Rig) -> None:
    own = rig.credentials.password("00")
    typed = {stand_in(rig.terminal, own) for _ in range(20)}
    assert len(typed) > 15
    assert own.reveal() not in typed
    assert set(rig.terminal.typed_wrong) == typed


def test_c1_nothing_in_the_library_makes_a_wrong_password_of_the_right_one() -> None:
    root = Path(__file__).parents[2]
    found = [
        str(file)
        for folder in ("posrig/terminal", "posrig/fuzzing", "posrig/language", "steps")
        for file in (root / folder).rglob("*.py")
        if "(int(digit) +" in (text := file.read_text("utf-8")) or "(int(d) +" in text or "(int(right[" in text
    ]
    assert not found


ENDS = frozenset({"ENTER", "CLEAR", "CANCEL"})


@pytest.mark.parametrize(
    ("moves", "told"),
    [
        ("7 3 UP 0 9", "* * UP * *"),
        ("1 7 CLEAR 7 3 0 9", "1 7 CLEAR * * * *"),
        ("7(down) 7(up) 3(down) 3(up) 0:0.5s 9", "*(down) *(up) *(down) *(up) *:0.5s *"),
        ("7(down) 3(down) 7(up) 0(down) 3(up) 9(down) 0(up) 9(up)", 8),
        ("7 3 0 9+ENTER", "* * * *+ENTER"),
        ("7+3:0.2s 0 9 ENTER 5", "*+*:0.2s * * ENTER 5"),
        ("7 3 0 ENTER 9", "7 3 0 ENTER 9"),
    ],
)
def test_c2_a_secret_typed_in_the_open_is_hidden_however_its_keys_were_pressed(moves: str, told: str | int) -> None:
    hidden = starred(moves.split(), Masks([Secret("7309")]), ENDS)
    if isinstance(told, int):
        assert len(hidden) == told
        assert not any(move[0].isdigit() for move in hidden)
    else:
        assert " ".join(hidden) == told


def test_c2_a_press_that_cannot_be_made_names_no_key_that_is_held_at_a_prompt(rig: Rig) -> None:
    terminal, password = rig.terminal, rig.credentials.password("01").reveal()
    terminal.keypad.press_all(("ENTER", "0", "1", "ENTER"))
    terminal.keypad.down(password[0])
    for act in (terminal.keypad.down, terminal.keypad.press):
        with pytest.raises(ConfigurationError) as told:
            act(password[0])
        assert not any(letter.isdigit() for letter in told.value.found)
    with pytest.raises(ConfigurationError) as told:
        terminal.keypad.up(next(digit for digit in "0123456789" if digit != password[0]))
    assert not any(letter.isdigit() for letter in f"{told.value.found} {told.value.allowed}")


def test_c2_digits_that_spell_a_password_in_the_open_are_not_counted_by_name(rig: Rig) -> None:
    terminal, password = rig.terminal, rig.credentials.password("01").reveal()
    terminal.keypad.press("ENTER")
    for digit in password:
        terminal.keypad.down(digit)
        terminal.keypad.up(digit)
    told = shown(press_counts(rig), typed_openly(rig))
    assert not any(name.isdigit() for name in told)
    assert told["*"].presses == len(password)
    assert not any(letter.isdigit() for letter in terminal.keypad.history_text().replace("ENTER", ""))
