"""What a press costs beside its wire: the harness against a bare socket loop that sends the very same bytes.

One simulated rig process, both ways in turn, so that the machine's moods hit both alike. Run:

    python benchmarks/press.py [--n 2000]

``with clock``: close, advance 0.1 s, open, advance 0.08 s: what one key press is. ``without``: close and open only.
Exit code 1 when the median press costs more than what is allowed.
"""

from __future__ import annotations

import argparse
import gc
import socket
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from posrig.description.lab import SIMULATED
from posrig.description.rig_file import read_rig
from posrig.rig.rig import Rig
from posrig.terminal.models.terminal_r.starting import switch_on

KEY = "F2"
ALLOWED_RATIO = 1.15


class BareSocket:
    """As little as can be: send, receive until the newline."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, message: bytes) -> bytes:
        self.socket.sendall(message)
        answer = self.socket.recv(4096)
        while not answer.endswith(b"\n"):
            answer += self.socket.recv(4096)
        return answer


def interleaved(one: Callable[[], object], other: Callable[[], object], n: int) -> tuple[list[float], list[float]]:
    """Seconds of each call, in turn; who goes first changes every round."""
    took: tuple[list[float], list[float]] = ([], [])
    clock = time.perf_counter
    for number in range(n + n // 10):
        for way in (0, 1) if number % 2 else (1, 0):
            call = other if way else one
            start = clock()
            call()
            if number >= n // 10:
                took[way].append(clock() - start)
    return took


def report(title: str, bare: list[float], harness: list[float]) -> float:
    rows = (("bare socket", bare), ("harness", harness))
    print(f"\n{title}, n = {len(bare)} each, microseconds")
    print(f"  {'':<12} {'minimum':>9} {'median':>9} {'p95':>9}")
    for name, values in rows:
        p95 = sorted(values)[int(len(values) * 0.95)]
        print(f"  {name:<12} {min(values) * 1e6:9.1f} {statistics.median(values) * 1e6:9.1f} {p95 * 1e6:9.1f}")
    minimum = min(harness) / min(bare)
    median = statistics.median(harness) / statistics.median(bare)
    print(f"  ratio        {minimum:9.2f} {median:9.2f}")
    return median


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--n", type=int, default=2000, help="presses each way (default 2000)")
    n = max(parser.parse_args().n, 100)
    description = read_rig(SIMULATED)
    with Rig.open(description) as rig:
        if rig.simulator is None:
            raise SystemExit("this benchmark needs the simulated rig")
        rig.fresh_terminal()
        switch_on(rig.terminal)
        ports, channel = rig.simulator.ports, description.keypad.channels[KEY]
        switch, clock = BareSocket(ports["switch"]), BareSocket(ports["clock"])
        close = f"ROUT:CLOS (@{channel})\n*ESR?\n".encode()
        open_ = f"ROUT:OPEN (@{channel})\n*ESR?\n".encode()
        hold, gap = (f"A {s:.6f}\n".encode() for s in (description.keypad.press_s, description.keypad.gap_s))

        def bare_press() -> None:
            switch.ask(close)
            clock.ask(hold)
            switch.ask(open_)
            clock.ask(gap)

        def bare_relay() -> None:
            switch.ask(close)
            switch.ask(open_)

        def relay() -> None:
            rig.switch.close_channels((channel,))
            rig.switch.open_channels((channel,))

        gc.disable()
        bare, harness = interleaved(bare_relay, relay, n)
        report("two relay commands, without clock", bare, harness)
        bare, harness = interleaved(bare_press, lambda: rig.keypad.press(KEY), n)
        ratio = report(f"one press of {KEY}, with clock", bare, harness)
        gc.enable()
    print(f"\na press costs {ratio:.2f} times the same bytes from a bare socket loop (allowed: {ALLOWED_RATIO})")
    return 0 if ratio <= ALLOWED_RATIO else 1


if __name__ == "__main__":
    sys.exit(main())
