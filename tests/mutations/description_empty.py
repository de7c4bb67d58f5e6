"""The name of an indicator is copied into its description."""

from hypothesis import strategies as st
from rows import record, write

WAYS = ("{}", "{}", "全年{}", "{}情况", "具体{}", "{}。", "保障{}", "开展{}工作", "不断提高{}", "年度{}")


def mutate(draw, lines: list[str]) -> int | None:
    rows = [row for row in record(lines).indicators if row.description]
    if not rows:
        return None
    row = draw(st.sampled_from(rows))
    return write(lines, (row.description, draw(st.sampled_from(WAYS)).format(row.name)))[0]
