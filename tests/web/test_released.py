"""A data folder as the latest release left it in use, brought to this version; `make campaign-upgrade` takes more."""

from __future__ import annotations

from pathlib import Path

import pytest

from fire.released import RELEASED, has, upgrade, use


@pytest.mark.skipif(not has(RELEASED[0]), reason="this copy has no history to take the released program from")
def test_a_folder_of_the_latest_release_stays_whole(tmp_path: Path) -> None:
    assert upgrade(use(RELEASED[0], tmp_path, units=1)) == []
