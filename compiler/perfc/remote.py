"""What travels between a client and the workers of a cluster, and how a worker compiles from that alone."""

from __future__ import annotations

import hashlib
import re
import shutil
import sys
import tempfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field, fields, is_dataclass, replace
from functools import cache
from importlib import metadata
from pathlib import Path
from threading import Lock
from typing import Any

from perfc import fingerprints
from perfc.diagnostic import Diagnostic, Span
from perfc.fingerprints import Watched
from perfc.make import Made, Plan, make
from perfc.source import Source, Sources
from perfc.specs import mentioned

_MOST = 8  # sets of layouts that a worker keeps, for builds that take turns

_alone = Lock()  # one compilation at a time in a process: threads would share caches and gain nothing
_unpacked: dict[str, Path] = {}


@dataclass(frozen=True)
class Layouts:
    """All folders of layouts and the settings, each with its name at the client, and the files in them."""

    digest: str
    names: tuple[str, ...]
    settings: str
    files: dict[str, bytes]


@dataclass(frozen=True)
class Job:
    """A spec, and all that is known of the files which its compilation may ask for."""

    file: str
    beginning: str
    base: str
    strict: bool
    public: bool
    read: dict[str, tuple[Source | None, tuple[Diagnostic, ...]]] = field(default_factory=dict)
    found: dict[tuple[str, str], list[str]] = field(default_factory=dict)

    def take(self, names: Iterable[str], patterns: Iterable[tuple[str, str]]) -> None:
        """Take files along, those that match patterns, and those that any of them seems to mention."""
        sources = Sources()
        names, patterns = [*names], [*patterns]
        while names or patterns:
            if patterns:
                pattern = patterns.pop()
                self.found[pattern] = sources.find(*pattern)
                names += self.found[pattern]
            elif (name := names.pop()) not in self.read:
                source, _ = self.read[name] = sources.read(name)
                more = mentioned(source) if source else ((), ())
                names += more[0]
                patterns += (pattern for pattern in more[1] if pattern not in self.found)


@dataclass(frozen=True)
class Answer:
    """What a worker says: in what it differs from the client, or which files and patterns it lacks, or what it made.

    `killed` is said in its stead: so many workers died while they had the spec that Dask gave up.
    """

    differing: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    patterns: tuple[tuple[str, str], ...] = ()
    made: Made | None = None
    killed: bool = False
    worker: str = ""


class _Sent(Watched):
    """Sources that were sent to a worker; what is asked for and was not sent is noted."""

    def __init__(self, job: Job) -> None:
        super().__init__(job.beginning)
        self.job = job

    def read(self, name: str) -> tuple[Source | None, tuple[Diagnostic, ...]]:
        self.tried.setdefault(name)
        source, found = self.job.read.get(name, (None, ()))
        if source:
            self[name] = source
        return source, found

    def find(self, pattern: str, beside: str) -> list[str]:
        found = self.sought[pattern, beside] = self.job.found.get((pattern, beside), [])
        return found


def packed(plan: Plan) -> Layouts:
    """All folders of layouts and the settings, as they are now; raises OSError."""
    files = {
        f"{number}/{path.relative_to(folder).as_posix()}": path.read_bytes()
        for number, folder in enumerate(plan.layouts)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
    if (settings := Path(plan.settings)).exists():
        files["settings"] = settings.read_bytes()
    names = tuple(folder.as_posix() for folder in plan.layouts)
    digest = hashlib.sha256(repr((names, plan.settings, files)).encode()).hexdigest()
    return Layouts(digest, names, plan.settings, files)


@cache
def identity() -> dict[str, str]:
    """What the bytes of documents depend on beside what travels."""
    needed = [re.split(r"[^\w.-]", one)[0] for one in metadata.requires("perfc") or () if "extra" not in one]
    versions = {name: metadata.version(name) for name in needed}
    python = ".".join(map(str, sys.version_info[:2]))
    return {"perfc": fingerprints.own(), "Python": python, "zlib": zlib.ZLIB_RUNTIME_VERSION, **versions}


def compiled(theirs: dict[str, str], layouts: Layouts, job: Job, within: Path) -> Answer:
    """Compile a spec from what was sent alone, with the layouts unpacked in a folder of the worker's."""
    own = identity()
    if differing := [name for name in theirs | own if theirs.get(name) != own.get(name)]:
        return Answer(tuple(differing))
    with _alone:
        root = _folder(layouts, within)
        folders = tuple(root / str(number) for number in range(len(layouts.names)))
        settings = (root / "settings").as_posix()
        sources = _Sent(job)
        made = make(Plan(Path(), folders, job.base, job.strict, job.public, settings=settings), job.file, sources)
    names = tuple(name for name in sources.tried if name not in job.read)
    patterns = tuple(pattern for pattern in sources.sought if pattern not in job.found)
    if names or patterns:
        return Answer(names=names, patterns=patterns)
    here = {f"{folder.as_posix()}/": f"{name}/" for folder, name in zip(folders, layouts.names, strict=True)}
    return Answer(made=_renamed(made, {**here, settings: layouts.settings}))


def _folder(layouts: Layouts, within: Path) -> Path:
    """Where the layouts are unpacked; of many sets only the last are kept."""
    from perfc import layout

    if layouts.digest not in _unpacked:
        if len(_unpacked) == _MOST:
            for old in _unpacked.values():
                shutil.rmtree(old, ignore_errors=True)
            _unpacked.clear()
            layout.forget()
            fingerprints.forget()
        root = Path(tempfile.mkdtemp(prefix="perfc-", dir=within))
        for name, content in layouts.files.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_bytes(content)
        _unpacked[layouts.digest] = root
    return _unpacked[layouts.digest]


def _renamed(value: Any, names: dict[str, str]) -> Any:
    """A value in which the folders of a worker have the names that they have at the client."""
    if type(value) is str:
        for here, there in names.items():
            value = value.replace(here, there)
        return value
    if isinstance(value, tuple):
        inner = (_renamed(one, names) for one in value)
        return type(value)(*inner) if isinstance(value, Span) else tuple(inner)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{one.name: _renamed(getattr(value, one.name), names) for one in fields(value)})
    return value
