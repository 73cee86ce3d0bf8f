"""The bench wire's client: capabilities, refusals, and no secret in any error."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator

import pytest
from hangs import HANGS_S

from posrig.ground.faults import ConfigurationError, RigFault, TransportError
from posrig.instruments.bench import CAPABILITIES, NoBench, WireBench

Answer = Callable[[dict[str, object]], bytes | None]
SOON_S = 0.3  # for a bench of which no answer is expected


@pytest.fixture
def bench() -> Iterator[Callable[..., WireBench]]:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def make(answer: Answer, answer_within_s: float = HANGS_S) -> WireBench:
            def serve() -> None:
                try:
                    client, _ = listener.accept()
                except OSError:  # nobody came: the test is over
                    return
                with client, client.makefile("rb") as lines:
                    for line in lines:
                        reply = answer(json.loads(line))
                        if reply is None:
                            return
                        client.sendall(reply)

            threading.Thread(target=serve, daemon=True).start()
            return WireBench(f"tcp://127.0.0.1:{listener.getsockname()[1]}", answer_within_s=answer_within_s)

        yield make


def reply(request: dict[str, object], **fields: object) -> bytes:
    return json.dumps({"id": request["id"], "ok": True, "result": None, **fields}).encode() + b"\n"


def test_an_act_goes_with_its_arguments_and_its_result_comes_back(bench) -> None:
    made = bench(lambda request: reply(request, result=[request["do"], request["args"]]))
    assert made.do("host.lock", cause="C04") == ["host.lock", {"cause": "C04"}]
    made.close()


def test_a_refusal_is_a_configuration_error_in_the_benchs_words(bench) -> None:
    made = bench(lambda request: reply(request, ok=False, error="the supply is on; switch it off first"))
    with pytest.raises(ConfigurationError, match="switch it off first"):
        made.do("terminal.fresh")


def test_an_unknown_act_is_refused_before_anything_is_sent(bench) -> None:
    with pytest.raises(ConfigurationError, match=r"no act 'host\.lok'") as raised:
        bench(lambda _: None).do("host.lok")
    assert "host.lock" in raised.value.allowed


@pytest.mark.parametrize(
    "answer",
    [b"hello\n", b"[]\n", b'{"id": 99, "ok": true}\n', b"\xff\xfe\n"],
    ids=["text", "list", "other id", "bytes"],
)
def test_garbage_is_a_rig_fault(bench, answer) -> None:
    with pytest.raises(RigFault):
        bench(lambda _: answer).do("host.journal")


@pytest.mark.parametrize("answer", [None, b""], ids=["hung up", "silent"])
def test_no_fault_repeats_the_passwords_that_were_on_the_way(bench, answer) -> None:
    with pytest.raises(TransportError) as raised:
        bench(lambda _: answer, answer_within_s=SOON_S).do("terminal.fresh", provision={"passwords": {"01": "48213"}})
    assert "48213" not in str(raised.value) + repr(raised.value.__cause__)
    assert "terminal.fresh" in str(raised.value)


def test_a_rig_without_a_bench_names_the_capability() -> None:
    assert NoBench().capabilities == frozenset()
    for act, words in CAPABILITIES.items():
        with pytest.raises(ConfigurationError) as raised:
            NoBench().do(act)
        assert act in raised.value.found
        assert words in raised.value.found
