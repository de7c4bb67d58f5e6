"""`# perfc: from FILE`: what a spec says of its goals, held against the spec that they were set in."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from perfc.diagnostic import Diagnostic, Note, Severity, Span
from perfc.load import Map, files, load, texts
from perfc.source import Sources
from perfc.values import plain
from perfc.vocabulary import CLASSIFIED, CODE, TITLE, Indicator, Record

_ORIGIN = re.compile(r"^[ \t]*#[ \t]*perfc:[ \t]*from[ \t]+([^\r\n]*[^\s])", re.MULTILINE)
_ADJUSTED = Note("改回目标；批准过调整的，写 # perfc: allow differs-from-goal 和依据")


def differing(spec: Map, sources: Sources) -> Iterator[Diagnostic]:
    """Where names, values and weights differ from the goals that the spec's files say they come from."""
    named = [(file, match) for file in files(spec, sources) for match in _ORIGIN.finditer(sources[file].text)]
    inside = [one.span for one in texts(spec)] if named else []
    goals: dict[str, Record] = {}
    for file, match in named:
        span = Span(file, match.start(1), match.end(1))
        if file in goals or any(one.file == file and one.start <= span.start < one.end for one in inside):
            continue
        goal, wrong = _read(match.group(1), span, sources)
        if goal:
            goals[file] = Record(goal, sources)
        yield from wrong
    if goals:
        yield from _compared(Record(spec, sources), goals)


def _read(written: str, span: Span, sources: Sources) -> tuple[Map | None, tuple[Diagnostic, ...]]:
    """The spec at a path relative to the file that names it, or why there is none."""
    if written.startswith("/") or ":" in written or "\\" in written:
        problem: tuple[Diagnostic, ...] = (_finding("来源应写相对于本文件的路径，如 ../2024/x.yaml", span),)
        return None, problem
    goal, found = load(Path(os.path.normpath(Path(span.file).parent / written)).as_posix(), sources)
    if goal is not None:
        return goal, ()
    said = found[0].message if found else ""
    return None, (_finding(f"来源 {written} 读不了：{said}", span, Note("改正路径，或删去这条注释")),)


def _compared(record: Record, goals: dict[str, Record]) -> Iterator[Diagnostic]:
    main = goals.get(record.spec.span.file)
    tables = {id(owner): rows for owner, rows in record.tables}
    for file, goal in goals.items():
        mine = [one for one in record.projects if goals.get(one.span.file, main) is goal]
        theirs = goal.projects
        of_goal = {id(owner): rows for owner, rows in goal.tables}
        for project, origin in _paired(mine, theirs):
            if origin is None:
                name = project.value_spans[TITLE]
                yield _finding(f"目标中没有“{project[TITLE]}”这个项目", name, Note("目标在这里", _top(goal)))
            elif origin.get(CLASSIFIED) is not True:
                yield from _of_name(project, origin)
                yield from _of_rows(project, tables.get(id(project), ()), of_goal.get(id(origin), ()))
        whole = [(owner, rows) for owner, rows in record.tables if TITLE not in owner and owner.span.file == file]
        others = [rows for owner, rows in goal.tables if TITLE not in owner]
        if not mine and len(whole) == len(others) == 1:
            yield from _of_rows(*whole[0], others[0])


def _top(record: Record) -> Span:
    return next(iter(record.spec.key_spans.values()), record.spec.span)


def _paired(mine: list[Map], theirs: tuple[Map, ...]) -> Iterator[tuple[Map, Map | None]]:
    """Each project with the one that it comes from: of its name, of its code, or the only one left of both."""
    left, found = list(theirs), dict[int, Map]()
    for label in (TITLE, CODE):
        for project in (one for one in mine if id(one) not in found and label in one):
            same = next((one for one in left if str(one.get(label)) == str(project[label])), None)
            if same is not None:
                found[id(project)] = same
                left = [one for one in left if one is not same]
    rest = [one for one in mine if id(one) not in found]
    if len(rest) == len(left) == 1:
        found[id(rest[0])] = left[0]
    return ((one, found.get(id(one))) for one in mine)


def _of_name(project: Map, origin: Map) -> Iterator[Diagnostic]:
    if str(project[TITLE]) != str(origin[TITLE]):
        message = f"{TITLE}“{project[TITLE]}”与目标中的“{origin[TITLE]}”不同"
        yield _differs(message, project.value_spans[TITLE], origin.value_spans[TITLE])


def _of_rows(owner: Map, mine: tuple[Indicator, ...], theirs: tuple[Indicator, ...]) -> Iterator[Diagnostic]:
    """What differs between the rows of two tables."""
    left = list(theirs)
    unknown: list[Indicator] = []
    for row in mine:
        same = [one for one in left if _plain(one.name) == _plain(row.name)]
        chosen = next((one for one in same if _group(one) == _group(row)), same[0] if same else None)
        if chosen is None:
            unknown.append(row)
        else:
            left.remove(chosen)
            yield from _of_row(row, chosen)
    for row in unknown:
        chosen = next((one for one in left if _group(one) == _group(row)), None)
        if chosen is None:
            yield _finding(f"目标中没有“{row.name}”这项指标", row.span, _ADJUSTED)
        else:
            left.remove(chosen)
            yield _differs(f"指标“{row.name}”在目标中是“{chosen.name}”", row.span, chosen.span)
            yield from _of_row(row, chosen)
    for one in left:
        span = next(iter(owner.key_spans.values()), owner.span) if not mine else mine[0].span
        yield _differs(f"目标中的“{one.name}”没有列入", span, one.span)


def _of_row(row: Indicator, goal: Indicator) -> Iterator[Diagnostic]:
    if row.value is not None and goal.value is not None and not _same(row, goal):
        message = f"“{row.name}”的值“{row.stated}”与目标“{goal.stated}”不同"
        yield _differs(message, row.value.span, goal.value.span)
    if row.points is not None and goal.points is not None and row.points != goal.points:
        message = f"“{row.name}”的分值 {row.points} 与目标的 {goal.points} 不同"
        yield _differs(message, row.points.span, goal.points.span)


def _group(row: Indicator) -> tuple[str, str]:
    return row.level1, row.level2


def _plain(text: object) -> str:
    return "".join(plain(str(text)).split())


def _same(row: Indicator, goal: Indicator) -> bool:
    """Whether two values say the same; a sign that the goal left open may be there."""
    if _plain(row.stated) == _plain(goal.stated):
        return True
    (mine, sign), (theirs, wanted) = _said(row), _said(goal)
    return mine is not None and mine == theirs and wanted in ("", sign)


def _said(row: Indicator) -> tuple[Any, str]:
    """A value that is one exact quantity, in its base unit, and its sign; None for any other."""
    bound = row.target
    if bound is None or bound.quantity is None or bound.quantity.about:
        return None, ""
    rest = row.stated[: bound.start] + row.stated[bound.end :]
    return (None if rest.strip() else (bound.quantity.value, bound.quantity.base)), bound.sign


def _differs(message: str, span: Span, origin: Span) -> Diagnostic:
    return _finding(message, span, Note("目标在这里", origin), _ADJUSTED)


def _finding(message: str, span: Span, *notes: Note) -> Diagnostic:
    return Diagnostic("differs-from-goal", message, span, Severity.WARNING, notes)
