"""A sentence gives another score than the table's."""

from decimal import Decimal

from hypothesis import strategies as st
from rows import add, complete

SENTENCES = (
    "{year}年度部门整体支出绩效自评得分{score}分。",
    "根据部门整体支出绩效自评评分（详见附件），得分{score}分，主要绩效如下。",
    "经自评，我单位{year}年部门整体支出绩效得分为{score}分。",
    "综合评价得分：{score}分。",
    "自评总分{score}分，较上年有所提高。",
    "{unit}整体支出绩效自评得分为{score}分，",
    "按照绩效评价指标体系开展自评，自评得分{score}。",
    "对照评分标准，经综合评定，最终得分达到{score}分。",
    "预算执行率98%，各项指标完成较好，自评{score}分。",
)
PARTS = (
    "经自评，其中{name}得分{score}分。",
    "主要扣分指标如下，{name}（{points}分）得分{score}分。",
    "{name}自评得{score}分；",
    "根据自评，得分{total}分，{name}{points}分，得{score}分。",
    "自评得分{total}分，其中{name}{score}分，主要绩效如下。",
)


def mutate(draw, lines: list[str]) -> int | None:
    read = complete(lines)
    if len(read.totals) != 1:
        return None
    if draw(st.booleans()):
        return part(draw, lines, read)
    total = read.totals[0].score
    wrong = [one for one in (60, 85, 88, 92, 95, 96.5, 98, 99.25) if abs(Decimal(str(one)) - total) > 1]
    score = draw(st.sampled_from([f"{one}" for one in wrong] + [f"{total - 2:f}", f"{total / 2:.2f}"]))
    sentence = draw(st.sampled_from(SENTENCES))
    return add(draw, lines, sentence.format(year=read.year, unit=read.units[0], score=score))


def part(draw, lines: list[str], read) -> int | None:
    """Give a group of the table another score."""
    groups = {}
    for row in read.indicators:
        groups.setdefault(draw(st.sampled_from([row.level1, row.level2])), row.level1)
    name = draw(st.sampled_from(sorted(groups)))
    rows = [row for row in read.indicators if name in (row.level1, row.level2)]
    if len({row.level1 for row in rows}) > 1 or None in [row.score for row in rows]:
        return None
    points, score = sum(row.points for row in rows), sum(row.score for row in rows)
    wrong = [f"{one}" for one in (score - 1, score - Decimal("0.25"), score / 2, score - 3) if 0 < one < points]
    sentence = draw(st.sampled_from(PARTS))
    values = {"name": name, "points": points, "total": read.totals[0].score, "score": draw(st.sampled_from(wrong))}
    return add(draw, lines, sentence.format(**values))
