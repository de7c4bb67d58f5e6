"""Percentages that are not the share of the two figures beside them."""

import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

from perfc.diagnostic import Note, Severity
from perfc.lint import Finding, rule
from perfc.values import Kind, Quantity, decimals, show
from perfc.vocabulary import Line, Record

_NEAR = 8  # figures before a percentage that it may be a share of
_WINDOW = 40  # characters, more than any label has
_STOP = re.compile("[。！？；]")
_MARK = re.compile("[，。；：、！？,;（）()“”]")
_SHARE = re.compile(r"占(?P<whole>[^，。；,;]{0,20}?)(?:的?(?:比重|比例|比))?的?(?:约?为|达到?|高达|约)?[（(]?$")
_OF = re.compile(r"^[^，。；,;]{0,6}的?(?:比重|比例)?(?:约?为|达到?|约)?$")
_RATE = re.compile(r"(?P<stem>[一-鿿]{2,8}?)(?:率|进度)(?:约?为|达到?了?|是|高达|[：:])?[（(]?$")
_ALL = re.compile("^(?:全部|总|其|整个|本部门|全)?(?:额|数|量|人数|支出|金额|总数|总额)?$")
_CHANGE = re.compile("[增减]|下降|上升|提高|提升|降低|同比|节约|较上|比上")
# A difference from another year is no part: 比上年减少0.30万元，占年初预算的98.70%.
_COMPARED = re.compile("^比(?![例重])|^较|[增减]|[多少]$")
_COMMON = frozenset(("总额", "总数", "金额", "资金", "项目", "全县", "年度"))
_PEOPLE = frozenset("人名位")
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


@rule(Severity.WARNING)
def prose_share(record: Record) -> Iterator[Finding]:
    """正文中的百分比要等于同一句里两个数的比。

    “已完成投资a，占总投资b的p%”“预算a，执行b，执行率p%”，p 按所写的小数位四舍五入后应等于 b 与 a 之比。
    改了金额没有改比例，是审核中最容易算出来的错误。一句话里看不出占什么的，不核对。

    错误：
        概述: 合同工程造价为6943.5万元，累计完成工程投资6500万元，占工程造价的93.65%。
    正确：
        概述: 合同工程造价为6943.5万元，累计完成工程投资6500万元，占工程造价的93.61%。
    """
    for line in record.lines:
        if not any(_percent(one) for one in line.found):
            continue
        for share, before in _shares(line):
            found = _difference(line, share, before)
            if found:
                yield found


def _percent(one: object) -> bool:
    return isinstance(one, Quantity) and one.kind is Kind.PERCENT and one.unit == "%"


def _shares(line: Line) -> Iterator[tuple[Quantity, list[Quantity]]]:
    """Each percentage with the figures before it in its sentence, the nearest last."""
    before: list[Quantity] = []
    end = 0
    for one in line.found:
        if _STOP.search(line.words, end, one.start):
            before = []
        end = one.end
        if not isinstance(one, Quantity) or one.kind is Kind.RATE:
            continue
        if one.kind is not Kind.PERCENT:
            before = [*before[1 - _NEAR :], one]
        elif before and one.unit == "%" and not one.about:
            yield one, before


def _difference(line: Line, share: Quantity, before: list[Quantity]) -> Finding | None:
    """A percentage that no two of the figures give, where it is clear which two are meant."""
    gap = line.words[max(before[-1].end, share.start - _WINDOW) : share.start]
    if _CHANGE.search(gap) or any(_COMPARED.search(_label(line, one)) for one in before[-2:]):
        return None
    pairs, sure = _of_share(line, gap, before) or _of_rate(line, gap, before) or ([], False)
    pairs = [(part, whole) for part, whole in pairs if whole.value and not part.about and not whole.about]
    if not pairs or any(_fits(share, part, whole) for part, whole in pairs):
        return None
    part, whole = min(pairs, key=lambda pair: abs(_ratio(*pair) - share.value))
    if not sure and abs(_ratio(part, whole) - share.value) > 2:
        return None
    right = round(_ratio(part, whole), decimals(share.number))
    cut = int(_ratio(part, whole).scaleb(decimals(share.number))) == share.number.scaleb(decimals(share.number))
    return Finding(
        line.at(share.start, share.end),
        f"{show(part)} ÷ {show(whole)} = {right}%，正文写“{line.words[share.start : share.end]}”",
        (
            Note("末位要四舍五入" if cut else "核对这三个数，改正其中写错的一个"),
            Note("占这个数的比例", line.at(whole.start, whole.end)),
        ),
        severity=Severity.INFO if cut else None,
    )


_Pairs = tuple[list[tuple[Quantity, Quantity]], bool]


def _of_share(line: Line, gap: str, before: list[Quantity]) -> _Pairs | None:
    """The figures of 占…的p%, and whether they are certainly meant."""
    *others, part = before
    if _OF.search(gap) and others and others[-1].base == part.base:
        between = line.words[others[-1].end : part.start][-_WINDOW:]
        named = re.search(r"占[^，。；,;]{0,20}$", between)
        return ([(others[-1], part)], True) if named else None
    match = _SHARE.search(gap)
    if not match or _MARK.search(gap[: match.start()].lstrip("，,（(）)、")):
        return None
    wholes = [one for one in others if _alike(one, part) and one.value >= part.value]
    introduced = [one for one in wholes if "其中" in line.words[one.end : one.end + 4]]
    if introduced:
        wholes = introduced[-1:]
    whole = match["whole"]
    sure = len(wholes) == 1 and (
        _ALL.match(whole) is not None or not _bigrams(whole).isdisjoint(_bigrams(_label(line, wholes[0])))
    )
    return [(part, one) for one in wholes], sure


def _of_rate(line: Line, gap: str, before: list[Quantity]) -> _Pairs | None:
    """The figures of a rate in the same sentence: 预算a，执行b，执行率p%; 抽检a批次，合格b批次，合格率p%."""
    match = _RATE.search(gap)
    if not match:
        return None
    stem = match["stem"]
    for rate, of, counted in _RATES:
        if rate.search(stem):
            parts = [one for one in before if re.search(counted, _label(line, one))]
            wholes = [one for one in before if one not in parts and re.search(of, _label(line, one))]
            if parts and wholes:
                # Work may be done in full with less money than planned.
                sure = parts[-1].kind is not Kind.MONEY or counted != _DONE or _MONEY.search(stem) is not None
                return [(parts[-1], one) for one in wholes if _alike(one, parts[-1])], sure
    for one, other in reversed(list(pairwise(before))):
        if _alike(one, other) and one.value >= other.value and stem[-2:] in _label(line, other):
            return [(other, one)], _adjacent(line, one, other)
    return None


def _adjacent(line: Line, whole: Quantity, part: Quantity) -> bool:
    """Whether the second figure stands in the clause after the first."""
    return len(_MARK.findall(line.words[whole.end : part.start][:_WINDOW])) <= 2


def _alike(one: Quantity, other: Quantity) -> bool:
    return one.kind is other.kind and (one.base == other.base or {one.base, other.base} <= _PEOPLE)


def _label(line: Line, one: Quantity) -> str:
    """The words of the clause before a figure."""
    return _MARK.split(line.words[max(0, one.start - _WINDOW) : one.start])[-1]


def _bigrams(words: str) -> set[str]:
    return {words[at : at + 2] for at in range(len(words) - 1)} - _COMMON


def _ratio(part: Quantity, whole: Quantity) -> Decimal:
    return part.value / whole.value * 100


def _fits(share: Quantity, part: Quantity, whole: Quantity) -> bool:
    """Whether the share is right to its rounding; a figure with decimals may itself be rounded."""
    loose = [one.tolerance / whole.value * 100 for one in (part, whole) if decimals(one.number)]
    return abs(_ratio(part, whole) - share.value) <= share.tolerance + sum(loose)
