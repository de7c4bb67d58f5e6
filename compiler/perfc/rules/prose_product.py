"""Amounts that are not the number times the price beside them."""

import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import combinations
from math import prod
from typing import NamedTuple

from perfc.diagnostic import Note, Severity
from perfc.lint import Finding, rule
from perfc.values import Kind, Quantity, show
from perfc.vocabulary import Line, Record

_NEAR = 6  # figures before a price that may be its number
_BEHIND = 60  # characters between a price and its amount
_WINDOW = 16
_MEASURE = (
    "人次|户次|场次|件次|班次|批次|课时|平方米|立方米|公里|公斤|公顷|"
    "[人名位生户家个所村件份袋桶场次期套台亩条间张册本辆株棵头只羽盏处座根块片门篇项例床吨米箱盒]"
)
_PERIOD = "月|年|季度?|天|日|次|场|学期|周"
_EACH = re.compile(
    rf"(?:每(?P<of>{_MEASURE})(?:/|每)?(?P<per>{_PERIOD})?|(?P<mean>[人生户村亩所])均(?:每(?P<in>{_PERIOD}))?)[^，。；0-9每]{{0,10}}$"
)
_PRICED = re.compile("[每均/／]")
# What a mean says that is not paid: 人均可支配收入.
_EARNED = re.compile("收入|产值|产量|生产总值|面积|水平|寿命")
_PER = re.compile(rf"元/(?P<of>{_MEASURE})(?:/(?P<per>.+))?$|元/(?P<first>月|年|天|日|季度?)/(?P<then>{_MEASURE})$")
_STOP = re.compile("[。！？\n]")
_LIMIT = re.compile("[≥≤＞＜<>]|不[少低超高大小]|最[高低多少]|以[上下内]|左右|至少|提高|限额|封顶|起付")
_MARK = re.compile("[，。；：、（）]")
_PEOPLE = frozenset(("人", "名", "位", "生", "人次"))
_TIMES = 367  # more than the days of a year


class _Price(NamedTuple):
    amount: Quantity
    of: str
    per: str
    mean: bool


@rule(Severity.INFO)
def prose_product(record: Record) -> Iterator[Finding]:
    """正文中数量乘以单价应等于写出的金额。

    “50户，每户5000元，共25万元”，三个数写全了就核对。标准是平均数、有人中途增减时，乘积与金额会有出入，
    所以只作提示；按月、按天的标准，写了月数、天数的要乘，没有写的允许乘。“亩均1800元”写在金额之后的，也核对。

    错误：
        概述: 全年上门服务4067人次，每人每月服务费用50元。实际服务费用为61.005万元。
    正确：
        概述: 全年改造50户，平均每户改造费用5000元，使用资金25万元。
    """
    for line in record.lines:
        for price, amount, counts in _triples(line) if _PRICED.search(line.words) else ():
            yield from _difference(line, price, amount, counts)


def _triples(line: Line) -> Iterator[tuple[_Price, Quantity, list[Quantity]]]:
    """Each price with the next amount, in its sentence or the next one, and the numbers near them.

    A mean may follow its amount: 完成投资5400万元，亩均1800元.
    """
    counts: list[Quantity] = []
    price: _Price | None = None
    last: tuple[Quantity, list[Quantity]] | None = None  # an amount without a price ahead of it, and its numbers
    end = sentences = 0
    for one in line.found:
        if stops := len(_STOP.findall(line.words, end, one.start)):
            sentences += stops
            counts, last = counts if price else [], None
        if "；" in line.words[end : one.start]:
            last = None
        end = one.end
        if not isinstance(one, Quantity):
            continue
        if found := _price(line, one):
            price, sentences = found, 0
            if found.mean and last:
                yield found, last[0], [*last[1], *counts]
                price = None
        elif one.kind is Kind.COUNT:
            counts = [*counts[1 - _NEAR :], one]
        elif one.kind is Kind.MONEY:
            if price and sentences < 2 and one.start - price.amount.end <= _BEHIND:
                yield price, one, counts
            price, counts, last = None, [], None if price else (one, counts)


def _price(line: Line, one: Quantity) -> _Price | None:
    """The price that an amount is: 每人每月50元, 5000元/户, 平均每户5000元."""
    match, mean = _PER.search(one.base), False
    if match:
        return _Price(one, match["of"] or match["then"], match["per"] or match["first"] or "", mean)
    if one.kind is not Kind.MONEY:
        return None
    ahead = line.words[max(0, one.start - _WINDOW) : one.start]
    match = _EACH.search(ahead)
    if match is None or _EARNED.search(match.group()):
        return None
    return _Price(one, match["of"] or match["mean"], match["per"] or match["in"] or "", "均" in ahead)


def _difference(line: Line, price: _Price, amount: Quantity, counts: list[Quantity]) -> Iterator[Finding]:
    """That no number near a price gives the amount."""
    numbers = [one for one in counts if _counts(line, one, price.of)]
    if not numbers or any(one.about for one in (price.amount, amount, *numbers)):
        return
    if any(_limited(line, one) for one in (price.amount, amount, *numbers)):
        return
    if any(_fits(price, amount, one, [other for other in counts if other is not one]) for one in numbers):
        return
    number = next((one for one in reversed(numbers) if one.start < price.amount.start), numbers[0])
    if price.mean:
        number = max(numbers, key=lambda one: one.value)
    factors = [number, price.amount, *_periods(price, counts)[:1]]
    product = prod((one.value for one in factors), start=Decimal(1))
    shown = f"{product / 10_000:f}万元" if amount.unit.startswith("万") else f"{product:f}元"
    yield Finding(
        line.at(amount.start, amount.end),
        f"{' × '.join(map(show, factors))} = {shown}，正文写“{line.words[amount.start : amount.end]}”",
        (Note("核对数量、单价和金额"), Note("单价在这里", line.at(price.amount.start, price.amount.end))),
    )


def _limited(line: Line, one: Quantity) -> bool:
    """Whether a figure is a limit or a change, not what was counted or paid."""
    ahead, behind = line.words[max(0, one.start - 8) : one.start], line.words[one.end : one.end + 2]
    return bool(_LIMIT.search(_MARK.split(ahead)[-1]) or _LIMIT.match(behind))


def _counts(line: Line, one: Quantity, of: str) -> bool:
    """Whether a number counts what a price is for: 4067人次 of 每人, 235个村 of 每村."""
    if one.base in _PEOPLE:
        return of in _PEOPLE
    return one.base == of or (one.base == "个" and line.words.startswith(of, one.end))


def _periods(price: _Price, counts: list[Quantity]) -> list[Quantity]:
    """The numbers of days, months or years that a price is paid for."""
    return [one for one in counts if price.per and price.per in one.base and one.base not in _PEOPLE]


def _fits(price: _Price, amount: Quantity, number: Quantity, others: list[Quantity]) -> bool:
    """Whether number times price is the amount, as such, or times months, days or another number beside them."""
    product = number.value * price.amount.value
    if not product:
        return True
    tolerance = amount.tolerance + (number.value * price.amount.tolerance if price.mean else 0)
    times = [Decimal(1), *(one.value for one in others)]
    times += [one.value * two.value for one, two in combinations(others, 2)]
    if price.per and not _periods(price, others) and not number.base.endswith("次"):
        times.append(Decimal(round(amount.value / product) % _TIMES))
    return any(abs(product * one - amount.value) <= tolerance for one in times if one)
