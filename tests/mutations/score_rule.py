"""A quantitative row is given points that target and result do not make, or another result for the same points."""

from decimal import Decimal

from hypothesis import strategies as st
from perfc.scoring import result
from rows import record, write

WORDS = ("{}", "{}", "已完成{}", "实际{}", "{}。")


def mutate(draw, lines: list[str]) -> int | None:
    scored = [row for row in record(lines).indicators if row.score is not None and row.points]
    due = [row for row in scored if row.in_time and row.score == row.points and not row.explained]
    if due and draw(st.integers(0, 3)) == 0:
        return late(draw, lines, draw(st.sampled_from(due)))
    rows = [row for row in scored if row.measured]
    if not rows:
        return None
    row = draw(st.sampled_from(rows))
    target, ceiling = row.measured.target, row.measured.ceiling
    if ceiling is not None and target > 0 and draw(st.booleans()):
        factor = draw(st.sampled_from([Decimal(one) for one in ("0.4", "0.6", "0.75", "0.9", "1.25", "1.6", "2.5")]))
        quantity = row.target.quantity
        actual = round(quantity.number * factor, 2)
        right = result(row.points, quantity.number, actual, ceiling=ceiling)
        if abs(right - row.score) <= Decimal("0.2"):
            return None
        written = draw(st.sampled_from(WORDS)).format(f"{actual:f}{quantity.unit}")
        return write(lines, (row.score, f"{row.score:f}"), (row.actual, written))[0]
    ways = (False, True) if ceiling is None else (ceiling,)
    right = [result(row.points, target, row.measured.actual, ceiling=way) for way in ways]
    steps = [row.points * one / 20 for one in range(21)]
    wrong = [one for one in steps if all(abs(one - each) > Decimal("0.15") for each in right)]
    return write(lines, (row.score, f"{round(draw(st.sampled_from(wrong)), 2):f}"))[0]


def late(draw, lines: list[str], row) -> int:
    """Let it be done some months after it was due."""
    period = row.target.period
    months = (period.to_month or 12) + draw(st.integers(1, 9))
    month = f"{(months - 1) % 12 + 1}月"
    year = "" if period.to_year is None else f"{period.to_year + (months - 1) // 12}年"
    day = draw(st.sampled_from(["", "5日", "20日", "28日"]))
    return write(lines, (row.score, f"{row.score:f}"), (row.actual, year + month + day))[0]
