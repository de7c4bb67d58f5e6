"""A bar on the terminal while many documents are made: how many are done, how fast, how long yet, which is next."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from time import monotonic

_FEW = 5  # files that take no time worth a bar


@contextmanager
def bar(files: Sequence[str]) -> Iterator[tuple[Callable[[], None], Callable[[str], None] | None]]:
    """A function to be called as each file is done, and one that writes lines above the bar.

    Where nobody looks, or little is to be done, there is no bar and no second function.
    """
    if len(files) <= _FEW or not sys.stderr.isatty():
        yield (lambda: None), None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
    from rich.table import Column
    from rich.text import Text

    file = Column(no_wrap=True, overflow="ellipsis", ratio=1)
    progress = Progress(
        BarColumn(30),
        TextColumn("{task.completed:.0f}/{task.total:.0f} 份", markup=False),
        TextColumn("每秒 {task.fields[rate]:.1f} 份  还要", markup=False),
        TimeRemainingColumn(compact=True),
        TextColumn("{task.fields[file]}", markup=False, table_column=file),
        console=Console(stderr=True),
        transient=True,
        redirect_stdout=False,
        redirect_stderr=False,
        expand=True,
    )
    start, done = monotonic(), 0
    with progress:
        task = progress.add_task("", total=len(files), rate=0.0, file=files[0])

        def step() -> None:
            nonlocal done
            done += 1
            rate = done / max(monotonic() - start, 0.001)
            progress.update(task, completed=done, rate=rate, file=files[min(done, len(files) - 1)])

        def above(text: str) -> None:
            progress.console.print(Text.from_ansi(text.rstrip("\n")), soft_wrap=True)

        yield step, above
