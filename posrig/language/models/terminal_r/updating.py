"""Firmware update."""

from __future__ import annotations

from posrig.language.decorators import given, then, when
from posrig.language.parameters import Role, ScreenId
from posrig.terminal.judging import expect
from posrig.terminal.models.terminal_r import updating
from posrig.terminal.terminal import Terminal


@when("the admin accepts the update", "系统管理员确认安装更新")
def accepts(terminal: Terminal) -> None:
    """ENTER at the offer."""
    updating.accept(terminal)


@when("the update reaches the screen {screen}", "更新进行到画面{screen}")
def reaches(screen: ScreenId, terminal: Terminal) -> None:
    """Wait for a moment in the update."""
    updating.reach(terminal, screen)


@when("the update has run to its end", "更新全部完成")
def ran(terminal: Terminal) -> None:
    """Download, check, write, restart."""
    updating.run_to_end(terminal)


@given("the update server shows a wrong certificate", "更新服务器证书不符")
@when("the update server shows a wrong certificate", "更新服务器证书不符")
def false_server(terminal: Terminal) -> None:
    """Somebody else's server in its place."""
    terminal.do("update.server", certificate="wrong")


@given("the update server ends each answer after {count} bytes", "更新服务器每次只发送{count}字节")
def short_answers(count: int, terminal: Terminal) -> None:
    """A line that breaks again and again."""
    terminal.do("update.server", cut_after=count)


@given("the update server sends without end", "更新服务器无休止地发送数据")
@when("the update server sends without end", "更新服务器无休止地发送数据")
def endless(terminal: Terminal) -> None:
    """The image never ends."""
    terminal.do("update.server", endless=True)


@given("a byte of the image is changed on its way", "固件在传输中被改动一个字节")
def changed_on_the_way(terminal: Terminal) -> None:
    """The signature is right, one bit of the image is not."""
    terminal.do("update.server", flip_at=1_000_000)


@given("the update server sends another version from the middle on", "更新服务器从中途起发送另一版本")
def mixed(terminal: Terminal) -> None:
    """A mix of two good images."""
    terminal.do("update.server", mix_after=1_000_000)


@given("the update server sends the terminal to another address", "更新服务器把请求转到别处")
def redirected(terminal: Terminal) -> None:
    """A redirection is not followed."""
    terminal.do("update.server", redirect="https://127.0.0.1:1/image.bin")


@given("the update server replaces the image once it was read", "固件读完后更新服务器将其替换")
def replaced_after_check(terminal: Terminal) -> None:
    """What is fetched a second time is another file."""
    terminal.do("update.server", replace_after_check=True)


@given(
    "an update to version {text} is offered whose place version {text} takes",
    "后台推送版本{text}的更新，以版本{text}顶替",
)
@when(
    "an update to version {text} is offered whose place version {text} takes",
    "后台推送版本{text}的更新，以版本{text}顶替",
)
def offered_with_other(version: str, other: str, terminal: Terminal) -> None:
    """The other image is what a mixing or replacing server sends."""
    updating.offer(terminal, version=version, other_version=other)


@when("an update to version {text} comes by {text}", "版本{text}的更新通过{text}送达")
def comes_by(version: str, source: str, terminal: Terminal) -> None:
    """The same sound package over the network or on a stick."""
    updating.deliver(terminal, source, version=version)


@when(
    "an update to version {text} with the fault {text} comes by {text}", "版本{text}、带缺陷{text}的更新通过{text}送达"
)
def comes_by_with_fault(version: str, fault: str, source: str, terminal: Terminal) -> None:
    """The same faulty package over the network or on a stick."""
    updating.deliver(terminal, source, version=version, faults=[fault])


@when("the update reaches {count} percent of {screen}", "更新在画面{screen}进行到{count}%")
def reaches_percent(percent: int, screen: ScreenId, terminal: Terminal) -> None:
    """Download or writing, so far."""
    updating.reach_percent(terminal, screen, percent)


@when("the line drops at each {count} percent of the download for {duration}", "下载每进行{count}%断网{duration}")
def line_drops(percent: int, away_s: float, terminal: Terminal) -> None:
    """The cable is pulled and comes back."""
    updating.drop_line_each(terminal, percent, away_s)


@then("the download never went back", "下载没有从头重来")
def never_back(terminal: Terminal) -> None:
    """It goes on at the byte where it stopped."""
    updating.never_fell_back(terminal)


@then("the update is refused with the screen {screen}", "更新被拒绝，显示画面{screen}")
def refused(screen: ScreenId, terminal: Terminal) -> None:
    """The refusal says why; nothing was installed."""
    updating.refused_with(terminal, screen)


@then("the update is refused with the screen {screen} for the reason {text}", "更新因{text}被拒绝，显示画面{screen}")
def refused_for(screen: ScreenId, reason: str, terminal: Terminal) -> None:
    """The reason stands in the log record, and the service port tells it."""
    updating.refused_with(terminal, screen)
    told = updating.reason_told(terminal)
    expect(told == reason, terminal, f"the reason {reason!r} of the refusal, told was {told!r}")


@then("the update can still be installed as version {text}", "仍可安装版本{text}")
def still_installable(version: str, terminal: Terminal) -> None:
    """The offer is still there; the admin signs on, takes it, and it runs."""
    updating.can_still_be_installed(terminal, version)


@when("the admin signs on to the offer", "系统管理员签到并看到更新提示")
def signs_on_to_offer(terminal: Terminal) -> None:
    """The offer is the first page of the session."""
    updating.sign_on_to_offer(terminal)


@when("the admin takes the offer again", "系统管理员再次接受更新")
def takes_again(terminal: Terminal) -> None:
    """Signs on for it where the session is over; a download that goes on by itself is left alone."""
    updating.take_again(terminal)


@when("(the ){role} asks for the update by the menu", "{role}从菜单进入更新")
def by_menu(role: Role, terminal: Terminal) -> None:
    """MENU 5 5 2."""
    updating.asked_for_by_menu(terminal)


@then("no page of an update was shown", "从未显示更新画面")
def never_shown(terminal: Terminal) -> None:
    """In the whole scenario."""
    updating.was_never_shown(terminal)
