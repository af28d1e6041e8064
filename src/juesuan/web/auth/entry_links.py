"""One-time links of the program itself, into a personal desk or an empty server: signed, short-lived, taken once."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Lock

GOOD_FOR = timedelta(minutes=5)


class EntryLinks:
    """Makes and takes the keys of one-time links for one purpose.

    Whoever can read the data folder's secret can make one: that is how a second start of the program enters the desk
    that is open already.
    """

    def __init__(
        self, secret: bytes, clock: Callable[[], datetime], purpose: str = "desk", good_for: timedelta = GOOD_FOR
    ) -> None:
        self._secret = secret
        self._clock = clock
        self._purpose = purpose
        self._good_for = good_for
        self._taken: set[str] = set()
        self._turn = Lock()

    def make(self) -> str:
        """A new key."""
        text = f"{secrets.token_urlsafe(24)}.{int((self._clock() + self._good_for).timestamp())}"
        return f"{text}.{self._signature(text)}"

    def good(self, key: str) -> bool:
        """Whether `key` would let in: made by this desk, not too old, and never taken before."""
        text, _, signature = key.rpartition(".")
        until = text.rpartition(".")[2]
        if not hmac.compare_digest(self._signature(text).encode(), signature.encode()):
            return False
        return self._clock().timestamp() <= int(until) and text not in self._taken

    def take(self, key: str) -> bool:
        """Whether `key` lets in; it never does again."""
        with self._turn:
            fresh = self.good(key)
            self._taken.add(key.rpartition(".")[0])
        return fresh

    def _signature(self, text: str) -> str:
        return hmac.new(self._secret, f"{self._purpose}:{text}".encode(), hashlib.sha256).hexdigest()
