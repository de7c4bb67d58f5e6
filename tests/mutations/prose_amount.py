"""An amount in the text that differs from the table's."""

import re
from decimal import Decimal

from hypothesis import strategies as st

PARAGRAPH = re.compile(r" +(?=[^ #-])(?:(?!: ).)+。")
ROW = re.compile(r" +(?P<label>[^ :、]{4,}): \{.*\b(?P<column>上年决算数|预算数|决算数): (?P<number>[0-9.]+)\}?")
FUNDS = re.compile(r" +(?:- )?(?P<label>财政资金): (?P<number>[0-9.]+)")
GOAL = re.compile(r" +- [^:]+")
SENTENCES = {
    "上年决算数": ("{label}较上年的{wrong}万元略有变化。", "去年{label}{wrong}万元。"),
    "决算数": (
        "{label}决算数{wrong}万元。",
        "其中，{label}实际支出{wrong}万元。",
        "1.{label}支出决算为{wrong}万元。",
        "全年使用{label}{wrong}万元。",
        "按时足额兑付{label}{wrong}万元。",
    ),
    "预算数": ("{label}预算数{wrong}万元。", "{label}预算为{wrong}万元。", "安排{label}预算{wrong}万元。"),
}


# What a text writes for a row of the table.
OTHERWISE = {"公车": "公务用车", "出国": "因公出国（境）", "资金": "经费", "公务接待": "公务接待费"}


def otherwise(draw, label: str) -> str:
    """The label, or another way to write it."""
    ways = [label.replace(short, long) for short, long in OTHERWISE.items() if short in label]
    return draw(st.sampled_from([label, *ways]))


def off(draw, number: str) -> str:
    """The number with a slip in it: two digits swapped, one changed, or the point moved."""
    right = Decimal(number)
    digits = list(number)
    at = draw(st.sampled_from([place for place, digit in enumerate(digits) if digit.isdigit()]))
    digits[at] = draw(st.sampled_from([digit for digit in "123456789" if digit != digits[at]]))
    changed, swapped = "".join(digits), number[1:2] + number[:1] + number[2:]
    choices = [changed, swapped, str(right * 10), str(right + Decimal("11.17"))]
    fit = [one for one in choices if not one.startswith(".") and abs(Decimal(one) - right) * 50 > right]
    return draw(st.sampled_from(fit or [str(right + 1000)]))


def mutate(draw, lines: list[str]) -> int | None:
    places = [number for number, line in enumerate(lines) if PARAGRAPH.fullmatch(line)]
    rows = [match for match in map(ROW.match, lines) if match and Decimal(match["number"])]
    goals = []
    for number, line in enumerate(lines):
        funds = FUNDS.match(line)
        after = range(number, min(number + 9, len(lines) - 1))
        if funds and (at := next((one for one in after if lines[one].strip().startswith("绩效目标:")), None)):
            goals.append((at + 1, funds["number"]))
    goals = [(at, number) for at, number in goals if GOAL.fullmatch(lines[at])]
    if places and rows:
        at, row = draw(st.sampled_from(places)), draw(st.sampled_from(rows))
        sentence = draw(st.sampled_from(SENTENCES[row["column"]]))
        lines[at] += sentence.format(label=otherwise(draw, row["label"]), wrong=off(draw, row["number"]))
        return at
    if goals:
        at, number = draw(st.sampled_from(goals))
        lines[at] = lines[at].rstrip("。") + f"，安排财政资金{off(draw, number)}万元。"
        return at
    return None
