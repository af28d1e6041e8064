"""The days that the law gives for approval and publication of final accounts, as declared in deadlines.yaml."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from pathlib import Path

import msgspec

from juesuan.account import Issue
from juesuan.statute.reference import Dated
from juesuan.statute.source import StatuteError, convert, mistake, read_yaml

FILE = "deadlines.yaml"


class Deadline(Dated, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Something that has to be done by `by` within `days` of the event `after`."""

    key: str
    by: str
    after: str
    days: int
    basis: str


class Deadlines(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All deadlines; `received` is the one for a publisher of which only the day is known when it was approved."""

    deadlines: tuple[Deadline, ...]
    received: str

    def days(self, key: str, since: str = "") -> int:
        """Within how many days of the event `since` the deadline `key` ends; of its own event where none is named.

        The deadlines between are added up. Raises KeyError where `key` does not follow from `since`.
        """
        deadline = next((each for each in self.deadlines if each.key == key), None)
        if deadline is None:
            raise KeyError(key)
        if since in ("", deadline.after):
            return deadline.days
        return deadline.days + self.days(deadline.after, since)

    def last_day(self, key: str, event: date, since: str = "") -> date:
        """The last day of the deadline `key`, `event` being the day of the event `since`. Raises KeyError."""
        return event + timedelta(days=self.days(key, since))


@cache
def load_deadlines(root: Path = Path(__file__).parent) -> Deadlines:
    """The deadlines declared under `root`. Raises StatuteError."""
    mistakes: list[Issue] = []
    read = convert(read_yaml(root / FILE, FILE, mistakes), Deadlines, (FILE, 1), mistakes)
    if read is not None and read.received not in {deadline.key for deadline in read.deadlines}:
        mistakes.append(mistake(FILE, 1, f"received 里的“{read.received}”没有声明"))
    if mistakes or read is None:
        raise StatuteError(mistakes)
    return read
