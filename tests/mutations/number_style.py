"""A figure with four decimals in a column with two, full-width digits, a full-width comma in a number."""

import re
from collections import Counter

from hypothesis import strategies as st

FIGURE = re.compile(r"(财政资金|其他资金|上年决算数|预算数|决算数): ([0-9]+\.[0-9]{2})(?![0-9%])")
DIGITS = re.compile(r"(?<=[一-鿿≥≤])[0-9]{2,}(?=[一-鿿%.])")
POINT = re.compile(r"(?<=[一-鿿≥≤])[0-9]{1,6}\.[0-9]{2}(?=万元|%)")
AMOUNT = re.compile(r"(?<=[一-鿿≥≤])[0-9]{4,6}(?=(?:\.[0-9]+)?万?元(?!/))")
WIDE = str.maketrans("0123456789.", "０１２３４５６７８９．")


def mutate(draw, lines: list[str]) -> int | None:
    places = {
        "decimals": figures(lines),
        "digits": spots(lines, DIGITS),
        "comma": spots(lines, AMOUNT),
        "stop": spots(lines, POINT),
    }
    kinds = [kind for kind, found in places.items() if found]
    if not kinds:
        return None
    kind = draw(st.sampled_from(kinds))
    at, start, end = draw(st.sampled_from(places[kind]))
    written = lines[at][start:end]
    if kind == "decimals":
        written += draw(st.sampled_from(("00", "85", "1", "034", "5061")))
    elif kind == "digits":
        written = written.translate(WIDE)
    elif kind == "stop":
        written = written.replace(".", "。")
    else:
        written = f"{written[:-3]}，{written[-3:]}"
    lines[at] = lines[at][:start] + written + lines[at][end:]
    return at


def figures(lines: list[str]) -> list[tuple[int, int, int]]:
    """The figures with two decimals in columns that have another one."""
    found = [(at, match) for at, line in enumerate(lines) for match in FIGURE.finditer(line.partition("#")[0])]
    usual = Counter(match[1] for _, match in found)
    return [(at, *match.span(2)) for at, match in found if usual[match[1]] > 1]


def spots(lines: list[str], pattern: re.Pattern[str]) -> list[tuple[int, int, int]]:
    """Where numbers stand in texts that the layout does not take apart."""
    return [
        (at, *match.span())
        for at, line in enumerate(lines)
        if line.startswith("  ") and not re.search("[#{}]|编码|名称|日期", line)
        for match in pattern.finditer(line)
    ]
