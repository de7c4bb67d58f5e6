"""`perfc check`: what is found in many specs, what of it can be mended, and the form in which it is told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

from perfc import fix, report
from perfc.compile import check_spec
from perfc.diagnostic import Diagnostic
from perfc.load import load
from perfc.naming import problem, unnamed
from perfc.policy import Policy
from perfc.review import review
from perfc.sarif import sarif
from perfc.source import Refused, Source, Sources
from perfc.specs import Spec
from perfc.terminal import save, tell
from perfc.vocabulary import department
from perfc.workers import in_order


class Checked(NamedTuple):
    """A spec with what is found in it."""

    spec: Spec
    found: tuple[Diagnostic, ...]


def check(
    specs: Sequence[Spec], sources: Sources, layouts: tuple[Path, ...], policy: Policy, jobs: int = 1
) -> Iterator[Checked]:
    """What is found in each spec, a document's name that cannot be used included.

    With one job `sources` has the texts afterwards. Raises source.Refused.
    """
    names: dict[str, Spec] = {}
    one = partial(check_spec, sources=sources, layouts=layouts, policy=policy)
    checked = in_order(one, [spec.file for spec in specs], jobs)
    for spec, (titles, found) in zip(specs, checked, strict=True):
        wrong = problem(titles, spec.folder, spec, names)
        yield Checked(spec, (*found, *([unnamed(spec, wrong)] if wrong else [])))


def mend(
    checked: list[Checked], sources: Sources, layouts: tuple[Path, ...], policy: Policy, *, write: bool
) -> tuple[list[Checked], Sources]:
    """Apply what is certain until nothing certain is left; write it, or show it as a diff. Raises source.Refused.

    `sources` has the texts that were checked, the second value those that come of it.
    """
    before = sources
    changed: dict[str, Source] = {}
    for _ in range(fix.PASSES):
        once = fix.mend((one for _, found in checked for one in found), sources)
        if not once:
            break
        changed |= once
        sources = Sources(changed)
        checked = list(check([spec for spec, _ in checked], sources, layouts, policy))
    for name, source in sorted(changed.items()):
        if write:
            if Sources().read(name)[0] != before[name]:
                raise Refused(f"{name} 在检查时又改过，没有动它；请再运行一次")
            save(fix.encoded(source), Path(name), "已改正")
        else:
            tell("".join(fix.diff(before[name], source)))
    if not changed:
        tell("没有可以自动改正的问题\n", err=True)
    return checked, sources


def shown(form: str, checked: list[Checked], others: tuple[Diagnostic, ...], sources: Sources, *, colour: bool) -> str:
    """The findings in a form that the command line names; `others` are those of no spec."""
    found = (*others, *(one for _, of_spec in checked for one in of_spec))
    if form == "text":
        return report.text(found, sources, colour=colour) + report.skips(found)
    if form == "html":
        named = ((load(spec.file, sources)[0], spec.file, of_spec) for spec, of_spec in checked)
        return review((((values and department(values)) or file, of_spec) for values, file, of_spec in named), sources)
    plain = {
        "concise": report.concise,
        "json": report.as_json,
        "sarif": sarif,
        "github": report.github,
        "gitlab": report.gitlab,
    }
    return plain[form](found, sources)
