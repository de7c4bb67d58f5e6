"""Parts that do not make up their whole, and lists that are longer or shorter than their count."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import accumulate
from typing import NamedTuple

from perfc.diagnostic import Note, Severity
from perfc.lint import Finding, rule
from perfc.values import Kind, Quantity, decimals, exchanged, mistyped, show, spoken
from perfc.vocabulary import Line, Record

_PARTS = 20  # parts of a whole, more than any sentence has
_LABEL = 24
_OF = re.compile(r"[，。；：、,;:（(]?(?P<how>其中|包括|分别[为是]|具体[为是])[：:，,]?")
_TOTAL = re.compile("(?:全年|前后|先后|以上|上述|各项|[两二三四五六七八九]项)?(?:共计|合计|总计)为?|共|一共|总共")
_SOME = ("其中", "包括")
_ANY = re.compile("其中|包括|分别|具体|共|[合总]计|[（(]")
_CLAUSE = re.compile("[，。；：、,;:]|其中|包括|分别[为是]|即")
_STRONG = re.compile("[，。；：,;:]")
_BRACKET = re.compile("[（()）]")
# Between two figures stand a noun of the first, a mark, the name of the second: 13个镇、2个乡; 农村60人、城市40人.
_BETWEEN = re.compile("[一-鿿]{0,8}?([、，；,;](?:[和及与])?|[和及与])")
_HAN = re.compile("[一-鿿]{0,8}")
_NOUN = re.compile("[一-鿿]{0,8}?(?=[、，。；,;和及与（(）)]|$)")
_STRENGTH = {"，": 2, ",": 2, "；": 3, ";": 3}
_CHANGE = re.compile(
    "(?<!新)增(?![值强设])|减(?![免灾排])|下降|上升|提高|节约|较|比上|同比|每|平均|人均|不[少低超高]|至少|[≥≤＞＜]"
)
# One thing at several stages of its way is not divided into them.
_NO_PART = re.compile(
    f"{_CHANGE.pattern}|已|到位|支付|拨付|使用|结余|受理|立案|办结|结案|完成|执行|[完开竣]工|验收|审核|通过|合格|参加|毕业|签约|"
    "入住|实际|收回|有效|达标|新增"
)
_ASIDE = re.compile("[，,]?(?:占|比上|较|同比)")
_SUBTOTAL = re.compile("[共合总累]计|其中|包括|含|占|^共$")
# What goes across other divisions: a woman may be a party member, a model village a poor one.
_TRAIT = re.compile(
    "[党团]员|[男女]|妇|族|学历|本科|大专|硕士|博士|研究生|职称|[高中初]级(?!中学)|岁|[青老]年|老人|残|失能|低保|特困|[脱贫]贫|困难|"
    "监测|留守|流动|骨干|重点|优秀|示范|先进|规[模上]|高新|普惠|持证|双师|返乡|首次|[亿万]元以"
)
_OPEN = re.compile("[^。；]{0,20}?(?:等(?!级)|其余|剩余|另|此外|主要)")
_WHOLE = re.compile("共|合计|总")
_HIGHER = ("国家", "中央", "自治区", "省", "市", "州", "上级")
# Words that divide a whole without rest, when all parts begin with one of a row.
_DIVISIONS = [
    tuple(row.split())
    for row in (
        f"{' '.join(_HIGHER)} 县 区 乡 镇 村 本级/农村 城市 城镇 城区 乡村/男 女/小学 初中 高中 幼儿 中学/分散 集中/"
        "行政 事业 参公 参照 公务员 工勤/在职 退休 离休 离退休 在编 编外/新建 改建 扩建 改造 续建 维修/人员 公用 项目/"
        "基本 项目/财政 自筹 其他 单位 社会 银行/一般公共预算 政府性基金 国有资本 社会保险 财政专户 单位资金 其他"
    ).split("/")
]
_AGES = frozenset(("岁", "周岁"))
_PEOPLE = frozenset("人名位")
_LIST = 400
_COUNT_OF = "(?P<number>[0-9]{1,3}|[两一二三四五六七八九十]{1,3})(?P<unit>[个家项类种所处座部条级名位大])"
_COUNTED = re.compile(f"(?P<how>等|共计?|合计|一共|总共){_COUNT_OF}(?P<noun>[一-鿿]{{0,4}})")
_NAMED = re.compile(rf"{_COUNT_OF}[一-鿿]{{0,10}}?[，：（(:,]?(?:分别(?:是|为)|具体(?:是|为|包括)|即)[：:]?")
_NAMES = re.compile("分别|具体|即")
_LATER = re.compile("(?<![一-鿿])(?P<label>[一-鿿]{2,10}?)分别(?:是|为)[：:]")
_COUNT = re.compile(f"(?:共有?|有|为)?{_COUNT_OF}")
_GENERAL = re.compile("单位|部门|项目|方面|内容|机构|股室|科室|指标|环节|措施|平台|系统|制度|文件|乡镇|社区|企业")
_LISTED = re.compile("、|》《|”“")
_AND = re.compile("[和及与或]")
_FIGURE = re.compile("[0-9０-９]|^[一二三四五六七八九十]$")
_ENDS = re.compile("[。；！？：:，,;（）()《》“”]")
_INNER = re.compile("(?:（[^（）]{0,200}）|[(][^()]{0,200}[)]|《[^《》]{0,200}》|“[^“”]{0,200}”)(?=(?P<next>[《“])?)")


@dataclass(frozen=True, slots=True)
class _Item:
    """Figures that stand together (7825户14245人) and the words before: a mark, of strength 0 if none, and a name."""

    label: str
    name: str
    strength: int
    figures: list[Quantity]


@dataclass(slots=True)
class _Group:
    """What stands between two brackets right behind `owner`, or in none: figures; `rest` follows the last."""

    owner: _Item | None = None
    items: list[_Item] = field(default_factory=list)
    rest: str = ""


class _Claim(NamedTuple):
    """That figures from a whole on are its parts; `how` is 其中 or the like, （ for brackets, 合计 for a total."""

    how: str
    whole: _Item
    parts: Sequence[_Item]
    before: Sequence[_Item] = ()


@rule(Severity.WARNING)
def prose_sum(record: Record) -> Iterator[Finding]:
    """正文中“共计a，其中Y b，Z c”的各部分之和要等于总数，列举的个数要与所写的个数一致。

    总数与分项常由不同的人、不同的时间填写，改了一个忘了另一个。核对四种写法：“其中”“分别为”引出的各部分；
    “合计”之前的各部分；括号里的分解（分散896人、集中412人；13个镇、2个乡）；列举与个数（甲局、乙局、丙局等3家，
    共有3个，分别是……）。看不出是否列全的，只在各部分已经超过总数、或者改一个数字就正好相符时提出；
    各部分会互相重叠的（党员、女性），只看有没有大于总数的。

    错误：
        概述: 2022年基本支出共计1015.49万元，其中人员经费849.3万元，公用经费160万元。
    正确：
        概述: 2022年基本支出共计1015.49万元，其中人员经费849.3万元，公用经费166.19万元。
    """
    for line in record.lines:
        if len(line.found) > 1 and _ANY.search(line.words):
            for group in _groups(line):
                for claim in _claims(group):
                    yield from _unequal(line, claim)
        yield from _lists(line)


def _groups(line: Line) -> Iterator[_Group]:
    """What each pair of brackets encloses, and the line without them."""
    figures = [one for one in line.found if isinstance(one, Quantity) and one.kind is not Kind.RATE]
    events: list[tuple[int, Quantity | str]] = [(one.start, one) for one in figures if one.base not in _AGES]
    events += [(match.start(), match.group()) for match in _BRACKET.finditer(line.words)]
    open_, at = [_Group()], 0
    for start, event in sorted(events, key=lambda one: one[0]):
        group = open_[-1]
        if start < at:
            continue
        group.rest = _shortened(group.rest + line.words[at:start])
        at = event.end if isinstance(event, Quantity) else start + 1
        if isinstance(event, Quantity) and group.items and not group.rest:
            group.items[-1].figures.append(event)
        elif isinstance(event, Quantity):
            mark = _BETWEEN.match(group.rest) if group.items else None
            strength = _STRENGTH.get(mark[1][0], 1) if mark else 0
            group.items.append(_Item(group.rest, group.rest[mark.end() if mark else 0 :], strength, [event]))
            group.rest = ""
        elif event in "（(":
            open_.append(_Group(group.items[-1] if group.items and _HAN.fullmatch(group.rest) else None))
        elif len(open_) > 1:
            yield open_.pop()
    open_[-1].rest = _shortened(open_[-1].rest + line.words[at:])
    yield open_[0]


def _shortened(words: str) -> str:
    """The beginning and the end of a long text, which are all that is looked at."""
    return words if len(words) < 4 * _LABEL else words[: 2 * _LABEL] + words[-2 * _LABEL :]


def _claims(group: _Group) -> Iterator[_Claim]:
    owner, items = group.owner, group.items
    for at, item in enumerate(items):
        if match := _OF.search(item.label):
            whole = items[at - 1] if at else owner
            if whole and match.start() <= _LABEL and not _CHANGE.search(item.label[: 2 * _LABEL]):
                first = replace(item, name=item.label[match.end() :], strength=2)
                parts = [first, *items[at + 1 : at + _PARTS]]
                yield _Claim(match["how"], whole, parts, items[max(0, at - 4) : max(0, at - 1)])
        elif _TOTAL.fullmatch(item.name):
            yield _Claim("合计", item, items[max(0, at - _PARTS) : at][::-1])
    if owner and items and not _OF.match(items[0].label) and _HAN.fullmatch(group.rest):
        yield _Claim("（", owner, items)


def _unequal(line: Line, claim: _Claim) -> Iterator[Finding]:
    """That parts do not add up to the whole, where they are meant to."""
    for total in () if _CHANGE.search(_CLAUSE.split(claim.whole.label)[-1]) else claim.whole.figures:
        figures, names = ([], []) if total.kind is Kind.PERCENT else _row(line, total, claim)
        if not names or any(one.about for one in (total, *figures)):
            continue
        sums = list(accumulate(one.value for one in figures))
        # In brackets nothing else follows; elsewhere what follows the parts may look like one.
        fits = sums if claim.how == "合计" else sums[-1:] if claim.how == "（" else sums[1:]
        tolerance = _tolerance(total, figures)
        # The parts may be those of a figure before the whole, or of both.
        others = [one.value for item in claim.before for one in item.figures if _alike(one, total)]
        known = {*others, *accumulate(reversed(others), initial=total.value)}
        elsewhere = sums[len(names) - 1] in known or (len(names) == 1 and max(others, default=0) > sums[0])
        if not elsewhere and all(abs(one - total.value) > tolerance for one in fits):
            severity = _severity(line, claim, total, figures[: len(names)], names)
            yield from _finding(line, total, figures[: len(names)], severity)


def _row(line: Line, total: Quantity, claim: _Claim) -> tuple[list[Quantity], list[str]]:
    """The figures of a claim that are like a total, and the names of the first of them, which are marked off alike.

    No names where these are no parts of it.
    """
    backwards = claim.how == "合计"
    found: list[tuple[_Item, Quantity, str]] = []
    strength = size = 0
    closed = claim.how != "（"
    for one in claim.parts:
        if "。" not in one.label and (one.figures[0].kind is Kind.PERCENT or (found and _ASIDE.match(one.label))):
            continue
        *more, name = _CLAUSE.split(one.name) if one.strength < 2 or _STRONG.search(one.name) else [one.name]
        figure = next((each for each in one.figures if _alike(each, total)), None)
        if backwards and "其中" in one.label:
            return [], []
        if figure is None or len(name) > _LABEL or _SUBTOTAL.search(name) or (more and not backwards):
            break
        if found:
            mark = found[-1][0].strength if backwards else one.strength
            strength = strength or mark
            size = size or len(found) * (mark > strength)
            if not mark:
                break
        if _NO_PART.search(name):
            if backwards or (len(found) > 1 and not size):
                return [], []
            break
        found.append((one, figure, name))
        if more:
            break
    else:
        closed = True
    figures, names = [figure for _, figure, _ in found], [name for *_, name in found[: size or None]]
    # The last name before a total may be a verb: 辖8个镇、7个乡，共15个乡镇.
    if not any(names[:-1] if backwards else names):
        whole, *names = (_noun(line, one) for one in (total, *figures[: len(names)]))
        if any(map(_NO_PART.search, names)) or not (_GENERAL.match(whole) or all(one[-1:] in whole for one in names)):
            return [], []
    return figures, names if closed and all(names) else []


def _noun(line: Line, figure: Quantity) -> str:
    """What a figure counts, where that stands behind it: 13个镇."""
    match = _NOUN.match(line.words[figure.end : figure.end + _LABEL])
    return match.group() if match else ""


def _severity(line: Line, claim: _Claim, total: Quantity, parts: list[Quantity], names: list[str]) -> Severity | None:
    """How sure it is that the parts should make up the whole; None if it is not."""
    found, money = sum((one.value for one in parts), Decimal(0)), total.kind is Kind.MONEY
    share = found / total.value if total.value else Decimal(2)
    if max(one.value for one in parts) > total.value:
        return Severity.WARNING if len(parts) > 1 or claim.how in _SOME else None
    divided = any(one.startswith(("其他", "其它", "其余")) for one in names)
    divided = divided or any(all(one.startswith(row) for one in names) for row in _DIVISIONS)
    slip = _slip(total, parts, found)
    crossing = not (divided or money) and slip is not Severity.WARNING and any(map(_TRAIT.search, names))
    if len(parts) == 1 or crossing:
        return None
    listed, closed = claim.how not in (*_SOME, "（"), divided or claim.how == "（"
    if share > 1:
        if listed or closed or money or slip or share < Decimal("1.05"):
            return Severity.WARNING
        said = any(line.words.startswith(("（含", "（其中", "（同时"), one.end) for one in parts)
        return None if said or share > Decimal("1.2") else Severity.INFO
    if not listed and _OPEN.match(line.words, max(one.end for one in parts)):
        return None
    stated = money and _WHOLE.search(_CLAUSE.split(claim.whole.label)[-1])
    if share < Decimal("0.5"):
        return Severity.INFO if stated else None
    closed = closed and not all(one.startswith(_HIGHER) for one in names)
    return Severity.WARNING if listed or stated or closed or share > Decimal("0.95") else slip


def _slip(total: Quantity, parts: list[Quantity], found: Decimal) -> Severity | None:
    """How sure it is that the parts add up but for two digits exchanged in one figure, or in too large a sum one digit.

    With few digits that may be by chance.
    """
    off, digits = total.value - found, max(len(one.normalize().as_tuple().digits) for one in (total.value, found))
    changes = [(total, -off), *((part, off) for part in parts)]
    pairs = [(one.number, one.number + change * one.number / one.value) for one, change in changes if one.number]
    like = mistyped if off < 0 else exchanged
    if digits < 3 or not any(like(*pair) for pair in pairs):
        return None
    return Severity.WARNING if digits > 3 and any(exchanged(*pair) for pair in pairs) else Severity.INFO


def _finding(line: Line, total: Quantity, parts: list[Quantity], severity: Severity | None) -> Iterator[Finding]:
    parts = sorted(parts, key=lambda one: one.start)
    found, scale = sum(one.value for one in parts), Decimal(10_000 if total.unit.startswith("万") else 1)
    shown = " + ".join(show(one) if one.unit != total.unit else f"{one.number:f}" for one in parts)
    made, off = (f"{(one / scale).normalize():f}{total.unit}" for one in (found, abs(found - total.value)))
    message = f"{shown} = {made} ≠ {show(total)}（相差 {off}）"
    if len(parts) == 1:
        message = f"其中的一部分 {show(parts[0])} 大于总数 {show(total)}"
    hint = Note("核对总数和各部分；没有列全的，写“其余……”")
    if severity:
        yield Finding(line.at(total.start, total.end), message, (hint,), severity=severity)


def _tolerance(total: Quantity, parts: list[Quantity]) -> Decimal:
    """What rounding may make of a sum of figures with decimals; whole numbers are exact."""
    finest = min((total, *parts), key=lambda one: one.tolerance)
    tolerance = finest.tolerance * (1 + len(parts)) if decimals(finest.number) else Decimal(0)
    return tolerance + (total.tolerance if total.tolerance > finest.tolerance else 0)


def _alike(one: Quantity, other: Quantity) -> bool:
    return one.kind is other.kind and (one.base == other.base or {one.base, other.base} <= _PEOPLE)


def _lists(line: Line) -> Iterator[Finding]:
    """Lists that do not have as many members as they say."""
    for start, end, shown, written, members, loose, closed in _counted(line):
        # 和 joins two members, or belongs to a name (发展和改革局).
        number, most = spoken(written) or 0, len(members) + sum(len(_AND.findall(one)) for one in members)
        if members and (number < len(members) - loose or (closed and number > most)):
            message = f"列出 {len(members)} 个，写作“{shown}”"
            yield Finding(line.at(start, end), message, (Note("核对列举和个数"),))


def _counted(line: Line) -> Iterator[tuple[int, int, str, str, list[str], bool, bool]]:
    """Where counts stand, their words, number and list, whether its first may be no member, and it is complete."""
    words, last = line.words, 0
    for match in _COUNTED.finditer(words):
        members = _members(_last_clause(words[max(last, match.start() - _LIST) : match.start()]))
        start, last, etc = match.start(), match.end("unit"), match["how"] == "等"
        if members and (etc or _of_kind(match["noun"], members)):
            loose = not any(one[-1:] == members[0][-1:] for one in members[1:])
            yield start, last, words[start:last], match["number"], members, loose, not etc
    for match in _NAMED.finditer(words) if _NAMES.search(words) else ():
        start, end, clause = match.start(), match.end("unit"), _first_clause(words[match.end() : match.end() + _LIST])
        yield start, end, words[start:end], match["number"], _members(clause), False, not clause.endswith("等")
    for match in _LATER.finditer(words) if "分别" in words else ():
        before = line.text[max(0, line.offset + match.start() - _LIST) : line.offset + match.start()]
        at = before.rfind(match["label"])
        if at >= 0 and (count := _COUNT.match(before, at + len(match["label"]))):
            members = _members(_first_clause(words[match.end() : match.end() + _LIST]))
            yield *match.span(), before[at : count.end()], count["number"], members, False, True


def _of_kind(noun: str, members: list[str]) -> bool:
    """Whether a counted noun is what the members are: 关峡乡、东山乡共2个乡."""
    if not noun or _GENERAL.match(noun):
        return True
    return sum(noun.startswith((one[-1], one[-2:])) for one in members) * 2 > len(members)


def _members(clause: str) -> list[str]:
    """What a list enumerates; empty where it is none, or has figures of its own."""
    members = [one.strip() for one in clause.split("、")]
    right = len(members) > 1 and all(1 < len(one) <= 2 * _LABEL and not _FIGURE.search(one) for one in members)
    return members if right else []


def _last_clause(words: str) -> str:
    """The last clause of a text, empty where it may begin before the text."""
    clauses = _ENDS.split(_flat(words)) if _LISTED.search(words) else [""]
    return clauses[-1] if len(clauses) > 1 or len(words) < _LIST else ""


def _first_clause(words: str) -> str:
    """The first clause of a text, empty where a list may go on behind it."""
    flat = _flat(words) if _LISTED.search(words) else ""
    end = _ENDS.search(flat)
    if end is None:
        return flat if len(words) < _LIST else ""
    going_on = end.group() in "，,：:" and "、" in flat[end.start() :].partition("。")[0]
    return "" if going_on else flat[: end.start()]


def _flat(words: str) -> str:
    """A text with what is in brackets or quotes made unreadable; titles side by side are parted."""
    for _ in range(2):  # brackets in brackets
        words = _INNER.sub(lambda match: "＿" * (len(match.group()) - 1) + ("、" if match["next"] else "＿"), words)
    return words
