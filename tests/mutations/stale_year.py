"""The year of last year's file, left standing."""

import re

from hypothesis import strategies as st


def mutate(draw, lines: list[str]) -> int | None:
    year = next(int(line.split()[1]) for line in lines if line.startswith("年度: "))
    stands = re.compile(
        rf"^(?:(?! +#).*(?:指标值|完成值|情况): | +(?:\d\.|[一二三]是)?|日期: |.*关于开展){year}年(?!\d)"
    )
    ends = re.compile(rf" *计划完成日期: {year}-")
    dated = re.compile(rf"日期: {year + 1}年")
    places = [
        number
        for number, line in enumerate(lines)
        if dated.match(line) or ends.match(line) or (stands.match(line) and line.count(f"{year}年") == 1)
    ]
    if not places:
        return None
    at = draw(st.sampled_from(places))
    back = draw(st.integers(1, 2))
    if dated.match(lines[at]):
        lines[at] = lines[at].replace(f"{year + 1}年", f"{year + 1 - back}年")
    elif ends.match(lines[at]):
        lines[at] = lines[at].replace(f"{year}-", f"{year - back}-")
    else:
        lines[at] = lines[at].replace(f"{year}年", f"{year - back}年")
    return at
