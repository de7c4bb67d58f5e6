"""Scores that nobody wrote come out as by hand; what nobody can compute is asked for."""

import io
import re
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest
from conftest import LAYOUTS, ROOT
from perfc import Result, Sources, compile_spec
from perfc.compile import understand
from perfc.diagnostic import Severity
from perfc.load import load
from perfc.marking import scores
from perfc.source import Source
from perfc.vocabulary import Record

PROPORTION = {"执行": "比例", "定量": "比例"}
SCORED = ("hunan/self-evaluation/2022", "national/project-self-evaluation/2020", "sichuan/project-self-evaluation/2025")


def compiled(text: str) -> Result:
    return compile_spec("x.yaml", Sources({"x.yaml": Source("x.yaml", text)}), LAYOUTS)


def body(result: Result) -> bytes:
    assert result.docx, result.diagnostics
    with zipfile.ZipFile(io.BytesIO(result.docx)) as archive:
        return archive.read("word/document.xml")


def score(row: str, scoring: dict[str, object], points: str = "10", key: str = "指标值") -> str:
    """The score of a row, or why there is none; `row` is 指标值 | 实际完成值, and if need be | the level-2 group."""
    value, done, group = (*row.split(" | "), "数量指标")[:3]
    line = f"{{三级指标: 甲, {key}: {value}, 实际完成值: {done}, 分值: {points}}}"
    sources = Sources({"x.yaml": Source("x.yaml", f"绩效指标: {{产出指标: {{{group}: [{line}]}}}}\n")})
    spec, wrong = load("x.yaml", sources)
    assert spec is not None, wrong
    record = Record(spec, sources, {"评分": scoring})
    found = list(scores(record))
    return found[0].message if found else str(record.indicators[0].row["得分"])


@pytest.mark.parametrize(
    ("row", "points", "right"),
    [
        ("≥300人次 | 240人次", "10", "8"),
        ("≥3500人次 | 3250人次", "30", "27.86"),  # 3250 / 3500 × 30 = 27.857
        ("≥8次 | 7次", "1", "0.88"),  # 0.875, a half is rounded up
        ("≥300人次 | 360人次", "10", "10"),
        ("≤2天 | 2.5天", "10", "8"),
        ("≤2天 | 1天", "10", "10"),
        ("≤0起 | 1起", "10", "0"),
        ("10万元 | 12.5万元 | 成本指标", "10", "8"),  # a cost without a sign is a ceiling
        ("≥1万元 | 5000元 | 经济效益指标", "10", "5"),
        ("100% | 100%", "12.5", "12.5"),  # neither too much nor too little
        ("2022年12月底前 | 2022年12月20日 | 时效指标", "10", "10"),
        ("2022年12月前 | 2022年11月 | 时效指标", "10", "10"),
    ],
)
def test_in_proportion(row: str, points: str, right: str) -> None:
    assert score(row, PROPORTION, points) == right


@pytest.mark.parametrize(
    ("row", "right"),
    [
        ("≥300人次 | 299人次", "0"),
        ("≥300人次 | 300人次", "10"),
        ("≤2天 | 2.5天", "0"),
        ("≤2天 | 2天", "10"),
        ("2022年6月底前 | 2022年7月1日 | 时效指标", "0"),
    ],
)
def test_all_or_nothing(row: str, right: str) -> None:
    assert score(row, {"定量": "是否"}) == right


@pytest.mark.parametrize(
    ("row", "right"),
    [("≥300人次 | 270人次", "8"), ("≥300人次 | 269人次", "5"), ("≤9天 | 10天", "8"), ("≤9天 | 100天", "0")],
)
def test_bands(row: str, right: str) -> None:
    """270 of 300 and 9 of 10 are 90 %, 269 of 300 is 89.67 %, 9 of 100 is 9 %."""
    bands = [{"不低于": "90%", "得": "80%"}, {"不低于": "60%", "得": "50%"}]
    assert score(row, {"定量": [{"不低于": "100%", "得": "100%"}, *bands]}) == right


def test_a_row_without_a_value_is_not_judged_to_be_qualitative() -> None:
    assert "这一行没有指标值，它的键是“年度指标值”、" in score("≥300人次 | 240人次", PROPORTION, key="计划值")
    assert score("≥300人次 | 240人次", PROPORTION, key="年初目标值") == "8"


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("规范 | 规范", "定性指标"),
        ("300人次 | 240人次", "没有 ≥ 或 ≤"),
        ("≥300人次 | 240场", "不能直接相比"),
        ("3-5人 | 4人", "不能直接相比"),
        ("≥300人次 | 约300人次", "不能直接相比"),
        ("2022年6月底前 | 2022年7月 | 时效指标", "超过了“指标值”2022年6月底前"),
        ("2022年6月前 | 2022年6月 | 时效指标", "不能直接相比"),
        ("2022年6月底前 | 2022年5月未完成 | 时效指标", "不能直接相比"),
    ],
)
def test_what_cannot_be_computed_is_asked_for(row: str, why: str) -> None:
    said = score(row, PROPORTION)
    assert said.startswith("“甲”没有写“得分”，也不能计算：")
    assert why in said


TABLE = """\
版式: test/scores
单位: 某局
资金: {预算数: 200, 执行数: 180, 分值: 10}
绩效指标:
  产出指标:
    数量指标:
      - {三级指标: 甲, 指标值: ≥300人次, 实际完成值: 240人次, 分值: 10, 偏差原因分析: 雨}
      - {三级指标: 乙, 指标值: ≥300人次, 实际完成值: 300人次, 分值: 80}
"""


def derived(text: str) -> dict[str, object]:
    understood, found = understand("x.yaml", Sources({"x.yaml": Source("x.yaml", text)}), LAYOUTS)
    assert understood, found
    return understood[0][0]


def test_rates_then_scores_then_totals_then_the_grade() -> None:
    """180 / 200 = 90 %, a band of 80 %: 8. 240 / 300 = 80 %, a band of 60 %: 6. With 80 that is 94."""
    spec = derived(TABLE)
    assert (spec["资金"]["执行率"], str(spec["资金"]["得分"])) == ("90%", "8")
    assert (spec["总分"], spec["评价等级"]) == (94, "优")
    row = spec["绩效指标"]["产出指标"]["数量指标"][0]
    assert (str(row["得分"]), row["得分"].span.start, row["得分"].span.end) == ("6", row.span.start, row.span.start)


def test_what_is_written_stays_and_is_checked() -> None:
    wrong = TABLE.replace("执行数: 180, 分值: 10", "执行数: 180, 分值: 10, 得分: 9").replace(
        "分值: 80", "分值: 80, 得分: 40"
    )
    found = compiled(wrong + "总分: 60\n评价等级: 优\n").diagnostics
    rules = {one.rule: one.message for one in found if one.severity not in (Severity.SKIPPED, Severity.INFO)}
    assert rules["execution-score"].startswith("预算执行得分 9 ≠ 8")
    assert rules["score-rule"].startswith("得分 40 ≠ 80")
    assert "（相差 5）" in rules["equation"]
    assert rules["grade-in-prose"] == "评价等级“优”≠ 总分 60 的等级“良”"


def test_a_budget_of_nothing_has_no_rate() -> None:
    (found,) = [one for one in compiled(TABLE.replace("200", "0")).diagnostics if one.severity == "error"]
    assert (found.rule, found.span.start) == ("score-missing", TABLE.index("预算数"))
    assert "“资金”没有写“得分”" in found.message


def test_a_missing_score_stops_before_anything_is_added_up() -> None:
    text = TABLE.replace(
        "指标值: ≥300人次, 实际完成值: 300人次, 分值: 80", "指标值: 规范, 实际完成值: 规范, 分值: 80, 得分: "
    )
    (found,) = [one for one in compiled(text + "总分: 1\n").diagnostics if one.severity == "error"]
    assert (found.rule, found.span.start) == ("score-missing", text.index("得分:"))
    assert [note.message for note in found.notes] == ["好，64 至 80 分；差，0 至 64 分", "写明“得分”"]


@pytest.mark.parametrize("name", SCORED)
def test_scores_may_be_left_out(name: str) -> None:
    example = Path(ROOT / f"templates/{name}/example.yaml").read_text("utf-8")
    bare = re.sub(r"^ *得分: .*\n", "", example, flags=re.MULTILINE)
    assert bare != example
    result = compiled(bare)
    assert result.diagnostics == ()
    # What the authors of the examples wrote with noughts behind, perfc prints without.
    assert body(result) == body(compiled(re.sub(r"(得分: \d+\.\d)0$", r"\1", example, flags=re.MULTILINE)))


def test_a_form_without_scores_asks_for_none() -> None:
    example = (ROOT / "templates/national/project-targets/2015/example.yaml").read_text("utf-8")
    assert compiled(example).diagnostics == ()
    spec = derived(example)
    assert not [one for project in spec["项目"] for one in ("得分", "总分") if one in project]


def test_a_rate_that_is_written_counts_where_figures_are_absent() -> None:
    text = TABLE.replace("预算数: 200, 执行数: 180", "执行数: 180, 执行率: 96%")
    assert derived(text)["资金"]["得分"] == Decimal(10)


def test_a_wrong_sum_is_told_together_with_the_scores_that_are_missing() -> None:
    example = (ROOT / "templates/national/project-self-evaluation/2020/example.yaml").read_text("utf-8")
    text = example.replace("得分: 9.60", "全年预算数: 160.00").replace("年度指标值: ≥36处", "年度指标值: 明显增加", 1)
    text = text.replace("            得分: 10\n", "", 1)
    errors = [one.rule for one in compiled(text).diagnostics if one.severity is Severity.ERROR]
    assert errors == ["equation", "score-missing"]
    answered = text.replace("160.00", "160.00  # perfc: allow equation 原件如此")
    errors = [one.rule for one in compiled(answered).diagnostics if one.severity is not Severity.SKIPPED]
    assert errors == ["score-missing"]
