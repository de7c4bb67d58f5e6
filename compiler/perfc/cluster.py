"""Specs compiled by a Dask cluster that sees nothing of this machine: texts and layouts travel, documents come back.

The only home of distributed. A task is a function of what travels with it, so that Dask may repeat it anywhere.
"""

from __future__ import annotations

import logging
import re
import warnings
from collections import deque
from collections.abc import Generator, Sequence
from dataclasses import replace
from itertools import islice, takewhile
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

from perfc.make import Made, Plan
from perfc.remote import Answer, Job, Layouts, compiled, identity, packed
from perfc.source import Refused, internal

if TYPE_CHECKING:
    from distributed import Client, Future

_ADDRESS = re.compile(r"(?:tcp|tls)://[^\s/]+:\d+")
_CONNECT = 5  # seconds to wait for a scheduler and its first worker
_PATIENCE = 15  # seconds after which it is asked whether there are workers, and how many
_LEAST = 8  # specs under way, however few the workers
_AT_ONCE = 16  # answers, of which each may have a document, that come in one trip
_SAME = "在调度器和每个节点装上相同的版本再试"


def in_order(plan: Plan, files: Sequence[str]) -> Generator[Made]:
    """What the specs in the files come to, in their order, by the cluster of the plan.

    At most twice as many specs as the cluster has threads are under way. What a lost worker had is done again by
    another; a spec that several workers died of is one that failed. Raises source.Refused.
    """
    if not files:
        return
    try:
        import distributed
    except ImportError:
        raise Refused('没有安装 Dask：pip install "perfc[cluster]"') from None
    logging.disable()  # what matters of it is said in Chinese, once
    warnings.filterwarnings("ignore", module="distributed")
    layouts = packed(plan)
    client = _connected(plan.cluster)
    try:
        yield from _results(client, plan, files, layouts)
    except (distributed.CancelledError, OSError):
        raise Refused(f"与 Dask 集群 {plan.cluster} 的连接断了") from None
    finally:
        client.close(timeout=1)


def _connected(address: str) -> Client:
    from distributed import Client

    if not _ADDRESS.fullmatch(address):
        raise Refused(f"{address} 不是 Dask 调度器的地址；写成 tcp://主机:8786")
    try:
        client = Client(address, timeout=_CONNECT, set_as_default=False)
    except OSError:
        raise Refused(f"{_CONNECT} 秒内连不上 Dask 调度器 {address}") from None
    try:
        client.wait_for_workers(1, timeout=_CONNECT)
    except TimeoutError:
        client.close(timeout=1)
        raise Refused(f"Dask 集群 {address} 没有节点（worker）") from None
    return client


def _results(client: Client, plan: Plan, files: Sequence[str], layouts: Layouts) -> Generator[Made]:
    # A task, not scattered data: Dask makes it again when the workers that have it are gone.
    kept = client.submit(_same, layouts, pure=False)

    def submit(job: Job) -> Future[Answer]:
        return client.submit(_compiled, identity(), kept, job, pure=False)

    def made(job: Job, answer: Answer) -> Made:
        if answer.killed:  # perhaps it only waited where another spec killed the worker: once more, now alone
            _settle(client, [one for _, one in waiting])
            answer = _answered(client, job, submit(job))
        while answer.made is None and not answer.killed:
            job.take(answer.names, answer.patterns)
            answer = _answered(client, job, submit(job))
        return answer.made or Made(failure=f"{job.file}：编译它的节点接连退出（多半是内存不够，或被系统终止）")

    todo = iter(files)
    waiting: deque[tuple[Job, Future[Answer]]] = deque()
    ready: list[tuple[Job, Answer]] = []
    asked, under_way = -float(_PATIENCE), 0
    while True:
        if monotonic() - asked > _PATIENCE:
            asked, under_way = monotonic(), max(_LEAST, 2 * sum(client.nthreads().values()))
        for file in islice(todo, max(0, under_way - len(waiting))):
            job = Job(file, Path.cwd().as_posix(), plan.base, plan.strict, plan.public)
            job.take([file], [])
            waiting.append((job, submit(job)))
        for job, answer in ready:
            yield made(job, answer)
        if not waiting:
            return
        ready = _first(client, waiting)


def _first(client: Client, waiting: deque[tuple[Job, Future[Answer]]]) -> list[tuple[Job, Answer]]:
    """The answers to the first jobs, as many as there are now and at least one, in one trip."""
    _settle(client, [waiting[0][1]])
    done = [*takewhile(lambda one: one[1].status == "finished", islice(waiting, _AT_ONCE))]
    if not done:
        job, future = waiting.popleft()
        return [(job, _answered(client, job, future))]
    answers = client.gather([future for _, future in done])
    return [(waiting.popleft()[0], _accepted(answer)) for answer in answers]


def _answered(client: Client, job: Job, future: Future[Answer]) -> Answer:
    """Wait for a worker's answer; raises source.Refused if none can come."""
    from distributed import CancelledError, KilledWorker

    _settle(client, [future])
    try:
        return _accepted(future.result())
    except KilledWorker:
        return Answer(killed=True)
    except (CancelledError, Refused):
        raise
    except (ImportError, AttributeError, RuntimeError):
        raise Refused(f"Dask 集群中有的机器没有装 perfc，或与本机的不同；{_SAME}") from None
    except Exception as error:  # noqa: BLE001  # it is said, and the other specs are made
        return Answer(made=Made(failure=f"{job.file}：{internal(error)}"))


def _accepted(answer: Answer) -> Answer:
    """An answer of a worker that has the same perfc; raises source.Refused if it has another."""
    if answer.differing:
        raise Refused(f"节点 {answer.worker} 上的 {'、'.join(answer.differing)} 与本机的不同；{_SAME}")
    return answer


def _settle(client: Client, futures: list[Future[Answer]]) -> None:
    """Wait until tasks are done, in whatever way; raises source.Refused when there are no workers any more."""
    from distributed import wait

    alone = 0
    while alone < 2:
        try:
            with client.as_current():
                wait(futures, timeout=_PATIENCE)
        except TimeoutError:
            alone = 0 if client.nthreads() else alone + 1
        else:
            return
    raise Refused("Dask 集群的节点都不在了")


# What follows runs on workers.


def _same(layouts: Layouts) -> Layouts:
    return layouts


def _compiled(theirs: dict[str, str], layouts: Layouts, job: Job) -> Answer:
    from distributed import get_worker

    worker = get_worker()
    return replace(compiled(theirs, layouts, job, Path(worker.local_directory)), worker=worker.address)
