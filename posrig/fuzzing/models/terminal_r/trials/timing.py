"""The time of a refusal: an unknown number and a wrong password must take the same (invariant 10).

Known and unknown numbers are tried in one drawn order, so that a drift of the rig hits both alike. Measured from the
press of ENTER to the refusal on the screen, on the rig's clock. Accused when all three hold: Cliff's delta is large
(0.474 and more, Romano et al. 2006), Mann-Whitney says that chance makes such an order once in a thousand times or
less, and the medians differ by more than the rig can read. Confirmed by three more measurements, as everything is:
chance passes all four less than once in 10^12.
"""

from __future__ import annotations

import math
import random
import statistics
from collections.abc import Sequence

from posrig.fuzzing.models.terminal_r.trials.trial import Circumstances, Trial, holds
from posrig.terminal.models.terminal_r.guessing import password_digits
from posrig.terminal.models.terminal_r.logbook import NOBODY
from posrig.terminal.models.terminal_r.signing_on import enter_operator
from posrig.terminal.models.terminal_r.starting import signed_off
from posrig.terminal.terminal import Terminal
from posrig.terminal.typed import charge_guess, wrong_password

SAMPLES = 12
"""Of each kind: with no overlap at all p is 3e-5, with a delta of 0.474 about 0.05."""
LARGE = 0.474
CHANCE = 0.001
READABLE_S = 0.02
"""Differences below one settling of the picture are the reading's, not the terminal's."""
MOST_EACH = 3
"""Wrong passwords for one number: the fifth would lock it out."""


def cliffs_delta(left: Sequence[float], right: Sequence[float]) -> float:
    """How often a value of ``left`` is the greater one, minus how often it is the smaller one, of all pairs.

    >>> cliffs_delta([1, 2, 3], [4, 5, 6]), cliffs_delta([1, 2], [1, 2])
    (-1.0, 0.0)
    """
    pairs = [(a > b) - (a < b) for a in left for b in right]
    return sum(pairs) / len(pairs)


def mann_whitney(left: Sequence[float], right: Sequence[float]) -> float:
    """The two-sided chance of such an order (normal approximation, corrected for ties and continuity).

    >>> round(mann_whitney([1.0] * 5, [1.0] * 5), 3)
    1.0
    """
    n, m, both = len(left), len(right), [*left, *right]
    greater = sum((a > b) + 0.5 * (a == b) for a in left for b in right)
    ties = sum(count**3 - count for count in (both.count(value) for value in set(both)))
    variance = n * m / 12 * (n + m + 1 - ties / ((n + m) * (n + m - 1)))
    if variance <= 0:
        return 1.0
    z = max(abs(greater - n * m / 2) - 0.5, 0.0) / math.sqrt(variance)
    return math.erfc(z / math.sqrt(2))


def _do(terminal: Terminal, chosen: Circumstances) -> None:
    rng = random.Random(int(chosen["order"]))
    cashiers = terminal.profile.data.roles["cashier"].ids
    known = [operator for operator in cashiers if operator in terminal.credentials.passwords] * MOST_EACH
    rng.shuffle(known)
    strangers = [number for number in NOBODY if password_digits(terminal, number) == 4]
    tries = [(True, operator) for operator in known[:SAMPLES]]
    tries += [(False, number) for number in rng.sample(strangers, len(tries))]
    rng.shuffle(tries)
    signed_off(terminal)
    seconds: dict[bool, list[float]] = {True: [], False: []}
    for is_known, operator in tries:
        seconds[is_known].append(_refusal_s(terminal, operator, is_known=is_known, rng=rng))
    delta, chance = cliffs_delta(seconds[True], seconds[False]), mann_whitney(seconds[True], seconds[False])
    medians = statistics.median(seconds[True]), statistics.median(seconds[False])
    accused = abs(delta) >= LARGE and chance <= CHANCE and abs(medians[0] - medians[1]) > READABLE_S
    holds(
        not accused,
        "timing",
        "an unknown number is refused in the time of a wrong password",
        f"medians {medians[0]:.3f} s (wrong password) and {medians[1]:.3f} s (unknown number), {len(known[:SAMPLES])} "
        f"of each; Cliff's delta {delta:+.2f}, p {chance:.1g}",
    )


def _refusal_s(terminal: Terminal, operator: str, *, is_known: bool, rng: random.Random) -> float:
    """Seconds from the press of ENTER to the refusal."""
    enter_operator(terminal, operator)
    if is_known:
        typed = wrong_password(terminal, operator)
    else:
        charge_guess(terminal, operator)
        typed = f"{rng.randrange(10_000):04d}"
    terminal.keypad.type_keys(typed, secret=True)
    pressed = terminal.clock.now()
    terminal.keypad.press("ENTER")
    refused = terminal.screen.seen_within(lambda frame: frame.screen == "login_bad", 5.0)
    holds(refused is not None, "timing", "a wrong password is refused within 5 s", "no refusal")
    assert refused is not None
    shown = next(frame.at for frame in reversed(terminal.screen.history()) if frame.screen == "login_bad")
    first = next(f.at for f in terminal.screen.history() if f.screen == "login_bad" and f.at >= pressed)
    terminal.screen.leaves("login_bad", 6.0)
    assert shown >= first
    return first - pressed


TIMING = Trial(
    "timing",
    "the time of a refusal: unknown number or wrong password",
    ("timing",),
    {"order": tuple(str(number) for number in range(1, 13))},
    _do,
    presses=2 * SAMPLES * 8,
    guesses=2 * SAMPLES,
    weight=3,
)
