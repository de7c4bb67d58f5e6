"""Costs that the budget does not cover, or does not use up."""

import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import islice

from perfc import values
from perfc.diagnostic import Note, Severity, Span
from perfc.lint import Finding, rule
from perfc.load import Map, Number
from perfc.vocabulary import BUDGET, INDICATORS, MEASURE, TITLE, Indicator, Record

_BUDGET = (*BUDGET, "年初预算数")
_EACH = re.compile("[人户亩日月件次校村平]均|均成本|每(?!年)|单价|单位成本|单[个件次人台]|标准$")
_WHOLE = re.compile("总(?:成本|额|支出|投入|费用?|投资|预算|经费|造价|资金)|合计")
_SHOWN = 8  # terms of a sum
_POWERS = {"元": 0, "万元": 4, "亿元": 8}


@rule(Severity.ERROR)
def cost_over_budget(record: Record) -> Iterator[Finding]:
    """项目的成本指标合计不超过预算数。

    成本指标中的金额（元、万元、亿元换算后）相加，超过预算数的，要么预算编少了，要么指标值写错了单位或位数；
    合计少于预算数的，说明有一部分钱没有对应的成本，提出警告。单价、人均等标准不参加合计（描述中写出单价而指标值是总额的，参加）；
    指标名称写明是总成本的，其余各项视为其中的一部分。项目的中期目标与中期资金总额比较；
    部门整体的成本指标不相加，其中一项就超过部门全部预算的，提出警告。

    错误：
        项目名称: 普法宣传
        预算数: 4.50
        绩效指标: {产出指标: {成本指标: [{三级指标: 印刷成本, 指标值: 30000元}, {三级指标: 活动成本, 指标值: 20000元}]}}
    正确：
        项目名称: 普法宣传
        预算数: 4.50
        绩效指标: {产出指标: {成本指标: [{三级指标: 印刷成本, 指标值: 30000元}, {三级指标: 活动成本, 指标值: 1.5万元}]}}
    """
    projects = {id(one) for project in record.projects for one in (project, *project.values())}
    for owner, rows in record.tables:
        costs = [row for row in rows if row.aspect == "成本" and row.value is not None]
        amounts = [(row, amount) for row in costs if (amount := _amount(row)) is not None]
        budgets = list(_budgets(owner, record.unit)) if amounts else []
        if not budgets or any(_total(amounts) == budget for budget, *_ in budgets):
            continue
        single = id(owner) in projects
        whole, parts = _divided(amounts) if single else (amounts, [])
        candidates = [*([one] for one in whole), parts]
        most, least = max(budgets), min(budgets)
        ceiling = most[0] + _tolerance(most[1], record.unit)
        over = next((terms for terms in candidates if _total(terms) > ceiling), None)
        if over:
            yield _finding(over, most, record.unit, None if single else Severity.WARNING)
        elif single and len(amounts) == len(costs):
            wholes, floor = candidates[:-1] or candidates, least[0] - _tolerance(least[1], record.unit)
            short = next((terms for terms in wholes if _total(terms) < floor), None)
            if short:
                yield _finding(short, least, record.unit, Severity.WARNING)


_Term = tuple[Indicator, Decimal]
_Budget = tuple[Decimal, Number, str, Span]


def _amount(row: Indicator) -> Decimal | None:
    """The money in a cost indicator, in 元; None where it is no amount, a price of one piece, or uncertain."""
    written, name = str(row.value), str(row.name or "")
    measure = next((str(row.row[label]) for label in MEASURE if label in row.row), "")
    bound = row.bound
    if bound and bound.quantity and not bound.quantity.unit:
        bound = values.bound(written + measure)
    quantity = bound.quantity if bound else None
    if bound is None or quantity is None or bound.kind is not values.Kind.MONEY or quantity.about:
        return None
    described = str(row.description or "")
    each = _EACH.search(name) is not None or "每" in written
    if not each and _EACH.search(described):
        # A price in the description of what costs more is what the cost is made up of: 35人，每人每年4000元.
        price = next(values.find_amounts(described), None)
        each = not (price and price.value < quantity.value)
    return None if each or len(list(islice(values.find_amounts(written), 2))) > 1 else quantity.value


def _budgets(owner: Map, unit: str) -> Iterator[_Budget]:
    """The budgets in a project in 元, with figure, label and place; those of projects within it left out."""
    for label, inner in owner.items():
        if isinstance(inner, Number) and (label in _BUDGET or label.endswith("总额")):
            yield inner.scaleb(_POWERS[unit]), inner, label, owner.value_spans[label]
        elif isinstance(inner, Map) and label != INDICATORS and inner.keys().isdisjoint((TITLE, INDICATORS)):
            yield from _budgets(inner, unit)


def _divided(amounts: list[_Term]) -> tuple[list[_Term], list[_Term]]:
    """The indicators that are the whole cost, and those that are parts of it."""
    whole = [one for one in amounts if _WHOLE.search(str(one[0].name or ""))]
    largest = max(amounts, key=lambda one: one[1])
    if not whole and len(amounts) > 2 and 2 * largest[1] == _total(amounts):
        whole = [largest]
    apart = {id(row) for row, _ in whole}
    parts = [one for one in amounts if id(one[0]) not in apart]
    return (whole, parts) if parts else ([], amounts)


def _total(terms: list[_Term]) -> Decimal:
    return sum((amount for _, amount in terms), Decimal(0))


def _tolerance(budget: Number, unit: str) -> Decimal:
    """Half of the last place that amounts are written with, which is the second at least."""
    return Decimal(5).scaleb(_POWERS[unit] - max(2, values.decimals(budget)) - 1)


def _finding(terms: list[_Term], budget: _Budget, unit: str, severity: Severity | None) -> Finding:
    value, figure, label, span = budget
    total = _total(terms)
    over = total > value
    row = terms[-1][0]
    shown = [str(one.value) for one, _ in terms[:_SHOWN]] + ["…"] * (len(terms) > _SHOWN)
    listed = "：" + " + ".join(shown) if len(terms) > 1 else ""
    difference = _shown(abs(total - value), unit)
    message = (
        f"成本指标合计 {_shown(total, unit)} {'＞' if over else '＜'} {label} {figure}{unit}"
        f"（{'多' if over else '少'} {difference}）{listed}"
    )
    hint = Note("改正成本指标的值或预算数；单位（元、万元）也看一看" if over else "补上其余的成本，或改正其中的数")
    place = (Note(f"{label}在这里", span),) if span.start < span.end else ()
    at = next(inner for key, inner in row.row.value_spans.items() if row.row.get(key) is row.value)
    return Finding(at, message, (*place, hint), severity)


def _shown(amount: Decimal, unit: str) -> str:
    """An amount in the tables' unit, with two decimals at least for 万元."""
    number = amount.scaleb(-_POWERS[unit]).normalize()
    places = max(values.decimals(number), 0 if unit == "元" else 2)
    return f"{number:.{places}f}{unit}"
