"""The pipeline: a spec's text to a Word document.

# Steps
- load      YAML to values that know their place, with the files that the spec includes
- choose    the layouts that the spec names; what follows is done for each, its findings are told once
- publish   the version for the public is without secrets, the internal one has them in their place
- check     the layout's schema, then its equations and scores, which are derived where absent, then `{{ … }}` in prose
- lint      the rules of the field
- waive     what the author answers for
- fill      the layout with the values: a document tree
- paginate  the page of each heading
- write     the tree to the bytes of a .docx
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from perfc import __version__, equations, forms, layout, lint, marking, publish, word
from perfc.diagnostic import Diagnostic, errors
from perfc.load import Map, files, load
from perfc.memory import uncollected
from perfc.paginate import paginate
from perfc.policy import Policy, strictly
from perfc.several import together
from perfc.source import Sources
from perfc.tree import HEADINGS, Document, plain
from perfc.vocabulary import Record
from perfc.waivers import waive

_USUAL = Policy()
_Understood = tuple[tuple[Map, layout.Layout], ...]


@dataclass(frozen=True, slots=True)
class Result:
    """What a spec comes to: `docx` is None exactly when some finding is an error; `title` is the document's name.

    `headings` are the document's, each with the number of its page; `layout` is the name of the one it was made with.
    `more` are the documents of the other layouts that the spec names; all findings are those of the first.
    """

    docx: bytes | None
    title: str
    diagnostics: tuple[Diagnostic, ...]
    headings: tuple[tuple[str, int], ...] = ()
    layout: str = ""
    more: tuple[Result, ...] = ()


@uncollected()
def compile_spec(spec: str, sources: Sources, layouts: tuple[Path, ...], policy: Policy = _USUAL) -> Result:
    """Compile the spec in a file; `sources` is the outside world, `layouts` the folders to look for layouts in."""
    values, filled, found = _filled(spec, sources, layouts, policy)
    if errors(found):
        return Result(None, filled[0][1].title if filled else "", found)

    made = {"perfc": __version__, "spec": sources.digest(files(values, sources))}
    made |= {"public": "true"} if policy.public else {"file": Path(spec).name}
    written = [_write(chosen, document, made) for chosen, document in filled]
    return replace(written[0], diagnostics=found, more=tuple(written[1:]))


@uncollected()
def check_spec(
    spec: str, sources: Sources, layouts: tuple[Path, ...], policy: Policy = _USUAL
) -> tuple[list[str], tuple[Diagnostic, ...]]:
    """The titles of the documents that compiling a spec would come to, none if it would not, and all findings."""
    _, filled, found = _filled(spec, sources, layouts, policy)
    return [] if errors(found) else [document.title for _, document in filled], found


def understand(
    spec: str, sources: Sources, layouts: tuple[Path, ...], policy: Policy = _USUAL
) -> tuple[_Understood, tuple[Diagnostic, ...]]:
    """The first stages: what each of a spec's layouts takes of it, complete and checked.

    Where one takes nothing, because something is missing or wrong, a finding is an error.
    """
    values, found = load(spec, sources)
    understood, wrong = _understood(values, found, sources, layouts, policy)
    return understood, strictly((*found, *wrong)) if policy.strict else (*found, *wrong)


def digest(spec: str, sources: Sources) -> str:
    """The hash of a spec with the files that it includes, as it stands in the documents made of it."""
    values, _ = load(spec, sources)
    return sources.digest(files(values, sources))


def _filled(
    spec: str, sources: Sources, layouts: tuple[Path, ...], policy: Policy
) -> tuple[Map | None, list[tuple[layout.Layout, Document]], tuple[Diagnostic, ...]]:
    """A spec as it was read, the document tree of each of its layouts that could be filled, and all findings."""
    values, found = load(spec, sources)
    understood, wrong = _understood(values, found, sources, layouts, policy)
    filled = [(chosen, *layout.fill(chosen, own)) for own, chosen in understood]
    found += (*wrong, *(one for _, _, wrong in filled for one in wrong))
    documents = [(chosen, document) for chosen, document, _ in filled if document]
    return values, documents, strictly(found) if policy.strict else found


def _understood(
    spec: Map | None, wrong: tuple[Diagnostic, ...], sources: Sources, layouts: tuple[Path, ...], policy: Policy
) -> tuple[_Understood, tuple[Diagnostic, ...]]:
    """What the layouts of a spec take of it; each takes it in its own way, and needs it as it was read."""
    chosen, found = layout.choose(spec, layouts) if spec is not None else ((), ())
    read = [spec if one is chosen[0] else load(spec.span.file, sources)[0] for one in chosen if spec is not None]
    checked = [
        _check(values, one, chosen, sources, policy, sound=not errors(wrong))
        for values, one in zip(read, chosen, strict=True)
        if values is not None
    ]
    understood = tuple((values, one) for (values, _), one in zip(checked, chosen, strict=True) if values is not None)
    return understood, (*found, *together([of_one for _, of_one in checked]))


def _check(
    spec: Map,
    chosen: layout.Layout,
    among: tuple[layout.Layout, ...],
    sources: Sources,
    policy: Policy,
    *,
    sound: bool,
) -> tuple[Map | None, tuple[Diagnostic, ...]]:
    """What one of a spec's layouts takes of it, complete and checked if the YAML is sound."""
    values = layout.own(chosen, among, spec)
    if policy.public:
        publish.public(Record(values, sources, chosen.data), forms.read(chosen.name, chosen.folders))
    found = layout.validate(chosen, values, among)
    if not policy.public:
        publish.internal(values)
    if errors(found) or not sound:
        return None, (*found, *lint.not_run("规格不合版式的要求，先改正那些错误", values.span))

    checked, unscored = marking.derive(chosen, values, sources)
    if unscored:
        # Which waivers are needed is not known yet.
        sure = tuple(one for one in waive(values, checked, sources, heeded=policy.waivers) if one.rule != "waiver")
        return None, (*found, *sure, *unscored, *lint.not_run("缺少得分，先补上", values.span))

    found += equations.refer(values, sources)
    checked += lint.lint(Record(values, sources, chosen.data), {**chosen.levels, **policy.levels})
    left = waive(values, checked, sources, heeded=policy.waivers)
    # What a waiver answers for may not be in the public version.
    return values, found + tuple(one for one in left if not (policy.public and one.rule == "waiver"))


def _write(chosen: layout.Layout, document: Document, made: dict[str, str]) -> Result:
    pages = paginate(document, chosen.sheet)
    headings = tuple((plain(heading), number) for heading, number in pages.items() if heading.tag in HEADINGS)
    docx = word.write(document, chosen.sheet, pages, made | {"layout": chosen.name})
    return Result(docx, document.title, (), headings, chosen.name)
