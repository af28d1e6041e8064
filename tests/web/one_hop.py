"""A request of starlette's test client, handed to the event loop once: the client itself goes there eight times."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any
from urllib.parse import unquote

import anyio
import httpx


def handle_request(self: Any, request: httpx.Request) -> httpx.Response:
    """In place of the client's: the whole answer is there before it returns."""
    request.read()
    with self.portal_factory() as loop:
        return loop.call(_answered, self, request)


async def _answered(client: Any, request: httpx.Request) -> httpx.Response:
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
        await client.app(_scope(client, request), receive, send)
    except Exception:
        if client.raise_server_exceptions:
            raise
    if not status:
        assert not client.raise_server_exceptions, "the application gave no answer"
        status.append(500)
    content = b"" if request.method == "HEAD" else b"".join(parts)
    return httpx.Response(status[0], headers=headers, stream=httpx.ByteStream(content), request=request)


def _scope(client: Any, request: httpx.Request) -> dict[str, Any]:
    url = request.url
    return {
        "type": "http",
        "http_version": "1.1",
        "method": request.method,
        "path": unquote(url.path),
        "raw_path": url.raw_path.partition(b"?")[0],
        "root_path": client.root_path,
        "scheme": url.scheme,
        "query_string": url.query,
        "headers": [(key.lower().encode(), value.encode()) for key, value in request.headers.multi_items()],
        "client": client.client,
        "server": [url.host, url.port or {"http": 80, "https": 443}[url.scheme]],
        "state": client.app_state.copy(),
    }
