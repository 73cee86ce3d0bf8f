"""Kinds of placeholders that a profile brings itself: a bounded subset of regular expressions, with samples made of it.

A profile is somebody's file: an expression in it must not make a matcher try for ever, so repeats do not nest, and
nothing looks around or back. Samples are what the check for two screens of one frame compares.
"""

from __future__ import annotations

import re
import re._constants as sre  # type: ignore[import-not-found]
import re._parser as sre_parse  # type: ignore[import-not-found]
from collections.abc import Iterable
from typing import Any

LONGEST_FORM = 120
MOST_REPEATS = 64
_CLASSES = {"CATEGORY_DIGIT": "0", "CATEGORY_WORD": "A", "CATEGORY_NOT_SPACE": "A", "CATEGORY_SPACE": " "}
ALLOWED = r"letters, digits, classes such as \d and [A-Z], (?:a|b), and ?, *, +, {n}, {n,m} that do not nest"


def samples_of(form: str) -> tuple[str, str]:
    """A short and a longer text that the expression takes. Raises ValueError with what is allowed.

    >>> samples_of(r"V\\d+\\.\\d+")
    ('V0.0', 'V000.000')
    """
    if len(form) > LONGEST_FORM:
        raise ValueError(f"an expression of {len(form)} characters; allowed: at most {LONGEST_FORM}")
    try:
        parsed = sre_parse.parse(form)
        re.compile(form)
    except (re.error, OverflowError, RecursionError) as error:
        raise ValueError(f"{form!r} is no regular expression ({error}); allowed: {ALLOWED}") from None
    made = _text(parsed, False, False), _text(parsed, True, False)
    if any("\n" in text or not re.fullmatch(form, text) for text in made):
        raise ValueError(f"{form!r} cannot be sampled; allowed: {ALLOWED}")
    return made


def _text(items: Iterable[Any], more: bool, repeated: bool) -> str:
    return "".join(_one(op, value, more, repeated) for op, value in items)


def _one(op: Any, value: Any, more: bool, repeated: bool) -> str:
    if op is sre.LITERAL:
        return chr(value)
    if op is sre.IN:
        return _member(value)
    if op is sre.CATEGORY:
        return _category(value)
    if op is sre.SUBPATTERN and value[0] is None:
        return _text(value[3], more, repeated)
    if op is sre.BRANCH:
        return _text(value[1][-1 if more else 0], more, repeated)
    if op in (sre.MAX_REPEAT, sre.MIN_REPEAT):
        least, most, inner = value
        if repeated:
            raise ValueError(f"a repeat inside a repeat; allowed: {ALLOWED}")
        if least > MOST_REPEATS:
            raise ValueError(f"{least} repeats; allowed: at most {MOST_REPEATS}")
        several = least if not more else min(most, max(least, 3))
        _text(inner, more, True)
        return "".join(_text(inner, more, True) for _ in range(int(several)))
    raise ValueError(f"{str(op).lower()} in an expression; allowed: {ALLOWED}")


def _member(choices: list[Any]) -> str:
    op, value = choices[0]
    if op is sre.NEGATE:
        excluded = re.compile("[^" + "".join(_escaped(o, v) for o, v in choices[1:]) + "]")
        return next((one for one in "A0a-. " if excluded.match(one)), "~")
    if op is sre.LITERAL:
        return chr(value)
    if op is sre.RANGE:
        return chr(value[0])
    return _category(value)


def _escaped(op: Any, value: Any) -> str:
    if op is sre.RANGE:
        return f"{re.escape(chr(value[0]))}-{re.escape(chr(value[1]))}"
    if op is sre.LITERAL:
        return re.escape(chr(value))
    return {"CATEGORY_DIGIT": r"\d", "CATEGORY_WORD": r"\w", "CATEGORY_SPACE": r"\s"}.get(str(value), "")


def _category(value: Any) -> str:
    found = _CLASSES.get(str(value))
    if found is None:
        raise ValueError(f"{str(value).lower()} in an expression; allowed: {ALLOWED}")
    return found
