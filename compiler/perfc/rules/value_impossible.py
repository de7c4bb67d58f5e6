"""Values that cannot be, or that say nothing."""

import re
from collections.abc import Iterator

from perfc.diagnostic import Edit, Note, Severity, Span
from perfc.lint import Finding, rule
from perfc.load import Number, Text
from perfc.values import Bound, Kind, bound, show
from perfc.vocabulary import CLASSIFIED, TIMELY, Indicator, Record, gist

# Rates of growth and the like, which may be over 100 %.
_OVER = re.compile(
    "增|提高|提升|上升|同比|环比|超额|保值|拨备|收益|回报|产销|负荷|利用|使用率|周转|杠杆|偿|倍|容积|投入产出|带动|放大"
)
_OVERFULFILLED = re.compile("(?:完成|执行|实现|到位|收缴|入库)(?:率|度|比例|程度|情况)?$")
# Spending that is to reach a floor, and savings.
_FLOOR = re.compile("标准|节约|节支|节省|降低|下降|减少|压减|配套|自筹|收入|效益")
_STANDARD = re.compile("补助|补贴|救助|工资|薪酬|待遇|低保|保障")


@rule(Severity.WARNING)
def value_impossible(record: Record) -> Iterator[Finding]:
    """指标值是可能达到、能够判断的值。

    合格率、满意度、覆盖率等比率不会超过 100%，写“≥100%”就是“＝100%”。增长率一类可以超过 100%，不在此列。
    成本指标的金额是上限，不写“≥”。符号、数、单位分三栏填的，合起来看。指标值不能只重复指标的名称：“社会稳定程度”写“促进社会稳定”，等于没有写值。

    错误：
        绩效指标: {产出指标: {质量指标: [{三级指标: 验收合格率, 指标值: ≥100%}]}}
    正确：
        绩效指标: {产出指标: {质量指标: [{三级指标: 验收合格率, 指标值: 100%}]}}
    """
    for row in record.indicators:
        yield from _over(record, row)
        yield from _floor(record, row)
        yield from _repeated(record, row)


def _over(record: Record, row: Indicator) -> Iterator[Finding]:
    """A share over 100 %, in the target or in what was done."""
    name = str(row.name or "")
    if _OVER.search(f"{name} {row.value}"):
        return
    mild = Severity.INFO if _OVERFULFILLED.search(name) else None
    target = row.target
    if row.value is not None and target and _above(target):
        place, edits = _place(record, row.value, row.stated, target)
        certain = mild is None and target.quantity is not None and target.quantity.value == 100 and bool(edits)
        yield Finding(
            place,
            f"“{name}”的值“{row.stated}”不可能：比率不会超过 100%",
            (Note("写成 ＝100%，或低于 100% 的下限"),),
            mild,
            edits if certain else (),
        )
    elif row.actual is not None and not mild and _above(actual := bound(row.done)) and not actual.sign:
        yield Finding(
            _place(record, row.actual, row.done, actual)[0],
            f"“{name}”实际完成“{row.done}”不可能：比率不会超过 100%",
            (Note("按佐证材料核对，改为不超过 100% 的数"),),
        )


def _place(record: Record, written: Text | Number, stated: str, value: Bound) -> tuple[Span, tuple[Edit, ...]]:
    """Where a value stands, the whole of it where its sign and unit have columns of their own; it made ＝100%."""
    if not isinstance(written, Text) or written != stated:
        return written.span, ()
    line, whole = record.line(written), value.end - value.start == len(written.strip())
    return line.at(value.start, value.end), line.edit(value.start, value.end, "＝100%") if whole else ()


def _above(value: Bound) -> bool:
    """Whether a value asks for, or is, more than 100 %."""
    if value.kind is not Kind.PERCENT or value.quantity is None or value.sign not in ("≥", "＞", "＝", ""):
        return False
    return value.quantity.value > 100 or (value.quantity.value == 100 and value.sign in ("≥", "＞"))


def _floor(record: Record, row: Indicator) -> Iterator[Finding]:
    """A floor for spending; what each person gets may have one."""
    read, name = row.target if row.aspect == "成本" else None, str(row.name or "")
    if row.value is None or read is None or read.quantity is None:
        return
    if not read.quantity.base.startswith("元") or read.sign not in ("≥", "＞") or _FLOOR.search(name):
        return
    if read.kind is Kind.RATE and _STANDARD.search(name):
        return
    yield Finding(
        _place(record, row.value, row.stated, read)[0],
        f"成本“{name}”的值“{row.stated}”是下限，等于说花得越多越好",
        (Note(f"成本写上限，如 ≤{show(read.quantity)}"),),
    )


def _repeated(record: Record, row: Indicator) -> Iterator[Finding]:
    """A value of words that are the indicator's own."""
    if not isinstance(row.value, Text) or row.bound is None or row.bound.kind is not Kind.TEXT:
        return
    misplaced = row.aspect == "成本" and TIMELY.search(row.value)
    if misplaced or row.value == CLASSIFIED:
        return
    said = gist(row.value)
    other = next((one for one in (row.name, row.description) if one and gist(one) == said), None)
    if other is not None:
        what = "三级指标" if other is row.name else "指标描述"
        yield Finding(
            record.line(row.value).span,
            f"值“{row.value}”只是重复{what}“{other}”，没有说要达到什么",
            (Note("写明要达到的数、日期或标准"),),
        )
