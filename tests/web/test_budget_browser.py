"""A budget's way in chromium: from the files of the unit over review and approval to the page that everybody sees."""

from __future__ import annotations

import pytest

pytest.importorskip("playwright", reason="needs the extra juesuan[dev]")

from playwright.sync_api import Browser, Page, expect

from .chromium import browser, needs_chromium, quiet, serious_faults, served, signed_in
from .conftest import ONE_ENGINE, City
from .filling import open_season
from .publishing import publish, work
from .samples import EXAMPLE, UNIT, account

__all__ = ["browser"]
pytestmark = [needs_chromium, ONE_ENGINE]
BUDGET = "budget-unit"
APPROVE = "批复并公开"


def test_a_budget_is_filed_reviewed_approved_and_seen(city: City, browser: Browser):
    open_season(city, 2022, BUDGET)
    told: list[str] = []
    with served(city.application) as root:
        view = signed_in(browser, root)
        quiet(view, told)
        _filled_in(view)
        assert serious_faults(view) == []
        _take(browser, root, "editor", "送审", told)
        for name, button in (("approver", "审核通过，报主管部门"), ("department", "审核通过，报财政部门")):
            _take(browser, root, name, button, told)
        _take(browser, root, "reviewer", APPROVE, told)
        assert work(city) == 1
        public = browser.new_context(locale="zh-CN").new_page()
        quiet(public, told)
        public.goto(f"{root}/units/201/2022")
        expect(public.locator("h1").first).to_contain_text(f"{UNIT}　2022年度预算")
        expect(public.locator("main")).to_contain_text("3,227.02")
        assert serious_faults(public) == []
        # The account follows in autumn: both stand beside each other, by amount, by goal and by code.
        publish(city, account())
        public.goto(f"{root}/units/201/2022/outcome")
        row = public.locator("tr:has(th:text-is('社保自助查询打印等业务年处理量'))")
        expect(row.locator("td >> nth=0")).to_have_text("30万笔")
        assert serious_faults(public) == []
        public.goto(f"{root}/subjects/2080108?kind=预算")
        expect(public.locator("main")).to_contain_text("2,178.48")
        public.click("main a:has-text('看决算')")
        expect(public.locator("main")).to_contain_text("784.05")
        public.context.close()
    assert told == []


def _filled_in(view: Page) -> None:
    """The editor begins, takes over workbook and ledger, and puts the unit's own name."""
    view.click("nav >> text=填报")
    view.click("button:has-text('开始填报')")
    for name in ("workbook.xlsx", "ledger.csv"):
        view.once("dialog", lambda asked: asked.accept())
        view.set_input_files(".drop [name=file] >> nth=0", EXAMPLE / "budget" / name)
        view.click("button:has-text('读入')")
        expect(view.locator(".done")).to_contain_text(f"已从 {name} 读入")
    view.click("a:has-text('单位信息') >> nth=0")
    view.fill("[name='c.0.name']", UNIT)
    view.press("[name='c.0.name']", "Tab")
    expect(view.locator("#saved")).to_contain_text("已保存")


def _take(browser: Browser, root: str, name: str, button: str, told: list[str]) -> None:
    """A person signs in, opens the unit's budget and takes a step."""
    view = signed_in(browser, root, name)
    quiet(view, told)
    view.click("nav >> text=填报")
    view.click(f"main td a:has-text('{UNIT}')")
    if button == APPROVE:
        view.click(f"a:text-is('{button}…')")
        expect(view.locator("main")).to_contain_text("2022年单位预算表")
        button = f"确认，{button}"
    form = view.locator(f"form:has(button:text-is('{button}'))")
    with view.expect_navigation():
        form.locator("button").click()
    expect(view.locator("main .trouble[role=alert]")).to_have_count(0)
    view.context.close()
