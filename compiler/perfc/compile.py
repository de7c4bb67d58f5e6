"""The pipeline: a spec's text to a Word document.

# Steps
- load      YAML to values that know their place, with the files that the spec includes
- choose    the layout that the spec names
- check     the layout's schema, then its equations, which also derive what is absent, then `{{ … }}` in prose
- waive     what the author answers for
- fill      the layout with the values: a document tree
- paginate  the page of each heading
- write     the tree to the bytes of a .docx
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from perfc import equations, layout, schema, word
from perfc.diagnostic import Diagnostic, errors
from perfc.load import load
from perfc.paginate import paginate
from perfc.source import Sources
from perfc.waivers import waive


@dataclass(frozen=True, slots=True)
class Result:
    """What a spec comes to: `docx` is None exactly when some finding is an error; `title` is the document's name."""

    docx: bytes | None
    title: str
    diagnostics: tuple[Diagnostic, ...]


def compile_spec(spec: str, sources: Sources, layouts: tuple[Path, ...]) -> Result:
    """Compile the spec in a file; `sources` is the outside world, `layouts` the folders to look for layouts in."""
    values, found = load(spec, sources)
    if values is None:
        return Result(None, "", found)

    chosen, wrong = layout.choose(values, layouts)
    found += wrong
    if chosen is None:
        return Result(None, "", found)

    found += schema.check(values, chosen.schema, chosen.labels)
    if errors(found):
        return Result(None, "", found)

    found += waive(values, equations.derive(values, chosen.equations), sources)
    found += equations.refer(values, sources)
    document, wrong = layout.fill(chosen, values)
    found += wrong
    if document is None or errors(found):
        return Result(None, document.title if document else "", found)

    return Result(word.write(document, chosen.sheet, paginate(document, chosen.sheet)), document.title, found)
