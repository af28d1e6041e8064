"""Forms of performance: the self-evaluation forms of final accounts, scored; the goals of a budget."""

from juesuan.compiler.performance.actual_values import ask_for_values, problem_with
from juesuan.compiler.performance.goals import goal_facts, goals_of
from juesuan.compiler.performance.self_evaluation import WHOLE, approved_amount, evaluations

__all__ = ["WHOLE", "approved_amount", "ask_for_values", "evaluations", "goal_facts", "goals_of", "problem_with"]
