"""The sign of a bound is written in words."""

from hypothesis import strategies as st
from rows import record, write

BEFORE = [
    "不少于",
    "不低于",
    "不小于",
    "不得少于",
    "不得低于",
    "大于等于",
    "大于或等于",
    "至少",
    "最低",
    "不超过",
    "不高于",
    "不大于",
    "不多于",
    "不得超过",
    "小于等于",
    "至多",
    "控制在",
    "大于",
    "高于",
    "多于",
    "超过",
    "小于",
    "低于",
    "少于",
    "等于",
    ">=",
    "<=",
]
BEHIND = ("以上", "及以上", "以下", "以内", "（含）以上")
AHEAD = ("", "", "全年完成", "覆盖率达", "全年调处矛盾纠纷", "每年")
REST = ("", "", "", "，并持续保持", "。")


def mutate(draw, lines: list[str]) -> int | None:
    rows = record(lines).indicators
    if not rows:
        return None
    row = draw(st.sampled_from(rows))
    read = row.bound.quantity if row.bound else None
    known = f"{read.number:f}{read.unit}" if read and read.base not in ("岁", "周岁") else "300人次"
    quantity = draw(st.sampled_from([known, "1000件", "95%", "4.50万元", "3次/年", "5个工作日"]))
    before, behind = draw(st.sampled_from(BEFORE)), draw(st.sampled_from(BEHIND))
    words = f"{before}{quantity}" if draw(st.booleans()) else f"{quantity}{behind}"
    return write(lines, (row.value, draw(st.sampled_from(AHEAD)) + words + draw(st.sampled_from(REST))))[0]
