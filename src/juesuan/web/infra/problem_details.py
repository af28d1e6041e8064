"""What went wrong, told to programs (RFC 9457 problem details)."""

from __future__ import annotations

import json

from starlette.responses import Response

OPEN = {"access-control-allow-origin": "*", "cross-origin-resource-policy": "cross-origin"}
"""What lets pages of other sites read open data."""

PROBLEM = "application/problem+json"
TITLES = {
    400: "请求不合要求", 401: "需要登录", 403: "没有权利", 404: "没有找到", 405: "不接受这种请求", 413: "内容太大",
    429: "请求太频繁", 500: "本程序的问题",
}


def body_of(status: int, detail: str) -> bytes:
    """The problem as JSON."""
    problem = {"type": "about:blank", "title": TITLES.get(status, "请求不成功"), "status": status, "detail": detail}
    return json.dumps(problem, ensure_ascii=False).encode()


def problem(status: int, detail: str) -> Response:
    """The answer to a program whose request cannot be met."""
    return Response(body_of(status, detail), status, OPEN, PROBLEM)


def for_programs(path: str) -> bool:
    """Whether whoever asks for `path` is a program."""
    return path.startswith("/api/")
