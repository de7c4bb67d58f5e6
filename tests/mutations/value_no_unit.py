"""The unit of a target, or of what was done, is left out."""

from hypothesis import strategies as st
from perfc.values import bound
from rows import record, write


def mutate(draw, lines: list[str]) -> int | None:
    rows = [row for row in record(lines).indicators if "指数" not in row.name]
    written = [value for row in rows for value in (row.value, row.actual) if value is not None]
    places = [(value, read.quantity) for value in written if (read := bound(str(value))).quantity]
    if not places:
        return None
    value, quantity = draw(st.sampled_from(places))
    sign = draw(st.sampled_from(["", "≥", "≧", "<=", "≤", "＝", "不少于"]))
    number = draw(st.sampled_from([f"{quantity.number:f}", "321", "0", "1,200", "56.93", "24万"]))
    both = f"{number}-{number}9" if draw(st.integers(0, 9)) == 0 and number.isdigit() else sign + number
    return write(lines, (value, both))[0]
