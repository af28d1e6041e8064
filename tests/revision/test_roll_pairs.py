"""Random pairs of accounts: a document rolled forward says nothing of last year that is not listed."""

from __future__ import annotations

from pathlib import Path

import pytest
from pairs import outcome


@pytest.mark.parametrize("seed", [1, 2, 7])
def test_no_number_stays_in_silence(seed: int, tmp_path: Path) -> None:
    """A fund that ends (1), projects that are gone (2), a fund that begins (7): of 500 in `make campaign-roll`."""
    found = outcome(seed, tmp_path)
    assert (found.tables, found.silent, found.strange, found.errors) == ([], [], [], [])
    assert found.renewed > 200 and found.listed < found.renewed / 5
