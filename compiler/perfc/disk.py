"""Writing files whole or not at all."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path

_TEMPORARY = ".perfc-"  # how the names of files begin that are not complete yet


def write(content: bytes, path: Path) -> None:
    """Put a complete file in the place of another, or leave that as it is; raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        _replace(content, path)
    except FileNotFoundError:  # another build that began just now took it for a leftover
        _replace(content, path)


def sweep(folder: Path) -> None:
    """Remove what a killed run has left in a folder."""
    for path in folder.glob(f"{_TEMPORARY}*"):
        with suppress(OSError):
            path.unlink()


def _replace(content: bytes, path: Path) -> None:
    handle, temporary = tempfile.mkstemp(prefix=_TEMPORARY, dir=path.parent)
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
        Path(temporary).unlink(missing_ok=True)
        raise
