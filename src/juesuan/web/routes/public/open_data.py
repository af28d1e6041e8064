"""The open data interface: rows, accounts, everything of a year; described by OpenAPI and by a page for people."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from typing import Annotated, Any
from urllib.parse import urlencode

import msgspec
from fastapi import APIRouter, Depends, Path, Query
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from juesuan.account import schema
from juesuan.statute import Kind as WhichOne
from juesuan.web.infra.problem_details import OPEN, PROBLEM
from juesuan.web.portal import bulk as whole
from juesuan.web.portal import open_data as data
from juesuan.web.portal import open_rows as rows
from juesuan.web.portal.licence import licence_of, title_of
from juesuan.web.portal.open_data import CSV, PARQUET, Disclosed, Format
from juesuan.web.portal.open_rows import Page, RowQuery
from juesuan.web.portal.queries import latest
from juesuan.web.publication.publications import folder_of
from juesuan.web.routes.public.portal import base_of, page, version_of
from juesuan.web.site.guard import RefusedError
from juesuan.web.site.responses import ResponseBody, http_date, known, reply
from juesuan.web.site.site import site_of


def _known_parameters(request: Request) -> None:
    """Raises RefusedError for a parameter that the route does not have: misspelt, it would be as if it were not there.
    """
    known = {field.alias for field in request.scope["route"].dependant.query_params}
    strange = "、".join(name[:40] for name in dict.fromkeys(request.query_params) if name not in known)
    if strange:
        has = "、".join(sorted(known)) or "没有参数"
        raise RefusedError(400, f"没有这些参数：{strange}。这个地址的参数：{has}。")


router = APIRouter(prefix="/api/v1", dependencies=[Depends(_known_parameters)])
about = APIRouter()

_TEXT = r"^[^\x00-\x1f]*$"
_ENDS: dict[Disclosed, str] = {"决算": "", "预算": "-budgets", "全部": "-all"}
_TYPES = {"zip": "application/zip", "csv": CSV, "parquet": PARQUET}
BulkKind = Annotated[
    whole.Kind, Query(alias="format", description="zip（各表、各份决算、字典、说明）、csv 或 parquet（全部决算数）")
]
UnitCode = Annotated[str, Query(description="只要这个单位：机构代码", max_length=40, pattern=_TEXT)]
DepartmentCode = Annotated[str, Query(description="只要这个部门及所属：机构代码", max_length=40, pattern=_TEXT)]
YearNumber = Annotated[int, Query(description="只要这个年度；0 为全部", ge=0, le=9999)]
Disclosure = Annotated[Disclosed, Query(description="决算、预算，或全部（两样都要）")]
Limit = Annotated[int, Query(description="一页的行数", ge=1, le=1000)]
Cursor = Annotated[int, Query(description="上一页给出的 next", ge=0, le=2**31 - 1)]
Kind = Annotated[Format, Query(alias="format", description="json、csv 或 parquet")]
PathCode = Annotated[str, Path(description="机构代码", max_length=40, pattern=_TEXT)]
PathYear = Annotated[int, Path(description="年度", ge=0, le=9999)]

_PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {"description": text, "content": {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}}}
    for status, text in ((400, "请求不合要求"), (404, "没有找到"), (429, "请求太频繁，请稍后再试"))
}
_UNCHANGED: dict[int | str, dict[str, Any]] = {304: {"description": "与 If-None-Match 给出的相同"}}


def _answers(model: type[BaseModel]) -> dict[int | str, dict[str, Any]]:
    """What a list answers: the page in three formats, unchanged, or a problem."""
    forms = {kind.partition(";")[0]: {"schema": {"type": "string", "format": "binary"}} for kind in (CSV, PARQUET)}
    linked = {"Link": {"description": "下一页的网址，rel=next", "schema": {"type": "string"}},
              "ETag": {"description": "内容的指纹", "schema": {"type": "string"}}}
    page = {"model": model, "description": "一页", "content": forms, "headers": linked}
    return {200: page, **_UNCHANGED, **_PROBLEMS}


def _listed(
    request: Request, model: type[BaseModel], kind: Format, wanted: RowQuery, ask: Callable[[Session, RowQuery], Page]
) -> Response:
    base = base_of(request)

    def build(session: Session) -> ResponseBody:
        found, onward = ask(session, _with(wanted, base))
        following = str(onward) if onward is not None else None
        body, media = data.written(found, model, kind, following)
        headers = dict(OPEN)
        if following:
            query = [(name, value) for name, value in request.query_params.multi_items() if name != "cursor"]
            headers["link"] = f'<{base}{request.url.path}?{urlencode([*query, ("cursor", following)])}>; rel="next"'
        if kind != "json":
            name = request.url.path.rpartition("/")[2]
            headers["content-disposition"] = f'attachment; filename="{name}.{kind}"'
        return ResponseBody(body, media, _modified(session), tuple(headers.items()))

    return reply(request, build)


def _with(wanted: RowQuery, base: str) -> RowQuery:
    return msgspec.structs.replace(wanted, base=base)


def _modified(session: Session) -> str:
    newest = latest(session, 1)
    return newest[0].published if newest else ""


@router.get(
    "/departments", name="api_departments", summary="主管部门", response_class=Response,
    responses=_answers(data.Departments),
)
def departments(request: Request, limit: Limit = 100, cursor: Cursor = 0, kind: Kind = "json") -> Response:
    """全部主管部门，和各自已公开决算或预算的单位数。"""
    return _listed(request, data.Department, kind, RowQuery(after=cursor, limit=limit), rows.departments)


@router.get(
    "/units", name="api_units", summary="单位", response_class=Response,
    responses=_answers(data.Units),
)
def units(
    request: Request, department: DepartmentCode = "", year: YearNumber = 0, disclosure: Disclosure = "全部",
    limit: Limit = 100, cursor: Cursor = 0, kind: Kind = "json",
) -> Response:
    """已公开决算或预算的单位。"""
    wanted = RowQuery(department=department, year=year, disclosure=disclosure, after=cursor, limit=limit)
    return _listed(request, data.Unit, kind, wanted, rows.units)


@router.get(
    "/years", name="api_years", summary="年度", response_class=Response,
    responses=_answers(data.Years),
)
def years(request: Request, kind: Kind = "json") -> Response:
    """有公开决算或预算的年度，由近到远。"""
    return _listed(request, data.Year, kind, RowQuery(), lambda session, _: (rows.years(session), None))


@router.get(
    "/publications", name="api_publications", summary="公开的决算和预算", response_class=Response,
    responses=_answers(data.Publications),
)
def publications(
    request: Request, unit: UnitCode = "", department: DepartmentCode = "", year: YearNumber = 0,
    disclosure: Disclosure = "决算",
    versions: Annotated[bool, Query(description="连同已被更正的各版")] = False, limit: Limit = 100, cursor: Cursor = 0,
    kind: Kind = "json",
) -> Response:
    """公开的决算（或预算），默认只列现行版。"""
    wanted = RowQuery(
        unit=unit, department=department, year=year, disclosure=disclosure, every_version=versions, after=cursor,
        limit=limit,
    )
    return _listed(request, data.Published, kind, wanted, rows.publications)


@router.get(
    "/facts", name="api_facts", summary="决算数、预算数", response_class=Response,
    responses=_answers(data.Facts),
)
def facts(
    request: Request, unit: UnitCode = "", department: DepartmentCode = "", year: YearNumber = 0,
    disclosure: Disclosure = "决算",
    form: Annotated[str, Query(description="只要这张表（全国统一的键）", max_length=40, pattern=_TEXT)] = "",
    period: Annotated[str, Query(description="本年、上年、年初预算或上年执行", max_length=10, pattern=_TEXT)] = "",
    limit: Limit = 100, cursor: Cursor = 0, kind: Kind = "json",
) -> Response:
    """现行版决算（或预算）里的每一个数，一行一个；表中留空的没有行。"""
    wanted = RowQuery(
        unit=unit, department=department, year=year, disclosure=disclosure, form=form, period=period, after=cursor,
        limit=limit,
    )
    return _listed(request, data.FactRow, kind, wanted, rows.facts)


@router.get(
    "/indicators", name="api_indicators", summary="比较指标", response_class=Response,
    responses=_answers(data.Indicators),
)
def indicators(
    request: Request, unit: UnitCode = "", department: DepartmentCode = "", year: YearNumber = 0,
    key: Annotated[str, Query(description="只要这个指标", max_length=40, pattern=_TEXT)] = "",
    limit: Limit = 100, cursor: Cursor = 0, kind: Kind = "json",
) -> Response:
    """决算同类比较用的指标；分母没有数的没有行。"""
    wanted = RowQuery(unit=unit, department=department, year=year, key=key, after=cursor, limit=limit)
    return _listed(request, data.IndicatorRow, kind, wanted, rows.indicators)


@router.get(
    "/forms", name="api_forms", summary="绩效自评表、绩效目标表", response_class=Response,
    responses=_answers(data.Forms),
)
def forms(
    request: Request, unit: UnitCode = "", department: DepartmentCode = "", year: YearNumber = 0,
    disclosure: Disclosure = "决算", limit: Limit = 100, cursor: Cursor = 0, kind: Kind = "json",
) -> Response:
    """绩效自评表（预算的绩效目标表）和其中各行指标。"""
    wanted = RowQuery(
        unit=unit, department=department, year=year, disclosure=disclosure, after=cursor, limit=limit
    )
    return _listed(request, data.FormRow, kind, wanted, rows.forms)


@router.get(
    "/accounts/{code}/{year}", name="api_account", summary="一份决算或预算", response_class=Response,
    responses={200: {"description": "全部内容；格式见 Account", "content": {
        "application/json": {"schema": {"$ref": "#/components/schemas/Account"}}}}, **_UNCHANGED, **_PROBLEMS},
)
def account(
    request: Request, code: PathCode, year: PathYear,
    version: Annotated[int, Query(description="第几版；0 为现行版", ge=0, le=2**31 - 1)] = 0,
    disclosure: Annotated[WhichOne, Query(description="决算或预算")] = "决算",
) -> Response:
    """一份决算（或预算）的全部内容：数、文字、自评表，与公开时的 account.json 逐字节相同。"""
    site = site_of(request)
    with site.database.reading() as session:
        row, _ = version_of(session, code, year, version, disclosure)
    headers = OPEN | {"etag": f'"{row.digest}"', "last-modified": http_date(row.published), "cache-control": "no-cache"}
    if known(request, row.digest):
        return Response(status_code=304, headers=headers)
    return FileResponse(folder_of(site, row) / "account.json", media_type="application/json", headers=headers)


@router.get(
    "/bulk/{year}", name="api_bulk", summary="一个年度的全部数据", response_class=Response,
    responses={200: {"description": "文件", "content": {
        media.partition(";")[0]: {"schema": {"type": "string", "format": "binary"}} for media in _TYPES.values()
    }}, **_UNCHANGED, **_PROBLEMS},
)
def bulk(
    request: Request, year: PathYear, disclosure: Disclosure = "决算", kind: BulkKind = "zip"
) -> Response:
    """一个年度现行的全部数据，一个文件。"""
    site = site_of(request)
    with site.database.reading() as session:
        path = whole.bulk(session, site, RowQuery(year=year, disclosure=disclosure, base=base_of(request)), kind)
    if path is None:
        raise RefusedError(404, f"{year}年度还没有公开的{'决算和预算' if disclosure == '全部' else disclosure}。")
    headers = OPEN | {
        "etag": f'"{path.stem}"', "cache-control": "no-cache",
        "content-disposition": f'attachment; filename="juesuan-{year}{_ENDS[disclosure]}.{kind}"',
    }
    if known(request, path.stem):
        return Response(status_code=304, headers=headers)
    return FileResponse(path, media_type=_TYPES[kind], headers=headers)


@about.get("/api/v1/openapi.json", name="api_description", include_in_schema=False)
def description(request: Request) -> Response:
    """The interface described for programs."""
    described = _described(request) | {"servers": [{"url": base_of(request) or "/"}]}
    made = ResponseBody(
        json.dumps(described, ensure_ascii=False).encode(), "application/json", headers=tuple(OPEN.items())
    )
    return reply(request, lambda _: made)


@about.get("/api", name="api_page", include_in_schema=False)
def api_page(request: Request) -> Response:
    """The interface described for people."""
    return reply(request, lambda _: page(request, "portal_api.html.jinja", described=_described(request)))


@about.get("/api/v1/licence.txt", name="api_licence", include_in_schema=False)
def licence(request: Request) -> Response:
    """The terms that the data may be used by."""
    text = licence_of(site_of(request).settings)
    made = ResponseBody(text.encode(), "text/plain; charset=utf-8", headers=tuple(OPEN.items()))
    return reply(request, lambda _: made)


def _described(request: Request) -> dict[str, Any]:
    """The interface with the licence of this server."""
    described = described_interface()
    terms = {"name": title_of(licence_of(site_of(request).settings)), "url": f"{base_of(request)}/api/v1/licence.txt"}
    return described | {"info": described["info"] | {"license": terms}}


@cache
def described_interface() -> dict[str, Any]:
    """The interface as OpenAPI, from the routes and the types of their rows."""
    described = get_openapi(
        title="决算、预算公开开放数据", version="1", routes=router.routes, openapi_version="3.1.0",
        description="各部门、各单位公开的决算和预算。不用登录；一分钟内请求过多会答复 429。",
    )
    schemas = described["components"]["schemas"]
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    for path in described["paths"].values():
        for operation in path.values():
            operation["responses"].pop("422", None)
    own = schema()
    definitions = own.pop("$defs")
    text = json.dumps({"Account": definitions.pop("Account"), **{f"Account.{k}": v for k, v in definitions.items()}})
    for name in definitions:
        text = text.replace(f'"#/$defs/{name}"', f'"#/components/schemas/Account.{name}"')
    schemas |= json.loads(text)
    schemas["Problem"] = data.Problem.model_json_schema()
    return described
