"""The words of messages about values in sentences, and what is added to other messages. Data only."""

from __future__ import annotations

from posrig.language.catalogue.shape import Rules

VALUES: Rules = {
    "value_unknown": (
        ("{{{kind}}} does not know {value!r}", "{allowed}", "{near}"),
        ("{{{kind}}} 里没有 {value!r}", "{allowed}", "{near}"),
    ),
    "text_blank": (
        ("no letter stands in {value!r}", "{allowed}",
         "write what is looked for or typed: every screen shows an empty text, and typed it is nothing"),
        ("{value!r} 里没有文字", "{allowed}", "请写要查找或输入的文字：空的文字什么画面都有，输入它等于什么也不做"),
    ),
    "value_big": (
        ("{value!r} is too much for {{{kind}}}", "{allowed}", ""),
        ("{value!r} 超出 {{{kind}}} 的范围", "{allowed}", ""),
    ),
    "screen_unknown": (
        ("the profile has no screen {screen!r}", "{allowed}", "{near}"),
        ("型号文件里没有画面 {screen!r}", "{allowed}", "{near}"),
    ),
    "operator_unknown": (
        ("the profile has no operator {operator!r}", "{allowed}", ""),
        ("型号文件里没有操作员 {operator!r}", "{allowed}", ""),
    ),
    "role_cannot": (
        ("{role} has not the function {function!r} on this terminal: the profile gives it to others", "{allowed}",
         "name a role that has it; that it is refused is another sentence"),
        ("{role}在该终端上没有功能 {function!r}：型号文件只给了其他角色", "{allowed}",
         "请写有此功能的角色；“被拒绝”是另外的语句"),
    ),
    "did_you_mean": (("did you mean: {near}",), ("是否想写: {near}",)),
    "see_steps": (("see docs/steps.md for the steps there are",), ("可用的语句见 docs/steps.md",)),
    "one_of_these": (("one of these keywords",), ("这些关键字之一",)),
    "add_column": (("add the column",), ("请添加该列",)),
    "add_requirement": (("add it to features/requirements.yaml",), ("请加入 features/requirements.yaml",)),
    "put_in_quarantine": (
        ("a failure that is known goes into features/quarantine.yaml, with an owner and a day (docs/flakes.md)",),
        ("已知的失败请写入 features/quarantine.yaml，注明负责人和期限 (docs/flakes.md)",),
    ),
    "other_word": (("choose another word",), ("请换一个词",)),
    "takers": (("a table or text below: {texts}",), ("可带表格或文本块的语句: {texts}",)),
    "no_takers": (("no sentence takes one",), ("没有语句带这个",)),
}  # fmt: skip
