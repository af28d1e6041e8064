"""From an empty account to a corrected publication, in chromium, everybody in a browser of their own.

The server is a real one, `juesuan serve` with its workers, as an administrator starts it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("playwright", reason="needs the extra juesuan[dev]")

from playwright.sync_api import Browser, Page, expect

from fire.server import Server

from .chromium import browser, needs_chromium, quiet, signed_in
from .conftest import City, Clock, cheap_settings
from .filling import WORKBOOK

__all__ = ["browser"]
pytestmark = needs_chromium

CORRECTION = "公务接待费预算数误填为7000元，更正为7200元。"
REMARK = "请核对公务接待费的预算数。"
EXPLANATION = "指标由系统自动统计，已逐项核对台账，确实如此。"
APPROVE = "批复并公开"


@pytest.fixture(scope="module")
def served_city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server for the test's city, in which no year is open yet."""
    folder = tmp_path_factory.mktemp("whole-way")
    city = City(cheap_settings(folder / "data", Clock()), Clock())
    city.site.database.close()
    server = Server(folder / "data", "", folder / "log")
    server.start()
    yield server.address
    server.end()


class People:
    """Everybody who works on an account, each in a browser of their own, and what their consoles had to say."""

    def __init__(self, browser: Browser, address: str) -> None:
        self._browser, self._address = browser, address
        self._pages: dict[str, Page] = {}
        self.told: list[str] = []

    def __getitem__(self, name: str) -> Page:
        """The page in front of a person, who has signed in."""
        if name not in self._pages:
            self._pages[name] = view = signed_in(self._browser, self._address, name)
            quiet(view, self.told)
        return self._pages[name]

    def open(self, name: str, unit: str = "测试市第一中学") -> Page:
        """A person goes to the unit's account by the menu."""
        view = self[name]
        view.click("nav >> text=填报")
        view.click(f"main td a:has-text('{unit}')")
        return view

    def take(self, name: str, button: str, reason: str = "") -> Page:
        """A person takes a step with the unit's account."""
        view = self.open(name)
        if button == APPROVE:
            # What will be public is shown, and asked for once more.
            view.click(f"a:text-is('{button}…')")
            expect(view.locator("main")).to_contain_text("2022年度单位决算表")
            button = f"确认，{button}"
        form = view.locator(f"form:has(button:text-is('{button}'))")
        if reason:
            form.locator("[name=reason]").fill(reason)
        with view.expect_navigation():
            form.locator("button").click()
        expect(view.locator("main .trouble[role=alert]")).to_have_count(0)
        return view

    def close(self) -> None:
        """Everybody goes home."""
        for view in self._pages.values():
            view.context.close()


@pytest.fixture(scope="module")
def people(browser: Browser, served_city: str) -> Iterator[People]:
    made = People(browser, served_city)
    yield made
    made.close()


def test_the_whole_way_of_an_account(people: People, browser: Browser, served_city: str, tmp_path: Path):
    _bureau_opens_the_year(people["reviewer"])
    _editor_begins_from_the_workbook(people)
    _a_wrong_figure_is_seen_and_stops_the_account(people)
    _returned_corrected_and_approved(people)
    public = browser.new_context(accept_downloads=True).new_page()
    quiet(public, people.told)
    _published(people["reviewer"], public, served_city, 1)
    _downloads_are_what_the_fingerprint_says(public, tmp_path)
    _corrected(people)
    _published(people["reviewer"], public, served_city, 2)
    expect(public.locator(".correction")).to_contain_text(CORRECTION)
    public.click("main a[href$='/v1'] >> nth=0")
    expect(public.locator(".superseded")).to_contain_text("已被更正取代")
    expect(public.locator("main")).to_contain_text("2022年度单位决算表")
    public.click(".superseded a")
    expect(public.locator(".superseded")).to_have_count(0)
    _auditor_sees_all_and_changes_nothing(people, served_city)
    assert people.told == []


def _bureau_opens_the_year(view: Page) -> None:
    view.click("nav >> text=年度")
    view.fill("[name=year]", "2022")
    view.select_option("[name=profile]", label="武汉市 2022 年度")
    view.click("button:has-text('开放填报')")
    expect(view.locator("tbody")).to_contain_text("2022")


def _editor_begins_from_the_workbook(people: People) -> None:
    view = people["editor"]
    view.click("nav >> text=填报")
    view.click("button:has-text('开始填报')")
    expect(view.locator(".next")).to_contain_text("从第一张表填起")
    view.once("dialog", lambda asked: asked.accept())
    view.set_input_files(".drop [name=file] >> nth=0", WORKBOOK)
    view.click("button:has-text('读入')")
    expect(view.locator(".done")).to_contain_text("已从 workbook.xlsx 读入 14 张表")
    expect(view.locator(".trouble")).to_contain_text("本单位是“测试市第一中学”")
    view.reload()
    expect(view.locator("h1")).to_contain_text("测试市第一中学")
    # The example is another unit's.
    view.click("a:has-text('单位信息')")
    view.fill("[name='c.0.name']", "测试市第一中学")
    view.press("[name='c.0.name']", "Tab")
    expect(view.locator("#saved")).to_contain_text("已保存")


def _a_wrong_figure_is_seen_and_stops_the_account(people: People) -> None:
    view = people.open("editor")
    view.click("a:has-text('财政拨款“三公”经费')")
    budget = view.locator("[name='c.0.b5']")
    expect(budget).to_have_value("30,000")
    budget.fill("3000")
    budget.press("Tab")
    beside = view.locator("[id='notes-0.b5'] .warning")
    expect(beside.last).to_contain_text("相差 8,600.00")
    expect(beside.last).to_contain_text("公务用车运行维护费决算数")

    view.click(".tabs a:has-text('支出') >> nth=0")
    spent = view.locator("[name='c.1.basic']")
    spent.fill("6801980")
    spent.press("Tab")
    above = view.locator("#loose .error")
    expect(above.first).to_contain_text("表5!合计行2栏 = 表6!人员经费合计行1栏 + 表6!公用经费合计行1栏")
    expect(above.first).to_contain_text("相差 1,000,000.00")
    expect(view.locator("[data-badge=基本支出]")).to_have_text("1")

    view = people.open("editor")
    expect(view.locator(".next")).to_contain_text("改正 3 处错误")
    view.click("button:text-is('送审')")
    expect(view.locator(".trouble")).to_contain_text("还有错误")
    expect(view.locator(".facts")).to_contain_text("填报中")

    view.click(".next a")
    expect(view.locator("#loose .error").first).to_contain_text("60行各栏 ≥ 0")
    view.click(".tabs a:text-matches('^支出') >> nth=0")
    view.locator("[name='c.1.basic']").fill("5801980")
    view.press("[name='c.1.basic']", "Tab")
    expect(view.locator("#loose .error")).to_have_count(0)
    view.click(".tabs a:text-matches('^三公经费')")
    view.fill("[name='c.0.b5']", "30000")
    view.press("[name='c.0.b5']", "Tab")
    expect(view.locator("[id='notes-0.b5'] .warning")).to_have_count(0)

    view = people.open("editor")
    view.click("a:has-text('预览公开文本')")
    expect(view.locator("main")).to_contain_text("没有公开")
    expect(view.locator("main")).to_contain_text("测试市第一中学2022年度单位决算表")


def _explained(people: People) -> None:
    """What is to be explained is, in a field of its own, and is counted down everywhere."""
    view = people.open("editor")
    expect(view.locator(".counts .warning")).to_contain_text("6 须说明（6 处没有说明）")
    for field in view.locator("#explain ~ form textarea").all():
        field.fill(EXPLANATION)
    view.click("button:has-text('保存说明')")
    expect(view.locator(".counts .warning")).to_have_text("6 须说明")
    view.click("nav >> text=填报")
    expect(view.locator("tr:has-text('测试市第一中学') td >> nth=4")).to_have_text("6")
    expect(view.locator("tr:has-text('测试市第一中学') td >> nth=5")).to_have_text("0")


def _returned_corrected_and_approved(people: People) -> None:
    _explained(people)
    sent = people.take("editor", "送审")
    expect(sent.locator(".facts")).to_contain_text("待单位审核")
    desk = people["approver"]
    desk.click("nav >> text=工作台")
    expect(desk.locator("main")).to_contain_text("等我处理")
    desk.click("a:has-text('测试市第一中学 2022年度决算')")
    expect(desk.locator("button:has-text('审核通过')")).to_be_visible()
    expect(desk.locator(".counts .warning")).to_have_text("6 须说明")
    expect(desk.locator(f".finding.warning :text('{EXPLANATION}')")).to_have_count(6)
    people.take("approver", "退回", REMARK)
    view = people["editor"]
    view.click("nav >> text=工作台")
    expect(view.locator("main")).to_contain_text(f"已退回：{REMARK}")
    view = people.open("editor")
    expect(view.locator(".trouble")).to_contain_text(REMARK)
    view.click("a:has-text('财政拨款“三公”经费')")
    view.fill("[name='c.0.b6']", "7100")
    view.press("[name='c.0.b6']", "Tab")
    expect(view.locator("#saved")).to_contain_text("已保存")
    people.take("editor", "送审")
    view = people.open("approver")
    changed = view.locator("details:has-text('“退回”以来改了 1 处')")
    expect(changed.locator("tbody tr")).to_contain_text(["7000"])
    expect(changed.locator("tbody tr")).to_contain_text(["7100"])
    people.take("approver", "审核通过，报主管部门")
    people.take("department", "审核通过，报财政部门")
    reviewer = people["reviewer"]
    reviewer.click("nav >> text=年度")
    reviewer.fill("[name=approved]", "2023-08-10")
    reviewer.click("button:has-text('登记')")
    # 35 days: 15 for the department to pass the approval on to its unit, 20 for the unit to publish.
    approved = people.open("reviewer")
    expect(approved.locator(".facts")).to_contain_text("2023-09-14")
    people.take("reviewer", APPROVE)


def _published(reviewer: Page, public: Page, address: str, version: int) -> None:
    """Who approved a version is told, without loading the page again, that it is published, and everybody sees it."""
    line = reviewer.locator(f"#versions li:has-text('第{version}版')")
    expect(line).to_contain_text("已公开", timeout=120_000)
    public.goto(f"{address}/units/201/2022")
    expect(public.locator("h1")).to_have_text("测试市第一中学　2022年度决算")
    expect(public.locator(".facts")).to_contain_text(f"第{version}版")


def _downloads_are_what_the_fingerprint_says(public: Page, folder: Path) -> None:
    files = {}
    for kind in ("PDF", "数据（JSON）"):
        with public.expect_download() as waiting:
            public.click(f".downloads a:has-text('{kind}')")
        files[kind] = folder / waiting.value.suggested_filename
        waiting.value.save_as(files[kind])
    assert files["PDF"].name == "2022年度测试市第一中学决算公开.pdf"
    assert files["PDF"].read_bytes().startswith(b"%PDF")
    shown = {term: public.locator(f".facts div:has(dt:has-text('{term}')) dd").text_content()
             for term in ("数据文件 JSON 的 SHA-256",)}
    assert shown["数据文件 JSON 的 SHA-256"] == hashlib.sha256(files["数据（JSON）"].read_bytes()).hexdigest()


def _corrected(people: People) -> None:
    people.take("approver", "更正已公开的文本", CORRECTION)
    view = people.open("editor")
    expect(view.locator(".done")).to_contain_text(CORRECTION)
    view.click("a:has-text('财政拨款“三公”经费')")
    view.fill("[name='c.0.b6']", "7200")
    view.press("[name='c.0.b6']", "Tab")
    expect(view.locator("#saved")).to_contain_text("已保存")
    for name, button in (
        ("editor", "送审"), ("approver", "审核通过，报主管部门"), ("department", "审核通过，报财政部门"),
        ("reviewer", APPROVE),
    ):
        people.take(name, button)


def _auditor_sees_all_and_changes_nothing(people: People, address: str) -> None:
    view = people.open("inspector")
    expect(view.locator("table >> nth=-1")).to_contain_text(REMARK)
    forms = "main form, main button, main input, main textarea, main select"
    assert view.locator(forms).count() == 0
    view.click("a:has-text('财政拨款“三公”经费')")
    expect(view.locator("main")).to_contain_text("7,200")
    assert view.locator("main input:not([type=hidden]), main textarea, main select, main button").count() == 0
    for place in ("seasons", "organisations", "users", "documents", "progress"):
        view.goto(f"{address}/{place}")
        assert view.locator("main form:not([method=get]), main form:not([method=get]) button").count() == 0, place
    view.click("nav >> text=审计日志")
    for text in ("filing.return", "filing.reopen", "filing.approve", "publication.publish"):
        expect(view.locator(f"td[title='{text}']").first).to_be_visible()
