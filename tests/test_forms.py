"""The official forms: each has the rows and spans of the printed one, and the rules find mistakes in all of them."""

import io
import re
from pathlib import Path

import pytest
from conftest import EXAMPLES, ROOT
from docx import Document
from docx.oxml.ns import qn
from perfc import Source, Sources, compile_spec

BUILT_IN = (ROOT / "templates",)
# By layout: a mistake in its example, and the rule that finds it on that line.
MISTAKES = {
    "national/department-targets/2015": [
        ("总额: 1300.00\n    财政拨款: 1286.40", "财政拨款: 1286.40", "equation"),
        ("按时发放，贯撤落实。", "按时发放。", "typo"),
        ("显著增加", "≥21000人", "value-vague"),
        ("≥40", "≥40个", "value-no-unit"),
        ("不少于260人次", "≥260人次", "value-in-words"),
        ("三级指标: 改造村卫生室", "三级指标: 培训乡村医生", "indicator-duplicate"),
        ("XXX", "预防接种", "template-residue"),
        ("2024年10月底前", "2025年10月底前", "stale-year"),
        ("≥195%", "≥95%", "value-impossible"),
        ("标准化改造,乡村", "标准化改造，乡村", "half-width"),
        ("老年人（体检", "老年人体检", "brackets"),
        ("目标4：", "目标3：", "numbering"),
        ("电话13812345678", "服务质量逐年提高", "personal-data"),
        ("卫生和计划生育委员会", "居民对基层医疗", "outdated-term"),
        ("提高（详见附件2）", "提高", "missing-annex"),
    ],
    "national/project-targets/2015": [
        ("年度资金总额: {年初预算数: 70.00}\n    当年财政拨款", "当年财政拨款", "equation"),
        ("跟岗学习，贯撤落实。", "跟岗学习。", "typo"),
        ("大量", "≥600人次", "value-vague"),
        ("大量", "≥1800人次", "value-vague"),  # on the left, of the medium term
        ("≥30", "≥30人", "value-no-unit"),
        ("不少于600人次", "≥600人次", "value-in-words"),
        ("三级指标: 培训乡村教师", "三级指标: 选派跟岗教师", "indicator-duplicate"),
        ("XX", "市级", "template-residue"),
        ("2024年11月底前", "2025年11月底前", "stale-year"),
        ("≤80万元", "≤60万元", "cost-over-budget"),
        ("≤280万元", "≤180万元", "cost-over-budget"),
        ("跟岗学习。年度资金总额66.00万元。", "跟岗学习。", "prose-amount"),
        ("≥195%", "≥95%", "value-impossible"),
        ("12期,培训", "12期，培训", "half-width"),
        ("3.选派", "2.选派", "numbering"),
        ("跟岗学习（详见附件2）。", "跟岗学习。", "missing-annex"),
    ],
    "national/monitoring/2019": [
        ("年度资金总额: {1-7月执行数: 60.00}\n    当年财政拨款", "当年财政拨款", "equation"),
        ("1-7月执行数: 86.40", "1-7月执行数: 46.40", "equation"),  # more than in the whole year
        ("贯撤落实", "群众满意", "typo"),
        ("绥宁县维修渠道", "维修渠道", "foreign-place"),
        ("若干", "≥26公里", "value-vague"),
        ("≥48", "≥48眼", "value-no-unit"),
        ("不少于26公里", "≥26公里", "value-in-words"),
        ("全年预计完成情况: 完成", "全年预计完成情况: 24公里", "actual-not-a-value"),
        ("三级指标: 维修渠道", "三级指标: 维修机井", "indicator-duplicate"),
        ("待填", "9月复工", "template-residue"),
        ("2024年11月底前", "2025年11月底前", "stale-year"),
        ("≤130万元", "≤100万元", "cost-over-budget"),
        ("≥185%", "≥85%", "value-impossible"),
        ("可能性: 可能", "可能性: 有可能", "schema"),
        ("未到位,汛", "未到位，汛", "half-width"),
    ],
    "national/project-self-evaluation/2020": [
        ("全年预算数: 160.00\n      得分: 9.60", "得分: 9.60", "equation"),
        ("118.00, 执行率: 99%", "118.00", "equation"),
        ("得分: 9.90", "得分: 9.60", "execution-score"),
        ("得分: 10\n            偏差", "得分: 9\n            偏差", "score-rule"),
        ("得分: 12", "得分: 10", "score-range"),
        ("实际完成值: 完成", "实际完成值: 37处", "actual-not-a-value"),
        ("实际完成值: 90处", "实际完成值: 37处", "target-far-off"),
        (
            "得分: 9\n            偏差原因分析及改进措施: 无",
            "得分: 9\n            偏差原因分析及改进措施: 汛期停工，一处管网未完工；2025年3月底前完成。",
            "score-reason",
        ),
        ("不少于36处", "≥36处", "value-in-words"),
        ("三级指标: 维修养护工程", "三级指标: 更换老旧管网", "indicator-duplicate"),
        ("XX停工", "汛期停工", "template-residue"),
        ("2023年11月底前", "2024年11月底前", "stale-year"),
        ("≤190万元", "≤150万元", "cost-over-budget"),
        ("率94.1%。总得分99.6分。", "率94.1%。", "score-in-prose"),
        ("率94.1%。评价等级为良。", "率94.1%。", "grade-in-prose"),
        ("率94.1%。全年预算数160.00万元。", "率94.1%。", "prose-amount"),
        ("≥198%", "≥98%", "value-impossible"),
    ],
    "shanghai/project-targets/2026": [
        ("项目资金总额: 8000000\n      财政资金: 8650000", "财政资金: 8650000", "equation"),
        ("保暖预案，贯撤落实", "保暖预案", "typo"),
        ("对绥宁县公园", "对区属公园", "foreign-place"),
        ("大量", "≥86.50(公顷)", "value-vague"),
        ("=4.00", "=4.00(次)", "value-no-unit"),
        ("不少于86.50(公顷)", "≥86.50(公顷)", "value-in-words"),
        ("三级指标: 养护面积", "三级指标: 季度考核次数", "indicator-duplicate"),
        ("XXX", "公开招标", "template-residue"),
        ("2025年预算安排", "2026年预算安排", "stale-year"),
        ("绿地养护770.00", "绿地养护750.00", "prose-sum"),
        ("≥198.00(%)", "≥98.00(%)", "value-impossible"),
        ("2026年12月底前", "≥98.00(%)", "indicator-misplaced"),
        ("见附件2", "见下表", "missing-annex"),
    ],
    "sichuan/project-self-evaluation/2025": [
        ("调整后预算数: 210.00\n      得分: 9.65", "得分: 9.65", "equation"),
        ("得分: 9.90", "得分: 9.65", "execution-score"),
        ("得分: 16", "得分: 15", "score-range"),
        ("得分: 10\n            未完成", "得分: 9\n            未完成", "score-rule"),
        ("完成值: 完成", "完成值: 1620", "actual-not-a-value"),
        ("完成值: 3620", "完成值: 1620", "target-far-off"),
        ("供货推迟，贯撤落实", "供货推迟", "typo"),
        ("维护绥宁县防火通道42", "维护防火通道42", "foreign-place"),
        ("三级指标: 维护防火通道", "三级指标: 防火巡护", "indicator-duplicate"),
        ("XX维护", "分段维护", "template-residue"),
        ("指标值: 300\n", "指标值: 200\n", "cost-over-budget"),
        ("99.65分", "{{ 总分 }}分", "score-in-prose"),
        ("{{ 总分 }}分，等级为良", "{{ 总分 }}分", "grade-in-prose"),
        ("指标值: 195\n", "指标值: 95\n", "value-impossible"),
        ("51089925R00000041270", "51089925R000000412705", "project-code"),
    ],
}
CASES = [(layout, *one) for layout, mistakes in MISTAKES.items() for one in mistakes]


def found(layout: str, text: str) -> list[tuple[str, int]]:
    """The rules with findings in a spec, and the line of each."""
    diagnostics = compile_spec("x.yaml", Sources({"x.yaml": Source("x.yaml", text)}), BUILT_IN).diagnostics
    return [(one.rule, text.count("\n", 0, one.span.start)) for one in diagnostics]


@pytest.mark.parametrize(("layout", "wrong", "right", "rule"), CASES, ids=[f"{one[0]}-{one[3]}" for one in CASES])
def test_a_mistake_is_found_on_its_line(layout: str, wrong: str, right: str, rule: str) -> None:
    example = (ROOT / f"templates/{layout}/example.yaml").read_text("utf-8")
    at = example.index(right)
    line = example.count("\n", 0, at)
    assert (rule, line) in found(layout, example[:at] + wrong + example[at + len(right) :])


@pytest.mark.parametrize("layout", MISTAKES)
def test_a_missing_group_is_found(layout: str) -> None:
    example = (ROOT / f"templates/{layout}/example.yaml").read_text("utf-8")
    *_, group = re.finditer(r"^( *)满意度指标:\n(?:\1 .*\n)+", example, re.MULTILINE)
    text = example[: group.start()] + example[group.end() :]
    *_, heading = re.finditer("绩效指标:\n", text)
    assert ("indicator-coverage", text.count("\n", 0, heading.start())) in found(layout, text)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.parent.relative_to(ROOT / "templates").as_posix())
def test_each_form_has_the_rows_and_spans_of_the_official_one(example: Path, expect) -> None:
    """Compared with the official forms by hand; a row a line: `×2` spans two columns, `↓` begins a merge, `↑` goes on."""
    result = compile_spec(example.as_posix(), Sources(), BUILT_IN)
    assert result.docx
    document = Document(io.BytesIO(result.docx))
    lines = []
    for part in document.element.body.iter(qn("w:tbl"), qn("w:sectPr")):
        if part.tag == qn("w:tbl"):
            lines += [f"[{len(part.tblGrid.gridCol_lst)} columns]", *map(_row, part.tr_lst)]
        else:
            size = part.find(qn("w:pgSz"))
            lines.append("[landscape]" if size.get(qn("w:orient")) == "landscape" else "[portrait]")
    name = "-".join(example.parent.relative_to(ROOT / "templates").parts)
    expect("\n".join(lines) + "\n", ROOT / f"tests/grids/{name}.txt")


def _row(row) -> str:
    shown = []
    for cell in row.tc_lst:
        merge = cell.tcPr.find(qn("w:vMerge"))
        mark = "" if merge is None else "↓" if merge.get(qn("w:val")) == "restart" else "↑"
        span = f"×{cell.grid_span}" if cell.grid_span > 1 else ""
        shown.append("".join(text.text for text in cell.iter(qn("w:t"))) + mark + span)
    return ("# " if row.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None else "") + " | ".join(shown)
