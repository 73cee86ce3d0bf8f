"""Packages: a sound one verifies, and each fault breaks exactly what it names. The help desk's codes. The host's books."""

from __future__ import annotations

import base64
import hashlib
import json

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from posrig.simulated.world.helpdesk import unlock_code
from posrig.simulated.world.keys import FIRMWARE_KEY, key_room
from posrig.simulated.world.ledger import Ledger
from posrig.simulated.world.packages import FAULTS, HEADER, MAGIC, Package, build, canonical

NOW = 1_767_945_600.0


def signature_holds(package: Package) -> bool:
    file = json.loads(package.manifest)
    key = Ed25519PublicKey.from_public_bytes(key_room().trust("12345678").update_keys[FIRMWARE_KEY])
    try:
        key.verify(base64.b64decode(file["signature"]), canonical(file["manifest"]))
    except InvalidSignature:
        return False
    return True


def image_is_whole(package: Package) -> bool:
    fields = package.fields
    return len(package.image) == fields["size"] and hashlib.sha256(package.image).hexdigest() == fields["sha256"]


def test_a_sound_package_is_signed_whole_and_the_same_each_time() -> None:
    package = build(key_room(), size=20_000, now=NOW)
    assert signature_holds(package)
    assert image_is_whole(package)
    assert package.image.startswith(HEADER + b'{"boots":true,"model":"R","version":"2.5.0"}\n')
    assert package == build(key_room(), size=20_000, now=NOW)
    assert package.fields["expires"] == "2026-02-08T08:00:00Z"


@pytest.mark.parametrize(
    "fault", ["unsigned", "bad_signature", "manifest_changed", "key_without_right", "key_false_name"]
)
def test_faults_of_the_signature(fault: str) -> None:
    assert not signature_holds(build(key_room(), size=20_000, now=NOW, faults=[fault]))


@pytest.mark.parametrize("fault", ["changed", "extra_bytes", "cut_short", "oversize"])
def test_faults_of_the_image(fault: str) -> None:
    package = build(key_room(), size=20_000, now=NOW, faults=[fault])
    assert signature_holds(package)
    assert not image_is_whole(package)


SIGNATURE_OR_IMAGE = {
    "unsigned", "bad_signature", "manifest_changed", "key_without_right", "key_false_name",
    "changed", "extra_bytes", "cut_short", "oversize",
}  # fmt: skip


@pytest.mark.parametrize("fault", sorted(set(FAULTS) - SIGNATURE_OR_IMAGE))
def test_faults_that_only_a_rule_can_find_are_signed_and_whole(fault: str) -> None:
    package = build(key_room(), size=20_000, now=NOW, faults=[fault])
    assert signature_holds(package)
    assert image_is_whole(package)
    assert package != build(key_room(), size=20_000, now=NOW)


def test_an_unknown_fault_names_the_known_ones() -> None:
    with pytest.raises(ValueError, match="unsigned"):
        build(key_room(), size=20_000, now=NOW, faults=["typo"])


@given(st.binary(max_size=64))
def test_bytes_that_are_no_package_are_a_clear_error(raw: bytes) -> None:
    with pytest.raises(ValueError, match="not a package"):
        Package.from_bytes(b"X" + raw)


@given(st.integers(1, 100), st.binary(max_size=50))
def test_a_manifest_longer_than_the_file_is_a_clear_error(more: int, rest: bytes) -> None:
    with pytest.raises(ValueError, match=f"has {len(rest) + more} bytes"):
        Package.from_bytes(MAGIC + (len(rest) + more).to_bytes(4, "big") + rest)


def test_a_package_file_comes_apart_as_it_was_put_together() -> None:
    package = build(key_room(), size=20_000, now=NOW, faults=["extra_bytes"])
    assert Package.from_bytes(package.to_bytes()) == package


@given(st.tuples(*[st.text("0123456789", min_size=4, max_size=8)] * 2), st.sampled_from(["2026-01-09", "2026-01-10"]))
def test_an_unlock_code_is_bound_to_terminal_day_and_challenge(words: tuple[str, str], day: str) -> None:
    serial, challenge = words
    room = key_room()
    code = unlock_code(room.unlock_key(serial), serial, day, challenge)
    assert len(code) == 8
    assert code.isdigit()
    others = {
        unlock_code(room.unlock_key(serial + "1"), serial + "1", day, challenge),
        unlock_code(room.unlock_key(serial), serial, "2026-01-11", challenge),
        unlock_code(room.unlock_key(serial), serial, day, challenge + "1"),
    }
    assert code not in others


def sale(trace: int, amount: int = 500, kind: str = "sale", original: int | None = None) -> dict[str, object]:
    return {"type": kind, "trace": trace, "amount": amount, "original": original}


def test_the_books_take_a_trace_once_and_reverse_it_once() -> None:
    books = Ledger()
    assert books.book(sale(1), approve=True)
    assert books.book(sale(1), approve=True)
    assert [books.reverse(1), books.reverse(1)] == [True, False]
    assert not books.book(sale(1), approve=True), "a reversed trace stays reversed"
    assert books.as_list() == [{"trace": 1, "type": "sale", "amount": 500, "state": "reversed"}]


def test_a_reversal_that_overtakes_its_sale_refuses_the_sale() -> None:
    books = Ledger()
    assert not books.reverse(7)
    assert not books.book(sale(7), approve=True)


def test_a_void_takes_its_sale_out_of_the_batch_and_its_reversal_puts_it_back() -> None:
    books = Ledger()
    books.book(sale(1), approve=True)
    books.book(sale(2, kind="void", original=1), approve=True)
    assert books.totals() == {"count": 0, "sum": 0}
    books.reverse(2)
    assert books.totals() == {"count": 1, "sum": 500}


def test_a_batch_closes_only_when_both_sides_agree() -> None:
    books = Ledger()
    books.book(sale(1, 500), approve=True)
    books.book(sale(2, 200, "refund", 1), approve=True)
    books.book(sale(3, 900), approve=False)
    lines = [{"trace": 1, "type": "sale", "amount": 500}, {"trace": 2, "type": "refund", "amount": 200}]
    assert not books.settle(1, lines[:1])
    assert books.totals() == {"count": 2, "sum": 300}
    assert books.settle(1, lines)
    assert books.totals() == {"count": 0, "sum": 0}
    assert [entry["state"] for entry in books.as_list()] == ["settled", "settled", "refused"]


def test_a_closed_batch_may_come_again_under_its_number_and_closes_nothing_new() -> None:
    books = Ledger()
    books.book(sale(1, 500), approve=True)
    lines = [{"trace": 1, "type": "sale", "amount": 500}]
    assert books.settle(1, lines)
    books.book(sale(2, 700), approve=True)
    assert books.settle(1, lines)
    assert not books.settle(1, [*lines, {"trace": 2, "type": "sale", "amount": 700}])
    assert [entry["state"] for entry in books.as_list()] == ["settled", "approved"]
