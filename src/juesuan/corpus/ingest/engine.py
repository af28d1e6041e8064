"""Where the work is done: processes of this machine, or a Dask cluster; both are a `concurrent.futures.Executor`."""

from __future__ import annotations

import importlib
import multiprocessing
import os
import threading
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future, ProcessPoolExecutor
from multiprocessing.connection import wait
from typing import Any, Protocol

from juesuan.corpus.store.folders import StoreError

DASK = "dask"


class Engine(Protocol):
    """Opens executors. `lost` are the errors that say a worker died; `patience` how often a lone document may do so."""

    workers: int
    patience: int
    lost: tuple[type[BaseException], ...]

    def open(self, alone: bool = False) -> Executor:
        """An executor, with a single worker of its own where `alone`."""

    def close(self) -> None:
        """Lets go of what the engine holds."""


class LocalEngine:
    """Processes of this machine."""

    patience = 3
    lost: tuple[type[BaseException], ...] = (BrokenExecutor,)

    def __init__(self, workers: int = 0) -> None:
        self.workers = workers or os.cpu_count() or 1

    def open(self, alone: bool = False) -> Executor:
        """A pool of new processes: nothing of this process is copied into them."""
        context = multiprocessing.get_context("spawn")
        return ProcessPoolExecutor(1 if alone else self.workers, context, _die_with_parent)

    def close(self) -> None:
        """Pools end by themselves."""


class InlineEngine:
    """This process itself: for a few documents and for object stores in memory."""

    workers = 1
    patience = 1
    lost: tuple[type[BaseException], ...] = (BrokenExecutor,)

    def open(self, alone: bool = False) -> Executor:
        """An executor that works when it is told."""
        return _Inline()

    def close(self) -> None:
        """Nothing is held."""


class DaskEngine:
    """A Dask cluster: at an address, or of local processes. The files and the store must be in its workers' reach."""

    patience = 1

    def __init__(self, address: str = "", workers: int = 0) -> None:
        try:
            distributed: Any = importlib.import_module("distributed")
        except ImportError:
            raise StoreError("--engine dask 需要安装：pip install 'juesuan[dask]'。") from None
        self.cluster: Any = None
        count = workers or os.cpu_count() or 1
        if not address:
            self.cluster = distributed.LocalCluster(count, 1, processes=True, dashboard_address=None)
        try:
            self.client: Any = distributed.Client(self.cluster or address)
        except (OSError, ValueError) as error:
            raise StoreError(f"连不上 Dask 集群 {address}（{error}）。请核对地址和网络。") from None
        self.workers = len(self.client.scheduler_info(n_workers=-1)["workers"]) or count
        self.lost: tuple[type[BaseException], ...] = (distributed.KilledWorker, CancelledError)

    def open(self, alone: bool = False) -> Executor:
        """The executor of the cluster; Dask gives a task of a dead worker to another by itself."""
        executor: Executor = self.client.get_executor(pure=False)
        return executor

    def close(self) -> None:
        """Leaves the cluster; ends one that was begun here."""
        self.client.close()
        if self.cluster is not None:
            self.cluster.close()


class _Inline(Executor):
    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except BaseException as error:
            future.set_exception(error)
        return future


def engine_of(name: str, workers: int = 0) -> Engine:
    """The engine called `name`: empty for local processes, inline, dask, dask://host:port. Raises StoreError."""
    if name in ("", "local"):
        return LocalEngine(workers)
    if name == "inline":
        return InlineEngine()
    if name == DASK:
        return DaskEngine(workers=workers)
    if name.startswith(f"{DASK}://"):
        return DaskEngine("tcp://" + name.removeprefix(f"{DASK}://"))
    raise StoreError(f"没有“{name}”这种引擎；可用：local、dask、dask://主机:端口。")


def _die_with_parent() -> None:
    """A worker whose parent was killed ends at once: nobody else would end it, and another run may be at work."""
    parent = multiprocessing.parent_process()

    def watch() -> None:
        if parent is not None:
            wait([parent.sentinel])
            os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
