"""The field's terms: where the indicators, projects, scores, amounts and sentences of any spec stand.

Layouts differ in their tables and agree in their labels. What a label means is said here once, so that a rule works
on a layout that nobody has seen yet.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property, lru_cache
from itertools import accumulate, chain
from operator import add
from typing import Any, NamedTuple

from perfc import scoring, values
from perfc.diagnostic import Edit, Span
from perfc.load import Map, Number, Seq, Text, part
from perfc.source import Source, Sources

INDICATORS = "绩效指标"  # level 1 → level 2 → rows
NAME = "三级指标"
VALUE = ("年度指标值", "指标值", "目标值", "年初目标值", "年度目标值", "年初指标值")
ACTUAL = ("实际完成值", "完成值", "全年完成值", "全年实际完成值")
SO_FAR = ("1-7月执行情况", "1-7月完成情况", "1-6月执行情况", "1-6月完成情况", "上半年执行情况", "上半年完成情况")
EXPECTED = ("全年预计完成情况", "全年预计完成值", "预计完成值")  # by the end of a year that is watched
POINTS = ("分值", "权重")
SCORE = "得分"
TOTAL = ("总分", "总得分", "自评总分", "自评得分")
GRADE = ("评价等级", "自评等级", "等级")
REASON = (
    *("偏差原因分析及改进措施", "未完成原因分析", "偏差原因分析", "偏差大或目标未完成原因分析", "原因分析", "原因"),
)
DESCRIPTION = ("绩效指标描述", "指标描述", "指标解释", "指标说明")
BASIS = ("指标值确定依据", "指标值依据")
MEASURE = ("计量单位", "度量单位")
SIGN = ("指标性质", "计算符号")
ASPECTS = ("数量", "质量", "时效", "成本")
TIMELY = re.compile("及时|按时|按期|如期|准时")
TITLE = "项目名称"
CODE = "项目编码"
BUDGET = ("全年预算数", "调整后预算数", "预算数", "年度资金总额", "年度资金申请总额", "项目资金总额")
INITIAL = ("年初预算数", "年初预算")  # before it was adjusted
SPENT = ("全年执行数", "预算执行数", "执行数")
RATE = ("执行率", "预算执行率")
PLAN = ("资金支出计划", "支出计划", "支出进度计划", "支出进度")
CLASSIFIED = "涉密"
CONTENT = "涉密内容"
YEAR = "年度"
PLANS = re.compile("目标|计划|下一步|措施|打算|安排|建议|整改|思路")
UNITS = ("部门", "单位名称", "主管部门", "实施单位", "财政部门")

_NOT_PRINTED = frozenset(("版式",))
_NOT_DONE = re.compile("[未没不无拟将延]|预计|计划")
_A_SIGN = re.compile("[≥≧≤≦＞＜＝><=]{1,2}")
_NO_REASON = re.compile(
    r"(?:(?:[暂均]?无|没有|不存在)(?:任何|明显|较大)?(?:偏[差离]|原因|问题)?|不涉及|不适用|正常|"
    r"(?:已|均已?|全部|按[期时]|按(?:计划|要求)|如期)?完成(?:目标|任务|指标|年度.{0,4})?|N/?A|[-—－–/／、.…·]{1,9})[。.；]?"
)
# 超额20人 is not what was done.
_CHANGE = frozenset("超少多降减增差")
_CLAUSE = re.compile(r"[，。；：！？,;:!?]")
_SENTENCE = re.compile(r"[。；！？;!?]")
_WHOLE = re.compile("自评|自我评价|绩效评|绩效为|综合|总体|总分|总得分|最终|整体|评价(?:结果|等级|结论)|等级|评级|评定")
_ABOUT_WHOLE = re.compile(
    "(?>自评|自我|评价|评分|评定|评级|评|综合|总体|最终|最后|总|结果|结论|等级|等次|档次|级别|得分|分数|得|分|为|是|达到?|共|合|计|"
    r"的|经|按|被|属于?|以上|部门|单位|整体|支出|项目|财政|预算|资金|绩效|管理|工作|情况|20[0-9]{2}年度?|年度|全年|"
    r"该|本|我(?:们|县|市|区|乡|镇)?|[局委办厅馆院所站校中心]|[\s“”\"‘’《》（）()〔〕])*+"
)
_PART = re.compile("指标|执行|产出|效益|满意|成本|分值|权重|满分|其中|考核|测评|复评|上年|去年|往年|[0-9]分")
_A_SCORE = re.compile(r"(?<![0-9.])[0-9]{1,3}(?:\.[0-9]{1,4})? ?分$")
_MARKS = re.compile("[，。；：、]")
# Rates of growth and the like, which may be over 100 %.
_OVER = re.compile(
    "增|提高|提升|上升|同比|环比|超额|保值|拨备|收益|回报|产销|负荷|利用|使用率|周转|杠杆|偿|倍|容积|投入产出|带动|放大"
)
_OVERFULFILLED = re.compile("(?:完成|执行|实现|到位|收缴|入库)(?:率|度|比例|程度|情况)?$")
# Spending that is to reach a floor, and savings.
_FLOOR = re.compile("标准|节约|节支|节省|降低|下降|减少|压减|配套|自筹|收入|效益")
_STANDARD = re.compile("补助|补贴|救助|工资|薪酬|待遇|低保|保障")
# What is to be kept low, unless it is counted as work, or as avoided: 事故起数, not 查处事故起数.
_HARM = re.compile(
    "(?:死亡|伤亡|重伤|受伤|溺亡|中毒)(?:人员)?(?:人数|数量?|率)$"
    "|(?:事故|火灾|投诉|上访|差错|失误|泄[密露]|污染|逾期|拖欠|空置|辍学|流失|返贫|复发|再犯|重新(?:违法)?犯罪)"
    "(?:案件|事件|问题|人员)?(?:发生)?(?:[次起件户人宗]?数量?|率)$"
)
_NO_HARM = re.compile(
    "受理|办[理结]|处[理置]|查[处办]|化解|调解|整改|接[听待]|救|帮[扶教]|监测|排查|调查|[降减控防扑无零未]"
)
# 社会成本 and 生态环境成本 are harm done, not money spent.
_NO_ASPECT = ("社会", "生态")
_IDLE = re.compile(
    "全年|年度|具体|进一步|不断|切实|有效|促进|保障|确保|保证|提高|提升|加强|开展|工作|的|程度|情况|"
    r"[率度性](?=(?:情况|程度|工作|\W){0,3}$)|\W"
)


@dataclass(slots=True)  # not frozen: there are so many that it tells how long one takes to make
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
        return values.find(self.words)


class _Scored:
    """A row with points, a score and a reason."""

    __slots__ = ()
    owner: Map
    points: Number | None
    score: Number | None
    reason: Text | None

    @property
    def score_allowed(self) -> bool:
        """Whether the score, if there is one, is between nothing and the points."""
        return self.score is None or (self.score >= 0 and (self.points is None or self.score <= self.points))

    @property
    def explained(self) -> bool:
        """Whether a reason is given, here or for the whole table, other than that there is none."""
        reason = _text(self.owner, REASON) if self.reason is None else self.reason
        return reason is not None and not _NO_REASON.fullmatch(reason.strip())


@dataclass(slots=True)  # as little frozen as a line
class Indicator(_Scored):
    """A row of an indicator table; a column that the layout has not, or that is blank, is None.

    `points` and `score` are numbers, the other columns are what is written there. `owner` is the mapping that holds
    the table: a project, or a self-evaluation. `stated` is the value with the sign and the unit that forms of three
    columns have beside it: ≥42公里.
    """

    row: Map
    owner: Map
    level1: str
    level2: str
    name: Text | None
    value: Text | Number | None
    actual: Text | Number | None
    so_far: Text | Number | None
    expected: Text | Number | None
    points: Number | None
    score: Number | None
    reason: Text | None
    description: Text | None
    basis: Text | None
    stated: str = field(init=False)

    def __post_init__(self) -> None:
        sign = str(_first(self.row, SIGN) or "") if _bare(self.value) else ""
        self.stated = (sign if _A_SIGN.fullmatch(sign) else "") + self.with_unit(self.value)

    @property
    def span(self) -> Span:
        """The place of the row's name, or of the row."""
        return self.row.span if self.name is None else self.name.span

    @property
    def bound(self) -> values.Bound | None:
        """The value as a bound; None where it is blank."""
        return None if self.value is None else values.bound(str(self.value))

    @property
    def result(self) -> values.Bound | None:
        """What was done as a bound; None where it is blank."""
        return None if self.actual is None else values.bound(str(self.actual))

    @property
    def done(self) -> str:
        """What was done, with its unit."""
        return self.with_unit(self.actual)

    @property
    def target(self) -> values.Bound | None:
        """The value as a bound, its sign and unit from wherever they stand; its offsets are those of `stated`."""
        return None if self.value is None else values.bound(self.stated)

    def with_unit(self, value: Text | Number | None) -> str:
        """A value with the unit that forms of three columns have in a column of its own."""
        written = "" if value is None else str(value)
        return written + str(_first(self.row, MEASURE) or "").strip() if _bare(value) else written

    @property
    def aspect(self) -> str:
        """What its level-2 group measures, one of ASPECTS, 成本 in money; empty for any other group."""
        return _aspect(self.level2)

    @property
    def qualitative(self) -> bool:
        """Whether the value is words that somebody has to judge by."""
        named = _first(self.row, SIGN) == "定性"
        return named or self.target is None or self.target.sign == "定性"

    @property
    def in_time(self) -> bool | None:
        """Whether what was due at a date was done by then; None where that is not certain, or either is no date."""
        due, done = _date(self.stated), _date(self.done)
        if due is None or done is None or _NOT_DONE.search(self.done) or (due.year is None) != (done.year is None):
            return None
        if _begins(done) > _ends(due):
            return False
        # 12月前 may leave December out, 12月底前 does not.
        before = due.until and due.to_day is None and not {"底", "末"} & set(self.stated)
        return True if (_ends(done) < _begins(due) if before else _ends(done) <= _ends(due)) else None

    @property
    def results(self) -> tuple[Text | Number, ...]:
        """What is written of what was done, of what has been so far, and of what is expected by the end of the year."""
        return tuple(one for one in (self.actual, self.so_far, self.expected) if one is not None)

    @property
    def limited(self) -> bool | None:
        """Whether it is a share that is never over 100 %; None for that of a plan, which may be overfulfilled."""
        if _OVER.search(f"{self.name or ''} {self.value}"):
            return False
        return None if _OVERFULFILLED.search(self.name or "") else True

    @property
    def reversed(self) -> bool:
        """Whether the value is a floor of what is to be kept low, spending or deaths; what each gets may have one."""
        target = self.target
        if target is None or target.quantity is None or target.sign not in ("≥", "＞"):
            return False
        name = str(self.name or "")
        if self.aspect != "数量" and _HARM.search(name) and not _NO_HARM.search(name):
            return True
        if self.aspect != "成本" or not target.quantity.base.startswith("元") or _FLOOR.search(name):
            return False
        return target.kind is not values.Kind.RATE or not _STANDARD.search(name)

    @property
    def measured(self) -> Measured | None:
        """The target and what was done as numbers."""
        return None if self.actual is None else self.against(self.actual)

    def against(self, result: Text | Number) -> Measured | None:
        """The target and a result as numbers; None where either is not one quantity, or the two do not compare."""
        done = self.with_unit(result)
        target, actual = _single(self.stated), _single(done)
        if target is None or actual is None or (actual.sign and actual.sign != "＝") or self.reversed:
            return None
        changed = _CHANGE & set(done) - set(self.stated)
        figures = None if changed else _comparable(target.quantity, actual.quantity)
        if figures is None:
            return None
        cost = self.aspect == "成本" and target.kind is not values.Kind.PERCENT
        ceiling = _CEILING.get(target.sign, True if cost and not target.sign else None)
        if ceiling is None and not figures[0]:
            ceiling = True  # nothing at all can only be exceeded
        elif ceiling is None and target.kind is values.Kind.PERCENT and figures[0] == 100:
            ceiling = False  # the whole can only be fallen short of
        return Measured(*figures, ceiling)


@dataclass(frozen=True, slots=True)
class Measured:
    """A target and its result in one unit; `ceiling`: not to be exceeded, None where nothing says which way."""

    target: Decimal
    actual: Decimal
    ceiling: bool | None


@dataclass(frozen=True, slots=True)
class Total:
    """The score that a self-evaluation's table comes to; `owner` is the mapping that holds the table."""

    owner: Map
    score: Decimal
    span: Span


@dataclass(frozen=True, slots=True)
class Execution(_Scored):
    """The row of a self-evaluation that says how much of the budget was spent; absent figures are None.

    `initial` is the budget before it was adjusted. `rate` is in percent, as written or derived. `row` holds the figures
    under the layout's own labels.
    """

    row: Map
    owner: Map
    initial: Number | None
    budget: Number | None
    spent: Number | None
    rate: Decimal | None
    points: Number | None
    score: Number | None
    reason: Text | None

    @property
    def rates(self) -> list[Decimal]:
        """The rate in percent that the two figures make, and the one written; whether they agree, an equation says."""
        made = [self.spent / self.budget * 100] if self.budget and self.spent is not None else []
        return made + ([] if self.rate is None else [self.rate])

    @property
    def overspent(self) -> bool:
        """Whether more was spent than the budget, beyond the rounding of the two figures."""
        if self.budget is None or self.spent is None:
            return False
        return scoring.rounded(self.spent, max(2, values.decimals(self.budget))) > self.budget

    def span(self, *labels: str) -> Span:
        """The place of the first of these labels' values, else of the row."""
        return next((self.row.value_spans[one] for one in labels if one in self.row.value_spans), self.row.span)


@dataclass(frozen=True, slots=True)
class Figure:
    """A number in a table, with the keys that lead to it: (基础数据表, 经费控制, 公用经费, 决算数)."""

    value: Number
    path: tuple[str, ...]
    holder: Map


_Leaf = tuple[tuple[str, ...], Text | Number, Map | Seq]  # with the keys that lead to it, and what holds it


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
        """How the layout scores: 总分, 执行, 定量, 定性, 等级."""
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
    def reports(self) -> bool:
        """Whether the spec says what was done in its year, as a self-evaluation does, not only what is planned."""
        return bool(self.executions) or any(one.actual is not None for one in self.indicators)

    @cached_property
    def _walked(self) -> tuple[list[Map], list[_Leaf]]:
        maps: list[Map] = []
        leaves: list[_Leaf] = []
        _walk(self.spec, (), maps, leaves)
        return maps, leaves

    @property
    def _maps(self) -> list[Map]:
        return self._walked[0]

    @property
    def _leaves(self) -> list[_Leaf]:
        return self._walked[1]

    @cached_property
    def texts(self) -> tuple[tuple[Line, ...], ...]:
        """The lines of every text that is printed, in the order of the spec, without the space around them."""
        return tuple(
            lines
            for path, one, _ in self._leaves
            if isinstance(one, Text) and path[-1] not in _NOT_PRINTED and (lines := self._lines(one, path))
        )

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """The lines of all texts."""
        return tuple(chain.from_iterable(self.texts))

    @cached_property
    def words(self) -> str:
        """The words of all lines, each with a line end before it, the last with one behind it too."""
        return "\n".join(("", *(one.words for one in self.lines), ""))

    @cached_property
    def _begins(self) -> list[int]:
        """Where each line begins in `words`, with its line end, and another one would."""
        return list(accumulate((len(one.words) + 1 for one in self.lines), initial=0))

    def having(self, pattern: re.Pattern[str]) -> Iterator[Line]:
        """The lines in which a pattern begins to match; one search through all is quicker than one in each.

        A pattern may begin with the line end before a line; with `re.MULTILINE`, `^` and `$` are the ends of one.
        """
        at = 0
        while match := pattern.search(self.words, at):
            line, start = self.line_at(match.start())
            yield line
            at = start + len(line.words)

    def line_at(self, offset: int) -> tuple[Line, int]:
        """The line that an offset in `words` lies in, and where its own words begin there."""
        number = bisect_right(self._begins, offset) - 1
        return self.lines[number], self._begins[number] + 1

    @cached_property
    def pairs(self) -> frozenset[str]:
        """All pairs of characters that stand beside each other in `words`."""
        return frozenset(map(add, self.words, self.words[1:]))

    def places(self, words: Iterable[str]) -> list[tuple[int, str]]:
        """Where words stand in `words`, and which, from left to right."""
        places = []
        for word in words:
            at = self.words.find(word)
            while at >= 0:
                places.append((at, word))
                at = self.words.find(word, at + 1)
        return sorted(places)

    def listed(self, words: Listed) -> list[tuple[int, str]]:
        """Where the words of a long list stand; most of those that do not have a pair of characters that does not."""
        pairs = self.pairs
        begun = (one for pair in pairs & words.pairs for one in words.begun[pair])
        return self.places(one for one in begun if pairs.issuperset(map(add, one, one[1:])))

    def lines_with(self, words: Listed) -> Iterator[Line]:
        """The lines in which a word of a long list stands."""
        last = None
        for at, _ in self.listed(words):
            line, _ = self.line_at(at)
            if line is not last:
                yield line
            last = line

    @cached_property
    def prose(self) -> tuple[Line, ...]:
        """The lines of sentences: those outside the indicator tables with a mark within."""
        return tuple(one for one in self.lines if INDICATORS not in one.path and _MARKS.search(one.words))

    def line(self, text: Text) -> Line:
        """A text of one line as a line, for its places."""
        return Line(str(text), text, 0, (), self.sources[text.span.file])

    @cached_property
    def indicators(self) -> tuple[Indicator, ...]:
        """The rows of all indicator tables, in the order of the spec."""
        return tuple(row for owner in self._maps if INDICATORS in owner for row in _rows(owner))

    @cached_property
    def tables(self) -> tuple[tuple[Map, tuple[Indicator, ...]], ...]:
        """Each mapping that holds an indicator table, with the rows of that table."""
        tables: dict[int, list[Indicator]] = {}
        for one in self.indicators:
            tables.setdefault(id(one.owner), []).append(one)
        return tuple((rows[0].owner, tuple(rows)) for rows in tables.values())

    @cached_property
    def projects(self) -> tuple[Map, ...]:
        """The mappings that have a project's name."""
        return tuple(one for one in self._maps if TITLE in one)

    @cached_property
    def _extents(self) -> list[tuple[Span, Map]]:
        return sorted(((one.span, one) for one in self.projects), key=lambda one: one[0])

    def project(self, text: Text | Map) -> Map | None:
        """The project that a text or a mapping is of; a project is of itself."""
        at = bisect_right(self._extents, text.span, key=lambda one: one[0]) - 1
        span, project = self._extents[at] if at >= 0 else (None, None)
        return project if span and span.file == text.span.file and text.span.end <= span.end else None

    @cached_property
    def plans(self) -> tuple[Map, ...]:
        """The spending plans: shares of the budget by the months that they are spent by."""
        return tuple(one[label] for one in self._maps for label in PLAN if isinstance(one.get(label), Map))

    @cached_property
    def executions(self) -> tuple[Execution, ...]:
        """The rows with what was spent of a budget, and the points for it."""
        return tuple(
            _execution(inner, owner)
            for owner in self._maps
            for inner in owner.values()
            if isinstance(inner, Map)
            and not inner.keys().isdisjoint(SPENT)
            and not inner.keys().isdisjoint((SCORE, *POINTS))
        )

    @cached_property
    def totals(self) -> tuple[Total, ...]:
        """What each scored table comes to: as written or derived, else the sum of its rows where all have a score.

        None of a table with a score that its points do not allow: nothing follows from it.
        """
        return tuple(_totals(self))

    @cached_property
    def _scored(self) -> dict[int, list[Execution | Indicator]]:
        tables: dict[int, list[Execution | Indicator]] = {id(owner): list(rows) for owner, rows in self.tables}
        for one in reversed(self.executions):
            if one.points is not None and id(one.owner) in tables:
                tables[id(one.owner)].insert(0, one)
        return tables

    def scored(self, owner: Map) -> list[Execution | Indicator]:
        """The rows of a table that have points or a score: that of the spending and those of the indicators."""
        return self._scored.get(id(owner), [])

    @cached_property
    def _mispointed(self) -> set[int]:
        """The rows whose points are by as much off their score as the points of their whole table are off the total."""
        whole, found = self.scoring.get("总分"), set[int]()
        for owner, _ in self.tables if whole is not None else ():
            rows = [(one, one.points) for one in self.scored(owner) if one.points is not None]
            excess = sum((points for _, points in rows), -Decimal(whole or 0))
            off = [one for one, points in rows if excess and one.score == points - excess and not one.explained]
            found |= {id(one.row) for one in off} if len(off) == 1 else set()
        return found

    def mispointed(self, row: Execution | Indicator) -> bool:
        """Whether a row's points, rather than its score, are what is wrong in its table."""
        return id(row.row) in self._mispointed

    def due(self, row: Execution | Indicator) -> list[Decimal]:
        """The scores that the layout's rule gives a row by its figures, where the row has another one; else none."""
        if row.points is None or row.score is None or not row.score_allowed or self.mispointed(row):
            return []
        right = self._by_spending(row, row.points) if isinstance(row, Execution) else self._by_result(row, row.points)
        name = "execution-score" if isinstance(row, Execution) else "score-rule"
        tolerance = self.settings(name).get("容差", 0)
        agrees = any(abs(one - row.score) <= tolerance or scoring.rounded(one) == row.score for one in right)
        return [] if agrees else right

    def _by_spending(self, row: Execution, points: Decimal) -> list[Decimal]:
        how = self.scoring.get("执行")
        return [scoring.execution(points, rate, how) for rate in row.rates] if how and not row.overspent else []

    def _by_result(self, row: Indicator, points: Decimal) -> list[Decimal]:
        measured, how = row.measured, self.scoring.get("定量", "比例")
        if measured is None:
            return []
        ways = (False, True) if measured.ceiling is None else (measured.ceiling,)
        return [
            scoring.quantitative(points, measured.target, measured.actual, how, ceiling=ceiling) for ceiling in ways
        ]

    def evaluated(self, line: Line, at: int) -> Total | None:
        """The table that a score or grade at an offset of a line speaks of, by the words before it.

        None where they speak of anything but a whole evaluation of this document's year, or do not say which.
        """
        total, before = self.evaluation(line, at)
        return total if total and _of_whole(before) else None

    def evaluation(self, line: Line, at: int) -> tuple[Total | None, str]:
        """The table that an offset of a line may speak of, and the words before it without the names of units.

        It is that of the project named, else of the project that the line is of. None where they speak of another
        year, or do not say which of several tables.
        """
        before = line.words[max(0, at - 120) : at]
        own = self.project(line.text)
        near = before if own is None else _SENTENCE.split(before)[-1]
        named = [one for one in self.totals if isinstance(one.owner.get(TITLE), Text) and one.owner[TITLE] in near]
        chosen = named or [one for one in self.totals if own is None or self.project(one.owner) is own]
        for name in (*self.units, *(one.owner[TITLE] for one in named)):
            before = before.replace(name, "")
        sentence = _SENTENCE.split(before)[-1]
        periods = (one for one in values.find(sentence) if isinstance(one, values.Period))
        years = [one.year for one in periods if one.year and one.year == one.to_year]
        past = bool(years and self.year and years[-1] < self.year)
        known = INDICATORS not in line.path and len(chosen) == 1 and not past
        return chosen[0] if known else None, before

    @cached_property
    def figures(self) -> tuple[Figure, ...]:
        """Every number in the spec, in its order."""
        leaves = ((path, one, holder) for path, one, holder in self._leaves if isinstance(one, Number))
        return tuple(Figure(one, path, holder) for path, one, holder in leaves if isinstance(holder, Map))

    @cached_property
    def units(self) -> tuple[Text, ...]:
        """The names of the department and of the units that the spec is about."""
        found = (one[label] for one in self._maps for label in UNITS if isinstance(one.get(label), Text))
        return tuple(dict.fromkeys(found))

    def _lines(self, text: Text, path: tuple[str, ...]) -> tuple[Line, ...]:
        source, at = self.sources[text.span.file], 0
        if "\n" not in text:  # as nearly all
            words = text.strip()
            return (Line(words, text, text.index(words), path, source),) if words else ()
        lines = []
        for line in text.split("\n"):
            if words := line.strip():
                at = text.index(words, at)
                lines.append(Line(words, text, at, path, source))
                at += len(words)
        return tuple(lines)


class Listed(NamedTuple):
    """Words of two characters and more by the first two, and these alone: as a set they are compared in one go."""

    pairs: frozenset[str]
    begun: dict[str, list[str]]


def listed(words: Iterable[str]) -> Listed:
    """Words as `Record.listed` looks for them."""
    begun: dict[str, list[str]] = {}
    for word in words:
        begun.setdefault(word[:2], []).append(word)
    return Listed(frozenset(begun), begun)


def department(spec: Map) -> str | None:
    """The name of the department that a spec is of, whether its layout accepts it or not."""
    return next((str(spec[label]) for label in UNITS if isinstance(spec.get(label), Text)), None)


@lru_cache(maxsize=8192)
def gist(words: str) -> str:
    """What a name says, without the words and marks that add nothing to it: 社会稳定 of 促进社会稳定程度."""
    return _IDLE.sub("", words) or words


@lru_cache(maxsize=256)
def _aspect(group: str) -> str:
    return "" if group.startswith(_NO_ASPECT) else next((one for one in ASPECTS if one in group), "")


def is_secret(project: Map) -> bool:
    """Whether a project is marked as secret, by true or in words."""
    mark = project.get(CLASSIFIED)
    return mark is True or (isinstance(mark, Text) and mark.strip() in ("是", "涉密"))


def worded(project: Map | Seq, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Text]]:
    """The texts in a project that say more than a number, with the keys that lead to them."""
    for key, inner in project.items() if isinstance(project, Map) else ((path[-1], one) for one in project):
        here = (*path, key) if isinstance(project, Map) else path
        if isinstance(inner, Text):
            if key != CLASSIFIED and values.number(inner.rstrip("%％")) is None:
                yield here, inner
        elif isinstance(inner, Map | Seq) and not (isinstance(inner, Map) and TITLE in inner):
            yield from worded(inner, here)


def maps(value: Any) -> Iterator[Map]:
    """Every mapping in a value, each before those in it."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, Map):
            yield one
            waiting += reversed(one.values())
        elif isinstance(one, Seq):
            waiting += reversed(one)


def _walk(value: Map | Seq, path: tuple[str, ...], maps: list[Map], leaves: list[_Leaf]) -> None:
    """Put down every mapping in a value, each before those in it, and every text and number."""
    if isinstance(value, Map):
        maps.append(value)
    for key, inner in value.items() if isinstance(value, Map) else (("", one) for one in value):
        here = (*path, key) if key else path
        if isinstance(inner, (Text, Number)):
            leaves.append((here, inner, value))
        elif isinstance(inner, (Map, Seq)):
            _walk(inner, here, maps, leaves)


def _rows(owner: Map) -> Iterator[Indicator]:
    table = owner.get(INDICATORS)
    for level1, groups in table.items() if isinstance(table, Map) else ():
        for level2, rows in groups.items() if isinstance(groups, Map) else ():
            for row in rows if isinstance(rows, Seq) else ():
                if isinstance(row, Map):
                    yield _indicator(row, owner, level1, level2)


def _indicator(row: Map, owner: Map, level1: str, level2: str) -> Indicator:
    cells = map(row.get, _columns(tuple(row)))
    name, value, actual, so_far, expected, points, score, reason, description, basis = cells
    if isinstance(reason, Map):  # in the form of what is watched, the words beside the ticks
        reason = _first(reason, ("原因说明", *REASON))
    return Indicator(
        row,
        owner,
        level1,
        level2,
        name=name if isinstance(name, Text) else None,
        value=value,
        actual=actual,
        so_far=so_far,
        expected=expected,
        points=points if isinstance(points, Number) else None,
        score=score if isinstance(score, Number) else None,
        reason=reason if isinstance(reason, Text) else None,
        description=description if isinstance(description, Text) else None,
        basis=basis if isinstance(basis, Text) else None,
    )


@lru_cache(maxsize=64)
def _columns(labels: tuple[str, ...]) -> tuple[Any, ...]:
    """The labels of a row of indicators that are its name, value and so on, None for what it has not.

    The rows of a table have the same.
    """
    columns = ((NAME,), VALUE, ACTUAL, SO_FAR, EXPECTED, POINTS, (SCORE,), REASON, DESCRIPTION, BASIS)
    return tuple(next((one for one in each if one in labels), None) for each in columns)


def _execution(row: Map, owner: Map) -> Execution:
    rate = _first(row, RATE)
    percent = values.number(str(rate).rstrip("%％")) if rate is not None else None
    budget, spent = _number(row, BUDGET), _number(row, SPENT)
    points, score = _number(row, POINTS), _number(row, (SCORE,))
    return Execution(row, owner, _number(row, INITIAL), budget, spent, percent, points, score, _text(row, REASON))


def _first(row: Map, labels: tuple[str, ...]) -> Any:
    for label in labels:
        if label in row:
            return row[label]
    return None


def _text(row: Map, labels: tuple[str, ...]) -> Text | None:
    value = _first(row, labels)
    return value if isinstance(value, Text) else None


def _number(row: Map, labels: tuple[str, ...]) -> Number | None:
    value = _first(row, labels)
    return value if isinstance(value, Number) else None


_CEILING = {"≥": False, "＞": False, "≤": True, "＜": True}


def _bare(value: Text | Number | None) -> bool:
    """Whether a value is a number without sign and unit."""
    written = "" if value is None else str(value).rstrip()
    return written[-1:].isdigit() and values.number(written) is not None


def _single(written: str) -> values.Bound | None:
    """A value as a bound if it is one quantity, and not an approximate one."""
    bound = values.bound(written)
    count = sum(isinstance(one, values.Quantity) for one in values.find(written))
    return bound if bound.quantity and not bound.quantity.about and count <= 1 else None


def _date(written: str) -> values.Period | None:
    """A value as a date if it is one and nothing else is counted or dated in it."""
    found = values.find(written)
    return found[0] if len(found) == 1 and isinstance(found[0], values.Period) else None


def _begins(period: values.Period) -> tuple[int, int, int]:
    return period.year or 0, period.month or 1, period.day or 1


def _ends(period: values.Period) -> tuple[int, int, int]:
    return period.to_year or 0, period.to_month or 12, period.to_day or 31


def _comparable(target: values.Quantity | None, actual: values.Quantity | None) -> tuple[Decimal, Decimal] | None:
    """Two quantities as numbers of one unit; where one lacks its unit, as they are written, if that cannot mislead."""
    if target is None or actual is None:
        return None
    if target.base == actual.base:
        return target.value, actual.value
    known = target if target.unit else actual
    if (target.unit and actual.unit) or known.value != known.number or known.kind is values.Kind.MONEY:
        return None
    share = known.kind is values.Kind.PERCENT and min(target.number, actual.number) <= 1
    return None if share else (target.number, actual.number)


def _totals(record: Record) -> Iterator[Total]:
    for owner, _ in record.tables:
        rows = record.scored(owner)
        written, given = _number(owner, TOTAL), [one.score for one in rows if one.score is not None]
        if not all(one.score_allowed for one in rows):
            continue
        if written is not None:
            yield Total(owner, written, next(owner.value_spans[one] for one in TOTAL if one in owner))
        elif len(given) == len(rows):
            yield Total(owner, sum(given, Decimal(0)), given[-1].span)


def _of_whole(before: str, scores: int = 2) -> bool:
    """Whether the words before a score or grade speak of a whole evaluation: in their clause, or further up.

    What comes right behind a score is of what that score is of, for so many scores in a row.
    """
    clauses = [0, *(one.end() for one in _CLAUSE.finditer(before))]
    clause = before[clauses[-1] :]
    if not _ABOUT_WHOLE.fullmatch(clause):
        return False
    if _WHOLE.search(clause):
        return True
    if score := _A_SCORE.search(before, 0, max(0, clauses[-1] - 1)):
        return scores > 0 and _of_whole(before[: score.start()], scores - 1)
    sentences = [0, *(one.end() for one in _SENTENCE.finditer(before))]
    above = list(_WHOLE.finditer(before, sentences[-1]))
    return bool(above) and not _PART.search(before, above[-1].end())
