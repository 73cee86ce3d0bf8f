"""A learned model as text: every state with its keys, and a terminal's leads beside its profile."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from posrig.fuzzing.learning.draft import screens_of_states
from posrig.fuzzing.learning.on_rig import LearnedTerminal
from posrig.fuzzing.learning.picture import picture, state_names
from posrig.fuzzing.learning.terminal_keys import OUTSIDE, Lead
from posrig.fuzzing.learning.words import Language, called_by, key_name, keys_text, words
from posrig.fuzzing.machines.mealy import Mealy


def model_rows(machine: Mealy, language: Language) -> list[str]:
    """The model as text, a line per state: what its keys answer and where they lead."""
    names = state_names(machine)
    rows = []
    for state in range(machine.size):
        groups: dict[tuple[str, int], list[str]] = {}
        for key, target in enumerate(machine.next_state[state]):
            groups.setdefault((machine.answers[state][key], target), []).append(key_name(machine.inputs[key], language))
        rows.append(f"{state + 1:4} {names.get(state, '')}")
        for (answer, target), keys in groups.items():
            rows.append(f"       {' '.join(keys)} / {answer}" + (f" -> {target + 1}" if target != state else ""))
    return rows


def terminal_picture(learned: LearnedTerminal, language: Language) -> str:
    """The drawing of a terminal's model, its states called by their screens. Raises as ``picture`` does."""
    machine = learned.explored.machine
    shown = {state: " / ".join(screens) for state, screens in screens_of_states(machine, learned.first).items()}
    closed = [state for state in range(machine.size) if set(machine.answers[state]) == {OUTSIDE}]
    return picture(machine, language, names=shown, closed=closed, called=called_by(learned.profile, language))


def terminal_rows(learned: LearnedTerminal, language: Language) -> list[str]:
    """What was learned of a terminal, for people: the contradictions to its profile first."""
    say, explored, beside = words(language), learned.explored, learned.beside
    machine, asked, called = explored.machine, explored.asked, called_by(learned.profile, language)
    rows = [
        say.leads_elsewhere.format(
            screen=lead.screen, key=key_name(lead.key, language, called), seen=" > ".join(lead.path), said=said
        )
        for lead, said in beside.elsewhere
    ]
    rows += [say.unknown_screen.format(rows=screen) for screen in beside.unknown]
    rows += [
        say.not_in_profile.format(
            screen=screen, key=keys_text(keys, machine.inputs, language, called=called), seen=" > ".join(path)
        )
        for screen, path, keys in _together(beside.unsaid)
    ]
    rows.append(say.screens.format(screens=say.comma.join(learned.screens)))
    form = say.complete if explored.complete else say.partial
    because = say.limits.get(explored.ended_by or "", "")
    rows.append(form.format(states=machine.size, inputs=len(machine.inputs), because=because))
    rows.append(
        say.terminal_cost.format(
            presses=asked.presses, resets=asked.resets, hypotheses=asked.hypotheses, seconds=asked.seconds
        )
    )
    counts = {"count": len(beside.agrees), "elsewhere": len(beside.elsewhere), "unsaid": len(beside.unsaid)}
    return [*rows, say.agrees.format(**counts)]


def _together(leads: Iterable[Lead]) -> list[tuple[str, tuple[str, ...], list[str]]]:
    """Keys of one screen that lead the same way in one line: "any key" is one fact."""
    found: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for lead in leads:
        found.setdefault((lead.screen, lead.path), []).append(lead.key)
    return [(screen, path, keys) for (screen, path), keys in found.items()]


def terminal_report(learned: LearnedTerminal) -> dict[str, Any]:
    """The same for ``--json``."""
    explored, beside = learned.explored, learned.beside
    return {
        "ok": explored.complete and not beside.elsewhere,
        "complete": explored.complete,
        "ended_by": explored.ended_by,
        "states": explored.machine.size,
        "symbols": explored.asked.presses,
        "resets": explored.asked.resets,
        "screens": list(learned.screens),
        "agrees": len(beside.agrees),
        "elsewhere": [{**_plain(lead), "profile": said} for lead, said in beside.elsewhere],
        "unsaid": [_plain(lead) for lead in beside.unsaid],
        "unknown_screens": list(beside.unknown),
    }


def _plain(lead: Lead) -> dict[str, Any]:
    return {"screen": lead.screen, "key": lead.key, "path": list(lead.path)}
