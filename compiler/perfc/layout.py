"""A layout folder: found by name, read once a process, and filled with a spec's values to a document."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cache, partial
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from xml.etree.ElementTree import Element, ParseError

import jinja2
from jinja2.compiler import CodeGenerator, Frame
from jinja2.ext import Extension
from jinja2.nodes import Expr
from markupsafe import Markup, escape

from perfc import equations, schema, style, tree
from perfc.diagnostic import Diagnostic, Note, Severity, Span, nearest
from perfc.lint import Level
from perfc.load import Map, Number, Seq, Text, load, part
from perfc.places import beside, first, json_at, names
from perfc.policy import of_layout
from perfc.sandbox import Failure, Missing, Sandbox, explained, place_of
from perfc.source import Source, Sources

_PACKAGE = Path(__file__).parent
_SPECIAL = re.compile("[&<>\"'\n]")

TRACE = "\ue000{}\ue001{}\ue002"  # of characters that no spec has a use for

_Found = tuple[Diagnostic, ...]


@dataclass(frozen=True, eq=False)
class Layout:
    """What a layout folder holds, ready for use; one object for each folder and process."""

    name: str
    folder: Path
    title: str
    schema: schema.Schema
    keys: tuple[str, ...]
    equations: tuple[equations.Equation, ...]
    sheet: style.Sheet
    folders: tuple[Path, ...]
    data: Mapping[str, Any]
    levels: Mapping[str, Level]


def title(name: str, within: tuple[Path, ...]) -> str:
    """The title of a layout, from its schema; empty if that cannot be read."""
    contents, _ = _json(_folder(name, within) / "schema.json", Sources())
    return str(contents.get("title", "")) if isinstance(contents, dict) else ""


def example(name: str, within: tuple[Path, ...]) -> bytes:
    """The example spec of a layout; raises OSError where there is none."""
    return (_folder(name, within) / "example.yaml").read_bytes()


def choose(spec: Map, within: tuple[Path, ...]) -> tuple[tuple[Layout, ...], _Found]:
    """The layouts that a spec names under `版式`, one or a list of them; none where one of them is wrong."""
    named: Any = spec.get("版式")
    first = next(iter(spec.key_spans.values()), spec.span)
    one = (named, spec.value_spans.get("版式", spec.key_spans.get("版式", first)))
    each = zip(named, named.value_spans, strict=True) if isinstance(named, Seq) and named else [one]
    chosen: dict[str, Layout] = {}
    found: _Found = ()
    for name, span in each:
        known = isinstance(name, str) and (name in _known(within) or name in names(within))
        layout, wrong = read(str(name), within) if known else (None, (_no_layout(name, within, span),))
        found += wrong
        if layout:
            chosen[layout.name] = layout
    return (() if found else tuple(chosen.values())), found


@cache
def _known(within: tuple[Path, ...]) -> frozenset[str]:
    """The names of the layouts that were there when they were first asked for."""
    return frozenset(names(within))


def _no_layout(name: Any, within: tuple[Path, ...], span: Span) -> Diagnostic:
    known = names(within)
    near = nearest(name, known) if isinstance(name, str) else None
    hint = Note(f"是不是“{near}”？" if near else f"可用的版式：{'、'.join(known)}")
    message = f"没有“{name}”这个版式" if isinstance(name, str) else "没有写明“版式”，它是一个名称，或几个名称的列表"
    return Diagnostic("unknown-layout", message, span, notes=(hint,))


def own(layout: Layout, among: tuple[Layout, ...], spec: Map) -> Map:
    """What a layout knows of a spec that is for several, and what none of them knows."""
    if len(among) < 2:
        return spec
    spec["版式"] = Text(layout.name)
    spec["版式"].span = spec.value_spans["版式"]
    try:
        return schema.without_strange(spec, layout.schema, tuple(one.schema for one in among if one is not layout))
    except Exception:  # noqa: BLE001  # `validate` says what is wrong with the schema
        return spec


@cache
def read(name: str, within: tuple[Path, ...]) -> tuple[Layout | None, _Found]:
    """A layout by its name, which stands in one of the folders; every file of it is read before anything is said."""
    folder = _folder(name, within)
    sources = Sources()
    _, found_page = sources.read((folder / "page.html").as_posix())
    css, found_css = sources.read((folder / "page.css").as_posix())
    sheet, wrong_css = style.read(css, _imported(within, sources)) if css else (None, ())
    contents, found_schema = _json(folder / "schema.json", sources)
    arithmetic, found_equations = _equations(folder / "equations.yaml", sources)
    data, levels, found_data = _data(folder / "rules.yaml", within, sources)
    found = (*found_page, *found_css, *wrong_css, *found_schema, *found_equations, *found_data)
    if sheet is None or contents is None or found:
        return None, found
    try:
        form = schema.read(contents, f"file:///{name}/schema.json", partial(json_at, within=within))
    except Exception as error:  # noqa: BLE001  # a schema can be wrong in more ways than the libraries' exceptions have names
        return None, (_wrong_schema(folder, error),)
    if misspelt := _unknown_labels(arithmetic, form.labels):
        return None, misspelt
    keys = tuple(contents.get("properties", ()))
    title = contents.get("title", name)
    return Layout(name, folder, title, form, keys, arithmetic, sheet, within, data, levels), ()


def forget() -> None:
    """Read layouts anew when they are asked for again."""
    read.cache_clear()
    _known.cache_clear()
    _plain.cache_clear()


def _folder(name: str, within: tuple[Path, ...]) -> Path:
    return next(folder / name for folder in within if (folder / name / "page.html").is_file())


def validate(layout: Layout, spec: Map, among: tuple[Layout, ...] = ()) -> _Found:
    """What a layout's schema does not accept in a spec, or that the schema itself is wrong.

    `among` are all layouts of the spec.
    """
    try:
        return schema.check(spec, layout.schema, tuple(one.schema for one in among if one is not layout))
    except Exception as error:  # noqa: BLE001  # what a wrong schema does shows only when it is used
        return (_wrong_schema(layout.folder, error),)


def _wrong_schema(folder: Path, error: Exception) -> Diagnostic:
    file = (folder / "schema.json").as_posix()
    if missing := re.search(r"Pointer '(/[^']+)'|Resource 'file:///([^']+)'", unquote(str(error))):
        source, _ = Sources().read(file)
        written = f"#{missing[1]}" if missing[1] else f"{missing[2].rpartition('/')[2]}#"
        lines = source.text.splitlines() if source else []
        line = next((number for number, one in enumerate(lines) if "$ref" in one and f"{written}" in one), None)
        kind = f"没有 {written} 这个定义" if missing[1] else f"没有 {missing[2]} 这个文件"
        return Diagnostic("layout", f"引用的定义不存在：{kind}", _line(file, line) if line else Span(file, 0, 0))
    where = getattr(error, "json_path", "").removeprefix("$").lstrip(".")
    message = f"schema.json 写得不对：{where}" if where else "schema.json 写得不对，或引用的定义不存在"
    return Diagnostic("layout", message, Span(file, 0, 0))


def fill(layout: Layout, spec: Map) -> tuple[tree.Document | None, _Found]:
    """The document that a layout makes of a spec; a mistake in the layout is a finding in its file."""
    text, found = _render(layout, spec, _plain(layout))
    if text is None:
        return None, found
    try:
        document, problems = _checked(text, layout)
    except ParseError:
        return None, (_ill_formed(layout, spec),)
    if not problems and not _without_rule(document, layout.sheet):
        return document, ()
    text, _ = _render(layout, spec, _environment(layout, _printed, _Marks))
    marked, marked_problems = _checked(text or "", layout)
    if not problems:
        return document, _at_marks(layout, _without_rule(marked, layout.sheet), Severity.WARNING)
    return None, _at_marks(layout, marked_problems, Severity.ERROR)


def _at_marks(layout: Layout, problems: list[tuple[Element, str]], severity: Severity) -> _Found:
    """Findings at their tags; most mistakes stand in a loop, each is said once."""
    places = dict.fromkeys((message, element.get(tree.MARK, "")) for element, message in problems)
    return tuple(Diagnostic("layout", message, _marked(layout, mark), severity) for message, mark in places)


def _checked(text: str, layout: Layout) -> tuple[tree.Document, list[tuple[Element, str]]]:
    document, problems = tree.check(tree.parse(text))
    return document, problems or _too_wide(document, layout.sheet)


def _too_wide(document: tree.Document, sheet: style.Sheet) -> list[tuple[Element, str]]:
    """The tables whose columns take more than the width of the text."""
    problems = []
    for section in document.root.findall("section"):
        page = sheet.page(tree.classes(section))
        for table in section.iter("table"):
            edges = sheet.column_edges(document.grids[table].columns, page.text_width)
            if list(edges) != sorted(edges) or edges[-1] > page.text_width + 0.1:
                problems.append((table, f"各列共宽 {edges[-1]:.1f} 磅，版心宽 {page.text_width:.1f} 磅"))
    return problems


def _without_rule(document: tree.Document, sheet: style.Sheet) -> list[tuple[Element, str]]:
    """The elements with a class that no rule is for; a section's may just say what it is."""
    known = {name for _, name in sheet.rules}
    elements = [element for element in document.root.iter() if element.tag != "section" and element.get("class")]
    used = {element.get("class", "") for element in elements}
    unknown = {name for names in used for name in names.split()} - known
    return [
        (element, f"page.css 里没有 .{name}，这个类不起作用" + (f"；是不是 .{near}？" if near else ""))
        for element in (elements if unknown else ())
        for name in tree.classes(element)
        if name in unknown
        for near in [nearest(name, known)]
    ]


def trace(layout: Layout, spec: Map, sources: Sources) -> tuple[tree.Document, list[Span]]:
    """The document of a spec that compiles, each value in it within traces: TRACE with the number of its span."""
    spans: list[Span] = []

    def traced(value: Any) -> Any:
        printed = _printed(value)
        if not isinstance(value, Text | Number):
            return printed
        spans.append(value.span)
        return TRACE.format(len(spans) - 1, printed)

    def paragraphs(value: Any) -> list[Any]:
        lines: list[Any] = []
        at = 0
        for line in _paragraphs(value):
            at = value.index(line, at) + len(line)
            piece = Text(line)
            piece.span = part(value, at - len(line), at, sources[value.span.file])
            lines.append(piece)
        return lines

    environment = _environment(layout, traced)
    environment.filters["段落"] = paragraphs
    text, _ = _render(layout, spec, environment)
    document, _ = tree.check(tree.parse(text or ""))
    return document, spans


def _json(path: Path, sources: Sources) -> tuple[Any, _Found]:
    source, found = sources.read(path.as_posix())
    if source is None:
        return None, found
    try:
        return json.loads(source.text), ()
    except ValueError as error:
        line = getattr(error, "lineno", 1) - 1
        return None, (
            Diagnostic("layout", "不是正确的 JSON；检查这一行和上一行的逗号、引号、括号", source.line_span(line)),
        )


def _equations(path: Path, sources: Sources) -> tuple[tuple[equations.Equation, ...], _Found]:
    if not path.is_file():
        return (), ()
    entries, found = load(path.as_posix(), sources)
    if entries is None or found:
        return (), found
    found = schema.check(entries, _own_schema("equations.json"))
    return ((), found) if found else equations.read(entries["等式"])


def _data(
    path: Path, within: tuple[Path, ...], sources: Sources
) -> tuple[Mapping[str, Any], Mapping[str, Level], _Found]:
    """What a layout says to the rules, upon what all layouts share, and the levels that it sets."""
    shared = [file for folder in within if (file := folder / "_shared/rules.yaml").is_file()][:1]
    data: dict[str, Any] = {"规则": {}}
    levels: dict[str, Level] = {}
    for file in (*shared, *([path] if path.is_file() else [])):
        entries, found = load(file.as_posix(), sources)
        found = found or schema.check(entries, _own_schema("rules.json")) if entries else found
        if entries is None or found:
            return {}, {}, found
        settings = entries.get("规则", {})
        own, wrong = of_layout(settings)
        if wrong:
            said = (Diagnostic("layout", message, settings.key_spans[name]) for name, message in wrong)
            return {}, {}, tuple(said)
        data |= {**entries, "规则": data["规则"] | settings}
        levels |= own
    return data, levels, ()


@cache
def _own_schema(name: str) -> schema.Schema:
    """The schema of a file that every layout may have."""
    return schema.read(json.loads((_PACKAGE / name).read_text("utf-8")), f"file:///{name}", partial(json_at, within=()))


def _unknown_labels(arithmetic: tuple[equations.Equation, ...], labels: frozenset[str]) -> _Found:
    """The names in equations that the schema does not know."""
    found: list[Diagnostic] = []
    for equation in arithmetic:
        for name in equation.names:
            if name not in labels:
                near = nearest(name, labels)
                hint = (Note(f"是不是“{near}”？"),) if near else ()
                found.append(Diagnostic("layout", f"算式中的“{name}”不是版式的键", equation.span, notes=hint))
    return tuple(found)


def _imported(within: tuple[Path, ...], sources: Sources) -> Callable[[str, str], Source | None]:
    """What gives the style sheet that a path means in the file of a name."""

    def imported(path: str, name: str) -> Source | None:
        file = first(beside(path, Path(name), within), within)
        return sources.read(file.as_posix())[0] if file else None

    return imported


class _Printing(CodeGenerator):
    """Writes for each `{{ … }}` a single call: what prints a value, `finalize`, escapes it too.

    And leaves out the space between tags of which the second is no part of a text, where it means nothing.
    """

    _SPACE = re.compile(rf"(?<=>)\s+(?=</?(?:{'|'.join(tree.TAGS.keys() - tree.INLINE)})[\s/>])")

    def _output_const_repr(self, group: Iterable[Any]) -> str:
        return repr(self._SPACE.sub("", "".join(map(str, group))))

    def _output_child_pre(self, node: Expr, frame: Frame, finalize: Any) -> None:  # noqa: ARG002  # Jinja's
        self.write("environment.finalize(")

    def _output_child_post(self, node: Expr, frame: Frame, finalize: Any) -> None:  # noqa: ARG002  # Jinja's
        self.write(")")


class _LayoutSandbox(Sandbox):
    """In a layout, a key that the schema knows and the spec leaves out is blank; any other unknown name is an error."""

    code_generator_class = _Printing
    labels: frozenset[str] = frozenset()

    def absent(self, obj: dict[str, Any] | None, key: str) -> Any:
        return None if key in self.labels else super().absent(obj, key)


class _Marks(Extension):
    """Writes file and line into each tag of a layout, so that a mistake in the filled text can be found."""

    _TAG = re.compile(r"(\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\})|<([a-z][a-z0-9]*)(?=[\s/>])", re.DOTALL)

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:  # noqa: ARG002  # Jinja's
        def mark(match: re.Match[str]) -> str:
            line = source.count("\n", 0, match.start())
            return match.group(1) or f'<{match.group(2)} {tree.MARK}="{filename}:{line}"'

        return self._TAG.sub(mark, source)


def _environment(layout: Layout, finalize: Callable[[Any], Any], *extensions: type[Extension]) -> Sandbox:
    environment = _LayoutSandbox(
        loader=jinja2.FileSystemLoader([folder.as_posix() for folder in layout.folders]),
        extensions=extensions,
        autoescape=True,
        undefined=Missing,
        finalize=finalize,
        trim_blocks=True,
    )
    environment.labels = layout.schema.labels
    environment.filters |= {
        "段落": _paragraphs,
        "中文数字": _chinese,
        "行数": _rows,
        "千分位": _grouped,
        "小数": _rounded,
    }
    return environment


@cache
def _plain(layout: Layout) -> Sandbox:
    """The environment that documents are made in; templates stay compiled in it."""
    return _environment(layout, _printed)


def _printed(value: Any) -> str:
    """What `{{ … }}` prints, as XML: a text, a number, nothing for what is blank."""
    if isinstance(value, str):
        if isinstance(value, Markup) or not _SPECIAL.search(value):
            return value
        return Markup("<br/>").join(value.strip().splitlines()) if "\n" in value else escape(value)
    if value is None:
        return ""
    if isinstance(value, bool | dict | list):
        raise TypeError(f"{{{{ … }}}} 只能印文字或数，这里是{'一个列表' if isinstance(value, list) else '一组键值'}")
    return str(value) if isinstance(value, int | Decimal) else escape(value)


def _paragraphs(value: Any) -> list[str]:
    """The lines of a text, each a paragraph."""
    return [] if value is None else [line.strip() for line in str(value).splitlines() if line.strip()]


def _chinese(number: int) -> str:
    """A number from 1 to 99 in Chinese numerals."""
    digits = ("", *"一二三四五六七八九")
    tens, ones = divmod(number, 10)
    return f"{digits[tens] if tens > 1 else ''}{'十' if tens else ''}{digits[ones]}"


def _grouped(value: Any) -> Any:
    """A number with a comma at each thousand, its decimals as they are."""
    return _standing(value, Text(format(value, ",f"))) if isinstance(value, Decimal) else value


def _rounded(value: Any, places: int) -> Any:
    """A number or a percentage to so many places; a text that is neither stays."""
    match = re.fullmatch(r"(-?[0-9]+(?:\.[0-9]+)?)(%?)", str(value))
    if match is None:
        return value
    number = Number(Decimal(match[1]).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP))
    return _standing(value, Text(f"{number}%") if match[2] else number)


def _standing(value: Any, printed: Text | Number) -> Any:
    """What is printed of a value, at the place of the value if it has one."""
    if isinstance(value, Text | Number):
        printed.span = value.span
        return printed
    return str(printed) if isinstance(printed, Text) else Decimal(printed)


def _rows(value: Any) -> int:
    """The number of rows in a list, or in all lists within a mapping: how far the cell before them spans."""
    return len(value) if isinstance(value, list) else sum(map(_rows, value.values()))


def _render(layout: Layout, spec: Map, environment: Sandbox) -> tuple[str | None, _Found]:
    try:
        return environment.render(f"{layout.name}/page.html", {**dict.fromkeys(layout.keys), **spec}), ()
    except Failure as error:
        page = (layout.folder / "page.html").as_posix()
        said = explained(error)
        name = re.fullmatch("没有“(.+)”", said)
        near = nearest(name[1], layout.schema.labels) if name else None
        notes = (Note(f"是不是“{near}”？"),) if near else ()
        return None, (Diagnostic("layout", f"版式无法填写：{said}", _line(*place_of(error, page)), notes=notes),)


def _ill_formed(layout: Layout, spec: Map) -> Diagnostic:
    """Where the tags of a layout do not match, by the tags before the place in the filled text."""
    marked, _ = _render(layout, spec, _environment(layout, _printed, _Marks))
    text = marked or ""
    try:
        tree.parse(text)
    except ParseError as error:
        line, column = error.position
        at = sum(len(one) for one in text.splitlines(keepends=True)[: line - 1]) + column
        at -= tree.OFFSET if line == 1 else 0
        at = max(0, at - len("</"))  # of a closing tag, the place is that of its name
        mark = ["", *re.findall(rf'{tree.MARK}="([^"]*)"', text[: at + 1])][-1]
        opened: list[tuple[str, str]] = []
        for tag in _TAGS.finditer(text, 0, at):
            if tag["closes"] and opened:
                opened.pop()
            elif not tag["closes"] and not tag["empty"]:
                opened.append((tag["name"], tag["mark"] or mark))
        message = "版式的标签写法不对；检查 < > & 和引号"
        if "entity" in str(error):
            message = "没有这个 &…; 符号；直接写这个字"
        if wrong := re.match(r"</([a-z0-9]+)", text[at:]):
            message = f"多了一个 </{wrong[1]}>" + (f"，这里还没有结束的是 <{opened[-1][0]}>" if opened else "")
            if any(name == wrong[1] for name, _ in opened):
                name, mark = opened[-1]
                message = f"<{name}> 没有结束标签 </{name}>"
        return Diagnostic("layout", message, _marked(layout, mark))
    raise AssertionError("the same text was ill-formed before")


_TAGS = re.compile(rf'<(?P<closes>/?)(?P<name>[a-z0-9]+)(?: {tree.MARK}="(?P<mark>[^"]*)")?[^<>]*?(?P<empty>/?)>')


def _marked(layout: Layout, mark: str) -> Span:
    file, _, line = mark.rpartition(":")
    return _line(file, int(line)) if file else _line((layout.folder / "page.html").as_posix(), 0)


def _line(file: str, line: int) -> Span:
    source, _ = Sources().read(file)
    return source.line_span(line) if source else Span(file, 0, 0)
