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
def published(published_example: dict[str, Path]) -> dict[str, Path]:
    return published_example
