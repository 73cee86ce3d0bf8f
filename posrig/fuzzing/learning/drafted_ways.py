"""Ways for a draft profile: those of the rig's profile that its screens still bear, and those that the leads show."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from typing import Any

from posrig.description.profile import Profile, Way
from posrig.description.profile_ways import OFF

Screens = Mapping[str, Mapping[str, Any]]
MOST_KEYS = 4
"""Keys of a way that is drafted: a longer one is rather a walk."""


def drafted_ways(screens: Screens, profile: Profile) -> dict[str, Any]:
    """Name of a way -> as YAML has it. ``screens``: the draft's, with ``means``, ``asks``, ``leads``, ``rows``."""
    meant = {screen.get("means", "") for screen in screens.values()}
    kept = {
        name: [_plain(way) for way in forms]
        for name, forms in profile.data.ways.items()
        if all(_borne(way, screens, meant) for way in forms)
    }
    found: dict[str, Any] = {}
    if "home" not in kept and profile.data.cancel:
        found["home"] = {"press": profile.data.cancel}
    for name, start, ends, to in (
        ("sign on", "signed off", lambda one: one.get("asks") in ("number", "password"), "ready"),
        ("sign off", "ready", lambda one: one.get("means") == "signed off", "signed off"),
        ("lock", "ready", lambda one: one.get("means") == "locked", "locked"),
        ("version", "signed off", _tells_version, ""),
        ("version", "ready", _tells_version, ""),
    ):
        if name in kept or name in found or (to and to not in meant):
            continue
        if path := _path(screens, start, ends):
            keys, screen = path
            found[name] = {"from": start, "press": " ".join(keys), "to": to or screen}
    return {name: forms[0] if len(forms) == 1 else forms for name, forms in kept.items()} | found


def _tells_version(screen: Mapping[str, Any]) -> bool:
    rows = [row for rows in screen["rows"].values() for row in rows]
    return any(":version}" in row for row in rows) and screen.get("means") != "starting"


def _path(
    screens: Screens, start: str, ends: Callable[[Mapping[str, Any]], bool]
) -> tuple[tuple[str, ...], str] | None:
    """The fewest keys from a screen of this meaning to one that fits, and that screen."""
    queue: deque[tuple[tuple[str, ...], str]] = deque(
        ((), name) for name, screen in screens.items() if screen.get("means") == start
    )
    known = {name for _, name in queue}
    while queue:
        keys, here = queue.popleft()
        for key, there in screens[here].get("leads", {}).items():
            if there in known or len(keys) >= MOST_KEYS:
                continue
            if ends(screens[there]):
                return (*keys, key), there
            known.add(there)
            queue.append(((*keys, key), there))
    return None


def _borne(way: Way, screens: Screens, meant: set[str]) -> bool:
    """Whether every place that a way names is in the draft."""
    places = [*way.from_, *way.to, *(step.expect for step in way.steps if step.expect)]
    named = [*way.confirm, *(step.when for step in way.steps if step.when)]
    return all(one in screens or one in meant or one == OFF for one in places) and all(one in screens for one in named)


def _plain(way: Way) -> dict[str, Any]:
    """As YAML has it, without what is not said."""
    plain = way.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    if "steps" in plain and len(way.steps) == 1 and set(plain["steps"][0]) == {"press"}:
        plain["press"] = plain.pop("steps")[0]["press"]
    return plain
