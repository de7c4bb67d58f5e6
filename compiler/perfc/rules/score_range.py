"""A score that its points do not allow."""

from collections.abc import Iterator

from perfc.diagnostic import Note, Severity
from perfc.lint import Finding, rule
from perfc.vocabulary import POINTS, Execution, Indicator, Record


@rule(Severity.ERROR)
def score_range(record: Record) -> Iterator[Finding]:
    """得分不低于 0 分，不高于这一行的分值。

    超额完成也只得满分。得分高于分值，多半是两栏填反，或者改了分值而没有改得分。

    依据：《项目支出绩效评价管理办法》（财预〔2020〕10号）。

    错误：
        绩效指标:
          产出指标:
            数量指标: [{三级指标: 培训人次, 指标值: ≥300人次, 实际完成值: 360人次, 分值: 10, 得分: 12}]
    正确：
        绩效指标:
          产出指标:
            数量指标: [{三级指标: 培训人次, 指标值: ≥300人次, 实际完成值: 360人次, 分值: 10, 得分: 10}]
    """
    rows: tuple[Execution | Indicator, ...] = (*record.executions, *record.indicators)
    for one in rows:
        if one.score is None or record.mispointed(one):
            continue
        if one.score < 0:
            yield Finding(one.score.span, f"得分 {one.score} 低于 0", (Note("最少得 0 分"),))
        elif one.points is not None and one.score > one.points:
            label = next(label for label in POINTS if label in one.row)
            yield Finding(
                one.score.span,
                f"得分 {one.score} > {label} {one.points}（多 {one.score - one.points:f}）",
                (Note(f"{label}是 {one.points}", one.points.span),),
            )
