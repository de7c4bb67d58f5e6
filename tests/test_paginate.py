"""Where lines and pages end: each case says it, and LibreOffice is asked whether it is so."""

import re
import subprocess
from itertools import pairwise
from pathlib import Path
from unittest.mock import patch
from xml.sax.saxutils import escape

import pytest
from conftest import tool
from hypothesis import given
from hypothesis import strategies as st
from perfc import paginate, style, tree, word
from perfc.source import Source
from perfc.tree import HEADINGS, Document
from pypdf import PdfReader

# Ten lines of ten characters a page.
SHEET = """
@page { size: A4; margin: 72pt 423.28pt 569.89pt 72pt }
section { font-family: "Times New Roman", 宋体; font-size: 10pt; line-height: 20pt; text-align: left }
h2 { break-after: avoid }
.whole { break-inside: avoid }
.new { break-before: page }
.over { margin-top: 10pt }
.under { margin-bottom: 10pt }
.low { line-height: 10pt }
.five { counter-reset: page 5 }
.line { border: 2pt solid }
.pad { padding: 5pt 0 }
.half { width: 50pt }
"""

# Texts in a width of five characters, by what is declared for them; `|` is where a line ends, before its spaces.
BROKEN = {
    "": """
        一二三四五
        一二三四五|六七
        一二三四五，|六七
        一二三四五。
        一二三四|五，。六七
        一二三四|五。”六七
        一二三四|五）六七
        一二三|四，。；六|七
        一二三四五：|“六”
        一二三四|（五六）七
        一二三四|《五》六
        “一二三四|五”六
        一二三四|——五六
        一二三四五|……六
        ）））））|））
        （（（（（|（（
        一二三四五| 六七八九十
        一二三四五|　六七
        一二三四5|六
        一二三四|10六七
        一二三|ABC四
        一二三四|≥90%，六
        一二三四|50%六
        1234567890|12
        一二|aaaaaaaaaaa|aaaaaaaaa|三
        ab cd ef gh |ij kl
        well-known| fact-ors
        2024-12-31|一二三
        http://|www.exam|ple.com/a-b
        and/or/xyz/|abc
        一二|2024/12/31
    """,
    "text-indent: 20pt": """
        一二三
        一二三|四五六七八|九
        一二三，|四五六七
        123456|789012
    """,
    "letter-spacing: 2pt": """
        一二三四|五六
        一二三四，|五
    """,
    "letter-spacing: -1pt": """
        一二三四五|六七
        一二三ABC|四
        一二三|45678
    """,
    "font-stretch: 80%": """
        一二三四五六|七
        一二三四五）|六七
        一二三ABC|四
    """,
    "font-size: 12.5pt": """
        一二三四|五
        一二三四。|五
    """,
}
# In a cell no mark hangs.
IN_CELLS = """
    一二三四五
    一二三四|五。
    一二三四|五，六七
    一二三，五|六七
"""
LINES = [(text, look, True) for look, texts in BROKEN.items() for text in texts.strip("\n").split("\n") if text.strip()]
LINES += [(text, "", False) for text in IN_CELLS.strip("\n").split("\n") if text.strip()]
LINES = [(text.lstrip(" "), look, hanging) for text, look, hanging in LINES]


@pytest.mark.parametrize(("text", "look", "hanging"), LINES)
def test_where_lines_end(text: str, look: str, hanging: bool) -> None:
    assert "|".join(lines(text.replace("|", ""), look, hanging=hanging)) == text


def lines(text: str, look: str = "", *, hanging: bool = True) -> list[str]:
    """The lines of a text; `paginate` itself only counts them."""
    sheet, _ = style.read(Source("page.css", f"p {{ font-size: 10pt; {look} }}"))
    looks, cuts, end = sheet.style("p", (), None), [0], paginate._break

    def remembered(*arguments: object, **options: object) -> int:
        cuts.append(end(*arguments, **options))
        return cuts[-1]

    with patch.object(paginate, "_break", remembered):
        count = paginate.lines([(text, looks)], 50.0, looks.text_indent, hanging=hanging)
    found = [text[begin:end] for begin, end in pairwise([*cuts, len(text)])]
    if len(found) > 1 and not found[-1].strip(" \u3000"):  # spaces go beyond the end of a line
        found[-2:] = ["".join(found[-2:])]
    assert cuts == sorted({*cuts})
    assert count == len(found)
    return found


def test_a_line_that_holds_nothing() -> None:
    looks = style.Style()
    assert paginate.lines([], 50.0, 0.0) == paginate.lines([("", looks)], 50.0, 0.0) == 1
    assert paginate.lines([("\n", looks)], 50.0, 0.0) == 2
    assert paginate.lines([("一二三", looks)], 5.0, 0.0) == 3  # narrower than a character
    assert paginate.lines([("一", looks), ("\n", looks), ("\n", looks), ("二", looks)], 50.0, 0.0) == 3


@given(st.text("一二三，。、；”’）》“（《—…·aBc019%/-.: \u3000", max_size=60), st.booleans())
def test_every_character_is_on_one_line(text: str, hanging: bool) -> None:
    assert "".join(lines(text, hanging=hanging)) == text


@given(st.lists(st.sampled_from(["一", "二三", "四，", "五。", "《六》", "“七”", "八、"]), max_size=30).map("".join))
def test_lines_are_full_and_keep_their_marks(text: str) -> None:
    found = lines(text)
    for line, after in pairwise(found):
        assert len(line) <= 5 or (len(line) == 6 and line[5] in "，。、")
        assert line[-1] not in "《“"
        assert after[0] not in "，。、》”"
        assert len(line) >= 3


def paragraphs(count: int) -> str:
    return "<p>文</p>" * count


def table(rows: int, heading: int = 0, text: str = "文", row: str = "", cell: str = "") -> str:
    head = f"<thead>{'<tr><th>头</th></tr>' * heading}</thead>"
    body = f'<tr class="{row}"><td class="{cell}">{text}</td></tr>' * rows
    return f"<table><colgroup><col/></colgroup>{head}<tbody>{body}</tbody></table>"


def long(count: int) -> str:
    return "<br/>".join("文" * count)


H = "<h1>题</h1>"
KEPT = "<h2>题</h2>"
WHOLE = f'<p class="whole">{long(3)}</p>'
TALL = (
    "<table><colgroup><col/><col/></colgroup><tbody>"
    f"<tr><td rowspan='2'>{long(4)}</td><td>文</td></tr><tr><td>文</td></tr></tbody></table>"
)
# Blocks of a section, and the pages of the headings among them.
PAGES = {
    "nine lines": (paragraphs(9) + H, [1]),
    "ten lines": (paragraphs(10) + H, [2]),
    "eighteen low lines": ('<p class="low">文</p>' * 18 + H, [1]),
    "nineteen low lines": ('<p class="low">文</p>' * 19 + H, [2]),
    "lines of one paragraph": (paragraphs(9) + f"<p>{'文' * 25}</p>" + paragraphs(7) + H, [2]),
    "more lines of one paragraph": (paragraphs(9) + f"<p>{'文' * 25}</p>" + paragraphs(8) + H, [3]),
    "a blank paragraph": (paragraphs(9) + "<p/>" + H, [2]),
    "a paragraph that stays whole": (paragraphs(8) + WHOLE + paragraphs(7) + H, [3]),
    "a paragraph that no page can hold": (
        paragraphs(3) + f'<p class="whole">{long(15)}</p>' + paragraphs(5) + H,
        [4],
    ),
    "space before": (paragraphs(9) + '<h1 class="over">题</h1>', [2]),
    "space before at the top": ('<p class="over">文</p>' + paragraphs(8) + H, [2]),
    "space before on a full page": (paragraphs(10) + '<p class="over">文</p>' + paragraphs(8) + H, [2]),
    "space before on a new page": (paragraphs(1) + '<p class="new over">文</p>' + paragraphs(8) + H, [3]),
    "space after": ('<p class="under">文</p>' + paragraphs(8) + H, [2]),
    "space after at the foot": (paragraphs(9) + '<p class="under">文</p>' + paragraphs(9) + H, [2]),
    "spaces add up": (paragraphs(7) + '<p class="under">文</p><p class="over">文</p>' + H, [2]),
    "a forced break": (paragraphs(1) + '<h1 class="new">题</h1>' + H, [2, 2]),
    "a forced break at the top": ('<h1 class="new">题</h1>', [1]),
    "a forced break on a full page": (paragraphs(10) + '<h1 class="new">题</h1>', [2]),
    "kept with the next, with room": (paragraphs(8) + KEPT + paragraphs(1), [1]),
    "kept with the next": (paragraphs(9) + KEPT + paragraphs(1), [2]),
    "kept with one line of the next": (paragraphs(8) + KEPT + f"<p>{long(3)}</p>" + H, [1, 2]),
    "kept with all of the next": (paragraphs(8) + KEPT + WHOLE + H, [2, 2]),
    "kept with the next and its space": (paragraphs(8) + KEPT + '<p class="over">文</p>' + paragraphs(7) + H, [2, 3]),
    "kept in a chain": (paragraphs(8) + KEPT * 2 + paragraphs(1), [2, 2]),
    "kept with a table's first row": (paragraphs(8) + KEPT + table(1, heading=1), [2]),
    "kept with a whole row": (paragraphs(7) + KEPT + table(1, text=long(3), row="whole"), [2]),
    "kept with a line of a row": (paragraphs(7) + KEPT + table(1, text=long(3)) + paragraphs(7) + H, [1, 2]),
    "kept with what no page can hold": (
        paragraphs(3) + KEPT + f'<p class="whole">{long(15)}</p>' + paragraphs(3) + H,
        [2, 4],
    ),
    "rows": (table(18) + H, [2]),
    "rows below a repeated one": (table(18, heading=1) + H, [3]),
    "rows below two repeated ones": (table(16, heading=2) + H, [3]),
    "rows all of which could be repeated": (table(0, heading=9) + H, [1]),
    "a heading row at the foot": (paragraphs(9) + table(1, heading=1) + paragraphs(8) + H, [3]),
    "a row that stays whole": (paragraphs(8) + table(1, text=long(3), row="whole") + paragraphs(7) + H, [3]),
    "a row that is divided": (paragraphs(8) + table(1, text=long(3)) + paragraphs(7) + H, [2]),
    "a padded row that is divided": (
        paragraphs(7) + table(1, text=long(3), cell="pad") + paragraphs(8) + H,
        [3],
    ),
    "a row that no page can hold": (paragraphs(5) + table(1, text=long(25), row="whole") + H, [4]),
    "padding": (table(1, cell="pad") + paragraphs(8) + H, [2]),
    "eight rows with lines": (table(8, cell="line") + H, [1]),
    "nine rows with lines": (table(9, cell="line") + H, [2]),
    "a cell over two rows": (TALL + paragraphs(5) + H + H, [1, 2]),
    "two tables keep apart": (table(5) + table(4) + H, [2]),
    "a paragraph in a cell": (table(1, text='<p class="over">文</p>') + paragraphs(8) + H, [2]),
    "a table of contents": ('<nav data-levels="2-2"/>' + KEPT * 4 + paragraphs(1) + H + H, [1, 1, 1, 1, 1, 2]),
}


@pytest.mark.parametrize(("blocks", "expected"), PAGES.values(), ids=list(PAGES))
def test_where_pages_end(blocks: str, expected: list[int]) -> None:
    assert pages(f"<section>{blocks}</section>") == expected


def pages(html: str) -> list[int]:
    """The pages of the headings."""
    document, sheet = parsed(html)
    return [page for element, page in paginate.paginate(document, sheet).items() if element.tag in HEADINGS]


def parsed(html: str, css: str = SHEET) -> tuple[Document, style.Sheet]:
    document, problems = tree.check(tree.parse(f"<title>题</title>{html}"))
    sheet, found = style.read(Source("page.css", css))
    assert not problems
    assert not found
    return document, sheet


def test_numbers_go_on_from_section_to_section_until_one_begins_anew() -> None:
    start = "<section>" + paragraphs(11) + H + "</section><section>" + H + "</section>"
    assert pages(
        start + f'<section class="five">{H + paragraphs(10) + H}</section><section/><section>{H}</section>'
    ) == [
        *(2, 3, 5, 6, 8),
    ]


def test_a_row_that_no_page_can_hold_is_said() -> None:
    document, sheet = parsed(f"<section>{paragraphs(5) + table(1, text=long(25), row='whole')}</section>")
    assert [(row.tag, page) for row, page in paginate.paginate(document, sheet).items()] == [("tr", 1)]
    document, sheet = parsed(f"<section>{paragraphs(5) + table(1, text=long(10), row='whole')}</section>")
    assert paginate.paginate(document, sheet) == {}


BLOCKS = (
    *("<p>文</p>", f"<p>{long(3)}</p>", WHOLE, '<p class="over">文</p>', '<p class="under">文</p>', H, KEPT),
    *('<h2 class="over">题</h2>', '<h1 class="new">题</h1>', table(2), table(3, heading=1), TALL),
    *(table(2, text=long(4), row="whole"), table(1, heading=1, text=long(12)), table(2, cell="line")),
)


@given(st.lists(st.sampled_from(BLOCKS), max_size=25), st.data())
def test_one_line_more_moves_no_heading_to_an_earlier_page(blocks: list[str], data: st.DataObject) -> None:
    places = [at for at in range(len(blocks) + 1) if not (at and blocks[at - 1].startswith("<h2"))]
    at = data.draw(st.sampled_from(places))
    before = pages(f"<section>{''.join(blocks)}</section>")
    after = pages(f"<section>{''.join([*blocks[:at], '<p>文</p>', *blocks[at:]])}</section>")
    assert before == sorted(before)
    assert all(one <= other <= one + 2 for one, other in zip(before, after, strict=True))


def test_libreoffice_ends_lines_there_too(tmp_path: Path) -> None:
    looks = "".join(f".look{at} {{ {look}; margin-right: 50pt }}" for at, look in enumerate(BROKEN))
    blocks = [
        f'<p class="look{[*BROKEN].index(look)}">{text}</p>'
        if hanging
        else f'<table><colgroup><col class="half"/></colgroup><tbody><tr><td>{text}</td></tr></tbody></table>'
        for text, look, hanging in ((escape(text.replace("|", "")), *rest) for text, *rest in LINES)
    ]
    (pdf,) = shown([parsed("".join(f"<section>{block}</section>" for block in blocks), SHEET + looks)], tmp_path)
    texts = ["|".join(page.extract_text().strip().splitlines()) for page in pdf.pages]
    assert [re.sub("[ \u3000]", "", text) for text in texts] == [re.sub("[ \u3000]", "", text) for text, *_ in LINES]


def test_libreoffice_ends_pages_there_too(tmp_path: Path) -> None:
    files = shown([parsed(f"<section>{blocks}</section>") for blocks, _ in PAGES.values()], tmp_path)
    found = [[pdf.get_destination_page_number(entry) + 1 for entry in flat(pdf.outline)] for pdf in files]
    assert dict(zip(PAGES, found, strict=True)) == {name: expected for name, (_, expected) in PAGES.items()}


def shown(documents: list[tuple[Document, style.Sheet]], folder: Path) -> list[PdfReader]:
    """Documents as LibreOffice shows them."""
    soffice, files = tool("soffice"), []
    for number, (document, sheet) in enumerate(documents):
        files.append(folder / f"{number}.docx")
        files[-1].write_bytes(word.write(document, sheet, paginate.paginate(document, sheet), {}))
    bookmarks = 'pdf:writer_pdf_Export:{"ExportBookmarks":{"type":"boolean","value":"true"}}'
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [soffice, profile, "--headless", "--convert-to", bookmarks, "--outdir", folder, *files]
    subprocess.run(command, capture_output=True, check=True)
    return [PdfReader(file.with_suffix(".pdf")) for file in files]


def flat(outline: list) -> list:
    return [entry for item in outline for entry in (flat(item) if isinstance(item, list) else [item])]
