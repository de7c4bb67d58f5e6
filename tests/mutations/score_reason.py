"""Points are lost without a reason, or a reason stands beside full points."""

from decimal import Decimal

from hypothesis import strategies as st
from perfc.vocabulary import REASON
from rows import record, write

NONE = ("", "无", "—", "无偏差", "暂无")
REASONS = (
    "受疫情影响，部分工作推迟。",
    "年初目标设定偏高；今后科学设定指标。",
    "上级资金下达较晚",
    "人员变动较大，工作衔接不够",
)


def mutate(draw, lines: list[str]) -> int | None:
    rows = [row for row in record(lines).indicators if row.score is not None and row.points]
    lost = [row for row in rows if row.score < row.points]
    full = [row for row in rows if row.score == row.points and row.reason is None]
    planned = [row for row in full if not row.measured or row.measured.target == row.measured.actual]
    kind = draw(st.sampled_from([one for one in (lost, full, planned) if one] or [None]))
    if kind is None:
        return None
    row = draw(st.sampled_from(kind))
    if kind is lost:
        return write(lines, (row.score, f"{row.score:f}"), (row.reason, draw(st.sampled_from(NONE))))[0]
    if kind is full:
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
