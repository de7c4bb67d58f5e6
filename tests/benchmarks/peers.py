"""perfc against the floor and against others, on the same department of 14 projects: load, check, render, write.

`perfc` is all that a build does, `unchecked` the part of it that the others do too. What a process remembers of texts is
forgotten before each run: a build sees each department once.

python tests/benchmarks/peers.py [--runs 7]

Needs docxtpl (`pip install docxtpl`) and pandoc. docxtpl fills perfc's own document, with the same styles, widths and
borders. The others do less: no merged cells in the indicator rows, no table of contents, and only the schema is checked.
"""

import argparse
import io
import json
import random
import re
import shutil
import statistics
import subprocess
import tempfile
import time
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from unittest.mock import patch

import yaml
from docx import Document
from docxtpl import DocxTemplate
from jsonschema import Draft202012Validator
from perfc import Severity, Sources, compile_spec, labels, layout, paginate, places, values, vocabulary, word
from perfc.build import write
from perfc.lint import Level
from perfc.lint import rules as rules_of_perfc
from perfc.load import files, load
from perfc.memory import uncollected
from perfc.policy import Policy
from perfc.word import body
from referencing import Registry
from referencing.jsonschema import DRAFT202012

ROOT = Path(__file__).parents[2]
SPEC = ROOT / "specs/hebei/lulong-justice/2024/budget-performance.yaml"
LAYOUT = "hebei/budget-performance/2024"
COLUMNS = ("三级指标", "绩效指标描述", "指标值", "指标值确定依据")
SECRET = [dict.fromkeys(COLUMNS, "涉密")]
PROSE = ("总体绩效目标", "分项绩效目标", "工作保障措施")
STAGES = ("load", "validate", "derive", "refer", "lint", "waive", "fill", "paginate", "write")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=7)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        spec = place / "specs/department.yaml"
        spec.parent.mkdir()
        spec.write_text(one_file(SPEC), "utf-8")
        works = {"floor": floor(spec, place), "perfc": perfc(spec, place), "unchecked": unchecked(spec, place)}
        works |= others(spec, place)
        taken = interleaved(works, options.runs)
        for name, seconds in taken.items():
            times = (f"{seconds / taken[one]:6.2f} × {one}" for one in ("perfc", "unchecked", "floor"))
            print(f"{name:12} {seconds * 1000:8.1f} ms  {'  '.join(times)}")
        stages(works["perfc"], options.runs)


def one_file(spec: Path) -> str:
    """A spec with the files that it includes written into it."""
    items = []
    for path in sorted((spec.parent / "projects").glob("*.yaml")):
        first, *rest = path.read_text("utf-8").splitlines()
        items += [f"  - {first}", *(f"    {line}" for line in rest)]
    return spec.read_text("utf-8").replace("  引用: projects/*.yaml", "\n".join(items))


def interleaved(works: dict[str, Callable[[], object]], runs: int) -> dict[str, float]:
    """The median seconds of each work, after one round that does not count."""
    taken: dict[str, list[float]] = {name: [] for name in works}
    for turn in range(runs + 1):
        for name in random.Random(turn).sample(list(works), len(works)):  # none always after the same one
            forget()
            start = time.perf_counter()
            works[name]()
            if turn:
                taken[name].append(time.perf_counter() - start)
    return {name: statistics.median(seconds) for name, seconds in taken.items()}


def forget() -> None:
    """Empty the caches that are there for texts; what is made once for each layout stays."""
    for cached in (
        values.plain,
        values.number,
        values.find,
        values.bound,
        vocabulary.gist,
        labels.stem,
        paginate._count,
    ):
        cached.cache_clear()
    body.run.cache_clear()


def perfc(spec: Path, place: Path) -> Callable[[], object]:
    """Everything that perfc does: with all checks and the page numbers of the contents."""
    within = places.folders(ROOT)

    def work() -> None:
        result = compile_spec(spec.as_posix(), Sources(), within)
        assert result.docx, result.diagnostics
        write(result.docx, place / "perfc.docx")

    return work


def unchecked(spec: Path, place: Path) -> Callable[[], object]:
    """What the others do as well: load, schema, render and write; no rules of the field, no sums, no page numbers."""
    within = places.folders(ROOT)

    def work() -> None:
        with uncollected():
            sources = Sources()
            values, _ = load(spec.as_posix(), sources)
            assert values
            (chosen,), _ = layout.choose(values, within)
            assert not layout.validate(chosen, values)
            document, _ = layout.fill(chosen, values)
            assert document
            made = {"spec": sources.digest(files(values, sources)), "layout": chosen.name}
            write(word.write(document, chosen.sheet, defaultdict(int), made), place / "unchecked.docx")

    return work


def stages(work: Callable[[], object], runs: int) -> None:
    """What each stage takes of the whole; the rest is the work between them."""
    spent = dict.fromkeys(STAGES, 0.0)

    def timed(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **options: Any) -> Any:
            start = time.perf_counter()
            try:
                return function(*arguments, **options)
            finally:
                spent[name] += time.perf_counter() - start

        return call

    from perfc import compile as pipeline

    homes = {"load": pipeline, "paginate": pipeline, "waive": pipeline, "validate": layout, "fill": layout}
    homes |= {"derive": pipeline.equations, "refer": pipeline.equations, "lint": pipeline.lint, "write": pipeline.word}
    with ExitStack() as patches:
        for name, home in homes.items():
            patches.enter_context(patch.object(home, name, timed(name, getattr(home, name))))
        start = time.perf_counter()
        for _ in range(runs):
            work()
        whole = time.perf_counter() - start
    shares = {**spent, "the rest": whole - sum(spent.values())}
    print("shares of perfc: " + ", ".join(f"{name} {seconds / whole:.0%}" for name, seconds in shares.items()))


def floor(spec: Path, place: Path) -> Callable[[], object]:
    """What no program of this kind can do without: libyaml, zlib and the disk."""
    perfc(spec, place)()
    document = zipfile.ZipFile(place / "perfc.docx").read("word/document.xml")
    text = spec.read_text("utf-8")

    def work() -> None:
        for _ in yaml.parse(text, Loader=yaml.CSafeLoader):
            pass
        write(zlib.compress(document), place / "floor.bin")

    return work


def others(spec: Path, place: Path) -> dict[str, Callable[[], object]]:
    """The same work with docxtpl, with python-docx, and with pandoc from HTML."""
    accepts = validator()
    template_file(place / "template.docx")
    template = DocxTemplate(place / "template.docx")

    def loaded() -> dict[str, Any]:
        values = present(yaml.load(spec.read_text("utf-8"), Loader=yaml.CSafeLoader))
        accepts(values)
        for project in values["项目"]:
            project["rows"] = list(rows(project))
        return values

    def with_docxtpl() -> None:
        template.render({"spec": loaded()}, autoescape=True)
        template.save(place / "docxtpl.docx")

    def with_python_docx() -> None:
        by_cell(loaded()).save(place / "python-docx.docx")

    def with_pandoc() -> None:
        (place / "page.html").write_text(page(loaded()), "utf-8")
        subprocess.run(["pandoc", "-f", "html", "-o", place / "pandoc.docx", place / "page.html"], check=True)

    works = {"docxtpl": with_docxtpl, "python-docx": with_python_docx}
    return {**works, "pandoc": with_pandoc} if shutil.which("pandoc") else works


def present(value: Any) -> Any:
    """A value without its empty keys."""
    if isinstance(value, dict):
        return {key: present(inner) for key, inner in value.items() if inner is not None}
    return [present(inner) for inner in value] if isinstance(value, list) else value


def validator() -> Callable[[Any], None]:
    """jsonschema with the layout's own schema, made once."""

    def resource(path: Path) -> Any:
        return DRAFT202012.create_resource(json.loads(path.read_text("utf-8")))

    base = f"file:///{LAYOUT}/schema.json"
    shared = ROOT / "templates/_shared/definitions.json"
    files = {base: ROOT / "templates" / LAYOUT / "schema.json", "file:///_shared/definitions.json": shared}
    registry = Registry().with_resources((uri, resource(path)) for uri, path in files.items())
    made = Draft202012Validator({"$ref": base}, registry=registry)

    def accepts(values: Any) -> None:
        for error in made.iter_errors(values):
            raise SystemExit(error.message)

    return accepts


def rows(project: dict[str, Any]) -> Any:
    """The indicator rows of a project with their levels."""
    table = project.get("绩效指标") or {
        "产出指标": {"数量指标": SECRET, "质量指标": SECRET},
        "效益指标": {"社会效益指标": SECRET},
    }
    for level1, groups in table.items():
        for level2, entries in groups.items():
            for entry in entries:
                yield [level1, level2, *(str(entry.get(label, "")) for label in COLUMNS)]


def template_file(path: Path) -> None:
    """A template with the look of perfc's own document: that of one project, its values replaced by docxtpl's tags.

    As docxtpl's documentation shows: tags in paragraphs of their own around what is repeated, `tr` tags in rows.
    """
    values = {
        **{key: f"〇spec.{key}〇" for key in ("部门", "财政部门", "稿次", "单位名称")},
        **{key: f"〇for line in spec.{key}.splitlines()〇\n〇line〇\n〇endfor〇" for key in PROSE},
        "版式": LAYOUT,
        "年度": 2024,
        "单位编码": "0",
    }
    project = {
        **{key: f"〇project.{key}〇" for key in ("项目名称", "资金用途")},
        "项目编码": "0",
        "预算数": 1,
        "财政资金": 1,
        "绩效目标": ["〇project.绩效目标〇"],
        "资金支出计划": dict.fromkeys(("3月底", "6月底", "10月底", "12月底"), "100%"),
        "绩效指标": {"产出指标": {"数量指标": [{key: f"〇row[{at}]〇" for at, key in enumerate(COLUMNS, 2)}]}},
    }
    spec = path.with_suffix(".yaml")
    spec.write_text(yaml.safe_dump({**values, "项目": [project]}, allow_unicode=True, sort_keys=False), "utf-8")
    lenient = Policy(levels={name: Level(Severity.INFO, "tags") for name in rules_of_perfc()})
    result = compile_spec(spec.as_posix(), Sources(), places.folders(ROOT), lenient)
    assert result.docx, result.diagnostics
    with zipfile.ZipFile(io.BytesIO(result.docx)) as made, zipfile.ZipFile(path, "w") as target:
        for entry in made.infolist():
            part = made.read(entry)
            target.writestr(entry, tagged(part.decode()) if entry.filename == "word/document.xml" else part)


def tagged(document: str) -> str:
    """The tags of docxtpl in the document of one project."""
    heading = document.rindex("<w:p>", 0, document.rindex('<w:pStyle w:val="Heading2'))
    end = document.rindex("</w:tbl>") + len("</w:tbl>")
    row = document.rindex("<w:tr>", 0, end)
    rows = document[row : end - len("</w:tbl>")].replace('<w:vMerge w:val="restart"/>', "")
    rows = rows.replace("产出指标", "〇row[0]〇").replace("数量指标", "〇row[1]〇")
    tags = [
        f"<w:tr><w:tc><w:p><w:r><w:t>{tag}</w:t></w:r></w:p></w:tc></w:tr>"
        for tag in ("{%tr for row in project.rows %}", "{%tr endfor %}")
    ]
    loop = [f"<w:p><w:r><w:t>{tag}</w:t></w:r></w:p>" for tag in ("{%p for project in spec.项目 %}", "{%p endfor %}")]
    repeated = f"{loop[0]}{document[heading:row]}{tags[0]}{rows}{tags[1]}</w:tbl>{loop[1]}"
    contents = document[:heading].replace("〇project.项目名称〇", "项目")
    document = contents + repeated + document[end:]
    document = re.sub("〇((?:for|endfor)[^〇]*)〇", r"{%p \1 %}", document)
    return re.sub("〇([^〇]*)〇", r"{{ \1 }}", document)


def head(value: str, plan: str, goals: str) -> list[list[str]]:
    """The rows above the indicators, each of seven cells."""
    months = ("3月底", "6月底", "10月底", "12月底")
    return [
        ["项目编码", value % "项目编码", "", "项目名称", value % "项目名称", "", ""],
        [
            "预算规模及资金用途",
            "预算数",
            value % "预算数",
            "其中：财政资金",
            value % "财政资金",
            "其他资金",
            value % "其他资金",
        ],
        ["", value % "资金用途", "", "", "", "", ""],
        ["资金支出计划（%）", months[0], "", months[1], months[2], months[3], ""],
        ["", plan % months[0], "", plan % months[1], plan % months[2], plan % months[3], ""],
        ["绩效目标", goals, "", "", "", "", ""],
        ["一级指标", "二级指标", "三级指标", "绩效指标描述", "指标值", "指标值确定依据", ""],
    ]


def filled(project: dict[str, Any]) -> list[list[str]]:
    """All rows of a project's table."""
    above = head("%s", "%s", "\n".join(project.get("绩效目标", ["涉密"])))
    plan = project["资金支出计划"]
    lines = [
        [str(project.get(cell, plan.get(cell, cell))) if at else cell for at, cell in enumerate(row)] for row in above
    ]
    return [*lines, *([*row, ""] for row in project["rows"])]


def by_cell(values: dict[str, Any]) -> Any:
    """A document as python-docx's documentation shows: rows added one by one, cells by their number."""
    document = Document()
    document.add_heading(f"{values['部门']}{values['年度']}年部门预算绩效文本", 0)
    for key in PROSE:
        document.add_heading(key, 2)
        for line in values[key].splitlines():
            document.add_paragraph(line)
    for number, project in enumerate(values["项目"], 1):
        document.add_heading(f"{number}.{project['项目名称']}绩效目标表", 2)
        table = document.add_table(rows=0, cols=7)
        for line in filled(project):
            cells = table.add_row().cells
            for at, text in enumerate(line):
                cells[at].text = text
        table.cell(0, 1).merge(table.cell(0, 2))
        table.cell(0, 4).merge(table.cell(0, 6))
        table.cell(2, 1).merge(table.cell(2, 6))
        table.cell(5, 1).merge(table.cell(5, 6))
    return document


def page(values: dict[str, Any]) -> str:
    """The same as HTML for pandoc."""
    parts = [f"<h1>{values['部门']}{values['年度']}年部门预算绩效文本</h1>"]
    for key in PROSE:
        parts += [f"<h2>{key}</h2>", *(f"<p>{line}</p>" for line in values[key].splitlines())]
    for number, project in enumerate(values["项目"], 1):
        cells = ("".join(f"<td>{text}</td>" for text in line) for line in filled(project))
        parts += [
            f"<h2>{number}.{project['项目名称']}绩效目标表</h2>",
            "<table>",
            *(f"<tr>{row}</tr>" for row in cells),
            "</table>",
        ]
    return "\n".join(parts)


if __name__ == "__main__":
    main()
