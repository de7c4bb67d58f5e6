"""`# perfc: allow RULE REASON`: findings that an author answers for, beside the value they are about.

A waiver stands at the end of the line where the value begins, or on the line above, and covers that whole value.
The other comments to perfc are `review`, on what is carried over and not yet looked at, and `from`, of origins.py.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from perfc.diagnostic import Diagnostic, Note, Severity, Span, nearest
from perfc.explain import manual
from perfc.load import Map, files, texts
from perfc.origins import differing
from perfc.source import Source, Sources

_WAIVER = re.compile(r"#[ \t]*perfc:[ \t]*(?P<word>\S*)(?:[ \t]+(?P<rule>\S+))?(?:[ \t]+(?P<reason>[^\r\n]*\S))?")
# What stops a spec before it is checked cannot be answered for, nor what is no finding about a value.
_FIRM = frozenset(
    (
        *("unreadable-file", "yaml-syntax", "duplicate-key", "merge-conflict", "control-character", "unknown-include"),
        *("unknown-layout", "schema", "score-missing", "unknown-reference", "waiver", "output-name", "layout"),
        *("page-number", "changed-by-hand", "settings", "carried-over"),
    )
)


@dataclass(frozen=True, slots=True)
class Waiver:
    """A waiver: its words, where it is written, and the zero-based line whose values it covers; -1 inside a text."""

    word: str
    rule: str
    reason: str
    span: Span
    line: int


def waive(spec: Map, found: tuple[Diagnostic, ...], sources: Sources, *, heeded: bool = True) -> tuple[Diagnostic, ...]:
    """What is left of the findings of the checks on a spec, and what its comments to perfc say or lack.

    All findings are left where waivers are not heeded.
    """
    left: list[Diagnostic] = []
    marked = [sources[name] for name in files(spec, sources) if _WAIVER.search(sources[name].text)]
    values = sorted(value.span for value in texts(spec)) if marked else []
    waivers = [waiver for source in marked for waiver in _waivers(source, values)]
    waivers = waivers if heeded else [waiver for waiver in waivers if waiver.word != "allow"]
    if any(waiver.word == "from" for waiver in waivers):
        found = (*found, *differing(spec, sources))
    allowed: dict[tuple[str, str], list[Waiver]] = {}
    for waiver in waivers:
        if waiver.word == "allow":
            allowed.setdefault((waiver.rule, waiver.span.file), []).append(waiver)
    used: set[Waiver] = set()
    for one in found:
        beside = [] if one.severity is Severity.SKIPPED else allowed.get((one.rule, one.span.file), [])
        line = _beginning(one.span, sources[one.span.file], values) if beside else 0
        fitting = [waiver for waiver in beside if waiver.line == line]
        used.update(fitting)
        if not any(waiver.reason for waiver in fitting):
            left.append(one)
    # A rule that did not run may yet find what a waiver answers for.
    idle = {one.rule for one in found if one.severity is Severity.SKIPPED}
    used |= {waiver for waiver in waivers if waiver.rule in idle}
    return (*left, *(wrong for waiver in waivers for wrong in _wrong(waiver, used)))


def _waivers(source: Source, values: list[Span]) -> Iterator[Waiver]:
    following = 0
    for match in _WAIVER.finditer(source.text):
        line, column = source.position(match.start())
        if _within(match.start(), source, values):
            line = -1
        elif not source.line(line)[:column].strip():
            # Of comments one under the other, all stand above the same line.
            following = following if line < following else _next_line(source, line)
            line = following
        span = Span(source.name, match.start(), match.end())
        yield Waiver(match["word"], match["rule"] or "", match["reason"] or "", span, line)


def _within(offset: int, source: Source, values: list[Span]) -> bool:
    """Whether an offset lies inside a text, where a number sign is no comment; on the line of a block's | it is one."""
    start = _start(offset, source, values)
    return start is not None and (source.text[start] not in "|>" or "\n" in source.text[start:offset])


def _start(offset: int, source: Source, values: list[Span]) -> int | None:
    """Where the text begins that an offset lies in, if it lies in any; texts are sorted, and none lies in another."""
    at = bisect_right(values, (source.name, offset, len(source.text))) - 1
    span = values[at] if at >= 0 else None
    return span.start if span and span.file == source.name and offset < span.end else None


def _next_line(source: Source, line: int) -> int:
    """The next line with more than a comment."""
    following = line + 1
    while following < source.lines and (not (text := source.line(following).strip()) or text.startswith("#")):
        following += 1
    return following


def _beginning(span: Span, source: Source, values: list[Span]) -> int:
    """The line on which the value begins that a span lies in."""
    start = _start(span.start, source, values)
    return source.position(span.start if start is None else start)[0]


def _wrong(waiver: Waiver, used: set[Waiver]) -> Iterator[Diagnostic]:
    form = "写成 # perfc: allow 规则 理由"
    severity = Severity.ERROR
    if waiver.line < 0:
        message, hint = "放行写在文字里，会印出来", "多行文字的放行写在键所在行的末尾"
    elif waiver.word == "review":
        said = f"{waiver.rule} {waiver.reason}".strip() or "沿用的内容"
        todo = Note("核对、改好以后，删去这条注释")
        yield Diagnostic("carried-over", f"{said}，还没有核对", waiver.span, Severity.WARNING, (todo,))
        return
    elif waiver.word == "from":
        if waiver.rule:
            return
        message, hint = "来源没有写明文件", "写成 # perfc: from ../2024/x.yaml"
    elif waiver.word != "allow" or not waiver.rule or not waiver.reason:
        message, hint = "放行没有写明规则和理由", form
    elif waiver.rule not in manual():
        near = nearest(waiver.rule, manual())
        message, hint = f"没有“{waiver.rule}”这条规则", f"是不是“{near}”？" if near else form
    elif waiver.rule in _FIRM:
        message, hint = f"{waiver.rule} 的问题不能放行", "改正它，删去这条放行"
    elif waiver not in used:
        message, hint = f"这里没有 {waiver.rule} 的问题，放行已无用处", "删去这条放行"
        severity = Severity.WARNING
    else:
        return
    yield Diagnostic("waiver", message, waiver.span, severity, (Note(hint),))
