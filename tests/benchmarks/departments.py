"""Made-up departments: specs of every size and kind of text, the same ones for the same seed."""

from collections.abc import Iterator
from random import Random
from typing import Any

import yaml

# What such texts are made of: clauses, names of projects, and names of documents, with the figures, quotation marks,
# brackets and Latin letters that stand in them.
_CLAUSES = (
    *("深入贯彻落实上级决策部署", "按时足额发放各类补助资金", "全年开展业务培训12期", "完成农村公路养护320公里"),
    *("保障机关日常工作正常运转", "为群众提供优质高效的服务", "资金使用合规率达到100%", "服务对象满意度达到95%以上"),
    *("推进“放管服”改革", "落实“一村（居）一法律顾问”制度", "做到“应保尽保、应助尽助”", "推行“互联网+政务服务”"),
    *("2024年12月底前全部完成", "较上年增长8.5%", "覆盖全县553个村（社区）", "受益群众不少于12000人次"),
    *("资金总额1200.50万元", "每人每月补助300元", "新建、改建卫生厕所1500座", "购置办公设备45台（套）"),
    *("严格执行《中华人民共和国预算法》", "建立健全内部控制制度", "公开接受社会监督", "及时化解矛盾纠纷"),
    *("依法行政", "提质增效", "成效明显", "进度正常", "稳步推进", "群众满意"),
    *("使用APP办理业务的比例不低于60%", "按照GB/T 9704的要求规范公文格式", "PM2.5平均浓度下降3%", "建成5G基站36个"),
    *("（一）组织领导坚强有力", "一是加强队伍建设", "（2）完善工作机制", "第1—3季度完成投资80%"),
)
_NAMES = (
    *("法律援助", "社区矫正工作经费", "人民调解员补贴", "农村公路养护", "城乡居民基本医疗保险县级配套资金"),
    *("冀财预〔2023〕12号提前下达2024年困难群众救助补助资金", "公共文化场馆免费开放", "乡村振兴衔接资金"),
    *(
        "老旧小区改造（二期）",
        "高标准农田建设项目",
        "“雪亮工程”运行维护费",
        "创业担保贷款贴息",
        "义务教育阶段营养改善计划",
    ),
)
_BASES = (
    *("年度工作计划", "上年统计数据", "行业标准", "政府会议纪要", "《河北省省级预算绩效管理办法》", "合同约定"),
    *("《中华人民共和国法律援助法》第十二条", "冀财预〔2023〕12号文件", "市委办公厅、市政府办公厅印发的《实施意见》"),
)
_GROUPS = {
    "成本指标": ("经济成本指标", "社会成本指标", "生态环境成本指标"),
    "产出指标": ("数量指标", "质量指标", "时效指标", "成本指标"),
    "效益指标": ("经济效益指标", "社会效益指标", "生态效益指标", "可持续影响指标", "政治效益指标"),
    "满意度指标": ("服务对象满意度指标", "社会公众满意度指标"),
}
_SCALES = (1, 1, 1, 3)  # how much longer than usual the texts of a document are


def departments(count: int, seed: int) -> Iterator[tuple[str, str]]:
    """A name and the YAML text of each of `count` specs, every fifth of them for the Hunan layout."""
    random = Random(seed)
    for number in range(count):
        spec = _hunan(random) if number % 5 == 4 else _hebei(random)
        yield f"department-{number:04d}", yaml.safe_dump(spec, allow_unicode=True, sort_keys=False)


def department(projects: int, seed: int) -> str:
    """The YAML text of a spec for the Hebei layout with so many projects."""
    random = Random(seed)
    spec = {**_hebei(random), "项目": [_project(random, 1) for _ in range(projects)]}
    return yaml.safe_dump(spec, allow_unicode=True, sort_keys=False)


def _text(random: Random, least: int, most: int) -> str:
    """One line of clauses, of about `least` to `most` characters."""
    length = random.randint(least, most)
    if length < 12:
        return random.choice(_CLAUSES[24:30])
    text = random.choice(_CLAUSES)
    while len(text) < length:
        text += random.choice("，，，、；。") + random.choice(_CLAUSES)
    return text + random.choice(("。", "。", ""))


def _name(random: Random, most: int) -> str:
    """A name of one or more parts, of about `most` characters at most."""
    name = random.choice(_NAMES)
    while len(name) < most and random.random() < 0.3:
        name += "及" + random.choice(_NAMES)
    return name


def _prose(random: Random, paragraphs: int, most: int) -> str:
    return "\n".join(_text(random, 2, most) for _ in range(random.randint(1, paragraphs)))


def _amount(random: Random, most: int = 9999) -> float:
    return random.randint(1, most * 100) / 100


def _hebei(random: Random) -> dict[str, Any]:
    scale = random.choice(_SCALES)
    return {
        "版式": "hebei/budget-performance/2024",
        "年度": 2024,
        "部门": "长青县" + random.choice(("司法局", "农业农村局", "住房和城乡建设局", "人力资源和社会保障局")),
        "财政部门": "长青县财政局",
        "单位编码": "402001",
        "单位名称": _name(random, 12) + "中心",
        "总体绩效目标": _prose(random, 12, 200 * scale),
        "分项绩效目标": _prose(random, 12, 300 * scale),
        "工作保障措施": _prose(random, 8, 300),
        "项目": [_project(random, scale) for _ in range(random.choice((1, 3, 8, 14, 20, 30, 60)))],
    }


def _project(random: Random, scale: int) -> dict[str, Any]:
    project: dict[str, Any] = {
        "项目编码": "13080024P00402100001M",
        "项目名称": _name(random, random.choice((12, 30, 80))),
        "财政资金": _amount(random),
        "资金支出计划": {"3月底": "25%", "6月底": "50%", "10月底": "75.5%", "12月底": "100%"},
    }
    if random.random() < 0.1:
        return {**project, "涉密": True}
    if random.random() < 0.3:
        project["其他资金"] = _amount(random, 99)
    goals = random.choice((1, 2, 3, 8, 8 * scale))
    return {
        **project,
        "资金用途": _text(random, 4, random.choice((30, 120, 400 * scale))),
        "绩效目标": [_text(random, 6, random.choice((40, 150))) for _ in range(goals)],
        "绩效指标": _indicators(random, _hebei_row, scale),
    }


def _indicators(random: Random, row: Any, scale: int) -> dict[str, Any]:
    groups = list(_GROUPS) if random.random() < 0.3 else list(_GROUPS)[1:]
    return {
        group: {
            one: [row(random, scale) for _ in range(random.choice((1, 1, 1, 2, 3, 6)))]
            for one in random.sample(_GROUPS[group], random.randint(1, len(_GROUPS[group])))
        }
        for group in groups
    }


def _hebei_row(random: Random, scale: int) -> dict[str, Any]:
    # A basis of 300 characters is most of a page in its column, one of 900 more than a page.
    basis = random.choice(_BASES)
    if random.random() < 0.05:
        basis = "、".join(random.choices(_BASES, k=random.choice((3, 6, 20, 60))))
    return {
        "三级指标": _name(random, 14 * scale),
        "绩效指标描述": _text(random, 4, 40 * scale),
        "指标值": _value(random),
        "指标值确定依据": basis,
    }


def _value(random: Random) -> str:
    number = random.choice(
        ("95%", "1.25万元", "12000人次", "45000元", "300件", "2,000.00元/人·月", "12月31日前", "99.99%")
    )
    return (
        random.choice(("≥", "≤", "＝", "不少于", "", ">=", "＞")) + number
        if random.random() < 0.8
        else _text(random, 3, 20)
    )


def _hunan(random: Random) -> dict[str, Any]:
    scale = random.choice(_SCALES)

    def prose() -> str:
        return _prose(random, 6, 250 * scale)

    return {
        "版式": "hunan/self-evaluation/2022",
        "年度": 2022,
        "部门": "长青县档案馆",
        "日期": "2023年3月10日",
        "引言": prose(),
        "部门基本情况": {"职能职责": prose(), "机构设置": prose(), "人员编制": prose()},
        "一般公共预算支出情况": {"基本支出": prose(), "项目支出": prose()},
        "政府性基金预算支出情况": _text(random, 8, 60),
        "国有资本经营预算支出情况": _text(random, 8, 60),
        "社会保险基金预算支出情况": _text(random, 8, 60),
        "部门整体支出绩效情况": {"概述": prose(), "成绩": [prose() for _ in range(random.randint(1, 6))]},
        "存在的问题及原因分析": {"问题": [prose() for _ in range(random.randint(1, 5))]},
        "下一步改进措施": {"措施": [{"标题": _name(random, 45), "正文": prose()} for _ in range(random.randint(1, 9))]},
        "基础数据表": {
            "财政供养人员": {"编制数": 16, "实际在职人数": 15},
            "经费控制": {
                "其中": [
                    {"名称": _name(random, 40), "上年决算数": _amount(random), "决算数": _amount(random)}
                    for _ in range(random.choice((1, 2, 8, 30)))
                ]
            },
            "厉行节约保障措施": _text(random, 10, 400),
        },
        "自评表": {
            "年度资金总额": {"全年预算数": 286.0, "全年执行数": 281.75, "分值": 10, "得分": 9.85},
            "按支出性质分": {"基本支出": 218.0, "项目支出": 63.36},
            "年初目标设定": _prose(random, 6, 150 * scale),
            "全年实际完成情况": _prose(random, 6, 150 * scale),
            "绩效指标": _indicators(random, _hunan_row, scale),
        },
    }


def _hunan_row(random: Random, scale: int) -> dict[str, Any]:
    return {
        "三级指标": _name(random, 14 * scale),
        "年度指标值": _value(random),
        "实际完成值": _value(random),
        "分值": 1,
        "得分": 1,
        "偏差原因分析及改进措施": _text(random, 3, random.choice((10, 30, 60 * scale))),
    }
