"""A result that does not say what was reached."""

import re
from collections.abc import Iterator

from perfc.diagnostic import Note, Severity
from perfc.lint import Finding, rule
from perfc.load import Text
from perfc.values import Bound, Kind, Quantity, Writing, bound
from perfc.vocabulary import ACTUAL, Indicator, Record

# 没有发生 answers how many, and 一次 is a number.
_COUNTED = re.compile("[0-9０-９零〇一二两三四五六七八九十百千万半]|无|没有|未发生|未出现|未发现")

# What cannot be counted yet: 年底调查, 尚未开展.
_LATER = re.compile(
    "[未尚待暂拟]|年[底末终]|[下二三四]季度|[0-9一二三四五六七八九十]月|下半年|.后(?!勤)|届时|到期|不涉及"
)


@rule(Severity.WARNING)
def actual_not_a_value(record: Record) -> Iterator[Finding]:
    """实际完成值写实际完成了多少，不空着，不照抄指标值，不以“完成”代替数。

    “≥98%”是目标，不是结果：98.0% 和 99.6% 都符合，审核人无从复核得分。
    指标值是一个数量的，实际完成值也写数量，并与佐证材料一致。定性指标写“及时”等文字的，不在此列。
    监控表中全年预计完成情况也写数量；执行情况不写数量的只提示，年中还不能统计的，写“年底调查”等即可。

    依据：《项目支出绩效评价管理办法》（财预〔2020〕10号）。

    错误：
        绩效指标:
          满意度指标:
            服务对象满意度指标: [{三级指标: 学员满意度, 指标值: ≥95%, 实际完成值: ≥95%, 分值: 10, 得分: 10}]
    正确：
        绩效指标:
          满意度指标:
            服务对象满意度指标: [{三级指标: 学员满意度, 指标值: ≥95%, 实际完成值: 97.2%, 分值: 10, 得分: 10}]
    """
    for row in record.indicators:
        if isinstance(row.expected, Text):
            yield from _no_number(row, row.expected, bound(row.expected))
        if isinstance(row.so_far, Text) and not _LATER.search(row.so_far):
            yield from _written(record, row, row.so_far)
        if row.score is None:
            continue
        if row.actual is None:
            label = next((one for one in ACTUAL if one in row.row.key_spans), ACTUAL[0])
            place = row.row.key_spans.get(label, row.span)
            yield Finding(place, f"得分 {row.score}，“{label}”是空的", (Note("写明实际完成了多少"),))
        elif isinstance(row.actual, Text):
            yield from _written(record, row, row.actual)


def _written(record: Record, row: Indicator, actual: Text) -> Iterator[Finding]:
    line, reached, target = record.line(actual), bound(actual), row.target
    quantities = [one for one in line.found if isinstance(one, Quantity)]
    if reached.quantity and reached.sign not in ("", "＝") and len(quantities) <= 1:
        same = _same(reached, target)
        if same or reached.writing in (Writing.CANONICAL, Writing.VARIANT):
            message = f"“{actual}”{'照抄了指标值，' if same else ''}是界限，不是完成了多少"
            yield Finding(line.at(reached.start, reached.end), message, (Note("写实际的数，不带符号"),))
    elif target is None:
        return
    elif reached.period and reached.period.until and str(row.value).strip() == actual.strip():
        message = f"“{actual}”照抄了指标值，不是完成的时间"
        yield Finding(actual.span, message, (Note("写实际完成的日期"),), severity=Severity.INFO)
    else:
        yield from _no_number(row, actual, reached, Severity.INFO if actual is row.so_far else None)


def _no_number(row: Indicator, actual: Text, reached: Bound, severity: Severity | None = None) -> Iterator[Finding]:
    """Words where a number is due."""
    target = row.target
    words = reached.kind is Kind.TEXT and not _COUNTED.search(actual)
    if words and target is not None and _number_due(row.stated, target):
        message = f"“{actual}”不是数，指标值“{row.stated}”是一个数量"
        yield Finding(actual.span, message, (Note("写实际完成了多少"),), severity)


def _same(reached: Bound, target: Bound | None) -> bool:
    one, other = reached.quantity, target.quantity if target else None
    return bool(one and other and (one.value, one.base) == (other.value, other.base))


def _number_due(value: str, target: Bound) -> bool:
    """Whether a target is a quantity and not a task that has one in it: 编制1份规划."""
    return target.quantity is not None and bool(target.sign or value.strip() == value[target.start : target.end])
