"""How the tests draw examples: the same ones each time, without a deadline, so that a slow machine changes nothing.

And the order of the files, and the PostgreSQL server that they share.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings

import database_server

settings.register_profile(
    "ci",
    derandomize=True,
    deadline=None,
    database=None,
    max_examples=40,
    # A unit takes long to make: a failure shows the unit as it is; `--hypothesis-profile search` makes it small.
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.register_profile(
    "search", parent=settings.get_profile("ci"), derandomize=False, max_examples=400, phases=tuple(Phase)
)
settings.load_profile("ci")

HERE = Path(__file__).parent

# Some set it for all that runs; then each of the hundreds of programs started here would compile the package anew.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

LONGEST = (
    "web/test_under_fire.py", "corpus/test_campaign.py", "web/test_unit_desk.py", "web/test_browser.py",
    "dist/test_installed.py", "web/test_whole_way.py", "web/test_stored_scripts.py", "web/test_desk_browser.py",
    "web/test_desk_keyboard.py",
    "corpus/test_ingest.py", "web/test_desk_pages.py", "revision/test_roll.py", "revision/test_fix.py",
    "reader/test_scan.py", "web/test_rights.py", "revision/test_edited.py", "web/test_released.py",
    "web/test_review.py", "web/test_forgery.py", "web/test_api.py",
)
"""The files that take longest, longest first: a file is the work of one process, and all should end together."""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files first, the others as they were."""
    ranks = {HERE / name: rank for rank, name in enumerate(LONGEST)}
    items.sort(key=lambda item: ranks.get(item.path, len(ranks)))


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """A PostgreSQL server of this run's own; a reason to skip only where it cannot be installed."""
    pytest.importorskip("psycopg", reason="needs the extra juesuan[postgres]")
    if database_server.programs() is None and not database_server.required():
        pytest.skip("PostgreSQL is not installed and cannot be (scripts/system-packages)")
    with database_server.running() as server:
        yield server
