"""A grade in the text that is not that of the table's score."""

import re
from collections.abc import Iterator
from decimal import Decimal

from perfc import scoring
from perfc.diagnostic import Note, Severity
from perfc.lint import Finding, Skip, rule
from perfc.load import Text
from perfc.scoring import shown
from perfc.vocabulary import GRADE, Record

_USUAL = ("优秀", "优", "良好", "良", "中等", "中", "较差", "差")
_OTHER = ("较好", "一般", "合格", "基本合格", "不合格")
_WORD = "|".join(sorted((*_USUAL, *_OTHER), key=len, reverse=True))
_GRADE = re.compile(
    r"(?:(?<!分)[为是]|达到|属于?|[:：]|(?:评[价定级]|等[级次]|档次|结[果论])(?=[“\"‘'《「]))"
    rf" ?[“\"‘'《「]?(?P<word>{_WORD})"
    rf"(?=[”\"’'》」]|等[级次]|档|级|[^一-鿿]|$)(?![”\"’']?[、,，/或和](?:[“\"‘']?(?:{_WORD})))"
)
_LEAST = Decimal("0.01")


@rule(Severity.ERROR)
def grade_in_prose(record: Record) -> Iterator[Finding]:
    """正文、表中写的评价等级是自评表的总分所在的等级。

    等级由总分查得，总分改了等级也要改。各档的名称和界限由版式规定；“良”与“良好”是同一个等级。
    只说某一项的（群众满意度为优）、列举各档的、上年的等级，不在此列。

    依据：《项目支出绩效评价管理办法》（财预〔2020〕10号）：90（含）-100 分为优、80（含）-90 分为良、
    60（含）-80 分为中、60 分以下为差。

    错误：
        概述: 根据绩效自评，2022年部门整体支出绩效为“优”。
        自评表:
          绩效指标: {产出指标: {数量指标: [{三级指标: 培训人次, 指标值: ≥300人次, 分值: 100, 得分: 89}]}}
    正确：
        概述: 根据绩效自评，2022年部门整体支出绩效为“良”。
        自评表:
          绩效指标: {产出指标: {数量指标: [{三级指标: 培训人次, 指标值: ≥300人次, 分值: 100, 得分: 89}]}}
    """
    grades = record.scoring.get("等级")
    yield from _in_table(record)
    for line in record.lines if record.totals else ():
        for match in _GRADE.finditer(line.words):
            word, (start, end) = match["word"], match.span("word")
            total = record.evaluated(line, start)
            if total is None:
                continue
            if grades is None:
                raise Skip("版式没有写等级")
            right = scoring.grade(total.score, grades)
            if right is None or _same(word, right):
                continue
            on_the_edge = _same(word, scoring.grade(total.score - _LEAST, grades) or right)
            known = word in _USUAL or any(_same(word, one["名称"]) for one in grades)
            yield Finding(
                line.at(start, end),
                f"正文的等级“{word}”≠ 表中总分 {shown(total.score)} 的等级“{right}”",
                (Note(f"写成“{right}”"), Note(f"表中的总分是 {shown(total.score)}", total.span)),
                severity=Severity.INFO if on_the_edge or not known else None,
            )


def _in_table(record: Record) -> Iterator[Finding]:
    """The grades that stand beside a total, or at the top of a spec with one total."""
    for total in record.totals if "等级" in record.scoring else ():
        right = scoring.grade(total.score, record.scoring["等级"])
        for owner in {id(one): one for one in (total.owner, record.spec)}.values() if right else ():
            for label in GRADE:
                written = owner.get(label) if owner is total.owner or len(record.totals) == 1 else None
                if right and isinstance(written, Text) and not _same(written, right):
                    said = f"{label}“{written}”≠ 总分 {shown(total.score)} 的等级“{right}”"
                    yield Finding(written.span, said, (Note(f"写成“{right}”，或不写，由 perfc 填写"),))


def _same(one: str, other: str) -> bool:
    """Whether two names are of one grade: 良 is 良好."""
    return one.startswith(other) or other.startswith(one)
