"""Findings as a build keeps them, to say them again of a document that it need not make again.

They are kept as JSON, compressed because a province has many. Files are named from the folder of the spec, so that this
holds wherever perfc is called.
"""

from __future__ import annotations

import json
import os
from base64 import b64decode, b64encode
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any
from zlib import compress, decompress, error

from perfc.diagnostic import Diagnostic, Note, Severity, Span


def kept(found: Iterable[Diagnostic], spec: str, *, notes: bool = True) -> str:
    """Findings of the spec in a file, without what only says that a rule did not run, and without edits."""
    folder = Path(spec).parent

    @cache  # there are few files, and many findings
    def relative(file: str) -> str:
        return os.path.relpath(file, folder)

    def place(span: Span) -> list[Any]:
        return [relative(span.file), span.start, span.end]

    def packed(one: Diagnostic) -> list[Any]:
        beside = [[note.message, *(place(note.span) if note.span else ())] for note in one.notes if notes]
        return [one.rule, one.message, one.severity, place(one.span), beside]

    said = [packed(one) for one in found if one.severity is not Severity.SKIPPED]
    return (
        b64encode(compress(json.dumps(said, ensure_ascii=False).encode("utf-8", "surrogatepass"))).decode()
        if said
        else ""
    )


def recalled(text: str, spec: str) -> tuple[Diagnostic, ...]:
    """The findings that were kept of the spec in a file, which may be named in another way now.

    Raises ValueError or TypeError for what is no such text.
    """
    if not text:
        return ()
    folder = Path(spec).parent

    @cache
    def file(name: str) -> str:
        return Path(os.path.normpath(folder / name)).as_posix()

    def span(name: str, start: int, end: int) -> Span:
        return Span(file(name), int(start), int(end))

    def unpacked(rule: str, message: str, severity: str, place: list[Any], notes: list[list[Any]]) -> Diagnostic:
        found = (Note(said, span(*at) if at else None) for said, *at in notes)
        return Diagnostic(str(rule), str(message), span(*place), Severity(severity), tuple(found))

    try:
        said = decompress(b64decode(text)).decode("utf-8", "surrogatepass")
    except error as wrong:
        raise ValueError from wrong
    return tuple(unpacked(*one) for one in json.loads(said))
