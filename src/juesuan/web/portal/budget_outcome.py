"""A unit's budget and final account of a year beside each other, and its budget beside last year's, line by line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

import msgspec
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from juesuan.account import Address, spaceless
from juesuan.statute import CODE_LENGTHS
from juesuan.statute.comparison import SharedLine, load_budget_outcome
from juesuan.web.infra.models import Publication, PublishedFact, PublishedForm
from juesuan.web.portal import queries as portal
from juesuan.web.portal.subjects import name_of

PROJECT = "项目"


class BesideLine(msgspec.Struct, frozen=True):
    """A line: the amounts in yuan, None for a blank; `first` and `last` are what its change is between."""

    name: str
    first: Decimal | None
    last: Decimal | None
    between: Decimal | None = None
    total: bool = False
    known: bool = False
    """Both documents print the table of the line: what is blank there is nothing."""

    @property
    def change(self) -> Decimal | None:
        """How much more the last is than the first; None where it is not known of one of them."""
        first, last = self._amounts()
        return None if first is None or last is None else last - first

    @property
    def rate(self) -> Decimal | None:
        """The last in percent of the first; None where that cannot be said."""
        first, last = self._amounts()
        return None if not first or last is None else last * 100 / first

    def _amounts(self) -> tuple[Decimal | None, Decimal | None]:
        if not self.known:
            return self.first, self.last
        return self.first or Decimal(0), self.last or Decimal(0)


class BesideGroup(msgspec.Struct, frozen=True):
    """Lines under one heading."""

    key: str
    title: str
    lines: tuple[BesideLine, ...]


def budget_and_outcome(session: Session, budget: Publication, account: Publication) -> tuple[BesideGroup, ...]:
    """Budget, adjusted budget and outcome of a year, of current versions; lines that nobody has are left out."""
    plan = load_budget_outcome()
    both = _values(session, (budget, account))
    groups = [
        BesideGroup(group.key, group.title, tuple(
            line for shared in group.lines for line in _lines(session, shared, budget, account, both)
        ))
        for group in plan.groups
    ]
    groups.append(BesideGroup(PROJECT, plan.projects, tuple(_projects(session, budget, account))))
    return tuple(group for group in groups if group.lines)


def budget_and_last(session: Session, budget: Publication, last: Publication) -> tuple[BesideGroup, ...]:
    """A budget beside last year's, both of current versions; lines that neither has are left out."""
    plan = load_budget_outcome()
    both = _values(session, (budget, last))
    groups = [
        BesideGroup(group.key, group.title, tuple(
            line for shared in group.lines for line in _grown(session, shared, budget, last, both)
        ))
        for group in plan.groups
    ]
    return tuple(group for group in groups if group.lines)


def in_short(groups: Iterable[BesideGroup]) -> list[BesideLine]:
    """The totals of all groups."""
    return [line for group in groups for line in group.lines if line.total]


def _values(session: Session, rows: tuple[Publication, ...]) -> portal.Values:
    wanted: list[Address] = []
    for line in load_budget_outcome().lines:
        wanted += [*line.budget_places, *(each for each in (line.adjusted_place, line.outcome_place) if each)]
    return portal.values(session, rows, wanted)


def _lines(
    session: Session, shared: SharedLine, budget: Publication, account: Publication, both: portal.Values
) -> Iterator[BesideLine]:
    if shared.each:
        first = _by_code(session, budget, shared.budget_places[0], shared.each)
        last = _by_code(session, account, shared.outcome_place, shared.each) if shared.outcome_place else {}
        for code in sorted(first.keys() | last.keys()):
            name = name_of(code, account.year) or code
            yield BesideLine(name, first.get(code), last.get(code), known=bool(first and last))
        return
    known = _printed(shared.budget_places, both[budget.id])
    known = known and shared.outcome_place is not None and _printed([shared.outcome_place], both[account.id])
    found = BesideLine(
        shared.name, _first(shared, both[budget.id]), _at(shared.outcome_place, both[account.id]),
        _at(shared.adjusted_place, both[account.id]), shared.total, known,
    )
    if any(amount is not None for amount in (found.first, found.last, found.between)):
        yield found


def _grown(
    session: Session, shared: SharedLine, budget: Publication, last: Publication, both: portal.Values
) -> Iterator[BesideLine]:
    if shared.each:
        before, now = (_by_code(session, row, shared.budget_places[0], shared.each) for row in (last, budget))
        for code in sorted(before.keys() | now.keys()):
            name = name_of(code, budget.year) or code
            yield BesideLine(name, before.get(code), now.get(code), known=bool(before and now))
        return
    known = all(_printed(shared.budget_places, both[row.id]) for row in (last, budget))
    before_it, now_it = _first(shared, both[last.id]), _first(shared, both[budget.id])
    found = BesideLine(shared.name, before_it, now_it, total=shared.total, known=known)
    if found.first is not None or found.last is not None:
        yield found


def _printed(places: Sequence[Address], values: dict[Address, Decimal]) -> bool:
    """Whether a document prints an amount anywhere in the table of one of the `places`."""
    forms = {place.form for place in places}
    return any(place.form in forms for place in values)


def _first(shared: SharedLine, values: dict[Address, Decimal]) -> Decimal | None:
    return next((values[place] for place in shared.budget_places if place in values), None)


def _at(place: Address | None, values: dict[Address, Decimal]) -> Decimal | None:
    return values.get(place) if place else None


def _by_code(session: Session, row: Publication, place: Address, level: str) -> dict[str, Decimal]:
    query = select(PublishedFact.row, PublishedFact.value).where(
        PublishedFact.publication_id == row.id, PublishedFact.form == place.form,
        PublishedFact.column == place.column, PublishedFact.period == str(place.period),
        func.length(PublishedFact.row) == CODE_LENGTHS[level],
    )
    return {code: Decimal(value) for code, value in session.execute(query) if code.isascii() and code.isdigit()}


def _projects(session: Session, budget: Publication, account: Publication) -> Iterator[BesideLine]:
    """The projects with a form of goals or of self-evaluation, by name; amounts in yuan."""
    goals, evaluations = (_forms(session, row) for row in (budget, account))
    for name in dict.fromkeys((*goals, *evaluations)):
        planned, done = goals.get(name), evaluations.get(name)
        known = planned or done
        if known:
            yield BesideLine(
                known.title, Decimal(planned.budget) if planned else None,
                Decimal(done.outlay) if done and done.outlay else None, Decimal(done.budget) if done else None,
            )


def _forms(session: Session, row: Publication) -> dict[str, PublishedForm]:
    query = select(PublishedForm).where(PublishedForm.publication_id == row.id, PublishedForm.kind == PROJECT)
    return {spaceless(form.title): form for form in session.scalars(query.order_by(PublishedForm.id))}
