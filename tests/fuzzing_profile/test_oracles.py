"""Each oracle by meaning, through the real wire: what it is there for it tells, alone, and not of the sound terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest
from profile_kit import judged, rig_of

from posrig.fuzzing.models.from_profile.oracles import ORACLES
from posrig.rig.rig import Rig

ON = ("way sign on", "number 100001", "right password")
ON_E = ("way sign on", "number 01", "right password")
GUESS = ("way sign on", "number 100001", "wrong password")
BROKEN: Mapping[str, tuple[str, str, tuple[str, ...]]] = {
    "lock": ("esign", "e_feed_leaves_lock", (*ON_E, "way lock", "FEED")),
    "start": ("counter", "c_lock_in_ram", (*ON, "way lock", "power cut")),
    "wrong password": ("counter", "x_any_password", GUESS),
    "ready": ("counter", "x_open_door", ("STAR",)),
    "session": ("esign", "e_unlock_changes_session", (*ON_E, "way lock", "way unlock", "right password")),
    "limit": ("counter", "c_free_guesses_at_lock", (*ON, "way lock", *("number 100001", "wrong password") * 4)),
    "not before": ("counter", "x_hasty", GUESS * 2),
    "lock-out": ("counter", "x_short_stop", (*GUESS * 4, "left alone for 150 s")),
    "host lock": ("esign", "e_host_lock_lifted_here", ("host lock", "OK", "right password")),
    "entry": ("counter", "x_keeps_digits", ("way sign on", "9", "HASH", "STAR", "way sign on")),
    "reset": ("esign", "e_reset_unasked", ("way factory reset", "OK")),
    "update": ("esign", "e_update_older", ("offer a package: older", *ON_E, "way update", "right password", "OK")),
    "leads": ("counter", "x_dead_key", ("HASH",)),
    "unknown screen": ("counter", "c_stale_rows", (*ON, "way lock", "number 100001", "right password")),
    "liveness": ("counter", "x_notice_stays", GUESS),
}


@pytest.fixture(scope="module")
def sound() -> Iterator[dict[str, Rig]]:
    with rig_of("counter") as counter, rig_of("esign") as esign:
        yield {"counter": counter, "esign": esign}


def unpromised(rig: Rig, promise: str) -> None:
    rules = tuple(rule for rule in rig.profile.data.rules if rule != promise)
    rig.profile.data = rig.profile.data.model_copy(update={"rules": rules})


def test_each_oracle_has_its_defect_here() -> None:
    assert set(BROKEN) == set(ORACLES)


@pytest.mark.parametrize("oracle", sorted(ORACLES))
def test_an_oracle_tells_what_it_is_there_for(oracle: str) -> None:
    """Asked among all others, by the last act, so that the test fails without it."""
    terminal, defect, word = BROKEN[oracle]
    with rig_of(terminal, defect) as rig:
        shown = judged(rig, word)
        assert shown is not None, "nothing was told"
        assert (shown.oracle, shown.word) == (oracle, word)
        others = [name for name in ORACLES if name != oracle]
        rest = judged(rig, word, others)
        assert rest is None or rest.oracle != oracle


@pytest.mark.parametrize("oracle", sorted(ORACLES))
def test_of_the_sound_terminal_nothing_is_told(oracle: str, sound: dict[str, Rig]) -> None:
    terminal, _, word = BROKEN[oracle]
    assert judged(sound[terminal], word) is None


def test_a_page_that_the_profile_knows_may_still_be_the_wrong_one(sound: dict[str, Rig]) -> None:
    """A notice that a key leads to is no way out of anything, so nobody is accused."""
    with rig_of("counter", "x_info_for_all") as rig:
        assert judged(rig, ("2",)) is None


def test_only_the_owner_unlocks_where_the_profile_promises_it(sound: dict[str, Rig]) -> None:
    word = (*ON, "way lock", "number 100002", "right password")
    assert judged(sound["counter"], word) is None
    with rig_of("counter", "c_any_staff_unlocks") as rig:
        shown = judged(rig, word)
        assert shown is not None
        assert (shown.oracle, shown.word[-1]) == ("lock", "right password")
        unpromised(rig, "owner unlocks")
        assert judged(rig, word) is None


def test_a_count_that_a_power_cut_forgets_is_told_where_it_is_promised(sound: dict[str, Rig]) -> None:
    word = (*GUESS * 3, "power cut", *GUESS)
    assert judged(sound["counter"], word) is None
    with rig_of("counter", "c_count_in_ram") as rig:
        shown = judged(rig, word)
        assert shown is not None
        assert shown.oracle == "limit"
        unpromised(rig, "lock-out survives power")
        assert judged(rig, word) is None
