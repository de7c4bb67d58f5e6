"""One indicator in two rows."""

import re
from collections.abc import Iterator

from perfc.diagnostic import Note, Severity
from perfc.lint import Finding, rule
from perfc.values import plain
from perfc.vocabulary import Indicator, Record

_IGNORED = re.compile(r"[\s，。；：、,.;:“”…\"]")


@rule(Severity.WARNING)
def indicator_duplicate(record: Record) -> Iterator[Finding]:
    """同一张表里三级指标的名称不重复。

    名称相同的两行，审核的人分不清各指什么；自评时同一件事会计两次分。多半是复制一行之后忘了改。
    指标确实不同的，把名称写得能够区分，如“培训人次（线上）”“培训人次（线下）”；不同的项目可以有同名的指标。

    错误：
        绩效指标:
          产出指标:
            数量指标:
              - {三级指标: 培训人次, 指标值: ≥300人次}
              - {三级指标: 培训人次, 指标值: ≥200人次}
    正确：
        绩效指标:
          产出指标:
            数量指标:
              - {三级指标: 线下培训人次, 指标值: ≥300人次}
              - {三级指标: 线上培训人次, 指标值: ≥200人次}
    """
    for _, rows in record.tables:
        first: dict[str, Indicator] = {}
        for row in rows:
            name = "" if row.name is None else _IGNORED.sub("", plain(row.name)).casefold()
            other = first.setdefault(name, row) if name else row
            if other.span == row.span:
                continue
            same = "，指标值也相同" if str(row.value) == str(other.value) else ""
            yield Finding(
                row.span,
                f"三级指标“{row.name}”在同一张表里重复{same}",
                (Note(f"“{other.name}”已写在这里", other.span), Note("删去一行，或把名称写得能够区分")),
            )
