"""Numbers written in more than one way."""

import re
from collections import Counter
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from itertools import islice

from perfc import values
from perfc.diagnostic import Edit, Note, Severity
from perfc.lint import Finding, rule
from perfc.load import Text
from perfc.vocabulary import ACTUAL, INDICATORS, POINTS, SCORE, VALUE, Figure, Indicator, Line, Record

_WIDE = str.maketrans("０１２３４５６７８９．", "0123456789.")
_DIGITS = "[0-9０-９]"
_UNUSUAL = re.compile("[０-９．，,。](?:(?<![，,。])|(?<=[0-9][，,])[0-9]{3}|(?<=[0-9]。)[0-9])")
_WRITTEN = re.compile(f"(?<!{_DIGITS}){_DIGITS}{{1,18}}(?:[.．,，。]{_DIGITS}{{1,18}}){{0,6}}")
_ITEM = re.compile(f"[(（]?{_DIGITS}{{1,2}}[)）．.、]")
_GROUPED = re.compile(r"[0-9]{1,3}(?P<groups>(?:，[0-9]{3})+)(?P<places>\.[0-9]+)?")
_POINT = re.compile(r"[0-9]{1,18}。[0-9]{1,2}")
_YUAN = re.compile("元")
_MONEY = re.compile(" ?[百千万亿]{0,2}元")
_SHARE = re.compile("[%％‰]")
_WIDE_PERCENT = re.compile("％")
_THOUSANDS = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?")
_LONG = re.compile(r"(?<![0-9.,，])[0-9]{5,12}(?![0-9])")
_LISTED = re.compile("(?:[0-9表图件第号附注页步节章例题各：:、]|[别次]为)$")
_PRICE = re.compile("[价率值]|每|均")
_SQUARE = re.compile(r"(?<=[0-9 ])[mM]2(?![0-9A-Za-z])|(?<=[0-9 ])(?:㎡|m²|平方米)")
_PLAIN = ("m2", "M2")
_BEGINS, _NUMBERS = re.compile("(?:^|[。；：:;])$"), 20  # where a number of a list stands, and the last of them
_USUAL = 3  # figures that make a habit
_MOST = 50  # findings in one line, each of which takes reading it
_AMOUNT = re.compile("[数额金款支入]$")
_POWERS = {"元": 0, "万元": 4, "亿元": 8}


@rule(Severity.WARNING)
def number_style(record: Record) -> Iterator[Finding]:
    """同一栏的数小数位数一致、单位一致；数字和其中的小数点、逗号用半角。

    金额以万元填列时一般保留两位小数；2.3385 与 3.45 同列，多半是直接粘贴了账面数。整数与两位小数同列不算差错；
    别的数写成 9.00 的，9.2 和 9 只作提示。以万元填列的一行中夹着以元填的数，完成值与指标值一元一万元，也算单位不一致。
    文中以元为单位的金额不会有三位以上小数，有的多半漏了“万”。

    错误：
        经费控制:
          公用经费: {预算数: 12.00, 决算数: 11.52}
          办公经费: {预算数: 3.00, 决算数: 2.3385}
    正确：
        经费控制:
          公用经费: {预算数: 12.00, 决算数: 11.52}
          办公经费: {预算数: 3, 决算数: 2.34}
    """
    yield from _decimals(record)
    yield from _scale(record)
    yield from _units(record)
    for row in record.indicators:
        if isinstance(row.actual, Text):
            yield from _result(record, row, row.actual)
    unusual = list(record.having(_UNUSUAL))
    ungrouped = len(list(record.having(_LONG))) if unusual else 0
    for line in unusual:
        yield from islice(_wide(line, thousands=ungrouped > len(unusual)), _MOST)
    for line in record.having(_YUAN):
        yield from islice(_amounts(line), _MOST)
    yield from _percents(record)
    squares = list(record.having(_SQUARE)) if any(one in record.words for one in _PLAIN) else []
    used = Counter(one.group() for line in squares for one in _SQUARE.finditer(line.words))
    for line in squares:
        yield from islice(_squares(line, used), _MOST)


def _decimals(record: Record) -> Iterator[Finding]:
    """Figures with other decimals than the rest of their column; whole numbers go with any."""
    tables: dict[tuple[str, ...], list[tuple[Figure, int]]] = {}
    for one in record.figures:
        span = one.value.span
        if span.start < span.end and not (INDICATORS in one.path and one.path[-1] in {*VALUE, *ACTUAL}):
            tables.setdefault(one.path[:-2], []).append((one, values.decimals(one.value)))
    for figures in tables.values():
        usual = Counter(places for _, places in figures if places)
        if not usual:
            continue
        norm = max(usual, key=lambda places: (usual[places], -places))
        # 9.00 in the table: it is written with two decimals, not as it happens.
        padded = usual[norm] >= _USUAL and any(f"{one.value}".endswith("0") for one, _ in figures)
        whole = Counter(places == norm for one, places in figures if one.value and one.value % 1 == 0)
        beside = {one.path[-1]: one.value for one, places in reversed(figures) if places == norm}
        for one, places in figures:
            gross = places > max(norm, 2) or 0 < places <= norm - 2
            bare = places == 0 and one.value and whole[True] >= max(_USUAL, 4 * whole[False])  # 380 beside 365.00
            slight = padded and (0 < places < norm or bare) and one.path[-1] not in (*POINTS, SCORE)
            if one.path[-1] in beside and (gross or slight):
                yield _drift(one, beside[one.path[-1]], norm, None if gross else Severity.INFO)


def _drift(one: Figure, other: Decimal, norm: int, severity: Severity | None) -> Finding:
    places = values.decimals(one.value)
    rounded = one.value.quantize(Decimal(1).scaleb(-norm), ROUND_HALF_UP)
    message = f"{one.path[-1]} {one.value} {f'有 {places} 位' if places else '没有'}小数，同列的 {other} 等是 {norm} 位"
    edits = (Edit(one.value.span, f"{rounded:f}"),) if rounded == one.value else ()
    return Finding(one.value.span, message, (Note(f"保留 {norm} 位小数写成 {rounded:f}"),), severity, edits)


def _units(record: Record) -> Iterator[Finding]:
    """Costs in another unit than the other costs of the document: a few among many, or two in one table."""
    amounts = [
        (row, bound.quantity)
        for row in record.indicators
        if row.aspect == "成本" and (bound := row.bound) and bound.quantity and bound.kind is values.Kind.MONEY
    ]
    usual = Counter(quantity.unit for _, quantity in amounts)
    if len(usual) < 2:
        return
    unit, most = usual.most_common(1)[0]
    tables: dict[int, set[str]] = {}
    for row, quantity in amounts:
        tables.setdefault(id(row.owner), set()).add(quantity.unit)
    for row, quantity in amounts:
        few = most >= 3 and 4 * usual[quantity.unit] <= len(amounts)
        if quantity.unit != unit and (few or unit in tables[id(row.owner)]):
            yield from _converted(record, row, quantity, unit, apart=unit not in tables[id(row.owner)])


def _converted(
    record: Record, row: Indicator, quantity: values.Quantity, unit: str, *, apart: bool
) -> Iterator[Finding]:
    """That a cost is in another unit; a hint where the others stand in tables apart from it."""
    if not isinstance(row.value, str) or unit not in _POWERS:
        return
    line = record.line(row.value)
    written, edits = _in_unit(line, quantity, unit)
    message = f"“{row.value}”以{quantity.unit}为单位，其他成本指标以{unit}为单位"
    severity = Severity.INFO if apart else None
    yield Finding(line.at(quantity.start, quantity.end), message, (Note(f"写成 {written}"),), severity, edits)


def _scale(record: Record) -> Iterator[Finding]:
    """A figure in 元 in a row of figures in 万元."""
    rows: dict[int, list[Figure]] = {}
    for one in record.figures if record.unit == "万元" else ():
        if one.value and _AMOUNT.search(one.path[-1]):
            rows.setdefault(id(one.holder), []).append(one)
    columns: dict[tuple[str, ...], list[Figure]] = {}
    for figures in rows.values():
        for one in figures:
            if one.value.span.start < one.value.span.end:
                columns.setdefault(one.path, []).append(one)
            number = (one.value / 10_000).normalize()
            others = [each for each in figures[:_MOST] if each is not one]
            other = next((each for each in others if number / 2 <= each.value <= number * 2), None)
            if other and number >= 1 and all(100 * each.value < one.value for each in others):
                beside = f"同一行的{other.path[-1]} {other.value}"
                message = f"{one.path[-1]} {one.value} 像是以元为单位，{beside} 以万元为单位"
                yield Finding(one.value.span, message, (Note(f"是不是 {number:f}？"),))
    for figures in columns.values():
        *others, one = sorted(figures, key=lambda each: each.value)
        number = (one.value / 10_000).normalize()
        if len(others) >= _USUAL and others[0].value <= number <= others[-1].value < one.value / 100:
            message = f"{one.path[-1]} {one.value} 像是以元为单位，同列的 {others[-1].value} 等以万元为单位"
            yield Finding(one.value.span, message, (Note(f"是不是 {number:f}？"),))


def _percents(record: Record) -> Iterator[Finding]:
    """A full-width percent sign where nearly all are half-width."""
    wide = [(line, match) for line in record.having(_WIDE_PERCENT) for match in _WIDE_PERCENT.finditer(line.words)]
    half = record.words.count("%") if wide else 0
    for line, match in wide if half >= max(_USUAL, 4 * len(wide)) else ():
        start, end = match.span()
        found = f"百分号是全角，别处是半角：{line.words[max(0, start - 6) : end]}"
        yield Finding(line.at(start, end), found, (Note("写成 %"),), edits=line.edit(start, end, "%"))


def _result(record: Record, row: Indicator, actual: Text) -> Iterator[Finding]:
    """What was done in another unit of money than the target, or in percent to the fourth place."""
    target, done = row.bound, row.result
    if not (target and done and target.quantity and done.quantity):
        return
    quantity, unit, line = done.quantity, target.quantity.unit, record.line(actual)
    places, usual = values.decimals(quantity.number), max(2, values.decimals(target.quantity.number))
    at = line.at(quantity.start, quantity.end)
    if done.kind is target.kind is values.Kind.MONEY and quantity.unit != unit and unit in _POWERS:
        right, edits = _in_unit(line, quantity, unit)
        message = f"“{actual}”以{quantity.unit}为单位，指标值“{row.value}”以{unit}为单位"
        yield Finding(at, message, (Note(f"写成 {right}"),), edits=edits)
    elif quantity.unit == "%" and places > usual and quantity.number >= 1:
        rounded = quantity.number.quantize(Decimal(1).scaleb(-usual), ROUND_HALF_UP)
        yield Finding(at, f"“{actual}”有 {places} 位小数，比率一般保留两位", (Note(f"写成 {rounded:f}%"),))


def _in_unit(line: Line, quantity: values.Quantity, unit: str) -> tuple[str, tuple[Edit, ...]]:
    """An amount written in another unit, and the change to it."""
    number = quantity.value.scaleb(-_POWERS[unit]).normalize()
    written = f"{number:.{max(values.decimals(number), 0 if unit == '元' else 2)}f}{unit}"
    return written, () if quantity.about else line.edit(quantity.start, quantity.end, written)


def _wide(line: Line, *, thousands: bool) -> Iterator[Finding]:
    """Full-width digits, points and thousands commas in a number; not in an enumeration (１．) that begins a line.

    `thousands`: the document writes most of its long numbers without commas.
    """
    item = _ITEM.match(line.words)
    counts = {one.start for one in line.found if isinstance(one, values.Quantity) and one.kind is values.Kind.COUNT}
    for match in _WRITTEN.finditer(line.words, item.end() if item else 0):
        written, (start, end) = match.group(), match.span()
        right, severity = written.translate(_WIDE), None
        grouped, money = _GROUPED.fullmatch(right), _MONEY.match(line.words, end)
        if grouped and (grouped["places"] or len(grouped["groups"]) > 4 or money):
            right = right.replace("，", "")
        elif grouped and start in counts and not _LISTED.search(line.words, max(0, start - 2), start):
            right, severity = right.replace("，", ""), Severity.INFO
        elif _POINT.fullmatch(right) and (money or _SHARE.match(line.words, end)):
            right = right.replace("。", ".")
        elif thousands and _THOUSANDS.fullmatch(right):
            right, severity = right.replace(",", ""), Severity.INFO
        if right != written:
            what = "有全角的数字或标点" if severity is None or "，" in written else "有千位逗号，别处的数没有"
            edits = line.edit(start, end, right)
            yield Finding(line.at(start, end), f"“{written}”中{what}", (Note(f"写成 {right}"),), severity, edits)


def _amounts(line: Line) -> Iterator[Finding]:
    """Amounts of more decimals than money has; a price of one piece may have them."""
    for one in line.found:
        if not isinstance(one, values.Quantity) or one.kind is not values.Kind.MONEY or one.number < 1:
            continue
        if one.number < _NUMBERS and _BEGINS.search(line.words, 0, one.start):
            continue  # 2.3000元以下 is 3000元 behind its number
        places, written = values.decimals(one.number), values.show(one)
        if one.unit == "元" and places > 2 and not _PRICE.search(line.words[max(0, one.start - 10) : one.start]):
            hint = Note(f"是不是 {one.number:f}万元？")
            yield Finding(line.at(one.start, one.end), f"{written}有 {places} 位小数，以元为单位最多两位", (hint,))
        elif one.unit == "万元" and (places > 4 or (places > 2 and written[:-2].endswith("00"))):
            hint = Note(f"一般保留两位小数：{one.number.quantize(Decimal('0.01'), ROUND_HALF_UP):f}万元")
            yield Finding(line.at(one.start, one.end), f"{written}有 {places} 位小数", (hint,), Severity.INFO)


def _squares(line: Line, used: Counter[str]) -> Iterator[Finding]:
    """Square metres as m2 where the document has another way of writing them."""
    other = next((one for one, _ in used.most_common() if one not in _PLAIN), None)
    for match in _SQUARE.finditer(line.words):
        if other and match.group() in _PLAIN:
            start, end = match.span()
            message = f"面积的单位写作 {match.group()}，别处写作{other}"
            yield Finding(line.at(start, end), message, (Note(f"写成 {other}"),), edits=line.edit(start, end, other))
