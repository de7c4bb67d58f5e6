"""The scores and the grade that nobody wrote, by what the layout says (`评分`): rates, scores, totals, grade.

Equations up to the first that speaks of scores come before them, the others after. What is written stays; the rules
check it.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from perfc import equations, scoring
from perfc.diagnostic import Diagnostic, Note
from perfc.layout import Layout
from perfc.load import Map, Number, Text, put
from perfc.source import Sources
from perfc.vocabulary import GRADE, INDICATORS, NAME, POINTS, SCORE, VALUE, Indicator, Record

_Found = tuple[Diagnostic, ...]


def derive(layout: Layout, spec: Map, sources: Sources) -> tuple[_Found, _Found]:
    """Put in what a layout's equations and scoring derive; what is there but wrong, and the scores that are missing.

    Nothing is added up where scores are missing.
    """
    speaking = (place for place, one in enumerate(layout.equations) if SCORE in one.names)
    first = next(speaking, len(layout.equations))
    found = equations.derive(spec, layout.equations[:first])
    unknown = equations.refer_in_rows(spec, sources)
    if SCORE in layout.schema.labels and (missing := tuple(scores(Record(spec, sources, layout.data)))):
        return found, (*unknown, *missing)
    found += equations.derive(spec, layout.equations[first:])
    for label in GRADE:
        if label in layout.schema.labels:
            _grade(Record(spec, sources, layout.data), label, at_top=label in layout.keys)
    return found, ()


def scores(record: Record) -> Iterator[Diagnostic]:
    """Put in the scores that are absent, and find those that nobody but the author can know."""
    how = record.scoring
    for one in record.executions if "执行" in how else ():
        if one.points is not None and SCORE not in one.row and one.rates:
            put(one.row, SCORE, _number(scoring.execution(one.points, one.rates[0], how["执行"])))
    for owner, rows in record.tables:
        if all(row.actual is None for row in rows):
            continue  # a table of targets
        for label, inner in owner.items() if "执行" in how else ():
            if label != INDICATORS and _lacks(inner):
                yield _missing(inner, label, "得分由执行率算出，这里没有执行率，也不能由预算和执行的数算出")
        for row in rows if "定量" in how else ():
            if _lacks(row.row) and row.points is not None:
                score = _score(record, row, row.points)
                if isinstance(score, str):
                    yield _missing(row.row, row.name or NAME, score, *_bands(record, row, row.points))
                else:
                    put(row.row, SCORE, _number(score))


def _grade(record: Record, label: str, *, at_top: bool) -> None:
    """Put in the grade of each total, beside it, or where the spec begins if the layout has it there."""
    for total in record.totals:
        owner = record.spec if at_top else total.owner
        name = scoring.grade(total.score, record.scoring.get("等级", ()))
        if label not in owner and name and (len(record.totals) == 1 or not at_top):
            put(owner, label, Text(name))


def _lacks(row: object) -> bool:
    return isinstance(row, Map) and SCORE not in row and not row.keys().isdisjoint(POINTS)


def _number(score: Decimal) -> Number:
    return Number(scoring.shown(score))


def _score(record: Record, row: Indicator, points: Decimal) -> Decimal | str:
    """The score of a row, or why it cannot be computed."""
    if row.value is None:
        return f"这一行没有指标值，它的键是{'、'.join(f'“{one}”' for one in VALUE)}之一"
    if row.qualitative:
        return "定性指标的得分由评价的人确定"
    label = next(one for one in VALUE if one in row.row)
    how = record.scoring["定量"]
    if measured := row.measured:
        ways = (False, True) if measured.ceiling is None else (measured.ceiling,)
        either = {scoring.quantitative(points, measured.target, measured.actual, how, ceiling=way) for way in ways}
        unsure = f"“{label}”{row.stated} 没有 ≥ 或 ≤，不知道多了好还是少了好"
        return either.pop() if len(either) == 1 else unsure
    if row.in_time:
        return points
    if row.in_time is False:
        return Decimal(0) if how == "是否" else f"{row.done} 超过了“{label}”{row.stated}，怎样扣分由评价的人确定"
    return f"完成的 {row.done} 与“{label}”{row.stated} 不能直接相比"


def _bands(record: Record, row: Indicator, points: Decimal) -> Iterator[Note]:
    """The points that each band of a qualitative row may have."""
    if row.qualitative and row.value is not None:
        ranges = scoring.ranges(points, record.scoring.get("定性", ()))
        said = [f"{name}，{scoring.shown(least)} 至 {scoring.shown(most)} 分" for name, least, most in ranges]
        if said:
            yield Note("；".join(said))


def _missing(row: Map, name: str, reason: str, *notes: Note) -> Diagnostic:
    first = next(iter(row.key_spans.values()), row.span)
    span = row.key_spans.get(SCORE, row.value_spans.get(NAME, first))
    message = f"“{name}”没有写“{SCORE}”，也不能计算：{reason}"
    return Diagnostic("score-missing", message, span, notes=(*notes, Note(f"写明“{SCORE}”")))
