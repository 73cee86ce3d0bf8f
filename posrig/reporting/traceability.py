"""Which scenarios stand for which requirement and for which row of the source article. Pure: files in, page out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from gherkin.errors import ParserError
from gherkin.parser import Parser

from posrig.ground.faults import ConfigurationError
from posrig.language.findings import Node
from posrig.language.outlines import example_rows, scenarios_of
from posrig.language.requirements import Requirement, read_requirements

ARTICLE: Mapping[str, tuple[str, str]] = {
    "A1": ("log in with user and password, change it regularly", "用户名和密码登录,定期更换"),
    "A2": ("a second factor", "双重身份验证"),
    "A3": ("after login date, time and settings are the latest", "登录后时间、日期和设置为最新"),
    "A4": ("find the lock module, clearly labelled", "定位锁定模块"),
    "A5": ("unlock by button or by a code", "执行解锁操作"),
    "A6": ("verify the unlocked state", "验证解锁状态"),
    "A7": ("no unauthorised access", "防止未经授权的访问"),
    "A8": ("data protection, safe network", "数据保护"),
    "A9": ("transaction integrity during unlock", "交易完整性"),
    "A10": ("biometrics", "生物识别"),
    "A11": ("access levels: administrator, operator", "访问控制:管理员与操作员"),
    "A12": ("regular security audits", "定期安全审计"),
    "A13": ("staff training", "员工培训"),
    "A14": ("confirm the cause of a lock", "确认锁定原因"),
    "A15": ("check the system log", "检查系统日志"),
    "A16": ("restart", "重启"),
    "A17": ("factory reset by a held key", "恢复出厂设置"),
    "A18": ("update software and firmware", "更新软件和固件"),
    "A19": ("contact support with enough detail", "联系技术支持"),
    "A20": ("backups, cleaning, maintenance", "预防措施:备份与维护"),
}
NOT_BY_SCENARIO = {
    "A12": "posrig audit: a report from a run for an auditor (docs/reports.md); it reviews the scenarios about the log "
    "(R-LOG-*) and about roles (R-ROLE-*) and what the terminal recorded while they ran",
    "A13": "an illustrated manual, English and Chinese, from the scenarios tagged @manual that held: `posrig manual`",
}
"""Rows that reports answer, not scenarios."""
MANUAL = "manual"


@dataclass(frozen=True, slots=True)
class TracedScenario:
    """A scenario with every tag that holds for it; ``runs`` counts its Example rows."""

    file: str
    line: int
    name: str
    tags: frozenset[str]
    runs: int


@dataclass(frozen=True, slots=True)
class Trace:
    requirements: Mapping[str, Requirement]
    scenarios: tuple[TracedScenario, ...]

    def about(self, requirement: str) -> tuple[TracedScenario, ...]:
        return tuple(one for one in self.scenarios if requirement in one.tags)

    @property
    def uncovered(self) -> tuple[Requirement, ...]:
        """Requirements that no scenario names."""
        named = frozenset[str]().union(*(one.tags for one in self.scenarios))
        return tuple(one for one in self.requirements.values() if one.id not in named)


def trace(features: Path) -> Trace:
    """Read every feature file below ``features`` and its requirements.yaml. Raises ConfigurationError."""
    known = read_requirements(features / "requirements.yaml")
    if not known:
        raise ConfigurationError("there are no requirements", where=str(features / "requirements.yaml"))
    found = [one for file in sorted(features.rglob("*.feature")) for one in _scenarios(file, features.parent)]
    return Trace(known, tuple(found))


def _scenarios(file: Path, root: Path) -> Iterable[TracedScenario]:
    try:
        feature = Parser().parse(file.read_text("utf-8-sig")).get("feature")
    except (ParserError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"cannot read the feature: {error}", where=str(file)) from None
    for scenario, rule in scenarios_of(feature) if feature else ():
        nodes: list[Node] = [feature, scenario, *([rule] if rule else []), *scenario["examples"]]
        tags = frozenset(tag["name"].lstrip("@") for node in nodes for tag in node["tags"])
        place = file.resolve().relative_to(root.resolve()).as_posix()
        yield TracedScenario(place, scenario["location"]["line"], scenario["name"], tags, len(example_rows(scenario)))


def markdown(found: Trace) -> str:
    """docs/features.md: each row of the article with its requirements and their scenarios; gaps stand out."""
    total = sum(one.runs for one in found.scenarios)
    rows = [
        "# Rows of the source article, and the scenarios that stand for them",
        "",
        f"Made by `posrig trace --write docs/features.md`: {len(found.requirements)} requirements, "
        f"{len(found.scenarios)} scenarios, {total} with their Example rows, "
        f"{len(found.uncovered)} requirements without one.",
        "How firm a source is: *read* (the source itself), *memory* (check before quoting), "
        "*policy* (the project's own rule).",
    ]
    for row, (en, zh) in ARTICLE.items():
        rows += ["", f"## {row}: {en} / {zh}", ""]
        mine = [one for one in found.requirements.values() if one.article == row]
        if not mine:
            rows.append(f"**{NOT_BY_SCENARIO.get(row, 'no requirement names this row')}**")
            if row == "A13":
                rows += ["", *(f"- {_link(one)}" for one in found.scenarios if MANUAL in one.tags)]
            continue
        rows += ["| requirement | rule | source | scenarios |", "|---|---|---|---|"]
        rows += [_requirement_row(one, found.about(one.id)) for one in mine]
    return "\n".join(rows) + "\n"


def _requirement_row(one: Requirement, scenarios: tuple[TracedScenario, ...]) -> str:
    links = "<br>".join(_link(scenario) for scenario in scenarios)
    return (
        f"| {one.id} | {_cell(one.en)}<br>{_cell(one.zh)} | {_cell(one.source)} ({one.firmness}) "
        f"| {links or '🔴 **no scenario**'} |"
    )


def _link(scenario: TracedScenario) -> str:
    times = f" ×{scenario.runs}" if scenario.runs > 1 else ""
    return f"[{_cell(scenario.name)}](../{scenario.file}#L{scenario.line}){times}"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;")
