"""The document tree: a closed subset of HTML, as ElementTree elements.

A document is a title, what `meta` says of it, and sections; a section holds headings, paragraphs, tables and the table
of contents. Text stands in `title`, headings, `p`, `th`, `td` and `span` only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import NamedTuple
from xml.etree.ElementTree import XML, Element

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
INLINE = ("span", "br")
_BLOCKS = ("p", "table", "nav", *HEADINGS)

# Each tag with the attributes and the children that it may have.
TAGS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "document": ((), ("title", "meta", "section")),
    "title": ((), ()),
    "meta": (("name", "content"), ()),
    "section": (("class",), _BLOCKS),
    "nav": (("class", "data-levels", "data-unnumbered"), ()),
    **dict.fromkeys(HEADINGS, (("class", "data-toc"), INLINE)),
    "p": (("class",), INLINE),
    "span": (("class",), ("br",)),
    "br": ((), ()),
    "table": (("class",), ("colgroup", "thead", "tbody")),
    "colgroup": ((), ("col",)),
    "col": (("class",), ()),
    **dict.fromkeys(("thead", "tbody"), ((), ("tr",))),
    "tr": (("class",), ("th", "td")),
    **dict.fromkeys(("th", "td"), (("class", "colspan", "rowspan"), (*INLINE, "p"))),
}
_FORMS = {"data-levels": "[1-6]-[1-6]", "data-unnumbered": "[1-6]"}
_WITH_TEXT = {"title", "p", "span", "th", "td", *HEADINGS}
_ENTITIES = '<!DOCTYPE document [<!ENTITY nbsp "&#160;"><!ENTITY emsp "&#8195;"><!ENTITY ensp "&#8194;">]>'
_SPACE = re.compile(r"[ \t\r\n]+")


class Cell(NamedTuple):
    """A place in a table's grid: where it begins and how far it spans; `above` marks the lower rows of a tall cell.

    Cells of the same `kind` look alike in rows that look alike, whatever stands in them: tag, class, column, columns,
    whether rows below belong to it, whether it belongs to a row above, and whether there are tags in its text.
    """

    element: Element
    column: int
    columns: int
    rows: int
    above: bool
    kind: tuple[str, str | None, int, int, bool, bool, bool]


@dataclass(frozen=True, slots=True)
class Grid:
    """The classes of a table's columns; its rows, each with its cells from left to right; how many are its heading."""

    columns: tuple[tuple[str, ...], ...]
    rows: list[tuple[Element, list[Cell]]]
    heading: int


@dataclass(frozen=True, slots=True)
class Document:
    """A checked tree: its title, its author and date if `meta` names them, its headings, and the grid of each table."""

    title: str
    author: str
    created: date | None
    root: Element
    headings: tuple[Element, ...]
    grids: dict[Element, Grid]


def parse(text: str) -> Element:
    """The tree of a document's text; raises ParseError, whose position is that in the text."""
    return XML(f"{_ENTITIES}<document>{text}</document>")


OFFSET = len(f"{_ENTITIES}<document>")  # what stands before the text on its first line


def classes(element: Element) -> tuple[str, ...]:
    """The classes of an element."""
    return _split(element.get("class", ""))


@lru_cache(maxsize=4096)
def _split(names: str) -> tuple[str, ...]:
    return tuple(names.split())


def squeeze(text: str | None) -> str:
    """A text with each run of spaces and line ends as one space, as HTML has it."""
    return _SPACE.sub(" ", text) if text else ""


def inline(element: Element) -> list[tuple[str, Element | None]]:
    """The texts of a block in order, each with its span; a line break is a text of its own."""
    if not len(element):
        return [(element.text, None)] if element.text else []
    parts: list[tuple[str, Element | None]] = [(element.text or "", None)]
    for child in element:
        if child.tag == "br":
            parts.append(("\n", None))
        elif child.tag == "span":
            parts += [(text, child) for text, _ in inline(child)] or [("", child)]
        parts.append((child.tail or "", None))
    texts: list[tuple[str, Element | None]] = []
    for text, span in parts:
        shown = text if text == "\n" and span is None else squeeze(text)
        if not texts or texts[-1][0].endswith(("\n", " ")):
            shown = shown.removeprefix(" ")
        if shown == "\n" and texts:
            texts[-1] = (texts[-1][0].rstrip(" "), texts[-1][1])
        if shown:
            texts.append((shown, span))
    if texts:
        texts[-1] = (texts[-1][0].rstrip(" "), texts[-1][1])
    return [(text, span) for text, span in texts if text]


def plain(heading: Element) -> str:
    """The text of a heading on one line."""
    return "".join(" " if text == "\n" else text for text, _ in inline(heading))


def check(root: Element) -> tuple[Document, list[tuple[Element, str]]]:
    """The document, and the elements that the subset does not allow, each with what is wrong."""
    problems = list(_problems(root))
    grids: dict[Element, Grid] = {}
    if not problems:
        for table in root.iter("table"):
            grids[table] = _grid(table, problems)
    titles = [squeeze("".join(title.itertext())).strip() for title in root.findall("title")]
    said = {meta.get("name", ""): meta.get("content", "").strip() for meta in root.findall("meta")}
    problems += [
        (root, f'没有 <meta name="{name}">；可用的是 author、created') for name in said.keys() - {"author", "created"}
    ]
    if len(titles) != 1 or not titles[0]:
        problems.append((root, "版式应有且只有一个 <title>，写明文件的标题"))
    if root.find("section") is None:
        problems.append((root, "版式应至少有一个 <section>"))
    title, author, created = titles[0] if titles else "", said.get("author", ""), _date(said.get("created", ""))
    headings = tuple(block for block in root.iterfind("section/*") if block.tag in HEADINGS)
    return Document(title, author, created, root, headings, grids), problems


def _date(written: str) -> date | None:
    """The date that a text begins with: `2023年3月24日`, `2023-03-24`; of a year or a month, the first day."""
    numbers = [int(number) for number in re.findall(r"\d+", written)[:3]]
    try:
        return date(*(*numbers, 1, 1)[:3]) if numbers else None
    except ValueError:
        return None


def _problems(root: Element) -> Iterator[tuple[Element, str]]:
    """What the subset does not allow; a text without tags in it becomes what HTML makes of its spaces and line ends."""
    for element in root.iter():
        tag = element.tag
        if tag not in TAGS:
            continue  # said at its parent
        attributes, children = TAGS[tag]
        for name in element.keys():  # noqa: SIM118  # an element is no mapping
            if name not in attributes and name != MARK:
                yield element, f"<{tag}> 不能有属性 {name}"
            elif name in _FORMS and not re.fullmatch(_FORMS[name], element.get(name, "")):
                yield element, f"{name} 的写法不对：{element.get(name)}"
        if tag not in _WITH_TEXT:
            if stray := _stray(element):
                yield element, f"<{tag}> 里不能直接写文字：{stray[:20]}"
        elif not len(element):
            if (text := element.text) and (" " in text or not text.isprintable()):
                element.text = squeeze(text).strip(" ")
            continue
        elif tag in ("th", "td") and element.find("p") is not None and _stray(element, but="p"):
            yield element, "单元格里有 <p> 时，文字都应写在 <p> 里"
        for child in element:
            if child.tag in children:
                continue
            if child.tag in TAGS:
                yield child, f"<{tag}> 里不能有 <{child.tag}>"
            else:
                yield child, f"没有 <{child.tag}> 这个标签；可用的是 {'、'.join(list(TAGS)[1:])}"


MARK = "data-at"  # file and line of a tag in its layout, in a tree that was filled with marks


def _stray(element: Element, but: str = "") -> str:
    """The text that stands in an element itself, or in its children of other tags."""
    text = element.text or ""
    for child in element:
        if child.tail and not child.tail.isspace():
            text += child.tail
        if but and child.tag != but:
            text += "".join(child.itertext())
    return squeeze(text.strip())


def _grid(table: Element, problems: list[tuple[Element, str]]) -> Grid:
    columns = tuple(classes(column) for column in table.findall("colgroup/col"))
    rows: list[tuple[Element, list[Cell]]] = []
    tall: dict[int, Cell] = {}  # by column, with the rows that are still to come
    for tr in table.iter("tr"):
        row: list[Cell] = []
        column = 0
        for element in (*tr, None):
            while column in tall:
                cell = tall.pop(column)
                row.append(cell)
                if cell.rows > 1:
                    tall[column] = _below(cell)
                column += cell.columns
            if element is not None:
                width = 1 if element.get("colspan") is None else _span(element, "colspan", problems)
                height = 1 if element.get("rowspan") is None else _span(element, "rowspan", problems)
                kind = (element.tag, element.get("class"), column, width, height > 1, False, len(element) > 0)
                row.append(Cell(element, column, width, height, False, kind))
                if height > 1:
                    tall[column] = _below(row[-1])
                column += width
        if column != len(columns):
            problems.append((tr, f"这一行各格合计应占 {len(columns)} 列"))
            problems += [(cell.element, "rowspan 与下面各行的格数不合") for cell in row if cell.above]
            break
        rows.append((tr, row))
    if not columns or table.find(".//tr") is None:
        problems.append((table, "表格应有 <colgroup> 和至少一行"))
    elif tall and len(rows) == len(table.findall(".//tr")):
        problems.append((next(iter(tall.values())).element, "rowspan 超出了表格的最后一行"))
    return Grid(columns, rows, len(table.findall("thead/tr")))


def _below(cell: Cell) -> Cell:
    """What a tall cell is in the next row."""
    kind = (*cell.kind[:4], cell.rows > 2, True, False)
    return Cell(cell.element, cell.column, cell.columns, cell.rows - 1, True, kind)


def _span(cell: Element, name: str, problems: list[tuple[Element, str]]) -> int:
    written = cell.get(name, "")
    if written.isascii() and written.isdecimal() and int(written) > 0:
        return int(written)
    problems.append((cell, f"{name} 应是正整数，现在是“{written}”"))
    return 1
