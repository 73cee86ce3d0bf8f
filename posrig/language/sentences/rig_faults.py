"""What goes wrong with the rig, on purpose: to see that it is called a rig fault and never a defect of the terminal."""

from __future__ import annotations

from posrig.language.decorators import given, when
from posrig.language.parameters import Key
from posrig.terminal.terminal import Terminal


@given("the rig's instrument {text} drops out of the network", "台架的仪器{text}掉线")
@when("the rig's instrument {text} drops out of the network", "台架的仪器{text}掉线")
def instrument_lost(name: str, terminal: Terminal) -> None:
    """supply, switch or meter: its connections break and new ones are refused."""
    terminal.do("instrument.lose", name=name, how="drop")


@when("the rig's instrument {text} stops answering", "台架的仪器{text}不再应答")
def instrument_silent(name: str, terminal: Terminal) -> None:
    """Its connection stays open and nothing comes back."""
    terminal.do("instrument.lose", name=name, how="silent")


@given("the console loses 1 byte in {count}", "控制台每{count}字节丢1个")
@when("the console loses 1 byte in {count}", "控制台每{count}字节丢1个")
def console_loses(count: int, terminal: Terminal) -> None:
    """The screen's stream, by chance, the same bytes in each run; until the scenario ends."""
    terminal.do("wire.fault", wire="screen", fault="drop", rate=1 / max(count, 1))


@given("the console changes 1 byte in {count}", "控制台每{count}字节错1个")
@when("the console changes 1 byte in {count}", "控制台每{count}字节错1个")
def console_changes(count: int, terminal: Terminal) -> None:
    """One bit of it."""
    terminal.do("wire.fault", wire="screen", fault="corrupt", rate=1 / max(count, 1))


@given("the service port loses 1 byte in {count}", "服务口每{count}字节丢1个")
@when("the service port loses 1 byte in {count}", "服务口每{count}字节丢1个")
def service_port_loses(count: int, terminal: Terminal) -> None:
    """The terminal's service lines."""
    terminal.do("wire.fault", wire="service", fault="drop", rate=1 / max(count, 1))


@given("the host's answers come {duration} late", "后台的应答晚到{duration}")
@when("the host's answers come {duration} late", "后台的应答晚到{duration}")
def host_late(seconds: float, terminal: Terminal) -> None:
    """The line to the host is slow; the host itself answers as ever."""
    terminal.do("wire.fault", wire="host", fault="delay", seconds=seconds)


@given("the wire {text} has the fault {text} at the moment {text}", "线路{text}出现故障{text}，时机为{text}")
@when("the wire {text} has the fault {text} at the moment {text}", "线路{text}出现故障{text}，时机为{text}")
def wire_fault(wire: str, fault: str, moment: str, terminal: Terminal) -> None:
    """Any fault of docs/faults.md, with its usual rate and seconds."""
    terminal.do("wire.fault", wire=wire, fault=fault, moment=moment)


@given("the contact of {key} loses 1 press in {count}", "{key}的触点每按{count}次漏1次")
@when("the contact of {key} loses 1 press in {count}", "{key}的触点每按{count}次漏1次")
def contact_loses(key: Key, count: int, terminal: Terminal) -> None:
    """A worn contact: the relay closes and says so, the key's line feels nothing; until the scenario ends."""
    terminal.do("relay.fault", key=key, fault="loses", every=count)


@given("the contact of {key} doubles 1 press in {count}", "{key}的触点每按{count}次连击1次")
@when("the contact of {key} doubles 1 press in {count}", "{key}的触点每按{count}次连击1次")
def contact_doubles(key: Key, count: int, terminal: Terminal) -> None:
    """A worn contact: it breaks for 25 ms in the middle of a press; until the scenario ends."""
    terminal.do("relay.fault", key=key, fault="doubles", every=count)


@given("the wire {text} is mended", "线路{text}已修好")
@when("the wire {text} is mended", "修好线路{text}")
def wire_mended(wire: str, terminal: Terminal) -> None:
    """What was cut off half open stays so: a new connection is needed."""
    terminal.do("wire.mend", wire=wire)
