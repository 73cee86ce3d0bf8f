"""Files that people and programs write: rig file, profile, credentials, requirements, quarantine, device file.

Whatever stands in one, the answer is a valid object or an error with its place, and it comes at once.
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posrig.description.credentials import from_file
from posrig.description.lab import SIMULATED
from posrig.description.located_yaml import read_yaml
from posrig.description.profile import read_profile
from posrig.description.rig_file import read_rig, serial_line
from posrig.fuzzing.learning.described import read_model_device
from posrig.ground.faults import ConfigurationError
from posrig.language.requirements import read_requirements
from posrig.plugin.quarantine import read_quarantine
from posrig.screens.console import open_bytes
from tests.foreign.strategies import FAST, contents, is_read_or_located

PROFILE = SIMULATED.parent / "profiles" / "reference-r.yaml"


def rig() -> dict[str, Any]:
    data = read_yaml(SIMULATED, "rig file").data
    data["terminal"]["profile"] = str(PROFILE)
    return data


def profile() -> dict[str, Any]:
    data = read_yaml(PROFILE, "profile").data
    chosen = {name: {**data["screens"][name], "leads": {}} for name in ("lock", "login_bad", "login_no")
              if name in data["screens"]}  # fmt: skip
    return {**data, "screens": chosen, "display": {"rows": 4, "columns": 16}}


CREDENTIALS = {"01": {"password": "7309"}, "00": {"password": "730918", "totp_seed": "JBSWY3DPEHPK3PXP"}}
QUARANTINE = {"quarantine": [{"scenario": "features/a.feature::x", "owner": "Li Wei", "reason": "issue 17",
                              "since": "2026-01-01", "expires": "2026-02-01"}]}  # fmt: skip
REQUIREMENTS = [{"id": "R-LOCK-1", "en": "rule", "zh": "规则", "source": "own", "firmness": "policy", "article": "A"}]
DEVICE = {"name": "m", "device": {"mealy": {"model": "m.dot", "press_s": 0.2, "misread_one_in": 0}}}


@FAST
@given(contents(rig()))
def test_any_rig_file(tmp_path: Path, content: bytes) -> None:
    is_read_or_located(read_rig, tmp_path / "rig.yaml", content)


@FAST
@given(contents(profile()))
def test_any_profile(tmp_path: Path, content: bytes) -> None:
    def read_and_recognise(path: Path) -> None:
        found = read_profile(path)
        for row in ("x" * 32, "1" * 32, " ".join("12") * 8, ""):
            found.recognise([row] * found.data.display.rows)

    is_read_or_located(read_and_recognise, tmp_path / "profile.yaml", content)


ROW_PARTS = ["{a:rest}", "{b:text}", "{c:n}", "{d:word}", "{e}", "{f:entry}", "{g:mask}", " ", "1", "/", "OP", "{h:id}"]


@FAST
@given(st.lists(st.sampled_from(ROW_PARTS), min_size=1, max_size=12), st.integers(4, 256), st.sampled_from("1 a*x"))
def test_a_pattern_that_is_taken_answers_at_once_on_any_picture(
    tmp_path: Path, parts: list[str], columns: int, char: str
) -> None:
    data = profile()
    data["display"] = {"rows": 2, "columns": columns}
    data["screens"] = {"one": {"rows": {"en": ["".join(parts), "OK"]}}}

    def read_and_recognise(path: Path) -> None:
        found = read_profile(path)
        for length in (columns, 2 * columns, 5000):
            found.recognise([char * length, "no"])
            found.recognise([(char + " ") * (length // 2) + "!", "OK"])

    is_read_or_located(read_and_recognise, tmp_path / "profile.yaml", json.dumps(data).encode())


@FAST
@given(contents(CREDENTIALS))
def test_any_credentials(tmp_path: Path, content: bytes) -> None:
    is_read_or_located(from_file, tmp_path / "c.yaml", content)


@FAST
@given(contents(REQUIREMENTS))
def test_any_requirements(tmp_path: Path, content: bytes) -> None:
    is_read_or_located(read_requirements, tmp_path / "requirements.yaml", content)


@FAST
@given(contents(QUARANTINE))
def test_any_quarantine(tmp_path: Path, content: bytes) -> None:
    is_read_or_located(lambda path: read_quarantine(path, date(2026, 1, 9)), tmp_path / "quarantine.yaml", content)


def _written(path: Path, data: object) -> Path:
    path.write_text(json.dumps(data), encoding="utf-8")
    return path


@FAST
@given(contents(DEVICE))
def test_any_device_file(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "m.dot").write_text('digraph g {\ns [label="s"];\ns -> s [label="a / b"];\n__start0 -> s;\n}\n')
    assert read_model_device(_written(tmp_path / "sound.yaml", DEVICE)).truth.size == 1
    is_read_or_located(read_model_device, tmp_path / "device.yaml", content)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: &s {x: 1}\nb:\n  <<: *s\n", "an anchor or alias"),  # B1
        ("b:\n  <<: {x: 1}\n", "a merge key"),
        ("a: !!python/object:os.system x\n", "a tag"),
        ('name: "\\ud800"\n', "U+D800"),
        ("\n".join([f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 40)]), "an anchor or alias"),
        ("a: " + "[" * 3000, "nested more than 20 deep"),
        ("a: .nan\n", "no finite number"),  # B2
        ("a: -.inf\n", "no finite number"),
        ("a: 1e999\n", "not finite"),
        ("a: " + "1" * 100_000, "more than 18 digits"),  # B3
        ("- 1\n" * 30_000, "more than 12000 values"),
        ("a: b\na: c\n", "found duplicate key"),
        ("? [a]\n: b\n", "the name of a field"),
        ("a: 1\n---\nb: 2\n", "a second document"),
        ("#" * 300_000, "at most 256 KiB"),
    ],
)
def test_what_a_small_file_could_ask_for_is_refused_with_its_line(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(text)
    with pytest.raises(ConfigurationError) as refused:
        read_yaml(path, "rig file")
    assert said in str(refused.value)
    assert str(path) in refused.value.where


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("terminal.zone", "Europe/Nowhere", "did you mean"),  # V9
        ("terminal.zone", "Europe", "no time zone"),
        ("terminal.zone", "../etc/passwd", "no time zone"),
        ("terminal.profile", "~nouser/x.yaml", "no path of a file"),  # B1
        ("terminal.profile", "x" * 300, "File name too long"),
        ("terminal.serial_number", "x" * 300, "at most 100 characters"),
        ("name", "x" * 300, "at most 100 characters"),
        ("streams.screen", "serial:/dev/ttyS0?baud=99999999999", "the serial line's options are wrong"),  # W6
        ("streams.screen", "serial:/dev/ttyS0?baud=0", "50 to 4000000 baud"),
        ("streams.service", "tcp://127.0.0.1:99999", "is not an address"),
        ("bench", "tcp://" + "a" * 300 + ":1", "is not an address"),
        ("keypad.channels.1", -5, "greater than or equal to 0"),
    ],
)
def test_a_value_of_the_rig_file_out_of_its_range_is_refused_with_its_line(
    tmp_path: Path, field: str, value: object, said: str
) -> None:
    data = rig()
    *way, last = field.split(".")
    here = data
    for part in way:
        here = here[part]
    here[last] = value
    path = tmp_path / "rig.yaml"
    path.write_text(json.dumps(data, indent=1))
    line = (
        path.read_text().splitlines().index(next(row for row in path.read_text().splitlines() if f'"{last}":' in row))
    )
    with pytest.raises(ConfigurationError) as refused:
        read_rig(path)
    assert said in str(refused.value)
    assert f":{line + 1}" in str(refused.value)


@pytest.mark.parametrize("options", ["?baud=99999999999", "?baud=0", "?baud=9600&x=1", "?", "?baud=-1"])  # W6
def test_options_of_a_serial_line_are_checked_where_it_is_opened_too(options: str) -> None:
    assert serial_line("serial:/dev/ttyS0") == ("/dev/ttyS0", 115_200)
    with pytest.raises(ConfigurationError, match="options are wrong"):
        open_bytes("console", f"serial:/dev/ttyS0{options}")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"screens": {"one": {"rows": {"en": ["{1:text}"]}}}}, "is no name"),  # B2
        ({"screens": {"one": {"rows": {"en": ["{x:rest}" * 30]}}}}, "run into each other"),
        ({"display": {"rows": 100_000_000, "columns": 16}}, "less than or equal to 64"),
        ({"supply_current_ma": {"idle": [-1, 5]}}, "greater than or equal to 0"),
        ({"screens": {f"s{n}": {"rows": {"en": [f"{n}"]}} for n in range(1001)}}, "at most 1000"),
    ],
)
def test_a_profile_that_would_hang_or_mean_nothing_is_refused(
    tmp_path: Path, change: dict[str, Any], said: str
) -> None:
    path = tmp_path / "profile.yaml"
    path.write_text(json.dumps({**profile(), **change}))
    with pytest.raises(ConfigurationError, match=said):
        read_profile(path)


def test_negative_times_of_a_profile_are_refused(tmp_path: Path) -> None:  # B2
    data = profile()
    data["timings"]["boot_s"] = -6
    data["policy"]["lockout_min"] = -1
    (tmp_path / "profile.yaml").write_text(json.dumps(data))
    with pytest.raises(ConfigurationError) as refused:
        read_profile(tmp_path / "profile.yaml")
    assert "timings.boot_s" in str(refused.value)
    assert "policy.lockout_min" in str(refused.value)
