"""Update packages as the vendor's tool makes them, and with each fault of the threat list (docs/update-package.md)."""

from __future__ import annotations

import base64
import hashlib
import json
import struct
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from random import Random
from typing import Any

from posrig.simulated.world.keys import FIRMWARE_KEY, PARAMETER_KEY, KeyRoom

MODEL = "R"
SIZE = 2_500_000
"""Bytes of an image when nothing else is said: 2.5 s at 1 MB/s."""
MAGIC = b"POSRIGUP"
HEADER = b"POSRIG IMAGE "
_LENGTH = struct.Struct(">I")


@dataclass(frozen=True)
class Package:
    """What is offered: the manifest file (manifest and signature) and the image file."""

    manifest: bytes
    image: bytes

    def to_bytes(self) -> bytes:
        """The single file for a stick: magic, length of the manifest file, manifest file, image to the end."""
        return MAGIC + _LENGTH.pack(len(self.manifest)) + self.manifest + self.image

    @classmethod
    def from_bytes(cls, raw: bytes) -> Package:
        """Raises ValueError when the magic or the length does not fit."""
        start = len(MAGIC) + _LENGTH.size
        if not raw.startswith(MAGIC) or len(raw) < start:
            raise ValueError(f"not a package: it does not begin with {MAGIC.decode()}")
        length = _LENGTH.unpack_from(raw, len(MAGIC))[0]
        if length > len(raw) - start:
            raise ValueError(f"not a package: its manifest has {length} bytes, {len(raw) - start} are there")
        return cls(raw[start : start + length], raw[start + length :])

    @property
    def fields(self) -> dict[str, Any]:
        """The manifest as it lies in the file, unchecked."""
        return dict(json.loads(self.manifest)["manifest"])


@dataclass
class Draft:
    """A package in the making: a fault changes it before or after it is signed."""

    fields: dict[str, Any]
    image: bytes
    key_id: str = FIRMWARE_KEY
    boots: bool = True
    signature: bytes = b""

    def flip(self, position: int) -> None:
        self.image = self.image[:position] + bytes([self.image[position] ^ 1]) + self.image[position + 1 :]


Fault = Callable[[Draft], None]


def canonical(fields: Mapping[str, Any]) -> bytes:
    """The one spelling of a manifest that is signed: sorted names, no blanks, UTF-8."""
    return json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


@lru_cache(maxsize=8)
def make_image(version: str, model: str, size: int, *, boots: bool = True) -> bytes:
    """An image of exactly ``size`` bytes: one header line (model, version, whether it starts), then fixed noise."""
    header = HEADER + canonical({"boots": boots, "model": model, "version": version}) + b"\n"
    if size < len(header):
        raise ValueError(f"an image of {size} bytes cannot hold its header of {len(header)} bytes")
    return header + Random(f"{model} {version}").randbytes(size - len(header))


def build(
    room: KeyRoom,
    *,
    version: str = "2.5.0",
    model: str = MODEL,
    size: int = SIZE,
    faults: Iterable[str] = (),
    now: float,
    precursor: str | None = None,
) -> Package:
    """A signed package, good for 30 days from ``now``; each named fault of :data:`FAULTS` is applied in turn.

    Raises ValueError for an unknown fault or an impossible size.
    """
    chosen = [fault_named(name) for name in faults]
    draft = Draft(_fields(version, model, size, now, precursor), b"")
    for before, _ in chosen:
        before(draft)
    _fill(draft, size)
    draft.signature = room.signer(draft.key_id).sign(canonical(draft.fields))
    for _, after in chosen:
        after(draft)
    file = {"manifest": draft.fields, "signature": base64.b64encode(draft.signature).decode()}
    return Package(canonical(file), draft.image)


def fault_named(name: str) -> tuple[Fault, Fault]:
    if name not in FAULTS:
        raise ValueError(f"unknown fault {name!r}; allowed: {', '.join(sorted(FAULTS))}")
    return FAULTS[name]


def _fields(version: str, model: str, size: int, now: float, precursor: str | None) -> dict[str, Any]:
    expires = datetime.fromtimestamp(now, UTC).replace(microsecond=0) + timedelta(days=30)
    return {
        "format": 1,
        "model": model,
        "version": version,
        "size": size,
        "payload_type": "firmware",
        "slot": "other",
        "name": "firmware.bin",
        "expires": expires.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "precursor": precursor,
    }


def _fill(draft: Draft, size: int) -> None:
    draft.image = make_image(draft.fields["version"], draft.fields["model"], size, boots=draft.boots)
    draft.fields["sha256"] = hashlib.sha256(draft.image).hexdigest()
    draft.fields["key_id"] = draft.key_id


def _nothing(_draft: Draft) -> None:
    return


def _field(name: str, value: object) -> tuple[Fault, Fault]:
    """A signed manifest with that field: the vendor's own tool was fooled, so only the terminal's rule can refuse."""
    return (lambda draft: draft.fields.__setitem__(name, value)), _nothing


def _expired(draft: Draft) -> None:
    draft.fields["expires"] = "2025-01-09T00:00:00Z"


def _not_starting(draft: Draft) -> None:
    draft.boots = False


def _without_right(draft: Draft) -> None:
    draft.key_id = PARAMETER_KEY


def _unsigned(draft: Draft) -> None:
    draft.signature = b""


def _bad_signature(draft: Draft) -> None:
    draft.signature = bytes([draft.signature[0] ^ 1]) + draft.signature[1:]


def _changed(draft: Draft) -> None:
    draft.flip(len(draft.image) // 2)


def _extra(draft: Draft) -> None:
    draft.image += b"one more member" * 64


def _cut_short(draft: Draft) -> None:
    draft.image = draft.image[: len(draft.image) // 2]


def _oversize(draft: Draft) -> None:
    draft.image = draft.image * 10


def _manifest_changed(draft: Draft) -> None:
    draft.fields["version"] += "9"


def _false_key_name(draft: Draft) -> None:
    draft.fields["key_id"] = FIRMWARE_KEY


FAULTS: Mapping[str, tuple[Fault, Fault]] = {
    "unsigned": (_nothing, _unsigned),
    "bad_signature": (_nothing, _bad_signature),
    "changed": (_nothing, _changed),
    "manifest_changed": (_nothing, _manifest_changed),
    "extra_bytes": (_nothing, _extra),
    "cut_short": (_nothing, _cut_short),
    "oversize": (_nothing, _oversize),
    "wrong_model": _field("model", "R2"),
    "wrong_type": _field("payload_type", "parameters"),
    "wrong_slot": _field("slot", "loader"),
    "wrong_precursor": _field("precursor", "1.9.0"),
    "older": _field("version", "2.3.0"),
    "expired": (_expired, _nothing),
    "key_without_right": (_without_right, _nothing),
    "key_false_name": (_without_right, _false_key_name),
    "not_starting": (_not_starting, _nothing),
    "version_injection": _field("version", "2.5.0; reboot" + "A" * 300),
    "name_injection": _field("name", "../../slot_a.bin"),
}
"""Name -> what is done before signing, what after it. What the servers and sticks do wrong is said to them instead."""
