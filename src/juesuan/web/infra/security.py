"""What stands before every request: headers, size and rate limits, one line of log, metrics."""

from __future__ import annotations

import errno
import json
import logging
import re
import time
import uuid
from pathlib import Path
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from juesuan.account import JuesuanError
from juesuan.web.infra.problem_details import OPEN, PROBLEM, body_of, for_programs
from juesuan.web.infra.rates import Rates
from juesuan.web.infra.settings import Settings

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
HEADERS = (
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), payment=()"),
)
STRICT_TRANSPORT = (b"strict-transport-security", b"max-age=31536000")
GUESSED = ("/sign-in", "/invitation", "/account/password", "/account/totp/remove", "/account/totp/confirm")
"""Where a password or a code can be tried: by whoever sits down at an unlocked screen, too."""


_SHEET = re.compile(r"/filings/\d+/sheets/")

_log = logging.getLogger("juesuan.request")


class Metrics:
    """The figures of /metrics."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter("juesuan_requests", "Requests", ["route", "status"], registry=self.registry)
        self.seconds = Histogram("juesuan_request_seconds", "Time of requests", ["route"], registry=self.registry)
        self.jobs = Gauge("juesuan_jobs", "Jobs in the queue", ["state"], registry=self.registry)
        self.refused = Counter("juesuan_refused", "Requests refused", ["reason"], registry=self.registry)


class TooLargeError(JuesuanError):
    """A request has more bytes than it may."""


class Gate:
    """The outermost layer of the application."""

    def __init__(self, application: ASGIApp, settings: Settings, metrics: Metrics, rates: Rates, cookie: str) -> None:
        self._application = application
        self._settings = settings
        self._metrics = metrics
        self._rates = rates
        self._cookie = cookie

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes a request on, or refuses it."""
        if scope["type"] != "http":
            await self._application(scope, receive, send)
            return
        if scope["method"] == "HEAD":
            # The same in every respect but the body (RFC 9110, 9.3.2).
            scope, send = {**scope, "method": "GET"}, _bodiless(send)
        started = time.perf_counter()
        identity = uuid.uuid4().hex[:16]
        status, begun = 500, False
        client = scope["client"][0] if scope.get("client") else ""

        async def sending(message: Message) -> None:
            nonlocal status, begun
            if message["type"] == "http.response.start":
                status, begun = message["status"], True
                headers = list(message.get("headers", []))
                present = {name.lower() for name, _ in headers}
                headers += [pair for pair in HEADERS if pair[0] not in present]
                if scope.get("scheme") == "https":
                    headers.append(STRICT_TRANSPORT)
                if b"cache-control" not in present:
                    headers.append((b"cache-control", b"no-store"))
                headers.append((b"x-request-id", identity.encode()))
                message = {**message, "headers": headers}
            await send(message)

        who = self._rates.who(_cookie(scope, self._cookie), client)
        refusal = self._refusal(scope, who)
        if refusal:
            self._metrics.refused.labels(refusal[2]).inc()
            await _answer(sending, scope["path"], refusal[0], refusal[1])
        else:
            try:
                await self._application(scope, self._counted(scope, receive), sending)
            except TooLargeError:
                self._metrics.refused.labels("size").inc()
                await _answer(sending, scope["path"], 413, "上传的内容太大。")
            except Exception as error:
                # It goes on to the log; outside nothing of it is told.
                if not begun:
                    await _answer(sending, scope["path"], *_problem(error))
                raise
        if not refusal and _tries_password(scope) and status < 400:
            self._rates.give_back_try(who)
        route = getattr(scope.get("route"), "name", None) or "-"
        seconds = time.perf_counter() - started
        self._metrics.requests.labels(route, str(status)).inc()
        self._metrics.seconds.labels(route).observe(seconds)
        # The path without its query: a query can hold what people search for.
        fields = {
            "request": identity, "method": scope["method"], "path": scope["path"], "status": status,
            "milliseconds": round(seconds * 1000, 1), "client": client,
            "user": getattr(scope.get("state", {}).get("identity"), "name", ""),
        }
        _log.info("request", extra={"fields": fields})

    def _refusal(self, scope: Scope, who: tuple[str, bool]) -> tuple[int, str, str] | None:
        if not self._rates.take(who):
            return 429, "请求太频繁，请稍后再试。", "rate"
        if _tries_password(scope) and not self._rates.take_try(who):
            return 429, "登录或口令输错太多次，请一分钟后再试。", "rate"
        length = dict(scope["headers"]).get(b"content-length", b"0")
        if not length.isdigit() or int(length) > self._limit(scope):
            return 413, "上传的内容太大。", "size"
        return None

    def _limit(self, scope: Scope) -> int:
        kind = dict(scope["headers"]).get(b"content-type", b"")
        multipart = kind.startswith(b"multipart/form-data")
        if multipart:
            return self._settings.upload_limit
        return self._settings.sheet_limit if _SHEET.match(scope["path"]) else self._settings.form_limit

    def _counted(self, scope: Scope, receive: Receive) -> Receive:
        """`receive` that stops at the limit, for requests that do not say their length."""
        left = self._limit(scope)

        async def receiving() -> Message:
            nonlocal left
            message = await receive()
            left -= len(message.get("body", b""))
            if left < 0:
                raise TooLargeError
            return message

        return receiving


def _bodiless(send: Send) -> Send:
    async def sending(message: Message) -> None:
        await send({**message, "body": b""} if message["type"] == "http.response.body" else message)

    return sending


def _tries_password(scope: Scope) -> bool:
    path: str = scope["path"]
    return path.startswith("/sign-in/") or (scope["method"] == "POST" and path in GUESSED)


def _cookie(scope: Scope, name: str) -> str:
    """The value of a cookie that came with a request; empty for none."""
    for header, value in scope["headers"]:
        if header == b"cookie":
            for part in value.decode("latin-1").split(";"):
                key, _, content = part.strip().partition("=")
                if key == name:
                    return str(content)
    return ""


def _problem(error: Exception) -> tuple[int, str]:
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return 507, "服务器的磁盘满了，没有保存。请保留好文件，告诉管理员。"
    return 500, "处理时出错，已记入日志。请稍后再试，或告诉管理员。"


async def _answer(send: Send, path: str, status: int, text: str) -> None:
    programs = for_programs(path)
    headers = [(b"content-type", PROBLEM.encode() if programs else b"text/plain; charset=utf-8")]
    if programs:
        headers += [(name.encode(), value.encode()) for name, value in OPEN.items()]
    if status == 429:
        headers.append((b"retry-after", b"60"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body_of(status, text) if programs else text.encode()})


class JsonLines(logging.Formatter):
    """A line of JSON for each record: what is in `fields`, never a form's contents."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        line: dict[str, Any] = {
            "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(record.created)),
            "level": record.levelname.lower(),
            "event": record.getMessage(),
            "source": record.name,
        }
        line.update(getattr(record, "fields", {}))
        if record.exc_info:
            line["trouble"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


def log_as_lines(path: Path | None = None) -> None:
    """Sends all logs as lines of JSON to standard error, or to the file at `path`."""
    handler = logging.FileHandler(path, encoding="utf-8") if path else logging.StreamHandler()
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    for name in ("uvicorn.access", "alembic.runtime.migration"):
        logging.getLogger(name).setLevel(logging.WARNING)
