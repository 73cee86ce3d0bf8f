"""Numbers and times as people write them: ``十二``, ``一百零五``, ``半小时``, ``1 h 30 min``, ``half an hour``.

What reads in two ways is refused and not guessed: ``一百五`` (105 to a machine, 150 to a person), ``三五次``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_SAME = str.maketrans("〇俩壹贰叁肆伍陆柒捌玖拾佰仟", "零两一二三四五六七八九十百千")
"""Formal numerals, and 俩, beside the usual ones."""
_ONES = dict(zip("一二三四五六七八九", range(1, 10), strict=True)) | {"两": 2}
_D, _DD = "[一二三四五六七八九]", "[一二两三四五六七八九]"
_TENS = f"{_D}?十{_D}?"
_HUNDREDS = f"{_DD}百(?:零{_D}|{_TENS})?"
_THOUSANDS = f"{_DD}千(?:{_HUNDREDS}|零(?:{_TENS}|{_D}))?"
_SECTION = f"(?:{_THOUSANDS}|{_HUNDREDS}|{_TENS}|{_DD})"
_CHINESE = re.compile(f"零|{_SECTION}万(?:{_THOUSANDS}|零(?:{_HUNDREDS}|{_TENS}|{_D}))?|{_SECTION}")
_UNIT_OF = {"十": 10, "百": 100, "千": 1000}

_FROM_ZERO = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty",
)  # fmt: skip
ENGLISH: Mapping[str, int] = {word: number for number, word in enumerate(_FROM_ZERO)} | {
    "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "ninety": 90, "hundred": 100,
}  # fmt: skip
_LETTERS = "零一二两三四五六七八九十百千万〇俩壹贰叁肆伍陆柒捌玖拾佰仟"
CHINESE = f"[{_LETTERS}]{{1,12}}"
"""What may be a Chinese number; :func:`chinese` says whether it is one. Short, for it stands in a hundred sentences."""

SECONDS: Mapping[str, float] = {
    **dict.fromkeys(("milliseconds", "millisecond", "ms", "毫秒"), 0.001),
    **dict.fromkeys(("seconds", "second", "secs", "sec", "s", "秒钟", "秒"), 1),
    **dict.fromkeys(("minutes", "minute", "mins", "min", "分钟", "分"), 60),
    **dict.fromkeys(("hours", "hour", "hrs", "hr", "h", "小时", "钟头"), 3600),
    **dict.fromkeys(("days", "day", "天"), 86400),
    **dict.fromkeys(("weeks", "week", "星期", "周"), 604800),
    "刻钟": 900,
}
LONGEST_S = 200 * 366 * 86400.0
"""No clock of a terminal and no battery goes further; larger numbers overflow dates."""

_WORDS = "|".join(sorted(ENGLISH, key=len, reverse=True))
_UNITS = "|".join(sorted(SECONDS, key=len, reverse=True))
_NUMBER = rf"\d{{1,9}}(?:\.\d{{1,9}})?|[{_LETTERS}半]{{1,12}}|half an?|an?|{_WORDS}"
DURATION = rf"(?:(?:{_NUMBER})(?:个半|个| and a half)? ?(?:{_UNITS})(?:半钟?)?(?:, | and | |零)?){{1,4}}"
_PIECE = re.compile(
    rf"(?P<number>{_NUMBER})(?P<more>个半|个| and a half)? ?(?P<unit>{_UNITS})(?P<half>半钟?)?(?:, | and | |零)?"
)


def chinese(text: str) -> int | None:
    """The value of a Chinese number, or None where it is none or could be read in two ways.

    >>> [chinese(text) for text in ("十二", "两百", "一百零五", "三万两千", "一百五", "三五", "〇", "贰拾")]
    [12, 200, 105, 32000, None, None, 0, 20]
    """
    text = text.translate(_SAME)
    if not _CHINESE.fullmatch(text):
        return None
    head, parted, tail = text.rpartition("万")
    return (_below_10000(head) * 10000 if parted else 0) + _below_10000(tail)


def _below_10000(text: str) -> int:
    total = digit = 0
    for letter in text.replace("零", ""):
        if letter in _ONES:
            digit = _ONES[letter]
        else:
            total, digit = total + (digit or 1) * _UNIT_OF[letter], 0
    return total + digit


def number(text: str) -> float | None:
    """A number in digits or words; ``half an`` and ``半`` are 0.5."""
    if text[0].isdigit():
        return float(text)
    if text in ("a", "an"):
        return 1
    if text in ("half a", "half an", "半"):
        return 0.5
    return ENGLISH[text] if text in ENGLISH else chinese(text)


def seconds(text: str) -> float | None:
    """A time in seconds, or None where it is none: a unit twice, a smaller before a larger, a number that is none.

    >>> [seconds(text) for text in ("半小时", "一个半小时", "1分30秒", "1.5 h", "half an hour", "两小时半", "3秒2分")]
    [1800.0, 5400.0, 90.0, 5400.0, 1800.0, 9000.0, None]
    """
    total, last, end = 0.0, float("inf"), 0
    for found in _PIECE.finditer(text):
        unit, value = SECONDS[found["unit"]], number(found["number"])
        if found.start() != end or value is None or unit >= last:
            return None
        if value == 0.5 and (found["half"] or found["more"] in ("个半", " and a half")):
            return None
        value += 0.5 * bool(found["half"] or found["more"] in ("个半", " and a half"))
        total, last, end = total + value * unit, unit, found.end()
    return round(total, 9) if end == len(text) and end else None
