"""The words of messages about scenarios, steps, Examples and tags. Data only."""

from __future__ import annotations

from posrig.language.catalogue.shape import KEYWORDS_EN, KEYWORDS_ZH, Rules

SCENARIOS: Rules = {
    "swallowed": (
        ("this line is read as description and would NOT be run: {line!r}",
         f"{KEYWORDS_EN} (en); {KEYWORDS_ZH} (zh-CN)", "begin it with {right}, or reword it"),
        ("这一行会被当作说明，不会执行：{line!r}",
         f"{KEYWORDS_ZH} (zh-CN)；{KEYWORDS_EN} (en)", "请以{right}开头，或改写"),
    ),
    "forgotten_title": (
        ("this step is read as description and would NOT be run: {line!r}", "steps stand below Scenario: / 场景:",
         "write the missing 'Scenario:' line above it"),
        ("这个步骤会被当作说明，不会执行：{line!r}", "步骤写在 场景: 之下", "请在上面补写 场景:"),
    ),
    "no_scenario": (
        ("the feature has no scenario", "", "write a Scenario: / 场景:"),
        ("功能里没有场景", "", "请写 场景:"),
    ),
    "no_steps": (
        ("scenario {name!r} has no steps and would pass", "", "write its steps, or remove it"),
        ("场景 {name!r} 没有步骤，会直接通过", "", "请写步骤，或删除"),
    ),
    "no_then": (
        ("scenario {name!r} has no Then step: nothing is checked", "at least one Then / 那么",
         "say what must be seen on the screen or in the behaviour"),
        ("场景 {name!r} 没有“那么”步骤：什么都不检查", "至少一个“那么”", "请写出画面或行为上必须看到什么"),
    ),
    "no_name": (
        ("a scenario without a name", "", "give it a name that says what must hold"),
        ("场景没有名称", "", "请给出名称，说明必须成立的事"),
    ),
    "name_long": (
        ("the name of a scenario has {count} characters", "up to {most}", "shorten it"),
        ("场景名称有 {count} 个字符", "最多 {most} 个", "请缩短"),
    ),
    "name_twice": (
        ("the scenario name {name!r} stands twice in this file: one of them would never run",
         "each name once per file, also across rules", "rename one of them"),
        ("场景名称 {name!r} 在本文件中出现两次：其中一个不会执行",
         "每个名称在文件中只出现一次，跨规则也是", "请改其中一个"),
    ),
    "first_keyword": (
        ("the first step begins with {word!r}", "Given, When or Then; 假如, 当 or 那么", "say what it is"),
        ("第一个步骤以 {word!r} 开头", "假如、当或那么；Given, When, Then", "请写明它是哪一种"),
    ),
    "table_ignored": (
        ("a table stands below {sentence!r}, which takes none: nothing would look at it", "{kinds}",
         "remove it, or say what it holds in sentences of their own"),
        ("语句 {sentence!r} 不带表格，下面的表格没有任何作用", "{kinds}", "请删除，或用单独的语句写出"),
    ),
    "text_ignored": (
        ("a doc string stands below {sentence!r}, which takes none: nothing would look at it", "{kinds}",
         "remove it, or say what it holds in sentences of their own"),
        ("语句 {sentence!r} 不带文本块，下面的文本块没有任何作用", "{kinds}", "请删除，或用单独的语句写出"),
    ),
    "table_missing": (
        ("{sentence!r} needs a table below it", "| ... |", "write the table"),
        ("语句 {sentence!r} 下面需要表格", "| ... |", "请写表格"),
    ),
    "text_missing": (
        ("{sentence!r} needs a doc string below it", '""" ... """', "write the doc string"),
        ("语句 {sentence!r} 下面需要文本块", '""" ... """', "请写文本块"),
    ),
    "rows_none": (
        ("the Examples of {name!r} have no row", "", "write at least one row, or remove them"),
        ("{name!r} 的例子没有数据行", "", "请至少写一行，或删除"),
    ),
    "rows_many": (
        ("the Examples of this file make {count} runs", "up to {most} in a file", "part the file"),
        ("本文件的例子共 {count} 行", "每个文件最多 {most} 行", "请拆分文件"),
    ),
    "column_missing": (
        ("<{column}> has no column in these Examples: it would stand there as it is", "{columns}", "{todo}"),
        ("例子里没有 <{column}> 这一列：它会原样留在语句里", "{columns}", "{todo}"),
    ),
    "column_twice": (
        ("the column {column!r} stands twice in these Examples: only the last one counts", "each column once",
         "remove or rename one"),
        ("例子里的列 {column!r} 出现两次：只有最后一列起作用", "每列一次", "请删除或改名"),
    ),
    "column_unused": (
        ("the column {column!r} of these Examples is used nowhere in the scenario",
         "<{column}> in a step or in the name", "use it, or remove the column"),
        ("例子里的列 {column!r} 在场景中没有用到", "在步骤或名称中写 <{column}>", "请使用它，或删除该列"),
    ),
    "column_unnamed": (
        ("a column of these Examples has no name", "a name in the first row", "name it, or remove the column"),
        ("例子里有一列没有名称", "第一行写列名", "请写列名，或删除该列"),
    ),
    "outline_bare": (
        ("<{column}> is filled by nothing: {name!r} has no Examples", "Examples: with a column {column!r}",
         "write the Examples; a text that has angle brackets of its own can stand in a cell of Examples"),
        ("<{column}> 没有值：{name!r} 没有例子", "例子: 及列 {column!r}",
         "请写例子；文字本身带尖括号的，可写在例子的单元格里"),
    ),
    "background_filled": (
        ("<{column}> stands in a Background: Examples fill the steps of their own scenario only", "",
         "write this step in the scenario"),
        ("背景里有 <{column}>：例子只填写本场景的步骤", "", "请把这个步骤写到场景里"),
    ),
    "row_twice": (
        ("the Example row {row!r} stands twice", "", "remove one"),
        ("例子行 {row!r} 出现两次", "", "请删除一行"),
    ),
    "sentence_long": (
        ("this sentence has {count} characters", "up to {most}", "shorten it"),
        ("这个语句有 {count} 个字符", "最多 {most} 个", "请缩短"),
    ),
    "ambiguous": (
        ("ambiguous step {sentence!r}: {count} definitions match", "exactly one; here {places}",
         "make one of the texts more special, or remove one definition"),
        ("步骤 {sentence!r} 有歧义：符合 {count} 个定义", "恰好一个；现有 {places}", "请让其中一个更具体，或删除一个"),
    ),
    "wrong_kind": (
        ("{sentence!r} is a {kinds} step ({place}), used here as {kind}", "as {kinds}",
         "use the right keyword, or word it as what it is here"),
        ("{sentence!r} 是 {kinds} 步骤 ({place})，这里用作 {kind}", "用作 {kinds}", "请用正确的关键字，或改写"),
    ),
    "undefined": (
        ("undefined {kind} step {sentence!r}{reason}", "", "{near}"),
        ("未定义的 {kind} 步骤 {sentence!r}{reason}", "", "{near}"),
    ),
    "stop_at_end": (
        ("{sentence!r} ends with {stop!r}, the sentence is known without it", "", "leave {stop!r} out"),
        ("{sentence!r} 末尾多了 {stop!r}，去掉后就是已知的语句", "", "请去掉 {stop!r}"),
    ),
    "remark_behind": (
        ("a remark stands behind the step: {remark!r}", "a remark has a line of its own, beginning with #",
         "move it to the line above"),
        ("步骤后面有备注：{remark!r}", "备注单独占一行，以 # 开头", "请移到上一行"),
    ),
    "tag_unselectable": (
        ("the tag @{tag} cannot be selected", "letters, digits, Chinese, '-', '_', '.'", "e.g. @severity-critical"),
        ("标签 @{tag} 无法用 -m 选择", "字母、数字、中文、'-'、'_'、'.'", "例如 @severity-critical"),
    ),
    "tag_of_pytest": (
        ("the tag @{tag} is an instruction to pytest: it would change what this scenario's result counts for",
         "words of your own", "{todo}"),
        ("标签 @{tag} 是 pytest 的指令：会改变本场景结果的意义", "自己的词", "{todo}"),
    ),
    "tag_near": (
        ("the tag @{tag} means nothing here, @{right} does", "{known}", "write @{right}, or another word"),
        ("标签 @{tag} 在这里没有意义，@{right} 才有", "{known}", "请写 @{right}，或换一个词"),
    ),
    "requirement_unknown": (
        ("the requirement @{tag} is not in features/requirements.yaml", "", "{todo}"),
        ("需求 @{tag} 不在 features/requirements.yaml 中", "", "{todo}"),
    ),
}  # fmt: skip
