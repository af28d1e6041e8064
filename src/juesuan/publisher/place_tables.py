"""Tables that a place publishes besides the statutory ones, from the account or as the unit writes them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

import msgspec

from juesuan.account import Account
from juesuan.publisher.document import Block, Cell, Heading, Table, Text
from juesuan.statute import (
    EMPTY_TABLES,
    MONEY_UNITS,
    ROW_WORDS,
    TOTAL,
    Measurer,
    PlaceTable,
    Statute,
    lines,
    with_parents,
)
from juesuan.statute.language import PROJECT_TEXTS, PROJECTS, Measured, of_project

PLACE = "地方表"
"""How the keys of such tables begin."""
APART = "|"
"""What stands between the columns of a table that the unit writes."""
_ALIKE = "｜"
_FIRST, _OTHERS = 30.0, 13.0


def place_table(account: Account, statute: Statute, plan: PlaceTable) -> Iterator[Block]:
    """A table of the place with its title, or the sentences that stand in its stead."""
    if plan.says == EMPTY_TABLES:
        yield Heading(2, plan.title, f"{PLACE}{plan.key}")
        yield from _empty_tables(account, statute)
        return
    table = _Filled(account, statute, plan)
    yield table.table()


def _empty_tables(account: Account, statute: Statute) -> Iterator[Text]:
    """A sentence for each published table that has nothing in it."""
    words = {"单位": account.unit.name, "年度": account.year, "部门单位": statute.profile.unit_word}
    said = False
    for form in statute.published:
        if form.empty and not any(form.printed(f.address.row, f.address.column) for f in account.of_form(form.key)):
            said = True
            yield Text(f"《{form.title}》为空表：{form.empty.format(**words).rstrip('。')}。")
    if not said:
        yield Text("本年度没有空表。")


class _Filled:
    def __init__(self, account: Account, statute: Statute, plan: PlaceTable) -> None:
        self.account, self.statute, self.plan = account, statute, plan
        self.measurer = Measurer(account, statute)

    def table(self) -> Table:
        plan, profile = self.plan, self.statute.profile
        words = {"年度": str(self.account.year), "单位": self.account.unit.name, "部门单位": profile.unit_word}
        number = self.statute.number_of(plan)
        style = profile.style
        body, notes = self._body(words)
        if plan.note:
            notes = [f"注：{plan.note.format(**words)}", *notes]
        return Table(
            key=f"{PLACE}{plan.key}",
            title=style.title_prefix.format(**words, 序=number)
            + plan.title.format(**words)
            + style.table_in_title.format(**words, 序=number),
            number=style.table_number.format(**words, 序=number),
            left=f"{style.unit_caption or profile.unit_word}：{self.account.unit.name}",
            right=f"单位：{plan.unit}" if plan.unit else "",
            widths=(_FIRST, *[_OTHERS] * (len(plan.heads) - 1)),
            header=(tuple(Cell(head, "center", header=True) for head in plan.heads),),
            body=body,
            notes=tuple(notes),
            wide=len(plan.heads) > 6,
            heading=2,
        )

    def _body(self, words: Mapping[str, str]) -> tuple[tuple[tuple[Cell, ...], ...], list[str]]:
        """The lines, and the sentence below where there are none."""
        if self.plan.asked:
            return self._written()
        rows = [self._row(cells) for cells in self._lines(words)]
        if any(cell.text for row in rows for cell in row[1:]):
            return tuple(rows), []
        blank = tuple(Cell("") for _ in self.plan.heads)
        return tuple(rows) or (blank,), [self.statute.profile.style.empty_mark + self.plan.empty.format(**words)]

    def _row(self, cells: Sequence[str | Cell]) -> tuple[Cell, ...]:
        made = [*cells, *[""] * len(self.plan.heads)][: len(self.plan.heads)]
        first, *others = (cell if isinstance(cell, Cell) else Cell(cell) for cell in made)
        return first, *(
            msgspec.structs.replace(cell, align="right" if cell.text[:1].isdigit() or cell.text[:1] == "-" else "left")
            for cell in others
        )

    def _written(self) -> tuple[tuple[tuple[Cell, ...], ...], list[str]]:
        """What the unit wrote: a line for each row; or the sentence that there is nothing."""
        text = self.account.texts.get(self.plan.asked, "").strip().replace(_ALIKE, APART)
        written = [line.strip() for line in text.splitlines() if line.strip()]
        rows = [self._row([part.strip() for part in line.split(APART)]) for line in written if APART in line]
        notes = [f"{self.statute.profile.style.empty_mark}{line}" for line in written if APART not in line]
        blank = (Cell(f"【待填：{self.plan.title}】" if not written else ""), *[Cell("")] * (len(self.plan.heads) - 1))
        return tuple(rows) or (blank,), notes

    def _lines(self, words: Mapping[str, str]) -> Iterator[list[str | Cell]]:
        plan = self.plan
        for line in plan.lines:
            yield [line.label.format(**words), *(self._quantity(cell, {}, None) for cell in line.cells)]
        if plan.each == (PROJECTS,):
            for project in self.account.projects:
                names = of_project(self.account, project)
                yield [
                    PROJECT_TEXTS[cell](project) if cell in PROJECT_TEXTS else self._quantity(cell, names, None)
                    for cell in plan.cells
                ]
        elif plan.each:
            codes = {row for form in plan.each for row in lines(self.account, self.statute, form) if row != TOTAL}
            for row in with_parents(codes):
                name = "合计" if row == TOTAL else self.statute.functional.name(row, self.statute.year) or row
                said = dict(zip(ROW_WORDS, ("" if row == TOTAL else row, name), strict=True))
                printed = [said[cell] if cell in said else self._quantity(cell, {}, row) for cell in plan.cells]
                # An item of the forms that has nothing of what this table is about is none of its lines.
                if any(isinstance(cell, Cell) and cell.text for cell in printed):
                    yield printed

    def _quantity(self, text: str, names: Mapping[str, Measured], row: str | None) -> Cell:
        """A quantity as a table prints it, exact besides; empty for a blank."""
        if not text:
            return Cell("")
        measured = names[text] if text in names else self.measurer.quantity(text, names, row, None)
        if measured.value is None:
            return Cell("")
        if measured.unit in MONEY_UNITS:
            if not measured.value:
                return Cell("")
            unit = self.plan.unit if self.plan.unit in MONEY_UNITS else measured.unit
            printed = self.statute.amount_text(measured.value, self.plan.unit, table=True)
            return Cell(printed, amount=measured.value / MONEY_UNITS[unit])
        return Cell(f"{Decimal(measured.value).normalize():f}")


