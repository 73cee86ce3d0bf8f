"""Keys and screens, in the raw: for what has no use case of its own."""

from __future__ import annotations

from posrig.language.decorators import then, when
from posrig.language.parameters import Key, Language, ScreenId
from posrig.terminal.judging import expect, expect_screen
from posrig.terminal.terminal import Terminal
from posrig.terminal.ways import around


@when("{key} is pressed", "按{key}", "按下{key}")
def press(key: Key, terminal: Terminal) -> None:
    """One press."""
    terminal.keypad.press(key)


@when("{key} is pressed {count} time(s)", "按{key}{count}次", "按{key}{count}下", "连按{key}{count}次", some=True)
def press_times(key: Key, count: int, terminal: Terminal) -> None:
    """The same key again and again."""
    terminal.keypad.press_all([key] * count)


@when("{key} is held for {duration}", "按住{key}{duration}", some=True)
def hold(key: Key, seconds: float, terminal: Terminal) -> None:
    """Down, wait, up."""
    terminal.keypad.hold(key, seconds)


@when("{key} and {key} are held together for {duration}", "同时按住{key}和{key}{duration}", some=True)
def chord(first: Key, second: Key, seconds: float, terminal: Terminal) -> None:
    """Both down within 50 ms, both up after the time."""
    terminal.keypad.chord((first, second), seconds)


@when("the keys {text} are pressed one after another", "依次按键{text}")
def press_keys(keys: str, terminal: Terminal) -> None:
    """Keys by name, separated by spaces: "MENU 5 3"."""
    terminal.keypad.press_all(keys.split())


@when("the digits {text} are typed", "输入数字{text}")
def type_digits(digits: str, terminal: Terminal) -> None:
    """One press a digit; no ENTER."""
    terminal.keypad.type_keys(digits)


@when("{text} on the glass is touched", "点击屏幕上的{text}", uses=("line bench",))
def touch_text(label: str, terminal: Terminal) -> None:
    """A finger where this text stands now: buttons move from page to page."""
    around.touch(terminal, label)


@then("the screen {screen} is shown", "显示画面{screen}")
def screen_shown(screen: ScreenId, terminal: Terminal) -> None:
    """The whole frame is this screen of the profile, at rest."""
    expect_screen(terminal, (screen,))


@then("the screen {screen} is shown within {duration}", "画面{screen}在{duration}内出现")
def screen_within(screen: ScreenId, seconds: float, terminal: Terminal) -> None:
    """The screen appears in time."""
    expect_screen(terminal, (screen,), within_s=seconds)


@then("the screen {screen} is not shown", "不显示画面{screen}")
def screen_not_shown(screen: ScreenId, terminal: Terminal) -> None:
    """Another screen is at rest."""
    frame = terminal.screen.settled()
    expect(frame.screen != screen, terminal, f"any screen but {screen}", frame)


@then("the screen still shows {screen} after {duration}", "画面{screen}在{duration}后仍然显示")
def still_shown(screen: ScreenId, seconds: float, terminal: Terminal) -> None:
    """Time passes and the screen is the same."""
    terminal.clock.sleep(seconds)
    frame = terminal.screen.settled()
    expect(frame.screen == screen, terminal, f"screen {screen} still, after {seconds:g} s", frame)


@then("the screen says {text}", "画面显示文字{text}")
def screen_says(text: str, terminal: Terminal) -> None:
    """The text stands somewhere on the settled screen."""
    frame = terminal.screen.settled()
    expect(any(text in line for line in frame.lines), terminal, f"the text {text!r} on the screen", frame)


@then("the screen is in {language}", "画面语言为{language}")
def in_language(language: Language, terminal: Terminal) -> None:
    """The settled screen is known in this language."""
    frame = terminal.screen.settled()
    expect(frame.language == language, terminal, f"a known screen in {language.name}", frame)


@then("the entry field is empty", "输入栏为空")
def entry_empty(terminal: Terminal) -> None:
    """Nothing typed is left in the field (invariant 15)."""
    frame = terminal.screen.settled()
    typed = frame.fields.get("entry", "").replace("_", "")
    expect(typed == "", terminal, "an empty entry field", frame)


@then("the entry field shows {count} star(s) and no digit", "输入栏显示{count}个星号且无数字")
def entry_masked(count: int, terminal: Terminal) -> None:
    """A password is never shown."""
    frame = terminal.screen.settled()
    typed = frame.fields.get("entry", "").replace("_", "")
    expect(typed == "*" * count, terminal, f"{count} stars in the entry field", frame)
