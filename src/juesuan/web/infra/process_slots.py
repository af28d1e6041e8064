"""Process slots: as many processes at a time as there are processors; who would wait long gets a message."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore

from juesuan.account import JuesuanError


class BusyError(JuesuanError):
    """Too many are waiting, or no slot came free in time; the message is for people."""

    def __init__(self) -> None:
        super().__init__("现在送审、导入、预览的人很多，请过一两分钟再试。填写的内容都已保存。")


class ProcessSlots:
    """`at_once` work at the same time, `waiting` others wait, each for `patience` seconds at most.

    Whoever waits holds one of the server's forty threads: were all of them to wait, no page could be read any more, and
    each process more would only take memory from the others.
    """

    def __init__(self, at_once: int = max(2, os.cpu_count() or 1), waiting: int = 16, patience: float = 60.0) -> None:
        self._working = BoundedSemaphore(at_once)
        self._places = BoundedSemaphore(at_once + waiting)
        self._patience = patience

    @contextmanager
    def slot(self) -> Iterator[None]:
        """A slot, which lasts as long as the block. Raises BusyError."""
        if not self._places.acquire(blocking=False):
            raise BusyError
        try:
            if not self._working.acquire(timeout=self._patience):
                raise BusyError
            try:
                yield
            finally:
                self._working.release()
        finally:
            self._places.release()


SLOTS = ProcessSlots()
"""One for the process: it is the machine's processors and memory that are shared."""
