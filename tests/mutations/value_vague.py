"""A value of words alone."""

from hypothesis import strategies as st
from rows import record, write

HOW = ("逐步", "大幅", "明显", "显著", "持续", "不断", "有效", "进一步", "稳步", "切实", "较上年明显")
DOES = ("提升", "增强", "改善", "提高", "完善", "优化", "加强", "推进", "促进社会稳定")
OTHER = (
    "长期",
    "良好",
    "优质高效",
    "保质保量",
    "高质量",
    "若干",
    "多次",
    "较好",
    "服务到位",
    "按质按量",
    "严格控制",
    "合理",
    "一定数量",
    "多领域提供服务",
    "提供一站式服务",
    "水平领先",
    "管理更加规范",
    "无缝衔接",
)
WORDS = st.one_of(st.builds(str.__add__, st.sampled_from(HOW), st.sampled_from(DOES)), st.sampled_from(OTHER))


def mutate(draw, lines: list[str]) -> int | None:
    rows = record(lines).indicators
    return write(lines, (draw(st.sampled_from(rows)).value, draw(WORDS)))[0] if rows else None
