"""The goals of a budget beside the self-evaluation of its year, indicator by indicator."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from juesuan.account import spaceless
from juesuan.web.infra.models import Publication, PublishedForm

WHOLE = "整体"


class GoalLine(msgspec.Struct, frozen=True):
    """An indicator: the target in the budget and in the evaluation (None where a form has it not), what was attained,
    and its points.
    """

    name: str
    planned: str | None
    target: str | None
    actual: str = ""
    score: str = ""
    weight: str = ""

    @property
    def changed(self) -> str:
        """What became of the indicator, in words; empty where its target is the same."""
        if self.planned is None:
            return "自评新增"
        if self.target is None:
            return "自评没有"
        return "" if spaceless(self.planned) == spaceless(self.target) else "目标值不同"


class GoalsBeside(msgspec.Struct, frozen=True):
    """The forms of a project, or of the whole unit; which of the two documents has one."""

    title: str
    in_budget: bool
    in_account: bool
    lines: tuple[GoalLine, ...]


class _Printed(msgspec.Struct, frozen=True):
    """What is kept of a line of a form."""

    name: str
    target: str = ""
    actual: str = ""
    score: str = ""
    weight: str = ""


def goals_and_results(session: Session, budget: Publication, account: Publication) -> tuple[GoalsBeside, ...]:
    """The forms of goals and of self-evaluation of two current versions by what they are of, the unit's own first."""
    goals, results = _forms(session, budget), _forms(session, account)
    if not goals or not results:
        return ()
    return tuple(_beside(goals.get(key), results.get(key)) for key in dict.fromkeys((*goals, *results)))


def _forms(session: Session, row: Publication) -> dict[tuple[str, str], PublishedForm]:
    query = select(PublishedForm).where(PublishedForm.publication_id == row.id).order_by(PublishedForm.id)
    # A unit calls the form of itself as it likes: it has one.
    return {(form.kind, "" if form.kind == WHOLE else spaceless(form.title)): form for form in session.scalars(query)}


def _beside(planned: PublishedForm | None, done: PublishedForm | None) -> GoalsBeside:
    known = planned or done
    title = "" if known is None else "整体支出" if known.kind == WHOLE else known.title
    return GoalsBeside(title, planned is not None, done is not None, tuple(_lines(planned, done)))


def _lines(planned: PublishedForm | None, done: PublishedForm | None) -> Iterator[GoalLine]:
    first, last = _printed(planned), _printed(done)
    for key in dict.fromkeys((*first, *last)):
        goal, result = first.get(key), last.get(key)
        known = result or goal
        if known is not None:
            yield GoalLine(
                known.name, goal.target if goal else None, result.target if result else None,
                result.actual if result else "", result.score if result else "", known.weight,
            )  # fmt: skip


def _printed(form: PublishedForm | None) -> dict[str, _Printed]:
    lines = msgspec.json.decode(form.indicators, type=list[_Printed]) if form else []
    return {spaceless(line.name): line for line in lines}
