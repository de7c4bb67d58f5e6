"""A result repeats its target, is another bound, or is a word where a number is due."""

from hypothesis import strategies as st
from perfc.values import Quantity, bound, find, show
from rows import record, write

DONE = ("完成", "已完成", "全部完成", "按计划完成", "达标", "达到目标", "完成任务。", "—", "良好", "及时")
SIGNS = ("≥{}", "≧{}", ">={}", "＞{}", "≤{}", "<={}", "<{}")
SAME = ("{}以上", "不低于{}", "不少于{}", "达到{}以上", "{}（含）以上", "{}以内", "不超过{}")


def mutate(draw, lines: list[str]) -> int | None:
    rows = [row for row in record(lines).indicators if row.score is not None and row.bound and row.bound.quantity]
    plain = [row for row in rows if sum(isinstance(one, Quantity) for one in find(str(row.value))) <= 1]
    signed = [row for row in plain if row.bound.sign and bound(str(row.value)).quantity.unit]
    if not signed:
        return None
    row = draw(st.sampled_from(signed))
    quantity = show(row.bound.quantity)
    kinds = ([str(row.value)], [one.format(quantity) for one in SIGNS], [one.format(quantity) for one in SAME], DONE)
    return write(lines, (row.actual, draw(st.sampled_from(draw(st.sampled_from(kinds))))))[0]
