"""Quantities without a unit."""

import re
from collections.abc import Iterator

from perfc.diagnostic import Note, Severity
from perfc.lint import Finding, rule
from perfc.load import Number, Text
from perfc.values import Bound, Kind, bound
from perfc.vocabulary import MEASURE, Indicator, Record

_PURE = re.compile(r"指数|系数|容积率|倍数|等级|级别|排名|名次|位次|[pP][hH]|比$")
_RATIO = re.compile("[0-9][/／] ?[0-9]*[百千万亿]")  # of diseases and deaths: 12/10万
_SHARE = re.compile("(?:率|满意度|比例|比重|占比)$")
_IN_NAME = re.compile(
    r"[（(](?:单位[：:])?[/\w]{0,6}[%％‰㎡元人次件个户家天页册份场台套亩吨米辆项期条名分倍月岁例篇部座](?:/\w{1,3})?[）)]$"
)


@rule(Severity.WARNING)
def value_no_unit(record: Record) -> Iterator[Finding]:
    """指标值的数带单位。

    “321”是人、件还是万元，审核的人只能猜；元与万元混淆会差一万倍。单位可以写在值里，也可以写在名称末尾的括号里，
    如“人员经费（万元）”。指数、系数和比没有单位，不在此列。

    错误：
        绩效指标: {产出指标: {成本指标: [{三级指标: 人员经费, 指标值: 321}]}}
    正确：
        绩效指标: {产出指标: {成本指标: [{三级指标: 人员经费, 指标值: ≤321万元}]}}
    """
    for row in record.indicators:
        later = [(one, bound(str(one))) for one in (row.so_far, row.expected) if one is not None]
        columns = ((row.value, row.bound), (row.actual, row.result), *later)
        bare = [one for one, read in columns if one is not None and read and _bare(str(one), read)]
        name = str(row.name or "")
        if bare and not (_PURE.search(name) or _IN_NAME.search(name) or any(label in row.row for label in MEASURE)):
            first, *rest = bare
            notes = [Note(f"完成的“{one}”也没有单位", one.span) for one in rest]
            yield Finding(first.span, f"“{name}”的值“{first}”没有单位", (*notes, Note(_hint(row, first))))


def _bare(written: str, read: Bound) -> bool:
    """Whether a value is a number, or a range of numbers, without a unit; 24万 has none either."""
    if read.kind is Kind.RANGE:
        return written[read.end - 1].isdecimal() and not _RATIO.search(written)
    bare = read.quantity is not None and read.kind is Kind.COUNT and not read.quantity.base
    return bare and not _RATIO.search(written)


def _hint(row: Indicator, bare: Text | Number) -> str:
    """The unit that the other column has, or that its kind of value has."""
    known = [one.quantity for one in (row.bound, row.result) if one and one.quantity and one.quantity.base]
    unit = known[0].unit if known else "%" if _SHARE.search(str(row.name or "")) else ""
    if str(bare).endswith(("万", "亿")):
        unit = "元" if row.aspect == "成本" else ""
    elif row.aspect == "成本" and not unit:
        return "补上单位：元或万元"
    return f"写成 {bare}{unit}" if unit else "补上单位，如 人、件、万元"
