"""What is compared between units and years: indicators and key figures as declared, and the law itself."""

from juesuan.statute.comparison.budget_outcome import BudgetOutcome, SharedLine, load_budget_outcome
from juesuan.statute.comparison.changes import LawChange, law_changes, not_seen
from juesuan.statute.comparison.glance import GlanceItem, load_glance
from juesuan.statute.comparison.indicators import SCORE, STAFF, ComparedIndicator, address_of, load_indicators
from juesuan.statute.comparison.key_figures import KeyFigure, KeyFigures, load_key_figures

__all__ = [
    "SCORE",
    "STAFF",
    "BudgetOutcome",
    "ComparedIndicator",
    "GlanceItem",
    "KeyFigure",
    "KeyFigures",
    "LawChange",
    "SharedLine",
    "address_of",
    "law_changes",
    "load_budget_outcome",
    "load_glance",
    "load_indicators",
    "load_key_figures",
    "not_seen",
]
