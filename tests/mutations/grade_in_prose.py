"""A sentence gives another grade than that of the table's score."""

from hypothesis import strategies as st
from rows import add, complete

GRADES = ((90, ("优", "优秀")), (80, ("良", "良好")), (60, ("中", "中等", "较差")), (0, ("差",)))
SENTENCES = (
    "根据绩效自评，{year}年部门整体支出绩效为“{grade}”。",
    "自评等级为{grade}。",
    "经综合评价，评价结果为“{grade}”等级，",
    "绩效评价等级：{grade}。",
    "{unit}整体支出绩效自评结果属于{grade}等次。",
    "部门整体支出绩效评定为‘{grade}’，",
    "综合评价结论是{grade}，主要绩效如下。",
    "对照评分标准，我单位自评为{grade}。",
    "绩效评级达到{grade}级。",
    "根据自评，得分{score}分，属于“{grade}”等次。",
    "部门整体支出绩效自评得分{score}分，等次为{grade}。",
    "对照标准，综合评价“{grade}”。",
)


def mutate(draw, lines: list[str]) -> int | None:
    read = complete(lines)
    if len(read.totals) != 1:
        return None
    score = read.totals[0].score
    own = next(words for least, words in GRADES if score >= least)
    grade = draw(st.sampled_from([word for _, words in GRADES for word in words if words is not own]))
    sentence = draw(st.sampled_from(SENTENCES))
    return add(draw, lines, sentence.format(year=read.year, unit=read.units[0], grade=grade, score=score))
