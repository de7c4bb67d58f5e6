"""A method stands for the basis of a value, or nothing does."""

from hypothesis import strategies as st
from rows import record, write

BY = ("", "", "通过", "采用", "根据", "通过开展")
WHOSE = ("", "满意度", "抽样", "电话", "现场", "服务对象满意度", "网上", "第三方", "入户")
METHODS = (
    "问卷调查",
    "调查问卷",
    "调查",
    "回访",
    "抽查",
    "走访",
    "测评",
    "核查",
    "访谈",
    "测量",
    "统计",
    "走访群众",
    "访问",
    "询问",
    "调研",
    "查阅档案",
)
TAILS = ("", "", "方式", "法", "表")
ONE = st.builds("".join, st.tuples(*map(st.sampled_from, (BY, WHOSE, METHODS, TAILS))))
WORDS = st.one_of(
    ONE,
    st.builds("{}、{}".format, ONE, ONE),
    st.sampled_from(["", "", "/", "无", "——", "实际工作需要", "工作需要", "根据实际情况", "经验判断"]),
)


def mutate(draw, lines: list[str]) -> int | None:
    rows = [row for row in record(lines).indicators if row.basis]
    return write(lines, (draw(st.sampled_from(rows)).basis, draw(WORDS)))[0] if rows else None
