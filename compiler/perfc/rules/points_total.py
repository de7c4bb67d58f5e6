"""Points that do not make up the whole."""

from collections.abc import Iterator
from decimal import Decimal

from perfc.diagnostic import Note, Severity
from perfc.lint import Finding, Skip, rule
from perfc.vocabulary import Execution, Record


@rule(Severity.ERROR)
def points_total(record: Record) -> Iterator[Finding]:
    """分值合计应为 100 分，各组分值等于组内各行之和。

    预算执行与各项指标的分值之和是版式规定的总分。表中印出的一级指标分值也要等于组内各行之和。

    依据：《项目支出绩效评价管理办法》（财预〔2020〕10号）。

    错误：
        绩效指标: {产出指标: {数量指标: [{三级指标: 培训人次, 指标值: ≥300人次, 分值: 90}]}}
    正确：
        绩效指标: {产出指标: {数量指标: [{三级指标: 培训人次, 指标值: ≥300人次, 分值: 100}]}}
    """
    whole = record.scoring.get("总分")
    spent: dict[int, list[Execution]] = {}
    for one in record.executions:
        spent.setdefault(id(one.owner), []).append(one)
    for owner, rows in record.tables:
        points = [one.points for one in (*spent.get(id(owner), ()), *rows) if one.points is not None]
        if not points:
            continue
        if whole is None:
            raise Skip("版式没有写总分")
        total = sum(points, Decimal(0))
        if total != whole:
            shown = " + ".join(map(str, points))
            hint = Note(f"{'多' if total > whole else '少'} {abs(total - whole):f} 分，调整各项的分值")
            yield Finding(points[-1].span, f"分值合计 {total:f} ≠ {whole}：{shown}", (hint,))
