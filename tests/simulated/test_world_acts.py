"""The bench acts of the world: what they do, and that a wrong argument changes nothing and says what is allowed."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

import pytest

from posrig.simulated.bench_acts import BenchActs, BenchError
from posrig.simulated.world import World, acts
from posrig.simulated.world.packages import Package

Do = Callable[..., Any]


@pytest.fixture
def do(world: World) -> Do:
    register = BenchActs()
    register.register_all(acts(world))
    return lambda name, **args: register.perform(name, args)


def test_every_act_of_the_wires_is_there(world: World) -> None:
    assert set(acts(world)) == {
        "host.lock", "host.unlock", "host.push", "host.set", "host.journal", "host.noise",
        "update.build", "update.offer", "update.server",
        "usb.stick", "usb.files", "usb.insert", "usb.remove",
        "finger.touch", "finger.dead", "helpdesk.code",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "args", "allowed"),
    [
        ("host.lock", {"cause": "C09"}, "C04"),
        ("host.lock", {"couse": "C04"}, "cause"),
        ("host.set", {"answer": "maybe"}, "approve, decline, silent, garbage"),
        ("host.set", {"answer": "decline", "delay": 3}, "delay_s"),
        ("host.set", {"delay_s": "soon"}, "a number"),
        ("host.noise", {"seconds": 10, "every_s": 0}, "over 0"),
        ("host.push", {"message": "hello"}, "an object"),
        ("update.build", {"faults": ["typo"]}, "unsigned"),
        ("update.build", {"size": 5}, "1000 to"),
        ("update.offer", {"package": "bm8="}, "update.build"),
        ("update.server", {"rate": 0}, "more than 0"),
        ("usb.stick", {"files": {"../x": "AA=="}}, "plain name"),
        ("usb.stick", {"files": {"x": "?"}}, "base64"),
        ("usb.stick", {"packages": {"x": {"faults": ["typo"]}}}, "unsigned"),
        ("usb.stick", {"packages": {"x": 5}}, "update.build"),
        ("usb.stick", {"packages": {"x": {"sise": 5000}}}, "size"),
        ("usb.insert", {"port": 1}, "none"),
        ("finger.dead", {}, "true or false"),
        ("helpdesk.code", {"serial_number": "1", "challenge": "2", "date": "today"}, "YYYY-MM-DD"),
    ],
)
def test_a_wrong_argument_changes_nothing_and_says_what_is_allowed(
    world: World, do: Do, name: str, args: dict[str, Any], allowed: str
) -> None:
    before = (vars(world.host.behaviour).copy(), vars(world.shelf.delivery).copy())
    with pytest.raises(BenchError, match=r"allowed|to do") as error:
        do(name, **args)
    assert allowed in str(error.value)
    assert (vars(world.host.behaviour), vars(world.shelf.delivery)) == before
    assert world.host.outbox == []
    assert world.stick.folder() is None


def test_host_set_keeps_what_it_does_not_name(world: World, do: Do) -> None:
    do("host.set", answer="decline", code="05")
    do("host.set", delay_s=2)
    assert (world.host.behaviour.answer, world.host.behaviour.code, world.host.behaviour.delay_s) == (
        "decline",
        "05",
        2.0,
    )


def test_update_server_can_be_told_to_behave_again(world: World, do: Do) -> None:
    do("update.server", cut_after=1000, endless=True)
    do("update.server", cut_after=None, endless=False)
    assert (world.shelf.delivery.cut_after, world.shelf.delivery.endless) == (None, False)


def test_a_package_goes_from_the_vendor_to_the_server_and_to_the_stick(world: World, do: Do) -> None:
    built = do("update.build", version="2.6.0", size=5000, faults=["extra_bytes"])
    raw = base64.b64decode(built["package"])
    assert built["manifest"]["version"] == "2.6.0"
    assert do("update.offer", package=built["package"])["version"] == "2.6.0"
    assert world.shelf.files["/image.bin"] == Package.from_bytes(raw).image
    assert world.host.outbox == [{"type": "update"}]
    do("usb.stick", files={"update.pkg": built["package"]})
    do("usb.insert")
    folder = world.stick.folder()
    assert folder is not None
    assert (folder / "update.pkg").read_bytes() == raw
    assert do("usb.files") == {"update.pkg": built["package"]}
    do("usb.stick", packages={"update.pkg": {"version": "2.6.0", "size": 5000, "faults": ["extra_bytes"]}})
    assert do("usb.files") == {"update.pkg": built["package"]}
    do("usb.remove")
    assert world.stick.folder() is None


def test_the_stick_and_the_finger_are_noticed(world: World, do: Do) -> None:
    noticed: list[object] = []
    world.stick.on_change = lambda: noticed.append("stick")
    world.finger.on_touch = lambda finger, alive: noticed.append((finger, alive))
    do("usb.insert")
    do("usb.insert")
    do("usb.remove")
    do("finger.touch", finger="thumb", alive=False)
    do("finger.dead", dead=True)
    do("finger.touch", finger="thumb")
    assert noticed == ["stick", "stick", ("thumb", False)]


def test_the_help_desk_takes_today_when_no_day_is_named(do: Do) -> None:
    code = do("helpdesk.code", serial_number="12345678", challenge="4821")
    assert code == do("helpdesk.code", serial_number="12345678", challenge="4821", date="2026-01-09")
    assert code != do("helpdesk.code", serial_number="12345678", challenge="4821", date="2026-01-10")
