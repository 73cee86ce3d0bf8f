"""The key room: signing keys of the vendor, certificates of the two servers, unlock keys of the terminals.

Signing and unlock keys come from fixed seeds, so that the same build gives the same bytes in every run; they protect
nothing outside a simulated rig. Server keys and certificates are new in every process.
"""

from __future__ import annotations

import hashlib
import hmac
import ssl
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.x509.oid import NameOID

from posrig.simulated.hardware.board import Trust

FIRMWARE_KEY = "firmware-1"
"""Key id with the right to sign firmware."""

PARAMETER_KEY = "parameters-1"
"""Key id of the same vendor without that right (RFC 9124 THREAT.UPD.UNAPPROVED)."""

_RAW = serialization.Encoding.Raw, serialization.PublicFormat.Raw


@dataclass(frozen=True)
class ServerIdentity:
    """One server's TLS side: a ready context, and the pin (SHA-256 of the certificate's DER, hex)."""

    context: ssl.SSLContext
    pin: str


@dataclass(frozen=True)
class KeyRoom:
    """All keys of one process. Nothing in here is printed: the fields that are secret have no repr."""

    host: dict[str, ServerIdentity]
    """``good`` is the pinned one, ``wrong`` a certificate of somebody else for the same name."""
    update: dict[str, ServerIdentity]

    def signer(self, key_id: str) -> Ed25519PrivateKey:
        """The private key of that id. Raises KeyError for an id that the vendor does not have."""
        return _signers()[key_id]

    def unlock_key(self, serial_number: str) -> bytes:
        """The key that the help desk shares with this one terminal: another serial number has another key."""
        return hmac.digest(b"posrig unlock master", serial_number.encode(), hashlib.sha256)

    def trust(self, serial_number: str) -> Trust:
        """What the key room injects into that terminal."""
        public = _signers()[FIRMWARE_KEY].public_key().public_bytes(*_RAW)
        return Trust(
            {FIRMWARE_KEY: public}, self.unlock_key(serial_number), self.host["good"].pin, self.update["good"].pin
        )


@cache
def key_room() -> KeyRoom:
    """The process's key room, made at the first call (about 10 ms)."""
    return KeyRoom(
        host={kind: _identity("host.posrig.test") for kind in ("good", "wrong")},
        update={kind: _identity("update.posrig.test") for kind in ("good", "wrong")},
    )


@cache
def _signers() -> dict[str, Ed25519PrivateKey]:
    return {
        key_id: Ed25519PrivateKey.from_private_bytes(hashlib.sha256(f"posrig {key_id}".encode()).digest())
        for key_id in (FIRMWARE_KEY, PARAMETER_KEY)
    }


def _identity(name: str) -> ServerIdentity:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2049, 1, 1, tzinfo=UTC))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pin = hashlib.sha256(certificate.public_bytes(serialization.Encoding.DER)).hexdigest()
    pem = certificate.public_bytes(serialization.Encoding.PEM) + key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return ServerIdentity(_server_context(pem), pin)


def _server_context(pem: bytes) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    # a session ticket would arrive as unasked bytes on an idle line, which the network interface reads as "closed"
    context.num_tickets = 0
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "server.pem")
        file.write_bytes(pem)
        context.load_cert_chain(file)
    return context
