"""Signed update packages as a terminal reads them (docs/update-package.md): one function a rule, for all its makers."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

MANIFEST_LIMIT, IMAGE_LIMIT = 8_192, 16_000_000
"""Bytes."""
_MAGIC, _IMAGE = b"POSRIGUP", b"POSRIG IMAGE "
_LENGTH = struct.Struct(">I")
_VERSION = re.compile(r"\d{1,2}\.\d{1,2}\.\d{1,2}")
_NAME = re.compile(r"[a-z0-9][a-z0-9_.-]{0,31}")


@dataclass(frozen=True, slots=True)
class Offer:
    """A manifest as it was received: nothing in it is believed before its rules hold."""

    fields: Mapping[str, Any]
    signature: bytes

    @property
    def version(self) -> str:
        """For the screen: a question mark when it is no version."""
        text = str(self.fields.get("version", ""))
        return text if _VERSION.fullmatch(text) else "?"

    @property
    def size(self) -> int:
        size = self.fields.get("size")
        return size if type(size) is int and 0 < size <= IMAGE_LIMIT else 0


def read_offer(text: bytes) -> Offer | None:
    """None when it is no manifest at all."""
    try:
        file = json.loads(text)
        fields, signature = file["manifest"], base64.b64decode(file["signature"], validate=True)
    except (ValueError, TypeError, KeyError, RecursionError, binascii.Error):
        return None
    return Offer(fields, signature) if isinstance(fields, dict) else None


def read_package(file: Path) -> tuple[Offer, bytes] | None:
    """The offer and the image of a stick's package file; None when it is none, or larger than a slot."""
    if not file.is_file() or file.stat().st_size > IMAGE_LIMIT + MANIFEST_LIMIT:
        return None
    raw, start = file.read_bytes(), len(_MAGIC) + _LENGTH.size
    if len(raw) < start or not raw.startswith(_MAGIC):
        return None
    end = start + _LENGTH.unpack_from(raw, len(_MAGIC))[0]
    offer = read_offer(raw[start:end]) if end <= min(len(raw), start + MANIFEST_LIMIT) else None
    return None if offer is None else (offer, raw[end:])


def signature_ok(offer: Offer, keys: Mapping[str, bytes]) -> bool:
    """Signed by a key that has the right to sign firmware, over every field."""
    public = keys.get(str(offer.fields.get("key_id")))
    if public is None:
        return False
    text = json.dumps(offer.fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(offer.signature, text)
    except InvalidSignature:
        return False
    return True


def meant_for(offer: Offer, model: str) -> bool:
    """Firmware of this model, well formed, for the slot that does not run."""
    fields = offer.fields
    return (
        fields.get("model") == model
        and (fields.get("format"), fields.get("payload_type"), fields.get("slot")) == (1, "firmware", "other")
        and offer.version != "?"
        and _NAME.fullmatch(str(fields.get("name"))) is not None
    )


def newer(offer: Offer, running: str) -> bool:
    """A later version, made for the running one if it says for which. The same again is none."""
    if offer.fields.get("precursor") not in (None, running):
        return False
    return offer.version != "?" and _key(offer.version) > _key(running)


def in_date(offer: Offer, now: datetime) -> bool:
    try:
        expires = datetime.fromisoformat(str(offer.fields.get("expires")))
    except ValueError:
        return False
    return expires.tzinfo is not None and now <= expires


def whole(offer: Offer, image: bytes) -> bool:
    """Every byte is the signed one, and the image says of itself what its manifest says."""
    header = image_header(image)
    return (
        len(image) == offer.size
        and hashlib.sha256(image).hexdigest() == offer.fields.get("sha256")
        and (header.get("model"), header.get("version")) == (offer.fields.get("model"), offer.version)
    )


def image_header(image: bytes) -> dict[str, Any]:
    """What an image says of itself (model, version, boots); empty when it is none."""
    line, found, _ = image[:4096].partition(b"\n")
    if not found or not line.startswith(_IMAGE):
        return {}
    try:
        header = json.loads(line[len(_IMAGE) :])
    except ValueError:
        return {}
    return header if isinstance(header, dict) else {}


def _key(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))
