"""JSON Schema errors in Chinese, each at its key, all in one run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urldefrag, urljoin

from perfc.diagnostic import Diagnostic, Note, Span, nearest
from perfc.load import Map, Number, Seq, Text
from perfc.vocabulary import maps

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError
    from jsonschema.protocols import Validator

# What a value should be, in words, by the schema's name of the type.
_TYPES = {
    "object": "一组“键: 值”",
    "array": "一个列表（每项以“- ”开头）",
    "string": "文字",
    "number": "数",
    "integer": "整数",
    "boolean": "“true”或“false”",
}


@dataclass(frozen=True, eq=False)
class Schema:
    """A JSON Schema: `labels` are all keys that it knows at any depth.

    `accepts` tells at once whether it accepts a value, and may say no in doubt; `judge` makes the validator that
    says why, which is slow to make and to run.
    """

    labels: frozenset[str]
    accepts: Callable[[Any], bool]
    judge: Callable[[], Validator]


def read(contents: Any, uri: str, retrieve: Callable[[str], Any]) -> Schema:
    """A schema from its contents; `retrieve` gives those of the schemas that it refers to, by URI.

    Raises whatever the libraries raise where the schema is wrong.
    """
    import jsonschema_rs

    judge = cache(lambda: _validator(_files(contents, uri, retrieve), uri, retrieve))
    try:
        ascii_only = {**_ascii_references(contents), "$id": quote(uri, safe=":/")}
        quick = jsonschema_rs.Draft202012Validator(ascii_only, retriever=lambda uri: _ascii_references(retrieve(uri)))
    except Exception:
        judge()  # whose exceptions say where the mistake is
        raise
    nodes = [node for file in _files(contents, uri, retrieve).values() for node in _nodes(file)]
    labels = frozenset(key for node in nodes for key in node.get("properties", ()))
    doubtful = any("exclusiveMinimum" in node for node in nodes)  # see _BESIDE
    return Schema(labels, lambda value: not doubtful and quick.is_valid(_plain(value)), judge)


def check(spec: Map, schema: Schema, others: tuple[Schema, ...] = ()) -> tuple[Diagnostic, ...]:
    """What a schema does not accept in a spec; a key that it does not know may be one that another of them knows."""
    wrong = list(_empty_and_unknown(spec, schema.labels.union(*(one.labels for one in others))))
    if not schema.accepts(spec):
        strange = [_strange(spec, one) for one in others]
        errors = list(schema.judge().iter_errors(spec))
        # What a mapping has to have may turn on yes or no; where neither is written, nothing follows.
        undecided = {tuple(one.absolute_path)[:-1] for one in errors if one.validator_value == "boolean"}
        for error in errors:
            at = tuple(error.absolute_path)
            if at in undecided and not {"then", "else"}.isdisjoint(error.relative_schema_path):
                continue
            near = {key for one in strange for path, known in one.items() if path[:-1] == at for key in known}
            wrong += _explain(error, spec, frozenset(near))
    found = {(one.message, one.span): one for one in wrong}
    return tuple(sorted(found.values(), key=lambda one: one.span))


def without_strange(spec: Map, schema: Schema, others: tuple[Schema, ...]) -> Map:
    """A spec without the keys that a schema does not know and another one does."""
    strange = _strange(spec, schema)
    if not strange:
        return spec
    theirs = [_strange(spec, one) for one in others]
    known = {
        path for path in strange if any(all(path[:end] not in one for end in range(1, len(path) + 1)) for one in theirs)
    }
    return _without(spec, known, ()) if known else spec


def _strange(spec: Map, schema: Schema) -> dict[tuple[Any, ...], frozenset[str]]:
    """The paths of the keys that a schema does not know, each with the keys that it knows in their place."""
    found: dict[tuple[Any, ...], frozenset[str]] = {}
    for error in () if schema.accepts(spec) else schema.judge().iter_errors(spec):
        if error.validator == "additionalProperties":
            holder: Any = error.instance
            parent: Any = error.schema
            known = frozenset(parent.get("properties", ()))
            found |= {(*error.absolute_path, key): known for key in holder if key not in known}
    return found


def _without(value: Any, paths: set[tuple[Any, ...]], at: tuple[Any, ...]) -> Any:
    """A copy of a value without the keys at these paths."""
    if isinstance(value, Seq):
        items = Seq(value.span)
        items.extend(_without(inner, paths, (*at, place)) for place, inner in enumerate(value))
        items.value_spans = value.value_spans
        return items
    if not isinstance(value, Map):
        return value
    left = Map(value.span)
    left.update((key, _without(inner, paths, (*at, key))) for key, inner in value.items() if (*at, key) not in paths)
    left.key_spans = {key: span for key, span in value.key_spans.items() if (*at, key) not in paths}
    left.value_spans = {key: span for key, span in value.value_spans.items() if (*at, key) not in paths}
    return left


def _validator(files: Mapping[str, Any], uri: str, retrieve: Callable[[str], Any]) -> Validator:
    from jsonschema import Draft202012Validator, validators
    from referencing import Registry, Resource
    from referencing.jsonschema import DRAFT202012

    def resource(contents: Any) -> Resource[Any]:
        # A schema that names its dialect is validated by jsonschema's own class for it, not by the one made below.
        return DRAFT202012.create_resource({key: value for key, value in contents.items() if key != "$schema"})

    def is_integer(_: Any, value: Any) -> bool:
        return isinstance(value, Number) and "." not in str(value)

    Draft202012Validator.check_schema(files[uri])
    types = Draft202012Validator.TYPE_CHECKER.redefine("integer", is_integer)
    extended: Any = validators.extend(Draft202012Validator, type_checker=types)  # type: ignore[no-untyped-call]
    # The retrieve parameter of Registry is absent from its generated signature.
    registry: Registry[Any] = Registry(retrieve=lambda uri: resource(retrieve(uri)))  # type: ignore[call-arg]
    # What it retrieves itself, it retrieves for each reference anew; that is left to what is not there.
    known = registry.with_resources((name, resource(contents)) for name, contents in files.items()).crawl()
    made: Validator = extended({"$ref": uri}, registry=known)
    return made


# 4.00 is no integer here, as nobody writes 2024.00 for a year. JSON has one number for both, so that the quick
# validator is told of a number beside it; one that only this makes wrong is put right by the slow one.
_BESIDE = Decimal("1e-10")


def _plain(value: Any) -> Any:
    """A value as the quick validator takes it, which refuses subclasses of `str`."""
    if isinstance(value, Text):
        return str(value)
    if isinstance(value, Map):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, Seq):
        return [_plain(inner) for inner in value]
    if isinstance(value, Number):
        return value + _BESIDE if "." in (written := str(value)) else int(written)
    return value


def _ascii_references(value: Any) -> Any:
    """A schema whose references are URIs by the letter of the standard, without Chinese in them."""
    if isinstance(value, dict):
        return {
            key: quote(inner, safe="#/:$%") if key == "$ref" and isinstance(inner, str) else _ascii_references(inner)
            for key, inner in value.items()
        }
    return [_ascii_references(inner) for inner in value] if isinstance(value, list) else value


def _files(contents: Any, uri: str, retrieve: Callable[[str], Any]) -> dict[str, Any]:
    """A schema and those that it refers to, as far as they are there, by their URIs."""
    files = {uri: contents}
    waiting = [uri]
    while waiting:
        at = waiting.pop()
        for node in _nodes(files[at]):
            refers = node.get("$ref", "#")
            name = urldefrag(urljoin(at, refers)).url if isinstance(refers, str) else uri
            if name not in files:
                with suppress(OSError, ValueError):
                    files[name] = retrieve(name)
                    waiting.append(name)
    return files


def _nodes(value: Any) -> Iterator[dict[str, Any]]:
    """Every mapping in a schema."""
    if isinstance(value, dict):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _nodes(inner)


def _empty_and_unknown(spec: Map, labels: frozenset[str]) -> Iterator[Diagnostic]:
    """Unknown keys without a value, which the schema does not see."""
    for one in maps(spec):
        if not one.key_spans.keys() <= one.keys():
            for key, span in one.key_spans.items():
                if key not in one and key not in labels:
                    yield _unknown(key, "这里", labels, span)


def _explain(error: ValidationError, spec: Map, near: frozenset[str]) -> Iterator[Diagnostic]:
    """The findings for an error; `near` are the keys that other schemas know in its place."""
    holder: Any = None
    value: Any = spec
    span, key = spec.span, ""
    for step in error.absolute_path:
        holder, value = value, value[step]
        span = holder.value_spans[step]
        key = str(step) if isinstance(holder, Map) else f"{key}第 {int(step) + 1} 项"
    if error.validator == "additionalProperties":
        yield from _additional(error, value, f"“{key}”" if key else "规格", near)
        return
    of_a_name = "propertyNames" in error.relative_schema_path
    by_keyword = _names if of_a_name else _EXPLAINED.get(str(error.validator), _other)
    yield from by_keyword(error, value, f"“{key}”" if key else "规格", span)


def _finding(message: str, span: Span, *notes: str | None) -> Diagnostic:
    return Diagnostic("schema", message, span, notes=tuple(Note(note) for note in notes if note))


def _meaning(schema: Any, key: str) -> str | None:
    """What a key is for, in the schema's own words."""
    said = schema.get("properties", {}).get(key, {}).get("description") if isinstance(schema, dict) else None
    return f"{key}：{said}" if said else None


def _required(error: ValidationError, value: Any, name: str, span: Span) -> Iterator[Diagnostic]:
    schema: Any = error.schema
    required: Any = error.validator_value
    known = schema.get("properties", value)
    unknown = {nearest(key, known) for key in value.key_spans if key not in known}
    for key in required:
        if key in value or key in unknown:
            continue
        if key in value.key_spans:
            yield _finding(f"“{key}”没有填写", value.key_spans[key], _meaning(schema, key))
        else:
            yield _finding(f"{name}缺少“{key}”", _first_line(value, span), _meaning(schema, key))


def _first_line(value: Map, span: Span) -> Span:
    """Where a mapping begins: its first key, rather than all of its lines."""
    return next(iter(value.key_spans.values()), span)


def _additional(error: ValidationError, value: Any, name: str, near: frozenset[str]) -> Iterator[Diagnostic]:
    schema: Any = error.schema
    known = schema.get("properties", {})
    for key in value:
        if key not in known:
            yield _unknown(key, name, {*known, *near}, value.key_spans[key])


def _unknown(key: str, name: str, known: Iterable[str], span: Span) -> Diagnostic:
    near = nearest(key, known)
    hint = f"是不是“{near}”？" if near else f"可以写：{'、'.join(sorted(known))}"
    return _finding(f"{name}没有“{key}”这一项", span, hint)


def _names(error: ValidationError, value: Any, name: str, span: Span) -> Iterator[Diagnostic]:
    schema: Any = error.schema
    key = str(error.instance)
    yield _finding(f"{name}不能有“{key}”这一项", value.key_spans[key], schema.get("description"))


def _type(error: ValidationError, value: Any, name: str, span: Span) -> Iterator[Diagnostic]:
    types: Any = error.validator_value
    wanted = types if isinstance(types, list) else [types]
    words = "或".join(_TYPES[one] for one in wanted)
    schema: Any = error.schema
    shown = "一个列表" if isinstance(value, Seq) else "一组键值" if isinstance(value, Map) else _shown(value)
    at = _first_line(value, span) if isinstance(value, Map) else span
    yield _finding(f"{name}应是{words}，现在是{shown}", at, schema.get("description"))


def _shown(value: Any) -> str:
    if value is None:
        return "空的"
    if isinstance(value, bool):
        return str(value).lower()
    text = str(value).replace("\n", "⏎")
    return f"“{text if len(text) <= 30 else text[:30] + '…'}”"


def _pattern(error: ValidationError, value: Any, name: str, span: Span) -> Iterator[Diagnostic]:
    schema: Any = error.schema
    yield _finding(f"{name}的值{_shown(value)}不合要求", span, schema.get("description"))


def _bounds(error: ValidationError, value: Any, name: str, span: Span) -> Iterator[Diagnostic]:
    words = {
        "minimum": "不能小于",
        "maximum": "不能大于",
        "exclusiveMinimum": "应大于",
        "exclusiveMaximum": "应小于",
        "minLength": "的字数不能少于",
        "maxLength": "的字数不能多于",
        "minItems": "的项数不能少于",
        "maxItems": "的项数不能多于",
        "minProperties": "的项数不能少于",
        "maxProperties": "的项数不能多于",
    }[str(error.validator)]
    is_collection = isinstance(value, Map | Seq)
    shown = f" {len(value)} 项" if is_collection else f" {len(value)} 字" if "字数" in words else _shown(value)
    schema: Any = error.schema
    yield _finding(f"{name}{words} {error.validator_value}，现在是{shown}", span, schema.get("description"))


def _enum(error: ValidationError, value: Any, name: str, span: Span) -> Iterator[Diagnostic]:
    allowed: Any = error.validator_value if error.validator == "enum" else [error.validator_value]
    near = nearest(str(value), map(str, allowed))
    hint = f"是不是“{near}”？" if near else None
    yield _finding(f"{name}应是{'、'.join(map(str, allowed))}之一，现在是{_shown(value)}", span, hint)


def _other(error: ValidationError, value: Any, name: str, span: Span) -> Iterator[Diagnostic]:
    schema: Any = error.schema
    yield _finding(f"{name}不合版式的要求（{error.validator}）", span, schema.get("description"))


_EXPLAINED: dict[str, Callable[[ValidationError, Any, str, Span], Iterator[Diagnostic]]] = {
    "required": _required,
    "type": _type,
    "pattern": _pattern,
    "enum": _enum,
    "const": _enum,
    **dict.fromkeys(("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "minLength", "maxLength"), _bounds),
    **dict.fromkeys(("minItems", "maxItems", "minProperties", "maxProperties"), _bounds),
}
