"""Where failures come from, over many runs: rates per scenario, terminal, key, instrument and step. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from posrig.fuzzing.search.verdict import wilson
from posrig.reporting.history import Attempt, Presses

KINDS = ("scenario", "terminal", "key", "instrument", "step")
FAILED = frozenset({"product failure", "quarantined"})
COUNTED = frozenset({"held", "rig fault", "inconclusive", "harness error"}) | FAILED
"""A run that was stopped, a limit and a wrong file say nothing about what is flaky."""
NOT_REACHED = "(rig not opened)"
TOLD = 5
"""Most acts that are proposed."""


@dataclass(frozen=True, slots=True)
class Rate:
    """``hits`` of ``n``, with the 95 % Wilson interval. ``what``: of what kind the hits are, with how many of each.

    n counts attempts; presses for a key; the times it was run for a step.
    """

    kind: str
    name: str
    n: int
    hits: int
    what: Mapping[str, int] = field(default_factory=dict)

    @property
    def rate(self) -> float:
        return self.hits / self.n if self.n else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        return wilson(self.hits, self.n)

    @property
    def mixed(self) -> bool:
        """Some held and some did not: what people call a flake. One that never holds is none."""
        return 0 < self.hits < self.n


def rates(attempts: Sequence[Attempt], steps: Mapping[str, int], presses: Iterable[Presses]) -> list[Rate]:
    """All rates, the surest failures of each kind first."""
    counted = [one for one in attempts if one.verdict in COUNTED]
    found = [
        *_grouped("scenario", counted, lambda one: one.scenario),
        *_grouped("terminal", counted, lambda one: one.serial_number or NOT_REACHED),
        *_keys(presses),
        *_named("instrument", counted, lambda one: one.instrument, {}),
        *_named("step", counted, lambda one: one.step, steps),
    ]
    return sorted(found, key=lambda rate: (KINDS.index(rate.kind), -rate.interval[0], -rate.hits, rate.name))


def _grouped(kind: str, attempts: Iterable[Attempt], name_of: Callable[[Attempt], str]) -> list[Rate]:
    verdicts: dict[str, Counter[str]] = defaultdict(Counter)
    for one in attempts:
        verdicts[name_of(one)][one.verdict] += 1
    return [
        Rate(kind, name, found.total(), found.total() - found["held"], _without_held(found))
        for name, found in verdicts.items()
    ]


def _named(
    kind: str, attempts: Sequence[Attempt], name_of: Callable[[Attempt], str], ran: Mapping[str, int]
) -> list[Rate]:
    """What failures name; out of how often it was run, else of all attempts."""
    verdicts: dict[str, Counter[str]] = defaultdict(Counter)
    for one in attempts:
        if one.verdict != "held" and name_of(one):
            verdicts[name_of(one)][one.verdict] += 1
    return [
        Rate(kind, name, max(ran.get(name, len(attempts)), found.total()), found.total(), dict(found))
        for name, found in verdicts.items()
    ]


def _keys(presses: Iterable[Presses]) -> list[Rate]:
    found = []
    for one in presses:
        by_rig = one.missed_by_rig + one.doubled_by_rig
        what = {
            "missed": one.missed - one.missed_by_rig,
            "doubled": one.doubled - one.doubled_by_rig,
            "lost by the rig": one.missed_by_rig,
            "doubled by the rig": one.doubled_by_rig,
        }
        hits = one.missed + one.doubled
        assert hits >= by_rig
        name = f"{one.key} on {one.serial_number or NOT_REACHED}"
        found.append(Rate("key", name, max(one.presses, hits), hits, {name: n for name, n in what.items() if n}))
    return found


def _without_held(verdicts: Mapping[str, int]) -> dict[str, int]:
    return {verdict: n for verdict, n in verdicts.items() if verdict != "held"}


def stands_out(rate: Rate, others: Iterable[Rate]) -> bool:
    """Surely worse than the others of its kind together: the intervals do not meet."""
    rest = [other for other in others if other.kind == rate.kind and other.name != rate.name]
    n, hits = sum(other.n for other in rest), sum(other.hits for other in rest)
    return bool(rate.hits and n) and rate.interval[0] > wilson(hits, n)[1]


def next_acts(found: Sequence[Rate], attempts: Sequence[Attempt]) -> list[str]:
    """What to do next, the surest first: the rig before the terminal, the terminal before a single scenario."""
    acts = [_key_act(rate) for rate in found if rate.kind == "key" and rate.hits]
    # a worn contact is named with its key already
    named = Counter(one.instrument for one in attempts if one.instrument and not one.keys and one.verdict in COUNTED)
    acts += [
        f"instrument {name}: named by {n} of {len(attempts)} attempts: look at its cable, address and power, then run "
        "posrig check"
        for name, n in named.most_common()
    ]
    acts += [
        f"terminal {rate.name} fails more often than the others: run the same scenarios on another unit, same firmware"
        for rate in found
        if rate.kind == "terminal" and stands_out(rate, found)
    ]
    flaky = [rate for rate in found if rate.kind == "scenario" and rate.mixed and FAILED & set(rate.what)]
    acts += [_scenario_act(rate, attempts) for rate in flaky]
    steady = [rate for rate in found if rate.kind == "scenario" and rate.hits == rate.n > 1 and FAILED & set(rate.what)]
    acts += [f"{rate.name} failed {rate.n} times of {rate.n}: no flake but a defect, report it" for rate in steady]
    more = len(acts) - TOLD
    return [*acts[:TOLD], f"... and {more} more: posrig flakes --json"] if more > 0 else acts


def _key_act(rate: Rate) -> str:
    if any(what.endswith("by the rig") for what in rate.what):
        return f"key {rate.name}: its contact loses or doubles presses: have the relay and its wire looked at"
    return (
        f"key {rate.name}: the terminal gave back {_words(rate.what)}: the key's line felt the presses where it has a "
        "monitor, so try the keypad of another unit"
    )


def _scenario_act(rate: Rate, attempts: Sequence[Attempt]) -> str:
    failed = [one for one in attempts if one.scenario == rate.name and one.verdict in FAILED]
    held = {
        (one.firmware, one.serial_number) for one in attempts if one.scenario == rate.name and one.verdict == "held"
    }
    last = failed[-1]
    if (last.firmware, last.serial_number) not in held:
        return f"{rate.name} held on other firmware or units only: compare firmware {last.firmware or 'unknown'}"
    again = f"pytest '{rate.name}'" + (f" --seed {last.seed}" if last.seed else "")
    return f"{rate.name} held and failed on the same unit and firmware: repeat with {again}; quarantine needs an owner"


def _words(what: Mapping[str, int]) -> str:
    return ", ".join(f"{n} {name}" for name, n in what.items())
