"""A small folder of published files and the store made of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.documents import publish_units
from juesuan.corpus import Store, ingest_files


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve units in four formats and one PDF."""
    target = tmp_path_factory.mktemp("published")
    publish_units(target, 12)
    publish_units(target / "pdf", 1, ("pdf",))
    return target


@pytest.fixture(scope="session")
def store_path(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The store of the folder, compacted."""
    path = tmp_path_factory.mktemp("stores") / "store"
    ingest_files([str(folder)], str(path), engine="inline", compaction=True)
    return path


@pytest.fixture
def store(store_path: Path) -> Store:
    return Store(store_path)
