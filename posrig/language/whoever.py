"""Words for whoever a profile has in a part: what a scenario for any terminal says in the place of a role's own word.

| English | Chinese | who |
|---|---|---|
| the duty operator | 当班人员 | the first number of the first role that signs on and may lock |
| the other operator | 另一位人员 | the next number of the same role |
| the unlocker | 解锁人 | who lifts the duty operator's lock: the first role of the way, else the duty operator |
| the second unlocker | 第二解锁人 | the next role that the way names |
| the resetter | 恢复出厂人 | the last role whose secret a factory reset needs |
| the first role ... the fourth role | 第一种角色 … 第四种角色 | the roles of the profile in its order |

A word of the profile's own goes before one of these. Where nobody has the part, a scenario that names it is skipped.
"""

from __future__ import annotations

from collections.abc import Mapping

from posrig.description.profile import Profile

DUTY = ("duty operator", "当班人员")
OTHER = ("other operator", "另一位人员")
UNLOCKER = ("unlocker", "解锁人")
SECOND_UNLOCKER = ("second unlocker", "第二解锁人")
RESETTER = ("resetter", "恢复出厂人")
PLACES = (
    ("first role", "第一种角色"),
    ("second role", "第二种角色"),
    ("third role", "第三种角色"),
    ("fourth role", "第四种角色"),
)
NOBODY = ("", "")


def parts(profile: Profile) -> Mapping[str, tuple[str, str]]:
    """Word -> role and operator; both empty where the profile has nobody for it."""
    roles = list(profile.data.roles)
    found = {
        DUTY: _duty(profile), OTHER: _other(profile), UNLOCKER: _unlocker(profile, 0),
        SECOND_UNLOCKER: _unlocker(profile, 1), RESETTER: _resetter(profile),
    }  # fmt: skip
    for place, words in enumerate(PLACES):
        found[words] = _who(profile, roles[place]) if place < len(roles) else NOBODY
    return {word: who for words, who in found.items() for word in words}


def _who(profile: Profile, role: str) -> tuple[str, str]:
    return role, profile.operator_of(role)


def _duty(profile: Profile) -> tuple[str, str]:
    roles = profile.data.roles
    may = [role for way in profile.data.ways.get("lock", ()) for role in way.roles] or list(roles)
    return next((_who(profile, role) for role in may if roles[role].ids), NOBODY)


def _other(profile: Profile) -> tuple[str, str]:
    role, _ = _duty(profile)
    ids = profile.data.roles[role].ids if role else ()
    return (role, ids[1]) if len(ids) > 1 else NOBODY


def _unlocker(profile: Profile, place: int) -> tuple[str, str]:
    forms = profile.data.ways.get("unlock", ())
    named = list(dict.fromkeys(role for way in forms for role in (way.roles or way.by[:1])))
    if named:
        return _who(profile, named[place]) if place < len(named) else NOBODY
    return _duty(profile) if forms and place == 0 else NOBODY


def _resetter(profile: Profile) -> tuple[str, str]:
    by = [role for way in profile.data.ways.get("factory reset", ()) for role in way.by]
    return _who(profile, by[-1]) if by else NOBODY
