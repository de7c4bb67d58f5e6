"""Points lost without a reason, and reasons for nothing."""

from collections.abc import Iterator

from perfc.diagnostic import Note, Severity
from perfc.lint import Finding, rule
from perfc.vocabulary import REASON, Indicator, Record


@rule(Severity.WARNING)
def score_reason(record: Record) -> Iterator[Finding]:
    """扣了分的写偏差原因，没有扣分的不写。

    扣分而没有原因，财政部门和第三方会退回补写。得满分而写了原因，多半是沿用上年的表，或者写错了行。
    超额完成而说明原因的，不算；“无”“—”等于没有写。

    依据：《项目支出绩效评价管理办法》（财预〔2020〕10号）。

    错误：
        绩效指标:
          产出指标:
            数量指标: [{三级指标: 培训人次, 指标值: ≥300人次, 实际完成值: 240人次, 分值: 10, 得分: 8}]
    正确：
        绩效指标:
          产出指标:
            数量指标:
              - 三级指标: 培训人次
                指标值: ≥300人次
                实际完成值: 240人次
                分值: 10
                得分: 8
                偏差原因分析及改进措施: 第四季度停训；今年改为线上培训。
    """
    for row in record.indicators:
        if row.points is None or row.score is None:
            continue
        if row.score < row.points and not row.explained:
            message = f"扣了 {row.points - row.score:f} 分（{row.score} / {row.points}），没有写偏差原因"
            label = next((one for one in REASON if one in row.row.key_spans), REASON[0])
            yield Finding(row.score.span, message, (Note(f"在“{label}”中写明原因和改进措施"),))
        elif row.score == row.points and row.reason is not None and row.explained and _as_planned(row):
            yield Finding(
                row.reason.span,
                f"得了满分 {row.points} 分，却写了偏差原因“{_short(row.reason)}”",
                (Note("没有偏差就删去原因；有偏差就核对得分", row.score.span),),
            )


def _as_planned(row: Indicator) -> bool:
    """Whether nothing about the result calls for a word: a number other than the target does."""
    measured = row.measured
    return measured is None or measured.target == measured.actual


def _short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= 20 else f"{words[:19]}…"
