"""How keys are pressed, and what the terminal made of it."""

from __future__ import annotations

from posrig.language.decorators import then, when
from posrig.language.parameters import Key
from posrig.terminal.judging import expect
from posrig.terminal.models.terminal_r import pressing
from posrig.terminal.terminal import Terminal

DIGITS = "1234567890"


@when(
    "the keys {text} are pressed for {duration} each, {duration} apart",
    "依次按键{text}，每次按{duration}，间隔{duration}",
)
def in_rhythm(keys: str, hold_s: float, gap_s: float, terminal: Terminal) -> None:
    """Keys by name, separated by spaces; the contacts bounce as they do."""
    pressing.press_in_rhythm(terminal, keys.split(), hold_s, gap_s)


@then("{key} held for {duration} counts as one press", "按住{key}{duration}只算一次按键")
def held_once(key: Key, seconds: float, terminal: Terminal) -> None:
    """One accepted key on the service port."""
    pressing.hold_counts_once(terminal, key, seconds)


@then("the amount on the screen is {text}", "画面上的金额为{text}")
def amount_shown(amount: str, terminal: Terminal) -> None:
    """As typed so far at the ready screen."""
    pressing.amount_is(terminal, amount)


@then("no two keys together give a third key", "任意两键同时按下都不产生第三键")
def no_third_key(terminal: Terminal) -> None:
    """All 171 pairs; after each the entry is emptied."""
    pressing.no_third_key(terminal, terminal.profile.keys, "CANCEL")


@then("no two digits together show a third digit", "任意两个数字键同时按下都不出现第三个数字")
def no_third_digit(terminal: Terminal) -> None:
    """All 45 pairs of digits at the ready screen."""
    pressing.third_digit_never_shows(terminal, DIGITS)


@then("{key} and {key} together are taken as these two or not at all", "同时按下{key}和{key}最多算这两键")
def pair_is_two(first: Key, second: Key, terminal: Terminal) -> None:
    """The terminal says which keys it has taken."""
    pressing.no_third_key(terminal, (first, second), "CLEAR")


@then("every accepted key beeped alike", "每次有效按键的提示音相同")
def same_beep(terminal: Terminal) -> None:
    """Short, whatever the key: the ear tells nothing of a password."""
    kinds = pressing.beeps(terminal)
    expect(bool(kinds) and set(kinds) == {"short"}, terminal, f"only short beeps; heard were {kinds}")


@then("every picture was a whole screen of the profile", "每一帧画面都完整无残留")
def whole_frames(terminal: Terminal) -> None:
    """Of the whole scenario, moments included that passed quickly."""
    pressing.frames_are_whole(terminal)
