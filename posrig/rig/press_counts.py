"""Presses of a scenario in numbers: how many per key, missed and doubled, and how many of these the rig lost itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from posrig.ground.faults import RigFault
from posrig.rig.wire_evidence import astray
from posrig.terminal.press_log import HIDDEN

if TYPE_CHECKING:
    from posrig.rig.rig import Rig

ANSWERED_WITHIN_S = 0.1
"""A terminal has given a press back this long after it began, and a slow serial line has brought the answer."""


@dataclass(frozen=True, slots=True)
class KeyCount:
    """``missed``: the terminal gave nothing back; ``doubled``: it gave back more than was pressed, by the excess.

    ``by_rig``: as many of them were not felt on the key's line, or felt twice: the contact's, not the terminal's.
    """

    presses: int = 0
    missed: int = 0
    doubled: int = 0
    missed_by_rig: int = 0
    doubled_by_rig: int = 0

    def __add__(self, other: KeyCount) -> KeyCount:
        return KeyCount(
            self.presses + other.presses,
            self.missed + other.missed,
            self.doubled + other.doubled,
            self.missed_by_rig + other.missed_by_rig,
            self.doubled_by_rig + other.doubled_by_rig,
        )


def press_counts(rig: Rig, *, proved: bool = False) -> dict[tuple[str, bool], KeyCount]:
    """Since the scenario began, by key and whether it was part of a secret. Asks the monitor on the key lines once,
    unless ``proved``: :func:`check_contacts` has found the contacts sound, and nothing was pressed since.

    Raises RigFault or TransportError. What a contact lost of a key that was also part of a secret is given to the
    presses of it that the terminal gave nothing back for.
    """
    log = rig.press_log
    presses = Counter((press.key, press.secret) for press in log.presses)
    answers = log.answers(settled=_settled(rig)) if _answers_whole(rig) else None
    missed: Counter[tuple[str, bool]] = Counter() if answers is None else answers.missed
    doubled: Counter[tuple[str, bool]] = Counter() if answers is None else answers.doubled
    by_rig: Counter[tuple[str, bool]] = Counter()
    for key, more in ({} if proved else astray(rig, rig.baseline)).items():
        seen = (doubled if more > 0 else missed)[key, False]
        openly = min(abs(more), seen) if key in log.secret_keys else abs(more)
        by_rig[key, False] = openly if more > 0 else -openly
        by_rig[key, True] = more - by_rig[key, False]
    found = {}
    for name in {*presses, *missed, *doubled, *(name for name, more in by_rig.items() if more)}:
        more = by_rig[name]
        lost, broken = max(-more, 0), max(more, 0)
        found[name] = KeyCount(presses[name], max(missed[name], lost), max(doubled[name], broken), lost, broken)
    return found


def typed_openly(rig: Rig) -> frozenset[str]:
    """Keys that spell a secret where none was asked for. Counted by name they are its digits, all but their order."""
    presses = rig.press_log.presses
    told = rig.keypad.starred([press.key for press in presses])
    return frozenset(
        press.key for press, shown in zip(presses, told, strict=True) if shown != press.key and not press.secret
    )


def shown(counts: Mapping[tuple[str, bool], KeyCount], openly: Collection[str] = ()) -> dict[str, KeyCount]:
    """By key as people may see it: what was typed as part of a secret is one row, a star; so are ``openly``."""
    found: dict[str, KeyCount] = {}
    for (key, secret), count in sorted(counts.items()):
        name = HIDDEN if secret or key in openly else key
        found[name] = found.get(name, KeyCount()) + count
    return found


def _answers_whole(rig: Rig) -> bool:
    """Were all lines of the service port read? A line that was lost on the way is no press that was missed."""
    return rig.streams.service is not None and rig.streams.damaged == rig.baseline.damaged


def _settled(rig: Rig) -> bool:
    """All that the terminal had to say to the last press was read."""
    rig.clock.sync(rig.streams)
    return rig.clock.last_now() - rig.press_log.last_at > ANSWERED_WITHIN_S


def check_contacts(rig: Rig) -> None:
    """Each closing of a key's relay in this scenario was felt once on the key's line. Raises RigFault with the keys.

    This is what tells a worn contact from a terminal that ignores or doubles a press: the line says what arrived. A
    key whose press was part of a secret is not named.
    """
    if not astray(rig, rig.baseline):
        return
    bad = {name: count for name, count in press_counts(rig).items() if count.missed_by_rig or count.doubled_by_rig}
    channels = rig.description.keypad.channels
    rows = [_words(key, channels[key], count) for (key, secret), count in sorted(bad.items()) if not secret]
    if any(secret for _, secret in bad):
        rows.append("a key that a secret was typed with (not named here; posrig check names it)")
    raise RigFault(
        f"key contacts did not do what their relays did: {', '.join(rows)}",
        instrument="switch",
        keys=tuple(sorted({HIDDEN if secret else key for key, secret in bad})),
        todo="the relay closed and the key's line did not, or twice: have the contact and its wire looked at; "
        "posrig ledger shows how often",
    )


def unproved(rig: Rig) -> str:
    """Presses that the terminal did not give back as they were made, on a rig that cannot tell whose fault it is.

    Empty with a monitor on the key lines: there it is proved either way. Only what lies between answers counts: a
    terminal that answers nothing any more is frozen, and no contact's doing.
    """
    answers = rig.press_log.answers() if not rig.baseline.felt and _answers_whole(rig) else None
    if answers is None:
        return ""
    rows = [
        f"{HIDDEN if secret else key} {did} {count} time{'s' if count > 1 else ''}"
        for did, counts in (("missed", answers.missed), ("doubled", answers.doubled))
        for (key, secret), count in sorted(counts.items())
    ]
    return ", ".join(rows)


def _words(key: str, channel: int, count: KeyCount) -> str:
    lost, doubled = count.missed_by_rig, count.doubled_by_rig
    did = f"lost {lost}" if lost else f"doubled {doubled}"
    return f"{key} ({channel}) {did} of {count.presses} press{'es' if count.presses != 1 else ''}"
