"""The report as one HTML file: nothing loaded from elsewhere, no script, pages pictured with the figures framed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from juesuan.account import SEVERITY_NAMES, Issue, Source
from juesuan.checker.reports.locations import Accepted, Checked, Located, Unreadable, unique
from juesuan.checker.reports.pictures import Box, Pages, PagesError, ReportPicture, opened, pages_of
from juesuan.checker.reports.verdict import conclusion_text, coverage_text, year_text
from juesuan.statute import Statute, load_statute
from juesuan.statute.register import advice_on, text_of

if TYPE_CHECKING:
    from jinja2 import Template

TEMPLATES = Path(__file__).parent / "templates"

MARGIN = 46.0
"""Points of the page shown above and below the framed figures."""

OTHER = "other"
"""The tone of a figure that another was held against."""

VIEWS = 4
"""Pages shown beside one finding at most."""

OPERANDS_FRAMED = 12
"""A finding with more operands than this has only its own places framed."""


class Frame(msgspec.Struct, frozen=True):
    """A frame in a picture, in points from the upper left corner of the page."""

    x: float
    y: float
    width: float
    height: float
    tone: str
    """error, warning, notice, accepted, or OTHER."""
    number: int
    anchor: str
    name: str


class View(msgspec.Struct, frozen=True):
    """A strip of a page with frames on it: from `top`, `height` points high, the whole width."""

    picture: ReportPicture
    identity: str
    top: float
    height: float
    frames: tuple[Frame, ...]


class ReportEntry(msgspec.Struct, frozen=True):
    """A finding as the page shows it."""

    number: int
    anchor: str
    tone: str
    level: str
    title: str
    finding: Issue
    place: str
    quotes: tuple[str, ...]
    why: str
    basis: str
    advice: str
    views: tuple[View, ...]
    reason: str = ""
    until: str = ""


class Chapter(msgspec.Struct, frozen=True):
    """One file: its entries, and each page that any of them frames, once."""

    anchor: str
    checked: Checked
    entries: tuple[ReportEntry, ...]
    accepted: tuple[ReportEntry, ...]
    pages: tuple[View, ...]
    profile: str
    trouble: str = ""


def page_text(checked: Sequence[Checked], unreadable: Sequence[Unreadable] = ()) -> str:
    """The page on all files, in the order given."""
    chapters = [chapter_of(number, item) for number, item in enumerate(checked, 1)]
    words = {"year_text": year_text, "coverage_text": coverage_text, "conclusion_text": conclusion_text}
    return _template().render(chapters=chapters, unreadable=unreadable, names=SEVERITY_NAMES, unique=unique, **words)


def _template() -> Template:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["points"] = _points
    return environment.get_template("report.html.jinja")


def chapter_of(number: int, checked: Checked) -> Chapter:
    """What the page says of one file: each finding with its explanation and the strips of pages it stands on."""
    statute = load_statute(checked.report.profile, checked.report.year)
    anchor = f"f{number}"
    trouble = ""
    with ExitStack() as stack:
        pages = None
        if pages_of(place for place in _all_places(checked)):
            try:
                pages = stack.enter_context(opened(checked.path))
            except PagesError as error:
                trouble = str(error)
        artist = _Artist(pages, anchor)
        entries = tuple(
            _entry(n, located, statute, artist, anchor) for n, located in enumerate(checked.found, 1)
        )
        accepted = tuple(
            _entry(n, item.located, statute, artist, anchor, item)
            for n, item in enumerate(checked.accepted, len(entries) + 1)
        )
        return Chapter(anchor, checked, entries, accepted, artist.pages(), statute.profile.title, trouble)


def _all_places(checked: Checked) -> Iterable[Source]:
    for located in (*checked.found, *(item.located for item in checked.accepted)):
        yield from located.finding.places
        yield from (operand.source for operand in located.finding.operands if operand.source)


def _entry(
    number: int, located: Located, statute: Statute, artist: _Artist, chapter: str, accepted: Accepted | None = None
) -> ReportEntry:
    finding = located.finding
    text = text_of(finding, statute)
    tone = "accepted" if accepted else finding.severity
    anchor = f"{chapter}-{number}"
    return ReportEntry(
        number,
        anchor,
        tone,
        "已接受" if accepted else SEVERITY_NAMES[finding.severity],
        text.title,
        finding,
        located.place,
        located.quotes,
        text.why,
        text.basis,
        advice_on(finding, statute),
        artist.views(finding, tone, number, anchor),
        accepted.reason if accepted else "",
        accepted.until if accepted else "",
    )


class _Artist:
    """Draws each page once and frames figures on it."""

    def __init__(self, pages: Pages | None, chapter: str) -> None:
        self._pages = pages
        self._chapter = chapter
        self._pictures: dict[int, ReportPicture] = {}
        self._frames: dict[int, list[Frame]] = {}

    def views(self, finding: Issue, tone: str, number: int, anchor: str) -> tuple[View, ...]:
        """Strips of the pages where the finding's own figures stand, then of those it was held against."""
        if self._pages is None:
            return ()
        framed: dict[int, list[Frame]] = {}
        seen: set[tuple[int, Box]] = set()
        wanted = [(place, finding.stated, tone, "") for place in finding.places]
        if len(finding.operands) <= OPERANDS_FRAMED:
            wanted += [(o.source, o.stated, OTHER, f"{o.name} = {o.stated}") for o in finding.operands if o.source]
        for place, stated, shade, name in wanted:
            find = self._pages.operand if shade == OTHER else self._pages.figure
            box = find(place, stated)
            if box is None or (place.page, box) in seen or (place.page not in framed and len(framed) == VIEWS):
                continue
            seen.add((place.page, box))
            height = self._picture(place.page).height
            label = name or f"{finding.code} {finding.stated}".strip()
            frame = Frame(box[0], height - box[3], box[2] - box[0], box[3] - box[1], shade, number, anchor, label)
            framed.setdefault(place.page, []).append(frame)
        for page, frames in framed.items():
            self._frames.setdefault(page, []).extend(frame for frame in frames if frame.tone != OTHER)
        return tuple(self._strip(page, frames) for page, frames in framed.items())

    def pages(self) -> tuple[View, ...]:
        """Every page with a finding of its own, whole, with all of its frames; other pages only carry the picture."""
        found = []
        for number in sorted(self._pictures):
            picture = self._pictures[number]
            frames = tuple(self._frames.get(number, ()))
            found.append(View(picture, self._identity(number), 0, picture.height, frames))
        return tuple(found)

    def _strip(self, page: int, frames: list[Frame]) -> View:
        picture = self._picture(page)
        top = max(0.0, min(frame.y for frame in frames) - MARGIN)
        bottom = min(picture.height, max(frame.y + frame.height for frame in frames) + MARGIN)
        return View(picture, self._identity(page), top, bottom - top, tuple(frames))

    def _picture(self, page: int) -> ReportPicture:
        if page not in self._pictures and self._pages is not None:
            self._pictures[page] = self._pages.picture(page)
        return self._pictures[page]

    def _identity(self, page: int) -> str:
        return f"{self._chapter}-page-{page}"


def _points(value: float) -> str:
    """A length in points for SVG: a tenth is enough."""
    return f"{round(value, 1):g}"
