"""The points of a quantitative row."""

from collections.abc import Iterator

from perfc.diagnostic import Note, Severity
from perfc.lint import Finding, rule
from perfc.scoring import shown
from perfc.vocabulary import Indicator, Record


@rule(Severity.WARNING)
def score_rule(record: Record) -> Iterator[Finding]:
    """定量指标的得分由完成值与指标值算出：完成的得满分，没有完成的按比例得分。

    版式的 `rules.yaml` 写明分档（定量: [{不低于: 90%, 得: 80%}]）或全得全不得（定量: 是否）的，照版式计算。
    不写得分时，perfc 按同样的办法计算。

    指标值是下限（≥）的，按完成值除以指标值；是上限（≤）的，以及没有符号的成本，按指标值除以完成值；最多得满分。
    没有符号的其他指标和写明等于的指标，不知道多了好还是少了好，两种算法有一种相符即可。
    超过期限完成的不得满分。其他不是一个数的指标值（定性、范围、约数）不在此列。

    依据：《项目支出绩效评价管理办法》（财预〔2020〕10号）。

    错误：
        绩效指标:
          产出指标:
            数量指标: [{三级指标: 培训人次, 指标值: ≥300人次, 实际完成值: 240人次, 分值: 10, 得分: 9}]
    正确：
        绩效指标:
          产出指标:
            数量指标: [{三级指标: 培训人次, 指标值: ≥300人次, 实际完成值: 240人次, 分值: 10, 得分: 8}]
    """
    for row in record.indicators:
        if row.score is None:
            continue
        if row.in_time is False and row.score == row.points and not row.explained:
            if _is_of(row, record.year):
                message = f"得满分 {row.score}，却超过了期限：{row.stated}，实际 {row.done}"
                yield Finding(row.score.span, message, (Note("按拖延的程度扣分，写明原因；或核对日期"),))
        elif (right := record.due(row)) and row.measured:
            due = " 或 ".join(dict.fromkeys(map(shown, right)))
            away = min(abs(one - row.score) for one in right)
            aim = "上限" if row.measured.ceiling and row.target and not row.target.sign else "指标值"
            why = f"{aim} {row.stated}，完成 {row.done}，分值 {row.points}"
            yield Finding(
                row.score.span,
                f"得分 {row.score} ≠ {due}：{why}（相差 {shown(away)}）",
                (Note(f"写成 {due}，或核对指标值和完成值"),),
            )


def _is_of(row: Indicator, year: int | None) -> bool:
    """Whether a date that was due is not one of an earlier year, which is itself the mistake."""
    due = row.target.period if row.target else None
    return due is None or due.year is None or year is None or due.year >= year
