"""Grids recognised as statutory forms: titles, columns, lines, placement of every cell."""

from __future__ import annotations

from juesuan.reader.raw import RawTable
from juesuan.reader.tables.placement.by_code import EconomicReader, TreeReader
from juesuan.reader.tables.placement.by_column import SingleReader
from juesuan.reader.tables.placement.by_label import FixedReader
from juesuan.reader.tables.placement.grid_reader import GridReader, Loose, Placed, Recognised
from juesuan.statute import Form, Statute


def recognise(table: RawTable, form: Form, statute: Statute) -> Recognised:
    """The cells of `table` by the addresses of `form`; what has no address is in `rest`, nothing is dropped."""
    kind: type[GridReader]
    if form.is_tree:
        kind = TreeReader
    elif form.classification == "经济分类":
        kind = EconomicReader
    elif len(form.rows) == 1:
        kind = SingleReader
    else:
        kind = FixedReader
    reader = kind(table, form, statute)
    reader.read()
    return reader.result()


__all__ = ["Loose", "Placed", "Recognised", "recognise"]
