"""The versions of a unit's year beside each other: what a correction changed."""

from __future__ import annotations

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from juesuan.statute import Kind
from juesuan.web.portal.version_differences import differences
from juesuan.web.publication.publications import accounts
from juesuan.web.review.uploads import stored_path
from juesuan.web.routes.public.portal import Year, number_of, page, version_of
from juesuan.web.site.guard import RefusedError
from juesuan.web.site.responses import ResponseBody, reply
from juesuan.web.site.site import site_of

router = APIRouter()


@router.api_route("/units/{code}/{year}/versions", methods=["GET", "HEAD"], include_in_schema=False,
                  name="unit_versions")
def unit_versions(request: Request, code: str, year: Year) -> Response:
    """Two versions of a unit's account of a year: those asked for as `old` and `new`, else the last two."""
    return reply(request, lambda session: _versions(request, session, code, year, "决算"))


@router.api_route("/units/{code}/{year}/budget/versions", methods=["GET", "HEAD"], include_in_schema=False,
                  name="budget_versions")
def budget_versions(request: Request, code: str, year: Year) -> Response:
    """Two versions of a unit's budget of a year."""
    return reply(request, lambda session: _versions(request, session, code, year, "预算"))


def _versions(request: Request, session: Session, code: str, year: int, kind: Kind) -> ResponseBody:
    row, rows = version_of(session, code, year, kind=kind)
    if len(rows) < 2:
        raise RefusedError(404, f"{row.unit}{row.named}只有一版，没有更正过。")
    new = number_of(request, "new") or rows[0].version
    old = number_of(request, "old") or new - 1
    after, _ = version_of(session, code, year, new, kind)
    before, _ = version_of(session, code, year, old, kind)
    places = [stored_path(accounts(site_of(request)), each.digest, "json") for each in (before, after)]
    return page(
        request, "portal_versions.html.jinja", after.published, row=row, rows=rows, before=before, after=after,
        found=differences(*places),
    )
