"""A function applied to many items by several processes, with the results in the order of the items."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from threading import Thread
from typing import TYPE_CHECKING, TypeVar

from perfc.source import Refused

if TYPE_CHECKING:
    from concurrent.futures import Future, ProcessPoolExecutor

_T = TypeVar("_T")
_R = TypeVar("_R")
_WORTH = 3  # items that take as long as starting a process that knows how to treat them
_MOST = 61  # processes that Windows can wait for

DIED = "编译它的进程意外退出（多半是内存不够，或被系统终止）"


def in_order(
    function: Callable[[_T], _R], items: Sequence[_T], jobs: int, lost: Callable[[_T], _R] | None = None
) -> Generator[_R]:
    """The results of a function of a module, in the order of the items; with one job, or few items, in this process.

    At most twice as many items as processes are under way. When the caller stops, or is interrupted, the processes
    end at once. Where a process dies, what was under way is done again, one after the other; an item that its process
    dies of then comes to what `lost` makes of it. Raises source.Refused where there is no `lost`.
    """
    jobs = min(jobs, len(items) // _WORTH, _MOST)
    if jobs <= 1:
        yield from map(function, items)
        return
    from concurrent.futures.process import BrokenProcessPool

    todo = iter(items)
    pool = _pool(jobs)
    waiting: deque[_T] = deque()
    futures: deque[Future[_R]] = deque()
    try:
        while True:
            try:
                for item in islice(todo, 2 * jobs - len(waiting)):
                    waiting.append(item)
                    futures.append(_submit(pool, function, item))
                if not waiting:
                    return
                result = futures[0].result()
            except BrokenProcessPool:
                yield from _alone(function, list(waiting), lost)
                waiting.clear()
                futures.clear()
                pool = _pool(jobs)
            else:
                waiting.popleft()
                futures.popleft()
                yield result
    except BaseException:
        for process in multiprocessing.active_children():
            process.terminate()
        raise
    finally:
        pool.shutdown(cancel_futures=True)


def _alone(function: Callable[[_T], _R], items: Iterable[_T], lost: Callable[[_T], _R] | None) -> Iterator[_R]:
    """The results of items one after the other, so that it shows which one a process dies of."""
    from concurrent.futures.process import BrokenProcessPool

    pool = _pool(1)
    for item in items:
        try:
            result = _submit(pool, function, item).result()
        except BrokenProcessPool:
            if lost is None:
                raise Refused(f"{item}：{DIED}") from None
            pool, result = _pool(1), lost(item)
        yield result
    pool.shutdown()


def _pool(jobs: int) -> ProcessPoolExecutor:
    from concurrent.futures import ProcessPoolExecutor

    # spawn: the only way on Windows, and the same everywhere
    return ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn"), _prepare)


def _submit(pool: ProcessPoolExecutor, function: Callable[[_T], _R], item: _T) -> Future[_R]:
    with _uninterrupted():
        return pool.submit(function, item)


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
