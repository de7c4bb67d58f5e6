"""A placeholder, an instruction or a mark of another program stays in a paragraph or in a cell."""

import re

from hypothesis import strategies as st

PARAGRAPH = re.compile(r" +(?=[^ #-])(?:(?!: |\{\{).)+。")
CELL = re.compile(r"(?P<key> +(?:绩效指标描述|资金用途|年度指标值|指标值|三级指标): )[^{}#\"]+")
GAPS = (
    "受益群众{}人，满意度较高。",
    "全年完成项目{}个。",
    "共投入资金{}万元，全部到位。",
    "新建改造{}处，惠及群众。",
)
NOTHING = ("    ", "　　", "……", "——", "＿＿", "___", "N", "X", "XX", "***", "＊＊")
SENTENCES = (
    "服务群众{}人次。",
    "由{}县财政局审核。",
    "{}单位按计划组织实施，资金拨付及时。",
    "培训{}人，满意度达到{}%。",
    "项目于{}年完成验收。",
)
BLANKS = ("***", "＊＊", "XX", "××", "XXX", "xx", "某某", "＿＿", "____", "○○", "×××", "？？", "△△")
LEFT = (
    "（厅/局）",
    "(省/市/县)",
    "（100字以内）",
    "（不超过500字）",
    "（请简要说明依据）",
    "【待填写】",
    "（此处填写单位全称）",
    "（单位名称）",
    "[待补充]",
    "（简述项目背景和主要内容）",
    "<br>",
    "&nbsp;",
    "错误！未找到引用源。",
    "#REF!",
    "20XX年",
    "202×年",
    "2024年X月X日",
    "（可自行增减）",
    "（如有）",
    "（如涉及，请说明）",
    "（必填）",
    "（详细说明）",
    "（）",
    "《》",
    "20  年",
    "20**年",
    "见附件X",
    "是否公开☐是☐否",
    "□是 □否",
    "{填报人姓名}",
)
CELLS = (
    "指标1",
    "指标2：",
    "……",
    "待填写",
    "待定",
    "...",
    "请输入内容",
    "XX",
    "目标2",
    "XX次",
    "同上",
    "（同前）",
    "N个",
    "示例：培训30人",
)
BOLD = re.compile("[一-鿿]{2,6}")


def mutate(draw, lines: list[str]) -> int | None:
    paragraphs = [number for number, line in enumerate(lines) if PARAGRAPH.fullmatch(line)]
    cells = [number for number, line in enumerate(lines) if CELL.fullmatch(line)]
    kind = draw(st.sampled_from(["blank", "gap", "left", "bold", "heading", "cell"]))
    if not (cells if kind == "cell" else paragraphs):
        return None
    at = draw(st.sampled_from(cells if kind == "cell" else paragraphs))
    words = lines[at].lstrip()
    indent = lines[at].removesuffix(words)
    if kind == "cell":
        lines[at] = CELL.match(lines[at])["key"] + draw(st.sampled_from(CELLS))
    elif kind == "blank":
        lines[at] += draw(st.sampled_from(SENTENCES)).replace("{}", draw(st.sampled_from(BLANKS)))
    elif kind == "gap":
        lines[at] += draw(st.sampled_from(GAPS)).format(draw(st.sampled_from(NOTHING)))
    elif kind == "left":
        left = draw(st.sampled_from(LEFT))
        lines[at] = f"{lines[at]}{left}" if draw(st.booleans()) else f"{lines[at].removesuffix('。')}{left}。"
    elif kind == "bold":
        match = draw(st.sampled_from(list(BOLD.finditer(words))))
        lines[at] = f"{indent}{words[: match.start()]}**{match.group()}**{words[match.end() :]}"
    else:
        lines[at] = indent + draw(st.sampled_from(["# ", "## ", "### "])) + words
    return at
