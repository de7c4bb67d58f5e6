"""A cost that was raised, lowered, or given in another unit."""

import re
from decimal import Decimal

from hypothesis import strategies as st

VALUE = re.compile(r"( +(?:年度)?指标值: [≤＜]?)([0-9]+(?:\.[0-9]+)?)(万?元)$")
BUDGET = re.compile(r" +(?:财政资金|其他资金): ([0-9.]+)")


def mutate(draw, lines: list[str]) -> int | None:
    able = [rows for rows in projects(lines) if rows]
    if not able:
        return None
    rows = draw(st.sampled_from(able))
    at = rows[-1]
    match = VALUE.fullmatch(lines[at])
    number, unit = Decimal(match[2]), match[3]
    kind = draw(st.sampled_from(("more", "twice", "digit", "unit", "less")))
    if kind == "unit" and unit == "元":
        unit = "万元"
    elif kind == "less":
        number -= (number * draw(st.integers(5, 60)) / 100).quantize(Decimal("0.01"))
    elif kind == "digit":
        number *= 10
    elif kind == "twice":
        number *= 2
    else:
        number += draw(st.integers(1, 9)) * Decimal(10) ** (len(str(int(number))) - 1)
    lines[at] = f"{match[1]}{number}{unit}"
    return at


def projects(lines: list[str]) -> list[list[int]]:
    """The lines of the cost indicators of each project, where they are amounts that make up the budget."""
    found: list[list[int]] = []
    budget, rows, other, cost = Decimal(0), [], False, 0
    for at, line in enumerate([*lines, "  - 项目编码: 0"]):
        if re.match(r"  - 项目(编码|名称)", line):
            amounts = [Decimal(VALUE.fullmatch(lines[one])[2]) * (10**4 if "万" in lines[one] else 1) for one in rows]
            found.append(rows if not other and sum(amounts) == budget * 10**4 else [])
            budget, rows, other = Decimal(0), [], False
        elif match := BUDGET.match(line):
            budget += Decimal(match[1])
        elif match := re.fullmatch(r"( +)\S*指标:", line):
            cost = len(match[1]) if "成本" in line and "社会" not in line and "生态" not in line else 0
        elif cost and "指标值: " in line:
            rows, other = ([*rows, at], other) if VALUE.fullmatch(line) else (rows, True)
    return found
