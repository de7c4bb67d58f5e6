"""A withdrawn term, a body of before a reform, or a repealed law, in a sentence of a document of later years."""

import re

from hypothesis import strategies as st

SENTENCES = (
    "会同县环保局开展联合检查。", "配合县国土资源局做好用地报批。", "做好刑释解教人员安置帮教工作。", "深入开展法制宣传教育。",
    "由县工商局、质监局按职责分工负责。", "依照《合同法》签订合同。", "依照《中华人民共和国物权法》办理登记。", "由县卫计局牵头落实。",
    "执行《事业单位会计制度》。", "参加新型农村合作医疗。", "缴纳营业税。", "资金由公共财政预算安排。", "做好流浪乞讨人员收容遣送工作。",
    "负责社会救济工作。", "安监局定期开展抽查。", "依据《财政支出绩效评价管理暂行办法》开展自评。", "向国税局、地税局申报。",
    "加强社区服刑人员管理。", "配合公安消防大队开展演练。", "由物价局核定收费标准。", "县法制办负责审核。", "取得会计从业资格。",
    "为残废军人提供便利。", "按照《行政监察法》接受监督。", "依照《婚姻法》《收养法》办理登记。", "报请卫生和计划生育局批准。",
    "由县旅游局验收。", "县广电局负责播出。", "配合国家工商总局抽查。", "向县监察局报告。", "依照《革命烈士褒扬条例》评定。",
    "营造法制化营商环境。", "办理食品流通许可证。", "地方一般预算收入增长。", "依照《企业劳动争议处理条例》处理。",
    "走访慰问残废群众。", "为弱智学生送教上门。",
)  # fmt: skip
REPLACED = {"法治宣传": "法制宣传", "法治教育": "法制教育", "生态环境局": "环保局", "农业农村局": "农业局", "社会救助": "社会救济",
            "一般公共预算": "公共财政预算", "民法典": "合同法", "应急管理局": "安监局", "卫生健康局": "卫计局", "自然资源局": "国土局"}  # fmt: skip
PARAGRAPH = re.compile(r" +(?:- )?(?=[^ #-])(?:(?!: ).)+。")


def mutate(draw, lines: list[str]) -> int | None:
    year = next((int(line[4:8]) for line in lines if line.startswith("年度: ")), 0)
    paragraphs = [number for number, line in enumerate(lines) if PARAGRAPH.fullmatch(line)]
    if year < 2021 or not paragraphs:
        return None
    number = draw(st.sampled_from(paragraphs))
    here = [right for right in REPLACED if re.search(rf"{right}(?!费|支出)", lines[number])]
    if here and not re.search("《|原|20[01][0-9]年|取消|更名", lines[number]):
        right = draw(st.sampled_from(here))
        lines[number] = lines[number].replace(right, REPLACED[right], 1)
    else:
        lines[number] += draw(st.sampled_from(SENTENCES))
    return number
