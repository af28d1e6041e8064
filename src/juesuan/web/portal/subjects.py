"""What is spent, or budgeted, by functional code (支出功能分类科目), across units and years: nothing counted twice."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from functools import cache

import msgspec
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from juesuan.statute import CODE_LENGTHS, CodeTable, Kind, load_statute
from juesuan.statute.comparison import load_key_figures
from juesuan.web.infra.models import Organisation, Publication, PublishedFact
from juesuan.web.portal.queries import current

LENGTHS = tuple(sorted(CODE_LENGTHS.values()))
"""How long the codes of the levels 类, 款, 项 are."""

Amounts = dict[int, Decimal]
"""Yuan by year."""


class SubjectSpending(msgspec.Struct, frozen=True):
    """A code with its name and what was spent on it by year."""

    code: str
    name: str
    amounts: Amounts

    def of(self, year: int) -> Decimal | None:
        """What was spent in a year; None where nothing is published of it."""
        return self.amounts.get(year)


class Spender(msgspec.Struct, frozen=True):
    """An organisation that spent on a code: its amounts and the versions that say so, by year."""

    code: str
    name: str
    kind: str
    amounts: Amounts


def is_code(text: str) -> bool:
    """Whether `text` can be a functional code."""
    return text.isascii() and text.isdigit() and len(text) in LENGTHS


def parents(code: str) -> list[str]:
    """The codes above `code`, the highest first."""
    return [code[:length] for length in LENGTHS if length < len(code)]


def name_of(code: str, year: int) -> str:
    """The official name of a code in a year; empty for one that there never was."""
    return _names(year).name(code, year)


@cache
def _names(year: int) -> CodeTable:
    return load_statute(year=year).functional


def below(session: Session, parent: str = "", kind: Kind = "决算") -> list[SubjectSpending]:
    """The codes one level below `parent` (the classes where it is empty), the largest of the latest year first."""
    length = next((each for each in LENGTHS if each > len(parent)), 0)
    return _sorted(_subjects(session, parent, length, kind)) if length else []


def subject(session: Session, code: str, kind: Kind = "决算") -> SubjectSpending | None:
    """One code; None where nobody has published anything of it."""
    return next(iter(_subjects(session, code, len(code), kind)), None)


def _subjects(session: Session, prefix: str, length: int, kind: Kind) -> list[SubjectSpending]:
    counted = topmost(session, kind)
    found: dict[str, Amounts] = {}
    for publication, year, code, value in _amounts(session, prefix, length, kind):
        if publication in counted:
            years = found.setdefault(code, {})
            years[year] = years.get(year, Decimal(0)) + value
    return [SubjectSpending(code, name_of(code, max(years)), years) for code, years in found.items()]


def _sorted(subjects: Iterable[SubjectSpending]) -> list[SubjectSpending]:
    def key(each: SubjectSpending) -> tuple[int, Decimal, str]:
        latest = max(each.amounts)
        return -latest, -each.amounts[latest], each.code

    return sorted(subjects, key=key)


def topmost(session: Session, kind: Kind = "决算") -> set[int]:
    """The current versions that are added up: of an organisation whose department has published the same year, what it
    spent is in the department's account already; its budget in the department's budget.
    """
    query = select(Publication.id, Publication.year, Organisation.path).join(Organisation).where(current(kind=kind))
    rows = [(number, year, path) for number, year, path in session.execute(query)]
    there = {(year, path) for _, year, path in rows}
    return {number for number, year, path in rows if not any((year, above) in there for above in _above(path))}


def _above(path: str) -> list[str]:
    parts = path.strip("/").split("/")
    return [f"/{'/'.join(parts[:place])}/" for place in range(1, len(parts))]


def spenders(session: Session, code: str, kind: Kind = "决算") -> list[Spender]:
    """Everybody who has published something of the code, the largest of the latest year first."""
    found: dict[int, Amounts] = {}
    for publication, year, _, value in _amounts(session, code, len(code), kind):
        found.setdefault(publication, {})[year] = value
    query = select(Publication.id, Organisation.code, Organisation.name, Organisation.kind).join(Organisation)
    units: dict[str, Spender] = {}
    for part in range(0, len(numbers := sorted(found)), 500):
        for number, unit, name, what in session.execute(query.where(Publication.id.in_(numbers[part : part + 500]))):
            units.setdefault(unit, Spender(unit, name, what, {})).amounts.update(found[number])
    return sorted(units.values(), key=lambda each: (-max(each.amounts), -each.amounts[max(each.amounts)], each.code))


def _amounts(
    session: Session, prefix: str, length: int, kind: Kind
) -> Iterable[tuple[int, int, str, Decimal]]:
    """Publication, year, code and amount of all current versions of a kind; codes of one length that begin so."""
    place = load_key_figures(kind).subjects.address
    query = select(PublishedFact.publication_id, Publication.year, PublishedFact.row, PublishedFact.value).join(
        Publication, Publication.id == PublishedFact.publication_id
    ).where(
        current(kind=kind), PublishedFact.form == place.form, PublishedFact.column == place.column,
        PublishedFact.period == str(place.period), PublishedFact.row >= prefix, PublishedFact.row < f"{prefix}:",
        func.length(PublishedFact.row) == length,
    )
    for publication, year, code, value in session.execute(query):
        if is_code(code):
            yield publication, year, code, Decimal(value)
