"""What was changed by hand in a document since perfc made it, each change at the line of the spec it belongs to."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from xml.etree.ElementTree import Element, ParseError, canonicalize, fromstring

from perfc import layout
from perfc.compile import compile_spec, digest, understand
from perfc.diagnostic import Diagnostic, Severity, Span
from perfc.paginate import entries
from perfc.policy import Policy
from perfc.source import Refused, Sources
from perfc.tree import Document

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_TRACE = re.compile("\ue000(\\d+)\ue001")


@dataclass(frozen=True, slots=True)
class Unit:
    """A paragraph, or a table's row with its cells; `place` says where it stands, in Chinese."""

    place: str
    cells: tuple[str, ...]
    is_row: bool


class NotWord(Exception):
    """A file is no Word document."""


def verify(docx: bytes, spec: str, sources: Sources, layouts: tuple[Path, ...]) -> tuple[Diagnostic, ...]:
    """What was changed in a document since perfc made it of a spec, or what is wrong with a spec that makes none.

    Raises NotWord.
    """
    made = made_of(docx)
    policy = Policy(public="public" in made)
    result = compile_spec(spec, sources, layouts, policy)
    if result.docx is None:
        return result.diagnostics
    result = next((one for one in result.more if one.layout == made.get("layout")), result)
    if result.docx is None or docx == result.docx:
        return ()
    at = sources[spec].line_span(0)
    found: list[Diagnostic] = []
    if made.get("spec") != made_of(result.docx)["spec"]:
        found.append(Diagnostic("changed-by-hand", "文件不是由这份规格现在的内容生成的", at, Severity.INFO))
    understood, _ = understand(spec, sources, layouts, policy)
    values, chosen = next(one for one in understood if one[1].name == result.layout)
    document, spans = layout.trace(chosen, values, sources)
    return (*found, *changes(docx, result.docx, _origins(document, spans, at)))


def made_of(docx: bytes) -> dict[str, str]:
    """What a document says it was made of: `perfc`, `layout`, `spec`, and `file`, or `public`; empty if perfc did not.

    Raises NotWord.
    """
    parts = _parts(docx)
    if "docProps/custom.xml" not in parts:
        return {}
    return {one.get("name", ""): "".join(one.itertext()) for one in fromstring(parts["docProps/custom.xml"])}


def changes(docx: bytes, expected: bytes, origins: list[list[Span]]) -> Iterator[Diagnostic]:
    """What differs between a document and the one that perfc makes.

    `origins` has the span behind each cell of each unit. Changes that no text shows are said once, with the parts of
    the file that they are in.
    """
    theirs, ours = list(_units(docx)), list(_units(expected))
    matcher = SequenceMatcher(None, [one.cells for one in ours], [one.cells for one in theirs], autojunk=False)
    found = [
        one
        for kind, a, b, c, d in matcher.get_opcodes()
        if kind != "equal"
        for one in _changed(ours[a:b], origins[a:b], theirs[c:d], origins[max(0, a - 1)][0])
    ]
    yield from found
    parts, own = _parts(docx), _parts(expected)
    different = sorted(name for name in {*parts, *own} if _canonical(parts, name) != _canonical(own, name))
    if different and not found:
        yield Diagnostic("changed-by-hand", f"文字没有改动，有改动的部分：{'、'.join(different)}", origins[0][0])


def _origins(document: Document, spans: list[Span], at: Span) -> list[list[Span]]:
    """The span behind each cell of each unit of a document that was filled with traces: numbers of `spans`.

    What the layout alone has written comes from the span before it, at the beginning from `at`.
    """
    units: list[list[str]] = []
    for block in (block for section in document.root.findall("section") for block in section):
        if block.tag == "table":
            rows = document.grids[block].rows
            units += [["" if cell.above else _text(cell.element) for cell in row] for _, row in rows]
        elif block.tag == "nav":
            units += [[heading.get("data-toc") or _text(heading)] for heading, _ in entries(document, block)]
        elif _text(block).strip():
            units.append([_text(block)])
    found: list[list[Span]] = []
    for unit in units:
        found.append([])
        for text in unit:
            traced = _TRACE.search(text)
            at = spans[int(traced.group(1))] if traced else at
            found[-1].append(at)
    return found


def _text(element: Element) -> str:
    return "".join(element.itertext())


def _changed(ours: list[Unit], origins: list[list[Span]], theirs: list[Unit], before: Span) -> Iterator[Diagnostic]:
    """The findings for a run of units that stands in place of another: those alike in pairs, the rest gone or new."""
    left = list(theirs)
    for unit, spans in zip(ours, origins, strict=True):
        twin = next((one for one in left if _alike(unit, one) or len(ours) == len(theirs)), None)
        before = spans[0]
        if twin is None or len(twin.cells) != len(unit.cells):
            yield Diagnostic("changed-by-hand", f"{unit.place}被删去：{_short('｜'.join(unit.cells))}", spans[-1])
            continue
        left.remove(twin)
        for number, (was, now) in enumerate(zip(unit.cells, twin.cells, strict=True)):
            if was != now:
                place = f"{twin.place}第 {number + 1} 格" if unit.is_row else twin.place
                message = f"{place}：规格为“{_short(was)}”，文件为“{_short(now)}”"
                yield Diagnostic("changed-by-hand", message, spans[number])
    for unit in left:
        yield Diagnostic("changed-by-hand", f"{unit.place}是新加的：{_short('｜'.join(unit.cells))}", before)


def _alike(one: Unit, other: Unit) -> bool:
    if one.is_row != other.is_row or len(one.cells) != len(other.cells):
        return False
    if one.is_row:
        return sum(was == now for was, now in zip(one.cells, other.cells, strict=True)) * 2 >= len(one.cells)
    return SequenceMatcher(None, one.cells[0], other.cells[0], autojunk=False).ratio() > 0.5


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:40]}…"


def _units(docx: bytes) -> Iterator[Unit]:
    """The paragraphs that are not empty and the rows of the tables of a Word document, in order."""
    parts = _parts(docx)
    body = fromstring(parts["word/document.xml"]).find(f"{_W}body")
    paragraphs = tables = 0
    for block in body if body is not None else ():
        if block.tag == f"{_W}p" and (text := _written(block)):
            paragraphs += 1
            yield Unit(f"第 {paragraphs} 段", (text,), is_row=False)
        elif block.tag == f"{_W}tbl":
            tables += 1
            for number, row in enumerate(block.iter(f"{_W}tr"), 1):
                cells = tuple(_written(cell) for cell in row.iter(f"{_W}tc"))
                yield Unit(f"第 {tables} 张表第 {number} 行", cells, is_row=True)


def origin(docx: bytes, specs: list[str]) -> str:
    """The file of the spec that a document was made of, by what it says of itself: the text, or else the file's name.

    Raises NotWord, and Refused where it is none of these specs.
    """
    made = made_of(docx)
    same = [spec for spec in specs if digest(spec, Sources()) == made.get("spec")]
    named = [spec for spec in specs if Path(spec).name == made.get("file")]
    if same or len(named) == 1:
        return (same or named)[0]
    raise Refused("specs/ 中没有生成这个文件的规格，或规格已经改过；请写明规格：perfc verify 文件 规格")


def _written(element: Element) -> str:
    """The text of a paragraph or a cell, a break or a tab as a space."""
    marks = {f"{_W}t": None, f"{_W}br": " ", f"{_W}tab": " "}
    return "".join(marks[one.tag] or one.text or "" for one in element.iter() if one.tag in marks).strip()


def _parts(docx: bytes) -> dict[str, str]:
    """The XML parts of a Word document; raises NotWord."""
    try:
        with zipfile.ZipFile(io.BytesIO(docx)) as archive:
            parts = {
                name: archive.read(name).decode() for name in archive.namelist() if name.endswith((".xml", ".rels"))
            }
        fromstring(parts["word/document.xml"])
    except (zipfile.BadZipFile, KeyError, ParseError, UnicodeDecodeError, OSError) as error:
        raise NotWord("不是 Word 文件（.docx），或者已经损坏") from error
    return parts


def _canonical(parts: dict[str, str], name: str) -> str:
    """A part in the one form that all programs that do not change it agree on."""
    return canonicalize(parts.get(name, "<none/>"))
