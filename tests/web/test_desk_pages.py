"""Every page of the desks in chromium: no serious fault of accessibility, nothing in the console, wide enough."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

pytest.importorskip("playwright", reason="needs the extra juesuan[dev]")

from playwright.sync_api import Browser, Page

from juesuan.web.filing.filings import content_of
from juesuan.web.infra.models import Filing, ReviewFile, Season
from juesuan.web.infra.security import HEADERS
from juesuan.web.server import FAILURES, WORKS
from juesuan.web.site.jobs import Workers

from .chromium import browser, needs_chromium, quiet, serious_faults, served, signed_in
from .conftest import City, Clock, cheap_settings, working_once
from .filling import begin, fill_in, open_season, save
from .samples import published, wrong_account

__all__ = ["browser"]
pytestmark = needs_chromium

POLICY = dict(HEADERS)[b"content-security-policy"].decode()

OF_WIDTH = ("scrollable-region-focusable", "target-size", "link-in-text-block")
"""The rules of axe whose verdict depends on how wide the page is."""

PAGES = {
    "editor": (
        "/desk", "/filings", "/filings/1", "/filings/1/sheets/单位信息", "/filings/1/sheets/支出",
        "/filings/1/sheets/绩效指标", "/filings/1/sheets/原因说明", "/filings/1/reasons", "/filings/1/page",
        "/filings/2", "/organisations", "/account",
    ),
    "approver": ("/filings/1", "/filings/1/sheets/支出", "/filings/1/sheets/三公经费"),
    "department": ("/filings?state=mine", "/filings/1/beside"),
    "reviewer": (
        "/seasons", "/filings", "/documents", "/documents/1", "/documents/1/beside", "/documents/2", "/progress",
    ),
    "manager": ("/desk", "/users", "/organisations", "/seasons"),
    "inspector": ("/desk", "/audit", "/users", "/filings/1", "/documents/1"),
}


@pytest.fixture(scope="module")
def desks(tmp_path_factory: pytest.TempPathFactory, kept: Path) -> Iterator[tuple[City, str]]:
    """A city at work: a filing with faults and gaps, an empty one, a document that was read, one that cannot be."""
    folder = tmp_path_factory.mktemp("desks")
    city = City(cheap_settings(folder / "data", Clock()), Clock())
    with working_once(kept):
        _filled_and_read(city, folder)
    with served(city.application) as root:
        yield city, root
    city.site.database.close()


def _filled_and_read(city: City, folder: Path) -> None:
    """What the desks have to show."""
    open_season(city, approved="2023-08-10")
    client, place = begin(city)
    fill_in(city, place)
    save(client, place, "支出", **{"1.basic": ("5801980", "很多")})
    save(client, place, "三公经费", **{"0.b5": ("30000", "3000")})
    save(client, place, "原因说明", **{"0.收支总计变动": (_text(city, "收支总计变动"), "")})
    with city.site.database.writing() as session:
        season = Season(year=2023, profile="national", approved="", creator="", created="")
        session.add(season)
    begin(city, year=2023)
    path = published(folder, wrong_account())
    reviewer = city.browser("reviewer")
    reviewer.get("/documents")
    files = [("files", (path.name, path.read_bytes())), ("files", ("坏的.pdf", b"%PDF-1.7 this is not one"))]
    reviewer.post("/documents", {"approved": "2026-05-10"}, files=files)
    assert Workers(city.site, WORKS, FAILURES).do_all() == 2
    with city.site.database.reading() as session:
        assert {row.id: row.state for row in session.scalars(select(ReviewFile))} == {1: "read", 2: "unreadable"}


def _text(city: City, key: str) -> str:
    with city.site.database.reading() as session:
        return content_of(session.scalars(select(Filing)).one()).page("原因说明").cells[key]


def _looked_at(view: Page, address: str, told: list[str]) -> None:
    answer = view.goto(address)
    assert answer is not None and answer.status == 200, address
    assert answer.headers["content-security-policy"] == POLICY
    for width, rules in ((1280, ()), (1000, OF_WIDTH)):
        view.set_viewport_size({"width": width, "height": 900})
        assert serious_faults(view, rules) == [], f"{address} at {width} px"
        assert view.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"{address} at {width} px"
    assert told == [], address


@pytest.mark.parametrize("name", PAGES)
def test_no_page_of_the_desks_has_a_serious_fault(desks: tuple[City, str], browser: Browser, name: str):
    _, root = desks
    view = signed_in(browser, root, name)
    told: list[str] = []
    quiet(view, told)
    for page in PAGES[name]:
        _looked_at(view, root + page, told)
    view.context.close()


def test_signing_in_has_no_serious_fault(desks: tuple[City, str], browser: Browser):
    _, root = desks
    view = browser.new_page()
    told: list[str] = []
    quiet(view, told)
    _looked_at(view, f"{root}/sign-in", told)
    view.fill("[name=name]", "editor")
    view.fill("[name=password]", "wrong")
    view.click("main button")
    assert serious_faults(view) == [], "refused"
    view.close()


def test_lists_are_read_on_a_phone_without_scrolling_sideways(desks: tuple[City, str], browser: Browser):
    _, root = desks
    for name, pages in {
        "reviewer": ("/progress", "/filings", "/documents", "/seasons", "/watched"), "manager": ("/users",),
        "inspector": ("/audit",),
    }.items():
        view = signed_in(browser, root, name, 360)
        for page in pages:
            view.goto(root + page)
            assert view.evaluate(
                "[document.documentElement, ...document.querySelectorAll('.scroll')]"
                ".every(each => each.scrollWidth <= each.clientWidth + 1)"
            ), page
            assert serious_faults(view, OF_WIDTH) == [], page
            for table in view.locator("table.stack").all():
                # What the heads say on a wide screen stands before each cell; the first says itself what it is.
                heads = [each.strip() for each in table.locator("th").all_text_contents()]
                said = table.locator("td[data-th]").evaluate_all("cells => cells.map(cell => cell.dataset.th)")
                assert all(any(head.startswith(each or "-") for head in heads) for each in said), page
        view.context.close()
