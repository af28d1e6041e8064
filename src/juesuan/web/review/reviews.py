"""Reviewing published files: received, read in the queue, findings accepted with reason, the file decided upon."""

from __future__ import annotations

import io
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import BinaryIO

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from juesuan.account import SEVERITY_NAMES, JuesuanError, from_json, spaceless
from juesuan.checker.reports import Accepted, Chapter, Checked, Located, ReportEntry, conclusion_text
from juesuan.statute import Kind, load_deadlines, load_statute
from juesuan.web.auth.sessions import SignedInUser
from juesuan.web.infra.audit import SYSTEM
from juesuan.web.infra.limited_process import at_work
from juesuan.web.infra.models import Organisation, ReviewFile, Waiver, moment
from juesuan.web.infra.process_slots import SLOTS, BusyError
from juesuan.web.infra.settings import MEBIBYTE
from juesuan.web.review.reading import ACCOUNT, MARKED, RESULT, ReadingError, ReadingOrder, load_result, run
from juesuan.web.review.related import disclosed, related_accounts, results_of
from juesuan.web.review.uploads import (
    RefusedUploadError,
    clean_name,
    digest_of,
    kind_of,
    store_upload,
    stored_path,
)
from juesuan.web.site.jobs import Failure, JobError, TakenJob, Work, put
from juesuan.web.site.site import Site

STATES = {"waiting": "排队中", "read": "待处理", "unreadable": "读不出来", "accepted": "已接受", "returned": "已退回"}
DISCLOSURES, OTHER = ("决算", "预算"), "其他"
DECISIONS = ("accepted", "returned")


class ReviewError(JuesuanError, ValueError):
    """Something cannot be decided as asked; the message says why."""


class ReviewedFinding(msgspec.Struct, frozen=True):
    """A finding and, where a reviewer accepts it, the waiver."""

    entry: ReportEntry
    fingerprint: str
    waiver_id: int = 0
    reason: str = ""
    author: str = ""


def due_day(approved: str) -> str:
    """The last day for publication, from the day in ISO on which the publisher was approved; empty for none.

    It is that of a final account: what a file discloses shows when it is read (due_of). Raises ReviewError.
    """
    if not approved:
        return ""
    try:
        deadlines = load_deadlines()
        return deadlines.last_day(deadlines.received["决算"], date.fromisoformat(approved)).isoformat()
    except (ValueError, OverflowError):
        raise ReviewError("批复日期应写成 2026-08-20 的样子。") from None


def due_of(due: str, known: str, disclosed: str) -> str:
    """The last day of what turned out to be `disclosed`, from the one reckoned while it was held to be `known`."""
    if not due:
        return ""
    deadlines = load_deadlines()
    before, after = (deadlines.days(deadlines.received["预算" if kind == "预算" else "决算"])
                     for kind in (known, disclosed))
    return (date.fromisoformat(due) + timedelta(days=after - before)).isoformat()


def receive(session: Session, site: Site, me: SignedInUser, file: BinaryIO, name: str, due: str) -> ReviewFile:
    """Takes a file in and puts its reading into the queue.

    Raises RefusedUploadError, also for one that is there already and for one that is beyond what its sender may keep.
    """
    shown = clean_name(name)
    kind = kind_of(file, shown, site.settings.unpacked_limit)
    _demand_quota(session, site, me, file, shown)
    known = same_as(session, me, digest_of(file))
    if known:
        raise RefusedUploadError(f"{shown}：{known}")
    digest = store_upload(file, originals(site), kind)
    document = ReviewFile(
        organisation_id=me.organisation_id, name=shown, digest=digest, kind=kind, uploader=me.name,
        created=moment(site.settings.clock()), state="waiting", trouble="", unit="", year=0, errors=0, warnings=0,
        notices=0, due=due, reason="", decided_by="", version=1,
    )
    session.add(document)
    session.flush()
    put(session, site, "check", {"document": document.id, "below": me.path})
    after = {"name": shown, "sha256": digest, "due": due}
    site.trail.append(session, me.actor, "document.upload", f"document:{document.id}", after=after)
    return document


def _demand_quota(session: Session, site: Site, me: SignedInUser, file: BinaryIO, name: str) -> None:
    """Raises RefusedUploadError where the files of one sender would come to more than the server keeps for each."""
    kept = 0
    own = select(ReviewFile.digest, ReviewFile.kind).where(ReviewFile.uploader == me.name)
    for digest, kind in session.execute(own):
        path = stored_path(originals(site), digest, kind)
        kept += path.stat().st_size if path.is_file() else 0
    if kept + file.seek(0, io.SEEK_END) > site.settings.upload_quota:
        most = site.settings.upload_quota // MEBIBYTE
        raise RefusedUploadError(f"{name}：您上传的文件合计将超过 {most} MB，没有收下。请先删除不用的。")
    file.seek(0)


def same_as(session: Session, me: SignedInUser, digest: str) -> str:
    """What is said of a file that was taken in already, as far as `me` may see; empty for one that was not."""
    query = select(ReviewFile).join(Organisation).where(
        ReviewFile.digest == digest, Organisation.path.startswith(me.path)
    )
    there = session.scalars(query.order_by(ReviewFile.id).limit(1)).first()
    if there is None:
        return ""
    whose = f"，{there.unit} {there.year}年度" if there.unit else ""
    return f"与已收下的“{there.name}”{whose}（{STATES[there.state]}）内容完全相同，没有重复收下。"


def originals(site: Site) -> Path:
    """The folder of files as they were uploaded."""
    return site.settings.files / "originals"


def source_of(site: Site, document: ReviewFile) -> Path:
    """The file as it was uploaded."""
    return stored_path(originals(site), document.digest, document.kind)


def chapter_on(site: Site, document: ReviewFile) -> Chapter | None:
    """The findings on a document; None before it is read."""
    path = results_of(site, document.id) / RESULT
    return load_result(path, source_of(site, document)) if path.is_file() else None


def standings(session: Session, document: ReviewFile, chapter: Chapter) -> list[ReviewedFinding]:
    """Each finding with its waiver, in the order of the report."""
    waivers = {waiver.fingerprint: waiver for waiver in waivers_of(session, document)}
    result = []
    for entry in chapter.entries:
        fingerprint = located_of(entry).fingerprint
        waiver = waivers.get(fingerprint)
        known = (waiver.id, waiver.reason, waiver.author) if waiver else (0, "", "")
        result.append(ReviewedFinding(entry, fingerprint, *known))
    return result


def located_of(entry: ReportEntry) -> Located:
    """The finding of an entry with its place."""
    return Located(entry.finding, entry.place, entry.quotes)


def checked_with_waivers(chapter: Chapter, standing: Sequence[ReviewedFinding]) -> Checked:
    """The report with what reviewers accept set apart, as exports show it."""
    left = [located_of(item.entry) for item in standing if not item.waiver_id]
    taken = [Accepted(located_of(item.entry), item.reason) for item in standing if item.waiver_id]
    return chapter.checked.with_found(left, taken)


def waive(session: Session, site: Site, me: SignedInUser, document: ReviewFile, fingerprint: str, reason: str) -> None:
    """Accepts a finding in all documents of the unit, year and kind. Raises ReviewError without a reason."""
    if not reason:
        raise ReviewError("豁免一个问题要写明理由。")
    chapter = chapter_on(site, document)
    found = next((s for s in standings(session, document, chapter) if s.fingerprint == fingerprint), None) \
        if chapter else None
    if found is None or found.waiver_id:
        raise ReviewError("没有这个问题，或者已经豁免。")
    session.add(Waiver(
        organisation_id=document.organisation_id, year=document.year, kind=disclosed(document),
        fingerprint=fingerprint, reason=reason, author=me.name, created=moment(site.settings.clock()),
    ))
    session.flush()
    after = {"rule": found.entry.finding.code, "place": found.entry.place, "reason": reason}
    site.trail.append(session, me.actor, "finding.waive", f"document:{document.id}", after=after)
    recount(session, site, document)


def unwaive(session: Session, site: Site, me: SignedInUser, waiver: Waiver) -> None:
    """Takes a waiver back."""
    before = {"fingerprint": waiver.fingerprint, "reason": waiver.reason}
    query = select(ReviewFile).where(
        ReviewFile.organisation_id == waiver.organisation_id, ReviewFile.year == waiver.year
    )
    documents = list(session.scalars(query))
    session.delete(waiver)
    session.flush()
    site.trail.append(session, me.actor, "finding.unwaive", f"waiver:{waiver.id}", before=before)
    for document in documents:
        _count(session, site, document)


def decide(
    session: Session, site: Site, me: SignedInUser, document: ReviewFile, state: str, reason: str, version: int
) -> None:
    """Accepts or returns a document. Raises ReviewError where it was decided meanwhile, or has no reason it needs."""
    if state not in DECISIONS or document.state in ("waiting", "unreadable"):
        raise ReviewError("这份文件现在不能这样处理。")
    if document.version != version:
        raise ReviewError("别人刚刚处理过这份文件，请看过最新情况后再决定。")
    if state == "returned" and not reason:
        raise ReviewError("退回要写明理由。")
    if state == "accepted" and document.errors and not reason:
        raise ReviewError(f"还有 {document.errors} 个错误没有豁免，接受要写明理由。")
    before = {"state": document.state, "reason": document.reason}
    document.state, document.reason, document.decided_by = state, reason, me.name
    document.version += 1
    after = {"state": state, "reason": reason}
    site.trail.append(session, me.actor, f"document.{state}", f"document:{document.id}", before=before, after=after)


def recount(session: Session, site: Site, document: ReviewFile) -> None:
    """Counts findings anew in all documents of the unit and year."""
    query = select(ReviewFile).where(
        ReviewFile.organisation_id == document.organisation_id, ReviewFile.year == document.year
    )
    for other in session.scalars(query):
        _count(session, site, other)


def marked_pdf(site: Site, document: ReviewFile, checked: Checked, chapter: Chapter) -> bytes:
    """The PDF with its findings marked. Raises ReadingError."""
    with at_work(site.settings) as folder:
        result = Path(folder) / RESULT
        lean = msgspec.structs.replace(chapter, checked=checked)
        result.write_bytes(msgspec.json.encode(lean, enc_hook=str))
        order = ReadingOrder("mark", str(source_of(site, document)), document.name, folder, result=str(result),
                             memory=site.settings.reading_memory, seconds=site.settings.reading_time)
        try:
            with SLOTS.slot():
                run(order, site.settings.data / "cache")
        except BusyError as error:
            raise ReadingError(str(error)) from None
        return (Path(folder) / MARKED).read_bytes()


def waivers_of(session: Session, document: ReviewFile) -> list[Waiver]:
    """What is accepted in a document, in the order in which it was: those of its unit, year and kind."""
    query = select(Waiver).where(
        Waiver.organisation_id == document.organisation_id, Waiver.year == document.year,
        Waiver.kind == disclosed(document),
    )
    return list(session.scalars(query.order_by(Waiver.id)))


def _count(session: Session, site: Site, document: ReviewFile) -> None:
    chapter = chapter_on(site, document)
    if chapter:
        left = checked_with_waivers(chapter, standings(session, document, chapter))
        document.errors, document.warnings, document.notices = (left.count(severity) for severity in SEVERITY_NAMES)
        if document.state in ("waiting", "unreadable"):
            return
        # Three noughts in the queue would be taken for a sound file.
        limited = left.report.inconclusive or (left.report.conclusion != "有问题" and not left.report.enough)
        document.trouble = conclusion_text(left.report, len(left.accepted)) if limited else ""


def _check(site: Site, task: TakenJob) -> None:
    """The job of reading and checking a document; done twice it comes to the same."""
    number = int(task.payload["document"])
    with site.database.reading() as session:
        document = session.get_one(ReviewFile, number)
        name = document.name
        source = source_of(site, document)
    below = str(task.payload["below"])
    target = results_of(site, number)
    _read_into(site, target, source, name)
    chapter = load_result(target / RESULT, source)
    others = _related(site, chapter, _disclosure(target / ACCOUNT), below)
    if others:
        # Whose document it is comes out of reading it: only then are the others known, to hold it against.
        _read_into(site, target, source, name, others)
        chapter = load_result(target / RESULT, source)
    with site.database.writing() as session:
        document = session.get_one(ReviewFile, number)
        if document.state != "waiting":
            return
        report = chapter.checked.report
        document.unit, document.year, document.state = report.unit[:200], report.year, "read"
        shown = _disclosure(target / ACCOUNT)
        document.due = due_of(document.due, document.disclosure, shown)
        document.disclosure = shown
        home = _home(session, report.unit, below)
        if home:
            document.organisation_id = home
        session.flush()
        _count(session, site, document)
        after = {"unit": report.unit, "year": report.year, "errors": document.errors}
        site.trail.append(session, SYSTEM, "document.check", f"document:{number}", after=after)


def _read_into(site: Site, target: Path, source: Path, name: str, against: Sequence[Path] = ()) -> None:
    """Reads and checks a file; its results are in the folder `target` as a whole, or not at all."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".") as folder:
        made = Path(folder) / "made"
        made.mkdir()
        order = ReadingOrder("check", str(source), name, str(made), tuple(map(str, against)),
                             memory=site.settings.reading_memory, seconds=site.settings.reading_time)
        try:
            run(order, site.settings.data / "cache")
        except ReadingError as error:
            raise JobError(str(error)) from None
        shutil.rmtree(target, ignore_errors=True)
        made.replace(target)


def _related(site: Site, chapter: Chapter, disclosed: str, below: str) -> list[Path]:
    """The accounts that a document of this unit, year and kind is held against: last year's of its kind, and the year's
    budget or, of a budget, last year's final account. What is public here counts before what was read here.
    """
    report = chapter.checked.report
    with site.database.reading() as session:
        home = _home(session, report.unit, below)
        if home is None or disclosed not in DISCLOSURES:
            return []
        kind: Kind = "预算" if disclosed == "预算" else "决算"
        return related_accounts(session, site, home, report.year, kind)


def _home(session: Session, unit: str, below: str) -> int | None:
    """The organisation with the name on the document, of those that its uploader may act for."""
    name = spaceless(unit)
    query = select(Organisation.id).where(Organisation.name == name, Organisation.path.startswith(below))
    found = list(session.scalars(query.limit(2)))
    return found[0] if len(found) == 1 else None


def settle_disclosures(site: Site) -> None:
    """Notes what each document discloses that was read before that was noted."""
    with site.database.writing() as session:
        read = ReviewFile.state.not_in(("waiting", "unreadable"))
        query = select(ReviewFile).where(ReviewFile.disclosure == "", read)
        for document in session.scalars(query):
            path = results_of(site, document.id) / ACCOUNT
            document.disclosure = _disclosure(path) if path.is_file() else OTHER


def _disclosure(path: Path) -> str:
    """What the account at `path` discloses."""
    account = from_json(path.read_bytes())
    known = account.document or load_statute(account.profile).profile.kind
    return next((kind for kind in DISCLOSURES if known.startswith(kind)), OTHER)


def _failed(session: Session, task: TakenJob, trouble: str) -> None:
    document = session.get_one(ReviewFile, int(task.payload["document"]))
    document.state, document.trouble = "unreadable", trouble


WORKS: Mapping[str, Work] = {"check": _check}
FAILURES: Mapping[str, Failure] = {"check": _failed}
