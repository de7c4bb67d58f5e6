"""The rows of the indicator tables in the lines of a spec, and how a mutation writes a value anew."""

import json
import re

from conftest import LAYOUTS
from hypothesis import strategies as st
from perfc import Sources
from perfc.compile import understand
from perfc.load import load
from perfc.source import Source
from perfc.vocabulary import Record

FILE = "spec.yaml"
PLAIN = re.compile(r"[\w≥≤＜＞《（“][\w≥≤＜＞《》（）“”、，。；%./-]*|")


def record(lines: list[str]) -> Record:
    """The spec as the rules see it, without its layout's data."""
    sources = Sources({FILE: Source(FILE, "\n".join(lines))})
    spec, wrong = load(FILE, sources)
    assert spec is not None, wrong
    return Record(spec, sources)


def complete(lines: list[str]) -> Record | None:
    """The spec as the rules see it, with its layout's data, equations derived; None where the schema refuses it."""
    sources = Sources({FILE: Source(FILE, "\n".join(lines))})
    understood, _ = understand(FILE, sources, LAYOUTS)
    return Record(understood[0][0], sources, understood[0][1].data) if understood else None


def line_of(lines: list[str], offset: int) -> int:
    return "\n".join(lines).count("\n", 0, offset)


def write(lines: list[str], *changes) -> list[int]:
    """Write texts in the place of values, and say on which lines they stand; nothing written leaves it blank."""
    text, places = "\n".join(lines), [line_of(lines, value.span.start) for value, _ in changes]
    for value, words in sorted(changes, key=lambda one: one[0].span.start, reverse=True):
        written = words if PLAIN.fullmatch(words) else json.dumps(words, ensure_ascii=False)
        text = text[: value.span.start] + written + text[value.span.end :]
    lines[:] = text.split("\n")
    return places


def add(draw, lines: list[str], sentence: str) -> int | None:
    """Write a sentence behind a paragraph of a text of several lines, and say on which line it stands."""
    places = {words.strip(): place for place, words in enumerate(lines)}
    found = [places[one.words] for one in record(lines).lines if one.words in places and "绩效指标" not in one.path]
    if not found:
        return None
    place = draw(st.sampled_from(found))
    lines[place] += ("" if lines[place].endswith(("。", "：")) else "。") + sentence
    return place if complete(lines) else None
