"""Numbers written in more than one way."""

import re
from collections import Counter
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from itertools import chain, islice

from perfc import values
from perfc.diagnostic import Edit, Note, Severity
from perfc.lint import Finding, rule
from perfc.vocabulary import ACTUAL, INDICATORS, VALUE, Figure, Indicator, Line, Record

_WIDE = str.maketrans("０１２３４５６７８９．", "0123456789.")
_DIGITS = "[0-9０-９]"
_WRITTEN = re.compile(f"(?<!{_DIGITS}){_DIGITS}{{1,18}}(?:[.．,，]{_DIGITS}{{1,18}}){{0,6}}")
_ITEM = re.compile(f"[(（]?{_DIGITS}{{1,2}}[)）．.、]")
_GROUPED = re.compile(r"[0-9]{1,3}(?P<groups>(?:，[0-9]{3})+)(?P<places>\.[0-9]+)?")
_MONEY = re.compile(" ?[百千万亿]{0,2}元")
_PRICE = re.compile("[价率值]|每|均")
_SQUARE = re.compile(r"(?<=[0-9 ])[mM]2(?![0-9A-Za-z])|(?<=[0-9 ])(?:㎡|m²|平方米)")
_PLAIN = ("m2", "M2")
_MOST = 50  # findings in one line, each of which takes reading it
_POWERS = {"元": 0, "万元": 4, "亿元": 8}


@rule(Severity.WARNING)
def number_style(record: Record) -> Iterator[Finding]:
    """同一栏的数小数位数一致、单位一致；数字和其中的小数点、逗号用半角。

    金额以万元填列时一般保留两位小数；2.3385 与 3.45 同列，多半是直接粘贴了账面数。整数与两位小数同列不算差错。
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
    yield from _units(record)
    square = Counter(one.group() for line in record.lines for one in _SQUARE.finditer(line.words))
    for line in record.lines:
        yield from islice(chain(_wide(line), _amounts(line), _squares(line, square)), _MOST)


def _decimals(record: Record) -> Iterator[Finding]:
    """Figures with other decimals than the rest of their column; whole numbers go with any."""
    tables: dict[tuple[str, ...], list[Figure]] = {}
    for one in record.figures:
        span = one.value.span
        if span.start < span.end and not (INDICATORS in one.path and one.path[-1] in {*VALUE, *ACTUAL}):
            tables.setdefault(one.path[:-2], []).append(one)
    for figures in tables.values():
        usual = Counter(places for one in figures if (places := values.decimals(one.value)))
        if len(usual) < 2:
            continue
        norm = max(usual, key=lambda places: (usual[places], -places))
        beside = {one.path[-1]: one.value for one in reversed(figures) if values.decimals(one.value) == norm}
        for one in figures:
            places = values.decimals(one.value)
            if one.path[-1] in beside and (places > max(norm, 2) or 0 < places <= norm - 2):
                yield _drift(one, beside[one.path[-1]], norm)


def _drift(one: Figure, other: Decimal, norm: int) -> Finding:
    places = values.decimals(one.value)
    rounded = one.value.quantize(Decimal(1).scaleb(-norm), ROUND_HALF_UP)
    message = f"{one.path[-1]} {one.value} 有 {places} 位小数，同列的 {other} 等是 {norm} 位"
    edits = (Edit(one.value.span, f"{rounded:f}"),) if rounded == one.value else ()
    return Finding(one.value.span, message, (Note(f"保留 {norm} 位小数写成 {rounded:f}"),), edits=edits)


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
    number = quantity.value.scaleb(-_POWERS[unit]).normalize()
    written = f"{number:.{max(values.decimals(number), 0 if unit == '元' else 2)}f}{unit}"
    message = f"“{row.value}”以{quantity.unit}为单位，其他成本指标以{unit}为单位"
    edits = line.edit(quantity.start, quantity.end, written) if not quantity.about else ()
    severity = Severity.INFO if apart else None
    yield Finding(line.at(quantity.start, quantity.end), message, (Note(f"写成 {written}"),), severity, edits)


def _wide(line: Line) -> Iterator[Finding]:
    """Full-width digits, points and thousands commas in a number; not in an enumeration (１．) that begins a line."""
    item = _ITEM.match(line.words)
    for match in _WRITTEN.finditer(line.words, item.end() if item else 0):
        written, (start, end) = match.group(), match.span()
        right = written.translate(_WIDE)
        grouped = _GROUPED.fullmatch(right)
        if grouped and (grouped["places"] or len(grouped["groups"]) > 4 or _MONEY.match(line.words, end)):
            right = right.replace("，", "")
        if right != written:
            message, hint = f"“{written}”中有全角的数字或标点", (Note(f"写成 {right}"),)
            yield Finding(line.at(start, end), message, hint, edits=line.edit(start, end, right))


def _amounts(line: Line) -> Iterator[Finding]:
    """Amounts of more decimals than money has; a price of one piece may have them."""
    for one in line.found:
        if not isinstance(one, values.Quantity) or one.kind is not values.Kind.MONEY or one.number < 1:
            continue
        places, written = values.decimals(one.number), values.show(one)
        if one.unit == "元" and places > 2 and not _PRICE.search(line.words[max(0, one.start - 10) : one.start]):
            hint = Note(f"是不是 {one.number:f}万元？")
            yield Finding(line.at(one.start, one.end), f"{written}有 {places} 位小数，以元为单位最多两位", (hint,))
        elif one.unit == "万元" and places > 4:
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
