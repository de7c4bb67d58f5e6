"""Values under the wrong level-2 group."""

import re
from collections.abc import Iterator

from perfc.diagnostic import Note, Severity, Span
from perfc.lint import Finding, rule
from perfc.values import Kind, Quantity, find
from perfc.vocabulary import TIMELY, Indicator, Record

_WRITE = {"数量": "数和单位", "质量": "比率或标准", "时效": "完成的日期或期限", "成本": "金额"}
_DURATION = re.compile("个?(?:天|日|周|月|年|季度|星期|工作日|小时|分钟|秒)")
_COST = re.compile("预算|概算|财政|下达|批复|合同|成本|支出|费|投入|标准|价|控制|节约|降低|下降|减")
# Money that is handed out stands for people or things as a rule, money that is raised is itself the output.
_HANDED = re.compile("金额|资金|总额|额度|发放|拨付|支付|兑付|补贴|补助|救助|慰问|投资")
_RAISED = re.compile(
    "收入|税|产值|销售|营收|营业|交易|产出|利润|融资|贷款|债|引资|募|筹|征收|收缴|捐|追|挽回|化解|担保|零售|出口"
)
_SAVED = re.compile("节|省|减|降|压|控|回收|利用|资产|设备|工作量")
_DATE_ALONE = re.compile(r"(?:[于在到前内完成\W]|全部|截[止至]){0,12}")


@rule(Severity.WARNING)
def indicator_misplaced(record: Record) -> Iterator[Finding]:
    """指标值与所在的二级指标相符。

    金额和单价不写在时效或数量指标下，日期、“及时”和人数、户数不写在成本指标下，日期也不写在数量或质量指标下。
    看来互换了的两行合报一次。数量指标计的就是发放的资金时只提示：通常应写惠及的人数、户数或件数。

    错误：
        绩效指标:
          产出指标:
            时效指标: [{三级指标: 工作投入, 指标值: 50000元}]
            成本指标: [{三级指标: 及时性, 指标值: 及时保障}]
    正确：
        绩效指标:
          产出指标:
            时效指标: [{三级指标: 及时性, 指标值: 12月底前}]
            成本指标: [{三级指标: 工作投入, 指标值: ≤50000元}]
    """
    for _, rows in record.tables:
        wrong = [(row, *found) for row in rows if row.value is not None and (found := _due(row))]
        partners: dict[tuple[str, str], list[Indicator]] = {}
        for row, due, _ in reversed(wrong):
            partners.setdefault((row.aspect, due), []).append(row)
        paired: set[int] = set()
        for row, due, certain in wrong:
            if not certain or id(row) in paired:
                continue
            others = partners.get((due, row.aspect), [])
            while others and id(others[-1]) in paired:
                others.pop()
            paired |= {id(one) for one in (row, *others[-1:])}
            yield from _swapped(row, others[-1]) if others else _alone(row, due)


def _due(row: Indicator) -> tuple[str, bool] | None:
    """Which other aspect a value belongs to, and whether that is certain without a row to swap with."""
    text, bound, aspect = row.stated, row.target, row.aspect
    if bound is None or not aspect:
        return None
    due, certain = "", False
    if bound.quantity and bound.quantity.base.startswith("元"):  # 400元/平方米 too
        counted = any(isinstance(one, Quantity) and one.kind is Kind.COUNT for one in find(text))
        timed = bound.period is not None or TIMELY.search(text) is not None
        due = "" if counted or timed else "成本"
        price = bound.kind is Kind.RATE and bound.sign in ("≤", "＜")
        certain = aspect == "时效" or (aspect == "数量" and (price or bound.kind is Kind.MONEY))
    elif bound.kind is Kind.COUNT and bound.quantity and bound.quantity.base:
        due = "时效" if _DURATION.fullmatch(bound.quantity.base) else "数量"
        floor = bound.sign in ("≥", "＞") and due == "数量" and aspect == "成本"
        certain = floor and not _SAVED.search(f"{row.name or ''}{text}")
    elif bound.kind is Kind.DATE:
        due = "时效"
        alone = _DATE_ALONE.fullmatch(text[: bound.start]) and _DATE_ALONE.fullmatch(text[bound.end :])
        certain = not _COST.search(text) if aspect == "成本" else bool(alone)
    elif bound.kind is Kind.TEXT and TIMELY.search(text):
        due, certain = "时效", aspect == "成本"
    return (due, certain) if due not in ("", aspect) else None


def _swapped(row: Indicator, other: Indicator) -> Iterator[Finding]:
    """Two rows that stand in each other's group."""
    yield Finding(
        _span(row),
        f"{row.level2}“{row.name}”的值是“{row.stated}”，{other.level2}“{other.name}”的值是“{other.stated}”，两行看来互换了",
        (
            Note(f"“{other.name}”在这里", _span(other)),
            Note(f"“{row.name}”移到{other.level2}，“{other.name}”移到{row.level2}"),
        ),
    )


def _alone(row: Indicator, due: str) -> Iterator[Finding]:
    """A value under the wrong group; none where money is the output itself."""
    counted = row.aspect == "数量" and due == "成本"
    name = str(row.name or "")
    if counted and _RAISED.search(name):
        return
    what = {"成本": "金额", "数量": "数量"}.get(due, "时间")
    yield Finding(
        _span(row),
        f"{row.level2}“{name}”的值“{row.stated}”是{what}",
        (Note(f"{row.level2}写{_WRITE[row.aspect]}；{what}写在{due}指标下"),),
        Severity.INFO if counted and _HANDED.search(name) else None,
    )


def _span(row: Indicator) -> Span:
    return row.span if row.value is None else row.value.span
