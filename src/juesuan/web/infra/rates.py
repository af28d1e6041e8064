"""How often somebody may ask: each account by itself, each address for who is not signed in; and try a password."""

from __future__ import annotations

import time
from collections import OrderedDict

from juesuan.web.infra.sealing import key_digest
from juesuan.web.infra.settings import Settings

KEPT = 20_000
"""Accounts, addresses and sessions that are remembered."""


class Buckets:
    """So many calls a minute for each key, in bursts up to the same number."""

    def __init__(self, per_minute: int) -> None:
        self._rate = per_minute / 60
        self._most = float(per_minute)
        self._levels: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, key: str) -> bool:
        """Whether `key` may call once more now."""
        level = self._level(key)
        self._keep(key, level - 1 if level >= 1 else level)
        return level >= 1

    def give_back(self, key: str) -> None:
        """Does not count the last call of `key`."""
        self._keep(key, min(self._most, self._level(key) + 1))

    def _level(self, key: str) -> float:
        level, then = self._levels.get(key, (self._most, 0.0))
        return min(self._most, level + (time.monotonic() - then) * self._rate)

    def _keep(self, key: str, level: float) -> None:
        self._levels[key] = level, time.monotonic()
        self._levels.move_to_end(key)
        if len(self._levels) > KEPT:
            self._levels.popitem(last=False)


class Rates:
    """What of all this is left.

    An office has one address for all its people: who is signed in is counted by account, and trying a password counts
    where it failed. A cookie counts as an account only when the guard has found whose it is: one that is made up does
    not help.
    """

    def __init__(self, settings: Settings) -> None:
        self._addresses = Buckets(settings.requests_per_minute)
        self._accounts = Buckets(settings.account_requests_per_minute)
        self._tries = Buckets(settings.sign_ins_per_minute)
        self._sessions: OrderedDict[str, str] = OrderedDict()

    def note_session(self, cookie: str, account: str) -> None:
        """Remembers whose session `cookie` is."""
        key = key_digest(cookie)
        self._sessions[key] = account
        self._sessions.move_to_end(key)
        if len(self._sessions) > KEPT:
            self._sessions.popitem(last=False)

    def who(self, cookie: str, client: str) -> tuple[str, bool]:
        """Whom a request counts for, and whether that is an account."""
        account = self._sessions.get(key_digest(cookie)) if cookie else None
        return (account, True) if account else (client, False)

    def take(self, who: tuple[str, bool]) -> bool:
        """Whether one more request may be made."""
        return (self._accounts if who[1] else self._addresses).take(who[0])

    def take_try(self, who: tuple[str, bool]) -> bool:
        """Whether one more password may be tried; to be given back where it was right."""
        return self._tries.take(f"{who[1]}:{who[0]}")

    def give_back_try(self, who: tuple[str, bool]) -> None:
        """Does not count the password that was just tried."""
        self._tries.give_back(f"{who[1]}:{who[0]}")
