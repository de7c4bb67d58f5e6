"""The points for spending the budget."""

from collections.abc import Iterator

from perfc import scoring
from perfc.diagnostic import Note, Severity
from perfc.lint import Finding, Skip, rule
from perfc.load import Number
from perfc.scoring import shown
from perfc.values import decimals
from perfc.vocabulary import SPENT, Execution, Record


@rule(Severity.ERROR)
def execution_score(record: Record) -> Iterator[Finding]:
    """预算执行的得分由执行率算出，执行数不超过预算数。

    执行率等于全年执行数除以全年预算数，得分等于分值乘以执行率，最多得满分；版式规定分档的，按分档计算。
    审核时首先复算这一行。得分只是舍去了小数的，提示按两位小数填写。
    执行数大于预算数，多半是预算数填了年初数，没有填调整后的数；先改正执行数，得分等改正以后再核对。

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
        if one.overspent and one.budget is not None and one.spent is not None:
            yield Finding(
                one.span(*SPENT),
                f"执行数 {one.spent} > 预算数 {one.budget}（多 {one.spent - one.budget:f}）",
                (Note("核对预算数是否为调整后的全年预算数", one.budget.span),),
                severity=Severity.WARNING,
            )
        elif one.score is not None and one.rates:
            yield from _score(record, one, one.points, one.score)


def _score(record: Record, one: Execution, points: Number, score: Number) -> Iterator[Finding]:
    if "执行" not in record.scoring:
        raise Skip("版式没有写预算执行怎样得分")
    for right in record.due(one)[:1]:
        due, away = shown(right), shown(abs(right - score))
        coarse = scoring.rounded(right, decimals(score)) == score
        yield Finding(
            score.span,
            f"预算执行得分 {score} ≠ {due}：执行率 {shown(one.rates[0])}%，分值 {points}（相差 {away}）",
            (Note(f"写成 {due}"),),
            severity=Severity.WARNING if coarse else None,
        )
