"""Scoring of performance self-evaluations (绩效自评) by a declared scheme; values as the forms write them."""

from juesuan.scoring.adoption import adopt, as_printed
from juesuan.scoring.ambition import asks_less
from juesuan.scoring.possible import execution_bounds, possible_scores, printed_step
from juesuan.scoring.rollup import roll_up
from juesuan.scoring.sheet import Scored, ScoredIndicator, execution_rate, execution_score, grade_of, score_sheet
from juesuan.scoring.values.comparable import Comparable, comparable
from juesuan.scoring.values.value import Value, parse_value, print_value

__all__ = [
    "Comparable",
    "Scored",
    "ScoredIndicator",
    "Value",
    "adopt",
    "as_printed",
    "asks_less",
    "comparable",
    "execution_bounds",
    "execution_rate",
    "execution_score",
    "grade_of",
    "parse_value",
    "possible_scores",
    "print_value",
    "printed_step",
    "roll_up",
    "score_sheet",
]
