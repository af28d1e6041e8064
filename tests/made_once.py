"""What tests need that takes seconds to make, made once in a run: by whichever of its processes comes first."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """The folder called `name` that `make` filled, which nobody may change; all who come meanwhile wait for it."""
    base = factory.getbasetemp()
    common = (base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base) / "made"
    common.mkdir(exist_ok=True)
    folder, done = common / name, common / f"{name}.done"
    with (common / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            # Whoever began it may have failed.
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            make(folder)
            done.touch()
    return folder
