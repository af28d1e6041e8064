"""Tasks run to their end whatever dies: a broken pool is opened anew, and who breaks it again and again is found."""

from __future__ import annotations

import importlib
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from typing import Any, Generic, TypeVar

from juesuan.corpus.ingest.engine import Engine
from juesuan.corpus.store.folders import StoreError
from juesuan.statute import load_statute

Item = TypeVar("Item")
Result = TypeVar("Result")

LOSSES = 2
"""So many times a task may lose its worker before its items are tried one by one."""

STARTS = 20
"""So many times a lone worker may die before it has begun."""

VAIN = 5
"""So many times the items are tried one by one in vain before all of them are given up."""


class Task(Generic[Item]):
    """Some items; those at the places `blamed` are not to be worked on, for they kill whoever does."""

    def __init__(self, items: tuple[Item, ...]) -> None:
        self.items = items
        self.blamed: frozenset[int] = frozenset()
        self.losses = 0
        self.vain = 0


def run(
    engine: Engine,
    job: Callable[[tuple[Item, ...], frozenset[int]], Result],
    probe: Callable[[Item], object],
    groups: Sequence[tuple[Item, ...]],
) -> Iterator[tuple[tuple[Item, ...], Result]]:
    """Each group with what `job` made of it, as they are finished. `job` and `probe` must be picklable.

    An error that `job` raises is raised here. Where workers die the groups in hand are given out again; a group that
    loses its worker again has its items probed alone, and one that takes its worker with it each time is blamed.
    """
    yield from _Run(engine, job, probe).results([Task(group) for group in groups])


class _Run(Generic[Item, Result]):
    def __init__(self, engine: Engine, job: Callable[..., Result], probe: Callable[[Item], object]) -> None:
        self.engine = engine
        self.job = job
        self.probe = probe
        self.executor: Executor | None = None

    def results(self, tasks: Sequence[Task[Item]]) -> Iterator[tuple[tuple[Item, ...], Result]]:
        waiting = deque(tasks)
        running: dict[Future[Any], Task[Item]] = {}
        try:
            while waiting or running:
                broken = False
                while waiting and len(running) < self.engine.workers + 1 and not broken:
                    task = waiting.popleft()
                    future = self._submitted(self.job, task.items, task.blamed)
                    if future is None:
                        broken = True
                        waiting.appendleft(task)
                    else:
                        running[future] = task
                lost: list[Task[Item]] = []
                done = wait(running, return_when=FIRST_COMPLETED).done if running else set()
                for future in done:
                    task = running.pop(future)
                    try:
                        result = future.result()
                    except self.engine.lost as error:
                        lost.append(task)
                        broken = broken or isinstance(error, BrokenExecutor)
                    else:
                        yield task.items, result
                if broken:
                    lost.extend(self._renew(running))
                waiting.extendleft(reversed([self._again(task) for task in lost]))
        finally:
            for future in running:
                future.cancel()
            self._close()

    def _again(self, task: Task[Item]) -> Task[Item]:
        task.losses += 1
        if task.losses >= LOSSES:
            task.losses = 0
            found = frozenset(i for i, item in enumerate(task.items) if i not in task.blamed and self._kills(item))
            task.vain = 0 if found else task.vain + 1
            task.blamed |= found
            if task.vain >= VAIN:
                task.blamed = frozenset(range(len(task.items)))
        return task

    def _kills(self, item: Item) -> bool:
        """Whether an item alone takes its worker with it, as often as it is tried.

        A worker that dies while it starts, or before it has the item, says nothing about the item.
        """
        deaths = starts = 0
        while deaths < self.engine.patience and starts < STARTS:
            with self.engine.open(alone=True) as executor:
                try:
                    executor.submit(_begin).result()
                except self.engine.lost:
                    starts += 1
                    continue
                try:
                    executor.submit(self.probe, item).result()
                except self.engine.lost:
                    deaths += 1
                    continue
                return False
        return deaths >= self.engine.patience

    def _submitted(self, job: Callable[..., Any], *arguments: Any) -> Future[Any] | None:
        if self.executor is None:
            self.executor = self.engine.open()
        try:
            return self.executor.submit(job, *arguments)
        except self.engine.lost:
            return None
        except RuntimeError as error:
            raise StoreError(f"不能再分派任务（{error}）；再运行一次即可接着做。") from error

    def _renew(self, running: dict[Future[Any], Task[Item]]) -> list[Task[Item]]:
        """Closes a broken pool, a new one is opened when next needed; gives the tasks that were lost with it."""
        wait(running)
        gone = [future for future in running if isinstance(future.exception(), self.engine.lost)]
        lost = [running.pop(future) for future in gone]
        self._close()
        return lost

    def _close(self) -> None:
        if self.executor is not None:
            self.executor.shutdown(wait=True)
            self.executor = None


def _begin() -> None:
    """What a worker needs before it works: the rooms loaded and the national law read."""
    for room in ("checker", "checker.reports", "reader", "reader.files"):
        importlib.import_module(f"juesuan.{room}")
    load_statute()
