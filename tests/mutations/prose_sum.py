"""A sentence whose parts do not make up the whole, or whose list does not fit its count."""

import re

from hypothesis import strategies as st

PARAGRAPH = re.compile(r" +(?=[^ #-])(?:(?!: ).)+。")
SUMS = (
    "全年支出共计{whole}万元，其中人员经费{a}万元，公用经费{b}万元，项目经费{c}万元。",
    "共安排资金{whole}万元，其中：培训费{a}万元、差旅费{b}万元、印刷费{c}万元。",
    "服务对象{whole}人（分散{a}人、集中{b}人、其他{c}人）。",
    "参训学员{whole}人次，其中小学{a}人次、初中{b}人次、高中{c}人次。",
    "投入资金{whole}万元（中央资金{a}万元，省级资金{b}万元，县级资金{c}万元）。",
    "中央资金{a}万元，省级资金{b}万元，县级资金{c}万元，合计{whole}万元。",
)
LISTS = (
    ("会同{list}共{count}个部门开展检查。", {2, 3, 5, 6}),
    ("由{list}等{count}家单位参加。", {2, 3}),
    ("所属单位{count}个，分别是：{list}。", {2, 3, 5, 6}),
)
MEMBERS = ("教育局", "卫生健康局", "民政局", "财政局")


def mutate(draw, lines: list[str]) -> int | None:
    places = [number for number, line in enumerate(lines) if PARAGRAPH.fullmatch(line)]
    if not places:
        return None
    at = draw(st.sampled_from(places))
    if draw(st.booleans()):
        sentence, counts = draw(st.sampled_from(LISTS))
        lines[at] += sentence.format(list="、".join(MEMBERS), count=draw(st.sampled_from(sorted(counts))))
        return at
    parts = [draw(st.integers(5, 900)) for _ in "abc"]
    a, b, c = parts
    whole = sum(parts) + draw(st.integers(1, sum(parts) // 2)) * draw(st.sampled_from([1, -1]))
    whole += whole in {a + b, b + c}  # which would be right without the last or the first
    lines[at] += draw(st.sampled_from(SUMS)).format(whole=whole, a=a, b=b, c=c)
    return at
