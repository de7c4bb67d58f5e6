"""Each rule finds what its cases say, and the examples on its page are what they are called."""

import re
import textwrap
from collections.abc import Iterator

import pytest
from conftest import ROOT, TESTS
from perfc import Sources, lint, report
from perfc.diagnostic import Diagnostic, Severity
from perfc.explain import manual
from perfc.load import load, texts
from perfc.source import Source
from perfc.vocabulary import Record
from perfc.waivers import _beginning, waive

RULES = lint.rules()
RIGHT = "# 正确"


def data() -> dict:
    values, found = load((ROOT / "templates/_shared/rules.yaml").as_posix(), Sources())
    assert values is not None, found
    return values


DATA = data()


def cases(name: str) -> Iterator[str]:
    """The specs in a rule's file, each on the lines where it stands there."""
    above = 0
    for case in re.split(r"^---\n", (TESTS / f"rules/{name}.yaml").read_text("utf-8"), flags=re.MULTILINE):
        yield "\n" * above + case
        above += case.count("\n") + 1


def findings(name: str, case: str, file: str = "case.yaml") -> tuple[list[Diagnostic], Sources]:
    """What a rule finds in a spec; under `数据` a case may say what its layout says to the rules."""
    sources = Sources({file: Source(file, case)})
    spec, wrong = load(file, sources)
    assert spec is not None, [one.message for one in wrong]
    return list(lint.run(RULES[name], Record(spec, sources, {**DATA, **spec.pop("数据", {})}))), sources


def examples(page: str, heading: str) -> list[str]:
    """The indented texts below a heading of a rule's page."""
    return [
        textwrap.dedent(one)
        for one in re.findall(rf"^{heading}：\n((?:[ ]{{4}}.*\n|\n)*(?:[ ]{{4}}.*))", page, re.MULTILINE)
    ]


@pytest.mark.parametrize("name", RULES)
def test_cases(name: str, expect) -> None:
    shown = ""
    for case in cases(name):
        found, sources = findings(name, case, f"{name}.yaml")
        if RIGHT in case.split("\n"):
            assert not [one.message for one in found], case.strip()
        else:
            assert found, case.strip()
        shown += report.text(found, sources)
    expect(shown, TESTS / f"rules/{name}.txt")


ONE_MISTAKE = """
年度: 2022
概述: 2022年基本支出共计1015.49万元，其中人员经费825.30万元，公用经费109.19万元。
资金用途: 印刷费共计100万元，其中宣传册30万元，横幅60万元。
经费控制:
  公用经费: {预算数: 200, 决算数: 190.19}
"""


def test_a_figure_found_wrong_is_not_reckoned_with() -> None:
    sources = Sources({"case.yaml": Source("case.yaml", ONE_MISTAKE)})
    spec, _ = load("case.yaml", sources)
    found = [one for one in lint.lint(Record(spec, sources, DATA), {}) if one.severity is Severity.WARNING]
    assert [one.rule for one in found] == ["prose-amount", "prose-sum"]
    assert "100万元" in found[1].message
    alone, _ = findings("prose-sum", ONE_MISTAKE)
    assert len(alone) == 2


@pytest.mark.parametrize("name", RULES)
def test_the_page_has_examples_that_are_right(name: str) -> None:
    page = RULES[name].page
    wrong, right = examples(page, "错误"), examples(page, "正确")
    assert re.fullmatch(r"[^\n]+。", page.partition("\n")[0])
    assert wrong
    assert right
    for one in wrong:
        found, _ = findings(name, one)
        assert [each for each in found if each.severity is not Severity.SKIPPED], one
    for one in right:
        found, _ = findings(name, one)
        assert not found, one


def test_a_file_of_cases_belongs_to_a_rule() -> None:
    assert {path.stem for path in (TESTS / "rules").iterdir()} == set(RULES)


def test_the_table_of_rules_is_current(expect) -> None:
    words = {Severity.ERROR: "错误", Severity.WARNING: "警告", Severity.INFO: "提示"}
    rows = [f"| `{name}` | {words[one.severity]} | {one.page.partition(chr(10))[0]} |\n" for name, one in RULES.items()]
    stages = [f"| `{name}` | {page.partition(chr(10))[0]} |\n" for name, page in manual().items() if name not in RULES]
    expect(HEAD + "".join(rows) + STAGES + "".join(stages), ROOT / "specs/rules.md")


HEAD = """# 检查哪些问题

`perfc explain 规则` 说明一条规则：查什么，为什么，错误和正确的例子。级别可以在版式的 `rules.yaml` 和工作区的 `perfc.toml` 中调整。
这一页由测试生成（`pytest --update`），与程序一致。

## 规则

| 规则 | 级别 | 查什么 |
|---|---|---|
"""
STAGES = """
## 编译各步发现的问题

这些问题使规格不能编译，或者与规格的内容无关，级别不能调整。

| 名称 | 查什么 |
|---|---|
"""


@pytest.mark.parametrize("name", RULES)
def test_a_waiver_beside_the_value_is_enough(name: str) -> None:
    for case in cases(name):
        found, sources = findings(name, case)
        (source,) = sources.values()
        spec, _ = load(source.name, sources)
        values = sorted(one.span for one in texts(spec))
        lines = {_beginning(one.span, source, values) for one in found if one.severity is not Severity.SKIPPED}
        waived = source.text.split("\n")
        for number in lines:
            waived[number] += f"  # perfc: allow {name} 原件如此"
        found, sources = findings(name, "\n".join(waived))
        spec, _ = load(source.name, sources)
        left = waive(spec, tuple(found), sources)
        assert not [one.message for one in left if one.severity is not Severity.SKIPPED], case
