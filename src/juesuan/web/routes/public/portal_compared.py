"""The portal's comparisons: 三公, performance, peers, and units that the reader chooses."""

from __future__ import annotations

from decimal import Decimal
from functools import partial

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from juesuan.statute.comparison import load_indicators, load_key_figures
from juesuan.web.infra.models import Publication
from juesuan.web.portal import queries as portal
from juesuan.web.portal.bars import Bar, draw
from juesuan.web.routes.public.portal import MOST_COMPARED, Year, kind_of, number_of, page, pair_of, version_of
from juesuan.web.site.responses import ResponseBody, reply
from juesuan.web.site.site import site_of

router = APIRouter()
open_route = partial(router.api_route, methods=["GET", "HEAD"], include_in_schema=False)


@open_route("/units/{code}/{year}/three-public", name="unit_three_public")
def unit_three_public(request: Request, code: str, year: Year) -> Response:
    """A unit's “三公” expenses: budget and outlay by item, counts, and the years before."""

    def build(session: Session) -> ResponseBody:
        row, _ = version_of(session, code, year)
        rows = portal.of_unit(session, row.organisation_id)
        plan = load_key_figures()
        found = portal.values(session, rows, plan.addresses)
        approved = _approved(session, portal.of_unit(session, row.organisation_id, "预算"))
        wan = site_of(request).wan
        bars = []
        for expense in plan.three_public:
            for tone, (name, address) in enumerate(zip(("预算", "决算"), expense.addresses, strict=True)):
                amount = found[row.id].get(address)
                shown = "—" if amount is None else wan(amount)
                bars.append(Bar(f"{expense.name}{name}", amount, shown, tone, "" if tone else expense.name))
        return page(
            request, "portal_three_public.html.jinja", row.published, row=row, rows=rows, found=found, plan=plan,
            approved={each.year: amounts for each, amounts in approved}, pair=pair_of(session, row),
            chart=draw(f"{row.unit}{year}年度“三公”经费（万元）", bars, [("预算数", 0), ("决算数", 1)]),
        )

    return reply(request, build)


@open_route("/units/{code}/{year}/performance", name="unit_performance")
def unit_performance(request: Request, code: str, year: Year) -> Response:
    """A unit's self-evaluation forms: scores, execution, indicators."""

    def build(session: Session) -> ResponseBody:
        row, _ = version_of(session, code, year)
        return page(
            request, "portal_performance.html.jinja", row.published, row=row, pair=pair_of(session, row),
            forms=portal.forms(session, _current(session, row))[_current(session, row)[0].id],
        )

    return reply(request, build)


@open_route("/units/{code}/{year}/peers", name="unit_peers")
def unit_peers(request: Request, code: str, year: Year) -> Response:
    """Where a unit stands among units of the same kind in the same year."""

    def build(session: Session) -> ResponseBody:
        row, _ = version_of(session, code, year)
        standings, count = portal.standings(session, row)
        fewest = load_indicators().fewest
        return page(
            request, "portal_peers.html.jinja", row.published, row=row, standings=standings, count=count,
            fewest=fewest, pair=pair_of(session, row),
        )

    return reply(request, build)


def _approved(session: Session, budgets: list[Publication]) -> list[tuple[Publication, dict[str, Decimal | None]]]:
    """What budgets approve of “三公” expenses, by item; None for a blank."""
    expenses = load_key_figures().three_public
    found = portal.values(session, budgets, [expense.approved_address for expense in expenses])
    return [
        (row, {expense.key: found[row.id].get(expense.approved_address) for expense in expenses}) for row in budgets
    ]


def _current(session: Session, row: Publication) -> list[Publication]:
    return [each for each in portal.of_unit(session, row.organisation_id) if each.year == row.year]


@open_route("/three-public", name="three_public")
def three_public(request: Request) -> Response:
    """The “三公” expenses of all units in a year."""

    def build(session: Session) -> ResponseBody:
        years = portal.years(session, None)
        year = number_of(request, "year") or (portal.years(session) or years or [0])[0]
        rows = portal.listed(session, Publication.year == year)
        approved = _approved(session, portal.listed(session, Publication.year == year, kind="预算"))
        plan = load_key_figures()
        addresses = [address for expense in plan.three_public for address in expense.addresses]
        found = portal.values(session, rows, addresses)
        return page(
            request, "portal_three_public_all.html.jinja", rows=rows, found=found, plan=plan, year=year, years=years,
            approved={each.organisation_id: (each, amounts) for each, amounts in approved},
        )

    return reply(request, build)


@open_route("/performance", name="performance")
def performance(request: Request) -> Response:
    """The self-evaluations of all units in a year: scores and execution."""

    def build(session: Session) -> ResponseBody:
        years = portal.years(session)
        year = number_of(request, "year") or (years or [0])[0]
        rows = portal.listed(session, Publication.year == year)
        return page(
            request, "portal_performance_all.html.jinja", rows=rows, forms=portal.forms(session, rows), year=year,
            years=years,
        )

    return reply(request, build)


@open_route("/compare", name="compare")
def compare(request: Request) -> Response:
    """The accounts, or the budgets, of units that the reader chooses, side by side."""

    def build(session: Session) -> ResponseBody:
        wanted = number_of(request, "year")
        only = bool(wanted) and wanted not in portal.years(session)
        kind = kind_of(request) or ("预算" if only else "决算")
        years = portal.years(session, kind)
        year = wanted or (years or [0])[0]
        requested = request.query_params.getlist("unit")
        codes = list(dict.fromkeys(code[:40] for code in requested if "\0" not in code))[:MOST_COMPARED]
        rows = portal.named(session, codes, year, kind)
        plan = load_key_figures(kind)
        wan = site_of(request).wan
        found = portal.values(session, rows, [figure.address for figure in plan.figures])
        charts = []
        for figure in plan.figures:
            amounts = [(row, found[row.id].get(figure.address)) for row in rows]
            if any(amount is not None for _, amount in amounts):
                bars = [Bar(row.unit, amount, "—" if amount is None else wan(amount)) for row, amount in amounts]
                charts.append((figure, draw(f"{year}年度{figure.name}（万元）", bars)))
        return page(
            request, "portal_compare.html.jinja", rows=rows, found=found, plan=plan, year=year, years=years,
            codes=codes, charts=charts[:2], indicators=load_indicators().indicators if kind == "决算" else (),
            measured=portal.indicators(session, rows), kind=kind,
            everyone=portal.listed(session, Publication.year == year, kind=kind),
        )

    return reply(request, build)
