"""Where a search begins: what somebody who knows the profile would do first, as acts. Acts that have no meaning where
the terminal is are left out when a script is done, so one script serves terminals that ask for less.

After a script the search goes on from where it led; later scripts come again with acts put in by chance.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

from posrig.description.profile import Profile
from posrig.fuzzing.models.from_profile import acts
from posrig.fuzzing.models.from_profile.scopes import Scope

Script = tuple[str, ...]
RIGHT = (acts.RIGHT, acts.CODE)
LOCK, UNLOCK, SIGN_ON = "way lock", "way unlock", "way sign on"
TRIES = 5
"""Wrong passwords where the policy does not say how many lock out."""
MOST_PUT_IN = 3


def scripts(profile: Profile, scope: Scope) -> tuple[Script, ...]:
    """Those of a scope, in their order; only acts that it has."""
    made = _OF.get(scope.name, _work)(_People(profile))
    return tuple(dict.fromkeys(tuple(one for one in script if one in scope.table) for script in made))


def varied(script: Script, scope: Scope, rng: random.Random) -> Script:
    """The same with one to three acts put in, or one doubled."""
    found = list(script)
    for _ in range(rng.randint(1, MOST_PUT_IN)):
        at = rng.randint(0, len(found))
        found.insert(at, rng.choice(found) if found and rng.random() < 0.25 else rng.choice(scope.acts))
    return tuple(found)


class _People:
    """Who acts, by the profile."""

    def __init__(self, profile: Profile) -> None:
        self.profile, about = profile, profile.data
        numbered = {name: role.ids for name, role in about.roles.items() if role.ids}
        self.numbers = [f"number {one}" for ids in numbered.values() for one in ids[:2]]
        """The first of each role, and a second one."""
        self.firsts = [f"number {ids[0]}" for ids in numbered.values()]
        self.tries = about.policy.wrong_passwords or TRIES
        self.submit = about.submit
        self.function = [one for one in profile.keys if not one.isdigit()]
        steps = [step for forms in about.ways.values() for form in forms for step in form.steps]
        self.turned = [acts.hold(step.hold, step.for_s or acts.LONG_S).name for step in steps if step.hold]

    def on(self, number: str) -> Script:
        return (SIGN_ON, number, *RIGHT)

    def number_of(self, roles: Sequence[str]) -> Script:
        ids = [one for role in roles for one in self.profile.data.roles[role].ids[:1]]
        return tuple(f"number {one}" for one in ids[:1])

    def ways(self, name: str) -> Iterator[tuple[Script, str]]:
        """For each form of a way: the number of who has to give a password, and its last key."""
        for form in self.profile.data.ways.get(name, ()):
            keys = [one for step in form.steps for one in step.press.split() if one != self.submit]
            yield self.number_of(form.by or form.roles), keys[-1] if keys else ""


def _work(who: _People) -> Iterator[Script]:
    for number in who.numbers or [""]:
        yield who.on(number)


def _lock(who: _People) -> Iterator[Script]:
    for number in who.firsts or [""]:
        locked = (*who.on(number), LOCK)
        yield (*locked, acts.CUT)
        yield (*locked, *who.function)
    for number in who.firsts or [""]:
        locked = (*who.on(number), LOCK)
        yield (*locked, UNLOCK, *RIGHT)
        for other in who.numbers:
            yield (*locked, UNLOCK, other, *RIGHT)
        yield (*locked, number, acts.WRONG, number, acts.SHORT, UNLOCK, acts.WRONG)
        yield (*locked, *(f"{one} x{acts.TIMES}" for one in who.function))
        yield (*who.on(number), acts.CUT, *who.on(number), LOCK, acts.CUT, *who.function)


def _lock_out(who: _People) -> Iterator[Script]:
    for number in who.firsts or [""]:
        guess = (SIGN_ON, number, acts.WRONG)
        yield (*guess * who.tries, acts.CUT, acts.WAITED, *who.on(number))
        locked = (*who.on(number), LOCK)
        yield (*locked, *(number, acts.WRONG) * who.tries)
        yield (*locked, *(UNLOCK, acts.WRONG) * who.tries, acts.WAITED, UNLOCK, *RIGHT)
        yield (*guess * (who.tries - 1), acts.CUT, *guess)
    for number in who.firsts or [""]:
        guess = (SIGN_ON, number, acts.WRONG)
        yield (*guess * (who.tries - 1), *who.on(number), "way sign off", *guess)
        for other in who.numbers:
            yield (*who.on(number), LOCK, other, acts.WRONG, acts.WRONG)


def _host(who: _People) -> Iterator[Script]:
    for number in who.firsts or [""]:
        on = who.on(number)
        for key in (*who.turned, *who.function):
            yield (*on, acts.HOST_LOCK, key, number, *RIGHT)
        yield (*on, acts.HOST_LOCK, acts.CUT, *who.function, acts.HOST_UNLOCK)
        yield (acts.HOST_LOCK, SIGN_ON, number, *RIGHT, UNLOCK, *RIGHT)
        yield (*on, LOCK, acts.HOST_LOCK, number, *RIGHT, who.submit, *RIGHT, acts.HOST_UNLOCK)


def _reset(who: _People) -> Iterator[Script]:
    for by, last in who.ways("factory reset"):
        for number in who.firsts or [""]:
            done = (*who.on(number), "way factory reset", *by, acts.RIGHT, last, acts.RIGHT, who.submit, acts.CUT)
            yield (*done, SIGN_ON, number, acts.OLD, *who.on(number), acts.NEW, acts.NEW, LOCK, UNLOCK, acts.OLD)
            yield (*who.on(number), LOCK, "way factory reset", *by, who.submit, acts.WRONG, who.submit)
            yield done
        yield ("way factory reset", *by, who.submit, acts.WRONG, who.submit)


def _update(who: _People) -> Iterator[Script]:
    for fault in acts.FAULTS:
        offered = f"offer a package: {fault}"
        for by, last in who.ways("update"):
            for number in who.firsts[:1] or [""]:
                begun = (*who.on(number), "way update", *by, acts.RIGHT, last, acts.STICK_IN, who.submit)
                yield (offered, *begun, acts.CUT)
                yield (offered, *who.on(number), LOCK, acts.STICK_IN, acts.STICK_OUT, who.submit)
    for number in who.firsts or [""]:
        yield who.on(number)


def _chords(who: _People) -> Iterator[Script]:
    for number in who.firsts or [""]:
        yield (*who.on(number), LOCK)


_OF = {"lock": _lock, "lock-out": _lock_out, "host lock": _host, "reset": _reset, "update": _update, "chords": _chords}
