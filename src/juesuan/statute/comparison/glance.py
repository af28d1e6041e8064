"""What the public sees first of an account or a budget: as declared, each a number, a plain sentence and a chart."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import msgspec

from juesuan.account import Issue
from juesuan.statute.articulation.notation import NotationError, parse_quantity
from juesuan.statute.clause import Clause, ParagraphPlan, SectionPlan
from juesuan.statute.profile import ChartPlan, Kind
from juesuan.statute.source import StatuteError, convert, mistake, read_yaml

FILES: dict[Kind, str] = {"决算": "glance.yaml", "预算": "glance_budget.yaml"}


class GlanceItem(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One number with its sentence. `chart` is a chart of its own or the key of one of the narrative's.

    `signed` numbers are printed with their sign; `scores`: the chart is that of the self-evaluation's points.
    """

    key: str
    title: str
    clauses: tuple[Clause, ...]
    number: str = ""
    let: dict[str, str] = {}
    chart: ChartPlan | str = ""
    signed: bool = False
    scores: bool = False

    @property
    def section(self) -> SectionPlan:
        """Its sentence as a section of one paragraph, as a writer takes it."""
        return SectionPlan(self.key, self.title, (ParagraphPlan(self.key, self.clauses, let=self.let),))


class GlancePlan(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The declaration."""

    basis: str
    items: tuple[GlanceItem, ...]


@cache
def load_glance(kind: Kind = "决算", root: Path = Path(__file__).parents[1]) -> GlancePlan:
    """The declaration for final accounts or for budgets. Raises StatuteError with every mistake."""
    mistakes: list[Issue] = []
    file = FILES[kind]
    plan = convert(read_yaml(root / file, file, mistakes), GlancePlan, (file, 1), mistakes)
    for item in plan.items if plan else ():
        for text in (*([item.number] if item.number else []), *item.let.values()):
            try:
                parse_quantity(text)
            except NotationError as error:
                mistakes.append(mistake(file, 1, f"{item.key}：{error}"))
    if plan is None or mistakes:
        raise StatuteError(mistakes)
    return plan
