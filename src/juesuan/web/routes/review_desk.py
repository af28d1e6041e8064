"""The review desk: the queue, one document with its findings, exports, and the state of a department or the city."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote

from fastapi import APIRouter
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from juesuan.checker.reports import Checked, Unreadable, conclusion_text, coverage_text, write_problem_list
from juesuan.web.auth.sessions import SignedInUser
from juesuan.web.auth.users import full_names
from juesuan.web.filing.steps import load_way
from juesuan.web.infra.models import Organisation, ReviewFile, Season, Waiver
from juesuan.web.portal import queries as portal
from juesuan.web.proof.packing import DECIDED, others_received, replaced
from juesuan.web.publication import publications as publication
from juesuan.web.publication.publications import PublicationError
from juesuan.web.review import handling
from juesuan.web.review import reviews as review
from juesuan.web.review.archives import is_archive, members
from juesuan.web.review.queue import ORDERS, asked_for, came_again
from juesuan.web.review.reading import ReadingError
from juesuan.web.review.related import disclosed, results_of
from juesuan.web.review.reviews import STATES, ReviewError
from juesuan.web.review.uploads import RefusedUploadError, clean_name
from juesuan.web.site.guard import RefusedError, within
from juesuan.web.site.site import Site, identity_of, number_of, site_of, text_of, to

router = APIRouter()
SHOWN = 500
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@router.get("/documents", name="documents")
def documents(request: Request) -> Response:
    """The queue: what is due first comes first."""
    return _queue(request)


def _queue(request: Request, trouble: str = "", done: str = "") -> Response:
    site = site_of(request)
    asked = asked_for(request.query_params)
    with site.database.reading() as session:
        rows = _visible(request, session)
        names = full_names(session, (row.uploader for row in rows))
        dues = _dues(session, rows)
    rows = asked.of(rows, dues)
    today = site.settings.clock().date().isoformat()
    return site.page(
        request, "documents.html.jinja", 400 if trouble else 200, names=names, rows=rows[:SHOWN],
        more=len(rows) - SHOWN, states=STATES, asked=asked, orders=ORDERS, today=today, trouble=trouble,
        done=done,
        waiting=any(row.state == "waiting" for row in rows), dues=dues,
    )


def _dues(session: Session, rows: list[ReviewFile]) -> dict[int, str]:
    """The last day for publication of each file: by the year's approval a department has 20 days and a unit 35; where
    that is not noted, from the day that its sender gave.
    """
    approved = {(row.year, row.kind): row.approved for row in session.scalars(select(Season))}
    way = load_way()
    dues: dict[int, str] = {}
    for row in rows:
        kind = disclosed(row)
        dues[row.id] = way.due(row.organisation.kind, approved.get((row.year, kind), ""), kind) or row.due
    return dues


def _visible(request: Request, session: Session) -> list[ReviewFile]:
    return list(session.scalars(select(ReviewFile).join(Organisation).where(within(request))))


@router.post("/documents", name="upload_documents")
def upload_documents(request: Request) -> Response:
    """Takes many files; those that cannot be taken are named, the others are read."""
    site, me = site_of(request), identity_of(request)
    files = [file for file in request.state.form.getlist("files") if isinstance(file, UploadFile) and file.filename]
    if not files:
        return _queue(request, "请选择要审核的文件。")
    try:
        due = review.due_day(text_of(request, "approved", 10))
    except ReviewError as error:
        return _queue(request, str(error))
    refused: list[str] = []
    taken: list[int] = []
    with ExitStack() as opened:
        sent: list[tuple[str, BinaryIO]] = []
        for file in files:
            name = clean_name(file.filename or "")
            try:
                # An archive is unpacked before the transaction, for which others wait.
                sent += opened.enter_context(members(file.file, name, site.settings.unpacked_limit)) if is_archive(
                    file.file, name) else [(name, file.file)]
            except RefusedUploadError as error:
                refused.append(str(error))
        with site.database.writing() as session:
            for name, content in sent:
                try:
                    taken.append(review.receive(session, site, me, content, name, due).id)
                except RefusedUploadError as error:
                    refused.append(str(error))
    if site.settings.personal and len(taken) == 1 and not refused:
        return to(request, "document", document_id=taken[0])
    return _queue(request, "\n".join(refused), f"收到 {len(taken)} 份文件，正在读取和核对。" if taken else "")


@router.post("/documents/together", name="handle_documents")
def handle_documents(request: Request) -> Response:
    """Decides on several files at once, reads them again or deletes them; those that cannot be are named."""
    site, me = site_of(request), identity_of(request)
    form = request.state.form
    work, reason = text_of(request, "work", 20), text_of(request, "reason")
    chosen = [number_of(value) for value in form.getlist("document_id") if isinstance(value, str)]
    if not chosen or work not in (*review.DECISIONS, "reread", "delete"):
        return _queue(request, "请先勾选文件。")
    refused, done = [], 0
    with site.database.writing() as session:
        for number in dict.fromkeys(chosen):
            row = session.get(ReviewFile, number)
            if row is None:
                continue
            try:
                if work == "reread":
                    handling.read_again(session, site, me, row)
                elif work == "delete":
                    handling.delete_document(session, site, me, row, reason)
                else:
                    seen = number_of(text_of(request, f"version.{number}", 9))
                    review.decide(session, site, me, row, work, reason, seen)
                done += 1
            except ReviewError as error:
                refused.append(str(error) if str(error).startswith(row.name) else f"{row.name}：{error}")
    names = {"accepted": "接受", "returned": "退回", "reread": "重新读取", "delete": "删除"}
    return _queue(request, "\n".join(refused), f"已{names[work]} {done} 份文件。" if done else "")


@router.post("/documents/{document_id}/reading", name="reread_document")
def reread_document(request: Request, document_id: int) -> Response:
    """Reads a file once more."""
    return _handled(request, document_id, handling.read_again)


@router.post("/documents/{document_id}/deletion", name="delete_document")
def delete_document(request: Request, document_id: int) -> Response:
    """Takes a file away, with a reason."""
    site, me = site_of(request), identity_of(request)
    try:
        with site.database.writing() as session:
            row = session.get_one(ReviewFile, document_id)
            handling.delete_document(session, site, me, row, text_of(request, "reason"))
    except ReviewError as error:
        return _document(request, document_id, str(error))
    return to(request, "documents")


@router.post("/documents/{document_id}/organisation", name="move_document")
def move_document(request: Request, document_id: int) -> Response:
    """Counts a file for another organisation, of those that one may see."""

    def move(session: Session, site: Site, me: SignedInUser, row: ReviewFile) -> None:
        code = text_of(request, "organisation", 40)
        home = session.scalars(select(Organisation).where(within(request), Organisation.code == code)).first()
        if home is None:
            raise ReviewError(f"没有代码为“{code}”的机构，或者不在您的范围内。")
        handling.move_document(session, site, me, row, home)

    return _handled(request, document_id, move)


def _handled(
    request: Request, document_id: int, work: Callable[[Session, Site, SignedInUser, ReviewFile], None]
) -> Response:
    site, me = site_of(request), identity_of(request)
    try:
        with site.database.writing() as session:
            work(session, site, me, session.get_one(ReviewFile, document_id))
    except ReviewError as error:
        return _document(request, document_id, str(error))
    return to(request, "document", document_id=document_id)


@router.get("/documents/{document_id}", name="document")
def document(request: Request, document_id: int) -> Response:
    """A document: its findings beside the pages."""
    return _document(request, document_id)


def _document(request: Request, document_id: int, trouble: str = "") -> Response:
    site, me = site_of(request), identity_of(request)
    with site.database.writing() as session:
        row = session.get_one(ReviewFile, document_id)
        if row.state != "waiting" or "hx-request" not in request.headers:
            # A page that asks by itself whether its file has been read has nothing to show until it has.
            site.trail.append(session, me.actor, "document.view", f"document:{document_id}")
        # While it is read, what there is of it is of the first of two readings, or of an earlier one.
        chapter = review.chapter_on(site, row) if row.state != "waiting" else None
        standing = review.standings(session, row, chapter) if chapter else []
        left = review.checked_with_waivers(chapter, standing) if chapter else None
        publications = publication.of_year(session, row.organisation_id, row.year, disclosed(row))
        others = others_received(session, row)
        again = came_again(session, site, chapter, row, others) if chapter else None
        due = _dues(session, [row])[row.id]
        movable = site.rights.may(me.role, "move_document")
        places = list(session.scalars(select(Organisation).where(within(request)).order_by(Organisation.code))
                      ) if movable else []
        names = full_names(session, [row.decided_by, *(item.author for item in standing)])
    today = site.settings.clock().date().isoformat()
    return site.page(
        request, "document.html.jinja", 400 if trouble else 200, row=row, chapter=chapter, standing=standing,
        coverage_text=coverage_text, told=conclusion_text(left.report, len(left.accepted)) if left else "",
        nothing=left is not None and left.report.conclusion == "未发现问题",
        states=STATES, today=today, trouble=trouble, publications=publications, stages=publication.STATES,
        unit_address=portal.unit_address, names=names, others=others, again=again, places=places, due=due,
        replaced=row.state in DECIDED and replaced(site, row),
    )


@router.get("/documents/{document_id}/pages/{number}", name="page_picture")
def page_picture(request: Request, document_id: int, number: int) -> Response:
    """The picture of a page with findings."""
    path = results_of(site_of(request), document_id) / f"page-{number}"
    if not path.is_file():
        raise RefusedError(404, "没有这一页的图。")
    with path.open("rb") as file:
        kind = "image/jpeg" if file.read(2) == b"\xff\xd8" else "image/png"
    return FileResponse(path, media_type=kind, headers={"cache-control": "no-store"})


@router.get("/documents/{document_id}/original", name="original")
def original(request: Request, document_id: int) -> Response:
    """The file as it was uploaded; always to be saved, never shown as a page of this server."""
    site = site_of(request)
    with site.database.reading() as session:
        row = session.get_one(ReviewFile, document_id)
    return FileResponse(
        review.source_of(site, row), media_type="application/octet-stream", headers=_saved(row.name)
    )


@router.get("/documents/{document_id}/problems.xlsx", name="document_problem_list")
def document_problem_list(request: Request, document_id: int) -> Response:
    """The problem list of one document."""
    site = site_of(request)
    with site.database.reading() as session:
        rows = [session.get_one(ReviewFile, document_id)]
        return _problems(site, session, rows, f"问题清单 {rows[0].name}.xlsx")


@router.get("/problems.xlsx", name="problem_list")
def problem_list(request: Request) -> Response:
    """The problem list of the documents that the queue shows, in its order."""
    site = site_of(request)
    with site.database.reading() as session:
        rows = _visible(request, session)
        rows = asked_for(request.query_params).of(rows, _dues(session, rows))
        return _problems(site, session, rows, "问题清单.xlsx")


def _problems(site: Site, session: Session, rows: list[ReviewFile], name: str) -> Response:
    checked: list[Checked] = []
    unreadable = [Unreadable(row.name, row.trouble) for row in rows if row.state == "unreadable"]
    for row in rows:
        chapter = review.chapter_on(site, row)
        if chapter:
            checked.append(review.checked_with_waivers(chapter, review.standings(session, row, chapter)))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "problems.xlsx"
        write_problem_list(path, checked, unreadable)
        return Response(path.read_bytes(), media_type=XLSX, headers=_saved(name))


@router.get("/documents/{document_id}/marked.pdf", name="marked")
def marked(request: Request, document_id: int) -> Response:
    """The PDF with its findings marked."""
    site = site_of(request)
    with site.database.reading() as session:
        row = session.get_one(ReviewFile, document_id)
        chapter = review.chapter_on(site, row)
        if chapter is None or row.kind != "pdf":
            raise RefusedError(404, "只有读出来的 PDF 才能标注。")
        checked = review.checked_with_waivers(chapter, review.standings(session, row, chapter))
    try:
        content = review.marked_pdf(site, row, checked, chapter)
    except ReadingError as error:
        raise RefusedError(422, str(error)) from None
    name = f"{Path(row.name).stem}（标注）.pdf"
    return Response(content, media_type="application/pdf", headers=_saved(name))


@router.post("/documents/{document_id}/decision", name="decide")
def decide(request: Request, document_id: int) -> Response:
    """Accepts or returns a document."""
    site, me = site_of(request), identity_of(request)
    version = text_of(request, "version", 9)
    try:
        with site.database.writing() as session:
            row = session.get_one(ReviewFile, document_id)
            number = int(version) if version.isascii() and version.isdigit() else 0
            review.decide(session, site, me, row, text_of(request, "state"), text_of(request, "reason"), number)
    except ReviewError as error:
        return _document(request, document_id, str(error))
    return to(request, "document", document_id=document_id)


@router.post("/documents/{document_id}/publication", name="publish_document")
def publish_document(request: Request, document_id: int) -> Response:
    """Publishes an accepted document on the portal."""
    site, me = site_of(request), identity_of(request)
    try:
        with site.database.writing() as session:
            row = session.get_one(ReviewFile, document_id)
            publication.ask_document(session, site, me.actor, row, text_of(request, "note"))
    except PublicationError as error:
        return _document(request, document_id, str(error))
    return to(request, "document", document_id=document_id)


@router.post("/documents/{document_id}/waivers", name="waive")
def waive(request: Request, document_id: int) -> Response:
    """Accepts a finding with a reason."""
    site, me = site_of(request), identity_of(request)
    try:
        with site.database.writing() as session:
            row = session.get_one(ReviewFile, document_id)
            review.waive(session, site, me, row, text_of(request, "fingerprint", 32), text_of(request, "reason"))
    except ReviewError as error:
        return _document(request, document_id, str(error))
    return to(request, "document", document_id=document_id)


@router.post("/waivers/{waiver_id}/end", name="unwaive")
def unwaive(request: Request, waiver_id: int) -> Response:
    """Takes a waiver back."""
    site, me = site_of(request), identity_of(request)
    with site.database.writing() as session:
        review.unwaive(session, site, me, session.get_one(Waiver, waiver_id))
    return to(request, "documents")


def _saved(name: str) -> dict[str, str]:
    return {"content-disposition": f"attachment; filename*=UTF-8''{quote(name)}"}
