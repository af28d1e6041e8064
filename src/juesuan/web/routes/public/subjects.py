"""What all units together spent, by class, section and item of the functional classification, down to each unit."""

from __future__ import annotations

from functools import partial

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from juesuan.web.portal import queries as portal
from juesuan.web.portal import subjects as classification
from juesuan.web.portal.bars import Bar, draw
from juesuan.web.routes.public.portal import page
from juesuan.web.site.guard import RefusedError
from juesuan.web.site.responses import ResponseBody, reply
from juesuan.web.site.site import site_of

router = APIRouter()
open_route = partial(router.api_route, methods=["GET", "HEAD"], include_in_schema=False)
SHOWN = 200
"""Units listed of a code."""


@open_route("/subjects", name="subjects")
def subjects(request: Request) -> Response:
    """The classes, with what was spent on each by year."""
    return reply(request, lambda session: _page(request, session, ""))


@open_route("/subjects/{code}", name="subject")
def subject(request: Request, code: str) -> Response:
    """A code: what was spent on it by year, on the codes below it, and by whom."""
    return reply(request, lambda session: _page(request, session, code))


def _page(request: Request, session: Session, code: str) -> ResponseBody:
    if code and not classification.is_code(code):
        raise RefusedError(404, "没有这个科目。")
    found = classification.subject(session, code) if code else None
    if code and found is None:
        raise RefusedError(404, "没有单位公开过这个科目的支出。")
    years = portal.years(session)[::-1]
    below = classification.below(session, code)
    spenders = classification.spenders(session, code) if code else []
    wan = site_of(request).wan
    shown = years[-1] if years else 0
    if found:
        bars = [Bar(f"{year}年度", found.of(year), _shown(wan, found.of(year))) for year in years]
        chart = draw(f"{found.code} {found.name}历年支出（万元）", bars)
    else:
        bars = [Bar(each.name, each.of(shown), _shown(wan, each.of(shown))) for each in below if each.of(shown)][:12]
        chart = draw(f"{shown}年度支出按用途（万元）", bars)
    trail = [(each, classification.name_of(each, shown)) for each in classification.parents(code)]
    return page(
        request, "portal_subjects.html.jinja", found=found, below=below, spenders=spenders[:SHOWN],
        more=len(spenders) - SHOWN, years=years, chart=chart if bars else None, trail=trail,
    )


def _shown(wan: object, amount: object) -> str:
    assert callable(wan)
    return "—" if amount is None else str(wan(amount))
