"""YAML to values that know their place: Map, Seq, Text and Number.

YAML's surprises are closed: only `true`, `false`, `null` and plain decimal numbers are special, every other plain
scalar is the text that stands there. Events instead of nodes, because libyaml's composer recurses in C.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from itertools import accumulate
from typing import Any

import yaml

from perfc.diagnostic import Diagnostic, Note, Span
from perfc.source import INCLUDE, Source, Sources

DEPTH = 60  # nested collections; official forms need about eight
ALIASED = 100_000  # values that aliases may add to a spec

_UNTAGGED = (None, "!")
_NUMBER = re.compile(r"-?(?:0|[1-9]\d{0,17})(?:\.\d{1,10})?")
_WORDS: dict[str, bool | None] = {"": None, "~": None, "null": None, "true": True, "false": False}
_CONFLICT = re.compile(r"^[ \t]*((?:<{7}|={7}|>{7}|\|{7})(?: [^\r\n]*)?)(?=\r?$)", re.MULTILINE)
# What XML forbids, and what nobody sees: marks of direction and width that come with pasted text.
_UNSEEN = (
    "\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad"
    "\u200b\u200c\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffe\uffff\ud800-\udfff"
)
_CONTROL = re.compile(f"[{_UNSEEN}]")
_CONTROL_FOUND = "有看不见的控制字符 U+{:04X}"
_UNKNOWN = "\ufffd\ue000-\uf8ff\U000f0000-\U0010fffd"  # what stands for a lost one, or differs by the font
_LOST = re.compile(f"[{_UNKNOWN}]")
_LOST_FOUND = "有显示不出的字符 U+{:04X}"
_UNFIT = re.compile(f"[{_UNSEEN}{_UNKNOWN}]")
_WIDE = re.compile("^\u3000[\u3000\u00a0]*(?=\\S)", re.MULTILINE)
_NO_BREAK = re.compile("^\u00a0[\u3000\u00a0]*(?=\\S)", re.MULTILINE)
_TAB = re.compile(r"^[ ]*\t+(?=[ \t]*[^\s#])", re.MULTILINE)


class Text(str):
    """A text; the span covers it as written, quotes and block marks included."""

    __slots__ = ("span",)
    span: Span


class Filled(Text):
    """A text whose references are filled in; `pieces` has the span of each reference by the offset of its value.

    A piece is the length of the value in the text and the span of the `{{ … }}` in the source.
    """

    __slots__ = ("pieces",)
    pieces: dict[int, tuple[int, Span]]


class Number(Decimal):
    """A number that prints as it was written: `4.50` stays 4.50."""

    __slots__ = ("span",)
    span: Span

    def __str__(self) -> str:
        return format(self, "f")


class Map(dict[str, Any]):
    """A mapping without its empty values; `key_spans` has their keys too."""

    __slots__ = ("key_spans", "span", "value_spans")

    def __init__(self, span: Span) -> None:
        self.span = span
        self.key_spans: dict[str, Span] = {}
        self.value_spans: dict[str, Span] = {}


class Seq(list[Any]):
    """A list."""

    __slots__ = ("span", "value_spans")

    def __init__(self, span: Span) -> None:
        self.span = span
        self.value_spans: list[Span] = []


def load(name: str, sources: Sources) -> tuple[Map | None, tuple[Diagnostic, ...]]:
    """The mapping in a YAML file, with the files that it includes, and what is wrong in any of them."""
    return _load(name, sources, ())


def put(target: Map, key: str, value: Number | Text) -> None:
    """Add what nobody wrote: it stands, without a length, where the mapping begins."""
    value.span = Span(target.span.file, target.span.start, target.span.start)
    target[key], target.value_spans[key] = value, value.span


def texts(value: Any) -> Iterator[Text]:
    """Every text in a value, in the order of the spec."""
    waiting = [iter((value,))]
    while waiting:
        for one in waiting[-1]:
            if isinstance(one, Text):
                yield one
            elif isinstance(one, dict):
                waiting.append(iter(one.values()))
                break
            elif isinstance(one, list):
                waiting.append(iter(one))
                break
        else:
            waiting.pop()


def files(spec: Map | None, sources: Sources) -> list[str]:
    """The names of the files that a spec comes from, in its order."""
    if spec and len(sources) == 1:
        return list(sources)
    names: dict[str, None] = {}
    waiting: list[Any] = [spec]
    while waiting:
        one = waiting.pop()
        if isinstance(one, Map):
            waiting += reversed(one.values())
        elif isinstance(one, Seq):
            waiting += reversed(one)
        else:
            continue
        names[one.span.file] = None
    return list(names)


def part(text: Text, start: int, end: int, source: Source) -> Span:
    """The span in the source of a part of a text, given by its offsets in the text.

    Quotes, indentation and folded line ends are between; the characters themselves stand there in order. Where they
    do not, because of escapes, the span is that of the whole text. A value filled in stands at its reference.
    """
    written = text[start:end]
    if written and written == written.strip() and not isinstance(text, Filled):
        begins, shifts = _verbatim(text, text.span, source)
        first, last = (shifts[bisect_right(begins, at) - 1] for at in (start, end - 1))
        if first is not None and last is not None:
            return Span(source.name, start + first, end + last)
    places = _places(text, text.span, source)
    if places is None:
        return text.span
    starts, ends = places
    return Span(source.name, starts[min(start, len(text) - 1)], ends[end - 1]) if end else text.span


@lru_cache(maxsize=64)
def _verbatim(text: Text, span: Span, source: Source) -> tuple[list[int], list[int | None]]:
    """Where each line of a text begins in it, and how much further on it stands in the source.

    None for a line that does not stand there as it is.
    """
    lines = text.split("\n")
    begins = list(accumulate((len(line) + 1 for line in lines[:-1]), initial=0))
    mark = source.text[span.start : span.start + 1]
    if mark == "|":
        below = source.position(span.start)[0] + 1
        margins = (source.line_span(number).start for number in range(below, below + len(lines)))
        there = [margin - len(line) + len(line.lstrip()) for margin, line in zip(margins, lines, strict=True)]
    else:
        there = [span.start + (mark in ('"', "'"))] + [-1] * (len(lines) - 1)
    stands = [at >= 0 and source.text.startswith(line, at) for at, line in zip(there, lines, strict=True)]
    return begins, [at - begin if so else None for at, begin, so in zip(there, begins, stands, strict=True)]


@lru_cache(maxsize=64)
def _places(text: Text, span: Span, source: Source) -> tuple[list[int], list[int]] | None:
    """Where each character of a text begins and ends in the source, a space where the character before it does.

    None where the characters are not there in order.
    """
    at, last = span.start, span.end
    if source.text[at : at + 1] in ("|", ">"):
        at = source.text.index("\n", at)
    pieces = text.pieces if isinstance(text, Filled) else {}
    begins: list[int] = []
    ends: list[int] = []
    begin = at
    while len(begins) < len(text):
        length, reference = pieces.get(len(begins), (1, None))
        if reference:
            begin, at = reference.start, reference.end
        elif not text[len(begins)].isspace():
            at = source.text.find(text[len(begins)], at, last) + 1
            if at == 0:
                return None
            begin = at - 1
        begins += [begin] * length
        ends += [at] * length
    return begins, ends


def _load(name: str, sources: Sources, within: tuple[str, ...]) -> tuple[Map | None, tuple[Diagnostic, ...]]:
    source, found = sources.read(name)
    if source is None:
        return None, found
    found = _unclean(source)
    if found:
        return None, found
    reader = _Reader(source, sources, (*within, name))
    try:
        value = reader.read()
    except _Stop as stop:
        return None, (*reader.found, stop.found)
    if not isinstance(value, Map):
        what = "文件是空的" if value is None else "整份规格应由“键: 值”组成"
        hint = Note("用 perfc new 可以得到一份带说明的规格")
        reader.report("yaml-syntax", what, source.line_span(0), hint)
        return None, tuple(reader.found)
    return None if reader.incomplete else value, tuple(reader.found)


def _unclean(source: Source) -> tuple[Diagnostic, ...]:
    """What makes a text no YAML spec, whatever its structure: all of it, with places."""

    def say(rule: str, message: str, pattern: re.Pattern[str], hint: str) -> Iterator[Diagnostic]:
        for match in pattern.finditer(text):
            at = Span(source.name, *match.span(match.lastindex or 0))
            yield Diagnostic(rule, message.format(ord(match.group()[0])), at, notes=(Note(hint),))

    # Nearly every text has none of this, which shows sooner by the characters than by the lines.
    text = source.text
    found: list[Diagnostic] = []
    if any(7 * mark in text for mark in "<=>|"):
        hint = "选定一方的内容，删去 <<<<<<<、=======、>>>>>>> 三行"
        found += say("merge-conflict", "有未解决的合并冲突", _CONFLICT, hint)
    if _UNFIT.search(text):
        found += say("control-character", _CONTROL_FOUND, _CONTROL, "删去这个字符；它多半是从别处粘贴来的")
        hint = "原来的字丢失了，或换了字体就不见，照原件重新输入"
        found += say("control-character", _LOST_FOUND, _LOST, hint)
    if "\u3000" in text:
        found += say("yaml-syntax", "行首是全角空格", _WIDE, "YAML 的缩进只能用半角空格")
    if "\xa0" in text:
        hint = "它看起来与半角空格一样，多半是从网页粘贴来的；换成半角空格"
        found += say("yaml-syntax", "行首是不间断空格（NBSP）", _NO_BREAK, hint)
    if "\t" in text:
        found += say("yaml-syntax", "行首用了制表符（Tab）", _TAB, "YAML 的缩进只能用空格")
    return tuple(found)


class _Stop(Exception):
    """The text cannot be read any further."""

    def __init__(self, found: Diagnostic) -> None:
        super().__init__(found.message)
        self.found = found


@dataclass(slots=True)
class _Open:
    """A collection being read; `before` counts the values ahead of it, `key` is the one whose value comes next."""

    value: Map | Seq
    anchor: str | None
    before: int
    key: str | None = None


@dataclass
class _Reader:
    """One pass over the events of one file."""

    source: Source
    sources: Sources
    within: tuple[str, ...]
    found: list[Diagnostic] = field(default_factory=list)
    anchors: dict[str, tuple[Any, int]] = field(default_factory=dict)
    incomplete: bool = False  # whether something that was to be included is not there
    aliased: int = 0
    count: int = 0

    def report(self, rule: str, message: str, span: Span, *notes: Note) -> None:
        self.found.append(Diagnostic(rule, message, span, notes=notes))

    def stop(self, message: str, span: Span, *notes: Note) -> _Stop:
        return _Stop(Diagnostic("yaml-syntax", message, span, notes=notes))

    def read(self) -> Any:
        """The document's value; raises _Stop where the syntax ends."""
        documents = Seq(Span(self.source.name, 0, 0))
        stack = [_Open(documents, None, 0)]
        events = yaml.CSafeLoader(self.source.text)
        event: Any  # every one that libyaml gives has both marks
        try:
            while event := events.get_event():
                kind = type(event)
                if kind is yaml.ScalarEvent:
                    value, span = self._scalar(event)
                elif kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
                    self._open(stack, event)
                    continue
                elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
                    value, span = self._close(stack.pop(), event)
                elif kind is yaml.AliasEvent:
                    value, span = self._alias(stack, event)
                elif kind is yaml.DocumentStartEvent and documents:
                    raise self.stop("一个文件只能写一份规格，这里用 --- 开始了第二份", self._span(event))
                else:
                    continue
                top = stack[-1]
                if isinstance(top.value, Seq):
                    top.value.append(value)
                    top.value.value_spans.append(span)
                elif top.key is None:
                    top.key = self._key(top.value, value, span)
                else:
                    if top.key and value is not None:
                        top.value[top.key] = value
                        top.value.value_spans[top.key] = span
                    top.key = None
        except yaml.MarkedYAMLError as error:
            raise _Stop(_syntax(error, self.source)) from None
        return documents[0] if documents else None

    def _scalar(self, event: Any) -> tuple[Any, Span]:
        self.count += 1
        if event.tag not in _UNTAGGED:
            raise self._tagged(event)
        written: str = event.value
        value: Any
        if event.style:
            span = self._span(event)
            for pattern, said in ((_CONTROL, _CONTROL_FOUND), (_LOST, _LOST_FOUND)) if event.style == '"' else ():
                if wrong := pattern.search(written):
                    self.report("control-character", said.format(ord(wrong.group())), span, Note("删去这个转义"))
            value = Text(written)
            value.span = span
        else:
            span = Span(self.source.name, event.start_mark.index, event.end_mark.index)
            if written in _WORDS:
                value = _WORDS[written]
            else:
                # The digits and the minus sign come before the colon, what most texts begin with comes after it.
                value = Number(written) if written < ":" and _NUMBER.fullmatch(written) else Text(written)
                value.span = span
        if event.anchor:
            self.anchors[event.anchor] = (value, 1)
        return value, span

    def _tagged(self, event: Any) -> _Stop:
        return self.stop("规格不支持 YAML 标签（!）", self._span(event), Note("如果 ! 是文字，把整个值放进引号"))

    def _span(self, event: Any, start: int | None = None) -> Span:
        """The span up to an event's end, without the line ends that libyaml counts to a block."""
        start = event.start_mark.index if start is None else start
        written = self.source.text[start : event.end_mark.index]
        return Span(self.source.name, start, start + len(written.rstrip(" \r\n")))

    def _open(self, stack: list[_Open], event: Any) -> None:
        if event.tag not in _UNTAGGED:
            raise self._tagged(event)
        if isinstance(stack[-1].value, Map) and stack[-1].key is None:
            raise self.stop("键应是文字", self._span(event), Note("以 { 或 [ 开头的文字要放进引号"))
        if len(stack) > DEPTH:  # the list of documents is one of them
            raise self.stop(f"嵌套超过 {DEPTH} 层", self._span(event))
        span = Span(self.source.name, event.start_mark.index, event.end_mark.index)
        value = Map(span) if isinstance(event, yaml.MappingStartEvent) else Seq(span)
        stack.append(_Open(value, event.anchor, self.count))
        self.count += 1

    def _close(self, done: _Open, event: Any) -> tuple[Any, Span]:
        value: Any = done.value
        value.span = self._span(event, value.span.start)
        if done.anchor:
            self.anchors[done.anchor] = (value, self.count - done.before)
        if isinstance(value, Map) and value.keys() == {INCLUDE}:
            value = self._include(value)
        return value, value.span

    def _alias(self, stack: list[_Open], event: Any) -> tuple[Any, Span]:
        anchor, span = event.anchor, self._span(event)
        if any(one.anchor == anchor for one in stack):
            raise self.stop(f"*{anchor} 引用了包含它自己的内容", span)
        if anchor not in self.anchors:
            raise self.stop(f"没有名为 &{anchor} 的锚点", span, Note("如果 * 是文字，把整个值放进引号"))
        value, size = self.anchors[anchor]
        self.aliased += size
        self.count += size
        if self.aliased > ALIASED:
            raise self.stop("锚点展开后过大", span)
        return value, span

    def _key(self, holder: Map, value: Any, span: Span) -> str:
        """The key, or the empty one, whose value is dropped, when it stands there a second time."""
        if isinstance(value, Text):
            key: str = value
        elif value is None or isinstance(value, Map | Seq):
            raise self.stop("键应是文字", span)
        else:
            key = self.source.text[span.start : span.end]
        if key not in holder.key_spans:
            holder.key_spans[key] = span
            return key
        first = Note("第一次写在这里", holder.key_spans[key])
        self.report("duplicate-key", f"“{key}”在同一处写了两次", span, first, Note("删去其中一个"))
        return ""

    def _include(self, value: Map) -> Seq:
        """The roots of the included files, in the order of their names."""
        pattern, span = value[INCLUDE], value.value_spans[INCLUDE]
        items = Seq(value.span)
        names: list[str] = []
        if not isinstance(pattern, Text) or str(pattern).startswith("/") or ":" in pattern or "\\" in pattern:
            self.report("unknown-include", "引用应写相对于本文件的路径，如 projects/*.yaml", span)
        else:
            names = self.sources.find(str(pattern), self.source.name)
            if not names:
                self.report("unknown-include", f"没有与“{pattern}”相符的文件", span)
        for name in names:
            if name in self.within:
                self.report("unknown-include", f"{name} 引用了它自己", span)
                continue
            item, found = _load(name, self.sources, self.within)
            self.found += found
            if item is not None:
                items.append(item)
                items.value_spans.append(item.span)
        self.incomplete = self.incomplete or len(items) != len(names) or not names
        return items


# What libyaml says, by a part of its message, and what an author can do about it.
_PROBLEMS = {
    "mapping values are not allowed": ("这里不能再有“键: 值”", "检查上一行的缩进；含有“: ”的文字要放进引号"),
    "cannot start any token": ("文字不能以这个字符开头", "以 @ ` % * & ! 等开头的文字要放进引号"),
    "unexpected end of stream": ("引号没有配对", "补上右引号"),
    "unknown escape character": ("双引号内的 \\ 有特殊含义", "改用单引号"),
    "did not find expected ',' or ']'": ("方括号 [ ] 没有配对", "以 [ 开头的文字要放进引号"),
    "did not find expected ',' or '}'": ("花括号 { } 没有配对", "以 { 开头的文字（包括 {{ … }}）要放进引号"),
    "did not find expected node content": ("括号内缺少内容或没有配对", "以 [ 或 { 开头的文字要放进引号"),
    "did not find expected '-' indicator": ("列表中混入了别的内容", "同一列表的各项都以“- ”开头，缩进相同"),
    "did not find expected key": ("这里的缩进与上文不一致", "同一层的键缩进相同；引号后面不能再有文字"),
    "block sequence entries are not allowed": ("列表不能与键写在同一行", "“- ”另起一行，并且缩进"),
    "did not find expected comment or line break": ("| 或 > 后面不能写文字", "文字从下一行开始，并且缩进"),
    "could not find expected ':'": ("这一行缺少半角冒号和空格", "写成“键: 值”；注意冒号不能是全角的“：”"),
    "invalid Unicode character escape": ("\\u 后面的编码不对", "直接写这个字，或改用单引号"),
    "incompatible YAML document": ("不支持这个 YAML 版本", "删去 %YAML 这一行"),
    "did not find expected whitespace": ("文字不能以 ! 开头", "把整个值放进引号"),
    "did not find expected alphabetic or numeric": ("文字不能以 * 或 & 开头", "把整个值放进引号"),
}


# What the line of a mistake, or the one before it, shows to be wrong, at the group.
_SLIPS = (
    (re.compile(r"(-)(?=[^\s\-0-9.])"), "“-”后面没有空格", "写成“- 文字”：减号后面加一个空格"),
    (re.compile(r"(?:- )?[^\s:：#\"'\[{]+(：)"), "冒号是全角的", "写成“键: 值”：半角冒号加空格"),
    (re.compile(r"(?:- )?[^\s:：#\"'\[{]+(:)(?=[^\s/])"), "冒号后面没有空格", "写成“键: 值”：半角冒号加空格"),
)
# A quotation that does not end in its line, before a line that is no more of it.
_UNCLOSED = re.compile(
    r"^ *(?:- +){0,9}(?:[^\s#\"':{\[]+: +)?([\"'])(?:(?!\1)[^\r\n\\])*\r?\n(?= *(?:- |[^\s#\"':]+:(?: |\r?$)))",
    re.MULTILINE,
)
_WIDE_COMMA = re.compile(r"(，) *(?=[^\s，,:：{}]{1,40}:(?: |$))")


def _syntax(error: yaml.MarkedYAMLError, source: Source) -> Diagnostic:
    mark = error.problem_mark or error.context_mark
    at = min(mark.index, len(source.text)) if mark else 0
    problem = error.problem or ""
    line = source.position(at)[0]
    context = error.context_mark if re.search("quoted|flow", error.context or "") else None
    begin = min(context.index, len(source.text)) if context else at
    if slip := _UNCLOSED.search(source.text, 0, at):
        return _slip("引号没有配对", "补上右引号", slip.start(1), source)
    commas = list(_WIDE_COMMA.finditer(source.text, begin, at + 2)) if "',' or" in problem else []
    if commas:
        return _slip("逗号是全角的", "写成半角逗号加空格；是文字的，把整个值放进引号", commas[-1].start(), source)
    for pattern, message, hint in _SLIPS:
        for number in (line, line - 1):
            if number >= 0 and (slip := pattern.match(source.line(number).lstrip())):
                return _slip(message, hint, source.line_span(number).start + slip.start(1), source)
    unknown = ("不是正确的 YAML", "检查这一行和上一行的缩进与标点")
    message, hint = next((said for part, said in _PROBLEMS.items() if part in problem), unknown)
    notes = [Note(hint)]
    if context and source.position(begin)[0] != line:
        notes.append(Note("从这里开始", Span(source.name, begin, begin + 1)))
    end = at + 1 if at < len(source.text) and source.text[at] not in "\r\n" else at
    return Diagnostic("yaml-syntax", message, Span(source.name, at, end), notes=tuple(notes))


def _slip(message: str, hint: str, at: int, source: Source) -> Diagnostic:
    return Diagnostic("yaml-syntax", message, Span(source.name, at, at + 1), notes=(Note(hint),))
