"""Keeping a compiled library's own prints out of our output."""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress


@contextmanager
def quiet_library() -> Iterator[None]:
    """Sends what C code prints to standard output nowhere: HiGHS in scipy 1.17 leaves a debugging line in, and our
    standard output may be JSON."""
    sys.stdout.flush()
    try:
        saved = os.dup(1)
    except OSError:
        # No standard output to protect (a service without one).
        yield
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 1)
        yield
    finally:
        _flush_c()
        os.dup2(saved, 1)
        os.close(saved)
        os.close(nowhere)


def _flush_c() -> None:
    """What C has printed waits in its own buffer: it must leave while it still goes nowhere."""
    with suppress(OSError, AttributeError):
        library = ctypes.CDLL("ucrtbase" if os.name == "nt" else None)
        library.fflush(None)
