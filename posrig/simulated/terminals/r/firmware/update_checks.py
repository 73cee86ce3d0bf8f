"""The rules that a package has to pass, each on its own (docs/update-package.md; threats of RFC 9124)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from posrig.simulated.terminals.r.firmware.room import Room
from posrig.simulated.terminals.r.firmware.slots import canonical, image_header

if TYPE_CHECKING:
    from pathlib import Path

MANIFEST_LIMIT = 8_192
IMAGE_LIMIT = 16_000_000
"""Bytes of a slot."""
_VERSION = re.compile(r"(?=.{5,6}$)\d{1,2}\.\d{1,2}\.\d{1,2}")
"""Three numbers in six characters at most: what the rows of ``upd_back`` hold."""
_NAME = re.compile(r"[a-z0-9][a-z0-9_.-]{0,31}")

SCREENS: Mapping[str, str] = {
    "format": "upd_no_sig",
    "signature": "upd_no_sig",
    "key": "upd_no_sig",
    "fields": "upd_no_sig",
    "size": "upd_no_sig",
    "digest": "upd_no_sig",
    "header": "upd_no_sig",
    "written": "upd_no_sig",
    "model": "upd_no_model",
    "type": "upd_no_model",
    "slot": "upd_no_model",
    "version": "upd_no_old",
    "precursor": "upd_no_old",
    "expired": "upd_no_old",
}
"""Reason of a refusal -> screen that tells it. The log record holds the reason itself."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A manifest file as it was received. Nothing in it may be believed before :meth:`UpdateChecks.reason` is None."""

    source: str
    """``net`` or ``stick``."""
    text: str
    fields: Mapping[str, Any]
    signature: bytes

    @property
    def version(self) -> str:
        """For the screen: a question mark when it is no version."""
        version = str(self.fields.get("version", ""))
        return version if _VERSION.fullmatch(version) else "?"

    @property
    def size(self) -> int:
        """Bytes to load: what the manifest says, never more than a slot holds."""
        size = self.fields.get("size")
        return min(size, IMAGE_LIMIT) if type(size) is int and size > 0 else 0


def read_offer(source: str, text: str) -> Offer | None:
    """None when the file is no manifest at all."""
    try:
        file = json.loads(text)
        fields, signature = file["manifest"], base64.b64decode(file["signature"], validate=True)
        canonical(fields)
    except (ValueError, TypeError, KeyError, RecursionError, binascii.Error):
        return None
    return Offer(source, text, fields, signature) if isinstance(fields, dict) else None


class UpdateChecks(Room):
    """One method per rule, True when it holds; :meth:`reason` asks them in an order that believes nothing too early."""

    def reason(self, offer: Offer, staged: Path) -> str | None:
        """Why this package is refused; None when it may be written."""
        image = staged.read_bytes() if staged.exists() else b""
        for name, holds in self.rules(offer, image):
            if not holds():
                return name
        return None

    def rules(self, offer: Offer, image: bytes) -> list[tuple[str, Callable[[], bool]]]:
        return [
            ("key", lambda: self.key_ok(offer)),
            ("signature", lambda: self.signature_ok(offer)),
            ("fields", lambda: self.fields_ok(offer)),
            ("model", lambda: self.model_ok(offer)),
            ("type", lambda: self.type_ok(offer)),
            ("slot", lambda: self.slot_ok(offer)),
            ("version", lambda: self.version_ok(offer)),
            ("precursor", lambda: self.precursor_ok(offer)),
            ("expired", lambda: self.expiry_ok(offer)),
            ("size", lambda: self.size_ok(offer, image)),
            ("digest", lambda: self.digest_ok(offer, image)),
            ("header", lambda: self.header_ok(offer, image)),
        ]

    def key_ok(self, offer: Offer) -> bool:
        """Signed by a key that has the right to sign firmware."""
        return str(offer.fields.get("key_id")) in self.fw.board.trust.update_keys

    def signature_ok(self, offer: Offer) -> bool:
        """The signature covers every field, and by ``sha256`` and ``size`` every byte of the image."""
        public = self.fw.board.trust.update_keys.get(str(offer.fields.get("key_id")))
        if public is None:
            return False
        try:
            Ed25519PublicKey.from_public_bytes(public).verify(offer.signature, canonical(offer.fields))
        except InvalidSignature:
            return False
        return True

    def fields_ok(self, offer: Offer) -> bool:
        """A signed field can still hold what was never meant to be there (CVE-2023-42135, CVE-2019-14719)."""
        fields = offer.fields
        return (
            fields.get("format") == 1
            and _VERSION.fullmatch(str(fields.get("version"))) is not None
            and _NAME.fullmatch(str(fields.get("name"))) is not None
            and type(fields.get("size")) is int
            and fields["size"] > 0
        )

    def model_ok(self, offer: Offer) -> bool:
        return offer.fields.get("model") == self.fw.board.model

    def type_ok(self, offer: Offer) -> bool:
        return offer.fields.get("payload_type") == "firmware"

    def slot_ok(self, offer: Offer) -> bool:
        """Only the slot that does not run may be meant."""
        return offer.fields.get("slot") == "other"

    def version_ok(self, offer: Offer) -> bool:
        """Newer than the running one; the same again is no update."""
        return version_key(str(offer.fields["version"])) > version_key(self.fw.slots.version())

    def precursor_ok(self, offer: Offer) -> bool:
        """A package made for another base version does not fit."""
        return offer.fields.get("precursor") in (None, self.fw.slots.version())

    def expiry_ok(self, offer: Offer) -> bool:
        """Not past its date, by a clock that may be believed: with a clock that was lost nothing is in date."""
        try:
            expires = datetime.fromisoformat(str(offer.fields.get("expires")))
        except ValueError:
            return False
        return bool(expires.tzinfo) and self.fw.clock.trusted() and self.fw.utc() <= expires.astimezone(UTC)

    def size_ok(self, offer: Offer, image: bytes) -> bool:
        """Exactly as long as signed: nothing rides along behind the image."""
        return bool(len(image) == offer.fields["size"] <= IMAGE_LIMIT)

    def digest_ok(self, offer: Offer, image: bytes) -> bool:
        return hashlib.sha256(image).hexdigest() == offer.fields.get("sha256")

    def header_ok(self, offer: Offer, image: bytes) -> bool:
        """The image is what its manifest says it is."""
        header = image_header(image)
        return all(header.get(name) == offer.fields.get(name) for name in ("model", "version"))

    def written_ok(self, offer: Offer, slot: str) -> bool:
        """After writing, read back from the slot: what was checked is what lies there (RFC 9124 THREAT.IMG.REPLACE)."""
        return self.fw.slots.digest(slot) == offer.fields.get("sha256")


def version_key(version: str) -> tuple[int, ...]:
    """Numbers, not letters: 2.10.0 is newer than 2.9.0. Anything else in the text is left out.

    >>> version_key("2.10.0") > version_key("2.9.0")
    True
    """
    return tuple(int(part) for part in re.findall(r"\d{1,9}", version)[:3])
