"""A secret project with content, or an open project with a cell redacted."""

import re

from hypothesis import strategies as st

SECRET = re.compile(r"( +)涉密: true")
CELL = re.compile(r"( +(?:资金用途|指标值|绩效指标描述|- 三级指标): )[^|>{\[]+")
CONTENT = (
    "资金用途: 购置专用侦查设备",
    "绩效目标: [提高突发事件处置能力。]",
    "资金用途: 用于重点目标警卫、值守和应急处置",
    "绩效目标: [保障重大活动安全, 完成专项任务12次]",
)


def mutate(draw, lines: list[str]) -> int | None:
    secret = [at for at, line in enumerate(lines) if SECRET.match(line)]
    cells = [at for at, line in enumerate(lines) if CELL.fullmatch(line)]
    named = any("项目名称: " in line for line in lines)
    if secret and draw(st.booleans()):
        at = draw(st.sampled_from(secret))
        lines.insert(at + 1, SECRET.match(lines[at])[1] + draw(st.sampled_from(CONTENT)))
        return at + 1
    if not cells or not named:
        return None
    at = draw(st.sampled_from(cells))
    lines[at] = CELL.fullmatch(lines[at])[1] + draw(st.sampled_from(("涉密", "（涉密）", "涉密，不公开")))
    return at
