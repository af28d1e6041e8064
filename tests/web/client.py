"""What a browser asks of an application in this process: each request goes to one event loop once, as a whole."""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import unquote

import anyio
import httpx
from anyio.from_thread import BlockingPortal, start_blocking_portal
from fastapi import FastAPI

_LOOPS: list[BlockingPortal] = []


@contextmanager
def one_loop() -> Iterator[None]:
    """The event loop for the requests of all clients, as a server has: to begin one for each takes longer than most."""
    with start_blocking_portal() as loop:
        _LOOPS.append(loop)
        yield
        _LOOPS.remove(loop)


class Client(httpx.Client):
    """A client of an application; what the application raises is raised here, unless told to answer as a server."""

    def __init__(
        self, application: FastAPI, base_url: str = "http://testserver", *, raising: bool = True, **options: Any
    ) -> None:
        self.app = application
        super().__init__(transport=_Transport(application, raising), base_url=base_url, **options)


class _Transport(httpx.BaseTransport):
    def __init__(self, application: FastAPI, raising: bool) -> None:
        self._application = application
        self._raising = raising

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """The whole answer is there before it returns."""
        request.read()
        return _LOOPS[-1].call(self._answered, request)

    async def _answered(self, request: httpx.Request) -> httpx.Response:
        given = [{"type": "http.request", "body": request.content}]
        status: list[int] = []
        headers: list[tuple[bytes, bytes]] = []
        parts: list[bytes] = []
        complete = anyio.Event()

        async def receive() -> MutableMapping[str, Any]:
            if given:
                return given.pop()
            await complete.wait()
            return {"type": "http.disconnect"}

        async def send(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                assert not status
                status.append(message["status"])
                headers.extend(message.get("headers", []))
            elif message["type"] == "http.response.body":
                assert status and not complete.is_set()
                parts.append(bytes(message.get("body", b"")))
                if not message.get("more_body", False):
                    complete.set()

        try:
            await self._application(_scope(request), receive, send)
        except Exception:
            if self._raising:
                raise
        if not status:
            assert not self._raising, "the application gave no answer"
            status.append(500)
        content = b"" if request.method == "HEAD" else b"".join(parts)
        return httpx.Response(status[0], headers=headers, stream=httpx.ByteStream(content), request=request)


def _scope(request: httpx.Request) -> dict[str, Any]:
    url = request.url
    return {
        "type": "http",
        "http_version": "1.1",
        "method": request.method,
        "path": unquote(url.path),
        "raw_path": url.raw_path.partition(b"?")[0],
        "root_path": "",
        "scheme": url.scheme,
        "query_string": url.query,
        "headers": [(key.lower().encode(), value.encode()) for key, value in request.headers.multi_items()],
        "client": ("testclient", 50000),
        "server": [url.host, url.port or {"http": 80, "https": 443}[url.scheme]],
        "state": {},
    }
