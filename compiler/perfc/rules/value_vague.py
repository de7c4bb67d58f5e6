"""Values that nobody can measure."""

import re
from collections.abc import Iterator

from perfc.diagnostic import Note, Severity
from perfc.lint import Finding, rule
from perfc.load import Text
from perfc.values import Kind, plain
from perfc.vocabulary import CLASSIFIED, TIMELY, Indicator, Record, gist

_HINTS = {
    "数量": "写明数和单位，如 ≥100件",
    "质量": "写明比率，如 ≥95%，或写明所依据的标准的名称",
    "成本": "写明金额，如 ≤50000元",
    "时效": "写明完成的日期或期限，如 12月底前",
    "": "能量化的写明数；不能量化的，写明怎样判定",
}
_NOUNS = "事故|投诉|差错|上访|信访|案件|事件|问题|舆情|违规|违纪|违法|拖欠|损坏|死亡|伤亡|泄[密露]|失误|逾期|缺陷"
# Words whose fulfilment can be told without a number: a standard, a grade, all or none, a span of time.
_TOLD = re.compile(
    r"[0-9A-ZⅠ-Ⅻa-z]|[《》]|标准(?!化)|规程|准则|(?:技术|行业|操作|设计|施工|验收|国家)规范|预算|概算|批复|限额|定额"
    r"|[一二两三四五六七八九十百千]{1,5}(?:[个次场件人名户家套份期项篇座处台辆间所遍轮天月年季周日部条块册级星等档]|倍)"
    r"|[甲乙丙丁特优]等|[甲乙丙特]级|合格|达标|通过|验收|全覆盖|全部|所有|全员|逐[一个]|每|零(?![星散售碎])|杜绝|[不未]发生"
    rf"|(?:无|没有).{{0,8}}(?:{_NOUNS})|(?:不低于|不少于|不高于|不超过|高于|低于|优于|不劣于)."
    r"|年[底末内]|月[底末]|[当次][年月日天]|按[年季月周日]|全年|季度"
)
_GRADE = re.compile("优良?|优秀|良|优良?中低?差|高中低|好坏|有无|无|没有|不适用|不涉及")
# Words that can be told after all, by a plan or by what is there afterwards.
_UNSURE = re.compile(
    "规范|要求|规定|计划|方案|合同|协议|制度|办法|条例|应.应?尽.|据实|实际发生|市场|"
    "正常|建成|建立|形成|出台|印发|发布|签订|投入使用|完成|[是否有]$"
)


@rule(Severity.WARNING)
def value_vague(record: Record) -> Iterator[Finding]:
    """数量、质量、成本指标的值可以衡量：有数、日期或有名称的标准。

    “逐步增强”“大幅提升”“明显提升”“长期”“及时”一类的值，年终无法判断是否完成，评价时要求退回细化、量化。
    效益、时效、满意度指标也这样写的，只提示；“全覆盖”“零事故”“验收合格”可以判断，不在此列。

    错误：
        绩效指标: {产出指标: {质量指标: [{三级指标: 调解质量, 指标值: 明显提升}]}}
    正确：
        绩效指标: {产出指标: {质量指标: [{三级指标: 调解成功率, 指标值: ≥90%}]}}
    """
    for row in record.indicators:
        if not isinstance(row.value, Text) or row.bound is None or row.bound.kind is not Kind.TEXT or _told(row):
            continue
        unsure = row.aspect not in ("数量", "质量", "成本") or _UNSURE.search(row.value)
        yield Finding(
            record.line(row.value).span,
            f"{row.level2}的值“{row.value}”没有数、日期或有名称的标准，难以衡量",
            (Note(_HINTS[row.aspect]),),
            Severity.INFO if unsure else None,
        )


def _told(row: Indicator) -> bool:
    """Whether a value of words can be told to be met, or is found as another mistake."""
    words = plain(str(row.value)).strip()
    nothing = not any(one.isalnum() for one in words) or words == CLASSIFIED
    swapped = row.aspect == "成本" and TIMELY.search(words)
    repeated = gist(words) in (gist(row.name or ""), gist(row.description or ""))
    return bool(nothing or swapped or repeated or _GRADE.fullmatch(words) or _TOLD.search(words))
