"""Makes the pictures of one person's own desk: `juesuan desk` run on the example's three files, in chromium."""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

HELD = Path(__file__).resolve().parent.parent / "examples" / "wuhan-2022" / "held"


def main(images: Path, chromium: Path) -> None:
    """Writes docs/images/own-desk*.png."""
    with tempfile.TemporaryDirectory() as name:
        # The page shows where the folder is: a name that reads well.
        command = [sys.executable, "-m", "juesuan.cli", "desk", "--no-browser", "--data", "决算"]
        desk = subprocess.Popen(command, cwd=name, stdout=subprocess.PIPE, text=True)
        assert desk.stdout
        address = next(found[0] for line in desk.stdout if (found := re.search(r"http://\S+", line)))
        try:
            with sync_playwright() as driver:
                browser = driver.chromium.launch(executable_path=chromium, args=["--headless", "--no-sandbox"])
                view = browser.new_context(viewport={"width": 1280, "height": 640}, locale="zh-CN").new_page()
                view.goto(address)
                view.evaluate("document.querySelector('main > p.soft').remove()")
                _take(view, images / "own-desk.png")
                view.set_input_files("form[action$=begin] [type=file]", sorted(HELD.iterdir()))
                view.locator("form[action$=begin] button").click()
                view.wait_for_url("**/filings/*")
                view.set_viewport_size({"width": 1280, "height": 940})
                _take(view, images / "own-desk-filing.png")
                browser.close()
        finally:
            desk.terminate()
            desk.wait(20)


def _take(view: Page, path: Path) -> None:
    view.screenshot(path=path)
    Image.open(path).convert("RGB").save(path, optimize=True)
