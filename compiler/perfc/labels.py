"""How texts and tables name items and columns: 公务用车运行维护费 is the row 公车运行维护, 决算 the column spent."""

import re
from collections.abc import Container
from functools import lru_cache

_BEFORE = re.compile(
    r"[（(]?[0-9一二三四五六七八九十]{1,2}[）)]?[.．、]|[一二三四五六七八九十]是|其中|包括|分别为?|[0-9]{4}年度?|全年|本年度?|当年|"
    "上年度?|去年|年初|年中|部门|单位|[我本][部单局馆院校委办厅站所]?[门位]?|总|共|累计|安排|列支|支付|拨付|实际|完成|实现|发生|"
    "发放|兑[付现]|下达|落实|争取|投入|使用|及时|按时|足额|全额|全部|用于|主要是|"
    "财政|支出|预算|决算|执行|批复|核定|调整后|的|[：:,、和及]"
)
_BEHIND = (
    "费用?|经费|资金|支出|数|额|总额|金额|合计|共计?|总计|为|是|达到?|预算|决算|执行|实际|完成|支付|安排|列支|年初|全年|"
    "调整后|核定|批复|总|的|[较比与同](?=[上去]年|[12][0-9]{3}年)|[上去]年度?|[12][0-9]{3}年度?|同期|[：:]"
)
_TAIL = re.compile(f"(?:{_BEHIND}){{0,6}}")
ALONE = re.compile(f"(?:{_BEHIND}){{1,6}}")
# What is written for the words of a table, and the other way round.
_SHORT = {
    "公务用车": "公车",
    "因公": "",
    "（境）": "",
    "出国费": "出国经费",
    "及运行维护": "和维护",
    "和运行维护": "和维护",
    "运维": "运行维护",
}
_LONG = re.compile("|".join((*_SHORT, "[“”‘’\"' ]")))
_SUFFIX = re.compile("(?:费|经费|资金|支出){1,2}$")
_SPENDING = re.compile("(?<=[费金])支出$")
_SHORTEST = 3
_FUND = re.compile("一般公共预算|政府性基金预算|国有资本经营预算|部门预算|预算单位|预算绩效|支出$")
_FIRST, _WHOLE = re.compile("年初"), re.compile("全年预算|调整后|调整预算")
_SPENT = re.compile("决算|执行|支出|实际|完成|支付|发生|列支|拨付|使用|发放|兑[付现]")
_DONE = re.compile("预算(?:支出|执行)|执行数|决算|实际")
_PLANNED = re.compile("预算|目标|指标值|计划|批复|安排|核定|下达")


@lru_cache(maxsize=4096)
def stem(label: str) -> str:
    """A label without the words that come and go behind it: 公务接待 of 公务接待费; 人员经费 is not 人员."""
    words = _SPENDING.sub("", plain(label))
    short = _SUFFIX.sub("", words)
    return short if len(short) > _SHORTEST else words


def plain(words: str) -> str:
    """Words without quotes, in the shortest of several ways of naming a thing."""
    return _LONG.sub(lambda match: _SHORT.get(match.group(), ""), words)


def item(words: str, items: Container[str], prefix: str) -> tuple[str, str]:
    """The item that words end with but for a column, and the words around it; empty where they do not."""
    start = 0
    while True:
        for end in range(len(words), start + 1, -1):
            label = next((one for one in (prefix + words[start:end], words[start:end]) if one in items), "")
            if label and _TAIL.fullmatch(words, end):
                return label, f"{words[:start]} {words[end:]}"
        before = _BEFORE.match(words, start)
        if before is None:
            return "", ""
        start = before.end()


def stage(words: str) -> str:
    """The column that words name: initial, full, budget or spent; empty for none, ? for more than one."""
    words = _FUND.sub("", words)
    if _FIRST.search(words):
        return "initial"
    if _DONE.search(words):
        return "spent"
    if _WHOLE.search(words):
        return "full"
    spent, planned = _SPENT.search(words), _PLANNED.search(words)
    return "?" if spent and planned else "spent" if spent else "budget" if planned else ""


def years_off(key: str, year: int | None) -> int:
    """How many years a column is away from the document's: -1 for 上年决算数."""
    match = re.match("[0-9]{4}(?=年)", key)
    if match and year:
        return int(match.group()) - year
    return -1 if key.startswith(("上年", "去年")) else 0


def may_be(one: str, other: str) -> bool:
    """Whether two columns can be the same: 预算数 is 年初预算数 or 全年预算数."""
    return not one or not other or one == other or (one != "spent" and other != "spent" and "budget" in (one, other))


def surely(said: str, column: str) -> bool:
    """Whether a column is what the text names; 年初预算 is not certainly 预算数."""
    return said == column or (said == "budget" and column != "spent")
