"""The one type of finding that every stage returns and every front end shows."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class Severity(StrEnum):
    """How grave a finding is; an error stops the document, the others are only said.

    SKIPPED says that a rule did not run, and why: it found nothing because it did not look.
    """

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"
    SKIPPED = "skipped"

    @property
    def rank(self) -> int:
        """0 for the gravest."""
        return list(Severity).index(self)


class Span(NamedTuple):
    """Half-open character offsets in a file, zero based; 1 is added only where people read."""

    file: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Note:
    """What to do, or, with a span, the second place that a finding is about."""

    message: str
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Edit:
    """A change that certainly mends a finding: the characters of the span are replaced by the text."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """A finding: the rule's name, what is the case with the actual values, and where; `edits` together mend it."""

    rule: str
    message: str
    span: Span
    severity: Severity = Severity.ERROR
    notes: tuple[Note, ...] = ()
    edits: tuple[Edit, ...] = ()


def errors(found: tuple[Diagnostic, ...]) -> bool:
    """Whether any finding is an error."""
    return any(one.severity is Severity.ERROR for one in found)


def nearest(word: str, words: Iterable[str]) -> str | None:
    """The word that a misspelt one most likely stands for."""
    close = difflib.get_close_matches(word, list(words), n=1, cutoff=0.5)
    return close[0] if close else None
