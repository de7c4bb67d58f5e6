"""Words that are known to be mistaken for others, and common words with one character that is none of theirs."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, reduce
from operator import or_
from pathlib import Path

from perfc.diagnostic import Note, Severity
from perfc.lint import Finding, rule
from perfc.load import Map, load
from perfc.source import Sources
from perfc.vocabulary import Listed, Record, listed

# What stands right before or behind a word, other than another word or a mark.
_AHEAD = frozenset("的和与及或对为以由将把被在向从按等了所未已不各该其并也均都还可应要需能本我全共每")
# What makes a word with nearly any character ahead of it: 终期, 村局, and 经区｜政府.
_FREE = frozenset("省市县区乡镇村户人年日期局费站员者点类型级部科室所院馆店厂")
_BEHIND = frozenset("的和与及或对为以由将把被在向从按等了所率度性量化者员表类项")


@rule(Severity.WARNING)
def typo(record: Record) -> Iterator[Finding]:
    """没有错别字。

    对照一份公文常见错词表：形近、音近的字，用混的词，漏字和衍字。许多词要看前后文才算错，例如“截止”后面跟着时间才应为“截至”，
    “知道”后面跟着“全县”才应为“指导”。公文里常用的两字词，写错其中一个同音或形近的字、因而不成词的（长效机治、贯撤落实），
    紧挨着另一个常用词时也算。此外不判断。

    错误：
        工作措施: 截止2023年12月，全县建立建全了普法工作长效机治。
    正确：
        工作措施: 截至2023年12月，全县建立健全了普法工作长效机制，报名已经截止。
    """
    words, wrong = record.words, _wrong(record)
    told = {place for at, one in wrong for place in range(at - 1, at + len(one.wrong))}
    for at, one in wrong:
        line, begin = record.line_at(at)
        start, end = at - begin, at - begin + len(one.wrong)
        what = f"{'可能' if one.unsure else ''}应为“{one.right}”" if one.right else "位置不对"
        yield Finding(
            line.at(start, end),
            f"“{one.wrong}”{what}",
            (Note(one.reason),) if one.reason else (),
            Severity.INFO if one.unsure else None,
            edits=line.edit(start, end, one.right) if one.right and not one.unsure else (),
        )
    for at, rights in _misspelt(record):
        if at not in told:
            line, begin = record.line_at(at)
            meant = "或".join(f"“{one}”" for one in rights)
            yield Finding(line.at(at - begin, at + 2 - begin), f"“{words[at : at + 2]}”不成词，应为{meant}")


@dataclass(frozen=True, slots=True)
class _Entry:
    """A wrong word, and what must or must not stand right before and behind it; empty where anything may."""

    wrong: str
    right: str
    reason: str
    unsure: bool
    before: tuple[str, ...]
    behind: tuple[str, ...]
    not_before: tuple[str, ...]
    not_behind: tuple[str, ...]

    def fits(self, words: str, at: int) -> bool:
        """Whether the word, which stands at an offset, is wrong in its context."""
        end = at + len(self.wrong)
        return (
            (not self.before or words.endswith(self.before, 0, at))
            and (not self.behind or words.startswith(self.behind, end))
            and not words.endswith(self.not_before, 0, at)
            and not words.startswith(self.not_behind, end)
        )


def _wrong(record: Record) -> list[tuple[int, _Entry]]:
    """The wrong words of the table with their offsets, from left to right without overlap, longer ones first."""
    (table, words), free = _table(), 0
    fitting = [(at, one) for at, word in record.listed(words) for one in table[word] if one.fits(record.words, at)]
    found = []
    for at, entry in sorted(fitting, key=lambda one: (one[0], -len(one[1].wrong))):
        if at >= free:
            free = at + len(entry.wrong)
            found.append((at, entry))
    return found


@cache
def _table() -> tuple[dict[str, list[_Entry]], Listed]:
    """The entries by their wrong words, and these."""
    data, _ = load(Path(__file__).with_suffix(".yaml").as_posix(), Sources())
    assert data is not None
    table: dict[str, list[_Entry]] = {}
    for entry in (one for group in data["错词"] for one in _entries(group)):
        table.setdefault(entry.wrong, []).append(entry)
    return table, listed(table)


def _entries(group: Map) -> Iterator[_Entry]:
    contexts = [_contexts(group.get(key, "")) for key in ("前", "后", "非前", "非后")]
    for wrong, right in group["词"].items():
        yield _Entry(wrong, right, group.get("说明", ""), group.get("提示", False), *contexts)


def _contexts(written: str) -> tuple[str, ...]:
    """Contexts as written, parted by |; # is any digit."""
    found = [one for one in written.split("|") if one]
    while any("#" in one for one in found):
        found = [one.replace("#", digit, 1) for one in found for digit in ("0123456789" if "#" in one else "#")]
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Lexicon:
    """Common words, these and others that are one character away from them, and the classes of alike characters.

    Classes are bits of a number: `classes` are those of a character, `apart` leaves out characters that often stand
    alone. `behind` and `ahead` are what makes a common word with a character, and all the classes of these.
    """

    words: frozenset[str]
    known: frozenset[str]
    classes: dict[str, int]
    apart: dict[str, int]
    behind: dict[str, tuple[int, str]]
    ahead: dict[str, tuple[int, str]]


_NONE = 0, ""


def _meant(pair: str, lexicon: _Lexicon) -> tuple[str, ...]:
    """The common words that differ from two characters by one that is alike."""
    first, second = pair[0], pair[1]
    ends = _alike(second, lexicon.behind.get(first, _NONE)[1], lexicon)
    starts = _alike(first, lexicon.ahead.get(second, _NONE)[1], lexicon)
    return (*(first + end for end in ends), *(start + second for start in starts))


def _alike(wrong: str, rights: str, lexicon: _Lexicon) -> list[str]:
    """Those of some characters that one is alike to, in the order of their classes."""
    shared = {one: lexicon.apart.get(wrong, 0) & lexicon.classes.get(one, 0) for one in rights}
    return sorted(filter(shared.get, shared), key=lambda one: shared[one] & -shared[one])


def _misspelt(record: Record) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Two characters that are no word and nearly one, between a common word and another, or a mark."""
    words, lexicon = record.words, _lexicon()
    common, apart, behind, ahead = lexicon.words, lexicon.apart.get, lexicon.behind.get, lexicon.ahead.get
    near = (
        pair
        for pair in record.pairs - lexicon.known
        if behind(pair[0], _NONE)[0] & apart(pair[1], 0) or apart(pair[0], 0) & ahead(pair[1], _NONE)[0]
    )
    for at, pair in record.places(one for one in near if one[1] not in _FREE):
        before, after = words[at - 2 : at] in common, words[at + 2 : at + 4] in common
        is_begun = before or not _goes_on(words[at - 1], _AHEAD)
        is_ended = after or not _goes_on(words[at + 2], _BEHIND)
        if is_begun and is_ended and (before or after):
            yield at, _meant(pair, lexicon)


def _goes_on(beside: str, apart: frozenset[str]) -> bool:
    """Whether a character may be of one word with the one beside it."""
    return "一" <= beside <= "鿿" and beside not in apart


@cache
def _lexicon() -> _Lexicon:
    runs: dict[str, list[str]] = {}
    for line in Path(__file__).with_suffix(".txt").read_text("utf-8").splitlines():
        kind, *more = line.split()
        runs.setdefault(kind, []).extend(more)
    words, others = ([run[0] + one for run in runs[kind] for one in run[1:]] for kind in ("词", "真"))
    classes: defaultdict[str, int] = defaultdict(int)
    for number, run in enumerate((*runs["音"], *runs["形"])):
        for one in run:
            classes[one] |= 1 << number
    behind: defaultdict[str, str] = defaultdict(str)
    ahead: defaultdict[str, str] = defaultdict(str)
    for word in words:
        behind[word[0]] += word[1]
        ahead[word[1]] += word[0]
    alone = set("".join(runs["虚"]))
    apart = {one: of for one, of in classes.items() if one not in alone}
    known = frozenset((*words, *others))
    return _Lexicon(frozenset(words), known, classes, apart, _of_all(behind, classes), _of_all(ahead, classes))


def _of_all(beside: dict[str, str], classes: dict[str, int]) -> dict[str, tuple[int, str]]:
    """What stands beside each character, with the classes of all of it."""
    return {one: (reduce(or_, (classes[each] for each in others)), others) for one, others in beside.items()}
