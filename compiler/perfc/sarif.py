"""Diagnostics as SARIF 2.1.0, the format in which code platforms and editors exchange findings."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from perfc import __version__
from perfc.diagnostic import Diagnostic, Severity, Span
from perfc.explain import manual
from perfc.report import extent, hints
from perfc.source import Sources

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note", Severity.SKIPPED: "none"}


def sarif(found: Iterable[Diagnostic], sources: Sources) -> str:
    """One run; a rule that did not run is a result of the kind `notApplicable`, a remedy that is certain a fix."""
    found = list(found)
    pages = manual()
    names = sorted({one.rule for one in found})
    rules = [
        {
            "id": name,
            "shortDescription": {"text": pages[name].partition("\n")[0]},
            "help": {"text": pages[name]},
        }
        for name in names
    ]
    run = {
        "tool": {"driver": {"name": "perfc", "version": __version__, "language": "zh-CN", "rules": rules}},
        "columnKind": "utf16CodeUnits",
        "results": [_result(one, names.index(one.rule), sources) for one in found],
    }
    log = {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]}
    return json.dumps(log, ensure_ascii=False, indent=2) + "\n"


def _result(one: Diagnostic, index: int, sources: Sources) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": one.rule,
        "ruleIndex": index,
        "kind": "notApplicable" if one.severity is Severity.SKIPPED else "fail",
        "level": _LEVELS[one.severity],
        "message": {"text": "；".join([one.message, *hints(one)])},
        "locations": [{"physicalLocation": _location(one.span, sources)}],
    }
    related = [
        {"physicalLocation": _location(note.span, sources), "message": {"text": note.message}}
        for note in one.notes
        if note.span
    ]
    changes = [
        {
            "artifactLocation": _artifact(edit.span),
            "replacements": [{"deletedRegion": _region(edit.span, sources), "insertedContent": {"text": edit.text}}],
        }
        for edit in one.edits
    ]
    if related:
        result["relatedLocations"] = related
    if changes:
        result["fixes"] = [{"artifactChanges": changes}]
    return result


def _location(span: Span, sources: Sources) -> dict[str, Any]:
    return {"artifactLocation": _artifact(span), "region": _region(span, sources)}


def _artifact(span: Span) -> dict[str, str]:
    return {"uri": quote(span.file)}


def _region(span: Span, sources: Sources) -> dict[str, int]:
    start, end = (extent(span, sources)[key] for key in ("start", "end"))
    return {
        "startLine": start["line"],
        "startColumn": start["column"],
        "endLine": end["line"],
        "endColumn": end["column"],
    }
