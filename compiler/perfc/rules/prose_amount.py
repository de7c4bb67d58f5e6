"""Amounts in the text that differ from the same item in the tables or elsewhere in the text."""

import re
from collections.abc import Collection, Iterable, Iterator
from decimal import Decimal
from typing import NamedTuple

from perfc import values
from perfc.diagnostic import Note, Severity, Span
from perfc.lint import Finding, rule
from perfc.load import texts
from perfc.values import Kind, Period, Quantity, decimals, show
from perfc.vocabulary import BUDGET, INDICATORS, POINTS, SCORE, TITLE, YEAR, Figure, Indicator, Line, Record

_WINDOW = 40  # characters before an amount, more than its label has
_ROUGHLY = Decimal("0.1")
_PLACES = 4
# Items of any department's expenditure, with or without a table.
_TERMS = (
    "基本支出",
    "项目支出",
    "人员经费",
    "公用经费",
    "三公经费",
    "公务接待费",
    "公务用车运行维护费",
    "公务用车购置费",
)
_TOTALS = frozenset(("年度资金总额", "项目资金总额", "资金总额", "总额", "合计", "项目资金", "预算执行"))
_BUDGETED = ("预算数", "项目预算", "预算总额", "项目总预算", "预算资金", "年度预算", "项目总投资")
_COLUMN = re.compile(
    r"(?:上年|本年|当年|年初|全年|年度|调整后|项目|[0-9]{4}年)?(?:度)?(?:预算|决算|执行|支出|批复|实际支出)(?:总额|数|额)"
)
_NO_MONEY = re.compile("人数|编制|在职|规模|面积|数量|个数|编码|[率分]$|年度$|时间|日期|比例")
_FUND = re.compile("一般公共预算|政府性基金预算|国有资本经营预算|部门预算|预算单位|预算绩效|支出$")
_FIRST, _WHOLE = re.compile("年初"), re.compile("全年预算|调整后|调整预算")
_SPENT = re.compile("决算|执行|支出|实际|完成|支付|发生|列支|拨付|使用")
_PLANNED = re.compile("预算|目标|指标值|计划|批复|安排|核定")
_BEFORE = (
    r"[（(]?[0-9一二三四五六七八九十]{1,2}[）)]?[.．、]|[一二三四五六七八九十]是|其中|包括|分别为?|[0-9]{4}年度?|全年|本年度?|当年|"
    "上年度?|去年|年初|部门|单位|[我本][部单局馆院校委办厅站所]?[门位]?|总|共|安排|列支|支付|拨付|实际|完成|实现|发生|"
    "财政|支出|预算|决算|执行|批复|核定|调整后|的|[：:,、和及]"
)
_BEHIND = (
    "费|经费|资金|支出|数|额|总额|金额|合计|共计?|总计|为|是|达到?|预算|决算|执行|实际|完成|支付|安排|列支|年初|全年|"
    "调整后|核定|批复|总|[：:]"
)
_ALONE = re.compile(f"(?P<before>)(?P<label>)(?P<behind>(?:{_BEHIND}){{1,6}})")
_STOP = re.compile("[。！？]")
_MARK = re.compile("[，；。！？,;（(）)]")
_QUOTES = str.maketrans("", "", "“”‘’\"' ")
_ADDED = re.compile("追加|调[整增减]")
# What is left over, saved or left out is no item's amount, nor are the parts of it.
_OTHER = re.compile("未[支使完]|结余|结转|剩余|压减|节约|节省|超支|超出|减少|缩减|剔除|扣除|不含|除外")


class _Known(NamedTuple):
    """What a table says of an item: in 元, for which column and year, and whether that is certain."""

    label: str
    amount: Quantity
    column: str
    off: int
    shown: str
    span: Span


class _Said(NamedTuple):
    """What the text says of an item; `column` is empty where it does not say which."""

    label: str
    amount: Quantity
    column: str
    off: int
    line: Line

    @property
    def span(self) -> Span:
        return self.line.at(self.amount.start, self.amount.end)


@rule(Severity.WARNING)
def prose_amount(record: Record) -> Iterator[Finding]:
    """正文中写在项目名称旁的金额，要与表中同一项的金额一致，元与万元折算后比较。

    同一个数在正文和附表里各写一遍，改了一处忘了另一处；读者最先看出的就是这种差错。正文可以用 {{ … }} 引用表中的数。
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
    projects = [Record(one, record.sources, record.data) for one in record.projects]
    inner = {id(text): number for number, project in enumerate(record.projects) for text in texts(project)}
    held = {id(figure.holder) for project in projects for figure in project.figures}
    owned = {id(row.row) for project in projects for row in project.indicators}
    figures = [one for one in record.figures if id(one.holder) not in held]
    # The text around the projects speaks of a project's whole amounts by its name.
    figures += [one for project in projects for one in project.figures if TITLE in one.holder]
    rows = [one for one in record.indicators if id(one.row) not in owned]
    lines: dict[int, list[Line]] = {}
    for line in record.lines:
        lines.setdefault(inner.get(id(line.text), -1), []).append(line)
    yield from _compared(record, figures, rows, lines.get(-1, []))
    for number, project in enumerate(projects):
        yield from _compared(record, project.figures, project.indicators, lines.get(number, []), single=True)


def _compared(
    record: Record,
    figures: Iterable[Figure],
    rows: Iterable[Indicator],
    lines: Collection[Line],
    *,
    single: bool = False,
) -> Iterator[Finding]:
    """What differs within one table and the text about it; `single` where that is one project's."""
    speaking = [one for one in lines if "元" in one.words and INDICATORS not in one.path]
    if not speaking:
        return
    tables: dict[str, list[_Known]] = {}
    for known in (*_in_figures(record, figures, single=single), *_in_rows(record, rows)):
        tables.setdefault(known.label, []).append(known)
    labels = sorted({*tables, *_TERMS}, key=len, reverse=True)
    alternatives = "|".join(map(re.escape, labels))
    pattern = re.compile(f"(?P<before>(?:{_BEFORE}){{0,8}})(?P<label>{alternatives})(?P<behind>(?:{_BEHIND}){{0,6}})")
    stated = {one.value for line in lines for one in line.found if isinstance(one, Quantity) and one.kind is Kind.MONEY}
    said: dict[tuple[str, str, int], _Said] = {}
    wrong: dict[tuple[str, Decimal], tuple[_Said, _Known | _Said, list[_Said]]] = {}
    for line in speaking:
        for one in _amounts(line, pattern, record.year, single=single):
            fit = [each for each in tables.get(one.label, []) if each.off == one.off]
            other: _Known | _Said | None = _contradicted(one, fit, stated)
            if not fit:
                first = said.setdefault((one.label, one.column, one.off), one)
                other = first if _slip(first.amount, one.amount) else None
            if other:
                wrong.setdefault((one.label, one.amount.value), (one, other, []))[2].append(one)
    for one, contrary, places in wrong.values():
        yield _finding(one, contrary, places[1:])


def _in_figures(record: Record, figures: Iterable[Figure], *, single: bool) -> Iterator[_Known]:
    """The items of the tables: a row by its name or key, an amount that stands alone by its key."""
    keys: dict[str, int] = {}
    figures = [one for one in figures if one.path[-1] not in (*POINTS, *SCORE, YEAR)]
    for one in figures:
        keys[one.path[-1]] = keys.get(one.path[-1], 0) + 1
    for one in figures:
        key = one.path[-1]
        if _NO_MONEY.search(key) or not (amount := values.amount(str(one.value), record.unit)):
            continue
        named = next((str(name) for label, name in one.holder.items() if label.endswith("名称") and name), "")
        column = _COLUMN.fullmatch(key) is not None
        label = (named or (one.path[-2] if len(one.path) > 1 else "")) if column else key
        stage = _stage(key) if column else "" if record.reports else "budget"
        off = _offset(key, record.year)
        names = {label} if len(label) > 2 and not _NO_MONEY.search(label) else set()
        if column and keys[key] == 1 and (label in _TOTALS or single):
            names |= {key, *(_BUDGETED if single and key in BUDGET else ())}
        for name in names:
            shown = f"{label}的{key}" if column and label else key
            yield _Known(name, amount, stage, off, f"{shown} {one.value}{record.unit}", one.holder.value_spans[key])


def _in_rows(record: Record, rows: Iterable[Indicator]) -> Iterator[_Known]:
    """The indicators in money; a target with a sign is a limit, which another amount may keep."""
    for row in rows:
        if row.name is None or len(row.name) < 3:
            continue
        for written, column in ((row.value, "budget"), (row.actual, "spent")):
            bound = None if written is None else values.bound(str(written))
            if bound is None:
                continue
            bare = values.amount(str(written), record.unit) if row.aspect == "成本" else None
            amount = bare or bound.quantity
            if amount is None or amount.kind is not Kind.MONEY:
                continue
            limit = column == "budget" and bound.sign in ("≥", "≤", "＞", "＜")
            shown = f"{row.name}的{'目标' if column == 'budget' else '完成值'} {show(amount)}"
            span = next(row.row.value_spans[key] for key in row.row if row.row[key] is written)
            yield _Known(str(row.name), amount, "" if limit else column, 0, shown, span)


def _amounts(line: Line, pattern: re.Pattern[str], year: int | None, *, single: bool) -> Iterator[_Said]:
    """Each amount that stands right behind the name of an item, or behind a column after such an amount."""
    last, off, lost = "", 0, False
    end = figure = sentence = 0
    for one in line.found:
        for stop in _STOP.finditer(line.words, end, one.start):
            last, lost, sentence, off = "", False, stop.end(), -1 if off == -1 else 0
        end = one.end
        if isinstance(one, Period):
            off = one.year - year if one.year and year else off
            lost = lost or (one.month or 1, one.to_month or 12) != (1, 12)
            continue
        ahead = line.words[max(figure, one.start - _WINDOW) : one.start]
        figure = one.end
        if one.kind is not Kind.MONEY:
            continue
        clause = _MARK.split(ahead)[-1]
        start = one.start - len(clause)
        words = clause.translate(_QUOTES)
        match = pattern.fullmatch(words) or (_ALONE.fullmatch(words) if last else None)
        label = (match["label"] or last) if match else ""
        column = _stage(f"{match['before']} {match['behind']}") if match else ""
        # A column by its name alone is the whole's only where nothing else has been named.
        stray = _COLUMN.fullmatch(label) and not (single or last or not line.words[sentence:start].strip())
        if not match or stray or line.words[start - 1 : start] in ("（", "(") or not (match["label"] or column):
            lost = lost or not _ADDED.search(words)
            continue
        last = label
        lost = lost or _OTHER.search(line.words, max(sentence, start - _WINDOW), start) is not None
        if not lost and column != "?":
            yield _Said(label, one, column, -1 if "上年" in words or "去年" in words else off, line)


def _contradicted(said: _Said, known: list[_Known], stated: set[Decimal]) -> _Known | None:
    """What the tables have instead of an amount in the text; None where that may be the same or something else."""
    if any(_same(one.amount, said.amount) for one in known if _agree(one.column, said.column)):
        return None
    column = said.column or ("spent" if any(one.column == "spent" for one in known) else "budget")
    certain = [one for one in known if one.column and (not said.column or _decides(said.column, one.column))]
    certain.sort(key=lambda one: (not _misplaced(one.amount, said.amount), one.column != column))
    # A difference that is an amount of its own is what the text leaves out.
    explained = any(abs(one.amount.value - said.amount.value) in stated for one in certain)
    return certain[0] if certain and not explained else None


def _misplaced(one: Quantity, other: Quantity) -> bool:
    """Whether two amounts differ by 万 alone."""
    return max(one.value, other.value) == 10_000 * min(one.value, other.value)


def _agree(one: str, other: str) -> bool:
    """Whether two columns can be the same: 预算数 is 年初预算数 or 全年预算数."""
    return not one or not other or one == other or (one != "spent" and other != "spent" and "budget" in (one, other))


def _decides(said: str, column: str) -> bool:
    """Whether a column is what the text names; 年初预算 is not certainly 预算数."""
    return said == column or (said == "budget" and column != "spent")


def _stage(words: str) -> str:
    """The column that words name: initial, full, budget or spent; empty for none, ? for more than one."""
    words = _FUND.sub("", words)
    if _FIRST.search(words):
        return "initial"
    if re.search("预算(?:支出|执行)|执行数|决算|实际", words):
        return "spent"
    if _WHOLE.search(words):
        return "full"
    spent, planned = _SPENT.search(words), _PLANNED.search(words)
    return "?" if spent and planned else "spent" if spent else "budget" if planned else ""


def _offset(key: str, year: int | None) -> int:
    """How many years a column is away from the document's: -1 for 上年决算数."""
    match = re.match("[0-9]{4}(?=年)", key)
    if match and year:
        return int(match.group()) - year
    return -1 if key.startswith(("上年", "去年")) else 0


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
    near = abs(one.value - other.value) <= _ROUGHLY * max(one.value, other.value)
    return near or sorted(f"{one.number:f}") == sorted(f"{other.number:f}")


def _finding(said: _Said, other: _Known | _Said, places: list[_Said]) -> Finding:
    written = f"{said.label}{show(said.amount)}"
    shown = other.shown if isinstance(other, _Known) else f"别处的{other.label} {show(other.amount)}"
    off = abs(said.amount.value - other.amount.value)
    unit = "万元" if off >= 10_000 or said.amount.unit.startswith("万") else "元"
    difference = (off / 10_000 if unit == "万元" else off).normalize()
    hint = (
        "元、万元写混了" if _misplaced(said.amount, other.amount) else "改正写错的一处；正文可以引用表中的数：{{ … }}"
    )
    notes = [
        Note(hint),
        Note("另一处写在这里", other.span),
        *(Note("这里也写了", one.span) for one in places[:_PLACES]),
    ]
    message = f"“{written}”与{'表中的' if isinstance(other, _Known) else ''}{shown} 不一致（相差 {difference:f}{unit}）"
    return Finding(said.span, message, tuple(notes))
