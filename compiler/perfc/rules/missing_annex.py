"""Annexes that are referred to and not there."""

import re
from collections.abc import Iterator

from perfc import values
from perfc.diagnostic import Note, Severity
from perfc.lint import Finding, Skip, rule
from perfc.vocabulary import Line, Record

_NUMBER = "[0-9]{1,3}(?:[-.][0-9]{1,3}){0,3}|[一二三四五六七八九十]"
_ANNEX = rf"附(?P<kind>[件表录图]) ?(?P<number>{_NUMBER})?"
_MENTION = re.compile(_ANNEX)
_SEE = re.compile(r"(?:见(?:本报告|本文|后附)?[“(:]? ?|(?<!》)[(])$")
_JOINED = re.compile(r" ?(?:、|，|,|和|及|与|至|到|以及) ?")
_HEADING = re.compile(rf"[(]?{_ANNEX}(?![0-9])")
_NUMBERED = re.compile(r"(?:附件:? ?)?(?P<number>[0-9]{1,3})[.、]")
_NUMERALS = "零一二三四五六七八九十"


@rule(Severity.WARNING)
def missing_annex(record: Record) -> Iterator[Finding]:
    """正文说“详见附件”的，文件要有这个附件。

    附件增减、重新编号以后，正文里的“详见附件2”常常没有跟着改，读者按号找不到表。
    文件有哪些附件，由版式写明（rules.yaml 的 规则.missing-annex.附件），规格中另列的附件也算。附表、附图、附录只提示。
    其他文件的附件（《……的通知》附件2）不在此列。

    错误：
        概述: 根据自评评分（详见附件3），得分89分。
        附件: [1.基础数据表, 2.自评表]
    正确：
        概述: 根据自评评分（详见附件2），得分89分。
        附件: [1.基础数据表, 2.自评表]
    """
    mentions = [(line, match) for line in record.lines if "附" in line.words for match in _mentions(line)]
    if not mentions:
        return
    printed = record.settings("missing-annex").get("附件")
    known = {_name(str(one)) for one in printed or ()} | set(_announced(record))
    if printed is None and not known:
        raise Skip("版式没有写明文件有哪些附件")
    for line, match in mentions:
        kind, number = match["kind"], _digits(match["number"] or "")
        own = {one for one in known if one.startswith(f"附{kind}")}
        if _has(own, kind, number):
            continue
        start, end = match.span()
        shown = line.words[start:end].strip()
        numbered = sorted(one for one in known if one[-1].isdigit())
        hint = f"文件的附件是：{'、'.join(numbered)}" if numbered else "文件没有附件"
        # A table of the form may be called 附表.
        severity = None if kind == "件" or own else Severity.INFO
        yield Finding(line.at(start, end), f"文件没有“{shown}”", (Note(hint),), severity)


def _mentions(line: Line) -> Iterator[re.Match[str]]:
    """The annexes of its own that a line refers the reader to: 详见附件1和附件2, （附件1）."""
    words, last = values.plain(line.words), -1
    for match in _MENTION.finditer(words):
        joined = last >= 0 and _JOINED.fullmatch(words, last, match.start())
        seen = joined or _SEE.search(words, max(0, match.start() - 8), match.start())
        last = match.end() if seen else -1
        if seen:
            yield match


def _has(known: set[str], kind: str, number: str) -> bool:
    """Whether the annex is there; 附件1-2 may be annex 1-2 or the annexes 1 to 2."""
    if not number:
        return bool(known)
    return f"附{kind}{number}" in known or all(f"附{kind}{one}" in known for one in number.split("-"))


def _announced(record: Record) -> Iterator[str]:
    """The annexes that the spec itself names: in a heading, in a list of annexes, as a key."""
    listed = 0
    for line in record.lines:
        if line.path and line.path[-1].startswith("附件"):
            listed += 1
            typed = _NUMBERED.match(values.plain(line.words))
            yield f"附件{typed['number'] if typed else listed}"
        if heading := _heading(line):
            yield heading
    keys = {key for line in record.lines for key in line.path} | {key for one in record.figures for key in one.path}
    yield from (_name(key) for key in keys if _HEADING.match(values.plain(key)))


def _heading(line: Line) -> str:
    """The annex whose title the line is."""
    match = _HEADING.match(values.plain(line.words))
    return _name(match.group()) if match and match["number"] and len(line.words) < 60 and "。" not in line.words else ""


def _name(written: str) -> str:
    """An annex's name as names are compared: 附件 2, 附件二 and 附件２ are 附件2."""
    match = _HEADING.match(values.plain(written))
    return f"附{match['kind']}{_digits(match['number'] or '')}" if match else written


def _digits(number: str) -> str:
    return str(_NUMERALS.index(number)) if number and number in _NUMERALS else number
