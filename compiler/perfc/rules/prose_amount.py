"""Amounts in the text that differ from the same item in the tables or elsewhere in the text."""

import re
from collections import Counter
from collections.abc import Collection, Container, Iterable, Iterator
from decimal import Decimal
from itertools import chain
from typing import NamedTuple

from perfc import values
from perfc.diagnostic import Note, Severity, Span
from perfc.labels import ALONE, item, may_be, plain, stage, stem, surely, years_off
from perfc.lint import Finding, rule
from perfc.values import Kind, Period, Quantity, decimals, show
from perfc.vocabulary import BUDGET, INDICATORS, POINTS, SCORE, TITLE, YEAR, Figure, Indicator, Line, Record, maps

_WINDOW = 40  # characters before an amount, more than its label has
_ROUGHLY = Decimal("0.1")
_PLACES, _MANY = 4, 8
# Items of any department's expenditure, with or without a table.
_TERMS = ("基本支出", "项目支出", "人员经费", "公用经费", "三公经费", "公务接待费", "公车运行维护费", "公车购置费")
_TOTALS = frozenset(("年度资金总额", "项目资金总额", "资金总额", "总额", "合计", "项目资金", "预算执行"))
_BUDGETED = ("预算", "预算数", "项目预算", "预算总额", "预算资金", "年度预算")
# What a project costs over several years, or in this one.
_OVERALL = ("总预算", "项目总预算", "总投资", "项目总投资", "概算")
_BARE = ("预算", "预算数")
_ALL = "各项目"
_COUNTED = re.compile("(?P<before>[0-9]{1,4})个项目|项目(?:共|共计|合计|总计)?(?P<behind>[0-9]{1,4})个")
_TOGETHER = re.compile("项目.{0,6}(?:共|合计|总)")
_COLUMN = re.compile(
    r"(?:上年|本年|当年|年初|全年|年度|调整后|项目|[0-9]{4}年)?(?:度)?(?:预算|决算|执行|支出|批复|实际支出)(?:总额|数|额)"
)
_NO_MONEY = re.compile("人数|编制|在职|规模|面积|数量|个数|编码|[率分]$|年度$|时间|日期|比例")
_FUNDS = re.compile("政府性基金|国有资本|社会保险基金|彩票公益金|专户|单位资金|自有资金|自筹|其他资金")
_QUOTES = str.maketrans("", "", "“”、")
_THAN = "较比与同"
_PAST = re.compile("上年|去年|(?<=[较比与同])(?P<year>(?:19|20)[0-9]{2})(?=年)")
_YUAN = re.compile("元")
_STOP = re.compile("[。！？]")
_MARK = re.compile("[，；。！？,;]|[（(](?!境)|(?<!境)[）)]")
# What was added or changed is no item's amount.
_ADDED = re.compile("追加|调[整增减]|增[加长]|减少|下降")
# What is left over, saved or left out is no item's amount, nor are the parts of it.
_OTHER = re.compile("未[支使完]|结余|结转|剩余|压减|节约|节省|超支|超出|减少|缩减|剔除|扣除|不含|除外")


class _Known(NamedTuple):
    """What a table says of an item: in 元, for which column and year, empty where that is not certain.

    A sum has its terms.
    """

    amount: Quantity
    column: str
    off: int
    shown: str
    span: Span
    terms: tuple[Figure, ...] = ()


class _Said(NamedTuple):
    """What the text says of an item; its words begin at `clause`, and it may be of `others` named before it.

    It is `sure` unless that it is a sum of all projects is only likely.
    """

    label: str
    amount: Quantity
    column: str
    off: int
    line: Line
    clause: int
    others: list[str]
    sure: bool

    @property
    def span(self) -> Span:
        return self.line.at(self.amount.start, self.amount.end)

    @property
    def written(self) -> str:
        """The item and the amount as the text has them, the item by its table's name where it stands further up."""
        words = self.line.words[self.clause : self.amount.end].translate(_QUOTES).removeprefix("其中")
        return words if self.label.removeprefix(_ALL) in plain(words) else self.label + words


@rule(Severity.WARNING)
def prose_amount(record: Record) -> Iterator[Finding]:
    """正文中写在项目名称旁的金额，要与表中同一项的金额一致，元与万元折算后比较。

    同一个数在正文和附表里各写一遍，改了一处忘了另一处；读者最先看出的就是这种差错。正文可以用 {{ … }} 引用表中的数。
    名称可以略有不同：公务用车运行维护费就是公车运行维护，公务接待费就是公务接待。“安排项目3个，预算总额……”“项目预算共……”与各项目的合计比较；
    合计不符只因为某个项目按元填写的，指出那个项目。
    写明预算、年初、决算、执行、上年或年份的，与那一栏比较；没有写明的，与各栏都不同才提出。
    四舍五入、约数、追加与增减的数、上下半年等一段时间的数不比较。

    错误：
        年度: 2022
        基本支出: 2022年人员经费849.3万元，公用经费166.19万元。
        经费控制: {公用经费: {预算数: 56.93, 决算数: 190.21}}
    正确：
        年度: 2022
        基本支出: 2022年人员经费849.3万元，公用经费190.21万元。
        经费控制: {公用经费: {预算数: 56.93, 决算数: 190.21}}
    """
    lines: dict[int, list[Line]] = {}
    for line in record.having(_YUAN):
        if INDICATORS not in line.path:
            lines.setdefault(id(record.project(line.text)), []).append(line)
    if around := lines.get(id(None)):
        held = {id(one) for project in record.projects for one in maps(project)}
        figures = [one for one in record.figures if id(one.holder) not in held]
        # This text speaks of a project's whole amounts by its name, and of all of them by their count.
        whole = [one for one in record.figures if TITLE in one.holder]
        figures += [one for one in whole if _COLUMN.fullmatch(one.path[-1])]
        rows = [one for one in record.indicators if id(one.owner) not in held]
        yield from _compared(record, figures, rows, around, whole if len(record.projects) > 1 else ())
    for project in record.projects:
        if own := lines.get(id(project)):
            table = Record(project, record.sources, record.data)
            yield from _compared(record, table.figures, table.indicators, own, single=True)


def _compared(
    record: Record,
    figures: Iterable[Figure],
    rows: Iterable[Indicator],
    lines: Collection[Line],
    whole: Collection[Figure] = (),
    *,
    single: bool = False,
) -> Iterator[Finding]:
    """What differs within one table and the text about it; `single` where that is one project's."""
    tables: dict[str, list[_Known]] = {stem(one): [] for one in _TERMS}
    known = (*_in_figures(record, figures, single=single), *_in_rows(record, rows), *_in_whole(record, whole))
    for label, one in known:
        tables.setdefault(stem(label), []).append(one)
    said: dict[tuple[str, str, int], _Said] = {}
    wrong: dict[tuple[str, Decimal], tuple[_Said, _Known | _Said, list[_Said]]] = {}
    for line in lines:
        for each in _amounts(line, tables, record, single=single):
            fit = [one for one in tables[each.label] if one.off == each.off]
            others = chain(*(tables[label] for label in each.others))
            other: _Known | _Said | None = _contradicted(each, fit, others)
            if not fit:
                first = said.setdefault((each.label, each.column, each.off), each)
                other = first if _slip(first.amount, each.amount) else None
            if other and (each.sure or _slip(each.amount, other.amount)):
                wrong.setdefault((each.label, each.amount.value), (each, other, []))[2].append(each)
    # What comes out of another fund is not in the amounts of one.
    apart = {
        one.value for line in lines if wrong and _FUNDS.search(line.words) for one in values.find_amounts(line.words)
    }
    blamed: dict[int, Finding] = {}
    for each, contrary, places in wrong.values():
        gap = abs(each.amount.value - contrary.amount.value)
        if isinstance(contrary, _Known) and (term := _term(contrary, gap, record.unit)):
            found = _misplaced_term(term, each, contrary, record.unit)
            if found.span.start < found.span.end:  # what is derived from a term has no place of its own
                blamed.setdefault(id(term.holder), found)
        elif gap not in apart or _mistyped(each.amount, contrary.amount):
            yield _finding(each, contrary, places[1:])
    yield from blamed.values()


def _term(known: _Known, gap: Decimal, unit: str) -> Figure | None:
    """The term of a sum that accounts for a difference, had it been written in 元 instead of 万元."""
    amounts = ((one, values.amount(str(one.value), unit)) for one in known.terms)
    return next((one for one, amount in amounts if amount and gap * 10_000 == amount.value * 9_999), None)


def _misplaced_term(term: Figure, said: _Said, known: _Known, unit: str) -> Finding:
    message = f"{term.path[-1]} {term.value}{unit} 使{known.shown}，正文写“{said.written}”"
    notes = (Note("元、万元写混了"), Note("正文写在这里", said.span))
    return Finding(term.holder.value_spans[term.path[-1]], message, notes)


def _in_figures(record: Record, figures: Iterable[Figure], *, single: bool) -> Iterator[tuple[str, _Known]]:
    """The items of the tables: a row by its name or key, an amount that stands alone by its key."""
    figures = [one for one in figures if one.path[-1] not in (*POINTS, SCORE, YEAR)]
    keys = Counter(one.path[-1] for one in figures)
    for one in figures:
        key = one.path[-1]
        if _NO_MONEY.search(key) or not (amount := values.amount(str(one.value), record.unit)):
            continue
        named = next((str(name) for label, name in one.holder.items() if label.endswith("名称") and name), "")
        column = _COLUMN.fullmatch(key) is not None
        label = (named or (one.path[-2] if len(one.path) > 1 else "")) if column else key
        stands = stage(key) if column else "" if record.reports else "budget"
        shown = f"{f'{label}的' if column and label else ''}{key} {one.value}{record.unit}"
        known = _Known(amount, stands, years_off(key, record.year), shown, one.holder.value_spans[key])
        if len(label) > 2 and not _NO_MONEY.search(label):
            yield label, known
        whole = label in _TOTALS or (single and keys[key] == 1)
        if column and whole and keys[key] == 1:
            yield key, known
        if single and (key in BUDGET or (column and whole and stands != "spent")):
            yield from ((name, known) for name in _BUDGETED)
            yield from ((name, known._replace(column="")) for name in _OVERALL)


def _in_whole(record: Record, figures: Collection[Figure]) -> Iterator[tuple[str, _Known]]:
    """What the projects come to together, figure by figure."""
    for key in dict.fromkeys(one.path[-1] for one in figures):
        terms = [one for one in figures if one.path[-1] == key]
        total = sum((one.value for one in terms), Decimal(0))
        if not _NO_MONEY.search(key) and (amount := values.amount(str(total), record.unit)):
            span = terms[0].holder.value_spans[key]
            shown = f"各项目{key}的合计 {total}{record.unit}"
            known = _Known(amount, "budget", 0, shown, span, tuple(terms))
            yield from ((_ALL + name, known) for name in (key, *(_BUDGETED if key in BUDGET else ())))


def _in_rows(record: Record, rows: Iterable[Indicator]) -> Iterator[tuple[str, _Known]]:
    """The indicators in money; a target with a sign is a limit, which another amount may keep."""
    for row in rows:
        if row.name is None or len(row.name) < 3:
            continue
        for written, bound, column in ((row.value, row.bound, "budget"), (row.actual, row.result, "spent")):
            if written is None or bound is None:
                continue
            bare = values.amount(str(written), record.unit) if row.aspect == "成本" else None
            amount = bare or bound.quantity
            if amount is None or amount.kind is not Kind.MONEY:
                continue
            limit = column == "budget" and bound.sign in ("≥", "≤", "＞", "＜")
            shown = f"{row.name}的{'目标' if column == 'budget' else '完成值'} {show(amount)}"
            span = next(row.row.value_spans[key] for key in row.row if row.row[key] is written)
            yield str(row.name), _Known(amount, "" if limit else column, 0, shown, span)


def _amounts(line: Line, items: Container[str], record: Record, *, single: bool) -> Iterator[_Said]:
    """Each amount that stands right behind the name of an item, or behind a column after such an amount."""
    named: list[str] = []
    earlier: list[str] = []
    off, lost, counted, end, figure, sentence = 0, False, False, 0, 0, 0
    for one in line.found:
        for stop in _STOP.finditer(line.words, end, one.start):
            named, earlier, lost, counted, sentence = [], named, False, False, stop.end()
            off = -1 if off == -1 else 0
        end = one.end
        if isinstance(one, Period):
            if line.words[one.start - 1] not in _THAN:
                off = one.year - record.year if one.year and record.year else off
                lost = lost or (one.month or 1, one.to_month or 12) != (1, 12)
            continue
        clause = _MARK.split(line.words[max(figure, one.start - _WINDOW) : one.start])[-1]
        figure = one.end
        if one.kind is not Kind.MONEY:
            counted = True  # what the next amount buys: 购置轮椅800辆，预算120万元
            continue
        start, words = one.start - len(clause), plain(clause)
        past = _PAST.search(words)
        every = _counts(line, sentence, start, record)
        label, around = item(words, items, _ALL if every or _TOGETHER.search(words) else "")
        above = named or (earlier if past else [])
        alone = not label and bool(above) and ALONE.fullmatch(words) is not None
        column = stage(f"{words} " if alone else around)
        # A column by its name alone is the whole's only where nothing else has been named.
        stray = not (single or named or start <= sentence + 1) and _COLUMN.fullmatch(label) is not None
        part = one.end < len(line.words) and not _MARK.match(line.words, one.end)
        stray = stray or (label in _BARE and bool(named or lost or part or counted))
        if stray or line.words[start - 1 : start] in ("（", "(") or not (label or (alone and (column or past))):
            lost = lost or not _ADDED.search(words)
            continue
        *others, label = [label] if label else above
        named = named if alone else [*named, label][-_MANY:]
        lost = lost or _OTHER.search(line.words, max(sentence, start - _WINDOW), start) is not None
        if not lost and column != "?":
            year = int(past["year"]) - record.year if past and past["year"] and record.year else -1
            yield _Said(
                label, one, column, year if past else off, line, start, others, every or not label.startswith(_ALL)
            )


def _counts(line: Line, sentence: int, end: int, record: Record) -> bool:
    """Whether a sentence speaks of as many projects as there are."""
    count = len(record.projects)
    found = _COUNTED.search(line.words, max(sentence, end - 3 * _WINDOW), end) if count > 1 else None
    return found is not None and (found["before"] or found["behind"]) == str(count)


def _contradicted(said: _Said, known: Iterable[_Known], others: Iterable[_Known]) -> _Known | None:
    """What the tables have instead of an amount in the text; None where that may be the same or something else."""
    known = [one for one in known if may_be(one.column, said.column)]
    if any(_same(one.amount, said.amount) for one in (*known, *others)):
        return None
    if slip := next((one for one in known if _mistyped(one.amount, said.amount)), None):
        return slip
    column = said.column or ("spent" if any(one.column == "spent" for one in known) else "budget")
    certain = [one for one in known if one.column and (not said.column or surely(said.column, one.column))]
    return min(certain, key=lambda one: one.column != column, default=None)


def _mistyped(one: Quantity, other: Quantity) -> bool:
    """Whether two amounts have the same digits, in another order or with the point elsewhere."""
    digits, same = (sorted(f"{each.number:f}".replace("0", "").replace(".", "")) for each in (one, other))
    return digits == same and (len(digits) > 1 or _misplaced(one, other))


def _misplaced(one: Quantity, other: Quantity) -> bool:
    """Whether two amounts differ by 万 alone."""
    return max(one.value, other.value) == 10_000 * min(one.value, other.value)


def _same(one: Quantity, other: Quantity) -> bool:
    """Whether two amounts are one, to the rounding of the coarser, whether rounded or cut off; a whole one is exact."""
    difference = abs(one.value - other.value)
    if one.about or other.about:
        return difference <= _ROUGHLY * max(one.value, other.value)
    if one.tolerance > other.tolerance and not decimals(one.number):
        return not difference
    fine, coarse = sorted((one.tolerance, other.tolerance))
    return not difference or (fine < coarse and difference < 2 * coarse)


def _slip(one: Quantity, other: Quantity) -> bool:
    """Whether two amounts differ as one written wrong once does, not as those of two units do."""
    if _same(one, other) or not one.value or not other.value:
        return False
    return _mistyped(one, other) or abs(one.value - other.value) <= _ROUGHLY * max(one.value, other.value)


def _finding(said: _Said, other: _Known | _Said, places: list[_Said]) -> Finding:
    shown = f"表中的{other.shown}" if isinstance(other, _Known) else f"别处的{other.written}"
    off = abs(said.amount.value - other.amount.value)
    unit = "万元" if off >= 10_000 or said.amount.unit.startswith("万") else "元"
    difference = (off / 10_000 if unit == "万元" else off).normalize()
    hint = (
        "元、万元写混了" if _misplaced(said.amount, other.amount) else "改正写错的一处；正文可以引用表中的数：{{ … }}"
    )
    again = (Note("这里也写了", one.span) for one in places[:_PLACES])
    notes = (Note(hint), Note("另一处写在这里", other.span), *again)
    message = f"“{said.written}”与{shown} 不一致（相差 {difference:f}{unit}）"
    return Finding(said.span, message, notes)
