"""The days that the law gives for approval and publication of accounts and budgets, declared in deadlines.yaml."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import msgspec

from juesuan.account import Issue, Severity
from juesuan.statute.profile import Kind
from juesuan.statute.reference import Dated
from juesuan.statute.source import StatuteError, cached_law, convert, mistake, read_yaml

FILE = "deadlines.yaml"
APPROVED, PUBLISHED = "approved", "published"
"""The keys of the days of approval (批复日期) and publication (公开日期) among the dates of an account."""

_DAY = r"(20\d{2})[年.\-/](\d{1,2})[月.\-/](\d{1,2})日?"
_YEAR = re.compile(r"(20\d{2})年")
_SENTENCE_END = re.compile("[。；]")
_NEAR = 40
"""So many signs behind a date say what happened on it."""


def day_of(text: str) -> date | None:
    """The day of a date in ISO (2023-09-15); None for a text that is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _day_of(match: re.Match[str]) -> date | None:
    try:
        return date(*(int(number) for number in match.groups()[-3:]))
    except ValueError:
        return None


def _written(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


class Deadline(Dated, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Something that has to be done by `by` within `days` of the event `after`."""

    key: str
    by: str
    after: str
    days: int
    basis: str


class StatedDate(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a document states a date: words right before it, or words behind it in its sentence."""

    labels: tuple[str, ...]
    told: tuple[str, ...]

    def find(self, text: str, subject: str, year: int) -> date | None:
        """The date that `text` (without white space) states; one told in a sentence must speak of `subject` (决算), and
        of that of no other year than `year`.
        """
        labelled = re.search(rf"(?:{'|'.join(self.labels)})[：:为是]?{_DAY}", text)
        if labelled:
            return _day_of(labelled)
        for match in re.finditer(_DAY, text) if self.told else ():
            rest = _SENTENCE_END.split(text[match.end() :])[0][:_NEAR]
            years = _YEAR.findall(rest)
            if any(word in rest for word in self.told) and subject in rest and (not years or str(year) in years):
                return _day_of(match)
        return None


class PossibleYears(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """In which years, counted from that of the disclosure, it can be approved: from `first`, and where the law ends it
    until `last`; `early` and `late` say in words what is wrong outside of them.
    """

    first: int
    early: str
    last: int | None = None
    late: str = ""


class DateFault(msgspec.Struct, frozen=True):
    """What two dates, or a date and the year, say against each other; `on` names the date that is blamed."""

    severity: Severity
    text: str
    on: str


class Deadlines(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All deadlines; `received` is the one for a publisher of whom only the day of approval is known."""

    deadlines: tuple[Deadline, ...]
    received: dict[Kind, str]
    years: dict[Kind, PossibleYears]
    stated: dict[str, StatedDate]
    """By date (approved: 批复, published: 公开), how documents state it."""

    def faults(
        self, kind: Kind, year: int, approved: date | None, published: date | None
    ) -> Iterator[DateFault]:
        """What is wrong with the days of approval and publication of the final account or budget (`kind`) of `year`:
        not in the years that can be, in the wrong order, or further apart than the law allows (预算法第十四条,
        预算法实施条例第六条).
        """
        can = self.years[kind]
        for name, label, day in ((APPROVED, "批复日期", approved), (PUBLISHED, "公开日期", published)):
            if day is not None and day.year < year + can.first:
                told = can.early.replace("本年度", f" {year} 年度")
                yield DateFault("error", f"{label} {_written(day)} {told.strip()}，{kind}不可能已经{label[:2]}", name)
        if approved is not None and can.last is not None and approved.year > year + can.last:
            told = can.late.replace("本年度", f" {year} 年度")
            yield DateFault("error", f"批复日期 {_written(approved)} {told.strip()}，请核对是哪一年的{kind}", APPROVED)
        if approved is None or published is None:
            return
        days = (published - approved).days
        if days < 0:
            text = f"公开日期 {_written(published)} 早于批复日期 {_written(approved)}，{kind}批复以后才能公开"
            yield DateFault("error", text, PUBLISHED)
        elif days > self.days(self.received[kind]):
            last = self.last_day(self.received[kind], approved)
            text = (
                f"{_written(approved)} 批复，{_written(published)} 公开，隔了 {days} 日，"
                f"超过 {self.days(self.received[kind])} 日（应不晚于 {_written(last)}）"
            )
            yield DateFault("warning", text, PUBLISHED)

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
@cached_law
def load_deadlines(root: Path) -> Deadlines:
    """The deadlines declared under `root`. Raises StatuteError."""
    mistakes: list[Issue] = []
    read = convert(read_yaml(root / FILE, FILE, mistakes), Deadlines, (FILE, 1), mistakes)
    known = {deadline.key for deadline in read.deadlines} if read is not None else set()
    for key in read.received.values() if read is not None else ():
        if key not in known:
            mistakes.append(mistake(FILE, 1, f"received 里的“{key}”没有声明"))
    if mistakes or read is None:
        raise StatuteError(mistakes)
    return read
