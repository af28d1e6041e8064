"""Rules tried one family after another: what breaks down in this program is told apart from what a document does."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from juesuan.account import Issue

Result = TypeVar("Result")


class RuleGuard:
    """Runs families of rules; a family that raises is noted in `faults` and the others go on."""

    def __init__(self) -> None:
        self.faults: list[Issue] = []

    def attempt(self, name: str, work: Callable[[], Result], otherwise: Result) -> Result:
        """What `work` gives, or `otherwise` where it raises, with the family and the error noted for our developers."""
        try:
            return work()
        # A defect of ours may be of any kind, and none may cost the reviewer the findings of the other rules.
        except Exception as error:
            text = f"“{name}”这一类规则没有核对完：{type(error).__name__}: {error}"
            self.faults.append(Issue("Q301", "error", text))
            return otherwise
