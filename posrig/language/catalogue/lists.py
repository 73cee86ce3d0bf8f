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
    "file_requirements": (("requirements",), ("需求文件",)),
    "file_credentials": (("credentials",), ("口令文件",)),
    "file_no_mapping": (
        ("the {what} must be a mapping of fields", "name: value", ""), ("{what}应为一组字段", "名称: 值", ""),
    ),
    "file_missing": (
        ("there is no {what} {reason}", "{near}", "check the name, or write one: docs/rig-file.md"),
        ("没有{what} {reason}", "{near}", "请检查文件名，或新写一个：docs/rig-file.md"),
    ),
    "file_unreadable": (
        ("the {what} cannot be read: {reason}", "a readable YAML file in UTF-8, at most {allowed} KiB", ""),
        ("{what}读不了（{reason}）", "UTF-8 的 YAML 文件，至多 {allowed} KiB", ""),
    ),
    "yaml_refused": (
        ("the {what} is not YAML that is read here: {reason}", "{allowed}", "{todo}"),
        ("{what}不是这里能读的 YAML：{reason}", "{allowed}", "{todo}"),
    ),
    "yaml_large": (("larger than {reason} KiB", "a small file", ""), ("大于 {reason} KiB", "小文件", "")),
    "yaml_second": (
        ("a second document", "one document a file", ""), ("有第二个文档（---）", "一个文件只有一个文档", ""),
    ),
    "yaml_many": (
        ("more than {reason} values", "up to {reason}", ""), ("值的个数超过 {reason}", "至多 {reason} 个", ""),
    ),
    "yaml_deep": (
        ("nested more than {reason} deep", "up to {reason}", ""), ("嵌套超过 {reason} 层", "至多 {reason} 层", ""),
    ),
    "yaml_no_name": (
        ("a mapping or a list as the name of a field", "name: value", ""), ("字段名是一组字段或列表", "名称: 值", ""),
    ),
    "yaml_merge": (("a merge key (<<)", "", "write the fields out"), ("合并键（<<）", "", "请把字段逐一写出")),
    "yaml_twice": (
        ("found duplicate key{reason}", "", "keep one of the two"), ("同一字段写了两次{reason}", "", "请只留一个"),
    ),
    "yaml_alias": (
        ("an anchor or alias (& or *)", "", "write it out, or put the text in quotes"),
        ("锚点或别名（& 或 *）", "", "请逐一写出，或把文字放进引号"),
    ),
    "yaml_tag": (
        ("a tag (!)", "", "leave it out, or put the text in quotes"), ("标签（!）", "", "请去掉，或把文字放进引号"),
    ),
    "yaml_control": (
        ("a control character {reason}", "readable text", "mend that line"),
        ("文字里有控制字符 {reason}", "可读的文字", "请改正该行"),
    ),
    "yaml_not_finite": (
        ("no finite number{reason}", "a number, or the text in quotes", ""),
        ("不是有限的数{reason}", "数，或放进引号的文字", ""),
    ),
    "yaml_digits": (
        ("a number of more than {reason} digits", "a number, or the text in quotes", ""),
        ("数字超过 {reason} 位", "数，或放进引号的文字", ""),
    ),
    "yaml_not_utf8": (
        ("it is not UTF-8", "UTF-8 text", "save it as UTF-8"), ("不是 UTF-8", "UTF-8 文字", "请另存为 UTF-8"),
    ),
    "yaml_syntax": (
        ("its syntax is wrong: {reason}", "", "mend that line"),
        ("语法不对（{reason}）", "名称: 值，缩进用空格", "请改正该行及其上一行"),
    ),
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
