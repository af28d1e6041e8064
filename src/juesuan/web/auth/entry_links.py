"""One-time links by which the owner of a personal desk enters it: signed, good for minutes, taken once."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Lock

GOOD_FOR = timedelta(minutes=5)


class EntryLinks:
    """Makes and takes the keys of one-time links.

    Whoever can read the data folder's secret can make one: that is how a second start of the program enters the desk
    that is open already.
    """

    def __init__(self, secret: bytes, clock: Callable[[], datetime]) -> None:
        self._secret = secret
        self._clock = clock
        self._taken: set[str] = set()
        self._turn = Lock()

    def make(self) -> str:
        """A new key."""
        text = f"{secrets.token_urlsafe(24)}.{int((self._clock() + GOOD_FOR).timestamp())}"
        return f"{text}.{self._signature(text)}"

    def take(self, key: str) -> bool:
        """Whether `key` lets in: made by this desk, not too old, and never taken before."""
        text, _, signature = key.rpartition(".")
        until = text.rpartition(".")[2]
        if not hmac.compare_digest(self._signature(text).encode(), signature.encode()):
            return False
        if self._clock().timestamp() > int(until):
            return False
        with self._turn:
            fresh = text not in self._taken
            self._taken.add(text)
        return fresh

    def _signature(self, text: str) -> str:
        return hmac.new(self._secret, f"entry:{text}".encode(), hashlib.sha256).hexdigest()
