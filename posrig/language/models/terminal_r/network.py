"""The line, the back office, the world around."""

from __future__ import annotations

from posrig.ground.faults import ConfigurationError
from posrig.language.decorators import given, when
from posrig.terminal.contracts import Network
from posrig.terminal.models.terminal_r import disturbing
from posrig.terminal.terminal import Terminal


@given("the network is cut", "网络已断开")
@when("the network is cut", "网络断开")
def cut(terminal: Terminal) -> None:
    """The relay opens the Ethernet line."""
    line(terminal).disconnect()


@when("the network is back", "网络恢复")
def back(terminal: Terminal) -> None:
    """The line is closed again, and the terminal has attached."""
    line(terminal).connect()
    terminal.clock.sleep(terminal.profile.timings.network_attach_s + 1.0)


@when("the network is cut and comes back", "断网后又恢复")
def cut_and_back(terminal: Terminal) -> None:
    """A minute without the line."""
    line(terminal).disconnect()
    terminal.clock.sleep(60.0)
    back(terminal)


@when("for {duration} the host sends a message every {duration}", "{duration}内后台每隔{duration}发一条消息")
def host_noise(seconds: float, every_s: float, terminal: Terminal) -> None:
    """Messages that ask for nothing; nobody touches a key."""
    disturbing.host_messages(terminal, seconds, every_s)


@when("for {duration} sticks and fingers come and go every {duration}", "{duration}内每隔{duration}插拔U盘或触碰指纹头")
def noise_around(seconds: float, every_s: float, terminal: Terminal) -> None:
    """A stick in, a strange finger on the sensor, the stick out; nobody touches a key."""
    disturbing.bustle(terminal, seconds, every_s)


@given("the host's parameter {text} is {count}", "后台参数{text}为{count}")
def host_parameter(name: str, value: int, terminal: Terminal) -> None:
    """Fetched by the terminal at the next sign-on."""
    terminal.do("host.set", parameters={name: value})


@when("the host's parameter is left out", "后台不再下发参数")
def host_parameters_gone(terminal: Terminal) -> None:
    """The terminal keeps what it has."""
    terminal.do("host.set", parameters={})


@given("the host's clock is {duration} ahead", "后台时钟快{duration}")
def host_clock_ahead(seconds: float, terminal: Terminal) -> None:
    """Against the terminal's."""
    terminal.do("host.set", time_offset_s=seconds)


@given("the host shows a wrong certificate", "后台证书不符")
def host_false(terminal: Terminal) -> None:
    """Somebody else's server in the host's place, from now on."""
    terminal.do("host.set", certificate="wrong")


@when("the host shows its own certificate again", "后台证书恢复正常")
def host_true(terminal: Terminal) -> None:
    """The true host."""
    terminal.do("host.set", certificate="good")


def line(terminal: Terminal) -> Network:
    """The relay in the Ethernet line. Raises ConfigurationError where the rig has none."""
    if terminal.network is None:
        raise ConfigurationError(
            "this rig has no channel that cuts the network",
            where="rig file, field network",
            todo="wire one, and name it",
        )
    return terminal.network
