"""A step of a spending plan that falls, ends short, lost its sign, or is off by one or two points."""

import re
from collections import Counter

from hypothesis import strategies as st

STEP = re.compile(r"([0-9]+月底: )([0-9.]+)%")


def mutate(draw, lines: list[str]) -> int | None:
    plans = {
        at: [float(one[2]) for one in STEP.finditer(line)] for at, line in enumerate(lines) if "支出计划: {" in line
    }
    plans = {at: steps for at, steps in plans.items() if len(steps) == 4}
    if not plans:
        return None
    at = draw(st.sampled_from(sorted(plans)))
    steps = plans[at]
    usual = [Counter(column).most_common(1)[0] for column in zip(*plans.values(), strict=True)]
    odd = [
        one for one in range(3) if len(plans) > 3 and usual[one][1] > len(plans) / 2 + 1 and steps[one] == usual[one][0]
    ]
    kinds = ["end", "bare", "share", *(["fall"] if max(steps[:2]) > 5 else []), *(["odd"] if odd else [])]
    kind = draw(st.sampled_from(kinds))
    if kind == "end":
        change(lines, at, 3, f"{draw(st.integers(int(steps[2]) - 5, 99)) if steps[2] > 5 else 90}%")
    elif kind == "share":
        for step in steps:
            change(lines, at, 0, f"{step / 100:g}")  # the first that is still in percent
    elif kind == "bare":
        one = draw(st.integers(0, 3))
        change(lines, at, one, f"{steps[one]:g}")
    elif kind == "fall":
        one = draw(st.sampled_from([one for one in (1, 2) if steps[one - 1] > 5]))
        change(lines, at, one, f"{draw(st.integers(0, int(steps[one - 1]) - 1))}%")
    else:
        one = draw(st.sampled_from(odd))
        by = draw(st.sampled_from((-2, -1, 1, 2)))
        before, after = steps[one - 1] if one else 0, steps[one + 1]
        by = by if before <= steps[one] + by <= after else -by
        if not before <= steps[one] + by <= after:
            return None
        change(lines, at, one, f"{steps[one] + by:g}%")
    return at


def change(lines: list[str], at: int, step: int, written: str) -> None:
    match = list(STEP.finditer(lines[at]))[step]
    lines[at] = lines[at][: match.end(1)] + written + lines[at][match.end() :]
