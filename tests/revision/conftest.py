"""The example of the repository, published once."""

from __future__ import annotations

from pathlib import Path

import pytest

import juesuan

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def account() -> juesuan.Account:
    made = juesuan.compile(ROOT / "examples" / "wuhan-2022" / "whole")
    assert isinstance(made, juesuan.Account)
    return made


@pytest.fixture(scope="session")
def published(account: juesuan.Account, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("published")
    return {path.suffix[1:]: path for path in juesuan.publish(account, folder, ["docx", "xlsx"])}
