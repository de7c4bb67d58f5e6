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

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from perfc import __version__, equations, forms, layout, lint, marking, publish, word
from perfc.diagnostic import Diagnostic, Severity, Span, errors
from perfc.load import Map, files, load
from perfc.paginate import paginate
from perfc.policy import Policy, strictly
from perfc.source import Sources
from perfc.tree import HEADINGS, Document, plain
from perfc.vocabulary import Record
from perfc.waivers import waive

_USUAL = Policy()


@contextmanager
def _uncollected() -> Iterator[None]:
    """Garbage waits: all that a compilation makes is in use to its end, and looking through it takes time."""
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if before:
            gc.enable()


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


@_uncollected()
def compile_spec(spec: str, sources: Sources, layouts: tuple[Path, ...], policy: Policy = _USUAL) -> Result:
    """Compile the spec in a file; `sources` is the outside world, `layouts` the folders to look for layouts in."""
    values, found = load(spec, sources)
    chosen, wrong = layout.choose_all(values, layouts) if values is not None else ((), ())
    if values is None or not chosen:
        return Result(None, "", (*found, *wrong))

    made = {"perfc": __version__, "spec": sources.digest(files(values))}
    made |= {"public": "true"} if policy.public else {"file": Path(spec).name}
    checked: list[tuple[Map | None, tuple[Diagnostic, ...]]] = []
    for one in chosen:
        own = values if one is chosen[0] else load(spec, sources)[0]
        assert own is not None
        checked.append(_check(own, one, chosen, sources, policy, sound=not errors(found)))
    found += together([wrong for _, wrong in checked])
    documents = [
        layout.fill(one, own) if own is not None else (None, ()) for one, (own, _) in zip(chosen, checked, strict=True)
    ]
    found += tuple(one for _, wrong in documents for one in wrong)
    found = strictly(found) if policy.strict else found
    title = documents[0][0].title if documents[0][0] else ""
    if errors(found):
        return Result(None, title, found)

    results = [_write(one, document, made) for one, (document, _) in zip(chosen, documents, strict=True) if document]
    return replace(results[0], diagnostics=found, more=tuple(results[1:]))


def digest(spec: str, sources: Sources) -> str:
    """The hash of a spec with the files that it includes, as it stands in the documents made of it."""
    values, _ = load(spec, sources)
    return sources.digest(files(values))


def understand(
    spec: str, sources: Sources, layouts: tuple[Path, ...], policy: Policy = _USUAL, name: str = ""
) -> tuple[tuple[Map, layout.Layout] | None, tuple[Diagnostic, ...]]:
    """The first stages: a spec's values, complete and checked, and the layout that they are for.

    Of several layouts it is the one of that name, or the first.
    """
    values, found = load(spec, sources)
    chosen, wrong = layout.choose_all(values, layouts) if values is not None else ((), ())
    if values is None or not chosen:
        return None, (*found, *wrong)
    one = next((one for one in chosen if one.name == name), chosen[0])
    own, wrong = _check(values, one, chosen, sources, policy, sound=not errors(found))
    found += wrong
    return (own, one) if own is not None else None, strictly(found) if policy.strict else found


def together(found: list[tuple[Diagnostic, ...]]) -> tuple[Diagnostic, ...]:
    """The findings of a spec's layouts, each once, the graver of two that differ in this.

    A rule is skipped where it ran for none of them, and a waiver is idle where none of them needs it.
    """
    if len(found) == 1:
        return found[0]
    everywhere = set.intersection(*({(one.rule, one.span) for one in each if _of_all(one)} for each in found))
    gravest: dict[tuple[str, str, Span], Diagnostic] = {}
    for one in (one for each in found for one in each):
        key = (one.rule, "" if one.severity is Severity.SKIPPED else one.message, one.span)
        if not _of_all(one) or (one.rule, one.span) in everywhere:
            before = gravest.setdefault(key, one)
            gravest[key] = min(before, one, key=lambda each: _GRAVITY.index(each.severity))
    return tuple(gravest.values())


_GRAVITY = list(Severity)


def _of_all(one: Diagnostic) -> bool:
    """Whether a finding counts only if all layouts have it: that something did not happen."""
    return one.severity is Severity.SKIPPED or (one.rule == "waiver" and one.severity is Severity.WARNING)


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
