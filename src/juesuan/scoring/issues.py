"""The issues on one self-evaluation form, collected while it is scored, each with its place in the form."""

from __future__ import annotations

from typing import Any

from juesuan.account import Indicator, Issue, PerformanceSheet, Severity
from juesuan.statute.checking import load_rules


class SheetIssues:
    """Collects the issues on one form, so that every one names its place in the same way.

    The severity is that of the rule for a form that is being filled in, unless another is given.
    """

    def __init__(self, sheet: PerformanceSheet) -> None:
        self._sheet = sheet
        self._issues: list[Issue] = []

    def on_sheet(self, code: str, part: str, message: str, severity: Severity | None = None, **more: Any) -> None:
        """An issue on `part` of the form (预算执行情况, 总分 …); `more` are other fields of the Issue."""
        source = self._sheet.source
        more |= {"about": self._sheet.title, "where": f"《{self._sheet.title}》{part}"}
        self._add(code, message, severity, {"places": (source,) if source else ()} | more)

    def on_indicator(
        self, code: str, index: int, indicator: Indicator, message: str, severity: Severity | None = None, **more: Any
    ) -> None:
        """An issue on the indicator at position `index`."""
        source = indicator.source or self._sheet.source
        where = f"《{self._sheet.title}》{indicator.level1}—{indicator.level2}—{indicator.name}"
        more |= {"about": self._sheet.title, "where": where, "indicator": index}
        self._add(code, message, severity, {"places": (source,) if source else ()} | more)

    def _add(self, code: str, message: str, severity: Severity | None, more: dict[str, Any]) -> None:
        rule = load_rules()[code]
        self._issues.append(Issue(code, severity or rule.filling or rule.severity, message, **more))

    @property
    def issues(self) -> tuple[Issue, ...]:
        """The issues so far, in the order they were found."""
        return tuple(self._issues)
