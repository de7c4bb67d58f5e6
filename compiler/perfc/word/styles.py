"""Computed styles to named Word styles; a paragraph in the body then only names its own."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from html import escape
from typing import Any

from perfc.style import Style

# The names by which Word knows its own styles; it shows them in the user's language.
_BUILT_IN = {
    "p": ("Normal", "Normal"),
    **{f"h{level}": (f"Heading{level}", f"heading {level}") for level in range(1, 7)},
    **{f"toc{level}": (f"TOC{level}", f"toc {level}") for level in range(1, 7)},
    "header": ("Header", "header"),
    "footer": ("Footer", "footer"),
}
_PLAIN = {"td": "表格文字", "th": "表格表头"}
_ALIGN = {"left": "left", "center": "center", "right": "right", "justify": "both"}
_SIDES = ("top", "left", "bottom", "right")


def escaped(text: str) -> str:
    """A text as XML has it between tags."""
    return escape(text, quote=False)


def attribute(text: str) -> str:
    """A text as the value of an attribute, in its quotes."""
    return f'"{escape(text)}"'


def twips(points: float) -> int:
    """Points in Word's twentieths."""
    return round(points * 20)


@dataclass
class Styles:
    """The styles of one document, in the order of their first use."""

    made: dict[tuple[Any, ...], str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    xml: list[str] = field(default_factory=list)

    def copy(self) -> Styles:
        """The same styles, to which others may be added."""
        return Styles(dict(self.made), dict(self.names), list(self.xml))

    def paragraph(
        self, tag: str, classes: tuple[str, ...], style: Style, tab: float = 0.0, leader: bool = False
    ) -> str:
        """The id of the paragraph style for an element; `tab` is a right tab stop, in points from the margin."""
        key = (tag, style, classes, tab)
        if key not in self.made:
            level = int(tag[1]) if re.fullmatch(r"h\d", tag) else 0
            made, name = self._named(tag, classes, "P")
            self.made[key] = made
            default = ' w:default="1"' if made == "Normal" else ""
            custom = "" if made in (identifier for identifier, _ in _BUILT_IN.values()) else ' w:customStyle="1"'
            stop = f'<w:tab w:val="right"{" w:leader=" + attribute("dot") if leader else ""} w:pos="{twips(tab)}"/>'
            self.xml.append(
                f'<w:style w:type="paragraph"{default}{custom} w:styleId="{made}"><w:name w:val={attribute(name)}/>'
                f"<w:qFormat/>{_paragraph(style, f'<w:tabs>{stop}</w:tabs>' if tab else '', level)}"
                f"{run_properties(style)}</w:style>"
            )
        return self.made[key]

    def character(self, classes: tuple[str, ...], style: Style) -> str:
        """The id of the character style for a span."""
        key = ("span", style, classes)
        if key not in self.made:
            self.made[key], name = self._named("span", classes, "C")
            self.xml.append(
                f'<w:style w:type="character" w:customStyle="1" w:styleId="{self.made[key]}">'
                f"<w:name w:val={attribute(name)}/>{run_properties(style)}</w:style>"
            )
        return self.made[key]

    def table(self, classes: tuple[str, ...], cell: Style) -> str:
        """The id of the table style whose borders and margins are those of a plain cell."""
        key = ("table", cell, classes)
        if key not in self.made:
            self.made[key], name = self._named("table", classes or ("表格",), "T")
            top, right, bottom, left = cell.padding
            margins = zip(_SIDES, (top, left, bottom, right), strict=True)
            lines = borders(cell.border, inside=True)
            self.xml.append(
                f'<w:style w:type="table" w:customStyle="1" w:styleId="{self.made[key]}">'
                f"<w:name w:val={attribute(name)}/>"
                f"<w:tblPr>{f'<w:tblBorders>{lines}</w:tblBorders>' if lines else ''}<w:tblCellMar>"
                + "".join(f'<w:{side} w:w="{twips(width)}" w:type="dxa"/>' for side, width in margins)
                + "</w:tblCellMar></w:tblPr></w:style>"
            )
        return self.made[key]

    def _named(self, tag: str, classes: tuple[str, ...], prefix: str) -> tuple[str, str]:
        """A free id and name: Word's own for the first plain element of its kind, else the class's."""
        if not classes and tag in _BUILT_IN and _BUILT_IN[tag][1] not in self.names:
            identifier, name = _BUILT_IN[tag]
        else:
            base = "·".join(classes) or _PLAIN.get(tag, _BUILT_IN.get(tag, (tag, tag))[1])
            count = 1
            while (name := base if count == 1 else f"{base} {count}") in self.names:
                count += 1
            identifier = f"{prefix}{len(self.names) + 1}"
        self.names[name] = identifier
        return identifier, name


def borders(widths: tuple[float, float, float, float], *, inside: bool = False) -> str:
    """The border elements of four sides, those between the cells too if `inside`; empty for no lines at all."""
    top, right, bottom, left = widths
    lines = dict(zip(_SIDES, (top, left, bottom, right), strict=True))
    if inside:
        lines |= {"insideH": top, "insideV": left}
        if not any(lines.values()):
            return ""
    return "".join(
        f'<w:{side} w:val="single" w:sz="{max(2, round(width * 8))}" w:space="0" w:color="auto"/>'
        if width
        else f'<w:{side} w:val="nil"/>'
        for side, width in lines.items()
    )


@lru_cache(maxsize=1024)
def run_properties(style: Style) -> str:
    """The `w:rPr` of a style."""
    latin, chinese = fonts(style.font_family)
    spacing = f'<w:spacing w:val="{twips(style.letter_spacing)}"/>' if style.letter_spacing else ""
    stretch = f'<w:w w:val="{round(style.font_stretch * 100)}"/>' if style.font_stretch != 1.0 else ""
    size = round(style.font_size * 2)
    return (
        f"<w:rPr><w:rFonts w:ascii={latin} w:eastAsia={chinese} w:hAnsi={latin} w:cs={latin}/>"
        f"{'<w:b/><w:bCs/>' if style.font_weight == 'bold' else ''}"
        f'{spacing}{stretch}<w:sz w:val="{size}"/><w:szCs w:val="{size}"/></w:rPr>'
    )


def fonts(families: tuple[str, ...]) -> tuple[str, str]:
    """The Latin and the Chinese font of a list, quoted: the first whose name is ASCII, and the first whose is not."""
    latin = next((name for name in families if name.isascii()), families[0])
    chinese = next((name for name in families if not name.isascii()), families[0])
    return attribute(latin), attribute(chinese)


@lru_cache(maxsize=1024)
def _paragraph(style: Style, tabs: str, level: int) -> str:
    top, right, bottom, left = style.margin
    first = f'w:{"firstLine" if style.text_indent >= 0 else "hanging"}="{twips(abs(style.text_indent))}"'
    return (
        "<w:pPr>"
        f"{'<w:keepNext/>' if style.break_after == 'avoid' else ''}"
        f"{'<w:keepLines/>' if style.break_inside == 'avoid' else ''}"
        f"{'<w:pageBreakBefore/>' if style.break_before == 'page' else ''}"
        f'<w:widowControl w:val="0"/>{tabs}'
        f'<w:spacing w:before="{twips(top)}" w:after="{twips(bottom)}" '
        f'w:line="{twips(style.line_height)}" w:lineRule="exact"/>'
        f'<w:ind w:left="{twips(left)}" w:right="{twips(right)}" {first}/>'
        f'<w:jc w:val="{_ALIGN[style.text_align]}"/>'
        f"{f'<w:outlineLvl w:val={attribute(str(level - 1))}/>' if level else ''}"
        "</w:pPr>"
    )
