"""A result far from its target."""

from collections.abc import Iterator

from perfc import scoring
from perfc.diagnostic import Note, Severity
from perfc.lint import Finding, Skip, rule
from perfc.scoring import shown
from perfc.values import Kind
from perfc.vocabulary import Indicator, Record


@rule(Severity.WARNING)
def target_far_off(record: Record) -> Iterator[Finding]:
    """实际完成值偏离指标值 30% 以上的，说明原因。

    远远超出指标值，说明年初的指标定得过低或者预算调整没有调整指标；远远不足，说明项目没有做成。两种都是评价的重点。
    监控表看全年预计完成的数。投诉、事故等上限（≤），低于它是好事，不在此列；支出远低于上限的只作提示。幅度可以由版式另定。

    依据：《项目支出绩效评价管理办法》（财预〔2020〕10号）。

    错误：
        绩效指标:
          产出指标:
            数量指标: [{三级指标: 培训人次, 指标值: ≥300人次, 实际完成值: 860人次, 分值: 10, 得分: 10}]
    正确：
        绩效指标:
          产出指标:
            数量指标: [{三级指标: 培训人次, 指标值: ≥300人次, 实际完成值: 360人次, 分值: 10, 得分: 10}]
    """
    limit = record.settings("target-far-off").get("偏离")
    for row in record.indicators:
        final = row.expected if row.actual is None else row.actual
        measured = None if final is None or row.explained else row.against(final)
        if final is None or measured is None or measured.target == 0:
            continue
        if limit is None:
            raise Skip("版式没有写偏离多少应说明原因")
        away = scoring.deviation(measured.target, measured.actual)
        below = away < 0 and row.target is not None and row.target.sign in ("≤", "＜")
        impossible = row.limited and row.target and row.target.kind is Kind.PERCENT and measured.actual > 100
        if impossible or abs(away) <= scoring.percent(limit) or (below and not _of_money(row)):
            continue
        done = f"{'完成' if final is row.actual else '预计完成'} {row.with_unit(final)}"
        yield Finding(
            final.span,
            f"{done}，比指标值 {row.stated} {'多' if away > 0 else '少'} {shown(abs(away))}%，没有说明原因",
            (Note(f"偏离 {limit} 以上的，写明原因；年中调整了指标的，写调整后的指标值"),),
            severity=Severity.INFO if below else None,
        )


def _of_money(row: Indicator) -> bool:
    return row.aspect == "成本" or (row.target is not None and row.target.kind is Kind.MONEY)
