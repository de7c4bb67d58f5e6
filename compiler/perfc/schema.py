"""JSON Schema errors in Chinese, each at its key, all in one run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from perfc.diagnostic import Diagnostic, Note, Span, nearest
from perfc.load import Map, Number, Seq

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


def validator(schema: Any, uri: str, retrieve: Callable[[str], Any]) -> Validator:
    """A validator for a layout's schema; `retrieve` gives the contents of the schemas that it refers to, by URI."""
    from jsonschema import Draft202012Validator, validators
    from referencing import Registry, Resource
    from referencing.jsonschema import DRAFT202012

    def resource(contents: Any) -> Resource[Any]:
        # A schema that names its dialect is validated by jsonschema's own class for it, not by the one made below.
        return DRAFT202012.create_resource({key: value for key, value in contents.items() if key != "$schema"})

    def is_integer(_: Any, value: Any) -> bool:
        return isinstance(value, Number) and "." not in str(value)

    Draft202012Validator.check_schema(schema)
    types = Draft202012Validator.TYPE_CHECKER.redefine("integer", is_integer)
    extended: Any = validators.extend(Draft202012Validator, type_checker=types)  # type: ignore[no-untyped-call]
    # The retrieve parameter of Registry is absent from its generated signature.
    registry: Registry[Any] = Registry(retrieve=lambda uri: resource(retrieve(uri)))  # type: ignore[call-arg]
    made: Validator = extended({"$ref": uri}, registry=registry.with_resource(uri, resource(schema)))
    return made


def check(spec: Map, schema: Validator, labels: frozenset[str]) -> tuple[Diagnostic, ...]:
    """What the schema does not accept in a spec; `labels` are all keys that the schema knows at any depth."""
    wrong = [one for error in schema.iter_errors(spec) for one in _explain(error, spec)]
    wrong += _empty_and_unknown(spec, labels)
    found = {(one.message, one.span): one for one in wrong}
    return tuple(sorted(found.values(), key=lambda one: one.span))


def _empty_and_unknown(value: Any, labels: frozenset[str]) -> Iterator[Diagnostic]:
    """Unknown keys without a value, which the schema does not see."""
    if isinstance(value, Map):
        for key, span in value.key_spans.items():
            if key not in value and key not in labels:
                yield _unknown(key, "这里", labels, span)
    for inner in value.values() if isinstance(value, Map) else value if isinstance(value, Seq) else ():
        yield from _empty_and_unknown(inner, labels)


def _explain(error: ValidationError, spec: Map) -> Iterator[Diagnostic]:
    holder: Any = None
    value: Any = spec
    span, key = spec.span, ""
    for step in error.absolute_path:
        holder, value = value, value[step]
        span = holder.value_spans[step]
        key = str(step) if isinstance(holder, Map) else f"{key}第 {int(step) + 1} 项"
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


def _additional(error: ValidationError, value: Any, name: str, span: Span) -> Iterator[Diagnostic]:
    schema: Any = error.schema
    known = schema.get("properties", {})
    for key in value:
        if key not in known:
            yield _unknown(key, name, known, value.key_spans[key])


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
    "additionalProperties": _additional,
    "type": _type,
    "pattern": _pattern,
    "enum": _enum,
    "const": _enum,
    **dict.fromkeys(("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "minLength", "maxLength"), _bounds),
    **dict.fromkeys(("minItems", "maxItems", "minProperties", "maxProperties"), _bounds),
}
