"""The application: every route behind the gate and the guard."""

from __future__ import annotations

from fastapi import Depends, FastAPI
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from juesuan.web.guard import RefusedError, guard
from juesuan.web.migrating import migrate
from juesuan.web.routes import administration, front, own_account, review_desk
from juesuan.web.security import Gate
from juesuan.web.settings import Settings
from juesuan.web.signing_in import External
from juesuan.web.site import Site, site_of

ROUTERS = (front.router, own_account.router, administration.router, review_desk.router)


def create_application(settings: Settings, external: External | None = None) -> FastAPI:
    """The application on a database brought up to date; `external` answers for passwords kept elsewhere (单点登录).

    Raises NewerDatabaseError, and KeyError for a route that stands in no right.
    """
    site = Site(settings, external)
    migrate(site.database)
    application = FastAPI(
        title="决算公开", dependencies=[Depends(guard)], docs_url=None, redoc_url=None, openapi_url=None
    )
    application.state.site = site
    for router in ROUTERS:
        application.include_router(router)
    for route in all_routes():
        site.rights.right_of(route.name)
    application.add_middleware(Gate, settings=settings, metrics=site.metrics)
    application.add_exception_handler(RefusedError, _refused)
    application.add_exception_handler(HTTPException, _not_found)
    return application


def all_routes() -> list[APIRoute]:
    """Every route there is."""
    return [route for router in ROUTERS for route in router.routes if isinstance(route, APIRoute)]


def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, RefusedError)
    if error.onward and request.method == "GET" and "hx-request" not in request.headers:
        return RedirectResponse(error.onward, 303)
    return site_of(request).page(request, "refused.html.jinja", error.status, reason=error.reason)


def _not_found(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    reasons = {404: "没有这个页面。", 405: "这个地址不接受这种请求。"}
    reason = reasons.get(error.status_code, str(error.detail))
    return site_of(request).page(request, "refused.html.jinja", error.status_code, reason=reason)
