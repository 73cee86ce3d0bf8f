"""What a learning run says to people, in English and Chinese."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from posrig.description.profile import Profile
from posrig.fuzzing.machines.compare import Difference

Language = Literal["en", "zh"]

Called = Mapping[str, str]
"""Key -> what people call it in the language that is spoken."""
_NOBODY: Called = {}


@dataclass(frozen=True)
class Words:
    """The sentences of one language."""

    title: str
    start: str
    still: str
    """Keys that change nothing: {keys}, {answer}."""
    many: str
    more: str
    any: str
    closed: str
    """A state where a learner presses nothing."""
    after: str
    press: str
    press_first: str
    limits: Mapping[str, str]
    answered: str
    nothing_changed: str
    changed: str
    complete: str
    partial: str
    cost: str
    conflicts: str
    equivalent: str
    not_equivalent: str
    against_reference: str
    leads_elsewhere: str
    not_in_profile: str
    agrees: str
    unknown_screen: str
    screens: str
    terminal_cost: str
    joiner: str
    comma: str


ENGLISH = Words(
    title="Screens and keys: {states} states, {inputs} keys",
    start="start",
    still="{keys}: no change ({answer})",
    many="{count} keys",
    more="{keys} and {left} more",
    any="any key",
    closed="password asked for, blocked or unknown: no key is pressed",
    after="From the start, after {keys}",
    press=", press {key}:",
    press_first="From the start, press {key}:",
    limits={
        "presses": "the presses are used up",
        "resets": "the resets are used up",
        "minutes": "the minutes are over",
        "interrupted": "interrupted",
    },
    answered="{name}: {answer}",
    nothing_changed="Nothing changed for the person at the keypad: both models answer every sequence of keys alike.",
    changed="What changed for the person at the keypad, shortest first ({count}):",
    complete="no question contradicts the model: {states} states, {inputs} inputs (what hides deeper needs --patience)",
    partial="explored so far: {states} states, {inputs} inputs; the model is not complete ({because})",
    cost="{presses} symbols (presses), {resets} resets, {hypotheses} hypotheses, {minutes:.1f} min on a rig",
    conflicts="readings disagreed {misread} times, histories {count} times: put to the vote",
    equivalent="equivalent to {model}: no sequence of keys tells them apart (checked on the product of both)",
    not_equivalent="NOT equivalent to {model}; the shortest keys that tell them apart: {keys}",
    against_reference="Compared with the reference {reference}:",
    leads_elsewhere="ELSEWHERE: on screen {screen}, {key} leads to {seen}; the profile says {said}",
    not_in_profile="not in the profile: on screen {screen}, {key} leads to {seen}",
    agrees="{count} keys lead where the profile says, {elsewhere} lead elsewhere, {unsaid} are not in it",
    unknown_screen="a screen that is not in the profile: {rows}",
    screens="screens seen: {screens}",
    terminal_cost="{presses} presses, {resets} resets, {hypotheses} hypotheses, {seconds:.0f} s",
    joiner=" ",
    comma=", ",
)
CHINESE = Words(
    title="界面与按键：{states} 个状态，{inputs} 个键",
    start="开机",
    still="{keys}：无变化（{answer}）",
    many="{count} 个键",
    more="{keys}等共 {count} 个键",
    any="任意键",
    closed="要求输入密码、已锁住或未知的界面：不再按键",
    after="开机后依次按 {keys}，",
    press="再按{key}：",
    press_first="开机后按{key}：",
    limits={"presses": "按键次数已用完", "resets": "复位次数已用完", "minutes": "时间已用完", "interrupted": "被中断"},
    answered="{name}：{answer}",
    nothing_changed="对按键的人来说没有变化：任何按键顺序，两个模型的应答都相同。",
    changed="对按键的人来说有以下变化，按键少的在前（共 {count} 处）：",
    complete="模型经得起全部提问：{states} 个状态，{inputs} 个输入（更深的隐藏状态需加大 --patience）",
    partial="目前只探明 {states} 个状态、{inputs} 个输入，模型还不完整（{because}）",
    cost="共按键 {presses} 次，复位 {resets} 次，提出假设 {hypotheses} 个；在实物台架上约需 {minutes:.1f} 分钟",
    conflicts="同一画面读数不一致 {misread} 次，相同按键应答不一致 {count} 次：均已表决",
    equivalent="与 {model} 等价：没有任何按键顺序能区分两者（已在两者的积上逐一检查）",
    not_equivalent="与 {model} 不等价；能区分两者的最短按键：{keys}",
    against_reference="与参考模型 {reference} 比较：",
    leads_elsewhere="不一致：在界面 {screen} 上按{key}进入 {seen}，而机型档案写的是 {said}",
    not_in_profile="机型档案未写：在界面 {screen} 上按{key}进入 {seen}",
    agrees="与机型档案一致 {count} 处，不一致 {elsewhere} 处，档案未写 {unsaid} 处",
    unknown_screen="机型档案里没有的界面：{rows}",
    screens="见到的界面：{screens}",
    terminal_cost="按键 {presses} 次，复位 {resets} 次，提出假设 {hypotheses} 个，用时 {seconds:.0f} 秒",
    joiner="、",
    comma="、",
)


def words(language: Language) -> Words:
    """The sentences of a language."""
    return CHINESE if language == "zh" else ENGLISH


def called_by(profile: Profile, language: Language) -> Called:
    """The first word of the profile for each key; in English the keys have their names."""
    if language != "zh":
        return _NOBODY
    return {key: words.zh[0] for key, words in profile.data.keys.items() if words.zh}


def key_name(key: str, language: Language, called: Called = _NOBODY) -> str:
    """A key as people call it. Inputs that nobody has a word for keep their names.

    >>> key_name("OK", "zh", {"OK": "确认键"}), key_name("7", "zh"), key_name("ROBOT_OK", "zh")
    ('确认键', '数字键7', 'ROBOT_OK')
    """
    digit = language == "zh" and len(key) == 1 and key.isdecimal()
    return called.get(key, f"数字键{key}" if digit else key)


def keys_text(
    keys: Sequence[str], inputs: Sequence[str], language: Language, most: int = 6, *, called: Called = _NOBODY
) -> str:
    """Several keys in a few words: neighbours among the digits as a range, all of them as "any key".

    >>> keys_text(["1", "2", "3", "4", "MENU"], ["1", "2", "3", "4", "MENU", "F1"], "en")
    '1-4, MENU'
    """
    say = words(language)
    if len(keys) == len(inputs) > 1:
        return say.any
    runs = _runs(keys)
    named = say.comma.join(
        key_name(run[0], language, called) + (f"-{run[-1]}" if len(run) > 1 else "") for run in runs[:most]
    )
    left = sum(len(run) for run in runs[most:])
    return say.more.format(keys=named, left=left, count=len(keys)) if left else named


def _runs(keys: Sequence[str]) -> list[list[str]]:
    """Digits that follow each other together, three or more; every other key alone."""
    runs: list[list[str]] = []
    for key in keys:
        last = runs[-1][-1] if runs else ""
        if key.isdigit() and last.isdigit() and int(key) == int(last) + 1:
            runs[-1].append(key)
        else:
            runs.append([key])
    return [part for run in runs for part in ([run] if len(run) > 2 else [[key] for key in run])]


def told(
    differences: Sequence[Difference], names: tuple[str, str], language: Language, *, called: Called = _NOBODY
) -> list[str]:
    """The differences of two models as sentences: how to get there, which key, both answers."""
    say = words(language)
    if not differences:
        return [say.nothing_changed]
    rows = [say.changed.format(count=len(differences))]
    for number, found in enumerate(differences, 1):
        way = say.joiner.join(key_name(key, language, called) for key in found.keys[:-1])
        form = say.after + say.press if way else say.press_first
        rows.append(f"{number:3}. {form.format(keys=way, key=key_name(found.key, language, called))}")
        rows.append("       " + say.answered.format(name=names[0], answer=found.left))
        rows.append("       " + say.answered.format(name=names[1], answer=found.right))
    return rows
