"""What Word repairs a file for, beyond what the Open XML SDK's validator sees."""

import io
import posixpath
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from xml.etree import ElementTree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
ORDER = {
    "pPr": "pStyle keepNext keepLines pageBreakBefore widowControl tabs overflowPunct autoSpaceDE autoSpaceDN "
    "snapToGrid spacing ind jc outlineLvl sectPr",
    "rPr": "rStyle rFonts b bCs spacing w sz szCs lang",
    "tcPr": "tcW gridSpan vMerge tcBorders tcMar textDirection vAlign",
    "trPr": "cantSplit trHeight tblHeader",
    "tblPr": "tblStyle tblpPr tblW tblLayout tblBorders tblCellMar",
    "sectPr": "headerReference footerReference type pgSz pgMar pgNumType",
    "tcBorders": "top left bottom right",
    "tcMar": "top left bottom right",
}


def broken(docx: bytes) -> list[str]:
    """What is wrong with a .docx; nothing for a sound one."""
    with zipfile.ZipFile(io.BytesIO(docx)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
        found = ["zip entry twice"] if len(parts) != len(archive.namelist()) else []
    trees = {name: ElementTree.fromstring(content) for name, content in parts.items()}
    document, styles = trees["word/document.xml"], trees["word/styles.xml"]
    return [
        *found,
        *_package(parts, trees),
        *_styles(styles, [tree for name, tree in trees.items() if name.startswith("word/")]),
        *_tables(document),
        *_fields(document),
        *_bookmarks(document),
        *(wrong for tree in trees.values() for wrong in _order(tree)),
        *_end(document),
        *(
            f"{mark} in {name}"
            for name, content in parts.items()
            for mark in ("dirty=", "updateFields", "Theme=")
            if mark.encode() in content
        ),
    ]


def _package(parts: dict[str, bytes], trees: dict[str, ElementTree.Element]) -> Iterator[str]:
    types = trees["[Content_Types].xml"]
    named = {one.get("PartName") for one in types if one.get("PartName")}
    for name in parts:
        if not name.endswith(".rels") and name != "[Content_Types].xml" and f"/{name}" not in named:
            yield f"no content type for {name}"
    yield from (f"content type for missing {name}" for name in named if name[1:] not in parts)
    for name, tree in trees.items():
        if name.endswith(".rels"):
            folder = posixpath.dirname(posixpath.dirname(name))
            for relation in tree:
                target = relation.get("Target")
                path = target[1:] if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
                if path not in parts:
                    yield f"{name} points to missing {path}"
    known = {relation.get("Id") for relation in trees["word/_rels/document.xml.rels"]}
    for element in trees["word/document.xml"].iter():
        if element.get(f"{R}id") is not None and element.get(f"{R}id") not in known:
            yield f"unknown relationship {element.get(f'{R}id')}"


def _styles(styles: ElementTree.Element, trees: list[ElementTree.Element]) -> Iterator[str]:
    made = styles.findall(f"{W}style")
    ids = Counter(style.get(f"{W}styleId") for style in made)
    names = Counter(style.find(f"{W}name").get(f"{W}val") for style in made)
    yield from (f"style {one} twice" for counts in (ids, names) for one, count in counts.items() if count > 1)
    for tree in trees:
        for kind in ("pStyle", "rStyle", "tblStyle", "basedOn"):
            yield from (
                f"no style {one.get(f'{W}val')}" for one in tree.iter(f"{W}{kind}") if one.get(f"{W}val") not in ids
            )
    for fonts in styles.iter(f"{W}rFonts"):
        if {f"{W}{slot}" for slot in ("ascii", "hAnsi", "eastAsia", "cs")} - {*fonts.keys()}:
            yield f"a font is left open: {fonts.attrib}"
    for style in made:
        spacing = style.find(f"{W}pPr/{W}spacing")
        if style.get(f"{W}type") == "paragraph" and (spacing is None or spacing.get(f"{W}lineRule") != "exact"):
            yield f"style {style.get(f'{W}styleId')} has no exact pitch"


def _tables(document: ElementTree.Element) -> Iterator[str]:
    for table in document.iter(f"{W}tbl"):
        columns = len(table.findall(f"{W}tblGrid/{W}gridCol"))
        above: dict[int, int] = {}
        for row in table.findall(f"{W}tr"):
            column, merged = 0, {}
            for cell in row.findall(f"{W}tc"):
                span = cell.find(f"{W}tcPr/{W}gridSpan")
                width = int(span.get(f"{W}val")) if span is not None else 1
                merge = cell.find(f"{W}tcPr/{W}vMerge")
                if merge is not None:
                    merged[column] = width
                    if merge.get(f"{W}val") != "restart" and above.get(column) != width:
                        yield "a cell goes on with none above it"
                if len(cell) == 0 or cell[-1].tag != f"{W}p":
                    yield "a cell does not end with a paragraph"
                column += width
            if column != columns:
                yield f"a row of {column} in a grid of {columns} columns"
            above = merged


def _fields(document: ElementTree.Element) -> Iterator[str]:
    depth = 0
    for mark in document.iter(f"{W}fldChar"):
        depth += {"begin": 1, "separate": 0, "end": -1}[mark.get(f"{W}fldCharType")]
        if depth < 0:
            yield "a field ends that has not begun"
    if depth:
        yield "a field does not end"


def _bookmarks(document: ElementTree.Element) -> Iterator[str]:
    starts = list(document.iter(f"{W}bookmarkStart"))
    for attribute in ("id", "name"):
        counts = Counter(start.get(f"{W}{attribute}") for start in starts)
        yield from (f"bookmark {one} twice" for one, count in counts.items() if count > 1)
    if Counter(start.get(f"{W}id") for start in starts) != Counter(
        end.get(f"{W}id") for end in document.iter(f"{W}bookmarkEnd")
    ):
        yield "a bookmark does not end"
    names = {start.get(f"{W}name") for start in starts}
    wanted = {link.get(f"{W}anchor") for link in document.iter(f"{W}hyperlink")}
    for text in document.iter(f"{W}instrText"):
        wanted.update(re.findall(r"PAGEREF (\S+)", text.text))
    yield from (f"no bookmark {name}" for name in wanted - names)


def _order(tree: ElementTree.Element) -> Iterator[str]:
    for element in tree.iter():
        order = ORDER.get(element.tag.removeprefix(W), "").split()
        tags = [child.tag.removeprefix(W) for child in element]
        if order and [tag for tag in tags if tag not in order]:
            yield f"{element.tag.removeprefix(W)} with {tags}"
        elif order and sorted(tags, key=order.index) != tags:
            yield f"{element.tag.removeprefix(W)} out of order: {tags}"


def _end(document: ElementTree.Element) -> Iterator[str]:
    body = document.find(f"{W}body")
    if [child.tag for child in body][-2:] != [f"{W}p", f"{W}sectPr"]:
        yield "the body does not end with a paragraph and its section"
    if any(child.tag == following.tag == f"{W}tbl" for child, following in zip(body, list(body)[1:], strict=False)):
        yield "two tables without a paragraph between them"
