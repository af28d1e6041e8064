"""What other programs follow: the Atom feed, the site map, and the word to robots."""

from __future__ import annotations

from functools import partial

from fastapi import APIRouter
from lxml import etree
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from juesuan.publisher import printable
from juesuan.web.infra.models import Publication
from juesuan.web.portal import queries as portal
from juesuan.web.portal.queries import address_of, unit_address
from juesuan.web.routes.public.portal import base_of
from juesuan.web.site.guard import RefusedError
from juesuan.web.site.responses import ResponseBody, reply

router = APIRouter()
open_route = partial(router.api_route, methods=["GET", "HEAD"], include_in_schema=False)

ATOM = "http://www.w3.org/2005/Atom"
MAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
NEWEST = 100
NAMELESS = "tag:juesuan,2022:"
"""How names begin (RFC 4151) where the server was not told its address."""

MOST_ADDRESSES = 50_000
"""What one site map may hold."""

PAGES = ("/", "/units", "/subjects", "/three-public", "/performance", "/api")


@open_route("/feed.xml", name="feed")
def feed(request: Request) -> Response:
    """The latest publications, corrections among them."""

    def build(session: Session) -> ResponseBody:
        base, rows = base_of(request), portal.latest(session, NEWEST)
        root = etree.Element(f"{{{ATOM}}}feed", nsmap={None: ATOM})
        updated = rows[0].published if rows else "1970-01-01T00:00:00Z"
        name_of_all = f"{base}/feed.xml" if base else f"{NAMELESS}feed"
        for name, text in (("id", name_of_all), ("title", "决算公开"), ("updated", updated)):
            etree.SubElement(root, f"{{{ATOM}}}{name}").text = text
        etree.SubElement(root, f"{{{ATOM}}}link", rel="self", href=f"{base}/feed.xml")
        etree.SubElement(root, f"{{{ATOM}}}link", rel="alternate", href=f"{base}/")
        for row in rows:
            _entry(root, base, row)
        return ResponseBody(_written(root), "application/atom+xml; charset=utf-8", rows[0].published if rows else "")

    return reply(request, build)


def _entry(root: etree._Element, base: str, row: Publication) -> None:
    entry = etree.SubElement(root, f"{{{ATOM}}}entry")
    address = base + address_of(row, stable=True)
    title = row.title if row.version == 1 else f"{row.title}（更正，第{row.version}版）"
    summary = row.note or f"{row.unit}公开{row.named}。"
    kind = "budget:" if row.kind == "预算" else ""
    named = address if base else f"{NAMELESS}{row.organisation.code}:{row.year}:{kind}{row.version}"
    texts = (("id", named), ("title", title), ("updated", row.published), ("published", row.published),
             ("summary", summary))
    for name, text in texts:
        etree.SubElement(entry, f"{{{ATOM}}}{name}").text = printable(text)
    author = etree.SubElement(entry, f"{{{ATOM}}}author")
    etree.SubElement(author, f"{{{ATOM}}}name").text = printable(row.unit)
    etree.SubElement(entry, f"{{{ATOM}}}link", rel="alternate", href=address)


@open_route("/sitemap.xml", name="sitemap")
def sitemap(request: Request) -> Response:
    """The pages that search engines should know; by their whole addresses, so there is none where that is not told."""
    if not base_of(request):
        raise RefusedError(404, "没有登记公众访问的网址（serve --address），不提供站点地图。")

    def build(session: Session) -> ResponseBody:
        base, rows = base_of(request), portal.listed(session, kind=None)
        budgeted = {(row.organisation_id, row.year) for row in rows if row.kind == "预算"}
        root = etree.Element(f"{{{MAP}}}urlset", nsmap={None: MAP})
        seen: dict[str, str] = {}
        for row in rows:
            unit = unit_address(row.organisation.code)
            seen[unit] = max(seen.get(unit, ""), row.published)
            seen[address_of(row)] = row.published
            if row.kind == "决算" and (row.organisation_id, row.year) in budgeted:
                seen[address_of(row, "outcome")] = row.published
        latest = max((row.published for row in rows), default="")
        for address, changed in [*((each, latest) for each in PAGES), *seen.items()][:MOST_ADDRESSES]:
            place = etree.SubElement(root, f"{{{MAP}}}url")
            etree.SubElement(place, f"{{{MAP}}}loc").text = base + address
            if changed:
                etree.SubElement(place, f"{{{MAP}}}lastmod").text = changed
        return ResponseBody(_written(root), "application/xml; charset=utf-8", latest)

    return reply(request, build)


@open_route("/robots.txt", name="robots")
def robots(request: Request) -> Response:
    """Robots may read what is public; searches and comparisons would lead them round in circles."""
    closed = "".join(f"Disallow: {path}\n" for path in ("/search", "/compare", "/sign-in", "/desk", "/documents"))
    base = base_of(request)
    text = f"User-agent: *\n{closed}" + (f"Sitemap: {base}/sitemap.xml\n" if base else "")
    made = ResponseBody(text.encode(), "text/plain; charset=utf-8")
    return reply(request, lambda _: made)


def _written(root: etree._Element) -> bytes:
    text: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return text
