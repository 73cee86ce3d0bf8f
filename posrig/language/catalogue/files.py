"""The words of messages about a feature file as a file: bytes, languages, keywords, tables. Data only."""

from __future__ import annotations

from posrig.language.catalogue.shape import DOCS, KEYWORDS_EN, KEYWORDS_ZH, Rules

FILES: Rules = {
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
