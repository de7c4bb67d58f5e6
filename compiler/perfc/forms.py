"""A layout's schema as a tree of the keys that a spec may have, references resolved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urldefrag, urljoin

from perfc import places

_DEPTH = 60  # a schema that refers to itself ends somewhere
_INNER = ("items", "additionalProperties")
_PLAIN = ("required", "type", "description", "enum", "内部")


@dataclass(frozen=True, slots=True)
class Form:
    """What a schema says of a value; `schema` is without references."""

    schema: Mapping[str, Any]

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of a mapping that have names of their own, in the order of the schema."""
        return tuple(self.schema.get("properties", ()))

    @property
    def required(self) -> frozenset[str]:
        """The keys that must be there."""
        return frozenset(self.schema.get("required", ()))

    @property
    def hint(self) -> str:
        """What the value is for."""
        return str(self.schema.get("description", ""))

    @property
    def is_internal(self) -> bool:
        """Whether the value is not for the public."""
        return self.schema.get("内部") is True

    @property
    def items(self) -> Form | None:
        """The form of a list's items."""
        return Form(self.schema["items"]) if "items" in self.schema else None

    @property
    def is_mapping(self) -> bool:
        """Whether the value is a mapping."""
        return "properties" in self.schema

    @property
    def is_amount(self) -> bool:
        """Whether the value is a number to reckon with, rather than a name or a code that may consist of digits."""
        return self.schema.get("type") == "number"

    def at(self, key: str) -> Form | None:
        """The form of a key's value; None where the mapping has no such key."""
        own = self.schema.get("properties", {}).get(key)
        rest = self.schema.get("additionalProperties")
        rest = rest if isinstance(rest, Mapping) else None
        return None if own is None and rest is None else Form(_merged(rest or {}, own or {}))

    def takes(self, value: object, kind: str) -> bool:
        """Whether a value of one of JSON's types can stand here, as far as its type and a list of values say."""
        types = self.schema.get("type", kind)
        listed = self.schema.get("enum")
        fits = kind in ([types] if isinstance(types, str) else types)
        return fits and (listed is None or str(value) in map(str, listed))


@lru_cache(maxsize=64)
def read(name: str, within: tuple[Path, ...]) -> Form:
    """The form of a layout's specs."""

    @cache
    def contents(uri: str) -> Any:
        return places.json_at(uri, within)

    def resolved(node: Any, uri: str, depth: int) -> dict[str, Any]:
        if depth > _DEPTH or not isinstance(node, dict):
            return {}
        own: dict[str, Any] = {key: node[key] for key in _PLAIN if key in node}
        own |= {key: resolved(node[key], uri, depth + 1) for key in _INNER if isinstance(node.get(key), dict)}
        if "properties" in node:
            own["properties"] = {key: resolved(one, uri, depth + 1) for key, one in node["properties"].items()}
        if "$ref" not in node:
            return own
        file, pointer = urldefrag(urljoin(uri, node["$ref"]))
        target = contents(file)
        for step in unquote(pointer).split("/")[1:]:
            target = target[step.replace("~1", "/").replace("~0", "~")]
        return _merged(resolved(target, file, depth + 1), own)

    uri = f"file:///{name}/schema.json"
    return Form(resolved(contents(uri), uri, 0))


def _merged(base: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """Two schemas that both hold; where only one can, the second."""
    both = {**base, **own}
    for key in base.keys() & own.keys():
        if isinstance(base[key], Mapping) and isinstance(own[key], Mapping):
            both[key] = _merged(base[key], own[key])
        elif key == "required":
            both[key] = [*base[key], *own[key]]
    return both
