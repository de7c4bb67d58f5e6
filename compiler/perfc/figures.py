"""The figures of a line in their order, each with the words before it, what is in brackets apart."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from perfc.values import Kind, Quantity
from perfc.vocabulary import Line

PARTS = 20  # parts of a whole, more than any sentence has
LABEL = 24  # characters, as many as a name has
HAN = re.compile("[一-鿿]{0,8}")
CLAUSE = re.compile("[，。；：、,;:]|其中|包括|分别[为是]|即")
_BRACKET = re.compile("[（()）]")
# Between two figures stand a noun of the first, a mark, the name of the second: 13个镇、2个乡; 农村60人、城市40人.
_BETWEEN = re.compile("[一-鿿]{0,8}?([、，；,;](?:[和及与])?|[和及与])")
_STRENGTH = {"，": 2, ",": 2, "；": 3, ";": 3}
_AGES = frozenset(("岁", "周岁"))
_PEOPLE = frozenset("人名位")


@dataclass(frozen=True, slots=True)
class Item:
    """Figures that stand together (7825户14245人) and the words before: a mark, of strength 0 if none, and a name."""

    label: str
    name: str
    strength: int
    figures: list[Quantity]

    @property
    def clause(self) -> str:
        """The last clause before the figures."""
        return CLAUSE.split(self.label)[-1]


@dataclass(slots=True)
class Group:
    """What stands between two brackets right behind `owner`, or in none: figures; `rest` follows the last."""

    owner: Item | None = None
    items: list[Item] = field(default_factory=list)
    rest: str = ""


def groups(line: Line) -> Iterator[Group]:
    """What each pair of brackets encloses, and the line without them."""
    figures = [one for one in line.found if isinstance(one, Quantity) and one.kind is not Kind.RATE]
    events: list[tuple[int, Quantity | str]] = [(one.start, one) for one in figures if one.base not in _AGES]
    events += [(match.start(), match.group()) for match in _BRACKET.finditer(line.words)]
    open_, at = [Group()], 0
    for start, event in sorted(events, key=lambda one: one[0]):
        group = open_[-1]
        if start < at:
            continue
        group.rest = _shortened(group.rest + line.words[at:start])
        at = event.end if isinstance(event, Quantity) else start + 1
        if isinstance(event, Quantity) and group.items and not group.rest:
            group.items[-1].figures.append(event)
        elif isinstance(event, Quantity):
            mark = _BETWEEN.match(group.rest) if group.items else None
            strength = _STRENGTH.get(mark[1][0], 1) if mark else 0
            group.items.append(Item(group.rest, group.rest[mark.end() if mark else 0 :], strength, [event]))
            group.rest = ""
        elif event in "（(":
            open_.append(Group(group.items[-1] if group.items and HAN.fullmatch(group.rest) else None))
        elif len(open_) > 1:
            yield open_.pop()
    open_[-1].rest = _shortened(open_[-1].rest + line.words[at:])
    yield open_[0]


def _shortened(words: str) -> str:
    """The beginning and the end of a long text, which are all that is looked at."""
    return words if len(words) < 4 * LABEL else words[: 2 * LABEL] + words[-2 * LABEL :]


def ahead(items: list[Item], at: int, *, across: bool = False) -> Iterator[tuple[Item, Quantity]]:
    """The figures of an item's sort ahead of it in its sentence, or across one, the nearest first."""
    for back in range(at, max(0, at - PARTS), -1):
        if "。" in items[back].label and not (across and back == at):
            return
        figure = next((one for one in items[back - 1].figures if alike(one, items[at].figures[0])), None)
        if figure:
            yield items[back - 1], figure


def alike(one: Quantity, other: Quantity) -> bool:
    """Whether two figures are of one sort."""
    return one.kind is other.kind and (one.base == other.base or {one.base, other.base} <= _PEOPLE)
