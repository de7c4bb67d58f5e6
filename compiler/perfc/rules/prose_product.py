"""Amounts that are not the number times the price beside them."""

import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import combinations
from math import prod
from typing import NamedTuple

from perfc import values
from perfc.diagnostic import Note, Severity
from perfc.lint import Finding, rule
from perfc.load import Map
from perfc.values import Kind, Quantity, mistyped, show
from perfc.vocabulary import BUDGET, INDICATORS, Line, Record, maps

_NEAR = 6  # figures beside a price that may be its number
_BEHIND = 60  # characters between a price and its amount
_WINDOW = 16
_MEASURE = (
    "人次|户次|场次|件次|班次|批次|课时|平方米|立方米|公里|公斤|公顷|"
    "[人名位生户家个所村件份袋桶场次期套台亩条间张册本辆株棵头只羽盏处座根块片门篇项例床吨米箱盒口眼瓶支把]"
)
_PERIOD = "月|年|季度?|天|日|次|场|学期|周"
_EACH = re.compile(
    rf"(?:每(?P<of>{_MEASURE})(?:/|每)?(?P<per>{_PERIOD})?|(?P<mean>[人生户村亩所])均(?:每(?P<in>{_PERIOD}))?)[^，。；0-9每]{{0,10}}$"
)
_PRICED = re.compile("[每均/／]")
# What a mean says that is not paid: 人均可支配收入.
_EARNED = re.compile("收入|产值|产量|生产总值|面积|水平|寿命")
_PER = re.compile(rf"元/(?P<of>{_MEASURE})(?:/(?P<per>.+))?$|元/(?P<first>月|年|天|日|季度?)/(?P<then>{_MEASURE})$")
_STOP = re.compile("[。！？]")
_TOGETHER = re.compile("(?:共计?|合计|总计|总共)[一-鿿]{0,4}$")
_LIMIT = re.compile("[≥≤＞＜<>]|不[少低超高大小]|最[高低多少]|以[上下内]|左右|至少|提高|限额|封顶|起付")
_MARK = re.compile("[，。；：、（）]")
_PEOPLE = frozenset(("人", "名", "位", "生", "人次"))
_TIMES = {"年": 6, "月": 37}  # fewer times than this
_DAYS = 367


class _Price(NamedTuple):
    amount: Quantity
    of: str
    per: str
    mean: bool


_Amount = tuple[Quantity, list[Quantity]]  # with the numbers that may be its factors


@rule(Severity.INFO)
def prose_product(record: Record) -> Iterator[Finding]:
    """正文中数量乘以单价应等于写出的金额。

    “50户，每户5000元，共25万元”，三个数写全了就核对；“12口，每口30立方米，共360立方米”也一样。标准是平均数、
    有人中途增减时，乘积与金额会有出入，所以只作提示；按月、按天的标准，写了月数、天数的要乘，没有写的允许乘。
    单价写在金额之后的，也核对；项目的用途中没有写金额的，与预算数只差单价的一位数字时提出。

    错误：
        概述: 全年上门服务4067人次，每人每月服务费用50元。实际服务费用为61.005万元。
    正确：
        概述: 全年改造50户，平均每户改造费用5000元，使用资金25万元。
    """
    for line in record.having(_PRICED):
        figures = [one for one in line.found if isinstance(one, Quantity)]
        prices = [_price(line, one) for one in figures]
        for at, price in enumerate(prices):
            if price:
                yield from _differences(line, price, _amounts(line, figures, prices, at))
        project = record.project(line.text)
        if project and INDICATORS not in line.path:
            yield from _misses_budget(line, figures, [one for one in prices if one], project, record.unit)


def _amounts(line: Line, figures: list[Quantity], prices: list[_Price | None], at: int) -> list[_Amount]:
    """What the price at a place may make, the likeliest first: the next amount or the last one.

    A mean is likelier of what stands before it: 完成投资5400万元，亩均1800元. What makes up an amount with other prices
    cannot be told.
    """
    one, price = figures[at], prices[at]
    ahead, further, amounts, several = _behind(line, figures, prices, at)
    counts: list[Quantity] = []
    sentences, end = 0, one.end
    for other, its in zip(figures[at + 1 : at + 1 + _NEAR], prices[at + 1 : at + 1 + _NEAR], strict=True):
        sentences += len(_STOP.findall(line.words, end, other.start))
        end = other.end
        if sentences > 1 or (its and its.amount.kind is not Kind.COUNT):
            break
        if one.kind is Kind.COUNT and other.base == one.base:
            together = _TOGETHER.search(line.words[max(0, other.start - _WINDOW) : other.start])
            return [(other, ahead)] if together else []
        if other.kind is Kind.MONEY and one.kind is not Kind.COUNT:
            near = other.start - one.end <= _BEHIND and not several
            after = [(other, [*ahead, *counts])] if near else []
            last = [(each, [*further, *ahead, *counts]) for each in amounts]
            return [*last, *after] if price and price.mean else [*after, *last]
        if other.kind is Kind.COUNT:
            counts.append(other)
    return [(each, [*further, *ahead, *counts]) for each in amounts]


def _behind(
    line: Line, figures: list[Quantity], prices: list[_Price | None], at: int
) -> tuple[list[Quantity], list[Quantity], list[Quantity], bool]:
    """The numbers ahead of a price, those further ahead, beyond the amounts, the amounts, and whether there are others.

    Those are amounts in its clauses that have no price of their own; there may be another price instead.
    """
    ahead: list[Quantity] = []
    further: list[Quantity] = []
    amounts: list[Quantity] = []
    first, start, apart = max(0, at - _NEAR), figures[at].start, False
    for other, its in reversed(list(zip(figures[first:at], prices[first:at], strict=True))):
        between = line.words[other.end : start]
        apart, start = apart or "；" in between, other.start
        if _STOP.search(between) or (apart and amounts):
            break
        if its and its.amount.kind is not Kind.COUNT:
            return ahead, [], [], not amounts
        if apart and other.kind is Kind.MONEY:
            break
        if other.kind is Kind.MONEY:
            amounts.append(other)
        elif other.kind is Kind.COUNT:
            (further if amounts else ahead).append(other)
    return ahead[::-1], further[::-1], amounts, False


def _price(line: Line, one: Quantity) -> _Price | None:
    """The price that an amount is, or how many there are to each: 每人每月50元, 5000元/户, 平均每户5000元."""
    match, mean = _PER.search(one.base), False
    if match:
        return _Price(one, match["of"] or match["then"], match["per"] or match["first"] or "", mean)
    if one.kind not in (Kind.MONEY, Kind.COUNT):
        return None
    ahead = line.words[max(0, one.start - _WINDOW) : one.start]
    match = _EACH.search(ahead)
    if match is None or _EARNED.search(match.group()):
        return None
    return _Price(one, match["of"] or match["mean"], match["per"] or match["in"] or "", "均" in ahead)


def _differences(line: Line, price: _Price, amounts: list[_Amount]) -> Iterator[Finding]:
    """That no number near a price gives an amount, as the likeliest amount shows."""
    known = [(amount, _numbers(line, price, amount, counts), counts) for amount, counts in amounts]
    known = [one for one in known if one[1]]
    for amount, numbers, counts in known:
        if any(_fits(price, amount, one, [other for other in counts if other is not one]) for one in numbers):
            return
    for amount, numbers, counts in known[:1]:
        choices = [[one, price.amount, *_periods(price, counts)[:1]] for one in reversed(numbers)]
        factors = min(choices, key=lambda one: abs(_product(one) - amount.value))
        yield _finding(line, factors, amount.unit, f"正文写“{line.words[amount.start : amount.end]}”", amount)


def _misses_budget(
    line: Line, figures: list[Quantity], prices: list[_Price], project: Map, unit: str
) -> Iterator[Finding]:
    """That a number and a price without an amount miss a project's budget by one digit of the price."""
    amounts = sum(one.kind is Kind.MONEY for one in figures) > sum(one.amount.kind is Kind.MONEY for one in prices)
    if len(prices) != 1 or amounts or prices[0].amount.kind is Kind.COUNT:
        return
    price, counts = prices[0], [one for one in figures if one.kind is Kind.COUNT]
    numbers = _numbers(line, price, price.amount, counts)
    found = {key: values.amount(str(one[key]), unit) for one in maps(project) for key in BUDGET if key in one}
    budgets = {key: one for key, one in found.items() if one}
    if len(numbers) != 1 or any(_fits(price, one, numbers[0], counts) for one in budgets.values()):
        return
    factors = [numbers[0], price.amount, *_periods(price, counts)[:1]]
    for key, budget in budgets.items():
        implied = (price.amount.number * budget.value / _product(factors)).normalize()
        if values.decimals(implied) < 3 and mistyped(implied, price.amount.number):
            yield _finding(line, factors, budget.unit, f"{key}是 {show(budget)}", price.amount)
            return


def _product(factors: list[Quantity]) -> Decimal:
    return prod((one.value for one in factors), start=Decimal(1))


def _finding(line: Line, factors: list[Quantity], unit: str, told: str, at: Quantity) -> Finding:
    product = _product(factors) / (10_000 if unit.startswith("万") else 1)
    price = factors[1]
    notes = (Note("核对数量、单价和金额"), Note("单价在这里", line.at(price.start, price.end)))
    return Finding(
        line.at(at.start, at.end),
        f"{' × '.join(map(show, factors))} = {product:f}{unit}，{told}",
        notes[: 1 if at is price else 2],
        figures=tuple(line.at(one.start, one.end) for one in (*factors, at)),
    )


def _numbers(line: Line, price: _Price, amount: Quantity, counts: list[Quantity]) -> list[Quantity]:
    """The numbers of what a price is for; none where any figure is a limit or not exact."""
    numbers = [one for one in counts if _counts(line, one, price.of)]
    figures = [price.amount, amount, *numbers]
    return [] if any(one.about or _limited(line, one) for one in figures) else numbers


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
        times.append(Decimal(round(amount.value / product) % _TIMES.get(price.per, _DAYS)))
    return any(abs(product * one - amount.value) <= tolerance for one in times if one)
