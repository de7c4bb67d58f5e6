"""A mark between Chinese characters loses its width, a space slips in, or a paragraph its full stop."""

import re
from itertools import groupby

from hypothesis import strategies as st

PARAGRAPH = re.compile(r" +(?=[^ #-])(?:(?!: ).)+。")
ITEM = re.compile(r" +(?:（[一二三四五六七八九十]+）|\d+\.|（\d+）)")
HALF = str.maketrans("，；：！？", ",;:!?")
MARK = re.compile("(?<=[一-鿿])[，；：](?=[一-鿿“（《])")
PAIR = re.compile(
    "(?<=[一-鿿])(?:“[^“”（）{}]*?[一-鿿][^“”（）{}]*”|（[^“”（）/{}]*?[一-鿿][^“”（）/{}]*）)(?=[一-鿿，。；])"
)
WORD = re.compile("(?<=[一-鿿]{5})[一-鿿]{5}")
DIGIT = re.compile("(?<=[一-鿿])(?=[0-9])|(?<=[0-9])(?=[一-鿿])")


def mutate(draw, lines: list[str]) -> int | None:
    kind = draw(st.sampled_from(["mark", "mark", "pair", "space", "digit", "stop", "number"]))
    if kind == "stop":
        return stop(draw, lines)
    if kind == "number":
        return number(draw, lines)
    pattern = {"mark": MARK, "pair": PAIR, "space": WORD, "digit": DIGIT}[kind]
    places = [
        (number, match)
        for number, line in enumerate(lines)
        if PARAGRAPH.fullmatch(line) and "{{" not in line
        for match in pattern.finditer(line)
    ]
    if not places:
        return None
    at, match = draw(st.sampled_from(places))
    line, found = lines[at], match.group()
    if kind == "mark":
        new = found.translate(HALF) + draw(st.sampled_from(["", "", " "]))
    elif kind == "pair":
        new = f'"{found[1:-1]}"' if found[0] == "“" else f"({found[1:-1]})"
    elif kind == "space":
        where = draw(st.integers(1, 4))
        new = found[:where] + draw(st.sampled_from([" ", "  ", "　"])) + found[where:]
    else:
        new = " "
    lines[at] = line[: match.start()] + new + line[match.end() :]
    return at


def stop(draw, lines: list[str]) -> int | None:
    """Take the full stop of an item away that has two others like it around."""
    blocks = groupby(enumerate(lines), key=lambda one: len(one[1]) - len(one[1].lstrip()))
    places = []
    for _, block in blocks:
        items = [number for number, line in block if ITEM.match(line) and PARAGRAPH.fullmatch(line)]
        places += [number for number in items if len(items) > 2 and "。" in lines[number][:-1]]
    if not places:
        return None
    at = draw(st.sampled_from(places))
    lines[at] = lines[at].removesuffix("。")
    return at


def number(draw, lines: list[str]) -> int | None:
    """Write the brackets of one number in half width."""
    places = [at for at, line in enumerate(lines) if re.match(r" +（(?:[一二三四五六七八九十]+|\d+)）[一-鿿]", line)]
    if len(places) < 3:
        return None
    at = draw(st.sampled_from(places))
    lines[at] = lines[at].replace("（", "(", 1).replace("）", draw(st.sampled_from([")", ") "])), 1)
    return at
