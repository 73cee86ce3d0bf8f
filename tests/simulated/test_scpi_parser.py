"""The SCPI parser by itself: headers, paths, parameters. Rules of IEEE 488.2 and SCPI-99 volume 1."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posrig.simulated.scpi.errors import ScpiError
from posrig.simulated.scpi.instrument import Instrument
from posrig.simulated.scpi.parser import Channels, CommandSet, header_pattern, resolve, split_outside
from posrig.simulated.scpi.values import Limits, Parameters, channel_numbers, decimal

VOLTS = Limits(0, 25.75, 0, "V")


@pytest.mark.parametrize(
    "header",
    ["VOLT?", "VOLTAGE?", "SOUR:VOLT?", "SOURCE2:VOLT:LEV?", "SOUR2:VOLTAGE:LEVEL:IMM?", "VOLT:IMMEDIATE:AMPL?"],
)
def test_long_short_and_optional_nodes_match(header: str) -> None:
    assert header_pattern("[SOURce#:]VOLTage[:LEVel][:IMMediate][:AMPLitude]?").fullmatch(header)


@pytest.mark.parametrize("header", ["VOL?", "VOLTA?", "VOLT", "SOURC:VOLT?", "VOLT:IMM:LEV?", "XVOLT?", "VOLT:?", ""])
def test_neither_long_nor_short_does_not_match(header: str) -> None:
    assert not header_pattern("[SOURce#:]VOLTage[:LEVel][:IMMediate][:AMPLitude]?").fullmatch(header)


@pytest.mark.parametrize(
    ("header", "path", "full", "next_path"),
    [
        ("VOLT", "", "VOLT", ""),
        ("VOLT:LEV", "", "VOLT:LEV", "VOLT"),
        ("PROT", "VOLT", "VOLT:PROT", "VOLT"),
        (":CURR", "VOLT", "CURR", ""),
        ("*ESR?", "VOLT", "*ESR?", "VOLT"),
        ("PROT:STAT", "SOUR:CURR", "SOUR:CURR:PROT:STAT", "SOUR:CURR:PROT"),
    ],
)
def test_header_path(header: str, path: str, full: str, next_path: str) -> None:
    assert resolve(header, path) == (full, next_path)


@given(st.lists(st.text(st.characters(codec="ascii", exclude_characters=";\"'()"), max_size=8), min_size=1, max_size=6))
def test_splitting_undoes_joining(parts: list[str]) -> None:
    assert split_outside(";".join(parts), ";") == parts


@given(st.text(st.characters(codec="ascii", exclude_characters='"'), max_size=20))
def test_quotes_hide_separators(text: str) -> None:
    assert split_outside(f'A "{text}";B', ";") == [f'A "{text}"', "B"]


@pytest.mark.parametrize(("text", "code"), [('DISP "open', -151), ("CLOS (@1001", -171), ("CLOS @1001)", -171)])
def test_what_stays_open_is_an_error(text: str, code: int) -> None:
    with pytest.raises(ScpiError) as caught:
        split_outside(text, ";")
    assert caught.value.code == code


@given(st.lists(st.tuples(st.integers(1000, 1900), st.integers(0, 60)), min_size=1, max_size=8))
def test_channel_lists_say_what_their_ranges_say(ranges: list[tuple[int, int]]) -> None:
    text = ",".join(f"{first}:{first + more}" if more else str(first) for first, more in ranges)
    expected = [number for first, more in ranges for number in range(first, first + more + 1)]
    assert list(channel_numbers(f"(@{text})")) == expected


def test_a_range_may_run_downwards() -> None:
    assert channel_numbers("(@ 3:1, 5)") == (3, 2, 1, 5)


@pytest.mark.parametrize("text", ["(1001)", "(@1001", "(@a)", "(@1001,)", "(@1001:1002:1003)", "(@-1)", "(@1.5)", "@1"])
def test_broken_channel_lists(text: str) -> None:
    with pytest.raises(ScpiError) as caught:
        channel_numbers(text)
    assert caught.value.code == -171


def test_a_long_range_costs_no_memory() -> None:
    with pytest.raises(ScpiError) as caught:
        channel_numbers("(@1:999999)")
    assert caught.value.code == 112


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("5", 5.0),
        ("+5.0E0", 5.0),
        (".5", 0.5),
        ("5.", 5.0),
        ("500 mV", 0.5),
        ("500MV", 0.5),
        ("5E3 uV", 0.005),
        ("5 V", 5),
    ],
)
def test_numbers_with_units(text: str, value: float) -> None:
    assert decimal(text, "V") == pytest.approx(value)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("five", -104),
        ("5 A", -131),
        ("5 XV", -131),
        ("26", -222),
        ("-1", -222),
        ("", -104),
        ("1e", -131),
        ("NAN", -104),
    ],
)
def test_wrong_numbers(text: str, code: int) -> None:
    with pytest.raises(ScpiError) as caught:
        VOLTS.value(text)
    assert caught.value.code == code


@given(st.floats(0, 25.75))
def test_every_number_in_range_is_taken_as_sent(number: float) -> None:
    assert VOLTS.value(repr(number)) == pytest.approx(number)


@pytest.mark.parametrize(("text", "value"), [("MIN", 0), ("maximum", 25.75), ("Max", 25.75), ("DEF", 0)])
def test_keywords_for_numbers(text: str, value: float) -> None:
    assert VOLTS.value(text) == value


class Echo(Instrument):
    """Answers with the parameters it got."""

    identity = "ECHO"

    def __init__(self) -> None:
        super().__init__(lambda _: None)
        for header in ("ROOT:ONE?", "ROOT:TWO?", "ONE?"):
            self.commands.add(header, self._echo(header), values=(0, 2), channels=Channels.OPTIONAL)
        self.commands.add("MUST?", self._echo("MUST?"), values=1)
        self.commands.add("LIST?", self._echo("LIST?"), channels=Channels.REQUIRED)
        self.commands.add("NUMBer#?", lambda p: str(p.suffix(0, range(1, 4))))

    def _echo(self, header: str):
        return lambda p: "|".join([header, *p.values, *map(str, p.channels or ())])


@pytest.mark.parametrize(
    ("message", "answer"),
    [
        ("ROOT:ONE?;TWO?", "ROOT:ONE?;ROOT:TWO?"),
        ("ROOT:ONE?;:ONE?", "ROOT:ONE?;ONE?"),
        ("ROOT:ONE?;*IDN?;TWO?", "ROOT:ONE?;ECHO;ROOT:TWO?"),
        ("root:one? 1 , 2,(@1:2)", "ROOT:ONE?|1|2|1|2"),
        (":ROOT:ONE? 'a;b',\"c,d\"", "ROOT:ONE?|'a;b'|\"c,d\""),
        ("  ONE?  ;; ;*IDN?", "ONE?;ECHO"),
        ("ONE?\t1", "ONE?|1"),
        ("NUMB3?", "3"),
        ("NUMBER?", "1"),
    ],
)
def test_messages(message: str, answer: str) -> None:
    echo = Echo()
    assert echo.message(message) == answer
    assert echo.message(message) == answer  # from the cache
    assert echo.message("SYST:ERR?") == '+0,"No error"'


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ("NOPE?", -113),
        ("ROOT:ONE?;ONE2?", -113),
        ("*NOPE", -113),
        ("MUST?", -109),
        ("LIST?", -109),
        ("MUST? 1,2", -108),
        ("MUST? 1,", -103),
        ("NUMB4?", -114),
        ("MUST? é", -101),
        ("LIST? (@x)", -171),
        ("MUST? '", -151),
        ("*ESE 256", -222),
        ("*ESE", -109),
        ("*IDN? 5", -108),
        ("*TRG", -211),
    ],
)
def test_wrong_messages_queue_their_error(message: str, code: int) -> None:
    echo = Echo()
    echo.message("*CLS")
    answer = echo.message(message)
    assert answer is None or answer.startswith("ROOT:ONE?")
    assert (echo.message("SYST:ERR?") or "").startswith(f"{code},")


def test_units_after_a_wrong_one_still_run() -> None:
    echo = Echo()
    echo.message("*CLS")
    assert echo.message("NOPE;*ESR?") == "+32"


@given(st.text(max_size=40))
def test_no_text_breaks_an_instrument(text: str) -> None:
    echo = Echo()
    echo.message(text)
    assert echo.message("*IDN?") == "ECHO"


def test_caches_stay_bounded() -> None:
    commands = CommandSet()
    commands.add("NUMBer?", lambda _: None, values=1)
    for number in range(5000):
        commands.parse(f"NUMB? {number}")
        commands.parse(f"X{number}?")
    assert len(commands._messages) <= 2048
    assert len(commands._found) <= 2048


def test_parameters_of_a_string() -> None:
    assert Parameters(values=("'it''s'",)).string() == "it's"
    with pytest.raises(ScpiError):
        Parameters(values=("bare",)).string()
