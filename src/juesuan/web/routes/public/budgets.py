"""A unit's budgets on the portal: in every version, beside the outcome of the year, beside last year's budget."""

from __future__ import annotations

from functools import partial

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from juesuan.statute.comparison import load_budget_outcome
from juesuan.web.portal import queries as portal
from juesuan.web.portal.budget_outcome import budget_and_last, budget_and_outcome
from juesuan.web.portal.goals import goals_and_results
from juesuan.web.routes.public.portal import Version, Year, document, file_of, page, pair_of, version_of
from juesuan.web.site.guard import RefusedError
from juesuan.web.site.responses import ResponseBody, reply

router = APIRouter()
open_route = partial(router.api_route, methods=["GET", "HEAD"], include_in_schema=False)


@open_route("/units/{code}/{year}/budget", name="unit_budget")
def unit_budget(request: Request, code: str, year: Year) -> Response:
    """The current version of a unit's budget of a year."""
    return reply(request, lambda session: document(request, session, code, year, 0, "预算"))


@open_route("/units/{code}/{year}/budget/v{version}", name="unit_budget_version")
def unit_budget_version(request: Request, code: str, year: Year, version: Version) -> Response:
    """A version of a unit's budget of a year, superseded or not."""
    return reply(request, lambda session: document(request, session, code, year, version, "预算"))


@open_route("/units/{code}/{year}/budget/v{version}/files/{name}", name="budget_file")
def budget_file(request: Request, code: str, year: Year, version: Version, name: str) -> Response:
    """A file of a version of a budget; it never changes."""
    return file_of(request, code, year, version, name, "预算")


@open_route("/units/{code}/{year}/outcome", name="unit_outcome")
def unit_outcome(request: Request, code: str, year: Year) -> Response:
    """A unit's year from the budget over the adjusted budget to the outcome, line by line."""

    def build(session: Session) -> ResponseBody:
        account, _ = version_of(session, code, year)
        budget, _ = version_of(session, code, year, kind="预算")
        return page(
            request, "portal_outcome.html.jinja", max(account.published, budget.published), row=account,
            budget=budget, account=account, groups=budget_and_outcome(session, budget, account),
            plan=load_budget_outcome(), pair=pair_of(session, account),
            goals=goals_and_results(session, budget, account),
        )

    return reply(request, build)


@open_route("/units/{code}/{year}/budget/last", name="unit_budget_last")
def unit_budget_last(request: Request, code: str, year: Year) -> Response:
    """A unit's budget beside the one of the year before, line by line."""

    def build(session: Session) -> ResponseBody:
        row, _ = version_of(session, code, year, kind="预算")
        own = portal.of_unit(session, row.organisation_id, None)
        last = next((other for other in own if (other.year, other.kind) == (year - 1, "预算")), None)
        if last is None:
            raise RefusedError(404, f"{row.unit}没有公开{year - 1}年度预算，不能对照。")
        return page(
            request, "portal_budget_last.html.jinja", max(row.published, last.published), row=row, last=last,
            groups=budget_and_last(session, row, last), plan=load_budget_outcome(), before=last,
            pair=pair_of(session, row),
        )

    return reply(request, build)
