"""Specs to documents on disk: what need not be made again, where each document goes, and what is left alone."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from time import monotonic

from perfc import fingerprints, office
from perfc.diagnostic import Diagnostic, Note, Severity
from perfc.disk import write
from perfc.fingerprints import Entry, Looked
from perfc.make import Made, Plan, make
from perfc.naming import problem, taken, top, unnamed
from perfc.seal import intact
from perfc.source import reason
from perfc.specs import Spec
from perfc.workers import DIED, in_order

_OFTEN = 30  # seconds after which what is known is kept, should the build be killed
_QUIET = (Severity.INFO, Severity.SKIPPED)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a spec: its findings, where its document is, what of it was written, and what failed.

    `beside` are its documents of further layouts.
    """

    spec: Spec
    path: Path | None
    found: tuple[Diagnostic, ...] = ()
    written: tuple[Path, ...] = ()
    failure: str = ""
    made: Made | None = None
    beside: tuple[Path, ...] = ()

    @property
    def paths(self) -> tuple[Path, ...]:
        """Where all its documents are."""
        return (self.path, *self.beside) if self.path else ()


def current(
    specs: list[Spec], plan: Plan, known: Mapping[str, Entry], seen: Mapping[str, Outcome]
) -> dict[str, tuple[Path, ...]]:
    """The documents, by the files of their specs, that would come out as they are.

    `seen` has what became of specs, by their files, that is said already; not all of them have a document.
    """
    own: dict[tuple[str, Path], dict[tuple[Looked, str], tuple[Path, ...]]] = {}
    for document, entry in known.items():
        path = plan.output / document
        if entry.fingerprint and fingerprints.state(path) == (entry.size, entry.mtime_ns):
            key = fingerprints.absolute(entry.spec), Path(document).parent
            made = own.setdefault(key, {})
            made[entry.looked, entry.fingerprint] = (*made.get((entry.looked, entry.fingerprint), ()), path)
    found: dict[str, tuple[Path, ...]] = {}
    for spec in specs:
        before = {
            key: paths
            for key, paths in own.get((fingerprints.absolute(spec.file), spec.folder), {}).items()
            if len(paths) >= len(key[0].layout.split())
        }
        if (one := seen.get(spec.file)) and one.made and one.made.looked:
            before[one.made.looked, one.made.fingerprint] = one.paths
        for (looked, fingerprint), there in before.items():
            if fingerprint == fingerprints.again(spec.file, looked, plan.layouts, plan.base):
                found[spec.file] = there
    return found


def build(
    specs: list[Spec], plan: Plan, jobs: int, done: Mapping[str, tuple[Path, ...]], known: dict[str, Entry]
) -> Generator[Outcome]:
    """Compile the specs that are not done and write their documents, in the order of the specs.

    `known` is brought up to date as documents are written. Raises source.Refused.
    """
    names: dict[str, Spec] = {}
    files = [spec.file for spec in specs if spec.file not in done]
    saved, said = monotonic(), False
    with closing(_compiled(files, plan, jobs)) as compilations:
        for spec in specs:
            if spec.file in done:
                wrong = next((wrong for path in done[spec.file] if (wrong := taken(path, spec, names))), None)
                path, *beside = (() if wrong else done[spec.file]) or (None,)
                yield Outcome(spec, path, (unnamed(spec, wrong),) if wrong else (), beside=tuple(beside))
                continue
            made = next(compilations)
            outcome = _written(spec, made, plan, names, known)
            yield outcome if said else replace(outcome, found=(*made.settings, *outcome.found))
            said = True
            if monotonic() - saved > _OFTEN:
                fingerprints.remember(known, plan.output)
                saved = monotonic()


def _compiled(files: list[str], plan: Plan, jobs: int) -> Generator[Made]:
    """What the specs in the files come to, in their order: by processes here, or by a cluster."""
    if plan.cluster:
        from perfc import cluster

        return cluster.in_order(plan, files)
    return in_order(partial(make, plan), files, jobs, lambda file: Made(failure=f"{file}：{DIED}"))


def _written(spec: Spec, made: Made, plan: Plan, names: dict[str, Spec], known: dict[str, Entry]) -> Outcome:
    """Write a spec's documents, unless a name cannot be used or somebody has worked on the one that is there."""
    found, folder = made.found, plan.output / spec.folder
    if not made.documents:
        return Outcome(spec, None, found, failure=made.failure, made=made)
    if wrong := problem([one.title for one in made.documents], folder, spec, names):
        return Outcome(spec, None, (*found, unnamed(spec, wrong)), made=made)
    paths = [folder / f"{one.title}.docx" for one in made.documents]
    written: list[Path] = []
    failure = ""
    for one, path in zip(made.documents, paths, strict=True):
        try:
            if not plan.force and path.exists() and not intact(path.read_bytes()):
                found = (*found, _changed(spec, path))
                continue
            write(one.docx or b"", path)
            written.append(path)
            if plan.office:
                found += _rendered(one, spec, path, plan, written)
        except OSError as error:
            at = path.with_suffix(".pdf") if path in written else path
            failure = f"无法写入 {at.as_posix()}：{reason(error)}"
        except office.Failed as error:
            failure = f"{path.as_posix()}：{error}"
    is_quiet = not failure and all(one.severity in _QUIET for one in (*made.settings, *found))
    for path in written:
        if path in paths and made.looked:
            print_ = made.fingerprint if is_quiet else ""
            document = path.relative_to(plan.output).as_posix()
            known[document] = Entry(spec.file, *fingerprints.state(path), print_, made.looked)
    return Outcome(spec, paths[0], found, tuple(written), failure, made, tuple(paths[1:]))


def _rendered(made: Made, spec: Spec, path: Path, plan: Plan, written: list[Path]) -> tuple[Diagnostic, ...]:
    """Let LibreOffice make a PDF of a document: save it, and find what stands on another page than perfc says."""
    pdf = office.to_pdf(made.docx or b"", plan.office)
    if plan.pdf:
        write(pdf, path.with_suffix(".pdf"))
        written.append(path.with_suffix(".pdf"))
    return tuple(office.misplaced(made.headings, pdf, top(spec))) if plan.verify_pages else ()


def _changed(spec: Spec, path: Path) -> Diagnostic:
    message = f"{path.as_posix()} 生成以后被手工改动过，或不是 perfc 生成的，没有覆盖它"
    look = Note(f"perfc verify {path.as_posix()} {spec.file} 指出改了哪里；perfc build --force 覆盖它")
    return Diagnostic("changed-by-hand", message, top(spec), notes=(look,))
