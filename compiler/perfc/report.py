"""Diagnostics to text, JSON and what code platforms read: one pure function each."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from perfc.diagnostic import Diagnostic, Note, Severity, Span
from perfc.source import Source, Sources, display_width

WIDTH = 100  # columns of a source line that are shown at most

WORDS = {Severity.ERROR: "错误", Severity.WARNING: "警告", Severity.INFO: "提示"}
_COLOURS = {Severity.ERROR: "31", Severity.WARNING: "33", Severity.INFO: "36"}


def text(found: Iterable[Diagnostic], sources: Sources, *, colour: bool = False) -> str:
    """Each finding as compilers show it: where, what, the line with the place underlined, then its notes."""
    return "".join(_text(one, sources, colour) for one in said(found))


def skips(found: Iterable[Diagnostic]) -> str:
    """The rules that did not run, a line for each spec and reason."""
    names: dict[tuple[str, str], list[str]] = {}
    for one in found:
        if one.severity is Severity.SKIPPED:
            names.setdefault((one.span.file, one.message), []).append(one.rule)
    return "".join(
        f"{file}: 跳过 {'、'.join(rules) if len(rules) < 4 else f'{len(rules)} 条规则'}：{reason}\n"
        for (file, reason), rules in names.items()
    )


def as_json(found: Iterable[Diagnostic], sources: Sources) -> str:
    """A list of objects; lines and columns count from 1, columns in UTF-16 units, an end is exclusive."""
    return json.dumps([_object(one, sources) for one in found], ensure_ascii=False, indent=2) + "\n"


def concise(found: Iterable[Diagnostic], sources: Sources) -> str:
    """A line for each finding."""
    return "".join(
        f"{place(one.span, sources)}: {WORDS[one.severity]}[{one.rule}] {one.message}\n" for one in said(found)
    )


def github(found: Iterable[Diagnostic], sources: Sources) -> str:
    """Workflow commands that GitHub shows beside the lines of a change."""

    def line(one: Diagnostic) -> str:
        kind = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}[one.severity]
        start, end = (extent(one.span, sources)[key] for key in ("start", "end"))
        where = {"file": one.span.file, "line": start["line"], "col": start["column"], "endLine": end["line"]}
        if start["line"] == end["line"]:
            where["endColumn"] = end["column"]
        where["title"] = one.rule
        properties = ",".join(f"{key}={_escaped(str(value), ':,')}" for key, value in where.items())
        return f"::{kind} {properties}::{_escaped('；'.join([one.message, *hints(one)]))}\n"

    return "".join(line(one) for one in said(found))


def gitlab(found: Iterable[Diagnostic], sources: Sources) -> str:
    """A Code Quality report; a fingerprint stays the same when lines above are added."""
    seen: dict[str, int] = {}

    def entry(one: Diagnostic) -> dict[str, Any]:
        lines = {key: at["line"] for key, at in extent(one.span, sources).items()}
        source = _source(one.span, sources)
        words = source.text[one.span.start : one.span.end] if source else ""
        same = f"{one.rule}\0{one.span.file}\0{one.message}\0{words}"
        seen[same] = seen.get(same, 0) + 1
        severities = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.INFO: "info"}
        return {
            "description": "；".join([one.message, *hints(one)]),
            "check_name": one.rule,
            "fingerprint": hashlib.sha256(f"{same}\0{seen[same]}".encode()).hexdigest(),
            "severity": severities[one.severity],
            "location": {"path": one.span.file, "lines": {"begin": lines["start"], "end": lines["end"]}},
        }

    return json.dumps([entry(one) for one in said(found)], ensure_ascii=False, indent=2) + "\n"


def said(found: Iterable[Diagnostic]) -> list[Diagnostic]:
    """The findings, without what only says that a rule did not run."""
    return [one for one in found if one.severity is not Severity.SKIPPED]


def hints(one: Diagnostic) -> list[str]:
    """What a finding's notes say, without those that show another place."""
    return [note.message for note in one.notes if note.span is None]


def summary(specs: int, found: Iterable[Diagnostic]) -> str:
    """How many specs there were and what was found in them, in one line."""
    return tally(specs, Counter(one.severity for one in found))


def tally(specs: int, levels: Mapping[Severity, int]) -> str:
    """The same, by how many findings there were of each level."""
    counts = "，".join(f"{levels[level]} 个{word}" for level, word in WORDS.items() if levels.get(level))
    skipped = levels.get(Severity.SKIPPED, 0)
    return f"共 {specs} 份规格：{counts or '没有问题'}" + (f"；跳过规则 {skipped} 次" if skipped else "")


def _text(one: Diagnostic, sources: Sources, colour: bool) -> str:
    def paint(what: str, code: str) -> str:
        return f"\033[{code}m{what}\033[0m" if colour else what

    kind = paint(f"{WORDS[one.severity]}[{one.rule}]", f"1;{_COLOURS[one.severity]}")
    parts = [f"{place(one.span, sources)}: {kind} {one.message}\n", *_excerpt(one.span, sources, paint, one.severity)]
    for note in one.notes:
        if note.span is None:
            parts.append(f"  = {note.message}\n")
        else:
            parts.append(f"  {place(note.span, sources)}: {note.message}\n")
            parts += _excerpt(note.span, sources, paint, Severity.INFO)
    return "".join(parts) + "\n"


def _source(span: Span, sources: Sources) -> Source | None:
    source, _ = sources.read(span.file)
    return source


def place(span: Span, sources: Sources) -> str:
    """File, line and column of a span, as people write them."""
    source = _source(span, sources)
    if source is None:
        return span.file
    line, column = source.position(span.start)
    return f"{span.file}:{line + 1}:{column + 1}"


def _excerpt(span: Span, sources: Sources, paint: Any, severity: Severity) -> Iterator[str]:
    """The line of a span with the span underlined; of a long line, the part around it."""
    source = _source(span, sources)
    if source is None or not source.text:
        return
    line, column = source.position(span.start)
    whole = source.line(line)
    length = max(1, min(span.end - span.start, len(whole) - column))
    is_long = column + length > WIDTH or display_width(whole[: column + length]) > WIDTH
    first = max(0, column - 10) if is_long else 0
    shown = whole[first : first + WIDTH]
    while display_width(shown) > WIDTH:
        shown = shown[:-1]
    before, after = "…" if first else "", "…" if first + len(shown) < len(whole) else ""
    number = str(line + 1)
    room = " " * display_width(before + whole[first:column].replace("\t", " "))
    mark = "^" * max(1, display_width(whole[column : min(column + length, first + len(shown))]))
    yield f"{number} | {before}{shown.replace(chr(9), ' ')}{after}\n"
    yield f"{' ' * len(number)} | {room}{paint(mark, _COLOURS[severity])}\n"


def _object(one: Diagnostic, sources: Sources) -> dict[str, Any]:
    return {
        "rule": one.rule,
        "severity": one.severity.value,
        "message": one.message,
        "file": one.span.file,
        **extent(one.span, sources),
        "notes": [_note(note, sources) for note in one.notes],
        "edits": [{"file": edit.span.file, **extent(edit.span, sources), "text": edit.text} for edit in one.edits],
    }


def _note(note: Note, sources: Sources) -> dict[str, Any]:
    where = {"file": note.span.file, **extent(note.span, sources)} if note.span else {}
    return {"message": note.message, **where}


def extent(span: Span, sources: Sources) -> dict[str, dict[str, int]]:
    """The start and the end of a span; lines and columns count from 1, columns in UTF-16 units, an end is exclusive."""
    source = _source(span, sources) or Source(span.file, "")

    def point(offset: int) -> dict[str, int]:
        line, column = source.position(offset)
        before = source.line(line)[:column]
        return {"line": line + 1, "column": len(before.encode("utf-16-le")) // 2 + 1}

    return {"start": point(span.start), "end": point(span.end)}


def _escaped(text: str, also: str = "") -> str:
    """A text as a workflow command may hold it."""
    for char in f"%\r\n{also}":
        text = text.replace(char, f"%{ord(char):02X}")
    return text
