"""What all units together spent, or budgeted, by class, section and item of the classification, down to each unit."""

from __future__ import annotations

from functools import partial

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from juesuan.statute import Kind
from juesuan.statute.comparison import load_key_figures
from juesuan.web.portal import queries as portal
from juesuan.web.portal import subjects as classification
from juesuan.web.portal.bars import Bar, draw
from juesuan.web.routes.public.portal import kind_of, page
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
    kind = kind_of(request) or "决算"
    figure = load_key_figures(kind).subjects.name
    found = classification.subject(session, code, kind) if code else None
    if code and found is None:
        raise RefusedError(404, f"没有单位公开过这个科目的{figure}。")
    years = portal.years(session, kind)[::-1]
    below = classification.below(session, code, kind)
    spenders = classification.spenders(session, code, kind) if code else []
    wan = site_of(request).wan
    shown = years[-1] if years else 0
    if found:
        bars = [Bar(f"{year}年度", found.of(year), _shown(wan, found.of(year))) for year in years]
        chart = draw(f"{found.code} {found.name}历年{figure}（万元）", bars)
    else:
        bars = [Bar(each.name, each.of(shown), _shown(wan, each.of(shown))) for each in below if each.of(shown)][:12]
        chart = draw(f"{shown}年度{figure}按用途（万元）", bars)
    trail = [(each, classification.name_of(each, shown)) for each in classification.parents(code)]
    return page(
        request, "portal_subjects.html.jinja", found=found, below=below, spenders=spenders[:SHOWN],
        more=len(spenders) - SHOWN, years=years, chart=chart if bars else None, trail=trail,
        kind=kind, figure=figure, asked="" if kind == "决算" else f"?kind={kind}", others=_others(session, code, kind),
    )


def _others(session: Session, code: str, kind: Kind) -> Kind | None:
    """The other kind, where something is published of the code in it."""
    other: Kind = "预算" if kind == "决算" else "决算"
    there = classification.subject(session, code, other) if code else portal.years(session, other)
    return other if there else None


def _shown(wan: object, amount: object) -> str:
    assert callable(wan)
    return "—" if amount is None else str(wan(amount))
