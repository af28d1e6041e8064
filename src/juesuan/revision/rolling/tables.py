"""The tables of a document with this year's figures: cells, new lines cloned from neighbours, vanished ones removed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

import msgspec

from juesuan.account import Account, Address, RowLabel, SeenTable, Source
from juesuan.reader import RawCell, RawDocument, RawTable, Reading, TextPlace, read_figures
from juesuan.revision.docx import DocxFile, Edit, copied
from juesuan.revision.numbers import PrintedNumber, numbers_in
from juesuan.revision.rolling.figures import knows
from juesuan.revision.rolling.progress import Progress
from juesuan.revision.texts import Texts
from juesuan.statute import MONEY_UNITS, Form, Statute, level_of, lines
from juesuan.statute.language import compact

PROBE = "0.00"
"""What a blank cell is filled with to learn which figure would stand there."""

_NOTHING = re.compile(r"^(?:注|备注|说明)\d*[:：.][^。]*(?:无|没有)|[^。]*(?:无|没有)[^。]*本表")
"""A sentence below a table that says that there is nothing in it."""

Cells = dict[Source, Address]


class PrintedLine(msgspec.Struct, frozen=True):
    """A printed line of a table: its code, its row element, and the cells that figures stand in."""

    row: str
    sheet: str
    number: int
    element: Any


class TableRoller:
    """Gives the edits that bring every table of a document to this year."""

    def __init__(
        self, file: DocxFile, texts: Texts, last: Reading, account: Account, statute: Statute, progress: Progress
    ) -> None:
        self.file = file
        self.texts = texts
        self.last = last
        self.account = account
        self.statute = statute
        self.progress = progress
        self.cells = addressed_cells(file.index.raw, last)
        self.removed: list[Any] = []
        self.problems: list[tuple[Source, str]] = []
        self.prints_zeros = {
            fact.address.form for fact in last.account.facts.values() if fact.source and not fact.figure.value
        }
        known = {fact.source for fact in last.account.facts.values()}
        self.prints_blanks = {address.form for source, address in self.cells.items() if source not in known}
        self.scales = self._scales()

    def _scales(self) -> dict[str, Decimal]:
        """What one of a table's printed numbers is in yuan, by sheet."""
        found: dict[str, Decimal] = {}
        for fact in self.last.account.facts.values():
            source = fact.source
            if source is None or not source.cell or not fact.figure.value:
                continue
            number = self._number(source)
            unit = self.last.statute.forms[fact.address.form].unit_of(fact.address.row)
            if number is not None and number.value and unit in MONEY_UNITS:
                found.setdefault(source.sheet, fact.figure.value / number.value)
        return found

    def _number(self, source: Source) -> PrintedNumber | None:
        return next((n for text in self.texts.of(source) for n in numbers_in(text)), None)

    def edits(self) -> Iterator[Edit]:
        """The edits; new rows are put in and vanished ones taken out of the document at once, their cells by edits."""
        lines_of = self._lines()
        gone = self._vanished(lines_of)
        for source, address in self.cells.items():
            if (source.sheet, _row_of(source)) in gone:
                continue
            yield from self._cell(source, address, self.file.index.places.get(source, ()))
        for form, printed in lines_of.items():
            yield from self._new_lines(self.statute.forms[form], printed)
        for table in self.last.account.tables:
            form_of = self.statute.forms.get(table.form)
            if form_of is not None and form_of.published and table.source is not None:
                if form_of.layout.coded and table.form not in lines_of:
                    yield from self._first_lines(form_of, table.source.sheet)
                yield from self._note(form_of, table)
        for (sheet, number), line in gone.items():
            self._settle_line(sheet, number)
            self.removed.append(line.element)
        self._settle_structure()

    def _cell(self, source: Source, address: Address, places: Sequence[TextPlace]) -> Iterator[Edit]:
        if not places:
            return
        text = self._printed(address, source)
        old = compact(places[0].text)
        if text is None:
            self.progress.doubt(source, 0, 0, len(old), f"没有今年的数：{self.statute.describe(address)}")
            return
        self.progress.settle(source, 0, 0, len(old), "更新")
        if text != old:
            yield Edit(places[0], 0, len(old), text)

    def _printed(self, address: Address, source: Source) -> str | None:
        """This year's figure as the table prints one; empty for a blank, None where the account does not know it."""
        form = self.statute.forms.get(address.form)
        if form is None:
            return None
        fact = self.account.get(address)
        if fact is None and not self._known(form, address):
            return None
        unit = form.unit_of(address.row)
        value = fact.figure.value if fact else Decimal(0)
        zeros, blanks = address.form in self.prints_zeros, address.form in self.prints_blanks
        if not value and (not zeros or (fact is None and blanks)):
            return ""
        if unit not in MONEY_UNITS:
            return format(value.normalize(), "f")
        scale = self.scales.get(source.sheet) or self._usual_scale() or MONEY_UNITS[unit]
        return self.texts.style(source, "").printed(value / scale)

    def _usual_scale(self) -> Decimal | None:
        return next(iter(self.scales.values()), None)

    def _known(self, form: Form, address: Address) -> bool:
        """Whether a blank of the account is a nothing: the form is one that it has, of this period."""
        return knows(self.account, form.key, address.period, self.statute)

    def _lines(self) -> dict[str, list[PrintedLine]]:
        """The printed lines of tables whose lines are codes, by form."""
        found: dict[str, list[PrintedLine]] = {}
        for label in self.last.account.labels:
            form = self.statute.forms.get(label.form)
            if form is None or not form.layout.coded or not label.row.isdigit() or label.source is None:
                continue
            line = self._line(label)
            if line is not None:
                found.setdefault(label.form, []).append(line)
        return found

    def _line(self, label: RowLabel) -> PrintedLine | None:
        source = label.source
        if source is None:
            return None
        rows = self.file.index.lines.get(Source(file=source.file, sheet=source.sheet), ())
        number = _row_of(source)
        return PrintedLine(label.row, source.sheet, number, rows[number - 1]) if 0 < number <= len(rows) else None

    def _wanted(self, form: Form) -> list[str]:
        rows = [row for row in lines(self.account, self.statute, form.key) if row.isdigit()]
        return sorted(rows)

    def _vanished(self, lines_of: Mapping[str, Sequence[PrintedLine]]) -> dict[tuple[str, int], PrintedLine]:
        gone: dict[tuple[str, int], PrintedLine] = {}
        for key, printed in lines_of.items():
            wanted = set(self._wanted(self.statute.forms[key]))
            if self._prints_all(key, printed) or not knows(self.account, key, "本年", self.statute):
                continue
            for line in printed:
                if line.row in wanted:
                    continue
                if line.element.find(".//{*}vMerge") is not None:
                    told = f"今年没有 {line.row} 这一行，表中有合并的格，没有删去"
                    self.problems.append((Source(sheet=line.sheet), told))
                    continue
                gone[line.sheet, line.number] = line
        return gone

    def _prints_all(self, form: str, printed: Sequence[PrintedLine]) -> bool:
        """Whether the table prints lines that have nothing, or several side by side: none is put in or taken out."""
        rows = {fact.address.row for fact in self.last.account.of_form(form)}
        beside = len({(line.sheet, line.number) for line in printed}) < len(printed)
        return beside or any(line.row not in rows for line in printed)

    def _new_lines(self, form: Form, printed: Sequence[PrintedLine]) -> Iterator[Edit]:
        present = {line.row: line for line in printed}
        ordered = [(line.row, line.element) for line in sorted(printed, key=lambda line: line.row)]
        fixed = self._prints_all(form.key, printed)
        for row in self._wanted(form):
            if row in present:
                continue
            model = None if fixed else _like(row, sorted(printed, key=lambda line: line.row))
            made: list[Edit] = []
            if model is not None:
                clone, copies = copied(model.element)
                made = list(self._line_edits(form, model, row, copies))
            if model is None or not made:
                told = f"今年新有的 {row} {self._name(form, row)} 没有可仿的行，没有列入《{form.title}》"
                self.problems.append((Source(sheet=printed[0].sheet), told))
                continue
            at = sum(code < row for code, _ in ordered)
            if at:
                ordered[at - 1][1].addnext(clone)
            else:
                ordered[0][1].addprevious(clone)
            ordered.insert(at, (row, clone))
            yield from made

    def _first_lines(self, form: Form, sheet: str) -> Iterator[Edit]:
        """The lines of a table that had none, written into its blank rows."""
        wanted = self._wanted(form)
        columns = {_letters(source): address.column for source, address in self.cells.items() if source.sheet == sheet}
        first = min(columns, key=_order, default="")
        blank = self._blank_rows(sheet)
        stubs = sorted((s for s in next(iter(blank.values()), {}) if _order(s) < _order(first)), key=_order)
        if not wanted:
            return
        if not blank or len(stubs) != 2:
            names = "、".join(f"{row} {self._name(form, row)}" for row in wanted)
            self.problems.append((Source(sheet=sheet), f"《{form.title}》上年没有科目，今年的没有列入：{names}"))
            return
        numbers = sorted(blank)
        element, places = self._element(sheet, numbers[-1]), blank[numbers[-1]]
        while len(numbers) < len(wanted):
            clone, copies = copied(element)
            element.addnext(clone)
            element, places = clone, {letters: moved(place, copies) for letters, place in places.items()}
            numbers.append(numbers[-1] + 1)
            blank[numbers[-1]] = places
        for number, row_code in zip(numbers, wanted, strict=False):
            for letters, place in blank[number].items():
                if letters in columns:
                    source = next(s for s in self.cells if s.sheet == sheet and _letters(s) == letters)
                    put = self._printed(Address(form.key, row_code, columns[letters]), source) or ""
                else:
                    put = {stubs[0]: row_code, stubs[1]: self._name(form, row_code)}.get(letters, "")
                if put:
                    yield Edit(place, 0, 0, put)

    def _blank_rows(self, sheet: str) -> dict[int, dict[str, TextPlace]]:
        """The rows of a table that have nothing in any cell, by their numbers: the place of every cell."""
        rows: dict[int, dict[str, TextPlace]] = {}
        filled: set[int] = set()
        for source, places in self.file.index.places.items():
            if source.sheet == sheet and source.cell and places:
                rows.setdefault(_row_of(source), {})[_letters(source)] = places[0]
                if any(compact(place.text) for place in places):
                    filled.add(_row_of(source))
        return {number: cells for number, cells in rows.items() if number not in filled}

    def _element(self, sheet: str, number: int) -> Any:
        return next(rows for place, rows in self.file.index.lines.items() if place.sheet == sheet)[number - 1]

    def _note(self, form: Form, table: SeenTable) -> Iterator[Edit]:
        """The sentence below a table that is empty: taken out where it no longer is, put in where it has become so."""
        if not form.empty or not form.subject or not knows(self.account, form.key, "本年", self.statute):
            return
        said = [note for note in table.notes if _NOTHING.match(compact(note.text)) and form.subject in note.text]
        empty = not any(form.printed(f.address.row, f.address.column) for f in self.account.of_form(form.key))
        if not empty:
            self.removed += [
                place.paragraph
                for note in said
                if note.source is not None
                for place in self.file.index.places.get(note.source, ())[:1]
            ]
        was = any(form.printed(f.address.row, f.address.column) for f in self.last.account.of_form(form.key))
        if not empty or said or not was:
            return
        below = next((n for n in reversed(table.notes) if n.text.startswith("注") and n.source is not None), None)
        places = self.file.index.places.get(below.source, ()) if below is not None and below.source else ()
        if not places:
            self.problems.append((table.source or Source(), f"《{form.title}》今年没有数，请在表下写明"))
            return
        profile = self.statute.profile
        words = {"单位": self.account.unit.name, "年度": self.account.year, "部门单位": profile.unit_word}
        clone, copies = copied(places[0].paragraph)
        places[0].paragraph.addnext(clone)
        length = len(compact(places[0].text))
        yield Edit(moved(places[0], copies), 0, length, f"{profile.style.empty_mark}{form.empty.format(**words)}")

    def _name(self, form: Form, row: str) -> str:
        return self.statute.name_of(form, row)

    def _line_edits(self, form: Form, model: PrintedLine, row: str, copies: Mapping[int, Any]) -> Iterator[Edit]:
        """The edits of a cloned line: code, name and figures of `row` for those of the line that it is cloned from."""
        parts = _code_parts(model.row, row)
        names = {compact(label.text) for label in self.last.account.labels if label.row == model.row}
        for source, found in self.file.index.places.items():
            if source.sheet != model.sheet or not source.cell or _row_of(source) != model.number or not found:
                continue
            copied = moved(found[0], copies)
            text = compact(found[0].text)
            if source in self.cells:
                address = msgspec.structs.replace(self.cells[source], row=row)
                yield Edit(copied, 0, len(text), self._printed(address, source) or "")
            elif text in parts:
                yield Edit(copied, 0, len(text), parts[text])
            elif text and (text in names or text.removeprefix(model.row) in names):
                put = self._name(form, row)
                yield Edit(copied, 0, len(text), row + put if text.startswith(model.row) else put)

    def _settle_line(self, sheet: str, number: int) -> None:
        for source, paragraphs in self.texts.texts.items():
            if source.sheet == sheet and source.cell and _row_of(source) == number:
                for part, text in enumerate(paragraphs):
                    self.progress.settle(source, part, 0, len(text), "更新", "今年没有，已删去")

    def _settle_structure(self) -> None:
        """Numbers of forms that are no figures: codes, numbers of lines and columns."""
        sheets = {source.sheet for source in self.cells}
        odd = {item.source for item in self.last.account.unplaced if item.source}
        for source, paragraphs in self.texts.texts.items():
            if source.sheet in sheets and source.cell and source not in self.cells and source not in odd:
                for part, text in enumerate(paragraphs):
                    self.progress.settle(source, part, 0, len(text), "不变", "表的编码、行次和栏次")


def addressed_cells(raw: RawDocument, last: Reading) -> Cells:
    """Which figure stands in each cell of the forms, those that are blank included.

    A blank cell's address is learnt by reading the document once more with a number in every blank cell.
    """
    printed = {
        fact.source: fact.address for fact in last.account.facts.values() if fact.source and fact.source.cell
    }
    blanks = {
        cell.source
        for block in raw.blocks
        if isinstance(block, RawTable)
        for cell in block.cells
        if cell.source and compact(cell.text) in ("", "-", "—", "－", "/", "——")
    }
    probe = msgspec.structs.replace(
        raw,
        blocks=tuple(
            msgspec.structs.replace(block, cells=tuple(_probed(cell, blanks) for cell in block.cells))
            if isinstance(block, RawTable)
            else block
            for block in raw.blocks
        ),
    )
    found = {
        fact.source: fact.address
        for fact in read_figures(probe, last.account.profile).values()
        if fact.source in blanks and fact.source is not None
    }
    taken = set(printed.values())
    sheets = {table.source.sheet: table.form for table in last.account.tables if table.source}
    every = dict(printed)
    for source, address in found.items():
        form = sheets.get(source.sheet, "")
        if address not in taken and (not form or form == address.form):
            every[source] = address
    return every


def _probed(cell: RawCell, blanks: set[Source]) -> RawCell:
    return msgspec.structs.replace(cell, text=PROBE) if cell.source in blanks else cell


def _row_of(source: Source) -> int:
    digits = "".join(sign for sign in source.cell if sign.isdigit())
    return int(digits) if digits else 0


def _letters(source: Source) -> str:
    """The column of a cell."""
    return "".join(sign for sign in source.cell if sign.isalpha())


def _order(letters: str) -> tuple[int, str]:
    return len(letters), letters


def _like(row: str, printed: Sequence[PrintedLine]) -> PrintedLine | None:
    """The line that a new one is set like: the nearest of its level."""
    same = [line for line in printed if level_of(line.row) == level_of(row) and len(line.row) == len(row)]
    before = [line for line in same if line.row < row]
    return before[-1] if before else same[0] if same else None


def _code_parts(old: str, new: str) -> dict[str, str]:
    """What the cells of a code print, whole or in its steps (208 | 01 | 08), for the old and the new code."""
    steps = [(0, 3), (3, 5), (5, 7)]
    parts = {old[start:end]: new[start:end] for start, end in steps if old[start:end]}
    parts.update({old[:end]: new[:end] for _, end in steps if len(old) >= end})
    return {**parts, old: new}


def moved(place: TextPlace, places: Mapping[int, Any]) -> TextPlace:
    """A place in the copy of what it stands in."""
    pieces = tuple((text, None if element is None else places[id(element)]) for text, element in place.pieces)
    return TextPlace(places[id(place.paragraph)], pieces, place.boxed)
