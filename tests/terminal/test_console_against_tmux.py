"""The console shows what tmux shows for the same bytes: the data is from tmux 3.3a (benchmarks/console_tmux.py)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tmux_says import ENDED, SIZES, expand, read, recordings, sequences

from posrig.screens.picture import Emulator

SEQUENCES = read("sequences.json")
PROGRAMS = read("programs.json")
RECORDED = {name: (rows, columns, data) for name, rows, columns, data in recordings()}


def shown(data: bytes, rows: int, columns: int, piece: int = 1 << 20) -> str:
    emulator = Emulator(rows, columns)
    for start in range(0, len(data), piece):
        emulator.feed(data[start : start + piece])
    return "\n".join(emulator.rows()).rstrip("\n")


def test_the_corpus_is_whole() -> None:
    assert len(list(sequences())) >= 200
    assert len(RECORDED) >= 15
    assert set(PROGRAMS) == {"tmux", *RECORDED}
    for rows, columns in SIZES:
        assert set(SEQUENCES[f"{rows}x{columns}"]) == {name for name, _ in sequences()}


@pytest.mark.parametrize(("rows", "columns"), SIZES)
def test_every_sequence_shows_what_tmux_shows(rows: int, columns: int) -> None:
    expected = SEQUENCES[f"{rows}x{columns}"]
    found = {name: shown(expand(text, rows, columns) + ENDED, rows, columns) for name, text in sequences()}
    assert found == expected


@pytest.mark.parametrize("name", RECORDED)
def test_recorded_programs_show_what_tmux_shows(name: str) -> None:
    rows, columns, data = RECORDED[name]
    found = {cut: shown(data[: int(cut)] + ENDED, rows, columns) for cut in PROGRAMS[name]}
    assert found == PROGRAMS[name]


@given(st.sampled_from([text for _, text in sequences()]), st.sampled_from(SIZES), st.integers(1, 7))
def test_it_shows_the_same_however_the_bytes_are_cut(text: str, size: tuple[int, int], piece: int) -> None:
    data = expand(text, *size) + ENDED
    assert shown(data, *size, piece) == shown(data, *size)
