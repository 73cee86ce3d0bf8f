"""The network interface over real TLS sockets: what arrives when, what a cut cable or a power cut loses."""

from __future__ import annotations

from typing import Any

import pytest

from posrig.simulated.world import World
from posrig.simulated.world.nic import ATTACH_S, LATENCY_S

SALE = {"type": "sale", "trace": 1, "amount": 1200}


class Terminal:
    """The firmware's side of the interface: records what it is told, with the virtual time."""

    def __init__(self, world: World) -> None:
        self.world, self.clock = world, world.scheduler
        self.heard: list[tuple[float, str, Any]] = []
        self.switch_on()

    def switch_on(self) -> None:
        self.start = self.clock.now
        nic = self.world.nic
        nic.on_link = lambda up: self.hear("link", up)
        nic.on_push = lambda message: self.hear("push", message)
        nic.power_up()

    def hear(self, kind: str, what: Any) -> None:
        self.heard.append((round(self.clock.now - self.start, 3), kind, what))

    def ask(self, message: dict[str, Any], timeout_s: float = 20.0) -> None:
        self.world.nic.request(
            message, lambda got: self.hear("answer", got), lambda why: self.hear("failure", why), timeout_s=timeout_s
        )

    def load(self, length: int, first: int = 0, path: str = "/image.bin") -> None:
        self.world.nic.fetch(
            path, first, length, lambda data: self.hear("data", data), lambda why: self.hear("failure", why)
        )

    def only(self, kind: str) -> list[Any]:
        return [what for _, got, what in self.heard if got == kind]


@pytest.fixture
def terminal(world: World) -> Terminal:
    terminal = Terminal(world)
    world.scheduler.advance(ATTACH_S)
    return terminal


def test_link_is_there_two_seconds_after_power_on(terminal: Terminal) -> None:
    assert terminal.heard == [(2.0, "link", True)]
    assert terminal.world.nic.attached


def test_an_answer_comes_at_its_virtual_instant(terminal: Terminal) -> None:
    terminal.world.change_host(delay_s=0.7)
    terminal.ask(SALE)
    terminal.clock.advance(2 * LATENCY_S + 0.699)
    assert terminal.only("answer") == []
    terminal.clock.advance(0.002)
    answer = terminal.only("answer")[0]
    assert answer == {"type": "sale_answer", "trace": 1, "approved": True, "code": "00"}


def test_a_request_without_link_fails_at_once(world: World) -> None:
    terminal = Terminal(world)
    terminal.ask(SALE)
    assert terminal.heard == [], "the call itself returns first"
    world.scheduler.advance(0.0)
    assert terminal.only("failure") == ["link"]
    assert world.host.ledger.as_list() == []


@pytest.mark.parametrize(("after_s", "booked"), [(0.1, 0), (0.3, 1)])
def test_a_cable_cut_loses_the_answer_but_not_what_the_host_has_booked(
    terminal: Terminal, after_s: float, booked: int
) -> None:
    terminal.ask(SALE)
    terminal.clock.advance(after_s)
    terminal.world.nic.cable(False)
    terminal.clock.advance(60)
    assert terminal.only("answer") == []
    assert terminal.only("failure") == ["link"]
    assert terminal.only("link") == [True, False]
    assert len(terminal.world.host.ledger.as_list()) == booked


def test_a_power_cut_silences_everything_under_way(terminal: Terminal) -> None:
    terminal.ask(SALE)
    terminal.clock.advance(0.3)
    heard = list(terminal.heard)
    terminal.world.power_down()
    terminal.clock.advance(60)
    assert terminal.heard == heard
    assert terminal.world.host.ledger.as_list()[0]["state"] == "approved"


def test_a_silent_host_takes_the_money_and_the_terminal_times_out(terminal: Terminal) -> None:
    terminal.world.change_host(answer="silent")
    terminal.ask(SALE, timeout_s=20.0)
    terminal.clock.advance(60)
    assert terminal.heard[-1] == (22.0, "failure", "timeout")
    assert terminal.world.host.ledger.as_list() == [{"trace": 1, "type": "sale", "amount": 1200, "state": "approved"}]


def test_an_answer_later_than_the_timeout_is_not_heard(terminal: Terminal) -> None:
    terminal.world.change_host(delay_s=30.0)
    terminal.ask(SALE, timeout_s=20.0)
    terminal.clock.advance(60)
    assert (terminal.only("failure"), terminal.only("answer")) == (["timeout"], [])


def test_garbage_is_a_protocol_failure_and_the_next_exchange_works(terminal: Terminal) -> None:
    terminal.world.change_host(answer="garbage")
    terminal.ask({"type": "echo"})
    terminal.clock.advance(5)
    terminal.world.change_host(answer="approve")
    terminal.ask({"type": "echo"})
    terminal.clock.advance(5)
    assert terminal.only("failure") == ["protocol"]
    assert [answer["type"] for answer in terminal.only("answer")] == ["echo_answer"]


def test_another_certificate_is_refused_also_when_a_line_was_open(terminal: Terminal) -> None:
    terminal.ask({"type": "echo"})
    terminal.clock.advance(5)
    terminal.world.change_host(certificate="wrong")
    terminal.ask(SALE)
    terminal.clock.advance(5)
    terminal.world.change_host(certificate="good")
    terminal.ask({"type": "echo"})
    terminal.clock.advance(5)
    assert terminal.only("failure") == ["certificate"]
    assert len(terminal.only("answer")) == 2
    assert terminal.world.host.ledger.as_list() == [], "nothing was said to the false host"


def test_a_push_arrives_after_the_latency(terminal: Terminal) -> None:
    terminal.world.push({"type": "lock", "cause": "C04"})
    terminal.world.push({"type": "noise"})
    terminal.clock.advance(5)
    assert terminal.heard[1:] == [
        (2.15, "push", {"type": "lock", "cause": "C04"}),
        (2.15, "push", {"type": "noise"}),
    ]


def test_a_push_waits_for_the_link_and_comes_once(terminal: Terminal) -> None:
    nic = terminal.world.nic
    nic.cable(False)
    terminal.world.push({"type": "lock", "cause": "C04"})
    terminal.clock.advance(60)
    assert terminal.only("push") == []
    nic.cable(True)
    terminal.clock.advance(60)
    assert terminal.only("push") == [{"type": "lock", "cause": "C04"}]


def test_pushes_survive_power_cycles_of_the_terminal_in_order(world: World) -> None:
    for round_number in range(20):
        terminal = Terminal(world)
        world.scheduler.advance(ATTACH_S)
        terminal.ask({"type": "echo"})
        world.scheduler.advance(1)
        world.push({"type": "noise", "n": round_number})
        world.scheduler.advance(1)
        assert terminal.only("push") == [{"type": "noise", "n": round_number}]
        world.power_down()


def test_a_download_comes_at_the_rate_of_the_line(terminal: Terminal) -> None:
    package = terminal.world.package(size=1_000_000)
    terminal.world.shelf.put(package)
    terminal.load(1_000_000)
    terminal.clock.advance(0.8)
    assert 400_000 < len(b"".join(terminal.only("data"))) < 560_000
    terminal.clock.advance(1)
    assert b"".join(terminal.only("data")) == package.image
    assert terminal.heard[-1][1:] == ("data", b""), "the end is told"


def test_a_download_goes_on_at_the_byte_where_the_cable_was_pulled(terminal: Terminal) -> None:
    package = terminal.world.package(size=500_000)
    terminal.world.shelf.put(package)
    terminal.load(500_000)
    terminal.clock.advance(0.55)
    terminal.world.nic.cable(False)
    have = b"".join(terminal.only("data"))
    assert terminal.only("failure") == ["link"]
    assert 0 < len(have) < 500_000
    terminal.world.nic.cable(True)
    terminal.clock.advance(ATTACH_S)
    terminal.load(500_000 - len(have), first=len(have))
    terminal.clock.advance(5)
    assert b"".join(terminal.only("data")) == package.image


@pytest.mark.parametrize(
    ("how", "failure"),
    [
        ({"certificate": "wrong"}, "certificate"),
        ({"cut_after": 100_000}, "protocol"),
        ({"redirect": "https://127.0.0.1/elsewhere"}, "protocol"),
    ],
)
def test_a_false_or_broken_server_ends_the_download(terminal: Terminal, how: dict[str, Any], failure: str) -> None:
    terminal.world.shelf.put(terminal.world.package(size=300_000))
    for name, value in how.items():
        setattr(terminal.world.shelf.delivery, name, value)
    terminal.load(300_000)
    terminal.clock.advance(30)
    assert terminal.only("failure") == [failure]
    assert len(b"".join(terminal.only("data"))) == how.get("cut_after", 0)


def test_endless_data_ends_at_the_length_that_was_asked(terminal: Terminal) -> None:
    terminal.world.shelf.put(terminal.world.package(size=300_000))
    terminal.world.shelf.delivery.endless = True
    terminal.load(300_001)
    terminal.clock.advance(30)
    assert len(b"".join(terminal.only("data"))) == 300_001
    terminal.load(10, path="/manifest.json")
    terminal.clock.advance(5)
    assert terminal.heard[-2][2] == terminal.world.shelf.files["/manifest.json"][:10], "the server is free again"


def test_what_the_server_serves_may_change_once_it_was_read_to_the_end(terminal: Terminal) -> None:
    package = terminal.world.package(size=100_000)
    terminal.world.shelf.put(package, other=b"x" * 100_000)
    terminal.world.shelf.delivery.replace_after_check = True
    for _ in range(2):
        terminal.load(100_000)
        terminal.clock.advance(5)
    data = b"".join(terminal.only("data"))
    assert (data[:100_000], data[100_000:]) == (package.image, b"x" * 100_000)


def test_a_world_without_a_past_has_the_same_ports_and_nothing_else(world: World) -> None:
    terminal = Terminal(world)
    world.scheduler.advance(ATTACH_S)
    terminal.ask(SALE)
    world.push({"type": "noise"})
    world.noise(10, 1)
    world.stick.write({"a": b"b"})
    world.stick.plug(True)
    world.finger.working = False
    network = world.nic._network
    world.reset()
    world.scheduler.advance(60)
    assert terminal.only("push") == []
    assert world.host.ledger.as_list() == []
    assert world.stick.folder() is None
    assert world.stick.read() == {}
    assert world.finger.working
    assert world.nic._network is network
