"""The model of a profile as a run asks for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from posrig.description.profile import Profile
from posrig.fuzzing.models.from_profile.device import Device
from posrig.fuzzing.models.from_profile.doing import SHELF
from posrig.fuzzing.models.from_profile.hunting import ScopeHunt
from posrig.fuzzing.models.from_profile.judging import replay
from posrig.fuzzing.models.from_profile.oracles import ORACLES, check_names
from posrig.fuzzing.models.from_profile.scopes import Scope as OwnScope
from posrig.fuzzing.models.from_profile.scopes import chosen, own
from posrig.fuzzing.running import archive, campaign
from posrig.fuzzing.running.campaign import Campaign, Hunting
from posrig.fuzzing.running.feature_file import Language, Origin
from posrig.fuzzing.running.hunts import Tell
from posrig.fuzzing.running.plan import Allowance, Plan, Scope, Spent
from posrig.fuzzing.search.findings import Finding
from posrig.fuzzing.search.verdict import Verdict
from posrig.ground.faults import ConfigurationError
from posrig.rig.rig import Rig
from posrig.terminal.preparing import prepare
from posrig.terminal.ways.cases import Cases

NEEDED = ("signed off", "ready", "locked")
"""Without a screen of any of these meanings nothing could be judged."""


class OwnModel:
    """Fulfils :class:`posrig.fuzzing.running.contract.FuzzModel`."""

    oracles = tuple(ORACLES)

    def __init__(self, profile: Profile) -> None:
        """Raises ConfigurationError for a profile that says too little."""
        self._profile = profile
        if not any(screen.means in NEEDED for screen in profile.screens.values()):
            raise ConfigurationError(
                f"no screen of this profile means anything that the fuzzer could judge by ({', '.join(NEEDED)})",
                where=profile.source.where(("screens",)),
                allowed="means: signed off, ready, locked, refused, locked out ... at the screens that are so",
                todo="say what the screens mean (docs/profile.md); or learn a sound terminal, and search against that: "
                "posrig learn --write sound.dot, posrig fuzz --model sound.dot",
            )  # fmt: skip

    def scopes(self, names: Sequence[str] = ()) -> tuple[Scope, ...]:
        return chosen(self._profile, names)

    def firmware(self, rig: Rig) -> str:
        terminal = rig.terminal
        prepare(terminal)
        rig.begin_scenario()
        Cases(terminal).signed_off()
        frames = terminal.screen.history()
        shown = [one.fields["version"] for one in frames if one.fields.get("version")]
        return next(iter(shown), "unknown")

    def run(self, rig: Rig, plan: Plan, on_progress: Tell | None = None) -> Campaign:
        check_names(plan.oracles)
        scopes = [own(one) for one in plan.scopes]
        able = rig.bench.capabilities
        kept = [one for one in scopes if (one.named or not one.changes or SHELF in able)
                and (not one.needs or one.needs in able)]  # fmt: skip

        def make(scope: Scope, allowance: Allowance, ends_at: float | None) -> Hunting:
            return ScopeHunt(rig, plan, own(scope), allowance, ends_at, on_progress)

        found = campaign.run(rig.terminal, replace(plan, scopes=kept), make)
        found.not_begun += [f"{one.name} ({_why_not(one)})" for one in scopes if one not in kept]
        return found

    def again(self, rig: Rig, plan: Plan, wanted: str) -> tuple[Scope, Finding, Verdict]:
        def fires(scope: Scope, finding: Finding) -> Callable[[], bool]:
            return lambda: _shows(_device(rig, plan, own(scope), finding.oracle), finding)

        return archive.again(rig, plan, wanted, fires)

    def simpler(self, rig: Rig, scope: Scope, finding: Finding, allowance: Allowance) -> Finding:
        return finding

    def scenario(self, scope: Scope, finding: Finding, origin: Origin, language: Language) -> str:
        raise ConfigurationError("no scenario: its acts are raw keys and factors; the line below replays it")

    def why_missed(self, defect: str, campaign: Campaign) -> str:
        return campaign.not_shown

    def picture(self, plan: Plan, scope: Scope, finding: Finding, language: Language) -> Path | None:
        return None


def _why_not(scope: OwnScope) -> str:
    if scope.needs:
        return f"this rig cannot do {scope.needs}"
    return "another terminal afterwards, and this rig has no shelf: name the scope to do it all the same"


def _device(rig: Rig, plan: Plan, scope: OwnScope, oracle: str) -> Device:
    allowance = Allowance(plan.limits, Spent(), plan.left)
    return Device(
        rig.terminal, scope, allowance, begin=rig.begin_scenario, look=rig.screen.begin, wired=rig.keypad.keys,
        oracles=(oracle,),
    )  # fmt: skip


def _shows(device: Device, finding: Finding) -> bool:
    shown = replay(device, finding.keys)
    return shown is not None and (shown.oracle, shown.word[-1]) == (finding.oracle, finding.keys[-1])
