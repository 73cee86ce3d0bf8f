"""Where credentials come from; and that no error repeats them."""

import base64
import contextlib
import json
import sys
from pathlib import Path

import pyotp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from posrig.description.credentials import (
    Credentials,
    from_command,
    from_environment,
    from_file,
    generated,
    weakness,
)
from posrig.description.lab import SIMULATED
from posrig.description.rig_file import read_rig
from posrig.ground.faults import ConfigurationError
from posrig.rig.preparation import credentials_of

DIGITS = {"00": 6, "99": 8, "01": 4, "02": 4, "03": 4, "04": 4, "05": 4}
"""Operator of terminal R -> length of its password."""
SEED = "JBSWY3DPEHPK3PXP"
GOOD = f'"01": {{password: "7309"}}\n"00": {{password: "730918", totp_seed: "{SEED}"}}\n'


def written(folder: Path, text: str, mode: int = 0o600) -> Path:
    path = folder / "credentials.yaml"
    path.write_text(text)
    path.chmod(mode)
    return path


def test_a_file_of_mode_0600_is_read(tmp_path: Path) -> None:
    found = from_file(written(tmp_path, GOOD))
    assert found.password("01").matches("7309")
    assert "7309" not in repr(found)
    assert found.masks.mask(f"7309 730918 {SEED}") == "*** *** ***"


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o666, 0o601, 0o660])
def test_a_file_that_others_may_read_is_refused_with_the_cure(tmp_path: Path, mode: int) -> None:
    path = written(tmp_path, GOOD, mode)
    with pytest.raises(ConfigurationError) as refused:
        from_file(path)
    assert f"chmod 600 {path}" in str(refused.value)


RFC_6238_APPENDIX_B = {59: "287082", 1111111109: "081804", 1234567890: "005924", 20000000000: "353130"}


@pytest.mark.parametrize(("at_s", "code"), RFC_6238_APPENDIX_B.items())
def test_the_time_code_is_that_of_the_standard(at_s: int, code: str) -> None:
    seed = base64.b32encode(b"12345678901234567890").decode()
    assert from_environment({"POSRIG_TOTP_00": seed}).time_code("00", at_s + 0.9).matches(code)


@given(st.binary(min_size=14, max_size=40), st.integers(0, 2**33))
def test_the_time_code_agrees_with_an_independent_implementation(key: bytes, at_s: int) -> None:
    seed = base64.b32encode(key).decode()
    assert from_environment({"POSRIG_TOTP_99": seed}).time_code("99", at_s).matches(pyotp.TOTP(seed).at(at_s))


BAD = {
    "number": ('"01": {password: 7309}', "quotes"),
    "number with a zero": ('"01": {password: 0777}', "quotes"),
    "letters": ('"01": {password: "7309abc"}', "digits only"),
    "seed": ('"00": {totp_seed: "7309!"}', "base32"),
    "broken yaml": ('"01": {password: "7309"', "not YAML"),
    "broken yaml 2": ('"01": "7309" "7309"', "not YAML"),
    "broken json": ('{"01": {"password": "7309"', "not JSON"),
    "list": ('["7309"]', "no credentials"),
    "plain": ("7309", "no credentials"),
    "empty": ("", "no credentials"),
    "other field": ('"01": {pasword: "7309"}', "not understood"),
    "value as entry": ('"01": "7309"', "not understood"),
    "bad date": ('"01": {password: 7309-13-45}', "digits only"),
    "bad number": ('"01": {password: !!int "7309x"}', "not YAML"),
    "password as id": ('"7309": "01"', "not understood"),
    "value of a password as id": ('"7309": {password: x}', "digits only"),
    "nested": ("[" * 4000 + "7309", "not YAML"),
    "tag": ('"01": !!python/object:os.system {password: "7309"}', "not YAML"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_named_and_never_repeated(tmp_path: Path, name: str) -> None:
    text, word = BAD[name]
    path = written(tmp_path, text)
    with pytest.raises(ConfigurationError) as refused:
        from_file(path)
    assert word in str(refused.value)
    assert str(path) in str(refused.value)
    assert "7309" not in str(refused.value)
    assert "0777" not in str(refused.value)
    assert refused.value.__cause__ is None


def test_a_missing_or_binary_file_is_a_configuration_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="No such file"):
        from_file(tmp_path / "none.yaml")
    path = tmp_path / "binary"
    path.write_bytes(b"\xff\xfe7309")
    path.chmod(0o600)
    with pytest.raises(ConfigurationError, match="not UTF-8"):
        from_file(path)


def test_from_the_environment() -> None:
    found = from_environment({"POSRIG_PASSWORD_01": "7309", "POSRIG_TOTP_00": SEED.lower(), "PATH": "/bin"})
    assert found.password("01").matches("7309")
    assert found.totp_seeds["00"].matches(SEED)
    with pytest.raises(ConfigurationError, match="no password for operator 00"):
        found.password("00")
    with pytest.raises(ConfigurationError) as refused:
        from_environment({})
    assert "POSRIG_PASSWORD_" in str(refused.value)


def from_rig_file(folder: Path, section: str) -> Credentials:
    """As a run does it: the rig file is read, then what it names."""
    text = SIMULATED.read_text("utf-8").replace("profiles/", f"{SIMULATED.parent}/profiles/")
    file = folder / "rig.yaml"
    file.write_text(text[: text.index("credentials:")] + section, "utf-8")
    return credentials_of(read_rig(file))


def keyring(folder: Path, body: str, mode: int = 0o700) -> Path:
    program = folder / "keyring"
    program.write_text(f"#!{sys.executable}\n{body}\n")
    program.chmod(mode)
    return program


def test_the_rig_file_names_a_command_that_prints_the_credentials(tmp_path: Path) -> None:
    entry = json.dumps({"01": {"password": "7309"}, "00": {"totp_seed": SEED}})
    keyring(
        tmp_path,
        f"import sys\nassert sys.argv[1:] == ['show', 'pos lab; rm -rf /'] and not sys.stdin.read()\nprint({entry!r})",
    )
    found = from_rig_file(tmp_path, 'credentials: {source: command, command: [./keyring, show, "pos lab; rm -rf /"]}\n')
    assert found.password("01").matches("7309")
    assert found.masks.mask(f"7309 {SEED}") == "*** ***"


SILENT = {
    "another code": ("print('7309'); sys.stderr.write('7309'); sys.exit(3)", "ended with code 3"),
    "too slow": ("print('7309', flush=True); time.sleep(60)", "took longer than 0.3 s"),
    "not UTF-8": ("sys.stdout.buffer.write(b'7309\\xff')", "not UTF-8"),
    "nothing": ("", "no credentials found"),
    "no YAML": ('print(\'"01": {password: "7309"\')', "not YAML, line"),
    "a bad date": ("print('\"01\": {password: 7309-13-45}')", "digits only"),
    "no quotes": ("print('\"01\": {password: 7309}')", "put it in quotes"),
    "another form": ("print('\"7309\"')", "no credentials found"),
}


@pytest.mark.parametrize("name", SILENT)
def test_a_command_that_fails_is_located_and_nothing_it_said_is_repeated(
    tmp_path: Path, name: str, capfd: pytest.CaptureFixture[str]
) -> None:
    body, words = SILENT[name]
    keyring(tmp_path, f"import sys, time\n{body}")
    within_s = 0.3 if name == "too slow" else 60
    with pytest.raises(ConfigurationError) as refused:
        from_rig_file(tmp_path, f"credentials: {{source: command, command: [./keyring], timeout_s: {within_s}}}\n")
    told = str(refused.value)
    for part in words.split(", "):
        assert part in told
    assert f"rig file, field credentials.command: '{tmp_path}/keyring'" in told
    assert "7309" not in told
    assert refused.value.__cause__ is None
    assert capfd.readouterr() == ("", "")


def test_a_program_that_everybody_may_change_is_refused_before_it_runs(tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    keyring(tmp_path, f"open({str(ran)!r}, 'w')", mode=0o777)
    with pytest.raises(ConfigurationError, match="mode 0777") as refused:
        from_rig_file(tmp_path, "credentials: {source: command, command: [./keyring]}\n")
    assert "chmod o-w" in str(refused.value)
    assert not ran.exists()


@pytest.mark.parametrize(
    ("section", "said"),
    [
        ("{source: command}", "needs the field command"),
        ("{source: file, file: rig.yaml, command: [pass]}", "needs the field command, and only then"),
        ("{source: command, command: pass show pos-lab}", "no shell reads it"),
        ("{source: command, command: []}", "as a list"),
        ('{source: command, command: [""]}', "as a list"),
        ("{source: command, command: [./no-such]}", "there is no file"),
        ("{source: command, command: [no-such-keyring]}", "No such file"),
        ("{source: command, command: [/tmp]}", "there is no file"),
        ('{source: command, command: ["sh", "a\\0b"]}', "control character"),
        ("{source: command, command: [pass], timeout_s: 0}", "greater than 0"),
        ("{source: environment, timeout_s: 3}", "only for it"),
    ],
)
def test_a_mistake_in_the_section_is_located(tmp_path: Path, section: str, said: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        from_rig_file(tmp_path, f"credentials: {section}\n")
    assert said in str(refused.value)
    assert "credentials" in str(refused.value) or "rig.yaml:67" in str(refused.value)


@given(st.one_of(st.text(), st.text(alphabet="01: {}[]\"'passwordtotp_seed!&*?|>\n#%@`2026-13-45~<", max_size=40)))
def test_whatever_a_source_says_it_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(ConfigurationError):
        from_environment({"POSRIG_PASSWORD_01": text})
    with contextlib.suppress(ConfigurationError):
        from_command([sys.executable, text] if "\0" in text else ["/bin/echo", text])


@given(st.integers())
def test_generated_credentials_are_strong_distinct_and_repeat_with_their_seed(seed: int) -> None:
    made = generated(seed, digits=DIGITS, second_factor=("00", "99"), avoid=["12345678"])
    again = generated(seed, digits=DIGITS, second_factor=("00", "99"), avoid=["12345678"])
    assert made.revealed() == again.revealed()
    values = {operator: secret.reveal() for operator, secret in made.passwords.items()}
    assert {operator: len(value) for operator, value in values.items()} == DIGITS
    assert not any(weakness(value, operator) for operator, value in values.items())
    assert not any(a in b for a in values.values() for b in [*values.values(), "12345678"] if a is not b)
    assert len(made.time_code("99", 0).reveal()) == 6


def test_another_seed_gives_other_credentials() -> None:
    assert len({generated(seed, digits=DIGITS).passwords["99"] for seed in range(50)}) == 50


@pytest.mark.parametrize(
    "password", ["1111", "1234", "4321", "8642", "1212", "0101", "1221", "0173", "7301", "1984", "2026", "9012"]
)
def test_weak_passwords_are_named(password: str) -> None:
    assert weakness(password, "01")


def test_a_time_code_is_masked_from_the_moment_it_is_made() -> None:
    made = generated(1, digits=DIGITS, second_factor=("00",))
    code = made.time_code("00", 1_767_945_600.0)
    assert made.masks.mask(f"typed {code.reveal()}") == "typed ***"
