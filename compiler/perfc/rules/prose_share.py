"""Percentages that are not the share, or the change, of the figures beside them."""

import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import accumulate, groupby, pairwise
from typing import NamedTuple

from perfc.diagnostic import Note, Severity, Span
from perfc.figures import alike
from perfc.lint import Finding, rule
from perfc.values import Kind, Quantity, decimals, exchanged, show
from perfc.vocabulary import Line, Record

_PARTS = 4  # figures before a percentage that it may be the share of, if it has decimals
_NEARLY = Decimal("0.02")
_COARSE = Decimal("0.1")
_NEAR = 8  # figures before a percentage that it may be a share of
_WINDOW = 40  # characters, more than any label has
_PERCENT = re.compile("[%％﹪]|百分之")
_STOP = re.compile("[。！？；]")
_MARK = re.compile("[，。；：、！？,;（）()“”]")
_SHARE = re.compile(
    r"(?:占(?P<whole>[^，。；,;]{0,20}?)(?:的?(?:比重|比例|比))?的?(?:约?为|达到?|高达|约)?|"
    r"(?:为|是|相当于|达到?)(?P<named>[^，。；,;的]{2,20})的)[（(]?$"
)
_OF = re.compile(r"^[^，。；,;]{0,6}?(?P<of>的?)(?:比重|比例)?(?:约?为|达到?|约)?$")
_WHOLE = re.compile("(?P<share>占)[^，。；,;、%％）]{0,20}$|(?:为|是|相当于|达到?)[^，。；,;、%％）]{0,20}$")
_TARGET = re.compile("完成[^，。；,;]{0,8}(?:目标|任务|计划)[数值量]?的?$")
_RATE = re.compile(r"(?P<stem>[一-鿿]{2,8}?)(?:率|进度)(?:约?为|达到?了?|是|高达|[：:])?[（(]?$")
_ALL = re.compile("^(?:全部|总|其|整个|本部门|全)?(?:额|数|量|人数|支出|金额|总数|总额)?$")
_SELF = re.compile("(?:总?[额数]|合计|共计?|[为达是有])*$")
_CHANGE = re.compile("[增减]|下降|上升|提高|提升|降低|同比|节约|较上|比上")
# A difference from another year is no part: 比上年减少0.30万元，占年初预算的98.70%.
_COMPARED = re.compile("^比(?![例重])|^较|[增减]|[多少]$")
_GROWN = re.compile(
    "^[，,（(、]?(?:同比|[比较][^，。；、]{1,8})?(?:增长|增加|增幅|上升|提高|下降|降低|降幅|减少)(?:了|达到?|为|约)?$"
)
_BASE = re.compile("[比较由从与][^，]{0,8}?[年期月算]|上年|去年")
_LIMIT = re.compile("预算|计划|目标|控制|任务")
_DIFFERENCE = re.compile("(?:[增减]加?少?|[多少]|下降|上升|提高|降低|节约|压减)$")
_LESS = re.compile("减|少|下降|降低|节约")
_AGAINST = re.compile(
    "^(?:[一-鿿]{0,4}同比|与?[比较同][^，。；]{0,9}?[年期月度](?:[末底初]|同期)?(?:相比)?)[的，]?(?P<noun>[一-鿿]{0,8}?)"
    "净?(?:[增减][加长少]?|[多少]|下降|上升|提高|降低|节约|压减)了?$"
)
_ADJUSTED = re.compile("年初|原|调整前")
_JOINT = re.compile("[、，和及与]{0,2}")
_RISEN = re.compile("[增减升降少加高][到至为]")
# Growth at constant prices, or of what is left without something, is not that of the figures.
_OTHERWISE = re.compile("生产总值|增加值|GDP|可比|不变价|口径|剔除|扣除|年均|平均每|累计|[两三四五六]年")
_COMMON = frozenset(("总额", "总数", "金额", "资金", "项目", "全县", "年度"))
_DONE = "完成|实际|实现|达成"
_MONEY = re.compile("投资|预算|资金|支出|经费")
# A rate, what it is a share of, and what it counts; any other rate has its own word beside what it counts.
_RATES = (
    (re.compile("执行|支出|支付|拨付|使用"), "预算|下达|安排|总额|收到|拨入", "执行|支出|支付|拨付|使用|决算"),
    (re.compile("到位"), "预算|计划|应|批复|下达", "到位"),
    (re.compile("完成|达成"), "计划|目标|任务|预算|应完", _DONE),
    (re.compile("回收|收回"), "发放|发出", "收回|回收"),
    (re.compile("控制"), "编制|批复|概算", "在职|实有|实际"),
)


class _Figure(NamedTuple):
    """A figure with the line that it stands in."""

    line: Line
    one: Quantity

    @property
    def label(self) -> str:
        """The words of the clause before it."""
        return _MARK.split(self.line.words[max(0, self.one.start - _WINDOW) : self.one.start])[-1]

    @property
    def span(self) -> Span:
        return self.line.at(self.one.start, self.one.end)


class _Share(NamedTuple):
    """A percentage with the figures before it, in its sentence and ahead of that, the nearest last.

    `around` has all figures of its line, `at` of which stand before it; `gap` is what stands between the last of them
    and the percentage.
    """

    line: Line
    one: Quantity
    before: list[_Figure]
    earlier: list[_Figure]
    around: list[_Figure]
    at: int
    gap: str


class _Ratio(NamedTuple):
    """What a percentage may be: how it is reckoned from `whole`, how much that is, and what rounding may make of it."""

    shown: str
    value: Decimal
    loose: Decimal
    whole: Span

    def fits(self, one: Quantity) -> bool:
        return abs(self.value - one.value) <= one.tolerance + self.loose


@rule(Severity.WARNING)
def prose_share(record: Record) -> Iterator[Finding]:
    """正文中的百分比要等于所写的两个数的比，增长、下降的百分比要等于两年的数算出来的。

    “已完成投资a，占总投资b的p%”“预算a，执行b，执行率p%”“较上年的a增加b，增长p%”，p 按所写的小数位四舍五入后应等于
    b 与 a 之比。改了金额没有改比例，是审核中最容易算出来的错误。“占p%”没有写占什么的，看“其中”之前的数、同一段里别的
    “占p%”所占的数；“完成目标的p%”看指标表中的目标；“比上年增加b，增长p%”没有写上年的数的，算出来再核对。
    看不出占什么的，或者与近旁别的两个数相符的，不提。

    错误：
        概述: 合同工程造价为6943.5万元，累计完成工程投资6500万元，占工程造价的93.65%。
    正确：
        概述: 合同工程造价为6943.5万元，累计完成工程投资6500万元，占工程造价的93.61%。
    """
    shares = list(_respective(list(_shares(record))))
    for at, share in enumerate(shares):
        yield from _difference(record, share, shares[max(0, at - 1) : at + 2])


def _shares(record: Record) -> Iterator[_Share]:
    """The percentages of all texts that have figures before them."""
    told = {id(line.text) for line in record.having(_PERCENT)}
    text: str | None = None
    earlier: list[_Figure] = []
    for line in (one for one in record.lines if id(one.text) in told):
        if line.text is not text:
            text, earlier = line.text, []
        before: list[_Figure] = []
        around: list[_Figure] = []
        end = 0
        for one in line.found:
            if _STOP.search(line.words, end, one.start):
                before, earlier = [], [*earlier, *before][-_NEAR:]
            end = one.end
            if not isinstance(one, Quantity) or one.kind is Kind.RATE:
                continue
            if one.kind is not Kind.PERCENT:
                around.append(_Figure(line, one))
                before = [*before[1 - _NEAR :], around[-1]]
            elif before and one.unit == "%" and not one.about:
                gap = line.words[max(before[-1].one.end, one.start - _WINDOW) : one.start]
                yield _Share(line, one, before, earlier, around, len(around), gap)
        earlier = [*earlier, *before][-_NEAR:]


def _respective(shares: list[_Share]) -> Iterator[_Share]:
    """Percentages in a row are each of a figure of their own: 71所、17所和4所，分别占77.17%、18.48%和4.35%."""
    for _, group in groupby(shares, key=lambda one: id(one.before)):
        row = list(group)
        size = len(row[0].before) - len(row) + 1
        joint = all(_JOINT.fullmatch(one.line.words[one.one.end : two.one.start]) for one, two in pairwise(row))
        if size < 1 or len(row) < 2 or not joint:
            yield from row
        else:
            yield from (
                one._replace(before=one.before[: size + at], gap=row[0].gap, at=one.at - len(row) + 1 + at)
                for at, one in enumerate(row)
            )


def _difference(record: Record, share: _Share, beside: list[_Share]) -> Iterator[Finding]:
    """A percentage that no two of the figures give, where it is clear which two are meant."""
    sure: Severity | None
    if _GROWN.search(share.gap):
        ratios, sure = _of_change(share)
    elif _CHANGE.search(share.gap):
        return
    else:
        ratios, sure = (
            _of_target(record, share) or _of_whole(share) or _of_share(share, beside) or _of_rate(share) or ([], None)
        )
    if not ratios or any(one.fits(share.one) for one in ratios) or _fits_elsewhere(share):
        return
    number, places = share.one.number, decimals(share.one.number)
    turned = [one for one in ratios if exchanged(number, round(one.value, places))]
    best = turned[0] if turned else ratios[0] if sure else min(ratios, key=lambda one: abs(one.value - share.one.value))
    if (
        not sure
        and not (turned and number.scaleb(places) > 999)
        and abs(best.value - share.one.value) > _NEARLY * number
    ):
        return
    cut = int(best.value.scaleb(places)) == number.scaleb(places)
    line, start, end = share.line, share.one.start, share.one.end
    hint = Note("末位要四舍五入" if cut else "核对这三个数，改正其中写错的一个")
    message = f"{best.shown} = {round(best.value, places)}%，正文写“{line.words[start:end]}”"
    figures = (best.whole, *(one.span for one in share.before[-2:]))
    notes = (hint, Note("与这个数相比", best.whole))
    yield Finding(line.at(start, end), message, notes, Severity.INFO if cut else sure, figures=figures)


_Ratios = tuple[list[_Ratio], Severity | None]


def _fits_elsewhere(share: _Share) -> bool:
    """Whether other figures around give a percentage, or its rest, one of them perhaps a sum."""
    around = share.around[max(0, share.at - _NEAR) : share.at + _NEAR]
    last, number, tolerance = share.before[-1], share.one.value, share.one.tolerance
    same = [one.one.value for one in around if _alike(one, last)]
    ahead = [one.one.value for one in share.before if _alike(one, last)]
    parts = ahead[-1 if tolerance > _COARSE else -_PARTS :]
    wholes = [*same, *accumulate(same), *accumulate(reversed(ahead))]
    pairs = [(part, whole) for part in parts for whole in wholes]
    pairs += [(sum(ahead[-2:], Decimal(0)), whole) for whole in same]
    pairs += [(sum(ahead[-3:-1], Decimal(0)), whole) for whole in ahead[-1:]]
    return any(
        abs(part * 100 - number * whole) <= tolerance * whole
        or abs((whole - part) * 100 - number * whole) <= tolerance * whole
        for part, whole in pairs
    )


def _of_target(record: Record, share: _Share) -> _Ratios | None:
    """The ratio of what an indicator's row says was done to its target: 筛查9126人，完成目标的101.4%."""
    if not _TARGET.search(share.gap):
        return None
    part = share.before[-1].one
    rows = [(row, row.measured) for row in record.indicators if row.actual is not None]
    found = [
        _Ratio(f"{show(part)} ÷ 目标 {row.stated}", one.actual / one.target * 100, Decimal(0), row.span)
        for row, one in rows
        if one
        and one.actual == part.value
        and one.target
        and row.target
        and row.target.quantity
        and row.target.quantity.base == part.base
    ]
    return (found, Severity.WARNING) if found else None


def _of_whole(share: _Share) -> _Ratios | None:
    """The ratio of …占b的p%, 为b的p%, where b stands right before the percentage."""
    *others, whole = share.before
    match = _OF.search(share.gap)
    if not match or not others:
        return None
    named = _WHOLE.search(whole.line.words[others[-1].one.end : whole.one.start][-_WINDOW:])
    if not named or not (named["share"] or match["of"]):
        return ([], None) if _alike(others[-1], whole) else None
    plain = [one for one in others if not _COMPARED.search(one.label)]
    parts = [one for one in plain if _alike(one, whole)]
    if not parts:
        counts = plain and whole.one.value and {plain[-1].one.kind, whole.one.kind} == {Kind.COUNT}
        return [_ratio(plain[-1], whole)] if counts else [], Severity.INFO
    return [_ratio(one, whole) for one in reversed(parts)], Severity.WARNING if parts[-1] is plain[-1] else None


def _of_share(share: _Share, beside: list[_Share]) -> _Ratios | None:
    """The ratios of 占p%, 占总额的p% to the figures before, and whether it is certain which one is meant."""
    part, name = share.before[-1], _name(share)
    if name is None:
        return None
    if any(_COMPARED.search(one.label) for one in share.before[-2:]):
        return [], None
    wholes = [one for one in share.before[:-1] if _alike(one, part) and one.one.value >= part.one.value]
    earlier = [one for one in share.earlier if _alike(one, part) and one.one.value >= part.one.value]
    chosen = [one for one in wholes if _introduces(one, share)] or wholes
    if not wholes:
        chosen = [one for one in earlier if _introduces(one, share) or _bears(one, name)]
        chosen = chosen or [one for one in earlier if any(_shared(other, one, part) for other in beside)]
    same = chosen and (_ALL.match(name) or not _bigrams(name).isdisjoint(_bigrams(chosen[-1].label)))
    sure = Severity.WARNING if chosen and (not wholes or (same and len(chosen) == 1)) else None
    others = [one for one in (*earlier, *wholes) if one not in chosen]
    return [_ratio(part, one) for one in (*reversed(chosen), *reversed(others))], sure


def _name(share: _Share) -> str | None:
    """What a percentage says it is a share of, empty where it does not say; None where it is no share."""
    match = _SHARE.search(share.gap)
    if not match or _MARK.search(share.gap[: match.start()].lstrip("，,（(）)、")):
        return None
    return match["whole"] or match["named"] or ""


def _introduces(one: _Figure, share: _Share) -> bool:
    """Whether 其中 stands between a whole and the rest of its sentence."""
    behind = one.line.words[one.one.end : share.one.start].lstrip("。") if one.line is share.line else ""
    return "其中" in behind[:4] and "。" not in behind


def _bears(one: _Figure, name: str) -> bool:
    """Whether a figure has the name of the whole: 2022年基本支出218万元。…占基本支出的."""
    bare, label = _SELF.sub("", name), _SELF.sub("", one.label)
    return len(bare) > 1 and not _ALL.match(name) and label.removesuffix("投资").endswith(bare)


def _shared(other: _Share, whole: _Figure, part: _Figure) -> bool:
    """Whether another share is one of the same whole."""
    own = other.before[-1]
    stands_apart = own not in (whole, part) and _alike(own, whole)
    return stands_apart and _name(other) is not None and _ratio(own, whole).fits(other.one)


def _of_rate(share: _Share) -> _Ratios | None:
    """The figures of a rate in the same sentence: 预算a，执行b，执行率p%; 抽检a批次，合格b批次，合格率p%."""
    match, before = _RATE.search(share.gap), share.before
    if not match or any(_COMPARED.search(one.label) for one in before[-2:]):
        return None
    stem = match["stem"]
    for rate, of, counted in _RATES:
        if rate.search(stem):
            parts = [one for one in before if re.search(counted, one.label)]
            wholes = [one for one in before if one not in parts and re.search(of, one.label)]
            if parts and wholes:
                # Work may be done in full with less money than planned.
                sure = parts[-1].one.kind is not Kind.MONEY or counted != _DONE or _MONEY.search(stem)
                ratios = [_ratio(parts[-1], one) for one in wholes if _alike(one, parts[-1])]
                return ratios, Severity.WARNING if sure else None
            if wholes == before[1:] and len(before) == 2 and _alike(*before):
                return [_ratio(*before)], None
    for one, other in reversed(list(pairwise(before))):
        if _alike(one, other) and one.one.value >= other.one.value and stem[-2:] in other.label:
            return [_ratio(other, one)], Severity.WARNING if _marks(one, other) <= 2 else None
    return None


def _of_change(share: _Share) -> _Ratios:
    """The change from one year to another: 较上年的a增加b，增长p%; 由a增加到b，增长p%."""
    *before, last = share.before
    ahead = share.line.words[max(0, share.before[-2:][0].one.start - _WINDOW) : share.one.start]
    before = [one for one in before if _alike(one, last)]
    if _ADJUSTED.search(share.gap):
        # 320万元。…追加36万元，调整后为356万元，较年初增长11.25%
        steps = [one for one in (*share.earlier, *before) if _alike(one, last)][-2:]
        made = len(steps) > 1 and sum(one.one.value for one in steps) == last.one.value
        return [_ratio(steps[1], steps[0])] if made else [], Severity.WARNING
    if not before or _OTHERWISE.search(ahead):
        return [], None
    if _RISEN.search(last.label):
        return ([_changed(last, before[-1])], Severity.WARNING) if _BASE.search(before[-1].label) else ([], None)
    difference = [last] if _DIFFERENCE.search(last.label) else []
    *before, then = before if difference else [*before, last]
    if against := _AGAINST.search(last.label) if difference else None:
        return _of_difference(then, last, against["noun"]) if not _COMPARED.search(then.label) else ([], None)
    if not _BASE.search(then.label) or _DIFFERENCE.search(then.label):
        return [], None
    now = [_changed(one, then) for one in reversed(before) if _alike(one, then)]
    sure = difference or (before and not _LIMIT.search(before[-1].label) and _marks(before[-1], then) <= 1)
    return [*(_ratio(one, then) for one in difference), *now], Severity.WARNING if sure else None


def _of_difference(now: _Figure, change: _Figure, noun: str) -> _Ratios:
    """The change from a figure that is not written: 68420户，比上年末增加5120户，增长8.09%."""
    then = now.one.value + change.one.value * (1 if _LESS.search(change.label) else -1)
    if then <= 0 or (noun and _bigrams(noun).isdisjoint(_bigrams(now.label))):
        return [], None
    shown = f"{show(change.one)} ÷ 原来的 {then.normalize():f}{now.one.base}"
    loose = change.one.tolerance / then * 100 if decimals(change.one.number) else Decimal(0)
    return [_Ratio(shown, change.one.value / then * 100, loose, now.span)], Severity.WARNING


def _changed(now: _Figure, then: _Figure) -> _Ratio:
    ratio = _ratio(now, then)
    return ratio._replace(shown=f"{show(then.one)} 到 {show(now.one)} 的变动", value=abs(ratio.value - 100))


def _ratio(part: _Figure, whole: _Figure) -> _Ratio:
    """A part of a whole in percent; figures with decimals may themselves be rounded."""
    loose = sum((one.one.tolerance for one in (part, whole) if decimals(one.one.number)), Decimal(0))
    shown = f"{show(part.one)} ÷ {show(whole.one)}"
    return _Ratio(shown, part.one.value / whole.one.value * 100, loose / whole.one.value * 100, whole.span)


def _marks(one: _Figure, other: _Figure) -> int:
    """How many marks stand between two figures."""
    return len(_MARK.findall(one.line.words[one.one.end : other.one.start][:_WINDOW]))


def _alike(one: _Figure, other: _Figure) -> bool:
    """Whether two figures count the same, exactly enough for a ratio."""
    exact = not (one.one.about or other.one.about)
    return alike(one.one, other.one) and exact and bool(one.one.value and other.one.value)


def _bigrams(words: str) -> set[str]:
    return {words[at : at + 2] for at in range(len(words) - 1)} - _COMMON
