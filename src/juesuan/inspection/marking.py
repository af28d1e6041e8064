"""Everything that stands between a workbook and its publication, marked in a copy of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from juesuan.account import Issue
from juesuan.compiler import Compilation
from juesuan.compiler.marking import Complaint, mark_copy


def mark_workbook(compilation: Compilation, target: Path) -> tuple[int, int]:
    """Writes a copy of the compilation's workbook to `target`, every complaint beside its cell and in a list.

    Gives the numbers of complaints and of marked cells. The workbook itself is not touched. Raises ValueError where
    there is no workbook among the files, or `target` is the workbook itself; OSError where it cannot be written.
    """
    source = compilation.workbook
    if source is None:
        raise ValueError("没有填报工作簿可以标注；可先用 juesuan new --from 生成补充填报的工作簿。")
    if target.resolve() == source.resolve():
        raise ValueError(f"{target} 就是填报工作簿本身，标注只写在副本里；请换一个文件名。")
    complaints = list(complaints_of(compilation))
    return len(complaints), mark_copy(source, target, complaints)


def complaints_of(compilation: Compilation) -> Iterator[Complaint]:
    """What is wrong, missing or to be explained, the worst first."""
    wrong = (
        *compilation.problems, *(fault for fault in compilation.faults if fault.severity == "error"),
        *compilation.contradictions, *compilation.against_figures,
    )  # fmt: skip
    for issue in wrong:
        yield Complaint("错误", _text(issue), issue.places, compilation.offer(issue.address))
    for missing in compilation.missing:
        yield Complaint("待填", missing.expected, missing.places, compilation.offer(missing.address))
    explained = (
        *(fault for fault in compilation.faults if fault.severity != "error"), *compilation.unproved,
        *(issue for issue in compilation.scoring if issue.severity != "notice"),
        *(note for note in compilation.notes if note.place.sheet),
    )  # fmt: skip
    for issue in explained:
        yield Complaint("须说明", _text(issue), issue.places)


def _text(issue: Issue) -> str:
    where = f"{issue.where}：" if issue.where and not issue.places else ""
    return f"[{issue.code}] {where}{issue.message}{issue.advice}"
