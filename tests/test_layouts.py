"""Layouts are data: complete, described in Chinese, and their mistakes are findings in their own files."""

import io
import json
import re
import shutil
import zipfile
from pathlib import Path

import pytest
from conftest import EXAMPLES, LAYOUTS, ROOT, TESTS
from perfc import Result, Source, Sources, compile_spec, layout, places, report, style
from perfc.diagnostic import Severity
from perfc.load import load

FOLDERS = sorted(path.parent for path in (ROOT / "templates").rglob("page.html"))
SCHEMAS = sorted((ROOT / "templates").rglob("*.json"))


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.relative_to(ROOT / "templates").as_posix())
def test_a_layout_has_all_its_files(folder: Path) -> None:
    files = {"page.html", "page.css", "schema.json", "equations.yaml", "example.yaml"}
    assert {path.name for path in folder.iterdir()} >= files


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.parent.relative_to(ROOT / "templates").as_posix())
def test_examples_compile_without_a_finding(example: Path) -> None:
    result = compile_spec(example.as_posix(), Sources(), LAYOUTS)
    assert result.diagnostics == ()
    assert result.docx


@pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: path.relative_to(ROOT / "templates").as_posix())
def test_every_key_has_a_chinese_title_and_description(path: Path) -> None:
    shared = json.loads((ROOT / "templates/_shared/definitions.json").read_text("utf-8"))["$defs"]

    def look(schema: object) -> None:
        if isinstance(schema, dict):
            for key, described in schema.get("properties", {}).items():
                own = json.loads(path.read_text("utf-8")).get("$defs", {})
                reference = described.get("$ref", "").rpartition("/")[2]
                whole = {**shared.get(reference, {}), **own.get(reference, {}), **described}
                for word in ("title", "description"):
                    assert re.search("[一-鿿]", whole[word]), f"{key}: {word}"
            for word, inner in schema.items():
                if word != "if":  # a condition describes nothing
                    look(inner)

    look(json.loads(path.read_text("utf-8")))


# A change to one of the layout's files, and where and what the finding must be.
MISTAKES = {
    "unknown tag": (
        "page.html",
        "<h1>{{ 标题 }}</h1>",
        "<h1>{{ 标题 }}</h1>\n<h9>x</h9>",
        "page.html:4",
        "没有 <h9> 这个标签",
    ),
    "tag out of place": ("page.html", "<thead><tr>", "<thead><p>x</p><tr>", "page.html:9", "<thead> 里不能有 <p>"),
    "unclosed tag": ("page.html", "<p>{{ 段 }}</p>", "<p>{{ 段 }}", "page.html:5", "<p> 没有结束标签 </p>"),
    "tag closed twice": ("page.html", "</h1>", "</h1></p>", "page.html:3", "多了一个 </p>"),
    "tag closed by another": ("page.html", "<th>单价</th>", "<th>单价</td>", "page.html:9", "还没有结束的是 <th>"),
    "half a tag": ("page.html", "<table>", "<table", "page.html:7", "标签写法不对"),
    "unknown attribute": ("page.html", "<p>{{", '<p style="x">{{', "page.html:5", "不能有属性 style"),
    "stray text": ("page.html", "<tbody>", "<tbody>文字", "page.html:10", "不能直接写文字：文字"),
    "short row": ("page.html", ' colspan="2"', "", "page.html:17", "这一行各格合计应占 3 列"),
    "long row": ("page.html", ' colspan="2"', ' colspan="3"', "page.html:17", "这一行各格合计应占 3 列"),
    "rowspan too tall": ("page.html", "明细 | 行数 }}", "明细 | 行数 + 5 }}", "page.html:13", "rowspan"),
    "unknown name": ("page.html", "{{ 行.数量 }}", "{{ 行.数目 }}", "page.html:14", "没有“数目”"),
    "unknown top name": ("page.html", "{{ 金额.合计 }}", "{{ 金而.合计 }}", "page.html:17", "是不是“金额”？"),
    "a list printed": ("page.html", "{{ 行.数量 }}", "{{ 明细 }}", "page.html:14", "只能印文字或数"),
    "Jinja syntax": ("page.html", "{% endfor %}\n  <table>", "{% endfro %}\n  <table>", "page.html:6", "版式无法填写"),
    "outside the folders": (
        "page.html",
        "<title>",
        '{% include "../secret.html" %}<title>',
        "page.html:1",
        "版式无法填写",
    ),
    "Python within": ("page.html", "{{ 行.数量 }}", "{{ ().__class__.__mro__ }}", "page.html:14", "__class__"),
    "loops without end": (
        "page.html",
        "<title>",
        "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}<title>",
        "page.html:1",
        "循环和宏超过 300000 步",
    ),
    "calls without end": (
        "page.html",
        "<title>",
        "{% macro m(n) %}{% if n %}{{ m(n - 1) }}{{ m(n - 1) }}{% endif %}{% endmacro %}{{ m(50) }}<title>",
        "page.html:1",
        "循环和宏超过 300000 步",
    ),
    "a text of any size": ("page.html", "<title>", "{{ 1 | center(9999999999) }}<title>", "page.html:1", "过滤器"),
    "no title": ("page.html", "<title>{{ 标题 }}</title>", "", "page.html:1", "<title>"),
    "unknown property": ("page.css", "line-height: 24pt", "line-hight: 24pt", "page.css:1", "是不是 line-height？"),
    "endless length": ("page.css", "line-height: 24pt", f"font-size: {'9' * 300}pt", "page.css:1", "长度过大"),
    "far page number": ("page.css", "section {", "section { counter-reset: page 99999;", "page.css:1", "起始页码"),
    "endless page number": (
        "page.css",
        "section {",
        f"section {{ counter-reset: page {'9' * 5000};",
        "page.css:1",
        "数过长",
    ),
    "unknown unit": ("page.css", "padding: 2pt", "padding: 2ex", "page.css:3", "应是长度"),
    "complex selector": ("page.css", "td, th {", "table td {", "page.css:3", "选择器只能是"),
    "descendant": ("page.css", "td, th {", "table .宽, th {", "page.css:3", "选择器只能是"),
    "open brace": ("page.css", ".宽 { width: 50mm }", ".宽 width: 50mm", "page.css:4", "样式表写得不对"),
    "unknown page": ("page.css", "section {", "section { page: 横;", "page.css:1", "没有 @page 横"),
    "unknown edge": (
        "page.css",
        "section {",
        '@page { @bottom { content: "x" } }\nsection {',
        "page.css:1",
        "没有 @bottom 这个位置",
    ),
    "columns too wide": ("page.css", "width: 50mm", "width: 500mm", "page.html:7", "版心宽 451.3 磅"),
    "bad JSON": ("schema.json", '"type": "object",', '"type": "object"', "schema.json:4", "不是正确的 JSON"),
    "bad schema": ("schema.json", '"type": "object",', '"type": "objekt",', "schema.json:1", "schema.json 写得不对"),
    "no room for text": (
        "page.css",
        "section {",
        "@page { margin: 400mm }\nsection {",
        "page.css:1",
        "没有放文字的地方",
    ),
    "no pitch": ("page.css", "line-height: 24pt", "line-height: 0", "page.css:1", "应大于 0"),
    "unknown import": ("page.css", "section {", '@import "../x.css"; section {', "page.css:1", "读不到样式表 ../x.css"),
    "import of no file": ("page.css", "section {", f'@import "{"长" * 300}"; section {{', "page.css:1", "读不到样式表"),
    "a rule within a rule": (
        "page.css",
        "section {",
        "td { @import 'x'; } section {",
        "page.css:1",
        "@import 只能写在 @page 里",
    ),
    "a box in no page": (
        "page.css",
        "section {",
        "td { @bottom-left { } } section {",
        "page.css:1",
        "只能写在 @page 里",
    ),
    "no such box": ("page.css", "section {", "@page { @middle { } } section {", "page.css:1", "没有 @middle 这个位置"),
    "page without a name": ("page.css", "section {", "@page ) {} section {", "page.css:1", "@page 后只能是名称"),
    "reference outside": (
        "schema.json",
        '"enum": ["决算", "预算"]',
        '"$ref": "%2e%2e/%2e%2e/%2e%2e/x.json"',
        "schema.json:1",
        "没有 x.json 这个文件",
    ),
    "import outside": ("page.css", "section {", '@import "../../../x.css"; section {', "page.css:1", "读不到样式表"),
    "import of itself": ("page.css", "section {", '@import "page.css"; section {', "page.css:1", "引入了它自己"),
    "import without a path": (
        "page.css",
        "section {",
        "@import x; section {",
        "page.css:1",
        "@import 后是样式表的路径",
    ),
    "import too late": ("page.css", "td, th {", '@import "x.css"; td, th {', "page.css:3", "最前面"),
    "unknown label": ("equations.yaml", "上限 ≥ 合计", "上线 ≥ 合计", "equations.yaml:7", "是不是“上限”？"),
    "unknown place": ("equations.yaml", "位置: 金额", "位置: 金颔", "equations.yaml:3", "“金颔”不是版式的键"),
    "unknown definition": (
        "schema.json",
        '"enum": ["决算", "预算"]',
        '"$ref": "#/$defs/无"',
        "schema.json:8",
        "没有 #/$defs/无 这个定义",
    ),
    "unknown file of definitions": (
        "schema.json",
        '"enum": ["决算", "预算"]',
        '"$ref": "../无.json#/$defs/甲"',
        "schema.json:8",
        "没有 test/无.json 这个文件",
    ),
    "bad contents": (
        "page.html",
        "<table>",
        '<nav data-levels="x"></nav><table>',
        "page.html:7",
        "data-levels 的写法不对",
    ),
    "unknown filter": ("page.html", "说明 | 段落", "说明 | 段洛", "page.html:4", "没有“段洛”这个过滤器"),
    "bad equation": ("equations.yaml", "财政资金 / 合计", "财政资金 / ", "equations.yaml:9", "算式的右边写得不对"),
    "not an equation": ("equations.yaml", "上限 ≥ 合计", "上限 大于 合计", "equations.yaml:7", "不合要求"),
    "left side not a key": ("equations.yaml", "上限 ≥ 合计", "合计 * 2 ≥ 上限", "equations.yaml:7", "左边是一个键"),
    "no key of an equation": (
        "equations.yaml",
        "等式:",
        "等式:\n  - {逐项: [{甲: 1}], 算式: 合计 = 上限}",
        "equations.yaml:2",
        "逐项",
    ),
    "misspelt equation": ("equations.yaml", "小数位: 2", "小数: 2", "equations.yaml:4", "是不是“小数位”？"),
    "equation of texts": (
        "equations.yaml",
        "财政资金 + 其他资金",
        "财政资金 + 标题",
        "equations.yaml:3",
        "算式无法计算",
    ),
}


@pytest.mark.parametrize(("file", "old", "new", "place", "message"), MISTAKES.values(), ids=list(MISTAKES))
def test_mistakes_in_a_layout(tmp_path: Path, file: str, old: str, new: str, place: str, message: str) -> None:
    folder = tmp_path / "test/notice"
    shutil.copytree(TESTS / "layouts/test/notice", folder)
    text = (folder / file).read_text("utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), "utf-8")
    spec = tmp_path / "x.yaml"
    spec.write_text(
        "版式: test/notice\n标题: 通知\n说明: 一段\n类别: 决算\n金额: {财政资金: 1}\n明细: [{名称: 甲, 数量: 1}]\n",
        "utf-8",
    )
    sources = Sources()
    result = compile_spec(spec.as_posix(), sources, (tmp_path,))
    assert result.docx is None
    shown = report.text(result.diagnostics, sources)
    assert f"test/notice/{place}:" in shown
    assert message in shown
    assert not re.search("[a-z]{3,} [a-z]{2,} [a-z]{2,}", shown.splitlines()[0]), "a message is in Chinese"


def notice(folder: Path, page: str, css: str = "") -> Result:
    """A document of the layout of notices, with a first paragraph and more of a style sheet of one's own."""
    shutil.copytree(TESTS / "layouts/test/notice", folder / "test/notice")
    for name, old, new in (("page.html", "</h1>", f"</h1>\n  <p>{page}</p>"), ("page.css", "p {", f"{css}\np {{")):
        file = folder / "test/notice" / name
        file.write_text(file.read_text("utf-8").replace(old, new, 1), "utf-8")
    spec = "版式: test/notice\n标题: 通知\n类别: 决算\n金额: {财政资金: 12345.6, 其他资金: 0}\n"
    sources = Sources({"x.yaml": Source("x.yaml", spec + "明细: [{名称: 甲, 数量: 1}]\n")})
    return compile_spec("x.yaml", sources, (folder,))


def printed(result: Result) -> str:
    """All text of a document."""
    assert result.docx, result.diagnostics
    with zipfile.ZipFile(io.BytesIO(result.docx)) as archive:
        return re.sub("<[^>]*>", "", archive.read("word/document.xml").decode())


def test_a_class_without_a_rule_is_named(tmp_path: Path) -> None:
    result = notice(tmp_path, '<span class="靠又">x</span>', ".靠右 { float: right }")
    (found,) = result.diagnostics
    assert (found.severity, found.message) == (
        Severity.WARNING,
        "page.css 里没有 .靠又，这个类不起作用；是不是 .靠右？",
    )
    assert found.span.file.endswith("page.html")
    assert result.docx


@pytest.mark.parametrize(
    ("written", "figure"),
    [
        ("金额.财政资金 | 千分位", "12,345.6"),
        ("金额.财政资金 | 小数(2) | 千分位", "12,345.60"),
        ("1.005 | 小数(2)", "1.01"),
        ("'90%' | 小数(2)", "90.00%"),
        ("'—' | 小数(2)", "—"),
        ("说明 | 小数(2) | 千分位", ""),
        ("[金额.财政资金, 金额.其他资金] | sum | 小数(1)", "12345.6"),
    ],
)
def test_numbers_as_a_layout_prints_them(tmp_path: Path, written: str, figure: str) -> None:
    result = notice(tmp_path, f"={{{{ {written} }}}}=")
    assert f"={figure}=" in printed(result)


def test_the_workspace_goes_before_what_perfc_brings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert places.folders(Path()) == (ROOT / "templates",)
    shutil.copytree(TESTS / "layouts", tmp_path / "templates")
    within = places.folders(Path())
    assert within == (Path("templates"), ROOT / "templates")
    assert {"test/notice", "hebei/budget-performance/2024"} <= set(places.names(within))


def test_a_layout_of_the_workspace_may_build_on_a_shipped_one(tmp_path: Path) -> None:
    folder = tmp_path / "county/budget-performance/2025"
    shutil.copytree(ROOT / "templates/hebei/budget-performance/2024", folder)
    (folder / "page.html").write_text('{% extends "hebei/budget-performance/2024/page.html" %}', "utf-8")
    spec = tmp_path / "x.yaml"
    example = (folder / "example.yaml").read_text("utf-8")
    spec.write_text(
        example.replace("版式: hebei/budget-performance/2024", "版式: county/budget-performance/2025"), "utf-8"
    )
    result = compile_spec(spec.as_posix(), Sources(), (tmp_path, ROOT / "templates"))
    assert result.diagnostics == ()


def test_a_style_sheet_may_be_shared(tmp_path: Path) -> None:
    folder = tmp_path / "test/notice"
    shutil.copytree(TESTS / "layouts/test/notice", folder)
    css = (folder / "page.css").read_text("utf-8")
    (tmp_path / "_shared").mkdir()
    (tmp_path / "_shared/all.css").write_text(css, "utf-8")
    (folder / "page.css").write_text('@import "../../_shared/all.css";\ntd { padding: 7pt }\n', "utf-8")
    sheet = layout.read("test/notice", (tmp_path,))[0].sheet
    assert sheet.style("td", (), None).padding == (7.0, 7.0, 7.0, 7.0)
    assert sheet.style("p", (), None) == style.read(Source("page.css", css))[0].style("p", (), None)
    assert tmp_path / "_shared/all.css" in places.files("test/notice", (tmp_path,))
    (tmp_path / "_shared/all.css").write_text(css.replace("line-height: 24pt", "line-height: 24px; page: 横"), "utf-8")
    layout.forget()
    (found,) = layout.read("test/notice", (tmp_path,))[1]
    assert (found.message, Path(found.span.file)) == ("没有 @page 横", tmp_path / "_shared/all.css")


def test_the_tree_of_a_document(expect) -> None:
    values, _ = load((TESTS / "findings/clean.yaml").as_posix(), Sources())
    ((chosen,), _) = layout.choose(values, LAYOUTS)
    document, found = layout.fill(chosen, values)
    assert found == ()
    from xml.etree import ElementTree

    ElementTree.indent(document.root)
    expect(ElementTree.tostring(document.root, "unicode") + "\n", TESTS / "trees/notice.html")


def steps(heading: str) -> dict[str, str]:
    """The files in the steps of a chapter of the tutorial, by their names."""
    chapter = (ROOT / "templates/README.md").read_text("utf-8").partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    found = re.findall(r"^[0-9]\. `([a-z.]+)`.*?```\w+\n(.*?)\n   ```", chapter, re.MULTILINE | re.DOTALL)
    return {name: re.sub("^   ", "", block, flags=re.MULTILINE) + "\n" for name, block in found}


def made(folder: Path, files: dict[str, str]) -> Result:
    """The example of a layout of these files, with what all layouts share."""
    (folder / "my-county/training/2025").mkdir(parents=True)
    for name, text in files.items():
        (folder / "my-county/training/2025" / name).write_text(text, "utf-8")
    example = folder / "my-county/training/2025/example.yaml"
    return compile_spec(example.as_posix(), Sources(), (folder, ROOT / "templates"))


def test_the_tutorial_makes_a_layout(tmp_path: Path) -> None:
    result = made(tmp_path, steps("从头到尾做一遍"))
    assert result.diagnostics == ()
    assert result.title == "示例局培训计划表"


def test_the_tutorial_makes_a_scored_form(tmp_path: Path) -> None:
    """The second chapter's parts, put into the first one's layout."""
    files, parts = steps("从头到尾做一遍"), steps("自评表")
    schema = json.loads(files["schema.json"])
    schema["properties"] = {key: schema["properties"][key] for key in ("版式", "单位")} | json.loads(
        parts["schema.json"]
    )
    schema["required"] = ["版式", "单位"]
    files["schema.json"] = json.dumps(schema)
    files["page.html"] = f"<title>{{{{ 单位 }}}}自评表</title>\n<section>\n{parts['page.html']}</section>\n"
    files["page.css"] += (
        "td { text-align: left }\n.居中 { text-align: center }\n.块 { width: 24mm }\n.分 { width: 20mm }\n"
    )
    files["example.yaml"] = files["example.yaml"].partition("培训:")[0] + parts["example.yaml"]
    result = made(tmp_path, files | {name: parts[name] for name in ("equations.yaml", "rules.yaml")})
    assert result.diagnostics == ()
    text = printed(result)
    for figure in ("1,250.00", "90.00%", "维修养护水库数量（40分）", "90（优）"):
        assert figure in text

    files["example.yaml"] += "总分: 95\n等级: 良\n"
    wrong = made(tmp_path / "wrong", files | {name: parts[name] for name in ("equations.yaml", "rules.yaml")})
    assert [one.rule for one in wrong.diagnostics] == ["equation", "grade-in-prose"]


def test_an_empty_section_is_a_page_of_its_own(tmp_path: Path) -> None:
    folder = tmp_path / "test/notice"
    shutil.copytree(TESTS / "layouts/test/notice", folder)
    page = (folder / "page.html").read_text("utf-8")
    (folder / "page.html").write_text(page.replace("<section", "<section></section>\n<section", 1), "utf-8")
    result = compile_spec((TESTS / "findings/clean.yaml").as_posix(), Sources(), (tmp_path,))
    assert [page for _, page in result.headings] == [2]


def test_optional_parts_may_all_be_left_out(tmp_path: Path) -> None:
    example = (ROOT / "templates/hunan/self-evaluation/2022/example.yaml").read_text("utf-8")
    start, end = example.index("基础数据表:\n"), example.index("# 附件1-2\n")
    spec = tmp_path / "x.yaml"
    bare = re.sub(r"\{\{ 基础数据表[^}]*\}\}", "若干", example[:start]) + "基础数据表: {}\n" + example[end:]
    spec.write_text(bare, "utf-8")
    assert compile_spec(spec.as_posix(), Sources(), LAYOUTS).diagnostics == ()


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ("score-reason: {执行律: 90%}", "是不是“执行率”？"),
        ("score-reason: {执行率: 0.9}", "执行率"),
        ("project-code: {长度: 21, 校验: {字符: AB, 余数: 1}}", "缺少“权”"),
        ("no-such-rule: {级别: 提示}", "没有“no-such-rule”这条可以调整的规则"),
        ("typo: {容差: 1}", "容差"),
    ],
)
def test_mistakes_in_what_a_layout_says_to_the_rules(tmp_path: Path, entry: str, message: str) -> None:
    shutil.copytree(TESTS / "layouts/test/notice", tmp_path / "test/notice")
    (tmp_path / "test/notice/rules.yaml").write_text(f"规则:\n  {entry}\n", "utf-8")
    found = layout.read("test/notice", (tmp_path,))[1]
    shown = report.text(found, Sources())
    assert "test/notice/rules.yaml:2:" in shown
    assert message in shown
