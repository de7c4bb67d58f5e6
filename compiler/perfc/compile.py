"""The pipeline: a spec's text to a Word document.

# Steps
- load      YAML to values that know their place, with the files that the spec includes
- choose    the layout that the spec names
- check     the layout's schema, then its equations and scores, which are derived where absent, then `{{ … }}` in prose
- lint      the rules of the field
- waive     what the author answers for
- fill      the layout with the values: a document tree
- paginate  the page of each heading
- write     the tree to the bytes of a .docx
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from perfc import __version__, equations, layout, lint, marking, word
from perfc.diagnostic import Diagnostic, errors
from perfc.load import Map, files, load
from perfc.paginate import paginate
from perfc.policy import Policy, strictly
from perfc.source import Sources
from perfc.tree import HEADINGS, plain
from perfc.vocabulary import Record
from perfc.waivers import waive

_USUAL = Policy()


@dataclass(frozen=True, slots=True)
class Result:
    """What a spec comes to: `docx` is None exactly when some finding is an error; `title` is the document's name.

    `headings` are the document's, each with the number of its page; `layout` is the name of the one it was made with.
    """

    docx: bytes | None
    title: str
    diagnostics: tuple[Diagnostic, ...]
    headings: tuple[tuple[str, int], ...] = ()
    layout: str = ""


def compile_spec(spec: str, sources: Sources, layouts: tuple[Path, ...], policy: Policy = _USUAL) -> Result:
    """Compile the spec in a file; `sources` is the outside world, `layouts` the folders to look for layouts in."""
    understood, found = understand(spec, sources, layouts, policy)
    if understood is None:
        return Result(None, "", found)

    values, chosen = understood
    document, wrong = layout.fill(chosen, values)
    found += wrong
    if document is None or errors(found):
        return Result(None, document.title if document else "", found)

    pages = paginate(document, chosen.sheet)
    headings = tuple((plain(heading), number) for heading, number in pages.items() if heading.tag in HEADINGS)
    made = {"perfc": __version__, "layout": chosen.name, "spec": sources.digest(files(values))}
    docx = word.write(document, chosen.sheet, pages, made)
    return Result(docx, document.title, found, headings, chosen.name)


def digest(spec: str, sources: Sources) -> str:
    """The hash of a spec with the files that it includes, as it stands in the documents made of it."""
    values, _ = load(spec, sources)
    return sources.digest(files(values))


def understand(
    spec: str, sources: Sources, layouts: tuple[Path, ...], policy: Policy = _USUAL
) -> tuple[tuple[Map, layout.Layout] | None, tuple[Diagnostic, ...]]:
    """The first stages: a spec's values, complete and checked, and the layout that they are for."""
    values, found = load(spec, sources)
    if values is None:
        return None, found

    chosen, wrong = layout.choose(values, layouts)
    found += wrong
    if chosen is None:
        return None, found

    found += layout.validate(chosen, values)
    if errors(found):
        return None, (*found, *lint.not_run("规格不合版式的要求，先改正那些错误", values.span))

    checked, unscored = marking.derive(chosen, values, sources)
    if unscored:
        return None, (*found, *unscored, *lint.not_run("缺少得分，先补上", values.span))

    found += equations.refer(values, sources)
    checked += lint.lint(Record(values, sources, chosen.data), {**chosen.levels, **policy.levels})
    found += waive(values, checked, sources) if policy.waivers else checked
    return (values, chosen), strictly(found) if policy.strict else found
