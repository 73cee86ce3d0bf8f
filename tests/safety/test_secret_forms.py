"""C3: any secret, in any form, in any artefact, is found; clean texts give no alarm.

``POSRIG_EXAMPLES=10000`` tries that many; the default is small.
"""

import base64
import gzip
import html
import io
import json
import os
import random
import uuid
import zipfile
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote_from_bytes

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from posrig.description.credentials import generated, weakness
from posrig.evidence.secret_scan import Wanted, scan
from posrig.ground.secret import Secret

EXAMPLES = int(os.environ.get("POSRIG_EXAMPLES", "150"))
DIGITS = {"00": 6, "99": 8, "01": 4, "02": 4, "03": 4, "04": 4, "05": 4}
"""Operator of terminal R -> length of its password."""
TRIED = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))


def shifted(value: str, by: int) -> str:
    return "".join(str((int(digit) + by) % 10) for digit in value)


def escaped(value: str, form: str) -> str:
    return "".join(form.format(ord(letter)) for letter in value)


WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
RELAYS = {str(digit): 1001 + digit for digit in range(10)} | {"ENTER": 1014}


def wanted(*secrets: Secret) -> Wanted:
    found = Wanted(secrets)
    found.channels = RELAYS
    return found


FORMS: dict[str, Callable[[str], bytes]] = {
    "plain": lambda v: f"password {v}".encode(),
    "spaced": lambda v: " ".join(v).encode(),
    "dashes": lambda v: "-".join(v).encode(),
    "one a line": lambda v: "\n".join(v).encode(),
    "one a line, windows": lambda v: "\r\n".join(v).encode(),
    "list": lambda v: json.dumps(list(v)).encode(),
    "indented list": lambda v: json.dumps(list(v), indent=2).encode(),
    "kbd": lambda v: "".join(f"<kbd>{digit}</kbd>" for digit in v).encode(),
    "kbd, spaced": lambda v: " ".join(f"<kbd>{digit}</kbd>" for digit in v).encode(),
    "spans": lambda v: "".join(f'<span class="key">{digit}</span>' for digit in v).encode(),
    "timeline": lambda v: json.dumps([[12.5 + n, "key", digit] for n, digit in enumerate(v)]).encode(),
    "key log": lambda v: "".join(f'{{"t": {n}.25, "key": "{digit}"}}\n' for n, digit in enumerate(v)).encode(),
    "service port": lambda v: "".join(
        f"{n} 1.5 key code={digit} edge=down\n{n} 1.6 key code={digit} edge=up\n" for n, digit in enumerate(v)
    ).encode(),
    "hex": lambda v: v.encode().hex().encode(),
    "hex, upper": lambda v: b"dump " + v.encode().hex().upper().encode(),
    "hex, with blanks": lambda v: v.encode().hex(" ").encode(),
    "hex, colons": lambda v: v.encode().hex(":").encode(),
    "hex, 0x": lambda v: ", ".join(f"0x{ord(letter):02x}" for letter in v).encode(),
    "backslash x": lambda v: escaped(v, "\\x{:02x}").encode(),
    "backslash u": lambda v: escaped(v, "\\u{:04x}").encode(),
    "percent": lambda v: escaped(v, "%{:02X}").encode(),
    "percent, all": lambda v: "".join(f"%{byte:02X}" for byte in f"x {v} y".encode()).encode(),
    "entities": lambda v: escaped(v, "&#{};").encode(),
    "entities, hex": lambda v: escaped(v, "&#x{:x};").encode(),
    "base64, short": lambda v: base64.b64encode(v.encode()),
    "base64, no padding": lambda v: base64.urlsafe_b64encode(v.encode()).rstrip(b"="),
    "base64, in words": lambda v: base64.b64encode(f"the password is {v}".encode()),
    "UTF-16": lambda v: f"password {v}".encode("utf-16"),
    "UTF-16, little": lambda v: f"password {v}".encode("utf-16-le"),
    "UTF-16, big": lambda v: f"password {v}".encode("utf-16-be"),
    "full-width": lambda v: "".join(chr(ord(letter) + 0xFEE0) for letter in v).encode(),
    "full-width, spaced": lambda v: " ".join(chr(ord(letter) + 0xFEE0) for letter in v).encode(),
    "reversed": lambda v: f"password {v[::-1]}".encode(),
    "shifted": lambda v: f"password {shifted(v, 3)}".encode(),
    "taken from nines": lambda v: f"password {''.join(str(9 - int(digit)) for digit in v)}".encode(),
    "taken from tens": lambda v: f"password {''.join(str(-int(digit) % 10) for digit in v)}".encode(),
    "one a line, in JSON": lambda v: json.dumps({"said": "\n".join(v)}).encode(),
    "colours": lambda v: ("password " + "".join(f"\x1b[1m{digit}\x1b[0m" for digit in v)).encode(),
    "colours, in JSON": lambda v: json.dumps("password " + "".join(f"\x1b[1m{digit}\x1b[0m" for digit in v)).encode(),
    "entities of entities": lambda v: html.escape(escaped(v, "&#{};")).encode(),
    "octal": lambda v: escaped(v, "\\{:03o}").encode(),
    "a float": lambda v: f"password {v}.0".encode(),
    "codes": lambda v: " ".join(str(ord(digit)) for digit in v).encode(),
    "list of codes": lambda v: str(list(v.encode())).encode(),
    "Chinese": lambda v: "".join("零一二三四五六七八九"[int(digit)] for digit in v).encode(),
    "Arabic": lambda v: "".join(chr(0x660 + int(digit)) for digit in v).encode(),
    "superscript": lambda v: "".join("⁰¹²³⁴⁵⁶⁷⁸⁹"[int(digit)] for digit in v).encode(),
    "circled": lambda v: "".join("⓪①②③④⑤⑥⑦⑧⑨"[int(digit)] for digit in v).encode(),
    "bold": lambda v: "".join(chr(0x1D7CE + int(digit)) for digit in v).encode(),
    "words": lambda v: " ".join(WORDS[int(digit)] for digit in v).encode(),
    "relays": lambda v: ",".join(str(1001 + int(digit)) for digit in v).encode(),
    "commands": lambda v: "".join(f"ROUT:CLOS (@{1001 + int(d)})\nROUT:OPEN (@{1001 + int(d)})\n" for d in v).encode(),
    "pairs of key and relay": lambda v: str([(digit, 1001 + int(digit)) for digit in v]).encode(),
    "shifted and reversed": lambda v: f"密码：{shifted(v, 7)[::-1]}".encode(),
}


def zipped(data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inner.txt", data)
    return out.getvalue()


def pictured(data: bytes) -> bytes:
    info, out = PngInfo(), io.BytesIO()
    info.add_text("step", data.decode("latin-1"), zip=True)
    Image.new("1", (8, 8)).save(out, "PNG", pnginfo=info)
    return out.getvalue()


ARTEFACTS: dict[str, Callable[[bytes], bytes]] = {
    "a.txt": lambda data: data,
    "scenarios.jsonl": lambda data: b'{"id": "one", "started": 1767945600.25}\n' + data + b"\n",
    "page.html": lambda data: b"<p>" + data + b"</p>",
    "a.bin": lambda data: b"\xff\x80\x01\n" + data + b"\n\xfe",
    "a.zip": zipped,
    "a.log.gz": gzip.compress,
    "inline.html": lambda data: b'<a href="data:text/plain;base64,' + base64.b64encode(b"## " + data + b" ##") + b'">',
    "a.png": pictured,
}


@st.composite
def passwords(draw: st.DrawFn) -> str:
    value = draw(st.text("0123456789", min_size=4, max_size=8))
    assume(weakness(value, "xx") is None and len(set(value)) > 1)
    return value


@TRIED
@given(passwords(), st.sampled_from(sorted(FORMS)), st.sampled_from(sorted(ARTEFACTS)))
def test_c3_any_secret_in_any_form_in_any_artefact_is_found(
    tmp_path_factory: pytest.TempPathFactory, value: str, form: str, artefact: str
) -> None:
    folder = tmp_path_factory.mktemp("run")
    (folder / artefact).write_bytes(ARTEFACTS[artefact](FORMS[form](value)))
    found = scan([folder], wanted(Secret(value, "password of 01")))
    assert "password of 01" in {finding.what for finding in found.findings}, (form, artefact)
    assert value not in repr(found)


TYPED = (
    "taken",
    "JSON",
    "colours",
    "octal",
    "float",
    "codes",
    "Chinese",
    "Arabic",
    "superscript",
    "circled",
    "bold",
    "words",
    "relay",
    "commands",
    "of entities",
    "spaced",
    "dash",
    "line",
    "list",
    "kbd",
    "span",
    "timeline",
    "key log",
    "service",
    "full-width",
    "shifted",
)
"""Forms of what is typed key by key: a seed never is."""


@pytest.mark.parametrize("form", [form for form in FORMS if not any(word in form for word in TYPED)])
def test_c3_a_seed_in_every_form(tmp_path: Path, form: str) -> None:
    seed = generated(1, digits=DIGITS, second_factor=("00",)).totp_seeds["00"]
    (tmp_path / "a.txt").write_bytes(FORMS[form](seed.reveal()))
    assert scan([tmp_path], [seed]).findings, form


def clean_text(source: random.Random) -> str:
    """What reports are full of: times, ids, hashes, counters, amounts, keys of a menu, tables of small numbers."""
    at = 1767945600 + source.random() * 1e6
    parts = [
        f'"start": {int(at * 1000)}, "stop": {int(at * 1e6)}, "at": {at:.6f}, "wall": {source.random() * 90:.6f}',
        f'"uuid": "{uuid.UUID(int=source.getrandbits(128))}", "historyId": "{source.getrandbits(128):032x}"',
        f'"sha256": "{source.getrandbits(256):064x}", "presses": {source.randrange(20_000)}, "line": {source.randrange(400)}',
        f"trace {source.randrange(10**6):06d} SN 12345678 Ref {source.randrange(10**4):04d} 2026-01-09 08:00:01",
        "".join(f"<td>{source.randrange(10)}</td>" for _ in range(6)),
        f"amount {source.randrange(100)}.{source.randrange(100):02d}, {source.randrange(10**4)} bytes",
        html.escape(f"it's {source.randrange(100)}% & more") + quote_from_bytes("画面 键盘".encode()),
        json.dumps(
            [[round(at, 3), "key", key] for key in ("MENU", "5", "3", "ENTER", "1", "2", ".", "0", "0", "ENTER")]
        ),
        base64.b64encode(source.randbytes(60)).decode(),
    ]
    return "\n".join(source.sample(parts, len(parts)))


@TRIED
@given(st.integers(0, 2**32))
def test_c3_clean_texts_give_no_alarm(tmp_path_factory: pytest.TempPathFactory, seed: int) -> None:
    """The bound: an alarm in less than one of a hundred texts would fail within a few thousand examples."""
    source = random.Random(seed)
    folder = tmp_path_factory.mktemp("clean")
    (folder / "a.json").write_text(clean_text(source), encoding="utf-8")
    secrets = generated(source.randrange(10**6), digits=DIGITS, avoid=("12345678",)).masks.secrets
    assert not [one for one in scan([folder], secrets).findings if one.what != "card number"]


@pytest.mark.parametrize(
    "one", ["{0} of them, and so on and on and on. ", "%3{1} of a hundred and more words. ", "{2} is far away. "]
)
def test_c3_numbers_that_are_far_from_one_another_spell_nothing(tmp_path: Path, one: str) -> None:
    text = "".join(one.format(ord(digit), digit, WORDS[int(digit)]) for digit in "2856")
    (tmp_path / "a.txt").write_text(text)
    assert scan([tmp_path], [Secret("2856", "password of 01")]).clean
    source = random.Random(5)
    (tmp_path / "a.jpg").write_bytes(
        b"".join(source.randbytes(40) + b" %d " % source.randrange(48, 58) for _ in range(9000))
    )
    secrets = generated(1, digits=DIGITS, avoid=("12345678",)).masks.secrets
    assert not [one for one in scan([tmp_path], secrets).findings if "codes" in one.how]


def test_c3_a_table_of_small_numbers_is_no_password_and_the_same_keys_are(tmp_path: Path) -> None:
    pin = Secret("4837", "password of 01")
    page = tmp_path / "page.html"
    page.write_text("".join(f'<td class="number">{digit}</td>' for digit in "4837"))
    assert scan([tmp_path], [pin]).clean
    page.write_text("".join(f"<kbd>{digit}</kbd>" for digit in "4837"))
    assert not scan([tmp_path], [pin]).clean


@pytest.mark.parametrize("text", ["password 0xb28", "password 0b101100101000", "密码 0XB28"])
def test_c3_a_password_as_a_number_of_another_base_is_found_where_a_secret_is_spoken_of(
    tmp_path: Path, text: str
) -> None:
    secret = Secret("2856", "password of 01")
    (tmp_path / "a.txt").write_text(text)
    assert scan([tmp_path], [secret]).findings
    (tmp_path / "a.txt").write_text(f"object at 0xb28, {text}f")
    assert scan([tmp_path], [secret]).clean
