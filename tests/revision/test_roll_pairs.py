"""Random pairs of accounts: a document rolled forward says nothing of last year that is not listed."""

from __future__ import annotations

from pathlib import Path

import pytest
from pairs import outcome


@pytest.mark.parametrize("seed", [1, 2, 7, 1019])
def test_no_number_stays_in_silence(seed: int, tmp_path: Path) -> None:
    """A fund that ends (1), projects that are gone (2), a fund that begins (7), one amount in all cells of a table
    (1019): `make campaign-roll` has 500 of them."""
    found = outcome(seed, tmp_path)
    assert (found.tables, found.silent, found.strange, found.errors) == ([], [], [], [])
    assert found.renewed > 200 and found.listed < found.renewed / 5
