"""A trial's finding as scenarios: in ordinary steps where those do the same, and the trial itself.

Ordinary steps are what people read; whether they meet a defect as closely as the trial does is known for seeded ones
only. So the trial itself always stands in the file: it replays the finding exactly.
"""

from __future__ import annotations

from posrig.fuzzing.models.terminal_r.trials.breaking import rules_broken
from posrig.fuzzing.models.terminal_r.trials.phrases import in_ordinary_steps
from posrig.fuzzing.models.terminal_r.trials.trial import Circumstances, Trial
from posrig.fuzzing.models.terminal_r.trials.wording import name_of, special, table
from posrig.fuzzing.running.feature_file import LANGUAGES, Language, Origin, Step, feature_text
from posrig.fuzzing.search.findings import Finding


def scenario(trial: Trial, finding: Finding, origin: Origin, language: Language = "en") -> str:
    """The feature file's text.

    Raises:
        ConfigurationError: the finding is none of this trial's.
    """
    chosen = trial.read(finding.keys[0])
    itself = as_trial(trial, chosen)
    told = in_ordinary_steps(trial.name, chosen, finding)
    return feature_text(
        finding,
        origin,
        language,
        how=f"trial {finding.keys[0]}; seed {finding.seed}",
        rules=rules_broken(trial, chosen, finding.oracle),
        title=_title(trial, chosen, finding, language),
        steps=told or itself,
        itself=itself if told else (),
    )


def as_trial(trial: Trial, chosen: Circumstances) -> list[Step]:
    """The trial as such: for every trial, with every expectation that it has."""
    made = f'the trial "{trial.name}" is made with', f"在以下条件下进行试验“{name_of(trial, 'zh')}”"
    tables = (tuple(table(trial, chosen, language)) for language in LANGUAGES)
    return [Step("when", *made, *tables), Step("then", "nothing was found in the trial", "试验未发现问题")]


def _title(trial: Trial, chosen: Circumstances, finding: Finding, language: Language) -> str:
    """What was tried, in what circumstances; in English also what must hold."""
    if language == "zh":
        return f"{name_of(trial, 'zh')}({','.join(f'{name}:{value}' for name, value in table(trial, chosen, 'zh'))})"
    said = ", ".join(f"{name} {value}" for name, value in special(trial, chosen))
    return f"{trial.name.capitalize()} with {said}; {finding.expected}".replace('"', "'")
