"""A sentence with two figures and a percentage that is not their ratio."""

import re
from decimal import Decimal

from hypothesis import strategies as st

PARAGRAPH = re.compile(r" +(?=[^ #-])(?:(?!: ).)+。")
SENTENCES = (
    "安排资金{whole}万元，实际支付{part}万元，支付率{share}%。",
    "全年预算数{whole}万元，全年执行数{part}万元，执行率为{share}%。",
    "合同总价{whole}万元，目前已完成投资{part}万元，占合同总价的{share}%。",
    "全年受理{whole}件，办结{part}件，办结率{share}%。",
    "共抽检{whole}批次，其中合格{part}批次，合格率达{share}%。",
    "共培训{whole}人，其中基层人员{part}人，占{share}%。",
    "发放问卷{whole}份，收回{part}份，回收率{share}%。",
    "完成造林{part}亩，为年度任务{whole}亩的{share}%。",
    "目标{whole}人，实际{part}人，为目标值的{share}%。",
    "本年度教育支出{whole}万元。其中：人员经费{part}万元，占{share}%；其他支出1万元。",
    "本年度教育支出{whole}万元。人员经费{part}万元，占教育支出的{share}%。",
    "今年投资{whole}万元，比去年的{last}万元增加{part}万元，增长{share}%。",
    "招生由上年的{last}人增加到{now}人，增长{share}%。",
    "接待{now}人次，较上年的{last}人次上升{share}%。",
    "登记企业{now}户，比上年末增加{part}户，增长{share}%。",
    "概算投资{whole}万元。已完成投资{part}万元，占概算的{share}%。",
    "基层人员{part}人，占全部人员{whole}人的{share}%。",
)


def mutate(draw, lines: list[str]) -> int | None:
    places = [number for number, line in enumerate(lines) if PARAGRAPH.fullmatch(line)]
    if not places:
        return None
    at = draw(st.sampled_from(places))
    whole = draw(st.integers(20, 9999))
    part = draw(st.integers(whole // 3, whole))
    places_after = draw(st.integers(0, 2))
    right = round(Decimal(part) / whole * 100, places_after)
    off = draw(st.integers(1, 900)) * draw(st.sampled_from([1, -1])) * Decimal(1).scaleb(-places_after)
    wrong = right + off if 0 < right + off < 130 else right - 2
    lines[at] += draw(st.sampled_from(SENTENCES)).format(
        whole=whole, part=part, last=whole, now=whole + part, share=wrong
    )
    return at
