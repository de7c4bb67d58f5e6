"""Grades whose bands overlap or leave a gap."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from perfc.diagnostic import Note, Severity, Span
from perfc.lint import Finding, rule
from perfc.values import decimals, plain
from perfc.vocabulary import Line, Record

_TOKEN = re.compile(
    r"(?P<word>优秀|良好|中等|较好|一般|较差|(?:不|基本)?合格|(?:不|基本)?及格"
    r"|(?:[优良差]|(?<![其当年月期])中)(?=[等级档为的]|[^一-鿿]|$))"
    r"|(?P<least>[大高]于或?等于|不[低小少]于|至少|>=|=>|≥)|(?P<most>[小低]于或?等于|不[高大]于|不超过|<=|=<|≤)"
    r"|(?P<more>[大高多]于|超过|>)|(?P<less>[小低少]于|不足|[不未]满|<)"
    r"|(?P<number>(?<![0-9.])[0-9]{1,3}(?:\.[0-9]{1,2})?(?![0-9.%‰]))"
    r"|(?P<without>不含|不包括)|(?P<within>含|包括)|(?P<above>及?以上)|(?P<below>及?以[下内])|(?P<square>[\[\]])"
    r"|(?P<filler>得分|评分|总分|分[值数](?![一-鿿])|分(?![钟之值数])|本数|综合|自评|评价|等[级次]?|档次?|级|[评定]*为|属于?|是|的|者|在"
    r"|即|且|并|及|至|到|[-~()\"'“”‘’:,;、 ]|[A-Za-z](?![A-Za-z]))"
)
_LIKELY = re.compile(r"[0-9] ?分|[\[\]≥≤<>] ?[0-9]")
_GRADE = re.compile("优|良|中差|较差|差(?![异距旅额])|合格|及格|中等|一般|较好|中好|中[^一-鿿]")
_HINT = Note("写明哪一档含界上的分数，如“80分（含）至90分”")
_STATED = re.compile("含[上下]限|[左上前]闭|含本数|包括本数")

_Tokens = list[re.Match[str]]


@dataclass(frozen=True, slots=True)
class _End:
    """An end of a band: whether it belongs to the band, None where not said; `ranged` for one of 80-90."""

    value: Decimal
    closed: bool | None
    ranged: bool


@dataclass(frozen=True, slots=True)
class _Band:
    """A grade as printed, with the ends of its band."""

    word: str
    lower: _End | None
    upper: _End | None
    line: Line
    start: int
    end: int

    @property
    def printed(self) -> str:
        """The band as it stands there."""
        return self.line.words[self.start : self.end]

    @property
    def span(self) -> Span:
        """Where it stands."""
        return self.line.at(self.start, self.end)


@rule(Severity.WARNING)
def grade_bands(record: Record) -> Iterator[Finding]:
    """印出的评价等级各档首尾相接，不重叠，不留空档。

    “良好（80-90分）、较差（60-80分）”没有写明 80 分属于哪一档，得分恰好在界上时定不了等级。
    写明哪一档含界上的分数，如“80分（含）至90分”“大于90分”“60分以下”。
    相邻两档之间差 1 分的（80-89分、90-100分），得分有小数时没有等级，只作提示。

    依据：《项目支出绩效评价管理办法》（财预〔2020〕10号）规定的等级是 90（含）-100 分为优、80（含）-90 分为良、
    60（含）-80 分为中、60 分以下为差。

    错误：
        说明: 评价等级分为优秀（大于90分）、良好（80-90分）、较差（60-80分）、差（小于60分）。
    正确：
        说明: 评价等级分为优秀（90分以上）、良好（80分（含）至90分）、较差（60分（含）至80分）、差（小于60分）。
    """
    graded = {id(line.text) for line in record.having(_GRADE)}
    for lines in record.texts:
        for bands, stated in _schemes(lines) if id(lines[0].text) in graded else ():
            yield from _found(bands, stated=stated)


def _found(bands: list[_Band], *, stated: bool) -> Iterator[Finding]:
    """What is wrong with a scheme; where the same is wrong between several bands, at the first of them."""
    ordered = sorted(bands, key=lambda one: one.lower.value if one.lower else Decimal(-1), reverse=True)
    wrong: dict[str, list[tuple[_Band, _Band, Decimal, Severity | None]]] = {}
    for upper, lower in pairwise(ordered):
        if lower.upper and upper.lower and (found := _between(lower, upper, stated=stated)):
            first, second = sorted((lower, upper), key=lambda one: (one.line.offset, one.start))
            wrong.setdefault(found[0], []).append((first, second, lower.upper.value, found[1]))
    for message, places in wrong.items():
        first, second, at, severity = places[0]
        more = "、".join(f"{value}" for _, _, value, _ in places[1:])
        also = (Note(f"{more} 分处同样"),) if more else ()
        words = f"“{first.printed}”与“{second.printed}”{message.format(at=at)}"
        notes = (_HINT, *also, Note(f"另一档是“{first.printed}”", first.span))
        yield Finding(second.span, words, notes, severity=severity)


def _schemes(lines: Iterable[Line]) -> Iterator[tuple[list[_Band], bool]]:
    """The bands of a text that belong together, and whether it says which ends belong to a band.

    They stand in one line, or each in a line of its own.
    """
    bands: list[_Band] = []
    stated = False
    for line in lines:
        stated = stated or bool(_STATED.search(line.words))
        found = list(_bands(line))
        for band in found:
            if any(one.word == band.word for one in bands) or (band is found[0] and len(found) > 1):
                yield bands, stated
                bands = []
            bands.append(band)
        if len(found) > 1:
            yield bands, stated
            bands = []
    yield bands, stated


def _bands(line: Line) -> Iterator[_Band]:
    """The bands in a line: grades with the numbers that stand behind or before them."""
    words = plain(line.words)
    if not _LIKELY.search(words):
        return
    run: _Tokens = []
    for match in _TOKEN.finditer(words):
        if run and run[-1].end() != match.start():
            yield from _of_run(line, run)
            run = []
        run.append(match)
    yield from _of_run(line, run)


def _of_run(line: Line, run: _Tokens) -> Iterator[_Band]:
    """The bands among words that stand together: 优（≥90分）、良（…） or, where a number is first, 90分以上为优、…"""
    if run and run[-1]["number"] and run[-1].end() < len(line.words):
        run = run[:-1]  # it counts what stands behind it: 90人
    places = [place for place, one in enumerate(run) if one["word"]]
    first = next((one for one in run if not one["filler"]), None)
    if first is None or not places:
        return
    begins = [_begin(run, place) for place in places]
    if first["word"] or begins != places:
        groups = [run[one:other] for one, other in pairwise([*begins, len(run)])]
    else:
        groups = [run[one + 1 : other + 1] for one, other in pairwise([-1, *places])]
    for group in groups:
        if ends := _ends(group):
            told = [one for one in group if not one["filler"] or one[0] in "分)"]
            start, end = told[0].start(), told[-1].end()
            word = next(one[0] for one in group if one["word"])
            yield _Band(word, *ends, line, start, end)


def _begin(run: _Tokens, place: int) -> int:
    """Where the words about a grade begin: with the grade, or with its lower end before it (80≤良好＜90)."""
    told = [at for at in range(max(0, place - 8), place) if not run[at]["filler"]][-3:]
    between = len(told) > 1 and run[told[-2]]["number"] and _signs(run[told[-1]])
    return told[-2] if between and not _signs(run[told[0]]) else place


def _ends(group: _Tokens) -> tuple[_End | None, _End | None] | None:
    """The lower and the upper end that the words around one or two numbers say; None for any other words."""
    again = {place for place, one in enumerate(group) if one["number"] and place and _includes(group[place - 1])}
    named = {Decimal(group[place][0]): bool(group[place - 1]["within"]) for place in again}
    told = [one for place, one in enumerate(group) if place not in again and place + 1 not in again]
    at = [place for place, one in enumerate(told) if one["number"]]
    if len(at) == 1:
        return _one(told, at[0], named)
    if len(at) != 2:
        return None
    signs = [place for place in range(at[0], at[1]) if _signs(told[place])]
    cut = signs[-1] if signs else at[1]
    interval = any(one["square"] for one in told)
    ranged = not any(one["above"] or one["below"] for one in told)
    ends = []
    for place, part in zip(at, (told[:cut], told[cut:]), strict=True):
        value = Decimal(told[place][0])
        closed = named.get(value, _closed(part))
        ends.append(_End(value, False if interval and closed is None else closed, ranged))
    lower, upper = sorted(ends, key=lambda one: one.value)
    return lower, upper


def _includes(token: re.Match[str]) -> bool:
    """Whether the number behind it only names an end again: 80-90分（不含80分）."""
    return bool(token["within"] or token["without"])


def _signs(token: re.Match[str]) -> bool:
    return any(token[one] for one in ("least", "most", "more", "less"))


def _one(tokens: _Tokens, at: int, named: dict[Decimal, bool]) -> tuple[_End | None, _End | None] | None:
    """The end that a number alone says: 90分以上, ≥90, 60>得分."""
    value = Decimal(tokens[at][0])
    end = _End(value, named.get(value, _closed(tokens)), ranged=False)
    for place, one in enumerate(tokens):
        if one["above"] or one["below"] or _signs(one):
            from_below = bool(one["above"] or one["least"] or one["more"])
            return (end, None) if from_below != (_signs(one) and place > at) else (None, end)
    return None


def _closed(tokens: _Tokens) -> bool | None:
    """Whether the words around a number say that it belongs to the band."""
    for one in tokens:
        if one["least"] or one["most"] or one["within"] or one["square"] or one[0].startswith("及以"):
            return True
        if one["more"] or one["less"] or one["without"]:
            return False
    return None


def _between(lower: _Band, upper: _Band, *, stated: bool) -> tuple[str, Severity | None] | None:
    """What is wrong where a band ends and the next higher one begins, and how grave it is."""
    top, bottom = lower.upper, upper.lower
    if top is None or bottom is None:
        return None
    apart = bottom.value - top.value
    step = Decimal(1).scaleb(-max(decimals(top.value), decimals(bottom.value)))
    if apart < 0:
        return f"重叠：{bottom.value} 至 {{at}} 分", None
    if apart > 0:
        if apart == step == 1:
            return "之间相差 1 分，{at}.5 分没有等级", Severity.INFO
        return (f"之间有空档：{{at}} 与 {bottom.value} 分之间没有等级", None) if apart > step else None
    if top.closed is False and bottom.closed is False:
        return "都不含 {at} 分，{at} 分没有等级", None
    if top.closed and bottom.closed:
        return "都含 {at} 分", None
    if top.closed is None and bottom.closed is None and not (stated or _tell(lower) or _tell(upper)):
        return ("都含 {at} 分", None) if top.ranged and bottom.ranged else ("没有写明 {at} 分属于哪一档", Severity.INFO)
    return None


def _tell(band: _Band) -> bool:
    """Whether a band says of one of its two ends whether it belongs to it; the other is the opposite: 80（含）-90."""
    return bool(band.lower and band.upper and any(one.closed is not None for one in (band.lower, band.upper)))
