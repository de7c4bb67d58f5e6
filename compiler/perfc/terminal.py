"""What commands have in common towards the person at the terminal: lines, colour, files that are saved."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TextIO

from perfc.disk import write
from perfc.source import Refused, reason


def tell(text: str, above: Callable[[str], None] | None = None, *, err: bool = False) -> None:
    """Write whole lines, above the bar if there is one on the same terminal."""
    if above and text and (err or sys.stdout.isatty()):
        above(text)
    else:
        print(text, end="", file=sys.stderr if err else sys.stdout, flush=True)


def coloured(stream: TextIO) -> bool:
    """Whether text for a stream may have colours."""
    return stream.isatty() and "NO_COLOR" not in os.environ


def save(content: bytes, path: Path, done: str = "已生成") -> None:
    """Write a file and say so; raises Refused."""
    try:
        write(content, path)
    except OSError as error:
        raise Refused(f"无法写入 {path.as_posix()}：{reason(error)}") from None
    tell(f"{done} {path.as_posix()}\n")
