"""An identity card, a telephone, a bank card, or a person's name in a project's name or goal."""

import re
from datetime import date

from hypothesis import strategies as st

PROSE = re.compile(r"  +[^:#{}\[\]]*[一-鿿]，[^:#{}\[\]]*")
NAME = re.compile(r"([ -]*项目名称: )[^#]+")
GOAL = re.compile(r" +(?:年初目标设定|绩效目标):(?: [^|#]+| \|)?")
NAMES = (
    "王强",
    "李建国",
    "张桂英",
    "刘洋",
    "陈志明",
    "赵秀兰",
    "周海燕",
    "孙立军",
    "马玉梅",
    "欧阳海",
    "高建华",
    "王小丽",
    "赵长福",
)
MATTERS = (
    "优抚",
    "医疗救助资金",
    "同志遗属生活补助",
    "等3人信访救助",
    "大病补助",
    "抚恤金",
    "一家临时救助",
    "住院护理费",
    "同志特别扶助",
    "等12名学生助学金",
    "等家庭经济困难学生资助",
)


def mutate(draw, lines: list[str]) -> int | None:
    prose = [at for at, line in enumerate(lines) if PROSE.fullmatch(line)]
    named = [at for at, line in enumerate(lines) if NAME.fullmatch(line) or GOAL.fullmatch(line)]
    kind = draw(st.sampled_from(("id", "mobile", "card", *(["person"] if named else []))))
    if kind == "person":
        at = draw(st.sampled_from(named))
        person, matter = draw(st.sampled_from(NAMES)), draw(st.sampled_from(MATTERS))
        if match := NAME.fullmatch(lines[at]):
            lines[at] = f"{match[1]}{draw(st.sampled_from(('', '关于解决', '2024年')))}{person}{matter}"
            return at
        at += lines[at][-1] in ":|"
        lines[at] += f"保障{person}{matter}。"
        return at
    at = draw(st.sampled_from(prose))
    comma = draw(st.sampled_from([one.start() for one in re.finditer("，", lines[at])]))
    made = {"id": identity, "mobile": mobile, "card": card}[kind](draw)
    said = {"id": "身份证号", "mobile": "联系电话", "card": "银行卡号"}[kind] + made
    lines[at] = f"{lines[at][:comma]}，{said}{lines[at][comma:]}"
    return at


def digits(draw, count: int) -> str:
    return draw(st.text("0123456789", min_size=count, max_size=count))


def identity(draw) -> str:
    region = draw(st.sampled_from(("130324", "430527", "110101", "620102")))
    born = draw(st.dates(min_value=date(1930, 1, 1), max_value=date(2020, 12, 31)))
    written = f"{region}{born:%Y%m%d}{digits(draw, 3)}"
    total = sum(int(one) * (2 ** (17 - at) % 11) for at, one in enumerate(written))
    return written + draw(st.sampled_from(("10X98765432"[total % 11], "10x98765432"[total % 11])))


def mobile(draw) -> str:
    written = draw(st.sampled_from(("138", "139", "150", "187", "199", "176"))) + digits(draw, 8)
    gap = draw(st.sampled_from(("", "", "-", " ")))
    return gap.join((written[:3], written[3:7], written[7:]))


def card(draw) -> str:
    start = draw(st.sampled_from(("622202", "621700", "622848", "955880")))
    written = start + digits(draw, draw(st.sampled_from((9, 12))) if start != "955880" else 12)
    doubled = [int(one) * (2 - at % 2) for at, one in enumerate(reversed(written))]
    written += str(-sum(one // 10 + one % 10 for one in doubled) % 10)
    return re.sub("(.{4})(?=.)", r"\1 ", written) if draw(st.booleans()) else written
