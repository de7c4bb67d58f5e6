"""Lists in a sentence, and the counts that stand beside them: 甲局、乙局、丙局等3家; 共有3个，分别是……."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from perfc.values import spoken
from perfc.vocabulary import Line

_LIST = 400
_MEMBER = 48
_COUNT_OF = "(?P<number>[0-9]{1,3}|[两一二三四五六七八九十]{1,3})(?P<unit>[个家项类种所处座部条级名位大])"
_COUNTED = re.compile(f"(?P<how>等|共计?|合计|一共|总共){_COUNT_OF}(?P<noun>[一-鿿]{{0,4}})")
_NAMED = re.compile(rf"{_COUNT_OF}[一-鿿]{{0,10}}?[，：（(:,]?(?:分别(?:是|为)|具体(?:是|为|包括)|即)[：:]?")
_NAMES = re.compile("分别|具体|即")
_LATER = re.compile("(?<![一-鿿])(?P<label>[一-鿿]{2,10}?)分别(?:是|为)[：:]")
ABOUT = re.compile(f"等{_COUNT_OF}|共|合计|分别|具体|即")
_COUNT = re.compile(f"(?:共有?|有|为)?{_COUNT_OF}")
GENERAL = re.compile("单位|部门|项目|方面|内容|机构|股室|科室|指标|环节|措施|平台|系统|制度|文件|乡镇|社区|企业")
_LISTED = re.compile("、|》《|”“")
_AND = re.compile("[和及与或]")
_FIGURE = re.compile("[0-9０-９]|^[一二三四五六七八九十]$")
_ENDS = re.compile("[。；！？：:，,;（）()《》“”]")
_INNER = re.compile("(?:（[^（）]{0,200}）|[(][^()]{0,200}[)]|《[^《》]{0,200}》|“[^“”]{0,200}”)(?=(?P<next>[《“])?)")


class Miscount(NamedTuple):
    """Where a count stands that its list does not have, and what is there instead."""

    start: int
    end: int
    message: str


def miscounts(line: Line) -> Iterator[Miscount]:
    """The lists of a line that do not have as many members as they say."""
    for start, end, shown, written, members, loose, closed in _counted(line):
        # 和 joins two members, or belongs to a name (发展和改革局).
        number, most = spoken(written) or 0, len(members) + sum(len(_AND.findall(one)) for one in members)
        if members and (number < len(members) - loose or (closed and number > most)):
            yield Miscount(start, end, f"列出 {len(members)} 个，写作“{shown}”")


def _counted(line: Line) -> Iterator[tuple[int, int, str, str, list[str], bool, bool]]:
    """Where counts stand, their words, number and list, whether its first may be no member, and it is complete."""
    words, last = line.words, 0
    for match in _COUNTED.finditer(words):
        members = _members(_last_clause(words[max(last, match.start() - _LIST) : match.start()]))
        start, last, etc = match.start(), match.end("unit"), match["how"] == "等"
        if members and (etc or _of_kind(match["noun"], members)):
            loose = not any(one[-1:] == members[0][-1:] for one in members[1:])
            yield start, last, words[start:last], match["number"], members, loose, not etc
    for match in _NAMED.finditer(words) if _NAMES.search(words) else ():
        start, end, clause = match.start(), match.end("unit"), _first_clause(words[match.end() : match.end() + _LIST])
        yield start, end, words[start:end], match["number"], _members(clause), False, not clause.endswith("等")
    for match in _LATER.finditer(words) if "分别" in words else ():
        before = line.text[max(0, line.offset + match.start() - _LIST) : line.offset + match.start()]
        at = before.rfind(match["label"])
        if at >= 0 and (count := _COUNT.match(before, at + len(match["label"]))):
            members = _members(_first_clause(words[match.end() : match.end() + _LIST]))
            yield *match.span(), before[at : count.end()], count["number"], members, False, True


def _of_kind(noun: str, members: list[str]) -> bool:
    """Whether a counted noun is what the members are: 关峡乡、东山乡共2个乡."""
    if not noun or GENERAL.match(noun):
        return True
    return sum(noun.startswith((one[-1], one[-2:])) for one in members) * 2 > len(members)


def _members(clause: str) -> list[str]:
    """What a list enumerates; empty where it is none, or has figures of its own."""
    members = [one.strip() for one in clause.split("、")]
    right = len(members) > 1 and all(1 < len(one) <= _MEMBER and not _FIGURE.search(one) for one in members)
    return members if right else []


def _last_clause(words: str) -> str:
    """The last clause of a text, empty where it may begin before the text."""
    clauses = _ENDS.split(_flat(words)) if _LISTED.search(words) else [""]
    return clauses[-1] if len(clauses) > 1 or len(words) < _LIST else ""


def _first_clause(words: str) -> str:
    """The first clause of a text, empty where a list may go on behind it."""
    flat = _flat(words) if _LISTED.search(words) else ""
    end = _ENDS.search(flat)
    if end is None:
        return flat if len(words) < _LIST else ""
    going_on = end.group() in "，,：:" and "、" in flat[end.start() :].partition("。")[0]
    return "" if going_on else flat[: end.start()]


def _flat(words: str) -> str:
    """A text with what is in brackets or quotes made unreadable; titles side by side are parted."""
    for _ in range(2):  # brackets in brackets
        words = _INNER.sub(lambda match: "＿" * (len(match.group()) - 1) + ("、" if match["next"] else "＿"), words)
    return words
