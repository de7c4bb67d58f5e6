"""A document's parts to the bytes of a .docx: the same parts give the same bytes, at any time and place."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from xml.etree.ElementTree import Element

from perfc.seal import PART, seal
from perfc.style import Sheet, Style
from perfc.tree import Document
from perfc.word import margins
from perfc.word.body import NAMESPACES, Body
from perfc.word.styles import Styles, attribute, escaped

_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_TIME = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip file can say; no clock enters a document
_LEVEL = 3  # of compression: takes half the time of the usual one, for a fifth more bytes


@dataclass(frozen=True, slots=True)
class Skeleton:
    """What all documents of one layout have in common: parts by name, a page's references, the styles these use."""

    parts: dict[str, bytes]
    references: dict[str, str]
    styles: Styles


def write(document: Document, sheet: Sheet, pages: Mapping[Element, int], made: Mapping[str, str]) -> bytes:
    """The .docx of a document; `pages` gives the page number of each heading, `made` what it was made of and by."""
    skeleton = _skeleton(sheet)
    styles = skeleton.styles.copy()
    body = Body(document, sheet, skeleton.references, pages, styles).write()
    variable = {
        "docProps/core.xml": _core(document),
        PART: _custom(made),
        "word/document.xml": body,
        "word/styles.xml": _styles(styles),
    }
    parts = seal(skeleton.parts | {name: content.encode() for name, content in variable.items()})
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            entry = zipfile.ZipInfo(name, _TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 0  # the machine must not show
            archive.writestr(entry, content, compresslevel=_LEVEL)
    return file.getvalue()


@lru_cache(maxsize=64)
def _skeleton(sheet: Sheet) -> Skeleton:
    from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
    from docx.opc.package import OpcPackage
    from docx.opc.packuri import PackURI
    from docx.opc.part import Part

    package = OpcPackage()

    def part(name: str, content: str, kind: str) -> Part:
        # python-docx annotates its own package with the class above it
        return Part(PackURI(f"/{name}"), kind, content.encode(), package)  # type: ignore[arg-type]

    main = part("word/document.xml", "", CONTENT_TYPE.WML_DOCUMENT_MAIN)
    package.relate_to(main, RELATIONSHIP_TYPE.OFFICE_DOCUMENT)
    core = part("docProps/core.xml", "", CONTENT_TYPE.OPC_CORE_PROPERTIES)
    package.relate_to(core, RELATIONSHIP_TYPE.CORE_PROPERTIES)
    custom = part(PART, "", CONTENT_TYPE.OFC_CUSTOM_PROPERTIES)
    package.relate_to(custom, RELATIONSHIP_TYPE.CUSTOM_PROPERTIES)
    for name, content, kind, relation in (
        ("word/styles.xml", "", CONTENT_TYPE.WML_STYLES, RELATIONSHIP_TYPE.STYLES),
        ("word/settings.xml", _settings(sheet), CONTENT_TYPE.WML_SETTINGS, RELATIONSHIP_TYPE.SETTINGS),
        ("word/fontTable.xml", _font_table(sheet), CONTENT_TYPE.WML_FONT_TABLE, RELATIONSHIP_TYPE.FONT_TABLE),
    ):
        main.relate_to(part(name, content, kind), relation)

    styles = Styles()
    references: dict[str, str] = {}
    parts = {
        "header": (CONTENT_TYPE.WML_HEADER, RELATIONSHIP_TYPE.HEADER),
        "footer": (CONTENT_TYPE.WML_FOOTER, RELATIONSHIP_TYPE.FOOTER),
    }
    made: dict[str, str] = {}  # by its text, the relationship's id of a header or footer
    for page_name, page in sheet.pages.items():
        for kind, side in margins.kinds(sheet):
            content = margins.part(kind, page, side, styles)
            if content not in made:
                edge = part(f"word/{kind}{len(made) + 1}.xml", content, parts[kind][0])
                made[content] = main.relate_to(edge, parts[kind][1])
            type_ = "even" if side == "left" else "default"
            reference = f'<w:{kind}Reference w:type="{type_}" r:id="{made[content]}"/>'
            references[page_name] = references.get(page_name, "") + reference

    file = io.BytesIO()
    package.save(file)
    with zipfile.ZipFile(file) as archive:
        return Skeleton({name: archive.read(name) for name in archive.namelist()}, references, styles)


def _settings(sheet: Sheet) -> str:
    pages = sheet.pages.values()
    return (
        f"{_XML}<w:settings {NAMESPACES}>"
        f"{'<w:mirrorMargins/>' if any(page.mirrored for page in pages) else ''}"
        "<w:hideSpellingErrors/><w:hideGrammaticalErrors/>"
        '<w:defaultTabStop w:val="420"/>'
        f"{'<w:evenAndOddHeaders/>' if margins.two_sided(sheet) else ''}"
        '<w:characterSpacingControl w:val="doNotCompress"/>'
        '<w:compat><w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" '
        'w:val="15"/></w:compat>'
        '<w:themeFontLang w:val="en-US" w:eastAsia="zh-CN"/></w:settings>'
    )


def _font_table(sheet: Sheet) -> str:
    """Each first choice of a font with those that may stand in for it, for machines that lack it."""
    lists = [rule["font_family"] for rule in sheet.rules.values() if "font_family" in rule]
    lists += [box.style.font_family for page in sheet.pages.values() for box in page.boxes]
    others: dict[str, tuple[str, ...]] = {}
    for families in lists:
        chinese = tuple(name for name in families if not name.isascii())
        for first, rest in ((next((name for name in families if name.isascii()), ""), ()), (chinese[:1], chinese[1:])):
            name = first if isinstance(first, str) else "".join(first)
            if name:
                others.setdefault(name, rest)
    fonts = "".join(
        f"<w:font w:name={attribute(name)}>"
        + (f"<w:altName w:val={attribute(','.join(rest))}/>" if rest else "")
        + (f'<w:charset w:val="{"00" if name.isascii() else "86"}"/></w:font>')
        for name, rest in others.items()
    )
    return f"{_XML}<w:fonts {NAMESPACES}>{fonts}</w:fonts>"


def _styles(styles: Styles) -> str:
    """All styles of a document, over defaults that leave nothing to the program that opens it."""
    if "Normal" not in styles.names:
        styles.paragraph("p", (), Style())
    table = '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/></w:style>'
    return (
        f"{_XML}<w:styles {NAMESPACES}><w:docDefaults><w:rPrDefault><w:rPr>"
        '<w:rFonts w:ascii="Times New Roman" w:eastAsia="宋体" w:hAnsi="Times New Roman" w:cs="Times New Roman"/>'
        '<w:sz w:val="21"/><w:szCs w:val="21"/><w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/>'
        f"</w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>{table}{''.join(styles.xml)}</w:styles>"
    )


def _core(document: Document) -> str:
    day = f"{document.created.isoformat()}T00:00:00Z" if document.created else ""
    dates = "".join(
        f'<dcterms:{name} xsi:type="dcterms:W3CDTF">{day}</dcterms:{name}>' for name in ("created", "modified")
    )
    author = escaped(document.author)
    return (
        f'{_XML}<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{escaped(document.title)}</dc:title>"
        f"{f'<dc:creator>{author}</dc:creator><cp:lastModifiedBy>{author}</cp:lastModifiedBy>' if author else ''}"
        f"<dc:language>zh-CN</dc:language>{dates if day else ''}</cp:coreProperties>"
    )


def _custom(made: Mapping[str, str]) -> str:
    """Custom properties, by which `perfc verify` knows what a document was made of; the seal is added to them."""
    properties = "".join(
        f'<property fmtid="{{D5CDD505-2E9C-101B-9397-08002B2CF9AE}}" pid="{number}" name={attribute(name)}>'
        f"<vt:lpwstr>{escaped(value)}</vt:lpwstr></property>"
        for number, (name, value) in enumerate(made.items(), 2)
    )
    return (
        f'{_XML}<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties" '
        f'xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes">{properties}</Properties>'
    )
