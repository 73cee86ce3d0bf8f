"""The words of the audit page, English and Chinese."""

# ruff: noqa: E501 - a sentence stays on one line, with the punctuation of its language

from __future__ import annotations

from collections.abc import Mapping

from posrig.terminal.models.terminal_r.log_words import LOG_EVENTS

LANGUAGES = ("en", "zh")

_WORDS: Mapping[str, tuple[str, str]] = {
    "title": ("Security audit", "安全审计报告"),
    "nothing_open": ("Nothing is open", "无未结事项"),
    "is_open": ("Open findings", "存在未结事项"),
    "made": ("Made on", "编制日期"),
    "posrig": (
        "made by posrig from the records of the run; nobody edited it",
        "由 posrig 根据运行记录自动生成,未经人工改动",
    ),
    "tested": ("What was tested", "测试对象与范围"),
    "terminal": ("Terminal model", "终端型号"),
    "serial": ("Serial number", "机号"),
    "firmware": ("Firmware", "固件版本"),
    "rig": ("Test rig", "测试台"),
    "rows_col": ("Scenario rows", "场景行数"),
    "dates": ("From – to (UTC)", "起止时间(UTC)"),
    "scenarios": ("Scenarios", "场景数"),
    "rows": ("rows", "行"),
    "rows_explained": ("a scenario with a table of examples runs once for each row", "带示例表的场景每行各运行一次"),
    "exit_code": ("Exit code of the run", "运行退出码"),
    "verdicts": ("Verdicts", "判定"),
    "command": ("Command", "命令"),
    "safe_state": ("How the rig was left, by read-back", "结束时测试台状态(回读确认)"),
    "proved": ("proved", "已确认"),
    "not_proved": ("NOT PROVED", "未能确认"),
    "not_recorded": ("not recorded by this run", "本次运行未记录"),
    "whole": ("The whole suite was run: every scenario of the feature files.", "已运行全部场景。"),
    "part": (
        "This is a part of the suite: {missing} of {all} scenario rows of today's feature files were not run as they stand there (not run, or changed since).",
        "本次仅运行了部分场景:现有特性文件共{all}行场景,其中{missing}行未按现有内容运行(未运行,或运行后已修改)。",
    ),
    "short": (
        "It was a short run (--short): one scenario for each requirement, language and feature file.",
        "本次为精简运行(--short):每条要求、每种语言、每个特性文件只取一个场景。",
    ),
    "incomplete": (
        "The run did not come to its end: it was interrupted or killed. What was judged before counts.",
        "运行未正常结束(被中断或强行终止),此前已作出的判定有效。",
    ),
    "cut": ("The last record was cut short and is left out.", "最后一条记录不完整,未予采用。"),
    "simulated": (
        "The terminal was a simulated one: this shows what the suite checks, and says nothing about a device that is sold.",
        "被测终端为仿真终端:本报告只说明测试内容,不构成对任何实际销售设备的结论。",
    ),
    "defects": (
        "Defects were seeded on purpose: {defects}. The failures are expected; this is no audit of a product.",
        "测试时人为植入了缺陷:{defects}。失败属预期结果,不能作为产品审计依据。",
    ),
    "not_kept": (
        "Of {n} scenario rows a picture or text could not be kept (disk).",
        "有{n}行场景的图片或文本证据未能保存(磁盘原因)。",
    ),
    "several": (
        "Several firmware versions: the scenarios about updates install others; a version is what a scenario ended with.",
        "出现多个固件版本:升级类场景会安装其他版本,此处为各场景结束时的版本。",
    ),
    "evidence": ("Evidence", "证据文件"),
    "evidence_note": (
        "Checksums (SHA-256) of the files this report was made from. The same sum over the same file shows that the evidence is unchanged.",
        "本报告所依据文件的 SHA-256 校验值。对同名文件重新计算,结果一致即表明证据未被改动。",
    ),
    "bytes": ("bytes", "字节"),
    "folder": ("Folder", "目录"),
    "open_report": ("report page of the run", "运行报告页"),
    "requirements": ("Requirements", "安全要求"),
    "requirement": ("Requirement", "要求"),
    "source": ("Source", "来源"),
    "state": ("State", "状态"),
    "unknown_rule": ("no longer in the list of requirements", "已不在要求清单中"),
    "firm": (
        "How firm a source is: read – the source itself was read; from memory – check before quoting; own policy – the project's own rule.",
        "来源可靠程度:已查阅——查阅过原文;凭记忆——引用前须核对;自定——本项目自定规则。",
    ),
    "not_decided_note": (
        "undecided: tried, but rig or evidence gave no verdict on the terminal",
        "未判定:已尝试,但因测试台或证据原因未能对终端作出判定",
    ),
    "findings": ("Open findings", "未结事项"),
    "product_failures": ("Product failures", "产品缺陷"),
    "no_product_failures": (
        "No scenario found the terminal doing something else than required.",
        "未发现终端行为与要求不符。",
    ),
    "step": ("Step that failed", "失败步骤"),
    "expected_found": ("Expected and found", "预期与实际"),
    "keys": ("Keys pressed so far", "此前按键"),
    "screens": ("Last screens", "最后画面"),
    "quarantined": ("Known failures in quarantine", "已隔离的已知缺陷"),
    "none_quarantined": ("None.", "无。"),
    "owner": ("Owner", "负责人"),
    "reason": ("Reason", "原因"),
    "expires": ("Last day", "截止日期"),
    "run_out": ("run out", "已过期"),
    "other": (
        "Rig faults and other scenarios without a verdict on the terminal",
        "测试台故障及其他未能对终端作出判定的场景",
    ),
    "no_other": ("None: each scenario that ran came to a verdict.", "无:已运行的场景均有判定。"),
    "incidents": ("Incidents of the rig", "测试台事故"),
    "no_incidents": (
        "No run on this rig was killed or left it unproved in the time this audit looks at.",
        "审计期间该测试台上没有运行被强行终止,也没有遗留未确认的状态。",
    ),
    "secrets": ("Secrets in the evidence", "证据中的敏感信息"),
    "secrets_clean": (
        "{n} files were looked through for the rig's passwords and seeds and for card numbers: none was found.",
        "已在{n}个文件中检索测试台的密码、种子及卡号,均未发现。",
    ),
    "secrets_found": ("Secrets were found. Do not pass these files on.", "发现敏感信息,不得外传这些文件。"),
    "unread": ("not looked into", "未能检查"),
    "log": ("Log review", "日志审查"),
    "log_note": (
        "What the terminal recorded in its own log while the scenarios ran, as it told on its service port: {records} records in {rows} of {all} scenario rows. "
        "That the same records stand in the log viewer on its display is judged by the scenarios of the requirements below.",
        "场景运行期间终端写入自身日志的内容(由服务口上报):{all}行场景中有{rows}行产生记录,共{records}条。终端屏幕上的日志查看器是否显示相同记录,由下列要求的场景判定。",
    ),
    "log_none": (
        "No record of this run holds a line of the terminal's own log. The scenarios about the log are judged below.",
        "本次运行的记录中没有终端日志内容,日志相关场景的判定见下。",
    ),
    "event": ("Event", "事件"),
    "records": ("Records", "记录数"),
    "in_rows": ("In scenario rows", "涉及场景行"),
    "refused": ("refused or alarm", "被拒或报警"),
    "operator": ("Operator", "操作员号"),
    "by_operator": ("Records by operator", "按操作员统计"),
    "numbers_fine": (
        "Within each scenario every record number followed the one before: none missing, none twice.",
        "各场景内记录编号均连续,无缺号、无重号。",
    ),
    "numbers_jump": ("Record numbers that do not follow the one before:", "编号不连续之处:"),
    "about_log": ("Scenarios about the log and about roles", "日志与角色权限相关场景"),
    "change": ("Change since the last audit", "与上次审计相比的变化"),
    "no_before": (
        "There is no earlier finished run of at least this size to compare with.",
        "没有规模相当或更大的更早运行可供比较。",
    ),
    "compared": ("Compared with the run", "对比的运行"),
    "changed_requirements": ("Requirements that changed state", "状态有变化的要求"),
    "new_failures": ("New failures", "新增失败"),
    "still_failing": ("Failing then and now", "持续失败"),
    "fixed": ("Failed then, held now", "已修复"),
    "no_longer_judged": ("Failed then, not judged now", "曾失败、本次未判定"),
    "new_scenarios": ("New scenario rows", "新增场景行"),
    "removed_scenarios": ("Scenario rows that were not in this run", "本次未包含的场景行"),
    "no_change": ("Nothing changed.", "无变化。"),
    "more": ("and {n} more, in the JSON file", "另有{n}项,见 JSON 文件"),
    "same_step": ("and {n} more scenarios without a verdict", "另有{n}个场景未判定"),
}

_STATES: Mapping[str, tuple[str, str]] = {
    "held": ("held", "符合"),
    "failed": ("failed", "不符合"),
    "quarantined": ("only quarantined failures", "仅有已隔离的失败"),
    "undecided": ("undecided", "未判定"),
    "not tried": ("not tried", "未测试"),
}
_VERDICTS: Mapping[str, tuple[str, str]] = {
    "held": ("held", "通过"),
    "product failure": ("product failure", "产品缺陷"),
    "rig fault": ("rig fault", "测试台故障"),
    "inconclusive": ("inconclusive", "证据不足"),
    "harness error": ("harness error", "测试框架错误"),
    "configuration error": ("configuration error", "配置错误"),
    "safety abort": ("safety abort", "安全中止"),
    "interrupted": ("interrupted", "中断"),
    "quarantined": ("quarantined", "已隔离"),
    "skipped": ("skipped", "跳过"),
}
_FIRMNESS: Mapping[str, tuple[str, str]] = {
    "read": ("read", "已查阅"),
    "memory": ("from memory", "凭记忆"),
    "policy": ("own policy", "自定"),
}
_REASONS: Mapping[str, tuple[str, str]] = {
    "product failures": ("product failures", "项产品缺陷"),
    "requirements failed": ("requirements failed", "条要求不符合"),
    "requirements undecided": ("requirements undecided", "条要求未判定"),
    "requirements not tried": ("requirements not tried", "条要求未测试"),
    "quarantine run out": ("quarantines run out", "项隔离已过期"),
    "scenarios without a verdict": ("scenario rows without a verdict", "行场景未判定"),
    "rig not proved safe": ("times the rig was not proved safe", "次测试台安全状态未能确认"),
    "secrets in the evidence": ("places with secrets, or files not looked into", "处敏感信息或未能检查的文件"),
    "run not finished": ("run not finished", "次运行未正常结束"),
}


def words(language: str) -> dict[str, str]:
    """The page's words in one language."""
    return {name: both[LANGUAGES.index(language)] for name, both in _WORDS.items()}


def names(language: str) -> dict[str, dict[str, str]]:
    """Names of states, verdicts, firmness, reasons and log events; what has none is shown as it is."""
    at = LANGUAGES.index(language)
    tables = {"state": _STATES, "verdict": _VERDICTS, "firmness": _FIRMNESS, "reason": _REASONS, "event": LOG_EVENTS}
    return {kind: {name: both[at] for name, both in table.items()} for kind, table in tables.items()}
