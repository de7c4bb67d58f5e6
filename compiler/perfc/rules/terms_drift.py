"""One thing under several names."""

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from perfc.diagnostic import Note, Severity, Span
from perfc.lint import Finding, rule
from perfc.load import Map, Text, load
from perfc.source import Sources
from perfc.vocabulary import Record

_NUMBER = re.compile(
    r"(?<![一-鿿])(?P<office>[一-鿿]{2,10})[〔\[［](?P<number>[0-9]{4}[〕\]］] ?第?[0-9]{1,4}号)"
    "(?P<title>[一-鿿0-9]{6,12})"
)
_SIGN = re.compile("号")
_FILLER = re.compile("工作|的")


@rule(Severity.INFO)
def terms_drift(record: Record) -> Iterator[Finding]:
    """同一件事在一份文件里只用一个名称。

    一个计划有时叫“年初计划”、有时叫“全年工作计划”，一项指标有时叫“满意度”、有时叫“满意率”，同一份文件的文号前后不一，
    审核的人无法判断说的是不是一件事，导入系统后也对不上。

    错误：
        绩效指标:
          产出指标:
            数量指标:
              - {三级指标: 演出场次, 指标值: ≥24场, 指标值确定依据: 年初工作计划}
              - {三级指标: 培训人次, 指标值: ≥300人次, 指标值确定依据: 全年计划}
    正确：
        绩效指标:
          产出指标:
            数量指标:
              - {三级指标: 演出场次, 指标值: ≥24场, 指标值确定依据: 年初工作计划}
              - {三级指标: 培训人次, 指标值: ≥300人次, 指标值确定依据: 年初工作计划}
    """
    yield from _plans(record)
    yield from _indicators(record)
    yield from _rows(record)
    yield from _documents(record)


@cache
def _data() -> Map:
    data, _ = load(Path(__file__).with_suffix(".yaml").as_posix(), Sources())
    assert data is not None
    return data


@cache
def _plan() -> re.Pattern[str]:
    return re.compile(rf"(?:[0-9]{{4}}年)?(?P<name>[一-鿿]{{0,20}}(?:{'|'.join(_data()['计划'])}))")


@cache
def _idle() -> re.Pattern[str]:
    return re.compile("|".join(_data()["计划修饰"]))


def _plans(record: Record) -> Iterator[Finding]:
    """The names of one plan or scheme in the column of bases; the most frequent one counts as right."""
    plans: dict[str, list[tuple[str, Text]]] = {}
    for basis in (row.basis for row in record.indicators):
        if basis and (match := _plan().fullmatch(basis.strip(" 。；"))):
            plans.setdefault(_idle().sub("", match["name"]), []).append((match["name"], basis))
    for named in plans.values():
        counts = Counter(name for name, _ in named)
        if len(counts) > 1:
            yield _several(named, counts)


def _several(named: list[tuple[str, Text]], counts: Counter[str]) -> Finding:
    usual = counts.most_common(1)[0][0]
    first = dict(reversed(named))
    place = next(text for name, text in named if name != usual)
    shown = "、".join(f"“{name}”{count}处" for name, count in counts.most_common())
    others = tuple(Note(f"这里是“{name}”", one.span) for name, one in first.items() if one is not place)
    return Finding(place.span, f"同一个{usual[-2:]}有{len(counts)}种名称：{shown}", (*others, Note("统一用一个名称")))


def _indicators(record: Record) -> Iterator[Finding]:
    """An indicator's name that is elsewhere the same but for its last word: 群众满意度, 群众满意率."""
    partner = {one: other for pair in _data()["指标"] for one, other in (pair, pair[::-1])}
    ends = tuple(partner)
    names: dict[str, Text] = {}
    keys: dict[str, Text] = {}
    told: set[Text] = set()
    for name in (row.name for row in record.indicators):
        if name is None or not name.endswith(ends) or len(name) < 5:
            continue
        names.setdefault(str(name), name)
        first = keys.setdefault(_key(name, partner), name)
        if first[-3:] != name[-3:] and first not in told:
            told |= {first, name}
            yield _drift(name.span, str(name), str(first), first.span)
    lengths = sorted({len(name) for name in names})
    word = re.compile("|".join(ends))
    begins = {one: tuple(name[:-3] for name in names if name.endswith(other)) for one, other in partner.items()}
    for line in record.having(word) if names else ():
        for match in word.finditer(line.words):
            drifted = line.words.endswith(begins[match.group()], 0, match.start())
            for length in lengths if drifted else ():
                start = match.end() - length
                said = line.words[max(0, start) : match.end()]
                first_name = names.get(said[:-3] + partner[match.group()])
                if start >= 0 and first_name and said not in names and first_name not in told:
                    told.add(first_name)
                    yield _drift(line.at(start, match.end()), said, str(first_name), first_name.span)


def _key(name: str, partner: dict[str, str]) -> str:
    """What names of one indicator have in common."""
    return _FILLER.sub("", name[:-3]) + min(name[-3:], partner[name[-3:]])


def _rows(record: Record) -> Iterator[Finding]:
    """A row whose description takes another word for what its name says."""
    pairs = [pair for pair in _data()["同行"] if all(one in record.words for one in pair)]
    both = [two for pair in pairs for two in (pair, pair[::-1])]
    for row in record.indicators if both else ():
        if row.name is None or row.description is None:
            continue
        for one, other in both:
            at = row.description.find(other)
            if one in row.name and other not in row.name and at >= 0 and one not in row.description:
                span = record.line(row.description).at(at, at + len(other))
                yield _drift(span, other, one, row.name.span)


def _documents(record: Record) -> Iterator[Finding]:
    """A document's number that is elsewhere that of another office."""
    first: dict[tuple[str, str], tuple[str, Span]] = {}
    for line in record.having(_SIGN):
        for match in _NUMBER.finditer(line.words):
            span = line.at(match.start(), match.start("title"))
            number = re.sub(r"[\]］]", "〕", match["number"])
            office, place = first.setdefault((number, match["title"]), (match["office"], span))
            if office != match["office"]:
                yield _drift(span, f"{match['office']}〔{number}", f"{office}〔{number}", place)


def _drift(span: Span, said: str, first: str, place: Span) -> Finding:
    return Finding(span, f"这里说“{said}”，别处说“{first}”", (Note("别处", place), Note("统一用一个名称")))
