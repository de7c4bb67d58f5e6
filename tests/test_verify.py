"""Edits by hand are named, each at its line; and LibreOffice is asked, or said to be missing."""

import io
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from conftest import ROOT, tool
from docx import Document
from perfc import Sources, Span, compile_spec
from perfc.office import misplaced
from perfc.verify import NotWord, verify
from pypdf import PdfReader

SPEC = "specs/hebei/lulong-justice/2024/budget-performance.yaml"
LAYOUTS = (ROOT / "templates",)


@pytest.fixture(autouse=True)
def at_the_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


def edited(edit) -> list[tuple[str, str, str]]:
    """What verify finds after an edit with python-docx: the message, the file's name and the line's text."""
    document = Document(io.BytesIO(compile_spec(SPEC, Sources(), LAYOUTS).docx))
    edit(document)
    file = io.BytesIO()
    document.save(file)
    sources = Sources()
    found = verify(file.getvalue(), SPEC, sources, LAYOUTS)
    places = [(sources[one.span.file], one.span.start) for one in found]
    lines = [source.line(source.position(start)[0]).strip() for source, start in places]
    return [(one.message, Path(one.span.file).name, line) for one, line in zip(found, lines, strict=True)]


def test_an_untouched_document() -> None:
    docx = compile_spec(SPEC, Sources(), LAYOUTS).docx
    assert verify(docx, SPEC, Sources(), LAYOUTS) == ()
    assert edited(lambda document: None) == []


def test_a_changed_amount() -> None:
    def edit(document) -> None:
        document.tables[4].rows[1].cells[4].paragraphs[0].runs[0].text = "14.00"

    message = "第 5 张表第 2 行第 5 格：规格为“13.00”，文件为“14.00”"
    assert edited(edit) == [(message, "03-legal-publicity.yaml", "财政资金: 13.00")]


def test_a_deleted_row() -> None:
    def edit(document) -> None:
        table = document.tables[3]
        table._tbl.remove(table.rows[3]._tr)

    ((message, file, line),) = edited(edit)
    assert message.startswith("第 4 张表第 4 行被删去：｜时效指标｜完成进度｜完成进度｜2024年全年｜司法部财政部")
    assert (file, line[:8]) == ("02-legal-aid.yaml", "指标值确定依据:")


def test_a_new_paragraph() -> None:
    def edit(document) -> None:
        next(one for one in document.paragraphs if "7.围绕" in one.text).insert_paragraph_before("8.另加的一条。")

    assert edited(edit) == [
        (
            "第 56 段是新加的：8.另加的一条。",
            "budget-performance.yaml",
            "6.指导管理全县面向社会服务的司法医学鉴定工作。",
        )
    ]


def test_a_changed_paragraph_and_a_changed_heading() -> None:
    def edit(document) -> None:
        next(one for one in document.paragraphs if one.text.startswith("(9)")).runs[0].text = "(9)改过的一条。"
        next(one for one in document.paragraphs if one.text == "1.法律顾问经费绩效目标表").runs[0].text = "1.顾问"

    found = edited(edit)
    assert [file for _, file, _ in found] == ["budget-performance.yaml", "01-legal-counsel.yaml"]
    assert "文件为“(9)改过的一条。”" in found[0][0]
    assert found[0][2].startswith("(9)")
    assert found[1][0].endswith("规格为“1.法律顾问经费绩效目标表”，文件为“1.顾问”")


def test_a_change_that_no_text_shows() -> None:
    def edit(document) -> None:
        document.paragraphs[0].runs[0].bold = True

    ((message, _, _),) = edited(edit)
    assert message == "文字没有改动，有改动的部分：word/document.xml"


def test_another_spec_is_said_first() -> None:
    docx = compile_spec("templates/hebei/budget-performance/2024/example.yaml", Sources(), LAYOUTS).docx
    found = verify(docx, SPEC, Sources(), LAYOUTS)
    assert (found[0].message, found[0].severity) == ("文件不是由这份规格现在的内容生成的", "info")
    assert len(found) > 100


@pytest.mark.parametrize("content", [b"", b"PK", "文字".encode(), b"%PDF-1.7"])
def test_what_is_no_document(content: bytes) -> None:
    with pytest.raises(NotWord):
        verify(content, SPEC, Sources(), LAYOUTS)


def test_the_spec_is_found_by_its_hash(tmp_path: Path) -> None:
    (tmp_path / "x.docx").write_bytes(compile_spec(SPEC, Sources(), LAYOUTS).docx)
    assert perfc("verify", tmp_path / "x.docx").stdout.endswith(f"x.docx 与 {SPEC} 一致，没有手工改动\n")
    example = "templates/hebei/budget-performance/2024/example.yaml"
    (tmp_path / "y.docx").write_bytes(compile_spec(example, Sources(), LAYOUTS).docx)
    run = perfc("verify", tmp_path / "y.docx")
    assert (run.returncode, "请写明规格" in run.stderr) == (2, True)
    assert perfc("verify", tmp_path / "y.docx", example).returncode == 0
    assert perfc("verify", tmp_path / "none.docx").stderr.endswith("none.docx：没有这个文件或文件夹\n")


def test_properties_come_from_the_spec() -> None:
    docx = compile_spec("specs/hunan/suining-civil-affairs/2022/self-evaluation.yaml", Sources(), LAYOUTS).docx
    said = Document(io.BytesIO(docx)).core_properties
    assert (said.title, said.author) == ("绥宁县民政局2022年度部门整体支出绩效自评报告", "绥宁县民政局")
    assert (said.created.date().isoformat(), said.language) == ("2023-03-24", "zh-CN")
    custom = zipfile.ZipFile(io.BytesIO(docx)).read("docProps/custom.xml").decode()
    assert ">hunan/self-evaluation/2022<" in custom


def perfc(*arguments: object, path: str | None = None) -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "perfc.cli", *map(str, arguments)]
    environment = {**os.environ, **({"PATH": path} if path is not None else {})}
    return subprocess.run(command, capture_output=True, encoding="utf-8", check=False, env=environment)


def test_pages_are_verified_and_a_pdf_is_saved(tmp_path: Path) -> None:
    tool("soffice")
    run = perfc("build", SPEC, "-o", tmp_path, "--pdf", "--verify-pages")
    assert run.returncode == 0
    assert "page-number" not in run.stderr
    (pdf,) = tmp_path.glob("*.pdf")
    assert len(PdfReader(pdf).pages) == 22


def test_a_heading_on_another_page_is_a_finding(tmp_path: Path) -> None:
    tool("soffice")
    perfc("build", SPEC, "-o", tmp_path, "--pdf")
    (pdf,) = tmp_path.glob("*.pdf")
    right = compile_spec(SPEC, Sources(), LAYOUTS)
    assert list(misplaced(right.headings, pdf.read_bytes(), Span(SPEC, 0, 0))) == []
    headings = [(text, page + (text == "9.人民调解经费绩效目标表")) for text, page in right.headings]
    (found,) = misplaced(tuple(headings), pdf.read_bytes(), Span(SPEC, 0, 0))
    assert found.message == "“9.人民调解经费绩效目标表”在第 15 页，perfc 算作第 16 页"
    (found,) = misplaced(right.headings[1:], pdf.read_bytes(), Span(SPEC, 0, 0))
    assert "无法核对页码" in found.message


def test_without_libreoffice(tmp_path: Path) -> None:
    run = perfc("build", SPEC, "-o", tmp_path, "--pdf", path="")
    assert (run.returncode, run.stdout) == (2, "")
    assert "没有找到 LibreOffice" in run.stderr
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("script", "message"), [("exit 0", "没有生成 PDF（退出码 0）"), ("kill -9 $$", "没有生成 PDF")]
)
def test_a_libreoffice_that_fails(tmp_path: Path, script: str, message: str) -> None:
    program = tmp_path / "bin/soffice"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    run = perfc("build", SPEC, "-o", tmp_path / "out", "--pdf", path=f"{program.parent}:/bin")
    assert run.returncode == 2
    assert message in run.stderr
    assert [path.suffix for path in (tmp_path / "out").iterdir() if path.name[0] != "."] == [".docx"]
