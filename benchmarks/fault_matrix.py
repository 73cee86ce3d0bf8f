"""Every wire x every fault x every moment, one real scenario each: does the harness end, tell the truth, leave it safe?

    python benchmarks/fault_matrix.py [--jobs 4] [--only screen] [--out docs/fault-matrix.md]

The scenario: sign on, lock, power cut, still locked, unlock, sale (and for the update server's wire an update before).
The camera's cells read the screen by it.
Each case opens a rig of its own, with its guard, on a simulated rig's process that outlives it, and is judged by plain
sockets of its own once the wire is mended:

* it ended within the deadline;
* no product failure was found: the terminal is sound;
* supply off and all key relays open, by read-back;
* the record is there: verdict, timeline, what became of each safe action.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import socket
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, replace
from itertools import product
from pathlib import Path
from types import FrameType
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from posrig.description.lab import SIMULATED  # noqa: E402
from posrig.description.rig_file import CAMERA, RigDescription, read_rig  # noqa: E402
from posrig.ground.faults import PosrigError, ProductFailure  # noqa: E402
from posrig.plugin.verdicts import classify  # noqa: E402
from posrig.rig.preparation import simulator_options  # noqa: E402
from posrig.rig.rig import Rig, RigOptions  # noqa: E402
from posrig.rig.simulator_process import SimulatorProcess  # noqa: E402
from posrig.rig.soundness import doubts  # noqa: E402
from posrig.rig.wire_evidence import check_relays  # noqa: E402
from posrig.terminal import preparing  # noqa: E402
from posrig.terminal.models.terminal_r import locking, selling, signing_on, starting, updating  # noqa: E402
from posrig.terminal.terminal import Terminal  # noqa: E402

WIRES = ("instruments", "screen", "service", "camera", "host", "update")
FAULTS = ("drop", "delay", "corrupt", "half-open", "vanish", "trickle", "garbage")
MOMENTS = ("open", "command", "answer", "close")
DEADLINE_S = 600.0
"""Real seconds for one case: a bound against hanging only, each wait of the harness in it has a deadline of its own."""
SAFE_WITHIN_S = 300.0
"""Real seconds from the end of the case, ten times what the guard goes on for where the harness reached nothing."""
CASHIER, ADMIN = "01", "99"
REAL_S = {"delay": 3.0, "trickle": 0.01, "half-open": 2.0, "vanish": 2.0}
VIRTUAL_S = {"delay": 30.0, "trickle": 0.2, "half-open": 0.0, "vanish": 0.0}
RATES = {"instruments": 0.02, "screen": 0.005, "service": 0.005, "camera": 0.00002, "host": 0.02, "update": 0.02}
"""Share of bytes; a photo has 30,000."""
PHOTO_BYTE_S = 0.0001


@dataclass(frozen=True, slots=True)
class Case:
    """One cell of the matrix. ``wire`` of the group "instruments" is the supply's or the switch unit's."""

    group: str
    wire: str
    fault: str
    moment: str
    seed: int = 7

    @property
    def name(self) -> str:
        return f"{self.wire}-{self.fault}-{self.moment}"

    @property
    def order(self) -> dict[str, Any]:
        """As the bench act ``wire.fault`` takes it."""
        seconds = (VIRTUAL_S if self.group in ("host", "update") else REAL_S).get(self.fault)
        if self.group == "camera" and self.fault == "trickle":
            seconds = PHOTO_BYTE_S
        more = {} if seconds is None else {"seconds": seconds}
        # an answer's end is one byte, an opening is one message: they are to be struck within the scenario too, and a
        # supply is asked only some twenty times in it
        rate = RATES[self.group] * {"close": 20 if self.group == "instruments" else 5, "open": 20}.get(self.moment, 1)
        if self.group == "camera" and self.moment != "answer":  # a head has 150 bytes, an end two
            rate = {"open": 0.02, "command": 0.005, "close": 0.1}[self.moment]
        return {"wire": self.wire, "fault": self.fault, "moment": self.moment, "rate": rate, "seed": self.seed, **more}


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a case. ``struck``: how often the fault hit, ``in_time``: before its end;
    ``wrong``: promises that were broken."""

    case: Case
    verdict: str
    message: str
    struck: int
    in_time: int
    took_s: float
    safe_s: float
    wrong: tuple[str, ...]


def cases() -> list[Case]:
    """All 168; the instruments' are spread over supply and switch unit."""
    found = []
    for number, (group, fault, moment) in enumerate(product(WIRES, FAULTS, MOMENTS)):
        wire = ("switch", "supply")[(number + number // len(MOMENTS)) % 2] if group == "instruments" else group
        found.append(Case(group, wire, fault, moment))
    return found


class OverTimeError(BaseException):
    """The deadline of a case: no handler of the harness may swallow it."""


class Bed:
    """A simulated rig's process for many cases, and the third connection: plain sockets, no code of the harness."""

    def __init__(self, folder: Path, *, ptys: bool = False) -> None:
        self.folder, self.ptys = folder, ptys
        self.description = read_rig(SIMULATED)
        self._process = SimulatorProcess(simulator_options(self.description), 60.0)

    def close(self) -> None:
        self._process.stop()

    def lab(self, *, by_camera: bool = False) -> RigDescription:
        """The rig file of a lab at these addresses: nothing is started, a guard goes on where the harness ended."""
        text = self.description.model_dump_json()
        if self.ptys:
            for stream in ("screen", "service"):
                text = text.replace(f"tcp://127.0.0.1:{{{stream}}}", f"serial:{{{stream}_tty}}?baud=115200")
        for name, value in self._process.addresses.items():
            text = text.replace("{" + name + "}", value)
        data = json.loads(text)
        data["simulated"] = None
        if by_camera:
            data["streams"]["screen"] = CAMERA
        for instrument in ("supply", "switch", "meter"):
            data["instruments"][instrument]["timeout_s"] = 1.0
        return RigDescription.model_validate(data)

    def ask(self, name: str, line: str) -> str:
        with socket.create_connection(("127.0.0.1", self._process.ports[name]), timeout=DEADLINE_S) as wire:
            wire.sendall(line.encode() + b"\n")
            return wire.makefile().readline().strip()

    def act(self, act: str, **args: Any) -> Any:
        answer = json.loads(self.ask("bench", json.dumps({"id": 1, "do": act, "args": args})))
        if not answer["ok"]:
            raise RuntimeError(answer["error"])
        return answer["result"]

    def struck(self) -> int:
        counted = "struck_pty" if self.ptys else "struck"
        return sum(fault.get(counted, fault["struck"]) for fault in self.act("wire.faults"))

    def safe_after_s(self) -> float:
        """Seconds until the instruments themselves say: output off, no current, key relays open. -1: never."""
        keys = list(self.description.keypad.channels.values())
        start = time.monotonic()
        while time.monotonic() - start < SAFE_WITHIN_S:
            closed = self.ask("switch", f"ROUT:CLOS? (@{','.join(map(str, keys))})")
            current = float(self.ask("supply", "MEAS:CURR? (@2)"))
            # every output, not only the terminal's: a command that came in changed may have switched on another
            if "1" not in self.ask("supply", "OUTP? (@1:3)") + closed and abs(current) < 0.02:
                return time.monotonic() - start
            time.sleep(0.1)
        return -1.0


def scenario(terminal: Terminal, case: Case) -> None:
    """From power-off, through the harness's own use cases, every expectation of theirs included."""
    if case.group == "update":
        starting.ready(terminal, ADMIN)
        updating.offer(terminal, version="2.5.0")
        updating.accept(terminal)
        updating.run_to_end(terminal)
        signing_on.sign_on(terminal, CASHIER)
    else:
        starting.ready(terminal, CASHIER)
    locking.lock(terminal)
    starting.cut_power(terminal)
    locking.is_locked(terminal)
    locking.unlock(terminal, CASHIER)
    selling.sale_is_accepted(terminal)


def judged(bed: Bed, case: Case, rig_of: list[Rig]) -> tuple[str, str]:
    """Verdict and message, made as for a scenario: a product failure only when nothing speaks against the rig."""
    try:
        if case.moment == "open":
            bed.act("wire.fault", **case.order)
        rig = Rig.open(
            bed.lab(by_camera=case.group == "camera"),
            options=RigOptions(incidents=bed.folder / "incidents", job=case.name),
        )
        rig_of.append(rig)
        rig.streams.revive()
        preparing.prepare(rig.terminal)
        rig.begin_scenario()
        if case.moment != "open":
            bed.act("wire.fault", **case.order)
        try:
            scenario(rig.terminal, case)
            check_relays(rig, rig.baseline)
        except ProductFailure as failure:
            against = doubts(rig)
            return ("rig fault", "; ".join(against)) if against else ("product failure", str(failure))
    except PosrigError as error:
        return str(classify(error, from_step=True)), error.found.splitlines()[0]
    return "held", ""


def run_case(bed: Bed, case: Case) -> Result:
    """One case from a safe rig to a safe rig."""
    bed.act("wire.mend", all=True)
    rigs: list[Rig] = []
    start = time.monotonic()
    with _deadline(DEADLINE_S):
        try:
            verdict, message = judged(bed, case, rigs)
        except OverTimeError:
            verdict, message = "hang", f"no end within {DEADLINE_S:g} s"
        in_time = bed.struck()
        outcomes = rigs[0].close() if rigs else ()
    took_s = time.monotonic() - start
    struck = bed.struck()
    timeline = [[event.at, event.kind, event.text] for event in rigs[0].timeline] if rigs else []
    record = {
        "case": case.name,
        "verdict": verdict,
        "message": message,
        "struck": struck,
        "struck_in_time": in_time,
        "timeline": timeline,
        "outcomes": [str(outcome) for outcome in outcomes],
    }
    kept = _kept(bed.folder / "records.jsonl", record)
    bed.act("wire.mend", all=True)
    safe_s = bed.safe_after_s()
    _wait_for_guards(rigs)
    wrong = []
    if verdict in ("hang", "product failure", "harness error", "configuration error"):
        wrong.append(verdict)
    if safe_s < 0:
        wrong.append("not safe")
    powered = bool(rigs) and hasattr(rigs[0], "power") and rigs[0].power.cycles > 0
    if not kept or (rigs and len(outcomes) < 4) or (powered and not timeline) or not (message or verdict == "held"):
        wrong.append("record lost")
    return Result(case, verdict, message, struck, in_time, took_s, safe_s, tuple(wrong))


def _kept(file: Path, record: dict[str, Any]) -> bool:
    with file.open("a") as out:
        out.write(json.dumps(record, ensure_ascii=False, default=str) + "\n")
        out.flush()
        os.fsync(out.fileno())
    return bool(json.loads(file.read_text().splitlines()[-1])["case"] == record["case"])


def _wait_for_guards(rigs: Sequence[Rig]) -> None:
    """A guard that took over ends by itself; the next case must not share its instruments with it."""
    for rig in rigs:
        if rig.guard is not None and rig.handed_over:
            with _deadline(SAFE_WITHIN_S):
                os.waitpid(rig.guard.pid, 0)


class _deadline:  # noqa: N801 - reads as a word
    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    def __enter__(self) -> None:
        def over(_number: int, _frame: FrameType | None) -> None:
            raise OverTimeError

        self._before = signal.signal(signal.SIGALRM, over)
        signal.setitimer(signal.ITIMER_REAL, self._seconds)

    def __exit__(self, *_: object) -> None:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, self._before)


def _share(batch: list[Case]) -> list[Result]:
    """Many cases in a process of their own, on one simulated rig."""
    with tempfile.TemporaryDirectory() as folder:
        bed = Bed(Path(folder))
        try:
            results = []
            for case in batch:
                results.append(run_case(bed, case))
                print(_row(results[-1]), flush=True)
            return results
        finally:
            bed.close()


def run(chosen: Sequence[Case], jobs: int) -> Iterator[Result]:
    batches = [list(chosen[start::jobs]) for start in range(jobs)]
    with ProcessPoolExecutor(jobs) as pool:
        for results in pool.map(_share, [batch for batch in batches if batch]):
            yield from results


def _row(result: Result) -> str:
    case, text = result.case, result.message.splitlines()
    cells = (
        case.wire,
        case.fault,
        case.moment,
        str(result.struck),
        result.verdict,
        f"{result.took_s:.1f}",
        f"{result.safe_s:.1f}",
        ", ".join(result.wrong) or "yes",
        (text[0] if text else "").replace("|", "/")[:110],
    )
    return "| " + " | ".join(cells) + " |"


def table(results: Sequence[Result]) -> str:
    """The page docs/fault-matrix.md."""
    counts = Counter(result.verdict for result in results)
    broken = [result for result in results if result.wrong]
    summary = ", ".join(f"{number} {verdict}" for verdict, number in sorted(counts.items()))
    head = [
        "# Fault matrix",
        "",
        "Written by `python benchmarks/fault_matrix.py --out docs/fault-matrix.md`; what is done and promised",
        "stands at the top of that file, the faults in [faults.md](faults.md).",
        "",
        f"{len(results)} cases: {summary}. Promises broken: {len(broken)}. Struck by their fault: "
        f"{sum(result.struck > 0 for result in results)}. "
        f"Slowest case {max(r.took_s for r in results):.0f} s, longest way to the safe state after the end "
        f"{max(r.safe_s for r in results):.1f} s (real seconds).",
        "",
        "Held: the fault cost nothing but time, or hit nothing that the scenario needs. A screen with lost bytes is",
        "read again over a new connection, an idle line to the host is opened anew. Struck: messages hit.",
        "",
        "| wire | fault | moment | struck | verdict | took (s) | safe after (s) | kept its promises | said |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    order = {case.name: number for number, case in enumerate(cases())}
    return "\n".join(head + [_row(result) for result in sorted(results, key=lambda r: order[r.case.name])]) + "\n"


def main() -> int:
    parser = argparse.ArgumentParser(description="Run the fault matrix.")
    parser.add_argument("--jobs", type=int, default=4, help="processes side by side (most cases wait for a time-out)")
    parser.add_argument("--only", default="", help="only cases whose name holds this text")
    parser.add_argument("--seeds", type=int, nargs="+", default=[7], help="seeds of the faults, each for all cases")
    parser.add_argument("--out", type=Path, help="write the table here")
    parser.add_argument("--json", type=Path, help="write the results here")
    options = parser.parse_args()
    chosen = [replace(case, seed=seed) for seed in options.seeds for case in cases() if options.only in case.name]
    results = list(run(chosen, options.jobs))
    if options.out:
        options.out.write_text(table(results))
    if options.json:
        options.json.write_text(json.dumps([asdict(result) for result in results], indent=1))
    bad = [result for result in results if result.wrong]
    print(f"{len(results)} cases, {len(bad)} broke a promise")
    for result in bad:
        print(_row(result))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
