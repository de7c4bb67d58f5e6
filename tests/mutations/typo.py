"""A word of the official style that is mistaken for another, put in its place or added to a sentence."""

import re

from hypothesis import strategies as st

PLACED = {
    "部署": "布署", "建立健全": "建立建全", "台账": "台帐", "账户": "帐户", "拨付": "拔付", "调解员": "调节员", "受益人": "收益人",
    "报道": "报导", "截至20": "截止20", "执行率": "执行律", "预算": "予算", "弘扬": "宏扬", "部分": "部份", "对象": "对像",
    "参与": "参于", "根据": "跟据", "普遍": "普偏", "锻炼": "锻练", "坚持": "竖持", "覆盖率": "覆盖律",
    "培训": "陪训", "常住人口": "常驻人口", "厉行节约": "励行节约", "慰问": "尉问", "志愿者": "自愿者", "未成年人保护": "未成年保护",
    "手续": "手绪", "纠纷调解": "纠纷调节", "竣工": "峻工", "走访": "走仿", "户籍": "户藉", "辅导": "铺导", "有力支撑": "有利支撑",
}  # fmt: skip
ADDED = (
    "截止{}年底全部完成", "截止目前未发生安全事故", "建立建全工作机制", "知道各乡镇开展工作", "按步就班推进各项工作", "既使在汛期也不停工",
    "发放生活物质", "认真登记台帐", "各项任务以经完成", "在接再厉抓好落实", "收益群众不断增加", "做好信息报导", "及时布署检查",
    "强化安全防犯", "严防规模性反贫", "确保资金及时拔付到位", "培训自愿者", "一如继往做好服务", "近一步加强监督", "形成长效的工作隔局",
    "完善长效机治", "完成各项任物", "加强执行监空", "全面贯撤落实", "维护群众利义", "严格组织考合", "提高服务质亮",
    "改善农村坏境", "提高工作效绿", "按期完成验受", "落实安全责认", "开展专项整冶", "与时具进抓落实", "工作取的成效", "群众积极参于", "杜决弄虚作假", "各部门各施其职", "走访慰问因难群众", "购置防汛物质", "完善再职人员档案", "存再问题逐项整改",
    "及时修定应急预案", "组织知道技能培训", "疫情防空有力有序", "妥善处治突发事件", "按规定调济使用资金", "保障农村引水安全", "严格三审三较",
)  # fmt: skip
KEY = re.compile(r"(?:[- ]*[^:：\s]+:(?: |$))?")
SENTENCE = re.compile(r"^ *(?:- )?[^#\s][^#]*[一-鿿][^#]*。$")


def mutate(draw, lines: list[str]) -> int | None:
    places = [
        (number, match.start(), right)
        for number, line in enumerate(lines)
        if not line.lstrip().startswith("#") and "{" not in line
        for right in PLACED
        for match in re.finditer(right, line.partition(" #")[0])
        if match.start() >= KEY.match(line).end()
    ]
    sentences = [number for number, line in enumerate(lines) if SENTENCE.match(line)]
    if places and (not sentences or draw(st.booleans())):
        number, at, right = draw(st.sampled_from(places))
        lines[number] = lines[number][:at] + PLACED[right] + lines[number][at + len(right) :]
        return number
    if not sentences:
        return None
    number = draw(st.sampled_from(sentences))
    added = draw(st.sampled_from(ADDED)).format(draw(st.integers(2019, 2026)))
    lines[number] = f"{lines[number][:-1]}，{added}。"
    return number
