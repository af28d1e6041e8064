"""Everything that stands between a workbook and its publication, marked in a copy of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from juesuan.account import Issue, Source
from juesuan.statute.exports import load_exports

if TYPE_CHECKING:
    from juesuan.compiler import Compilation
    from juesuan.compiler.marking import Complaint

# Who checks a document comes through here too and need not wait for the library that opens workbooks.


def mark_workbook(compilation: Compilation, target: Path) -> tuple[int, int]:
    """Writes a copy of the compilation's workbook to `target`, every complaint beside its cell and in a list.

    Gives the numbers of complaints and of marked cells. The workbook itself is not touched. Raises ValueError where
    there is no workbook among the files, or `target` is the workbook itself; OSError where it cannot be written.
    """
    from juesuan.compiler.marking import mark_copy

    source = compilation.workbook
    if source is None:
        raise ValueError("没有填报工作簿可以标注；可先用 juesuan new --from 生成补充填报的工作簿。")
    if target.resolve() == source.resolve():
        raise ValueError(f"{target} 就是填报工作簿本身，标注只写在副本里；请换一个文件名。")
    complaints = list(complaints_of(compilation))
    return len(complaints), mark_copy(source, target, complaints)


def complaints_of(compilation: Compilation) -> Iterator[Complaint]:
    """What is wrong, missing or to be explained, the worst first."""
    from juesuan.compiler.marking import Complaint

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


def mark_questions(compilation: Compilation, path: Path) -> None:
    """Marks in the workbook at `path`, which was just written to ask for the rest, every cell that is to be filled in,
    with what each reason can be written from. Raises OSError.
    """
    from juesuan.compiler.explaining import place_for
    from juesuan.compiler.marking import Complaint, mark_copy, read_workbook

    blank = read_workbook(path, compilation.statute)
    complaints = [Complaint("待填", _text(problem), problem.places) for problem in blank.problems]
    asks = {ask.what: ask for ask in load_exports(compilation.statute).asks}
    for missing in compilation.missing:
        place = place_for(missing.address, blank)
        if place is not None:
            offer = compilation.offer(missing.address)
            complaints.append(Complaint("待填", missing.expected, (place,), offer))
        else:
            ask = asks.get(missing.expected)
            wanted = ask.cells if ask else ()
            cells = tuple(blank.places[str(cell)] for cell in wanted if str(cell) in blank.places)
            text = f"报表里没有：{missing.expected}" + ("；没有发生的不填" if len(cells) > 1 else "")
            sheet = Source(file=path.name, sheet=missing.address)
            complaints.append(Complaint("待填" if len(cells) == 1 else "须说明", text, cells or (sheet,)))
    mark_copy(path, path, complaints)


def _text(issue: Issue) -> str:
    where = f"{issue.where}：" if issue.where and not issue.places else ""
    return f"[{issue.code}] {where}{issue.message}{issue.advice}"
