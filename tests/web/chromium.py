"""Chromium in tests: an application served on a port of its own, and what axe has to say of a page."""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
import uvicorn

pytest.importorskip("playwright", reason="needs the extra juesuan[dev]")

from axe_playwright_python.sync_playwright import Axe
from fastapi import FastAPI
from playwright.sync_api import Browser, Page, sync_playwright

from .conftest import PASSWORD

PROGRAMS = tuple(map(Path, ("/usr/bin/chromium-headless-shell", "/usr/bin/chromium")))
"""The one without a window needs a third less of the processor for the same pages."""

CHROMIUM = Path(os.environ.get("CHROMIUM") or next(filter(Path.exists, PROGRAMS), PROGRAMS[-1]))
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)
needs_chromium = pytest.mark.skipif(
    not CHROMIUM.exists(), reason="needs chromium: scripts/system-packages installs it"
)


@contextmanager
def served(application: FastAPI) -> Iterator[str]:
    """The address of the application while it is served."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(application, port=port, log_config=None))
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


def serious_faults(view: Page, rules: Sequence[str] = ()) -> list[object]:
    """What axe calls serious or critical on the page as it stands, by all its rules or some."""
    # Of what passed, axe would tell every node of a page of thousands.
    options = {"resultTypes": ["violations"], **({"runOnly": list(rules)} if rules else {})}
    if not view.evaluate("'axe' in window"):
        view.evaluate(Axe().axe_script)
    found = view.evaluate("options => axe.run(options).then(results => results.violations)", options)
    return [
        (fault["id"], fault["impact"], [node["target"] for node in fault["nodes"]][:3])
        for fault in found if fault["impact"] in ("serious", "critical")
    ]


def signed_in(browser: Browser, address: str, name: str = "editor", width: int = 1280) -> Page:
    """A page in a browser of its own, in which the user `name` has signed in at the server that `address` is of."""
    view = browser.new_context(
        viewport={"width": width, "height": 900}, locale="zh-CN", timezone_id="Asia/Shanghai"
    ).new_page()
    view.goto("/".join(address.split("/")[:3]) + "/sign-in")
    view.fill("[name=name]", name)
    view.fill("[name=password]", PASSWORD)
    view.click("main button")
    view.wait_for_url("**/desk")
    return view


def quiet(view: Page, told: list[str]) -> None:
    """Notes in `told` what the page's console and scripts complain of; a form refused with reasons is no fault."""
    def note(text: str) -> None:
        if "status of 400" not in text:
            told.append(text)

    view.on("console", lambda message: note(message.text))
    view.on("pageerror", lambda error: told.append(str(error)))
