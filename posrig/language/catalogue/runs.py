"""The words of messages about runs, step declarations and the quarantine list. Data only."""

from __future__ import annotations

from posrig.language.catalogue.shape import Rules

RUNS: Rules = {
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
