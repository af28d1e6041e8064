"""What became of the findings on a document that was corrected."""

from __future__ import annotations

import msgspec

from juesuan.account import Issue
from juesuan.checker import Report
from juesuan.checker.reports import finding_text
from juesuan.inspection import Inspection
from juesuan.revision.correction.attempt import AttemptOutcome, CorrectionAttempt
from juesuan.revision.correction.candidates import Change
from juesuan.statute import Statute


class Fixed(msgspec.Struct, frozen=True):
    """A finding that was corrected, and how."""

    finding: Issue
    change: Change


class Commented(msgspec.Struct, frozen=True):
    """A finding that was not corrected; `why` says why where its rule would allow it."""

    finding: Issue
    why: str = ""


class Correction(msgspec.Struct, frozen=True):
    """What became of every finding on a document; `after` is the report on it with all changes accepted."""

    before: Inspection
    after: Report
    fixed: tuple[Fixed, ...]
    commented: tuple[Commented, ...]
    unsafe: int = 0
    """How many more findings could be corrected where a person agrees."""


def result_of(attempt: CorrectionAttempt, outcome: AttemptOutcome) -> Correction:
    """What a attempt came to, for those who print it."""
    left = tuple(Commented(f, outcome.why.get((f.code, f.places), "")) for f in outcome.after.findings)
    fixed = tuple(Fixed(finding, change) for finding, change in outcome.agreed)
    return Correction(attempt.before, outcome.after, fixed, left, outcome.unsafe)


def comment_on(finding: Issue, statute: Statute, change: Change) -> str:
    """The comment beside a correction: what became what, the rule, the reason and the equation."""
    return f"已以修订方式更正：{change.before} → {change.text}\n{finding_text(finding, statute)}"
