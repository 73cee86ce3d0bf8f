"""Which rule of features/requirements.yaml a trial's finding breaks, by its circumstances."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from posrig.fuzzing.models.terminal_r.trials.fingers_on_keys import LONG
from posrig.fuzzing.models.terminal_r.trials.trial import Circumstances, Trial

_PACKAGES = {
    "older": "R-UPDATE-3", "wrong_precursor": "R-UPDATE-3", "wrong_model": "R-UPDATE-4", "wrong_type": "R-UPDATE-4",
    "wrong_slot": "R-UPDATE-4", "expired": "R-UPDATE-5", "extra_bytes": "R-UPDATE-6", "cut_short": "R-UPDATE-6",
    "oversize": "R-UPDATE-14", "name_injection": "R-UPDATE-8", "version_injection": "R-UPDATE-8",
    "not_starting": "R-UPDATE-12", "sound": "R-UPDATE-1",
}  # fmt: skip
"""All others are without a right signature."""
_SERVERS = {
    "endless": "R-UPDATE-14", "flips a byte": "R-UPDATE-2", "replaces the image": "R-UPDATE-7",
    "mixes two images": "R-UPDATE-7", "wrong certificate": "R-UPDATE-16", "line drops": "R-UPDATE-10",
}  # fmt: skip


def rules_broken(trial: Trial, chosen: Circumstances, oracle: str) -> tuple[str, ...]:
    """One rule, or several where one expectation is about all of them."""
    return _BY_TRIAL[trial.name](chosen, oracle)


def _update(chosen: Circumstances, _oracle: str) -> tuple[str, ...]:
    if chosen["with"] != "an empty batch":
        return ("R-UPDATE-11",) if chosen["with"] == "an open batch" else ("R-UPDATE-13",)
    if chosen["server"] != "true":
        return (_SERVERS[chosen["server"]],)
    if chosen["cut"] != "no":
        return ("R-UPDATE-9",)
    return (_PACKAGES.get(chosen["package"], "R-UPDATE-2"),)


def _reset(chosen: Circumstances, _oracle: str) -> tuple[str, ...]:
    if chosen["against it"] != "nothing":
        return ("R-RESET-2",)
    if chosen["held"] != "6 s" or chosen["code"] != "right":
        return ("R-RESET-1",)
    return ("R-RESET-3",) if chosen["cut after"] == "no" else ("R-RESET-4",)


def _sale(chosen: Circumstances, _oracle: str) -> tuple[str, ...]:
    if chosen["event"] == "daily restart":
        return ("R-RESTART-2",)
    return ("R-SALE-1",) if chosen["left before by"] == "nothing" else ("R-SALE-2",)


def _log(chosen: Circumstances, oracle: str) -> tuple[str, ...]:
    if oracle == "secrets":
        return ("R-LOG-4",)
    if chosen["year"] != "goes on":
        return ("R-TIME-3",)
    secret = ("R-LOG-4",) if "a password typed as number" in chosen.values() else ()
    return ("R-LOG-1", "R-LOG-2", *secret)


def _tamper(chosen: Circumstances, _oracle: str) -> tuple[str, ...]:
    return ("R-TAMPER-2",) if "file of another terminal" in chosen.values() else ("R-TAMPER-1",)


def _lock_out_time(chosen: Circumstances, _oracle: str) -> tuple[str, ...]:
    if chosen["clock"] != "good":
        return ("R-TIME-1",)
    if "time" in chosen["begins"]:
        return ("R-TIME-2",)
    return ("R-TIME-3",) if "year" in chosen["begins"] else ("R-LOCKOUT-1",)


def _fingers(chosen: Circumstances, _oracle: str) -> tuple[str, ...]:
    return ("R-KEY-3",) if chosen["keys"] in LONG else ("R-KEY-1",)


def _always(*rules: str) -> Callable[[Circumstances, str], tuple[str, ...]]:
    return lambda _chosen, _oracle: rules


_BY_TRIAL: Mapping[str, Callable[[Circumstances, str], tuple[str, ...]]] = {
    "update": _update,
    "reset": _reset,
    "sale": _sale,
    "refund": _always("R-SALE-3"),
    "log": _log,
    "log flood": _always("R-LOG-3"),
    "weak passwords": _always("R-PASSWORD-1"),
    "deletions": _always("R-ROLE-3"),
    "first passwords": _always("R-SIGNON-4"),
    "inner prompts": _always("R-LOCKOUT-4"),
    "another day": _always("R-SIGNON-7"),
    "tamper": _tamper,
    "used service file": _always("R-TAMPER-2"),
    "self-test": _always("R-SELFTEST-1"),
    "lock-out time": _lock_out_time,
    "fingers": _fingers,
    "timing": _always("R-SIGNON-2"),
}
