"""A small folder of published files and the store made of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.documents import publish_units
from juesuan.corpus import Store, ingest_files
from made_once import made_once


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve units in four formats and one PDF."""

    def publish(target: Path) -> None:
        publish_units(target, 12)
        publish_units(target / "pdf", 1, ("pdf",))

    return made_once(tmp_path_factory, "units", publish)


@pytest.fixture(scope="session")
def store_path(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The store of the folder, compacted."""

    def ingest(target: Path) -> None:
        ingest_files([str(folder)], str(target / "store"), engine="inline", compaction=True)

    return made_once(tmp_path_factory, "store", ingest) / "store"


@pytest.fixture
def store(store_path: Path) -> Store:
    return Store(store_path)
