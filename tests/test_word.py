"""The Word files are sound, whole, and always the same bytes: by the SDK, the invariants, python-docx and LibreOffice."""

import io
import json
import os
import re
import shutil
import subprocess
import sys
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest
from conftest import EXAMPLES, LAYOUTS, ROOT, SPECS, TESTS, tool
from docx import Document
from docx.table import Table, _Cell
from invariants import W, broken
from perfc import Sources, compile_spec, layout, style, tree, word
from perfc.compile import understand
from perfc.paginate import paginate
from perfc.source import Source
from pypdf import PdfReader

ALL = [*SPECS, *EXAMPLES, TESTS / "findings/clean.yaml", TESTS / "findings/across.yaml"]


def name(spec: Path) -> str:
    return "-".join(spec.relative_to(ROOT).parts[1:3])


def docx(spec: Path) -> bytes:
    return compile_spec(spec.as_posix(), Sources(), LAYOUTS).docx


@pytest.mark.parametrize("spec", ALL, ids=name)
def test_nothing_for_word_to_repair(spec: Path) -> None:
    assert broken(docx(spec)) == []


def test_the_sdk_finds_nothing(tmp_path: Path) -> None:
    validator = tool("ooxml-validator")
    for number, spec in enumerate(ALL):
        (tmp_path / f"{number}.docx").write_bytes(docx(spec))
        run = subprocess.run([validator, tmp_path / f"{number}.docx"], capture_output=True, text=True, check=False)
        assert json.loads(run.stdout)["errors"] == []


@pytest.mark.parametrize("spec", ALL, ids=name)
def test_the_text_and_the_grids_are_those_of_the_tree(spec: Path) -> None:
    assert list(read(docx(spec))) == list(laid_out(spec))


ROWS = (
    "<tr><td colspan='2' rowspan='2'>甲</td><td rowspan='3'>乙</td></tr><tr/>"
    "<tr><td rowspan='2'>丙</td><td/></tr><tr><td>丁</td><td>戊</td></tr>"
)
ROW = "<tr><td>甲</td></tr>"
TABLE = f"<table><colgroup><col/></colgroup><tbody>{ROW}</tbody></table>"
ODD = {
    "nothing at all": "<section/>",
    "an empty section first": "<section/><section><p>文</p></section>",
    "an empty section last": "<section><p>文</p></section><section/>",
    "contents without entries": "<section><nav/></section><section><p>文</p></section>",
    "contents without entries last": "<section><p>文</p><nav/></section><section><p>文</p></section>",
    "contents without entries between tables": f"<section>{TABLE}<nav/>{TABLE}</section>",
    "contents last": "<section><h1>一</h1><nav/></section><section><h2 data-toc='二'>长</h2><h4>四</h4></section>",
    "a table last": f"<section>{TABLE}{TABLE}</section><section>{TABLE}</section>",
    "blank paragraphs": "<section><p/><p> <br/> </p><p>&#12288;</p></section>",
    "spans and spaces": "<section><p> 甲\n乙 <span> 丙 丁 </span>  <br/> 戊 &nbsp;<span/></p></section>",
    "a cell of paragraphs": f"<section>{TABLE.replace('甲', '<p>甲</p> <p/> <p>乙<br/>丙</p>')}</section>",
    "a wide and tall cell": f"<section>{TABLE.replace('<col/>', '<col/>' * 3).replace(ROW, ROWS)}</section>",
}


@pytest.mark.parametrize("html", ODD.values(), ids=list(ODD))
def test_odd_trees(html: str) -> None:
    document, problems = tree.check(tree.parse(f"<title>题</title>{html}"))
    assert not problems
    sheet, _ = style.read(Source("page.css", ""))
    pages = paginate(document, sheet)
    file = word.write(document, sheet, pages, {})
    assert broken(file) == []
    assert list(read(file)) == list(held(document, [*pages.values()]))


def read(file: bytes) -> Iterator[object]:
    """What a document holds in order: a text for a paragraph, a list of rows for a table, None where a section ends."""
    for block in Document(io.BytesIO(file)).iter_inner_content():
        if isinstance(block, Table):
            yield [
                [(tc.grid_span, tc.vMerge, [one.text for one in _Cell(tc, block).paragraphs]) for tc in row.tc_lst]
                for row in block._tbl.tr_lst
            ]
        else:
            if block.text or block.style.name != "表格间隔":
                yield block.text.replace("\t", "")
            if block._p.xpath("w:pPr/w:sectPr"):
                yield None


def laid_out(spec: Path) -> Iterator[object]:
    """What the tree of a spec holds, as `read` has it."""
    ((values, chosen), *_), _ = understand(spec.as_posix(), Sources(), LAYOUTS)
    document, _ = layout.fill(chosen, values)
    pages = [page for _, page in compile_spec(spec.as_posix(), Sources(), LAYOUTS).headings]
    return held(document, pages)


def held(document: tree.Document, pages: list[int]) -> Iterator[object]:
    """What a tree holds, as `read` has it; `pages` has the number of each heading's page."""
    headings = [one for one in document.root.iter() if one.tag in tree.HEADINGS]
    sections = document.root.findall("section")
    for section in sections:
        for block in section:
            if block.tag == "table":
                yield [[laid_out_cell(cell) for cell in row] for _, row in document.grids[block].rows]
            elif block.tag == "nav":
                first, last = (block.get("data-levels") or "1-3").split("-")
                for heading, page in zip(headings, pages, strict=True):
                    if first <= heading.tag[1] <= last:
                        entry = heading.get("data-toc") or shown(heading).replace("\n", " ")
                        yield entry if heading.tag[1] == block.get("data-unnumbered") else f"{entry}{page}"
            else:
                yield shown(block)
        if section is not sections[-1]:
            yield None


def laid_out_cell(cell: tree.Cell) -> tuple[int, str | None, list[str]]:
    if cell.above:
        return cell.columns, "continue", [""]
    texts = [shown(block) for block in cell.element.findall("p") or [cell.element]]
    return cell.columns, "restart" if cell.rows > 1 else None, texts


def shown(block: Element) -> str:
    """The text of a block as a browser shows it."""
    lines = "".join(written(block)).split("\v")
    return "\n".join(re.sub("[ \t\r\n]+", " ", line).strip(" ") for line in lines)


def written(element: Element) -> Iterator[str]:
    yield "\v" if element.tag == "br" else element.text or ""
    for child in element:
        yield from written(child)
        yield child.tail or ""


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> dict[Path, PdfReader]:
    """Each document as LibreOffice shows it."""
    soffice, folder = tool("soffice"), tmp_path_factory.mktemp("rendered")
    files = {spec: folder / f"{number}.docx" for number, spec in enumerate(ALL)}
    for spec, file in files.items():
        file.write_bytes(docx(spec))
    bookmarks = 'pdf:writer_pdf_Export:{"ExportBookmarks":{"type":"boolean","value":"true"}}'
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [soffice, profile, "--headless", "--convert-to", bookmarks, "--outdir", folder, *files.values()]
    subprocess.run(command, capture_output=True, check=True)
    return {spec: PdfReader(file.with_suffix(".pdf")) for spec, file in files.items()}


@pytest.mark.parametrize("spec", ALL, ids=name)
def test_headings_stand_where_perfc_says(spec: Path, rendered: dict[Path, PdfReader]) -> None:
    said = [page for _, page in compile_spec(spec.as_posix(), Sources(), LAYOUTS).headings]
    shown = [rendered[spec].get_destination_page_number(entry) for entry in flat(rendered[spec].outline)]
    before = shown[0] - said[0]
    assert [page - before for page in shown] == said


def flat(outline: list) -> list:
    return [entry for item in outline for entry in (flat(item) if isinstance(item, list) else [item])]


@pytest.mark.parametrize("spec", ALL, ids=name)
def test_nothing_is_clipped(spec: Path, rendered: dict[Path, PdfReader]) -> None:
    body = ElementTree.fromstring(zipfile.ZipFile(io.BytesIO(docx(spec))).read("word/document.xml"))
    written = Counter("".join("".join(text.text or "" for text in body.iter(f"{W}t")).split()))
    shown = Counter("".join("".join(page.extract_text() for page in rendered[spec].pages).split()))
    assert written - shown == Counter()


def test_the_header_row_is_repeated_and_rows_stay_whole(rendered: dict[Path, PdfReader]) -> None:
    spec = next(spec for spec in SPECS if "lulong" in spec.as_posix())
    first, second = (rendered[spec].pages[number].extract_text() for number in (8, 9))
    assert "项目编码" in first
    assert "项目编码" not in second
    assert second.strip().startswith("一级指标")
    for page, row in ((first, "完善法律援助补贴标准的指导意见"), (second, "值班律师工作暂行管理办法")):
        assert row in "".join(page.split())


def test_the_report_has_22_lines_of_28_characters(rendered: dict[Path, PdfReader]) -> None:
    spec = next(spec for spec in SPECS if "suining" in spec.as_posix())
    page = rendered[spec].pages[8]
    lines = [line.strip() for line in page.extract_text().splitlines() if line.strip() and "—" not in line]
    assert len(lines) == 22
    chinese = [line for line in lines if re.fullmatch(r"[^ -~]+", line)]
    assert max(map(len, chinese)) == 28


def test_same_bytes_in_another_place_time_and_language(tmp_path: Path) -> None:
    outputs = []
    for number, (language, zone, seed) in enumerate([("C", "UTC", "1"), ("zh_CN.UTF-8", "Asia/Shanghai", "2")]):
        workspace = tmp_path / "工作区" / str(number) if number else tmp_path
        shutil.copytree(ROOT / "specs", workspace / "specs")
        shutil.copytree(ROOT / "templates", workspace / "templates")
        environment = {**os.environ, "LC_ALL": language, "TZ": zone, "PYTHONHASHSEED": seed}
        command = [sys.executable, "-m", "perfc.cli", "build"]
        subprocess.run(command, cwd=workspace, env=environment, check=True, capture_output=True)
        outputs.append({path.name: path.read_bytes() for path in (workspace / "output").rglob("*.docx")})
        time.sleep(2)  # a zip file counts in steps of two seconds
    assert outputs[0] == outputs[1]
    assert len(outputs[0]) == len(SPECS)


def test_numbers_of_pages_that_lie_across_stand_where_the_binding_wants_them(rendered: dict[Path, PdfReader]) -> None:
    pages = rendered[TESTS / "findings/across.yaml"].pages
    assert [(round(page.mediabox.width), round(page.mediabox.height)) for page in pages] == [
        *((595, 842), (842, 595), (842, 595), (595, 842)),
    ]
    places: list[tuple[float, float]] = []
    for number, page in enumerate(pages, 1):
        page.extract_text(
            visitor_text=lambda text, _, matrix, *rest, n=str(number): (
                places.append((matrix[4], matrix[5])) if text.strip() == n else None
            )
        )
    first, second, third, fourth = places
    assert first[0] > 400
    assert first[1] < 100
    assert second[0] < 99
    assert second[1] > 400
    assert third[0] < 99
    assert third[1] < 200
    assert fourth[0] < 200
    assert fourth[1] < 100


def edited(change: Callable[[str], str], part: str = "word/document.xml") -> bytes:
    """A sound document with a change to one of its parts."""
    file = io.BytesIO()
    sound = zipfile.ZipFile(io.BytesIO(docx(EXAMPLES[0])))
    with zipfile.ZipFile(file, "w") as archive:
        for entry in sound.namelist():
            content = sound.read(entry).decode()
            new = change(content) if entry == part else content
            assert entry != part or new != content
            archive.writestr(entry, new)
    return file.getvalue()


def once(old: str, new: str) -> Callable[[str], str]:
    return lambda text: re.sub(old, new, text, count=1)


DAMAGE = {
    "a cell without a paragraph": once(r"(<w:tc>.*?</w:tcPr>)<w:p>.*?</w:p>", r"\1"),
    "a row that is too short": once(r"<w:tc>.*?</w:tc>", ""),
    "an orphan merge": once(r'<w:vMerge w:val="restart"/>', ""),
    "an open field": once(r'<w:r><w:fldChar w:fldCharType="end"/></w:r>', ""),
    "a missing style": once(r'<w:pStyle w:val="[^"]+"/>', '<w:pStyle w:val="None"/>'),
    "a bookmark twice": once('_Toc00000002"/>', '_Toc00000001"/>'),
    "a link to nowhere": once('w:anchor="_Toc00000001"', 'w:anchor="_Toc9"'),
    "elements out of order": once(r"(<w:tcW [^>]*/>)(<w:gridSpan [^>]*/>)", r"\2\1"),
    "a missing footer": once(r'r:id="rId\d+"', 'r:id="rId99"'),
    "two tables in touch": once(r"(</w:tbl>)<w:p>.*?</w:p>(<w:tbl>)", r"\1\2"),
}


@pytest.mark.parametrize("change", DAMAGE.values(), ids=list(DAMAGE))
def test_the_invariants_see_damage(change: Callable[[str], str]) -> None:
    assert broken(edited(change))


LOSS = {
    "a paragraph is lost": once(r"<w:p>(?:(?!</w:p>).)*<w:t>.*?</w:p>", ""),
    "a paragraph has moved": once(r"(<w:p>(?:(?!</w:p>).)*<w:t>.*?</w:p>)(<w:p>.*?</w:p>)", r"\2\1"),
    "a section is lost": once(r"<w:sectPr>.*?</w:sectPr>", ""),
    "a page number is wrong": once(r"(PAGEREF .*?<w:t>)\d+", r"\g<1>99"),
    "a row is lost": once(r"<w:tr>.*?</w:tr>", ""),
    "a cell is empty": once(r"(<w:tc>(?:(?!</w:tc>).)*)<w:r>.*?</w:r>", r"\1"),
    "two cells have changed places": once(r"(<w:tc>.*?</w:tc>)(<w:tc>.*?</w:tc>)", r"\2\1"),
    "a cell spans more": once(r'<w:gridSpan w:val="2"/>', '<w:gridSpan w:val="3"/>'),
    "a cell is not merged": once(r"<w:vMerge/>", '<w:vMerge w:val="restart"/>'),
    "two cells are merged": once(r'<w:vMerge w:val="restart"/>', "<w:vMerge/>"),
}


@pytest.mark.parametrize("change", LOSS.values(), ids=list(LOSS))
def test_what_is_lost_or_moved_or_merged_is_seen(change: Callable[[str], str]) -> None:
    assert list(read(edited(change))) != list(laid_out(EXAMPLES[0]))


def test_the_invariants_see_damaged_styles() -> None:
    assert broken(edited(once(' w:eastAsia="[^"]+"', ""), "word/styles.xml"))
    assert broken(edited(once(' w:lineRule="exact"', ""), "word/styles.xml"))
