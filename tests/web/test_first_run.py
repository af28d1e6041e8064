"""From an empty folder to the first filing open, by the printed guide; and help on every page."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from juesuan.web import create_application
from juesuan.web.infra.models import Filing, User
from juesuan.web.routes.guide import PAGES
from juesuan.web.setup.pages import first_address
from juesuan.web.site.help import load_help

from .chromium import CHROMIUM, FLAGS, needs_chromium, serious_faults
from .client import Client
from .conftest import ONE_ENGINE, PASSWORD, Browser, City, Clock, cheap_settings

ROOT = Path(__file__).parents[2]
WEB = ROOT / "src" / "juesuan" / "web"
DEPARTMENTS = {"200": "江城市教育局", "300": "江城市卫生健康局", "400": "江城市水务局"}
UNITS = {f"{above}{number:02}": above for above, many in (("200", 4), ("300", 3), ("400", 3))
         for number in range(1, many + 1)}
ORGANISATIONS = "\n".join([
    "代码\t名称\t类型\t上级代码", *(f"{code}\t{name}\t主管部门\t100" for code, name in DEPARTMENTS.items()),
    *(f"{code}\t{DEPARTMENTS[above]}第{code[3:]}单位\t预算单位\t{above}" for code, above in UNITS.items()),
])
PEOPLE = "\n".join([
    "用户名\t姓名\t角色\t机构代码", "reviewer\t周审核\t财政审核人\t100",
    *(f"d{code}\t部门{code}\t主管部门\t{code}" for code in DEPARTMENTS),
    *(f"e{code}\t填报{code}\t单位填报人\t{code}" for code in (*DEPARTMENTS, *UNITS)),
    *(f"a{code}\t审核{code}\t单位审核人\t{code}" for code in (*DEPARTMENTS, *UNITS)),
])
"""A city of 3 departments and 10 units: 30 people, pasted from Excel."""


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[tuple[Browser, str]]:
    """A browser before an empty server, and the address at which that is set up."""
    application = create_application(cheap_settings(tmp_path / "data", Clock()))
    site = application.state.site
    yield Browser(Client(application)), first_address(site, "")
    site.database.close()


def _first(browser: Browser, address: str, **other: str):
    browser.get(address)
    key = address.partition("key=")[2]
    given = {"bureau": "江城市财政局", "code": "100", "full_name": "王管理", "name": "admin", "new": PASSWORD,
             "again": PASSWORD, "key": key}
    return browser.post("/first", given | other)


def test_the_link_to_an_empty_server_is_good_until_there_is_an_administrator(empty: tuple[Browser, str]):
    browser, address = empty
    assert browser.get("/first?key=guessed.1.x").status_code == 410
    weak = _first(browser, address, new="short", again="short")
    assert weak.status_code == 400 and "江城市财政局" in weak.text, "what was typed is still there"
    assert _first(browser, address, again="Other-pond-42!").status_code == 400
    answer = _first(browser, address)
    assert (answer.status_code, answer.headers["location"]) == (303, "/setup")
    assert "第一次设置" in browser.get("/setup").text
    assert browser.get(address).status_code == 410
    site = browser.client.app.state.site
    assert first_address(site, "") == "", "there is a user now"
    assert browser.get(f"/first?key={site.first_links.make()}").status_code == 410
    with site.database.reading() as session:
        assert [user.role for user in session.scalars(select(User))] == ["bureau_admin"]


def test_the_steps_stand_on_every_page_until_they_are_done(empty: tuple[Browser, str]):
    browser, address = empty
    _first(browser, address)
    assert 'aria-label="第一次设置"' in browser.get("/desk").text
    assert "请先做第 3 步" in browser.post("/setup/filings").text
    browser.get("/organisations")
    browser.post("/organisations", {"pasted": ORGANISATIONS})
    assert "1 机构 ✓" in browser.get("/users").text
    browser.post("/users/list", {"pasted": PEOPLE.rpartition("\n")[0]})
    told = browser.get("/setup").text
    assert "还有 1 个机构缺人" in told and "江城市水务局第03单位" in told and "没有单位审核人" in told
    browser.post("/users/list", {"pasted": PEOPLE})
    assert "缺人" not in browser.get("/setup").text
    browser.post("/seasons", {"year": "2025", "profile": "national"})
    assert "为 13 个部门和单位开始 2025年度决算填报" in browser.get("/setup").text
    assert "已为 13 个部门和单位打开" in browser.post("/setup/filings").text
    assert "已为 0 个" in browser.post("/setup/filings").text, "nobody's twice"
    assert 'aria-label="第一次设置"' not in browser.get("/desk").text
    with browser.client.app.state.site.database.reading() as session:
        assert session.scalar(select(func.count(Filing.id))) == 13


@needs_chromium
def test_by_the_printed_guide_in_a_dozen_steps_at_most(tmp_path: Path):
    """Each step of docs/operations.zh-CN.md, done as it says; the first is to install the program."""
    from playwright.sync_api import sync_playwright

    guide = (ROOT / "docs" / "operations.zh-CN.md").read_text(encoding="utf-8")
    printed = re.findall(r"^(\d+)\. ", guide.partition("### 第一次设置")[2].partition("\n## ")[0], re.MULTILINE)
    assert len(printed) == 10 <= 12
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    command = [sys.executable, "-m", "juesuan.cli", "serve", "--data", str(tmp_path / "data"), "--port", port]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert server.stdout
    try:
        address = next(found[0] for line in server.stdout if (found := re.search(r"http://\S+", line)))  # 2
        with sync_playwright() as driver:
            chromium = driver.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
            view = chromium.new_context(viewport={"width": 1280, "height": 900}).new_page()
            view.goto(address)  # 3
            given = {"bureau": "江城市财政局", "full_name": "王管理", "name": "admin", "new": PASSWORD,
                     "again": PASSWORD}
            for field, value in given.items():
                view.fill(f"[name={field}]", value)
            view.click("text=开始 >> nth=-1")
            view.click("nav.setup >> text=1 机构")  # 4
            view.fill("[name=pasted]", ORGANISATIONS)
            view.click("main button:text-is('导入')")
            view.click("nav.setup >> text=2 用户")  # 5
            view.click("summary:has-text('按清单导入')")
            view.fill("[name=pasted]", PEOPLE)
            view.click("main button:text-is('导入')")
            links = view.input_value("textarea.copied").strip().splitlines()  # 6
            assert len(links) == 30
            view.click("nav.setup >> text=3 年度")  # 7
            view.fill("[name=year]", "2025")
            view.click("button:has-text('开放填报')")
            view.fill("[name=approved]", "2026-08-10")  # 8
            view.click("button:has-text('登记')")
            view.click("nav.setup >> text=4 开始填报")  # 9
            assert serious_faults(view) == []
            view.click("button:has-text('为 13 个部门和单位开始')")
            assert "设置完成" in view.inner_text("main")
            invitation = next(line.split("\t")[3] for line in links if "\te20001\t" in line)  # 10
            other = chromium.new_context(viewport={"width": 1280, "height": 900}).new_page()
            other.goto(invitation)
            other.fill("[name=new]", PASSWORD)
            other.fill("[name=again]", PASSWORD)
            other.click("button:has-text('设好口令并登录')")
            other.click("text=本单位 2025年度决算")
            assert "江城市教育局第01单位" in other.inner_text("h1")
            other.click("summary:has-text('这一页')")
            assert "照“下一步”做" in other.inner_text(".help")
            other.click(".help a")
            assert other.locator("#填报").count() == 1
            assert serious_faults(other) == []
            chromium.close()
    finally:
        server.terminate()
        server.wait(20)


def test_every_page_says_what_it_is_and_what_comes_next():
    pages = {
        path.name.partition(".")[0] for path in (WEB / "templates").glob("*.jinja")
        if '{% extends "' in path.read_text(encoding="utf-8")
    }
    assert pages - load_help().keys() == {"portal", "refused", "guide", "personal_closed"}, "these need no help"
    assert load_help().keys() <= pages


@ONE_ENGINE
def test_every_link_of_the_help_leads_into_the_guide(city: City):
    from juesuan.web.site.help import help_of

    browser = city.browser()
    known = {page: browser.get(f"/guide/{page}").text for page in PAGES}
    for template in load_help():
        found = help_of(f"{template}.html.jinja", "")
        if found and found.guide:
            page, _, heading = found.guide.removeprefix("/guide/").partition("#")
            assert not heading or f'id="{heading}"' in known[page], (template, found.guide)
    assert "<table>" in known["desk"] and "<!--" not in known["desk"] and "&lt;!--" not in known["desk"]
    assert 'href="/guide/portal"' in known["desk"]
    picture = re.search(r'src="(/guide/images/[^"]+)"', known["desk"])
    assert picture and browser.get(picture[1]).headers["content-type"] == "image/png"
    for nothing in ("/guide/contributing", "/guide/images/..%2Fpyproject.toml", "/guide/images/none.png"):
        assert browser.get(nothing).status_code == 404, nothing
