"""Pages that lead to what is posted: list pages (列表页) with a link for each unit, and pages with documents attached.

Which links are meant is told by their words: the kind of disclosure and the year; whose it is stands before the year.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

import msgspec
from lxml import etree
from lxml import html as pages

from juesuan.account import spaceless
from juesuan.corpus.watch.addresses import KINDS, PostedAddress
from juesuan.corpus.watch.fetching import Fetcher

MOST_PAGES = 20
"""Pages of one list that are turned over."""

MOST_LISTED = 500
"""Documents of one list."""

LARGEST = 2 * 1024 * 1024
"""Bytes of a page that is looked through for links."""

DOCUMENTS = ("pdf", "docx", "doc", "xlsx", "xls", "wps", "et", "ofd")
_ATTACHED = "附件"
_TITLE = re.compile(
    r"^[^\w（(]*(?:关于)?(?:公开|公布)?(?P<unit>.*?)(?P<year>(?:19|20)\d\d)(?:年度?)?(?P<behind>(?:(?!财政总?[决预]算).)*?)"
    rf"(?:本级|部门|单位|本部门|本单位|收支|的)*(?P<kind>{'|'.join(KINDS)})(?!执行|调整|编制|草案|报告|工作|评审|绩效)"
)
"""Whose (before the year, or behind it), of which year, what; reports of a whole government are none."""

_PLACE = re.compile(r"(?:.*[省市县区旗])?")
_NEXT = ("下一页", "下页", "后一页")
_TURNED = re.compile(r"createPageHTML\w*\(\s*(\d+)\s*,\s*(\d+)\s*,\s*['\"]([\w-]+)['\"]\s*,\s*['\"](\w+)['\"]")
"""How the pages of a list are numbered by a script of many public sites: how many, which this is, name, ending."""


class Link(msgspec.Struct, frozen=True):
    """A link of a page: its words, or its title where that says more, and where it leads to."""

    text: str
    url: str

    @property
    def ending(self) -> str:
        """The ending of the file that it leads to, in small letters."""
        return urlsplit(self.url).path.rpartition(".")[2].lower()


class ListPage(msgspec.Struct, frozen=True):
    """What a list page leads to; `trouble` says why it, or a page of it, was not read. `more`: there are more than are
    watched."""

    found: tuple[PostedAddress, ...] = ()
    trouble: str = ""
    more: bool = False


def read_listing(place: PostedAddress, fetcher: Fetcher) -> ListPage:
    """The documents of the year that the list page of `place` leads to, page after page."""
    found: dict[str, PostedAddress] = {}
    turned: set[str] = set()
    next_url = place.url
    while next_url and next_url not in turned and len(turned) < MOST_PAGES:
        turned.add(next_url)
        fetched = fetcher.fetch(next_url)
        if fetched.outcome != "ok":
            # The rest of a list is no reason to take what was on it for withdrawn.
            return ListPage(tuple(found.values()), fetched.reason or "没有取到")
        base = fetched.url or next_url
        links = list(links_of(fetched.content, base))
        for link in links:
            posted = _posted(link, place)
            if posted and posted.url not in found and _same_site(posted.url, place.url):
                found[posted.url] = posted
        next_url = _next_page(fetched.content, links, base)
    more = len(found) > MOST_LISTED or bool(next_url and next_url not in turned)
    return ListPage(tuple(found.values())[:MOST_LISTED], more=more)


def attached(content: bytes, url: str, kind: str) -> str:
    """The address of the document that the page `content` is there for; empty where the page is the document itself.

    Of several, the one whose words name the kind of disclosure, then in the order of DOCUMENTS. A document that
    neither says so nor is called an attachment counts only on a page that has no table of its own.
    """
    links = [link for link in links_of(content, url) if link.ending in DOCUMENTS]
    named = [link for link in links if kind in _words(link)]
    chosen = named or [link for link in links if _ATTACHED in link.text]
    if not chosen and links and (tree := _tree(content)) is not None and not tree.xpath("//table//td"):
        chosen = links
    return min(chosen, key=lambda link: DOCUMENTS.index(link.ending)).url if chosen else ""


def links_of(content: bytes, base: str) -> Iterator[Link]:
    """The links of a page that lead to something that can be fetched; none of what is no page."""
    tree = _tree(content)
    if tree is None:
        return
    given = tree.xpath("string(//base/@href)")
    base = urljoin(base, str(given)) if given else base
    for element in tree.iter("a"):
        try:
            url = urldefrag(urljoin(base, (element.get("href") or "").strip()))[0]
            parts = urlsplit(url)
        except ValueError:
            continue
        if parts.scheme in ("http", "https") and parts.hostname and not parts.username:
            words, title = spaceless(element.text_content()), spaceless(element.get("title") or "")
            yield Link(title if len(title) > len(words) else words, url)


def _tree(content: bytes) -> etree._Element | None:
    """The elements of a page; None for what is no page, or too large for one."""
    if len(content) > LARGEST or b"<" not in content[:4096] or content.startswith((b"%PDF", b"PK", b"\xd0\xcf")):
        return None
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("gb18030", "replace")
    try:
        # Without a declaration of its own: the text is decoded already.
        return pages.document_fromstring(re.sub(r"^\s*<\?xml[^>]*>", "", text))
    except (etree.ParserError, ValueError):
        return None


def _words(link: Link) -> str:
    return link.text + unquote(urlsplit(link.url).path.rpartition("/")[2])


def _posted(link: Link, place: PostedAddress) -> PostedAddress | None:
    """What a link of a list page leads to, if its words say that it is a disclosure of the year."""
    title = _TITLE.match(link.text)
    if title is None or int(title["year"]) != place.year:
        return None
    before, behind = (title[name].strip("·-—_:：、，,|[]【】") for name in ("unit", "behind"))
    unit = behind if behind and _PLACE.fullmatch(before) else before
    return PostedAddress(unit or place.unit, title["kind"], place.year, link.url, place.due)


def _same_site(one: str, other: str) -> bool:
    """Whether both are of one host, or of one domain's hosts: a list leads to pages of its own place."""
    ours, theirs = (urlsplit(url).hostname or "" for url in (one, other))
    short, long = sorted((ours, theirs), key=len)
    return ours == theirs or ours.split(".")[1:] == theirs.split(".")[1:] != [] or long.endswith(f".{short}")


def _next_page(content: bytes, links: list[Link], base: str) -> str:
    """The address of the page of a list that follows; empty for none."""
    for link in links:
        if link.text.strip(">》» ") in _NEXT:
            return link.url
    numbered = _TURNED.search(content.decode("utf-8", "replace"))
    if numbered is None:
        return ""
    many, this = int(numbered[1]), int(numbered[2])
    return urljoin(base, f"{numbered[3]}_{this + 1}.{numbered[4]}") if this + 1 < many else ""
