"""A score is above its points."""

from decimal import Decimal

from hypothesis import strategies as st
from rows import record, write


def mutate(draw, lines: list[str]) -> int | None:
    read = record(lines)
    rows = [one for one in (*read.executions, *read.indicators) if one.score is not None and one.points is not None]
    if not rows:
        return None
    row = draw(st.sampled_from(rows))
    more = draw(st.sampled_from([Decimal("0.01"), Decimal("0.1"), Decimal("0.5"), 1, 2, 5, row.points, row.points * 9]))
    return write(lines, (row.score, f"{min(row.points + more, Decimal(100)):f}"))[0]
