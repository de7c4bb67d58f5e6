"""Waiting until somebody saves a file that documents are made of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import watchfiles

from perfc.fingerprints import state

_IGNORED = (".docx", ".pdf", ".tmp", ".swp")
_QUIET = 100  # milliseconds without a change after which a save is over
_LOOK = 1000  # milliseconds after which the files are looked at that cannot be watched


def changes(paths: Iterable[Path], layouts: Iterable[Path], settings: Path) -> Iterator[set[Path]]:
    """The files that were changed, as often as some are: below the paths and the layouts' folders, or the settings.

    The first time is when watching has begun, for what was saved before. An empty set comes then, and when only the
    settings were changed. Of a path that is a file its folder is watched, because editors put a new file in its place.
    """
    folders = {path if path.is_dir() else path.parent for path in paths if path.exists() or path.parent.is_dir()}
    before: tuple[int, int] | None = None
    for batch in watchfiles.watch(
        *{folder.resolve() for folder in (*folders, *layouts)},
        watch_filter=_matters,
        step=_QUIET,
        rust_timeout=_LOOK,
        yield_on_timeout=True,
    ):
        now = state(settings)
        if batch or now != before:
            yield {Path(path) for _, path in batch}
        before = now


def _matters(_: watchfiles.Change, path: str) -> bool:
    name = Path(path).name
    return not name.startswith(".") and not name.endswith(("~", *_IGNORED))
