"""The points for spending the budget."""

from collections.abc import Iterator
from decimal import Decimal

from perfc import scoring
from perfc.diagnostic import Note, Severity
from perfc.lint import Finding, Skip, rule
from perfc.scoring import shown
from perfc.values import decimals
from perfc.vocabulary import SPENT, Execution, Record


@rule(Severity.ERROR)
def execution_score(record: Record) -> Iterator[Finding]:
    """预算执行的得分由执行率算出，执行数不超过预算数。

    执行率等于全年执行数除以全年预算数，得分等于分值乘以执行率，最多得满分；版式规定分档的，按分档计算。
    审核时首先复算这一行。得分只是舍去了小数的，提示按两位小数填写。
    执行数大于预算数，多半是预算数填了年初数，没有填调整后的数。

    依据：《项目支出绩效评价管理办法》（财预〔2020〕10号）。

    错误：
        自评表:
          年度资金总额: {全年预算数: 200, 全年执行数: 180, 分值: 10, 得分: 10}
    正确：
        自评表:
          年度资金总额: {全年预算数: 200, 全年执行数: 180, 分值: 10, 得分: 9}
    """
    for one in record.executions:
        if one.points is None:
            continue
        if one.budget is not None and one.spent is not None and _above(one.spent, one.budget):
            yield Finding(
                one.span(*SPENT),
                f"执行数 {one.spent} > 预算数 {one.budget}（多 {one.spent - one.budget:f}）",
                (Note("核对预算数是否为调整后的全年预算数", one.budget.span),),
                severity=Severity.WARNING,
            )
        yield from _score(record, one)


def _score(record: Record, one: Execution) -> Iterator[Finding]:
    rates, tolerance = one.rates, record.settings("execution-score").get("容差", 0)
    if one.points is None or one.score is None or not rates or not 0 <= one.score <= one.points:
        return
    how = record.scoring.get("执行")
    if how is None:
        raise Skip("版式没有写预算执行怎样得分")
    right = [scoring.execution(one.points, rate, how) for rate in rates]
    if any(abs(each - one.score) <= tolerance or scoring.rounded(each) == one.score for each in right):
        return
    due, away = shown(right[0]), shown(abs(right[0] - one.score))
    coarse = scoring.rounded(right[0], decimals(one.score)) == one.score
    yield Finding(
        one.score.span,
        f"预算执行得分 {one.score} ≠ {due}：执行率 {shown(rates[0])}%，分值 {one.points}（相差 {away}）",
        (Note(f"写成 {due}"),),
        severity=Severity.WARNING if coarse else None,
    )


def _above(spent: Decimal, budget: Decimal) -> bool:
    """Whether more was spent, beyond the rounding of the two figures."""
    return scoring.rounded(spent, max(2, decimals(budget))) > budget
