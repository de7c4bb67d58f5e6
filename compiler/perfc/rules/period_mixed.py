"""Figures of a part of the year in an annual document."""

import re
from collections.abc import Iterator

from perfc.diagnostic import Note, Severity
from perfc.lint import Finding, rule
from perfc.values import Period, Quantity
from perfc.vocabulary import ACTUAL, INDICATORS, PLANS, Line, Record

_BEHIND = 80  # characters between a period and its figure
_NEAR = 6
_OPENED = ("年初至", "年初到", "年初以来至", "年初—", "年初-")
_STOP = re.compile("[。！？；]")
_PLANNED = re.compile("预计|(?<!年初)(?<!年度)(?<!原)(?<!上年)(?<!比)计划|拟|将(?!近)|争取|力争|下一步|明年|次年")
_UNKNOWN = re.compile("尚未(?:发布|公布)|未发布|统计局口径")
_WHOLE = re.compile("下半年|全年|1[-—－至]12月|7[-—－至]12月")
_TOGETHER = re.compile("共|累计|已|总|合计")
_DONE = re.compile("全部完成|全面完成|提前完成|圆满完成|竣工|完工|验收|建成")

_Found = tuple[Quantity | Period, ...]


@rule(Severity.WARNING)
def period_mixed(record: Record) -> Iterator[Finding]:
    """年度自评报告的数都应是全年的，不能混用“1-11月”或“截至11月13日”的数。

    报告常在年底前起草，数只统计到起草时，到次年报出时没有更新；同一份报告里有的数是全年的，有的不是，不能相加、
    不能比较。“上半年”的数后面没有下半年的，只提示。某月的活动（5月召集、3-9月督促）、分两段写全的（1-6月、7-12月）、工程的节点，不在此列。

    错误：
        年度: 2022
        自评表: {年度资金总额: {全年执行数: 281.75, 得分: 10}}
        成绩: 1-11月份，临时救助共发放467.11万元，救助6321人次。
    正确：
        年度: 2022
        自评表: {年度资金总额: {全年执行数: 281.75, 得分: 10}}
        成绩: 1-12月，临时救助共发放467.11万元，救助6321人次。
    """
    if not record.reports:
        return
    whole = next(((line, one) for line, one, _ in _periods(record) if (one.month, one.to_month) == (1, 12)), None)
    for line, period, near in _periods(record):
        severity = _part(line, period, near, record.year)
        if severity:
            shown = line.words[period.start : period.end]
            end = f"{period.to_month}月{period.to_day}日" if period.to_day else f"{period.to_month}月"
            notes = [Note("改为全年的数")]
            if whole:
                notes.append(Note("别处的数是全年的", whole[0].at(whole[1].start, whole[1].end)))
            message = f"“{shown}”的数只到{end}，年度报告应是全年的"
            yield Finding(line.at(period.start, period.end), message, tuple(notes), severity=severity)


def _periods(record: Record) -> Iterator[tuple[Line, Period, _Found]]:
    """The periods in what is reported, not in what is planned, each with the figures and dates near it."""
    for line in record.lines:
        planned = any(PLANS.search(one) for one in line.path)
        if not planned and (INDICATORS not in line.path or line.path[-1] in ACTUAL):
            for at, one in enumerate(line.found):
                if isinstance(one, Period):
                    yield line, one, line.found[max(0, at - _NEAR) : at + _NEAR]


def _part(line: Line, period: Period, near: _Found, year: int | None) -> Severity | None:
    """How surely a period is the part of the year that a figure is counted for; None if it is not."""
    month = period.to_month or 12
    cut = period.until and "截" in line.words[max(0, period.start - 3) : period.start]
    opened = line.words.endswith(_OPENED, 0, period.start)
    since = (period.month == 1 or opened) and month > 1 and not period.until
    half = "半年" in line.words[period.start : period.end]
    if not (cut or since) or not 6 <= month < 12 or (half and _WHOLE.search(line.words)):
        return None
    if not {period.year, period.to_year} <= {None, year}:
        return None
    behind = _STOP.split(line.words[period.end : period.end + _BEHIND])[0]
    ahead = _STOP.split(line.words[max(0, period.start - _BEHIND) : period.start])[-1]
    after = (one for one in near if isinstance(one, Period) and one.start > period.end)
    later = (one for one in after if "。" not in line.words[period.end : one.start])
    if any(one.to_month == 12 and one.month != 1 for one in later):
        return None  # it goes on to the year's end
    end = period.end + len(behind)
    if not any(isinstance(one, Quantity) and period.end <= one.start < end for one in near):
        return None
    if _PLANNED.search(ahead + behind) or _UNKNOWN.search(behind):
        return None
    if since and month < 9 and not half and not _TOGETHER.search(behind):
        return None
    return Severity.INFO if half or (cut and _DONE.search(behind)) else Severity.WARNING
