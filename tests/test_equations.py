"""What is derived passes its own check, and what is changed by more than the tolerance does not."""

from decimal import Decimal

from conftest import LAYOUTS, ROOT
from hypothesis import given
from hypothesis import strategies as st
from perfc import Severity, Source, Sources, compile_spec, layout
from perfc.compile import understand
from perfc.equations import derive, read, refer, total
from perfc.load import Map, load
from perfc.vocabulary import Record

AMOUNTS = st.decimals(min_value=0, max_value=10**8, places=2)
LAYOUT, _ = layout.read("test/notice", LAYOUTS)


def spec(amounts: dict[str, object]) -> tuple[Map, Sources]:
    text = "版式: test/notice\n标题: 通知\n金额:\n" + "".join(f"  {key}: {value}\n" for key, value in amounts.items())
    sources = Sources({"x.yaml": Source("x.yaml", text)})
    values, found = load("x.yaml", sources)
    assert found == ()
    return values, sources


@given(AMOUNTS.filter(bool), AMOUNTS)
def test_what_is_derived_passes_its_check(own: Decimal, other: Decimal) -> None:
    values, _ = spec({"财政资金": own, "其他资金": other})
    assert derive(values, LAYOUT.equations) == ()
    assert values["金额"]["合计"] == own + other
    written, sources = spec({key: str(value) for key, value in values["金额"].items()})
    assert derive(written, LAYOUT.equations) == ()
    assert compile_spec("x.yaml", sources, LAYOUTS).docx


@given(AMOUNTS, AMOUNTS, AMOUNTS.filter(bool))
def test_a_wrong_sum_is_found_with_its_difference(own: Decimal, other: Decimal, more: Decimal) -> None:
    values, _ = spec({"财政资金": own, "其他资金": other, "合计": own + other + more})
    (found,) = [one for one in derive(values, LAYOUT.equations) if "合计" in one.message.partition("≠")[0]]
    assert f"合计 {own + other + more} ≠ 财政资金 {own} + 其他资金 {other}（相差 {more}）" == found.message


def test_an_empty_term_counts_as_nothing_and_no_term_says_nothing() -> None:
    assert spec_sum({"财政资金": "4.50"}) == Decimal("4.50")
    assert spec_sum({"其他资金": "4.50"}) == Decimal("4.50")
    assert spec_sum({"上限": "4.50"}) is None
    assert spec_sum({"财政资金": 0, "其他资金": 0}) == 0


def spec_sum(amounts: dict[str, object]) -> Decimal | None:
    values, _ = spec(amounts)
    assert derive(values, LAYOUT.equations) == ()
    return values["金额"].get("合计")


def test_a_constant_is_put_in_or_checked() -> None:
    text = "等式:\n  - {位置: 金额, 算式: 上限 = 20, 小数位: 0}\n"
    entries, _ = load("y.yaml", Sources({"y.yaml": Source("y.yaml", text)}))
    equations, found = read(entries["等式"])
    assert found == ()
    values, _ = spec({"财政资金": 1})
    assert derive(values, equations) == ()
    assert str(values["金额"]["上限"]) == "20"
    wrong, _ = spec({"上限": 15})
    (said,) = derive(wrong, equations)
    assert said.notes[0].message.startswith("按算式应为 20；")


def test_a_remark_explains_a_difference() -> None:
    source = Source(
        "x.yaml", "等式: [{算式: 合计 = 财政 + 其他, 说明: 其他含上年结转}]\n金额: {合计: 3, 财政: 1, 其他: 1}\n"
    )
    contents, _ = load("x.yaml", Sources({"x.yaml": source}))
    (found,) = derive(contents["金额"], read(contents["等式"])[0])
    assert [note.message for note in found.notes][1:] == ["其他含上年结转"]


def test_a_total_reaches_every_row_and_only_its_label() -> None:
    text = "甲:\n  乙: [{得分: 1.5, 分值: 9}, {得分: 2}]\n  丙: {丁: [{得分: 3}, {得分: 无}]}\n"
    values, _ = load("x.yaml", Sources({"x.yaml": Source("x.yaml", text)}))
    assert total(values, "得分") == Decimal("6.5")


def test_a_row_is_known_by_its_name_where_no_other_has_it() -> None:
    projects = "".join(
        f"  - 目标: '{{{{ 办案数.年度指标值 | 数值 }}}}'\n    绩效指标: {{产出指标: {{数量指标: [{{三级指标: 办案数, 年度指标值: ≥{count}件}}]}}}}\n"
        for count in (200, 300)
    )
    text = f"总目标: '{{{{ 办案数.年度指标值 }}}}'\n项目:\n{projects}"
    sources = Sources({"x.yaml": Source("x.yaml", text)})
    values, _ = load("x.yaml", sources)
    (found,) = refer(values, sources)
    assert (found.rule, found.message) == (
        "unknown-reference",
        "{{ 办案数.年度指标值 }} 无法引用：有几行都叫“办案数”，写明路径",
    )
    assert [str(one["目标"]) for one in values["项目"]] == ["200件", "300件"]


COST = """\
版式: national/project-self-evaluation/2020
年度: 2024
部门: 云溪县水利局
项目:
  - 项目名称: 饮水工程
    年度资金总额: {分值: 10}
    当年财政拨款: {全年预算数: 150.00, 全年执行数: 120.00}
    年度总体目标: 维修36处。
    实际完成情况: 维修36处。
    绩效指标:
      产出指标:
        成本指标:
          - {三级指标: 总成本, 年度指标值: '≤{{ 年度资金总额.全年执行数 - 20 }}万元', 实际完成值: '{{ 年度资金总额.全年执行数 }}万元', 分值: 90}
"""


def test_scores_are_computed_from_results_that_refer() -> None:
    understood, _ = understand("x.yaml", Sources({"x.yaml": Source("x.yaml", COST)}), (ROOT / "templates",))
    assert understood
    (row,) = Record(understood[0][0], Sources()).indicators
    assert (str(row.value), str(row.actual), row.score) == ("≤100.00万元", "120.00万元", 75)  # 100 / 120 × 90
    wrong = COST.replace("执行数 }}", "执行 }}")
    _, found = understand("x.yaml", Sources({"x.yaml": Source("x.yaml", wrong)}), (ROOT / "templates",))
    assert [one.rule for one in found if one.severity is Severity.ERROR] == ["unknown-reference", "score-missing"]
