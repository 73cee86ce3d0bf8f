"""Steps of the life cycle tests: a scenario that ends in every way there is, on a real rig file."""

import os
import signal
import socket
import time
from pathlib import Path

from pytest_bdd import given, then, when

from posrig.ground.faults import ProductFailure
from posrig.rig.rig import Rig
from posrig.rig.session import RigSession


@given("the supply is on and a key is held")
def on(rig: Rig) -> None:
    rig.power.on()
    rig.keypad.down("5")


@when("all is well")
def well() -> None:
    pass


@when("the terminal does something else")
def product() -> None:
    raise ProductFailure("another screen than the requirement says")


@when("somebody else switches the supply off and the terminal is accused")
def switched_off(rig: Rig) -> None:
    with socket.create_connection(("127.0.0.1", int(rig.supply.session.resource.split("::")[2])), 5) as wire:
        wire.sendall(b"OUTP OFF,(@2);*OPC?\n")
        wire.recv(10)
    raise ProductFailure("the screen is dark")


@when("a relay that nobody closed is closed and the terminal is accused")
def closed(rig: Rig) -> None:
    rig.switch.close_channels([1006 + 2])
    raise ProductFailure("another digit than was pressed")


@when("the switch unit vanishes")
def vanishes(rig: Rig) -> None:
    rig.bench.do("instrument.lose", name="switch", how="drop")
    rig.keypad.up("5")


@when("the switch unit takes everything and answers nothing")
def silent(rig: Rig) -> None:
    rig.bench.do("instrument.lose", name="switch", how="silent")
    rig.keypad.up("5")


@when("one press more than the limit is wanted")
def more(rig: Rig) -> None:
    for _ in range(4):
        rig.keypad.press("7")


@when("the worker crashes")
def crashes() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@when("the guard is killed")
def guard_killed(held_rig: RigSession) -> None:
    assert held_rig.rig.guard is not None
    os.kill(held_rig.rig.guard.pid, signal.SIGKILL)
    os.waitid(os.P_PID, held_rig.rig.guard.pid, os.WEXITED | os.WNOWAIT)


@when("it waits for a signal")
def waits(held_rig: RigSession) -> None:
    assert held_rig.rig.guard is not None
    Path(os.environ["LIFE_READY"]).write_text(f"waiting {held_rig.rig.guard.pid}\n")
    time.sleep(30)


@then("the next scenario has its turn")
def turn(rig: Rig) -> None:
    assert rig.power.is_on
