"""Data folders as the two latest releases left them in use, brought to this version; `make campaign-upgrade`: more."""

from __future__ import annotations

from pathlib import Path

import pytest

from fire.released import RELEASED, has, upgrade, use


@pytest.mark.skipif(not has(RELEASED[0]), reason="this copy has no history to take the released program from")
@pytest.mark.parametrize("release", RELEASED[:2])
def test_a_folder_of_a_late_release_stays_whole(release: str, tmp_path: Path) -> None:
    # Of the newest a correction too; every release with several units: `make campaign-upgrade`.
    assert upgrade(use(release, tmp_path, units=1, sequences=2 if release == RELEASED[0] else 1)) == []
