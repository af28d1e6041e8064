"""The server's watch: its list and state lie in a folder of its own; the job looks at every address in turn."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from juesuan.account import Account, from_json, spaceless
from juesuan.corpus.watch import (
    LIST,
    BadAddressesError,
    CheckedPosting,
    Fetcher,
    FetchLimits,
    PostedAddress,
    State,
    differences,
    look,
    look_at_list,
    places_of,
    read_addresses,
    read_state,
    write_state,
)
from juesuan.web.auth.sessions import SignedInUser
from juesuan.web.infra.audit import SYSTEM
from juesuan.web.infra.limited_process import at_work
from juesuan.web.infra.models import Job, Organisation, Publication
from juesuan.web.publication import publications as publication
from juesuan.web.review.reading import ACCOUNT, RESULT, ReadingError, ReadingOrder, load_result, run
from juesuan.web.review.uploads import stored_path
from juesuan.web.site.jobs import TakenJob, Work, put
from juesuan.web.site.site import Site

GIVEN = "清单.csv"
AT_ONCE = 10
"""Addresses that one job looks at."""

EVERY = timedelta(hours=20)
"""So long after it was looked last the server looks again by itself, when it starts or has nothing else to do."""


def folder_of(site: Site) -> Path:
    """Where the list, the state and the files lie."""
    return site.settings.files / "watched"


def addresses(site: Site) -> list[PostedAddress]:
    """The addresses that are watched: those given, and those that their list pages led to."""
    path = folder_of(site) / GIVEN
    return places_of(read_addresses(path.read_bytes()), state_of(site)) if path.is_file() else []


def state_of(site: Site) -> State:
    """What is known of them."""
    return read_state(folder_of(site))


def set_addresses(session: Session, site: Site, me: SignedInUser, data: bytes) -> int:
    """Takes another list in place of the one there was; gives how many addresses it has. Raises BadAddressesError."""
    found = read_addresses(data)
    if any(place.approved for place in found):
        raise BadAddressesError("这里不用“批复稿”一列：批复稿就是公开平台上的现行版。")
    folder = folder_of(site)
    folder.mkdir(parents=True, exist_ok=True)
    aside = folder / f".{GIVEN}"
    aside.write_bytes(data)
    aside.replace(folder / GIVEN)
    site.trail.append(session, me.actor, "watch.list", "watch", after={"addresses": len(found)})
    return len(found)


def ask(session: Session, site: Site) -> bool:
    """Puts the job into the queue; whether it was not there yet."""
    waiting = select(Job.id).where(Job.kind == "watch", Job.state.in_(("waiting", "running")))
    if session.scalar(waiting.limit(1)) is not None:
        return False
    put(session, site, "watch", {})
    return True


def ask_when_due(site: Site) -> None:
    """Puts the job into the queue where the last look is long past."""
    places, state = addresses(site), state_of(site)
    now = site.settings.clock()
    last = max((posting.looked for posting in state.values()), default="")
    if places and (not last or datetime.strptime(last, _MOMENT).replace(tzinfo=now.tzinfo) < now - EVERY):
        with site.database.writing() as session:
            ask(session, site)


_MOMENT = "%Y-%m-%d %H:%M"


def _watch(site: Site, task: TakenJob) -> None:
    """The job: some addresses one after another; what was found is kept after each. The rest is another job, so that
    others have their turn between.
    """
    folder, first = folder_of(site), int(task.payload.get("from", 0))
    state, places = state_of(site), addresses(site)
    settings = site.settings
    private = frozenset(settings.watched_private)
    fetcher = Fetcher(FetchLimits(settings.upload_limit, pause=settings.watched_pause, private=private))

    def check(path: Path, account: Account | None) -> CheckedPosting:
        return _checked(site, path, account)

    turn = places[first : first + AT_ONCE]
    for place in turn:
        now = site.settings.clock()
        if place.kind == LIST:
            state[place.url] = look_at_list(place, state, fetcher, now)
        else:
            with site.database.reading() as session:
                approved = _approved(session, site, place)
            state[place.url] = look(place, state.get(place.url), folder, fetcher, now, approved, check)
        # Another list may have been taken meanwhile; what its list pages led to stays with them.
        given = {each.url for each in addresses(site)}
        write_state(folder, {
            url: posting for url, posting in state.items() if url in given or posting.via in given
        })
    # What list pages led to stands behind what was there already, and has its turn today.
    places, after = addresses(site), first + len(turn)
    with site.database.writing() as session:
        if turn and after < len(places):
            put(session, site, "watch", {"from": after})
        else:
            site.trail.append(session, SYSTEM, "watch.look", "watch", after={"addresses": len(places)})


def _approved(session: Session, site: Site, place: PostedAddress) -> Account | None:
    """The version that the unit has on the portal here, of the account or the budget, whichever is posted there."""
    query = select(Publication).join(Organisation).where(
        Organisation.name == spaceless(place.unit), Publication.year == place.year,
        Publication.kind == place.kind, Publication.current,
    )
    row = session.scalars(query).first()
    if row is None:
        return None
    return from_json(stored_path(publication.accounts(site), row.digest, "json").read_bytes())


def _checked(site: Site, path: Path, approved: Account | None) -> CheckedPosting:
    """A posted file read and checked in a process with limits, and held against the approved account."""
    settings = site.settings
    with at_work(settings) as work, tempfile.TemporaryDirectory(dir=work) as made:
        order = ReadingOrder("check", str(path), path.name, made, memory=settings.reading_memory,
                             seconds=settings.reading_time)
        try:
            run(order, settings.data / "cache")
        except ReadingError as error:
            return CheckedPosting(trouble=str(error))
        report = load_result(Path(made) / RESULT, path).checked.report
        account = from_json((Path(made) / ACCOUNT).read_bytes())
    found, compared = differences(approved, account) if approved else ((), 0)
    return CheckedPosting(
        report.unit, report.year, report.count("error"), report.count("warning"), report.conclusion, "", found,
        compared, report.count("notice"),
    )


WORKS: Mapping[str, Work] = {"watch": _watch}
