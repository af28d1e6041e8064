"""Data folders as the programs released before left them in use, brought to this version: what was public stays so.

The program and its campaign are taken from the history of the repository; `make campaign-upgrade` runs every release.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from click.testing import CliRunner
from sqlalchemy import select
from starlette.testclient import TestClient

from fire.inspection import inspect
from juesuan.cli import main
from juesuan.web import Settings, create_application
from juesuan.web.infra.models import Organisation, Publication
from juesuan.web.site.site import Site

ROOT = Path(__file__).parents[2]
RELEASED = ("bc9a6c43", "c610d180")
"""The commits of the latest releases, the newest first."""

_USE = """
import sys
from pathlib import Path
sys.path.insert(0, "tests")
from fire.campaign import run
outcome = run(Path(sys.argv[1]), "", sequences=2, units=int(sys.argv[2]), seed=7, answers=(5, 40), kills=0)
sys.exit("; ".join(outcome.faults) or 0)
"""


def has(commit: str) -> bool:
    """Whether the history here reaches back to `commit`: a copy without its history does not."""
    found = subprocess.run(["git", "cat-file", "-e", f"{commit}^{{commit}}"], cwd=ROOT, capture_output=True)
    return found.returncode == 0


def use(commit: str, folder: Path, units: int = 2) -> Path:
    """The data folder of the program of `commit` after units filled in, sent in and published; people signed in."""
    tree, city = folder / "tree", folder / "city"
    tree.mkdir(parents=True)
    city.mkdir()
    packed = subprocess.run(["git", "archive", commit, "src", "tests", "examples"], cwd=ROOT, capture_output=True)
    subprocess.run(["tar", "-x", "-C", str(tree)], input=packed.stdout, check=True)
    environment = {**os.environ, "PYTHONPATH": str(tree / "src")}
    subprocess.run([sys.executable, "-c", _USE, str(city), str(units)], cwd=tree, env=environment, check=True)
    return city / "data"


def upgrade(data: Path) -> list[str]:
    """What is wrong after the folder was upgraded: the trail, what is stored, and the page of each publication."""
    settings = Settings(data, "")
    with TestClient(create_application(settings)) as client:
        # Starting it has upgraded the folder.
        trail = CliRunner().invoke(main, ["audit", "verify", "--data", str(data)])
        faults = [trail.output] if trail.exit_code else []
        site = Site(settings)
        with site.database.reading() as session:
            known = select(Organisation.code, Publication.year, Publication.version).join(
                Organisation, Organisation.id == Publication.organisation_id
            )
            pages = [f"/units/{code}/{year}/v{version}" for code, year, version in session.execute(known)]
        site.database.close()
        answers = {page: client.get(page).status_code for page in pages}
    faults += [f"{page}: {status}" for page, status in answers.items() if status != 200]
    return [*faults, *inspect(data, "")[0], *([] if pages else ["nothing was published"])]


if __name__ == "__main__":
    import tempfile

    for each in sys.argv[1:] or RELEASED:
        with tempfile.TemporaryDirectory() as place:
            print(each, upgrade(use(each, Path(place))) or "sound")
