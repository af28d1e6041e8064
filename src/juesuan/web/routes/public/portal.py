"""The public portal: home, search, units, what they disclose in every version, and the files to download."""

from __future__ import annotations

import json
from decimal import Decimal
from functools import partial
from typing import Annotated, Any
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Path
from markupsafe import Markup
from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from juesuan.statute import Kind
from juesuan.statute.comparison import load_key_figures
from juesuan.web.auth.organisations import KINDS
from juesuan.web.infra.models import Organisation, Publication
from juesuan.web.infra.problem_details import OPEN
from juesuan.web.portal import queries as portal
from juesuan.web.portal import searching
from juesuan.web.portal import subjects as classification
from juesuan.web.portal.bars import Bar, draw
from juesuan.web.portal.budget_outcome import budget_and_outcome, in_short
from juesuan.web.portal.queries import address_of, unit_address
from juesuan.web.publication.build import GLANCE, PAGE
from juesuan.web.publication.publications import files_of, folder_of
from juesuan.web.site.guard import RefusedError
from juesuan.web.site.responses import ResponseBody, http_date, known, reply
from juesuan.web.site.site import ASSETS, site_of

router = APIRouter()
open_route = partial(router.api_route, methods=["GET", "HEAD"], include_in_schema=False)

KINDS_OF_FILES = {
    "pdf": ("application/pdf", "PDF"),
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "Word（DOCX）"),
    "html": ("text/html; charset=utf-8", "网页（HTML）"),
    "htm": ("text/html; charset=utf-8", "网页（HTML）"),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "Excel（XLSX）"),
    "json": ("application/json", "数据（JSON）"),
    "csv": ("text/csv; charset=utf-8", "数据（CSV）"),
    "md": ("text/markdown; charset=utf-8", "Markdown"),
}
Year = Annotated[int, Path(ge=0, le=9999)]
Version = Annotated[int, Path(ge=1, le=999_999)]
WHAT: dict[Kind, str] = {"决算": "决算表、情况说明和绩效自评", "预算": "预算表、情况说明和绩效目标"}
"""What a disclosure has in it."""

NEWEST = 12
LARGEST = 8
"""Classes of expenditure that the home page shows."""
MOST_COMPARED = 12


def page(request: Request, template: str, modified: str = "", **values: Any) -> ResponseBody:
    """A page of the portal."""
    site = site_of(request)
    text = site.rendered(
        request, template, unit_address=unit_address, address_of=address_of, base=base_of(request), kinds=KINDS,
        file_kinds=KINDS_OF_FILES, **values,
    )
    return ResponseBody(text.encode(), modified=modified)


def base_of(request: Request) -> str:
    """The address of the portal as the public knows it, without a stroke at its end; empty where it was not told.

    It never comes from the request: whoever asks could have an address of their own put into what others are given.
    """
    return site_of(request).settings.address.rstrip("/")


def kind_of(request: Request) -> Kind | None:
    """The kind that the query asks for; None for both."""
    asked = request.query_params.get("kind", "")
    return "决算" if asked == "决算" else "预算" if asked == "预算" else None


def number_of(request: Request, field: str) -> int | None:
    """A whole number of the query; None where there is none."""
    text = request.query_params.get(field, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else None


@open_route("/assets/portal.css", name="portal_style")
def portal_style(request: Request) -> Response:
    """The portal's part of the design."""
    made = ResponseBody((ASSETS / "portal.css").read_bytes(), "text/css; charset=utf-8")
    return reply(request, lambda _: made, caching="public, max-age=86400")


@open_route("/", name="home")
def home(request: Request) -> Response:
    """Where everybody begins."""

    def build(session: Session) -> ResponseBody:
        years = portal.years(session)
        below = portal.published_below(session)
        groups = [
            (department, len(set(below[department.id])), len(below[department.id]))
            for department in portal.departments(session) if department.id in below
        ]
        classes = [each for each in classification.below(session) if years and each.of(years[0])]
        wan = site_of(request).wan
        spent = sum((each.amounts[years[0]] for each in classes), Decimal(0))
        bars = [Bar(each.name, each.of(years[0]), wan(each.amounts[years[0]])) for each in classes[:LARGEST]]
        return page(
            request, "portal_home.html.jinja", totals=portal.totals(session), years=years, groups=groups,
            every_year=portal.years(session, None),
            latest=portal.latest(session, NEWEST), classes=classes[:LARGEST], spent=spent,
            coverage=portal.coverage(session, years[0]) if years else None,
            chart=draw(f"{years[0]}年度支出最多的用途（万元）", bars) if bars else None,
        )

    return reply(request, build)


@open_route("/search", name="search")
def search(request: Request) -> Response:
    """What holds the words looked for, in names and texts, of accounts and budgets."""

    def build(session: Session) -> ResponseBody:
        query = request.query_params.get("q", "").strip()[:100]
        code = request.query_params.get("department", "")[:40]
        department = portal.organisation(session, code) if code else None
        year, number = number_of(request, "year"), max(1, number_of(request, "page") or 1)
        kind = kind_of(request)
        total, hits = searching.find(session, query, department, year, number, kind)
        pages = -(-total // searching.PAGE)
        given = (("q", query), ("department", code), ("year", year or ""), ("kind", kind or ""))
        parameters = {key: value for key, value in given if value}
        return page(
            request, "portal_search.html.jinja", query=query, total=total, hits=hits, number=number, pages=pages,
            years=portal.years(session, None), departments=portal.departments(session), department=code, year=year,
            kind=kind, onward=lambda to: f"/search?{urlencode(parameters | {'page': to})}",
        )

    return reply(request, build)


@open_route("/units", name="units")
def units(request: Request) -> Response:
    """All units that have published, by department; chosen ones can be compared."""

    def build(session: Session) -> ResponseBody:
        code, year = request.query_params.get("department", "")[:40], number_of(request, "year")
        department = portal.organisation(session, code) if code else None
        conditions: list[ColumnElement[bool]] = [portal.below(department)] if department else []
        if year is not None:
            conditions.append(Publication.year == year)
        by_unit: dict[int, list[Publication]] = {}
        for row in portal.listed(session, *conditions, kind=None):
            by_unit.setdefault(row.organisation_id, []).append(row)
        departments = portal.departments(session)
        names = {str(each.id): each.name for each in departments}
        groups: dict[str, list[list[Publication]]] = {}
        for rows in by_unit.values():
            above = reversed(rows[0].organisation.path.split("/"))
            groups.setdefault(next((names[each] for each in above if each in names), "其他"), []).append(rows)
        return page(
            request, "portal_units.html.jinja", groups=groups, departments=departments, department=code, year=year,
            years=portal.years(session, None),
        )

    return reply(request, build)


@open_route("/units/{code}", name="unit")
def unit(request: Request, code: str) -> Response:
    """A unit: its years with account and budget, and its key figures over them."""

    def build(session: Session) -> ResponseBody:
        home, every = _unit(session, code)
        rows, budgets = ([row for row in every if row.kind == kind] for kind in ("决算", "预算"))
        plan, planned = load_key_figures(), load_key_figures("预算")
        found = portal.values(session, rows, plan.addresses) | portal.values(session, budgets, planned.addresses)
        oldest_first = rows[::-1]
        drawn = [figure for figure in plan.figures if figure.key in plan.drawn]
        bars = [
            Bar(f"{row.year} {figure.name.removeprefix('本年').removesuffix('合计')}",
                found[row.id].get(figure.address), _wan(request, found[row.id].get(figure.address)), tone,
                "" if tone else f"{row.year}年度")
            for row in oldest_first for tone, figure in enumerate(drawn)
        ]
        versions = {row.id: portal.versions(session, home.id, row.year, row.kind) for row in every}
        years = {row.year: {other.kind: other for other in every if other.year == row.year} for row in every}
        return page(
            request, "portal_unit.html.jinja", max(row.published for row in every), home=home, rows=rows, every=every,
            oldest_first=oldest_first, found=found, plan=plan, versions=versions, years=years,
            budgets=budgets[::-1], planned=planned,
            chart=draw(f"{home.name}历年收入和支出（万元）", bars, [(f.name, n) for n, f in enumerate(drawn)]),
        )

    return reply(request, build)


def _wan(request: Request, amount: Any) -> str:
    return "—" if amount is None else site_of(request).wan(amount)


def _unit(session: Session, code: str) -> tuple[Organisation, list[Publication]]:
    """The unit with a code and its current versions. Raises RefusedError where there is nothing to show."""
    home = portal.organisation(session, code)
    rows = portal.of_unit(session, home.id, None) if home else []
    if home is None or not rows:
        raise RefusedError(404, "没有这个单位，或者它还没有公开决算、预算。")
    return home, rows


def version_of(
    session: Session, code: str, year: int, version: int = 0, kind: Kind = "决算"
) -> tuple[Publication, list[Publication]]:
    """A version of a unit's year and kind (0: the current one), and all versions. Raises RefusedError."""
    home, _ = _unit(session, code)
    rows = portal.versions(session, home.id, year, kind)
    row = next((row for row in rows if version in (0, row.version)), None)
    if row is None:
        what = f"{year}年度{kind}第{version}版" if version and rows else f"{year}年度{kind}"
        raise RefusedError(404, f"{home.name}没有公开{what}。")
    return row, rows


@open_route("/units/{code}/{year}", name="unit_year")
def unit_year(request: Request, code: str, year: Year) -> Response:
    """A unit's year: the current version of its account, with its budget beside it; the budget where it stands alone.
    """

    def build(session: Session) -> ResponseBody:
        _, rows = _unit(session, code)
        alone = {row.kind for row in rows if row.year == year} == {"预算"}
        return document(request, session, code, year, 0, "预算" if alone else "决算")

    return reply(request, build)


@open_route("/units/{code}/{year}/v{version}", name="unit_version")
def unit_version(request: Request, code: str, year: Year, version: Version) -> Response:
    """A version of a unit's account of a year, superseded or not.

    Where that number was a budget's, in a year whose documents were counted together by earlier programs, it is shown.
    """

    def build(session: Session) -> ResponseBody:
        home, _ = _unit(session, code)
        accounts, budgets = (portal.versions(session, home.id, year, kind) for kind in ("决算", "预算"))
        moved = all(row.version > version for row in accounts) and any(row.version == version for row in budgets)
        return document(request, session, code, year, version, "预算" if moved else "决算")

    return reply(request, build)


def document(
    request: Request, session: Session, code: str, year: int, version: int, kind: Kind
) -> ResponseBody:
    """The page of a version (0: the current one) of a unit's account or budget. Raises RefusedError."""
    row, rows = version_of(session, code, year, version, kind)
    every, pair = portal.of_unit(session, row.organisation_id, None), pair_of(session, row)
    beside = budget_and_outcome(session, pair["预算"], pair["决算"]) if len(pair) > 1 and row.current else ()
    before = next((other for other in every if (other.year, other.kind) == (year - 1, kind)), None)
    folder = folder_of(site_of(request), row)
    body = (folder / PAGE).read_text(encoding="utf-8")
    first = (folder / GLANCE).read_text(encoding="utf-8") if (folder / GLANCE).is_file() else ""
    files = files_of(row)
    return page(
        request, "portal_account.html.jinja", row.published, row=row, rows=rows, body=Markup(body),
        glance=Markup(first), files=files, stable=version > 0, data=_described(request, row), pair=pair,
        totals=in_short(beside), before=before, what=WHAT[kind],
    )


def pair_of(session: Session, row: Publication) -> dict[Kind, Publication]:
    """The current versions of the unit's account and budget of the year, as far as there are."""
    every = portal.of_unit(session, row.organisation_id, None)
    return {other.kind: other for other in every if other.year == row.year}


def _described(request: Request, row: Publication) -> Markup:
    """The account described for search engines (schema.org Dataset), as text that cannot end its element."""
    base, code = base_of(request), row.organisation.code
    described = {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "name": row.title,
        "description": f"{row.unit}{row.named}：{WHAT[row.kind]}，第{row.version}版。",
        "url": base + address_of(row, stable=True),
        "identifier": f"sha256:{row.digest}",
        "version": str(row.version),
        "temporalCoverage": str(row.year),
        "datePublished": row.published,
        "inLanguage": "zh-CN",
        "isAccessibleForFree": True,
        "creator": {"@type": "GovernmentOrganization", "name": row.unit, "identifier": code},
        "distribution": [
            {
                "@type": "DataDownload",
                "contentUrl": base + address_of(row, f"files/{file.name}", stable=True),
                "encodingFormat": KINDS_OF_FILES[file.name.rpartition(".")[2]][0].partition(";")[0],
                "contentSize": f"{file.size} B",
                "sha256": file.sha256,
            }
            for file in files_of(row)
        ],
    }
    text = json.dumps(described, ensure_ascii=False)
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))


@open_route("/units/{code}/{year}/v{version}/files/{name}", name="published_file")
def published_file(request: Request, code: str, year: Year, version: Version, name: str) -> Response:
    """A file of a version; it never changes."""
    return file_of(request, code, year, version, name, "决算")


def file_of(request: Request, code: str, year: int, version: int, name: str, kind: Kind) -> Response:
    """A file of a version of a unit's account or budget. Raises RefusedError."""
    site = site_of(request)
    with site.database.reading() as session:
        row, _ = version_of(session, code, year, version, kind)
    file = next((file for file in files_of(row) if file.name == name), None)
    if file is None:
        raise RefusedError(404, "这一版没有这个文件。")
    media = KINDS_OF_FILES[name.rpartition(".")[2]][0]
    headers = OPEN | {
        "etag": f'"{file.sha256}"', "last-modified": http_date(row.published),
        "cache-control": "public, max-age=31536000, immutable",
        "content-disposition": f"attachment; filename=\"{name}\"; filename*=UTF-8''{quote(file.shown, safe='')}",
    }
    if known(request, file.sha256):
        return Response(status_code=304, headers=headers)
    return FileResponse(folder_of(site, row) / file.name, media_type=media, headers=headers)


