"""The ways in which a file's bytes can be read: as they are, unpacked, decoded, or as keys that were pressed."""

from __future__ import annotations

import base64
import binascii
import re
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial

from posrig.evidence.digit_views import CLOSED, RELAYS, SPELLINGS, Decoded, Spelling, in_other_scripts, without_colours
from posrig.evidence.secret_forms import Text

DEEPEST = 3
LARGEST_MEMBER = 64 * 1024 * 1024
Origin = Callable[[int], int]


@dataclass(frozen=True, slots=True)
class View:
    """``origin``: where a place in ``data`` lies in the file. ``telling``, ``only_plain``, ``keys``: see Text."""

    how: str
    data: bytes
    origin: Origin
    telling: bool = False
    only_plain: bool = False
    keys: bool = False
    places: tuple[int, ...] = ()
    source: bytes = b""
    """What the keys were read from."""

    def text(self) -> Text:
        """Latin-1: one character a byte, so that offsets are byte offsets and binary files need no decoder."""
        original = self.source.decode("latin-1")
        text = self.data.decode("latin-1")
        return Text(text, self.how, self.telling, self.keys, original, self.places, self.only_plain)


def views(data: bytes, depth: int = DEEPEST, more: Sequence[Spelling] = ()) -> Iterator[View]:
    """All ways to read it that may show something; what is packed is read in all ways too."""
    yield View("plain", data, lambda offset: offset)
    for packed in _packed(data) if depth else ():
        for view in views(packed.data, depth - 1, more):
            how = packed.how if view.how == "plain" else f"{view.how} in {packed.how}"
            yield replace(view, how=how, origin=partial(_through, packed.origin, view.origin))
    if b"\0" in data:
        yield View("UTF-16", data.replace(b"\0", b""), partial(_without_nul, data))
    for how, pattern, decoded in _SPELLINGS:
        if (found := _spelled(data, how, _matches(data, pattern, decoded))) is not None:
            yield found
    for how, pattern, decoded in (*SPELLINGS, *more):
        if (found := _spelled(data, how, _matches(data, pattern, decoded))) is not None:
            yield replace(found, only_plain=True)
    if not data.isascii() and (found := _spelled(data, "other scripts", in_other_scripts(data))) is not None:
        yield replace(found, only_plain=True)
    yield from _keys_views(data)


def _packed(data: bytes) -> Iterator[View]:
    yield from _base64_views(data)
    yield from _gzip_view(data)
    if (plain := without_colours(data)) is not None:
        yield View("without colours", plain, lambda _offset: 0)
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        yield from _png_views(data)


def _through(outer: Origin, inner: Origin, offset: int) -> int:
    return outer(inner(offset))


def _without_nul(data: bytes, offset: int) -> int:
    seen = -1
    for place, byte in enumerate(data):
        seen += byte != 0
        if seen == offset:
            return place
    return 0


_BASE64 = re.compile(
    rb"(?<![A-Za-z0-9+/_-])(?=[A-Za-z0-9+/_-]{16})(?:[A-Za-z0-9+/]{60,76}\r?\n)*[A-Za-z0-9+/_-]{16,}={0,2}"
)
_HEX = re.compile(rb"[0-9A-F-]+|[0-9a-f-]+")
_URL_SAFE = bytes.maketrans(b"-_", b"+/")


def _base64_views(data: bytes) -> Iterator[View]:
    for found in _BASE64.finditer(data):
        # words and paths, ids and hashes are most of a report; the first of four letters holds six bits of one byte,
        # and for a digit that is M, N or O: without a capital letter there is no number in it
        if found[0].islower() or _HEX.fullmatch(found[0]):
            continue
        if (decoded := unbase64(found[0])) is not None:
            yield View("base64", decoded, partial(_in_base64, found.start()))


def unbase64(text: bytes) -> bytes | None:
    """Decoded, whatever its padding and alphabet; None when it cannot be."""
    body = text.replace(b"\n", b"").replace(b"\r", b"").rstrip(b"=").translate(_URL_SAFE)
    try:
        return base64.b64decode(body[: len(body) - (len(body) % 4 == 1)] + b"==")
    except (binascii.Error, ValueError):
        return None


def _in_base64(start: int, offset: int) -> int:
    return start + offset * 4 // 3


SHORT_BASE64 = 16
"""Shorter ones are most words of a language: they are looked for by what a secret becomes in them."""


def stable_base64(value: str) -> tuple[bytes, ...]:
    """The letters that a secret becomes in base64, wherever in a group of three it begins, without those that its
    neighbours share."""
    found = []
    for lead in range(3):
        raw = value.encode()
        coded = base64.b64encode(b"\0" * lead + raw).rstrip(b"=")
        first = -(-lead * 8 // 6)
        last = (lead + len(raw)) * 8 // 6
        found.append(coded[first:last])
    return tuple(found)


def short_base64(data: bytes, at: int, length: int) -> tuple[int, bytes] | None:
    """The token around a place and where it begins; None for a long one, which is a view of its own."""
    alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_"
    start, end = at, at + length
    while start > 0 and data[start - 1] in alphabet and at - start < SHORT_BASE64:
        start -= 1
    while end < len(data) and data[end] in alphabet and end - at < 2 * SHORT_BASE64:
        end += 1
    return None if end - start >= SHORT_BASE64 else (start, data[start:end])


def _gzip_view(data: bytes) -> Iterator[View]:
    if data.startswith(b"\x1f\x8b"):
        with suppress(zlib.error):
            yield View("gzip", zlib.decompressobj(31).decompress(data, LARGEST_MEMBER), lambda _offset: 0)


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
                yield View("PNG text", text, partial(_at, place))
        place += length + 12


def _at(place: int, _offset: int) -> int:
    return place


def _from_hex(found: re.Match[bytes]) -> bytes:
    return bytes([int(found[1], 16)])


def _from_decimal(found: re.Match[bytes]) -> bytes:
    return bytes([int(found[1])])


def _from_full_width(found: re.Match[bytes]) -> bytes:
    return b"0123456789"[int.from_bytes(found[1], "big") - 0x90 :][:1]


_SPELLINGS: tuple[Spelling, ...] = (
    ("percent signs", re.compile(rb"%([2-7][0-9A-Fa-f])"), _from_hex),
    ("escapes", re.compile(rb"\\(?:u00|x|u\{)([2-7][0-9A-Fa-f])\}?"), _from_hex),
    ("HTML entities", re.compile(rb"&(?:amp;)*#[xX]0*([2-7][0-9A-Fa-f]);?"), _from_hex),
    ("HTML entities", re.compile(rb"&(?:amp;)*#0*(3[2-9]|[4-9][0-9]|1[01][0-9]|12[0-6]);?"), _from_decimal),
    ("full-width", re.compile(rb"\xef\xbc([\x90-\x99])"), _from_full_width),
    ("full-width", re.compile(rb"\\u[fF][fF]1([0-9])"), lambda found: found[1]),
)
_FAR_RELAYS = 400
_APART = b"|x|"
"""Between letters too far from one another: a letter in it, so that it is no separator of theirs."""
_GAP = 14
"""What may stand between letters of one spelling that belong together."""


_Match = tuple[int, bytes, int]
"""Where it begins, the letter, and where it ends."""


def _matches(data: bytes, pattern: re.Pattern[bytes], decoded: Decoded) -> Iterator[_Match]:
    return ((found.start(), decoded(found), found.end()) for found in pattern.finditer(data))


def _spelled(data: bytes, how: str, matches: Iterable[_Match]) -> View | None:
    """What was written letter by letter in this spelling, with what stands between; other text is left out.

    Of relays what stands between is left out too: their keys, and where they open.
    """
    out, end = bytearray(), -1
    places: list[int] = []
    relays, far = how in (RELAYS, CLOSED), _FAR_RELAYS if how == CLOSED else _GAP
    for start, letter, after in matches:
        near = end >= 0 and start - end <= far
        between = (b"" if relays else data[end:start]) if near else _APART
        out += between if places else b""
        places += [start] * (len(out) - len(places))
        out += letter
        places.append(start)
        end = after
    if len(places) < 4:
        return None
    return View(how, bytes(out), lambda offset: places[min(offset, len(places) - 1)], telling=True)


_KEY = re.compile(rb"""\b(key|code|press(?:ed)?)["']?\s*[=:,]\s*["']?([0-9A-Za-z.*]{1,8})["']?""", re.IGNORECASE)
_RELEASE = re.compile(rb"""[^\n]{0,80}?["']?edge["']?\s*[=:]\s*["']?up""")
KEYS = "keys one by one"
_FAR = 2000
"""Bytes between two keys of which the second is no more typed with the first."""


def _keys_views(data: bytes) -> Iterator[View]:
    """Key presses that were recorded one by one (``"key": "7"`` line after line), joined to what was typed.

    Each word for itself: a timeline tells the same press as a key and as a code of the service port.
    """
    typed: dict[bytes, tuple[bytearray, list[int]]] = {}
    for found in _KEY.finditer(data):
        keys, places = typed.setdefault(found[1].lower(), (bytearray(), []))
        key = found[2]
        digit = len(key) == 1 and key.isdigit()
        if places and found.start() - places[-1] > _FAR and not keys.endswith(b"|"):
            keys += b"|"
            places.append(found.start())
        if (digit or not keys.endswith(b"|")) and not (digit and _RELEASE.match(data, found.end())):
            keys += key if digit else b"|"
            places.append(found.start())
    for keys, places in typed.values():
        if len(places) > 3:
            kept = tuple(places)
            yield View(KEYS, bytes(keys), partial(_place, kept), keys=True, places=kept, source=data)


def _place(places: tuple[int, ...], offset: int) -> int:
    return places[min(offset, len(places) - 1)]
