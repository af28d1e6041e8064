"""How the tests draw examples: the same ones each time, without a deadline, so that a slow machine changes nothing.

And where they put their files, their order, and the PostgreSQL server that they share.
"""

from __future__ import annotations

import atexit
import gc
import os
import shutil
import tempfile
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings

import database_server
import juesuan
from made_once import made_once

settings.register_profile(
    "ci",
    derandomize=True,
    deadline=None,
    database=None,
    max_examples=28,
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

MEMORY = Path("/dev/shm")
OWN = "juesuan-tests-"
"""What the names of the tests' folders in memory begin with, before the number of the process that tests."""
ENOUGH = 6 * 2**30
"""Bytes that must be free: the whole suite leaves half a gigabyte and needs some more on its way."""


def _files_in_memory() -> None:
    """Temporary files lie in memory where there is enough of it: hundreds of databases would wait for the disk.

    Whoever sets TMPDIR decides. Processes that tests start, those of other workers too, have it from the environment.
    What a failure leaves stays until the next run.
    """
    if "TMPDIR" in os.environ or not os.access(MEMORY, os.W_OK):
        return
    for old in MEMORY.glob(f"{OWN}*"):
        if not Path("/proc", old.name.removeprefix(OWN)).exists():
            shutil.rmtree(old, ignore_errors=True)
    room = os.statvfs(MEMORY)
    told = dict(line.split(":") for line in Path("/proc/meminfo").read_text(encoding="ascii").splitlines())
    free = int(told["MemAvailable"].split()[0]) * 1024
    if min(room.f_bavail * room.f_frsize, free) >= ENOUGH and not room.f_flag & os.ST_NOEXEC:
        folder = MEMORY / f"{OWN}{os.getpid()}"
        folder.mkdir(exist_ok=True)
        folder.chmod(0o711)  # PostgreSQL's server runs as another user.
        os.environ["TMPDIR"] = tempfile.tempdir = str(folder)


_files_in_memory()

# As the program does (cli/main.py): looking for circles among all that tests keep takes a fifteenth of their time.
gc.set_threshold(100_000, 20, 20)

_sound: list[Path] = []


@atexit.register
def _remove_sound() -> None:
    """Runs after the handler of multiprocessing, which is registered later and whose folder lies in this one."""
    for folder in _sound:
        shutil.rmtree(folder, ignore_errors=True)


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Of a run without failures nothing stays in memory."""
    if exitstatus == pytest.ExitCode.OK:
        _sound.append(MEMORY / f"{OWN}{os.getpid()}")


LONGEST = (
    "web/test_under_fire.py", "dist/test_installed.py", "web/test_released.py", "reader/test_scan.py",
    "revision/test_roll.py", "web/test_whole_way.py", "corpus/test_ingest.py", "corpus/test_simulate.py",
    "corpus/test_campaign.py", "inspection/test_budget_properties.py", "web/test_api.py", "corpus/test_supervisor.py",
    "revision/test_fix.py", "revision/test_edited.py", "web/test_desk_pages.py", "web/test_unit_desk.py",
    "web/test_budgets.py", "web/test_stored_scripts.py", "inspection/test_marking.py", "web/test_rights.py",
    "statute/test_years.py", "cli/test_evidence.py", "web/test_desk_browser.py", "web/test_budget_browser.py",
    "web/test_first_run.py", "checker/test_reports.py", "web/test_hostile_files.py", "web/test_approving.py",
    "intake/test_budget_and_account.py", "web/test_oidc.py", "intake/test_budget_questions.py", "web/test_own_desk.py",
    "publisher/test_places.py", "compiler/test_filled.py", "cli/test_held.py", "compiler/test_ledger.py",
    "inspection/test_compilation.py", "corpus/test_running.py", "cli/test_places.py", "web/test_watching.py",
    "compiler/test_workbook.py", "inspection/test_budget.py", "cli/test_commands.py", "web/test_review.py",
    "checker/test_performance_hundredth.py", "web/test_browser.py", "compiler/test_sheets.py", "web/test_forgery.py",
    "corpus/test_jurisdiction.py", "checker/test_messages.py", "checker/test_performance_round_trip.py",
    "revision/test_learn.py", "compiler/test_file_kinds.py", "web/test_operations.py", "web/test_desk_word.py",
)
"""The files that take longest, longest first: a file is the work of one process, and all should end together."""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The longest files first, the others as they were; for `make quick` the longest only where they have changed."""
    ranks = {HERE / name: rank for rank, name in enumerate(LONGEST)}
    items.sort(key=lambda item: ranks.get(item.path, len(ranks)))
    if (changed := os.environ.get("JUESUAN_QUICK")) is not None:
        named = {HERE.parent / line for line in changed.splitlines()}
        left = [item for item in items if item.path in ranks and item.path not in named]
        config.hook.pytest_deselected(items=left)
        items[:] = [item for item in items if item.path not in ranks or item.path in named]


def pytest_collection_finish() -> None:
    """What collecting left stays to the end: it need not be looked through again and again."""
    gc.collect()
    gc.freeze()
    atexit.register(gc.unfreeze)  # Libraries in C++ complain at the end of what nobody let go.


@pytest.fixture(scope="session", autouse=True)
def opened_once() -> Iterator[None]:
    """A workbook of the same name and bytes is opened once: that takes a third of a second, and nothing changes it."""
    from juesuan.compiler.workbook import grid

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(grid, "OpenedBook", lru_cache(maxsize=8)(grid.OpenedBook))
        yield


@pytest.fixture(scope="session")
def published_example(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The repository's example, published in each format."""

    def publish(folder: Path) -> None:
        account = juesuan.compile(HERE.parent / "examples" / "wuhan-2022" / "whole")
        juesuan.publish(account, folder, ["pdf", "docx", "html", "xlsx", "json"])

    return {path.suffix[1:]: path for path in made_once(tmp_path_factory, "example", publish).iterdir()}


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """A PostgreSQL server of this run's own; a reason to skip only where it cannot be installed."""
    pytest.importorskip("psycopg", reason="needs the extra juesuan[postgres]")
    if database_server.programs() is None and not database_server.required():
        pytest.skip("PostgreSQL is not installed and cannot be (scripts/system-packages)")
    with database_server.running() as server:
        yield server
