"""Parts that do not make up their whole, and lists that are longer or shorter than their count."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import accumulate

from perfc.diagnostic import Note, Severity
from perfc.lint import Finding, rule
from perfc.values import Kind, Quantity, decimals, show
from perfc.vocabulary import Line, Record

_PARTS = 20  # parts of a whole, more than any sentence has
_LABEL = 24
_OF = re.compile(r"[，。；：、,;:（(]?(?:其中|包括)[：:，,]?")
_BREAK = re.compile("[，；、,;]")
_LEAD = re.compile("[。，；：、,;:]|其中|包括|分别[为是]|即")
_CLAUSE = re.compile("[，。；：、,;:]")
_CHANGE = re.compile("[增减]|下降|上升|提高|节约|较|比上|同比|每|平均|人均|不[少低超高]|至少|[≥≤＞＜]")
_SUBTOTAL = re.compile("共计|合计|总计|累计|其中|包括|占")
# One thing at several stages of its way, not parts of it.
_STAGES = re.compile(
    "已|到位|支付|拨付|使用|结余|受理|办结|完成|执行|完工|开工|验收|审核|通过|合格|参加|毕业|签约|入住|实际|收回|有效|达标|新增"
)
_OPEN = re.compile("等(?!级)|其余|剩余|另|此外|主要")
_TOTAL = re.compile("[，、；,;]?(?:共计?|合计|总计|一共|总共)")
_BRACKET = re.compile("[（()）]")
_LIST = 400
_UNIT = "[个家项类种所处座部条级名位大]"
_COUNT_OF = rf"(?P<number>[0-9]{{1,3}}|[两一二三四五六七八九十]{{1,3}})(?P<unit>{_UNIT})"
_COUNTED = re.compile(rf"(?P<how>等|共计?|合计|一共|总共){_COUNT_OF}(?P<noun>[一-鿿]{{0,4}})")
_NAMED = re.compile(rf"{_COUNT_OF}[一-鿿]{{0,10}}?[，：（(:,]?(?:分别(?:是|为)|具体(?:是|为|包括)|即)[：:]?")
_LATER = re.compile("(?<![一-鿿])(?P<label>[一-鿿]{2,10}?)分别(?:是|为)[：:]")
_COUNT = re.compile(rf"(?:共有?|有|为)?{_COUNT_OF}")
_GENERAL = re.compile("单位|部门|项目|方面|内容|机构|股室|科室|指标|环节|措施|平台|系统|制度|文件|乡镇|社区|企业")
_AND = re.compile("和|及|与|或")
_FIGURE = re.compile("[0-9０-９]|^[一二三四五六七八九十]$")
_OPENING, _CLOSING, _ENDS = frozenset("（《“(〈‘"), frozenset("）》”)〉’"), frozenset("。；！？：:，,;")
_ONES = "零一二三四五六七八九"
_WHOLE = re.compile("共|合计|总")
_TAIL = re.compile("(?:人员|人数|[人户个名件项])$")
_PEOPLE = frozenset(("名", "位"))
# Words that divide a whole without rest, when all parts begin with one of a row.
_DIVISIONS = (
    ("男", "女"),
    ("农村", "城市", "城镇", "城区", "乡村"),
    ("分散", "集中"),
    ("基本", "项目"),
    ("人员", "公用", "项目"),
    ("在职", "退休", "离休", "离退休", "在编", "编外"),
    ("中央", "省", "市", "县", "区", "本级", "上级", "自治区", "州"),
    ("财政", "自筹", "其他", "单位", "社会", "银行"),
    ("一般公共预算", "政府性基金", "国有资本", "社会保险", "财政专户", "单位资金", "其他"),
    ("小学", "初中", "高中", "幼儿", "中学"),
    ("新建", "改建", "扩建", "改造", "续建", "维修"),
)


@dataclass(slots=True)
class _Item:
    """Figures that stand together (7825户14245人), the words before them, and what is in brackets behind them."""

    label: str
    figures: list[Quantity]
    inner: list[_Group] = field(default_factory=list)


@dataclass(slots=True)
class _Group:
    """What stands between two brackets, or in no bracket: figures with the words between; `rest` follows the last."""

    items: list[_Item] = field(default_factory=list)
    rest: str = ""


@rule(Severity.WARNING)
def prose_sum(record: Record) -> Iterator[Finding]:
    """正文中“共计a，其中Y b，Z c”的各部分之和要等于总数，列举的个数要与所写的个数一致。

    总数与分项常由不同的人、不同的时间填写，改了一个忘了另一个。核对三种写法：“其中”引出的各部分；
    括号里的分解（分散896人、集中412人）；列举与个数（甲局、乙局、丙局等3家，共有3个，分别是……）。
    看不出是否列全的，只在各部分已经超过总数时提出，或只作提示。

    错误：
        概述: 2022年基本支出共计1015.49万元，其中人员经费849.3万元，公用经费160万元。
    正确：
        概述: 2022年基本支出共计1015.49万元，其中人员经费849.3万元，公用经费166.19万元。
    """
    for line in record.lines:
        if len(line.found) > 1:
            yield from _sums(line)
        yield from _lists(line)


def _sums(line: Line) -> Iterator[Finding]:
    for group, owner in _groups(line):
        for at, item in enumerate(group.items):
            if match := _OF.search(item.label):
                whole = group.items[at - 1] if at else owner
                if whole and len(item.label[: match.start()]) <= _LABEL // 2 and not _CHANGE.search(item.label[:40]):
                    first = _Item(item.label[match.end() :], item.figures, item.inner)
                    parts = _parts([first, *group.items[at + 1 : at + _PARTS]])
                    yield from _unequal(line, whole, parts, _behind(group, at + len(parts)), bracket=False)
            elif _TOTAL.fullmatch(item.label):
                parts = _parts(group.items[max(0, at - _PARTS) : at][::-1], backwards=True)
                yield from _unequal(line, item, parts, "", bracket=False)
        if owner and group.items and not _OF.match(group.items[0].label) and not group.rest:
            parts = _parts(group.items)
            if len(parts) == len(group.items):
                yield from _unequal(line, owner, parts, group.rest, bracket=True)


def _groups(line: Line) -> Iterator[tuple[_Group, _Item | None]]:
    """The line, and what each pair of brackets encloses, with the figures right before it."""
    figures = [one for one in line.found if isinstance(one, Quantity) and one.kind is not Kind.RATE]
    marks = [(match.start(), match.group()) for match in _BRACKET.finditer(line.words)]
    events: list[tuple[int, Quantity | str]] = sorted(
        [*((one.start, one) for one in figures), *marks], key=lambda event: event[0]
    )
    open_: list[tuple[_Group, _Item | None]] = [(_Group(), None)]
    at = 0
    for start, event in events:
        group, _ = open_[-1]
        if start < at:
            continue
        group.rest = _shortened(group.rest + line.words[at:start])
        if isinstance(event, Quantity):
            if group.items and not group.rest and not group.items[-1].inner:
                group.items[-1].figures.append(event)
            else:
                group.items.append(_Item(group.rest, [event]))
            group.rest, at = "", event.end
            continue
        at = start + 1
        if event in "（(":
            owner = group.items[-1] if group.items and not group.rest else None
            open_.append((_Group(), owner))
        elif len(open_) > 1:
            done = open_.pop()
            yield done
            if done[1]:
                done[1].inner.append(done[0])
    open_[-1][0].rest = _shortened(open_[-1][0].rest + line.words[at:])
    yield open_[0]


def _shortened(words: str) -> str:
    """The beginning and the end of a long text, which are all that is looked at."""
    return words if len(words) < 4 * _LABEL else words[: 2 * _LABEL] + words[-2 * _LABEL :]


def _parts(items: Sequence[_Item], *, backwards: bool = False) -> list[_Item]:
    """The leading items that are parts in a row: each a mark, a name, figures.

    Backwards, the last one taken may have words ahead of its name: 获得多项奖励，一等奖1个、二等奖3个，共4个.
    """
    parts: list[_Item] = []
    for at, item in enumerate(items):
        label = item.label if not backwards else item.label.lstrip("，、；,;和及与")
        if item.figures[0].kind is Kind.PERCENT:
            break
        name = label if not at else label.lstrip("，、；,;和及与")
        if backwards and _LEAD.search(name):
            first = _LEAD.split(name)[-1]
            return [*parts, _Item(first, item.figures, item.inner)] if parts and 0 < len(first) <= _LABEL else parts
        if len(name) > _LABEL or _BREAK.search(name) or "。" in label or _SUBTOTAL.search(name):
            break
        if backwards and (not name or _TOTAL.fullmatch(name)):
            break
        if at and not backwards and label == name and not parts[-1].inner:
            break
        parts.append(_Item(name, item.figures, item.inner))
    return parts


def _behind(group: _Group, at: int) -> str:
    """The words behind the parts."""
    return (group.items[at].label if at < len(group.items) else group.rest)[:_LABEL]


def _unequal(line: Line, whole: _Item, parts: list[_Item], behind: str, *, bracket: bool) -> Iterator[Finding]:
    """That parts do not add up to the whole, where they are meant to."""
    labels, name = [one.label for one in parts], _CLAUSE.split(whole.label)[-1]
    if not parts or _CHANGE.search(name) or any(map(_CHANGE.search, labels)):
        return
    if any(map(_STAGES.search, labels)):
        return
    for total in whole.figures:
        values = [next((one for one in part.figures if _alike(one, total)), None) for part in parts]
        figures = [one for one in values if one]
        if len(figures) < len(parts) or total.kind is Kind.PERCENT or any(one.about for one in (total, *figures)):
            continue
        sums = list(accumulate(one.value for one in figures))
        # In brackets nothing else follows; elsewhere what follows the parts may look like one.
        enough = sums[-1:] if bracket else sums[min(1, len(sums) - 1) :]
        if any(abs(one - total.value) <= _tolerance(total, figures) for one in enough):
            continue
        severity = _severity(name, labels, total, sums[-1], bracket=bracket, complete=not _OPEN.search(behind))
        if severity:
            figures.sort(key=lambda one: one.start)
            yield _finding(line, total, figures, sums[-1], severity)


def _severity(
    name: str, labels: list[str], total: Quantity, found: Decimal, *, bracket: bool, complete: bool
) -> Severity | None:
    """How sure it is that the parts should make up the whole; None if it is not."""
    share = found / total.value if total.value else Decimal(2)
    if len(labels) == 1:
        return Severity.WARNING if share > 1 and not bracket else None
    divided = bracket or _divide(labels)
    if share > 1:
        return Severity.WARNING if total.kind is Kind.MONEY or divided or share < Decimal("1.05") else None
    if not complete or share < Decimal("0.5"):
        return Severity.INFO if complete and total.kind is Kind.MONEY and _WHOLE.search(name) else None
    if divided or share > Decimal("0.95") or (total.kind is Kind.MONEY and _WHOLE.search(name)):
        return Severity.WARNING
    return None


def _divide(labels: list[str]) -> bool:
    """Whether the names of the parts divide a whole: 农村特困供养、城市特困供养; 人员经费、公用经费."""
    if any(all(one.startswith(row) for one in labels) for row in _DIVISIONS):
        return True
    bare = [_TAIL.sub("", one) for one in labels]
    return all(len(one) > 2 and one[-2:] == bare[0][-2:] for one in bare)


def _finding(line: Line, total: Quantity, parts: list[Quantity], found: Decimal, severity: Severity) -> Finding:
    scale = Decimal(10_000) if total.unit.startswith("万") else Decimal(1)
    shown = " + ".join(show(one) if one.unit != total.unit else f"{one.number:f}" for one in parts)
    off = abs(found - total.value) / scale
    if len(parts) == 1:
        message = f"其中的一部分 {show(parts[0])} 大于总数 {show(total)}"
    else:
        unit = total.unit
        message = f"{shown} = {_plain(found / scale)}{unit} ≠ {show(total)}（相差 {_plain(off)}{unit}）"
    hint = Note("核对总数和各部分；没有列全的，写“其余……”")
    return Finding(line.at(total.start, total.end), message, (hint,), severity=severity)


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}" if value else "0"


def _tolerance(total: Quantity, parts: list[Quantity]) -> Decimal:
    """What rounding may make of a sum of figures with decimals; whole numbers are exact."""
    finest = min((total, *parts), key=lambda one: one.tolerance)
    tolerance = finest.tolerance * (1 + len(parts)) if decimals(finest.number) else Decimal(0)
    return tolerance + (total.tolerance if total.tolerance > finest.tolerance else 0)


def _alike(one: Quantity, other: Quantity) -> bool:
    return one.kind is other.kind and _base(one) == _base(other)


def _base(one: Quantity) -> str:
    return "人" if one.base in _PEOPLE else one.base


def _lists(line: Line) -> Iterator[Finding]:
    """Lists that do not have as many members as they say."""
    end = 0
    for match in _COUNTED.finditer(line.words):
        before = line.words[max(end, match.start() - _LIST) : match.start()]
        end = match.end("unit")
        members = _members(_clause(before))
        if len(members) > 1 and (match["how"] == "等" or _of_kind(match["noun"], members)):
            loose = not any(one[-1:] == members[0][-1:] for one in members[1:])
            yield from _miscounted(line, match, members, loose=loose, closed=match["how"] != "等")
    for match in _NAMED.finditer(line.words):
        yield from _named(line, match)
    for match in _LATER.finditer(line.words):
        start = line.offset + match.start()
        before = line.text[max(0, start - _LIST) : start]
        if (at := before.rfind(match["label"])) >= 0 and (count := _COUNT.match(before, at + len(match["label"]))):
            members = _members(_first_clause(line.words[match.end() : match.end() + _LIST]))
            number = _number(count["number"])
            if len(members) > 1 and not len(members) <= number <= _most(members):
                shown = before[at : count.end()]
                yield _listed(line, match.start(), match.end(), members, shown)


def _named(line: Line, match: re.Match[str]) -> Iterator[Finding]:
    """A count that its members follow: 股室4个，分别是：……"""
    behind = _first_clause(line.words[match.end() : match.end() + _LIST])
    members = _members(behind)
    if len(members) > 1:
        yield from _miscounted(line, match, members, loose=False, closed=not behind.endswith("等"))


def _miscounted(
    line: Line, match: re.Match[str], members: list[str], *, loose: bool, closed: bool
) -> Iterator[Finding]:
    """That a list has not as many members as its count; `loose` where its first one may be no member."""
    number = _number(match["number"])
    least, most = len(members) - loose, _most(members)
    if number < least or (closed and number > most):
        start = match.start("how") if "how" in match.groupdict() else match.start("number")
        yield _listed(line, start, match.end("unit"), members, line.words[start : match.end("unit")])


def _listed(line: Line, start: int, end: int, members: list[str], shown: str) -> Finding:
    hint = Note("核对列举和个数")
    return Finding(line.at(start, end), f"列出 {len(members)} 个，写作“{shown}”", (hint,))


def _most(members: list[str]) -> int:
    """How many members there can be: 和 joins two of them, or belongs to a name (发展和改革局)."""
    return len(members) + sum(len(_AND.findall(one)) for one in members)


def _of_kind(noun: str, members: list[str]) -> bool:
    """Whether a counted noun is what the members are: 关峡乡、东山乡共2个乡."""
    if not noun or _GENERAL.match(noun):
        return True
    return sum(bool(one) and noun.startswith((one[-1], one[-2:])) for one in members) * 2 > len(members)


def _members(words: str) -> list[str]:
    """What a list enumerates, brackets taken as parts of their members; empty where it has figures of its own."""
    members, depth, last = [""], 0, ""
    for char in words:
        depth += (char in _OPENING) - (char in _CLOSING)
        adjacent = depth == 1 and last + char in ("》《", "”“")
        if adjacent or (char == "、" and not depth):
            members.append("")
        if char != "、" or depth:
            members[-1] += char
        last = char
    members = [one.strip() for one in members]
    right = all(1 < len(one) <= 2 * _LABEL and not _FIGURE.search(one) for one in members)
    return members if right and not depth else []


def _clause(words: str) -> str:
    """The last clause of a text, empty where it may begin before the text."""
    depth = 0
    for at in range(len(words) - 1, -1, -1):
        char = words[at]
        depth += (char in _CLOSING) - (char in _OPENING)
        if depth < 0 or (not depth and char in _ENDS):
            return words[at + 1 :]
    return words if len(words) < _LIST else ""


def _first_clause(words: str) -> str:
    """The first clause of a text, empty where a list may go on behind it."""
    depth = 0
    for at, char in enumerate(words):
        depth += (char in _OPENING) - (char in _CLOSING)
        if depth < 0 or (not depth and char in _ENDS):
            going_on = char in "，,：:" and "、" in words[at:].partition("。")[0]
            return "" if going_on else words[:at]
    return words if len(words) < _LIST else ""


def _number(written: str) -> int:
    """A count in digits or Chinese numerals below a hundred."""
    if written.isdigit():
        return int(written)
    tens, ten, ones = written.replace("两", "二").rpartition("十")
    return 10 * (_ONES.find(tens) if tens else 1 if ten else 0) + (_ONES.find(ones) if ones else 0)
