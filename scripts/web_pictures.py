"""Makes the pictures of the web from a made-up city at work: everything in them was done in the browser.

A server with its workers runs in this process, its clock stands still. Needs the development extras (playwright).
"""

from __future__ import annotations

import socket
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import msgspec
import uvicorn
from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

import juesuan
from juesuan.account import Fact, Figure
from juesuan.web import Settings, create_application
from juesuan.web.auth.organisations import import_organisations
from juesuan.web.auth.users import add_user
from juesuan.web.infra.audit import SYSTEM
from juesuan.web.infra.settings import NATIONAL_TIME
from juesuan.web.server import FAILURES, WORKS
from juesuan.web.site.jobs import Workers
from juesuan.web.site.site import Site

ROOT = Path(__file__).resolve().parent.parent
EXAMPLE = ROOT / "examples" / "wuhan-2022"
WORKBOOK = EXAMPLE / "whole" / "workbook.xlsx"
NOW = datetime(2023, 8, 15, 9, 30, tzinfo=NATIONAL_TIME)
PASSWORD = "Lotus-pond-42!"
UNIT = "江城市社会保障信息中心"
CITY = f"""\
代码,名称,类型,上级代码
100,江城市财政局,财政部门,
200,江城市人力资源和社会保障局,主管部门,100
201,{UNIT},预算单位,200
202,江城市劳动人事争议仲裁院,预算单位,200
203,江城市公共就业服务中心,预算单位,200
"""
PEOPLE = {
    "editor": ("陈会计", "unit_editor", "201"),
    "approver": ("刘主任", "unit_approver", "201"),
    "department": ("赵科长", "department", "200"),
    "reviewer": ("周审核", "bureau_reviewer", "100"),
    "manager": ("王管理", "bureau_admin", "100"),
    "neighbour": ("吴会计", "unit_editor", "202"),
    "inspector": ("郑审计", "auditor", "100"),
}


@contextmanager
def served(data: Path) -> Iterator[str]:
    """The address of a server for the city."""
    settings = replace(
        Settings(data, address="https://juesuan.example", watched_private=("localhost",)), clock=lambda: NOW,
        password_memory=64, password_rounds=1,
        requests_per_minute=100_000, account_requests_per_minute=100_000,
    )
    application = create_application(settings)
    site: Site = application.state.site
    with site.database.writing() as session:
        import_organisations(session, site.trail, SYSTEM, CITY.encode())
        for name, (full_name, role, organisation) in PEOPLE.items():
            add_user(session, site.trail, site.passwords, SYSTEM, name=name, full_name=full_name, role=role,
                     organisation=organisation, password=PASSWORD)
    workers = Workers(site, WORKS, FAILURES)
    workers.start()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(application, port=port, log_config=None))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(10)
        workers.stop()
        site.database.close()


class Photographer:
    """Goes through the city's work in browsers of its people, and takes pictures on the way."""

    def __init__(self, browser: Browser, address: str, images: Path) -> None:
        self._browser, self._address, self._images = browser, address, images
        self._pages: dict[str, Page] = {}

    def page(self, name: str = "") -> Page:
        """What somebody has in front of them; nobody in particular has not signed in."""
        if name not in self._pages:
            view = self._browser.new_context(
                viewport={"width": 1280, "height": 860}, locale="zh-CN", timezone_id="Asia/Shanghai"
            ).new_page()
            view.clock.set_fixed_time(NOW)
            view.on("dialog", lambda asked: asked.accept())
            self._pages[name] = view
            if name:
                view.goto(f"{self._address}/sign-in")
                view.fill("[name=name]", name)
                view.fill("[name=password]", PASSWORD)
                view.click("main button")
        return self._pages[name]

    def take(self, view: Page, name: str, height: int = 860) -> None:
        """Writes docs/images/NAME.png, the page from its top."""
        view.set_viewport_size({"width": 1280, "height": height})
        view.wait_for_timeout(300)
        path = self._images / f"{name}.png"
        view.screenshot(path=path)
        Image.open(path).convert("RGB").save(path, optimize=True)
        view.set_viewport_size({"width": 1280, "height": 860})

    def both(self, view: Page, name: str, height: int) -> None:
        """Writes docs/images/NAME.png: the page as it is 1,280 wide, and on a phone (360) beside it."""
        view.reload()
        view.wait_for_load_state("networkidle")
        parts = []
        for width in (1280, 360):
            view.set_viewport_size({"width": width, "height": height})
            view.wait_for_timeout(300)
            path = self._images / f"{name}-{width}.png"
            view.screenshot(path=path)
            parts.append(Image.open(path).convert("RGB"))
            path.unlink()
        view.set_viewport_size({"width": 1280, "height": 860})
        sheet = Image.new("RGB", (1280 + 360 + 48, height + 32), "#dcdcdc")
        sheet.paste(parts[0], (16, 16))
        sheet.paste(parts[1], (1280 + 32, 16))
        sheet.quantize(128).save(self._images / f"{name}.png", optimize=True)

    def open(self, name: str, sheet: str = "") -> Page:
        """Somebody opens the unit's account, or a sheet of it."""
        view = self.page(name)
        view.goto(f"{self._address}/filings/1/sheets/{sheet}" if sheet else f"{self._address}/filings/1")
        return view

    def write(self, view: Page, field: str, value: str) -> None:
        """Fills in a cell and waits until it is saved and checked."""
        with view.expect_response("**/check?**"):
            view.fill(f"[name='c.{field}']", value)
            view.press(f"[name='c.{field}']", "Tab")
        expect(view.locator("#saved")).to_contain_text("已保存")

    def step(self, name: str, button: str, reason: str = "") -> Page:
        """Somebody takes a step with the account."""
        view = self.open(name)
        form = view.locator(f"form:has(button:text-is('{button}'))")
        if reason:
            form.locator("[name=reason]").fill(reason)
        with view.expect_navigation():
            form.locator("button").click()
        return view


def open_the_year(at: Photographer) -> None:
    """The bureau opens the year and notes the day of approval; two units begin."""
    view = at.page("reviewer")
    view.click("nav >> text=年度")
    view.fill("[name=year]", "2022")
    view.select_option("[name=profile]", "wuhan-2022")
    view.click("button:has-text('开放填报')")
    view.fill("[name=approved]", "2023-08-10")
    view.click("button:has-text('登记')")
    for name in ("editor", "neighbour"):
        view = at.page(name)
        view.click("nav >> text=填报")
        view.click("button:has-text('开始填报')")


def fill_in(at: Photographer) -> None:
    """The unit's accountant fills in; pictures of a sheet with something wrong, and of a reason asked for."""
    view = at.open("editor")
    view.set_input_files(".drop [name=file] >> nth=0", WORKBOOK)
    view.click("button:has-text('读入')")
    expect(view.locator(".done")).to_be_visible()
    at.write(at.open("editor", "单位信息"), "0.name", UNIT)
    at.write(at.open("editor", "单位信息"), "0.supervisor", "江城市人力资源和社会保障局")
    view = at.open("editor", "支出")
    at.write(view, "2.basic", "8500O")
    view.focus("[name='c.2.basic']")
    at.both(view, "web-desk-sheet", 860)
    at.write(view, "2.basic", "85000")
    view = at.open("editor", "原因说明")
    reason = view.input_value("[name='c.0.收支总计变动']")
    at.write(view, "0.收支总计变动", "")
    view.goto(view.url.split("/sheets")[0] + "/reasons")
    view.fill("[name=answer]", reason)
    at.take(view, "web-desk-reasons", 520)
    view.click("button:has-text('保存，下一条')")


def send_in(at: Photographer) -> None:
    """Sent in, returned, corrected, approved; pictures of the returned account, and of one to be approved."""
    view = at.open("editor")
    for field in view.locator("#explain ~ form textarea").all():
        field.fill("指标由系统自动统计，已逐项核对台账，确实如此。")
    view.click("button:has-text('保存说明')")
    at.step("editor", "送审")
    at.step("approver", "退回", "请核对公务接待费的预算数。")
    at.both(at.open("editor"), "web-desk-filing", 860)
    at.write(at.open("editor", "三公经费"), "0.b6", "7100")
    at.step("editor", "送审")
    at.step("approver", "审核通过，报主管部门")
    at.step("department", "审核通过，报财政部门")
    view = at.open("reviewer")
    view.click("a:has-text('批复并公开')")
    at.both(view, "web-approve", 860)
    with view.expect_navigation():
        view.click("button:has-text('批复并公开')")
    expect(view.locator("#versions")).to_contain_text("已公开", timeout=120_000)


def look(at: Photographer, address: str) -> None:
    """The public looks at what is published."""
    view = at.page()
    view.goto(f"{address}/units/201/2022")
    at.both(view, "portal-account", 1000)


def review(at: Photographer, folder: Path) -> None:
    """The bureau checks a document with a wrong total."""
    made = juesuan.compile([EXAMPLE / "ledger.csv", EXAMPLE / "workbook.xlsx"])
    made = msgspec.structs.replace(made, unit=msgspec.structs.replace(made.unit, name="江城市公共就业服务中心"))
    fact = next(fact for fact in made.of_form("表1", "本年") if fact.address.row == "27")
    made.put(Fact(fact.address, Figure(fact.figure.value + 1_000_000, fact.figure.resolution)))
    (path,) = juesuan.publish(made, folder, ["pdf"])
    view = at.page("reviewer")
    view.click("nav >> text=审核")
    view.set_input_files("[name=files]", path)
    view.fill("[name=approved]", "2023-08-10")
    view.click("button:has-text('上传并核对')")
    view.click(f"main td a:has-text('{path.name}')")
    expect(view.locator(".finding").first).to_be_visible(timeout=120_000)
    view.wait_for_function("[...document.querySelectorAll('image')].length > 0")
    view.wait_for_load_state("networkidle")
    at.both(view, "web-review", 1100)
    view.click("nav >> text=审核")
    at.both(view, "web-documents", 640)


def set_beside(at: Photographer, address: str, folder: Path) -> None:
    """The bureau takes the unit's budget, which was published elsewhere; the public sees it beside the outcome."""
    made = juesuan.compile([EXAMPLE / "budget" / "ledger.csv", EXAMPLE / "budget" / "workbook.xlsx"])
    made = msgspec.structs.replace(made, unit=msgspec.structs.replace(made.unit, name=UNIT))
    (path,) = juesuan.publish(made, folder, ["docx"])
    view = at.page("reviewer")
    view.click("nav >> text=审核")
    view.set_input_files("[name=files]", path)
    view.click("button:has-text('上传并核对')")
    view.click(f"main td a:has-text('{path.name}')")
    expect(view.locator("button:text-is('接受')")).to_be_visible(timeout=120_000)
    view.fill("form:has(button:text-is('接受')) [name=reason]", "与批复核对一致。")
    view.click("button:text-is('接受')")
    view.click("button:has-text('在公开平台发布')")
    expect(view.locator("main")).to_contain_text("公开平台第1版")
    view = at.page()
    for _ in range(120):
        if view.goto(f"{address}/units/201/2022/outcome").ok:
            break
        view.wait_for_timeout(500)
    at.both(view, "portal-outcome", 1330)


def set_up(at: Photographer, address: str) -> None:
    """The administrator sees how far setting up has come, and who is still missing."""
    view = at.page("manager")
    view.goto(f"{address}/setup")
    expect(view.locator("main")).to_contain_text("没有单位填报人")
    at.both(view, "web-setup", 860)
    view.goto(f"{address}/users")
    at.both(view, "web-users", 640)
    view.goto(f"{address}/seasons")
    at.both(view, "web-seasons", 460)


class _Posting(BaseHTTPRequestHandler):
    """A unit's own site: a list page, and a document that differs from what was approved."""

    pages: ClassVar[dict[str, bytes]] = {}

    def do_GET(self) -> None:
        body = self.pages.get(self.path)
        self.send_response(200 if body is not None else 404)
        self.send_header("Content-Length", str(len(body or b"")))
        self.end_headers()
        self.wfile.write(body or b"")

    def log_message(self, *_: object) -> None:
        """Nothing."""


def watch(at: Photographer, address: str, folder: Path) -> None:
    """The bureau gives a list page; what it leads to is fetched and held against what was approved."""
    made = juesuan.compile([EXAMPLE / "ledger.csv", EXAMPLE / "workbook.xlsx"])
    made = msgspec.structs.replace(made, unit=msgspec.structs.replace(made.unit, name=UNIT))
    fact = next(fact for fact in made.of_form("表1", "本年") if fact.address.row == "27")
    made.put(Fact(fact.address, Figure(fact.figure.value + 1_000_000, fact.figure.resolution)))
    (path,) = juesuan.publish(made, folder, ["docx"])
    link = f'<a href="1.html">{UNIT}2022年度部门决算</a><a href="2.html">江城市公共就业服务中心2022年度部门决算</a>'
    _Posting.pages = {"/gk/": link.encode(), "/gk/1.html": '<a href="1.docx">附件</a>'.encode(),
                      "/gk/1.docx": path.read_bytes()}
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Posting)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    view = at.page("reviewer")
    view.goto(f"{address}/watched")
    place = f"http://localhost:{server.server_port}/gk/"
    given = f"单位\t类别\t年度\t网址\t期限\n江城市财政局\t列表页\t2022\t{place}\t2023-08-10"
    view.fill("[name=pasted]", given)
    view.click("button:text-is('导入')")
    view.click("button:has-text('现在查看一遍')")
    for _ in range(120):
        view.reload()
        if "不同" in view.inner_text("main"):
            break
        view.wait_for_timeout(500)
    at.both(view, "web-watched", 620)
    server.shutdown()


def correct(at: Photographer, address: str) -> None:
    """A correction is published; the public sees where the money goes, and the versions beside each other."""
    at.step("approver", "更正已公开的文本", "公务接待费的预算数填错，改为0.72万元。")
    at.write(at.open("editor", "三公经费"), "0.b6", "7200")
    at.step("editor", "送审")
    at.step("approver", "审核通过，报主管部门")
    at.step("department", "审核通过，报财政部门")
    view = at.open("reviewer")
    view.click("a:has-text('批复并公开')")
    with view.expect_navigation():
        view.click("button:has-text('批复并公开')")
    expect(view.locator("#versions")).to_contain_text("第2版：已公开", timeout=180_000)
    view = at.page()
    view.goto(f"{address}/subjects")
    at.both(view, "portal-subjects", 700)
    view.goto(f"{address}/units/201/2022/versions")
    at.both(view, "portal-versions", 860)
    for page, name, height in (
        ("/", "portal-home", 860), ("/search?q=公务接待", "portal-search", 860), ("/units/201", "portal-unit", 860),
        ("/compare?year=2022&unit=201&unit=202", "portal-compare", 860),
    ):
        view.goto(f"{address}{page}")
        at.both(view, name, height)
    view = at.page("inspector")
    view.goto(f"{address}/audit")
    at.both(view, "web-audit", 760)


def follow(at: Photographer) -> None:
    """The bureau sees how far everybody has come."""
    view = at.page("reviewer")
    view.click("nav >> text=进度")
    at.both(view, "web-progress", 760)


def main(images: Path, chromium: Path) -> None:
    """Writes the pictures web-*.png into `images`, with the browser `chromium`."""
    with tempfile.TemporaryDirectory() as name, served(Path(name) / "data") as address, sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--lang=zh-CN", "--font-render-hinting=none"]
        )
        at = Photographer(browser, address, images)
        open_the_year(at)
        fill_in(at)
        send_in(at)
        look(at, address)
        review(at, Path(name))
        set_beside(at, address, Path(name))
        follow(at)
        set_up(at, address)
        watch(at, address, Path(name))
        correct(at, address)
        browser.close()
