"""Words, sentences and headings that stand twice."""

import re
from collections.abc import Iterator
from functools import cache
from itertools import islice
from pathlib import Path

from perfc.diagnostic import Note, Severity
from perfc.lint import Finding, rule, short
from perfc.vocabulary import INDICATORS, Line, Record

_MOST, _MOST_SENTENCES = 5, 50  # findings in one line, and of sentences
_SENTENCE = 12  # characters, from which on a sentence is not the same by chance
_SHORT = 4  # from which on right behind itself
_H = "[一-鿿]"
_DOUBLE = re.compile(rf"({_H})\1+")
_WORD = re.compile(
    rf"(?P<long>{_H}{{4,8}})(?P=long)|(?P<word>{_H}{{2,3}})(?P=word)(?![中式型性化人者员量对体经])"
    rf"|(?P<clause>{_H}{{4,20}})[，、；](?P=clause)(?=[，、；。]|$)"
    "|(?P<verb>(?P<first>[达增减完提超下新共合累总])[到加少成高升过降增计])(?P=first)(?=[约≥≤0-9])"
)
_MARKS = re.compile("[，。、；：]{2,}")
# What one of these begins with, or goes on behind; it is quicker to see first whether the character comes again, and to
# tell a clause by its last characters.
_TWICE = re.compile(
    rf"(?P<one>{_H})(?=.{{0,7}}(?P=one))(?P<rest>{_H}{{0,7}}?)(?P=one)(?:(?P=rest)|[约≥≤0-9])"
    rf"|[，。、；：](?:[，。、；：]|(?<=(?P<tail>{_H}{{4}})[，、；])(?={_H}{{0,16}}(?P=tail)(?:[，、；。]|$)))",
    re.MULTILINE,
)
_NUMERALS = frozenset("一二三四五六七八九十百千万亿〇零两几某")
_AGAIN = re.compile(".?每.?|[一逐很非越两几每].{0,2}|(?:研究|讨论|商量|考虑|了解|放松|休息|锻炼|尝试|委员会).*")
# What may stand alone ahead of a word that begins with it (对|对象, 公安局|局长, 5个|个体), and behind such a word.
_AHEAD = frozenset(
    "的在和与为对到是有将向用由按及并等从被把给使让于以而元人年省市县区乡镇村局所站馆院园社会员者性化率度费厅科股办委队校店行"
)
_COUNTED = re.compile("[0-9一二三四五六七八九十百千万两几多每各该这][个名家户场项条处支台份册座间批次部位件团课]")
_BEHIND = frozenset("的在和与为对到是有将向由按及并等从被把给使让于以而则即或也还都就才又再很更最要可能均各其该本此全")
_NUMBER = re.compile(
    r"(?:(?P<a>[一二三四五六七八九十]{1,3})[、.．]|[（(](?P<b>[一二三四五六七八九十]{1,3})[）)]|(?P<c>[0-9]{1,2})[.．、](?![0-9])"
    r"|[（(](?P<d>[0-9]{1,2})[）)]|(?P<e>[①-⑳])"
    r"|(?:目标|任务|问题|成绩|成效|措施)(?P<f>[0-9]{1,2}|[一二三四五六七八九十]{1,3})[：:])[、 ]?"
)
_PART = re.compile("[^。；！？]+")
_CLOSING = re.compile("交办|其他(?:工作|任务|事项)")  # the usual last sentence of a list of duties
_DONE = re.compile("完成|实现|实际|成效|预期")
_TERM = re.compile("中期|长期|实施期|项目总|周期")
_TITLE = "标题"


@rule(Severity.WARNING)
def repeated_text(record: Record) -> Iterator[Finding]:
    """同一个词、同一句话、同一个标题不写两遍。

    叠字（案数数）、连写两遍的词多半是误敲；不少于12个字的句子在正文里出现两次，多半是复制后忘了改；版式已经印出的标题，正文第一行
    不再写一遍。年初目标与完成情况、不同的项目可以有相同的句子，“完成领导交办的其他工作”一类的套话也可以相同。
    两个词相接处的叠字（人民调解工作作为、地面面积）不算，词表见 repeated_text.txt。

    错误：
        绩效目标: 提高法律援助案件办理质量量，及时发放补贴。
    正确：
        绩效目标: 提高法律援助案件办理质量，人民调解工作作为重点。
    """
    for line in record.having(_TWICE):
        yield from islice(_doubled(line), _MOST)
    headings = list(_headings(record))
    yield from (finding for _, finding in headings)
    yield from islice(_sentences(record, {id(line) for line, _ in headings}), _MOST_SENTENCES)


def _doubled(line: Line) -> Iterator[Finding]:
    """Characters, words and marks written twice."""
    words = line.words
    for match in _DOUBLE.finditer(words):
        start, end = match.span()
        if not _is_right(words, start, end):
            # Before another character it may be the first of a word that is not known here.
            alone = not "一" <= words[end : end + 1] <= "鿿" or words[end] in _BEHIND
            sure = alone or end - start > 2 or match[1] in _BEHIND or match[1] in _NUMERALS
            edits = line.edit(start, end, match[1]) if end - start == 2 and sure else ()
            shown = words[max(0, start - 4) : min(end, start + 8) + 4]
            message, severity = f"“{match[1]}”字重复：{shown}", None if sure else Severity.INFO
            hint = Note("删去多余的字" if sure else "不是两个词相接的，删去一个")
            yield Finding(line.at(start, end), message, (hint,), severity, edits)
    for match in _WORD.finditer(words):
        one, (start, end) = match[match.lastgroup or 0], match.span()
        if not _AGAIN.fullmatch(one) and len(set(one)) > 1:
            found, edits = f"“{one}”写了两遍：{match.group()}", line.edit(start, end, one)
            yield Finding(line.at(start, end), found, (Note("删去一遍"),), edits=edits)
    for match in _MARKS.finditer(words):
        one, (start, end) = match.group(), match.span()
        if one != words:
            edits = line.edit(start, end, one[0]) if len(set(one)) == 1 else ()
            yield Finding(line.at(start, end), f"标点重复：{words[max(0, start - 6) : end + 4]}", edits=edits)


def _is_right(words: str, start: int, end: int) -> bool:
    """Whether a doubled character belongs to two words, or to a word that has it twice (天天, 实实在在)."""
    known, one = _words(), words[start]
    if words[max(0, start - 1) : end] in known["名称"]:
        return True
    before, after = words[max(0, start - 2) : start], words[end : end + 2]
    if (one in _NUMERALS or one in known["叠"]) and not before[-1:].isdecimal():
        return True
    if end - start > 2 or any(_DOUBLE.fullmatch(pair) for pair in (before, after)):
        return end - start == 2
    left, right = one in known.get(before[-1:], ""), bool(after) and after[0] in known.get(one, "")
    alone = one in _AHEAD or _COUNTED.match(words, max(0, start - 1))
    return bool((left and (right or one in _BEHIND)) or (right and alone))


def _sentences(record: Record, told: set[int]) -> Iterator[Finding]:
    """Sentences of the prose that stand there again; several in a row are one finding, lines told already none."""
    seen: dict[str, tuple[int, Line, int, int]] = {}
    count, last = 0, (0, 0)
    for line in (one for one in record.prose if id(one) not in told):
        number, before = _NUMBER.match(line.words), ""
        for match in _PART.finditer(line.words, number.end() if number else 0):
            key, (start, end) = match.group().strip("，、：“”‘’ "), match.span()
            count += 1
            again = before.endswith(f"，{key}") or (before == key and len(key) < _SENTENCE)
            before = key
            if again and len(key) >= _SHORT and line.words[start - 1] != "；":
                yield Finding(line.at(start, end), f"这一句写了两遍：{short(key)}", (Note("删去一遍"),))
            if len(key) < _SENTENCE:
                continue
            first, other, *place = seen.setdefault(key, (count, line, start, end))
            if first == count or _may_repeat(record, other, line, key):
                continue
            if last != (first - 1, count - 1):
                note = Note("前一处", other.at(*place))
                yield Finding(line.at(start, end), f"与前面的句子相同：{short(key)}", (note,))
            last = (first, count)


def _may_repeat(record: Record, one: Line, other: Line, words: str) -> bool:
    """Whether a sentence may stand in both: closing phrases, goals beside results, the tables of projects."""
    if one.text is other.text:
        return bool(_CLOSING.search(words))
    keys = one.path[-1:], other.path[-1:]
    differ = keys[0] != keys[1]
    both = "".join(keys[0] + keys[1])
    if _CLOSING.search(words) or (differ and (_DONE.search(both) or (_TERM.search(both) and both.count("目标") > 1))):
        return True
    owner = record.project(one.text)
    return owner is not record.project(other.text) or (owner is not None and differ)


def _headings(record: Record) -> Iterator[tuple[Line, Finding]]:
    """Headings that stand twice in a list, and those that a text begins with though they are printed above it."""
    above = ""
    for lines in record.texts:
        first = lines[0]
        if len(lines) > 1 and INDICATORS not in first.path:
            words = _bare(first.words)
            if words and words in (*first.path[-2:], above):
                note = Note("版式会印出标题，删去这一行")
                yield first, Finding(first.span, f"正文的第一行又是标题：{first.words}", (note,))
            yield from _listed(lines)
        above = _bare(first.words) if first.path[-1] == _TITLE and len(lines) == 1 else ""
    titles: dict[tuple[tuple[str, ...], str], Line] = {}
    for line in record.lines:
        if line.path[-1] == _TITLE:
            same = titles.setdefault((line.path, _bare(line.words)), line)
            if same is not line:
                yield line, Finding(line.span, f"标题重复：{line.words}", (Note("前一处", same.span),))


def _listed(lines: tuple[Line, ...]) -> Iterator[tuple[Line, Finding]]:
    """Numbered headings and short items of one list that are the same."""
    lists: dict[str, dict[str, Line]] = {}
    for line in lines:
        match = _NUMBER.match(line.words)
        level = match.lastgroup if match else None
        if match is None or level is None:
            continue
        lists = {one: seen for one, seen in lists.items() if one <= level and match[level] not in "一1①"}
        words = _bare(line.words)
        same = lists.setdefault(level, {}).setdefault(words, line)
        if same is not line and len(words) > 2 and (len(words) < _SENTENCE or not words.endswith("。")):
            yield line, Finding(line.span, f"与前面的一项相同：{short(line.words)}", (Note("前一处", same.span),))


def _bare(words: str) -> str:
    """A heading without its number and its stop."""
    number = _NUMBER.match(words)
    return words[number.end() if number else 0 :].rstrip("。；：")


@cache
def _words() -> dict[str, str]:
    """For each character those that make a word behind it; under 叠 what may be doubled, under 名称 names."""
    lines = Path(__file__).with_suffix(".txt").read_text("utf-8").splitlines()
    words = {line[0]: line[1:] for line in lines if line[:1] != "#" and line[1:2] != " "}
    special = {line[0]: line[2:] for line in lines if line[1:2] == " "}
    return words | {"叠": special["叠"], "名称": special["名"]}
