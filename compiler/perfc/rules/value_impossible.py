"""Values that cannot be, or that say nothing."""

import re
from calendar import monthrange
from collections.abc import Iterator
from itertools import islice

from perfc.diagnostic import Edit, Note, Severity, Span
from perfc.lint import Finding, rule
from perfc.load import Number, Text
from perfc.values import Bound, Kind, bound, plain, show
from perfc.vocabulary import CLASSIFIED, TIMELY, Indicator, Line, Record, gist

_MOST = 5  # findings in one line
_DATE = re.compile(
    r"(?<![0-9.])(?:(?P<year>(?:19|20)[0-9]{2}) ?年 ?)?(?P<month>[0-9]{1,2}) ?月 ?(?P<day>[0-9]{1,2}) ?日(?![龄均])"
    r"|(?<![0-9.])(?P<in_year>(?:19|20)[0-9]{2}) ?年 ?(?P<of_year>[0-9]{1,2}) ?月(?!龄|[大小])"
    r"|(?<![0-9.-])(?P<full>(?:19|20)[0-9]{2})(?P<mark>[-./])(?P<full_month>[0-9]{1,2})(?P=mark)"
    r"(?P<full_day>[0-9]{1,2})(?![0-9.-])"
)
# A date is looked at where its month or day may be wrong: 13月, 31日.
_DOUBTFUL = re.compile(
    r"月 ?(?:29|[3-9][0-9]|0{1,2}) ?日|年 ?(?:0{1,2}|1[3-9]|[2-9][0-9]) ?月|20[0-9]{2}[-./][0-9]{1,2}[-./][0-9]"
)
_LUNAR = re.compile("农历|阴历|旧历|正月|腊月")


@rule(Severity.WARNING)
def value_impossible(record: Record) -> Iterator[Finding]:
    """指标值是可能达到、能够判断的值。

    合格率、满意度、覆盖率等比率不会超过 100%，写“≥100%”就是“＝100%”。增长率一类可以超过 100%，不在此列。
    成本指标的金额、死亡人数、事故起数一类的是上限，不写“≥”。符号、数、单位分三栏填的，合起来看。
    指标值不能只重复指标的名称：“社会稳定程度”写“促进社会稳定”，等于没有写值。
    不存在的日期（6月31日、2025年13月），写在正文里的也算；农历不在此列。

    错误：
        绩效指标: {产出指标: {质量指标: [{三级指标: 验收合格率, 指标值: ≥100%}]}}
    正确：
        绩效指标: {产出指标: {质量指标: [{三级指标: 验收合格率, 指标值: 100%}]}}
    """
    for row in record.indicators:
        yield from _over(record, row)
        yield from _floor(record, row)
        yield from _repeated(record, row)
    for line in record.having(_DOUBTFUL):
        yield from islice(_dates(line), _MOST)


def _over(record: Record, row: Indicator) -> Iterator[Finding]:
    """A share over 100 %, in the target or in what was done."""
    name, target = str(row.name or ""), row.target
    if row.value is not None and target and _above(target) and row.limited is not False:
        mild = None if row.limited else Severity.INFO
        place, edits = _place(record, row.value, row.stated, target)
        certain = mild is None and target.quantity is not None and target.quantity.value == 100 and bool(edits)
        yield Finding(
            place,
            f"“{name}”的值“{row.stated}”不可能：比率不会超过 100%",
            (Note("写成 ＝100%，或低于 100% 的下限"),),
            mild,
            edits if certain else (),
        )
        return
    for one in row.results:
        done = row.with_unit(one)
        if _above(actual := bound(done)) and not actual.sign and row.limited:
            yield Finding(
                _place(record, one, done, actual)[0],
                f"“{name}”完成“{done}”不可能：比率不会超过 100%",
                (Note("按佐证材料核对，改为不超过 100% 的数"),),
            )
            return


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
    """A floor for spending, or for what is to be kept low."""
    read = row.target if row.reversed else None
    if row.value is None or read is None or read.quantity is None:
        return
    cost = row.aspect == "成本" and read.quantity.base.startswith("元")
    yield Finding(
        _place(record, row.value, row.stated, read)[0],
        f"{'成本' if cost else ''}“{row.name}”的值“{row.stated}”是下限，等于说{'花得' if cost else ''}越多越好",
        (Note(f"写上限，如 ≤{show(read.quantity)}"),),
    )


def _dates(line: Line) -> Iterator[Finding]:
    """Days and months that no calendar has."""
    for match in _DATE.finditer(plain(line.words)):
        year, month, day = (
            next((int(match[one]) for one in names if match[one]), None)
            for names in (("year", "in_year", "full"), ("month", "of_year", "full_month"), ("day", "full_day"))
        )
        start, end = match.span()
        if _LUNAR.search(line.words, max(0, start - 8), start) or month is None:
            continue
        days = monthrange(year or 2024, month)[1] if 1 <= month <= 12 else 0
        if not days or (day is not None and not 1 <= day <= days):
            what = f"{month}月只有 {days} 天" if days else f"没有{month}月"
            yield Finding(line.at(start, end), f"“{line.words[start:end]}”不存在：{what}", (Note("核对日期"),))


def _repeated(record: Record, row: Indicator) -> Iterator[Finding]:
    """A value of words that are the indicator's own."""
    if not isinstance(row.value, Text) or (read := row.bound) is None or read.kind is not Kind.TEXT:
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
