"""The words of the messages: rule -> ((found, allowed, to do) in English, the same in Chinese). Data only.

Where a message quotes what somebody wrote it is in ``{braces}``; ``docs/scenarios.md`` says what each rule prevents.
"""

from __future__ import annotations

from collections.abc import Mapping

Parts = tuple[str, ...]

DOCS: Parts = ("docs/scenarios.md", "docs/scenarios.zh.md")
LABELS: Mapping[str, tuple[str, str]] = {
    "where": ("where:   ", "位置: "),
    "allowed": ("allowed: ", "允许: "),
    "todo": ("to do:   ", "处理: "),
}
KEYWORDS_EN = "Given, When, Then, And, But"
KEYWORDS_ZH = "假如/假设/假定, 当, 那么, 而且/并且/同时, 但是"

FILES: Mapping[str, tuple[Parts, Parts]] = {
    "not_utf8": (
        ("the file is not UTF-8{guess}", "UTF-8", "save it as UTF-8 in the editor"),
        ("文件不是 UTF-8 编码{guess}", "UTF-8", "请在编辑器中另存为 UTF-8"),
    ),
    "no_file": (
        ("this is not a file: {what}", "a regular file", "rename it, or give the files in it"),
        ("这不是普通文件：{what}", "普通文件", "请改名，或指定其中的文件"),
    ),
    "unreadable": (
        ("the file cannot be read: {reason}", "", "see that it is there and may be read"),
        ("无法读取文件：{reason}", "", "请确认文件存在且有读取权限"),
    ),
    "too_big": (
        ("the file has {size} bytes", "up to {most} bytes", "part it into several files"),
        ("文件有 {size} 字节", "最多 {most} 字节", "请拆分成几个文件"),
    ),
    "name_not_utf8": (
        ("the name of the file or of its folder is not UTF-8: {name}", "UTF-8", "rename it"),
        ("文件名或文件夹名不是 UTF-8：{name}", "UTF-8", "请改名"),
    ),
    "unseen": (
        ("the character U+{code:04X} in column {column} cannot be seen", "characters that can be read",
         "take it out, or type the words anew"),
        ("第 {column} 列有看不见的字符 U+{code:04X}", "可见字符", "请删除该字符，或重新输入这几个字"),
    ),
    "language_unclear": (
        ("{line!r} names no language", "# language: en  or  # language: zh-CN",
         "write '# language: {right}' as the first line"),
        ("{line!r} 不是语言行", "# language: zh-CN 或 # language: en", "第一行请写 # language: {right}"),
    ),
    "language_late": (
        ("a language line has no effect here: {line!r}", "once, above Feature", "make it the first line of the file"),
        ("语言行写在这里不起作用：{line!r}", "只写一次，在“功能”之前", "请移到文件第一行"),
    ),
    "language_missing": (
        ("Chinese keywords (line {line}) in a file without a language line", "# language: zh-CN",
         "write '# language: zh-CN' as the first line  (第一行写 # language: zh-CN)"),
        ("文件没有语言行，却用了中文关键字（第 {line} 行）", "# language: zh-CN", "第一行写 # language: zh-CN"),
    ),
    "language_unspoken": (
        ("there are no sentences in the language {language!r}: {sentence!r} is not known", "en, zh-CN",
         "write the feature in English or Chinese, or declare steps of your own in this language"),
        ("没有语言 {language!r} 的语句：{sentence!r} 未知", "en, zh-CN", "请用英文或中文书写，或自行声明该语言的步骤"),
    ),
    "colon": (
        ("{what} after a keyword: {line!r}", "the half-width colon ':', at once after the keyword",
         "write '{right}'  (关键字后请用半角冒号)"),
        ("关键字后是{what}：{line!r}", "半角冒号 ':'，紧跟关键字", "请写成 {right}  (关键字后请用半角冒号)"),
    ),
    "keyword_blank": (
        ("{what} after the keyword {keyword!r}: {line!r}", "one blank", "write '{right}'"),
        ("关键字 {keyword!r} 后是{what}：{line!r}", "一个空格", "请写成 {right}"),
    ),
    "title_language": (
        ("the keyword {keyword!r} is not of this file's language ({language})", "{allowed}", "write '{right}:'"),
        ("关键字 {keyword!r} 不是本文件的语言（{language}）", "{allowed}", "请写 {right}:"),
    ),
    "title_unknown": (
        ("{keyword!r} is no keyword", "{allowed}", "write '{right}:'"),
        ("{keyword!r} 不是关键字", "{allowed}", "请写 {right}:"),
    ),
    "no_keyword": (
        ("no keyword of this file's language at the start of {line!r}",
         f"{KEYWORDS_ZH} (zh-CN); {KEYWORDS_EN} (en)", "begin the line with {right}"),
        ("{line!r} 的开头不是本文件语言的关键字", f"{KEYWORDS_ZH} (zh-CN)；{KEYWORDS_EN} (en)", "请以{right}开头"),
    ),
    "row_cells": (
        ("this row has another number of cells than the first row of its table: {line!r}",
         "as many cells in each row; \\| for a bar in a cell", "add or remove cells"),
        ("这一行的列数与表格第一行不同：{line!r}", "每行列数相同；单元格内的竖线写成 \\|", "请补齐或删去单元格"),
    ),
    "tag_blank": (
        ("a tag holds a blank: {line!r}", "@one-word @another", "join the words with '-'"),
        ("标签里有空格：{line!r}", "@标签一 @标签二", "请用 '-' 连接"),
    ),
    "ends_early": (
        ("the file ends in the middle: a doc string or a tag is left open", '""" at its end', "close it, or remove it"),
        ("文件在中途结束：文本块或标签没有写完", '以 """ 结束', "请补上结尾，或删除"),
    ),
    "not_gherkin": (
        ("not Gherkin: {message}", "", f"see {DOCS[0]} for the shape of a feature file"),
        ("不符合 Gherkin 语法：{message}", "", f"feature 文件的写法见 {DOCS[1]}"),
    ),
    "no_feature": (
        ("there is no feature in this file", "Feature: ... / 功能: ...", ""),
        ("文件里没有功能", "功能: ... / Feature: ...", ""),
    ),
    "card_number": (
        ("a card number stands here: {number}", "words, or numbers that are no card's",
         "take it out: whatever a feature holds goes into reports. Name the card's kind instead"),
        ("这里有银行卡号：{number}", "文字，或不是卡号的数字", "请删除：feature 里的内容都会进入报告。可写卡的种类"),
    ),
}  # fmt: skip

SCENARIOS: Mapping[str, tuple[Parts, Parts]] = {
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

VALUES: Mapping[str, tuple[Parts, Parts]] = {
    "value_unknown": (
        ("{{{kind}}} does not know {value!r}", "{allowed}", "{near}"),
        ("{{{kind}}} 里没有 {value!r}", "{allowed}", "{near}"),
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

RUNS: Mapping[str, tuple[Parts, Parts]] = {
    "no_features": (
        ("no feature file at {path}", "a .feature file, or a folder with some", ""),
        ("{path} 没有 feature 文件", ".feature 文件，或含有它的文件夹", ""),
    ),
    "no_sentence": (
        ("no sentence has {words!r}", "posrig steps shows all", "{near}"),
        ("没有含 {words!r} 的语句", "posrig steps 列出全部", "{near}"),
    ),
    "feature_unknown": (
        ("there is no feature file {path}", "", "{near}"),
        ("没有 feature 文件 {path}", "", "{near}"),
    ),
    "line_unknown": (
        ("no scenario stands at line {line} of {path}", "{allowed}", ""),
        ("{path} 第 {line} 行没有场景", "{allowed}", ""),
    ),
    "scenario_unknown": (
        ("there is no scenario {name!r} in {path}", "", "{near}"),
        ("{path} 中没有场景 {name!r}", "", "{near}"),
    ),
    "nothing_was_run": (
        ("{mistakes} in {files} or their steps: nothing was run",),
        ("{files}或其步骤中有 {mistakes}：什么都没有执行",),
    ),
    "and_more": (("... and {count} more; name one file to see its own",), ("……另有 {count} 处；指定单个文件可查看",)),
    "step_twice": (
        ("the {kind} sentence '{text}' is declared twice, first at {wrong}", "each sentence once",
         "word one of them differently; replaces=True takes the place of a shipped sentence on purpose"),
        ("{kind} 语句 '{text}' 声明了两次，第一次在 {wrong}", "每条语句只声明一次",
         "请换一种说法；要有意取代自带的语句，请写 replaces=True"),
    ),
    "step_replaces_nothing": (
        ("the {kind} sentence '{text}' replaces nothing: there is no other sentence of these words", "",
         "take replaces=True away, or mend the words: posrig steps lists them"),
        ("{kind} 语句 '{text}' 没有可取代的语句：没有别的语句是这样写的", "",
         "请去掉 replaces=True，或改正文字：posrig steps 列出全部语句"),
    ),
    "step_broken": (
        ("the {kind} function of '{text}' cannot be declared: {wrong}",),
        ("'{text}' 的 {kind} 函数无法声明：{wrong}",),
    ),
    "step_async": (
        ("the {kind} function of '{text}' is async: pytest-bdd never awaits it, so it would pass unrun", "",
         "write it as a plain function"),
        ("'{text}' 的 {kind} 函数是 async：pytest-bdd 不会等待它，等于没有执行就通过", "", "请写成普通函数"),
    ),
    "step_returns": (
        ("the {kind} function of '{text}' returns a value: a Then step that returns False would pass", "",
         "raise ProductFailure or use assert, and return nothing"),
        ("'{text}' 的 {kind} 函数有返回值：返回 False 也会通过", "", "请用 ProductFailure 或 assert，不要返回值"),
    ),
    "quarantine_expired": (
        ("the quarantine of {scenario!r} expired on {day}", "{first} to {last}",
         "ask {owner}: take the entry out when the failure is mended, else agree on a new date"),
        ("{scenario!r} 的隔离已于 {day} 到期", "{first} 至 {last}",
         "请联系 {owner}：问题已解决就删除此条，否则另定日期"),
    ),
    "quarantine_long": (
        ("the quarantine of {scenario!r} would last until {day}, more than {most} days ahead", "{first} to {last}",
         "give an earlier date; when it comes the owner can ask for more"),
        ("{scenario!r} 的隔离到 {day} 为止，超过 {most} 天", "{first} 至 {last}",
         "请写更早的日期；到期时负责人可再延长"),
    ),
    "quarantine_early": (
        ("the quarantine of {scenario!r} begins on {day}, which is not yet", "up to {first}",
         "write the day on which the failure was first put aside"),
        ("{scenario!r} 的隔离从 {day} 开始，还没有到", "不晚于 {first}", "请写首次搁置该失败的日期"),
    ),
    "quarantine_nobody": (
        ("the quarantine list names no scenario: {scenario!r}",
         "FILE::NAME as pytest shows it, or FILE; * and ? are wild", "{near}"),
        ("隔离清单里没有对应的场景：{scenario!r}", "FILE::NAME（pytest 显示的写法）或 FILE；* 和 ? 为通配符", "{near}"),
    ),
    "nothing_chosen": (
        ("no scenario was chosen, so none was run", "", "look at the paths, and at -k, -m and --short"),
        ("没有选中任何场景，因此什么都没有运行", "", "请检查路径以及 -k、-m、--short"),
    ),
    "stopped_early": (
        ("the run was stopped before its first scenario", "", "run again"),
        ("运行在第一个场景之前被停止", "", "请重新运行"),
    ),
    "not_collected": (
        ("what was to be run cannot be read:\n{reason}", "", "mend what is named, and run again"),
        ("无法读取要运行的内容：\n{reason}", "", "请修正上述内容后重新运行"),
    ),
    "harness_failed": (
        ("the harness itself failed before the first scenario:\n{reason}", "",
         "a bug: report it with this text and what was typed"),
        ("测试框架在第一个场景之前出错：\n{reason}", "", "这是框架缺陷：请连同此文本和所用命令一起报告"),
    ),
    "no_record": (
        ("no scenario left a record", "", "look at what the run printed, and run again"),
        ("没有任何场景留下记录", "", "请查看运行时的输出，然后重新运行"),
    ),
    "quarantine_useless": (("take the entry out, it is of no use",), ("请删除此条，它没有用处",)),
}  # fmt: skip

NEEDS: Mapping[str, tuple[Parts, Parts]] = {
    "unmet_model": (
        ("{sentence!r} is for terminals of the model {name}, and this is none ({place})",),
        ("{sentence!r} 只适用于型号 {name}，本终端不是 ({place})",),
    ),
    "unmet_way": (
        ("{sentence!r} needs the way {name!r}, which the profile does not have ({place})",),
        ("{sentence!r} 需要操作路径 {name!r}，型号文件里没有 ({place})",),
    ),
    "unmet_means": (
        ("{sentence!r} needs a screen that means {name!r}, and the profile has none ({place})",),
        ("{sentence!r} 需要含义为 {name!r} 的画面，型号文件里没有 ({place})",),
    ),
    "unmet_proof": (
        ("{sentence!r} needs a way that proves the terminal {name}, and the profile names none ({place})",),
        ("{sentence!r} 需要能证明终端 {name} 的操作路径，型号文件里没有 ({place})",),
    ),
    "unmet_policy": (
        ("{sentence!r} needs the number {name} of the policy, which the profile does not say ({place})",),
        ("{sentence!r} 需要策略数值 {name}，型号文件里没有写 ({place})",),
    ),
    "unmet_line": (
        ("{sentence!r} needs {name} on the rig, which it does not have ({place})",),
        ("{sentence!r} 需要台架上的 {name}，该台架没有 ({place})",),
    ),
    "needs_unmet": (
        ("{count} scenarios need what this terminal or rig does not have", "", "{reasons}"),
        ("{count} 个场景需要本终端或台架没有的功能", "", "{reasons}"),
    ),
    "would_be_skipped": (("would be skipped: {why}",), ("将被跳过：{why}",)),
    "would_skip": (
        ("{count} scenarios would be skipped: this terminal or rig lacks what they need",),
        ("{count} 个场景将被跳过：本终端或台架没有所需的功能",),
    ),
}  # fmt: skip

CATALOGUE: Mapping[str, tuple[Parts, Parts]] = {**FILES, **SCENARIOS, **VALUES, **RUNS, **NEEDS}
