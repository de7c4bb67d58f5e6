"""The rules of the field: found in `rules/`, run over a spec that its layout has accepted.

A rule is a generator of findings over a Record. The file `rules/value_vague.py` holds the function `value_vague`, the
rule `value-vague`; its docstring is its page of the manual.
"""

from __future__ import annotations

import inspect
import pkgutil
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import NamedTuple

from perfc.diagnostic import Diagnostic, Edit, Note, Severity, Span
from perfc.vocabulary import Record


class Finding(NamedTuple):
    """What a rule finds; `severity` where it differs from the rule's own, `edits` where the right text is certain.

    `figures` are those that a reckoning rests on: it is not told where an earlier rule has found one of them wrong.
    """

    span: Span
    message: str
    notes: tuple[Note, ...] = ()
    severity: Severity | None = None
    edits: tuple[Edit, ...] = ()
    figures: tuple[Span, ...] = ()


def short(words: str) -> str:
    """Words as a message quotes them: on one line, the beginning and the end of many."""
    words = words.strip("\n").replace("\n", " ")
    return words if len(words) <= 30 else f"{words[:14]}…{words[-14:]}"


class Skip(Exception):
    """Raised by a rule that cannot run on a spec; the message says why."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: its name, the gravity of its findings, its page of the manual, and what it runs."""

    name: str
    severity: Severity
    page: str
    check: Callable[[Record], Iterator[Finding]]


@dataclass(frozen=True, slots=True)
class Level:
    """What a layout or a workspace makes of a rule's gravity; None switches the rule off, for the reason given."""

    severity: Severity | None
    reason: str


def rule(severity: Severity) -> Callable[[Callable[[Record], Iterator[Finding]]], Rule]:
    """Make a rule of a function; `severity` is that of its findings unless they say otherwise."""

    def made(check: Callable[[Record], Iterator[Finding]]) -> Rule:
        return Rule(check.__name__.replace("_", "-"), severity, inspect.getdoc(check) or "", check)

    return made


@cache
def rules() -> dict[str, Rule]:
    """All rules by their names, which are those of the files in `rules/`."""
    folder = import_module("perfc.rules")
    modules = sorted(one.name for one in pkgutil.iter_modules(folder.__path__))
    found = (getattr(import_module(f"{folder.__name__}.{name}"), name) for name in modules)
    return {one.name: one for one in found}


def lint(record: Record, levels: Mapping[str, Level]) -> tuple[Diagnostic, ...]:
    """What the rules find in a spec, in the order of the rules; a rule that did not run says so."""
    found: list[Diagnostic] = []
    wrong: set[Span] = set()
    for each in rules().values():
        own = tuple(run(each, record, levels.get(each.name), wrong))
        wrong.update(one.span for one in own if one.severity in _GRAVE)
        found += own
    return tuple(found)


def not_run(reason: str, span: Span) -> tuple[Diagnostic, ...]:
    """That no rule ran on the spec that a span lies in."""
    return tuple(skipped(name, reason, span) for name in rules())


def run(each: Rule, record: Record, level: Level | None = None, wrong: Collection[Span] = ()) -> Iterator[Diagnostic]:
    """What one rule finds; `wrong` is where others have found figures wrong."""
    if level and level.severity is None:
        yield skipped(each.name, f"已关闭：{level.reason}", record.spec.span)
        return
    try:
        for one in each.check(record):
            if any(figure in wrong for figure in one.figures):
                continue
            yield Diagnostic(each.name, one.message, one.span, _severity(each, one, level), one.notes, one.edits)
    except Skip as reason:
        yield skipped(each.name, str(reason), record.spec.span)
    except Exception as error:  # noqa: BLE001  # a rule's own mistake must not keep a department from its document
        yield skipped(each.name, f"规则自身出错，请告诉维护者：{type(error).__name__}: {error}", record.spec.span)


def skipped(name: str, reason: str, span: Span) -> Diagnostic:
    """That a rule did not run on the spec that a span lies in."""
    return Diagnostic(name, reason, Span(span.file, span.start, span.start), Severity.SKIPPED)


_GRAVE = (Severity.ERROR, Severity.WARNING)


def _severity(each: Rule, finding: Finding, level: Level | None) -> Severity:
    """The level set for the rule; a finding graver or lighter by itself stays lighter."""
    own = finding.severity or each.severity
    if level is None or level.severity is None:
        return own
    return level.severity if finding.severity is None else max(own, level.severity, key=lambda one: one.rank)
