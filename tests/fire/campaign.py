"""The campaign: units save, send in and have approved, while the server is killed at random moments."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import NamedTuple

from sqlalchemy import func, select

from fire.clients import FIELDS, Unit
from fire.inspection import inspect
from fire.server import Server, found_city
from juesuan.web import Settings
from juesuan.web.filing.filings import content_of
from juesuan.web.infra.models import Filing, Organisation, Publication
from juesuan.web.site.site import Site


class Outcome(NamedTuple):
    """What a campaign came to: the faults, and what was counted."""

    faults: list[str]
    counts: Counter[str]


def run(
    folder: Path, database: str, *, sequences: int, units: int, seed: int, answers: tuple[int, int],
    kills: int = 10**6, minutes: float = 10**6, told: Callable[[str], None] = lambda _: None,
) -> Outcome:
    """Has `units` units go through `sequences` sequences in all; the server is killed `kills` times at most.

    It is left alone for so many `answers` and up to three seconds more, so that a slow machine is killed as often as a
    quick one, and in the middle of what takes long. After each kill what is left behind is inspected, and at the end
    once more, when everything asked for is published. After so many `minutes` no further sequence is begun.
    """
    random, faults, counts = Random(seed), list[str](), Counter[str]()
    data = folder / "data"
    found_city(data, database, units)
    server = Server(data, database, folder / "server.log")
    server.start()
    clients = [Unit(server, number, _share(sequences, units, number), seed) for number in range(units)]
    until = time.monotonic() + 60 * minutes
    try:
        for client in clients:
            client.start()
        while any(client.is_alive() for client in clients) and not faults:
            if counts["kills"] == kills:
                break
            if time.monotonic() > until:
                for client in clients:
                    client.enough.set()
            _let_answer(clients, random.randint(*answers))
            time.sleep(random.uniform(0, 3))
            server.end()
            counts["kills"] += 1
            faults += inspect(data, database)[0]
            told(f"kill {counts['kills']}: {sum(client.approved for client in clients)} approved")
            server.start()
            faults += [client.fault for client in clients if client.fault]
        for client in clients:
            if faults:
                client.enough.set()
            client.join()
            faults += [client.fault] if client.fault and client.fault not in faults else []
        faults += all_published(data, database)
    finally:
        server.end()
    found, left = inspect(data, database)
    counts += left
    for client in clients:
        counts += client.counts
        faults += _acknowledged(data, database, client)
    if "Traceback" in (folder / "server.log").read_text(encoding="utf-8"):
        faults.append(f"the server's log has a traceback: {folder / 'server.log'}")
    return Outcome(list(dict.fromkeys(faults + found)), counts)


def _let_answer(clients: list[Unit], wanted: int, patience: float = 120.0) -> None:
    """Waits until the server has given so many answers more, or nobody asks any more."""
    until, enough = time.monotonic() + patience, sum(client.answers for client in clients) + wanted
    while time.monotonic() < until and any(client.is_alive() for client in clients):
        if sum(client.answers for client in clients) >= enough:
            return
        time.sleep(0.02)


def _share(sequences: int, units: int, number: int) -> int:
    return sequences // units + (number < sequences % units)


def all_published(data: Path, database: str, patience: float = 300.0) -> list[str]:
    """Waits until nothing is being made."""
    site = Site(Settings(data, database))
    until = time.monotonic() + patience
    try:
        while time.monotonic() < until:
            with site.database.reading() as session:
                making = session.scalar(select(func.count(Publication.id)).where(Publication.state == "making"))
            if not making:
                return []
            time.sleep(0.5)
        return [f"{making} approved accounts are still not published after {patience:.0f} s"]
    finally:
        site.database.close()


def _acknowledged(data: Path, database: str, client: Unit) -> list[str]:
    """What a unit was told is saved, against what stands."""
    site = Site(Settings(data, database))
    with site.database.reading() as session:
        home = session.scalars(select(Organisation).where(Organisation.code == client.code)).one()
        filing = session.scalars(select(Filing).where(Filing.organisation_id == home.id)).one_or_none()
        if filing is None:
            site.database.close()
            return [f"{client.name}: has not even begun"]
        versions = session.scalar(select(func.count(Publication.id)).where(Publication.organisation_id == home.id))
    site.database.close()
    filled, faults = content_of(filing), []
    for (sheet, field), known in client.stands.items():
        if (now := filled.page(sheet).cells.get(field.partition(".")[2], "")) not in known:
            faults.append(f"{client.name}: {sheet} {field} holds {now!r}, not one of {known}")
    if versions != client.approved:
        faults.append(f"{client.name}: {client.approved} approvals came through, {versions} versions")
    matters = Counter(line.cells.get("matter", "") for line in filled.page("重点工作").lines)
    for mark, acknowledged in client.lines.items():
        if matters[mark] > 1 or (acknowledged and not matters[mark]):
            faults.append(f"{client.name}: line {mark} stands there {matters[mark]} times")
    if not client.fault and not set(client.stands) & set(FIELDS):
        faults.append(f"{client.name}: nothing was saved")
    return faults
