"""Statutory tables laid out: merged headings, lines, amounts and notes, from the declaration and the account."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from juesuan.account import Account, Address
from juesuan.publisher.document import Align, Cell, Table, ordinal
from juesuan.statute import CODE_LENGTHS, TOTAL, Form, FormBlock, Row, Statute, Stub, digits_of, lines

EMPTY_LINES = 3
"""Blank lines that an empty table keeps (空表仍须公开)."""


class GridColumn(msgspec.Struct, frozen=True):
    """A column of the printed grid: the headings above it, its block, and either a stub or a column of amounts."""

    path: tuple[str, ...]
    block: FormBlock
    width: float
    stub: Stub | None = None
    column: str = ""
    number: str = ""


def table(account: Account, statute: Statute, form: Form) -> Table:
    """The published table of `form` with the figures of `account`, printed as the profile prints them."""
    style = statute.profile.style
    grid = [part for block in form.blocks for part in _grid(block)]
    body = _Body(account, statute, form, grid)
    number = statute.number_of(form)
    words = {"年度": str(account.year), "单位": account.unit.name, "序": number}
    return Table(
        key=form.key,
        title=style.title_prefix.format(**words) + form.title + style.table_in_title.format(**words),
        number=style.table_number.format(**words),
        left=f"{style.unit_caption or statute.profile.unit_word}：{account.unit.name}",
        right=f"单位：{form.unit}",
        widths=tuple(part.width for part in grid),
        header=(*_header(grid), *_numbers(grid, form, statute)),
        body=body.rows(),
        notes=_notes(account, statute, form),
        wide=form.wide,
        small=form.small,
        heading=2,
    )


def _grid(block: FormBlock) -> list[GridColumn]:
    head = (block.head,) if block.head else ()
    stubs = [GridColumn((*head, *stub.heads), block, stub.width, stub=stub) for stub in block.stubs]
    amounts = [
        GridColumn(
            (*head, *column.heads),
            block,
            column.width,
            column=column.key,
            number=column.number or (column.key if column.key.isdigit() else ""),
        )
        for column in block.printed_columns()
    ]
    return [*stubs, *amounts]


def _header(grid: Sequence[GridColumn]) -> list[tuple[Cell, ...]]:
    """The heading rows: neighbours under the same heading share a cell, a short path reaches down to the last row."""
    depth = max(len(part.path) for part in grid)
    rows: list[list[Cell]] = [[] for _ in range(depth)]

    def emit(parts: Sequence[GridColumn], level: int) -> None:
        start = 0
        while start < len(parts):
            head, leaf = parts[start].path[level], len(parts[start].path) == level + 1
            end = start + 1
            while not leaf and end < len(parts) and parts[end].path[level] == head and len(parts[end].path) > level + 1:
                end += 1
            span = depth - level if leaf else 1
            rows[level].append(Cell(head, "center", colspan=end - start, rowspan=span, header=True))
            if not leaf:
                emit(parts[start:end], level + 1)
            start = end

    emit(grid, 0)
    return [tuple(row) for row in rows]


def _numbers(grid: Sequence[GridColumn], form: Form, statute: Statute) -> list[tuple[Cell, ...]]:
    """The row of column numbers (栏次), for places that print it."""
    stubs = [part.stub for part in grid if part.stub]
    if not statute.profile.style.line_numbers or (stubs and not any(stub.foot for stub in stubs)):
        return []
    return [tuple(Cell(part.stub.foot if part.stub else part.number, "center", header=True) for part in grid)]


def _columns(block: FormBlock) -> set[str]:
    return {column.key for column in block.columns}


def _filled_up(rows: list[Row], height: int) -> list[Row]:
    """The lines of a block beside a longer one whose lines are those in use: blank ones before the closing lines."""
    missing = height - len(rows)
    if not missing or not any(row.bold for row in rows[-1:]):
        return rows
    last = max((n for n, row in enumerate(rows) if row.code), default=len(rows) - 2) + 1
    return [*rows[:last], *[Row("")] * missing, *rows[last:]]


class _Body:
    def __init__(self, account: Account, statute: Statute, form: Form, grid: Sequence[GridColumn]) -> None:
        self.account = account
        self.statute = statute
        self.form = form
        self.grid = grid

    def rows(self) -> tuple[tuple[Cell, ...], ...]:
        if self.form.layout.shape == "科目分栏":
            return self._side_by_side()
        if self.form.layout.coded:
            return self._tree()
        height = max(len(self._listed(block)) for block in self.form.blocks)
        level = any(block.used_rows for block in self.form.blocks)
        listed = {
            block.key: _filled_up(rows, height) if level else rows
            for block in self.form.blocks
            for rows in [self._listed(block)]
        }
        return tuple(self._fixed(index, listed) for index in range(height))

    def _listed(self, block: FormBlock) -> list[Row]:
        """The lines of a block that are printed; those of classes, where only used ones are, with a running number."""
        if not block.used_rows:
            return list(block.rows)
        used = {f.address.row for f in self.account.of_form(self.form.key) if f.address.column in _columns(block)}
        found: list[Row] = []
        number = 0
        for row in block.rows:
            if row.code and row.line not in used:
                continue
            if row.code:
                number += 1
                row = msgspec.structs.replace(row, label=f"{ordinal(number)}、{row.label}")
            found.append(row)
        return found

    def _fixed(self, index: int, listed: Mapping[str, Sequence[Row]]) -> tuple[Cell, ...]:
        cells = []
        for part in self.grid:
            rows = listed[part.block.key]
            row = rows[index] if index < len(rows) else Row("")
            cells.append(self._stub(part.stub, row) if part.stub else self._amount(row.line, part.column, row.bold))
        return tuple(cells)

    @staticmethod
    def _stub(stub: Stub, row: Row) -> Cell:
        if stub.key == "行次":
            return Cell(row.number, "center")
        return Cell(row.label, "center" if row.centred else "left", bold=row.bold)

    def _tree(self) -> tuple[tuple[Cell, ...], ...]:
        present = [row for row in lines(self.account, self.statute, self.form.key) if row != TOTAL]
        rows = [self._coded(row) for row in present]
        closing = self._total_line()
        if not rows:
            blank = tuple(Cell("") for _ in self.grid)
            rows = [blank] * EMPTY_LINES
        return tuple([*rows, closing] if self.form.total_last else [closing, *rows])

    def _total_line(self) -> tuple[Cell, ...]:
        stubs = sum(1 for part in self.grid if part.stub)
        amounts = [self._amount(TOTAL, part.column, bold=True) for part in self.grid if not part.stub]
        return (Cell(TOTAL, "center", colspan=stubs, bold=True), *amounts)

    def _coded(self, code: str) -> tuple[Cell, ...]:
        return tuple(
            self._code_stub(part.stub, code) if part.stub else self._amount(code, part.column) for part in self.grid
        )

    def _code_stub(self, stub: Stub, code: str) -> Cell:
        if stub.key == "编码":
            return Cell(code, "left")
        if stub.key in CODE_LENGTHS:
            start, end = digits_of(stub.key)
            return Cell(code[start:end] if len(code) >= end else "", "center")
        return Cell(self.statute.name_of(self.form, code), "left", indent=(len(code) - 3) // 2)

    def _side_by_side(self) -> tuple[tuple[Cell, ...], ...]:
        carried = {fact.address.row for fact in self.account.of_form(self.form.key)}
        columns = []
        for block in self.form.blocks:
            used = [code for code in block.used if code in carried]
            columns.append(sorted({*block.codes, *used}))
        height = max(len(codes) for codes in columns)
        rows = []
        for index in range(height):
            cells: list[Cell] = []
            for block, codes in zip(self.form.blocks, columns, strict=True):
                code = codes[index] if index < len(codes) else ""
                for part in self.grid:
                    if part.block is not block:
                        continue
                    if not code:
                        cells.append(Cell(""))
                    elif part.stub:
                        cells.append(self._code_stub(part.stub, code))
                    else:
                        cells.append(self._amount(code, part.column))
            rows.append(tuple(cells))
        return (*rows, self._closing())

    def _closing(self) -> tuple[Cell, ...]:
        cells: list[Cell] = []
        for closing in self.form.totals:
            span = sum(1 for part in self.grid if part.block.key in closing.blocks)
            column = next(iter(self.form.columns))
            cells.append(Cell(closing.label, "center", colspan=span - 1, bold=True))
            cells.append(self._amount(closing.key, column, bold=True))
        return tuple(cells)

    def _amount(self, row: str, column: str, bold: bool = False) -> Cell:
        if not row:
            return Cell("")
        address = Address(self.form.key, row, column)
        fact = self.account.get(address)
        align: Align = "right"
        text = self.statute.amount_text(fact.figure.value, self.form.unit_of(row), table=True) if fact else ""
        return Cell(text, align, bold=bold, address=address)


def _notes(account: Account, statute: Statute, form: Form) -> tuple[str, ...]:
    """The note under the table: what it shows, its printed equations, and the sentence an empty table must carry."""
    texts = [text for text in (form.note, form.footnote) if text]
    numbered = [f"{n}. {text}" for n, text in enumerate(texts, 1)] if len(texts) > 1 else texts
    notes = [f"注：{numbered[0]}", *numbered[1:]] if numbered else []
    equations = [statute.relations[code].printed for code in form.equations if code in statute.relations]
    if equations:
        notes.append("；".join(equations) + "。")
    if form.empty and not any(form.printed(f.address.row, f.address.column) for f in account.of_form(form.key)):
        words = {"单位": account.unit.name, "年度": account.year, "部门单位": statute.profile.unit_word}
        notes.append(f"{statute.profile.style.empty_mark}{form.empty.format(**words)}")
    return tuple(notes)
