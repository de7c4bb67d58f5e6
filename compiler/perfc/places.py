"""Where the settings and the layouts of a workspace are, and which files a layout is made of."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from posixpath import dirname, join, normpath
from typing import Any
from urllib.parse import unquote, urlsplit

_PACKAGE = Path(__file__).parent
_SHIPPED = next(folder for folder in (_PACKAGE / "templates", _PACKAGE.parents[1] / "templates") if folder.is_dir())

SETTINGS = "perfc.toml"
SHARED = "_shared"  # the folder of what all layouts have in common

_LOADS = re.compile(r"\{%[-+]?\s*(?:extends|include|import|from)\s+(.*?)[-+]?%\}", re.DOTALL)
_NAMED = re.compile(r"""(["'])([^"'~]+)\1(?:\s+(?:import|as|with|without|ignore)\s[^~]*)?\s*""")
_REFERENCE = {
    ".json": re.compile(r'"\$ref"\s*:\s*"([^"#]+)'),
    ".css": re.compile(r"""@import\s+["']([^"'\n]+)""", re.IGNORECASE),
}


def folders(workspace: Path) -> tuple[Path, ...]:
    """Where layouts are looked for: the workspace's own first, then those that perfc brings."""
    own = workspace / "templates"
    return (own, _SHIPPED) if own.is_dir() and own.resolve() != _SHIPPED.resolve() else (_SHIPPED,)


def names(within: tuple[Path, ...]) -> list[str]:
    """The names of all layouts in the folders."""
    pages = (page.parent.relative_to(folder) for folder in within for page in folder.glob("**/page.html"))
    return sorted({page.as_posix() for page in pages if not page.as_posix().startswith("_")})


def files(name: str, within: tuple[Path, ...]) -> list[Path]:
    """The files that a layout may be made of, sorted: its own, the shared ones, and those of others that it names.

    Where a layout works out the name of another, that may be any.
    """
    todo = [path for start in (name, SHARED) for path in _below(start, within)]
    found: set[Path] = set()
    while todo:
        path = todo.pop()
        if path in found:
            continue
        found.add(path)
        for other in _others(path, within):
            todo += (folder / other for folder in within if _is_file(folder / other))
    return sorted(found)


def first(name: str, within: tuple[Path, ...]) -> Path | None:
    """The file of a name in the first of the folders that has it; a name that leads out of them has none."""
    files = (folder / name for folder in within if ".." not in name.split("/"))
    return next((file for file in files if _is_file(file)), None)


def json_at(uri: str, within: tuple[Path, ...]) -> Any:
    """What is in a JSON file by its URI, whose path begins at the folders; raises OSError or ValueError."""
    name = unquote(urlsplit(uri).path).lstrip("/")
    if (file := first(name, within)) is None:
        raise FileNotFoundError(name)
    return json.loads(file.read_text("utf-8"))


def _is_file(path: Path) -> bool:
    """Whether there is such a file; a name that cannot be one is none."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def _below(start: str, within: tuple[Path, ...]) -> list[Path]:
    return [path for folder in within for path in (folder / start).rglob("[!.]*") if path.is_file()]


def _others(path: Path, within: tuple[Path, ...]) -> Iterator[str]:
    """The files that a page, a style sheet or a schema names, below the folders of layouts."""
    if path.suffix == ".html":
        for said in _LOADS.findall(path.read_text("utf-8", "replace")):
            if match := _NAMED.fullmatch(said):
                yield match[2]
            else:
                yield from (one.relative_to(folder).as_posix() for folder in within for one in _below("", (folder,)))
    elif path.suffix in _REFERENCE:
        for said in _REFERENCE[path.suffix].findall(path.read_text("utf-8", "replace")):
            yield beside(said, path, within)


def beside(said: str, path: Path, within: tuple[Path, ...]) -> str:
    """What a file in one of the folders means by a relative path: a name below the folders."""
    own = next(path.relative_to(folder) for folder in within if path.is_relative_to(folder)).as_posix()
    return normpath(join("/", dirname(own), said.removeprefix("file://"))).lstrip("/")
