"""The VISA session against scripted instruments over real sockets: each fault of the transport becomes one clear error."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import threading
import time

import pytest
from conftest_instruments import DIALECT, GREETING, HANG_UP, IDN, SILENT
from hangs import HANGS_S, LONG_S, sooner

from posrig.ground.faults import ConfigurationError, RigFault, TransportError
from posrig.instruments import socket_lane
from posrig.instruments.dialects import Dialect
from posrig.instruments.visa import VisaSession


def cpu_s() -> float:
    times = os.times()
    return times.user + times.system


def test_identity_is_read_and_the_error_state_cleared_at_open(opened) -> None:
    session, _ = opened()
    assert (session.identity.manufacturer, session.identity.serial_number) == ("Acme", "SN7")
    assert not session.dirty
    assert session.generation == 1


def test_a_port_nobody_listens_on_is_refused_at_open_and_names_the_wire() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    session = VisaSession("switch", f"TCPIP::127.0.0.1::{port}::SOCKET", DIALECT)
    with pytest.raises(TransportError) as raised:
        session.open()
    assert raised.value.phase == "open"
    assert raised.value.instrument == "switch"
    assert f"{port}" in str(raised.value)


def test_a_host_that_never_accepts_is_given_up_after_the_open_timeout() -> None:
    with socket.socket() as listener, contextlib.ExitStack() as stack:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for _ in range(4):  # a full backlog: further connections hang like a host that is switched off
            client = stack.enter_context(socket.socket())
            client.setblocking(False)
            client.connect_ex(listener.getsockname())
        session = VisaSession(
            "meter",
            f"TCPIP::127.0.0.1::{listener.getsockname()[1]}::SOCKET",
            DIALECT,
            open_timeout_s=0.3,
            timeout_s=LONG_S,
        )
        with sooner(), pytest.raises(TransportError, match="open"):
            session.open()


@pytest.mark.parametrize("answer", ["Acme,Model 2,SN7,1.0", "Other,Model 1,SN7,1.0", "0"])
def test_another_instrument_than_the_rig_file_says_is_a_rig_fault(scripted, answer) -> None:
    server = scripted(("*IDN?", answer), greeting=False)
    with pytest.raises(RigFault, match="another instrument") as raised:
        VisaSession("supply", server.resource, DIALECT).open()
    assert answer in str(raised.value)
    assert "acme" in raised.value.allowed


def test_a_wrong_serial_number_is_another_instrument(scripted) -> None:
    server = scripted(("*IDN?", IDN), greeting=False)
    with pytest.raises(RigFault, match="another instrument"):
        VisaSession("supply", server.resource, DIALECT, serial_number="SN8").open()


def test_a_set_is_one_segment_that_ends_in_a_query(opened) -> None:
    session, server = opened(("VOLT 5", None), ("OUTP ON", None), ("*ESR?", "+0"))
    before = server.segments
    session.set("VOLT 5", "OUTP ON")
    assert server.segments - before == 1


def test_a_dialect_may_join_with_a_semicolon(scripted) -> None:
    dialect = Dialect("acme", "supply", r"Acme.+", join=";")
    server = scripted(("*IDN?", IDN), ("*CLS;*ESR?", "0"), ("VOLT 5;*ESR?", "0"), greeting=False)
    session = VisaSession("supply", server.resource, dialect)
    session.set("VOLT 5")
    session.close()


def test_many_sets_are_a_segment_each_so_no_acknowledgement_is_waited_for(opened) -> None:
    """With separate writes and Nagle's algorithm each would wait 44 ms for the delayed acknowledgement."""
    pairs = [pair for _ in range(20) for pair in (("VOLT 5", None), ("*ESR?", "0"))]
    session, server = opened(*pairs)
    before = server.segments
    for _ in range(20):
        session.set("VOLT 5")
    assert server.segments - before == 20


def test_nagles_algorithm_is_off(opened) -> None:
    session, _ = opened()
    interface = session._visa.visalib.sessions[session._session].interface
    assert interface.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_a_refused_command_gives_the_instruments_own_words(opened) -> None:
    session, _ = opened(
        ("VOLT 99", None),
        ("*ESR?", "16"),
        ("SYST:ERR?", '-222,"Data out of range"'),
        ("SYST:ERR?", '-113,"Undefined header;FOO"'),
        ("SYST:ERR?", '+0,"No error"'),
        ("VOLT?", "5"),
    )
    with pytest.raises(RigFault, match=r"Data out of range.*Undefined header"):
        session.set("VOLT 99")
    assert session.query("VOLT?") == "5"


def test_power_on_and_request_bits_are_no_errors(opened) -> None:
    session, _ = opened(("VOLT 5", None), ("*ESR?", str(128 | 64 | 2 | 1)))
    session.set("VOLT 5")


def test_an_error_queue_that_never_empties_is_left_after_25_entries(opened) -> None:
    session, _ = opened(("X", None), ("*ESR?", "32"), *[("SYST:ERR?", '-350,"Queue overflow"')] * 25)
    with pytest.raises(RigFault, match="overflow"):
        session.set("X")


def test_carriage_returns_are_stripped(opened) -> None:
    session, _ = opened(("VOLT?", b"5.0;0\r\n"))
    assert session.query("VOLT?") == "5.0"


def test_a_long_answer_in_pieces_arrives_whole(opened) -> None:
    def pieces(client: socket.socket) -> None:
        for _ in range(6):
            client.sendall(b"7" * 5000)
            time.sleep(0.01)
        client.sendall(b";0\n")

    session, _ = opened(("CURV?", pieces))
    assert session.query("CURV?") == "7" * 30_000


def test_a_peer_that_closes_while_an_answer_is_due_is_seen_at_once_and_costs_no_cpu(opened) -> None:
    session, _ = opened(("VOLT?", HANG_UP), timeout_s=LONG_S)
    cpu = cpu_s()
    with sooner(), pytest.raises(TransportError, match="closed the connection") as raised:
        session.query("VOLT?")
    assert raised.value.phase == "answer"
    assert cpu_s() - cpu < 0.3


def test_a_peer_that_closes_in_the_middle_of_an_answer_is_seen_at_once(opened) -> None:
    def half(client: socket.socket) -> object:
        client.sendall(b"5.0")
        return HANG_UP

    session, _ = opened(("VOLT?", half), timeout_s=LONG_S)
    with sooner(), pytest.raises(TransportError, match="closed the connection"):
        session.query("VOLT?")


def test_half_an_answer_is_a_time_out_within_the_deadline_and_no_spin(opened) -> None:
    session, _ = opened(("VOLT?", b"5.0"), timeout_s=0.3)
    start, cpu = time.monotonic(), cpu_s()
    with pytest.raises(TransportError, match=r"no answer within 0\.3 s"):
        session.query("VOLT?")
    assert time.monotonic() - start > 0.25
    assert cpu_s() - cpu < 0.2


AGAIN: list[tuple[str, object]] = [("*IDN?", IDN), ("*ESR?", "0"), *GREETING[1:]]


def test_s6_a_connection_closed_while_it_was_idle_is_opened_anew_and_the_instrument_identified(opened) -> None:
    session, server = opened(*AGAIN, ("VOLT 5", None), ("*ESR?", "0"), *AGAIN, ("VOLT?", "5"))
    for ask in (lambda: session.set("VOLT 5"), lambda: session.query("VOLT?")):
        server.hang_up()
        ask()
    assert (session.generation, server.connections) == (3, 3)


def test_s6_a_gateway_that_says_good_bye_before_it_closes_is_opened_anew(opened) -> None:
    session, server = opened(*AGAIN, ("VOLT?", "5"))
    server.clients[-1].sendall(b"idle time-out\n")
    server.hang_up()
    assert session.query("VOLT?") == "5"


def test_s6_an_instrument_that_was_switched_off_and_on_meanwhile_is_a_rig_fault(opened) -> None:
    session, server = opened(*AGAIN[:1], ("*ESR?", "128"))
    server.hang_up()
    with pytest.raises(RigFault, match="switched off and on"):
        session.set("OUTP 1")
    assert "OUTP 1" not in server.received


def test_s6_another_instrument_behind_the_closed_connection_is_a_rig_fault(opened) -> None:
    session, server = opened(("*IDN?", "Other,Model 1,SN7,1.0"))
    server.hang_up()
    with pytest.raises(RigFault, match="another instrument"):
        session.set("OUTP 1")
    assert "OUTP 1" not in server.received


def test_s6_without_access_to_the_socket_a_closed_connection_is_seen_too(opened, monkeypatch) -> None:
    monkeypatch.setattr(socket_lane.SocketLane, "of", classmethod(lambda *_: None))
    session, server = opened(*AGAIN, ("VOLT?", "5"))
    server.hang_up()
    assert session.query("VOLT?") == "5"


def test_s6_what_was_sent_and_not_answered_stays_a_rig_fault(opened) -> None:
    session, server = opened(("OUTP 1", HANG_UP))
    with pytest.raises(TransportError, match="closed the connection"):
        session.set("OUTP 1")
    assert server.received.count("OUTP 1") == 1


def test_w9_an_error_of_a_query_is_told_with_the_query_and_not_with_the_next_command(opened) -> None:
    session, _ = opened(
        ("MEAS:VOLT?", b"9.0;16\n"),
        ("SYST:ERR?", '-222,"Data out of range"'),
        ("SYST:ERR?", '+0,"No error"'),
        ("OUTP 0", None),
        ("*ESR?", "0"),
    )
    with pytest.raises(RigFault, match=r"refused 'MEAS:VOLT\?'.*Data out of range"):
        session.query("MEAS:VOLT?")
    session.set("OUTP 0")


def test_a_late_answer_never_answers_the_next_question(opened) -> None:
    def late(client: socket.socket) -> object:
        threading.Timer(0.25, lambda: client.sendall(b"LATE\n")).start()
        return SILENT

    session, server = opened(("VOLT?", late), *GREETING, ("CURR?", "1.5"), timeout_s=0.1)
    with pytest.raises(TransportError, match="no answer"):
        session.query("VOLT?")
    assert session.dirty
    time.sleep(0.3)
    assert session.query("CURR?") == "1.5"
    assert server.connections == 2


def test_an_answer_too_many_never_answers_the_next_question(opened) -> None:
    session, _ = opened(("VOLT?", b"5;0\n6\n"), *GREETING, ("CURR?", "1.5"))
    assert session.query("VOLT?") == "5"
    time.sleep(0.02)
    with pytest.raises(TransportError, match="before it was asked"):
        session.query("CURR?")
    assert session.query("CURR?") == "1.5"


def test_a_command_is_never_sent_twice(opened) -> None:
    session, server = opened(("ROUT:CLOS (@1001)", None), ("*ESR?", SILENT), timeout_s=0.1)
    with pytest.raises(TransportError):
        session.set("ROUT:CLOS (@1001)")
    time.sleep(0.05)
    assert server.received.count("ROUT:CLOS (@1001)") == 1


def test_ctrl_c_between_question_and_answer_leaves_nothing_for_the_next_question(opened) -> None:
    def slow(client: socket.socket) -> object:
        threading.Timer(0.05, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
        threading.Timer(0.15, lambda: client.sendall(b"FIRST\n")).start()
        return SILENT

    session, _ = opened(("VOLT?", slow), *GREETING, ("CURR?", "second"))
    with pytest.raises(KeyboardInterrupt):
        session.query("VOLT?")
    time.sleep(0.15)
    assert session.query("CURR?") == "second"


def test_a_peer_that_takes_nothing_more_is_a_time_out_of_the_command(opened) -> None:
    session, server = opened(timeout_s=0.3)
    client = server.clients[0]
    assert client.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF) > 0
    interface = session._visa.visalib.sessions[session._session].interface
    server.script.clear()
    interface.setblocking(False)
    # fill both buffers behind the session's back with a line that never ends
    stop = time.monotonic() + 1.0
    blocked = threading.Event()
    server._answer = lambda *_: blocked.wait(HANGS_S)
    with contextlib.suppress(BlockingIOError):
        interface.sendall(b"X\n")
        while time.monotonic() < stop:
            interface.sendall(b"y" * 65_536)
    interface.setblocking(True)
    with sooner(), pytest.raises(TransportError, match="no answer within") as raised:
        session.query("VOLT?")
    blocked.set()
    assert raised.value.phase == "command"
    server.wrong.clear()


def test_threads_share_a_session_without_mixing_answers(opened) -> None:
    pairs = [("VOLT?", "1")] * 200
    session, server = opened(*pairs)
    server.script[:] = []
    server._answer = lambda client, line: client.sendall(line.partition("?")[0].encode() + b";0\n") or True
    answers: dict[int, list[str]] = {number: [] for number in range(4)}

    def ask(number: int) -> None:
        for _ in range(50):
            answers[number].append(session.query(f"Q{number}?"))

    threads = [threading.Thread(target=ask, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(HANGS_S)
    assert answers == {number: [f"Q{number}"] * 50 for number in range(4)}


def test_a_busy_session_is_reported_and_not_waited_for_for_ever(opened) -> None:
    session, _ = opened()
    session.opens_within_s = 0.1
    held, go = threading.Event(), threading.Event()

    def hold() -> None:
        with session._lock:
            held.set()
            go.wait(HANGS_S)

    threading.Thread(target=hold, daemon=True).start()
    assert held.wait(HANGS_S)
    with pytest.raises(TransportError, match="busy"):
        session.query("VOLT?", timeout_s=0.1)
    go.set()


def test_text_where_numbers_are_due_is_a_transport_error(opened) -> None:
    session, _ = opened(("VOLT?", "hello"))
    with pytest.raises(TransportError, match="numbers"):
        session.query_floats("VOLT?")


def test_without_access_to_the_socket_the_session_still_works(opened, monkeypatch) -> None:
    monkeypatch.setattr(socket_lane.SocketLane, "of", classmethod(lambda *_: None))
    session, _ = opened(("VOLT?", "5"), ("SLOW?", SILENT), *GREETING, ("VOLT?", "6"), timeout_s=0.5)
    assert session._lane is None
    assert session.query("VOLT?") == "5"
    with pytest.raises(TransportError):
        session.query("SLOW?", timeout_s=0.2)
    assert session.query("VOLT?") == "6"


def test_an_unknown_backend_is_a_configuration_error() -> None:
    with pytest.raises(ConfigurationError, match="backend"):
        VisaSession("supply", "TCPIP::127.0.0.1::1::SOCKET", DIALECT, backend="@nosuch").open()


def test_closing_one_session_leaves_the_others(opened) -> None:
    first, _ = opened()
    second, _ = opened(("VOLT?", "5"))
    first.close()
    assert second.query("VOLT?") == "5"
