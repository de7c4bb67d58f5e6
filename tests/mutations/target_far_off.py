"""A result is far from its target, and nothing says why."""

from decimal import Decimal

from hypothesis import strategies as st
from rows import record, write

FACTORS = [Decimal(one) for one in ("0", "0.1", "0.35", "0.5", "0.65", "1.35", "1.5", "2", "4", "10")]
WORDS = ("{}", "{}", "{}", "已完成{}", "实际完成{}。")


def mutate(draw, lines: list[str]) -> int | None:
    rows = [row for row in record(lines).indicators if row.measured and row.measured.target > 0]
    if not rows:
        return None
    row = draw(st.sampled_from(rows))
    factor = draw(st.sampled_from([one for one in FACTORS if one > 1 or not row.measured.ceiling]))
    quantity = row.target.quantity
    actual = round(quantity.number * factor, 2)
    impossible = row.limited and quantity.base == "%" and quantity.value * factor > 100
    if impossible or abs(actual / quantity.number - 1) < Decimal("0.31"):
        return None
    written = draw(st.sampled_from(WORDS)).format(f"{actual:f}{quantity.unit}") if quantity.unit else f"{actual:f}"
    reasons = [(row.reason, draw(st.sampled_from(["", "无", "—"])))] if row.reason else []
    return write(lines, (row.actual, written), *reasons)[0]
