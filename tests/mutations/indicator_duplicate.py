"""A row is given the name of an earlier one in its table."""

from hypothesis import strategies as st
from rows import record, write

WAYS = ("{}", "{}", "{}。", "{} ", "“{}”", " {}")


def mutate(draw, lines: list[str]) -> int | None:
    tables = [rows for _, rows in record(lines).tables if len(rows) > 1]
    if not tables:
        return None
    rows = draw(st.sampled_from(tables))
    second = draw(st.integers(1, len(rows) - 1))
    first = rows[draw(st.integers(0, second - 1))]
    name = draw(st.sampled_from(WAYS)).format(first.name)
    return write(lines, (rows[second].name, name))[0]
