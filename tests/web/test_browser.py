"""The public pages in a real browser: nothing that readers with impairments stumble over, no scrolling sideways."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pypdfium2 as pdfium
import pytest

pytest.importorskip("playwright", reason="needs the extra juesuan[dev]")

from playwright.sync_api import Browser, ConsoleMessage, Page

from .chromium import browser, needs_chromium, serious_faults, served
from .conftest import ONE_ENGINE, City
from .test_portal import PAGES

__all__ = ["browser"]
pytestmark = [needs_chromium, ONE_ENGINE]


@pytest.fixture(scope="module")
def address(portal: City) -> Iterator[str]:
    """The portal, served on a port of its own."""
    with served(portal.application) as place:
        yield place


@pytest.fixture(scope="module")
def view(browser: Browser) -> Iterator[Page]:
    """One page for all that is looked at: a new one starts two processes."""
    made = browser.new_page()
    yield made
    made.close()


ALIKE = ("/units/201/2022/v1", "/units/301/2022")
"""Made from the template of /units/201/2022: axe takes seconds for an account."""


@pytest.mark.parametrize("page", [page for page in PAGES if page not in ALIKE])
def test_no_page_has_a_serious_fault_of_accessibility_or_breaks_its_own_policy(address: str, view: Page, page: str):
    told: list[str] = []

    def note(message: ConsoleMessage) -> None:
        told.append(message.text)

    view.on("console", note)
    view.set_viewport_size({"width": 1280, "height": 900})
    answer = view.goto(address + page)
    assert answer is not None
    for width in (1280, 360):
        view.set_viewport_size({"width": width, "height": 900})
        assert serious_faults(view) == []
        assert view.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"{width} px are enough"
    view.remove_listener("console", note)
    assert answer.status == 404 or told == [], "the console has nothing to complain of"


def test_the_portal_reads_and_searches_without_scripts(address: str, browser: Browser):
    context = browser.new_context(java_script_enabled=False)
    view = context.new_page()
    view.goto(address)
    view.fill("#q", "三公经费 第一中学")
    view.click("text=检索 >> nth=-1")
    view.click("ol.hits a >> nth=0")
    assert "2022年度决算" in view.inner_text("h1")
    with view.expect_download() as waiting:
        view.click("section.downloads a >> nth=0")
    assert waiting.value.suggested_filename == "2022年度测试市第一中学决算公开.pdf"
    context.close()


def test_the_account_prints_on_paper_with_all_tables_and_no_menus(address: str, view: Page, tmp_path: Path):
    view.goto(f"{address}/units/201/2022")
    view.pdf(path=tmp_path / "page.pdf", format="A4")
    with closing(pdfium.PdfDocument(tmp_path / "page.pdf")) as paper:
        text = "".join("".join(page.get_textpage().get_text_range().split()) for page in paper)
    assert "收入支出决算总表" in text and "更正说明" in text and "绩效自评表" in text
    view.emulate_media(media="print")
    for menu in (".top", ".tabs", ".foot", ".contents"):
        assert not view.is_visible(menu)
    view.emulate_media(media="null")
