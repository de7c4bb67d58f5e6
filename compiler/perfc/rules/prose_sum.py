"""Parts that do not make up their whole, and lists that are longer or shorter than their count."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import accumulate, takewhile
from typing import NamedTuple

from perfc.diagnostic import Note, Severity
from perfc.figures import CLAUSE, HAN, LABEL, PARTS, Group, Item, ahead, alike, groups
from perfc.lint import Finding, rule
from perfc.lists import ABOUT, GENERAL, miscounts
from perfc.values import Kind, Quantity, decimals, exchanged, mistyped, show, spoken
from perfc.vocabulary import Line, Record

_BACK = 8  # figures that may stand between a whole and its parts
_OF = re.compile(
    "[，。；：、,;:（(]?(?:(?P<how>其中|包括|分别[为是]|具体[为是])[：:，,]?|(?<![一-鿿])(?P<kind>[一-鿿]{2,8})中[，,]|(?P<but>除)了?)"
)
_LED = re.compile("其中|包括|分别|具体|中[，,]|除")
_TOTAL = re.compile("(?:全年|前后|先后|以上|上述|各项)?(?:共计|合计|总计|累计)为?|共|一共|总共")
_SEVERAL = re.compile("(?P<number>[两二三四五六七八九])[项类者]?(?:合计|共计|总计|共)为?")
_REST = re.compile("(?:其余|剩余|余下)的?")
_NET = re.compile("(?P<net>净)?(?:(?P<up>增)|减)[加少]?了?(?P<noun>[一-鿿]{0,6})$")
_JOINED = re.compile(
    "(?P<up>招录|招聘|录用|调入|转入|引进|考入|新进|新增|增加|接收|入职)|退休|调[出离]|转出|辞职|离职|减少|去世|死亡|解聘|辞退|退出|注销"
)
_THAN = re.compile("(?:同?比|较)[^，。；]{0,16}")
_RISE = re.compile("了?(?:(?P<up>增加|增长|提高|上升|多)|减少|下降|降低|压减|节约|少)了?")
_TELLING = re.compile("[余下]的?$|[计共]为?$|[加长高升多少降低约]了?$|净[增减]")
_PRICE = re.compile("[每均]|单价|标准")
_AFTER = ("合计", "累计")
_SOME = ("其中", "包括", "除")
_DIGIT = "[0-9０-９零〇两一二三四五六七八九十百千]"
# Each begins with a character and not with several, which makes the search four times as quick.
_ANY = re.compile(r"其中|包括|分别|具体|共|合计|总计|累计|（|\(|中[，,]|其余|剩余|余下|净[增减]|除|比|较")
_FIGURES = re.compile(f"{_DIGIT}[^{_DIGIT[1:]}+{_DIGIT}")  # two of them
_STRONG = re.compile("[，。；：,;:]")
_NOUN = re.compile("[一-鿿]{0,8}?(?=[、，。；,;和及与（(）)]|$)")
_DIFFERENCE = re.compile("(?<!新)增(?![值强设])|减(?![免灾排])|下降|上升|提高|节约|较|比上|同比")
_CHANGE = re.compile(f"{_DIFFERENCE.pattern}|每|平均|人均|不[少低超高]|至少|[≥≤＞＜]")
# One thing at several stages of its way is not divided into them.
_NO_PART = re.compile(
    f"{_CHANGE.pattern}|已|到位|支付|拨付|使用|结余|受理|立案|办结|结案|完成|执行|[完开竣]工|验收|审核|通过|合格|参加|毕业|签约|"
    "入住|实际|收回|有效|达标|新增"
)
_UNDONE = re.compile("正在|[尚未待]|在[建办]|结余|剩余|不(?:合格|达标|符合|通过)")
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
_OTHERS = ("其他", "其它", "其余", "初级")
_HAVING = re.compile("具有|拥有|取得")


class _Claim(NamedTuple):
    """That figures from a whole on are its parts; `how` is 其中 or the like, （ for brackets, 合计 for a total."""

    how: str
    whole: Item
    parts: Sequence[Item]
    before: Sequence[Item] = ()

    @property
    def backwards(self) -> bool:
        """Whether the parts stand ahead of the whole, the last one first."""
        return self.how in _AFTER


class _Sum(NamedTuple):
    """That figures, each added or taken away, are not the total."""

    total: Quantity
    terms: list[tuple[int, Quantity]]
    severity: Severity | None


@rule(Severity.WARNING)
def prose_sum(record: Record) -> Iterator[Finding]:
    """正文中“共计a，其中Y b，Z c”的各部分之和要等于总数，列举的个数要与所写的个数一致。

    总数与分项常由不同的人、不同的时间填写，改了一个忘了另一个。核对这些写法：“其中”“分别为”“在职人员中”引出的各部分；
    “合计”“三项合计”之前的各部分；“其余a”“除a外，b”；括号里的分解（分散896人、集中412人；13个镇、2个乡）；
    增减（比上年的b减少c；调入a人，退休b人，净增c人）；列举与个数（甲局、乙局、丙局等3家，共有3个，分别是……）。看不出是否列全的，只在各部分已经超过总数、或者改一个数字就正好相符时提出；
    各部分会互相重叠的（党员、女性），只看有没有大于总数的。

    错误：
        概述: 2022年基本支出共计1015.49万元，其中人员经费849.3万元，公用经费160万元。
    正确：
        概述: 2022年基本支出共计1015.49万元，其中人员经费849.3万元，公用经费166.19万元。
    """
    for line in record.having(_ANY):
        told: set[tuple[int, ...]] = set()
        for group in groups(line) if _FIGURES.search(line.words) else ():
            claimed = (one for claim in _claims(group) for one in _unequal(line, claim))
            for sum_ in (*claimed, *_unbalanced(line, group)):
                parts = tuple(one.start for _, one in sum_.terms)
                if parts not in told:
                    told.add(parts)
                    yield _finding(line, sum_)
    for line in record.having(ABOUT):
        for one in miscounts(line):
            yield Finding(line.at(one.start, one.end), one.message, (Note("核对列举和个数"),))


def _claims(group: Group) -> Iterator[_Claim]:
    owner, items = group.owner, group.items
    for at, item in enumerate(items):
        if match := _LED.search(item.label) and _OF.search(item.label):
            whole = _whole(items, at, match["kind"]) if at else owner
            but = match["but"] and not (at + 1 < len(items) and items[at + 1].label.startswith("外"))
            if whole and not but and match.start() <= LABEL and not _CHANGE.search(item.label[: 2 * LABEL]):
                first = replace(item, name=item.label[match.end() :], strength=2)
                parts = [first, *items[at + 1 : at + PARTS]]
                before = [one for one in items[max(0, at - _BACK) : at] if one is not whole]
                yield _Claim(match["how"] or match["but"] or "其中", whole, parts, before)
        elif match := _TOTAL.fullmatch(item.name):
            yield _Claim("累计" if "累" in item.name else "合计", item, items[max(0, at - PARTS) : at][::-1])
    if owner and items and not _OF.match(items[0].label) and HAN.fullmatch(group.rest):
        yield _Claim("（", owner, items)


def _whole(items: list[Item], at: int, kind: str | None) -> Item | None:
    """What is divided from an item on: the nearest figure of its sort ahead of it that is no difference.

    It stands in the same sentence, or bears the name of the `kind` that is divided.
    """
    for one in reversed(items[max(0, at - _BACK) : at]):
        same = any(alike(figure, other) for figure in one.figures for other in items[at].figures)
        if same and not _DIFFERENCE.search(one.clause) and (not kind or one is items[at - 1] or kind[:2] in one.label):
            return one
        if "。" in one.label and not kind:
            break
    return None


def _unequal(line: Line, claim: _Claim) -> Iterator[_Sum]:
    """That parts do not add up to the whole, where they are meant to."""
    for total in () if _CHANGE.search(claim.whole.clause) else claim.whole.figures:
        figures, names = ([], []) if total.kind is Kind.PERCENT else _row(line, total, claim)
        if not names or any(one.about for one in (total, *figures)):
            continue
        sums = list(accumulate(one.value for one in figures))
        # In brackets nothing else follows; elsewhere what follows the parts may look like one.
        fits = sums if claim.backwards else sums[-1:] if claim.how == "（" else sums[1:]
        tolerance = _tolerance(total, figures)
        # The parts may be those of a figure before the whole, or of both.
        others = [one.value for item in claim.before for one in item.figures if alike(one, total)]
        known = {*others, *accumulate(reversed(others), initial=total.value)}
        elsewhere = sums[len(names) - 1] in known or (len(names) == 1 and max(others, default=0) > sums[0])
        if not elsewhere and all(abs(one - total.value) > tolerance for one in fits):
            parts = sorted(figures[: len(names)], key=lambda one: one.start)
            if severity := _severity(line, claim, total, parts, names):
                yield _Sum(total, [(1, one) for one in parts], severity)


def _unbalanced(line: Line, group: Group) -> Iterator[_Sum]:
    """That a rest, a difference or a net change is not what the figures before it leave."""
    for total, terms, others in _balances(group):
        figures = [total, *(one for _, one in terms)]
        rounded = any(decimals(one.number) for one in figures)
        tolerance = sum((one.tolerance for one in figures), Decimal(0)) if rounded else Decimal(0)
        made = sum((sign * one.value for sign, one in terms), Decimal(0))
        known = [one.value for one in others]
        fits = any(abs(made - one) <= tolerance for one in (total.value, *known, *accumulate(known)))
        if not fits and not any(one.about for one in figures):
            yield _Sum(total, terms, Severity.WARNING)


_Balance = tuple[Quantity, list[tuple[int, Quantity]], list[Quantity]]


def _balances(group: Group) -> Iterator[_Balance]:
    """Totals, their terms with signs, and what else the terms may make, alone or with the total."""
    items, owner = group.items, group.owner
    for at, item in enumerate(items):
        if not _TELLING.search(item.label):
            continue
        one, clause = item.figures[0], item.clause
        if _REST.fullmatch(clause):
            near = list(ahead(items, at))
            follows = any(alike(one, other) for each in items[at + 1 : at + 2] for other in each.figures)
            if len(near) == 2 and not follows and not any(_CHANGE.search(each.clause) for each, _ in near):
                yield near[1][1], [(1, near[0][1]), (1, one)], []
        elif match := _SEVERAL.fullmatch(clause):
            terms = [(1, other) for each, other in ahead(items, at, across=True) if not _PRICE.search(each.clause)]
            if len(terms) == spoken(match["number"]):
                yield one, terms[::-1], []
        elif match := _RISE.fullmatch(clause):
            near = list(ahead(items, at)) if _THAN.fullmatch(items[at - 1].clause) else []
            if len(near) > 1 and near[0][0] is items[at - 1]:
                (_, then), (_, now), *others = near
                made = then.value + one.value * (1 if match["up"] else -1)
                if 2 * now.value < 3 * made < 4 * now.value:
                    yield now, [(1, then), (1 if match["up"] else -1, one)], [each for _, each in others]
        elif (match := _NET.search(clause)) and match["net"]:
            joined = list(takewhile(lambda each: _JOINED.search(each[0].clause), ahead(items, at)))
            if len(joined) > 1:
                yield one, _signed(match, joined[::-1]), []
    if owner and (match := _NET.search(owner.clause)) and not match["noun"] and HAN.fullmatch(group.rest):
        joined = [(one, one.figures[0]) for one in items if _JOINED.search(one.name)]
        if 1 < len(joined) == len(items) and all(alike(one, owner.figures[0]) for _, one in joined):
            yield owner.figures[0], _signed(match, joined), []


def _signed(net: re.Match[str], terms: list[tuple[Item, Quantity]]) -> list[tuple[int, Quantity]]:
    """Those who came against those who left, the other way round in a decrease."""
    came = [(_JOINED.search(item.clause), one) for item, one in terms]
    return [(1 if bool(match and match["up"]) == bool(net["up"]) else -1, one) for match, one in came]


def _row(line: Line, total: Quantity, claim: _Claim) -> tuple[list[Quantity], list[str]]:
    """The figures of a claim that are like a total, and the names of the first of them, which are marked off alike.

    No names where these are no parts of it.
    """
    backwards, staged = claim.backwards, _staged(claim.parts, total)
    found: list[tuple[Item, Quantity, str]] = []
    strength = size = 0
    closed = claim.how != "（"
    for one in claim.parts:
        if "。" not in one.label and (one.figures[0].kind is Kind.PERCENT or (found and _ASIDE.match(one.label))):
            continue
        *more, name = CLAUSE.split(one.name) if one.strength < 2 or _STRONG.search(one.name) else [one.name]
        figure = next((each for each in one.figures if alike(each, total)), None)
        opening = _OF.search(one.label) if backwards else None
        if opening:
            # 其中甲a、乙b，合计c: these are all parts, if no other stands apart from them.
            name, more = one.label[opening.end() :], [""]
            if len({item.strength for item, *_ in found}) > 1:
                return [], []
        if figure is None or len(name) > LABEL or _SUBTOTAL.search(name) or (more and not backwards):
            break
        if found:
            mark = found[-1][0].strength if backwards else one.strength
            strength = strength or mark
            size = size or len(found) * (mark > strength)
            if not mark:
                break
        if _NO_PART.search(name) and (not staged or _CHANGE.search(name)):
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
        if any(map(_NO_PART.search, names)) or not (GENERAL.match(whole) or all(one[-1:] in whole for one in names)):
            return [], []
    return figures, names if closed and all(names) else []


def _staged(parts: Sequence[Item], total: Quantity) -> bool:
    """Whether parts are what is done and what is not yet: 已整改79处、正在整改9处."""
    run = list(takewhile(lambda one: any(alike(figure, total) for figure in one.figures), parts))
    undone = sum(_UNDONE.search(one.name[-LABEL:]) is not None for one in run)
    return len(run) > 1 and undone == len(run) - 1


def _noun(line: Line, figure: Quantity) -> str:
    """What a figure counts, where that stands behind it: 13个镇."""
    match = _NOUN.match(line.words[figure.end : figure.end + LABEL])
    return match.group() if match else ""


def _severity(line: Line, claim: _Claim, total: Quantity, parts: list[Quantity], names: list[str]) -> Severity | None:
    """How sure it is that the parts should make up the whole; None if it is not."""
    found, money = sum((one.value for one in parts), Decimal(0)), total.kind is Kind.MONEY
    share = found / total.value if total.value else Decimal(2)
    if len(parts) > 1 and parts[0].value == total.value and claim.how != "（":
        return None  # it is the whole, and what follows stands beside it
    if max(one.value for one in parts) > total.value:
        return Severity.WARNING if len(parts) > 1 or claim.how in _SOME else None
    names = [_HAVING.sub("", one) for one in names]
    divided = any(one.startswith(_OTHERS) for one in names)
    divided = divided or any(all(one.startswith(row) for one in names) for row in _DIVISIONS)
    slip = _slip(total, parts, found)
    crossing = not (divided or money) and slip is not Severity.WARNING and any(map(_TRAIT.search, names))
    if len(parts) == 1 or crossing:
        return None
    listed, closed = claim.how not in (*_SOME, "（", "累计"), divided or claim.how == "（"
    if share > 1:
        if listed or closed or money or slip or share < Decimal("1.05") or claim.backwards:
            return Severity.WARNING
        said = any(line.words.startswith(("（含", "（其中", "（同时"), one.end) for one in parts)
        sure = Severity.WARNING if len(parts) > 2 or any(map(_UNDONE.search, names)) else Severity.INFO
        return None if said or share > Decimal("1.2") else sure
    if not listed and _OPEN.match(line.words, max(one.end for one in parts)):
        return None
    stated = money and _WHOLE.search(claim.whole.clause)
    if share < Decimal("0.5"):
        return Severity.INFO if stated else None
    closed = closed and not all(one.startswith(_HIGHER) for one in names)
    nearly = share > Decimal("0.95") and not claim.backwards
    return Severity.WARNING if listed or stated or closed or nearly else slip


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


def _finding(line: Line, wrong: _Sum) -> Finding:
    total, terms = wrong.total, sorted(wrong.terms, key=lambda one: -one[0])
    found, scale = sum(sign * one.value for sign, one in terms), Decimal(10_000 if total.unit.startswith("万") else 1)
    shown = (
        "".join(
            f" {'+' if sign > 0 else '−'} {show(one) if one.unit != total.unit else f'{one.number:f}'}"
            for sign, one in terms
        )
        .removeprefix(" + ")
        .lstrip()
    )
    made, off = (f"{(one / scale).normalize():f}{total.unit}" for one in (found, abs(found - total.value)))
    message = f"{shown} = {made} ≠ {show(total)}（相差 {off}）"
    if len(terms) == 1:
        message = f"其中的一部分 {show(terms[0][1])} 大于总数 {show(total)}"
    parts = all(sign > 0 for sign, _ in terms)
    hint = Note("核对总数和各部分；没有列全的，写“其余……”" if parts else "核对这几个数，改正写错的一个")
    figures = tuple(line.at(one.start, one.end) for one in (total, *(one for _, one in terms)))
    return Finding(figures[0], message, (hint,), wrong.severity, figures=figures)


def _tolerance(total: Quantity, parts: list[Quantity]) -> Decimal:
    """What rounding may make of a sum of figures with decimals; whole numbers are exact."""
    finest = min((total, *parts), key=lambda one: one.tolerance)
    tolerance = finest.tolerance * (1 + len(parts)) if decimals(finest.number) else Decimal(0)
    return tolerance + (total.tolerance if total.tolerance > finest.tolerance else 0)
