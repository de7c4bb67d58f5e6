"""The points of a row are raised or lowered, so that they no longer make up the whole."""

from decimal import Decimal

from hypothesis import strategies as st
from rows import line_of, record, write


def mutate(draw, lines: list[str]) -> int | None:
    read = record(lines)
    tables = [(owner, rows) for owner, rows in read.tables if any(row.points is not None for row in rows)]
    if not tables:
        return None
    owner, rows = draw(st.sampled_from(tables))
    scored = [one for one in (*read.executions, *rows) if one.owner is owner and one.points is not None]
    row = draw(st.sampled_from(scored))
    points = row.points
    ways = (
        points + 1,
        points + 5,
        points + Decimal("0.5"),
        points - 1,
        points - Decimal("0.01"),
        points / 2,
        points * 2,
    )
    new = draw(st.sampled_from([one for one in ways if 0 <= one <= 100 and one != points]))
    (changed,) = write(lines, (points, f"{new:f}"))
    if row.score == points and not row.explained:
        return changed  # whose score shows what the points were
    last = [one.points for one in record(lines).indicators if one.points is not None][-1]
    return line_of(lines, last.span.start)
