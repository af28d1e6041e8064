"""The guide as pages of the server: what is in docs/ for people, with its pictures."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from fastapi import APIRouter
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from juesuan.web.site.guard import RefusedError
from juesuan.web.site.help import anchor_of
from juesuan.web.site.site import site_of

router = APIRouter()
_PACKAGE = Path(__file__).resolve().parents[2]
_PLACES = (_PACKAGE / "guide", _PACKAGE.parents[1] / "docs")
"""Beside the package where it is installed; in the repository where it is developed."""

PAGES = {
    "desk": "网上填报和审核", "own-desk": "在自己的电脑上做", "portal": "公众门户和开放数据",
    "operations": "安装和运行", "evidence": "绩效指标的佐证", "word": "在 Word 里改，改完取回",
}
ABOUT = {
    "desk": "单位填报、送审、退回、批复、公开，每一步谁来办。",
    "own-desk": "不用服务器，一个人做一个单位的决算或预算。",
    "portal": "公众怎样查一个单位的钱，怎样下载和取用数据。",
    "operations": "安装、第一次设置、备份、审计，以及张贴的查看。",
    "evidence": "用业务数据支持绩效指标的完成值。",
    "word": "原因和文字在 Word 里改，数字不会改坏。",
}
"""What each page is about, in a sentence."""

_COMMENT = re.compile(r"<!--.*?-->\n?", re.DOTALL)
_LINK = re.compile(r"(?:\./)?([a-z-]+)\.zh-CN\.md(#.*)?")
_PICTURE = re.compile(r"images/([a-z0-9-]+\.png)")


@router.get("/guide", name="guide")
def guide(request: Request) -> Response:
    """What there is to read."""
    return site_of(request).page(request, "guide.html.jinja", title="使用说明", pages=PAGES, about=ABOUT, body="")


@router.get("/guide/{page}", name="guide_page")
def guide_page(request: Request, page: str) -> Response:
    """One page of the guide."""
    body = _body(page) if page in PAGES else None
    if body is None:
        raise RefusedError(404, "没有这一页使用说明。")
    return site_of(request).page(request, "guide.html.jinja", title=PAGES[page], pages=PAGES, body=Markup(body))


@router.get("/guide/images/{picture}", name="guide_picture")
def guide_picture(picture: str) -> Response:
    """A picture of the guide."""
    path = _path(f"images/{picture}") if _PICTURE.fullmatch(f"images/{picture}") else None
    if path is None:
        raise RefusedError(404, "没有这张图。")
    return FileResponse(path, media_type="image/png", headers={"cache-control": "public, max-age=86400"})


def _path(name: str) -> Path | None:
    return next((place / name for place in _PLACES if (place / name).is_file()), None)


@cache
def _body(page: str) -> str | None:
    path = _path(f"{page}.zh-CN.md")
    if path is None:
        return None
    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = reader.parse(_COMMENT.sub("", path.read_text(encoding="utf-8")))
    for place, token in enumerate(tokens):
        if token.type == "heading_open":
            token.attrSet("id", anchor_of(tokens[place + 1].content))
        for child in token.children or ():
            _turn(child)
    return str(reader.renderer.render(tokens, reader.options, {}))


def _turn(token: Token) -> None:
    """Has links and pictures lead to this server, and lines of Chinese go on without a space."""
    if token.type == "softbreak":
        token.type, token.content = "text", ""
    elif token.type == "text" and (found := _LINK.fullmatch(token.content)) and found[1] in PAGES:
        token.content = f"《{PAGES[found[1]]}》"
    elif token.type == "link_open":
        found = _LINK.fullmatch(str(token.attrGet("href")))
        if found and found[1] in PAGES:
            token.attrSet("href", f"/guide/{found[1]}{found[2] or ''}")
    elif token.type == "image":
        found = _PICTURE.fullmatch(str(token.attrGet("src")))
        if found:
            token.attrSet("src", f"/guide/images/{found[1]}")
