"""Years left over from the document that a spec was copied from."""

import re
from collections.abc import Iterable, Iterator

from perfc.diagnostic import Note, Severity
from perfc.lint import Finding, rule
from perfc.values import Period
from perfc.vocabulary import ACTUAL, BASIS, CODE, INDICATORS, PLANS, REASON, TITLE, UNITS, VALUE, Line, Record

_WRITTEN = re.compile("[12１２](?:(?<=[1１])[9９]|(?<=[2２])[0０])[0-9０-９]{2}|十[一二三四五六]五")
_FAR = 10  # years: no target of a year is so far away, but a slip of one digit is
_NEAR = 60  # characters around a year that say what it is about
_STOP = re.compile("[。！？；]")
_DUE = re.compile("(?:完成|结束|截止|终止)日期$")
_NAMED = re.compile("(?:本年度?|今年)(?:[^，。；]{0,6}(?:时间|周期|期限|期间|时限))?[为是：:]$")
_NEXT = re.compile("下一步|改进|打算|整改")
_AIM = re.compile("(?:力争|争取|预计|拟)(?:于|在|到)?$")
_DATED = re.compile("^(?!.*(?:计划|开始|完成|起|止)).*日期$")
_NOT_ABOUT = frozenset((*BASIS, *UNITS, TITLE, CODE))
# Years that are another year's on purpose: compared with, since when, by when it was so.
_BEFORE = re.compile("(?:比|较|与|同|和|从|自|由|截[至止]到?|对照|(?P<at>于)|早在|超过?|是|即|为|达到?)$")
_AFTER = re.compile(
    "^(?:以来|版|[之以]?后|起|开始|[至到]|同期|相比|结转|遗留|立项|启动|开工|动工|建成|成立|印发|下[发达]|出台|颁布|修订|"
    "[竣完]工|投入使用|获|被|转隶|组建|划转|新?增|[之以]前|基数|基础上|审计|巡[察视]|[^，。]{0,12}(?:问题|反馈|结转|尾款|结果))"
)
_COMPARED = re.compile("较|相?比|基[期数]|上年|去年|同期|结转|续建|尾款|遗留|跨年|以来|年版|修订")
_GROWN = re.compile(
    "[比较与同][^。]{0,20}(?:[增减]|上升|下降|提高|降低)|同比|环比|年均|增长|“十[一二三四五]五”|、[0-9]{4}年"
)
_THIS = re.compile("今年|本年|当年")
_EVENT = re.compile("改革|转隶|成立|启动|立项|开工|挂牌|组建|获|批复|印发|划转|合并|更名|颁布|施行|实施以来")
_LATER = re.compile("预计|计划|拟|将|争取|力争|下一步|明年|次年|至|结转|部署|安排|启动|提前")
_ONES = "一二三四五六七八九十"
_NUMBERED = re.compile(
    rf"(?:^|[，,：:])\s*(?:[（(]?[0-9{_ONES}]{{1,3}}[）)]?[.．、]?|[{_ONES}]是)?(?:[本我][一-鿿]{{1,4}})?$"
)
_DEADLINE = re.compile("(?:底|末|内|前)$")
_FIGURES = (
    "一般公共预算|政府性基金|国有资本|社会保险|基本支出|项目支出|“?三公|公用经费|人员经费|年?末?(?:编制|实有|在职|内设)"
)
_SUBJECT = re.compile(
    r"^[，,]?(?:[我本][^，。；]{1,3}[，,]?)?(?:无|没有|未安排|共|全年)?(?:核定)?"
    rf"(?P<what>{_FIGURES}|财政|部门|整体支出|预算|决算|支出|收入|绩效|自评|年初|总体目标|重点工作|主要工作)"
)
_FIGURE = re.compile(_FIGURES)
_DONE = re.compile(
    "^(?:前|底前|[之以]前)?(?:全部|均|已|顺利|按期|如期)*(?:完工|完成|竣工|验收|发放|拨付|到位|支付|兑付|交付)"
)
# What a plan means to do; the rest of its text may tell of former years.
_AIMS = re.compile(
    "将|计划|目标|任务|预算(?!.{0,20}(?:决算|执行))|拟|力争|确保|争取|安排|编制|要(?!求)|继续|完成(?!了)|实现(?!了)|推进|加强|开展|组织|提高|深入|围绕|坚持"
)
_YEAR = re.compile("[0-9]{4}年")
_TOPIC = re.compile(r"^(?:年?末|底)?[，,]|^[我本全]")


@rule(Severity.WARNING)
def stale_year(record: Record) -> Iterator[Finding]:
    """指标值、完成时限和正文中的年份应是本文件的年度，不能留下上年文件的年份。

    文件多由上年的改写而成，漏改的年份印出来就是差错：目标写成上年完成，报告写成上年的支出。
    与上年比较、文件名称与文号、有年月日的事、写明的起止年份、下一步计划中的次年，都不在此列。
    自评报告写于次年，日期应晚于所评价的年度，下一步的打算不能是所评价的年度的。

    错误：
        年度: 2024
        绩效指标: {产出指标: {时效指标: [{三级指标: 完成时间, 指标值: 2023年12月底前}]}}
    正确：
        年度: 2024
        绩效指标: {产出指标: {时效指标: [{三级指标: 完成时间, 指标值: 2024年12月底前}]}}
    """
    if record.year is None:
        return
    lines = _lines(record)
    stated = _stated(record, lines)
    for line in lines:
        for period in line.found:
            if not isinstance(period, Period) or period.year is None or period.year != period.to_year:
                continue
            shown = line.words[period.start : period.end]
            dated = _is_dated(line)
            if dated:
                severity, message = _date(record, period, period.year - record.year), f"日期“{shown}”与本文件的年度不符"
            elif _is_over(record, line, period):
                severity, message = Severity.WARNING, f"“{shown}”已经过去，不能是以后要做到的"
            elif period.year in (record.year, *(years := stated.get(_scope(record, line), ()))) or _quoted(
                line, period
            ):
                continue
            else:
                severity = _severity(record, line, period, period.year - record.year, years)
                message = f"“{shown}”不在本文件的年度（{record.year}年）"
            if severity:
                written = "，日期应在次年" if dated else ""
                hint = f"本文件是 {record.year} 年度的" + (f"自评{written}" if record.reports else "")
                yield Finding(line.at(period.start, period.end), message, (Note(hint),), severity=severity)


def _lines(record: Record) -> list[Line]:
    """The lines with years; those with the document's own alone where that may be wrong: in a report, as a date."""
    own = str(record.year)
    return [
        line
        for line in record.having(_WRITTEN)
        if record.reports or _is_dated(line) or any(one != own for one in _WRITTEN.findall(line.words))
    ]


def _is_dated(line: Line) -> bool:
    """Whether a line is the date of a document."""
    return bool(line.path and _DATED.search(line.path[-1]))


def _stated(record: Record, lines: list[Line]) -> dict[int, set[int]]:
    """The years of the periods that are written out (2022-2024年), by the project or text that they stand in."""
    stated: dict[int, set[int]] = {}
    for line in lines:
        for one in line.found:
            if not isinstance(one, Period) or one.year is None or one.to_year is None or one.year >= one.to_year:
                continue
            if line.words[one.start].isdigit() and not _quoted(line, one):
                stated.setdefault(_scope(record, line), set()).update(range(one.year, one.to_year + 1))
    return stated


def _is_over(record: Record, line: Line, period: Period) -> bool:
    """Whether something is to be done by a year that is over: a project's end, the next steps of a report."""
    if not record.reports:
        due = bool(line.path and _DUE.search(line.path[-1]))
        return due and record.year is not None and (period.year or record.year) < record.year
    if period.year != record.year or not any(_NEXT.search(one) for one in line.path):
        return False
    if any(line.path[-1] == "日期" and f"{record.year}年" in line.words for line in record.lines):
        return False
    shown, ahead = line.words[period.start : period.end], line.words[max(0, period.start - 8) : period.start]
    return bool(_AIM.search(ahead)) or (_DEADLINE.search(shown) is not None and not _BEFORE.search(ahead))


def _scope(record: Record, line: Line) -> int:
    """What tells the project that a line is in, or else its text, from others."""
    return id(record.project(line.text) or line.text)


def _quoted(line: Line, period: Period) -> bool:
    """Whether a year belongs to a title, a document number or a quotation."""
    ahead = line.words[max(0, period.start - _NEAR) : period.start]
    if ahead.endswith(("〔", "[", "［", "》（", "》(")):
        return True
    return any(ahead.rfind(opening) > ahead.rfind(closing) for opening, closing in ("《》", "“”"))


def _severity(record: Record, line: Line, period: Period, off: int, stated: Iterable[int]) -> Severity | None:
    """How surely a year that is `off` years away from the document's, and not stated, is wrong; None if it is not."""
    key = line.path[-1] if line.path else ""
    if _NOT_ABOUT & set(line.path):
        return None
    if INDICATORS in line.path and key not in REASON:
        return _cell(line, period, key, off, stated)
    sentence = _STOP.split(line.words[max(0, period.start - _NEAR) : period.start])[-1]
    behind = _STOP.split(line.words[period.end : period.end + _NEAR])[0]
    if off < 0:
        planned = any(PLANS.search(one) for one in line.path)
        return _past(record, line, period, sentence, behind, planned=planned)
    figures = (match := _SUBJECT.search(behind)) and _FIGURE.search(match["what"])
    planned = any(PLANS.search(one) for one in line.path) or _LATER.search(sentence + behind) is not None
    return Severity.WARNING if record.reports and figures and not planned else None


def _date(record: Record, period: Period, off: int) -> Severity | None:
    """The date of the document itself: a report is written when its year is over, goals before or in it."""
    reported = off in (1, 2) or (off == 0 and period.month == 12)
    return None if (reported if record.reports else off in (-1, 0)) else Severity.WARNING


def _cell(line: Line, period: Period, key: str, off: int, stated: Iterable[int]) -> Severity | None:
    """A year in a row of indicators: a target is for the document's year or its term, a result may come later."""
    around = line.words[max(0, period.start - 8) : period.start] + line.words[period.end : period.end + 8]
    term = "中期" in "".join(line.path)
    if _COMPARED.search(around) or (term and not stated) or (off > 0 and key in ACTUAL):
        return None
    wrong = key in VALUE if term or off >= _FAR else off < 0 and key in (*VALUE, *ACTUAL)
    return Severity.WARNING if wrong else None if term else Severity.INFO


def _past(record: Record, line: Line, period: Period, ahead: str, behind: str, *, planned: bool) -> Severity | None:
    """A year before the document's, in a sentence that is about the document's year."""
    shown = line.words[period.start : period.end]
    due = planned and _DEADLINE.search(shown) is not None
    if _NAMED.search(ahead):
        return Severity.WARNING
    before = _BEFORE.search(ahead)
    told = f"{record.year}年" in ahead + behind
    if record.reports and before and before["at"] and period.month and record.year == (period.year or 0) + _FAR:
        return Severity.WARNING if _DONE.search(behind) and not told and not _THIS.search(ahead + behind) else None
    if (before and not (due and before["at"])) or _AFTER.search(behind) or _COMPARED.search(ahead[-12:] + behind[:6]):
        return None
    if _THIS.search(ahead + behind) or told:
        return None
    if "月" in shown or period.day or (shown.endswith(("以前", "之前")) and not due):
        return Severity.WARNING if due else None
    first = _NUMBERED.search(ahead) is not None
    # One year's figure may be set beside another's.
    beside = f"{record.year}年" in line.words[period.end :] or _YEAR.search(behind)
    subject = _SUBJECT.search(behind)
    if planned:
        if _GROWN.search(ahead + behind) or (first and _EVENT.search(behind)):
            return None
        sure = due or (_AIMS.search(behind) and not beside)
        return (Severity.WARNING if sure else Severity.INFO) if first or subject or due else None
    if not record.reports:
        return None
    recent = record.year is not None and record.year - (period.year or 0) <= 2
    about = first and recent and _TOPIC.search(behind) and not _EVENT.search(behind[:40])
    if about or (subject and (first or "度" in shown)):
        return Severity.INFO if beside else Severity.WARNING
    return None
