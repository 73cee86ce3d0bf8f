"""What is known of a terminal while it is searched: by what was done and by the meaning of what it showed.

Nothing here is a guess about its inside. What is not known (how many wrong passwords were typed before the search
began) is None, and nobody is accused by it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from posrig.description.profile import Profile
from posrig.fuzzing.models.from_profile import acts
from posrig.fuzzing.models.from_profile.acts import Act

REFUSALS = ("refused", "update refused", "locked out")
OWNER_UNLOCKS, ADD_UP = "owner unlocks", "wrong passwords add up"
OUT_SURVIVES, HOST_SURVIVES, SESSION_ENDS = (
    "lock-out survives power", "host lock survives power", "session ends with power",
)  # fmt: skip
"""What a profile promises (``rules``); what it does not promise is not judged."""
PASSWORD, TIME_CODE = "password", "time code"
SOMEBODY = "?"
"""A session whose holder the ready screen does not name."""


@dataclass(frozen=True, slots=True)
class Look:
    """One picture: which screen, what it means, what stands in its fields, when it was seen. ``dark``: empty."""

    screen: str | None
    means: str
    fields: Mapping[str, str]
    at: float
    dark: bool = False
    text: str = ""
    """Of a picture that is no screen of the profile: its rows without digits, which could be a secret's."""


@dataclass(frozen=True, slots=True)
class Seen:
    """All that was seen of one act. ``looks``: from what was shown before it to where the terminal came to rest;
    ``stuck``: what did not happen in its time."""

    act: Act
    looks: tuple[Look, ...]
    began: float
    ended: float
    stuck: str = ""

    @property
    def rest(self) -> Look:
        return self.looks[-1]

    @property
    def after(self) -> tuple[Look, ...]:
        """Without what was shown before the act."""
        return self.looks[1:]

    def shows(self, *meanings: str) -> bool:
        """Whether a screen of one of these meanings came up."""
        return any(look.means in meanings for look in self.after)

    @property
    def started(self) -> bool:
        """The terminal has started anew."""
        return self.act.kind == "cut" or self.shows("starting")

    @property
    def path(self) -> str:
        """The screens, for people."""
        names: list[str] = []
        for look in self.looks:
            name = look.screen or ("dark" if look.dark else f"? {look.text}")
            if not names or names[-1] != name:
                names.append(name)
        return " > ".join([*names, *(["stuck"] if self.stuck else [])])


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known after an act."""

    here: Look
    number: str = ""
    """The operator number that was typed last, and who acts since."""
    proofs: frozenset[tuple[str, str]] = frozenset()
    """(whose, factor) accepted since the terminal was locked, signed off or started."""
    session: str = ""
    locked: bool = False
    owner: str = ""
    under: str = ""
    """The session that was there when the terminal locked."""
    host: bool = False
    out_since: float | None = None
    row: tuple[tuple[str, int], ...] = ()
    """Wrong passwords in a row of one holder, nobody's right one between: no terminal can have counted fewer."""
    all: int | None = 0
    """Everybody's since anybody was let in: where one counter serves all. None: not known."""
    each: tuple[tuple[str, int], ...] = ()
    """A holder's own since that holder was let in: where everybody has a counter."""
    fresh: bool = True
    """Nobody has typed a wrong password before the search began."""
    erasing: bool = False
    erased: bool = False
    offered: str = ""
    plugged: bool = False

    @property
    def typed(self) -> int:
        """How much stands in the entry field."""
        return len(typed(self.here))

    def key(self) -> str:
        """The state, for coverage and for the way back to it: what makes a difference, without clocks."""
        row = ",".join(f"{who}:{count}" for who, count in self.row)
        flags = [name for name, on in (("host", self.host), ("out", self.out_since is not None),
                                       ("erased", self.erased), ("plugged", self.plugged)) if on]  # fmt: skip
        proofs = ",".join(sorted(f"{who}/{what}" for who, what in self.proofs))
        entry = str(min(self.typed, 2))
        return " ".join([self.situation(), self.number, f"[{row}]", proofs, entry, *flags, self.offered])

    def situation(self) -> str:
        """The same more coarsely: each act is done once in each situation first."""
        lock = f"locked by {self.owner or SOMEBODY}" if self.locked else self.session or self.number
        return f"{self.here.screen or 'unknown'}({lock})"


def typed(look: Look) -> str:
    """What stands in the entry field of a picture."""
    return look.fields.get("entry", "").replace("_", "").strip()


def begun(look: Look, *, fresh: bool) -> Facts:
    """After the terminal was brought to its first state. ``fresh``: another one was taken from the shelf."""
    locked, host = look.means == "locked", look.means == "locked by host"
    session = look.fields.get("operator", SOMEBODY) if look.means == "ready" else ""
    return Facts(look, session=session, locked=locked, host=host, owner=look.fields.get("operator", "") if locked
                 else "", all=0 if fresh else None, fresh=fresh)  # fmt: skip


def holder(profile: Profile, facts: Facts) -> str:
    """Whose password or code the present screen asks for: the number, or the role's name; empty: nobody known."""
    screen = profile.screens.get(facts.here.screen or "")
    if screen is None:
        return ""
    if screen.of_role:
        role = profile.data.roles[screen.of_role]
        return facts.number if facts.number in role.ids else profile.operator_of(screen.of_role)
    known = {one for role in profile.data.roles.values() for one in role.ids}
    return next((one for one in (facts.here.fields.get("operator", ""), facts.number) if one in known), "")


def accepted(profile: Profile, facts: Facts, seen: Seen) -> tuple[str, str] | None:
    """Whose right factor was taken by this act."""
    factor = {acts.RIGHT: PASSWORD, acts.CODE: TIME_CODE}.get(seen.act.name)
    if factor is None or seen.shows(*REFUSALS) or seen.rest.screen == facts.here.screen:
        return None
    who = holder(profile, facts)
    return (who, factor) if who else None


def submission(profile: Profile, facts: Facts, seen: Seen) -> bool:
    """The act has submitted a password or code."""
    screen = profile.screens.get(facts.here.screen or "")
    asks = screen is not None and screen.prompt in (PASSWORD, TIME_CODE, "unlock code")
    return asks and (seen.act.kind == "secret" or profile.data.submit in seen.act.keys)


def refused(profile: Profile, facts: Facts, seen: Seen) -> bool:
    """A password or code was submitted, and refused."""
    return submission(profile, facts, seen) and seen.shows("refused", "locked out")


def trusted(profile: Profile, facts: Facts) -> bool:
    """A refusal at this prompt is one of the password, not of who typed it: a sign-on, the lock of whose turn it is,
    or a prompt that names the role."""
    who = holder(profile, facts)
    if not who:
        return False
    role, screen = profile.role_of(who), profile.screens[facts.here.screen or ""]
    if screen.of_role:
        return True
    if facts.locked:
        owners = profile.data.roles[role].ids
        mine = facts.owner in ("", who) or facts.owner not in owners
        return mine and may_unlock(profile, facts.owner, who)
    return not facts.session and not facts.host


def may_unlock(profile: Profile, owner: str, who: str) -> bool:
    """Whether this number (or role without numbers) may lift a lock of this owner, as far as the ways say."""
    role = profile.role_of(who)
    if role not in unlockers(profile):
        return False
    colleague = owner in profile.data.roles[role].ids and owner != who
    return not (colleague and OWNER_UNLOCKS in profile.data.rules)


def unlockers(profile: Profile) -> frozenset[str]:
    """The roles that may unlock: those that the ways say; all where they say none."""
    forms = [form for form in profile.data.ways.get("unlock", ()) if form.steps or form.by or form.roles or form.to]
    if not forms or any(not (form.by or form.roles) for form in forms):
        return frozenset(profile.data.roles)
    return frozenset(role for form in forms for role in (form.by or form.roles))


def follow(profile: Profile, facts: Facts, seen: Seen) -> Facts:
    """What is known after the act."""
    proof = accepted(profile, facts, seen)
    facts = _counted(profile, facts, seen, let_in=proof is not None)
    if proof is not None:
        facts = replace(facts, proofs=facts.proofs | {proof})
    if number := _number(profile, facts, seen):
        facts = replace(facts, number=number)
    if seen.started and OUT_SURVIVES not in profile.data.rules:
        facts = replace(facts, row=(), all=None, each=(), fresh=False, out_since=None)
    for look in seen.after:
        facts = _looked(facts, look)
    return _done(replace(facts, here=seen.rest), seen)


def _number(profile: Profile, facts: Facts, seen: Seen) -> str:
    """A number that was submitted, and not refused."""
    screen = profile.screens.get(facts.here.screen or "")
    if screen is None or screen.prompt != "number" or seen.rest.screen == facts.here.screen or seen.shows(*REFUSALS):
        return ""
    if seen.act.kind == "number":
        return seen.act.what
    return typed(facts.here) if seen.act.keys[:1] == (profile.data.submit,) else ""


def _counted(profile: Profile, facts: Facts, seen: Seen, *, let_in: bool) -> Facts:
    who = holder(profile, facts)
    if seen.shows("locked out") or seen.act.kind == "lock-out over":
        return replace(facts, row=(), all=None, each=(), fresh=False)
    if let_in:
        facts = replace(facts, row=())
    if seen.shows("ready", "unlocked") and let_in:
        return replace(facts, all=0, each=_put(facts.each, who, 0))
    if not submission(profile, facts, seen) or let_in:
        return facts
    each, more = dict(facts.each), None if facts.all is None else facts.all + 1
    if facts.fresh or who in each:
        each[who] = each.get(who, 0) + 1
    row = facts.row
    if seen.act.name == acts.WRONG and seen.shows("refused") and trusted(profile, facts):
        row = _put(row, who, dict(row).get(who, 0) + 1)
    return replace(facts, row=row, all=more, each=tuple(sorted(each.items())))


def _put(counts: tuple[tuple[str, int], ...], who: str, count: int) -> tuple[tuple[str, int], ...]:
    return tuple(sorted({**dict(counts), who: count}.items()))


def _looked(facts: Facts, look: Look) -> Facts:
    shown = look.fields.get("operator", "")
    if look.means == "starting":
        return replace(facts, session="", number="", proofs=frozenset(), plugged=facts.plugged)
    if look.means == "locked":
        if facts.locked:
            return facts
        return replace(facts, locked=True, owner=shown, under=facts.session, session="", proofs=frozenset(), number="")
    if look.means == "ready":
        who = shown or facts.number or SOMEBODY
        return replace(facts, session=who, locked=False, owner="", under="", number=facts.number, erasing=False)
    if look.means == "signed off":
        return replace(facts, session="", locked=False, owner="", under="", proofs=frozenset(), number="",
                       erasing=False)  # fmt: skip
    if look.means == "locked by host":
        return replace(facts, host=True)
    if look.means == "locked out":
        return replace(facts, out_since=look.at if facts.out_since is None else facts.out_since)
    if look.means in ("resetting", "reset done"):
        return replace(facts, erasing=True, erased=facts.erased or look.means == "reset done", locked=False, owner="",
                       under="", session="", row=(), all=None, each=(), fresh=False)  # fmt: skip
    return facts


def _done(facts: Facts, seen: Seen) -> Facts:
    if facts.out_since is not None and seen.rest.means in ("ready", "signed off", "locked", "locked by host", "menu"):
        facts = replace(facts, out_since=None)
    if seen.act.name == acts.HOST_UNLOCK or (facts.host and seen.rest.means in ("ready", "signed off")):
        facts = replace(facts, host=False)
    if seen.act.kind == "offer":
        facts = replace(facts, offered=seen.act.what)
    if seen.act.kind == "stick":
        facts = replace(facts, plugged=seen.act.name == acts.STICK_IN)
    return facts
