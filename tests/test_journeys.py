"""What a department does with its specs from the goals to the finished documents, as somebody who accepts it looks."""

import io
import re
from decimal import Decimal
from pathlib import Path

import pytest
from conftest import ROOT
from docx import Document
from docx.oxml.ns import qn
from perfc import Result, Severity, Sources, compile_spec, scoring
from perfc.compile import understand
from perfc.following import follow
from perfc.vocabulary import Record

BUILT_IN = (ROOT / "templates",)
GOALS = ROOT / "specs/hebei/lulong-justice/2024/budget-performance.yaml"
LIBRARY = ROOT / "specs/hunan/qingxi-library/2023"
TARGETS, MONITORING = "national/project-targets/2015", "national/monitoring/2019"
OWN = "national/project-self-evaluation/2020"

WHY = "人手不足；2025年补充。"
# By project: the budget and what was spent of it, with the points for that; each row's result, points, score if the
# author has to write it, and the score that is due; total and grade.
EVALUATIONS = {
    "法律援助": (
        ("2.50", "2.30", "9.2"),  # 2.30 / 2.50 = 92 %, × 10
        [
            ("法律援助办案数", "184件", 20, None, "18.4"),  # ≥200: 184 / 200 × 20
            ("提高法律援助质量", "达到服务行业标准", 10, "9", "9"),  # words: whoever judges, from 8 to 10
            ("完成进度", "2024年12月20日", 10, None, "10"),  # within 2024
            ("标准执行", "23000元", 10, None, "10"),  # a cost of 25000 at most
            ("维护社会和谐稳定", "有所提升", 30, "26", "26"),
            ("受援人满意度", "93.1%", 10, None, "9.8"),  # ≥95: 93.1 / 95 × 10 = 9.8
        ],
        ("92.4", "优"),  # 9.2 + 18.4 + 9 + 10 + 10 + 26 + 9.8
    ),
    "法治宣传经费": (
        ("13.00", "12.61", "9.7"),  # 97 %
        [
            ("普法收益人数", "52000人", 20, None, "20"),  # ≥15000: three times as many, no more than all points
            ("法治宣传覆盖面", "96%", 10, None, "9.6"),  # 100 % is a floor: 96 / 100 × 10
            ("完成时间", "2025年1月10日", 10, "8", "8"),  # due by the end of 2024: late, whoever judges
            ("多样宣传", "139000元", 10, None, "9.35"),  # a cost of 130000 at most: 130 / 139 × 10 = 9.352…
            ("法律知晓率提高", "有所提升", 30, "20", "20"),
            ("群众对法治宣传工作的满意率", "97%", 10, None, "10"),
        ],
        ("86.65", "良"),  # 9.7 + 20 + 9.6 + 8 + 9.35 + 20 + 10
    ),
    "建立社会工作者队伍，推进社区矫正社会化建设": (
        ("10.00", "4.00", "4"),  # 40 %
        [
            ("建设社会工作者队伍", "6人", 20, "12", "12"),  # 10人 without ≥ or ≤: whoever judges
            ("重新违法犯罪率", "0.25%", 10, None, "8"),  # <0.2: 0.2 / 0.25 × 10
            ("完成时限", "2024年", 10, None, "10"),
            ("工作投入", "40000元", 10, None, "10"),
            ("社会稳定程度", "成效不明显", 30, "15", "15"),
            ("社会满意度", "90%", 10, None, "9.47"),  # ≥95: 90 / 95 × 10 = 9.473…
        ],
        ("68.47", "中"),  # 4 + 12 + 8 + 10 + 10 + 15 + 9.47
    ),
    "社区矫正工作经费": (
        ("5.00", "5.00", "10"),
        [
            ("保障人数", "5人", 20, None, "20"),
            ("转为一帮帮教对象比例", "0%", 10, None, "0"),
            ("工作投入", "50000元", 10, None, "10"),
            ("及时性", "每月10日前拨付", 10, "10", "10"),  # yes or no
            ("社会稳定", "没有再违法犯罪", 30, "30", "30"),
            ("满意度", "95%", 10, None, "10"),
        ],
        ("90", "优"),  # 10 + 20 + 0 + 10 + 10 + 30 + 10: the lowest that is 优
    ),
}


def filled(project: str, folder: Path) -> Path:
    """What `perfc next` writes, with one project, filled in by hand."""
    (budget, spent, _), rows, _ = EVALUATIONS[project]
    text, _ = follow(GOALS.as_posix(), OWN, BUILT_IN, folder)
    assert text
    head, *projects = re.split(r"(?=^  - 项目编码)", text, flags=re.MULTILINE)
    own = next(one for one in projects if f"项目名称: {project}\n" in one)
    by_hand = {"实施单位": "卢龙县司法局", "实际完成情况": "完成年初设定的主要任务。"}
    for section in re.split(r"(?=三级指标: |当年财政拨款:|上年结转资金:)", own):
        name = section.partition("\n")[0].partition(": ")[2]
        now = by_hand | {"全年预算数": budget, "全年执行数": spent} if "当年财政拨款" in section else by_hand
        now = {"分值": "10", **now} if "年度资金总额" in section else now
        for row, actual, points, score, due in rows:
            if row == name:
                now = {"实际完成值": actual, "分值": str(points), "得分": score or ""}
                now["偏差原因分析及改进措施"] = WHY if due != str(points) or actual == "52000人" else ""
        head += re.sub(r"(\S+):   # 填写.*", lambda key, now=now: f"{key[1]}: {now.get(key[1], '')}", section)
    path = folder / "self-evaluation.yaml"
    path.write_text(head, "utf-8")
    return path


def cells(result: Result) -> list[list[str]]:
    assert result.docx, [one.message for one in result.diagnostics]
    tables = Document(io.BytesIO(result.docx)).tables
    return [
        ["".join(text.text for text in cell.iter(qn("w:t"))) for cell in row.tc_lst]
        for table in tables
        for row in table._tbl.tr_lst
    ]


def texts(result: Result) -> str:
    assert result.docx, [(one.rule, one.message) for one in result.diagnostics]
    return "\n".join(
        "".join(text.text for text in paragraph.iter(qn("w:t")))
        for paragraph in Document(io.BytesIO(result.docx)).element.body.iter(qn("w:p"))
    )


@pytest.mark.parametrize("project", EVALUATIONS)
def test_points_total_and_grade_are_those_of_the_regulation(project: str, tmp_path: Path) -> None:
    (budget, spent, points), rows, (total, grade) = EVALUATIONS[project]
    path = filled(project, tmp_path)
    result = compile_spec(path.as_posix(), Sources(), BUILT_IN)
    assert not [one.message for one in result.diagnostics if one.severity is Severity.ERROR]
    printed = cells(result)
    (funds,) = [row for row in printed if row[1] == "年度资金总额"]
    assert (funds[3], funds[4], funds[7]) == (budget, spent, points)
    made = {row[3]: (row[5], row[6], row[7]) for row in printed if len(row) == 9}
    for name, actual, of, _, due in rows:
        assert made[name] == (actual, str(of), due), name
    assert printed[-1][:3] == ["总分", "100", total]
    understood, _ = understand(path.as_posix(), Sources(), BUILT_IN)
    assert understood
    record = Record(understood[0][0], Sources(), understood[0][1].data)
    assert scoring.grade(Decimal(total), record.scoring["等级"]) == grade


def test_what_nobody_can_compute_is_asked_for(tmp_path: Path) -> None:
    path = filled("法治宣传经费", tmp_path)
    path.write_text(re.sub("得分: (8|20)\n", "得分:\n", path.read_text("utf-8")), "utf-8")
    found = compile_spec(path.as_posix(), Sources(), BUILT_IN).diagnostics
    assert [(one.rule, one.message) for one in found if one.severity is Severity.ERROR] == [
        (
            "score-missing",
            "“完成时间”没有写“得分”，也不能计算：2025年1月10日 超过了“年度指标值”2024年底，怎样扣分由评价的人确定",
        ),
        ("score-missing", "“法律知晓率提高”没有写“得分”，也不能计算：定性指标的得分由评价的人确定"),
    ]
    assert "24 至 30 分" in found[1].notes[0].message  # 80 % to 100 % of 30


RECORD = {
    "a.yaml": f"""\
版式: [{TARGETS}, {MONITORING}, {OWN}]
年度: 2024
部门: 云溪县水利局
主管部门代码: 205
项目:
  引用: projects/*.yaml
""",
    "projects/1.yaml": """\
项目名称: 农村饮水工程维修养护
项目期: 1年
年度资金总额: {分值: 10}
当年财政拨款: {年初预算数: 120.00, 1-7月执行数: 66.00, 全年预计执行数: 120.00, 全年预算数: 120.00, 全年执行数: 118.00}
上年结转资金: {年初预算数: 10.00, 1-7月执行数: 10.00, 全年预计执行数: 10.00, 全年预算数: 10.00, 全年执行数: 10.00}
其他资金: {年初预算数: 20.00, 1-7月执行数: 5.00, 全年预计执行数: 20.00, 全年预算数: 20.00, 全年执行数: 16.00}
年度总体目标: 维修养护农村饮水工程36处。
实际完成情况: 维修养护农村饮水工程33处。
绩效指标:
  产出指标:
    数量指标:
      - 三级指标: 维修养护工程
        年度指标值: ≥36处
        1-7月执行情况: 12处
        全年预计完成情况: 35处
        偏差原因分析: {其他: √, 原因说明: 汛期停工}
        完成目标可能性: 有可能
        实际完成值: 33处
        分值: 50
        偏差原因分析及改进措施: 一处管网未完工；2025年汛前开工。
  效益指标:
    社会效益指标:
      - 三级指标: 受益人口
        年度指标值: ≥24000人
        1-7月执行情况: 24100人
        全年预计完成情况: 24500人
        完成目标可能性: 确定能
        实际完成值: 24600人
        分值: 30
  满意度指标:
    服务对象满意度指标:
      - 三级指标: 用水户满意度
        年度指标值: ≥90%
        1-7月执行情况: 91%
        全年预计完成情况: 92%
        完成目标可能性: 确定能
        实际完成值: 93%
        分值: 10
""",
}
# What each of the three documents prints of the record, in its order; nothing of the others'.
PRINTED = {
    TARGETS: "[205]云溪县水利局 1年 150.00 120.00 30.00 ≥36处 ≥24000人 ≥90%",
    MONITORING: "150.00 81.00 54% 120.00 66.00 55% 30.00 15.00 50% ≥36处 12处 35处 汛期停工 24100人 24500人 91% 92%",
    # 118 + 10 + 16 = 144 of 150; 33 / 36 × 50; 9.6 + 45.83 + 30 + 10
    OWN: "150.00 144.00 10 96% 9.6 ≥36处 33处 45.83 24600人 93% 100 95.43",
}
NOT_PRINTED = {
    TARGETS: "汛期停工 33处 12处 54% 45.83",
    MONITORING: "33处 1年 [205] 144.00 45.83",
    OWN: "汛期停工 12处 1年 [205] 54%",
}


def recorded(folder: Path, **changes: str) -> Result:
    for name, text in RECORD.items():
        (folder / name).parent.mkdir(exist_ok=True)
        for before, after in changes.items():
            text = text.replace(before, after)  # noqa: PLW2901
        (folder / name).write_text(text, "utf-8")
    return compile_spec((folder / "a.yaml").as_posix(), Sources(), BUILT_IN)


def test_one_record_becomes_three_documents(tmp_path: Path) -> None:
    result = recorded(tmp_path)
    assert result.diagnostics == ()
    documents = {one.layout: one for one in (result, *result.more)}
    assert list(documents) == [TARGETS, MONITORING, OWN]
    for layout, document in documents.items():
        rest = "".join("".join(row) + "|" for row in cells(document))
        assert not [word for word in NOT_PRINTED[layout].split() if word in rest]
        for word in PRINTED[layout].split():
            assert word in rest, (layout, word)
            rest = rest.partition(word)[2]


MISTAKES = {
    # what the record says, what it is made to say, and the rule that finds it, whichever layouts it concerns
    "24600人": ("24600仁", "score-missing"),
    "其他资金: {年初预算数: 20.00": ("其他资金: {年初预算数: 二十", "schema"),
    "分值: 30": ("分值: 31", "points-total"),
    "汛期停工}": ("待补充}", "template-residue"),
    "≥24000人": ("不少于24000人", "value-in-words"),
    "36处。": ("36处。。", "repeated-text"),
}


@pytest.mark.parametrize("before", MISTAKES)
def test_a_finding_points_into_the_included_file(before: str, tmp_path: Path) -> None:
    after, rule = MISTAKES[before]
    result = recorded(tmp_path, **{before: after})
    places = [(one.rule, one.span.file) for one in result.diagnostics if one.severity is not Severity.SKIPPED]
    assert (rule, (tmp_path / "projects/1.yaml").as_posix()) in places
    assert len(places) == len({*places}), "each is told once"


def test_the_example_report_types_no_figure_in_prose() -> None:
    """But those in dates, and the numbers of annexes and of items."""
    prose = (LIBRARY / "self-evaluation.yaml").read_text("utf-8").partition("基础数据表:\n")[0]
    text = re.sub(r"#.*|\{\{[^}]*\}\}|附件1-2|^ +\d\.", "", prose.partition("引言:")[2], flags=re.MULTILINE)
    assert not re.findall(r"\d", text)


def test_the_example_report_agrees_with_its_goals() -> None:
    for name in ("department-targets", "self-evaluation"):
        result = compile_spec((LIBRARY / f"{name}.yaml").as_posix(), Sources(), BUILT_IN)
        assert result.diagnostics == ()
        assert result.docx


FIGURES = {
    # a line of the example, what it is changed to, and what changes with it throughout the report: old and new
    "实际完成值: 164700人次": (
        "实际完成值: 171000人次",
        # 171000 / 180000 × 10 = 9.5 instead of 9.15
        {"164700": "171000", "9.15": "9.5", "47.90": "48.25", "89.62": "89.97"},
    ),
    "实际完成值: 12480册": ("实际完成值: 12960册", {"12480": "12960"}),
    "全年执行数: 417.95": (
        "全年执行数: 452.16",
        # 452.16 / 502.40 = 90 %
        {"417.95": "452.16", "83.19%": "90%", "8.32": "9", "84.45": "50.24", "89.62": "90.3", "良好": "优秀"},
    ),
    "公用经费: {上年决算数: 20.10, 预算数: 19.50, 决算数: 18.94}": (
        "公用经费: {上年决算数: 20.10, 预算数: 19.50, 决算数: 19.04}",
        {"18.94": "19.04", "240.40": "240.50"},
    ),
    "业务工作经费: {上年决算数: 46.00, 预算数: 60.00, 决算数: 52.40}": (
        "业务工作经费: {上年决算数: 46.00, 预算数: 60.00, 决算数: 51.30}",
        {"52.40": "51.30", "177.55": "176.45"},
    ),
    "公务接待: {上年决算数: 0.86, 预算数: 0.80, 决算数: 0.62}": (
        "公务接待: {上年决算数: 0.86, 预算数: 0.80, 决算数: 0.88}",
        # an indicator's result too: 0.80 / 0.88 × 5 = 4.55
        {"0.62": "0.88", "0.24": "-0.02", "47.90": "47.45", "89.62": "89.17"},
    ),
    "年度指标值: ≥4个": ("年度指标值: ≥5个", {"4个": "5个", "3.75": "3"}),
    "人员经费: 221.46": ("人员经费: 223.15", {"221.46": "223.15", "240.40": "242.09"}),
}
NOTE = re.compile(r"^(说明：|2\.综合评价等级).*", re.MULTILINE)  # printed by the form, with all grades


@pytest.mark.parametrize("line", FIGURES)
def test_a_figure_that_changes_changes_throughout_the_report(line: str, tmp_path: Path) -> None:
    new, changed = FIGURES[line]
    spec = (LIBRARY / "self-evaluation.yaml").read_text("utf-8")
    spec = re.sub("# perfc: from.*", "", spec)
    assert spec.count(line) == 1, "it stands in one place"
    reports = []
    for number, text in enumerate((spec, spec.replace(line, new))):
        path = tmp_path / f"{number}.yaml"
        path.write_text(text, "utf-8")
        reports.append(NOTE.sub("", texts(compile_spec(path.as_posix(), Sources(), BUILT_IN))))
    before, after = reports
    for old, now in changed.items():
        figure = re.compile(rf"(?<![\d.]){re.escape(old)}(?!\d)")
        assert figure.search(before), old
        assert not figure.search(after), old
        assert now in after
    assert len(before.splitlines()) == len(after.splitlines())


def test_the_next_year_keeps_the_figures_that_no_table_has(tmp_path: Path) -> None:
    text, _ = follow((LIBRARY / "self-evaluation.yaml").as_posix(), "hunan/self-evaluation/2022", BUILT_IN, tmp_path)
    assert text
    assert "\n数据:\n  部室: 6  # perfc: review 沿用2023年\n  人员经费: 221.46  # perfc: review 沿用2023年\n" in text
    assert "征集地方文献{{ 数据.新增地方文献 }}种" in text
