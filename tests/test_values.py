"""What authors write is read as they mean it; the cases are in values/*.yaml, most from published documents."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from perfc import values
from perfc.values import Kind, Period, Quantity

CASES = Path(__file__).parent / "values"
# Texts of the pieces that values are made of come upon far more than texts of any characters.
PIECES = (
    "0 1 12 31 100 2024 2025 1,000 1，234 3.50 １２ ．5 三 一百二十 两千 万 亿 元 万元 人 人次 个工作日 ㎡ m2 标段 % ％ （%） ‰ 百分之 "
    "≥ ≧ >= ＞ < = 不少于 不得超过 大于等于 小于 以上 以内 内 左右 约 余 多 / 每 · - — ~ 至 ± 年 年底 月 日 底前 前 截止 十四五 上半年 "
    "季度 第 、 ， 。 . : ( ) （ ） 的 村民 A"
)
TEXTS = st.text() | st.lists(st.sampled_from([*PIECES.split(" "), " ", "　", "\n"])).map("".join)
NUMBERS = st.decimals(-(10**9), 10**9, places=2) | st.integers(0, 10**15 - 1).map(Decimal)
UNITS = st.sampled_from(
    ["元", "万元", "亿元", "元/年", "万元/公里", "%", "‰", "人", "万人次", "个工作日", "平方米", "次/年"]
)
SIGNS = st.sampled_from(["≥", "＞", "=", "<=", "不少于", "不超过 ", "至少"])


def cases(name: str) -> dict[str, list[str]]:
    return yaml.load((CASES / name).read_text("utf-8"), yaml.BaseLoader)


@pytest.mark.parametrize(("text", "expected"), cases("bounds.yaml").items())
def test_a_bound(text: str, expected: list[str]):
    one = values.bound(text)
    read = one.quantity
    number, unit = (f"{read.number:f}", read.unit) if read else ("", "")
    given = [one.kind, one.sign, text[one.start : one.end], one.writing, number, unit, one.canonical]
    assert expected == [str(value or "-") if at != 2 else value for at, value in enumerate(given)]


def point(year: int | None, month: int | None, day: int | None) -> str:
    return f"{year or ''}" + "".join(f"-{one}" for one in (month, day) if one)


def shown(text: str, one: Quantity | Period) -> str:
    cut = text[one.start : one.end]
    if isinstance(one, Quantity):
        return f"{cut}: {one.kind} {one.value:f} {one.base}" + " ~" * one.about
    first, last = point(one.year, one.month, one.day), point(one.to_year, one.to_month, one.to_day)
    return f"{cut}: {first} {last}" + " <" * one.until


@pytest.mark.parametrize(("text", "expected"), cases("prose.yaml").items())
def test_what_is_found_in_prose(text: str, expected: list[str]):
    found = list(values.find(text))
    assert [shown(text, one) for one in found] == expected
    by_kind = [*values.find_amounts(text), *values.find_percentages(text), *values.find_counts(text)]
    rates = [one for one in found if isinstance(one, Quantity) and one.kind is Kind.RATE]
    assert sorted([*by_kind, *values.find_periods(text), *rates], key=lambda one: one.start) == found


@pytest.mark.parametrize(
    ("text", "unit", "value", "tolerance"),
    [
        ("4.50万元", "", "45000", "50"),
        (" 45000 元 ", "", "45000", "0.5"),
        ("1.2亿元", "", "120000000", "5000000"),
        ("三万元", "", "30000", "5000"),
        ("约25万元", "", "250000", "5000"),
        ("15332.27", "万元", "153322700", "50"),
        ("1，234，567.00", "元", "1234567.00", "0.005"),
        ("　2.3385 ", "（万元）", "23385", "0.5"),
    ],
)
def test_an_amount(text: str, unit: str, value: str, tolerance: str):
    found = values.amount(text, unit)
    assert found is not None
    assert (found.value, found.tolerance, found.base) == (Decimal(value), Decimal(tolerance), "元")


@pytest.mark.parametrize("text", ["", "45000", "600元/月", "5人", "100%", "人员经费5元", "5元整数", "≥5元", "3万"])
def test_what_is_no_amount(text: str):
    assert values.amount(text) is None


def test_a_bare_number_needs_a_unit_of_money():
    assert values.amount("5", "人") is None
    assert values.amount("5", "元/年") is None
    assert values.amount("5", "单位") is None


def test_numbers_and_their_decimals():
    read = {
        text: values.number(text) for text in ("4.50", "1，234", "-5", "０.5", "1,23", "5元", "一", "", "1.2.3", "²")
    }
    assert {text: str(one) for text, one in read.items() if one is not None} == {
        "4.50": "4.50",
        "1，234": "1234",
        "-5": "-5",
        "０.5": "0.5",
    }
    assert [values.decimals(Decimal(one)) for one in ("4.50", "45", "4E+3", "NaN")] == [2, 0, 0, 0]


@given(TEXTS)
def test_nothing_raises_and_offsets_cut_the_text(text: str):
    last = 0
    for one in values.find(text):
        assert last <= one.start < one.end <= len(text)
        last = one.end
        cut = text[one.start : one.end]
        assert cut == cut.strip()
        if isinstance(one, Quantity):
            assert one.tolerance > 0
            assert one.base == "%" or one.unit.endswith(one.base)
    values.amount(text)
    values.amount("5", text)
    values.number(text)
    one = values.bound(text)
    assert 0 <= one.start <= one.end <= len(text)
    assert one.written in text[one.start : one.end]
    assert (one.kind is Kind.TEXT) == (one.sign == "定性")


@given(TEXTS, st.just("") | st.tuples(SIGNS, st.sampled_from(["5", "1,000.50"])).map("".join), TEXTS)
def test_canonical_writing_reads_as_itself(before: str, sign: str, after: str):
    text = before + sign + after
    assert values.plain(values.plain(text)) == values.plain(text)
    assert len(values.plain(text)) == len(text)
    one = values.bound(text)
    if one.canonical is None:
        return
    again = values.bound(one.canonical)
    assert (again.canonical, again.writing, again.sign) == (one.canonical, values.Writing.CANONICAL, one.sign)
    assert meaning(again.quantity) == meaning(one.quantity)


@given(NUMBERS, UNITS)
def test_what_is_shown_reads_as_itself(number: Decimal, unit: str):
    text = f"{number:f}{unit}"
    (one,) = values.find(text)
    assert (values.show(one), one.start, one.end, one.number) == (text, 0, len(text), number)
    assert values.bound(text).quantity == one
    assert values.amount(text) == (one if one.kind is Kind.MONEY else None)
    spaced = values.bound(f"全年不超过 {number:,f} {unit}。")
    assert spaced.canonical == f"≤{text}"
    assert meaning(spaced.quantity) == meaning(one)


@given(st.integers(1, 99_999))
def test_chinese_numerals(number: int):
    (one,) = values.find_amounts(f"计{numeral(number)}元")
    assert one.value == number


def numeral(number: int) -> str:
    """A number below 100,000 in Chinese numerals, as prose writes it."""
    if number >= 10_000:
        over, rest = divmod(number, 10_000)
        return f"{numeral(over)}万" + (("零" if rest < 1000 else "") + numeral(rest) if rest else "")
    for worth, unit in ((1000, "千"), (100, "百"), (10, "十")):
        if number >= worth:
            digit, rest = divmod(number, worth)
            return (
                "零一二三四五六七八九"[digit]
                + unit
                + (("零" if rest < worth // 10 else "") + numeral(rest) if rest else "")
            )
    return "零一二三四五六七八九"[number]


def meaning(one: Quantity | None) -> tuple[Any, ...] | None:
    """All of a quantity but its place."""
    return one and (one.kind, one.number, one.unit, one.value, one.base, one.tolerance, one.about)


@pytest.mark.parametrize(
    ("one", "other", "exchanged", "mistyped"),
    [
        ("57.00", "75", True, True),
        ("612", "1612", False, True),
        ("22.40", "42.4", False, True),
        ("9.08", "9.081", False, False),
        ("38", "43", False, False),
        ("12", "12", False, False),
    ],
)
def test_slips_of_the_keyboard(one: str, other: str, exchanged: bool, mistyped: bool):
    pair = Decimal(one), Decimal(other)
    assert (values.exchanged(*pair), values.mistyped(*pair)) == (exchanged, mistyped)
