"""A bound in words."""

from collections.abc import Iterator

from perfc.diagnostic import Note, Severity
from perfc.lint import Finding, rule
from perfc.load import Text
from perfc.values import Writing
from perfc.vocabulary import Record


@rule(Severity.WARNING)
def value_in_words(record: Record) -> Iterator[Finding]:
    """指标值的界限用符号写，不用文字写。

    “不小于”“不低于”“不超过”等文字，以及 >=、≧ 等写法，统一写成 ≥ ＞ ＝ ＜ ≤。
    财政信息系统按符号、数、单位三栏导入指标值，文字写的界限要人工改写。

    错误：
        绩效指标: {产出指标: {数量指标: [{三级指标: 调解案件数, 指标值: 不小于1000件}]}}
    正确：
        绩效指标: {产出指标: {数量指标: [{三级指标: 调解案件数, 指标值: ≥1000件}]}}
    """
    for row in record.indicators:
        for written in (row.value, row.actual):
            bound = row.bound if written is row.value else None
            if not isinstance(written, Text) or bound is None or bound.writing not in (Writing.WORDS, Writing.VARIANT):
                continue
            line = record.line(written)
            hint = f"写成 {bound.canonical}" if bound.canonical else f"界限用符号 {bound.sign} 写"
            yield Finding(
                line.at(bound.start, bound.end),
                f"“{written}”的界限写作“{bound.written}”",
                (Note(hint),),
                edits=line.edit(bound.start, bound.end, bound.canonical) if bound.canonical else (),
            )
