"""Which statutory form a grid is, and which line and column each of its cells: by title and content, never by position.

A title is recognised when nothing but the year, the unit's name, a number (表1, 公开01表) and layout stand beside it.
Lines are recognised by their number, label or code, columns by their order from the right within the form.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

import msgspec

from juesuan.account import Address
from juesuan.read.amounts import blank, read_amount
from juesuan.read.raw import RawCell, RawTable
from juesuan.statute import TOTAL, Form, FormBlock, Statute, level_of

_NOISE = re.compile(
    r"\d{4}年度?|[(（]?表[一二三四五六七八九十\d]+[)）]?|公开\d+表|财决\S*表|单位[:：].*|金额|部门公开表|附[件表]\d*[:：]?|续表"
)
_PUNCTUATION = str.maketrans("", "", " 　\t\"'“”‘’（）()【】、，,．.：:　")
_LABEL_NUMBER = re.compile(r"^[一二三四五六七八九十]+、")


def normal(text: str) -> str:
    """A title or label without numbers of tables, years, quotation marks and white space."""
    return _NOISE.sub("", text).translate(_PUNCTUATION)


def plain_label(text: str) -> str:
    """A label without its leading ordinal (八、) and without layout."""
    return _LABEL_NUMBER.sub("", re.sub(r"\s+", "", text)).translate(_PUNCTUATION)


class Placed(msgspec.Struct, frozen=True):
    """A cell with the address it belongs to."""

    address: Address
    cell: RawCell


class Recognised(msgspec.Struct, frozen=True):
    """A grid as a form: its amounts by address, the names printed beside its lines, and cells without a place."""

    form: Form
    amounts: tuple[Placed, ...]
    names: tuple[tuple[str, RawCell], ...]
    rest: tuple[RawCell, ...]


def form_of_title(text: str, statute: Statute, unit: str = "") -> Form | None:
    """The form that `text` is the title of, the year, the unit's name and numbers aside; None where it is none."""
    title = normal(text.replace(unit, "") if unit else text)
    for form in statute.published:
        if any(title == normal(name) for name in (form.title, *form.aliases)):
            return form
    return None


def titles_within(table: RawTable) -> Iterator[tuple[int, str]]:
    """The lines of a grid that may be its title: those with a single cell of text, with their row."""
    for row, cells in enumerate(table.grid()):
        texts = {id(cell): cell for cell in cells if cell and cell.text.strip()}
        if len(texts) == 1:
            yield row, next(iter(texts.values())).text
        elif texts:
            return


def recognise(table: RawTable, form: Form, statute: Statute) -> Recognised:
    """The cells of `table` by the addresses of `form`; what has no address is in `rest`, nothing is dropped."""
    reader = _Reader(table, form, statute)
    if form.classification == "经济分类":
        reader.economic()
    elif form.dynamic:
        reader.tree()
    elif len(form.rows) == 1:
        reader.single()
    else:
        reader.fixed()
    return reader.result()


class _Reader:
    def __init__(self, table: RawTable, form: Form, statute: Statute) -> None:
        self.form = form
        self.statute = statute
        self.grid = table.grid()
        self.cells = table.cells
        self.amounts: list[Placed] = []
        self.names: list[tuple[str, RawCell]] = []
        self.used: set[int] = set()

    def result(self) -> Recognised:
        """What has been found; amounts that found no place are left over."""
        rest = tuple(
            cell
            for cell in self.cells
            if id(cell) not in self.used and read_amount(cell.text) and self._in_body(cell)
        )
        return Recognised(self.form, tuple(self.amounts), tuple(self.names), rest)

    def _in_body(self, cell: RawCell) -> bool:
        """Whether a number stands among lines that were read, rather than in headings (栏次) or notes."""
        rows = {placed.cell.row for placed in self.amounts}
        return bool(rows) and min(rows) <= cell.row <= max(rows) and not _counts(self.grid[cell.row])

    def _take(self, row: str, column: str, cell: RawCell | None) -> None:
        if cell is None or id(cell) in self.used:
            return
        self.used.add(id(cell))
        if not blank(cell.text):
            self.amounts.append(Placed(Address(self.form.key, row, column), cell))

    def tree(self) -> None:
        """Lines by code (in one cell or three) or 合计; the columns of amounts are the last ones of the grid."""
        columns = [column.key for column in self.form.blocks[0].printed_columns()]
        width = len(columns)
        for cells in self.grid:
            if len(cells) < width or _counts(cells):
                continue
            stubs, amounts = cells[: len(cells) - width], cells[len(cells) - width :]
            row = self._tree_row(stubs)
            if row is None and (shifted := _after_total(amounts)) is not None:
                # A total set one column too far to the right: what follows the word is what it sums.
                row, amounts = TOTAL, shifted
            if row is None:
                continue
            for column, cell in zip(columns, amounts, strict=True):
                self._take(row, column, cell)

    def _tree_row(self, stubs: Sequence[RawCell | None]) -> str | None:
        distinct = [cell for n, cell in enumerate(stubs) if cell and cell not in stubs[:n] and cell.text.strip()]
        digits = [re.sub(r"\s+", "", cell.text) for cell in distinct]
        parts = [text for text in digits if text.isdigit()]
        code = "".join(parts)
        if level_of(code):
            self.used.update(id(cell) for cell in distinct)
            named = [cell for cell, text in zip(distinct, digits, strict=True) if not text.isdigit()]
            if named:
                self.names.append((code, named[-1]))
            return code
        if TOTAL in digits:
            return TOTAL
        return None

    def fixed(self) -> None:
        """Lines by their printed number, else by their label within the block; blocks side by side."""
        bounds = self._bounds()
        if bounds is None:
            return
        for block, start, end in bounds:
            columns = [column.key for column in block.printed_columns()]
            # The same label may stand on several lines (一般公共预算财政拨款: income, and opening balance): in order.
            labels: dict[str, list[str]] = {}
            for line in block.rows:
                if line.label:
                    labels.setdefault(plain_label(line.label), []).append(line.key)
            numbers = {row.key for row in block.rows}
            for cells in self.grid:
                part = cells[start:end]
                stubs, amounts = part[: len(part) - len(columns)], part[len(part) - len(columns) :]
                if _counts(cells):
                    continue
                row = _fixed_row(stubs, labels, numbers)
                if row is None:
                    continue
                self.used.update(id(cell) for cell in stubs if cell)
                for column, cell in zip(columns, amounts, strict=True):
                    self._take(row, column, cell)
                if stubs and stubs[0] and stubs[0].text.strip():
                    self.names.append((row, stubs[0]))

    def _bounds(self) -> list[tuple[FormBlock, int, int]] | None:
        """Where each block begins and ends: with the printed line numbers, or without them."""
        width = len(self.grid[0]) if self.grid else 0
        for without in (frozenset[str](), frozenset(["行次"])):
            sizes = [
                sum(1 for stub in block.stubs if stub.key not in without) + len(block.columns)
                for block in self.form.blocks
            ]
            for extra in (0, 1):
                # A place that prints no line numbers may be read under a profile that does, and the other way round.
                wide = [size + extra for size in sizes]
                if sum(wide) == width:
                    starts = [sum(wide[:n]) for n in range(len(wide))]
                    blocks = zip(self.form.blocks, starts, wide, strict=True)
                    return [(block, start, start + size) for block, start, size in blocks]
        return None

    def economic(self) -> None:
        """Code, name and amount one after another in each line, as often as blocks stand side by side."""
        column = next(iter(self.form.columns))
        closings = {plain_label(closing.label): closing.key for closing in self.form.totals}
        for cells in self.grid:
            line = [cell for n, cell in enumerate(cells) if cell and (n == 0 or cells[n - 1] is not cell)]
            code, named, closing = "", None, ""
            for cell in line:
                text = re.sub(r"\s+", "", cell.text)
                if not text and not named and not closing:
                    continue
                if text.isdigit() and named is None and len(code + text) in (3, 5) and not closing:
                    code += text
                    self.used.add(id(cell))
                elif plain_label(text) in closings:
                    code, named, closing = "", None, closings[plain_label(text)]
                elif closing and not text:
                    continue
                elif closing:
                    self._take(closing, column, cell)
                    closing = ""
                elif code and named is None:
                    named = cell
                    self.names.append((code, cell))
                elif code:
                    self._take(code, column, cell)
                    code, named = "", None

    def single(self) -> None:
        """One line of amounts under the headings; the columns in the order of print."""
        columns = [column.key for block in self.form.blocks for column in block.printed_columns()]
        row = next(iter(self.form.rows))
        for cells in reversed(self.grid):
            amounts = cells[-len(columns) :]
            if len(amounts) == len(columns) and any(cell and read_amount(cell.text) for cell in amounts):
                if not _counts(cells):
                    for column, cell in zip(columns, amounts, strict=True):
                        self._take(row, column, cell)
                return


def _after_total(cells: Sequence[RawCell | None]) -> list[RawCell | None] | None:
    """The cells behind 合计, as many as there should be; None where the word is not among `cells`."""
    for index, cell in enumerate(cells):
        if cell and re.sub(r"\s+", "", cell.text) == TOTAL:
            return [*cells[index + 1 :], *[None] * (index + 1)]
    return None


def _fixed_row(stubs: Sequence[RawCell | None], labels: dict[str, list[str]], numbers: set[str]) -> str | None:
    """The line that the stubs name; a label is used up as its lines are found."""
    texts = [re.sub(r"\s+", "", cell.text) if cell else "" for cell in stubs]
    if len(texts) > 1 and texts[-1] in numbers:
        return texts[-1]
    keys = labels.get(plain_label(texts[0]), []) if texts and texts[0] else []
    return keys.pop(0) if keys else None


def _counts(cells: Sequence[RawCell | None]) -> bool:
    """Whether a line of the grid only counts the columns (栏次 1 2 3 …)."""
    numbers = [int(cell.text) for cell in cells if cell and cell.text.strip().isdigit()]
    others = [cell.text for cell in cells if cell and cell.text.strip() and not cell.text.strip().isdigit()]
    consecutive = len(numbers) > 1 and all(b - a == 1 for a, b in pairwise(numbers))
    return consecutive and numbers[0] == 1 and all("栏次" in text or len(text) <= 5 for text in others)
