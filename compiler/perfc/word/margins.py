"""A page's margin boxes to Word's headers and footers.

A box at the top or the bottom is a paragraph. One at the left or the right is a floating table of one cell with turned
text: where GB/T 9704 wants the number of a page that lies across.
"""

from __future__ import annotations

from dataclasses import replace

from perfc.style import Box, Page, Sheet
from perfc.word.body import FIELD, NAMESPACES, run
from perfc.word.styles import Styles, twips

_NO_ROOM = '<w:p><w:pPr><w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/></w:pPr></w:p>'
_TURNED = {"top": "left", "middle": "center", "bottom": "right"}  # along turned text, which runs downwards


def kinds(sheet: Sheet) -> list[tuple[str, str]]:
    """The headers and footers that every section of a layout has to name, each with the side of the pages it is for."""
    boxes = [box for page in sheet.pages.values() for box in page.boxes]
    sides = ("right", "left") if two_sided(sheet) else ("right",)
    used = {_kind(box) for box in boxes}
    return [(kind, side) for kind in ("header", "footer") if kind in used for side in sides]


def two_sided(sheet: Sheet) -> bool:
    """Whether left-hand pages differ from right-hand ones."""
    return any(box.pages for page in sheet.pages.values() for box in page.boxes)


def part(kind: str, page: Page, side: str, styles: Styles) -> str:
    """The content of a header's or a footer's part."""
    boxes = [box for box in page.boxes if _kind(box) == kind and box.pages in ("", side)]
    level = [_paragraph(box, box.edge.partition("-")[2], kind, styles) for box in boxes if _is_level(box)]
    turned = [_turned(box, page, styles) for box in boxes if not _is_level(box)]
    content = "".join(turned) + ("".join(level) or _NO_ROOM)
    tag = "hdr" if kind == "header" else "ftr"
    return f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<w:{tag} {NAMESPACES}>{content}</w:{tag}>'


def _kind(box: Box) -> str:
    return "footer" if box.edge.startswith("bottom") else "header"


def _is_level(box: Box) -> bool:
    return box.edge.startswith(("top", "bottom"))


def _paragraph(box: Box, align: str, kind: str, styles: Styles) -> str:
    """The paragraph of a box; its distance from the text is the page's to keep."""
    top, right, bottom, left = box.style.margin
    sides = (0.0, right, 0.0, left) if _is_level(box) else (0.0, bottom, 0.0, top)
    look = replace(box.style, margin=sides, text_align=align)
    number = f'{FIELD["begin"]}<w:r><w:instrText xml:space="preserve"> PAGE </w:instrText></w:r>'
    number += f"{FIELD['separate']}<w:r><w:t>1</w:t></w:r>{FIELD['end']}"
    runs = "".join(number if text is None else run(text) for text in box.content)
    return f'<w:p><w:pPr><w:pStyle w:val="{styles.paragraph(kind, (), look)}"/></w:pPr>{runs}</w:p>'


def _turned(box: Box, page: Page, styles: Styles) -> str:
    """A floating table beside the text and as high, whose one cell holds the box's text turned clockwise."""
    top, right, _, left = page.margin
    side, _, end = box.edge.partition("-")
    width = box.style.line_height
    x = left - box.style.margin[1] - width if side == "left" else page.width - right + box.style.margin[3]
    nothing = "".join(f'<w:{edge} w:w="0" w:type="dxa"/>' for edge in ("top", "left", "bottom", "right"))
    return (
        '<w:tbl><w:tblPr><w:tblpPr w:horzAnchor="page" w:vertAnchor="page" '
        f'w:tblpX="{twips(x)}" w:tblpY="{twips(top)}"/><w:tblW w:w="{twips(width)}" w:type="dxa"/>'
        f'<w:tblLayout w:type="fixed"/><w:tblCellMar>{nothing}</w:tblCellMar></w:tblPr>'
        f'<w:tblGrid><w:gridCol w:w="{twips(width)}"/></w:tblGrid>'
        f'<w:tr><w:trPr><w:trHeight w:val="{twips(page.text_height)}" w:hRule="exact"/></w:trPr>'
        f'<w:tc><w:tcPr><w:tcW w:w="{twips(width)}" w:type="dxa"/><w:textDirection w:val="tbRl"/></w:tcPr>'
        f"{_paragraph(box, _TURNED[end], 'header', styles)}</w:tc></w:tr></w:tbl>"
    )
