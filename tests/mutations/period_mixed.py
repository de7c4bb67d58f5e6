"""A result that is counted for a part of the year only."""

import re

from hypothesis import strategies as st

RESULT = re.compile(r" +(?=[^ #-])(?:(?!: ).)+。")
WHENS = (
    "1-{month}月，",
    "1—{month}月份，",
    "1至{month}月，",
    "{year}年1-{month}月，",
    "今年1-{month}月",
    "截至{month}月底，",
    "截止{year}年{month}月{day}日，",
    "前三季度",
    "一至三季度，",
    "年初至{month}月底，",
)
WHATS = ("共发放补贴{number}万元", "累计培训{number}人次", "已接收捐赠物资{number}件", "全县共办理案件{number}件")


def mutate(draw, lines: list[str]) -> int | None:
    year = next(int(line.split()[1]) for line in lines if line.startswith("年度: "))
    first = next((number for number, line in enumerate(lines) if line.startswith("部门整体支出绩效情况")), None)
    last = next((number for number, line in enumerate(lines) if line.startswith("存在的问题")), None)
    places = [number for number in range(first or 0, last or 0) if RESULT.fullmatch(lines[number])]
    if not places:
        return None
    at = draw(st.sampled_from(places))
    when = draw(st.sampled_from(WHENS)).format(year=year, month=draw(st.integers(9, 11)), day=draw(st.integers(1, 28)))
    lines[at] += when + draw(st.sampled_from(WHATS)).format(number=draw(st.integers(2, 9999))) + "。"
    return at
