"""A finding as a scenario: the shortest acts as sentences, what should have been as the last one, and its rule.

Written to ``features/regressions/``; it runs with all other scenarios from then on, first where the order says so.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from posrig.fuzzing.models.terminal_r.acts import CUT, DEFAULT, NET_CUT, NOISE, RESTART, SHORT, USED_CODE, Act
from posrig.fuzzing.models.terminal_r.canonical import screens_of
from posrig.fuzzing.models.terminal_r.lock_model import LockModel
from posrig.fuzzing.models.terminal_r.phrases import Phrase, phrase, role
from posrig.fuzzing.models.terminal_r.state import State
from posrig.fuzzing.running.feature_file import Language, Origin, Step, feature_text
from posrig.fuzzing.search.findings import Finding
from posrig.ground.faults import ConfigurationError

_LEFT = re.compile(r"login_bad\(left=(\d)\)")


def scenario(model: LockModel, finding: Finding, origin: Origin, language: Language = "en") -> str:
    """The feature file's text.

    Raises:
        ConfigurationError: no sentences say these acts (an unlock code made for another terminal, say).
    """
    states = _states(model, finding)
    acts = [model.acts[name] for name in finding.keys]
    return feature_text(
        finding,
        origin,
        language,
        how=f"{finding.found_keys} acts when found, {len(finding.keys)} now, seed {finding.seed}",
        rules=(requirement(finding, acts, states),),
        title=_title(finding, acts, states, language),
        steps=[*_steps(acts, states), Step("then", *_expectation(finding, states))],
    )


def _states(model: LockModel, finding: Finding) -> list[State]:
    states = [model.start]
    for name in finding.keys:
        states.append(model.step(states[-1], name)[0])
    return states


def _steps(acts: Sequence[Act], states: Sequence[State]) -> list[Step]:
    """The Given and the Whens. What signs on first, and locks, is context where there is a sentence for it."""
    found: list[Phrase] = []
    at = 0
    while at < len(acts):
        one = phrase(acts[at:], states[at:])
        if one is None:
            raise ConfigurationError(
                f"no sentence of the step language says the act {acts[at].name!r}",
                todo="replay it with posrig fuzz; it stays in the archive of findings",
            )
        found.append(one)
        at += one.acts
    user = states[found[0].acts].user if found[0].en.endswith(" signs on") else ""
    if user and len(found) > 1:
        en, zh = role(user)
        begin, found = Step("given", f"{en} is signed on", f"{zh}已签到"), found[1:]
    else:
        begin = Step("given", "nobody is signed on", "尚未有人签到")
    return [begin, *(Step("when", one.en, one.zh) for one in found)]


def _differing(finding: Finding) -> str:
    """The first screen, with its fields, on which what was expected differs from what was seen."""
    expected, seen = finding.expected.split(" > "), finding.seen.split(" > ")
    return next((e for e, s in zip(expected, seen, strict=False) if e != s), expected[-1])


def _expectation(finding: Finding, states: Sequence[State]) -> tuple[str, str]:
    after = states[-1]
    wanted = _differing(finding) if finding.oracle == "model" else after.page
    screen = wanted.split("(")[0]
    if left := _LEFT.match(wanted):
        return f"the sign-on is refused with {left[1]} tries left", f"签到被拒绝,还可以试{left[1]}次"
    if screen == "lock_other":
        name_en, name_zh = role(after.owner)
        return (f"the unlocking is refused: only {name_en} or a manager can unlock",
                f"解锁被拒绝:只有{name_zh}或主管可以解锁")  # fmt: skip
    if screen == "locked_out" or after.page == "locked_out":
        name_en, name_zh = role(after.shown)
        return f"{name_en} is locked out", f"{name_zh}已被停用"
    if screen == "twofa_bad":
        return "the time code is refused", "动态码被拒绝"
    if screen == "unlock_bad":
        return "the unlock code is refused", "解锁码被拒绝"
    if screen in ("not_allowed", "signoff_no", "login_bad"):
        return f"the screen {screen} is shown", f"显示画面{screen}"
    return _expected_page(after)


def _expected_page(after: State) -> tuple[str, str]:
    if after.page == "lock":
        return "the terminal is locked", "终端已锁定"
    if after.page == "host_lock":
        return "the terminal is locked by the host", "终端被后台锁定"
    if after.page == "signed_off":
        return "the terminal asks for a sign-on", "终端要求签到"
    if after.page == "twofa":
        return "the second step is asked for", "要求第二步验证"
    if after.page in ("login_id", "login_pwd") and not after.typed:
        return "the entry field is empty", "输入栏为空"
    if after.page == "idle" and not after.typed and after.user not in ("00", "99") and after.user:
        name_en, name_zh = role(after.user)
        return f"the terminal is open and {name_en} can sell", f"终端未锁定,{name_zh}可以交易"
    return f"the screen {after.page} is shown", f"显示画面{after.page}"


def _title(finding: Finding, acts: Sequence[Act], states: Sequence[State], language: Language) -> str:
    """What must hold, after what."""
    found = _last_phrase(acts, states)
    en, zh = _expectation(finding, states)
    if language == "en":
        return f"{found[0][:1].upper()}{found[0][1:]}; {en}".replace('"', "'")
    return f"{found[1]},{zh}".replace("“", "").replace("”", "")


def _last_phrase(acts: Sequence[Act], states: Sequence[State]) -> tuple[str, str]:
    at, last = 0, ("", "")
    while at < len(acts):
        found = phrase(acts[at:], states[at:])
        if found is None:
            break
        last = found.en, found.zh
        at += found.acts
    return last


def requirement(finding: Finding, acts: Sequence[Act], states: Sequence[State]) -> str:
    """The rule of features/requirements.yaml that the finding breaks, by the last act and the screens."""
    names = {act.name for act in acts}
    last, before, after = acts[-1].name, states[-2], states[-1]
    wanted = screens_of(_differing(finding))[0] if finding.oracle == "model" else after.page
    if last == USED_CODE or wanted == "twofa_bad":
        return "R-TWOFA-2" if last == USED_CODE else "R-TWOFA-4"
    if wanted == "twofa" and before.page == "login_pwd":
        return "R-UNLOCK-2" if before.purpose == "unlock" else "R-TWOFA-5" if NET_CUT in names else "R-TWOFA-1"
    if before.page == "twofa":
        return "R-TWOFA-1"
    if wanted in ("locked_out", "login_bad") or after.page == "locked_out":
        return _lock_out_rule(names, before, wanted)
    if last == DEFAULT:
        return "R-SIGNON-4" if before.who in ("00", "99", "01", "02", "03", "04", "05") else "R-SIGNON-3"
    if "unlock" in last or wanted == "unlock_bad":
        return "R-UNLOCK-5"
    if wanted == "status":
        return "R-UNLOCK-3"
    if before.host or after.host:
        return "R-HOSTLOCK-2" if before.host else "R-HOSTLOCK-1"
    return _lock_rule(acts, states)


def _lock_out_rule(names: set[str], before: State, wanted: str) -> str:
    if CUT in names or RESTART in names:
        return "R-LOCKOUT-2"
    if len({who for who, failed in before.failures if failed.wrong}) > 1:
        return "R-LOCKOUT-3"
    if SHORT in names or before.purpose == "unlock":
        return "R-LOCK-5"
    if any(failed.row > 1 for _, failed in before.failures):
        return "R-LOCKOUT-5"
    return "R-LOCKOUT-6" if wanted == "login_bad" else "R-LOCKOUT-1"


def _lock_rule(acts: Sequence[Act], states: Sequence[State]) -> str:
    last, before, after = acts[-1], states[-2], states[-1]
    if after.cause == "C03" and not before.owner:
        return "R-IDLE-3" if last.name == NOISE else "R-IDLE-1"
    if before.page == "lock_soon":
        return "R-IDLE-2"
    if before.owner and last.name in (CUT, RESTART, "24 h and 1 min"):
        return "R-LOCK-3"
    if last.kind == "operator" and before.page == "lock":
        return "R-LOCK-6" if before.cause == "C03" else "R-UNLOCK-1"
    if before.owner:
        return "R-LOCK-5" if before.page == "login_pwd" else "R-LOCK-2"
    if last.name in (CUT, RESTART) and before.user:
        return "R-SIGNON-6"
    if last.kind == "hold":
        return "R-KEY-3"
    if after.page in ("login_pwd", "login_id", "twofa"):
        return "R-SIGNON-5"
    if before.page in ("menu", "manage", "system", "lockmod", "idle"):
        return "R-ROLE-2"
    return "R-SIGNON-1"
