"""The field's terms: where the indicators, projects, scores, amounts and sentences of any spec stand.

Layouts differ in their tables and agree in their labels. What a label means is said here once, so that a rule works
on a layout that nobody has seen yet.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import Any

from perfc import values
from perfc.diagnostic import Edit, Span
from perfc.load import Map, Number, Seq, Text, part
from perfc.source import Source, Sources

INDICATORS = "绩效指标"  # level 1 → level 2 → rows
NAME = "三级指标"
VALUE = ("年度指标值", "指标值", "目标值")
ACTUAL = ("实际完成值", "完成值", "全年完成值")
POINTS = ("分值", "权重")
SCORE = "得分"
REASON = ("偏差原因分析及改进措施", "未完成原因分析", "偏差原因分析", "原因")
DESCRIPTION = ("绩效指标描述", "指标描述", "指标解释", "指标说明")
BASIS = ("指标值确定依据", "指标值依据")
TITLE = "项目名称"
CODE = "项目编码"
BUDGET = ("全年预算数", "调整后预算数", "预算数", "年度资金总额", "项目资金总额")
SPENT = ("全年执行数", "预算执行数", "执行数")
RATE = ("执行率", "预算执行率")
CLASSIFIED = "涉密"
YEAR = "年度"
UNITS = ("部门", "单位名称", "主管部门", "实施单位", "财政部门")

_NOT_PRINTED = frozenset(("版式",))
_MARKS = frozenset("，。；：、")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a text: its words, where it begins in the text, and the keys that lead to the text.

    Offsets that its methods take count from the beginning of the line.
    """

    words: str
    text: Text
    offset: int
    path: tuple[str, ...]
    source: Source

    @property
    def span(self) -> Span:
        """The place of the whole line."""
        return self.at(0, len(self.words))

    def at(self, start: int, end: int) -> Span:
        """The place in the source of a part of the line."""
        return part(self.text, self.offset + start, self.offset + end, self.source)

    def edit(self, start: int, end: int, replacement: str) -> tuple[Edit, ...]:
        """The change of a part of the line, none where the source does not have it word for word."""
        span = self.at(start, end)
        same = self.source.text[span.start : span.end] == self.words[start:end]
        return (Edit(span, replacement),) if same and start < end else ()

    @property
    def found(self) -> tuple[values.Quantity | values.Period, ...]:
        """The quantities and dates in the line, as `values.find` gives them."""
        return _found(self.words)


@dataclass(frozen=True, slots=True)
class Indicator:
    """A row of an indicator table; a column that the layout has not, or that is blank, is None.

    `points` and `score` are numbers, the other columns are what is written there. `owner` is the mapping that holds
    the table: a project, or a self-evaluation.
    """

    row: Map
    owner: Map
    level1: str
    level2: str
    name: Text | None
    value: Text | Number | None
    actual: Text | Number | None
    points: Number | None
    score: Number | None
    reason: Text | None
    description: Text | None
    basis: Text | None

    @property
    def span(self) -> Span:
        """The place of the row's name, or of the row."""
        return self.row.span if self.name is None else self.name.span

    @property
    def bound(self) -> values.Bound | None:
        """The value as a bound; None where it is blank."""
        return None if self.value is None else _bound(str(self.value))


@dataclass(frozen=True, slots=True)
class Execution:
    """The row of a self-evaluation that says how much of the budget was spent; absent figures are None.

    `rate` is in percent, as written or derived. `row` holds the figures under the layout's own labels.
    """

    row: Map
    owner: Map
    budget: Number | None
    spent: Number | None
    rate: Decimal | None
    points: Number | None
    score: Number | None

    def span(self, *labels: str) -> Span:
        """The place of the first of these labels' values, else of the row."""
        return next((self.row.value_spans[one] for one in labels if one in self.row.value_spans), self.row.span)


@dataclass(frozen=True, slots=True)
class Figure:
    """A number in a table, with the keys that lead to it: (基础数据表, 经费控制, 公用经费, 决算数)."""

    value: Number
    path: tuple[str, ...]
    holder: Map


@dataclass(frozen=True)
class Record:
    """A spec as the rules see it: accepted by its layout, complete, its references filled in.

    `data` is what the layouts say to the rules (`rules.yaml`): 金额单位, 评分, and under 规则 each rule's own settings.
    """

    spec: Map
    sources: Sources
    data: Mapping[str, Any] = field(default_factory=dict)

    def settings(self, name: str) -> Mapping[str, Any]:
        """What the layout says to one rule."""
        settings: Mapping[str, Any] = self.data.get("规则", {}).get(name, {})
        return settings

    @property
    def scoring(self) -> Mapping[str, Any]:
        """How the layout scores: 总分, 执行, 等级."""
        scoring: Mapping[str, Any] = self.data.get("评分", {})
        return scoring

    @property
    def unit(self) -> str:
        """The unit of amounts in the tables: 万元 or 元."""
        return str(self.data.get("金额单位", "万元"))

    @cached_property
    def year(self) -> int | None:
        """The year that the document is about."""
        year = self.spec.get(YEAR)
        return int(year) if isinstance(year, Decimal) else None

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """Every line of every text that is printed, in the order of the spec, without the space around it."""
        return tuple(line for path, text in _texts(self.spec, ()) for line in self._lines(text, path))

    @cached_property
    def prose(self) -> tuple[Line, ...]:
        """The lines of sentences: those outside the indicator tables with a mark within."""
        return tuple(one for one in self.lines if INDICATORS not in one.path and _MARKS & set(one.words))

    def line(self, text: Text) -> Line:
        """A text of one line as a line, for its places."""
        return Line(str(text), text, 0, (), self.sources[text.span.file])

    @cached_property
    def indicators(self) -> tuple[Indicator, ...]:
        """The rows of all indicator tables, in the order of the spec."""
        return tuple(row for owner in _maps(self.spec) for row in _rows(owner))

    @cached_property
    def tables(self) -> tuple[tuple[Map, tuple[Indicator, ...]], ...]:
        """Each mapping that holds an indicator table, with the rows of that table."""
        owners = {id(one.owner): one.owner for one in self.indicators}
        return tuple((owner, tuple(row for row in self.indicators if row.owner is owner)) for owner in owners.values())

    @cached_property
    def projects(self) -> tuple[Map, ...]:
        """The mappings that have a project's name."""
        return tuple(one for one in _maps(self.spec) if TITLE in one)

    @cached_property
    def executions(self) -> tuple[Execution, ...]:
        """The rows with what was spent of a budget, and the points for it."""
        return tuple(
            _execution(inner, owner)
            for owner in _maps(self.spec)
            for inner in owner.values()
            if isinstance(inner, Map) and any(label in inner for label in SPENT) and SCORE in inner
        )

    @cached_property
    def figures(self) -> tuple[Figure, ...]:
        """Every number in the spec, in its order."""
        return tuple(_figures(self.spec, ()))

    @cached_property
    def units(self) -> tuple[Text, ...]:
        """The names of the department and of the units that the spec is about."""
        found = (one[label] for one in _maps(self.spec) for label in UNITS if isinstance(one.get(label), Text))
        return tuple(dict.fromkeys(found))

    def _lines(self, text: Text, path: tuple[str, ...]) -> Iterator[Line]:
        offset = 0
        for line in text.split("\n"):
            words = line.strip()
            if words:
                at = offset + len(line) - len(line.lstrip())
                yield Line(words, text, at, path, self.sources[text.span.file])
            offset += len(line) + 1


@lru_cache(maxsize=8192)
def _found(words: str) -> tuple[values.Quantity | values.Period, ...]:
    return tuple(values.find(words))


@lru_cache(maxsize=8192)
def _bound(written: str) -> values.Bound:
    return values.bound(written)


def _maps(value: Any) -> Iterator[Map]:
    if isinstance(value, Map):
        yield value
    for inner in value.values() if isinstance(value, Map) else value if isinstance(value, Seq) else ():
        if isinstance(inner, Map | Seq):
            yield from _maps(inner)


def _texts(value: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Text]]:
    for key, inner in value.items() if isinstance(value, Map) else (("", one) for one in value):
        if isinstance(inner, Text) and key not in _NOT_PRINTED:
            yield (*path, key) if key else path, inner
        elif isinstance(inner, Map | Seq):
            yield from _texts(inner, (*path, key) if key else path)


def _figures(value: Any, path: tuple[str, ...]) -> Iterator[Figure]:
    if isinstance(value, Map):
        for key, inner in value.items():
            if isinstance(inner, Number):
                yield Figure(inner, (*path, key), value)
            else:
                yield from _figures(inner, (*path, key))
    elif isinstance(value, Seq):
        for inner in value:
            yield from _figures(inner, path)


def _rows(owner: Map) -> Iterator[Indicator]:
    table = owner.get(INDICATORS)
    for level1, groups in table.items() if isinstance(table, Map) else ():
        for level2, rows in groups.items() if isinstance(groups, Map) else ():
            for row in rows if isinstance(rows, Seq) else ():
                if isinstance(row, Map):
                    yield _indicator(row, owner, level1, level2)


def _indicator(row: Map, owner: Map, level1: str, level2: str) -> Indicator:
    return Indicator(
        row,
        owner,
        level1,
        level2,
        name=_text(row, (NAME,)),
        value=_first(row, VALUE),
        actual=_first(row, ACTUAL),
        points=_number(row, POINTS),
        score=_number(row, (SCORE,)),
        reason=_text(row, REASON),
        description=_text(row, DESCRIPTION),
        basis=_text(row, BASIS),
    )


def _execution(row: Map, owner: Map) -> Execution:
    rate = _first(row, RATE)
    percent = values.number(str(rate).rstrip("%％")) if rate is not None else None
    budget, spent = _number(row, BUDGET), _number(row, SPENT)
    return Execution(row, owner, budget, spent, percent, _number(row, POINTS), _number(row, (SCORE,)))


def _first(row: Map, labels: tuple[str, ...]) -> Any:
    return next((row[label] for label in labels if label in row), None)


def _text(row: Map, labels: tuple[str, ...]) -> Text | None:
    value = _first(row, labels)
    return value if isinstance(value, Text) else None


def _number(row: Map, labels: tuple[str, ...]) -> Number | None:
    value = _first(row, labels)
    return value if isinstance(value, Number) else None
