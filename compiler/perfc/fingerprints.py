"""What each document was made of, so that a build need not make again what would come out the same.

One file beside the documents says for each of them what the compilation looked at and a fingerprint of all that.
A compilation is a function of what it looked at, so the same fingerprint means the same document. Losing the file, or
finding nonsense in it, costs the time of making the documents again.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from perfc import places
from perfc.diagnostic import Diagnostic
from perfc.disk import write
from perfc.source import Source, Sources

FILE = ".perfc.json"


@dataclass(frozen=True, slots=True)
class Looked:
    """What a compilation looked at: its layouts, the files that it read, the patterns it sought beside which file.

    The layouts are their names with spaces between.
    """

    layout: str
    read: tuple[str, ...]
    sought: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """A document that a build wrote: its spec, its file's state then, what it was made of, what was found in the spec.

    The findings are as `recall` keeps them. The fingerprint is empty where the document must be made again.
    """

    spec: str
    size: int
    mtime_ns: int
    fingerprint: str
    looked: Looked
    found: str


class Watched(Sources):
    """Sources that know what was looked at in them, found or not; `beginning` is where relative names begin."""

    def __init__(self, beginning: str = "") -> None:
        super().__init__()
        self.beginning = beginning or os.getcwd()
        self.tried: dict[str, None] = {}
        self.sought: dict[tuple[str, str], list[str]] = {}

    def read(self, name: str) -> tuple[Source | None, tuple[Diagnostic, ...]]:
        """As Sources."""
        self.tried.setdefault(name)
        return super().read(name)

    def find(self, pattern: str, beside: str) -> list[str]:
        """As Sources."""
        found = self.sought[pattern, beside] = super().find(pattern, beside)
        return found

    def looked(self, layout: str) -> Looked:
        """All that was looked at so far, and the layout."""
        return Looked(layout, tuple(self.tried), tuple(self.sought))


def base(settings: str, *, strict: bool, public: bool = False) -> str:
    """The fingerprint of what all documents of a build depend on; `settings` names the workspace's settings."""
    digest = hashlib.sha256(_code().encode())
    with suppress(OSError):
        digest.update(Path(settings).read_bytes())
    digest.update(f"\0{strict}\0{public}".encode())
    return digest.hexdigest()


def of_layouts(names: str, within: tuple[Path, ...]) -> str:
    """The fingerprint of the files of layouts, which are named with spaces between."""
    return _hash(of_layout(name, within).encode() for name in names.split() or [""])


@cache
def of_layout(name: str, within: tuple[Path, ...]) -> str:
    """The fingerprint of a layout's files, as they stood when a process first asked."""
    if name not in (known := places.names(within)):
        return _hash(one.encode() for one in known)
    contents = sorted((_below(path, within), path.read_bytes()) for path in places.files(name, within))
    return _hash(part for path, content in contents for part in (path.encode(), content))


def fingerprint(spec: str, sources: Watched, layout: str, base: str) -> str:
    """The fingerprint of a compilation by what it looked at; `layout` is the fingerprint of the layouts' files.

    It does not depend on where the files are, only on where they are from one another.
    """
    folder = os.path.dirname(os.path.join(sources.beginning, spec))

    def relative(name: str) -> str:
        return _relative(os.path.join(sources.beginning, name), folder)

    parts = [base, layout]
    for name in sources.tried:
        parts += [relative(name), sources[name].text if name in sources else "\0"]
    for (pattern, beside), names in sources.sought.items():
        parts += [pattern, relative(beside), str(len(names)), *map(relative, names)]
    return _hash(part.encode("utf-8", "surrogatepass") for part in parts)


def again(spec: str, looked: Looked, within: tuple[Path, ...], base: str) -> str:
    """The fingerprint that a compilation would have now if it looked at the same as before."""
    sources = Watched()
    for name in looked.read:
        sources.read(name)
    for pattern, beside in looked.sought:
        sources.find(pattern, beside)
    return fingerprint(spec, sources, of_layouts(looked.layout, within), base)


@cache
def own() -> str:
    """The fingerprint of perfc's own files, without the layouts that it brings."""
    package = Path(__file__).parent
    apart = {"templates", "__pycache__"}
    files = sorted(path for path in package.rglob("*") if path.is_file())
    files = [path for path in files if not apart & set(path.relative_to(package).parts)]
    return _hash(part for path in files for part in (path.name.encode(), path.read_bytes()))


def absolute(name: str) -> str:
    """The name of a file as the whole machine knows it."""
    return os.path.abspath(name)


def state(document: Path) -> tuple[int, int]:
    """The size of a file and the time of its last change; zeros if there is none."""
    try:
        found = document.stat()
    except OSError:
        return 0, 0
    return found.st_size, found.st_mtime_ns


def remembered(output: Path) -> dict[str, Entry]:
    """What the builds before knew of each document, by its path below the output folder."""
    try:
        entries = json.loads((output / FILE).read_bytes())
        return {document: _read(entry, output) for document, entry in entries.items() if _is_below(document)}
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return {}


def remember(entries: Mapping[str, Entry], output: Path) -> None:
    """Keep what is known of each document for the next build; where that cannot be written, it will take longer."""
    # Piece by piece: as one text it would be the largest thing in memory.
    pieces = [
        f"{',' if number else '{'}\n{json.dumps(name)}: {json.dumps(_written(entries[name], output))}".encode()
        for number, name in enumerate(sorted(entries))
    ]
    with suppress(OSError):
        write([*(pieces or [b"{"]), b"\n}\n"], output / FILE)


def forget() -> None:
    """Look at the files of layouts anew."""
    of_layout.cache_clear()


def _read(entry: Mapping[str, Any], output: Path) -> Entry:
    """An entry of the file; raises what reading nonsense raises."""

    def path(stored: Any) -> str:
        return os.path.normpath(os.path.join(output, stored)).replace(os.sep, "/")

    looked = Looked(
        str(entry["layout"]),
        tuple(path(name) for name in entry["read"]),
        tuple((str(pattern), path(beside)) for pattern, beside in entry["sought"]),
    )
    numbers = int(entry["size"]), int(entry["mtime_ns"])
    return Entry(path(entry["spec"]), *numbers, str(entry["fingerprint"]), looked, str(entry["found"]))


def _written(entry: Entry, output: Path) -> dict[str, Any]:
    """An entry with paths relative to the output folder, so that it holds wherever perfc is called."""
    return {
        "spec": _relative(entry.spec, output),
        "size": entry.size,
        "mtime_ns": entry.mtime_ns,
        "fingerprint": entry.fingerprint,
        "layout": entry.looked.layout,
        "read": [_relative(name, output) for name in entry.looked.read],
        "sought": [[pattern, _relative(beside, output)] for pattern, beside in entry.looked.sought],
        "found": entry.found,
    }


def _is_below(document: str) -> bool:
    path = Path(document)
    return not path.is_absolute() and ".." not in path.parts and path.suffix == ".docx"


@cache
def _code() -> str:
    """The fingerprint of perfc's own files, of Python and of the packages beside those that perfc uses."""
    package = Path(__file__).parent
    place = find_spec("docx")
    beside = Path(place.origin).parents[1] if place and place.origin else package
    installed = sorted(path.name for path in beside.glob("*.dist-info"))
    return _hash(name.encode() for name in (own(), sys.version, *installed))


def _below(path: Path, within: tuple[Path, ...]) -> str:
    return next(path.relative_to(folder).as_posix() for folder in within if path.is_relative_to(folder))


def _relative(name: str, folder: str | Path) -> str:
    try:
        return os.path.relpath(name, folder).replace(os.sep, "/")
    except ValueError:  # on another drive
        return Path(name).absolute().as_posix()


def _hash(parts: Iterable[bytes]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(f"{len(part)}:".encode())
        digest.update(part)
    return digest.hexdigest()
