"""Descriptions that describe nothing."""

import re
from collections.abc import Iterator

from perfc.diagnostic import Note, Severity
from perfc.lint import Finding, rule
from perfc.load import Text
from perfc.vocabulary import CLASSIFIED, Record, gist

# What adds nothing to a name: 反映定期检验率, 公路技术状况指数（MQI）.
_AROUND = re.compile(
    "^(?:该|本)?(?:指标)?(?:主要|用于|用来|用以)?(?:反映|体现|考[核察评]|衡量|评价|是?指|即|表示)(?!标)(?:的是)?|[（(][^（）()]{1,20}[）)]"
)


@rule(Severity.INFO)
def description_empty(record: Record) -> Iterator[Finding]:
    """指标描述说明指标的含义、口径，不重复三级指标的名称。

    描述供审核和评价的人弄清计什么、怎样计：“成功率”是调解成功的件数占受理件数的比例。
    只把名称抄一遍，或只加“反映”“全年”“具体”“工作”一类的词，等于没有描述。

    错误：
        绩效指标:
          产出指标: {数量指标: [{三级指标: 安置帮教数量, 绩效指标描述: 全年安置帮教数量, 指标值: ≥20人}]}
    正确：
        绩效指标:
          产出指标: {数量指标: [{三级指标: 安置帮教数量, 绩效指标描述: 全年新接收并建档的帮教对象, 指标值: ≥20人}]}
    """
    for row in record.indicators:
        if row.name is None or row.description in (None, CLASSIFIED) or _said(row.description) != _said(row.name):
            continue
        same = "与三级指标的名称相同" if row.description == row.name else f"只是重复三级指标“{row.name}”"
        yield Finding(
            row.description.span,
            f"指标描述“{row.description}”{same}",
            (Note("写明计什么、怎样计：范围、口径，比率写分子和分母"),),
        )


def _said(words: Text) -> str:
    """What words say without those that add nothing, in brackets or around them."""
    return gist(_AROUND.sub("", words) or words)
