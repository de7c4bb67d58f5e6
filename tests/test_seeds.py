"""What perfc makes of the two published documents is what was published: every text, in order, and nothing else."""

import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import ROOT, TESTS
from docx import Document
from docx.oxml.ns import qn
from docx.table import Table
from perfc import Sources, compile_spec, report
from perfc.policy import Policy

LULONG = ROOT / "specs/hebei/lulong-justice/2024/budget-performance.yaml"
SUINING = ROOT / "specs/hunan/suining-civil-affairs/2022/self-evaluation.yaml"


def compiled(spec: Path) -> Document:
    result = compile_spec(spec.as_posix(), Sources(), (ROOT / "templates",))
    assert result.docx, result.diagnostics
    return Document(io.BytesIO(result.docx))


def texts(document: Document) -> Iterator[str]:
    """Every paragraph and every cell, a merged cell once, in the order of the document."""
    for text in document.element.body.iter(qn("w:t")):
        yield text.text


def grid(table: Table) -> list[str]:
    """Each row as its cells' spans: `2` spans two columns, `2v` begins a merge downwards, `2^` goes on with one."""
    rows = []
    for row in table._tbl.tr_lst:
        cells = []
        for cell in row.tc_lst:
            merge = cell.tcPr.find(qn("w:vMerge"))
            mark = "" if merge is None else "v" if merge.get(qn("w:val")) == "restart" else "^"
            cells.append(f"{cell.grid_span}{mark}")
        rows.append(" ".join(cells))
    return rows


@pytest.mark.parametrize(
    ("spec", "seed"), [(LULONG, "lulong.txt"), (SUINING, "suining.txt")], ids=["lulong", "suining"]
)
def test_text_is_the_published_one(spec: Path, seed: str) -> None:
    published = (TESTS / "seeds" / seed).read_text("utf-8")
    assert bare("".join(texts(compiled(spec)))) == bare(published)


def bare(text: str) -> str:
    return re.sub(r"\s", "", text)


def test_lulong_tables_have_the_published_grid() -> None:
    tables = compiled(LULONG).tables
    assert len(tables) == 2 * 14
    for upper, lower in zip(tables[::2], tables[1::2], strict=True):
        assert grid(upper) == ["1 2 1 3", "1v 1 1 1 1 1 1", "1^ 6", "1v 2 1 1 2", "1^ 2 1 1 2", "1 6"]
        assert grid(lower) == [
            *("1 1 1 1 1 2", "1v 1 1 1 1 2", "1^ 1 1 1 1 2", "1^ 1 1 1 1 2", "1^ 1 1 1 1 2"),
            *("1 1 1 1 1 2", "1 1 1 1 1 2"),
        ]
        headings = [row._tr.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None for row in lower.rows]
        assert headings == [True] + [False] * 6
        assert not [row for row in upper.rows if row._tr.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None]


def test_suining_tables_have_the_published_grid() -> None:
    data, evaluation = compiled(SUINING).tables
    assert grid(data) == [
        *("1v 2 2 2", "1^ 2 2 2", "1 2 2 2"),
        *["1 2 2 2"] * 18,
        *("1v 1 1 1 1 1 1", "1^ 1 1 1 1 1 1", "1 6"),
    ]
    indicators = ["v v", "^ ^", "^ ^", "^ ", "^ v", "^ ^", "^ v", "^ ^", "v v", "^ ^", "^ ", " "]
    assert grid(evaluation) == [
        *("1 8", "1v 2 1 1 1 1 1 1", "1^ 2 1 1 1 1 1 1", *["1^ 4 4"] * 5),
        *("1v 4 4", "1^ 4 4", "1v 1 1 1 1 1 1 1 1"),
        *(f"1^ 1{marks.split(' ')[0]} 1{marks.split(' ')[1]} 1 1 1 1 1 1" for marks in indicators),
        "6 1 1 1",
    ]


@pytest.mark.parametrize("spec", [LULONG, SUINING], ids=["lulong", "suining"])
def test_tables_are_as_wide_as_the_text(spec: Path) -> None:
    document = compiled(spec)
    for table in document.tables:
        widths = [int(column.get(qn("w:w"))) for column in table._tbl.tblGrid.gridCol_lst]
        assert abs(sum(widths) - 156 / 25.4 * 1440) <= 2
        for row in table._tbl.tr_lst:
            assert sum(cell.width.twips for cell in row.tc_lst) == sum(widths)


def test_pages_are_those_of_the_standard() -> None:
    for spec in (LULONG, SUINING):
        for section in compiled(spec).sections:
            sides = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
            assert [round(side.mm) for side in sides] == [37, 35, 28, 26]
            assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)


def test_page_numbers_begin_with_the_text() -> None:
    cover, contents, text = compiled(LULONG).sections
    for section in (cover, contents):
        assert section.footer.paragraphs[0].text == section.even_page_footer.paragraphs[0].text == ""
    assert text.footer.paragraphs[0].text == text.even_page_footer.paragraphs[0].text == "— 1 —"
    assert text.footer.paragraphs[0].style.paragraph_format.alignment.name == "RIGHT"
    assert text.even_page_footer.paragraphs[0].style.paragraph_format.alignment.name == "LEFT"
    assert text._sectPr.find(qn("w:pgNumType")).get(qn("w:start")) == "1"
    assert text.footer.paragraphs[0].style.font.size.pt == 14


def test_headings_have_outline_levels() -> None:
    levels = {}
    for paragraph in compiled(LULONG).paragraphs:
        level = paragraph.style.element.find(f"{qn('w:pPr')}/{qn('w:outlineLvl')}")
        if level is not None:
            levels[paragraph.text.replace("\n", " ")] = int(level.get(qn("w:val"))) + 1
    assert levels["第一部分 部门整体绩效目标"] == 1
    assert levels["二、分项绩效目标"] == 2
    assert levels["14.专职人民调解员补贴绩效目标表"] == 2
    assert len(levels) == 2 + 3 + 14


@pytest.mark.parametrize(("name", "spec"), [("lulong", LULONG), ("suining", SUINING)])
def test_what_is_wrong_in_the_published_documents_is_found(name: str, spec: Path, expect) -> None:
    sources = Sources()
    found = compile_spec(spec.as_posix(), sources, (ROOT / "templates",), Policy(waivers=False)).diagnostics
    shown = report.concise(sorted(found, key=lambda one: one.span), sources) + report.skips(found)
    expect(shown.replace(f"{spec.parent.as_posix()}/", ""), TESTS / f"seeds/{name}-findings.txt")
