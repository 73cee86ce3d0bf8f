"""The keywords of feature files: those there are, and those that people write instead of them."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from typing import Any

from gherkin.dialect import DIALECTS

LANGUAGES = ("en", "zh-CN")
STEP_KEYS = ("given", "when", "then", "and", "but")

INSTEAD: Mapping[str, str] = {
    "如果": "假如", "若": "假如", "给定": "假如", "給定": "假如", "假使": "假如", "倘若": "假如", "假設": "假设",
    "则": "那么", "那麽": "那么", "那麼": "那么", "然后": "那么", "于是": "那么", "那": "那么",
    "接着": "而且", "之后": "而且", "並且": "并且", "同時": "同时", "但": "但是", "當": "当", "当的": "当",
}  # fmt: skip
"""Chinese words that people begin a step with, and the keyword to write."""
_USUAL: Mapping[str, tuple[str, str]] = {
    "feature": ("Feature", "功能"), "background": ("Background", "背景"), "rule": ("Rule", "规则"),
    "scenario": ("Scenario", "场景"), "scenarioOutline": ("Scenario Outline", "场景大纲"),
    "examples": ("Examples", "例子"),
}  # fmt: skip
TITLE_INSTEAD: Mapping[str, str] = {
    "特性": "功能", "特征": "功能", "特徵": "功能", "需求": "功能", "功能点": "功能", "用例": "场景",
    "测试用例": "场景",
    "情景": "场景", "情境": "场景", "場景": "场景", "劇本": "剧本", "场景模板": "场景大纲", "场景轮廓": "场景大纲",
    "場景大綱": "场景大纲", "剧本模板": "剧本大纲", "示例": "例子", "样例": "例子", "例": "例子", "举例": "例子",
    "数据": "例子", "前提": "背景", "前置条件": "背景", "規則": "规则",
}  # fmt: skip


def words(language: str, keys: Iterable[str]) -> list[str]:
    """The keywords of a language, longest first, without blanks and without the star."""
    dialect: Mapping[str, Any] = DIALECTS[language]
    found = {word.strip() for key in keys for word in dialect[key]} - {"*"}
    return sorted(found, key=len, reverse=True)


def _any_of(found: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in found)


TITLES: Mapping[str, list[str]] = {language: words(language, _USUAL) for language in LANGUAGES}
STEPS: Mapping[str, list[str]] = {language: words(language, STEP_KEYS) for language in LANGUAGES}
_ALL_TITLES = sorted({*TITLES["en"], *TITLES["zh-CN"]}, key=len, reverse=True)
_CHINESE_STEPS = sorted({*STEPS["zh-CN"], *INSTEAD}, key=len, reverse=True)
WRONG_COLON = re.compile(rf"^\s*(?P<word>{_any_of(_ALL_TITLES)})(?:(?P<wide>\s*：)|\s+:)(?P<rest>.*)$", re.DOTALL)
ZH_TITLE = re.compile(rf"^\s*(?:{_any_of(w for w in TITLES['zh-CN'] if w != 'Rule')})\s*[:：]")
TITLE = re.compile(rf"^\s*(?P<word>{_any_of(_ALL_TITLES)}):")
WRONG_BLANK = re.compile(rf"^\s*(?P<word>{_any_of(STEPS['en'])}|\*)(?P<blank>[^\S\n ]+)(?P<rest>.*)$", re.DOTALL)
_HEADING = re.compile(r"^\s*(?P<word>[^\s:：|@#\"][^:：|@#\"]{0,24}?)\s*[:：]")
_STEP = re.compile(
    rf"^\s*(?:(?P<star>[*-])\s+|(?P<en>{_any_of(STEPS['en'])})\b(?P<colon>\s*[:：])?|(?P<zh>{_any_of(_CHINESE_STEPS)}))"
    r"[\s,，:：]*(?P<rest>.*)$",
    re.IGNORECASE | re.DOTALL,
)


class Line:
    """A line that may be meant as a step: the word it begins with, and the sentence behind it."""

    def __init__(self, text: str) -> None:
        found = _STEP.match(text)
        self.text = text.strip()
        self.word = (found["en"] or found["zh"] or "") if found else ""
        self.bullet = bool(found and found["star"])
        self.sentence = found["rest"].strip() if found else self.text
        self.colon = bool(found and found["colon"])

    @property
    def shouts(self) -> bool:
        """A keyword that can only be meant as one: ``GIVEN the ...``, ``Then: ...``."""
        return bool(self.word) and self.word.isascii() and (self.word.isupper() or self.colon)

    def right(self, language: str) -> str:
        """The keyword to write in a file of this language."""
        english = {word.lower(): word for word in STEPS["en"]}.get(self.word.lower())
        chinese = INSTEAD.get(self.word, self.word if self.word in STEPS["zh-CN"] else "")
        pairs = {"Given": "假如", "When": "当", "Then": "那么", "And": "而且", "But": "但是"}
        if language.startswith("zh"):
            return chinese or pairs.get(english or "", "")
        back = {zh: en for en, zh in pairs.items()} | {"假设": "Given", "假定": "Given", "并且": "And", "同时": "And"}
        return english or back.get(chinese, "")


def heading(line: str, language: str) -> tuple[str, str] | None:
    """For a line that may be meant as ``Scenario: ...``, what it begins with and the keyword to write; else None."""
    found = _HEADING.match(line)
    if found is None:
        return None
    word = found["word"]
    own = TITLES["zh-CN" if language.startswith("zh") else "en"]
    if word in own:
        return None
    if translated := translation(word, language):
        return word, translated
    folded = {title.lower(): title for title in own}
    near = difflib.get_close_matches(word.lower(), folded, 1, 0.75)
    return (word, folded[near[0]]) if near else None


def translation(word: str, language: str) -> str:
    """The title keyword of the file's language for one of the other language, or for a word that is none."""
    mine, other = ("zh-CN", "en") if language.startswith("zh") else ("en", "zh-CN")
    word = TITLE_INSTEAD.get(word, word)
    if word in TITLES[mine]:
        return word
    dialect: Mapping[str, Any] = DIALECTS[other]
    for key, usual in _USUAL.items():
        if word in dialect[key]:
            return usual[mine == "zh-CN"]
    return ""
