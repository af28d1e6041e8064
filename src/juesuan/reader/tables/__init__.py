"""Grids recognised as statutory forms: titles, columns, lines, placement of every cell."""

from __future__ import annotations

from juesuan.reader.raw import RawTable
from juesuan.reader.tables.placement.by_code import EconomicReader, TreeReader
from juesuan.reader.tables.placement.by_column import SingleReader
from juesuan.reader.tables.placement.by_label import FixedReader
from juesuan.reader.tables.placement.grid_reader import Loose, Placed, Recognised
from juesuan.statute import Form, LineShape, Statute

READERS: dict[LineShape, type[TreeReader | EconomicReader | SingleReader | FixedReader]] = {
    "科目树": TreeReader,
    "科目分栏": EconomicReader,
    "单行": SingleReader,
    "固定行": FixedReader,
}
"""How a grid of a form of each shape is read."""


def recognise(table: RawTable, form: Form, statute: Statute) -> Recognised:
    """The cells of `table` by the addresses of `form`; what has no address is in `rest`, nothing is dropped."""
    reader = READERS[form.layout.shape](table, form, statute)
    reader.read()
    return reader.result()


__all__ = ["Loose", "Placed", "Recognised", "recognise"]
