"""A sentence with a number, a price and an amount that is not their product."""

import re

from hypothesis import strategies as st

PARAGRAPH = re.compile(r" +(?=[^ #-])(?:(?!: ).)+。")
SENTENCES = (
    "共改造{number}户，平均每户改造费用{price}元，使用资金{amount}元。",
    "全年服务{number}人次，每人次服务费用{price}元。实际服务费用为{amount}元。",
    "慰问困难群众{number}人，每人{price}元，共支出{amount}元。",
    "按{price}元/户的标准补助{number}户，合计{amount}元。",
    "印制手册{number}册，每册{price}元，共计{amount}元。",
    "资助学生{number}人，每生每学期{price}元，全年2学期，共{amount}元。",
    "聘用{number}名护林员，人均每月{price}元，按3个月发放，共{amount}元。",
    "整修{number}亩，完成投资{amount}元，亩均投资{price}元。",
    "维护村卫生室{number}所，每所{price}元，共计{amount}元。",
    "全县{number}个村，每村补助{price}元，共补助{amount}元。",
)


def mutate(draw, lines: list[str]) -> int | None:
    places = [number for number, line in enumerate(lines) if PARAGRAPH.fullmatch(line)]
    if not places:
        return None
    at = draw(st.sampled_from(places))
    number, price = draw(st.integers(2, 9999)), draw(st.integers(20, 9999))
    amount = number * price + draw(st.integers(1, 4)) * draw(st.sampled_from([1, -1])) * max(1, number * price // 9)
    lines[at] += draw(st.sampled_from(SENTENCES)).format(number=number, price=price, amount=max(1, amount))
    return at
