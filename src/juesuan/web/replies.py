"""Answers to the public: compressed, told apart by a strong ETag, kept while nothing that they show has changed."""

from __future__ import annotations

import gzip
import hashlib
import time
from collections import OrderedDict
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import format_datetime
from threading import Lock

import msgspec
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from juesuan.web.models import Publication
from juesuan.web.site import identity_of, site_of

HTML = "text/html; charset=utf-8"
KEPT = 64 * 1024 * 1024
"""Bytes of answers that a server keeps."""

STALE = 30
"""Seconds after which an answer is made anew even where nothing was published: organisations may have other names."""

SMALL = 1000
"""What has fewer bytes is not compressed."""


class Made(msgspec.Struct, frozen=True):
    """What is to be answered, before it is packed. `modified`: a moment as the tables hold it."""

    body: bytes
    kind: str = HTML
    modified: str = ""
    headers: tuple[tuple[str, str], ...] = ()


class _Packed(msgspec.Struct, frozen=True):
    made: Made
    zipped: bytes
    etag: str

    @property
    def size(self) -> int:
        return len(self.made.body) + len(self.zipped)


class Replies:
    """The answers that are kept, the least used dropped first."""

    def __init__(self, most: int = KEPT) -> None:
        self._most = most
        self._size = 0
        self._kept: OrderedDict[tuple[str, ...], _Packed] = OrderedDict()
        self._lock = Lock()

    def find(self, key: tuple[str, ...]) -> _Packed | None:
        """The answer kept under `key`."""
        with self._lock:
            packed = self._kept.get(key)
            if packed:
                self._kept.move_to_end(key)
            return packed

    def keep(self, key: tuple[str, ...], packed: _Packed) -> None:
        """Keeps an answer."""
        with self._lock:
            old = self._kept.pop(key, None)
            self._size += packed.size - (old.size if old else 0)
            self._kept[key] = packed
            while self._size > self._most and self._kept:
                self._size -= self._kept.popitem(last=False)[1].size


_replies = Replies()


def reply(
    request: Request, build: Callable[[Session], Made], *, kept: bool = True, caching: str = "no-cache"
) -> Response:
    """The answer that `build` makes, or the one kept from before, or 304 where the asker has it already.

    Whoever is signed in gets one made for them, not compressed and not to be stored: it holds their name and token.
    """
    site = site_of(request)
    with site.database.reading() as session:
        if identity_of(request).user_id:
            made = build(session)
            return Response(made.body, media_type=made.kind, headers=dict(made.headers))
        key = (str(site.settings.data), str(request.base_url), request.url.path, request.url.query,
               *_epoch(session), str(time.monotonic() // STALE))
        packed = _replies.find(key) if kept else None
        if packed is None:
            packed = _pack(build(session))
            if kept:
                _replies.keep(key, packed)
    return _answer(request, packed, caching)


def known(request: Request, etag: str) -> bool:
    """Whether the asker says that it has the answer with this tag, packed or not."""
    wanted = request.headers.get("if-none-match", "")
    tags = {tag.strip().removeprefix("W/").strip('"').removesuffix("-gzip") for tag in wanted.split(",")}
    return wanted == "*" or etag in tags


def http_date(written: str) -> str:
    """A moment of the tables as HTTP writes it."""
    return format_datetime(datetime.fromisoformat(written).astimezone(UTC), usegmt=True)


def _epoch(session: Session) -> tuple[str, str]:
    query = select(func.max(Publication.published), func.count()).where(Publication.published != "")
    latest, count = session.execute(query).one()
    return str(latest), str(count)


def _pack(made: Made) -> _Packed:
    zipped = gzip.compress(made.body, 6, mtime=0) if len(made.body) >= SMALL else b""
    return _Packed(made, zipped, hashlib.sha256(made.body).hexdigest()[:32])


def _answer(request: Request, packed: _Packed, caching: str) -> Response:
    made = packed.made
    zipped = bool(packed.zipped) and "gzip" in request.headers.get("accept-encoding", "")
    headers = dict(made.headers) | {
        "etag": f'"{packed.etag}{"-gzip" if zipped else ""}"', "vary": "Accept-Encoding, Cookie",
        "cache-control": caching,
    }
    if made.modified:
        headers["last-modified"] = http_date(made.modified)
    if known(request, packed.etag):
        return Response(status_code=304, headers=headers)
    if zipped:
        headers["content-encoding"] = "gzip"
    return Response(packed.zipped if zipped else made.body, media_type=made.kind, headers=headers)
