"""What checking comes to: findings, each with its place and its equation, and how many relations were decided."""

from __future__ import annotations

import msgspec

from juesuan.account import Conclusion, Coverage, Issue, Severity, Unplaced
from juesuan.statute.checking import load_coverage


class Tally(msgspec.Struct, frozen=True):
    """How many expanded relations were decided, and how: held exactly, within rounding, failed; and not decided."""

    decided: int
    held: int
    rounding: int
    failed: int
    undecided: int


class Report(msgspec.Struct, frozen=True):
    """The findings on one account, most severe first, with the tally of relations and what found no place."""

    file: str
    profile: str
    unit: str
    year: int
    findings: tuple[Issue, ...]
    relations: Tally
    claims: tuple[int, int, int] = (0, 0, 0)
    """Figures of the narrative: held against the tables, those that could not be, those no sentence was known for."""
    unplaced: tuple[Unplaced, ...] = ()
    notes: tuple[Issue, ...] = ()
    faults: tuple[Issue, ...] = ()
    """What went wrong in this program while checking: never the document's fault, and said apart from its findings."""

    coverage: Coverage = Coverage()
    """What was understood and held against something, and every number that was not."""

    def count(self, severity: Severity) -> int:
        """How many findings there are of a severity."""
        return sum(1 for finding in self.findings if finding.severity == severity)

    @property
    def conclusion(self) -> Conclusion:
        """What may be said of the document: that nothing was found is only said of what was understood."""
        if self.faults or self.count("error") or self.count("warning"):
            return "有问题"
        if self.inconclusive:
            return "不能下结论"
        if self.findings:
            return "只有提示"
        return "未发现问题" if self.enough else "部分未核对"

    @property
    def enough(self) -> bool:
        """Whether nearly all was understood, and held against something."""
        limits = load_coverage()
        return self.coverage.reaches(limits.enough) and self.coverage.held_against(limits.checked)

    @property
    def inconclusive(self) -> bool:
        """Whether too little was understood to say anything of the document as a whole."""
        return not self.coverage.reaches(load_coverage().floor)
