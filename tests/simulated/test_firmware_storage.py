"""The store: what a transaction holds together, what a cut leaves, the raw areas."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posrig.simulated.terminals.r.firmware.storage import Store

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner, max_size=3), max_leaves=5
)


class PowerCutError(Exception):
    pass


@given(values=st.dictionaries(st.text(min_size=1), VALUES, max_size=5))
@settings(max_examples=40, deadline=None)
def test_what_was_put_is_there_at_the_next_start(
    tmp_path_factory: pytest.TempPathFactory, values: dict[str, object]
) -> None:
    folder = tmp_path_factory.mktemp("flash")
    store = Store(folder)
    for key, value in values.items():
        store.put(key, value)
    store.close()
    again = Store(folder)
    assert {key: again.get(key) for key in again.names()} == values


def _half_done(store: Store) -> None:
    with store.transaction():
        store.put("lock", {"operator": "02"})
        store.run("INSERT INTO causes (time, cause, operator, count) VALUES (0, 'C01', '02', 0)")
        with store.transaction():
            store.put("other", 1)
        raise PowerCutError


def test_a_cut_transaction_leaves_nothing(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.put("lock", {"operator": "01"})
    with pytest.raises(PowerCutError):
        _half_done(store)
    assert store.get("lock") == {"operator": "01"}
    store.close()
    again = Store(tmp_path)
    assert again.get("lock") == {"operator": "01"}
    assert again.get("other") is None
    assert again.rows("SELECT * FROM causes") == []


def test_areas_keep_every_block_that_was_written(tmp_path: Path) -> None:
    store = Store(tmp_path)
    with store.area("slot_b").open("wb") as area:
        area.write(b"half an image")
    store.close()
    assert Store(tmp_path).area("slot_b").read_bytes() == b"half an image"
