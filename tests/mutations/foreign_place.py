"""A sentence or a name of a superior from another province's document."""

import re

from hypothesis import strategies as st

PLACES = {
    "河北": ("秦皇岛市", "沧州市", "卢龙县", "昌黎县"),
    "湖南": ("邵阳市", "永州市", "绥宁县", "新田县"),
    "河南": ("洛阳市", "南阳市", "兰考县", "新乡市"),
    "四川": ("绵阳市", "宜宾市", "安岳县", "阿坝州"),
    "山东": ("潍坊市", "临沂市", "沂水县", "诸城市"),
    "贵州": ("遵义市", "黔东南州", "湄潭县", "凯里市"),
    "浙江": ("温州市", "绍兴市", "安吉县", "义乌市"),
    "甘肃": ("天水市", "临夏州", "通渭县", "敦煌市"),
}
WHOLE = (
    "按照{}有关部门的要求组织实施。",
    "经{}人民政府同意后实施。",
    "{}财政局负责资金监管。",
    "覆盖{}全部乡镇。",
    "提高{}群众的获得感。",
    "为{}经济社会发展提供保障。",
    "在{}财政局的业务指导下开展工作。",
    "落实{}人民政府会议精神。",
    "根据《{}人民政府关于印发实施方案的通知》执行。",
    "{}平均收入稳步增长。",
)
DISTRICTS = ("上海市松江区", "藁城区", "雨花台区", "沙坪坝区", "鼎城区", "余杭区")
BARE = (
    "建立符合{}实际的工作机制。",
    "结合{}实际，细化工作措施。",
    "深入推进法治{}建设。",
    "推进平安{}建设。",
    "打造{}文化强县。",
    "推动{}高质量发展。",
    "打造具有{}特色的品牌。",
)
PARAGRAPH = re.compile(r" +(?:- )?(?=[^ #-])(?:(?!: ).)+。")


def mutate(draw, lines: list[str]) -> int | None:
    home = next(
        (one for one in PLACES if any(mark in lines[at] for at in range(len(lines)) for mark in marks(one))), None
    )
    paragraphs = [number for number, line in enumerate(lines) if PARAGRAPH.fullmatch(line)]
    if home is None or not paragraphs:
        return None
    number = draw(st.sampled_from(paragraphs))
    province = draw(st.sampled_from([one for one in PLACES if one != home]))
    local = [match for match in re.finditer(f"{home}省|{home}(?=实际)", lines[number]) if "《" not in lines[number]]
    if local and draw(st.booleans()):
        match = draw(st.sampled_from(local))
        lines[number] = lines[number][: match.start()] + province + lines[number][match.start() + 2 :]
        return number
    if draw(st.integers(0, 5)) == 0:
        one = draw(st.sampled_from([one for one in DISTRICTS if one not in lines[number]]))
        lines[number] += draw(st.sampled_from(WHOLE)).format(one)
        return number
    place = draw(st.sampled_from((f"{province}省", *PLACES[province])))
    if draw(st.booleans()):
        lines[number] += draw(st.sampled_from(WHOLE)).format(place)
    else:
        lines[number] += draw(st.sampled_from(BARE)).format(place[:-1])
    return number


def marks(province: str) -> tuple[str, ...]:
    """What shows that a department is in a province."""
    region = {"河北": "版式: hebei/", "湖南": "版式: hunan/", "四川": "版式: sichuan/"}.get(province, province + "省")
    return region, f"部门: {province}省"
