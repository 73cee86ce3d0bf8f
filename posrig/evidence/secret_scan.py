"""Looks through everything a run leaves behind for known secrets and card numbers. Never repeats what it found.

Also inside zip members, compressed PNG text, base64, UTF-16, digits in percent signs, HTML entities, escapes or full
width, and key presses recorded one by one; in every form of posrig/evidence/secret_forms.py. What cannot be looked into
is listed, so that nothing passes unseen. Pixels are not read: a picture is drawn from rows that were masked.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from posrig.evidence.card_numbers import CARD_LENGTHS, card_numbers, is_card_number
from posrig.evidence.digit_views import Spelling, channel_spellings
from posrig.evidence.secret_forms import BETWEEN, HEX, PLAIN, Form, forms
from posrig.evidence.secret_views import DEEPEST, LARGEST_MEMBER, View, short_base64, stable_base64, unbase64, views
from posrig.ground.secret import Secret, squeezed

CARD = "card number"
LARGEST_FILE = 256 * 1024 * 1024


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """Where something leaked. ``file`` names members as ``run.zip!timeline.jsonl``; ``offset`` counts bytes from 0."""

    file: str
    offset: int
    what: str
    how: str

    def __str__(self) -> str:
        return f"{self.file}, byte {self.offset}: {self.what} ({self.how})"


@dataclass(frozen=True, slots=True)
class Scan:
    """What one look through found. ``unread``: files that could not be looked into, and why."""

    findings: tuple[Finding, ...]
    unread: tuple[str, ...]
    files: int

    @property
    def clean(self) -> bool:
        return not self.findings and not self.unread


class Wanted(tuple[Secret, ...]):
    """Secrets, and the relays of the keys that they are typed with."""

    channels: Mapping[str, int] = {}


def scan(paths: Iterable[Path], secrets: Iterable[Secret] = (), *, harmless_numbers: Iterable[str] = ()) -> Scan:
    """Look through files and folders for ``secrets`` and for card numbers that are not in ``harmless_numbers``."""
    known = [secret for secret in secrets if secret.reveal()]
    relays = channel_spellings(secrets.channels if isinstance(secrets, Wanted) else {})
    looking = _Looking(_Known.of(known), frozenset(harmless_numbers), [], relays)
    findings: set[Finding] = set()
    count = 0
    for root in paths:
        for file in sorted(path for path in root.rglob("*") if path.is_file()) if root.is_dir() else [root]:
            count += 1
            name = str(file.relative_to(root)) if root.is_dir() else file.name
            try:
                if file.stat().st_size > LARGEST_FILE:
                    looking.unread.append(f"{name}: larger than {LARGEST_FILE} bytes")
                    continue
                data = file.read_bytes()
            except OSError as error:
                looking.unread.append(f"{name}: {error.strerror}")
                continue
            findings.update(looking.in_file(name, data))
    return Scan(tuple(sorted(findings)), tuple(looking.unread), count)


class LineScan:
    """The same for a line that is about to be shown: does it tell one of the secrets, in any form?"""

    def __init__(self, secrets: Iterable[Secret]) -> None:
        relays = channel_spellings(secrets.channels if isinstance(secrets, Wanted) else {})
        self._looking = _Looking(_Known.of(secrets), frozenset(), [], relays)

    def tells(self, line: str) -> bool:
        """A card number is none of the rig's secrets."""
        found = self._looking.in_file("", line.encode("utf-8", "surrogatepass"))
        return any(finding.what != CARD for finding in found)


@dataclass(frozen=True, slots=True)
class _Known:
    """All forms of all secrets, sorted by how they can be ruled out fast."""

    by_letters: tuple[Form, ...]
    as_hex: tuple[tuple[bytes, Form], ...]
    numbers: dict[bytes, list[Form]]
    """Short ones: a number of its own."""
    longer: tuple[tuple[bytes, Form], ...]
    every: tuple[tuple[bytes, Form], ...]
    """All numbers, by their digits."""
    in_base64: tuple[tuple[bytes, Form], ...]

    @classmethod
    def of(cls, secrets: Iterable[Secret]) -> _Known:
        """Sort them."""
        all_forms = [form for secret in secrets for form in forms(secret)]
        numbers: dict[bytes, list[Form]] = {}
        spelled = [form for form in all_forms if form.form != HEX]
        digits = [(form.value.encode(), form) for form in spelled if form.digits]
        for value, form in digits:
            if form.short:
                numbers.setdefault(value, []).append(form)
        return cls(
            tuple(form for form in spelled if not form.digits),
            tuple((form.value.encode().hex().encode(), form) for form in all_forms if form.form == HEX),
            numbers,
            tuple((value, form) for value, form in digits if not form.short),
            tuple(digits),
            tuple((part, form) for form in spelled if form.form == PLAIN for part in stable_base64(form.value)),
        )


_DIGITS_ONLY = bytes(byte if 48 <= byte <= 57 else 32 for byte in range(256))
_NO_DIGITS = bytes(byte for byte in range(256) if not 48 <= byte <= 57)
# the look-behind after the first digit: a pattern that begins with a set is looked for three times as fast
_APART = re.compile(
    rb"[0-9](?<![0-9]{2})(?:(?:%s[0-9](?![0-9])){3,}|[0-9]{2,3}(?:[ \-][0-9]{1,7})+(?![0-9]))" % BETWEEN.encode()
)


class _Hints:
    """What a view can hold at all, found in one pass: the patterns of all secrets over megabytes cost seconds."""

    def __init__(self, view: View) -> None:
        data = view.data
        self.letters = squeezed(data)
        self.coded = self.letters.replace(b"0x", b"").replace(b"\\x", b"")
        self.numbers = frozenset(data.translate(_DIGITS_ONLY).split())
        self.all_numbers = b" ".join(self.numbers)
        apart = {found[0].translate(None, _NO_DIGITS) for found in _APART.finditer(data)}
        self.apart = b" ".join(apart)
        cards = (number.decode() for number in self.numbers if len(number) in CARD_LENGTHS)
        self.card_number = any(len(number) >= CARD_LENGTHS.start for number in apart) or any(map(is_card_number, cards))

    def forms(self, known: _Known) -> dict[Form, bool]:
        """Those that may be in it; never misses one that is. Each with whether it may stand there in pieces."""
        found = dict.fromkeys((form for form in known.by_letters if form.letters in self.letters), True)
        found |= dict.fromkeys((form for value, form in known.as_hex if value in self.coded), True)
        for number in self.numbers & known.numbers.keys():
            found |= dict.fromkeys(known.numbers[number], False)
        found |= dict.fromkeys((form for value, form in known.longer if value in self.all_numbers), False)
        if self.apart:
            found |= dict.fromkeys((form for value, form in known.every if value in self.apart), True)
        return found


@dataclass(frozen=True, slots=True)
class _Looking:
    known: _Known
    harmless: frozenset[str]
    unread: list[str]
    relays: tuple[Spelling, ...] = ()

    def in_file(self, name: str, data: bytes, depth: int = DEEPEST) -> Iterator[Finding]:
        for view in views(data, DEEPEST, self.relays):
            yield from self._in_view(name, view)
            if not view.keys and not view.telling:
                yield from self._in_short_base64(name, view)
        if zipfile.is_zipfile(io.BytesIO(data)):
            yield from self.in_zip(name, data, depth)

    def _in_view(self, name: str, view: View) -> Iterator[Finding]:
        if view.keys:
            wanted = dict.fromkeys((form for value, form in self.known.every if value in view.data), True)
            card_number = False
        else:
            hints = _Hints(view)
            wanted, card_number = hints.forms(self.known), hints.card_number
        if not wanted and not card_number:
            return
        text = view.text()
        for form, apart in wanted.items():
            how = view.how if form.form == PLAIN else f"{form.form}, {view.how}"
            yield from (Finding(name, view.origin(at), form.label, how) for at in form.places(text, apart=apart))
        for place, number in card_numbers(text.text) if card_number else ():
            if number not in self.harmless:
                yield Finding(name, view.origin(place), CARD, view.how)

    def _in_short_base64(self, name: str, view: View) -> Iterator[Finding]:
        data = view.data
        for part, form in self.known.in_base64:
            at = data.find(part)
            while at >= 0:
                token = short_base64(data, at, len(part))
                decoded = None if token is None else unbase64(token[1])
                if token is not None and decoded is not None and form.letters in squeezed(decoded):
                    yield Finding(name, view.origin(token[0]), form.label, "base64")
                at = data.find(part, at + 1)

    def in_zip(self, name: str, data: bytes, depth: int) -> Iterator[Finding]:
        if not depth:
            self.unread.append(f"{name}: archives nested deeper than {DEEPEST}")
            return
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                for member in archive.infolist():
                    inner = f"{name}!{member.filename}"
                    if member.file_size > LARGEST_MEMBER:
                        self.unread.append(f"{inner}: larger than {LARGEST_MEMBER} bytes")
                        continue
                    yield from self.in_file(inner, archive.read(member), depth - 1)
        except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError) as error:
            self.unread.append(f"{name}: {type(error).__name__} in the archive")
