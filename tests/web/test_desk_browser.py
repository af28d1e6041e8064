"""The unit desk in a real browser: saved as one types, nothing lost, findings beside the field."""

from __future__ import annotations

import msgspec
import pytest
from sqlalchemy import select

pytest.importorskip("playwright", reason="needs the extra juesuan[dev]")

from playwright.sync_api import Browser, Route, expect

from juesuan.compiler.editor.content import ContentLine
from juesuan.web.filing.filings import content_of
from juesuan.web.filing.sheets import LINES_AT_ONCE
from juesuan.web.infra.models import Filing

from .chromium import browser, needs_chromium, quiet, serious_faults, signed_in
from .conftest import ONE_ENGINE, PASSWORD, City
from .desk_page import cells_of, desk, single_of
from .filling import save

__all__ = ["browser", "desk"]
pytestmark = [needs_chromium, ONE_ENGINE]
SAVED = "已保存"


def test_what_is_typed_is_checked_kept_and_saved(desk: tuple[City, str], browser: Browser):
    city, address = desk
    view = signed_in(browser, address)
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

    lines = len(cells_of(city, "支出"))
    view.fill("tr.blank >> nth=0 >> [name$='.function']", "2210203")
    view.fill("tr.blank >> nth=0 >> [name$='.basic']", "5.00")
    view.goto(address)
    view.goto(f"{address}/sheets/支出")
    expect(view.locator("#saved")).to_contain_text(SAVED)
    assert cells_of(city, "支出")[lines:] == [{"function": "2210203", "basic": "5.00"}], "left in the middle of a line"

    view.context.set_offline(True)
    first.fill("5801981.00")
    first.press("Tab")
    expect(view.locator("#saved")).to_contain_text("网络中断")
    view.context.set_offline(False)
    expect(view.locator("#saved")).to_contain_text(SAVED)
    assert cells_of(city, "支出")[0]["basic"] == "5801981.00"
    assert serious_faults(view) == []
    assert [text for text in told if "Content Security" in text] == []
    view.context.close()


def test_a_block_pasted_from_excel_goes_on_beyond_the_last_line(desk: tuple[City, str], browser: Browser):
    city, address = desk
    view = signed_in(browser, address)
    view.goto(f"{address}/sheets/支出")
    lines = len(cells_of(city, "支出"))
    block = "\\n".join("2210203" for _ in range(5))
    view.evaluate("""() => {
      const data = new DataTransfer();
      data.setData("text/plain", "BLOCK");
      document.querySelector("tr.blank [name$='.function']").dispatchEvent(
        new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
    }""".replace("BLOCK", block))
    expect(view.locator("#saved")).to_contain_text(SAVED)
    assert cells_of(city, "支出")[lines:] == [{"function": "2210203"}] * 5
    view.context.close()


def test_without_scripts_the_button_saves(desk: tuple[City, str], browser: Browser):
    city, address = desk
    signed = signed_in(browser, address)
    state = signed.context.storage_state()
    signed.context.close()
    view = browser.new_context(java_script_enabled=False, storage_state=state).new_page()
    view.goto(f"{address}/sheets/支出")
    view.fill("[name='c.1.basic']", "7.00")
    view.click("text=保存 >> nth=-1")
    assert cells_of(city, "支出")[0]["basic"] == "7.00"
    view.context.close()


def test_what_is_typed_after_the_session_has_ended_is_kept_and_saved_after_signing_in_again(
    desk: tuple[City, str], browser: Browser
):
    city, address = desk
    view = signed_in(browser, address)
    view.goto(f"{address}/sheets/三公经费")
    city.clock.advance(minutes=31)
    view.fill("[name='c.0.b6']", "7100")
    view.press("[name='c.0.b6']", "Tab")
    expect(view.locator("#saved")).to_contain_text("登录已过期，没有保存；改动暂存在这台电脑上")
    assert single_of(city, "b6") == "7000"
    view.click("#saved a")
    view.fill("[name=name]", "editor")
    view.fill("[name=password]", PASSWORD)
    view.click("main button")
    expect(view.locator("h1")).to_contain_text("三公")
    expect(view.locator("[name='c.0.b6']")).to_have_value("7,100")
    expect(view.locator("#saved")).to_contain_text(SAVED)
    assert single_of(city, "b6") == "7100"
    view.context.close()


def test_two_who_edit_one_cell_choose_whose_stands(desk: tuple[City, str], browser: Browser):
    city, address = desk
    one, two = signed_in(browser, address), signed_in(browser, address, "colleague")
    for key, theirs, choice, stands in (("b5", "31000", "用对方的", "31000"), ("b6", "7100", "用我的", "7999")):
        field = f"[name='c.0.{key}']"
        for view in (one, two):
            view.goto(f"{address}/sheets/三公经费")
        two.fill(field, theirs)
        two.press(field, "Tab")
        expect(two.locator("#saved")).to_contain_text(SAVED)
        one.fill(field, "7999")
        one.press(field, "Tab")
        expect(one.locator("#saved")).to_contain_text("有人同时改了标出的格子")
        clash = one.locator(f"[id='clash-0.{key}']")
        expect(clash).to_contain_text(f"colleague甲 同时改了这里，现在是“{theirs}”")
        assert single_of(city, key) == theirs, "not overwritten unseen"
        clash.locator(f"button:has-text('{choice}')").click()
        expect(clash).to_have_count(0)
        expect(one.locator(field)).to_have_value(f"{int(stands):,}")
        expect(one.locator("#saved")).to_contain_text(SAVED)
        assert single_of(city, key) == stands
    one.context.close()
    two.context.close()


def test_missing_reasons_are_asked_for_until_there_are_none(desk: tuple[City, str], browser: Browser):
    city, address = desk
    client = city.browser("editor")
    place = address[address.index("/filings"):]
    client.get(place)
    with city.site.database.reading() as session:
        reasons = dict(content_of(session.scalars(select(Filing)).one()).page("原因说明").cells)
    emptied = list(reasons)[:2]
    save(client, place, "原因说明", **{f"0.{key}": (reasons[key], "") for key in emptied})

    view = signed_in(browser, address)
    view.goto(address)
    view.click("a:has-text('逐条填写缺少的文字（2）')")
    for left in (2, 1):
        expect(view.locator("main")).to_contain_text(f"还有 {left} 处")
        expect(view.locator("[name=answer]")).to_be_focused()
        assert view.locator("blockquote").text_content(), "the sentence with the figures to be explained"
        view.keyboard.type("一是项目减少；二是合同金额低于预算")
        view.click("button:has-text('保存，下一条')")
    expect(view.locator(".done")).to_contain_text("没有缺少的文字")
    assert [single_of(city, key, "原因说明") for key in emptied] == ["一是项目减少；二是合同金额低于预算"] * 2
    view.click("a:has-text('回到填报')")
    expect(view.locator(".next")).to_contain_text("没有问题就在下面送审")
    view.context.close()


def test_a_line_is_deleted_when_asked_and_what_was_typed_elsewhere_is_saved(desk: tuple[City, str], browser: Browser):
    city, address = desk
    view = signed_in(browser, address)
    view.goto(f"{address}/sheets/支出")
    before = cells_of(city, "支出")
    view.once("dialog", lambda dialog: dialog.dismiss())
    view.click("[name=remove][value='2']")
    view.once("dialog", lambda dialog: dialog.accept())
    view.fill("[name='c.1.basic']", "5801983.00")
    with view.expect_navigation():
        view.click("[name=remove][value='2']")
    expect(view.locator("tr[data-line='2']")).to_have_count(0)
    after = cells_of(city, "支出")
    assert len(after) == len(before) - 1
    assert after[0]["basic"] == "5801983.00"
    view.context.close()


def test_a_check_that_takes_long_does_not_hold_up_the_next_cell(desk: tuple[City, str], browser: Browser):
    city, address = desk
    view = signed_in(browser, address)
    held: list[Route] = []
    view.route("**/check?**", lambda route: held.append(route))
    view.goto(f"{address}/sheets/三公经费")
    for field, value in (("b5", "30001"), ("b6", "7001")):
        with view.expect_response("**/sheets/**"):
            view.fill(f"[name='c.0.{field}']", value)
            view.press(f"[name='c.0.{field}']", "Tab")
    with city.site.database.reading() as session:
        cells = content_of(session.scalars(select(Filing)).first()).page("三公经费").cells
    assert (cells["b5"], cells["b6"]) == ("30001", "7001")
    assert len(held) == 1, "what changed meanwhile is checked when the first check is done"
    with view.expect_request("**/check?**"):
        held[0].continue_()
    view.unroute_all(behavior="ignoreErrors")
    view.context.close()


def test_a_large_block_is_saved(desk: tuple[City, str], browser: Browser):
    city, address = desk
    view = signed_in(browser, address)
    view.goto(f"{address}/sheets/收入")
    lines = len(cells_of(city, "收入"))
    asked: list[str] = []
    view.on("request", lambda request: asked.append(request.method))
    view.evaluate("""() => {
      const data = new DataTransfer();
      data.setData("text/plain", Array(700).fill("2080199\\t\\t1.00\\t2.00\\t3.00\\t4.00\\t5.00").join("\\n"));
      document.querySelector("tr.blank [name$='.function']").dispatchEvent(
        new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
    }""")
    expect(view.locator("#saved")).to_contain_text(SAVED, timeout=60_000)
    added = cells_of(city, "收入")[lines:]
    assert len(added) == 700
    assert all(len(cells) == 6 for cells in added)
    assert asked == ["POST", "POST", "POST", "GET"], "piece by piece, and checked when all of it is there"
    view.context.close()


@pytest.mark.parametrize(
    ("status", "kind", "body", "told"),
    [
        (413, "text/plain; charset=utf-8", "上传的内容太大。", "没有保存：上传的内容太大。"),
        (400, "application/json", '{"trouble": "这一列不认识。"}', "没有保存：这一列不认识。"),
        (502, "text/html", "<h1>Bad gateway</h1>", "服务器没有完成（代码 502）"),
    ],
)
def test_why_nothing_was_saved_is_told(
    desk: tuple[City, str], browser: Browser, status: int, kind: str, body: str, told: str
):
    city, address = desk
    view = signed_in(browser, address)
    view.goto(f"{address}/sheets/三公经费")
    answers = iter([True])

    def answer(route: Route) -> None:
        if route.request.method == "POST" and next(answers, False):
            route.fulfill(status=status, content_type=kind, body=body)
        else:
            route.continue_()

    view.route("**/sheets/*", answer)
    view.fill("[name='c.0.b6']", "7200")
    view.press("[name='c.0.b6']", "Tab")
    expect(view.locator("#saved")).to_contain_text(told)
    if status < 500:
        assert single_of(city, "b6") == "7000"
        view.fill("[name='c.0.b5']", "1.00")
        view.press("[name='c.0.b5']", "Tab")
    expect(view.locator("#saved")).to_contain_text(SAVED)
    assert single_of(city, "b6") == "7200", "what was kept goes out with the next attempt"
    view.context.close()


def _lengthened(city: City, sheet: str, lines: int) -> None:
    with city.site.database.writing() as session:
        row = session.scalars(select(Filing)).one()
        content = content_of(row)
        page = content.page(sheet)
        page.lines = [ContentLine(number, {"function": "2080199", "basic": "1.00"}) for number in range(1, lines + 1)]
        page.last = lines
        row.content = msgspec.json.encode(content).decode()
        row.revision += 1


def test_a_long_sheet_is_filled_in_part_by_part(desk: tuple[City, str], browser: Browser):
    city, address = desk
    _lengthened(city, "支出", 2 * LINES_AT_ONCE + 10)
    view = signed_in(browser, address)
    told: list[str] = []
    quiet(view, told)
    view.goto(f"{address}/sheets/支出")
    parts = view.locator("nav[aria-label='这张表的各部分'] a")
    assert parts.count() == 3 and "1–200行" in parts.nth(0).inner_text()
    assert view.locator("tr[data-line]").count() == LINES_AT_ONCE and view.locator("tr.blank").count() == 0
    parts.nth(1).click()
    assert view.locator("tr[data-line] th").first.inner_text() == str(LINES_AT_ONCE + 1)
    last = 2 * LINES_AT_ONCE
    view.fill(f"[name='c.{last}.basic']", "7")
    view.press(f"[name='c.{last}.basic']", "Enter")
    expect(view.locator("#saved")).to_contain_text(SAVED)
    assert cells_of(city, "支出")[last - 1]["basic"] == "7", "Enter in the last line of a part adds nothing"

    view.context.grant_permissions(["clipboard-read", "clipboard-write"])
    asked: list[str] = []
    view.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.accept()))
    view.focus(f"[name='c.{last}.basic']")
    view.evaluate("navigator.clipboard.writeText('8\\n9\\n10')")
    with view.expect_response("**/sheets/**"):
        view.keyboard.press("Control+v")
    expect(view.locator("#saved")).to_contain_text(SAVED)
    assert "后面的 2 行没有粘贴" in asked[0]
    assert [cells["basic"] for cells in cells_of(city, "支出")[last - 1 : last + 1]] == ["8", "1.00"]

    parts.nth(2).click()
    view.fill("tr.blank >> nth=0 >> [name$='.basic']", "11")
    view.press("tr.blank >> nth=0 >> [name$='.basic']", "Enter")
    expect(view.locator("#saved")).to_contain_text(SAVED)
    assert cells_of(city, "支出")[-1]["basic"] == "11"
    assert view.locator("tr[data-line] th").last.inner_text() == str(last + 11)
    assert told == []
    view.context.close()


def test_deleting_and_saving_without_scripts_stay_on_the_part(desk: tuple[City, str], browser: Browser):
    city, address = desk
    _lengthened(city, "支出", LINES_AT_ONCE + 5)
    view = signed_in(browser, address)
    view.goto(f"{address}/sheets/支出?part=2")
    view.once("dialog", lambda dialog: dialog.accept())
    view.click(f"button[value='{LINES_AT_ONCE + 2}']")
    expect(view.locator("#undo")).to_be_visible()
    assert view.locator("tr[data-line]").count() == 4
    view.click("#undo button")
    assert view.url.endswith("?part=2") and view.locator("tr[data-line]").count() == 5
    assert view.goto(f"{address}/sheets/支出?part=99").status == 200
    assert view.locator("tr[data-line]").count() == 5, "the last part there is"
    view.context.close()
