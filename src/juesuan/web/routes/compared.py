"""What a reviewer holds an account against: last year's of the same unit, its peers, a department's units."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from juesuan.account import Account, from_json
from juesuan.statute import Statute, StatuteError
from juesuan.statute.checking import load_rollup
from juesuan.web.comparison.account import compare
from juesuan.web.comparison.rollup import roll_up
from juesuan.web.filing import filings as filings_room
from juesuan.web.filing.held_against import account_at, last_path_of
from juesuan.web.infra.models import Filing, Organisation, ReviewFile
from juesuan.web.publication import publications as publication
from juesuan.web.review.reading import ACCOUNT
from juesuan.web.review.related import related_path, results_of
from juesuan.web.site.guard import RefusedError, within
from juesuan.web.site.site import site_of

router = APIRouter()


@router.get("/filings/{filing_id}/beside", name="filing_beside")
def compare_filing(request: Request, filing_id: int) -> Response:
    """What a unit fills in, beside last year's account and its peers."""
    site = site_of(request)
    with site.database.reading() as session:
        row = session.get_one(Filing, filing_id)
        account = filings_room.examined(row).compilation.account
        back = request.app.url_path_for("filing", filing_id=filing_id)
        return _page(request, session, account, row.organisation, back, last_path_of(session, site, row))


@router.get("/documents/{document_id}/beside", name="document_beside")
def compare_document(request: Request, document_id: int) -> Response:
    """A published file beside last year's account and its peers."""
    site = site_of(request)
    with site.database.reading() as session:
        row = session.get_one(ReviewFile, document_id)
        back = request.app.url_path_for("document", document_id=document_id)
        account = _read(request, row)
        kind = publication.kind_of(account)
        last = related_path(session, site, row.organisation_id, account.year, kind, kind)
        return _page(request, session, account, row.organisation, back, last)


@router.get("/filings/{filing_id}/units", name="filing_units")
def filing_units(request: Request, filing_id: int) -> Response:
    """What a department fills in, against its units' accounts."""
    with site_of(request).database.reading() as session:
        row = session.get_one(Filing, filing_id)
        account = filings_room.examined(row).compilation.account
        back = request.app.url_path_for("filing", filing_id=filing_id)
        return _units(request, session, account, row.organisation, filings_room.statute_of(row), back)


@router.get("/documents/{document_id}/units", name="document_units")
def document_units(request: Request, document_id: int) -> Response:
    """A department's published file against its units' accounts."""
    with site_of(request).database.reading() as session:
        row = session.get_one(ReviewFile, document_id)
        account = _read(request, row)
        back = request.app.url_path_for("document", document_id=document_id)
        try:
            statute = filings_room.statute_for(account.profile, account.year)
        except StatuteError as error:
            raise RefusedError(422, f"这份文件的口径“{account.profile}”对照不了：{error}") from None
        return _units(request, session, account, row.organisation, statute, back)


def _read(request: Request, row: ReviewFile) -> Account:
    path = results_of(site_of(request), row.id) / ACCOUNT
    if not path.is_file():
        raise RefusedError(404, "这份文件还没有读出来。")
    return from_json(path.read_bytes())


def _units(
    request: Request, session: Session, account: Account, home: Organisation, statute: Statute, back: str
) -> Response:
    site = site_of(request)
    return site.page(
        request, "units_beside.html.jinja", account=account, home=home, back=back, kind=statute.profile.kind,
        found=roll_up(session, site, account, home, within(request), statute), rule_of=load_rollup().rule,
    )


def _page(
    request: Request, session: Session, account: Account, home: Organisation, back: str, former: Path | None
) -> Response:
    site = site_of(request)
    last, kind = account_at(former), publication.kind_of(account)
    return site.page(
        request, "beside.html.jinja", account=account, home=home, back=back, last=last, kind=kind,
        found=compare(session, account, last, home, kind),
    )
