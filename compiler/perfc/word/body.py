"""The document tree to `document.xml`, written as text in one pass."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise, zip_longest
from typing import Any, NamedTuple
from xml.etree.ElementTree import Element

from perfc.paginate import entries
from perfc.style import Page, Sheet, Style
from perfc.tree import Cell, Document, classes, inline, plain
from perfc.word.styles import Styles, attribute, borders, escaped, twips

NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
# Punctuation and numerals that Word takes for Latin unless it is told otherwise. Signs such as ≥ are left to it: they
# stand before digits, and LibreOffice sets them with the digits.
_AMBIGUOUS = re.compile("[\u00b7\u2010-\u2027\u2030-\u203b\u2103\u2116\u2160-\u217f\u2460-\u24ff\u2500-\u25ff]")
_SEPARATOR = Style(font_size=1.0, line_height=0.1)  # keeps two tables, or a table and the end, apart
_VERTICAL = {"top": "top", "middle": "center", "bottom": "bottom"}


class Row(NamedTuple):
    """How a row looks: the columns' edges in twips, a plain cell's style, its own, and whether it has no lower edge."""

    edges: tuple[int, ...]
    plain: Style
    style: Style
    open_below: bool


@dataclass
class Body:
    """One document being written: its parts so far."""

    document: Document
    sheet: Sheet
    footers: Mapping[str, str]  # by page name, the references of a section to its headers and footers
    pages: Mapping[Element, int]  # by heading, the number printed on its page; and the rows that no page can hold whole
    styles: Styles = field(default_factory=Styles)
    marks: dict[Element, int] = field(default_factory=dict)  # by heading, the number of its bookmark
    frames: dict[Row, dict[Any, tuple[str, Style | None]]] = field(default_factory=dict)  # by cells' kinds

    def write(self) -> str:
        """The whole `document.xml`."""
        self.marks = {heading: number for number, heading in enumerate(self.document.headings, 1)}
        sections = self.document.root.findall("section")
        body = [part for section in sections for part in self.section(section, last=section is sections[-1])]
        return (
            '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
            f"<w:document {NAMESPACES}><w:body>{''.join(body)}</w:body></w:document>"
        )

    def section(self, section: Element, *, last: bool) -> Iterator[str]:
        """The blocks of a section; its set-up stands in its last paragraph, or at the end of the body."""
        style = self.sheet.style("section", classes(section), None)
        page = self.sheet.page(classes(section))
        setup = self.setup(style, page)
        blocks = [block for block in section if block.tag != "nav" or entries(self.document, block)]
        for block, after in zip_longest(blocks, blocks[1:]):
            ends = "" if last or after is not None else setup
            if block.tag == "table":
                yield self.table(block, style, page, abuts=after is not None and after.tag == "table")
                if after is None or after.tag == "table":
                    yield self.separator(ends)
            elif block.tag == "nav":
                yield from self.contents(block, style, page, ends)
            else:
                yield self.paragraph(block, self.sheet.style(block.tag, classes(block), style), page.text_width, ends)
        if not blocks:
            yield self.separator("" if last else setup)
        if last:
            yield setup

    def setup(self, style: Style, page: Page) -> str:
        """The `w:sectPr` of a section."""
        top, right, bottom, left = (twips(side) for side in page.margin)
        edges = {edge: twips(distance) for edge, distance in margins(page).items()}
        start = f'<w:pgNumType w:start="{style.counter_reset}"/>' if style.counter_reset is not None else ""
        landscape = ' w:orient="landscape"' if page.width > page.height else ""
        return (
            f'<w:sectPr>{self.footers.get(style.page, "")}<w:type w:val="nextPage"/>'
            f'<w:pgSz w:w="{twips(page.width)}" w:h="{twips(page.height)}"{landscape}/>'
            f'<w:pgMar w:top="{top}" w:right="{right}" w:bottom="{bottom}" w:left="{left}" '
            f'w:header="{edges["top"]}" w:footer="{edges["bottom"]}" w:gutter="0"/>{start}</w:sectPr>'
        )

    def separator(self, setup: str = "") -> str:
        """A paragraph that takes no visible room."""
        style = self.styles.paragraph("p", ("表格间隔",), _SEPARATOR)
        return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{setup}</w:pPr></w:p>'

    def paragraph(self, element: Element, style: Style, width: float, setup: str = "") -> str:
        """A paragraph, a heading or the text of a cell; `width` is where a span that floats right ends."""
        floats = len(element) and any(
            self.sheet.style("span", classes(span), style).float == "right" for span in element.iter("span")
        )
        tab = width - style.padding[1] - style.padding[3] if floats else 0.0
        name = self.styles.paragraph(element.tag, classes(element), style, tab)
        runs = "".join(self.runs(element, style))
        if element in self.marks:
            number = self.marks[element]
            start = f'<w:bookmarkStart w:id="{number}" w:name="{_bookmark(number)}"/>'
            runs = f'{start}{runs}<w:bookmarkEnd w:id="{number}"/>'
        return f'<w:p><w:pPr><w:pStyle w:val="{name}"/>{setup}</w:pPr>{runs}</w:p>'

    def runs(self, element: Element, style: Style) -> Iterator[str]:
        """The runs of a block; a span that floats right stands behind a tab."""
        for text, span in inline(element):
            if text == "\n":
                yield "<w:r><w:br/></w:r>"
            elif span is None:
                yield run(text)
            else:
                look = self.sheet.style("span", classes(span), style)
                if look.float == "right":
                    yield "<w:r><w:tab/></w:r>"
                yield run(text, self.styles.character(classes(span), look) if classes(span) else "")

    def contents(self, nav: Element, around: Style, page: Page, setup: str) -> Iterator[str]:
        """The table of contents: a field whose result is complete, one paragraph an entry."""
        headings = entries(self.document, nav)
        bare = nav.get("data-unnumbered")
        switches = rf'\o "{nav.get("data-levels") or "1-3"}" \h \z \u' + (rf' \n "{bare}-{bare}"' if bare else "")
        begin = f'{FIELD["begin"]}<w:r><w:instrText xml:space="preserve"> TOC {escaped(switches)} </w:instrText></w:r>'
        begin += FIELD["separate"]
        for heading, level in headings:
            style = self.sheet.style("nav", (f"toc{level}",), around)
            name = self.styles.paragraph(f"toc{level}", (), style, page.text_width, leader=True)
            ends = FIELD["end"] if heading is headings[-1][0] else ""
            yield (
                f'<w:p><w:pPr><w:pStyle w:val="{name}"/>{setup if ends else ""}</w:pPr>'
                f"{begin}{self.entry(heading, numbered=level != bare)}{ends}</w:p>"
            )
            begin = ""

    def entry(self, heading: Element, *, numbered: bool) -> str:
        """The link of an entry of the table of contents."""
        text = heading.get("data-toc") or plain(heading)
        bookmark = _bookmark(self.marks[heading])
        number = (
            f'<w:r><w:tab/></w:r>{FIELD["begin"]}<w:r><w:instrText xml:space="preserve"> PAGEREF {bookmark} \\h '
            f"</w:instrText></w:r>{FIELD['separate']}<w:r><w:t>{self.pages[heading]}</w:t></w:r>{FIELD['end']}"
        )
        return f'<w:hyperlink w:anchor="{bookmark}" w:history="1">{run(text)}{number if numbered else ""}</w:hyperlink>'

    def table(self, table: Element, around: Style, page: Page, *, abuts: bool) -> str:
        """A table; if another abuts it, that one draws the line between them."""
        style = self.sheet.style("table", classes(table), around)
        grid = self.document.grids[table]
        plain = self.sheet.style("td", (), style)
        edges = tuple(twips(edge) for edge in self.sheet.column_edges(grid.columns, page.text_width))
        rows = []
        for number, (tr, cells) in enumerate(grid.rows):
            row = Row(edges, plain, self.sheet.style("tr", classes(tr), style), abuts and number == len(grid.rows) - 1)
            properties = "<w:cantSplit/>" if row.style.break_inside == "avoid" and tr not in self.pages else ""
            properties += "<w:tblHeader/>" if number < grid.heading else ""
            properties = f"<w:trPr>{properties}</w:trPr>" if properties else ""
            rows.append(f"<w:tr>{properties}{self.cells(cells, row)}</w:tr>")
        columns = "".join(f'<w:gridCol w:w="{right - left}"/>' for left, right in pairwise(edges))
        return (
            f'<w:tbl><w:tblPr><w:tblStyle w:val="{self.styles.table(classes(table), plain)}"/>'
            f'<w:tblW w:w="{edges[-1]}" w:type="dxa"/><w:tblLayout w:type="fixed"/></w:tblPr>'
            f"<w:tblGrid>{columns}</w:tblGrid>{''.join(rows)}</w:tbl>"
        )

    def cells(self, cells: list[Cell], row: Row) -> str:
        """The cells of a row; the lower rows of a tall cell are empty ones that Word merges with the first."""
        frames = self.frames.setdefault(row, {})
        parts = []
        for cell in cells:
            frame = frames.get(cell.kind)
            if frame is None:
                frame = frames[cell.kind] = self.frame(cell, row)
            opening, divided = frame
            if divided:
                width = (row.edges[cell.column + cell.columns] - row.edges[cell.column]) / 20
                parts.append(f"{opening}{self.divided(cell.element, divided, width)}</w:tc>")
            elif cell.above or not cell.element.text:
                parts.append(f"{opening}</w:p></w:tc>")
            else:
                parts.append(f"{opening}{run(cell.element.text)}</w:p></w:tc>")
        return "".join(parts)

    def divided(self, element: Element, style: Style, width: float) -> str:
        """The paragraphs of a cell whose text has tags in it."""
        blocks = [(p, self.sheet.style("p", classes(p), style)) for p in element.findall("p")] or [(element, style)]
        return "".join(self.paragraph(block, look, width) for block, look in blocks)

    def frame(self, cell: Cell, row: Row) -> tuple[str, Style | None]:
        """What a cell begins with, the start of its only paragraph included; of a divided cell, its style instead."""
        element = cell.element
        divided = len(element) > 0 and not cell.above
        style = self.sheet.style(element.tag, classes(element), row.style)
        width = row.edges[cell.column + cell.columns] - row.edges[cell.column]
        span = f'<w:gridSpan w:val="{cell.columns}"/>' if cell.columns > 1 else ""
        merge = "<w:vMerge/>" if cell.above else '<w:vMerge w:val="restart"/>' if cell.rows > 1 else ""
        lines = (*style.border[:2], 0.0, style.border[3]) if row.open_below else style.border
        border = f"<w:tcBorders>{borders(lines)}</w:tcBorders>" if lines != row.plain.border else ""
        padding = f"<w:tcMar>{_margins(style)}</w:tcMar>" if style.padding != row.plain.padding else ""
        name = "" if divided else self.styles.paragraph(element.tag, classes(element), style)
        return (
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{span}{merge}{border}{padding}'
            f'<w:vAlign w:val="{_VERTICAL[style.vertical_align]}"/></w:tcPr>'
            f"{f'<w:p><w:pPr><w:pStyle w:val={attribute(name)}/></w:pPr>' if name else ''}"
        ), style if divided else None


@lru_cache(maxsize=4096)
def run(text: str, style: str = "") -> str:
    """A run of text, its ambiguous punctuation in the Chinese font; the labels of a form are written once."""
    properties = f'<w:rStyle w:val="{style}"/>' if style else ""
    properties += '<w:rFonts w:hint="eastAsia"/>' if _AMBIGUOUS.search(text) else ""
    kept = ' xml:space="preserve"' if text.strip() != text else ""
    return f"<w:r>{f'<w:rPr>{properties}</w:rPr>' if properties else ''}<w:t{kept}>{escaped(text)}</w:t></w:r>"


def margins(page: Page) -> dict[str, float]:
    """How far headers and footers stand from the paper's edges, in points: below the text by their own margin."""
    distances = {"top": 0.0, "bottom": 0.0}
    for box in page.boxes:
        edge = box.edge.partition("-")[0]
        if edge == "bottom":
            distances[edge] = page.margin[2] - box.style.margin[0] - box.style.line_height
        elif edge == "top":
            distances[edge] = page.margin[0] - box.style.margin[2] - box.style.line_height
    return distances


def _margins(style: Style) -> str:
    top, right, bottom, left = style.padding
    sides = {"top": top, "left": left, "bottom": bottom, "right": right}
    return "".join(f'<w:{side} w:w="{twips(width)}" w:type="dxa"/>' for side, width in sides.items())


def _bookmark(number: int) -> str:
    return f"_Toc{number:08d}"


FIELD = {kind: f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate", "end")}
