"""Points are lost without a reason, or a reason stands beside full points."""

from decimal import Decimal

from hypothesis import strategies as st
from perfc.vocabulary import REASON
from rows import record, write

NONE = ("", "无", "—", "无偏差", "暂无", "不存在偏差。", "已完成", "不适用")
REASONS = (
    "受疫情影响，部分工作推迟。",
    "施工单位管理不到位；今后科学安排工期。",
    "上级资金下达较晚",
    "人员变动较大，工作衔接不够",
    "采购周期较长，未按期完成。",
    "经费不足，宣传不及时",
)


def mutate(draw, lines: list[str]) -> int | None:
    read = record(lines)
    money = [one for one in read.executions if one.explained and one.initial is not None and one.budget != one.initial]
    rows = [row for row in read.indicators if row.score is not None and row.points]
    lost = [row for row in rows if row.score < row.points]
    full = [row for row in rows if row.score == row.points and row.reason is None]
    kept = [row for row in full if not row.measured or row.measured.target == row.measured.actual or exceeded(row)]
    judged = [row for row in full if not row.measured]  # of the others score-rule says that they lost nothing
    kind = draw(st.sampled_from([one for one in (lost, judged, kept, money) if one] or [None]))
    if kind is None:
        return None
    row = draw(st.sampled_from(kind))
    if kind is money:
        return write(lines, (row.reason, draw(st.sampled_from(NONE[1:]))))[0]
    if kind is lost:
        return write(lines, (row.score, f"{row.score:f}"), (row.reason, draw(st.sampled_from(NONE))))[0]
    if kind is judged:
        share = draw(st.sampled_from([Decimal(one) for one in ("0.99", "0.9", "0.8", "0.5", "0")]))
        return write(lines, (row.score, f"{round(row.points * share, 2):f}"))[0]
    label = next((one for one in REASON if f"{one}:" in "\n".join(lines)), REASON[0])
    reason = f"{label}: {draw(st.sampled_from(REASONS))}"
    (line,) = write(lines, (row.score, f"{row.score:f}"))
    if lines[line].strip().startswith("得分:"):
        indent = len(lines[line]) - len(lines[line].lstrip())
        lines.insert(line + 1, " " * indent + reason)
        return line + 1
    lines[line] = lines[line].replace(f"得分: {row.score}", f"得分: {row.score}, {reason}", 1)
    return line


def exceeded(row) -> bool:
    return row.measured.ceiling is False and row.measured.actual > row.measured.target
