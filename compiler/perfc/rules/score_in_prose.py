"""A score in the text that is not the table's."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from perfc import scoring
from perfc.diagnostic import Note, Severity, Span
from perfc.lint import Finding, rule
from perfc.scoring import shown
from perfc.values import decimals, plain
from perfc.vocabulary import Execution, Indicator, Line, Record, Total

_NUMBER = r"(?<![0-9.])[0-9]{1,3}(?:\.[0-9]{1,4})?"
_POINTS = r"分(?![之钟]|\(?不?含|[及 ]?以[上下内]|[-~至])"
_SCORE = re.compile(
    r"(?P<label>得分|总分|分数|评分|自评|评价|得)(?:结果)?(?:合计|共计)?(?:为|是|达到?|共)?[: ]{0,2}"
    rf"(?P<number>{_NUMBER})(?![0-9.]) ?(?:{_POINTS}|(?<=[0-9])(?=[,;。、)]|$))"
)
_SENTENCE = re.compile("[。；;]")
_SPENDING = ("预算执行率", "预算执行", "资金执行率", "执行率")
_OTHERS = re.compile("复评|考[核评]|测评|第三方|评审|上年|去年|往年|同期")
_WEIGHTS = re.compile("总分|满分|分值|权重|体系")


@dataclass(frozen=True, slots=True)
class _Group:
    """A group of a scored table: its points, its score, where that stands, and its rows."""

    points: Decimal
    score: Decimal
    span: Span
    rows: Sequence[Execution | Indicator]


@rule(Severity.ERROR)
def score_in_prose(record: Record) -> Iterator[Finding]:
    """正文写的自评得分等于自评表的总分，各部分的得分等于表中各行之和。

    报告正文和附表的得分不一致，是审核退回最常见的原因之一，多半是改了表没有改正文，或者沿用上年的文字。
    正文引用表中的数，如 {{ 自评表.总分 }}，就不会不一致。
    “其中预算执行率9.66分、产出指标49.85分”一类的分项，也与表中这一组的得分核对；满分、上年的、别人评的得分，不在此列。
    一个文件有几个项目的，与写到名称的项目核对；没有写名称的，与它所在的项目核对。表中一行的得分本身写错的，不再说正文。

    错误：
        概述: 2022年，各项工作稳步推进。根据绩效自评，得分98分。
        自评表:
          绩效指标: {产出指标: {数量指标: [{三级指标: 培训人次, 指标值: ≥300人次, 分值: 100, 得分: 89}]}}
    正确：
        概述: 2022年，各项工作稳步推进。根据绩效自评，得分89分，其中产出指标89分。
        自评表:
          绩效指标: {产出指标: {数量指标: [{三级指标: 培训人次, 指标值: ≥300人次, 分值: 100, 得分: 89}]}}
    """
    whole = record.scoring.get("总分")
    groups = {id(one.owner): _groups(record, one) for one in record.totals}
    part = _part(tuple(sorted({name for one in groups.values() for name in one}, key=len, reverse=True)))
    for line in record.lines if record.totals else ():
        words = plain(line.words)
        parts = list(part.finditer(words)) if "分" in words else []
        own = {match.start("number") for match in parts}
        for match in _SCORE.finditer(words):
            total = None if match.start("number") in own else record.evaluated(line, match.start("number"))
            if total and not (match["label"] == "总分" and Decimal(match["number"]) == whole):
                group = _Group(Decimal(0), total.score, total.span, record.scored(total.owner))
                yield from _compared(record, line, match, "总分", group)
        yield from _parts(record, line, parts, groups)


def _parts(
    record: Record, line: Line, found: list[re.Match[str]], groups: dict[int, dict[str, _Group]]
) -> Iterator[Finding]:
    """The scores of groups of indicators and of spending, where it is certain that they are not the points."""
    parts = []
    for match in found:
        total, before = record.evaluation(line, match.start())
        group = groups[id(total.owner)].get(match["name"]) if total else None
        weight, ahead = match["weight"], _SENTENCE.split(before)[-1]
        if group and not _OTHERS.search(ahead) and (weight is None or Decimal(weight) == group.points):
            parts.append((match, group, Decimal(match["number"]), ahead))
    listed = any(number == group.score != group.points for _, group, number, _ in parts)
    for match, group, number, ahead in parts:
        said = match["says"] or ("得分" in ahead and "扣" not in ahead)
        alike = number == group.points and _WEIGHTS.search(ahead)
        if listed or (said and number <= group.points and not alike):
            yield from _compared(record, line, match, f"{match['name']}{match['kind'] or ''}得分", group)


def _compared(record: Record, line: Line, match: re.Match[str], what: str, group: _Group) -> Iterator[Finding]:
    """A score in the text beside that of the table; one that only rounds it is milder.

    None where only the score of a row is wrong, which another rule says.
    """
    number, score = Decimal(match["number"]), group.score
    if number == score or number == score + _lack(record, group.rows):
        return
    coarse = scoring.rounded(score, decimals(number)) == number
    yield Finding(
        line.at(*match.span("number")),
        f"正文“{line.words[match.start() : match.end()]}”≠ 表中的{what} {score:f}（相差 {shown(abs(number - score))}）",
        (Note(f"表中的{what}是 {score:f}", group.span),),
        severity=Severity.INFO if coarse else None,
    )


def _groups(record: Record, total: Total) -> dict[str, _Group]:
    """The parts of a table by their names without 指标; none that lacks a score, or whose name is that of another."""
    parts: dict[str, dict[str, list[Execution | Indicator]]] = {}
    for row in (one for one in record.indicators if one.owner is total.owner):
        for name in {row.level1.removesuffix("指标"), row.level2.removesuffix("指标")}:
            parts.setdefault(name, {}).setdefault(row.level1, []).append(row)
    spending: list[Execution | Indicator] = [one for one in record.executions if one.owner is total.owner]
    parts |= {name: {name: spending} for name in _SPENDING if len(spending) == 1}
    found = {}
    for name, (rows, *others) in ((name, list(one.values())) for name, one in parts.items()):
        points = [one.points for one in rows if one.points is not None]
        scores = [one.score for one in rows if one.score is not None]
        if not others and len(points) == len(scores) == len(rows):
            found[name] = _Group(sum(points, Decimal(0)), sum(scores, Decimal(0)), scores[0].span, rows)
    return found


def _lack(record: Record, rows: Sequence[Execution | Indicator]) -> Decimal:
    """What rows would have more if each had the score that its figures give it."""
    wrong = [(row.score, due[0]) for row in rows if row.score is not None and (due := record.due(row))]
    return sum((scoring.rounded(due) - score for score, due in wrong), Decimal(0))


@lru_cache(maxsize=16)
def _part(names: tuple[str, ...]) -> re.Pattern[str]:
    """What gives one of these parts a score: 产出指标49.85分, 产出指标（50分）得分49.85分."""
    name = "|".join(re.escape(one) for one in names) or "(?!)"
    return re.compile(
        rf"(?:(?<![一-鿿])|(?<=[中和及与度目的]))(?P<name>{name})(?P<kind>指标|情况)?"
        rf"(?:[(,]?(?:满分|分值|权重|共|计)?为?[: ]?(?P<weight>{_NUMBER}) ?分\)?,?(?=[自得评实]))?"
        r"(?P<says>(?:自评|评价|实际)?(?:得分?|评分))?(?:合计|共计)?(?:为|是|共)?[: ]{0,2}"
        rf"(?P<number>{_NUMBER}) ?{_POINTS}"
    )
