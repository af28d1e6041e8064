"""Cells' names as spreadsheets have them, held against a spreadsheet library's own."""

from __future__ import annotations

import pytest
from openpyxl.utils import coordinate_to_tuple, get_column_letter

from juesuan.account import cell_name, cell_place, column_letters, column_number


def test_columns_are_called_as_spreadsheets_call_them() -> None:
    """All columns that an Excel sheet can have: A to XFD."""
    for column in range(16_384):
        assert column_letters(column) == get_column_letter(column + 1)
        assert column_number(column_letters(column)) == column


@pytest.mark.parametrize("name", ["A1", "Z26", "AA1", "AB12", "XFD1048576"])
def test_a_cell_is_where_its_name_says(name: str) -> None:
    row, column = coordinate_to_tuple(name)
    assert cell_place(name) == (row - 1, column - 1)
    assert cell_name(row - 1, column - 1) == name


@pytest.mark.parametrize("name", ["", "A", "12", "ab1", "A1B", "表1"])
def test_what_names_no_cell_is_none(name: str) -> None:
    with pytest.raises(ValueError):
        cell_place(name)
