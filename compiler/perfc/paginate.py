"""The page on which each heading falls, from the tree and the styles alone.

Every line has an exact pitch, so that only the number of lines matters, and that follows from advances which all
programs share: a Chinese character is as wide as its size, Latin letters have the widths of Times New Roman. Lines are
broken as LibreOffice breaks them, which differs from Word's way in rare lines: there a Latin word takes the closing
mark before it along to the next line, and no mark stands beyond the edge of a cell.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import accumulate
from typing import Any, NamedTuple
from xml.etree.ElementTree import Element

from perfc.style import Page, Sheet, Sides, Style
from perfc.tree import HEADINGS, Cell, Document, Grid, classes, inline

# Widths in Times New Roman, in thousandths of the size: the printable ASCII characters from the space on, and others.
_ASCII = (
    *(250, 333, 408, 500, 500, 833, 778, 180, 333, 333, 500, 564, 250, 333, 250, 278),
    *(500, 500, 500, 500, 500, 500, 500, 500, 500, 500, 278, 278, 564, 564, 564, 444),
    *(921, 722, 667, 667, 722, 611, 556, 722, 722, 333, 389, 722, 611, 889, 722, 722),
    *(556, 722, 667, 556, 611, 722, 722, 944, 722, 722, 611, 333, 278, 333, 469, 500),
    *(333, 444, 500, 444, 500, 444, 333, 500, 500, 278, 278, 500, 278, 778, 500, 500),
    *(500, 500, 333, 389, 278, 500, 500, 722, 500, 500, 444, 480, 200, 480, 541),
)
_OTHERS = {"·": 250, "±": 549, "×": 564, "÷": 549, "°": 400, "–": 500, "≤": 549, "≥": 549}
_OTHERS |= {"‘": 333, "’": 333, "“": 444, "”": 444}
_LATIN = {**{chr(code): width for code, width in enumerate(_ASCII, 32)}, **_OTHERS}
# A run of Latin text: what is neither Latin nor Chinese goes with what stands before it.
_RUN = re.compile("(?:^[\u2000-\u2bff]+)?[!-\u02ff][ -\u02ff\u2000-\u2bff]*| +")
# What may not begin a line, what may not end one, and what may stand beyond a line's end.
_CLOSING = frozenset("!),.:;?]}¢'\"、。〉》」』】〕〗〞！），．：；？｜｝～￠々‖•·ˇˉ―-′’”")
_OPENING = frozenset("([{£¥'\"‵〈《「『【〔〖（［｛￡￥〝“‘")
_HANGING = frozenset("!,.:;?、。！，．：；？")
# In Latin text the Unicode algorithm decides: it also keeps brackets and signs with the letters beside them.
_LATIN_CLOSING = _CLOSING | frozenset("%‰℃…/“‘")
_LATIN_OPENING = _OPENING | frozenset("”’$+±")
_BRACKETS_OPENING = frozenset("([{〈《「『【〔〖（［｛〝")
_BRACKETS_CLOSING = frozenset("、。，．〉》」』】〕〗〞）］｝)]}")
_SIGNS = frozenset("≤≥±×·#%")
_GAP = 0.2  # of the size, between a Chinese and a Latin letter or digit
_SEPARATION = 0.1  # points that keep two tables apart
_SLACK = 0.05  # points by which a sum of rounded lengths may exceed a limit

_Texts = list[tuple[str, Style]]


def paginate(document: Document, sheet: Sheet) -> dict[Element, int]:
    """The number printed on the page of each heading, and of each table row that is higher than a page.

    Such a row has to be divided, whatever its style says.
    """
    flow = _Flow(document, sheet)
    for section in document.root.findall("section"):
        flow.section(section)
    return flow.pages


def lines(texts: _Texts, width: float, indent: float, *, hanging: bool = True) -> int:
    """How many lines texts take in a width with a first indent, in points; a mark may hang beyond a line's end."""
    if len(texts) == 1:
        return _count(*texts[0], width, indent, hanging=hanging)
    return _counted(texts, width, indent, hanging=hanging)


@lru_cache(maxsize=4096)
def _count(text: str, style: Style, width: float, indent: float, *, hanging: bool) -> int:
    """The lines of a single text; the labels of a form are counted once."""
    return _counted([(text, style)], width, indent, hanging=hanging)


def _counted(texts: _Texts, width: float, indent: float, *, hanging: bool) -> int:
    count, room, line = 0, width - indent, _Line()
    for text, style in texts:
        if text == "\n":
            count += _broken(line, room, width, hanging=hanging)
            room, line = width, _Line()
        else:
            line.add(text, style)
    return count + _broken(line, room, width, hanging=hanging)


@dataclass
class _Line:
    """A text without forced breaks: where each character begins and ends, in points, and where runs begin."""

    text: str = ""
    begins: list[float] = field(default_factory=list)
    ends: list[float] = field(default_factory=list)
    seams: list[int] = field(default_factory=list)

    def add(self, text: str, style: Style) -> None:
        size, done = style.font_size * style.font_stretch, 0
        wide = int(size * 20 + 0.01) / 20  # whole twips, as programs measure
        for run in _RUN.finditer(text):
            self._place(text[done : run.start()], [wide] * (run.start() - done), style)
            self._place(run.group(), [_LATIN.get(char, 1000) * size / 1000 for char in run.group()], style)
            done = run.end()
        self._place(text[done:], [wide] * (len(text) - done), style)

    def _place(self, run: str, widths: list[float], style: Style) -> None:
        if not run:
            return
        at = self.ends[-1] if self.ends else 0.0
        if run[0].isalnum() and self.text[-1:].isalnum():
            at += style.font_size * _GAP
        if style.letter_spacing:
            widths = [width + style.letter_spacing for width in widths]
            widths[-1] -= min(style.letter_spacing, 0.0)  # a run that is drawn closer keeps its end
        self.seams.append(len(self.text))
        self.text += run
        self.ends.extend(accumulate(widths[1:], initial=at + widths[0]))
        self.begins += [at, *self.ends[len(self.begins) : -1]]


def _broken(line: _Line, room: float, width: float, *, hanging: bool) -> int:
    """The lines of a text without forced breaks; `room` is the width of the first of them."""
    text, count, start = line.text, 1, 0
    while start < len(text):
        cut = max(bisect_right(line.ends, line.begins[start] + room + _SLACK, start), start + 1)
        if cut == len(text):
            break
        start = _break(line, start, cut, hanging=hanging)
        while start < len(text) and text[start] in " \u3000":
            start += 1
        count += start < len(text)
        room = width
    return count


def _break(line: _Line, start: int, cut: int, *, hanging: bool) -> int:
    """Where a line ends that begins at `start` and whose first character without room is at `cut`.

    The rules are those of the script of the last letter. Where they point into an earlier run, that run decides by its
    own, as if its last character had no room.
    """
    text, seams = line.text, line.seams
    if text[cut] in " \u3000":
        return cut
    while True:
        at = cut
        if next((char for char in reversed(text[: cut + 1]) if char.isalnum()), "一") >= "\u2000":
            at += hanging and text[cut] in _HANGING
            while 0 < at < len(text) and not _separable(text[at - 1], text[at]):
                at -= 1
        else:
            while at > 0 and not _divisible(text[at - 1], text[at]):
                at -= 1
        seam = seams[bisect_right(seams, cut) - 1]
        if at > start and at >= seam:
            return at
        if at < start or seam <= start:  # what may not be divided is longer than a line
            return max(cut, start + 1)
        if start and line.begins[start] > line.ends[start - 1] and seam == seams[bisect_right(seams, start)]:
            return seam  # after a gap the first run of a line keeps its closing mark
        cut = seam - 1


def _separable(last: str, char: str) -> bool:
    """Whether a line may end between two characters that stand in Chinese text."""
    return char not in _CLOSING and last not in _OPENING and last + char != "——"


def _divisible(last: str, char: str) -> bool:
    """Whether a line may end between two characters that stand in Latin text."""
    if last == " " or char == " ":
        return True
    if char in _LATIN_CLOSING or last in _LATIN_OPENING:
        return False
    if char in _BRACKETS_OPENING:
        return not _latin(last)
    if last in _BRACKETS_CLOSING:
        return not _latin(char)
    if last == "/":
        return not char.isdigit()
    return last >= "\u2e80" or char >= "\u2e80" or last == "-" or (last == "—") != (char == "—")


def _latin(char: str) -> bool:
    return char < "\u2e80" and (char.isalnum() or char in _SIGNS)


@dataclass(slots=True)
class _Row:
    """A line, or a table's row; lengths in points."""

    height: float
    pitch: float  # of the lines in it
    frame: float = 0.0  # what it needs beside its lines: padding and border
    whole: bool = True  # whether it is not divided as long as one page can hold it
    element: Element | None = None


@dataclass
class _Item:
    """A block as the flow sees it."""

    rows: list[_Row]
    style: Style
    heading: Element | None = None
    repeated: int = 0  # of the rows, how many stand at the top of each page that the block goes on to
    edge: float = 0.0  # what the last row on each page needs below it: a table's lower border, in points
    is_table: bool = False

    @property
    def margin(self) -> Sides:
        """What it keeps free around it; a table has no margins in Word."""
        return (0.0, 0.0, 0.0, 0.0) if self.is_table else self.style.margin


def _items(section: Element, page: Page, document: Document, sheet: Sheet, known: _Looks) -> Iterator[_Item]:
    style = sheet.style("section", classes(section), None)
    for block in section:
        look = sheet.style(block.tag, classes(block), style)
        if block.tag == "table":
            grid = document.grids[block]
            edge = sheet.style("td", (), look).border[2]
            rows = _rows(grid, look, page, sheet, known)
            repeated = grid.heading if grid.heading < len(rows) else 0
            yield _Item(rows, look, None, repeated, edge, is_table=True)
        elif block.tag == "nav":
            for heading, level in entries(document, block):
                look = sheet.style("nav", (f"toc{level}",), style)
                text = heading.get("data-toc") or " ".join(part for part, _ in inline(heading) if part != "\n")
                yield _paragraph([(text, look)], look, page)
        else:
            texts = _texts(block, look, sheet)
            yield _paragraph(texts, look, page, block if block.tag in HEADINGS else None)


def entries(document: Document, nav: Element) -> list[tuple[Element, str]]:
    """The headings that a table of contents lists, each with its level."""
    first, last = (nav.get("data-levels") or "1-3").split("-")
    return [(one, one.tag[1]) for one in document.headings if first <= one.tag[1] <= last]


def _paragraph(texts: _Texts, style: Style, page: Page, heading: Element | None = None) -> _Item:
    count = lines(texts, _room(style, page.text_width), style.text_indent)
    return _Item([_Row(style.line_height, style.line_height)] * count, style, heading)


def _texts(block: Element, style: Style, sheet: Sheet) -> _Texts:
    """The texts of a paragraph, a heading or a cell, as `lines` wants them."""
    return [
        (text, style if span is None else sheet.style("span", classes(span), style)) for text, span in inline(block)
    ]


def _room(style: Style, width: float) -> float:
    return width - style.margin[1] - style.margin[3]


class _Look(NamedTuple):
    """How cells of one kind look: their style, the room for the text, and the height that padding and border take.

    So many characters, however wide, stand on one line.
    """

    style: Style
    room: float
    frame: float
    characters: float


_Looks = dict[tuple[tuple[float, ...], Style], dict[Any, _Look]]  # by columns and row, then by the kind of cell


def _rows(grid: Grid, style: Style, page: Page, sheet: Sheet, known: _Looks) -> list[_Row]:
    """A table's rows; what a tall cell needs beyond its rows is added to the last of them."""
    edges = sheet.column_edges(grid.columns, page.text_width)
    rows: list[_Row] = []
    tall: list[tuple[int, int, float]] = []
    for number, (tr, cells) in enumerate(grid.rows):
        row_style = sheet.style("tr", classes(tr), style)
        row = _Row(0.0, row_style.line_height, whole=row_style.break_inside == "avoid", element=tr)
        looks = known.setdefault((edges, row_style), {})
        for cell in cells:
            if cell.above:
                continue
            look = looks.get(cell.kind)
            if look is None:
                look = looks[cell.kind] = _look(cell, edges, row_style, sheet)
            height, pitch = _cell(cell.element, look, sheet)
            if cell.rows > 1:
                tall.append((number, number + cell.rows, height))
            elif height > row.height:
                row.height, row.pitch, row.frame = height, pitch, look.frame
        rows.append(row)
    for first, last, height in tall:
        rows[last - 1].height += max(0.0, height - sum(one.height for one in rows[first:last]))
    return rows


def _look(cell: Cell, edges: tuple[float, ...], row: Style, sheet: Sheet) -> _Look:
    style = sheet.style(cell.element.tag, classes(cell.element), row)
    top, right, bottom, left = style.padding
    width = edges[cell.column + cell.columns] - edges[cell.column] - left - right
    widest = style.font_size * max(1.0, style.font_stretch) * (1 + _GAP) + max(0.0, style.letter_spacing)
    characters = (_room(style, width) - style.text_indent) / widest
    return _Look(style, width, top + bottom + style.border[0], characters)


def _cell(element: Element, look: _Look, sheet: Sheet) -> tuple[float, float]:
    """The height that a cell needs, and the pitch of its first lines."""
    style = look.style
    if not len(element) and len(element.text or "") <= look.characters:
        return style.margin[0] + style.line_height + style.margin[2] + look.frame, style.line_height
    divided = [(p, sheet.style("p", classes(p), style)) for p in element.findall("p")] if len(element) else []
    blocks = divided or [(element, style)]
    height = 0.0
    for block, own in blocks:
        count = lines(_texts(block, own, sheet), _room(own, look.room), own.text_indent, hanging=False)
        height += own.margin[0] + count * own.line_height + own.margin[2]
    return height + look.frame, blocks[0][1].line_height


@dataclass
class _Flow:
    """Where the text has come to: the number of the page, its height and the height used on it, in points."""

    document: Document
    sheet: Sheet
    pages: dict[Element, int] = field(default_factory=dict)
    number: int = 0
    height: float = 0.0
    used: float = 0.0
    looks: _Looks = field(default_factory=dict)

    def section(self, section: Element) -> None:
        """Lay a section's blocks one below the other, from a new page on."""
        style = self.sheet.style("section", classes(section), None)
        page = self.sheet.pages.get(style.page, self.sheet.pages[""])
        self.number = self.number + 1 if style.counter_reset is None else style.counter_reset
        self.height, self.used = page.text_height + _SLACK, 0.0
        items = list(_items(section, page, self.document, self.sheet, self.looks))
        for at, item in enumerate(items):
            top, _, bottom, _ = item.margin
            if item.style.break_before == "page":
                self.turn()
            elif self.used and self.used + _together(items, at, self.height) > self.height:
                self.turn()
                top = 0.0  # left out at the top of a page, unless a forced break is before it
            self.used += top
            if item.heading is not None:
                self.pages[item.heading] = self.number
            repeated = sum(row.height for row in item.rows[: item.repeated])
            for row in item.rows:
                self.place(row, repeated, item.edge)
            is_joined = item.is_table and items[at + 1 : at + 2] and items[at + 1].is_table
            self.used += bottom + (_SEPARATION if is_joined else item.edge)

    def place(self, row: _Row, repeated: float, edge: float) -> None:
        """Put a row on this page or the next, below what is repeated there; divide it where it may or must be."""
        needed, room = row.height, self.height - edge
        while self.used + needed > room:
            too_high = repeated + row.height > room
            if too_high and row.element is not None:
                self.pages.setdefault(row.element, self.number)
            if too_high or not row.whole:
                fitting = int((room - self.used - row.frame) / row.pitch)
                needed -= max(fitting, self.used <= repeated) * row.pitch
            self.number += 1
            self.used = repeated
        self.used += needed

    def turn(self) -> None:
        """Go to the next page, unless this one is still empty."""
        if self.used:
            self.number += 1
            self.used = 0.0


def _together(items: list[_Item], at: int, room: float) -> float:
    """The height that must fit on one page from an item on: all that keeps with the next, and that one's beginning."""
    height = 0.0
    for item in items[at:]:
        height += item.margin[0]
        if item.style.break_after != "avoid":
            return height + _beginning(item, room)
        height += sum(row.height for row in item.rows) + item.margin[2]
    return height


def _beginning(item: _Item, room: float) -> float:
    """The height of what an item cannot leave on the page before: a line, a row, or all of it."""
    if item.style.break_inside == "avoid" and not item.is_table:
        return sum(row.height for row in item.rows)
    repeated, first = sum(row.height for row in item.rows[: item.repeated]), item.rows[item.repeated]
    is_whole = first.whole and repeated + first.height <= room
    return repeated + (first.height if is_whole else first.frame + first.pitch)
