"""What authors write, read once: amounts, percentages, counts, bounds, dates.

Offsets are half-open character offsets into the text as given. Every quantifier in a pattern is bounded, so reading is
linear in the length; patterns see a text through `plain`, which keeps its length.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple


class Kind(StrEnum):
    """What a value is: 元/年 is a rate and not money; a text has neither number nor date."""

    MONEY = "money"
    RATE = "rate"
    PERCENT = "percent"
    COUNT = "count"
    RANGE = "range"
    DATE = "date"
    TEXT = "text"


class Writing(StrEnum):
    """How a bound's sign is written: `≥`, another symbol for it (`>=`, `≧`), in words (不少于, 以上), or not at all."""

    CANONICAL = "canonical"
    VARIANT = "variant"
    WORDS = "words"
    NONE = "none"


class Quantity(NamedTuple):
    """A number with its unit: 12.50万元 is number 12.50, unit 万元, value 125000, base 元, tolerance 50.

    `kind` is MONEY, RATE, PERCENT or COUNT. `number` keeps its written decimals. `unit` is without spaces and
    brackets and may be empty; m2 and ㎡ are 平方米. `value` and `tolerance`, half of the last written place, are in
    `base`: 元 for money, % for shares (‰ too), else the unit without 万 or 亿. `about`: 约, 余 or the like beside it.
    """

    start: int
    end: int
    kind: Kind
    number: Decimal
    unit: str
    value: Decimal
    base: str
    tolerance: Decimal
    about: bool


class Period(NamedTuple):
    """A date or period, from `year`, `month`, `day` to the other three; each None where not given, equal for one date.

    2024年 has no months, 2024年底 month 12, 十四五 the years 2021 and 2025. `until`: only its end is meant (截至, 前).
    """

    start: int
    end: int
    year: int | None
    month: int | None
    day: int | None
    to_year: int | None
    to_month: int | None
    to_day: int | None
    until: bool


class Bound(NamedTuple):
    """An indicator's value. `start` and `end` cut the sign with its quantity out of the text, or the range or date.

    `sign` is one of ≥ ＞ ＝ ＜ ≤, empty for a quantity, range or date without one, or 定性; `written` is what stands
    there for it. `canonical` is what could stand there instead (≥1000件), None where not certain or without sign.
    """

    start: int
    end: int
    kind: Kind
    sign: str = ""
    written: str = ""
    writing: Writing = Writing.NONE
    canonical: str | None = None
    quantity: Quantity | None = None
    period: Period | None = None


@lru_cache(maxsize=8192)
def plain(text: str) -> str:
    """The text in its own length, with half-width ASCII and one form of each dash, space and sign."""
    return _UNLIKE.sub(lambda match: _PLAIN[match.group()], text)


@lru_cache(maxsize=8192)
def number(text: str) -> Decimal | None:
    """The number that a whole text is, with its decimals (1，234.50 is 1234.50); None for any other text."""
    match = _BARE.fullmatch(plain(text.strip()))
    return Decimal(match.group().replace(",", "")) if match else None


def decimals(value: Decimal) -> int:
    """How many decimal places a number is written with: 2 for 4.50, 0 for 45."""
    exponent = value.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def amount(text: str, unit: str = "") -> Quantity | None:
    """The amount of money that a whole text is, None for any other; `unit` (元, 万元) is that of a bare number."""
    bare, known = number(text), _KNOWN.fullmatch(plain(unit.strip()))
    if bare is not None and known:
        found = _made(*_trimmed(text), bare, known.groupdict(), about=False)
        return found if found.kind is Kind.MONEY else None
    first = next(find_amounts(text), None)
    return first if first and (text[: first.start] + text[first.end :]).strip() in ("", "约") else None


def show(quantity: Quantity) -> str:
    """Number and unit in canonical writing, as `bound` reads them again: 4.50万元."""
    return f"{quantity.number:f}{quantity.unit}"


def exchanged(one: Decimal, other: Decimal) -> bool:
    """Whether two neighbouring digits exchanged make one number of the other: 57.00 and 75.00."""
    left, right = _differing(one, other)
    return len(left) == 2 and left == right[::-1]


def mistyped(one: Decimal, other: Decimal) -> bool:
    """Whether a digit too many, too few or wrong, or two exchanged, make one number of the other: 612 and 1612."""
    left, right = _differing(one, other)
    return max(len(left), len(right)) == 1 or exchanged(one, other)


def spoken(written: str) -> Decimal | None:
    """The number in digits or in Chinese numerals (一百二十, 一万二千, 九十八点五); None if they are none."""
    if written[-1] in "0123456789":
        return Decimal(written.replace(",", ""))
    whole, _, places = written.partition("点")
    total = 0
    for part in whole.split("万"):
        match = _NUMERAL.fullmatch(part)
        if match is None:
            return None
        total *= 10_000
        for digit, unit in zip(match.groups(), (1000, 100, 10, 1), strict=True):
            total += unit * _digit(digit[0]) if digit else 0
    return Decimal(f"{total}.{''.join(str(_digit(one)) for one in places)}" if places else total)


@lru_cache(maxsize=8192)
def find(text: str) -> tuple[Quantity | Period, ...]:
    """Each number with a unit and each date in a text, from left to right without overlap; none in any other text.

    Left out: ranges (3-5人), ordinals (第3次), document numbers, codes, bare numbers without a sign, and numerals in
    Chinese except for money, percentages and behind a sign (三万元, 百分之五, 不少于三次).
    """
    line, at, found = plain(text), 0, []
    while match := _TOKEN.search(line, at):
        one = _quantity(line, match) if match["period"] is None else _period(line, match)
        at = one.end if one else match.start() + 1
        if one:
            found.append(one)
    return tuple(found)


def find_amounts(text: str) -> Iterator[Quantity]:
    """Each amount of money in a text (元, 万元, 亿元), rates like 600元/月 left out."""
    return (one for one in find(text) if isinstance(one, Quantity) and one.kind is Kind.MONEY)


def find_percentages(text: str) -> Iterator[Quantity]:
    """Each percentage in a text: 49%, 百分之四十九, 2‰."""
    return (one for one in find(text) if isinstance(one, Quantity) and one.kind is Kind.PERCENT)


def find_counts(text: str) -> Iterator[Quantity]:
    """Each plain quantity in a text: 14245人, 6321人次, 约5000平方米, 24万."""
    return (one for one in find(text) if isinstance(one, Quantity) and one.kind is Kind.COUNT)


def find_periods(text: str) -> Iterator[Period]:
    """Each date and period in a text: 2024年内, 1-11月, 2020年10月30日, 十四五, 2021-2025年."""
    return (one for one in find(text) if isinstance(one, Period))


@lru_cache(maxsize=8192)
def bound(text: str) -> Bound:
    """An indicator's value as an author writes it; a text with neither number nor date is of kind TEXT, sign 定性.

    Of several quantities the first with a sign before it counts, then with one behind it (95%以上), then without; a
    date counts where there is no quantity.
    """
    line, bare, found = plain(text), number(text), find(text)
    period = next((one for one in found if isinstance(one, Period)), None)
    if bare is not None:
        found = (_made(*_trimmed(text), bare, {}, about=False),)
    bounds = [_bound(text, line, one, period) for one in found if isinstance(one, Quantity)]
    signed = [one for one in bounds if one.sign]
    if not signed and (between := _between(line, found)):
        return Bound(*between, Kind.RANGE, period=period)
    if bounds:
        before = [one for one in signed if one.quantity and one.start < one.quantity.start]
        best = (before or signed or bounds)[0]
        return best if len(bounds) == 1 else best._replace(canonical=None)
    if period:
        return Bound(period.start, period.end, Kind.DATE, period=period)
    return Bound(0, len(text), Kind.TEXT, "定性")


_ALIKE = "≥≧⩾ ≤≦⩽ >﹥ <﹤ =﹦ %﹪ -‐‑‒–—―− ~〜∼ ·・•"
_PLAIN = {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)} | {"\u3000": " ", "\xa0": " "}
_PLAIN |= {other: alike[0] for alike in _ALIKE.split() for other in alike[1:]}
_UNLIKE = re.compile(f"[{re.escape(''.join(_PLAIN))}]")  # few characters are: looking each one up takes longer
_SYMBOLS = {"≥": "≥ >= => ≥=", "≤": "≤ <= =< ≤=", "＞": ">", "＜": "<", "＝": "="}
_WORDS = {
    "≥": "不少于 不低于 不小于 不下于 不短于 不得少于 不得低于 不得小于 大于等于 大于或等于 高于或等于 至少 最少 最低",
    "≤": "不超过 不高于 不大于 不多于 不得超过 不得高于 不得大于 小于等于 小于或等于 低于或等于 至多 最多 控制在",
    "＞": "大于 高于 多于 超过 超出",
    "＜": "小于 低于 少于 不足 不满 不到",
    "＝": "等于",
}
_SIGNS = {one: sign for table in (_SYMBOLS, _WORDS) for sign, ones in table.items() for one in ones.split()}
# 民法典 article 1259: 以上, 以下 and 以内 include the number itself.
_LIMITS = {"以上": "≥", "以内": "≤", "之内": "≤", "以下": "≤", "内": "≤"}
_SIGN = re.compile(rf"(?P<sign>{'|'.join(map(re.escape, _SIGNS))}) {{0,2}}$")
_LIMIT = re.compile(r" ?(?:\(含(?:本数)?\)|及)?(?P<sign>以上|以内|之内|以下|内(?![设部容科外]))")
_ABOUT = re.compile(r"[约近逾超](?:为|有|计)? ?$")
_AS_OF = re.compile(r"截[止至][到至]? ?$")

_HAN = "[一-鿿]"
_ONES = "一二三四五六七八九"
_NUMERALS = f"零〇两十百千{_ONES}"
_NUMERAL = re.compile(rf"([两{_ONES}]?千)?[零〇]?([两{_ONES}]?百)?[零〇]?([{_ONES}]?十)?[零〇]?([两{_ONES}])?")
_NUMERAL_RUN = rf"(?<![第数几上多好成万亿{_NUMERALS}])[零两十{_ONES}][{_NUMERALS}]{{0,8}}(?:万[{_NUMERALS}]{{1,9}})?"
_DECIMAL = r"(?:[0-9]{1,3}(?:,[0-9]{3}){1,4}|[0-9]{1,15})(?:\.[0-9]{1,10})?(?!\.?[0-9]|,[0-9]{3}(?![0-9]))"
_BARE = re.compile(f"-?{_DECIMAL}")
_YEAR = "(?:19|20)[0-9]{2}"
_MONTH = "1[0-2]|0?[1-9]"
_DAY = "3[01]|[12][0-9]|0?[1-9]"
_TO = " ?(?:-{1,2}|~|至|到) ?"
_NUMBER = (
    rf"(?<![0-9A-Za-z.第±])(?<![0-9],)(?<![0-9][-~至])(?<![0-9]--)(?<![0-9][万亿])(?![0-9]{{1,2}}\.{_YEAR} ?年)"
    rf"(?:(?<![^\s(≥≤<>=:长幅为是率达])-)?{_DECIMAL}"
)
_RANGE = re.compile(rf"(?:±|(?<![0-9A-Za-z.第]){_DECIMAL} ?(?:[%‰]|{_HAN}{{1,2}})?{_TO}){_DECIMAL}")
_PERIODS = (
    rf"(?P<a_year>{_YEAR})(?P<dot>[-./])(?P<a_month>{_MONTH})(?P=dot)(?P<a_day>{_DAY})(?![0-9])"
    rf"|(?P<b_year>{_YEAR})[-/](?P<b_month>{_MONTH})(?! ?[\w.%‰(/-])"
    rf"|(?P<c_year>{_YEAR})(?: ?年度?)?{_TO}(?P<c_to_year>{_YEAR}) ?年度?(?! ?[0-9]{{1,2}} ?月)"
    rf"|(?:(?P<d_year>{_YEAR}) ?年度? ?)?(?P<d_month>{_MONTH})(?: ?月份?(?: ?(?P<d_day>{_DAY}) ?日)?)?{_TO}"
    rf"(?:(?P<d_to_year>{_YEAR}) ?年 ?)?(?P<d_to_month>{_MONTH}) ?月份?(?: ?(?P<d_to_day>{_DAY}) ?日)?"
    rf"|(?P<e_year>{_YEAR}) ?年度?(?: ?(?P<e_month>{_MONTH}) ?月份?(?: ?(?P<e_day>{_DAY}) ?日)?)?"
    rf"|(?P<f_month>{_MONTH}) ?月份?(?: ?(?P<f_day>{_DAY}) ?日)?"
    r"|(?P<plan>十[一二三四五六]五)(?![个名人岁次天])"
    rf"|(?=年底(?!线)|[上下]半年|第?[一二三四1-4]季度|前[两二三]个?季度|[一1]{_TO}[二三四2-4]季度)"
)
_PART = re.compile(
    rf"(?: ?(?P<part>年?[底末](?!线)|年?初(?!步)|全年|[上下]半年|(?:前|第|[一1]{_TO})?[一二两三四1-4]个?季度))?"
    r"(?: ?内(?!设))?(?P<until> ?[之以]?前(?![后期往来一二三四]))?"
)
_PARTS = {"底": (12, 12), "末": (12, 12), "初": (1, 1), "上": (1, 6), "下": (7, 12)}
_QUARTERS = {one: number for number, ones in enumerate(("一1", "两二2", "三3", "四4"), 1) for one in ones}
_TOKEN = re.compile(
    rf"(?=[-0-9年上下第前百千零两十{_ONES}])(?:(?P<period>(?<![0-9第{_ONES}])(?:{_PERIODS}))"
    rf"|(?P<of>[百千])分之(?P<share>{_DECIMAL}|[{_NUMERALS}]{{1,9}}(?:点[零〇{_ONES}]{{1,9}})?)"
    rf"|(?P<number>{_NUMBER})|{_NUMERAL_RUN})"
)
# The parts of a date by the numbers of their groups, empty for the other groups.
_GIVEN = tuple(name[2:] if name[1] == "_" else "" for name in _TOKEN.groupindex)

_MEASURE = (
    "千(?:瓦时|瓦|克|米|帕|伏安?|卡|字)|兆瓦时?|标方|个(?:百分点|工作日|小时|月|星期|学期|点位)|工作日|小时|分钟|周岁|人次|人天|人日|人月|人份|场次|台次|户次|车次|架次|例次|件次|批次|"
    "班次|课时|学时|平方公里|平方米|立方米|公里|公斤|公顷|瓦时|(?:美|欧|港|日)元|"
    "[个家件人名位户次场册份张台套项批期条篇部辆间所处座栋幢层站亩米吨克升度天日周年分秒只头匹棵株根块片副幅门口支把顶羽尾盏艘架具例起"
    "宗案卷页字句段节课班组队类种款岁倍桶袋箱盒瓶罐包捆顿餐床席孔眼里村乡镇县栏]|"
    "(?:[kcm]?m[23²³]|㎡|㎥|kg|km|kWh?|[KMGTP]Bp?s?|Mbps|℃|dB)(?![0-9A-Za-z])"
)
_PER = f"(?:月|{_MEASURE}|{_HAN})"
_UNITS = dict.fromkeys(("m2", "m²", "㎡"), "平方米") | dict.fromkeys(("m3", "m³", "㎥"), "立方米")
_POWERS = {"十": 1, "百": 2, "千": 3, "万": 4, "亿": 8}
_RUN = rf"(?:(?!以[上下内]|及以|之内|左右|上下|[万亿号月日年和与及或的至到且约是]){_HAN})"


def _unit(run: str) -> re.Pattern[str]:
    """A unit behind a number, in brackets or not; `run` is what else counts as one."""
    return re.compile(
        r" ?(?P<open>\()?(?:(?P<percent>[%‰])"
        r"|(?P<some>[多余来])?(?P<scale>万亿|[十百千]?[万亿]|百|千(?![瓦克米帕伏卡字]))?(?P<more>[多余])?"
        rf"(?P<what>元(?![化素论件旦宵首结])|{_MEASURE})(?P<per>(?:[/每]{_PER}(?:[/每·]{_PER}){{0,2}})?)"
        rf"|(?P<bare>[万亿])(?P<odd>[多余])?(?![0-9])|(?P<run>{run}))(?(open)\))(?P<near>左右|上下)?"
    )


_KNOWN = _unit(rf"(?<! ){_RUN}{{1,2}}(?!{_HAN})")
_ANY = _unit(rf"{_RUN}{{1,8}}|(?! ?[0-9A-Za-z:/])")


def _quantity(line: str, match: re.Match[str]) -> Quantity | None:
    """The quantity at a number, where it has a unit or a sign."""
    start, end = match.span()
    if match["of"]:
        share = spoken(match["share"])
        unit = {"percent": "%" if match["of"] == "百" else "‰"}
        return None if share is None else _made(start, end, share, unit, about=False)
    value, signed = spoken(match.group()), _sign(line, start) is not None
    found = (_ANY if signed and match["number"] else _KNOWN).match(line, end)
    if value is None or found is None or not (match["number"] or found["what"] == "元" or (signed and found["what"])):
        return None
    if found["what"] == "年" and re.fullmatch(_YEAR, f"{value:f}"):
        return None
    end = found.end() if found.group().strip() else end
    near = any(found.group("some", "more", "odd", "near"))
    return _made(start, end, value, found.groupdict(), about=near or bool(_ABOUT.search(_ahead(line, start))))


def _made(start: int, end: int, value: Decimal, unit: Mapping[str, str | None], *, about: bool) -> Quantity:
    """A quantity from its number and the groups of its unit."""
    if percent := unit.get("percent"):
        kind, power, written, base = Kind.PERCENT, -1 if percent == "‰" else 0, percent, "%"
    else:
        scale, per = unit.get("scale") or unit.get("bare") or "", unit.get("per") or ""
        what = unit.get("what") or unit.get("run") or ""
        base = _UNITS.get(what, what) + per
        kind = Kind.RATE if per else Kind.MONEY if what == "元" else Kind.COUNT
        power, written = sum(map(_POWERS.__getitem__, scale)), scale + base
    tolerance = Decimal(5).scaleb(power - decimals(value) - 1)
    return Quantity(start, end, kind, value, written, value.scaleb(power), base, tolerance, about)


def _period(line: str, match: re.Match[str]) -> Period | None:
    """The period at a date, with the parts of a year that follow it."""
    start, part = match.start(), _PART.match(line, match.end())
    if part is None or part.end() == start:
        return None
    given = {name: int(value) for name, value in zip(_GIVEN, match.groups(), strict=True) if value and name}
    if match["plan"]:
        first = 2006 + 5 * _ONES.index(match["plan"][1])
        given = {"year": first, "to_year": first + 4}
    year, month, day = (given.get(name) for name in ("year", "month", "day"))
    to_year, to_month, to_day = given.get("to_year", year), given.get("to_month", month), given.get("to_day")
    if "to_month" not in given:
        to_day = day
    if (name := part["part"]) and month is None and year == to_year:
        month, to_month = _months(name)
    until = bool(part["until"] or _AS_OF.search(_ahead(line, start)))
    return Period(start, part.end(), year, month, day, to_year, to_month, to_day, until)


def _months(part: str) -> tuple[int | None, int | None]:
    """The first and the last month of a part of a year: 年底, 上半年, 第三季度, 前三季度; none of 全年."""
    if part.endswith("季度"):
        quarters = part.removesuffix("季度").removesuffix("个")
        last = _QUARTERS[quarters[-1]]
        return (3 * last - 2 if quarters.removeprefix("第") == quarters[-1] else 1), 3 * last
    return _PARTS.get(part.strip("年")[:1], (None, None))


def _bound(text: str, line: str, one: Quantity, period: Period | None) -> Bound:
    """A quantity with the sign before or behind it; canonical unless about, or the two differ (大于5人（含）)."""
    before, behind = _sign(line, one.start), _LIMIT.match(line, one.end)
    start = one.start - len(_ahead(line, one.start)) + before.start() if before else one.start
    end = behind.end() if behind else one.end
    if before:
        written, sign = text[start : start + len(before["sign"])], _SIGNS[before["sign"]]
    elif behind:
        written, sign = text[slice(*behind.span("sign"))], _LIMITS[behind["sign"]]
    else:
        return Bound(start, end, one.kind, quantity=one, period=period)
    contrary = line.startswith("(含", end) if behind is None else _LIMITS[behind["sign"]] != sign
    certain = not one.about and not contrary
    canonical = sign + show(one) if certain else None
    writing = Writing.CANONICAL if written == sign else Writing.WORDS if re.match(_HAN, written) else Writing.VARIANT
    return Bound(start, end, one.kind, sign, written, writing, canonical, one, period)


def _between(line: str, found: tuple[Quantity | Period, ...]) -> tuple[int, int] | None:
    """Where a range of numbers stands, outside what was found otherwise: 80-90分, ±5%."""
    taken = {at for one in found if isinstance(one, Period) for at in range(one.start, one.end)}
    whole = line.strip()
    for match in _RANGE.finditer(line):
        unit = _KNOWN.match(line, match.end())
        if (unit or match.group() == whole) and taken.isdisjoint(range(*match.span())):
            return match.start(), unit.end() if unit else match.end()
    return None


def _digit(one: str) -> int:
    """A numeral's worth; that of a 十 or 百 without one is 1."""
    return 2 if one == "两" else 0 if one in "零〇" else _ONES.find(one) + 1 or 1


def _sign(line: str, start: int) -> re.Match[str] | None:
    """The sign that stands right before an offset."""
    return _SIGN.search(_ahead(line, start))


def _ahead(line: str, start: int) -> str:
    """The few characters before an offset, as many as any sign has."""
    return line[max(0, start - 8) : start]


def _differing(one: Decimal, other: Decimal) -> tuple[str, str]:
    """What is left of two numbers, with the places of the first, without what they begin and end with alike."""
    left, right = f"{one:f}", f"{other:.{decimals(one)}f}"
    if Decimal(right) != other:
        return "", ""
    while left and right and left[0] == right[0]:
        left, right = left[1:], right[1:]
    while left and right and left[-1] == right[-1]:
        left, right = left[:-1], right[:-1]
    return left, right


def _trimmed(text: str) -> tuple[int, int]:
    """The offsets of a text without the space around it."""
    return len(text) - len(text.lstrip()), len(text.rstrip())
