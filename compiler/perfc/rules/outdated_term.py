"""Terms, bodies and laws that have another name now, or are no more."""

import re
from bisect import bisect
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from perfc import values
from perfc.diagnostic import Note, Severity, Span
from perfc.lint import Finding, rule
from perfc.load import Map, load
from perfc.source import Sources
from perfc.vocabulary import INDICATORS, TITLE, Line, Listed, Record, listed

_TITLE = re.compile(r"《(?:中华人民共和国)?(?P<title>[^《》]{2,60})》")
_QUOTED = re.compile(r"《[^《》]{1,200}》")
_STOP = re.compile(r"[。；！？]")
_FORMER = re.compile(r"[原前](?:国家|国务院|中国|[省市县区州镇乡])?$")
_CHANGED = re.compile(
    "更名|改名|改称|撤销|废止|取消|停征|划转|组建|整合为|合并|不再|原[名称为]|现[名称为改更]|（现|历史|以前"
)
_ISSUER = re.compile("(?:[、和][^、和，。；《]{2,15}?){0,4}(?:关于|令|《|〔|印发|发布|颁布|公告|办公厅|文件)")
_YEAR = re.compile(r"(?<![0-9])(?:19|20)[0-9]{2}(?= ?年)")


@rule(Severity.WARNING)
def outdated_term(record: Record) -> Iterator[Finding]:
    """不用已经停用的说法、已经更名的机构、已经废止的法规。

    照抄往年的文件，常常留下旧名称：制度废止后的说法（刑释解教、收容遣送），机构改革前的机构（环保局、卫计局），
    已经废止的法规（《合同法》）。新旧以文件的年度为准；“原环保局”、说明更名经过或往年情况的句子、
    旧文件的标题和发文机关不算。版式中印出的旧说法，写在版式 rules.yaml 的“不查”里。

    错误：
        年度: 2024
        职能职责: 负责刑释解教人员安置帮教；依照《合同法》审查合同；会同县环保局开展检查。
    正确：
        年度: 2024
        职能职责: 负责刑满释放人员安置帮教；依照《民法典》审查合同；接收原环保局移交的档案。
    """
    words, pattern, terms, laws = _table()
    unchecked = record.settings("outdated-term").get("不查", ())
    for line in record.lines_with(words):
        for match in _TITLE.finditer(line.words):
            if (one := laws.get(values.plain(match["title"]))) and _is_out(one, record, line, match.start()):
                now = f"，现在是《{one['新']}》" if "新" in one else ""
                yield Finding(line.at(*match.span()), f"{match.group()}已经废止{now}", _notes(one))
        quoted = [match.span() for match in _QUOTED.finditer(line.words)]
        for match in pattern.finditer(line.words):
            one, (start, end) = terms[match.group()], match.span()
            within = bisect(quoted, (start, end))
            if (within and quoted[within - 1][1] > start) or match.group() in unchecked:
                continue
            if _fits(one, line.words, start, end) and _is_out(one, record, line, start):
                # A project is named as the budget system has it.
                certain = one.get("换") and line.path[-1:] != (TITLE,)
                edits = line.edit(start, end, one["新"]) if certain else ()
                severity = Severity.INFO if one.get("提示") else None
                yield Finding(line.at(start, end), _said(one), _notes(one), severity, edits)
    for name, span in _groups(record):
        if name in terms and name not in unchecked:
            yield Finding(span, _said(terms[name]), _notes(terms[name]))


@cache
def _table() -> tuple[Listed, re.Pattern[str], dict[str, Map], dict[str, Map]]:
    """All terms, bodies and beginnings of titles, and a pattern of terms and bodies, longer ones first.

    Then these, and the laws, by their old names.
    """
    data, _ = load(Path(__file__).with_suffix(".yaml").as_posix(), Sources())
    assert data is not None
    terms = {one["旧"]: one for one in (*data["词语"], *data["机构"])}
    laws = {values.plain(one["旧"]): one for one in data["法规"]}
    tails: dict[str, list[str]] = {}
    for name in sorted(terms, key=len, reverse=True):
        tails.setdefault(name[0], []).append(re.escape(name[1:]))
    words = "|".join(f"{first}(?:{'|'.join(rest)})" for first, rest in tails.items())
    titles = (f"《{name[:2]}" for name in (*laws, "中华人民共和国"))
    return listed((*terms, *dict.fromkeys(titles))), re.compile(words), terms, laws


def _fits(one: Map, words: str, start: int, end: int) -> bool:
    """Whether a term stands for itself: it is no part of another word, no former body, no issuer of a document."""
    before, behind = (tuple(one[key].split("|")) if key in one else () for key in ("非前", "非后"))
    former = _FORMER.search(words, max(0, start - 4), start) or _ISSUER.match(words, end)
    return not words.endswith(before, 0, start) and not words.startswith(behind, end) and not former


def _is_out(one: Map, record: Record, line: Line, at: int) -> bool:
    """Whether a name is out of use in the document's year, and its sentence does not tell of former times."""
    if record.year is not None and record.year < one["自"]:
        return False
    start = max((match.end() for match in _STOP.finditer(line.words, max(0, at - 200), at)), default=max(0, at - 200))
    behind = _STOP.search(line.words, at, at + 200)
    end = behind.start() if behind else at + 200
    past = any(int(year.group()) < one["自"] for year in _YEAR.finditer(line.words, start, end))
    return not past and not _CHANGED.search(line.words, start, end)


def _groups(record: Record) -> Iterator[tuple[str, Span]]:
    """The names of the groups of indicators."""
    for owner, _ in record.tables:
        table = owner[INDICATORS]
        yield from table.key_spans.items()
        for groups in table.values():
            if isinstance(groups, Map):
                yield from groups.key_spans.items()


def _said(one: Map) -> str:
    return f"“{one['旧']}”已经停用，现在是“{one['新']}”" if "新" in one else f"“{one['旧']}”已经取消"


def _notes(one: Map) -> tuple[Note, ...]:
    return (Note(one["因"]),) if "因" in one else ()
