"""The public pages in a real browser: nothing that readers with impairments stumble over, no scrolling sideways."""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pypdfium2 as pdfium
import pytest
import uvicorn

pytest.importorskip("playwright", reason="needs the extra juesuan[dev]")

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, sync_playwright

from .conftest import City
from .test_portal import PAGES

CHROMIUM = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)
pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason="needs chromium: scripts/system-packages installs it")


@pytest.fixture(scope="module")
def address(portal: City) -> Iterator[str]:
    """The portal, served on a port of its own."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(portal.application, port=port, log_config=None))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(10)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium."""
    with sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield chromium
        chromium.close()


@pytest.mark.parametrize("page", PAGES)
def test_no_page_has_a_serious_fault_of_accessibility_or_breaks_its_own_policy(
    address: str, browser: Browser, page: str
):
    for width in (1280, 360):
        view = browser.new_page(viewport={"width": width, "height": 900})
        told: list[str] = []
        view.on("console", lambda message, told=told: told.append(message.text))
        answer = view.goto(address + page)
        assert answer is not None
        found = Axe().run(view).response["violations"]
        serious = [
            (fault["id"], fault["impact"], [node["target"] for node in fault["nodes"]][:3])
            for fault in found if fault["impact"] in ("serious", "critical")
        ]
        assert serious == []
        assert answer.status == 404 or told == [], "the console has nothing to complain of"
        assert view.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"{width} px are enough"
        view.close()


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


def test_the_account_prints_on_paper_with_all_tables_and_no_menus(address: str, browser: Browser, tmp_path: Path):
    view = browser.new_page()
    view.goto(f"{address}/units/201/2022")
    view.pdf(path=tmp_path / "page.pdf", format="A4")
    with closing(pdfium.PdfDocument(tmp_path / "page.pdf")) as paper:
        text = "".join("".join(page.get_textpage().get_text_range().split()) for page in paper)
    assert "收入支出决算总表" in text and "更正说明" in text and "绩效自评表" in text
    view.emulate_media(media="print")
    for menu in (".top", ".tabs", ".foot", ".contents"):
        assert not view.is_visible(menu)
    view.close()
