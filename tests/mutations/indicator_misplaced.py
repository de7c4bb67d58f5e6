"""Money under 时效 or 数量, a date or 及时 under 成本, a date under 数量, or the values of two rows swapped."""

from hypothesis import strategies as st
from rows import record, write

MONEY = st.builds(
    "{}{}{}".format,
    st.sampled_from(["", "≤", "≥", "≧", "不超过", "控制在", "共", "投入"]),
    st.integers(1, 9000),
    st.sampled_from(["元", "万元", "亿元", ".50万元"]),
)
DATES = st.one_of(
    st.builds("{}年{}月底前".format, st.sampled_from([2022, 2024]), st.integers(1, 12)),
    st.builds("{}月底前完成".format, st.integers(1, 12)),
    st.sampled_from(["2024年底", "第三季度", "2024年内", "2024-11-30", "2024年12月31日前", "年底前"]),
)
TIMELY = st.sampled_from(["及时", "及时保障", "按时发放", "按期完成", "保障及时", "如期完工", "及时拨付到位"])
SPENT = ("工作投入", "设备购置", "运行维护经费", "项目支出", "支出成本", "补贴发放金额", "经费保障")


def mutate(draw, lines: list[str]) -> int | None:
    tables = [rows for _, rows in record(lines).tables]
    kind = draw(st.sampled_from(["swap", "时效", "数量", "成本", "date"]))
    if kind == "swap":
        pairs = [
            (one, other)
            for rows in tables
            for one in rows
            for other in rows
            if one.aspect in ("时效", "数量") and other.aspect == "成本"
        ]
        if not pairs:
            return None
        one, other = draw(st.sampled_from(pairs))
        return min(write(lines, (one.value, draw(MONEY)), (other.value, draw(st.one_of(DATES, TIMELY)))))
    aspect = "数量" if kind == "date" else kind
    rows = [row for rows in tables for row in rows if row.aspect == aspect]
    if not rows:
        return None
    row = draw(st.sampled_from(rows))
    if kind == "date":
        return write(lines, (row.value, draw(DATES)))[0]
    if kind == "成本":
        return write(lines, (row.value, draw(st.one_of(DATES, TIMELY))))[0]
    return write(lines, (row.value, draw(MONEY)), (row.name, draw(st.sampled_from(SPENT))))[0]
