"""A scheme of grades is printed in which two bands overlap or leave a gap."""

from hypothesis import strategies as st
from rows import add

WORDS = (
    ("优", "良", "中", "差"),
    ("优秀", "良好", "较差", "差"),
    ("优秀", "良好", "合格", "不合格"),
    ("优", "良", "差"),
)
LEADS = ("综合评价等级分为", "评价结果分为：", "按得分评定等级，", "")
BOTH = (
    "{low}分（{含0}）至{high}分（{含1}）",
    "{大于0}{low}分且{小于1}{high}分",
    "{low}{小于0}得分{小于1}{high}",
    "{多于0}{low}分、{少于1}{high}分",
    "{左}{low},{high}{右}",
)
LEAST = ("{low}分（含）以上", "≥{low}分", "大于等于{low}分", "不低于{low}分")
MOST = ("＜{high}分", "小于{high}分", "{high}分（不含）以下", "低于{high}分", "不足{high}分")


def mutate(draw, lines: list[str]) -> int | None:
    words = draw(st.sampled_from(WORDS))
    tops = [
        100,
        *sorted(draw(st.sets(st.sampled_from(range(50, 96, 5)), min_size=len(words) - 1, max_size=len(words) - 1)))[
            ::-1
        ],
        0,
    ]
    wrong = draw(st.integers(1, len(words) - 2))
    kind = draw(st.sampled_from(["plain", "both", "none", "over", "gap"]))
    bands = [band(draw, place, tops, wrong, kind) for place in range(len(words))]
    ahead = draw(st.booleans())
    printed = [f"{word}（{one}）" if ahead else f"{one}的为{word}" for word, one in zip(words, bands, strict=True)]
    return add(draw, lines, draw(st.sampled_from(LEADS)) + draw(st.sampled_from("、；，")).join(printed) + "。")


def band(draw, place: int, tops: list[int], wrong: int, kind: str) -> str:
    """One band; between that of number `wrong` and the one above it something is wrong."""
    high, low = tops[place : place + 2]
    if kind == "plain":
        return f"{low}-{high}分"
    if place == len(tops) - 2:
        return draw(st.sampled_from(MOST)).format(high=high)
    above = place == wrong - 1 and kind == "none"  # its lower end belongs to neither
    if place == 0 and not above:
        return draw(st.sampled_from(LEAST)).format(low=low)
    if place == wrong:
        high += {"over": 3, "gap": -2}.get(kind, 0)
    ends = (not above, (place == wrong and kind == "both") or place == 0)
    marks = {f"含{at}": "含" if one else "不含" for at, one in enumerate(ends)}
    marks |= {f"大于{at}": "≥" if one else "＞" for at, one in enumerate(ends)}
    marks |= {f"小于{at}": "≤" if one else "＜" for at, one in enumerate(ends)}
    marks |= {f"多于{at}": "大于等于" if one else "大于" for at, one in enumerate(ends)}
    marks |= {f"少于{at}": "小于等于" if one else "小于" for at, one in enumerate(ends)}
    marks |= {"左": "[" if ends[0] else "(", "右": "]" if ends[1] else ")"}
    return draw(st.sampled_from(BOTH)).format(low=low, high=high, **marks)
