"""Wrong fields of YAML files in the reader's language: quarantine list, requirements, rig file, terminal profile."""

from __future__ import annotations

from posrig.description.located_yaml import WrongField, WrongFields
from posrig.ground.faults import PosrigError
from posrig.language.messages import Told, say, spoken

_FILES = {"quarantine list": "file_quarantine", "rig file": "file_rig", "terminal profile": "file_profile"}


def told_in(error: PosrigError, language: str) -> PosrigError:
    """The same error in that language, as far as the catalogue has its words; else the error itself."""
    if isinstance(error, WrongFields):
        return _fields(error, language)
    if isinstance(error, Told) and spoken(language) != spoken(error.language):
        return Told(error.rule, language, where=error.where, **error.values)
    return error


def _fields(error: WrongFields, language: str) -> Told:
    rows = [f"{one.place}: {_words(one, language)}" for one in error.wrong]
    if error.count > len(rows):
        rows.append(say("more_fields", language, count=error.count - len(rows)).found)
    what = say(_FILES[error.what], language).found if error.what in _FILES else error.what
    return Told(
        "fields_wrong", language, where=error.where, what=what, count=error.count, reason="\n    ".join(rows),
        todo=error.docs,
    )  # fmt: skip


def _words(one: WrongField, language: str) -> str:
    values = dict(one.values)
    near = str(values.pop("near", ""))
    if one.rule == "one_of" and spoken(language) == "zh":
        values["allowed"] = str(values["allowed"]).replace(" or ", " 或 ")
    hint = say("field_near", language, near=near).found if near else ""
    return say(f"field_{one.rule}", language, **values, near=hint).found
