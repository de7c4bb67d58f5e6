"""A number of a typed list is changed, repeated, written like another level, or given the wrong mark."""

import re

from hypothesis import strategies as st

PARAGRAPH = re.compile(r" +(?=[^ #-])(?:(?!: ).)+。")
HEAD = re.compile(r"( +)(?:（([一二三四五六七八九])）|([1-9])\.(?!\d)|（([1-9])）|([一二三四五六七八九])、)(.*)")
HAN = "一二三四五六七八九"
LISTS = (
    ("一是", "二是", "三是", "四是", "五是"),
    ("（1）", "（2）", "（3）", "（4）", "（5）"),
    ("第一，", "第二，", "第三，", "第四，", "第五，"),
    ("①", "②", "③", "④", "⑤"),
    ("一要", "二要", "三要", "四要", "五要"),
    ("问题1：", "问题2：", "问题3：", "问题4：", "问题5："),
    ("措施一：", "措施二：", "措施三：", "措施四：", "措施五："),
)
DOES = ("健全管理制度", "明确工作责任", "强化监督检查", "加强业务培训", "及时公开信息")


def mutate(draw, lines: list[str]) -> int | None:
    if draw(st.booleans()):
        return sentence(draw, lines)
    items = {number: match for number, line in enumerate(lines) if (match := HEAD.fullmatch(line))}
    follow = [
        (number, above)
        for number in items
        for above in range(number - 1, max(-1, number - 3), -1)
        if above in items
        and style(items[above]) == style(items[number])
        and value(items[above]) == value(items[number]) - 1
    ]
    if not follow:
        return None
    at, above = draw(st.sampled_from(follow))
    match, last = items[at], value(items[above])
    indent, words, kind = match[1], match[6], style(match)
    ends = at + 1 not in items and at + 2 not in items
    ways = ["far", "mark"] + ["same"] * (last > 1 or ends) + ["other"] * (last > 1)
    way = draw(st.sampled_from(ways))
    if way == "far":
        number = form(kind, draw(st.integers(last + 2, min(9, last + 4)))) if last < 8 else form(kind, last)
    elif way == "same":
        number = form(kind, last)
    elif way == "mark":
        right = form(kind, last + 1)
        wrong = {2: "（{}）、", 4: "（{}）、", 3: "{}", 5: "{}."}[kind]
        if kind == 3 and (last < 2 or not re.match("[一-鿿]", words) or re.match("[年月日个名家]", words)):
            wrong = "{}、" if last > 1 else "{}"
        number = wrong.format(re.sub(r"[（）.、]", "", right))
        if kind == 3 and last < 2:
            return None
    else:
        number = draw(st.sampled_from([form(one, last + 1) for one in (2, 3, 4, 5) if one != kind]))
    lines[at] = indent + number + words
    return at


def sentence(draw, lines: list[str]) -> int | None:
    """Add a list to a paragraph that has none, with one number wrong."""
    places = [
        number
        for number, line in enumerate(lines)
        if PARAGRAPH.fullmatch(line) and not re.search("[一二三四五][是要]|第[一二三四]|（[0-9]）|[①-⑨]", line)
    ]
    if not places:
        return None
    at = draw(st.sampled_from(places))
    numbers = list(draw(st.sampled_from(LISTS)))
    length = draw(st.integers(3, 5))
    wrong = draw(st.integers(1, length - 1))
    if draw(st.booleans()):
        numbers[wrong] = numbers[wrong - 1]
    else:
        del numbers[draw(st.integers(1, length - 2))]
        length -= 1
    mark = draw(st.sampled_from("；。"))
    lines[at] += mark.join(number + does for number, does in zip(numbers[:length], DOES, strict=False)) + "。"
    return at


def style(match: re.Match[str]) -> int:
    return next(group for group in range(2, 6) if match[group])


def value(match: re.Match[str]) -> int:
    written = match[style(match)]
    return int(written) if written.isdigit() else HAN.index(written) + 1


def form(kind: int, number: int) -> str:
    return {2: f"（{HAN[number - 1]}）", 3: f"{number}.", 4: f"（{number}）", 5: f"{HAN[number - 1]}、"}[kind]
