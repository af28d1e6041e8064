"""The unit desk in a real browser: saved as one types, nothing lost, findings beside the field."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import select

pytest.importorskip("playwright", reason="needs the extra juesuan[dev]")

from playwright.sync_api import Browser, Page, expect

from juesuan.web.filing import filled_of
from juesuan.web.models import Filing

from .chromium import browser, needs_chromium, serious_faults, served
from .conftest import ONE_ENGINE, PASSWORD, City
from .filling import begin, open_season, upload

__all__ = ["browser"]
pytestmark = [needs_chromium, ONE_ENGINE]
SAVED = "已保存"


@pytest.fixture
def desk(city: City) -> Iterator[tuple[City, str]]:
    """A filing with the example's workbook in it, served; its address."""
    open_season(city)
    client, place = begin(city)
    assert "已从 workbook.xlsx 读入" in upload(client, place)
    with served(city.application) as root:
        yield city, root + place


def _signed_in(browser: Browser, address: str, name: str = "editor") -> Page:
    view = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    view.goto(address.split("/filings")[0] + "/sign-in")
    view.fill("[name=name]", name)
    view.fill("[name=password]", PASSWORD)
    view.click("main button")
    view.wait_for_url("**/desk")
    return view


def _cells(city: City, sheet: str) -> list[dict[str, str]]:
    with city.site.database.reading() as session:
        page = filled_of(session.scalars(select(Filing)).one()).page(sheet)
    return [line.cells for line in page.lines]


def test_what_is_typed_is_checked_kept_and_saved(desk: tuple[City, str], browser: Browser):
    city, address = desk
    view = _signed_in(browser, address)
    told: list[str] = []
    view.on("console", lambda message: told.append(message.text))
    view.goto(f"{address}/sheets/支出")
    first = view.locator("[name='c.1.basic']")
    expect(first).to_have_value("5,801,980")
    first.focus()
    expect(first).to_have_value("5801980")
    first.fill("一百万")
    first.press("Tab")
    expect(view.locator("[id='notes-1.basic'] .error")).to_contain_text("一百万")
    expect(first).to_have_attribute("aria-invalid", "true")
    first.fill("5801980")
    first.press("Tab")
    expect(view.locator("[id='notes-1.basic'] .error")).to_have_count(0)

    lines = len(_cells(city, "支出"))
    view.fill("tr.blank >> nth=0 >> [name$='.function']", "2210203")
    view.fill("tr.blank >> nth=0 >> [name$='.basic']", "5.00")
    view.goto(address)
    view.goto(f"{address}/sheets/支出")
    expect(view.locator("#saved")).to_contain_text(SAVED)
    assert _cells(city, "支出")[lines:] == [{"function": "2210203", "basic": "5.00"}], "left in the middle of a line"

    view.context.set_offline(True)
    first.fill("5801981.00")
    first.press("Tab")
    expect(view.locator("#saved")).to_contain_text("网络中断")
    view.context.set_offline(False)
    expect(view.locator("#saved")).to_contain_text(SAVED)
    assert _cells(city, "支出")[0]["basic"] == "5801981.00"
    assert serious_faults(view) == []
    assert [text for text in told if "Content Security" in text] == []
    view.context.close()


def test_a_block_pasted_from_excel_goes_on_beyond_the_last_line(desk: tuple[City, str], browser: Browser):
    city, address = desk
    view = _signed_in(browser, address)
    view.goto(f"{address}/sheets/支出")
    lines = len(_cells(city, "支出"))
    block = "\\n".join("2210203" for _ in range(5))
    view.evaluate("""() => {
      const data = new DataTransfer();
      data.setData("text/plain", "BLOCK");
      document.querySelector("tr.blank [name$='.function']").dispatchEvent(
        new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
    }""".replace("BLOCK", block))
    expect(view.locator("#saved")).to_contain_text(SAVED)
    assert _cells(city, "支出")[lines:] == [{"function": "2210203"}] * 5
    view.context.close()


def test_without_scripts_the_button_saves(desk: tuple[City, str], browser: Browser):
    city, address = desk
    signed = _signed_in(browser, address)
    state = signed.context.storage_state()
    signed.context.close()
    view = browser.new_context(java_script_enabled=False, storage_state=state).new_page()
    view.goto(f"{address}/sheets/支出")
    view.fill("[name='c.1.basic']", "7.00")
    view.click("text=保存 >> nth=-1")
    assert _cells(city, "支出")[0]["basic"] == "7.00"
    view.context.close()
