"""A layout's arithmetic: what is absent is derived, what is present is checked; and `{{ … }}` in prose.

Equations are worked through from top to bottom, each at every place it is about. A term that the spec leaves empty
counts as nothing in a sum; an equation without any term, or with an empty factor, says nothing.
"""

from __future__ import annotations

import operator
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from perfc.diagnostic import Diagnostic, Note, Span, nearest
from perfc.load import Filled, Map, Number, Seq, Text, part, put, texts
from perfc.sandbox import Blank, Failure, Missing, Sandbox, explained
from perfc.source import Source, Sources
from perfc.vocabulary import ACTUAL, NAME, VALUE, maps

_MEASURED = frozenset((*VALUE, *ACTUAL))
_ITEM = "项"  # what stands for each of an equation's `逐项`
_SIGNS: dict[str, Callable[[Decimal, Decimal], bool]] = {"≥": operator.ge, "≤": operator.le}
_OPERAND = re.compile(r"""[^\W\d]\w*(?:\((?:[^()"]|"[^"]*")*\)|\.\w+|\["[^"]*"\]|\[项\])*""")
_BRACES = re.compile("[{}｛｝]")
_REFERENCE = re.compile(r"([{｛]{1,2})([^{}｛｝\n]*)([}｝]{1,2})")
_UNPAIRED = re.compile("[{｛]{2}|[}｝]{2}")
_LEADING = re.compile(r"\s*[≥≧≤≦＞＜＝><=]+\s*")  # the sign of ≥200件
_NOTHING = "〓"  # stands in a text for what is not there: no rule of the field has anything to say about it


@dataclass(frozen=True, slots=True)
class Equation:
    """One entry of `equations.yaml`; `compute` gives the right side from the values in scope.

    `rule` is the name under which a difference is reported, `remark` what is said besides.
    """

    place: tuple[str, ...]
    items: Seq | str | None
    left: tuple[str, ...]
    sign: str
    right: str
    compute: Callable[..., Any]
    tolerance: Number | str
    decimals: int | None
    percent: bool
    rule: str
    remark: str
    span: Span

    @property
    def names(self) -> list[str]:
        """The keys that the equation speaks of."""
        items = [] if self.items is None else [self.items] if isinstance(self.items, str) else list(self.items)
        terms = re.findall(r"[^\W\d]\w*", re.sub(r'"[^"]*"', "", self.right))
        quoted = re.findall(r'"([^"]*)"', self.right)
        words = [*self.place, *items, *self.left, *terms, *quoted]
        return [word for word in dict.fromkeys(words) if word not in (_ITEM, *_ENVIRONMENT.globals)]


def read(entries: Seq) -> tuple[tuple[Equation, ...], tuple[Diagnostic, ...]]:
    """The equations of a layout from the list in its `equations.yaml`, which its schema has accepted."""
    equations: list[Equation] = []
    found: list[Diagnostic] = []
    for entry in entries:
        left, sign, right = re.split(r"\s*([=≥≤])\s*", entry["算式"], maxsplit=1)
        span = entry.value_spans["算式"]
        try:
            compute = _ENVIRONMENT.compile_expression(right, undefined_to_none=False)
        except Failure as error:
            found.append(Diagnostic("layout", f"算式的右边写得不对：{explained(error)}", span))
            continue
        equations.append(
            Equation(
                place=tuple(filter(None, entry.get("位置", "").split("."))),
                items=entry.get("逐项"),
                left=tuple(re.findall(r"\w+", left)),
                sign=sign,
                right=right,
                compute=compute,
                tolerance=entry.get("容差", Number(0)),
                decimals=int(entry["小数位"]) if "小数位" in entry else None,
                percent="格式" in entry,
                rule=entry.get("规则", "equation"),
                remark=entry.get("说明", ""),
                span=span,
            )
        )
    return tuple(equations), tuple(found)


def derive(spec: Map, equations: tuple[Equation, ...]) -> tuple[Diagnostic, ...]:
    """Put in what is absent from a spec, and find what is there but wrong."""
    found: list[Diagnostic] = []
    for equation in equations:
        for target, scope in _places(spec, equation.place):
            for item in _items(equation.items, scope):
                try:
                    found += _apply(equation, target, {**scope, _ITEM: item}, item)
                except (ZeroDivisionError, InvalidOperation):  # a rate of nothing, 0 ÷ 0 among them
                    continue
                except Failure as error:
                    message = f"算式无法计算：{explained(error)}"
                    found.append(Diagnostic("layout", message, equation.span))
    return tuple(dict.fromkeys(found))


def refer(spec: Map, sources: Sources) -> tuple[Diagnostic, ...]:
    """Replace each `{{ … }}` in the texts of a spec by the value that it names.

    A name is looked for in the same mapping, then in those around it. In each, an indicator's own name leads to its
    row: `{{ 办案数.实际完成值 }}`. `{{ 办案数.年度指标值 | 数值 }}` is the value without its sign.
    """
    found: list[Diagnostic] = []
    for holder, key, text, scope in _referring(spec):
        holder[key], wrong = _filled(text, scope, sources[text.span.file])
        found += wrong
    return tuple(found)


def refer_in_rows(spec: Map, sources: Sources) -> tuple[Diagnostic, ...]:
    """The same for the targets and results of indicators, which scores are computed from.

    What cannot be filled in yet is left as it is; why, counts only where no score could be computed.
    """
    found: list[Diagnostic] = []
    for holder, key, text, scope in _referring(spec):
        if NAME in holder and key in _MEASURED:
            filled, wrong = _filled(text, scope, sources[text.span.file])
            holder[key] = text if wrong else filled
            found += wrong
    return tuple(found)


def total(value: Any, label: str) -> Any:
    """The sum of a label's numbers in all rows within a value; blank where there is none."""
    result: Any = Blank()
    if isinstance(value, Map):
        result = value[label] + result if isinstance(value.get(label), Decimal) else result
    for inner in value.values() if isinstance(value, Map) else value if isinstance(value, Seq) else ():
        result = total(inner, label) + result
    return result


_ENVIRONMENT = Sandbox(undefined=Blank)
_ENVIRONMENT.globals = {"求和": total}
_PROSE = Sandbox(undefined=Missing)
_PROSE.globals = {"求和": total}
_PROSE.filters["数值"] = lambda value: Text(_LEADING.sub("", value)) if isinstance(value, Text) else value


def _places(
    value: Any, path: tuple[str, ...], scope: dict[str, Any] | None = None
) -> Iterator[tuple[Map, dict[str, Any]]]:
    """Each mapping at a path, through lists, with all names in scope there, the inner ones first."""
    if isinstance(value, Seq):
        for item in value:
            yield from _places(item, path, scope)
    elif isinstance(value, Map):
        scope = {**(scope or {}), **value}
        if not path:
            yield value, scope
        elif path[0] in value:
            yield from _places(value[path[0]], path[1:], scope)


def _items(items: Seq | str | None, scope: dict[str, Any]) -> list[Any]:
    if items is None:
        return [None]
    return list(scope.get(items, ()) if isinstance(items, str) else items)


def _apply(equation: Equation, target: Map, scope: dict[str, Any], item: Any) -> Iterator[Diagnostic]:
    right = equation.compute(scope)
    if isinstance(right, Blank):
        return
    right = Decimal(str(right)) if isinstance(right, int | float) else right  # a constant
    *steps, key = (item if step == _ITEM else step for step in equation.left)
    for step in steps:
        target.setdefault(step, Map(target.span))
        target = target[step]
    if key in target:
        yield from _compare(equation, target, key, right, scope)
    elif equation.sign == "=":
        put(target, key, _derived(equation, right))


def _derived(equation: Equation, value: Decimal) -> Number | Text:
    if equation.decimals is not None:
        places = equation.decimals + 2 * equation.percent
        value = value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return Text(_percentage(value)) if equation.percent else Number(value)


def _percentage(value: Decimal) -> str:
    shown = format(value * 100, "f")
    return (shown.rstrip("0").rstrip(".") if "." in shown else shown) + "%"


def _compare(equation: Equation, target: Map, key: str, right: Decimal, scope: dict[str, Any]) -> Iterator[Diagnostic]:
    written = str(target[key])
    left = Decimal(written.rstrip("%")).scaleb(-2 if equation.percent else 0)
    exponent = left.as_tuple().exponent
    rounding = Decimal(5).scaleb(int(exponent) - 1)
    tolerance = rounding if isinstance(equation.tolerance, str) else equation.tolerance
    sign = _SIGNS.get(equation.sign)
    if abs(left - right) <= tolerance or (sign and sign(left, right)):
        return
    label = ".".join(scope[_ITEM] if step == _ITEM else step for step in equation.left)
    difference = format(abs(left - right), "f")
    result = _percentage(round(right, 4)) if equation.percent else format(right, "f")
    stated = f"（应为 {result}）" if equation.percent else f"（相差 {difference}）"
    opposite = {"=": "≠", "≥": "<", "≤": ">"}[equation.sign]
    message = f"{label} {written} {opposite} {_terms(equation.right, scope)}{stated}"
    hint = f"按算式应为 {result}；改正其中的数，或不写这一项，由 perfc 计算" if equation.sign == "=" else "改正其中的数"
    notes = (Note(hint), *([Note(equation.remark)] if equation.remark else []))
    yield Diagnostic(equation.rule, message, target.value_spans[key], notes=notes)


def _terms(right: str, scope: dict[str, Any]) -> str:
    """The right side with each term's figure behind its name: `财政资金 4.00 + 其他资金 0.40`."""

    def term(match: re.Match[str]) -> str:
        value = _ENVIRONMENT.compile_expression(match.group(), undefined_to_none=False)(scope)
        names = re.findall(r"\w[^\[\]\".(),]*", match.group())
        label = f"{names[-1]}之和" if "(" in match.group() else [name for name in names if name != _ITEM][-1]
        return f"{label} {value if isinstance(value, Decimal) else '（空）'}"

    return _OPERAND.sub(term, right).replace("/", "÷").replace("*", "×")


def _referring(spec: Map) -> Iterator[tuple[Any, Any, Text, dict[str, Any]]]:
    """Each text with braces, with what holds it and under which key, and the names in scope there."""
    return _within(spec, {}) if any(map(_BRACES.search, texts(spec))) else iter(())


def _within(value: Any, scope: dict[str, Any]) -> Iterator[tuple[Any, Any, Text, dict[str, Any]]]:
    scope = {**scope, **_by_name(value), **value} if isinstance(value, Map) else scope
    for key, inner in list(value.items()) if isinstance(value, Map) else list(enumerate(value)):
        if isinstance(inner, Map | Seq):
            yield from _within(inner, scope)
        elif isinstance(inner, Text) and _BRACES.search(inner):
            yield value, key, inner, scope


def _by_name(value: Map) -> dict[str, Any]:
    """The indicators within a mapping by their names; those that share a name are one that cannot be used."""
    rows = [one for one in maps(value) if isinstance(one.get(NAME), Text)]
    counts = Counter(row[NAME] for row in rows)
    return {row[NAME]: row if counts[row[NAME]] == 1 else _Several(name=row[NAME]) for row in rows}


class _Several(Missing):
    """A name that several indicators have."""

    @property
    def said(self) -> str:
        return f"有几行都叫“{self.name}”，写明路径"

    _undefined_message = said


def _filled(text: Text, scope: dict[str, Any], source: Source) -> tuple[Text, tuple[Diagnostic, ...]]:
    found: list[Diagnostic] = []
    pieces: dict[int, tuple[int, Span]] = {}
    shift = 0  # how much longer the text has become before the reference at hand

    def one(match: re.Match[str]) -> str:
        nonlocal shift
        named, written = match[2].strip(), match.group()
        span = part(text, *match.span(), source)
        value, problem, hint = _named(named, scope)
        if (match[1], match[3]) == ("{{", "}}"):
            if value is None:
                found.append(_unknown(f"{{{{ {named} }}}} 无法引用：{problem}", span, hint))
            written = value if value is not None else _NOTHING
        elif len(match[1] + match[3]) > 2 or (value is not None and not named.isascii()):
            found.append(_unknown(f"{written} 不是引用的写法", span, f"写成 {{{{ {named} }}}}"))
            written = _NOTHING
        if written and written != match.group():
            pieces[match.start() + shift] = (len(written), span)
        shift += len(written) - len(match.group())
        return written

    filled = Filled(_REFERENCE.sub(one, text))
    rest = _REFERENCE.sub(lambda match: " " * len(match.group()), text)
    alone = ((mark.group(), part(text, *mark.span(), source)) for mark in _UNPAIRED.finditer(rest))
    filled.span, filled.pieces = text.span, pieces
    return filled, (*found, *(_unknown(f"{mark} 没有配对", span) for mark, span in alone))


def _named(named: str, scope: dict[str, Any]) -> tuple[str | None, str, str]:
    """What a reference prints; None for one that cannot be printed, with why and what may help."""
    try:
        value = _PROSE.compile_expression(named, undefined_to_none=False)(scope)
    except Failure as error:
        return None, explained(error), ""
    if isinstance(value, Missing):
        near = nearest(value.name, value.among or scope)
        return None, value.said, f"是不是“{near}”？" if near else ""
    if isinstance(value, Decimal) or (isinstance(value, Text) and not _BRACES.search(value)):
        return str(value), "", ""
    return None, "只能引用一个数或一段没有引用的文字", ""


def _unknown(message: str, span: Span, hint: str = "") -> Diagnostic:
    return Diagnostic("unknown-reference", message, span, notes=(Note(hint),) if hint else ())
