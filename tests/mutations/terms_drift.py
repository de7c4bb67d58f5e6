"""A plan under another name in one row, or an indicator under another name in a sentence or a description."""

import re
from collections import Counter

from hypothesis import strategies as st

PLANS = ("年初计划", "年初工作计划", "全年工作计划", "年度工作计划", "年度计划", "全年计划", "本年度工作计划")
BASIS = re.compile(r"(?P<key>.*指标值确定依据: )(?P<plan>\S+)")
RATED = re.compile(r"\s*(?:- )?三级指标: (?P<name>\S{2,})(?P<word>满意度|满意率|知晓率)$")
OTHER = {"满意度": "满意率", "满意率": "满意度", "知晓率": "知晓度"}


def mutate(draw, lines: list[str]) -> int | None:
    bases = {number: match["plan"] for number, line in enumerate(lines) if (match := BASIS.fullmatch(line))}
    plans = Counter(plan for plan in bases.values() if plan in PLANS)
    rated = [match for line in lines if (match := RATED.fullmatch(line))]
    names = [f"{match['name']}{match['word']}" for match in rated]
    texts = [
        (number, name)
        for number, line in enumerate(lines)
        for name in names
        if not RATED.fullmatch(line) and not line.lstrip().startswith("#") and line.count(name) == 1
    ]
    paragraphs = [number for number, line in enumerate(lines) if re.fullmatch(r" +(?=[^ #-])(?:(?!: ).)+。", line)]
    schemes = Counter(plan for plan in bases.values() if plan.endswith("实施方案") and len(plan) > 5)
    kinds = ["scheme"] if schemes and max(schemes.values()) > 2 else []
    if len(plans) == 1 and max(plans.values()) > 2:
        kinds.append("plan")
    if texts:
        kinds.append("renamed")
    if names and paragraphs:
        kinds.append("added")
    kind = draw(st.sampled_from(kinds)) if kinds else None
    if kind == "plan":
        number = draw(st.sampled_from([number for number, plan in bases.items() if plan in plans]))
        other = draw(st.sampled_from([one for one in PLANS if one not in plans]))
        lines[number] = BASIS.fullmatch(lines[number])["key"] + other
    elif kind == "scheme":
        usual = schemes.most_common(1)[0][0]
        number = draw(st.sampled_from([number for number, plan in bases.items() if plan == usual]))
        ending = draw(st.sampled_from(("方案", "工作方案", "工作实施方案")))
        lines[number] = BASIS.fullmatch(lines[number])["key"] + usual[:-4] + ending
    elif kind == "renamed":
        number, name = draw(st.sampled_from(texts))
        lines[number] = lines[number].replace(name, name[:-3] + OTHER[name[-3:]])
    elif kind == "added":
        number, name = draw(st.sampled_from(paragraphs)), draw(st.sampled_from(names))
        lines[number] += f"{name[:-3]}{OTHER[name[-3:]]}达到{draw(st.integers(85, 99))}%。"
    else:
        return None
    return number
