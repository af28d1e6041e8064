"""Grids with fixed lines, found by their label or printed number; blocks side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from juesuan.reader.amounts import read_amount
from juesuan.reader.tables.columns import Line, counts, headings, places_of
from juesuan.reader.tables.lines import LineLabels, joined
from juesuan.reader.tables.placement.grid_reader import GridReader
from juesuan.statute import FormBlock


class FixedReader(GridReader):
    """Lines by their label or printed number; blocks side by side."""

    def read(self) -> None:
        """Lines by their label or printed number; blocks side by side."""
        bounds = self._bounds()
        if bounds is None:
            return
        lines = [(cells[start:end], block) for cells in self.grid for block, start, end in bounds]
        known = {block.key: LineLabels(block, []) for block, _, _ in bounds}
        # A heading over 项目 (财政拨款收入) may have the very words of a line.
        below = (self._headed() + 1) * len(bounds)
        known_at = (
            n for n, (part, block) in enumerate(lines) if n >= below and known[block.key].knows(joined(part[0]))
        )
        first = next(known_at, 0) // len(bounds)
        for block, start, end in bounds:
            above, body = ([cells[start:end] for cells in part] for part in (self.grid[:first], self.grid[first:]))
            places = places_of(block.printed_columns(), block.other_columns, above, body, self.form.assumed)
            numbered = [(n, cells) for n, cells in enumerate(self.grid[first:], first) if not counts(cells)]
            parts = [cells[start:end] for _, cells in numbered]
            self._found((*block.columns, *block.other_columns), places, start)
            left = min(places.values(), default=0)
            numbers = numbers_at(above, left)
            seen = [(joined(part[0]), number_of(part, numbers)) for part in parts]
            labels = LineLabels(block, seen)
            for (line, _), part, (label, number) in zip(numbered, parts, seen, strict=True):
                row = labels.line(label, number)
                if row is None and self._says_again(LineLabels(block, []).line(label, number), places, part):
                    self._use(part[place] for place in places.values())
                    continue
                if row is None:
                    self._use([part[numbers]] if number and 0 < numbers < left else [])
                    continue
                self._line(row, line, range(start + left, end))
                stubs = [cell for cell in part[:left] if cell]
                self._use(cell for cell in stubs if not read_amount(cell.text) or cell is part[numbers])
                for key, place in places.items():
                    self._take(row, key, part[place])
                if label and (name := part[0]):
                    self.names.append((row, name))
            if len(places) and parts:
                declared = (*block.rows, *block.other_rows)
                # A line that the form leaves without a label is there only where its number is printed.
                self.absent.extend(f"{row.line}行" for row in declared if row.line not in labels.found)

    def _says_again(self, row: str | None, places: Mapping[str, int], part: Line) -> bool:
        """Whether a line says the amounts of one read before once more: 财政拨款（补助）, and 本年收入小计 below."""
        before = {entry.address.column: entry.cell for entry in self.amounts if entry.address.row == row}
        stated = {key: amount for key, at in places.items() if (amount := read_amount(joined(part[at])))}
        if row is None or not stated or not stated.keys() <= before.keys():
            return False
        return all(read_amount(before[key].text) == amount for key, amount in stated.items())

    def _bounds(self) -> list[tuple[FormBlock, int, int]] | None:
        """Where each block begins and ends: at the columns headed 项目, else by what it prints."""
        blocks = self.form.blocks
        starts = self._starts()
        if len(starts) >= len(blocks):
            # Panes behind those of the form (按支出结构) say the same expenditure in another way.
            last = starts[len(blocks)] if len(starts) > len(blocks) else self.width
            self.beside = frozenset(range(last, self.width))
            own = starts[: len(blocks)]
            return [(b, s, e) for b, s, e in zip(blocks, own, [*own[1:], last], strict=True)]
        for without in (frozenset[str](), frozenset(["行次"])):
            sizes = [
                sum(1 for stub in block.stubs if stub.key not in without) + len(block.columns) for block in blocks
            ]
            for extra in (0, 1):
                # A place that prints no line numbers may be read under a profile that does, and the other way round.
                wide = [size + extra for size in sizes]
                if sum(wide) == self.width:
                    begins = [sum(wide[:n]) for n in range(len(wide))]
                    return [(b, s, s + size) for b, s, size in zip(blocks, begins, wide, strict=True)]
        return None


def numbers_at(above: Sequence[Line], left: int) -> int:
    """The place of the printed numbers (行次): under their heading, else behind the label; 0 where there are none."""
    heads = headings(above, max((len(cells) for cells in above), default=0))
    printed = next((place for place, over in enumerate(heads[:left]) if "行次" in over), None)
    return printed if printed is not None else min(1, max(left - 1, 0))


def number_of(cells: Line, place: int) -> str:
    """The printed number of a line."""
    text = joined(cells[place]) if place else ""
    return text if text.isdigit() else ""
