"""What scoring published, compiled or stored forms comes to, file by file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from juesuan.account import PerformanceSheet
    from juesuan.checker.reports import Checked
    from juesuan.scoring import Scored
    from juesuan.statute import Scheme


class ScoredForm(msgspec.Struct, frozen=True):
    """A form with the scheme it was scored by."""

    sheet: PerformanceSheet
    scored: Scored
    scheme: Scheme
    stated: bool = True
    """Whether the scores of the form are what a document states; those of a compiled form are our own."""


class ScoredFile(msgspec.Struct, frozen=True):
    """A file, or a folder with a workbook, with all its forms and what is wrong with them."""

    file: str
    unit: str
    year: int
    profile: str
    forms: tuple[ScoredForm, ...]
    checked: Checked | None = None
    """What is wrong with the forms by the rules of `check`; None for a text scored by another scheme than its own.

    Of compiled forms without what scoring finds on them.
    """
    compiled: bool = False
    problems: tuple[str, ...] = ()
    """What keeps a workbook from being compiled."""

    @property
    def wrong(self) -> bool:
        """Whether anything is wrong at the level of an error."""
        if self.checked is not None and self.checked.count("error"):
            return True
        if self.checked is not None and not self.compiled:
            return False
        severe = any(issue.severity == "error" for form in self.forms for issue in form.scored.issues)
        return severe or bool(self.problems)
