"""The scopes of a profile: each a part of what its ways and meanings say, with the acts that belong to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from posrig.description.profile import Profile
from posrig.fuzzing.models.from_profile import acts
from posrig.fuzzing.models.from_profile.acts import Act
from posrig.ground.faults import ConfigurationError

NEEDS = {"host lock": "host.lock", "glass": "touch"}
NUMBERS = 2
"""Operator numbers of each role that are typed."""


@dataclass(frozen=True)
class Scope:
    """One part of the terminal's behaviour. Fulfils :class:`posrig.fuzzing.running.plan.Scope`. ``changes``: the
    terminal is another one afterwards (its data erased, its firmware replaced)."""

    name: str
    about: str
    table: Mapping[str, Act] = field(repr=False)
    weight: int = 1
    changes: bool = False
    needs: str = ""
    """The act of the bench without which there is nothing to do."""
    named: bool = False
    """Somebody asked for it by name."""

    @property
    def acts(self) -> tuple[str, ...]:
        return tuple(self.table)


class _Alphabet:
    """The acts of one profile, in groups."""

    def __init__(self, profile: Profile) -> None:
        self._profile, about = profile, profile.data
        self.prompts = {screen.prompt for screen in about.screens.values()}
        self.meant = set(profile.meaning)
        numbers = [one for role in about.roles.values() for one in role.ids[:NUMBERS]]
        self.numbers = [acts.number(one) for one in numbers] if "number" in self.prompts else []
        self.keys = [acts.key(one) for one in profile.keys]
        self.digit = [acts.key(one) for one in profile.keys if one.isdigit()][-1:]
        named = dict.fromkeys(one for one in (about.submit, about.cancel, about.clear) if one)
        self.plain = [acts.key(one) for one in named]
        self.function = [acts.key(one) for one in profile.keys if not one.isdigit()]
        self.bursts = [acts.burst(one) for one in named]
        self.held = [acts.hold(one) for one in named]
        steps = [step for forms in about.ways.values() for form in forms for step in form.steps]
        self.turned = [acts.hold(step.hold, step.for_s or acts.LONG_S) for step in steps if step.hold]
        self.chords = list(acts.chords(profile.keys))
        self.touches = [acts.touch(one) for one in acts.texts(profile)]

    def secrets(self, *names: str) -> list[Act]:
        """Those that some screen asks for."""
        asks = {acts.RIGHT: "password", acts.WRONG: "password", acts.SHORT: "password", acts.OLD: "password",
                acts.CODE: "time code", acts.WRONG_CODE: "time code", acts.UNLOCK: "unlock code",
                acts.WRONG_UNLOCK: "unlock code", acts.NEW: "new password"}  # fmt: skip
        return [acts.secret(name) for name in names if asks[name] in self.prompts]

    @property
    def right(self) -> list[Act]:
        return self.secrets(acts.RIGHT, acts.CODE)

    def ways(self, *names: str) -> list[Act]:
        """Those that the profile has, and that begin with something to do."""
        known = self._profile.data.ways
        return [acts.way(name) for name in names if any(form.steps for form in known.get(name, ()))]

    def waits(self) -> list[Act]:
        policy, found = self._profile.data.policy, [acts.EVENTS[acts.PASSES]]
        if policy.idle_lock_default_min:
            found.append(acts.alone(policy.idle_lock_default_min * 60.0 + acts.MARGIN_S))
        entry_s = self._profile.data.timings.entry_s
        if entry_s:
            found.append(acts.alone(entry_s + acts.MARGIN_S))
        return found

    def over(self) -> list[Act]:
        minutes = self._profile.data.policy.lockout_min
        if not minutes or "locked out" not in self.meant:
            return []
        return [acts.EVENTS[acts.WAITED], acts.alone(minutes * 60.0 / 2)]


def scopes(profile: Profile) -> tuple[Scope, ...]:
    """Every scope that the profile's ways and meanings give, in the order of a whole run."""
    return tuple(
        Scope(name, about, acts.checked(found, profile), weight, changes, NEEDS.get(name, ""))
        for name, about, found, weight, changes in _parts(profile)
    )


def _parts(profile: Profile) -> Iterator[tuple[str, str, list[Act], int, bool]]:
    the = _Alphabet(profile)
    cut = acts.EVENTS[acts.CUT]
    daily = the.ways("sign on", "lock", "unlock", "sign off", "restart")
    guesses = the.secrets(acts.WRONG, acts.SHORT, acts.WRONG_CODE)
    if "locked" in the.meant:
        yield ("lock", "nothing but an unlock leaves the lock; every start keeps it",
               [*daily, *the.numbers, *the.right, *the.secrets(acts.UNLOCK), cut, *guesses, *the.function, *the.digit,
                *the.turned, *the.bursts, *the.waits()], 4, False)  # fmt: skip
    if "ready" in the.meant:
        yield ("sign on", "ready only after every factor; entries come up empty",
               [*the.ways("sign on", "sign off"), *the.numbers, *the.right, *guesses, *the.plain, *the.digit, *the.held,
                cut, *the.waits()], 2, False)  # fmt: skip
    if "locked out" in the.meant:
        yield ("lock-out", "refusals count, up to the limit and not before; only its time ends it",
               [*daily, *the.numbers, *the.right, *guesses, *the.plain, cut, *the.over()], 4, False)  # fmt: skip
    yield ("keys", "every key on every page, short, long and often",
           [*daily, *the.numbers, *the.right, *the.keys, *the.held, *the.turned, *the.bursts, cut, *the.waits(),
            *the.ways("status", "version", "log", "sell", "settle", "change password")], 3, False)  # fmt: skip
    if "locked by host" in the.meant:
        yield ("host lock", "only the host lifts its lock",
               [acts.EVENTS[acts.HOST_LOCK], acts.EVENTS[acts.HOST_UNLOCK], *daily, *the.numbers, *the.right,
                *the.function, *the.turned, *the.bursts, cut], 2, False)  # fmt: skip
    if the.touches and "locked" in the.meant:
        yield ("glass", "every text of the glass touched, where the rig can",
               [*the.touches, *daily, *the.numbers, *the.right, *the.plain], 2, False)  # fmt: skip
    if "locked" in the.meant:
        yield ("chords", "every two keys together where the terminal is locked",
               [*daily, *the.numbers, *the.right, *the.chords], 1, False)  # fmt: skip
    yield from _changing(profile, the)


def _changing(profile: Profile, the: _Alphabet) -> Iterator[tuple[str, str, list[Act], int, bool]]:
    """What makes another terminal of it."""
    cut = acts.EVENTS[acts.CUT]
    daily = the.ways("sign on", "lock", "unlock")
    common = [*daily, *the.numbers, *the.right, *the.plain, cut]
    if reset := the.ways("factory reset"):
        yield ("reset", "nothing is erased without the secrets, and the old ones open nothing afterwards",
               [*reset, *common, *_keys_of(profile, "factory reset"),
                *the.secrets(acts.WRONG, acts.OLD, acts.NEW)], 3, True)  # fmt: skip
    if update := the.ways("update"):
        lines = {step.line for form in profile.data.ways["update"] for step in form.steps}
        stick = [acts.EVENTS[acts.STICK_IN], acts.EVENTS[acts.STICK_OUT]] if "usb on" in lines else []
        yield ("update", "only a sound package is installed, and no start loses the lock",
               [*(acts.offer(fault) for fault in acts.FAULTS), *stick, *update, *common,
                *_keys_of(profile, "update"), *the.ways("version")], 3, True)  # fmt: skip


def _keys_of(profile: Profile, name: str) -> list[Act]:
    """Keys of a way that follow what is asked on it."""
    return [acts.key(one) for one in dict.fromkeys(one for form in profile.data.ways[name] for one in form.keys)]


def chosen(profile: Profile, names: Sequence[str]) -> tuple[Scope, ...]:
    """The scopes of these names, all when none is named. Raises ConfigurationError."""
    known = {scope.name: scope for scope in scopes(profile)}
    for name in names:
        if name not in known:
            raise ConfigurationError(
                f"there is no scope {name!r} for terminal {profile.data.model}", where=str(profile.source.path),
                allowed=", ".join(known),
                todo="a scope comes of the profile's ways and meanings: docs/fuzzing.md, \"What a profile needs\"",
            )  # fmt: skip
    if not names:
        return tuple(known.values())
    return tuple(replace(known[name], named=True) for name in names)


def own(scope: object) -> Scope:
    """A scope that this room has made."""
    assert isinstance(scope, Scope)
    return scope
