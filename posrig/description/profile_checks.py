"""What fields of a profile say about each other: each contradiction with its line, what is allowed."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from posrig.description.bounded_yaml import FieldPath
from posrig.description.located_yaml import LocatedYaml, dotted
from posrig.description.profile_model import MEANINGS, PASSWORD_OF, ProfileModel, Words
from posrig.description.profile_ways import OFF, WAYS, Way
from posrig.ground.faults import ConfigurationError

SHOWN = 5


@dataclass(frozen=True, slots=True)
class Wrong:
    """One field that cannot be as it is."""

    field: FieldPath
    found: str
    allowed: str


def check(model: ProfileModel, source: LocatedYaml) -> None:
    """Raises ConfigurationError naming up to five wrong fields, each with its line and what is allowed."""
    wrong = [*_keys(model), *_roles(model), *_screens(model), *_ways(model, source), *_policy(model)]
    if not wrong:
        return
    rows = [
        f"{source.path.name}:{source.line(one.field)}: {dotted(one.field)}: {one.found}; allowed: {one.allowed}"
        for one in wrong[:SHOWN]
    ]
    more = [f"... and {len(wrong) - SHOWN} more"] if len(wrong) > SHOWN else []
    raise ConfigurationError(
        f"the terminal profile contradicts itself in {len(wrong)} place{'s' if len(wrong) > 1 else ''}:\n    "
        + "\n    ".join(rows + more),
        where=f"{source.path}:{source.line(wrong[0].field)}",
        todo="mend the lines named above; all fields are explained in docs/profile.md",
    )


def _keys(model: ProfileModel) -> Iterator[Wrong]:
    allowed = " ".join(model.keys)
    for name in ("submit", "cancel", "clear", "reset_key"):
        key = getattr(model, name)
        if key and key not in model.keys:
            yield Wrong((name,), f"{key!r} is no key", allowed)
    for key in model.restart_chord:
        if key not in model.keys:
            yield Wrong(("restart_chord",), f"{key!r} is no key", allowed)
    yield from _words("keys", "key", model.keys, "键")


def _words(section: str, what: str, named: Mapping[str, Words], suffix: str = "") -> Iterator[Wrong]:
    """A word that stands for two, in one language or across them: nobody could know which is meant."""
    owner: dict[str, str] = {name.casefold(): name for name in named}
    for name, words in named.items():
        for language in ("en", "zh"):
            for word in getattr(words, language):
                bare = word.casefold().removesuffix(suffix)
                before = owner.setdefault(bare, name)
                if before != name:
                    field = (section, name, language) if section == "keys" else (section, name, "words", language)
                    yield Wrong(field, f"the word {word!r} is {what} {before!r} already", f"each word for one {what}")


def _roles(model: ProfileModel) -> Iterator[Wrong]:
    owner: dict[str, str] = {}
    for name, role in model.roles.items():
        if not role.factors:
            yield Wrong(
                ("roles", name), f"role {name!r} has no factors: nothing proves who it is",
                "factors: one or more of number, password, time code, finger",
            )  # fmt: skip
        if bool(role.ids) != ("number" in role.factors) and role.factors:
            yield Wrong(
                ("roles", name, "ids"), "ids and the factor number do not agree",
                "ids: [...] with the factor number, neither of both without it",
            )  # fmt: skip
        for one in role.ids:
            if one in owner:
                yield Wrong(("roles", name, "ids"), f"{one!r} belongs to {owner[one]!r} already", "one role each")
            owner[one] = name
    yield from _words("roles", "role", {name: role.words for name, role in model.roles.items()})


def _screens(model: ProfileModel) -> Iterator[Wrong]:
    factors = {factor for role in model.roles.values() for factor in role.factors}
    for name, screen in model.screens.items():
        for key, target in screen.leads.items():
            if key not in model.keys:
                yield Wrong(("screens", name, "leads"), f"{key!r} is no key", " ".join(model.keys))
            if target not in model.screens:
                yield Wrong(("screens", name, "leads", key), f"{target!r} is no screen", _near(target, model.screens))
        field = ("screens", name, "asks")
        if screen.asks and not model.submit:
            yield Wrong(field, "a prompt without an answer: no key submits", "a field submit: KEY in this profile")
        if screen.of_role and screen.of_role not in model.roles:
            yield Wrong(
                field, f"a prompt without an answer: {screen.of_role!r} is no role",
                ", ".join(f"{PASSWORD_OF}{role}" for role in model.roles) or "a role of this profile",
            )  # fmt: skip
        elif screen.of_role and "password" not in model.roles[screen.of_role].factors:
            yield Wrong(field, f"a prompt without an answer: {screen.of_role!r} has no password", "a role with one")
        elif screen.prompt in ("number", "password", "time code") and screen.prompt not in factors:
            yield Wrong(
                field, f"a prompt without an answer: no role has the factor {screen.prompt}",
                f"a role of this profile with the factor {screen.prompt}",
            )  # fmt: skip


def _ways(model: ProfileModel, source: LocatedYaml) -> Iterator[Wrong]:
    meant: set[str] = {screen.means for screen in model.screens.values()}
    for name, forms in model.ways.items():
        if name not in WAYS:
            yield Wrong(("ways", name), f"{name!r} is no way", _near(name, WAYS))
        for number, way in enumerate(forms):
            listed = isinstance(source.data["ways"][name], list)
            at: FieldPath = ("ways", name, number) if listed else ("ways", name)
            yield from _way(model, meant, name, way, at)
    for what, name in model.proofs.items():
        if name not in model.ways:
            yield Wrong(("proofs", what), f"{name!r} is no way of this profile", ", ".join(model.ways) or "none yet")


def _way(model: ProfileModel, meant: set[str], name: str, way: Way, at: FieldPath) -> Iterator[Wrong]:
    places = [("from", one) for one in way.from_ if one != OFF] + [("to", one) for one in way.to]
    places += [("steps", step.expect) for step in way.steps if step.expect]
    for field, place in places:
        if place in model.screens or place in meant:
            continue
        if place in MEANINGS:
            yield Wrong(
                (*at, field), f"no screen of this profile means {place!r}", f"a screen with means: {place}, or a screen"
            )
        else:
            known = [*MEANINGS, *model.screens]
            yield Wrong((*at, field), f"{place!r} is no meaning and no screen", _near(place, known))
    if name != "home" and not way.to:
        yield Wrong((*at, "to"), "this way leads nowhere", "to: a meaning or a screen")
    shown = [("confirm", one) for one in way.confirm] + [("steps", step.when) for step in way.steps if step.when]
    for field, screen in shown:
        if screen not in model.screens:
            yield Wrong((*at, field), f"{screen!r} is no screen", _near(screen, model.screens))
    if way.confirm and not model.submit:
        yield Wrong((*at, "confirm"), "no key answers it", "a field submit: KEY in this profile")
    for key in dict.fromkeys(way.keys):
        if key not in model.keys:
            yield Wrong((*at, "press"), f"{key!r} is no key", " ".join(model.keys))
    for field, role in [("by", one) for one in way.by] + [("roles", one) for one in way.roles]:
        if role not in model.roles:
            yield Wrong((*at, field), f"{role!r} is no role", ", ".join(model.roles) or "a role of this profile")


def _policy(model: ProfileModel) -> Iterator[Wrong]:
    """Numbers beside what screens say."""
    meant = {screen.means for screen in model.screens.values()}
    for field in ("wrong_passwords", "lockout_min"):
        if getattr(model.policy, field) is not None and "locked out" not in meant:
            yield Wrong(("policy", field), "no screen means locked out: this number leads nowhere", "means: locked out")
    if model.policy.wrong_passwords == 0:
        yield Wrong(("policy", "wrong_passwords"), "0 wrong passwords: nobody could sign on", "1 or more")
    told = model.timings.refusal_s
    for name, screen in model.screens.items():
        if told is not None and screen.means == "refused" and screen.shown_s not in (None, told):
            yield Wrong(
                ("timings", "refusal_s"), f"{told:g} s, but screen {name!r} is a refusal of {screen.shown_s:g} s",
                "the same number in both, or in one of them only",
            )  # fmt: skip


def _near(name: str, known: object) -> str:
    names = [str(one) for one in known]  # type: ignore[attr-defined]
    near = difflib.get_close_matches(name, names, 3, 0.4)
    return ", ".join(near or names[:30])
