"""The page on which each heading falls, from the tree and the styles alone.

Every line has an exact pitch, so that only the number of lines matters, and that follows from advances which all
programs share: a Chinese character is as wide as its size, Latin letters have the widths of Times New Roman.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from perfc.style import Page, Sheet, Style
from perfc.tree import HEADINGS, Cell, Document, Grid, classes, inline

# Widths of the printable ASCII characters of Times New Roman, in thousandths of the size, from the space on.
_LATIN = (
    *(250, 333, 408, 500, 500, 833, 778, 180, 333, 333, 500, 564, 250, 333, 250, 278),
    *(500, 500, 500, 500, 500, 500, 500, 500, 500, 500, 278, 278, 564, 564, 564, 444),
    *(921, 722, 667, 667, 722, 611, 556, 722, 722, 333, 389, 722, 611, 889, 722, 722),
    *(556, 722, 667, 556, 611, 722, 722, 944, 722, 722, 611, 333, 278, 333, 469, 500),
    *(333, 444, 500, 444, 500, 444, 333, 500, 500, 278, 278, 500, 278, 778, 500, 500),
    *(500, 500, 333, 389, 278, 500, 500, 722, 500, 500, 444, 480, 200, 480, 541),
)
# What may not begin a line, and what may not end one.
_CLOSING = frozenset("!%),.:;>?]}¢°·ˇˉ―‖’”…‰′″℃∶、。〃々〉》」』】〕〗〞︶︺︾﹀﹄﹚﹜﹞！％），．：；？］｝～￠")
_OPENING = frozenset("$([{£¥‘“〈《「『【〔〖〝﹙﹛﹝＄（［｛￡￥")
_UNITS = re.compile(r"[!-~]+| +|[^ -~]")
_SLACK = 0.05  # points by which a sum of rounded lengths may exceed a limit


def paginate(document: Document, sheet: Sheet) -> dict[Element, int]:
    """The number printed on the page of each heading of a document."""
    flow = _Flow(document, sheet)
    for section in document.root.findall("section"):
        flow.section(section)
    return flow.pages


def lines(texts: list[tuple[str, float, float]], width: float, indent: float) -> int:
    """How many lines texts take, each with its size and letter-spacing in points, in a width with a first indent."""
    count, room = 1, width - indent
    left = room
    for part, advance in _clusters(texts):
        if part == "\n":
            count += 1
            left = width
        elif (part.isspace() and part != "\u3000") or advance <= left + _SLACK:
            left -= advance
        elif advance <= width + _SLACK:
            count += 1
            left = width - advance
        else:  # a word longer than a line is broken where the line ends
            each = advance / len(part)
            fits = max(0, int((left + _SLACK) / each))
            rest = len(part) - fits
            per_line = max(1, int((width + _SLACK) / each))
            count += -(-rest // per_line)
            left = width - each * ((rest - 1) % per_line + 1)
    return count


def _clusters(texts: list[tuple[str, float, float]]) -> Iterator[tuple[str, float]]:
    """What may not be broken, with its width: a character or a word with the punctuation that must stay at it."""
    held, advance = "", 0.0
    for text, size, spacing in texts:
        if text == "\n":
            if held:
                yield held, advance
            held, advance = "", 0.0
            yield "\n", 0.0
            continue
        for unit in _UNITS.findall(text):
            width = _advance(unit, size) + spacing * len(unit)
            if held and (unit[0] in _CLOSING or held[-1] in _OPENING) and not held.isspace():
                held, advance = held + unit, advance + width
            else:
                if held:
                    yield held, advance
                held, advance = unit, width
    if held:
        yield held, advance


def _advance(unit: str, size: float) -> float:
    return sum(_LATIN[ord(char) - 32] if " " <= char <= "~" else 1000 for char in unit) * size / 1000


@dataclass
class _Item:
    """A block as the flow sees it: the heights, in points, of what may not be divided, and the room around it."""

    heights: list[float]
    style: Style
    heading: Element | None = None
    repeated: int = 0  # of the heights, how many stand at the top of each page that the block goes on to


def _items(section: Element, style: Style, page: Page, document: Document, sheet: Sheet) -> Iterator[_Item]:
    for block in section:
        if block.tag == "table":
            look = sheet.style("table", classes(block), style)
            yield _Item(
                _rows(block, document.grids[block], look, page, sheet), look, None, document.grids[block].heading
            )
        elif block.tag == "nav":
            for heading, level in entries(document.root, block):
                look = sheet.style("nav", (f"toc{level}",), style)
                text = heading.get("data-toc") or " ".join(part for part, _ in inline(heading) if part != "\n")
                count = lines(
                    [(text, look.font_size, look.letter_spacing)], _room(look, page.text_width), look.text_indent
                )
                yield _Item([look.line_height] * count, look)
        else:
            look = sheet.style(block.tag, classes(block), style)
            count = _count(block, look, page.text_width, sheet)
            yield _Item([look.line_height] * count, look, block if block.tag in HEADINGS else None)


def entries(root: Element, nav: Element) -> list[tuple[Element, str]]:
    """The headings that a table of contents lists, each with its level."""
    first, last = (nav.get("data-levels") or "1-3").split("-")
    return [(one, one.tag[1]) for one in root.iter() if one.tag in HEADINGS and first <= one.tag[1] <= last]


def _count(block: Element, style: Style, width: float, sheet: Sheet) -> int:
    """The lines of a paragraph, a heading or the text of a cell."""
    texts = []
    for text, span in inline(block):
        look = sheet.style("span", classes(span), style) if span is not None else style
        texts.append((text, look.font_size, look.letter_spacing))
    return lines(texts, _room(style, width), style.text_indent)


def _room(style: Style, width: float) -> float:
    return width - style.margin[1] - style.margin[3]


def _rows(table: Element, grid: Grid, style: Style, page: Page, sheet: Sheet) -> list[float]:
    """The heights of a table's rows; what a tall cell needs beyond its rows is added to the last of them."""
    edges = sheet.column_edges(map(classes, grid.columns), page.text_width)
    heights = [0.0] * len(grid.rows)
    tall: list[tuple[int, int, float]] = []
    for number, (tr, row) in enumerate(zip(table.iter("tr"), grid.rows, strict=True)):
        look = sheet.style("tr", classes(tr), style)
        for cell in row:
            if not cell.above:
                needed = _cell(cell, edges[cell.column + cell.columns] - edges[cell.column], look, sheet)
                if cell.rows == 1:
                    heights[number] = max(heights[number], needed)
                else:
                    tall.append((number, number + cell.rows, needed))
    for first, last, needed in tall:
        heights[last - 1] += max(0.0, needed - sum(heights[first:last]))
    return heights


def _cell(cell: Cell, width: float, row: Style, sheet: Sheet) -> float:
    style = sheet.style(cell.element.tag, classes(cell.element), row)
    top, right, bottom, left = style.padding
    width -= left + right
    blocks = cell.element.findall("p")
    looks = [sheet.style("p", classes(p), style) for p in blocks] or [style]
    texts = zip(blocks or [cell.element], looks, strict=True)
    text = sum(look.margin[0] + _count(p, look, width, sheet) * look.line_height + look.margin[2] for p, look in texts)
    return top + text + bottom + style.border[0]


@dataclass
class _Flow:
    """Where the text has come to: the number of the page and the height used on it."""

    document: Document
    sheet: Sheet
    pages: dict[Element, int] = field(default_factory=dict)
    number: int = 0
    used: float = 0.0

    def section(self, section: Element) -> None:
        """Lay a section's blocks one below the other, from a new page on."""
        style = self.sheet.style("section", classes(section), None)
        page = self.sheet.pages.get(style.page, self.sheet.pages[""])
        self.number = self.number + 1 if style.counter_reset is None else style.counter_reset
        self.used = 0.0
        items = list(_items(section, style, page, self.document, self.sheet))
        for at, item in enumerate(items):
            top, _, bottom, _ = item.style.margin
            if item.style.break_before == "page" or self.used + top + _together(items, at) > page.text_height + _SLACK:
                self.turn()
            self.used += top
            if item.heading is not None:
                self.pages[item.heading] = self.number
            repeated = sum(item.heights[: item.repeated])
            for height in item.heights:
                if self.used + height > page.text_height + _SLACK:
                    self.turn()
                    self.used = repeated
                self.used += height
                while self.used > page.text_height + _SLACK:  # a row higher than a page
                    self.number += 1
                    self.used -= page.text_height - repeated
            self.used += bottom

    def turn(self) -> None:
        """Go to the next page, unless this one is still empty."""
        if self.used:
            self.number += 1
            self.used = 0.0


def _together(items: list[_Item], at: int) -> float:
    """The height that must fit on one page from an item on: all that keeps with the next, and that one's beginning."""
    height = 0.0
    for item in items[at:]:
        if item.style.break_after != "avoid":
            return height + sum(item.heights[: item.repeated + 1])
        height += sum(item.heights) + item.style.margin[2]
    return height
