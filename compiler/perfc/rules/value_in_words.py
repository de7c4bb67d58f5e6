"""A bound in words."""

import re
from collections.abc import Iterator

from perfc.diagnostic import Note, Severity
from perfc.lint import Finding, rule
from perfc.load import Text
from perfc.values import Bound, Writing, show
from perfc.vocabulary import Record

_AGES = ("岁", "周岁")
# What an author writes before a bound, and a sign makes needless.
_LEAD = re.compile("(?:应|要|须|力争|确保|基本|最[高低多少])?(?:达到?)?")
_SIGNS = ("≥", "≤", "＞", "＜", "＝", ">", "<", "=")
_MARKS = "，。；、,;. )）"


@rule(Severity.WARNING)
def value_in_words(record: Record) -> Iterator[Finding]:
    """指标值的界限用符号写，不用文字写。

    “不小于”“不低于”“不超过”“以上”等文字，统一写成 ≥ ＞ ＝ ＜ ≤。
    财政信息系统按符号、数、单位三栏导入指标值，文字写的界限要人工改写。
    ≧、≦ 和拼成的 >=、<= 意思相同，只作提示；半角的 < > = 不必改；“达到95%”没有说是不是下限，也只作提示。

    错误：
        绩效指标: {产出指标: {数量指标: [{三级指标: 调解案件数, 指标值: 不小于1000件}]}}
    正确：
        绩效指标: {产出指标: {数量指标: [{三级指标: 调解案件数, 指标值: ≥1000件}]}}
    """
    for row in record.indicators:
        written, bound = row.value, row.bound
        if not isinstance(written, Text) or bound is None:
            continue
        found = _found(written, bound)
        lead = bound.start and (found or not bound.sign) and _LEAD.fullmatch(written[: bound.start].strip())
        if found:
            line, start = record.line(written), 0 if lead else bound.start
            right = _right(written, bound)
            mild = bound.writing is Writing.VARIANT or bound.written == "内"
            yield Finding(
                line.at(start, bound.end),
                f"“{written}”的界限写作“{bound.written}”",
                (Note(f"写成 {right}" if right else f"界限用符号 {bound.sign} 写"),),
                Severity.INFO if mild else None,
                line.edit(start, bound.end, right) if right else (),
            )
        elif lead and bound.quantity and bound.end == len(written.rstrip()):
            hint = Note(f"写成 ≥{show(bound.quantity)}；不多不少的，写成 {show(bound.quantity)}")
            yield Finding(written.span, f"“{written}”是不是下限，要用符号写", (hint,), Severity.INFO)


def _found(written: str, bound: Bound) -> bool:
    """Whether a value's bound is to be written otherwise; an age (60岁以上老人) and 3天内办结 are none."""
    if bound.writing is Writing.VARIANT:
        return bound.written not in ("<", ">", "=")
    if bound.writing is not Writing.WORDS or bound.quantity is None or written[: bound.start].endswith(_SIGNS):
        return False
    before = written.startswith(bound.written, bound.start)
    ends = not written[bound.end :].strip() or written[bound.end] in _MARKS
    return before or (ends and bound.quantity.base not in _AGES)


def _right(written: str, bound: Bound) -> str | None:
    """What a value is to be written as, its unit in brackets where it was."""
    amount = written[bound.quantity.start : bound.quantity.end] if bound.quantity else ""
    return bound.sign + amount if bound.canonical and amount.endswith((")", "）")) else bound.canonical
