"""`page.css` to computed styles and page set-ups; the subset is stated here and anything else is a finding.

Selectors: `tag`, `.class`, `tag.class`, `@page`, `@page name`, each page with `:left` and margin boxes inside it.
`@import "…";` brings in a sheet that several layouts share.
Lengths come out in points. Font, size, weight, spacing, pitch, alignment and indent are inherited, as in a browser.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cache
from itertools import accumulate
from typing import Any

import tinycss2

from perfc.diagnostic import Diagnostic, Note, Span, nearest
from perfc.source import Source

_UNITS = {"pt": 1.0, "mm": 72 / 25.4, "cm": 720 / 25.4, "in": 72.0, "px": 0.75}
_PAPER = {"a4": (210 * _UNITS["mm"], 297 * _UNITS["mm"]), "a3": (297 * _UNITS["mm"], 420 * _UNITS["mm"])}
_MOST = 1000  # of whatever unit; paper is smaller, and no document has as many pages
_ENDLESS = re.compile("[0-9]{400}")
_LEAST = 72.0  # points of text that a page must have room for, each way
_SIDES = ("top", "right", "bottom", "left")
_EDGES = (
    *(f"{edge}-{place}" for edge in ("top", "bottom") for place in ("left", "center", "right")),
    *(f"{edge}-{place}" for edge in ("left", "right") for place in ("top", "middle", "bottom")),
)

Length = tuple[float, str]
Sides = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Style:
    """The look of an element, lengths in points; four sides are top, right, bottom, left."""

    font_family: tuple[str, ...] = ("宋体",)
    font_size: float = 10.5
    font_weight: str = "normal"
    font_stretch: float = 1.0
    letter_spacing: float = 0.0
    line_height: float = 16.0
    text_align: str = "justify"
    text_indent: float = 0.0
    margin: Sides = (0.0, 0.0, 0.0, 0.0)
    padding: Sides = (0.0, 0.0, 0.0, 0.0)
    border: Sides = (0.0, 0.0, 0.0, 0.0)
    vertical_align: str = "top"
    width: float | None = None
    break_before: str = "auto"
    break_inside: str = "auto"
    break_after: str = "auto"
    float: str = "none"
    page: str = ""
    counter_reset: int | None = None
    _hash: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        values = (getattr(self, one.name) for one in fields(self) if one.compare)
        object.__setattr__(self, "_hash", hash(tuple(values)))

    def __hash__(self) -> int:
        """Computed once: every element of a document is looked up by its style."""
        return self._hash


@dataclass(frozen=True, slots=True)
class Box:
    """A margin box of a page: on which pages (`""` for all), at which edge, its texts, None for the page's number.

    Edges are named as in CSS: `bottom-right`, and `left-bottom` for turned text beside a page that lies across.
    """

    pages: str
    edge: str
    content: tuple[str | None, ...]
    style: Style


@dataclass(frozen=True, slots=True)
class Page:
    """A page set-up; margins are those of a right-hand page, the left-hand page mirrors them if `mirrored`."""

    width: float
    height: float
    margin: Sides
    mirrored: bool = False
    boxes: tuple[Box, ...] = ()

    @property
    def text_width(self) -> float:
        """The width between the side margins, in points."""
        return self.width - self.margin[1] - self.margin[3]

    @property
    def text_height(self) -> float:
        """The height between the top and the bottom margin, in points."""
        return self.height - self.margin[0] - self.margin[2]


@dataclass(frozen=True, eq=False)
class Sheet:
    """A read `page.css`: declarations by tag and class, pages by name."""

    rules: dict[tuple[str, str], dict[str, Any]]
    pages: dict[str, Page]
    style: Callable[[str, tuple[str, ...], Style | None], Style] = field(init=False)
    column_edges: Callable[[tuple[tuple[str, ...], ...], float], tuple[float, ...]] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "style", cache(self._style))
        object.__setattr__(self, "column_edges", cache(self._column_edges))

    def _style(self, tag: str, classes: tuple[str, ...] = (), parent: Style | None = None) -> Style:
        """The computed style of an element; `.class` outweighs `tag`, and `tag.class` both."""
        declared = dict(self.rules.get((tag, ""), {}))
        for key in (*(("", one) for one in classes), *((tag, one) for one in classes)):
            declared.update(self.rules.get(key, {}))
        return _computed(declared, parent)

    def page(self, section: tuple[str, ...]) -> Page:
        """The page set-up of a section, by its classes."""
        return self.pages.get(self.style("section", section, None).page, self.pages[""])

    def _column_edges(self, columns: tuple[tuple[str, ...], ...], room: float) -> tuple[float, ...]:
        """Where a table's columns begin and the last one ends, in points, from their classes.

        Columns without a width share what the others leave of the room.
        """
        widths = [self.style("col", classes, None).width for classes in columns]
        given = sum(width for width in widths if width is not None)
        share = (room - given) / max(1, widths.count(None))
        return tuple(accumulate((share if width is None else width for width in widths), initial=0.0))


def read(
    source: Source, imported: Callable[[str, str], Source | None] = lambda *_: None
) -> tuple[Sheet, tuple[Diagnostic, ...]]:
    """A style sheet and what is wrong with it, each at its place in the file.

    `imported` gives the sheet that a path names in the file of a name, None where there is none.
    """
    reader = _Reader(source, imported)
    reader.read()
    pages = {name: _page(name, reader.pages, reader) for name in reader.pages if ":" not in name}
    for at, name in reader.used:
        if name not in pages:
            reader.report(at, f"没有 @page {name}")
    return Sheet(reader.rules, {"": Page(*_PAPER["a4"], (72.0, 72.0, 72.0, 72.0)), **pages}), tuple(reader.found)


_INHERITED = (
    *("font_family", "font_size", "font_weight", "font_stretch", "letter_spacing", "line_height"),
    *("text_align", "text_indent"),
)


def _computed(declared: dict[str, Any], parent: Style | None) -> Style:
    values: dict[str, Any] = {name: getattr(parent, name) for name in _INHERITED} if parent else {}
    outer = parent.font_size if parent else Style().font_size
    size = _points(declared.get("font_size", (outer, "pt")), outer)
    sides: dict[str, list[float]] = {}
    for name, value in declared.items():
        prefix, _, side = name.rpartition("_")
        if prefix in ("margin", "padding", "border") and side in _SIDES:
            sides.setdefault(prefix, [0.0] * 4)[_SIDES.index(side)] = _points(value, size)
        elif isinstance(value, tuple) and len(value) == 2 and isinstance(value[0], float):
            values[name] = _points(value, size)
        else:
            values[name] = value
    return Style(**{**values, "font_size": size, **{name: tuple(four) for name, four in sides.items()}})


def _points(length: Length, size: float) -> float:
    number, unit = length
    return round(number * (size if unit == "em" else _UNITS[unit]), 4)


class _Wrong(Exception):
    """A declaration or selector outside the subset."""


def _length(tokens: Sequence[Any]) -> Length:
    if len(tokens) == 1 and tokens[0].type == "number" and tokens[0].value == 0:
        return 0.0, "pt"
    if len(tokens) == 1 and tokens[0].type == "dimension" and tokens[0].lower_unit in (*_UNITS, "em"):
        if abs(tokens[0].value) > _MOST:
            raise _Wrong(f"长度过大，最多 {_MOST}")
        return float(tokens[0].value), tokens[0].lower_unit
    raise _Wrong(f"应是长度，单位为 {'、'.join((*_UNITS, 'em'))}")


def _positive(tokens: Sequence[Any]) -> Length:
    number, unit = _length(tokens)
    if number <= 0:
        raise _Wrong("应大于 0")
    return number, unit


def _room(tokens: Sequence[Any]) -> Length:
    number, unit = _length(tokens)
    if number < 0:
        raise _Wrong("不能小于 0")
    return number, unit


def _one_of(*words: str) -> Callable[[Sequence[Any]], str]:
    def parse(tokens: Sequence[Any]) -> str:
        if len(tokens) == 1 and tokens[0].type == "ident" and tokens[0].lower_value in words:
            return str(tokens[0].lower_value)
        raise _Wrong(f"只能是 {'、'.join(words)}")

    return parse


def _families(tokens: Sequence[Any]) -> tuple[str, ...]:
    names: list[str] = []
    for part in _split(tokens, ","):
        if not part or any(token.type not in ("ident", "string") for token in part):
            raise _Wrong("应是以逗号分隔的字体名称")
        names.append(" ".join(token.value for token in part))
    return tuple(names)


def _split(tokens: Sequence[Any], mark: str) -> list[list[Any]]:
    parts: list[list[Any]] = [[]]
    for token in tokens:
        if token.type == "literal" and token.value == mark:
            parts.append([])
        else:
            parts[-1].append(token)
    return parts


def _border(tokens: Sequence[Any]) -> Length:
    if [token.type for token in tokens] == ["ident"] and tokens[0].lower_value == "none":
        return 0.0, "pt"
    if len(tokens) == 2 and tokens[1].type == "ident" and tokens[1].lower_value == "solid":
        return _length(tokens[:1])
    raise _Wrong("应是 none，或粗细加 solid，如 0.5pt solid")


def _spacing(tokens: Sequence[Any]) -> Length:
    is_normal = len(tokens) == 1 and tokens[0].type == "ident" and tokens[0].lower_value == "normal"
    return (0.0, "pt") if is_normal else _length(tokens)


def _stretch(tokens: Sequence[Any]) -> float:
    if len(tokens) == 1 and tokens[0].type == "percentage" and 1 <= tokens[0].value <= 600:
        return float(round(tokens[0].value)) / 100
    raise _Wrong("应是百分比，如 98%")


def _name(tokens: Sequence[Any]) -> str:
    if len(tokens) == 1 and tokens[0].type == "ident":
        return str(tokens[0].value)
    raise _Wrong("应是一个 @page 的名称")


def _reset(tokens: Sequence[Any]) -> int:
    if [token.type for token in tokens] == ["ident", "number"] and tokens[0].value == "page" and tokens[1].is_integer:
        number = int(tokens[1].int_value)
        if 0 <= number <= _MOST:
            return number
    raise _Wrong("应是 page 加起始页码，如 page 1")


def _size(tokens: Sequence[Any]) -> tuple[float, float, str]:
    words = [token.lower_value for token in tokens if token.type == "ident"]
    if words and words[0] in _PAPER and len(words) == len(tokens) and set(words[1:]) <= {"portrait", "landscape"}:
        width, height = _PAPER[words[0]]
        return (height, width, "size") if "landscape" in words else (width, height, "size")
    raise _Wrong("应是 A4 或 A3，可加 landscape")


def _content(tokens: Sequence[Any]) -> tuple[str | None, ...]:
    parts: list[str | None] = []
    for token in tokens:
        if token.type == "string":
            parts.append(token.value)
        elif token.type == "function" and token.lower_name == "counter" and _name(token.arguments) == "page":
            parts.append(None)
        else:
            raise _Wrong('应由 "文字" 和 counter(page) 组成')
    return tuple(parts)


_PROPERTIES: dict[str, Callable[[Sequence[Any]], Any]] = {
    "font-family": _families,
    "font-size": _positive,
    "font-weight": _one_of("normal", "bold"),
    "font-stretch": _stretch,
    "letter-spacing": _spacing,
    "line-height": _positive,
    "text-align": _one_of("left", "center", "right", "justify"),
    "text-indent": _length,
    "vertical-align": _one_of("top", "middle", "bottom"),
    "width": _positive,
    "break-before": _one_of("auto", "page"),
    "break-inside": _one_of("auto", "avoid"),
    "break-after": _one_of("auto", "avoid"),
    "float": _one_of("none", "right"),
    "page": _name,
    "counter-reset": _reset,
    "size": _size,
    "content": _content,
    **{f"{name}-{side}": _room for name in ("margin", "padding") for side in _SIDES},
    **{f"border-{side}": _border for side in _SIDES},
}


def _declared(name: str, tokens: Sequence[Any]) -> dict[str, Any]:
    """The values that a declaration sets, a shorthand's on each side; raises _Wrong."""
    if name in ("margin", "padding"):
        if not 1 <= len(tokens) <= 4:
            raise _Wrong("应是一至四个长度")
        values = [_room([token]) for token in tokens]
        four = [values[at] for at in ((0, 0, 0, 0), (0, 1, 0, 1), (0, 1, 2, 1), (0, 1, 2, 3))[len(values) - 1]]
        return {f"{name}_{side}": value for side, value in zip(_SIDES, four, strict=True)}
    if name == "border":
        return {f"border_{side}": _border(tokens) for side in _SIDES}
    if name not in _PROPERTIES:
        near = nearest(name, _PROPERTIES)
        raise _Wrong("不在 perfc 支持的属性之内" + (f"；是不是 {near}？" if near else ""))
    return {name.replace("-", "_"): _PROPERTIES[name](tokens)}


@dataclass
class _Reader:
    source: Source
    imported: Callable[[str, str], Source | None]
    rules: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    pages: dict[str, dict[str, Any]] = field(default_factory=dict)
    used: list[tuple[Span, str]] = field(default_factory=list)
    found: list[Diagnostic] = field(default_factory=list)
    files: tuple[str, ...] = ()  # that import this one

    def at(self, node: Any) -> Span:
        return self.source.line_span(node.source_line - 1)

    def report(self, at: Span, message: str, hint: str | None = None) -> None:
        self.found.append(Diagnostic("layout", message, at, notes=(Note(hint),) if hint else ()))

    def read(self) -> None:
        if endless := _ENDLESS.search(self.source.text):  # tinycss2 makes numbers of digits, which Python refuses
            self.report(self.source.line_span(self.source.position(endless.start())[0]), "数过长")
            return
        begun = False
        for rule in tinycss2.parse_stylesheet(self.source.text, skip_comments=True, skip_whitespace=True):
            if rule.type == "at-rule" and rule.lower_at_keyword == "import":
                self.read_import(rule, begun=begun)
                continue
            begun = True
            if rule.type == "error":
                self.report(self.at(rule), "样式表写得不对；检查花括号、分号和引号")
            elif rule.type == "at-rule" and rule.lower_at_keyword == "page" and rule.content is not None:
                self.read_page(rule)
            elif rule.type == "qualified-rule":
                declared = self.declarations(rule.content)
                for part in _split(rule.prelude, ","):
                    self.read_selector(rule, part, declared)
            else:
                self.report(self.at(rule), f"样式表只支持 @page 和 @import，这里是 @{rule.at_keyword}")

    def read_import(self, rule: Any, *, begun: bool) -> None:
        tokens = [token for token in rule.prelude if token.type != "whitespace"]
        files = (*self.files, self.source.name)
        if [token.type for token in tokens] != ["string"] or rule.content is not None:
            self.report(self.at(rule), '@import 后是样式表的路径，如 @import "../../../_shared/form.css";')
        elif begun:
            self.report(self.at(rule), "@import 写在样式表的最前面，浏览器才理会它")
        elif (source := self.imported(tokens[0].value, self.source.name)) is None:
            self.report(self.at(rule), f"版式的文件夹里读不到样式表 {tokens[0].value}")
        elif source.name in files:
            self.report(self.at(rule), f"{tokens[0].value} 引入了它自己")
        else:
            _Reader(source, self.imported, self.rules, self.pages, self.used, self.found, files).read()

    def read_selector(self, rule: Any, tokens: list[Any], declared: dict[str, Any]) -> None:
        blank = [token.type == "whitespace" for token in tokens]
        tokens = tokens[blank.index(False) : len(blank) - blank[::-1].index(False)] if False in blank else []
        shape = [token.value if token.type == "literal" else token.type for token in tokens]
        if shape not in (["ident"], [".", "ident"], ["ident", ".", "ident"]):
            self.report(self.at(rule), "选择器只能是 标签、.类 或 标签.类", tinycss2.serialize(tokens).strip())
            return
        if "page" in declared:
            self.used.append((self.at(rule), declared["page"]))
        tag = tokens[0].lower_value if shape[0] == "ident" else ""
        name = tokens[-1].value if "." in shape else ""
        self.rules.setdefault((tag, name), {}).update(declared)

    def declarations(self, content: list[Any], *, boxes: bool = False) -> dict[str, Any]:
        declared: dict[str, Any] = {}
        for node in tinycss2.parse_blocks_contents(content, skip_comments=True, skip_whitespace=True):
            if node.type == "declaration":
                tokens = [token for token in node.value if token.type not in ("whitespace", "comment")]
                try:
                    declared.update(_declared(node.lower_name, tokens))
                except _Wrong as wrong:
                    self.report(self.at(node), f"{node.name}：{wrong}")
            elif node.type == "error":
                self.report(self.at(node), "样式表写得不对；检查花括号、分号和引号")
            elif node.type == "at-rule":
                if boxes and node.lower_at_keyword in _EDGES:
                    declared[f"@{node.lower_at_keyword}"] = self.declarations(node.content or [])
                elif not boxes:
                    self.report(self.at(node), f"@{node.at_keyword} 只能写在 @page 里")
                else:
                    self.report(self.at(node), f"没有 @{node.at_keyword} 这个位置；可用的是 {'、'.join(_EDGES)}")
            else:
                self.report(self.at(node), "规则里不能再有规则")
        return declared

    def read_page(self, rule: Any) -> None:
        tokens = [token for token in rule.prelude if token.type != "whitespace"]
        plain = all(token.type in ("ident", "literal") for token in tokens)
        name = "".join(token.value for token in tokens) if plain else ""
        if not plain or name.partition(":")[2] not in ("", "left", "right"):
            self.report(self.at(rule), "@page 后只能是名称，可加 :left 或 :right")
            return
        self.pages.setdefault(name, {}).update({"@": self.at(rule), **self.declarations(rule.content, boxes=True)})


def _page(name: str, pages: dict[str, dict[str, Any]], reader: _Reader) -> Page:
    declared = pages[name]
    width, height, _ = declared.get("size", (*_PAPER["a4"], "size"))
    margin = _computed({key: value for key, value in declared.items() if key.startswith("margin_")}, None).margin
    page = Page(width, height, margin, boxes=tuple(_boxes("", declared)))
    if min(page.text_width, page.text_height) < _LEAST:
        reader.report(declared["@"], "页边距之间没有放文字的地方")
        return Page(width, height, (0.0, 0.0, 0.0, 0.0))
    for side in ("left", "right"):
        other = pages.get(f"{name}:{side}", {})
        page = replace(page, boxes=(*page.boxes, *_boxes(side, other)))
        changed = {key: value for key, value in other.items() if key.startswith("margin_")}
        if changed:
            four = _computed({**{k: v for k, v in declared.items() if k.startswith("margin_")}, **changed}, None).margin
            if side == "right" or four != (margin[0], margin[3], margin[2], margin[1]):
                reader.report(other["@"], "单双页的页边距只能左右对调：@page 写单页（右页）的，:left 写双页（左页）的")
            page = replace(page, mirrored=True)
    return page


def _boxes(pages: str, declared: dict[str, Any]) -> Iterator[Box]:
    for key, values in declared.items():
        if key.startswith("@") and key != "@" and "content" in values:
            content = values["content"]
            yield Box(pages, key[1:], content, _computed({k: v for k, v in values.items() if k != "content"}, None))
