"""Answers to the public: compressed, told apart by a strong ETag, kept while nothing that they show has changed."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import format_datetime

import msgspec
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from juesuan.web.infra.response_cache import CachedResponse, ResponseCache
from juesuan.web.site.site import identity_of, site_of

HTML = "text/html; charset=utf-8"
SMALL = 1000
"""What has fewer bytes is not compressed."""


class ResponseBody(msgspec.Struct, frozen=True):
    """What is to be answered, before it is packed. `modified`: a moment as the tables hold it."""

    body: bytes
    kind: str = HTML
    modified: str = ""
    headers: tuple[tuple[str, str], ...] = ()


class FromCache:
    """Gives kept answers to the public before anything else is done: they were made for the public by the routes.

    Whoever sends a cookie or a token goes on to the guard.
    """

    def __init__(self, application: ASGIApp, cache: ResponseCache) -> None:
        self._application = application
        self._cache = cache

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers, or passes the request on."""
        if scope["type"] == "http" and scope["method"] == "GET":
            request = Request(scope)
            if "cookie" not in request.headers and "authorization" not in request.headers:
                packed = self._cache.find(_key(self._cache, request))
                if packed:
                    scope["route"] = packed.route
                    await _answer(request, packed)(scope, receive, send)
                    return
        await self._application(scope, receive, send)


def reply(
    request: Request, build: Callable[[Session], ResponseBody], *, caching: str = "no-cache"
) -> Response:
    """The answer that `build` makes, kept for the next who asks; 304 where the asker has it already.

    Whoever is signed in gets one made for them, not compressed and not to be stored: it holds their name and token.
    """
    site = site_of(request)
    key = _key(site.cache, request)
    with site.database.reading() as session:
        made = build(session)
    if identity_of(request).user_id:
        return Response(made.body, media_type=made.kind, headers=dict(made.headers))
    packed = _pack(made, caching, request.scope["route"])
    if request.method == "GET":
        site.cache.keep(key, packed)
    return _answer(request, packed)


def known(request: Request, etag: str) -> bool:
    """Whether the asker says that it has the answer with this tag, packed or not."""
    wanted = request.headers.get("if-none-match", "")
    tags = {tag.strip().removeprefix("W/").strip('"').removesuffix("-gzip") for tag in wanted.split(",")}
    return wanted == "*" or etag in tags


def http_date(written: str) -> str:
    """A moment of the tables as HTTP writes it."""
    return format_datetime(datetime.fromisoformat(written).astimezone(UTC), usegmt=True)


def _key(cache: ResponseCache, request: Request) -> tuple[str, ...]:
    return cache.key(request.scope["path"], request.scope["query_string"].decode("latin-1"))


def _pack(made: ResponseBody, caching: str, route: object) -> CachedResponse:
    zipped = gzip.compress(made.body, 6, mtime=0) if len(made.body) >= SMALL else b""
    headers = dict(made.headers) | {"vary": "Accept-Encoding, Cookie", "cache-control": caching}
    if made.modified:
        headers["last-modified"] = http_date(made.modified)
    etag = hashlib.sha256(made.body).hexdigest()[:32]
    return CachedResponse(made.body, zipped, made.kind, etag, tuple(headers.items()), route)


def _answer(request: Request, packed: CachedResponse) -> Response:
    zipped = bool(packed.zipped) and "gzip" in request.headers.get("accept-encoding", "")
    headers = dict(packed.headers) | {"etag": f'"{packed.etag}{"-gzip" if zipped else ""}"'}
    if known(request, packed.etag):
        return Response(status_code=304, headers=headers)
    if zipped:
        headers["content-encoding"] = "gzip"
    return Response(packed.zipped if zipped else packed.body, media_type=packed.kind, headers=headers)
