"""Bases of values that are none."""

import re
from collections.abc import Iterator

from perfc.diagnostic import Note, Severity
from perfc.lint import Finding, rule
from perfc.load import Map
from perfc.vocabulary import BASIS, Record

_BY = "(?:(?:通过|采用|采取|根据|依据|按照|按|以|经)?(?:发放|开展|组织|进行|实行)?)"
_WHOSE = (
    "(?:满意度|社会|公众|群众|居民|学生|家长|职工|员工|服务对象|受益对象|受益人|抽样|随机|问卷|网上|网络|线上|线下|"
    "电话|现场|实地|入户|第三方|专家){0,4}"
)
_METHOD = re.compile(
    f"{_BY}{_WHOSE}(?:调查问卷|问卷调查|问卷|调查|回访|访谈|走访|座谈|抽查|检查|核查|查看|查验|观察|测评|评议|打分|测量|丈量|统计|清点|访问|"
    "暗访|随访|询问|问询|抽样|摸底|实测|核验|调研|填表|投票|(?:查阅|查看|核对|翻阅)(?:资料|台账|档案|凭证|账簿|记录))"
    "(?:群众|居民|村民|服务对象|受益群众|受益对象|学生|家长|职工|企业|用户|农户)?"
    "(?:表|法|方式|方法|形式|的方式|的方法|等)?"
)
_NOTHING = re.compile(
    f"{_BY}(?:实际|工作|工作的|实际工作|项目|单位|部门|自身)(?:需要|需求|情况)|(?:凭|根据)?经验(?:判断)?|自行(?:确定|设定)|"
    r"(?:主观|自我)判断|领导要求|其他"
)
_EMPTY = re.compile(r"无|没有|\W+")
_PARTS = re.compile(r"[\s、，；。,;/+]+|及|和|与|或|结合")


@rule(Severity.WARNING)
def basis_not_a_basis(record: Record) -> Iterator[Finding]:
    """指标值确定依据写计划、标准、文件或历史数据，不写方法，也不空着。

    依据回答“为什么是这个数”：工作计划、行业标准、上年实际、批复的文件。“问卷调查”回答的是“怎样得到实际值”，
    属于数据来源或评价方法。“实际工作需要”一类没有指出计划或文件的，只提示。

    错误：
        绩效指标:
          满意度指标: {服务对象满意度指标: [{三级指标: 群众满意度, 指标值: ≥95%, 指标值确定依据: 问卷调查}]}
    正确：
        绩效指标:
          满意度指标: {服务对象满意度指标: [{三级指标: 群众满意度, 指标值: ≥95%, 指标值确定依据: 上年实际满意度}]}
    """
    hint = Note("写计划、标准、文件的名称，或历史数据，如 年度工作计划、上年实际")
    for row in record.indicators:
        if row.basis is None:
            blank = _blank(row.row)
            if blank:
                yield Finding(row.row.key_spans[blank], f"“{row.name}”的{blank}是空的", (hint,))
            continue
        parts = [one for one in _PARTS.split(row.basis) if one]
        if parts and all(_METHOD.fullmatch(one) for one in parts):
            yield Finding(record.line(row.basis).span, f"“{row.basis}”是取得实际值的方法，不是指标值的依据", (hint,))
        elif _EMPTY.fullmatch(row.basis):
            yield Finding(record.line(row.basis).span, f"“{row.name}”的依据“{row.basis}”等于空着", (hint,))
        elif _NOTHING.fullmatch(row.basis.strip()):
            yield Finding(record.line(row.basis).span, f"“{row.basis}”没有指出计划、标准或文件", (hint,), Severity.INFO)


def _blank(row: Map) -> str | None:
    """The label of a basis that stands there without a value."""
    return next((one for one in BASIS if one in row.key_spans and one not in row), None)
