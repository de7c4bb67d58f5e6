"""Which version of a spec a document is made of: the internal one has everything, the public one nothing secret.

A secret project keeps its content apart, under a key of its own. What else is not for the public, a layout's schema
marks with `"内部": true`.
"""

from __future__ import annotations

from perfc.forms import Form
from perfc.load import Map, Seq
from perfc.vocabulary import CLASSIFIED, CONTENT, Record, is_secret, maps, worded


def internal(spec: Map) -> None:
    """Put the content of secret projects where that of others stands, so that it is checked and printed alike.

    A project that already has such content in the open stays as it is.
    """
    for project in maps(spec):
        content = project.get(CONTENT)
        if isinstance(content, Map) and project.key_spans.keys().isdisjoint(content.key_spans):
            _drop(project, CLASSIFIED)
            _drop(project, CONTENT)
            project.update(content)
            project.key_spans.update(content.key_spans)
            project.value_spans.update(content.value_spans)


def public(record: Record, form: Form) -> None:
    """Drop what the form marks as internal, and all words of secret projects but those under keys that are public."""
    kept = record.settings("classified-content").get("公开", ())
    for project in [one for one in record.projects if is_secret(one)]:
        for path, _ in list(worded(project)):
            if path[0] not in kept:
                _drop(project, path[0])
    _unmarked(record.spec, form)


def _unmarked(value: Map | Seq, form: Form) -> None:
    """Drop what is marked as internal at any depth."""
    if isinstance(value, Map):
        for key in [key for key in value.key_spans if (inner := form.at(key)) and inner.is_internal]:
            _drop(value, key)
    for key, one in value.items() if isinstance(value, Map) else (("", one) for one in value):
        inner = form.at(key) if key else form.items
        if inner and isinstance(one, Map | Seq):
            _unmarked(one, inner)


def _drop(value: Map, key: str) -> None:
    for where in (value, value.key_spans, value.value_spans):
        where.pop(key, None)
