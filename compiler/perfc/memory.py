"""Python's collection of garbage, which takes a third of the time of a compilation in a process that holds much."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Garbage waits: all that a compilation makes is in use to its end, and looking through it takes time."""
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if before:
            gc.enable()
