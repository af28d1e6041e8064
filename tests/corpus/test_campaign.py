"""The campaign of `make campaign-ingest` and `make campaign-dask`, small: documents of all formats, and SIGKILL."""

from __future__ import annotations

import shutil
import time
from decimal import Decimal

import pytest

from corpus.campaign import Campaign, Fire, judged, make_city, under_fire, undisturbed_run
from juesuan.synthetic.jurisdiction import SimulationOrder

SHARES = {"docx": 12, "pdf": 8, "html": 20, "md": 20, "xlsx": 16, "json": 24}
SEED = 16
"""Of this seed the eight documents are of all six formats, with four contradictions of four kinds."""

FIRE = Fire(whole=1, workers=2, dask=1, runs_for=(0.3, 0.5), pause=(0.15, 0.3))

pytestmark = pytest.mark.skipif(shutil.which("pgrep") is None, reason="pgrep is not here")


@pytest.fixture(scope="module")
def peace(tmp_path_factory: pytest.TempPathFactory) -> tuple[Campaign, float]:
    """The city with the store that nobody disturbed, and the seconds that it took."""
    campaign = Campaign(tmp_path_factory.mktemp("campaign"), SEED, 2, FIRE)
    make_city(campaign, SimulationOrder(1, 1, 2021, 2022, SEED, shares=SHARES, planted=Decimal("0.9")), 1)
    formats = {path.suffix for name in ("决算", "预算") for path in (campaign.city / name).iterdir()}
    assert formats == {f".{form}" for form in SHARES}
    start = time.perf_counter()
    # Four accounts beside their budgets, two beside last year's, two budgets beside last year's budget and account.
    result = undisturbed_run(campaign, "inline")
    assert result is not None
    assert (result.documents, result.failures, result.pairs) == (8, 0, 10)
    return campaign, time.perf_counter() - start


def test_workers_and_whole_runs_killed(peace: tuple[Campaign, float]) -> None:
    campaign, needed = peace
    outcome = under_fire(campaign, "local", needed)
    assert outcome.differing == ()
    assert outcome.workers >= 1 and outcome.whole == 1
    found = judged(campaign, "local")
    assert sum(mark.planted for mark in found.marks) == 4
    assert found.missed == () and found.false == ()


def test_a_worker_of_a_dask_cluster_killed(peace: tuple[Campaign, float]) -> None:
    pytest.importorskip("distributed")
    campaign, needed = peace
    outcome = under_fire(campaign, "dask", needed)
    assert outcome.differing == ()
    assert outcome.workers == 1
    assert judged(campaign, "dask").recall == 1
