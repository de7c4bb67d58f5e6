"""A function applied to many items by several processes, with the results in the order of the items."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from threading import Thread
from typing import TYPE_CHECKING, TypeVar

from perfc.source import Refused

if TYPE_CHECKING:
    from concurrent.futures import Future, ProcessPoolExecutor

_T = TypeVar("_T")
_R = TypeVar("_R")
_WORTH = 3  # items that take as long as starting a process that knows how to treat them
_MOST = 61  # processes that Windows can wait for


def in_order(function: Callable[[_T], _R], items: Sequence[_T], jobs: int) -> Generator[_R]:
    """The results of a function of a module, in the order of the items; with one job, or few items, in this process.

    At most twice as many items as processes are under way. When the caller stops, or is interrupted, the processes
    end at once. Raises Refused.
    """
    jobs = min(jobs, len(items) // _WORTH, _MOST)
    if jobs <= 1:
        yield from map(function, items)
        return
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool

    # spawn: the only way on Windows, and the same everywhere
    pool = ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn"), _prepare)
    try:
        yield from _results(function, items, pool, 2 * jobs)
    except BrokenProcessPool:
        raise Refused("一个编译进程意外退出（多半是内存不够，或被系统终止）；可用 --jobs 1 再试") from None
    except BaseException:
        for process in multiprocessing.active_children():
            process.terminate()
        raise
    finally:
        pool.shutdown(cancel_futures=True)


def _results(
    function: Callable[[_T], _R], items: Iterable[_T], pool: ProcessPoolExecutor, under_way: int
) -> Iterator[_R]:
    waiting: deque[Future[_R]] = deque()
    for item in items:
        if len(waiting) == under_way:
            yield waiting.popleft().result()
        with _uninterrupted():
            waiting.append(pool.submit(function, item))
    while waiting:
        yield waiting.popleft().result()


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Ctrl-C waits; a process that is started now never hears of it, not even before it runs any code of ours."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _prepare() -> None:
    """In a worker: leave Ctrl-C to the parent, and end with it however it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_follow, daemon=True).start()


def _follow() -> None:
    parent = multiprocessing.parent_process()
    if parent:
        parent.join()
        os._exit(1)
