"""Secrets work and never show."""

import copy
import json
import logging
import pickle
import traceback
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posrig.ground.secret import MASK, Masks, Secret, masked

VALUE = "730918"
SEED = "JBSWY3DPEHPK3PXP"


@dataclass(frozen=True)
class Login:
    operator: str
    password: Secret


def every_text(secret: Secret, caplog: pytest.LogCaptureFixture) -> dict[str, str]:
    login = Login("00", secret)
    logging.getLogger("x").warning("typed %s as %r", secret, login)
    try:
        raise RuntimeError("cannot sign on", secret)
    except RuntimeError as error:
        trace = "".join(traceback.format_exception(error))
    return {
        "str": str(secret),
        "repr": repr(secret),
        "format": f"{secret} {secret!r} {secret:>20}",
        "dataclass": repr(login),
        "container": str({"password": [secret]}),
        "log": caplog.text,
        "traceback": trace,
        "json": json.dumps({"password": secret}, default=masked),
        "vars": str(dir(secret)),
    }


def test_no_text_of_a_secret_shows_it(caplog: pytest.LogCaptureFixture) -> None:
    for way, text in every_text(Secret(VALUE, "password of 00"), caplog).items():
        assert VALUE not in text, way
    assert repr(Secret(VALUE, "password of 00")) == "<password of 00: ***>"


def test_a_secret_does_not_travel() -> None:
    secret = Secret(VALUE)
    with pytest.raises(TypeError, match="not pickled"):
        pickle.dumps(secret)
    with pytest.raises(TypeError) as refused:
        json.dumps(secret)
    assert VALUE not in str(refused.value)
    assert copy.deepcopy([secret])[0] is secret


def test_a_secret_equals_only_the_same_secret() -> None:
    assert Secret(VALUE) == Secret(VALUE, "other label")
    assert Secret(VALUE) != Secret("730919")
    assert Secret(VALUE) != VALUE
    assert len({Secret(VALUE), Secret(VALUE)}) == 1
    assert Secret(VALUE).matches(VALUE)
    assert not Secret(VALUE).matches("")
    assert Secret(VALUE).reveal() == VALUE


SPELLINGS = [
    "730918",
    "7 3 0 9 1 8",
    "7-3-0-9-1-8",
    "7, 3, 0, 9, 1, 8",
    '"7", "3", "0", "9", "1", "8"',
    "730 918",
    "730-918",
    "x730918y",
]


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_every_usual_spelling_is_masked(spelling: str) -> None:
    text = Masks([Secret(VALUE)]).mask(f"pressed {spelling} then ENTER")
    assert MASK in text
    assert text.startswith("pressed ")
    assert text.endswith(" then ENTER")
    assert not set("7309") & set(text)


@pytest.mark.parametrize(
    "spelling", [SEED, SEED.lower(), "JBSW Y3DP EHPK 3PXP", "jbsw-y3dp-ehpk-3pxp", f"otpauth://totp/00?secret={SEED}&x"]
)
def test_a_seed_is_masked_in_every_spelling(spelling: str) -> None:
    assert "pehpk" not in Masks([Secret(SEED)]).mask(spelling).lower().replace(" ", "").replace("-", "")


def test_a_short_password_is_not_seen_inside_a_longer_number() -> None:
    masks = Masks([Secret("4821")])
    assert masks.mask("trace 148210, code 4821, id=4821;") == f"trace 148210, code {MASK}, id={MASK};"


def test_a_secret_inside_another_leaves_no_rest() -> None:
    assert Masks([Secret("730918"), Secret("73091846")]).mask("73091846") == MASK


def test_what_becomes_known_later_is_masked_too() -> None:
    masks = Masks()
    assert masks.mask("unlock 90317245") == "unlock 90317245"
    code = masks.add(Secret("90317245", "unlock code"))
    masks.add(Secret(""))
    assert masks.mask("unlock 90317245") == "unlock ***"
    assert masks.secrets == (code,)


@given(
    st.lists(st.text("0123456789", min_size=6, max_size=8), min_size=1, max_size=4),
    st.lists(st.text('ab 0123456789-,\n"', max_size=12), min_size=2, max_size=5),
)
def test_no_text_keeps_a_secret(values: list[str], around: list[str]) -> None:
    text = values[0].join(around)
    kept = Masks(map(Secret, values)).mask(text)
    assert not any(value in kept for value in values)
