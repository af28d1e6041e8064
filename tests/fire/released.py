"""Data folders as the programs released before left them in use, brought to this version: what was public stays so.

The program and its campaign are taken from the history of the repository; `make campaign-upgrade` runs every release.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import nullcontext
from pathlib import Path

from click.testing import CliRunner
from sqlalchemy import select
from starlette.testclient import TestClient

import database_server
from fire.inspection import inspect
from juesuan.cli import main
from juesuan.web import Settings, create_application
from juesuan.web.infra.models import Job, Organisation, Publication, ReviewFile
from juesuan.web.server import FAILURES, WORKS
from juesuan.web.site.jobs import Workers
from juesuan.web.site.site import Site

ROOT = Path(__file__).parents[2]
RELEASED = ("fd9838ec", "402c958c", "a97b5b00", "bc9a6c43", "c610d180")
"""The commits of the latest releases, the newest first."""

_USE = """
import json, sys
from pathlib import Path
sys.path.insert(0, "tests")
from fire.campaign import run
from fire.clients import Person
from fire.server import Server
folder, database, units, sequences = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
outcome = run(folder, database, sequences=sequences, units=units, seed=7, answers=(5, 40), kills=0)
# People go on working, files are waiting to be read, and the machine loses its power.
server = Server(folder / "data", database, folder / "server.log")
server.start()
cookies = {}
for place, name in enumerate(("reviewer", "department", "editor0", "approver0")):
    person = Person(server, name, 100 + place)
    person.sign_in()
    cookies[name] = dict(person._client.cookies)
    if name == "reviewer":
        person.get("/documents")
        sent = [("files", (f"{n}.pdf", b"%PDF-1.7 number " + bytes(str(n), "ascii"))) for n in range(6)]
        if person.post("/documents", {"approved": "2023-08-10"}, files=sent).status_code >= 400:
            sys.exit("the files for review were not taken")
server.end()
(folder / "cookies.json").write_text(json.dumps(cookies))
sys.exit("; ".join(outcome.faults) or 0)
"""
"""The campaign of the released program with its own clients, then people signed in and jobs in the queue."""


def has(commit: str) -> bool:
    """Whether the history here reaches back to `commit`: a copy without its history does not."""
    found = subprocess.run(["git", "cat-file", "-e", f"{commit}^{{commit}}"], cwd=ROOT, capture_output=True)
    return found.returncode == 0


def use(commit: str, folder: Path, database: str = "", units: int = 2, sequences: int = 2) -> Path:
    """The data folder of the program of `commit` after units filled in, sent in and published, so often in all.

    Four people are signed in, six files for review are in the queue or were being read when the server was killed.
    """
    tree, city = folder / "tree", folder / "city"
    tree.mkdir(parents=True)
    city.mkdir()
    packed = subprocess.run(["git", "archive", commit, "src", "tests", "examples"], cwd=ROOT, capture_output=True)
    subprocess.run(["tar", "-x", "-C", str(tree)], input=packed.stdout, check=True)
    environment = {**os.environ, "PYTHONPATH": str(tree / "src")}
    words = [str(city), database, str(units), str(sequences)]
    subprocess.run([sys.executable, "-c", _USE, *words], cwd=tree, env=environment, check=True)
    return city / "data"


def upgrade(data: Path, database: str = "") -> list[str]:
    """What is wrong after the folder was upgraded.

    The trail, what is stored, the page of each publication, whether those who were signed in still are, and whether
    the queue is worked off.
    """
    settings = Settings(data, database)
    words = ["audit", "verify", "--data", str(data), *(["--database", database] if database else [])]
    with TestClient(create_application(settings)) as client:
        # Starting it has upgraded the folder.
        trail = CliRunner().invoke(main, words)
        faults = [trail.output] if trail.exit_code else []
        site = Site(settings)
        with site.database.reading() as session:
            known = select(Organisation.code, Publication.year, Publication.version).join(
                Organisation, Organisation.id == Publication.organisation_id
            )
            pages = [f"/units/{code}/{year}/v{version}" for code, year, version in session.execute(known)]
        answers = {page: client.get(page).status_code for page in pages}
        faults += [] if pages else ["nothing was published"]
        faults += _people(client, json.loads((data.parent / "cookies.json").read_text(encoding="utf-8")))
        faults += _queue(site)
    site.database.close()
    faults += [f"{page}: {status}" for page, status in answers.items() if status != 200]
    return [*faults, *inspect(data, database)[0]]


def _queue(site: Site, patience: float = 600.0) -> list[str]:
    """What is left in the queue after a while, and files for review that were not looked at."""
    workers = Workers(site, WORKS, FAILURES)
    workers.start()
    until = time.monotonic() + patience
    while True:
        with site.database.reading() as session:
            left = Counter(session.scalars(select(Job.state).where(Job.state.not_in(("done", "failed")))))
            states = Counter(session.scalars(select(ReviewFile.state)))
        if not left:
            workers.stop()
            break
        if time.monotonic() > until:
            return [f"after {patience:.0f} s the queue still holds {dict(left)}"]
        time.sleep(0.2)
    return [] if states == {"unreadable": 6} else [f"six broken files for review became {dict(states)}"]


def _people(client: TestClient, cookies: dict[str, dict[str, str]]) -> list[str]:
    """Who was signed in and is not any more, or cannot open the work list, the filings or the account."""
    faults = []
    for name, held in cookies.items():
        for page in ("/desk", "/filings", "/account"):
            sent = {"cookie": "; ".join(f"{key}={value}" for key, value in held.items())}
            answer = client.get(page, headers=sent, follow_redirects=False)
            if answer.status_code != 200:
                faults.append(f"{name} gets {answer.status_code} at {page}")
    return faults


def _tried(commit: str, engine: str) -> list[str]:
    """The faults of one release on one engine."""
    waiting = database_server.running() if engine == "postgresql" else nullcontext("")
    with tempfile.TemporaryDirectory() as place, waiting as server:
        database = database_server.with_database(server, "city") if server else ""
        return upgrade(use(commit, Path(place), database), database)


if __name__ == "__main__":
    for each in sys.argv[1:] or RELEASED:
        for engine in ("sqlite", "postgresql"):
            print(each, engine, _tried(each, engine) or "sound", flush=True)
