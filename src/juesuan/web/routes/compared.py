"""What a reviewer holds an account against: last year's of the same unit, and its peers."""

from __future__ import annotations

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from juesuan.account import Account, from_json
from juesuan.web import filing as filings_room
from juesuan.web.beside import compare
from juesuan.web.guard import RefusedError
from juesuan.web.models import Document, Filing, Organisation
from juesuan.web.reading import ACCOUNT
from juesuan.web.review import results_of
from juesuan.web.site import site_of

router = APIRouter()


@router.get("/filings/{filing_id}/beside", name="filing_beside")
def filing_beside(request: Request, filing_id: int) -> Response:
    """What a unit fills in, beside last year's account and its peers."""
    with site_of(request).database.reading() as session:
        row = session.get_one(Filing, filing_id)
        account = filings_room.examined(row).compilation.account
        back = request.app.url_path_for("filing", filing_id=filing_id)
        return _page(request, session, account, row.organisation, back)


@router.get("/documents/{document_id}/beside", name="document_beside")
def document_beside(request: Request, document_id: int) -> Response:
    """A published file beside last year's account and its peers."""
    site = site_of(request)
    with site.database.reading() as session:
        row = session.get_one(Document, document_id)
        path = results_of(site, row.id) / ACCOUNT
        if not path.is_file():
            raise RefusedError(404, "这份文件还没有读出来。")
        back = request.app.url_path_for("document", document_id=document_id)
        return _page(request, session, from_json(path.read_bytes()), row.organisation, back)


def _page(request: Request, session: Session, account: Account, home: Organisation, back: str) -> Response:
    site = site_of(request)
    last = filings_room.last_account(session, site, home.id, account.year)
    return site.page(
        request, "beside.html.jinja", account=account, home=home, back=back, last=last,
        found=compare(session, account, last, home),
    )
