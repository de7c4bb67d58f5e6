"""Brackets and quotation marks that do not pair."""

import re
from collections.abc import Iterator
from itertools import islice

from perfc.diagnostic import Note, Severity
from perfc.lint import Finding, rule, short
from perfc.vocabulary import Line, Record

_MOST = 5  # findings in one line
_PAIRS = (
    "（）括号",
    "()括号",
    "《》书名号",
    "〈〉单书名号",
    "“”引号",
    "‘’单引号",
    "〔〕括号",
    "﹝﹞括号",
    "〖〗括号",
    "【】括号",
    "［］括号",
    "[]括号",
)
_OPEN = {pair[0]: pair[1] for pair in _PAIRS}
_CLOSE = {pair[1]: pair[0] for pair in _PAIRS}
_NAME = {one: pair[2:] for pair in _PAIRS for one in pair[:2]}
_WIDE = {"(": "（", ")": "）"}
_KIND = {one: _WIDE.get(pair[0], pair[0]) for pair in _PAIRS for one in pair[:2]}  # both widths and directions are one
_INNER = {"“": "‘’", "《": "〈〉"}  # what stands inside the same marks
_MARK = re.compile(f"[{re.escape(''.join(pair[:2] for pair in _PAIRS))}]")
# Pairs one behind another; ’ may be an apostrophe.
_PAIRED = re.compile(f"(?:{'|'.join(re.escape(pair[:2]) for pair in _PAIRS if pair[0] != '‘')})*")
_NUMBER = re.compile(
    r"(?P<open>[\[［【〖〔﹝（(〈《]) ?(?P<year>(?:19|20)[0-9]{2}) ?(?P<close>[\]］】〗〕﹞）)〉》])"
    "(?= ?第?[0-9]{1,5} ?号(?![楼院线机门]))"
)
_INTERVAL = re.compile(r"[\[(（［〔] ?[0-9.]{1,9}%? ?[,，~—-] ?(?:[0-9.]{1,9}%?|[+＋]?∞) ?[\])）］〕]")
_TURNED = re.compile(
    "(?:”(?=[^“”。；]{2,20}“)|》(?=[^《》。；]{2,30}《)|）(?=[^（）。；]{2,20}（))(?![和及与或以的、，]).{2,30}."
)
_LISTED = re.compile(r"(?:^|[。；：，、\s])[0-9A-Za-z一二三四五六七八九十①-⑳]{1,2}$")


@rule(Severity.WARNING)
def brackets(record: Record) -> Iterator[Finding]:
    """括号、引号、书名号成对使用，不交叉；发文字号的年份用六角括号。

    每一段单独看。引号里再用引号，里层用单引号；书名号里再用书名号，里层用单书名号。发文字号写作“国发〔2023〕1号”，不用方括号、
    圆括号。

    依据：《标点符号用法》（GB/T 15834—2011）、《党政机关公文格式》（GB/T 9704—2012）。

    错误：
        资金用途: 用于特困人员救助（含农村留守儿童和残疾人补贴。
        项目名称: 冀财预[2023]49号专项资金
    正确：
        资金用途: 用于特困人员救助（含农村留守儿童）和残疾人补贴。
        项目名称: 冀财预〔2023〕49号专项资金
    """
    for line in record.having(_MARK):
        yield from islice(_found(line), _MOST)


def _found(line: Line) -> Iterator[Finding]:
    aside = set()
    for match in _NUMBER.finditer(line.words):
        aside |= {match.start(), match.start("close")}
        if (match["open"], match["close"]) != ("〔", "〕"):
            right, (start, end) = f"〔{match['year']}〕", match.span()
            found = f"发文字号的年份写作“{match.group()}”"
            yield Finding(line.at(start, end), found, (Note(f"写成 {right}"),), edits=line.edit(start, end, right))
    if not _PAIRED.fullmatch("".join(_MARK.findall(line.words))):
        for match in _INTERVAL.finditer(line.words):
            aside |= {match.start(), match.end() - 1}
        yield from _unpaired(line, aside)


def _unpaired(line: Line, aside: set[int]) -> Iterator[Finding]:
    """The marks of a line that are alone, crossed, of two widths, or inside others of their kind."""
    words = line.words
    stack: list[int] = []
    alone: list[int] = []
    inside: list[tuple[int, int, int]] = []
    depth = dict.fromkeys(_OPEN, 0)
    for match in _MARK.finditer(words):
        at, mark = match.start(), match.group()
        kind = _KIND[mark]
        if at in aside or (mark in "‘’" and words[at - 1 : at].isascii() and words[at - 1 : at].isalpha()):
            continue
        if mark in _OPEN:
            stack.append(at)
            depth[kind] += 1
        elif not depth[kind]:
            alone += [] if kind == "（" and _LISTED.search(words[max(0, at - 4) : at]) else [at]
        else:
            while _KIND[words[stack[-1]]] != kind:
                alone.append(stack.pop())
                depth[_KIND[words[alone[-1]]]] -= 1
            start = stack.pop()
            depth[kind] -= 1
            if stack and mark in "”》" and words[stack[-1]] == words[start]:
                inside.append((stack[-1], start, at))
            elif _OPEN[words[start]] != mark:
                yield _widths(line, start, at)
    yield from _alone(line, sorted(alone + stack))
    open_still = set(alone + stack)
    yield from (_inside(line, start, end) for outer, start, end in inside if outer not in open_still)


def _widths(line: Line, start: int, end: int) -> Finding:
    half = start if line.words[start] in _WIDE else end
    wide = _WIDE[line.words[half]]
    found = f"前后括号一个全角、一个半角：{short(line.words[start : end + 1])}"
    return Finding(line.at(half, half + 1), found, (Note(f"写成 {wide}"),), edits=line.edit(half, half + 1, wide))


def _inside(line: Line, start: int, end: int) -> Finding:
    name, inner = _NAME[line.words[start]], _INNER[line.words[start]]
    found = f"{name}里又用了{name}：{short(line.words[start : end + 1])}"
    edits = line.edit(start, start + 1, inner[0]) + line.edit(end, end + 1, inner[1])
    return Finding(line.at(start, end + 1), found, (Note(f"里层用 {inner}"),), edits=edits)


def _alone(line: Line, places: list[int]) -> Iterator[Finding]:
    """Marks without another: two of a kind beside each other are one slip."""
    words = line.words
    waiting: dict[str, int] = {}
    for at in places:
        kind = _KIND[words[at]]
        before = waiting.pop(kind, None)
        if before is None:
            waiting[kind] = at
        elif words[before] in _OPEN and words[at] in _CLOSE:
            found = f"{_NAME[kind]}与别的标点交叉：{short(words[before : at + 1])}"
            yield Finding(line.at(before, at + 1), found, (Note("先开的后关"),))
        elif _TURNED.fullmatch(words, before, at + 1):
            found = f"前后{_NAME[words[at]]}颠倒：{short(words[before : at + 1])}"
            right = f"{words[at]}{words[before + 1 : at]}{words[before]}"
            yield Finding(line.at(before, at + 1), found, (Note(f"写成 {short(right)}"),))
        elif words[before] in _CLOSE and words[at] in _OPEN:
            yield _single(line, before)
            waiting[kind] = at
        else:
            wrong, right = (at, _OPEN[words[at]]) if words[at] in _OPEN else (before, _CLOSE[words[before]])
            found = f"{_NAME[kind]}前后方向相同：{short(words[before : at + 1])}"
            edits = line.edit(wrong, wrong + 1, right)
            yield Finding(line.at(wrong, wrong + 1), found, (Note(f"写成 {right}"),), edits=edits)
    for at in waiting.values():
        yield _single(line, at)


def _single(line: Line, at: int) -> Finding:
    words, mark = line.words, line.words[at]
    name, other = _NAME[mark], _OPEN.get(mark) or _CLOSE[mark]
    if mark in _OPEN:
        found = f"前{name}没有配对的后{name}：{words[at : at + 14]}"
    else:
        found = f"后{name}没有配对的前{name}：{words[max(0, at - 13) : at + 1]}"
    return Finding(line.at(at, at + 1), found, (Note(f"补上 {other}，或删去 {mark}"),))
