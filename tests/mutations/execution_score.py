"""The points for spending are not those of the rate, or more was spent than the budget."""

from decimal import Decimal

from hypothesis import strategies as st
from perfc.vocabulary import RATE
from rows import record, write


def mutate(draw, lines: list[str]) -> int | None:
    rows = [one for one in record(lines).executions if one.score is not None and one.budget and one.spent is not None]
    if not rows:
        return None
    row = draw(st.sampled_from(rows))
    if draw(st.integers(0, 3)) == 0:
        more = row.budget * draw(st.sampled_from([Decimal("1.01"), Decimal("1.2"), Decimal(3)]))
        rates = [(row.row[label], "") for label in RATE if label in row.row]
        return write(lines, (row.spent, f"{more:.2f}"), *rates)[0]
    right = row.points * min(Decimal(1), row.spent / row.budget)
    ways = (*range(int(row.points) + 1), Decimal("7.5"), Decimal("9.55"), right - Decimal("0.2"), right - 1, right / 2)
    wrong = [one for one in ways if 0 <= one <= row.points and abs(one - right) > Decimal("0.15")]
    return write(lines, (row.score, f"{round(Decimal(draw(st.sampled_from(wrong))), 2):f}"))[0]
