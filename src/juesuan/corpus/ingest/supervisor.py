"""A document read by a process beside the worker, which is replaced when the document takes too long or kills it.

So no document can hang a worker or take it along, on this machine or on a cluster: it becomes a failure with its
reason, and the other documents of its shard are read on.
"""

from __future__ import annotations

import atexit
import os
import queue
import subprocess
import sys
import threading

import msgspec

from juesuan.corpus.ingest.document import DocumentWork, failed
from juesuan.corpus.ingest.protocol import READY, received, send
from juesuan.corpus.store.folders import StoreError
from juesuan.corpus.store.shards import Rows

WORKER = "juesuan.corpus.ingest.worker"
"""The module that reads."""

DEATHS = 3
"""So many readers a document may take with it: one may have died by chance."""

STARTS = 5
"""So many readers in a row may die before they are ready."""

READY_WITHIN = 120
"""Seconds that a reader may take to load what it needs, on a machine with much to do."""

ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1"}
"""There are as many readers as processors; threads besides would only cost memory."""

SLOW = (
    "读这个文件超过了 {seconds} 秒的限制，已停止（文件可能损坏或过大）。"
    "请单独核对这个文件；确属正常的，用 --seconds 放宽后加 --retry。"
)
DIED = "读这个文件时读取进程三次异常退出（可能是文件损坏或内存不足）。请单独核对这个文件，或提供给开发者。"


class Limits(msgspec.Struct, frozen=True):
    """What one document may take: seconds on the clock, and megabytes."""

    seconds: int = 600
    memory: int = 3072


class Supervisor:
    """Reads documents within `limits` by a process of `module`, a new one whenever the last one is of no more use."""

    def __init__(self, limits: Limits, module: str = WORKER) -> None:
        self.limits = limits
        self._module = module
        self._process: subprocess.Popen[bytes] | None = None
        self._answers: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._fresh = True

    def rows(self, work: DocumentWork) -> Rows:
        """The rows of a document, or its failure. Raises StoreError where no reader can be started at all."""
        for _ in range(DEATHS):
            self._begun()
            fresh, self._fresh = self._fresh, False
            try:
                answer = self._exchange(work)
            except queue.Empty:
                self.close()
                return failed(work.entry, work.engine, "进程", SLOW.format(seconds=self.limits.seconds))
            if answer is None:
                self.close()
                continue
            rows: Rows = msgspec.msgpack.decode(answer)
            if not _doubtful(work, rows):
                return rows
            # Only a new reader can say whether it was this document, or what those before it left behind.
            self.close()
            if fresh:
                return rows
        return failed(work.entry, work.engine, "进程", DIED)

    def close(self) -> None:
        """Ends the reader."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()

    def _exchange(self, work: DocumentWork) -> bytes | None:
        """The answer to a document, None where the reader died of it. Raises queue.Empty where it takes too long."""
        assert self._process is not None and self._process.stdin is not None
        try:
            send(self._process.stdin, msgspec.msgpack.encode(work))
        except OSError:
            return None
        return self._answers.get(timeout=self.limits.seconds)

    def _begun(self) -> None:
        """Sees to it that there is a reader, and that it is ready."""
        if self._process is not None:
            return
        for _ in range(STARTS):
            self._process = process = subprocess.Popen(
                [sys.executable, "-m", self._module, str(self.limits.memory)],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={**ONE_THREAD, **os.environ},
            )  # fmt: skip
            answers: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
            self._answers = answers
            threading.Thread(target=_receive, args=(process, answers), daemon=True).start()
            try:
                ready = answers.get(timeout=READY_WITHIN) == READY
            except queue.Empty:
                break
            if ready:
                self._fresh = True
                return
            self.close()
        self.close()
        raise StoreError(f"读取进程起不来；每份文件的内存限制 {self.limits.memory} MB 可能太小，请用 --memory 放宽。")


def _doubtful(work: DocumentWork, rows: Rows) -> bool:
    """Whether a failure may leave its reader unfit: a malformed PDF can, and so does a want of memory."""
    return any(row["stage"] == "进程" or work.path.lower().endswith(".pdf") for row in rows.get("failures", ()))


def _receive(process: subprocess.Popen[bytes], answers: queue.SimpleQueue[bytes | None]) -> None:
    assert process.stdout is not None
    while (answer := received(process.stdout)) is not None:
        answers.put(answer)
    answers.put(None)


_supervisors: dict[Limits, Supervisor] = {}


def supervisor_for(limits: Limits) -> Supervisor:
    """The supervisor of this process for `limits`; its reader is kept for the next documents."""
    found = _supervisors.get(limits)
    if found is None:
        found = _supervisors[limits] = Supervisor(limits)
        atexit.register(found.close)
    return found

