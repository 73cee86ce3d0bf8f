"""Where credentials come from: a file of mode 0600, the environment, a keyring-like command, or made for the run.

No error of this module repeats what it read.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import itertools
import json
import os
import random
import stat
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from posrig.description.bounded_yaml import LARGEST, parse_yaml
from posrig.description.own_program import program_of_own
from posrig.ground.child import SECRET_VARIABLES, run_small
from posrig.ground.faults import ConfigurationError
from posrig.ground.json_text import parsed_json
from posrig.ground.secret import Masks, Secret
from posrig.ground.small_file import read_small

STEP_S = 30
COMMAND_WITHIN_S = 20.0
"""Real seconds that a command may take to print the credentials, when the rig file says nothing else."""
LONGEST_PASSWORD, LONGEST_SEED = 64, 256
"""Characters."""
_FORM = '"01": {password: "..."} and, with a second factor, totp_seed: "BASE32"'


@dataclass(frozen=True, slots=True)
class Credentials:
    """Passwords and time-code seeds by operator id, and the masks that keep them out of every text."""

    passwords: Mapping[str, Secret]
    totp_seeds: Mapping[str, Secret] = field(default_factory=dict)
    masks: Masks = field(default_factory=Masks)

    def __post_init__(self) -> None:
        for secret in (*self.passwords.values(), *self.totp_seeds.values()):
            self.masks.add(secret)

    def password(self, operator: str) -> Secret:
        """Raises ConfigurationError when there is none for this operator."""
        return _of(self.passwords, operator, "password")

    def time_code(self, operator: str, at_s: float) -> Secret:
        """The six digits of RFC 6238 (30 s, SHA-1) at ``at_s`` seconds since the Unix epoch; masked from now on."""
        code = _rfc6238(_of(self.totp_seeds, operator, "totp_seed"), at_s)
        return self.masks.add(Secret(code, f"time code of {operator}"))

    def revealed(self) -> dict[str, dict[str, str]]:
        """``passwords`` and ``totp_seeds`` in clear, for the key room that provisions a simulated terminal."""
        return {
            "passwords": {operator: secret.reveal() for operator, secret in self.passwords.items()},
            "totp_seeds": {operator: secret.reveal() for operator, secret in self.totp_seeds.items()},
        }


def generated(
    seed: int,
    *,
    digits: Mapping[str, int],
    second_factor: Iterable[str] = (),
    avoid: Iterable[str] = (),
) -> Credentials:
    """Throw-away credentials for a simulated rig: the same for the same seed, never weak, all different.

    ``digits``: operator -> length of its password; ``second_factor``: who has a time code as well.
    ``avoid`` are texts that stand in the evidence anyway (the serial number): a password inside one cannot be masked.
    """
    source = random.Random(f"posrig credentials {seed}")
    shown = tuple(avoid)
    passwords: dict[str, Secret] = {}
    for operator, length in sorted(digits.items(), key=lambda item: -item[1]):
        taken = [secret.reveal() for secret in passwords.values()]
        value = _draw(source, length)
        while weakness(value, operator) or any(value in text for text in (*taken, *shown)):
            value = _draw(source, length)
        passwords[operator] = Secret(value, f"password of {operator}")
    seeds = {
        operator: Secret(base64.b32encode(source.randbytes(20)).decode(), f"time-code seed of {operator}")
        for operator in second_factor
        if operator in digits
    }
    return Credentials(passwords, seeds)


def weakness(password: str, operator: str) -> str | None:
    """Why a numeric password is too simple, or None: repeats, runs, the operator's id, a year.

    >>> weakness("1111", "01"), weakness("8642", "01"), weakness("7309", "01")
    ('one digit three times', 'a run of digits', None)
    """
    steps = [(int(b) - int(a)) % 10 for a, b in itertools.pairwise(password)]
    if any(password.count(digit) >= 3 for digit in set(password)) and len(password) < 8:
        return "one digit three times"
    if any(a == b for a, b in itertools.pairwise(steps)):
        return "a run of digits"
    half = len(password) // 2
    if password[:half] == password[half:] or password == password[::-1]:
        return "a repeated or mirrored half"
    if operator in (password[:2], password[-2:]):
        return "the operator's id"
    if password[:2] in ("19", "20"):
        return "a year"
    return None


def from_file(path: Path) -> Credentials:
    """Read a YAML file of mode 0600 that belongs to you. Raises ConfigurationError without repeating any value."""
    try:
        content = read_small(path, LARGEST, check=lambda status: _refuse_if_open(path, status))
    except OSError as error:
        raise ConfigurationError(f"cannot read the credentials: {error.strerror}", where=str(path)) from None
    return _parsed(content, str(path))


def from_environment(environment: Mapping[str, str] | None = None) -> Credentials:
    """``POSRIG_PASSWORD_01`` and ``POSRIG_TOTP_00``: one variable per operator."""
    values = {**_WITHDRAWN, **os.environ} if environment is None else environment
    document: dict[str, dict[str, str]] = {}
    for name, value in values.items():
        for prefix, entry in zip(SECRET_VARIABLES, ("password", "totp_seed"), strict=True):
            if name.startswith(prefix):
                document.setdefault(name.removeprefix(prefix), {})[entry] = value
    return _checked(document, "environment variables POSRIG_PASSWORD_*, POSRIG_TOTP_*")


_WITHDRAWN: dict[str, str] = {}


def withdraw_environment() -> None:
    """Take the secrets out of this process's environment, so that no program it starts from now on gets them.

    :func:`from_environment` knows them still. Not for a process whose workers have to read them too.
    """
    for name in [name for name in os.environ if name.startswith(SECRET_VARIABLES)]:
        _WITHDRAWN[name] = os.environ.pop(name)


def give_back_environment() -> None:
    """Undo :func:`withdraw_environment`."""
    os.environ.update(_WITHDRAWN)
    _WITHDRAWN.clear()


def from_command(argv: Sequence[str], *, timeout_s: float = COMMAND_WITHIN_S) -> Credentials:
    """What a command prints on standard output (``pass show pos-lab``), in the form of the file.

    No shell, no standard input; what it says on standard error is not repeated, nor are its words: only its name.
    """
    where = f"rig file, field credentials.command: {argv[0]!r}"
    try:
        code, printed = run_small(argv, program_of_own(argv[0], where), LARGEST, timeout_s)
    except TimeoutError:
        raise ConfigurationError(
            f"no credentials: it took longer than {timeout_s:g} s",
            where=where,
            todo="unlock the keyring first (it cannot ask: there is no standard input), or raise credentials.timeout_s",
        ) from None
    except OSError as error:
        raise ConfigurationError(
            f"no credentials: {error.strerror}", where=where, allowed="a program that can be run"
        ) from None
    except ValueError:  # a null character in a word; the words may name the entry and are not repeated
        raise ConfigurationError("no credentials: its words cannot be given to a program", where=where) from None
    if code:
        # its standard error is not repeated: some tools echo the entry they choked on
        raise ConfigurationError(
            f"no credentials: it ended with code {code}", where=where, todo="run it by hand to see why"
        )
    return _parsed(printed, where)


def _refuse_if_open(path: Path, status: os.stat_result) -> None:
    if stat.S_IMODE(status.st_mode) & 0o077:
        raise ConfigurationError(
            f"others may read the credentials: mode {stat.S_IMODE(status.st_mode):04o}",
            where=str(path),
            allowed="mode 0600 (or 0400)",
            todo=f"chmod 600 {path}",
        )
    if status.st_uid not in (os.geteuid(), 0):
        raise ConfigurationError("the credentials belong to somebody else", where=str(path), allowed="a file of yours")


def _parsed(content: bytes, where: str) -> Credentials:
    if not content.lstrip().startswith(b"{") or len(content) > LARGEST:
        return _checked(parse_yaml(content, where, "text of the credentials", quiet=True)[0], where)
    try:
        return _checked(parsed_json(content), where)
    except json.JSONDecodeError as error:
        raise ConfigurationError("the credentials are not JSON", where=f"{where}, line {error.lineno}") from None
    except ValueError:  # its words may quote what it read
        raise ConfigurationError("the credentials are not JSON", where=where, todo="put each value in quotes") from None


def _checked(document: object, where: str) -> Credentials:
    if not isinstance(document, dict) or not document:
        raise ConfigurationError("no credentials found", where=where, allowed=_FORM)
    passwords: dict[str, Secret] = {}
    seeds: dict[str, Secret] = {}
    for operator, entry in document.items():
        if not isinstance(entry, dict) or not entry or not set(entry) <= {"password", "totp_seed"}:
            raise ConfigurationError("the entry is not understood", where=f"{where}, {_named(operator)}", allowed=_FORM)
        for name, value in entry.items():
            kept = passwords if name == "password" else seeds
            kept[operator] = _secret(value, operator, str(name), where)
    return Credentials(passwords, seeds)


def _named(operator: str) -> str:
    """An id is short; anything longer may be a password in the wrong place."""
    return f"operator {operator}" if len(operator) <= 3 else "operator (a long one, not shown)"


def _secret(value: object, operator: str, name: str, where: str) -> Secret:
    place = f"{where}, {_named(operator)}, {name}"
    if not isinstance(value, str) or not value:
        # 0123 without quotes would silently become another number
        raise ConfigurationError("the value is not text", where=place, todo="put it in quotes")
    if name == "password":
        if not value.isascii() or not value.isdigit():
            raise ConfigurationError("a password has digits only", where=place, allowed="digits 0 to 9")
        if len(value) > LONGEST_PASSWORD:
            raise ConfigurationError("the password is too long", where=place, allowed=f"{LONGEST_PASSWORD} digits")
        return Secret(value, f"password of {operator}")
    if len(value) > LONGEST_SEED:
        raise ConfigurationError("the seed is too long", where=place, allowed=f"{LONGEST_SEED} characters")
    compact = value.replace(" ", "").replace("-", "").rstrip("=").upper()
    try:
        _key(compact)
    except (binascii.Error, ValueError):
        raise ConfigurationError("a seed is base32", where=place, allowed="letters A to Z, digits 2 to 7") from None
    return Secret(compact, f"time-code seed of {operator}")


def _of(values: Mapping[str, Secret], operator: str, what: str) -> Secret:
    if operator not in values:
        raise ConfigurationError(
            f"there is no {what} for operator {operator}",
            where="credentials of this rig",
            allowed=f"operators with one: {', '.join(sorted(values)) or 'none'}",
        )
    return values[operator]


def _rfc6238(seed: Secret, at_s: float) -> str:
    # pyotp 2.12 refuses seeds under 112 bits, which terminals in the field do have
    digest = hmac.digest(_key(seed.reveal()), int(at_s // STEP_S).to_bytes(8, "big"), "sha1")
    start = digest[-1] & 0x0F
    number = int.from_bytes(digest[start : start + 4], "big") & 0x7FFF_FFFF
    return f"{number % 1_000_000:06d}"


def _key(seed: str) -> bytes:
    return base64.b32decode(seed + "=" * (-len(seed) % 8))


def _draw(source: random.Random, length: int) -> str:
    return "".join(source.choice("0123456789") for _ in range(length))
