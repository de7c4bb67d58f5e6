"""Writing files whole or not at all."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path

_TEMPORARY = ".perfc-"  # how the names of files begin that are not complete yet


def write(content: bytes | list[bytes], path: Path) -> None:
    """Put a complete file, whole or in pieces, in the place of another, or leave that as it is; raises OSError."""
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


def _replace(content: bytes | list[bytes], path: Path) -> None:
    # Named before it is made, so that it is found again whenever an interruption comes.
    temporary = path.with_name(f"{_TEMPORARY}{secrets.token_hex(8)}")
    try:
        with temporary.open("xb") as file:
            file.writelines([content] if isinstance(content, bytes) else content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
