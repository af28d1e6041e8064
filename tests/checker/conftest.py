"""The example published once in every format, and the folder of real documents where it is."""

from __future__ import annotations

from pathlib import Path

import pytest

import juesuan
from juesuan.account import Account
from juesuan.checker.engine.guard import RuleGuard

ROOT = Path(__file__).parents[2]
REAL = ROOT.parent / "shared" / "real"


@pytest.fixture(autouse=True)
def no_faults(monkeypatch: pytest.MonkeyPatch) -> None:
    """A rule that breaks down fails the test that met it, instead of being noted."""
    monkeypatch.setattr(RuleGuard, "attempt", lambda self, name, work, otherwise: work())


@pytest.fixture(scope="session")
def example() -> Account:
    account = juesuan.compile(ROOT / "examples" / "wuhan-2022" / "whole")
    assert isinstance(account, Account)
    return account


@pytest.fixture(scope="session")
def published(published_example: dict[str, Path]) -> dict[str, Path]:
    return published_example


@pytest.fixture
def real() -> Path:
    if not REAL.is_dir():
        pytest.skip("the real documents (../shared/real) are not here")
    return REAL
