"""Specs to documents on disk: what need not be made again, where each document goes, and what is left alone."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

from perfc import fingerprints, office
from perfc.diagnostic import Diagnostic, Note, Severity, Span
from perfc.disk import write
from perfc.fingerprints import Entry, Looked, Watched
from perfc.seal import intact
from perfc.source import Sources, internal, reason
from perfc.specs import Spec
from perfc.workers import in_order

if TYPE_CHECKING:  # what compiles is imported where something is to be compiled
    from perfc.compile import Result
    from perfc.policy import Policy

_LAYOUT = re.compile(r"^版式[ \t]*:[ \t]*[\"']?([^\s\"'#]+)", re.MULTILINE)
_FORBIDDEN = re.compile(r'[<>:"/\\|?*\0-\x1f\u200b-\u200f\ufeff\u202a-\u202e\u2066-\u2069]')
_RESERVED = re.compile(r"(?i)(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?")
_LONGEST = 80  # characters of a title; with its ending in UTF-8 within the 255 bytes of a file name
_OFTEN = 30  # seconds after which what is known is kept, should the build be killed
_QUIET = (Severity.INFO, Severity.SKIPPED)


@dataclass(frozen=True, slots=True)
class Plan:
    """What all specs of a build have in common.

    `base` is the fingerprint of what all documents depend on. With `office`, the path of LibreOffice, each document is
    also made a PDF, which is saved, or its pages are verified, or both.
    """

    output: Path
    layouts: tuple[Path, ...]
    base: str
    strict: bool = False
    force: bool = False
    office: str = ""
    pdf: bool = False
    verify_pages: bool = False


@dataclass(frozen=True, slots=True)
class Made:
    """A compilation: what the workspace's settings and the spec come to, what was looked at, or what failed."""

    result: Result | None
    settings: tuple[Diagnostic, ...] = ()
    looked: Looked | None = None
    fingerprint: str = ""
    failure: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a spec: its findings, where its document is, what of it was written, and what failed."""

    spec: Spec
    path: Path | None
    found: tuple[Diagnostic, ...] = ()
    written: tuple[Path, ...] = ()
    failure: str = ""
    made: Made | None = None


def current(
    specs: list[Spec], plan: Plan, known: Mapping[str, Entry], seen: Mapping[str, Outcome]
) -> dict[str, Path | None]:
    """The documents, by the files of their specs, that would come out as they are.

    `seen` has what became of specs, by their files, that is said already; not all of them have a document.
    """
    own: dict[tuple[Path, Path], list[tuple[Path | None, Looked, str]]] = {}
    for document, entry in known.items():
        path = plan.output / document
        if entry.fingerprint and fingerprints.state(path) == (entry.size, entry.mtime_ns):
            key = Path(entry.spec).absolute(), Path(document).parent
            own.setdefault(key, []).append((path, entry.looked, entry.fingerprint))
    found: dict[str, Path | None] = {}
    for spec in specs:
        before = own.get((Path(spec.file).absolute(), spec.folder), [])
        if (one := seen.get(spec.file)) and one.made and one.made.looked:
            before.append((one.path, one.made.looked, one.made.fingerprint))
        for there, looked, fingerprint in before:
            if fingerprint == fingerprints.again(spec.file, looked, plan.layouts, plan.base):
                found[spec.file] = there
    return found


def build(
    specs: list[Spec], plan: Plan, jobs: int, done: Mapping[str, Path | None], known: dict[str, Entry]
) -> Generator[Outcome]:
    """Compile the specs that are not done and write their documents, in the order of the specs.

    `known` is brought up to date as documents are written. Raises workers.Died.
    """
    taken: dict[str, Spec] = {}
    files = [spec.file for spec in specs if spec.file not in done]
    saved, said = monotonic(), False
    with closing(in_order(partial(make, plan), files, jobs)) as compilations:
        for spec in specs:
            if spec.file in done:
                path = done[spec.file]
                wrong = _taken(path, spec, taken) if path else None
                yield Outcome(spec, None if wrong else path, (_unnamed(spec, wrong),) if wrong else ())
                continue
            made = next(compilations)
            outcome = _written(spec, made, plan, taken, known)
            yield outcome if said else replace(outcome, found=(*made.settings, *outcome.found))
            said = True
            if monotonic() - saved > _OFTEN:
                fingerprints.remember(known, plan.output)
                saved = monotonic()


def make(plan: Plan, file: str) -> Made:
    """Compile a spec; perfc's own mistakes concern this spec alone."""
    from perfc.compile import compile_spec

    sources = Watched()
    try:
        policy, settings = _policy(plan.base, strict=plan.strict)
        source, _ = sources.read(file)
        named = _LAYOUT.search(source.text) if source else None
        layout = named.group(1) if named else ""
        # Before the layout is read: if it changes meanwhile, the next build sees it.
        of_layout = fingerprints.of_layout(layout, plan.layouts)
        result = compile_spec(file, sources, plan.layouts, policy)
        known = fingerprints.fingerprint(file, sources, of_layout, plan.base)
        return Made(result, settings, sources.looked(layout), known if result.layout in ("", layout) else "")
    except Exception as error:  # noqa: BLE001  # it is said, and the other specs are made
        return Made(None, failure=f"{file}：{internal(error)}")


def check(
    specs: list[Spec], sources: Sources, layouts: tuple[Path, ...], policy: Policy
) -> Iterator[tuple[Spec, tuple[Diagnostic, ...]]]:
    """What is found in each spec, a document's name that cannot be used included."""
    from perfc.compile import compile_spec

    taken: dict[str, Spec] = {}
    for spec in specs:
        result = compile_spec(spec.file, sources, layouts, policy)
        path = spec.folder / f"{result.title}.docx"
        wrong = (_unusable(result.title) or _taken(path, spec, taken)) if result.docx else None
        yield spec, (*result.diagnostics, *([_unnamed(spec, wrong)] if wrong else []))


def misplaced(result: Result, pdf: bytes, span: Span) -> Iterator[Diagnostic]:
    """The headings of a document that stand on another page of its PDF than perfc says."""
    shown, _ = office.headings(pdf)
    if len(shown) != len(result.headings):
        message = f"PDF 中有 {len(shown)} 个标题，文件中有 {len(result.headings)} 个，无法核对页码"
        yield Diagnostic("page-number", message, span, Severity.WARNING)
        return
    before, last = 0, 0
    for number, ((text, said), (_, page)) in enumerate(zip(result.headings, shown, strict=True)):
        if number == 0 or said < last:  # where the numbers begin anew, the count of what is before does too
            before = page - said
        last = said
        if page - before != said:
            message = f"“{text}”在第 {page - before} 页，perfc 算作第 {said} 页"
            yield Diagnostic("page-number", message, span, Severity.WARNING)


@cache
def _policy(base: str, *, strict: bool) -> tuple[Policy, tuple[Diagnostic, ...]]:
    """The policy of the workspace, read once for each state of it, and what is wrong with its settings."""
    from perfc.policy import FILE, Policy, read

    levels, found = read(Sources()) if Path(FILE).exists() else ({}, ())
    return Policy(levels, strict), found


def _written(spec: Spec, made: Made, plan: Plan, taken: dict[str, Spec], known: dict[str, Entry]) -> Outcome:
    """Write a document, unless its name cannot be used or somebody has worked on the one that is there."""
    result = made.result
    if result is None or result.docx is None:
        return Outcome(spec, None, result.diagnostics if result else (), failure=made.failure, made=made)
    found = result.diagnostics
    path = plan.output / spec.folder / f"{result.title}.docx"
    if wrong := _unusable(result.title) or _taken(path, spec, taken):
        return Outcome(spec, None, (*found, _unnamed(spec, wrong)), made=made)
    written: list[Path] = []
    try:
        if not plan.force and path.exists() and not intact(path.read_bytes()):
            return Outcome(spec, path, (*found, _changed(spec, path)), made=made)
        write(result.docx, path)
        written.append(path)
        if plan.office:
            found += _rendered(result, spec, path, plan, written)
        failure = ""
    except OSError as error:
        at = path if not written else path.with_suffix(".pdf")
        failure = f"无法写入 {at.as_posix()}：{reason(error)}"
    except office.Failed as error:
        failure = f"{path.as_posix()}：{error}"
    if written and made.looked:
        is_quiet = not failure and all(one.severity in _QUIET for one in (*made.settings, *found))
        document = path.relative_to(plan.output).as_posix()
        print_ = made.fingerprint if is_quiet else ""
        known[document] = Entry(spec.file, *fingerprints.state(path), print_, made.looked)
    return Outcome(spec, path, found, tuple(written), failure, made)


def _rendered(result: Result, spec: Spec, path: Path, plan: Plan, written: list[Path]) -> tuple[Diagnostic, ...]:
    """Let LibreOffice make a PDF of a document: save it, and find what stands on another page than perfc says."""
    pdf = office.to_pdf(result.docx or b"", plan.office)
    if plan.pdf:
        write(pdf, path.with_suffix(".pdf"))
        written.append(path.with_suffix(".pdf"))
    return tuple(misplaced(result, pdf, _top(spec))) if plan.verify_pages else ()


def _changed(spec: Spec, path: Path) -> Diagnostic:
    message = f"{path.as_posix()} 生成以后被手工改动过，或不是 perfc 生成的，没有覆盖它"
    look = Note(f"perfc verify {path.as_posix()} {spec.file} 指出改了哪里；perfc build --force 覆盖它")
    return Diagnostic("changed-by-hand", message, _top(spec), notes=(look,))


def _unnamed(spec: Spec, wrong: str) -> Diagnostic:
    return Diagnostic("output-name", wrong, _top(spec), notes=(Note("文件名取自版式的 <title>"),))


def _top(spec: Spec) -> Span:
    """The first line of a spec."""
    source, _ = Sources().read(spec.file)
    return source.line_span(0) if source else Span(spec.file, 0, 0)


def _unusable(title: str) -> str | None:
    """Why a title cannot be a file's name on Windows."""
    if match := _FORBIDDEN.search(title):
        return f"文件名“{title}”含有不能用的字符 {match.group()!r}"
    if _RESERVED.fullmatch(title) or title.endswith(".") or title.startswith("."):
        return f"“{title}”不能用作文件名"
    if len(title) > _LONGEST:
        return f"文件名有 {len(title)} 字，最多 {_LONGEST} 字"
    return None


def _taken(path: Path, spec: Spec, taken: dict[str, Spec]) -> str | None:
    """Whether another spec's document has the same path, on systems that ignore case."""
    first = taken.setdefault(str(path).casefold(), spec)
    return None if first is spec else f"与 {first.file} 生成同一个文件：{path.as_posix()}"
