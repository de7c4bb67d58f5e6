"""Words that are known to be mistaken for others."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from perfc.diagnostic import Note, Severity
from perfc.lint import Finding, rule
from perfc.load import Map, load
from perfc.source import Sources
from perfc.vocabulary import Record


@rule(Severity.WARNING)
def typo(record: Record) -> Iterator[Finding]:
    """没有错别字。

    对照一份公文常见错词表：形近、音近的字，用混的词，漏字和衍字。许多词要看前后文才算错，例如“截止”后面跟着时间才应为“截至”，
    “知道”后面跟着“全县”才应为“指导”。表中没有的词不判断。

    错误：
        工作措施: 截止2023年12月，全县建立建全了普法工作机制。
    正确：
        工作措施: 截至2023年12月，全县建立健全了普法工作机制，报名已经截止。
    """
    for line in record.lines:
        for at, one in _found(line.words):
            end = at + len(one.wrong)
            what = f"{'可能' if one.unsure else ''}应为“{one.right}”" if one.right else "位置不对"
            yield Finding(
                line.at(at, end),
                f"“{one.wrong}”{what}",
                (Note(one.reason),) if one.reason else (),
                Severity.INFO if one.unsure else None,
                edits=line.edit(at, end, one.right) if one.right and not one.unsure else (),
            )


@dataclass(frozen=True, slots=True)
class _Entry:
    """A wrong word, and what must or must not stand right before and behind it; empty where anything may."""

    wrong: str
    right: str
    reason: str
    unsure: bool
    before: tuple[str, ...]
    behind: tuple[str, ...]
    not_before: tuple[str, ...]
    not_behind: tuple[str, ...]

    def fits(self, words: str, at: int) -> bool:
        """Whether the word stands at an offset, in a context where it is wrong."""
        end = at + len(self.wrong)
        return (
            words.startswith(self.wrong, at)
            and (not self.before or words.endswith(self.before, 0, at))
            and (not self.behind or words.startswith(self.behind, end))
            and not words.endswith(self.not_before, 0, at)
            and not words.startswith(self.not_behind, end)
        )


def _found(words: str) -> Iterator[tuple[int, _Entry]]:
    """Each wrong word with its offset, from left to right without overlap."""
    table, free = _table(), 0
    for at in range(len(words) - 1):
        if (entries := table.get(words[at : at + 2])) and at >= free:
            one = next((entry for entry in entries if entry.fits(words, at)), None)
            if one:
                free = at + len(one.wrong)
                yield at, one


@cache
def _table() -> dict[str, list[_Entry]]:
    """The entries by the first two characters of the wrong word, longer words first."""
    data, _ = load(Path(__file__).with_suffix(".yaml").as_posix(), Sources())
    assert data is not None
    table: dict[str, list[_Entry]] = {}
    for entry in sorted((one for group in data["错词"] for one in _entries(group)), key=lambda one: -len(one.wrong)):
        table.setdefault(entry.wrong[:2], []).append(entry)
    return table


def _entries(group: Map) -> Iterator[_Entry]:
    contexts = [_contexts(group.get(key, "")) for key in ("前", "后", "非前", "非后")]
    for wrong, right in group["词"].items():
        yield _Entry(wrong, right, group.get("说明", ""), group.get("提示", False), *contexts)


def _contexts(written: str) -> tuple[str, ...]:
    """Contexts as written, parted by |; # is any digit."""
    found = [one for one in written.split("|") if one]
    while any("#" in one for one in found):
        found = [one.replace("#", digit, 1) for one in found for digit in ("0123456789" if "#" in one else "#")]
    return tuple(found)
