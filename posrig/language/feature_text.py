"""A feature file as text: read with bounds, and looked at for what the parser would report as something else.

Gherkin takes a language line with a slip in it for a remark, and a line whose keyword it does not know for description
or for a mistake of the lines that follow. One slip must be one message, at its own line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from gherkin.dialect import DIALECTS
from gherkin.errors import CompositeParserException, NoSuchLanguageException, ParserError, ParserException
from gherkin.parser import Parser

from posrig.evidence.card_numbers import card_numbers
from posrig.language.findings import Checked, Finding, Node
from posrig.language.keywords import (
    LANGUAGES,
    TITLE,
    TITLES,
    WRONG_BLANK,
    WRONG_COLON,
    ZH_TITLE,
    Line,
    heading,
    translation,
)
from posrig.language.messages import say
from posrig.language.step_index import CJK

MOST_BYTES = 1_000_000
"""The largest of our own features has 30 KB; a file that is no feature at all would be read for minutes."""

_EXACT = re.compile(r"^\s*#\s*language\s*:\s*([a-zA-Z\-_]+)\s*$")
_LOOSE = re.compile(r"^\s*#\s*(?:language|lang|语言|語言)\s*(?:[:：=]\s*)?(?P<name>.*?)\s*$", re.IGNORECASE)
_NAMES = {
    **dict.fromkeys(
        ("zh", "zh-cn", "zh-hans", "zh-hans-cn", "zhcn", "cn", "chs", "chinese", "中文", "简体中文", "汉语", "简体"),
        "zh-CN",
    ),
    **dict.fromkeys(("en", "en-us", "en-gb", "eng", "english", "英文", "英语"), "en"),
}
# a tab is seen; the joiners and selectors of emoji (U+200D, U+FE0F) are part of a picture
_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u200c\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
_NARROW = str.maketrans("０１２３４５６７８９－　", "0123456789- ")


def read_text(path: Path) -> str | tuple[str, dict[str, object]]:
    """The text of a feature file, or the rule that it breaks with its values."""
    try:
        if not path.is_file():
            return "no_file", {"what": "a folder" if path.is_dir() else "it is gone, or a device"}
        size = path.stat().st_size
        if size > MOST_BYTES:
            return "too_big", {"size": size, "most": MOST_BYTES}
        content = path.read_bytes()
    except (OSError, ValueError) as error:
        return "unreadable", {"reason": getattr(error, "strerror", None) or str(error)}
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError:
        return "not_utf8", {"guess": _guess(content)}


def _guess(content: bytes) -> str:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return " (UTF-16)"
    try:
        return " (GBK)" if CJK.search(content.decode("gb18030")) else ""
    except UnicodeDecodeError:
        return ""


def parse(path: Path, asked: str = "") -> tuple[str, Checked]:
    """Text and syntax tree of a feature file, or what keeps it from being read, told in ``asked`` or its language."""
    try:
        str(path).encode()
    except UnicodeEncodeError:
        named = str(path).encode("utf-8", "backslashreplace").decode()
        return "", _refused(path, asked or "en", ("name_not_utf8", {"name": named}))
    text = read_text(path)
    if isinstance(text, tuple):
        return "", _refused(path, asked or "en", text)
    file = language_of_file(text)
    language = asked or file
    if early := list(_before_parsing(path, text, file, language)):
        return text, Checked(path, None, tuple(early))
    try:
        feature: Node | None = Parser().parse(text).get("feature")
    except ParserError as error:
        return text, Checked(path, None, (_parse_error(path, text, file, language, error),))
    if feature is None:
        return text, _refused(path, language, ("no_feature", {}))
    return text, Checked(path, feature, ())


def _refused(path: Path, language: str, rule: tuple[str, dict[str, object]]) -> Checked:
    return Checked(path, None, (Finding.of(path, 1, rule[0], language, **rule[1]),))


def language_of_file(text: str) -> str:
    """The language that a file names, also with a slip; Chinese keywords without a language line are Chinese too."""
    for _, line in _head(text):
        if found := _EXACT.match(line):
            return _NAMES.get(found[1].lower().replace("_", "-"), found[1])
        if right := _slip(line):
            return right
    return "zh-CN" if any(ZH_TITLE.match(line) for line in text.split("\n")) else "en"


def _head(text: str) -> Iterator[tuple[int, str]]:
    """The remarks before the first line that is none."""
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip() and not line.lstrip().startswith("#"):
            return
        yield number, line


def _slip(line: str) -> str:
    """The language that a line with a slip means; empty for a remark."""
    found = _LOOSE.match(line)
    if found is None:
        return ""
    return _NAMES.get(found["name"].strip(" .。;；,，'\"").lower().replace("_", "-"), "")


def code_lines(text: str) -> Iterator[tuple[int, str]]:
    """The lines outside doc strings and remarks."""
    fence = ""
    for number, line in enumerate(text.split("\n"), 1):
        begin = line.lstrip()[:3]
        if fence:
            fence = "" if begin == fence else fence
        elif begin in ('"""', "```"):
            fence = begin
        elif not begin.startswith("#"):
            yield number, line


def _before_parsing(path: Path, text: str, file: str, language: str) -> Iterator[Finding]:
    """The first cause only: what follows from it is no mistake of its own."""
    for check in (_unseen, _card_numbers):
        if found := list(check(path, text, language)):
            yield from found
            return
    for first in (_language_line, _titles, _blanks):
        one = first(path, text, file, language)
        if one is not None:
            yield one
            return


def _unseen(path: Path, text: str, language: str) -> Iterator[Finding]:
    for number, line in enumerate(text.split("\n"), 1):
        if found := _UNSEEN.search(line):
            yield Finding.of(path, number, "unseen", language, code=ord(found[0]), column=found.start() + 1)
            return


def _card_numbers(path: Path, text: str, language: str) -> Iterator[Finding]:
    for number, line in enumerate(text.split("\n"), 1):
        for _, digits in card_numbers(line.translate(_NARROW)):
            hidden = f"{digits[:4]}{'*' * (len(digits) - 8)}{digits[-4:]}"
            yield Finding.of(path, number, "card_number", language, number=hidden)


def _language_line(path: Path, text: str, _file: str, language: str) -> Finding | None:
    named = ""
    for number, line in _head(text):
        exact = _EXACT.match(line)
        if named and (exact or _slip(line)):
            return Finding.of(path, number, "language_late", language, line=line.strip())
        if exact and exact[1] in DIALECTS:
            named = exact[1]
        elif exact or _slip(line):
            chinese = CJK.search(text) or (exact and exact[1].lower().startswith("zh"))
            right = _slip(line) or ("zh-CN" if chinese else "en")
            return Finding.of(path, number, "language_unclear", language, line=line.strip(), right=right)
    lines = text.split("\n")
    chinese = next((number for number, line in code_lines(text) if ZH_TITLE.match(line)), None)
    if chinese is not None and not named.startswith("zh"):
        return Finding.of(path, 1, "language_missing", language, line=chinese)
    code = {number for number, _ in code_lines(text)}
    first = next((number for number in sorted(code) if lines[number - 1].strip()), len(lines))
    for number, line in enumerate(lines[first:], first + 1):
        if line.lstrip().startswith("#") and _EXACT.match(line):
            return Finding.of(path, number, "language_late", language, line=line.strip())
    return None


def _titles(path: Path, text: str, file: str, language: str) -> Finding | None:
    for number, line in code_lines(text):
        if found := WRONG_COLON.match(line):
            what = _what(language, "full-width colon '：'", "全角冒号 '：'")
            if not found["wide"]:
                what = _what(language, "a blank before the colon", "冒号前有空格")
            right = f"{found['word']}: {found['rest'].strip()}".strip()
            return Finding.of(path, number, "colon", language, what=what, line=line.strip(), right=right)
        title = TITLE.match(line)
        if title and file in LANGUAGES and title["word"] not in TITLES[file]:
            return Finding.of(
                path, number, "title_language", language, keyword=title["word"], allowed=", ".join(TITLES[file]),
                right=translation(title["word"], file), language=file,
            )  # fmt: skip
    return None


def _blanks(path: Path, text: str, file: str, language: str) -> Finding | None:
    if file not in LANGUAGES:
        return None
    for number, line in code_lines(text):
        if found := WRONG_BLANK.match(line):
            blank = _what(language, "a tab", "制表符") if found["blank"][0] == "\t" else ""
            what = blank or _what(language, "a full-width or special blank", "全角或特殊空格")
            return Finding.of(
                path, number, "keyword_blank", language, what=what, keyword=found["word"], line=line.strip(),
                right=f"{found['word']} {found['rest'].strip()}",
            )  # fmt: skip
    return None


def _what(language: str, english: str, chinese: str) -> str:
    return chinese if language.startswith("zh") else english


def _parse_error(path: Path, text: str, file: str, language: str, error: ParserError) -> Finding:
    """The first mistake; those after it are nearly always its followers."""
    errors = error.errors if isinstance(error, CompositeParserException) else [error]
    located = [one for one in errors if isinstance(one, ParserException)]
    if not located:
        return Finding.of(path, 1, "not_gherkin", language, message=str(error))
    one = min(located, key=lambda each: each.location["line"])
    lines = text.split("\n")
    number = min(one.location["line"], len(lines))
    line = lines[number - 1].strip()
    message = re.sub(r"^\(\d+:\d+\): ", "", str(one)).replace("#", "")
    if isinstance(one, NoSuchLanguageException):
        return Finding.of(path, number, "language_unclear", language, line=line, right="zh-CN")
    rules = {"inconsistent cell": "row_cells", "whitespace": "tag_blank", "end of file": "ends_early"}
    if rule := next((rule for words, rule in rules.items() if words in message), None):
        return Finding.of(path, number, rule, language, line=line)
    if meant := heading(line, file):
        allowed = ", ".join(TITLES.get(file, TITLES["en"]))
        return Finding.of(path, number, "title_unknown", language, keyword=meant[0], allowed=allowed, right=meant[1])
    step = Line(line)
    if step.word or CJK.match(line):
        right = step.right(file) or say("one_of_these", language).found
        return Finding.of(path, number, "no_keyword", language, line=line, right=right)
    return Finding.of(path, number, "not_gherkin", language, message=message)
