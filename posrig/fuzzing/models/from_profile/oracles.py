"""What must hold of any terminal, by the meaning of what it shows. Each oracle is one rule; none knows a screen.

An oracle looks at what was known before an act, what was seen of it, and what is known after it; it answers what should
have been, or nothing. Where the profile does not say enough it says nothing: nobody is accused on doubt.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from posrig.description.profile import Profile
from posrig.fuzzing.models.from_profile import acts
from posrig.fuzzing.models.from_profile.facts import (
    ADD_UP,
    HOST_SURVIVES,
    OUT_SURVIVES,
    PASSWORD,
    REFUSALS,
    SESSION_ENDS,
    SOMEBODY,
    TIME_CODE,
    Facts,
    Look,
    Seen,
    accepted,
    may_unlock,
    submission,
    typed,
    unlockers,
)
from posrig.ground.faults import ConfigurationError

OPEN = frozenset({"ready", "signed off", "menu", "unlocked", "confirm", "updating", "updated", "resetting",
                  "reset done"})  # fmt: skip
"""Where nobody is who has not left the lock."""
INSIDE = OPEN - {"ready", "signed off"}
AROUND = frozenset({"locked out", "notice", "refused", "starting", "locked by host"})
EARLY_S = 2.0
"""Of a lock-out's time: what is shown in whole seconds, and the start of its first picture."""


@dataclass(frozen=True, slots=True)
class Told:
    """What an oracle is told of one act."""

    profile: Profile
    before: Facts
    seen: Seen
    after: Facts

    @property
    def proofs(self) -> frozenset[tuple[str, str]]:
        """Accepted before or by this act."""
        proof = accepted(self.profile, self.before, self.seen)
        return self.before.proofs | ({proof} if proof else set())

    def first(self, meanings: frozenset[str]) -> Look | None:
        """The first picture of one of these meanings that came up."""
        return next((look for look in self.seen.after if look.means in meanings), None)

    def proved(self, role: str) -> list[str]:
        """Who of this role has given the password, and the time code where the role has one."""
        about = self.profile.data.roles[role]
        needed = [factor for factor in (PASSWORD, TIME_CODE) if factor in about.factors]
        return [who for who in (*about.ids, role) if all((who, one) in self.proofs for one in needed)]


Oracle = Callable[[Told], "str | None"]


def lock(told: Told) -> str | None:
    """Nothing but an unlock leaves the lock."""
    if not told.before.locked or told.seen.started or told.first(OPEN) is None or _unlocked(told):
        return None
    who, owner = ", ".join(sorted(unlockers(told.profile))), told.before.owner
    return f"the lock{f' of {owner}' if owner else ''} holds until who may lift it has proved it ({who})"


def _unlocked(told: Told) -> bool:
    proved = [who for role in told.profile.data.roles for who in told.proved(role)]
    if any(may_unlock(told.profile, told.before.owner, who) for who in proved):
        return True
    if told.seen.act.name == acts.UNLOCK and "unlock by code" in told.profile.data.ways:
        return True
    return (told.seen.act.name == acts.HOST_UNLOCK and told.before.host) or _may_erase(told)


def start(told: Told) -> str | None:
    """Every start keeps the lock; as far as the profile promises it the host's lock too, and signs nobody on."""
    before, seen = told.before, told.seen
    if not seen.started or before.erasing or seen.shows("resetting", "reset done", "updated"):
        return None
    found = told.first(OPEN)
    if found is None:
        return None
    if before.locked:
        return "a start keeps the lock"
    rules = told.profile.data.rules
    if before.host and HOST_SURVIVES in rules:
        return "a start keeps the host's lock"
    if found.means == "ready" and SESSION_ENDS in rules:
        return "a start signs nobody on"
    return None


def ready(told: Told) -> str | None:
    """Ready only after every factor of somebody who may sign on."""
    before = told.before
    if before.session or before.locked or told.seen.started or told.first(frozenset({"ready"})) is None:
        return None
    if any(told.proved(name) for name, role in told.profile.data.roles.items() if "finger" not in role.factors):
        return None
    if any("finger" in role.factors for role in told.profile.data.roles.values()):
        return None
    return "ready only after every factor of a role was given"


def session(told: Told) -> str | None:
    """The session is that of who signed on, or of who was signed on when it locked."""
    found = told.first(frozenset({"ready"}))
    shown = "" if found is None else found.fields.get("operator", "")
    if not shown:
        return None
    before = told.before
    theirs = {before.session, before.number, before.under, before.owner, *(who for who, _ in told.proofs),
              before.here.fields.get("operator", "")}  # fmt: skip
    theirs -= {"", SOMEBODY}
    numbers = {one for role in told.profile.data.roles.values() for one in role.ids}
    if not theirs & numbers or shown in theirs:
        return None
    return f"the session of {' or '.join(sorted(theirs & numbers))}"


def wrong_password(told: Told) -> str | None:
    """What must be refused opens nothing."""
    seen, before = told.seen, told.before
    if not seen.act.guess or seen.shows(*REFUSALS):
        return None
    opened = told.first(INSIDE) or (told.first(frozenset({"ready"})) if not before.session else None)
    chosen = told.profile.screens.get(seen.rest.screen or "")
    asks_new = chosen is not None and chosen.prompt == "new password"
    if opened is None and not asks_new:
        return None
    return f"the {seen.act.name} is refused"


def limit(told: Told) -> str | None:
    """As many wrong passwords in a row as the policy says lock out."""
    most = told.profile.data.policy.wrong_passwords
    if most is None or told.seen.shows("locked out") or told.before.out_since is not None:
        return None
    counts = dict(told.after.row).values()
    count = sum(counts) if ADD_UP in told.profile.data.rules else max(counts, default=0)
    if count < most or told.after.row == told.before.row:
        return None
    return f"locked out by the wrong password number {most} in a row (policy: wrong_passwords)"


def not_before(told: Told) -> str | None:
    """Nobody is locked out before as many wrong passwords as the policy says, however they are counted."""
    most, before = told.profile.data.policy.wrong_passwords, told.before
    if most is None or before.out_since is not None or not told.seen.shows("locked out"):
        return None
    more = submission(told.profile, before, told.seen)
    counts = [before.all, *(count for _, count in before.each)]
    if any(count is None for count in counts) or (not before.fresh and not before.each):
        return None
    highest = max(count for count in counts if count is not None) + more
    if highest >= most:
        return None
    return f"no lock-out after {highest} wrong passwords, the policy says {most}"


def lock_out(told: Told) -> str | None:
    """A lock-out is over after its time, and by nothing else."""
    minutes, before = told.profile.data.policy.lockout_min, told.before
    lifted = any("locked out" in form.from_ for forms in told.profile.data.ways.values() for form in forms)
    if minutes is None or before.out_since is None or lifted:
        return None
    if told.profile.data.policy.lockouts_before_code_only is not None:
        return None
    if told.seen.started and OUT_SURVIVES not in told.profile.data.rules:
        return None
    if told.seen.act.kind == "lock-out over" and told.seen.rest.means == "locked out":
        return f"a lock-out is over after {minutes:g} min (policy: lockout_min)"
    ends_at = before.out_since + minutes * 60.0 - EARLY_S
    known = [look for look in told.seen.after if look.screen is not None and look.means not in AROUND]
    left = [look for look in known if look.means or told.profile.screens[look.screen or ""].prompt]
    if not left or told.seen.ended >= ends_at:  # of a wait only its end is known for sure
        return None
    return f"nothing but its time ({minutes:g} min) ends a lock-out"


def host_lock(told: Told) -> str | None:
    """Only the host lifts its lock."""
    if not told.before.host or told.seen.act.name == acts.HOST_UNLOCK or told.seen.started:
        return None
    return None if told.first(OPEN) is None else "only the host lifts its lock"


def entry(told: Told) -> str | None:
    """An entry comes up empty, one key is one digit, and the clear key empties it."""
    before, seen, about = told.before, told.seen, told.profile.data
    rest = typed(seen.rest)
    if seen.rest.screen is None or "entry" not in seen.rest.fields:
        return None
    came_up = seen.rest.screen != before.here.screen
    digits = sum(len(one) == 1 and not one.isalpha() for one in seen.act.keys)
    if seen.act.kind == "keys" and len(rest) > digits + (0 if came_up else before.typed):
        return "no more digits than were typed" if digits else "an entry that comes up shows nothing"
    keyed = {one for form in about.ways.get(seen.act.what, ()) for one in form.keys}
    by_itself = seen.act.kind not in ("keys", "hold", "chord", "touch") and not any(map(str.isdigit, keyed))
    if came_up and by_itself and rest:
        return "an entry that comes up shows nothing"
    if seen.act.keys == (about.clear,) and not came_up and rest and before.typed:
        return "the clear key empties the entry"
    return None


def unknown_screen(told: Told) -> str | None:
    """Where the terminal rests is a screen of its profile, as a whole."""
    rest = told.seen.rest
    return "a screen of the profile, as a whole" if rest.screen is None and not rest.dark else None


def liveness(told: Told) -> str | None:
    """The terminal answers: what passes by itself passes, every start ends, the display is not dark."""
    if told.seen.stuck:
        return told.seen.stuck
    return "the terminal shows something" if told.seen.rest.dark else None


def leads(told: Told) -> str | None:
    """A key leads where the profile says, or is refused."""
    before, seen = told.before, told.seen
    screen = told.profile.screens.get(before.here.screen or "")
    if screen is None or len(seen.act.keys) != 1 or seen.act.kind != "keys" or before.typed:
        return None
    (pressed,) = seen.act.keys
    wanted = screen.leads.get(pressed, "")
    if not wanted or (screen.asks and pressed in (told.profile.data.submit, told.profile.data.clear)):
        return None
    came = {look.screen for look in seen.after}
    if wanted in came or seen.shows(*REFUSALS, "notice", "locked", "locked by host", "locked out", "starting"):
        return None
    if told.profile.screens[wanted].means == "ready" and seen.shows("signed off", "locked"):
        return None
    return f"{pressed} leads to {wanted} (the profile's leads)"


def reset(told: Told) -> str | None:
    """Nothing is erased without the secrets that the way asks for."""
    if told.before.erasing or not told.seen.shows("resetting", "reset done") or _may_erase(told):
        return None
    forms = told.profile.data.ways.get("factory reset", ())
    by = ", ".join(dict.fromkeys(role for form in forms for role in form.by))
    return f"nothing is erased before these have given their password: {by}" if by else None


def _may_erase(told: Told) -> bool:
    forms = told.profile.data.ways.get("factory reset", ())
    return any(form.by and all(map(told.proved, form.by)) for form in forms)


def update(told: Told) -> str | None:
    """Only a sound package is installed."""
    bad = told.before.offered not in ("", acts.SOUND)
    if not bad or not told.seen.shows("updated"):
        return None
    return f"a package with the fault {told.before.offered!r} is not installed"


ORACLES: Mapping[str, Oracle] = {
    "lock": lock, "start": start, "wrong password": wrong_password, "ready": ready, "session": session,
    "limit": limit, "not before": not_before, "lock-out": lock_out, "host lock": host_lock, "entry": entry,
    "reset": reset, "update": update, "leads": leads, "unknown screen": unknown_screen, "liveness": liveness,
}  # fmt: skip
"""The first that speaks is told: the graver ones come first."""


def check_names(names: Sequence[str]) -> None:
    """Raises ConfigurationError for an oracle that there is not."""
    for name in names:
        if name not in ORACLES:
            raise ConfigurationError(f"there is no oracle {name!r}", allowed=", ".join(ORACLES))


def judge(told: Told, names: Sequence[str] = ()) -> tuple[str, str] | None:
    """The first oracle that speaks, and what should have been."""
    for name, oracle in ORACLES.items():
        if names and name not in names:
            continue
        wrong = oracle(told)
        if wrong is not None:
            return name, wrong
    return None
