"""The names of documents, and whether they can be used."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from perfc.diagnostic import Diagnostic, Note, Span
from perfc.source import Sources
from perfc.specs import Spec

_FORBIDDEN = re.compile(r'[<>:"/\\|?*\0-\x1f\u200b-\u200f\ufeff\u202a-\u202e\u2066-\u2069]')
_RESERVED = re.compile(r"(?i)(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?")
_LONGEST = 80  # characters of a title; with its ending in UTF-8 within the 255 bytes of a file name


def unusable(title: str) -> str | None:
    """Why a title cannot be a file's name on Windows."""
    if match := _FORBIDDEN.search(title):
        return f"文件名“{title}”含有不能用的字符 {match.group()!r}"
    if _RESERVED.fullmatch(title) or title.endswith(".") or title.startswith("."):
        return f"“{title}”不能用作文件名"
    if len(title) > _LONGEST:
        return f"文件名有 {len(title)} 字，最多 {_LONGEST} 字"
    return None


def taken(path: Path, spec: Spec, names: dict[str, Spec]) -> str | None:
    """Whether another spec's document has the same path, on systems that ignore case."""
    first = names.setdefault(str(path).casefold(), spec)
    return None if first is spec else f"与 {first.file} 生成同一个文件：{path.as_posix()}"


def problem(titles: Sequence[str], folder: Path, spec: Spec, names: dict[str, Spec]) -> str | None:
    """Why the documents of a spec cannot have these titles; `folder` is where they go."""
    for place, title in enumerate(titles):
        if title.casefold() in (one.casefold() for one in titles[:place]):
            return f"两个版式生成同一个文件：{(folder / title).as_posix()}.docx"
        if wrong := unusable(title) or taken(folder / f"{title}.docx", spec, names):
            return wrong
    return None


def unnamed(spec: Spec, wrong: str) -> Diagnostic:
    """What is wrong with the name of a spec's document."""
    return Diagnostic("output-name", wrong, top(spec), notes=(Note("文件名取自版式的 <title>"),))


def top(spec: Spec) -> Span:
    """The first line of a spec."""
    source, _ = Sources().read(spec.file)
    return source.line_span(0) if source else Span(spec.file, 0, 0)
