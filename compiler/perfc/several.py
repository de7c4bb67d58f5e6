"""The findings of a spec's layouts, where it names several, told once."""

from __future__ import annotations

from perfc.diagnostic import Diagnostic, Severity, Span


def together(found: list[tuple[Diagnostic, ...]]) -> tuple[Diagnostic, ...]:
    """The findings of a spec's layouts, each once, the graver of two that differ in this.

    A rule is skipped where it ran for none of them, and a waiver is idle where none of them needs it.
    """
    if len(found) < 2:
        return found[0] if found else ()
    everywhere = set.intersection(*({(one.rule, one.span) for one in each if _of_all(one)} for each in found))
    gravest: dict[tuple[str, str, Span], Diagnostic] = {}
    for one in (one for each in found for one in each):
        key = (one.rule, "" if one.severity is Severity.SKIPPED else one.message, one.span)
        if not _of_all(one) or (one.rule, one.span) in everywhere:
            before = gravest.setdefault(key, one)
            gravest[key] = min(before, one, key=lambda each: each.severity.rank)
    return tuple(gravest.values())


def _of_all(one: Diagnostic) -> bool:
    """Whether a finding counts only if all layouts have it: that something did not happen."""
    return one.severity is Severity.SKIPPED or (one.rule == "waiver" and one.severity is Severity.WARNING)
