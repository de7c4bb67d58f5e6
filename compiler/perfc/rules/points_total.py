"""Points that do not make up the whole."""

from collections.abc import Iterator
from decimal import Decimal

from perfc.diagnostic import Note, Severity
from perfc.lint import Finding, Skip, rule
from perfc.vocabulary import Record


@rule(Severity.ERROR)
def points_total(record: Record) -> Iterator[Finding]:
    """分值合计应为 100 分，各组分值等于组内各行之和。

    预算执行与各项指标的分值之和是版式规定的总分。表中印出的一级指标分值也要等于组内各行之和。
    差的分数正好是某一行分值与得分之差、又没有写原因的，多半是这一行的分值写错。

    依据：《项目支出绩效评价管理办法》（财预〔2020〕10号）。

    错误：
        绩效指标: {产出指标: {数量指标: [{三级指标: 培训人次, 指标值: ≥300人次, 分值: 90}]}}
    正确：
        绩效指标: {产出指标: {数量指标: [{三级指标: 培训人次, 指标值: ≥300人次, 分值: 100}]}}
    """
    whole = record.scoring.get("总分")
    for owner, _ in record.tables:
        rows = [(one, one.points) for one in record.scored(owner) if one.points is not None]
        if not rows:
            continue
        if whole is None:
            raise Skip("版式没有写总分")
        total = sum((points for _, points in rows), Decimal(0))
        if total == whole:
            continue
        off = next(((one, points) for one, points in rows if record.mispointed(one)), None)
        hint = f"{'多' if total > whole else '少'} {abs(total - whole):f} 分，" + (
            f"这一行得分 {off[0].score}，分值看来也是 {off[0].score}" if off else "调整各项的分值"
        )
        shown = " + ".join(str(points) for _, points in rows)
        _, wrong = off or rows[-1]
        yield Finding(wrong.span, f"分值合计 {total:f} ≠ {whole}：{shown}", (Note(hint),))
