"""A record for several layouts: a document each, what one does not print it ignores, findings are told once."""

import io
import re
import shutil
import zipfile
from pathlib import Path

import pytest
from conftest import LAYOUTS, ROOT
from perfc import Result, Source, Sources, compile_spec, report, schema
from perfc.checking import check
from perfc.load import load
from perfc.make import _layouts
from perfc.policy import Policy
from perfc.schema import Schema
from perfc.specs import Spec
from perfc.verify import verify

TARGETS, OWN = "national/project-targets/2015", "national/project-self-evaluation/2020"
HEAD = f"""\
版式: [{TARGETS}, {OWN}]
年度: 2024
部门: 云溪县水利局
主管部门代码: 205
项目:
  引用: projects/*.yaml
"""
EXAMPLE = (ROOT / f"templates/{OWN}/example.yaml").read_text("utf-8")
PROJECT = re.sub("^ {2}(?:- |  )?", "", EXAMPLE.partition("\n项目:\n")[2], flags=re.MULTILINE).replace(
    "其他资金: {年初预算数: 15.00", "其他资金: {年初预算数: 30.00"
)


@pytest.fixture
def spec(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A function that writes a spec with one project file, and compiles it."""
    monkeypatch.chdir(tmp_path)
    Path("projects").mkdir()

    def compiled(project: str = PROJECT, head: str = HEAD) -> Result:
        Path("projects/1.yaml").write_text(project, "utf-8")
        Path("a.yaml").write_text(head, "utf-8")
        return compile_spec("a.yaml", Sources(), LAYOUTS)

    return compiled


def shown(result: Result) -> str:
    return report.text(result.diagnostics, Sources())


def text(result: Result) -> str:
    assert result.docx, result.diagnostics
    with zipfile.ZipFile(io.BytesIO(result.docx)) as archive:
        return re.sub("<[^>]*>", "", archive.read("word/document.xml").decode())


def test_a_document_for_each_layout(spec) -> None:
    result = spec()
    assert result.diagnostics == ()
    (other,) = result.more
    assert (result.layout, other.layout) == (TARGETS, OWN)
    assert "[205]云溪县水利局" in text(result), "the self-evaluation does not know 主管部门代码"
    assert "9.6" not in text(result), "targets have no scores"
    assert "9.6" in text(other)
    alone = spec(head=HEAD.replace(f"[{TARGETS}, {OWN}]", OWN).replace("主管部门代码: 205\n", ""))
    assert text(alone) == text(other)


def test_a_finding_of_shared_text_is_told_once_where_it_stands(spec) -> None:
    vague = spec(PROJECT.replace("年度指标值: ≥36处", "年度指标值: 不少于36处"))
    found = [one for one in vague.diagnostics if one.rule == "value-in-words"]
    assert [(one.span.file, one.span.start) for one in found] == [
        ("projects/1.yaml", Path("projects/1.yaml").read_text("utf-8").index("不少于36处"))
    ]


def test_a_key_that_no_layout_knows(spec) -> None:
    said = shown(spec(head=HEAD.replace("主管部门代码", "主管部门代玛")))
    assert said.count("错误[schema]") == 1
    assert "规格没有“主管部门代玛”这一项" in said
    assert "是不是“主管部门代码”？" in said, "which only the first layout knows"
    said = shown(spec(PROJECT.replace("实际完成情况:", "实际完成情况表:")))
    assert "projects/1.yaml:" in said
    assert said.count("没有“实际完成情况表”这一项") == 1
    assert "是不是“实际完成情况”？" in said


def test_an_error_in_one_layout_stops_both(spec) -> None:
    result = spec(PROJECT.replace("完成值: 37处", "完成值:"))
    assert (result.docx, result.more) == (None, ())
    assert shown(result).count("“实际完成值”没有填写") == 1


def test_a_waiver_that_one_layout_needs_is_not_idle(spec) -> None:
    """The self-evaluation alone checks the execution rate."""
    wrong = PROJECT.replace("上年结转资金: {", "上年结转资金: {执行率: 99%, ")
    assert "错误[equation]" in shown(spec(wrong))
    waived = re.sub("(上年结转资金: .*)", r"\1  # perfc: allow equation 原件如此", wrong)
    assert spec(waived).diagnostics == ()
    idle = re.sub("(其他资金: .*)", r"\1  # perfc: allow equation 原件如此", PROJECT)
    assert shown(spec(idle)).count("放行已无用处") == 1


def test_a_layout_in_the_list_that_is_none(spec) -> None:
    result = spec(head=HEAD.replace(OWN, "national/project-self-evaluation/2021"))
    (found,) = result.diagnostics
    assert (found.rule, found.span.start) == ("unknown-layout", HEAD.index(OWN))
    assert found.notes[0].message == f"是不是“{OWN}”？"


def test_verify_knows_which_layout_a_document_is_of(spec) -> None:
    result = spec()
    for one in (result, *result.more):
        assert verify(one.docx, "a.yaml", Sources(), LAYOUTS) == ()


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("版式: test/notice  # 通知\n标题: 甲\n", ("test/notice",)),
        ("版式: 'test/notice'\n", ("test/notice",)),
        ("版式: [a/b, c-d/e]  # 两张\n年度: 2024\n", ("a/b", "c-d/e")),
        ("版式: [a/b,\n  c/d]\n", ("a/b", "c/d")),
        ("版式:\n  - a/b  # 甲\n  # 乙\n  - c/d\n年度: 2024\n", ("a/b", "c/d")),
        ("版式:   # 两张\n- a/b\n\n- c/d\n年度: 2024\n", ("a/b", "c/d")),
        ("年度: 2024\n版式: [a/b, a/b]\n", ("a/b",)),
        ("版式:\n年度: 2024\n", ()),
        ("标题: 甲\n", ()),
    ],
)
def test_the_names_are_seen_before_the_spec_is_read(written: str, names: tuple[str, ...]) -> None:
    assert _layouts(written) == names


def test_two_layouts_of_one_title(tmp_path: Path) -> None:
    shutil.copytree(LAYOUTS[0] / "test/notice", tmp_path / "test/notice")
    shutil.copytree(LAYOUTS[0] / "test/notice", tmp_path / "test/other")
    file = tmp_path / "a.yaml"
    file.write_text("版式: [test/notice, test/other]\n标题: 甲\n金额: {财政资金: 4.00}\n", "utf-8")
    ((_, found),) = check([Spec(file.as_posix(), Path())], Sources(), (tmp_path,), Policy())
    assert [one.message for one in found] == ["两个版式生成同一个文件：甲.docx"]


def test_what_a_layout_does_not_know_is_known_by_its_whole_path() -> None:
    """`甲.内` is known by one, `乙` by the other; a misspelt key within `甲` is known by none, whatever holds it."""

    def form(**keys: object) -> Schema:
        contents = {"type": "object", "properties": keys, "additionalProperties": False}
        return schema.read(contents, "file:///x.json", lambda _: {})

    inner = {"type": "object", "properties": {"内": {"type": "number"}}, "additionalProperties": False}
    first = form(甲={"type": "array", "items": inner})
    second = form(乙={"type": "number"})
    values, _ = load("x.yaml", Sources({"x.yaml": Source("x.yaml", "甲: [{内: 1}, {内: 2, 那: 3}]\n乙: 4\n丙: 5\n")}))
    assert values is not None
    one = schema.without_strange(values, first, (second,))
    other = schema.without_strange(values, second, (first,))
    assert (list(one), list(other)) == (["甲", "丙"], ["乙", "丙"])
    assert values.keys() == {"甲", "乙", "丙"}
    said = [each.message for each in schema.check(one, first, (second,))]
    assert said == ["“甲第 2 项”没有“那”这一项", "规格没有“丙”这一项"]
    (found,) = schema.check(other, second, (first,))
    assert (found.message, found.notes[0].message) == ("规格没有“丙”这一项", "可以写：乙、甲")
