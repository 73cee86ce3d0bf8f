"""Wrong fields of YAML files in the reader's language: quarantine list, requirements, rig file, terminal profile."""

from __future__ import annotations

from posrig.description.bounded_yaml import LARGEST, YamlRefused
from posrig.description.located_yaml import MISSING, NO_MAPPING, UNREADABLE, WrongField, WrongFields
from posrig.ground.faults import PosrigError
from posrig.language.messages import Told, say, spoken

_FILES = {"quarantine list": "file_quarantine", "rig file": "file_rig", "terminal profile": "file_profile",
    "list of requirements": "file_requirements", "text of the credentials": "file_credentials",
}  # fmt: skip


def told_in(error: PosrigError, language: str) -> PosrigError:
    """The same error in that language, as far as the catalogue has its words; else the error itself."""
    if isinstance(error, WrongFields):
        return _fields(error, language)
    if isinstance(error, YamlRefused):
        return _refused(error, language)
    if isinstance(error, Told) and spoken(language) != spoken(error.language):
        return Told(error.rule, language, where=error.where, **error.values)
    return error


def _fields(error: WrongFields, language: str) -> Told:
    rows = [f"{one.place}: {_words(one, language)}" for one in error.wrong]
    if error.count > len(rows):
        rows.append(say("more_fields", language, count=error.count - len(rows)).found)
    what = _named(error.what, language)
    return Told(
        "fields_wrong", language, where=error.where, what=what, count=error.count, reason="\n    ".join(rows),
        todo=error.docs,
    )  # fmt: skip


def _named(what: str, language: str) -> str:
    return say(_FILES[what], language).found if what in _FILES else what


def _refused(error: YamlRefused, language: str) -> Told:
    if error.rule in (NO_MAPPING, MISSING, UNREADABLE):
        return Told(
            f"file_{error.rule}", language, where=error.where, what=_named(error.what, language), reason=error.value,
            allowed=str(LARGEST // 1024), near=error.allowed.rpartition(": ")[2] if error.rule == MISSING else "",
        )  # fmt: skip
    words = say(f"yaml_{error.rule}", language, reason=error.value)
    return Told(
        "yaml_refused", language, where=error.where, what=_named(error.what, language), reason=words.found,
        allowed=words.allowed, todo=words.todo,
    )  # fmt: skip


def _words(one: WrongField, language: str) -> str:
    values = dict(one.values)
    near = str(values.pop("near", ""))
    if one.rule == "one_of" and spoken(language) == "zh":
        values["allowed"] = str(values["allowed"]).replace(" or ", " 或 ")
    hint = say("field_near", language, near=near).found if near else ""
    return say(f"field_{one.rule}", language, **values, near=hint).found
