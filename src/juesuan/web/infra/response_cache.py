"""Answers that are kept: each until something is published, or for STALE seconds, as long as there is room."""

from __future__ import annotations

import time
from collections import OrderedDict
from threading import Lock
from typing import Any

import msgspec

ROOM = 64 * 1024 * 1024
"""Bytes of answers that a server keeps."""

STALE = 30
"""Seconds after which an answer is made anew in any case: organisations may have other names, another server of the
same database may have published."""


class CachedResponse(msgspec.Struct, frozen=True):
    """An answer: its body plain and compressed (empty: not worth it), type, tag and headers, and the route it is of."""

    body: bytes
    zipped: bytes
    kind: str
    etag: str
    headers: tuple[tuple[str, str], ...]
    route: Any

    @property
    def size(self) -> int:
        """Its bytes."""
        return len(self.body) + len(self.zipped)


Key = tuple[str, ...]


class ResponseCache:
    """The answers, the least used dropped first."""

    def __init__(self, room: int = ROOM) -> None:
        self._room = room
        self._size = 0
        self._answers: OrderedDict[Key, CachedResponse] = OrderedDict()
        self._lock = Lock()
        self._epoch = 0

    def key(self, path: str, query: str) -> Key:
        """What an answer that begins to be made now is kept under."""
        return path, query, str(self._epoch), str(time.monotonic() // STALE)

    def find(self, key: Key) -> CachedResponse | None:
        """The answer kept under `key`."""
        with self._lock:
            packed = self._answers.get(key)
            if packed:
                self._answers.move_to_end(key)
            return packed

    def keep(self, key: Key, packed: CachedResponse) -> None:
        """Keeps an answer."""
        with self._lock:
            old = self._answers.pop(key, None)
            self._size += packed.size - (old.size if old else 0)
            self._answers[key] = packed
            while self._size > self._room and self._answers:
                self._size -= self._answers.popitem(last=False)[1].size

    def forget(self) -> None:
        """Forgets all, those also that are just being made: something was published."""
        with self._lock:
            self._epoch += 1
            self._answers.clear()
            self._size = 0
