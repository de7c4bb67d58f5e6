"""A paragraph refers to an annex that is not there, in a form whose annexes are known."""

import re
from pathlib import Path

from hypothesis import strategies as st

TEMPLATES = Path(__file__).parents[2] / "templates"
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
    layout = next(line.removeprefix("版式: ").strip() for line in lines if line.startswith("版式: "))
    data = TEMPLATES / layout / "rules.yaml"
    if not places or not data.is_file() or "missing-annex" not in data.read_text("utf-8"):
        return None
    at = draw(st.sampled_from(places))
    annex = draw(st.sampled_from(["7", "九", "8", "１２", "5-6", "6－1", "23"]))
    lines[at] = lines[at].removesuffix("。") + draw(st.sampled_from(FORMS)).format(annex) + "。"
    return at
