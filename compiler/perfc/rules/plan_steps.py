"""Spending plans that cannot be carried out as written."""

import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from perfc import values
from perfc.diagnostic import Edit, Note, Severity, Span
from perfc.lint import Finding, rule
from perfc.load import Map, Number
from perfc.vocabulary import Record

_MONTH = re.compile(r"(?P<month>[1-9]|1[0-2])月(?:份|底|末)?|(?:第|前)?(?P<quarter>[一二三四])季度(?:底|末)?")
_NEAR = 2  # percentage points within which a step that nobody else has looks mistyped


@rule(Severity.ERROR)
def plan_steps(record: Record) -> Iterator[Finding]:
    """资金支出计划是累计的百分比：在 0 至 100 之间，逐步不减，最后到 100%。

    支出计划填到各月底为止累计支出的百分比，后一步不会小于前一步，年底应为 100%。
    写成小数的（0.25、0.5、0.75、1），改为百分数。同一张表里有的写百分号、有的不写，提出警告；某一步与其他项目只差一两个百分点，提示是否写错。

    错误：
        项目: [{项目名称: 普法宣传, 资金支出计划: {3月底: 25%, 6月底: 50%, 10月底: 45%, 12月底: 100%}}]
    正确：
        项目: [{项目名称: 普法宣传, 资金支出计划: {3月底: 25%, 6月底: 50%, 10月底: 75%, 12月底: 100%}}]
    """
    plans = [steps for plan in record.plans if (steps := _steps(plan))]
    marked = any(not one.bare for steps in plans for one in steps)
    usual = Counter((one.label, one.percent) for steps in plans for one in steps)
    common = {label: value for (label, value), _ in reversed(usual.most_common())}
    for steps in plans:
        if _is_share(steps):
            yield _share(steps, "%" if marked or all(map(_is_share, plans)) else "")
            continue
        wrong = [*_outside(steps), *_last(steps), *_falling(steps)]
        yield from (finding for _, finding in wrong)
        bare = [one for one in steps if one.bare]
        if bare and marked:
            listed = "、".join(f"{one.label} {one.written}" for one in bare)
            hint = Note("写成 " + "、".join(f"{one.written}%" for one in bare))
            edits = tuple(Edit(one.span, f"{one.written}%") for one in bare)
            yield Finding(bare[0].span, f"{listed} 没有百分号，别处都有", (hint,), Severity.WARNING, edits)
        reported = {one.label for one, _ in wrong}
        for one in steps:
            others = usual[one.label, common[one.label]]
            odd = usual[one.label, one.percent] == 1 and 2 * others > len(plans) and others > 1
            if odd and one.label not in reported and abs(one.percent - common[one.label]) <= _NEAR:
                message = f"{one.label} {one.written}，其他 {others} 个项目都是 {common[one.label]:f}%"
                yield Finding(one.span, message, (Note("看一看是不是写错"),), Severity.INFO)
                break


class _Step(NamedTuple):
    """A step of a plan; `bare` is one without a percent sign."""

    label: str
    written: str
    percent: Decimal
    bare: bool
    span: Span


def _steps(plan: Map) -> list[_Step]:
    """The steps of a plan from the first month to the last; those that are no numbers are left out."""
    found = []
    for label, value in plan.items():
        month, written = _MONTH.fullmatch(label), str(value)
        percent = values.number(written.rstrip("%％"))
        if month and percent is not None:
            order = int(month["month"]) if month["month"] else 3 * "一二三四".index(month["quarter"]) + 3
            step = _Step(label, written, percent, isinstance(value, Number), plan.value_spans[label])
            found.append((order, step))
    return [step for _, step in sorted(found, key=lambda one: one[0])]


def _is_share(steps: list[_Step]) -> bool:
    """Whether the steps are written as shares of one."""
    return steps[-1].percent == 1 and all(0 <= one.percent <= 1 and one.bare for one in steps)


def _share(steps: list[_Step], sign: str) -> Finding:
    """That the steps are shares of one, and what they are in percent."""
    right = [f"{(100 * one.percent).normalize():f}{sign}" for one in steps]
    listed = "、".join(f"{one.label} {one.written}" for one in steps)
    edits = tuple(Edit(one.span, new) for one, new in zip(steps, right, strict=True))
    hint = Note(f"写成 {'、'.join(right)}")
    return Finding(steps[0].span, f"{listed} 是小数，支出计划写百分数", (hint,), edits=edits)


def _outside(steps: list[_Step]) -> Iterator[tuple[_Step, Finding]]:
    for one in steps:
        if not 0 <= one.percent <= 100:
            yield one, Finding(one.span, f"{one.label} {one.written} 不在 0 至 100% 之间")


def _last(steps: list[_Step]) -> Iterator[tuple[_Step, Finding]]:
    one = steps[-1]
    if 0 <= one.percent < 100:
        hint = "填累计数，最后一步为 100%"
        if sum(each.percent for each in steps) == 100:
            sums = (sum(each.percent for each in steps[: end + 1]) for end in range(len(steps)))
            hint = f"各步相加是 100%，看来填的是当期数；改填累计数：{'、'.join(f'{each:f}%' for each in sums)}"
        yield one, Finding(one.span, f"最后一步 {one.label} {one.written} 不是 100%", (Note(hint),))


def _falling(steps: list[_Step]) -> Iterator[tuple[_Step, Finding]]:
    """The first step below the one before it; a last one that is not 100 % has been found already."""
    inside = [one for one in steps if 0 <= one.percent <= 100]
    for before, one in pairwise(inside):
        if one.percent < before.percent and one is not steps[-1]:
            message = f"{one.label} {one.written} 小于 {before.label} {before.written}，累计数不会减少"
            yield one, Finding(one.span, message, (Note("前一步在这里", before.span),))
            return
