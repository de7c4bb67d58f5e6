"""Documents that no spec makes any more: the spec is gone, or it makes one of another name now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from perfc.diagnostic import Diagnostic, Note, Severity, Span
from perfc.fingerprints import Entry, absolute
from perfc.make import Plan
from perfc.seal import intact
from perfc.specs import Spec


def stale(
    given: list[Path], specs: list[Spec], now: Mapping[str, tuple[Path, ...]], plan: Plan, known: dict[str, Entry]
) -> Iterator[tuple[Path, Diagnostic]]:
    """The documents that are left over, each with what is to be said of it.

    `given` are the paths that were built, `now` has the documents of each spec's file that makes any. Documents that
    are not there any more leave `known`.
    """
    by_file = {absolute(spec.file): spec for spec in specs}
    made = {path for paths in now.values() for path in paths}
    for name, entry in list(known.items()):
        path = plan.output / name
        spec = by_file.get(absolute(entry.spec))
        mine = now.get(spec.file, ()) if spec else ()
        if path in made:
            continue
        if not path.exists() or any(
            one.exists() and path.samefile(one) for one in mine
        ):  # one name, in two cases of letters
            del known[name]
        elif spec and mine and mine[0].parent == path.parent:
            makes = "、".join(one.name for one in mine)
            yield path, _finding(path, f"{spec.file} 现在生成 {makes}，这个文件不再更新", plan)
        elif spec is None and _is_gone(Path(entry.spec), given):
            yield path, _finding(path, f"规格 {entry.spec} 已经不在，这个文件不再更新", plan)


def prune(path: Path) -> bool:
    """Remove a document, unless somebody has worked on it; raises OSError."""
    if not intact(path.read_bytes()):
        return False
    path.unlink()
    return True


def _is_gone(spec: Path, given: list[Path]) -> bool:
    """Whether there is no such spec any more, or what was built holds it no more as one."""
    within = any(spec.absolute().is_relative_to(folder.absolute()) for folder in given if folder.is_dir())
    return within or not spec.exists()


def _finding(path: Path, message: str, plan: Plan) -> Diagnostic:
    severity = Severity.ERROR if plan.strict else Severity.WARNING
    hint = Note("perfc build --prune 删去这样的文件，手工改动过的除外")
    return Diagnostic("stale-document", message, Span(path.as_posix(), 0, 0), severity, (hint,))
