"""Steps of test_held_on_other_keys.py: somebody else's client closes a key's relay while a scenario runs."""

import os
import socket
from pathlib import Path

from pytest_bdd import given, then, when

from posrig.rig.rig import Rig


@given("the terminal has power")
def powered(rig: Rig) -> None:
    rig.power.on()


@when("another client presses a key in the first attempt only")
def pressed_once(rig: Rig) -> None:
    done = Path(os.environ["PRESSED_ONCE"])
    if not done.exists():
        done.write_text("yes")
        pressed(rig)


@when("another client presses a key")
def pressed(rig: Rig) -> None:
    with socket.create_connection(("127.0.0.1", int(rig.switch.session.resource.split("::")[2])), 5) as wire:
        for act in ("CLOS", "OPEN"):
            wire.sendall(f"ROUT:{act} (@1005);*OPC?\n".encode())
            assert wire.recv(10) == b"1\n"


@then("nobody notices")
def unnoticed() -> None:
    pass
