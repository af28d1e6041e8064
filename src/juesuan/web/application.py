"""The application: every route behind the gate and the guard."""

from __future__ import annotations

from contextlib import suppress
from functools import cache
from typing import Any

import msgspec
from fastapi import APIRouter, Depends, FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.datastructures import URLPath
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import NoMatchFound

from juesuan.web.auth.sessions import COOKIE, External
from juesuan.web.infra.problem_details import for_programs, problem
from juesuan.web.infra.security import Gate
from juesuan.web.infra.settings import Settings
from juesuan.web.migration import migrate
from juesuan.web.personal import pages as personal
from juesuan.web.progress import pages as progress
from juesuan.web.proof import pages as proof
from juesuan.web.routes import (
    administration,
    compared,
    filings,
    front,
    guide,
    own_account,
    review_desk,
    seasons,
    single_sign_on,
    unit_desk,
)
from juesuan.web.routes.public import budgets, feeds, open_data, portal, portal_compared, subjects, versions
from juesuan.web.setup import pages as setup
from juesuan.web.site.guard import RefusedError, guard
from juesuan.web.site.responses import FromCache
from juesuan.web.site.site import Site, site_of
from juesuan.web.trail import pages as trail
from juesuan.web.watching import pages as watching

ROUTERS = (
    front.router, single_sign_on.router, own_account.router, administration.router, review_desk.router, versions.router,
    budgets.router, portal.router, portal_compared.router, subjects.router, open_data.router, open_data.about,
    feeds.router, filings.router, unit_desk.router, compared.router, personal.router, progress.router, proof.router,
    trail.router, setup.router, guide.router, seasons.router, watching.router,
)


def create_application(settings: Settings, external: External | None = None) -> FastAPI:
    """The application on a database brought up to date; `external` answers for passwords kept elsewhere (单点登录).

    Raises NewerDatabaseError, and KeyError for a route that stands in no right.
    """
    _learn_types()
    site = Site(settings, external)
    migrate(site.database, site.sealer, site.settings.files)
    application = _Application(title="决算公开", docs_url=None, redoc_url=None, openapi_url=None)
    application.state.site = site
    application.router.routes.extend(_guarded().routes)
    for route in all_routes():
        site.rights.right_of(route.name)
    application.add_middleware(FromCache, cache=site.cache)
    application.add_middleware(Gate, settings=settings, metrics=site.metrics, rates=site.rates, cookie=COOKIE)
    application.add_exception_handler(RefusedError, _refused)
    application.add_exception_handler(HTTPException, _not_found)
    application.add_exception_handler(RequestValidationError, _misput)
    return application


@cache
def _guarded() -> APIRouter:
    """Every route behind the guard. What each wants is worked out when the first request comes, a fifth of a second:
    once, however many applications there are.
    """
    guarded = APIRouter(dependencies=[Depends(guard)])
    for router in ROUTERS:
        guarded.include_router(router)
    return guarded


class _Application(FastAPI):
    """An application that finds a route by its name at once: a page names thirty of a hundred and fifty."""

    def url_path_for(self, name: str, /, **path_params: Any) -> URLPath:
        """The path of the route called `name`. Raises NoMatchFound where there is none with these parameters."""
        route = _routes_by_name().get(name)
        if route is None:
            raise NoMatchFound(name, path_params)
        return route.url_path_for(name, **path_params)


@cache
def _routes_by_name() -> dict[str, APIRoute]:
    return {route.name: route for route in all_routes()}


def _learn_types() -> None:
    """Has msgspec learn every structure of ours before there are threads.

    It keeps what it learns of a type with the type, while it is still learning: of two threads that come upon a type
    for the first time the second reads what is not there yet, and the process is gone (msgspec 0.22, SIGSEGV).
    """
    waiting: list[type[msgspec.Struct]] = [msgspec.Struct]
    while waiting:
        for kind in waiting.pop().__subclasses__():
            waiting.append(kind)
            if kind.__module__.startswith("juesuan."):
                # Some are never read from JSON, and say so: they have a type that JSON has not.
                with suppress(TypeError, NameError):
                    msgspec.json.Decoder(kind)


def all_routes() -> list[APIRoute]:
    """Every route there is."""
    return [route for router in ROUTERS for route in router.routes if isinstance(route, APIRoute)]


def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, RefusedError)
    if for_programs(request.url.path):
        return problem(error.status, error.reason)
    if _asks_for_data(request):
        return JSONResponse({"trouble": error.reason}, error.status)
    if error.onward and request.method == "GET" and "hx-request" not in request.headers:
        return RedirectResponse(error.onward, 303)
    return site_of(request).page(request, "refused.html.jinja", error.status, reason=error.reason)


def _not_found(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    reasons = {404: "没有这个页面。", 405: "这个地址不接受这种请求。"}
    reason = reasons.get(error.status_code, str(error.detail))
    if for_programs(request.url.path):
        answer = problem(error.status_code, reason)
    elif _asks_for_data(request):
        answer = JSONResponse({"trouble": reason}, error.status_code)
    else:
        answer = site_of(request).page(request, "refused.html.jinja", error.status_code, reason=reason)
    if error.status_code == 405:
        answer.headers["allow"] = ", ".join(_methods_of(request.url.path))
    return answer


def _methods_of(path: str) -> list[str]:
    """The methods that some route takes at `path` (RFC 9110, 10.2.1)."""
    methods = {method for route in all_routes() if route.path_regex.match(path) for method in route.methods or ()}
    return sorted(methods | ({"HEAD"} if "GET" in methods else set()))


def _asks_for_data(request: Request) -> bool:
    """Whether a page's own script asks, which shows the reason where the person is."""
    return request.headers.get("accept", "").startswith("application/json")


def _misput(request: Request, error: Exception) -> Response:
    """Something in the address or the query is not what the route takes."""
    assert isinstance(error, RequestValidationError)
    faults = error.errors()
    places = "、".join(dict.fromkeys(str(fault["loc"][-1]) for fault in faults))
    if for_programs(request.url.path):
        return problem(400, f"这些参数的值不合要求：{places}。各参数的要求见 /api。")
    if any(fault["loc"][0] == "path" for fault in faults):
        return site_of(request).page(request, "refused.html.jinja", 404, reason="没有这个页面。")
    return site_of(request).page(request, "refused.html.jinja", 400, reason=f"网址中这些值不对：{places}。")
