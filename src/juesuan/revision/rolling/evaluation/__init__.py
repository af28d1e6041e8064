"""The forms of self-evaluation and of goals, and what the prose tells of projects, with this year's figures."""

from juesuan.revision.rolling.evaluation.goals import goal_edits, matched_goals
from juesuan.revision.rolling.evaluation.key_work import key_work_edits
from juesuan.revision.rolling.evaluation.projects import project_numbers
from juesuan.revision.rolling.evaluation.sheets import evaluation_edits, matched
from juesuan.revision.rolling.evaluation.view import FormsOutcome, FormView

__all__ = [
    "FormView",
    "FormsOutcome",
    "evaluation_edits",
    "goal_edits",
    "key_work_edits",
    "matched",
    "matched_goals",
    "project_numbers",
]
