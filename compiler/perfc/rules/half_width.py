"""Half-width marks and spaces in Chinese text; a paragraph without its full stop."""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import groupby, islice

from perfc.diagnostic import Edit, Note, Severity
from perfc.lint import Finding, rule, short
from perfc.vocabulary import Line, Record

_MOST = 5  # findings in one line
_HAN = "[㐀-鿿々〇]"
_HALF, _SPACE = re.compile('[,;:!?.("]'), re.compile("[ 　]")
_WIDE = {",": "，逗号", ";": "；分号", ":": "：冒号", "!": "！叹号", "?": "？问号", ".": "。句号"}
_MARK = re.compile(  # told first by the mark, since looking back takes longer
    rf"(?=[,;:!?.])(?:(?<=[㐀-鿿々〇”’）》〉】〕％%)\"])[,;:!?] {{0,2}}(?={_HAN}|[“‘（《〈【〔])"
    r"|(?<=[”’）》])[;!?]$"
    rf"|(?<=[0-9A-Za-z])[,;:!?] {{0,2}}(?={_HAN})|(?<={_HAN})(?:[,;:!?](?= ?[0-9A-Za-z≥≤])|[.;:!?]$)"
    rf"|(?<={_HAN}{{5}})\.(?={_HAN})|(?:(?<=[0-9][.．、]{_HAN}{{2}})|(?<=[0-9][.．、]{_HAN}{{3}}))\.(?={_HAN}{{4,30}}[，、]))"
)
_BRACKET = re.compile(
    r"\((?<![0-9A-Za-z]\()(?!(?:[0-9]{1,2}|[一二三四五六七八九十]{1,3}|(?:19|20)[0-9]{2}(?=\) ?第?[0-9]))\))"
    r"(?P<inner>[^()（）/]{1,100})\)"
)
_NUMBER = "[0-9]{1,2}|[一二三四五六七八九十]{1,3}"
_NUMBERED = re.compile(rf"\((?<![^\n。；：，;:,]\()(?:{_NUMBER})\)(?= ?{_HAN})")
_OPENING = re.compile("（")
_NUMBERED_WIDE = re.compile(rf"(?:^|(?<=[。；：，;:,]))（(?:{_NUMBER})）")
_QUOTED = re.compile(r'"(?<!["0-9]")(?P<inner>[^"]{1,100})"(?!")')
_GAP = re.compile(rf"(?:{_HAN}|(?<!^.)(?<!^..)[，。；：、！？])(?:[ 　]{{1,2}}(?:{_HAN}|[，。；：、！？]))+")
_DIGIT_GAP = re.compile(rf"{_HAN}[ 　]{{1,2}}[0-9]|[0-9][ 　]{{1,2}}{_HAN}")
_DIGIT = re.compile(rf"{_HAN}[0-9]|[0-9]{_HAN}")
_SENTENCE = re.compile("[，。；]")
_NAMES = re.compile(rf"(?:^|[ 　：、]){_HAN}{{1,3}}$"), re.compile(rf"{_HAN}{{1,3}}(?:[ 　：、]|$)")
_NAME = re.compile(rf"(?:^|[ 　：、，]){_HAN}$"), re.compile(rf"{_HAN}(?!{_HAN})")
_CLAUSE = re.compile("^第[一二三四五六七八九十百]{1,4}(?:[章节条款编篇]|部分)$"), re.compile(_HAN)
_ISSUERS = re.compile("[央院委部局厅会办室府署]$"), re.compile(f"{_HAN}{{1,12}}[院委部局厅会办室府署]")
_STYLE = re.compile(
    r"(?P<a>[一二三四五六七八九十]{1,3}[、.．])|(?P<b>[（(][一二三四五六七八九十]{1,3}[）)])"
    r"|(?P<c>[0-9]{1,2}[.．、](?![0-9]))|(?P<d>[（(][0-9]{1,2}[）)])|(?P<e>[①-⑳])"
)
_END = re.compile("([。！？；：…!?;:.])(?:（[^（）]{1,60}）|[”’）)》]{0,3})$")
_UNENDED = ("，", ",", "、")
_ANNEX = ("附件", "附：", "附表", "注：", "备注")


@rule(Severity.WARNING)
def half_width(record: Record) -> Iterator[Finding]:
    """汉字之间用全角标点，不空格；每段末尾有句号。

    逗号、分号、冒号、括号、引号在汉字之间用全角；数中的逗号、时间的冒号、公式和英文的标点不在此列。序号的括号，汉字与数字之间
    空不空格，全文一致即可；个别的半角括号和空格是误敲。同一部分的各段都以句号结尾时，没有句号的一段多半是漏了；标题不加句号。

    依据：《标点符号用法》（GB/T 15834—2011）。

    错误：
        引言: 2022年末实有人数42人,总人数与上年无变化。
    正确：
        引言: 2022年末实有人数42人，总人数与上年无变化。
    """
    for line in record.having(_HALF):
        yield from islice(_marks(line), _MOST)
    spaced = list(record.having(_SPACE))
    habit = _is_habit(record, spaced)
    for line in spaced:
        yield from islice(_gaps(line, digits=not habit), _MOST)
    yield from _numbered(record)
    for lines in record.texts:
        if len(lines) > 1 or lines[0].words.endswith(_UNENDED):
            yield from islice(_ends(lines), _MOST)
    for _, alike in groupby((one for one in record.texts if len(one) > 1), key=lambda one: one[0].path):
        yield from _first([lines[0] for lines in alike])


def _numbered(record: Record) -> Iterator[Finding]:
    """Numbers in half-width brackets where most are in full-width ones."""
    half = [(line, match) for line in record.having(_NUMBERED) for match in _NUMBERED.finditer(line.words)]
    wide = sum(len(_NUMBERED_WIDE.findall(line.words)) for line in record.having(_OPENING)) if half else 0
    for line, match in half if wide > len(half) else ():
        start, right = match.start(), f"（{match.group()[1:-1]}）"
        found = f"序号的括号是半角，别处是全角：{line.words[start : start + 10]}"
        yield Finding(line.at(*match.span()), found, (Note(f"写成 {right}"),), edits=line.edit(*match.span(), right))


def _marks(line: Line) -> Iterator[Finding]:
    words = line.words
    for match in _MARK.finditer(words):
        start, end = match.span()
        wide, name = _WIDE[words[start]][0], _WIDE[words[start]][1:]
        rest = words[end : end + 1] if end > start + 1 else ""
        found = f"汉字之间的{name}是半角：{words[max(0, start - 6) : end + 6]}"
        edits = line.edit(start, end + len(rest), wide + rest)
        yield Finding(line.at(start, start + 1), found, (Note(f"写成 {wide}"),), edits=edits)
    for pattern, wide, name in ((_BRACKET, "（）", "括号"), (_QUOTED, "“”", "引号")):
        for match in pattern.finditer(words):
            start, end = match.span()
            if _is_chinese(match, brackets=pattern is _BRACKET):
                found = f"汉字之间的{name}是半角：{short(match.group())}"
                edits = _edit(line, start, wide[0]) + _edit(line, end - 1, wide[1])
                yield Finding(
                    line.at(start, end), found, (Note(f"写成 {wide}"),), edits=edits if len(edits) == 2 else ()
                )


def _is_chinese(match: re.Match[str], *, brackets: bool) -> bool:
    """Whether two marks stand in Chinese text: not those of a unit, of a formula, of the whole text."""
    words, inner = match.string, match["inner"]
    before, after = words[max(0, match.start() - 1) : match.start()], words[match.end() : match.end() + 1]
    left, right = (bool(re.match(f"{_HAN}|[，。；：、”’》）]", one)) for one in (before, after))
    if re.search(_HAN, inner):
        return left or right
    return left and right and (not brackets or any(one.isdigit() for one in inner))


def _gaps(line: Line, *, digits: bool) -> Iterator[Finding]:
    words = line.words
    for match in _GAP.finditer(words):
        if not _is_meant(words, match):
            yield _gap(line, match, "汉字之间有空格")
    if digits and _SENTENCE.search(words):
        yield from (_gap(line, match, "汉字与数字之间有空格") for match in _DIGIT_GAP.finditer(words))


def _gap(line: Line, match: re.Match[str], says: str) -> Finding:
    start, end = match.span()
    found = f"{says}：{line.words[max(0, start - 4) : end + 4]}"
    edits = line.edit(start, end, re.sub("[ 　]", "", match.group()))
    return Finding(line.at(start, end), found, (Note("删去空格"),), edits=edits)


def _is_meant(words: str, match: re.Match[str]) -> bool:
    """Whether the space separates names: those of persons in a list, those of the issuers of a document."""
    start, end = match.start() + 1, match.end() - 1
    left, right = words[max(0, start - 8) : start], words[end : end + 13]
    return any(first.search(left) and last.match(right) for first, last in (_NAMES, _NAME, _CLAUSE, _ISSUERS))


def _ends(lines: tuple[Line, ...]) -> Iterator[Finding]:
    """The paragraphs of a text that end without a mark while those like them have one."""
    ends = [match[1] if (match := _END.search(one.words)) else "" for one in lines]
    styles = [match.lastgroup or "" if (match := _STYLE.match(one.words)) else "" for one in lines]
    ended, total = Counter(style for style, end in zip(styles, ends, strict=True) if end), Counter(styles)
    for number, (line, style) in enumerate(zip(lines, styles, strict=True)):
        if line.words.startswith(_ANNEX):
            return
        if ends[number]:
            continue
        if line.words.endswith(_UNENDED):
            last = len(line.words) - 1
            found, hint = f"段末是“{line.words[last]}”：…{line.words[-12:]}", Note("改为句号，或与下一段并成一段")
            yield Finding(line.at(last, last + 1), found, (hint,))
            continue
        after = styles[number + 1] if number + 1 < len(lines) else style
        item = style and after and after <= style and ended[style] >= 2 and ended[style] == total[style] - 1
        sentences = re.search("[。；]", line.words) or ("，" in line.words and len(line.words) >= 40)
        if item or (sentences and any(ends)):
            words, last = line.words, len(line.words) - 1
            edits = line.edit(last, last + 1, words[last] + "。")
            yield Finding(line.at(last, last + 1), f"段末没有句号：…{words[-12:]}", (Note("补上句号"),), edits=edits)


def _first(lines: list[Line]) -> Iterator[Finding]:
    """The one of the headings that the texts of a list begin with that has no full stop, where all others have."""
    bare = [one for one in lines if not _END.search(one.words)]
    if len(lines) > 2 and len(bare) == 1 and not re.search("[。；]", bare[0].words):
        words, last = bare[0].words, len(bare[0].words) - 1
        edits = bare[0].edit(last, last + 1, words[last] + "。")
        found = f"段末没有句号，同列的各段都有：…{words[-12:]}"
        yield Finding(bare[0].at(last, last + 1), found, (Note("补上句号"),), edits=edits)


def _is_habit(record: Record, spaced: list[Line]) -> bool:
    """Whether the document sets digits off by spaces as a habit; `spaced` are its lines with spaces."""
    spaces = sum(len(_DIGIT_GAP.findall(one.words)) for one in spaced if _SENTENCE.search(one.words))
    if not spaces:
        return False
    digits = sum(len(_DIGIT.findall(one.words)) for one in record.having(_SENTENCE))
    return spaces * (10 if spaces > 1 else 3) > digits


def _edit(line: Line, at: int, mark: str) -> tuple[Edit, ...]:
    """The change of one mark; none for one that is escaped in the source."""
    start = line.at(at, at + 1).start
    return () if line.source.text[start - 1 : start] == "\\" else line.edit(at, at + 1, mark)
