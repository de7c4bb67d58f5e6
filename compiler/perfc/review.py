"""The findings of many specs as one page that a reviewer opens in a browser."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

import jinja2

from perfc import __version__
from perfc.diagnostic import Diagnostic, Severity, Span
from perfc.explain import manual
from perfc.report import WORDS, hints, place, said, skips, summary
from perfc.source import Sources

AROUND = 80  # characters of a line that are shown on either side


def review(checked: Iterable[tuple[str, tuple[Diagnostic, ...]]], sources: Sources) -> str:
    """One self-contained HTML page; `checked` has the department and the findings of each spec.

    Findings are grouped by department, level and rule. A word behind `#` in the page's address is searched for.
    """
    checked = list(checked)
    by_department: dict[str, list[Diagnostic]] = {}
    for department, found in checked:
        by_department.setdefault(department, []).extend(found)
    everything = [one for found in by_department.values() for one in found]
    return _template().render(
        departments=[(name, list(_levels(found, sources))) for name, found in by_department.items()],
        summary=summary(len(checked), everything),
        skips=skips(everything).splitlines(),
        words=[(level.value, word, _count(everything, level)) for level, word in WORDS.items()],
        version=__version__,
    )


def _levels(found: list[Diagnostic], sources: Sources) -> Iterable[tuple[str, str, list[Any]]]:
    """A department's findings by level, graver ones first, and within by rule."""
    ordered = sorted(said(found), key=lambda one: (one.severity.rank, one.rule, one.span))
    for level, of_level in groupby(ordered, lambda one: one.severity):
        rules = [
            (name, _about(name), [_shown(one, sources) for one in same])
            for name, same in groupby(of_level, lambda one: one.rule)
        ]
        yield level.value, WORDS[level], rules


def _shown(one: Diagnostic, sources: Sources) -> dict[str, Any]:
    places = [("", one.span), *((note.message, note.span) for note in one.notes if note.span)]
    return {
        "message": one.message,
        "hints": hints(one),
        "places": [(message, place(span, sources), _line(span, sources)) for message, span in places],
        "mended": bool(one.edits),
    }


def _line(span: Span, sources: Sources) -> tuple[str, str, str]:
    """A source line as what is before the span, the span, and what is behind; of a long one, the part around it."""
    source, _ = sources.read(span.file)
    if source is None:
        return "", "", ""
    number, column = source.position(span.start)
    line = source.line(number)
    end = min(len(line), column + span.end - span.start)
    before, behind = line[:column].lstrip(), line[end:]
    return (
        before if len(before) <= AROUND else f"…{before[-AROUND:]}",
        line[column:end],
        behind if len(behind) <= AROUND else f"{behind[:AROUND]}…",
    )


def _about(name: str) -> str:
    return manual()[name].partition("\n")[0]


def _count(found: list[Diagnostic], level: Severity) -> int:
    return sum(one.severity is level for one in found)


@cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string((Path(__file__).parent / "review.html").read_text("utf-8"))
