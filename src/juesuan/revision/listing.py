"""The list of what a document rolled forward leaves to be seen to, as a table for Excel."""

from __future__ import annotations

from pathlib import Path

from juesuan.account import SEVERITY_NAMES, CsvWriter, Source
from juesuan.revision.rolling import Rolled


def write_list(rolled: Rolled, path: Path) -> None:
    """Writes every number, row and difference to be seen to, with its place, and the findings of our check."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = CsvWriter(file)
        writer.line(["类别", "位置", "数", "原文", "原因"])
        for entry in rolled.left:
            number = entry.number.text + entry.number.unit
            writer.line(["上年的数", place_of(entry.source), number, entry.context, entry.why])
        for source, problem in rolled.problems:
            writer.line(["没有写入", place_of(source), "", "", problem])
        for source, change in rolled.changed:
            writer.line(["增删的行和表", place_of(source), "", "", change])
        for conflict in rolled.conflicts:
            writer.line(["不一致", "", "", "", conflict])
        for finding in rolled.report.findings:
            if finding.severity != "notice":
                kind = f"核对：{SEVERITY_NAMES[finding.severity]}"
                writer.line([kind, str(finding.place), finding.stated, "", finding.message])


def place_of(source: Source) -> str:
    """A place within the document."""
    return str(Source(sheet=source.sheet, cell=source.cell, paragraph=source.paragraph)) or "全文"
