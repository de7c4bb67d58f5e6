"""A score in the text that is not the table's."""

import re
from collections.abc import Iterator
from decimal import Decimal

from perfc import scoring
from perfc.diagnostic import Note, Severity
from perfc.lint import Finding, rule
from perfc.scoring import shown
from perfc.values import decimals, plain
from perfc.vocabulary import Record

_SCORE = re.compile(
    r"(?P<label>得分|总分|分数|评分|自评|评价|得)(?:结果)?(?:合计|共计)?(?:为|是|达到?|共)?[: ]{0,2}"
    r"(?P<number>(?<![0-9.])[0-9]{1,3}(?:\.[0-9]{1,4})?)(?![0-9.])"
    r" ?(?:分(?![之钟]|\(?不?含|[及 ]?以[上下内]|[-~至])|(?<=[0-9])(?=[,;。、)]|$))"
)


@rule(Severity.ERROR)
def score_in_prose(record: Record) -> Iterator[Finding]:
    """正文写的自评得分等于自评表的总分。

    报告正文和附表的得分不一致，是审核退回最常见的原因之一，多半是改了表没有改正文，或者沿用上年的文字。
    正文引用表中的数，如 {{ 自评表.总分 }}，就不会不一致。
    只说某一项的得分（预算执行得分8分）、满分、上年的得分，不在此列。

    错误：
        概述: 2022年，各项工作稳步推进。根据绩效自评，得分98分。
        自评表:
          绩效指标: {产出指标: {数量指标: [{三级指标: 培训人次, 指标值: ≥300人次, 分值: 100, 得分: 89}]}}
    正确：
        概述: 2022年，各项工作稳步推进。根据绩效自评，得分89分。
        自评表:
          绩效指标: {产出指标: {数量指标: [{三级指标: 培训人次, 指标值: ≥300人次, 分值: 100, 得分: 89}]}}
    """
    whole = record.scoring.get("总分")
    for line in record.lines if record.totals else ():
        for match in _SCORE.finditer(plain(line.words)):
            number, (start, end) = Decimal(match["number"]), match.span("number")
            if match["label"] == "总分" and number == whole:
                continue
            total = record.evaluated(line, start)
            if total is None or number == total.score:
                continue
            coarse = scoring.rounded(total.score, decimals(number)) == number
            yield Finding(
                line.at(start, end),
                f"正文“{line.words[match.start() : match.end()]}”≠ 表中的总分 {total.score:f}"
                f"（相差 {shown(abs(number - total.score))}）",
                (Note(f"表中的总分是 {total.score:f}", total.span),),
                severity=Severity.INFO if coarse else None,
            )
