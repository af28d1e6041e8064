"""pdfium kept to one reader at a time, and given up where a file makes it run for ever.

Some malformed files send pdfium into loops that nothing can break off from outside (a form that draws itself twice is
enough). So it works in a thread of its own that is left behind when nothing has come of it for some seconds.
"""

from __future__ import annotations

import atexit
import ctypes
import sys
import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from pypdfium2._library_scope import destroy_lib

from juesuan.account import JuesuanError

PATIENCE = 4.0
"""A reading is given up after this many seconds, twice, without a sign of life; a page takes thousandths of one."""

T = TypeVar("T")
Beat = Callable[[], None]
"""Called by the work whenever it has got on."""

# pdfium may be used by one thread at a time.
_one_at_a_time = threading.Lock()
_stuck = threading.Event()


class StuckError(JuesuanError):
    """pdfium does not come back from this file, or has not from one before it in this process."""


class _Work(Generic[T]):
    def __init__(self, work: Callable[[Beat], T]) -> None:
        self.work = work
        self.beats = 0
        self.done = threading.Event()
        self.result: list[T] = []
        self.error: BaseException | None = None

    def run(self) -> None:
        try:
            self.result.append(self.work(self.beat))
        except BaseException as error:  # handed to whoever waits
            self.error = error
        finally:
            self.done.set()
            _one_at_a_time.release()

    def beat(self) -> None:
        self.beats += 1


def watched(work: Callable[[Beat], T]) -> T:
    """What `work` returns or raises; StuckError where it makes no progress."""
    while not _one_at_a_time.acquire(timeout=0.2):
        # Another thread may well be reading a long file, unless it is known to be stuck.
        if _stuck.is_set():
            raise StuckError
    job = _Work(work)
    try:
        threading.Thread(target=job.run, name="juesuan-pdf", daemon=True).start()
    except RuntimeError:
        _one_at_a_time.release()
        raise
    beats = -1
    while not job.done.wait(PATIENCE):
        if job.beats == beats:
            _stuck.set()
            # The library must not be taken down under the thread that is still in it.
            atexit.unregister(destroy_lib)
            _end_at_once()
            raise StuckError
        beats = job.beats
    if job.error:
        raise job.error
    return job.result[0]


def _end_at_once() -> None:
    """Has the process end without taking libraries down, where the C library can be told so.

    The thread left behind would go on using what is being taken down, and crash. Python has written out everything and
    gone by then; `_exit` gets the status of the exit as its argument.
    """
    c = ctypes.CDLL(None) if sys.platform == "linux" else None
    if c is not None and hasattr(c, "on_exit"):
        c.on_exit(ctypes.cast(c._exit, ctypes.c_void_p), None)
