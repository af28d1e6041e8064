"""How the tests draw examples: the same ones each time, without a deadline, so that a slow machine changes nothing.

And the PostgreSQL server that they share.
"""

from __future__ import annotations

from collections.abc import Iterator

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


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """A PostgreSQL server of this run's own; a reason to skip only where it cannot be installed."""
    pytest.importorskip("psycopg", reason="needs the extra juesuan[postgres]")
    if database_server.programs() is None and not database_server.required():
        pytest.skip("PostgreSQL is not installed and cannot be (scripts/system-packages)")
    with database_server.running() as server:
        yield server
