"""The spec of the following phase, as YAML text: what is known carried over, what is to be said left empty.

From goals to monitoring or self-evaluation, what was planned is carried over under the keys of the target layout, by
name or by `following.json`, and what was done is to be filled in. Within one layout it is the next year's spec, where
each figure of the last year carries `# perfc: review` until somebody has looked at it.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import Any

from perfc import forms, layout, values
from perfc.compile import understand
from perfc.diagnostic import Diagnostic, Span
from perfc.forms import Form
from perfc.layout import Layout
from perfc.load import Filled, Map, Number, Seq, Text, load, texts
from perfc.sheets import split, whole
from perfc.source import Sources
from perfc.vocabulary import (
    ACTUAL,
    CLASSIFIED,
    INDICATORS,
    MEASURE,
    POINTS,
    RATE,
    REASON,
    SCORE,
    SIGN,
    SPENT,
    TITLE,
    TOTAL,
    VALUE,
    YEAR,
    Indicator,
    Record,
)

_TERMS: dict[str, Any] = json.loads((Path(__file__).parent / "following.json").read_text("utf-8"))
_LAYOUT, _ORIGIN = _TERMS["special"]["layout"], _TERMS["special"]["origin"]
_DONE = {*_TERMS["done"], *ACTUAL, *SPENT, *RATE, *REASON, *TOTAL, SCORE}
_ALIKE = (VALUE, POINTS, MEASURE, SIGN)
_UNSCORED = "score-missing"  # what stops an evaluation that is not finished
_TEXT_SIGN = values.bound("").sign
_BLANK = "   # 填写"
# What YAML would not read as this text where it stands unquoted.
_PLAIN = re.compile(r"(?![-?:](?:\s|$)|---|\.\.\.)[^\s,\[\]{}#&*!|>'\"%@`](?:(?!:\s|\s#)[^\t\r\n])*(?<![\s:])")
_OTHER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?|~|null|true|false")
_ESCAPED = re.compile(r"[\t\r\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff]")


def follow(spec: str, name: str, within: tuple[Path, ...], folder: Path) -> tuple[str | None, tuple[Diagnostic, ...]]:
    """The text of the following spec for a layout, and what is wrong with the one that it follows.

    `folder` is where the text will be put, for the path back.
    """
    understood, found = understand(spec, Sources(), within)
    if not understood and not any(one.rule == _UNSCORED for one in found):
        return None, found
    read, _ = load(spec, sources := Sources())
    target, wrong = layout.read(name, within)
    if read is None or target is None:
        return None, wrong
    texts_ = texts(understood[0][0]) if understood and not _is_of(read, name) else ()
    filled = {one.span: str(one) for one in texts_ if isinstance(one, Filled)}
    path = os.path.relpath(spec, folder).replace("\\", "/")
    return "".join(f"{line}\n" for line in _Following(read, sources, target, path, filled).lines()), ()


def scalar(value: object, indent: int) -> str:
    """A value as YAML, as `load` reads it again; `indent` is that of the lines of a text of several lines."""
    if isinstance(value, bool):
        return str(value).lower()
    text = str(value)
    escaped = _ESCAPED.search(text)
    if isinstance(value, Decimal) or (_PLAIN.fullmatch(text) and not escaped and not _OTHER.fullmatch(text)):
        return text
    if escaped or not text.strip():
        quoted = json.dumps(text, ensure_ascii=False)
        return _ESCAPED.sub(lambda match: f"\\u{ord(match.group()):04x}", quoted)
    if "\n" not in text:
        return "'" + text.replace("'", "''") + "'"
    ends = len(text) - len(text.rstrip("\n"))
    mark = "|" + ("2" if text[0] in " \n" else "") + {0: "-", 1: ""}.get(ends, "+")
    lines = text.removesuffix("\n").split("\n")
    return "\n".join([mark, *(f"{' ' * indent}{line}" if line else "" for line in lines)])


@dataclass(frozen=True)
class _Following:
    """One spec on its way to another layout, or to the next year; `path` leads back from the new file.

    `filled` has the texts with references by their spans, filled in, where the references may lead nowhere.
    """

    spec: Map
    sources: Sources
    target: Layout
    path: str
    filled: Mapping[Span, str]

    @property
    def again(self) -> bool:
        """Whether it is the next year's spec."""
        return _is_of(self.spec, self.target.name)

    @cached_property
    def record(self) -> Record:
        """The spec that is followed, as the rules see it."""
        return Record(self.spec, self.sources)

    @property
    def before(self) -> str:
        """The year that things are carried over from, in words."""
        return f"{self.record.year}年" if self.record.year else "上年"

    @cached_property
    def rows(self) -> dict[int, Indicator]:
        """The indicators by the ids of their rows."""
        return {id(one.row): one for one in self.record.indicators}

    @cached_property
    def units(self) -> tuple[str, str]:
        """The units of amounts in the spec's layout, the first if it has several, and in the target's."""
        source, _ = layout.read(_layouts(self.spec)[0], self.target.folders)
        data = [one.data if one else {} for one in (source, self.target)]
        first, second = (Record(self.spec, self.sources, one).unit for one in data)
        return first, second

    def lines(self) -> Iterator[str]:
        """The lines of the new spec."""
        sample, _ = load((self.target.folder / "example.yaml").as_posix(), Sources())
        yield f"# {self.target.title}"
        if self.again:
            yield f"# 来自 {self.path}（{self.before}）"
            yield f"# 金额和数值沿用{self.before}。逐项核对，改好或确认以后，删去那一行的“perfc: review”注释。"
        else:
            yield f"# perfc: from {self.path}"
            yield "# 目标、金额照抄年初的规格，改动的 perfc 会指出来；注有“填写”的，填上内容。用不着的键可以删去。"
        yield ""
        yield from self._mapping(forms.read(self.target.name, self.target.folders), sample, self.spec, 0)

    def _mapping(self, form: Form, sample: Any, source: Any, indent: int) -> Iterator[str]:
        """The keys of a mapping in the order of the layout's example, the others where its schema has them."""
        sample = sample if isinstance(sample, Mapping) else {}
        keys = sample.key_spans if isinstance(sample, Map) else sample
        own = source if isinstance(source, Map) and self.again else ()  # names that the author chose are among them
        for key in dict.fromkeys([*_in_order(keys, form.keys), *own]):
            inner = form.at(key)
            if inner is not None:
                value = None if key in _DONE else self._value(key, source)
                done = key in _DONE and isinstance(source, Map) and key in source.key_spans
                wanted = done or key in form.required or (key in keys and not self.again)
                if value is not None or wanted:
                    yield from self._entry(key, inner, sample.get(key), source, indent)

    def _value(self, key: str, source: Any) -> Any:
        """What a mapping has under a key or under another that means the same."""
        if key == YEAR and source is self.spec and self.record.year:
            return Number(self.record.year + self.again)
        if key == _ORIGIN and source is self.spec:
            return Text(self.path)
        if key == _LAYOUT and source is self.spec and not self.again:
            return Text(self.target.name)
        alike = chain(*(group for group in _ALIKE if key in group), _TERMS["same"].get(key, ()))
        others = () if self.again else alike
        return next((source[one] for one in (key, *others) if one in source), None) if source else None

    def _entry(self, key: str, form: Form, sample: Any, source: Any, indent: int) -> Iterator[str]:
        value = None if key in _DONE else self._value(key, source)
        margin = " " * indent + scalar(key, 0) + ":"
        if key == INDICATORS and isinstance(value, Map):
            inner = list(self._table(form, sample, value, indent + 2))
        elif form.items is not None and not (isinstance(value, Text) and form.takes(value, "string")):
            inner = list(self._items(form.items, sample, value, indent + 2))
        elif form.is_mapping and key != INDICATORS:
            regrouped = source if source is self.spec and not self.again else None
            inner = list(self._mapping(form, sample, _inside(form, value, regrouped), indent + 2))
        else:
            yield margin + self._written(key, form, value, indent + 2)
            return
        yield from [margin, *inner] if inner else [margin + _ask(key, form)]

    def _items(self, form: Form, sample: Any, value: Any, indent: int) -> Iterator[str]:
        """A list: the items of a list, or the lines of a text."""
        values_ = value.splitlines() if isinstance(value, Text) else value if isinstance(value, Seq) else ()
        for one in values_:
            if not isinstance(one, Map):
                yield " " * indent + "-" + self._written("", form, one, indent + 2)
            elif one.get(CLASSIFIED) is True and form.at(CLASSIFIED) is None:
                name = " ".join(str(one.get(TITLE, "")).split())
                yield f"{' ' * indent}# 没有列入“{name}”：{CLASSIFIED}，这个版式不能标明"
            else:
                yield from _item(self._mapping(form, _union(sample), one, indent + 2), indent)

    def _table(self, form: Form, sample: Any, table: Map, indent: int) -> Iterator[str]:
        """The table of indicators, its groups as they are."""
        known = _union(
            row
            for groups in (sample or {}).values()
            for rows in groups.values()
            for row in (rows if isinstance(rows, Seq) else ())
        )
        for level1, groups in table.items():
            for number, (level2, rows) in enumerate(groups.items()):
                group = form.at(level1)
                inner = group.at(level2) if group else None
                if inner is None or inner.items is None:
                    yield f"{' ' * indent}# 没有列入 {level1} {level2}：这个版式没有这一组"
                    continue
                if not number:
                    yield f"{' ' * indent}{scalar(level1, 0)}:"
                yield f"{' ' * (indent + 2)}{scalar(level2, 0)}:"
                for row in rows:
                    columns = self._columns(inner.items, row)
                    yield from _item(self._mapping(inner.items, known, columns, indent + 6), indent + 4)

    def _columns(self, form: Form, row: Map) -> Any:
        """A row with its value in as many columns as the target has: ≥200件, or ≥ and 200 and 件."""
        indicator = self.rows.get(id(row))
        if self.again or indicator is None or indicator.value is None:
            return row
        others = {key: row[key] for key in row if key not in (*VALUE, *SIGN, *MEASURE)}
        named = [next((key for key in labels if form.at(key)), "") for labels in (SIGN, VALUE, MEASURE)]
        sign, value, unit = split(indicator)
        if not named[0]:
            sign, unit = "", ""
            value = indicator.value if str(indicator.value) == indicator.stated else Text(indicator.stated)
        elif not whole(indicator):
            sign, value = sign if isinstance(value, str) and sign else _TEXT_SIGN, indicator.value
        columns = (Text(sign), Number(value) if isinstance(value, Decimal) else Text(value), Text(unit))
        return others | {key: one for key, one in zip(named, columns, strict=True) if key and str(one)}

    def _written(self, key: str, form: Form, value: Any, indent: int) -> str:
        """A value behind its key, or that it is to be filled in."""
        value = self._text(value)
        amount = isinstance(value, Number) and form.is_amount and key not in POINTS
        kind = "boolean" if isinstance(value, bool) else "number" if isinstance(value, Number) else "string"
        integer = kind == "number" and value == value.to_integral_value() and form.takes(value, "integer")
        if value is None or isinstance(value, Map | Seq) or not (form.takes(value, kind) or integer):
            return _ask(key, form)
        unit, wanted = self.units
        if amount and unit != wanted:
            return f"{_BLANK}：原为 {value} {unit}，这里用{wanted}"
        first, *rest = scalar(value, indent).split("\n")
        dated = isinstance(value, str) and any(True for _ in values.find(value))
        old = self.again and (amount or key in VALUE or dated)
        return "\n".join([f" {first}" + (f"  # perfc: review 沿用{self.before}" if old else ""), *rest])

    def _text(self, value: Any) -> Any:
        """A text with its references filled in where need be; a list of texts as one, numbered."""
        if isinstance(value, Text):
            return Text(self.filled[value.span]) if "{{" in value and value.span in self.filled else value
        if not isinstance(value, Seq) or not value or any(isinstance(one, Map | Seq) for one in value):
            return value
        lines = [str(self._text(one)) for one in value]
        return Text(lines[0] if len(lines) == 1 else "".join(f"{at}.{one}\n" for at, one in enumerate(lines, 1)))


def _layouts(spec: Map) -> tuple[str, ...]:
    """The names of the layouts that a spec is for."""
    named = spec[_LAYOUT]
    return tuple(map(str, named)) if isinstance(named, Seq) else (str(named),)


def _is_of(spec: Map, name: str) -> bool:
    return name in _layouts(spec)


def _inside(form: Form, value: Any, otherwise: Any) -> Any:
    """The mapping whose values go into a mapping: a bare amount is what was planned."""
    if isinstance(value, Number):
        planned = next((key for key in _TERMS["planned"] if form.at(key)), None)
        return {planned: value} if planned else None
    return value if isinstance(value, Map) else otherwise


def _in_order(first: Iterable[str], others: Iterable[str]) -> list[str]:
    """Several names as they come, and each of the others behind the one that it is listed behind."""
    order = list(dict.fromkeys(first))
    place = 0
    for one in others:
        if one not in order:
            order.insert(place, one)
        place = order.index(one) + 1
    return order


def _ask(key: str, form: Form) -> str:
    """That a key is to be filled in, and with what, unless its name says that."""
    return _BLANK + (f"：{form.hint}" if form.hint and key not in (*_DONE, *POINTS) else "")


def _item(lines: Iterable[str], indent: int) -> Iterator[str]:
    """The lines of a mapping as an item of a list."""
    for number, line in enumerate(lines):
        yield line if number else f"{' ' * indent}- {line[indent + 2 :]}"


def _union(samples: Any) -> dict[str, Any]:
    """All keys of several mappings, each with its first value."""
    union: dict[str, Any] = {}
    for one in samples or ():
        for key in one.key_spans if isinstance(one, Map) else ():
            union.setdefault(key, one.get(key))
    return union
