"""Which files are specs, told from their texts without reading them as YAML."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from perfc.diagnostic import Diagnostic, Note
from perfc.source import INCLUDE, Refused, Source, Sources

_SPEC = re.compile(r"^版式[ \t]*:", re.MULTILINE)
_INCLUDES = re.compile(rf"{INCLUDE}[ \t]*:[ \t]*[\"']?([^\"'\s}}#,]+)")
_FROM = re.compile(r"#[ \t]*perfc:[ \t]*from[ \t]+([^\s/][^\r\n]*[^\s])")
_SUFFIXES = (".yaml", ".yml")


@dataclass(frozen=True, slots=True)
class Spec:
    """A spec: its file, and its folder below the path that was given."""

    file: str
    folder: Path


def find(paths: Iterable[Path]) -> tuple[list[Spec], tuple[Diagnostic, ...]]:
    """The specs at the paths, sorted, and the YAML files among them that are no part of any; raises Refused.

    Of thousands of specs no text is kept.
    """
    specs: list[Spec] = []
    found: list[Diagnostic] = []
    for path in paths:
        if path.is_file():
            specs.append(Spec(path.as_posix(), Path()))
        elif path.is_dir():
            specs += _within(path, found)
        else:
            raise Refused(f"没有这个文件或文件夹：{path.as_posix()}")
    if not specs and not found:
        raise Refused(f"{'、'.join(path.as_posix() for path in paths)} 中没有规格（*.yaml）")
    return list({spec.file: spec for spec in specs}.values()), tuple(found)


def mentioned(source: Source) -> tuple[list[str], list[tuple[str, str]]]:
    """The files that a spec seems to name as its origins, and the patterns of those that it seems to include."""
    folder = Path(source.name).parent
    origins = [Path(os.path.normpath(folder / name)).as_posix() for name in _FROM.findall(source.text)]
    return origins, [(pattern, source.name) for pattern in _INCLUDES.findall(source.text)]


def _within(folder: Path, found: list[Diagnostic]) -> Iterator[Spec]:
    """The specs below a folder; a YAML file that is none and that none includes is a finding."""
    files = sorted(path for path in folder.rglob("*") if path.suffix.lower() in _SUFFIXES and path.is_file())
    files = [path for path in files if not any(part.startswith(".") for part in path.relative_to(folder).parts)]
    is_spec: dict[Path, bool | None] = {}  # None: it cannot be read
    parts: set[str] = set()
    for path in files:
        source, _ = Sources().read(path.as_posix())
        is_spec[path] = bool(_SPEC.search(source.text)) if source else None
        for pattern in _INCLUDES.findall(source.text) if source else ():
            parts.update(Sources().find(pattern, path.as_posix()))
    for path in files:
        if is_spec[path] or (is_spec[path] is None and path.as_posix() not in parts):
            yield Spec(path.as_posix(), path.parent.relative_to(folder))
        elif path.as_posix() not in parts:
            found += _stray(path.as_posix())


def _stray(file: str) -> Iterator[Diagnostic]:
    source, _ = Sources().read(file)
    if source:
        hint = Note("规格的第一行写 版式: …；项目文件由主文件的 引用: 列入")
        message = "这个文件没有写“版式”，也没有被哪份规格引用"
        yield Diagnostic("unknown-layout", message, source.line_span(0), notes=(hint,))
