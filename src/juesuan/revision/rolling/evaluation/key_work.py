"""The key work table (重点工作完成情况表) with this year's work; where that is not known, last year's to confirm."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from juesuan.account import Account, KeyWork, Source, bare_text
from juesuan.revision.docx import Copies, DocxFile, Edit, copied
from juesuan.revision.rolling.evaluation.rows import cells_of, merging
from juesuan.revision.rolling.evaluation.texts import to_confirm
from juesuan.revision.rolling.evaluation.view import FormsOutcome, FormView, row_of
from juesuan.revision.rolling.progress import Progress
from juesuan.revision.texts import Texts
from juesuan.statute import Statute
from juesuan.statute.language import compact

_TEXTS = ("matter", "goal", "outcome")


class _Line(msgspec.Struct):
    """A line of the table: its row, the cells of its texts and of its number, and the copy that it is, if it is one."""

    element: Any
    cells: dict[str, Source]
    work: KeyWork
    copies: Copies | None = None
    number: Source | None = None


def key_work_edits(
    file: DocxFile,
    texts: Texts,
    last: Account,
    account: Account,
    statute: Statute,
    progress: Progress,
    outcome: FormsOutcome,
) -> Iterator[Edit]:
    """The edits of the key work table: lines of the same matter get this year's texts, others come and go."""
    tables = {work.source.sheet for work in last.key_work if work.source is not None}
    if len(tables) != 1:
        return
    view = FormView(file, texts, tables.pop(), statute, progress)
    lines = list(_lines(view, last.key_work))
    whole = len(lines) == len(last.key_work) and not any(
        merging(cell) for line in lines for _, _, cell in cells_of(line.element)
    )
    if not account.key_work or not whole:
        rows = {row_of(work.source) for work in last.key_work if work.source is not None}
        for source in view.cells:
            if row_of(source) >= min(rows) and not "".join(texts.of(source)).isdigit():
                yield from to_confirm(view, source)
        if account.key_work:
            outcome.problems.append((view.source, "重点工作没有逐行认出，今年的没有写入"))
        return
    yield from _rolled(view, lines, account.key_work, outcome)


def _lines(view: FormView, works: Sequence[KeyWork]) -> Iterator[_Line]:
    """The lines of the table whose texts stand in one row each."""
    for work in works:
        row = row_of(work.source) if work.source is not None else 0
        sources = view.of_row(row)
        by_text = {"".join(view.texts.of(source)): source for source in sources}
        cells = {key: by_text.get(compact(getattr(work, key))) for key in _TEXTS if getattr(work, key)}
        found = {key: source for key, source in cells.items() if source is not None}
        number = next((source for source in sources if "".join(view.texts.of(source)).isdigit()), None)
        if 0 < row <= len(view.rows) and len(found) == len(cells) and {"matter", "outcome"} <= found.keys():
            yield _Line(view.rows[row - 1], found, work, number=number)


def _rolled(
    view: FormView, lines: Sequence[_Line], works: Sequence[KeyWork], outcome: FormsOutcome
) -> Iterator[Edit]:
    left = list(lines)
    before: _Line | None = None
    for number, work in enumerate(works, 1):
        line = next((each for each in left if bare_text(each.work.matter) == bare_text(work.matter)), None)
        if line is not None:
            left.remove(line)
        else:
            model = before if before is not None and before.copies is None else lines[0]
            element, copies = copied(model.element)
            line = _Line(element, model.cells, work, copies, model.number)
            outcome.changed.append((view.source, f"重点工作新有的“{work.matter}”，仿相邻的行加上"))
        if line.copies is not None or (before is not None and before.element.getnext() is not line.element):
            # In this year's order.
            (before.element.addnext if before is not None else lines[0].element.addprevious)(line.element)
        before = line
        for key, source in line.cells.items():
            if line.copies is None:
                view.settle(source, "更新")
            yield from view.put(source, getattr(work, key), line.copies)
        if line.number is not None:
            yield from view.put(line.number, str(number), line.copies)
    for line in left:
        for source in view.of_row(row_of(line.cells["matter"])):
            view.settle(source, "更新", "今年没有，已删去")
        outcome.removed.append(line.element)
        outcome.changed.append((view.source, f"今年没有的重点工作“{line.work.matter}”，已删去"))
