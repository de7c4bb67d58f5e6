"""Specs to documents on disk: what need not be made again, where each document goes, and what is left alone."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from time import monotonic

from perfc import fingerprints, office
from perfc.diagnostic import Diagnostic, Note
from perfc.disk import write
from perfc.fingerprints import Entry, Looked
from perfc.make import Made, Plan, make
from perfc.naming import problem, taken, top, unnamed
from perfc.recall import kept, recalled
from perfc.seal import intact
from perfc.source import reason
from perfc.specs import Spec
from perfc.workers import DIED, in_order

_OFTEN = 30  # seconds after which what is known is kept, should the build be killed


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a spec: its findings, where its document is, what of it was written, and what failed.

    `beside` are its documents of further layouts; `made` is None where nothing had to be compiled.
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
) -> dict[str, Outcome]:
    """The specs, by their files, whose documents would come out as they are, with what was found in them.

    `seen` has what became of specs that is said already; not all of them have a document.
    """
    own: dict[tuple[str, Path], dict[tuple[Looked, str], list[tuple[Path, str]]]] = {}
    for document, entry in known.items():
        path = plan.output / document
        if entry.fingerprint and fingerprints.state(path) == (entry.size, entry.mtime_ns):
            of_spec = own.setdefault((fingerprints.absolute(entry.spec), path.parent), {})
            of_spec.setdefault((entry.looked, entry.fingerprint), []).append((path, entry.found))
    done: dict[str, Outcome] = {}
    for spec in specs:
        here = own.get((fingerprints.absolute(spec.file), plan.output / spec.folder), {})
        before = {key: there for key, there in here.items() if len(there) >= len(key[0].layout.split())}
        said = seen.get(spec.file)
        if said and said.made and said.made.looked:
            before[said.made.looked, said.made.fingerprint] = [(path, "") for path in said.paths]
        for (looked, fingerprint), there in before.items():
            if fingerprint == fingerprints.again(spec.file, looked, plan.layouts, plan.base):
                paths = [path for path, _ in there]
                with suppress(ValueError, TypeError, RecursionError):  # nonsense costs the time of making it again
                    found = [one for _, kept in there for one in (recalled(kept, spec.file) if not said else ())]
                    done[spec.file] = Outcome(spec, paths[0] if paths else None, tuple(found), beside=tuple(paths[1:]))
    return done


def build(
    specs: list[Spec], plan: Plan, jobs: int, done: Mapping[str, Outcome], known: dict[str, Entry]
) -> Generator[Outcome]:
    """Compile the specs that are not done and write their documents, in the order of the specs.

    `known` is brought up to date as documents are written. Raises source.Refused.
    """
    names: dict[str, Spec] = {}
    files = [spec.file for spec in specs if spec.file not in done]
    saved, said = monotonic(), False
    with closing(_compiled(files, plan, jobs)) as compilations:
        for spec in specs:
            if outcome := done.get(spec.file):
                wrong = next((wrong for path in outcome.paths if (wrong := taken(path, spec, names))), None)
                yield Outcome(spec, None, (*outcome.found, unnamed(spec, wrong))) if wrong else outcome
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
    print_ = "" if failure or made.settings else made.fingerprint
    for path in written:
        if path in paths and made.looked:
            document = path.relative_to(plan.output).as_posix()
            # A note may tell of another spec, which nobody has made fit for the public.
            said = kept(made.found if path == paths[0] else (), spec.file, notes=not plan.public)
            known[document] = Entry(spec.file, *fingerprints.state(path), print_, made.looked, said)
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
