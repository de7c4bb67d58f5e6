"""Findings that carry their remedy: the edits applied to the files, every other byte left as it was."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

from perfc.diagnostic import Diagnostic, Edit
from perfc.load import Map, Seq, load
from perfc.source import Source, Sources

PASSES = 9  # a remedy may uncover another finding; nine are more than any text needs


def mend(found: Iterable[Diagnostic], sources: Sources) -> dict[str, Source]:
    """The files that the findings' edits change, by name.

    A finding is left for another time where its edits touch those of an earlier one, or where the file would no
    longer be the same YAML with other words in it.
    """
    mended: dict[str, list[Edit]] = {}
    for one in sorted((one for one in found if one.edits), key=lambda one: one.span):
        for name in {edit.span.file for edit in one.edits}:
            edits = sorted(
                {*mended.get(name, ()), *(edit for edit in one.edits if edit.span.file == name)},
                key=lambda edit: edit.span,
            )
            apart = all(first.span.end <= second.span.start for first, second in pairwise(edits))
            if apart and _shape(_edited(sources[name], edits)) == _shape(sources[name]):
                mended[name] = edits
    return {name: _edited(sources[name], edits) for name, edits in mended.items()}


def diff(before: Source, after: Source) -> Iterator[str]:
    """The lines of a unified diff."""
    old, new = before.text.splitlines(keepends=True), after.text.splitlines(keepends=True)
    for line in difflib.unified_diff(old, new, f"a/{before.name}", f"b/{after.name}"):
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def encoded(source: Source) -> bytes:
    """The bytes of a mended file, which keeps its byte order mark."""
    mark = b"\xef\xbb\xbf"
    return (mark if Path(source.name).read_bytes().startswith(mark) else b"") + source.text.encode()


def _edited(source: Source, edits: list[Edit]) -> Source:
    pieces, at = [], 0
    for edit in edits:
        pieces += [source.text[at : edit.span.start], edit.text]
        at = edit.span.end
    return Source(source.name, "".join([*pieces, source.text[at:]]))


def _shape(source: Source) -> Any:
    """The keys and lists of a file, without its words, and what is wrong with its YAML."""

    def shape(value: Any) -> Any:
        if isinstance(value, Map):
            return {key: shape(value.get(key)) for key in value.key_spans}
        return [shape(one) for one in value] if isinstance(value, Seq) else value is not None

    values, found = load(source.name, Sources({source.name: source}))
    return shape(values), [one.rule for one in found]
