"""Points and grades as a layout's data (`评分`) gives them. Rates are in percent; results are exact, not rounded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

_ALL = Decimal(100)


def execution(points: Decimal, rate: Decimal, how: str | Sequence[Mapping[str, Any]]) -> Decimal:
    """The points for spending a rate of the budget: in proportion (`比例`), or those of the first band it reaches."""
    if isinstance(how, str):
        share = rate
    else:
        share = next((percent(band["得"]) for band in how if rate >= percent(band["不低于"])), Decimal(0))
    return points * min(max(share, Decimal(0)), _ALL) / _ALL


def result(points: Decimal, target: Decimal, actual: Decimal, *, ceiling: bool) -> Decimal:
    """The points of a quantitative row: all where the target is met, else in proportion.

    A ceiling is a target not to be exceeded.
    """
    smaller, greater = (target, actual) if ceiling else (actual, target)
    if smaller >= greater:
        return points
    return points * max(smaller, Decimal(0)) / greater if greater > 0 else Decimal(0)


def quantitative(
    points: Decimal, target: Decimal, actual: Decimal, how: str | Sequence[Mapping[str, Any]], *, ceiling: bool
) -> Decimal:
    """The points of a quantitative row: in proportion (`比例`), all or nothing (`是否`), or by bands of completion."""
    if how == "比例":
        return result(points, target, actual, ceiling=ceiling)
    done = result(_ALL, target, actual, ceiling=ceiling)
    if isinstance(how, str):
        return points if done == _ALL else Decimal(0)
    return execution(points, done, how)


def ranges(points: Decimal, bands: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, Decimal, Decimal]]:
    """The bands (`定性`) of a qualitative row, from the highest: each one's name, its fewest and its most points."""
    most = points
    for band in bands:
        least = points * percent(band["不低于"]) / _ALL
        yield str(band["完成"]), least, most
        most = least


def deviation(target: Decimal, actual: Decimal) -> Decimal:
    """How far a result is from a target that is not 0, in percent of the target; negative below it."""
    return (actual - target) / abs(target) * _ALL


def grade(score: Decimal, grades: Sequence[Mapping[str, Any]]) -> str | None:
    """The name of the first grade (`等级`) whose lowest score is reached."""
    return next((str(one["名称"]) for one in grades if score >= one["不低于"]), None)


def percent(written: str) -> Decimal:
    """The number before a percent sign."""
    return Decimal(written.rstrip("%"))


def rounded(value: Decimal, places: int = 2) -> Decimal:
    """A score as forms print it."""
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def shown(value: Decimal) -> str:
    """A score or rate to two places, without the noughts behind: 9.5."""
    return f"{rounded(value).normalize():f}"
