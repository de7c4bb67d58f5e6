"""A share over 100 %, a floor for a cost or for harm, a day that no calendar has, or a value that says the indicator's name again."""

import re

from hypothesis import strategies as st
from rows import record, write

SHARES = ("验收合格率", "政策知晓率", "服务对象满意度", "设备完好率", "覆盖面", "资料归档达标率", "持证人员比例")
OVER = ("≥100%", "≧100%", "＞100%", ">=100%", "100%以上", "不低于100%", "105%", "≥120%", "＝100.5%", "达到102%")
COSTS = ("项目总成本", "设备购置费", "经费投入", "印刷成本", "支出成本", "保障成本")
FLOOR = st.builds(
    "{}{}{}".format,
    st.sampled_from(["≥", "≧", "＞", ">", "不少于", "不低于", "至少"]),
    st.integers(1, 9000),
    st.sampled_from(["元", "万元", ".50万元"]),
)
HARMS = ("生产安全事故死亡人数", "处方差错率", "有效投诉次数", "火灾事故起数", "学生辍学率", "贷款逾期率")
DATES = ("{}年6月31日前", "{}年13月底前", "{}年11月31日", "{}年2月30日前完成", "{}-09-31", "9月31日前", "{}年4月 31日")
SAYING = ("{}", "促进{}", "保障{}", "提高{}", "不断提升{}", "确保{}", "进一步加强{}", "{}情况")


def mutate(draw, lines: list[str]) -> int | None:
    rows = record(lines).indicators
    kind = draw(st.sampled_from(["over", "floor", "again", "harm", "date"]))
    if kind == "harm":
        rows = [row for row in rows if row.aspect != "数量"]
    if kind == "floor":
        rows = [row for row in rows if row.aspect == "成本"]
    if kind == "again":
        rows = [row for row in rows if row.aspect != "成本" and not re.search("[0-9]", row.name)]
    if not rows:
        return None
    row = draw(st.sampled_from(rows))
    if kind == "date":
        return write(lines, (row.value, draw(st.sampled_from(DATES)).format(draw(st.integers(2022, 2026)))))[0]
    if kind == "harm":
        value = f"{draw(st.sampled_from(['≥', '＞', '不少于']))}{draw(st.integers(1, 9))}"
        name = draw(st.sampled_from(HARMS))
        unit = "%" if name.endswith("率") else "人" if name.endswith("人数") else "起"
        return write(lines, (row.value, value + unit), (row.name, name))[0]
    if kind == "over":
        value, name = draw(st.sampled_from(OVER)), draw(st.sampled_from(SHARES))
        return write(lines, (row.value, value), (row.name, name))[0]
    if kind == "floor":
        return write(lines, (row.value, draw(FLOOR)), (row.name, draw(st.sampled_from(COSTS))))[0]
    stem = re.sub("(?:程度|情况|性|率|度)$", "", row.name)
    return write(lines, (row.value, draw(st.sampled_from(SAYING)).format(stem)))[0]
