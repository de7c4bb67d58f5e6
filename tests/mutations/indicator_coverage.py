"""A level-1 group is lost: its rows with it, or its heading, so that they stand in the group beside it."""

from hypothesis import strategies as st
from perfc.vocabulary import INDICATORS, POINTS
from rows import line_of, record


def mutate(draw, lines: list[str]) -> int | None:
    owners = [(owner, rows) for owner, rows in record(lines).tables if len(owner[INDICATORS]) > 1]
    if not owners:
        return None
    owner, rows = draw(st.sampled_from(owners))
    table = owner[INDICATORS]
    starts = [line_of(lines, span.start) for span in table.key_spans.values()]
    ends = [*starts[1:], line_of(lines, table.span.end - 1) + 1]
    lost = draw(st.integers(0, len(starts) - 1))
    if draw(st.booleans()) and not any(label in row.row for row in rows for label in POINTS):
        del lines[starts[lost] : ends[lost]]
    elif lost:
        del lines[starts[lost]]
    else:
        lines[starts[0]] = lines[starts[1]]
        del lines[starts[1]]
    return line_of(lines, owner.key_spans[INDICATORS].start)
