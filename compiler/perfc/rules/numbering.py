"""Typed numbering with a gap, a repeat, or the wrong mark."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import islice

from perfc.diagnostic import Note, Severity
from perfc.lint import Finding, rule
from perfc.vocabulary import INDICATORS, Line, Record

_ONES = "一二三四五六七八九"
_CIRCLES = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_HAN = f"[{_ONES}十]{{1,3}}"
_WORDS = ("目标", "任务", "问题", "原因", "措施", "举措", "建议", "成效", "做法", "亮点", "事项", "步骤", "阶段")
_ENCLOSED = (
    rf"[（(](?P<bracket>{_HAN})[）)](?P<bracket_mark>[、，,.．]?)",
    r"[（(](?P<round>[0-9０-９]{1,2})[）)](?P<round_mark>[、，,.．]?)",
    rf"(?P<circle>[{_CIRCLES}])(?P<circle_mark>[、，,.．]?)",
    rf"(?P<phrase>{_HAN})(?P<phrase_mark>[是要])|第(?P<ordinal>{_HAN})(?P<ordinal_mark>[，、,])",
    rf"(?P<word>{'|'.join(_WORDS)})(?P<label>[0-9]{{1,2}}|{_HAN})(?P<label_mark>[：:、.．])",
)
_HEADS = (
    rf"(?P<han>{_HAN})(?P<han_mark>[、.．，,])",
    r"(?P<arabic>[0-9０-９]{1,2})(?P<arabic_mark>[、.．](?![0-9]|$)|[.．、](?=(?:19|20)[0-9]{2}年))",
    r"(?P<loose>[0-9]{1,2})(?P<loose_mark>[、.．]?)(?= ?[一-鿿]|[0-9])",
)
_HEAD = re.compile("|".join((*_HEADS, *_ENCLOSED)))
_INSIDE = r"(?<![，,])(?P<arabic>[0-9]{1,2})(?P<arabic_mark>[.．、])(?=[一-鿿“《])"
_WITHIN = re.compile(rf"[。；：，;:,](?:{'|'.join((*_ENCLOSED, _INSIDE))})")
# From the highest to the lowest. `comma` is 1、 where 1. is a level of its own; `loose` is 3开展 or 3.10个.
_LEVELS = ("han",), ("bracket", *_WORDS), ("comma", "arabic", "loose"), ("round",), ("circle",), ("phrase", "ordinal")
_RANK = {level: rank for rank, levels in enumerate(_LEVELS) for level in levels}
# What begins any number but a loose one, which is of a list only where there are others.
_BEGIN = rf"[（(第]?[{_ONES}十]|[（({_CIRCLES}]|[0-9０-９]{{1,2}}[.．、]|(?:{'|'.join(_WORDS)})[0-9{_ONES}十]"
_LIKELY = re.compile(f"[\n。；：，;:,](?:{_BEGIN})")
_WIDE = re.compile("[０-９]")
_MOST = 50  # findings in one part
_FAR = 5  # a number so much higher than the last one is none of the list


@dataclass(frozen=True, slots=True)
class _Item:
    """A number typed in a line: its level, its value, the mark behind it, and whether it begins the line."""

    line: Line
    level: str
    value: int
    mark: str
    start: int
    end: int
    heads: bool

    @property
    def shown(self) -> str:
        return self.line.words[self.start : self.end]


@dataclass(slots=True)
class _Run:
    """The numbers of one level since they began, and the values that may come next; `outer` goes on after it."""

    items: list[_Item] = field(default_factory=list)
    next: set[int] = field(default_factory=set)
    outer: "_Run | None" = None

    @property
    def last(self) -> int:
        return self.items[-1].value

    def add(self, item: _Item, *, wrong: bool = False) -> None:
        """Take a number in; after a wrong one, what would have come without it is right too."""
        due = {self.last + 1} if self.items else set()
        resumed = due if len(self.next) > 1 else set()
        self.next = {item.value + 1} | ({one + more for one in due for more in (0, 1)} if wrong else resumed)
        self.items.append(item)


@rule(Severity.WARNING)
def numbering(record: Record) -> Iterator[Finding]:
    """手写的序号连续、不重复，同一层次用同一种写法。

    看每一部分中段首的一、（一）1.（1）①和“目标1：”，以及段内的一是、二是和（1）（2）；新的一部分从头编号是对的。
    带括号的序号后面不加标点，汉字序号后面用顿号。能由 perfc 编写的序号（版式规定的各级标题、各条目标）不用手写。

    依据：《标点符号用法》（GB/T 15834—2011）。

    错误：
        工作保障措施: |
          一是加强领导。二是明确责任。二是严格考核。
    正确：
        工作保障措施: |
          一是加强领导。二是明确责任。三是严格考核。
    """
    likely = set(map(_part, record.having(_LIKELY)))
    parts: dict[object, list[Line]] = {}
    for text in record.texts if likely else ():
        if (part := _part(text[0])) in likely:
            parts.setdefault(part, []).extend(text)
    for lines in parts.values():
        items = _levelled([item for line in lines for item in _items(line) if item.value])
        if items:
            yield from islice(_Part(lines[0], items).check(), _MOST)


def _part(line: Line) -> object:
    """What tells the part of a document that a line is of from others: its keys, in a table of indicators its text."""
    return id(line.text) if INDICATORS in line.path else line.path


def _items(line: Line) -> Iterator[_Item]:
    """The numbers typed in a line."""
    head = _HEAD.match(line.words)
    if head:
        yield _item(line, head, heads=True)
    for match in _WITHIN.finditer(line.words, head.end() - 1 if head else 0):
        yield _item(line, match, heads=False)


def _item(line: Line, match: re.Match[str], *, heads: bool) -> _Item:
    """A number; one within a line has the mark before it in its match."""
    level = match.lastgroup.removesuffix("_mark") if match.lastgroup else ""
    start = match.start() if heads else match.start() + 1
    own = match["word"] if level == "label" else level
    return _Item(line, own, _value(match[level]), match[f"{level}_mark"], start, match.end(), heads)


def _levelled(items: list[_Item]) -> list[_Item]:
    """The numbers with 1、 as a level of its own where both 1、 and 1. begin a list."""
    begin = {item.mark == "、" for item in items if item.level == "arabic" and item.value == 1}
    if len(begin) < 2:
        return items
    return [replace(one, level="comma") if one.level == "arabic" and one.mark == "、" else one for one in items]


@dataclass(slots=True)
class _Part:
    """The numbers of one part of a document, checked from the first to the last."""

    first: Line
    items: list[_Item]
    runs: dict[str, _Run] = field(default_factory=dict)  # the last touched at the end
    ended: dict[str, int] = field(default_factory=dict)  # the last number of each level, of an ended run too

    def check(self) -> Iterator[Finding]:
        marks = Counter(item.mark.replace("．", ".") for item in self.items if item.level == "arabic" and item.heads)
        usual = marks.most_common(1)[0][0] if marks else ""
        wide = all(_WIDE.search(item.shown) for item in self.items if item.level in ("arabic", "comma", "round"))
        for number, (item, after) in enumerate(zip(self.items, self.afterwards(), strict=True)):
            run = self.runs.get("arabic" if item.level == "loose" else item.level)
            if run and not item.heads and run.items[-1].line is not item.line and item.value not in run.next:
                run = None
            if item.level == "loose":
                yield from self.loose(item, run, usual)
            elif run is None and (other := self.other(number)):
                right = _form(self.runs[other].items[-1], item.value)
                yield _finding(item, f"同一层次的序号写作“{item.shown}”：{_context(item)}", right)
                self.runs[other].add(item)
                self.touch(item, other)
            else:
                yield from _mark(item, usual, wide=wide)
                yield from self.add(item, run, after)
                self.touch(item, item.level)

    def afterwards(self) -> list[int]:
        """For each number the next one of its level, 0 for the last."""
        found = []
        following: dict[str, int] = {}
        for item in reversed(self.items):
            found.append(following.get(item.level, 0))
            following[item.level] = item.value
        return found[::-1]

    def touch(self, item: _Item, level: str) -> None:
        """Make a level the last one touched; what begins a line ends the levels below."""
        self.ended[level] = item.value
        if level in self.runs:
            self.runs[level] = self.runs.pop(level)
        if item.heads:
            self.runs = {one: run for one, run in self.runs.items() if _RANK[one] <= _RANK[level]}

    def loose(self, item: _Item, run: _Run | None, usual: str) -> Iterator[Finding]:
        """A number that may be one of the list or of the sentence: it is of the list where its turn has come."""
        found = item.line.found
        if run is None or item.value not in run.next or (not item.mark and found and found[0].start == 0):
            return
        if not item.mark:
            yield _finding(item, f"序号“{item.shown}”后面没有标点：{_context(item)}", f"{item.value}{usual}")
        run.add(item)
        self.touch(item, "arabic")

    def add(self, item: _Item, run: _Run | None, after: int) -> Iterator[Finding]:
        """Put a number into the run of its level; one that the run cannot have is wrong, 1 begins another."""
        due = run.last + 1 if run else 1
        if run and item.value in run.next:
            run.add(item)
        elif run and run.outer and item.value in run.outer.next:
            self.runs[item.level] = run.outer
            run.outer.add(item)
        elif run and after == due + 1 and (item.value > 1 or item.line.text is run.items[-1].line.text):
            yield _finding(item, f"“{run.items[-1].shown}”之后是“{item.shown}”：{_context(item)}", _form(item, due))
            run.add(item)
            run.next = {after}
        elif run and (item.value > 1 or _again(run.items[-1], item)):
            if item.value < due + _FAR or (item.heads and item.level not in ("arabic", "comma")):
                yield from _wrong(item, run)
                run.add(item, wrong=True)
        else:
            if item.value > 1 and item.heads and item.line is self.first and after == item.value + 1:
                yield _finding(item, f"序号从“{item.shown}”开始：{_context(item)}")
            nested = run is not None and not item.heads and run.items[-1].line is item.line
            self.runs[item.level] = begun = _Run(outer=run if nested else None)
            begun.add(item)

    def other(self, number: int) -> str:
        """The level that a number is the next one of, though it is written like another."""
        item = self.items[number]
        if not item.heads or item.value == 1 or item.level in _WORDS:
            return ""
        for level in reversed(self.runs):
            last = self.runs[level].items[-1]
            if _RANK[level] < 5 and level not in _WORDS and last.heads and item.value in self.runs[level].next:
                ahead = (one.value for one in self.items[number + 1 : number + 50] if one.level == level)
                goes_on = self.ended.get(item.level) == item.value - 1 and next(ahead, 0) != item.value + 1
                return "" if goes_on else level
        return ""


def _mark(item: _Item, usual: str, *, wide: bool) -> Iterator[Finding]:
    """Whether the mark behind a number is not that of its level, or its figures not those of the others."""
    says = ""
    if not wide and _WIDE.search(item.shown):
        says, right = f"序号“{item.shown}”的数字是全角，别处是半角", _form(item, item.value)
    elif item.level in ("bracket", "round", "circle") and item.mark:
        says, right = f"“{item.shown[:-1]}”后面不加“{item.mark}”", item.shown[:-1]
    elif item.level == "han" and item.mark != "、" and (item.value > 1 or item.mark in ".．"):
        says, right = f"序号“{item.shown}”后面用顿号", f"{item.shown[:-1]}、"
    elif item.level == "arabic" and item.heads and item.mark.replace("．", ".") != usual:
        says, right = f"同一层次的序号有“{item.value}{usual}”，也有“{item.shown}”", f"{item.value}{usual}"
    if says:
        yield _finding(item, f"{says}：{_context(item)}", right)


def _wrong(item: _Item, run: _Run) -> Iterator[Finding]:
    """A number whose turn it is not."""
    last = run.items[-1]
    if item.value > last.value:
        missing = _form(item, last.value + 1)
        between = item.line.words[last.end : item.start] if last.line is item.line else ""
        if not re.search(f"[。；，：;:,] ?{re.escape(missing[: -len(item.mark)])}", between) or not item.mark:
            yield _finding(item, f"序号从“{last.shown}”跳到“{item.shown}”，没有“{missing}”：{_context(item)}")
        return
    same = next((one for one in reversed(run.items) if one.value == item.value), None)
    if same:
        says = f"序号“{item.shown}”重复：{_context(item)}"
        yield Finding(item.line.at(item.start, item.end), says, (Note("前一处", same.line.at(same.start, same.end)),))
    else:
        yield _finding(item, f"序号“{item.shown}”在“{last.shown}”之后：{_context(item)}")


def _again(last: _Item, item: _Item) -> bool:
    """Whether a number is the last one again: one line after another, or in the same line, with none between."""
    one, other = last.line, item.line
    if last.value != item.value or not item.heads:
        return last.value == item.value and one is other
    between = one.text[one.offset + len(one.words) : other.offset].strip()
    return last.heads and one is not other and one.text is other.text and not between


def _finding(item: _Item, says: str, right: str = "") -> Finding:
    notes = (Note(f"写成 {right}"),) if right else ()
    edits = item.line.edit(item.start, item.end, right) if right else ()
    return Finding(item.line.at(item.start, item.end), says, notes, edits=edits)


def _context(item: _Item) -> str:
    return item.line.words[item.start : item.end + 10]


def _form(like: _Item, value: int) -> str:
    """A number written like another one."""
    if like.level == "circle":
        return _CIRCLES[value - 1] if value <= len(_CIRCLES) else f"（{value}）"
    if like.level in _WORDS:
        return f"{like.level}{value if like.shown[len(like.level)].isdecimal() else _han(value)}{like.mark}"
    written = str(value) if like.level in ("arabic", "comma", "round") else _han(value)
    if like.level in ("bracket", "round"):
        return f"（{written}）"
    return f"{'第' if like.level == 'ordinal' else ''}{written}{like.mark}"


def _value(written: str) -> int:
    return int(written) if written.isdecimal() else _VALUES.get(written, 0)


def _han(value: int) -> str:
    tens, ones = divmod(value, 10)
    return ("" if tens == 0 else "十" if tens == 1 else f"{_ONES[tens - 1]}十") + (_ONES[ones - 1] if ones else "")


_VALUES = {_han(one): one for one in range(1, 100)} | {one: at for at, one in enumerate(_CIRCLES, 1)}
