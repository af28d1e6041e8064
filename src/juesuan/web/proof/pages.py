"""Proofs to take away."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from juesuan.web.filing import filings as filings_room
from juesuan.web.infra.models import Filing, ReviewFile
from juesuan.web.proof.packing import MadeProof, ProvingError, prove_document, prove_filing
from juesuan.web.site.guard import RefusedError
from juesuan.web.site.site import identity_of, site_of

router = APIRouter()


@router.get("/documents/{document_id}/proof.zip", name="document_proof")
def document_proof(request: Request, document_id: int) -> Response:
    """The proof of a document that was decided upon."""
    site, me = site_of(request), identity_of(request)
    with site.database.reading() as session:
        row = session.get_one(ReviewFile, document_id)
        made = _tried(lambda: prove_document(session, site, me, row))
    return _answered(request, made, f"document:{document_id}", f"审核证明 {row.unit}{row.year}年度.zip")


@router.get("/filings/{filing_id}/proof.zip", name="filing_proof")
def filing_proof(request: Request, filing_id: int) -> Response:
    """The proof of an account that was approved."""
    site, me = site_of(request), identity_of(request)
    with site.database.reading() as session:
        row = session.get_one(Filing, filing_id)
        made = _tried(lambda: prove_filing(session, site, me, row))
    name = f"批复证明 {row.organisation.name}{row.season.named}.zip"
    return _answered(request, made, filings_room.subject(row), name)


def _tried(prove: Callable[[], MadeProof]) -> MadeProof:
    try:
        return prove()
    except ProvingError as error:
        raise RefusedError(422, str(error)) from None


def _answered(request: Request, made: MadeProof, subject: str, name: str) -> Response:
    """The archive; its digest is noted in the audit trail, so that a proof written anew is found out."""
    site, me = site_of(request), identity_of(request)
    with site.database.writing() as session:
        site.trail.append(session, me.actor, "proof.make", subject, after={"sha256": made.digest})
    headers = {"content-disposition": f"attachment; filename*=UTF-8''{quote(name)}"}
    return Response(made.content, media_type="application/zip", headers=headers)
