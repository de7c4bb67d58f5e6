"""A paragraph refers to an annex that is not there."""

import re

from hypothesis import strategies as st

PARAGRAPH = re.compile(r" +(?=[^ #-])(?:(?!: ).)+。")
FORMS = (
    "（详见附件{}）",
    "，具体情况见附件{}",
    "，明细表见附件{}",
    "（附件{}）",
    "，数据详见“附件{}”",
    "，参见附件 {}",
)


def mutate(draw, lines: list[str]) -> int | None:
    places = [number for number, line in enumerate(lines) if PARAGRAPH.fullmatch(line)]
    if not places:
        return None
    at = draw(st.sampled_from(places))
    annex = draw(st.sampled_from(["7", "九", "8", "１２", "5-6", "6－1", "23"]))
    lines[at] = lines[at].removesuffix("。") + draw(st.sampled_from(FORMS)).format(annex) + "。"
    return at
