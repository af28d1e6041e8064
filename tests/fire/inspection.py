"""What a server left behind is looked at: nothing half done, every file there, the audit trail sound."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from pathlib import Path

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from juesuan.web import Settings
from juesuan.web.filing.attachments import attachments_of, data_files
from juesuan.web.filing.filings import content_of
from juesuan.web.filing.steps import load_way
from juesuan.web.infra.audit import verify
from juesuan.web.infra.models import AuditEntry, Filing, FilingStep, Job, Publication, SearchPassage
from juesuan.web.publication import publications as publication
from juesuan.web.publication.build import CONTENTS, PAGE
from juesuan.web.review.uploads import stored_path
from juesuan.web.site.site import Site

CHANGES = ("filing.edit", "filing.import", "filing.attach", "filing.detach", "filing.explain")


def inspect(data: Path, database: str) -> tuple[list[str], Counter[str]]:
    """The faults found, and how much was looked at. The server may be running or dead."""
    site = Site(Settings(data, database))
    faults: list[str] = []
    counts: Counter[str] = Counter()
    try:
        with site.database.reading() as session:
            verdict = verify(session)
            counts["audit entries"] = verdict.entries
            faults += [verdict.fault] if verdict.fault else []
            for filing in session.scalars(select(Filing)):
                counts["filings"] += 1
                faults += _of_filing(session, site, filing, counts)
            for row in session.scalars(select(Publication)):
                counts[f"versions {row.state}"] += 1
                faults += _of_version(session, site, row, counts)
            found = session.scalar(text("SELECT count(*) FROM search"))
            entered = session.scalar(select(func.count(SearchPassage.id)))
            if found != entered:
                faults.append(f"{entered} passages, but {found} in the index")
    finally:
        site.database.close()
    return faults, counts


def _entries(session: Session, subject: str) -> list[AuditEntry]:
    return list(session.scalars(select(AuditEntry).where(AuditEntry.subject == subject).order_by(AuditEntry.id)))


def _of_filing(session: Session, site: Site, filing: Filing, counts: Counter[str]) -> list[str]:
    """State, steps, audit trail, contents and account of a filing tell the same story."""
    faults = []
    name, way = f"filing:{filing.id}", load_way()
    entries = _entries(session, name)
    steps = list(session.scalars(select(FilingStep).where(FilingStep.filing_id == filing.id).order_by(FilingStep.id)))
    counts["steps"] += len(steps)
    state = "drafting"
    for taken in steps:
        if state not in way.steps[taken.step].from_states:
            faults.append(f"{name}: {taken.step} from {state}")
        state = way.target(taken.step, ())
    if state != filing.state:
        faults.append(f"{name}: the steps lead to {state}, it is {filing.state}")
    told = [entry for entry in entries if entry.action.removeprefix("filing.") in way.steps]
    if [(entry.action.removeprefix("filing."), entry.actor) for entry in told] != [(s.step, s.actor) for s in steps]:
        faults.append(f"{name}: the audit trail has other steps")
    if told and json.loads(told[-1].after)["state"] != filing.state:
        faults.append(f"{name}: the audit trail has another state")
    changes = [entry for entry in entries if entry.action in CHANGES]
    counts["changes"] += len(changes)
    if filing.revision != 1 + len(changes) + len(steps):
        faults.append(f"{name}: revision {filing.revision} after {len(changes)} changes and {len(steps)} steps")
    faults += _as_told(filing, changes)
    if filing.account:
        faults += _file(stored_path(publication.accounts(site), filing.account, "json"), filing.account, counts)
    for digest, kind in attachments_of(filing).values():
        faults += _file(stored_path(data_files(site), digest, kind), digest, counts)
    approvals = sum(taken.step == "approve" for taken in steps)
    counts["approvals"] += approvals
    query = select(Publication).where(Publication.organisation_id == filing.organisation_id)
    versions = list(session.scalars(query.order_by(Publication.version)))
    if [row.version for row in versions] != list(range(1, approvals + 1)):
        faults.append(f"{name}: {approvals} approvals, versions {[row.version for row in versions]}")
    if filing.state == "approved" and versions and versions[-1].digest != filing.account:
        faults.append(f"{name}: another account is published than was approved")
    shown = [row.version for row in versions if row.current]
    published = [row.version for row in versions if row.state == "published"]
    if shown != published[-1:]:
        faults.append(f"{name}: versions {shown} are shown as the latest, of {published}")
    return faults


def _as_told(filing: Filing, changes: list[AuditEntry]) -> list[str]:
    """The cells hold what the audit trail says was put into them last."""
    last: dict[tuple[str, str], str] = {}
    for entry in changes:
        if entry.action == "filing.import":
            last.clear()
        if entry.action == "filing.edit":
            told = json.loads(entry.after)
            last |= {(told["sheet"], field): value for field, value in told["cells"].items() if "." in field}
    filled = content_of(filing)
    faults = []
    for (sheet, field), value in last.items():
        number, _, key = field.partition(".")
        line = filled.page(sheet).line(int(number)) if number != "0" else None
        cells = line.cells if line else filled.page(sheet).cells
        if cells.get(key, "") != value:
            faults.append(f"filing:{filing.id}: {sheet} {field} is not what the audit trail says")
    return faults


def _of_version(session: Session, site: Site, row: Publication, counts: Counter[str]) -> list[str]:
    name = f"publication:{row.id}"
    faults = _file(stored_path(publication.accounts(site), row.digest, "json"), row.digest, counts)
    done = Counter(entry.action for entry in _entries(session, name))
    jobs = [job for job in session.scalars(select(Job)) if json.loads(job.payload).get("publication") == row.id]
    if done["publication.ask"] != 1 or len(jobs) != 1:
        faults.append(f"{name}: asked for {done['publication.ask']} times, {len(jobs)} jobs")
    if done["publication.publish"] != (row.state == "published"):
        faults.append(f"{name}: {row.state}, published {done['publication.publish']} times")
    if row.state == "failed":
        faults.append(f"{name}: failed: {row.trouble}")
    if row.state == "published":
        folder = publication.folder_of(site, row)
        for file in publication.files_of(row):
            faults += _file(folder / file.name, file.sha256, counts)
        faults += [f"{name}: no {each}" for each in (CONTENTS, PAGE) if not (folder / each).is_file()]
    entered = session.scalar(select(func.count(SearchPassage.id)).where(SearchPassage.publication_id == row.id))
    if bool(entered) != row.current:
        faults.append(f"{name}: {entered} passages, current: {row.current}")
    return faults


def _file(path: Path, digest: str, counts: Counter[str]) -> list[str]:
    counts["files"] += 1
    if not path.is_file():
        return [f"{path} is missing"]
    return [] if hashlib.sha256(path.read_bytes()).hexdigest() == digest else [f"{path} is not what it was"]
