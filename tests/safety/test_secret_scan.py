"""The scanner over a run's artefacts: finds what was planted, in every form, and tells nothing of it."""

import base64
import gzip
import io
import json
import re
import zipfile
from pathlib import Path

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from posrig.evidence.card_numbers import card_numbers, is_card_number
from posrig.evidence.secret_scan import Finding, Scan, scan
from posrig.ground.secret import Masks, Secret

PASSWORD = Secret("730918", "password of 00")
PIN = Secret("4837", "password of 01")
SEED = Secret("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", "time-code seed of 00")
SECRETS = (PASSWORD, PIN, SEED)
PAN = "4111111111111111"


def png(kind: str) -> bytes:
    info = PngInfo()
    if kind == "tEXt":
        info.add_text("step", "typed 730918")
    elif kind == "zTXt":
        info.add_text("step", "typed 730918", zip=True)
    else:
        info.add_itxt("step", "输入 730918", zip=True)
    out = io.BytesIO()
    Image.new("1", (128, 64)).save(out, "PNG", pnginfo=info)
    return out.getvalue()


def zipped(*layers: str, text: bytes = b"x 730918 y") -> bytes:
    data = text
    for name in layers:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(name, data)
        data = out.getvalue()
    return data


PLANTED: dict[str, tuple[bytes, str]] = {
    "plain.txt": (b"typed 730918", "password of 00"),
    "spaced.txt": (b"typed 7 3 0 9 1 8", "password of 00"),
    "keys.json": (json.dumps(["7", "3", "0", "9", "1", "8", "ENTER"]).encode(), "password of 00"),
    "indented.json": (b'{"typed": "730918"}', "password of 00"),
    "pin.html": (b"<td>Password</td><td>4837</td>", "password of 01"),
    "pin-zh.json": ('["操作员签到", "请输入密码:", "4837"]'.encode(), "password of 01"),
    "pin-dashed.html": (b"<td>4-8-3-7</td>", "password of 01"),
    "timeline.jsonl": (b"".join(b'{"t": 1.5, "key": "%c"}\n' % key for key in b"730918"), "password of 00"),
    "service.log": (
        b"".join(
            b"%d 1.0 key code=%c edge=down\n%d 1.1 key code=%c edge=up\n" % (i, k, i, k) for i, k in enumerate(b"4837")
        ),
        "password of 01",
    ),
    "seed.txt": (b"jbsw y3dp ehpk 3pxp jbsw y3dp ehpk 3pxp", "time-code seed of 00"),
    "otpauth.txt": (b"otpauth://totp/x?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&y", "time-code seed of 00"),
    "inline.html": (b"data:text/plain;base64," + base64.b64encode(b"then 730918 was typed"), "password of 00"),
    "wrapped.txt": (base64.encodebytes(b"#" * 53 + b" 730918 " + b"#" * 60), "password of 00"),
    "text.png": (png("tEXt"), "password of 00"),
    "ztext.png": (png("zTXt"), "password of 00"),
    "itext.png": (png("iTXt"), "password of 00"),
    "bundle.zip": (zipped("a.txt"), "password of 00"),
    "nested.zip": (zipped("a.txt", "b.zip", "c.zip"), "password of 00"),
    "log.gz": (gzip.compress(b"typed 730918"), "password of 00"),
    "binary.bin": (b"\xff\x00\x80730918\x00\xfe", "password of 00"),
    "card.txt": (PAN.encode(), "card number"),
    "card-spaced.txt": (b"card 4111 1111 1111 1111 ok", "card number"),
    "track1.txt": (b"%B4111111111111111^TEST/CARD^2512", "card number"),
    "track2.txt": (b";4111111111111111=25121010", "card number"),
    "track2d.txt": (b"4111111111111111D2512101", "card number"),
    "unionpay.json": (b'{"pan":"6212341111111111116"}', "card number"),
}


@pytest.mark.parametrize("name", PLANTED)
def test_what_was_planted_is_found_and_not_repeated(tmp_path: Path, name: str) -> None:
    data, what = PLANTED[name]
    (tmp_path / name).write_bytes(data)
    found = scan([tmp_path], SECRETS)
    assert what in {finding.what for finding in found.findings}
    assert all(finding.file.startswith(name) for finding in found.findings)
    assert not found.clean
    for shown in (*map(str, found.findings), repr(found)):
        assert not any(value in shown for value in ("730918", "4837", PAN, "JBSWY3DP"))


def test_the_offset_points_at_it(tmp_path: Path) -> None:
    text = "步骤三：typed 730918"
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    assert scan([tmp_path], SECRETS).findings == (
        Finding("a.txt", len("步骤三：typed ".encode()), "password of 00", "plain"),
    )


CLEAN = {
    "epoch ms, us, ns": "1767945600000 1767945600000000 1767945600000000000",
    "dates": "20260109080000 20260109080000123 2026-01-09T08:00:00.000000",
    "floats": "0.4111111111111111 12.4111111111111111 4.111111111111111e-05",
    "uuid": "a4111111111111111b 4111-1111-1111-1111-123456789012 411111111111111a",
    "masked card": "411111******1111",
    "wrong check digit": "4111111111111112 5555555555554445",
    "zeros": "0000000000000000 4444444444444444444",
    "pin inside numbers": "148370 x=94837 48371",
    "digits of no issuer": "9123456789012345 1234567812345670",
    "a number like the pin": '"duration_ms": 4837, "current_a": 0.4837, "uuid": "a4837b", trace 4837, "ref": "4837"',
    "key counts": '{"presses": {"4": 8, "3": 7}}',
}


@pytest.mark.parametrize("name", CLEAN)
def test_what_is_no_secret_is_not_found(tmp_path: Path, name: str) -> None:
    (tmp_path / "a.json").write_text(CLEAN[name])
    assert scan([tmp_path], SECRETS).findings == ()


@pytest.mark.parametrize(
    "number",
    ["4111111111111111", "5555555555554444", "2223003122003222", "378282246310005", "6011111111111117",
     "3530111333300000", "30569309025904", "6200000000000005", "6759649826438453", "4222222222222"],
)  # fmt: skip
def test_published_test_numbers_of_every_scheme_are_card_numbers(number: str) -> None:
    assert is_card_number(number)
    assert not is_card_number(number[:-1] + str((int(number[-1]) + 1) % 10))
    assert [found for _, found in card_numbers(f"pan={number},")] == [number]


def test_a_number_known_to_be_harmless_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(PAN)
    assert scan([tmp_path], harmless_numbers=[PAN]).clean


def test_what_cannot_be_looked_into_is_said(tmp_path: Path) -> None:
    (tmp_path / "deep.zip").write_bytes(zipped("a", "b", "c", "d", "e"))
    broken = bytearray(zipped("a.txt", text=bytes(range(256)) * 50))
    broken[60:80] = b"\xff" * 20
    (tmp_path / "broken.zip").write_bytes(bytes(broken))
    found = scan([tmp_path], SECRETS)
    assert not found.clean
    assert len(found.unread) == 2
    assert found.files == 2


def test_an_empty_folder_is_clean_and_counted(tmp_path: Path) -> None:
    assert scan([tmp_path], SECRETS) == Scan((), (), 0)
    assert scan([tmp_path], SECRETS).clean


HASH_LENGTHS = (16, 32, 40, 64)


def is_in_a_hash(before: str, after: str) -> bool:
    head, tail = re.search(r"[0-9a-z]*\Z", before), re.match(r"[0-9a-z]*", after)
    letters = [letter for letter in (head[0] if head else "") + (tail[0] if tail else "") if letter.isalpha()]
    length = 6 + sum(len(part[0]) for part in (head, tail) if part)
    return length in HASH_LENGTHS and len(letters) >= 2


@example(before="00000", after="0000a")
@given(before=st.text("ab 0.-\n", max_size=20), after=st.text("ab 0.-\n", max_size=20))
def test_whatever_was_masked_is_clean_and_whatever_was_not_is_found(
    tmp_path_factory: pytest.TempPathFactory, before: str, after: str
) -> None:
    assume(not re.search(r"\d\.\d*\Z", before) and not re.match(r"\d*\.\d", after))  # a decimal: below
    assume(not is_in_a_hash(before, after))  # below too
    folder = tmp_path_factory.mktemp("run")
    text = f"{before}730918{after}"
    (folder / "raw.txt").write_text(text)
    assert scan([folder], SECRETS).findings
    (folder / "raw.txt").write_text(Masks(SECRETS).mask(text))
    assert scan([folder], SECRETS).clean


CHANCE = [
    '{"start": 1795730918517, "stop": 1795382730918}',
    "[1767730918.25, 0.730918]",
    "3b7730918ad-c926",
    "3b78a53e-f5e6-4b88-bb9f-8b026c730918",
    "96b9b6a7aa2d730918270e8e893fa1a1",
]


@pytest.mark.parametrize("text", [CHANCE[0], CHANCE[1], CHANCE[3], CHANCE[4]])
def test_the_digits_of_a_time_stamp_or_an_id_are_nobodys_password(tmp_path: Path, text: str) -> None:
    """Without it about one run in fifty ended with a safety abort over the milliseconds of a scenario."""
    (tmp_path / "result.json").write_text(text)
    assert scan([tmp_path], SECRETS).clean


@pytest.mark.parametrize("text", [CHANCE[2], "id 730918", "sent 00730918", "730918 at 1795382585517", "x=730918."])
def test_beside_a_time_stamp_or_in_a_longer_number_a_password_is_found(tmp_path: Path, text: str) -> None:
    (tmp_path / "result.json").write_text(text)
    assert scan([tmp_path], SECRETS).findings
