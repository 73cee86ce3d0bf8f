"""The words of messages about fields of YAML files: quarantine list, requirements, rig, profile. Data only."""

from __future__ import annotations

from posrig.language.catalogue.shape import Rules

LISTS: Rules = {
    "fields_wrong": (
        ("the {what} has {count} wrong field(s):\n    {reason}", "",
         "mend the lines named above; all fields are explained in {todo}"),
        ("{what}中有 {count} 个字段不对:\n    {reason}", "", "请改正上面列出的行；所有字段的说明见 {todo}"),
    ),
    "file_quarantine": (("quarantine list",), ("隔离清单",)),
    "file_rig": (("rig file",), ("台架文件",)),
    "file_profile": (("terminal profile",), ("型号文件",)),
    "more_fields": (("... and {count} more",), ("……另有 {count} 处",)),
    "field_missing": (("is missing",), ("缺少",)),
    "field_unknown": (("unknown field; {near}allowed: {allowed}",), ("未知字段；{near}允许: {allowed}",)),
    "field_near": (("did you mean {near!r}? ",), ("是否想写 {near!r}？",)),
    "field_own": (("{reason}",), ("{reason}",)),
    "field_other": (("{reason} (found: {found})",), ("值不合适: {reason}（现为 {found}）",)),
    "field_text": (("should be a text (found: {found})",), ("应为文字（现为 {found}）",)),
    "field_whole": (("should be a whole number (found: {found})",), ("应为整数（现为 {found}）",)),
    "field_number": (("should be a number (found: {found})",), ("应为数（现为 {found}）",)),
    "field_finite": (("should be a finite number (found: {found})",), ("应为有限的数（现为 {found}）",)),
    "field_bool": (("should be true or false (found: {found})",), ("应为 true 或 false（现为 {found}）",)),
    "field_date": (
        ("should be a date like 2026-12-31 (found: {found})",), ("应为日期，如 2026-12-31（现为 {found}）",),
    ),
    "field_list": (("should be a list (found: {found})",), ("应为列表（现为 {found}）",)),
    "field_mapping": (("should be a mapping of fields (found: {found})",), ("应为一组字段（现为 {found}）",)),
    "field_one_of": (("should be {allowed} (found: {found})",), ("应为 {allowed}（现为 {found}）",)),
    "field_above": (("should be greater than {limit} (found: {found})",), ("应大于 {limit}（现为 {found}）",)),
    "field_least": (
        ("should be greater than or equal to {limit} (found: {found})",), ("应不小于 {limit}（现为 {found}）",),
    ),
    "field_below": (("should be less than {limit} (found: {found})",), ("应小于 {limit}（现为 {found}）",)),
    "field_most": (
        ("should be less than or equal to {limit} (found: {found})",), ("应不大于 {limit}（现为 {found}）",),
    ),
    "field_short": (
        ("should have at least {limit} character(s) (found: {found})",), ("至少 {limit} 个字符（现为 {found}）",),
    ),
    "field_long": (
        ("should have at most {limit} characters (found: {found})",), ("至多 {limit} 个字符（现为 {found}）",),
    ),
    "field_few": (
        ("should have at least {limit} item(s) (found: {found})",), ("至少 {limit} 项（现为 {found}）",),
    ),
    "field_many": (("should have at most {limit} items (found: {found})",), ("至多 {limit} 项（现为 {found}）",)),
    "requirements_no_list": (
        ("the requirements are no list", "- id: R-LOCK-1 ...", ""), ("需求文件不是列表", "- id: R-LOCK-1 ...", ""),
    ),
    "requirement_no_id": (
        ("entry {number} of the requirements has no id", "{allowed}", ""),
        ("第 {number} 条需求没有 id", "{allowed}", ""),
    ),
    "requirement_twice": (
        ("the requirement {name} stands twice", "", "keep one of them"), ("需求 {name} 出现两次", "", "请只保留一条"),
    ),
    "requirement_no_text": (
        ("the field {name} of a requirement is no text", "", "write a text"),
        ("需求的字段 {name} 不是文字", "", "请写文字"),
    ),
}  # fmt: skip
