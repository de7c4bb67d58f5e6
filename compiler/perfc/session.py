"""A build as the person at the terminal sees it: findings, what is made, the bar, the summary, the exit code."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from perfc import build, fingerprints, report
from perfc.build import Outcome
from perfc.diagnostic import Diagnostic, Severity
from perfc.disk import sweep
from perfc.make import Plan
from perfc.progress import bar
from perfc.source import Refused, Sources, reason
from perfc.specs import Spec, find
from perfc.stale import prune as remove
from perfc.stale import stale
from perfc.terminal import coloured, tell
from perfc.workers import in_order


@dataclass
class Session:
    """What a command that builds again and again has compiled and said already."""

    outcomes: dict[str, Outcome] = field(default_factory=dict)
    said: set[Diagnostic] = field(default_factory=set)


def run(
    given: list[Path],
    plan: Plan,
    jobs: int,
    *,
    prune: bool = False,
    xlsx: bool = False,
    session: Session | None = None,
) -> int:
    """Build what is at the paths, say what happens, and give the exit code; in a session say nothing a second time.

    Raises source.Refused.
    """
    specs, strays = find(given)
    quiet = session is not None
    session = session or Session()
    levels: Counter[Severity] = Counter()

    def say(found: Iterable[Diagnostic], *, once: bool = False) -> str:
        found = [one for one in found if not (once and one in session.said)]
        session.said.update(found if once else ())
        levels.update(one.severity for one in found)
        # Nobody knows on which lines a public build may look: it shows places without them.
        return (
            report.concise(found, Sources())
            if plan.public
            else report.text(found, Sources(), colour=coloured(sys.stderr))
        )

    known = fingerprints.remembered(plan.output)
    for folder in {Path(), *(spec.folder for spec in specs), *(Path(document).parent for document in known)}:
        sweep(plan.output / folder)
    before = dict(known)
    done = {} if plan.office else build.current(specs, plan, known, session.outcomes)
    now: dict[str, tuple[Path, ...]] = {}
    failed = False
    tell(say(strays, once=True), err=True)
    try:
        with (
            bar([spec.file for spec in specs if spec.file not in done]) as (step, above),
            closing(build.build(specs, plan, jobs, done, known)) as outcomes,
        ):
            for one in outcomes:
                tell(say(one.found), above, err=True)
                tell("".join(f"已生成 {path.as_posix()}\n" for path in one.written), above)
                tell(one.failure and f"{one.failure}\n", above, err=True)
                failed = failed or bool(one.failure)
                if one.path:
                    now[one.spec.file] = one.paths
                if one.made:
                    step()
                if quiet:
                    slim = replace(one.made, docx=None, more=()) if one.made else None
                    session.outcomes[one.spec.file] = replace(one, made=slim)
        for wrong in _sheets({file: paths[0] for file, paths in now.items()}, specs, plan, jobs) if xlsx else ():
            tell(say([wrong]), err=True)
        for path, finding in stale(given, specs, now, plan, known):
            if not (prune and _pruned(path)):
                tell(say([finding], once=True), err=True)
    finally:
        if known != before:
            fingerprints.remember(known, plan.output)
    unchanged = f"；{len(done)} 份没有变化" if done else ""
    if not quiet or levels or len(done) < len(specs):
        tell(f"{report.tally(len(specs), levels)}{unchanged}{'，有文件没有写成' if failed else ''}\n", err=True)
    return 2 if failed else int(bool(levels[Severity.ERROR]))


def _sheets(documents: dict[str, Path], specs: list[Spec], plan: Plan, jobs: int) -> Iterable[Diagnostic]:
    """Write a workbook beside each document, by the files of their specs, and give what hinders."""
    from perfc.sheets import save, workbook

    made = [spec for spec in specs if spec.file in documents]
    contents = in_order(partial(workbook, plan.layouts, public=plan.public), [spec.file for spec in made], jobs)
    for spec, content in zip(made, contents, strict=True):
        path = documents[spec.file].with_suffix(".xlsx")
        try:
            done, wrong = save(content, path, spec, force=plan.force) if content else (False, None)
        except OSError as error:
            raise Refused(f"无法写入 {path.as_posix()}：{reason(error)}") from None
        if wrong:
            yield wrong
        if done:
            tell(f"已生成 {path.as_posix()}\n")


def _pruned(path: Path) -> bool:
    """Remove a document that is left over, if nobody has worked on it."""
    try:
        gone = remove(path)
    except OSError as error:
        raise Refused(f"无法删去 {path.as_posix()}：{reason(error)}") from None
    if gone:
        tell(f"已删去 {path.as_posix()}\n")
    return gone
