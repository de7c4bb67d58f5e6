"""Project codes that the budget system does not know."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from perfc.diagnostic import Note, Severity, Span
from perfc.lint import Finding, Skip, rule
from perfc.load import Map, Text
from perfc.vocabulary import CODE, TITLE, Record

_MISREAD = {"O": "0", "I": "1", "Z": "2", "S": "5"}  # letters that codes avoid because digits look like them


@rule(Severity.ERROR)
def project_code(record: Record) -> Iterator[Finding]:
    """项目编码与预算管理一体化系统一致：位数、行政区划、年份、校验字符都对，一个编码只用一次。

    编码的前 6 位是行政区划，第 7、8 位是年份，末位是校验字符。从别的单位、上年文件复制来的编码，
    区划或年份对不上；抄错一位，校验字符对不上。往年的编码可能是延续项目的，版式没有要求当年编码时只提出警告。

    错误：
        年度: 2024
        项目: [{项目名称: 普法, 项目编码: 13080023P00402100001M}, {项目名称: 援助, 项目编码: 13080024P004021000}]
    正确：
        年度: 2024
        项目: [{项目名称: 普法, 项目编码: 13080024P00402100001M}, {项目名称: 援助, 项目编码: 13080024P004021000029}]
    """
    projects = [one for one in record.projects if CODE in one]
    settings = record.settings("project-code")
    if projects and "长度" not in settings:
        raise Skip("版式没有写项目编码的长度")
    complete = [str(one[CODE]) for one in projects if len(str(one[CODE])) == settings["长度"]]
    region = settings.get("行政区划") or next(
        (one for one, _ in Counter(code[:6] for code in complete).most_common()), ""
    )
    first: dict[str, Map] = {}
    for project in projects:
        code = str(project[CODE])
        other = first.setdefault(code, project)
        yield from (
            _length(record, project, int(settings["长度"]))
            or _region(record, project, str(region), projects)
            or _year(record, project, current=settings.get("年份") == "当年")
            or (_twice(project, other) if other is not project else [])
            or (_check(record, project, settings["校验"]) if "校验" in settings else [])
        )


def _at(record: Record, project: Map, start: int, end: int) -> Span:
    """The place of some characters of a code."""
    code = project[CODE]
    return record.line(code).at(start, end) if isinstance(code, Text) else project.value_spans[CODE]


def _length(record: Record, project: Map, length: int) -> list[Finding]:
    code = str(project[CODE])
    if len(code) == length:
        return []
    many = f"{'多' if len(code) > length else '少'} {abs(len(code) - length)} 位"
    span = project.value_spans[CODE]
    return [Finding(span, f"项目编码 {code} 有 {len(code)} 位，应为 {length} 位（{many}）", (Note("与预算系统核对"),))]


def _region(record: Record, project: Map, region: str, projects: list[Map]) -> list[Finding]:
    own = str(project[CODE])[:6]
    if own == region:
        return []
    other = next((one for one in projects if str(one[CODE])[:6] == region), None)
    place = (Note(f"“{other.get(TITLE)}”的编码在这里", other.value_spans[CODE]),) if other else ()
    hint = Note("从别处复制来的编码，换成本部门的")
    message = f"项目编码的行政区划 {own} 与{'其他项目' if other else '本地'}的 {region} 不同"
    return [Finding(_at(record, project, 0, 6), message, (*place, hint))]


def _year(record: Record, project: Map, *, current: bool) -> list[Finding]:
    """That a code is not of the document's year; one of an earlier year may be right where projects go on."""
    own = str(project[CODE])[6:8]
    year = "" if record.year is None else f"{record.year % 100:02d}"
    if own == year or not year:
        return []
    earlier = own.isdecimal() and own < year and not current
    hint = "延续项目沿用原编码的不改；从上年文件复制来的换成新编码" if earlier else "与预算系统核对"
    message = f"项目编码第 7、8 位的年份 {own} 不是 {record.year} 年的 {year}"
    severity = Severity.WARNING if earlier else None
    return [Finding(_at(record, project, 6, 8), message, (Note(hint),), severity)]


def _twice(project: Map, other: Map) -> list[Finding]:
    """That a code stands with two names; with one name it may be one project in two forms."""
    names, code = (str(other.get(TITLE)), str(project.get(TITLE))), str(project[CODE])
    used = "了两次" if names[0] == names[1] else f"在两个项目：“{names[0]}”“{names[1]}”"
    severity = Severity.WARNING if names[0] == names[1] else None
    place = Note("第一次用在这里", other.value_spans[CODE])
    return [Finding(project.value_spans[CODE], f"项目编码 {code} 用{used}", (place,), severity)]


def _check(record: Record, project: Map, check: Mapping[str, Any]) -> list[Finding]:
    """That the last character does not fit: the sum of all, each with its weight, leaves a certain remainder."""
    code, alphabet = str(project[CODE]), str(check["字符"])
    for at, one in enumerate(code):
        if one not in alphabet:
            likely = _MISREAD.get(one.upper(), one.upper())
            hint = Note(f"是不是 {likely}？" if likely in alphabet else "与预算系统核对")
            message = f"项目编码第 {at + 1} 位 {one} 不是编码用的字符"
            return [Finding(_at(record, project, at, at + 1), message, (hint,), Severity.WARNING)]
    base, size, total = int(check["权"]), len(alphabet), 0
    for one in reversed(code[:-1]):
        total = (total * base + alphabet.index(one)) % size
    right = alphabet[(int(check["余数"]) - total) % size]
    if code[-1] == right:
        return []
    message = f"项目编码 {code} 的校验字符 {code[-1]} 不对，前 {len(code) - 1} 位的校验字符是 {right}"
    hint = Note("多半抄错了一位，与预算系统核对")
    return [Finding(_at(record, project, len(code) - 1, len(code)), message, (hint,), Severity.WARNING)]
