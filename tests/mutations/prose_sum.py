"""A sentence whose parts do not make up the whole, or whose list does not fit its count."""

import re

from hypothesis import strategies as st

PARAGRAPH = re.compile(r" +(?=[^ #-])(?:(?!: ).)+。")
SUMS = (
    "全年支出共计{whole}万元，其中人员经费{a}万元，公用经费{b}万元，项目经费{c}万元。",
    "共安排资金{whole}万元，其中：培训费{a}万元、差旅费{b}万元、印刷费{c}万元。",
    "服务对象{whole}人（分散{a}人、集中{b}人、其他{c}人）。",
    "参训学员{whole}人次，其中小学{a}人次、初中{b}人次、高中{c}人次。",
    "投入资金{whole}万元（中央资金{a}万元，省级资金{b}万元，县级资金{c}万元）。",
    "中央资金{a}万元，省级资金{b}万元，县级资金{c}万元，合计{whole}万元。",
    "查处案件{whole}起，其中毁林案件{a}起、滥伐案件{b}起、其他案件{c}起，案件办结率为100%。",
    "新建改建公路{whole}公里，其中新建{a}公里、改建{b}公里、扩建{c}公里；完成绿化20公里。",
    "年初核定编制{whole}名，其中行政编制{a}名，事业编制{b}名，工勤编制{c}名；退休人员12名。",
    "全县{whole}个村（{a}个山区村、{b}个平原村、{c}个城中村）都有村医。",
    "新增示范社{whole}家（省级{a}家、市级{b}家、县级{c}家）、家庭农场62家。",
    "春节走访{a}户，“七一”走访{b}户，国庆走访{c}户，全年合计{whole}户。",
    "收入{whole}万元，其中财政拨款{a}万元；事业收入{b}万元；其他收入{c}万元。",
    "辖{a}个镇、{b}个乡、{c}个民族乡，共{whole}个乡镇。",
    "饮水工程{whole}处，管网16.2公里。其中集中{a}处、分散{b}处、其他{c}处。",
    "类案{whole}起，包括甲类{a}起、乙类{b}起、其他{c}起，同比持平。",
    "奖补专利{a}件，计{a}万元；奖补商标，计{b}万元；奖补企业，计{c}万元。三项合计{whole}万元。",
    "“三公”经费{whole}元，分别为接待费{a}元、用车费{b}元、出国费{c}元。",
)
BALANCES = (  # the rest, the whole: two parts make it
    "{whole}项业务中，{a}项已上网；其余{b}项就近办理。",
    "宣传经费{whole}万元，比上年的{a}万元增加{b}万元。",
    "接待{a}人次，比上年的{whole}人次减少{b}人次。",
    "新招聘{whole}人，退休{a}人，净增加{b}人。",
    "比上年增加{b}人（调入{whole}人、退休{a}人）。",
)
LISTS = (
    ("会同{list}共{count}个部门开展检查。", {2, 3, 5, 6}),
    ("由{list}等{count}家单位参加。", {2, 3}),
    ("所属单位{count}个，分别是：{list}。", {2, 3, 5, 6}),
)
MEMBERS = ("教育局", "卫生健康局", "民政局", "财政局")


def mutate(draw, lines: list[str]) -> int | None:
    places = [number for number, line in enumerate(lines) if PARAGRAPH.fullmatch(line)]
    if not places:
        return None
    at = draw(st.sampled_from(places))
    if draw(st.booleans()):
        sentence, counts = draw(st.sampled_from(LISTS))
        lines[at] += sentence.format(list="、".join(MEMBERS), count=draw(st.sampled_from(sorted(counts))))
        return at
    if draw(st.booleans()):
        a, b = draw(st.integers(40, 900)), draw(st.integers(2, 9))
        lines[at] += draw(st.sampled_from(BALANCES)).format(whole=a + b + draw(st.integers(1, 9)), a=a, b=b)
        return at
    parts = [draw(st.integers(5, 900)) for _ in "abc"]
    a, b, c = parts
    whole = sum(parts) + draw(st.integers(1, sum(parts) // 2)) * draw(st.sampled_from([1, -1]))
    whole += whole in {a + b, b + c}  # which would be right without the last or the first
    lines[at] += draw(st.sampled_from(SUMS)).format(whole=whole, a=a, b=b, c=c)
    return at
