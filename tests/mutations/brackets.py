"""A bracket is lost, doubled, turned or crossed, or the year of a document number stands in other brackets."""

import re

from hypothesis import strategies as st

PARAGRAPH = re.compile(r" +(?=[^ #-])(?:(?!: |\{\{).)+。")
WORDS = re.compile("[一-鿿]{3,8}")
PAIRS = ("（）", "“”", "《》", "〔〕", "【】", "()")
NUMBERS = ("[{}]", "({})", "（{}）", "【{}】", "［{}］", "〔{}]", "[{}〕", "（{}]")
NAMES = ("财预", "国办发", "冀财绩", "绥政办函", "湘民发")


def mutate(draw, lines: list[str]) -> int | None:
    places = [number for number, line in enumerate(lines) if PARAGRAPH.fullmatch(line)]
    paired = [number for number in places if re.search("[“”《》（）]", lines[number].lstrip(" （"))]
    kind = draw(st.sampled_from(["lost", "open", "close", "same", "crossed", "inside", "number", "width"]))
    if not (paired if kind == "lost" else places):
        return None
    at = draw(st.sampled_from(paired if kind == "lost" else places))
    line = lines[at]
    if kind == "lost":
        marks = [one.start() for one in re.finditer("[“”《》（）]", line) if not line[: one.start()].isspace()]
        lost = draw(st.sampled_from(marks))
        lines[at] = line[:lost] + line[lost + 1 :]
        return None if re.match(r" *(?:[一二三四五六七八九十]|[0-9]+)）", lines[at]) else at
    if kind == "number":
        number = draw(st.sampled_from(NUMBERS)).format(draw(st.integers(2015, 2025)))
        written = f"（{draw(st.sampled_from(NAMES))}{number}{draw(st.integers(1, 300))}号）"
        lines[at] = line.removesuffix("。") + written + "。"
        return at
    word = draw(st.sampled_from([one for one in WORDS.finditer(line) if one.start() > 6] or list(WORDS.finditer(line))))
    before, inner, after = line[: word.start()], word.group(), line[word.end() :]
    pair = draw(st.sampled_from(PAIRS))
    if kind == "open":
        lines[at] = f"{before}{pair[0]}{inner}{after}"
    elif kind == "close":
        lines[at] = f"{before}{inner}{pair[1]}{after}"
    elif kind == "same":
        one = draw(st.sampled_from("“”"))
        lines[at] = f"{before}{one}{inner}{one}{after}"
    elif kind == "crossed":
        first, second = draw(st.permutations(PAIRS[:3]))[:2]
        lines[at] = f"{before}{first[0]}{inner[0]}{second[0]}{inner[1:]}{first[1]}{second[1]}{after}"
    elif kind == "width":
        lines[at] = before + draw(st.sampled_from(["（{})", "({}）"])).format(inner) + after
    else:
        outer, inside = draw(st.sampled_from(["“{}”", "《{}》"])), inner[:2]
        lines[at] = before + outer.format(outer.format(inside) + inner[2:]) + after
    return at
