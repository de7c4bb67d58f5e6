"""Specs to documents on disk: which files are specs, where each document goes, and writing it whole or not at all."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from perfc import office
from perfc.compile import Result, compile_spec
from perfc.diagnostic import Diagnostic, Note, Severity, Span
from perfc.load import INCLUDE
from perfc.policy import Policy
from perfc.source import Sources

_SPEC = re.compile(r"^版式[ \t]*:", re.MULTILINE)
_INCLUDES = re.compile(rf"{INCLUDE}[ \t]*:[ \t]*[\"']?([^\"'\s}}#,]+)")
_SUFFIXES = (".yaml", ".yml")
_FORBIDDEN = re.compile(r'[<>:"/\\|?*\0-\x1f\u200b-\u200f\ufeff\u202a-\u202e\u2066-\u2069]')
_RESERVED = re.compile(r"(?i)(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?")
_LONGEST = 80  # characters of a title; with its ending in UTF-8 within the 255 bytes of a file name


@dataclass(frozen=True, slots=True)
class Spec:
    """A spec to build: its file, and its folder below the path that was given."""

    file: str
    folder: Path


@dataclass(frozen=True, slots=True)
class Built:
    """What became of a spec: its findings, and the document's path if one is to be written."""

    spec: Spec
    result: Result
    path: Path | None


class NoSpecs(Exception):
    """A path holds no specs, or does not exist; the message says so in Chinese."""


def find(paths: Iterable[Path], sources: Sources) -> tuple[list[Spec], tuple[Diagnostic, ...]]:
    """The specs at the paths, sorted, and the YAML files among them that are no part of any; raises NoSpecs."""
    specs: list[Spec] = []
    found: list[Diagnostic] = []
    for path in paths:
        if path.is_file():
            specs.append(Spec(path.as_posix(), Path()))
        elif path.is_dir():
            specs += _within(path, sources, found)
        else:
            raise NoSpecs(f"没有这个文件或文件夹：{path.as_posix()}")
    if not specs and not found:
        raise NoSpecs(f"{'、'.join(path.as_posix() for path in paths)} 中没有规格（*.yaml）")
    return list({spec.file: spec for spec in specs}.values()), tuple(found)


def make(
    specs: Iterable[Spec], output: Path, sources: Sources, layouts: tuple[Path, ...], policy: Policy
) -> Iterator[Built]:
    """Compile each spec; a document whose name or path cannot be used is a finding, and is not to be written."""
    taken: dict[str, Spec] = {}
    for spec in specs:
        result = compile_spec(spec.file, sources, layouts, policy)
        path = output / spec.folder / f"{result.title}.docx"
        if result.docx is None:
            yield Built(spec, result, None)
        elif wrong := _unusable(result.title) or _taken(path, spec, taken):
            span = sources[spec.file].line_span(0)
            finding = Diagnostic("output-name", wrong, span, notes=(Note("文件名取自版式的 <title>"),))
            yield Built(spec, Result(None, result.title, (*result.diagnostics, finding)), None)
        else:
            yield Built(spec, result, path)


def misplaced(result: Result, pdf: bytes, span: Span) -> Iterator[Diagnostic]:
    """The headings of a document that stand on another page of its PDF than perfc says."""
    shown, _ = office.headings(pdf)
    if len(shown) != len(result.headings):
        message = f"PDF 中有 {len(shown)} 个标题，文件中有 {len(result.headings)} 个，无法核对页码"
        yield Diagnostic("page-number", message, span, Severity.WARNING)
        return
    before, last = 0, 0
    for number, ((text, said), (_, page)) in enumerate(zip(result.headings, shown, strict=True)):
        if number == 0 or said < last:  # where the numbers begin anew, the count of what is before does too
            before = page - said
        last = said
        if page - before != said:
            message = f"“{text}”在第 {page - before} 页，perfc 算作第 {said} 页"
            yield Diagnostic("page-number", message, span, Severity.WARNING)


def write(content: bytes, path: Path) -> None:
    """Put a complete file in the place of another, or leave that as it is; raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(prefix=".perfc-", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        umask = os.umask(0)
        os.umask(umask)
        Path(temporary).chmod(0o666 & ~umask)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink()
        raise


def _within(folder: Path, sources: Sources, found: list[Diagnostic]) -> Iterator[Spec]:
    """The specs below a folder; a YAML file that is none and that none includes is a finding."""
    files = sorted(path for path in folder.rglob("*") if path.suffix.lower() in _SUFFIXES and path.is_file())
    files = [path for path in files if not any(part.startswith(".") for part in path.relative_to(folder).parts)]
    read = {path: sources.read(path.as_posix())[0] for path in files}
    includes = {path: _INCLUDES.findall(source.text) if source else [] for path, source in read.items()}
    parts = {
        name
        for path, found_in in includes.items()
        for pattern in found_in
        for name in sources.find(pattern, path.as_posix())
    }
    for path, source in read.items():
        if source is None or _SPEC.search(source.text):
            if source is not None or path.as_posix() not in parts:
                yield Spec(path.as_posix(), path.parent.relative_to(folder))
        elif path.as_posix() not in parts:
            hint = Note("规格的第一行写 版式: …；项目文件由主文件的 引用: 列入")
            message = "这个文件没有写“版式”，也没有被哪份规格引用"
            found.append(Diagnostic("unknown-layout", message, source.line_span(0), notes=(hint,)))


def _unusable(title: str) -> str | None:
    """Why a title cannot be a file's name on Windows."""
    if match := _FORBIDDEN.search(title):
        return f"文件名“{title}”含有不能用的字符 {match.group()!r}"
    if _RESERVED.fullmatch(title) or title.endswith(".") or title.startswith("."):
        return f"“{title}”不能用作文件名"
    if len(title) > _LONGEST:
        return f"文件名有 {len(title)} 字，最多 {_LONGEST} 字"
    return None


def _taken(path: Path, spec: Spec, taken: dict[str, Spec]) -> str | None:
    """Whether another spec's document has the same path, on systems that ignore case."""
    first = taken.setdefault(str(path).casefold(), spec)
    return None if first is spec else f"与 {first.file} 生成同一个文件：{path.as_posix()}"
