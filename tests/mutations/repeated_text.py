"""A character, a word or a mark is typed twice, a sentence comes again, or a text begins with its own heading."""

import re

from hypothesis import strategies as st

PARAGRAPH = re.compile(r" +(?=[^ #-])(?:(?!: ).)+。")
WORDS = (
    "工作",
    "资金",
    "项目",
    "管理",
    "服务",
    "建设",
    "情况",
    "经费",
    "人员",
    "保障",
    "培训",
    "指标",
    "任务",
    "群众",
    "监督",
)
LONG = re.compile("[一-鿿]{4,6}(?=[，。；])")
SENTENCE = re.compile("(?<=[。；])[^。；“”《》（）{}]{14,}(?=[。；])")
HEADED = re.compile(r"(?P<indent> *)(?P<key>[一-鿿]+): \|")


def mutate(draw, lines: list[str]) -> int | None:
    kind = draw(st.sampled_from(["char", "char", "link", "word", "phrase", "mark", "sentence", "heading"]))
    paragraphs = [number for number, line in enumerate(lines) if PARAGRAPH.fullmatch(line) and "{{" not in line]
    if kind == "heading":
        texts = [number for number, line in enumerate(lines) if HEADED.fullmatch(line)]
        return heading(draw, lines, draw(st.sampled_from(texts))) if texts else None
    if kind == "sentence":
        return again(draw, lines, paragraphs)
    pattern = {
        "char": re.compile(f"(?:{'|'.join(WORDS)})(?=[，。；、的了])"),
        "link": re.compile(f"(?<=[一-鿿])[和对与为](?=(?:{'|'.join(WORDS)}|全县|供水|各))"),
        "word": re.compile(f"(?:{'|'.join(WORDS)})(?=[，。；、的了])"),
        "phrase": LONG,
        "mark": re.compile("[，、；。](?=[一-鿿]|$)"),
    }[kind]
    places = [(number, match) for number in paragraphs for match in pattern.finditer(lines[number])]
    if not places:
        return None
    at, match = draw(st.sampled_from(places))
    word = match.group()
    doubled = word * 2
    if kind == "char":
        doubled = draw(st.sampled_from([word[0] + word, word + word[-1]]))
    lines[at] = lines[at][: match.start()] + doubled + lines[at][match.end() :]
    return at


def heading(draw, lines: list[str], at: int) -> int:
    """Let a text begin with the name of its key."""
    match = HEADED.fullmatch(lines[at])
    number = draw(st.sampled_from(["", "", "一、", "（一）"]))
    lines.insert(at + 1, f"{match['indent']}  {number}{match['key']}{draw(st.sampled_from(['', '：']))}")
    return at + 1


def again(draw, lines: list[str], paragraphs: list[int]) -> int | None:
    """Let a sentence come again in its paragraph or in the next one."""
    sentences = [(number, match.group()) for number in paragraphs for match in SENTENCE.finditer(lines[number])]
    sentences = [(number, words) for number, words in sentences if "交办" not in words]
    if not sentences:
        return None
    number, words = draw(st.sampled_from(sentences))
    indent = re.match(" *", lines[number]).group()
    next_too = number + 1 in paragraphs and re.match(" *", lines[number + 1]).group() == indent
    at = number + draw(st.integers(0, int(next_too)))
    lines[at] += f"{words}。"
    return at
