"""An XLSX corrected: a copy in which wrong cells have their right value, filled and commented."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from juesuan.account import Account, Issue, Source, UnreadableFileError, spaceless
from juesuan.checker.reports import finding_text
from juesuan.reader import read_raw_document
from juesuan.revision.correction.attempt import CorrectionAttempt
from juesuan.revision.correction.candidates import Change
from juesuan.revision.correction.result import Correction, comment_on, result_of
from juesuan.revision.texts import Texts

AUTHOR = "juesuan"
CORRECTED, REMARKED = "FFF2A8", "FBDAD7"
"""The fill of a cell that was corrected, and of one that is only remarked on."""
_WIDTH, _HEIGHT = 420, 220

_NUMBER = re.compile(r"[-−]?[\d,，]+(?:\.\d+)?")


class _Xlsx:
    """An XLSX as changes are made in it."""

    def __init__(self, path: Path) -> None:
        import openpyxl

        self.path = path
        raw = read_raw_document(path)
        self.texts = Texts({source: (text,) for source, text in raw.texts()})
        try:
            self.formulas = openpyxl.load_workbook(path)
            self.values = openpyxl.load_workbook(path, data_only=True)
        except (OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile) as error:
            raise UnreadableFileError(
                f"“{path.name}”能读出数字，但不能改写（{error}），请用 Excel、WPS 打开后另存为新的 .xlsx。"
            ) from error

    def obstacle(self, change: Change) -> str:
        source = change.source
        if not source.cell or source.sheet not in self.formulas.sheetnames:
            return "这段文字不在单元格里"
        value = self.formulas[source.sheet][source.cell].value
        return "这一格是公式，要改公式所引用的格" if isinstance(value, str) and value.startswith("=") else ""

    def write(self, changes: Sequence[Change], target: Path) -> None:
        self._saved(self._changed(changes), target)

    def _changed(self, changes: Sequence[Change]) -> Any:
        import openpyxl

        book = openpyxl.load_workbook(self.path)
        for change in changes:
            cell = book[change.source.sheet][change.source.cell]
            old = cell.value
            whole = _NUMBER.fullmatch(change.text) and change.before == spaceless(str(self._shown(change)))
            if isinstance(old, int | float | Decimal) and whole:
                cell.value = Decimal(change.text.replace(",", "").replace("，", "").replace("−", "-"))
            else:
                text = spaceless(str(old or ""))
                cell.value = text[: change.start] + change.text + text[change.end :]
        return book

    def _shown(self, change: Change) -> str:
        texts = self.texts.of(change.source)
        return texts[change.part] if texts else ""

    def _saved(self, book: Any, target: Path) -> None:
        from juesuan.compiler.marking import save_with_values

        save_with_values(book, self.values, target)

    def finish(
        self,
        attempt: CorrectionAttempt,
        agreed: Sequence[tuple[Issue, Change]],
        left: Sequence[Issue],
        target: Path,
    ) -> None:
        """Writes the copy with fills and comments; findings without a cell stand on a sheet of their own."""
        law = attempt.before.reading.statute
        book = self._changed([change for _, change in agreed])
        notes: dict[Source, list[str]] = {}
        fixed = {change.source for _, change in agreed}
        for finding, change in agreed:
            notes.setdefault(change.source, []).append(comment_on(finding, law, change))
        loose: list[str] = []
        for finding in left:
            place = next((s for s in finding.places if s.cell and s.sheet in book.sheetnames), None)
            if place is None:
                loose.append(finding_text(finding, law))
            else:
                notes.setdefault(Source(file=place.file, sheet=place.sheet, cell=place.cell), []).append(
                    finding_text(finding, law)
                )
        for source, texts in notes.items():
            _remark(book[source.sheet], source.cell, texts, CORRECTED if source in fixed else REMARKED)
        if loose:
            sheet = book.create_sheet("没有具体位置的问题")
            sheet.column_dimensions["A"].width = 120
            for row, text in enumerate(loose, 1):
                cell = sheet.cell(row, 1)
                cell.value = text
                cell.data_type = "s"
        self._saved(book, target)


def correct_xlsx(
    path: Path,
    target: Path,
    profile: str | None = None,
    *,
    unsafe: bool = False,
    against: Sequence[Account] = (),
) -> Correction:
    """Writes a copy of the workbook at `path` to `target`: cells whose right value is known have it and are yellow,
    cells that need a person are red, each with a comment. Raises UnreadableFileError.
    """
    book = _Xlsx(path)
    attempt = CorrectionAttempt(book, profile, against, unsafe=unsafe)
    outcome = attempt.outcome()
    book.finish(attempt, outcome.agreed, outcome.after.findings, target)
    return result_of(attempt, outcome)


def _remark(sheet: Any, place: str, texts: Sequence[str], colour: str) -> None:
    from openpyxl.cell.cell import MergedCell
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill

    cell = sheet[place]
    if isinstance(cell, MergedCell):
        around = next(span for span in sheet.merged_cells.ranges if place in span)
        cell = sheet.cell(around.min_row, around.min_col)
    cell.fill = PatternFill("solid", fgColor=colour)
    present = [cell.comment.text] if cell.comment else []
    cell.comment = Comment("\n\n".join([*present, *texts]), AUTHOR, width=_WIDTH, height=_HEIGHT)
