"""Points lost without a reason, and reasons for nothing."""

import re
from collections.abc import Iterator

from perfc import scoring
from perfc.diagnostic import Note, Severity
from perfc.lint import Finding, rule, short
from perfc.scoring import shown
from perfc.vocabulary import BUDGET, RATE, REASON, SPENT, Indicator, Record

_SHORTFALL = re.compile(
    "未[能按达完如到及]|没有?[能按达完如到]|不[足够力严]|不到位|不及时|不理想|欠[缺佳]|缺[乏少口]|滞后|推迟|延[期误迟]|拖延|"
    "不满意|不高|有待|仍有|个别|取消|停[工办训]|中断|[较偏](?:长|慢|晚|差|弱|紧)|迟缓|缓慢|困难|薄弱|受.{1,12}影响|改进|整改|加强"
)
_MORE = re.compile(
    "超|增[加长多]|新增|新纳入|多于|高于|好于|优于|提高|扩大|追加|提前|[偏较]低|[预估]计|测算|补[办做开训建]|上年|去年|结转"
)


@rule(Severity.WARNING)
def score_reason(record: Record) -> Iterator[Finding]:
    """扣了分的写偏差原因，没有扣分的不写。

    扣分而没有原因，财政部门和第三方会退回补写。得满分而写了原因，多半是沿用上年的表，或者写错了行。
    超额完成而说明超额原因的，不算；“无”“—”等于没有写。
    表中各行没有原因一栏、整张表合写一处的（原因分析、偏差大或目标未完成原因分析），写在那里。
    版式要求执行率低、年中调整预算说明原因的（score-reason: {执行率: 90%, 调整: true}），资金一行也要写。

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
        if record.mispointed(row) or row.points in record.due(row):
            continue  # the points or the score are wrong, and score-rule or points-total say so
        if row.score < row.points and not row.explained:
            lacks = "没有写偏差原因" if row.reason is None else f"“{row.reason.strip()}”不是偏差原因"
            message = f"扣了 {row.points - row.score:f} 分（{row.score} / {row.points}），{lacks}"
            known = (*row.row.key_spans, *row.owner.key_spans)
            label = next((one for one in REASON if one in known), REASON[0])
            yield Finding(row.score.span, message, (Note(f"在“{label}”中写明原因和改进措施"),))
        elif row.score == row.points and row.reason is not None and row.explained and not _of_more(row):
            yield Finding(
                row.reason.span,
                f"得了满分 {row.points} 分，却写了偏差原因“{short(row.reason)}”",
                (Note("没有偏差就删去原因；有偏差就核对得分", row.score.span),),
            )
    settings = record.settings("score-reason")
    for one in record.executions if settings else ():
        known = (*one.row.key_spans, *one.owner.key_spans)
        label = next((label for label in REASON if label in known), "原因")
        hint, least, rate = Note(f"在“{label}”中写明"), settings.get("执行率"), next(iter(one.rates), None)
        if one.explained:
            continue
        if least and rate is not None and rate < scoring.percent(least):
            yield Finding(one.span(label, *RATE, *SPENT), f"执行率 {shown(rate)}%，低于 {least}，没有写原因", (hint,))
        elif settings.get("调整") and one.initial is not None and one.budget is not None and one.initial != one.budget:
            says = f"年初预算 {one.initial}，年中调整为 {one.budget}，没有写原因"
            yield Finding(one.span(label, *BUDGET), says, (hint,))


def _of_more(row: Indicator) -> bool:
    """Whether the reason is one for more than the target; where nothing fell short, that for a shortfall is none."""
    measured, reason = row.measured, row.reason or ""
    if measured is None or measured.target == measured.actual:
        return False
    exceeded = measured.ceiling is False and measured.actual > measured.target
    return not exceeded or bool(_MORE.search(reason)) or not _SHORTFALL.search(reason)
