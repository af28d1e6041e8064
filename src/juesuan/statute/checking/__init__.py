"""What only checking needs to know, as declared: rules, relations across documents, limits of coverage."""

from juesuan.statute.checking.across import Across, ExplainedFigures, load_across
from juesuan.statute.checking.coverage import load_coverage
from juesuan.statute.checking.rollup import Side, Transfer, load_rollup
from juesuan.statute.checking.rules import load_rules

__all__ = [
    "Across",
    "ExplainedFigures",
    "Side",
    "Transfer",
    "load_across",
    "load_coverage",
    "load_rollup",
    "load_rules",
]
