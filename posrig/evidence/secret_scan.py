"""Looks through everything a run leaves behind for known secrets and card numbers. Never repeats what it found.

Also inside zip members, compressed PNG text, base64 and key presses recorded one by one. What cannot be looked into is
listed, so that nothing passes unseen. Pixels are not read: a screenshot shows what the terminal showed.
"""

from __future__ import annotations

import base64
import binascii
import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from posrig.evidence.card_numbers import CARD_LENGTHS, card_numbers, is_card_number
from posrig.ground.secret import Secret, compiled, is_short, letters, squeezed

LARGEST_FILE = 256 * 1024 * 1024
LARGEST_MEMBER = 64 * 1024 * 1024
DEEPEST = 3
KEYS = "keys one by one"


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


View = tuple[str, bytes, Callable[[int], int]]
"""How the bytes were got, the bytes, and where an offset in them lies in the file."""


def scan(paths: Iterable[Path], secrets: Iterable[Secret] = (), *, harmless_numbers: Iterable[str] = ()) -> Scan:
    """Look through files and folders for ``secrets`` and for card numbers that are not in ``harmless_numbers``."""
    looking = _Looking(tuple(_Wanted(secret) for secret in secrets if secret.reveal()), frozenset(harmless_numbers), [])
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


_TYPED_NEARBY = re.compile(
    r"passw|pwd|\bpin\b|\btyped\b|\bentered\b|"
    + "|".join(w.encode().decode("latin-1") for w in ("密码", "口令", "输入")),
    re.IGNORECASE,
)
_NEARBY = 60


_DIGITS_ONLY = bytes(byte if 48 <= byte <= 57 else 32 for byte in range(256))
# the look-behind after the first digit: a pattern that begins with a set is looked for three times as fast
_SPACED = re.compile(
    rb"[0-9](?<![0-9]{2})(?:(?:[ \t\-_.,;:/+|\"']{1,5}[0-9](?![0-9])){3,}|[0-9]{2,3}(?:[ \-][0-9]{1,7})+(?![0-9]))"
)


class _Hints:
    """What a view can hold at all, found in one pass: the patterns of all secrets over megabytes cost seconds."""

    def __init__(self, view: bytes) -> None:
        self.letters = squeezed(view)
        self.numbers = frozenset(view.translate(_DIGITS_ONLY).split())
        self.all_numbers = b" ".join(self.numbers)
        apart = {squeezed(found[0]) for found in _SPACED.finditer(view)}
        self.spaced = b" ".join(apart)
        cards = (number.decode() for number in self.numbers if len(number) in CARD_LENGTHS)
        self.card_number = any(len(number) >= CARD_LENGTHS.start for number in apart) or any(map(is_card_number, cards))


_CHANCE = re.compile(
    r"(?<![0-9a-z])[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![0-9a-z])"  # UUID
    r"|(?<![0-9a-z])(?=(?:[0-9]*[a-f]){2})[0-9a-f]{16}(?:[0-9a-f]{16}|[0-9a-f]{24}|[0-9a-f]{48})?(?![0-9a-z])"  # hash
    r"|(?<![\d.])[1-3]\d{9}(?:\d{3}){0,3}(?:\.\d+)?(?!\d)"  # time stamp: s, ms, us or ns since 1970
    r"|(?<![\d.])\d+\.\d+(?!\d)",  # measured value
    re.IGNORECASE,
)
_CHANCE_REACH = 64


def _by_chance(text: str, start: int, end: int) -> bool:
    """Inside of an id, a hash, a time stamp or a decimal: a run has 20,000, some show the digits of a password."""
    found = _CHANCE.finditer(text, max(start - _CHANCE_REACH, 0), end + _CHANCE_REACH)
    return any(
        match.start() <= start and end <= match.end() and match.end() - match.start() > end - start for match in found
    )


class _Wanted:
    """One secret to look for. Four digits may be a counter: they count near a word about typing, or spaced out."""

    def __init__(self, secret: Secret) -> None:
        value = secret.reveal()
        self.label = secret.label
        self._found = compiled(value)
        self._length = len(value)
        self._short = is_short(value)
        self._letters = letters(value)
        self._digits = value.isdigit()

    def may_be_in(self, hints: _Hints) -> bool:
        """Fast, and never misses a spelling that :func:`posrig.ground.secret.pattern` knows."""
        if not self._digits:
            return self._letters in hints.letters
        numbers = hints.numbers if self._short else hints.all_numbers
        return self._letters in numbers or self._letters in hints.spaced

    def places(self, text: str, how: str) -> Iterator[int]:
        for match in self._found.finditer(text):
            if self._digits and _by_chance(text, *match.span()):
                continue
            spaced = match.end() - match.start() > self._length
            before = text[max(match.start() - _NEARBY, 0) : match.start()]
            if not self._short or spaced or how == KEYS or _TYPED_NEARBY.search(before):
                yield match.start()


@dataclass(frozen=True, slots=True)
class _Looking:
    known: tuple[_Wanted, ...]
    harmless: frozenset[str]
    unread: list[str]

    def in_file(self, name: str, data: bytes, depth: int = DEEPEST) -> Iterator[Finding]:
        for how, view, origin in _views(data):
            # Latin-1: one character a byte, so that offsets are byte offsets and binary files need no decoder
            text = view.decode("latin-1")
            hints = _Hints(view)
            for wanted in self.known:
                if wanted.may_be_in(hints):
                    yield from (Finding(name, origin(at), wanted.label, how) for at in wanted.places(text, how))
            numbers = card_numbers(text) if hints.card_number and how != KEYS else ()
            yield from (
                Finding(name, origin(place), "card number", how)
                for place, number in numbers
                if number not in self.harmless
            )
        if zipfile.is_zipfile(io.BytesIO(data)):
            yield from self.in_zip(name, data, depth)

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


def _views(data: bytes) -> Iterator[View]:
    yield "plain", data, lambda offset: offset
    yield from _base64_views(data)
    yield from _gzip_view(data)
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        yield from _png_views(data)
    if (keys := _keys_view(data)) is not None:
        yield keys


_BASE64 = re.compile(
    rb"(?<![A-Za-z0-9+/_-])(?=[A-Za-z0-9+/_-]{16})(?:[A-Za-z0-9+/]{60,76}\r?\n)*[A-Za-z0-9+/_-]{16,}={0,2}"
)

_HEX = re.compile(rb"[0-9A-F-]+|[0-9a-f-]+")


def _base64_views(data: bytes) -> Iterator[View]:
    for found in _BASE64.finditer(data):
        # words and paths, ids and hashes are most of a report; the first of four letters holds six bits of one byte,
        # and for a digit that is M, N or O: without a capital letter there is no number in it
        if found[0].islower() or _HEX.fullmatch(found[0]):
            continue
        body = found[0].replace(b"\n", b"").replace(b"\r", b"").rstrip(b"=").translate(_URL_SAFE)
        try:
            decoded = base64.b64decode(body[: len(body) - (len(body) % 4 == 1)] + b"==")
        except (binascii.Error, ValueError):
            continue
        yield "base64", decoded, partial(_in_base64, found.start())


_URL_SAFE = bytes.maketrans(b"-_", b"+/")


def _in_base64(start: int, offset: int) -> int:
    return start + offset * 4 // 3


def _gzip_view(data: bytes) -> Iterator[View]:
    if data.startswith(b"\x1f\x8b"):
        with suppress(zlib.error):
            yield "gzip", zlib.decompressobj(31).decompress(data, LARGEST_MEMBER), lambda _offset: 0


def _png_views(data: bytes) -> Iterator[View]:
    """The compressed text chunks (zTXt, iTXt) of a PNG; plain tEXt is in the plain view."""
    place = 8
    while place + 8 <= len(data):
        length = int.from_bytes(data[place : place + 4], "big")
        kind, body = data[place + 4 : place + 8], data[place + 8 : place + 8 + length]
        if kind in (b"zTXt", b"iTXt"):
            for begin in (found.start() for found in re.finditer(rb"\x78[\x01\x5e\x9c\xda]", body)):
                inflater = zlib.decompressobj()
                try:
                    text = inflater.decompress(body[begin:], LARGEST_MEMBER)
                except zlib.error:
                    continue
                yield "PNG text", text, partial(_at, place)
        place += length + 12


def _at(place: int, _offset: int) -> int:
    return place


_KEY = re.compile(rb"""\b(?:key|code|press(?:ed)?)["']?\s*[=:]\s*["']?([0-9A-Za-z.*]{1,8})["']?""", re.IGNORECASE)

_RELEASE = re.compile(rb"""[^\n]{0,80}?["']?edge["']?\s*[=:]\s*["']?up""")


def _keys_view(data: bytes) -> View | None:
    """Key presses that were recorded one by one (``"key": "7"`` line after line), joined to what was typed."""
    places: list[int] = []
    typed = bytearray()
    for found in _KEY.finditer(data):
        if not _RELEASE.match(data, found.end()):
            typed += found[1] if found[1].isdigit() and len(found[1]) == 1 else b"|"
            places.append(found.start())
    if not places:
        return None
    return KEYS, bytes(typed), lambda offset: places[min(offset, len(places) - 1)]
