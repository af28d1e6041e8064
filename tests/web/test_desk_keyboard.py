"""The unit desk by keyboard and mouse, as in Excel: Enter, arrows, F2, blocks of cells, lines deleted and back."""

from __future__ import annotations

import pytest

pytest.importorskip("playwright", reason="needs the extra juesuan[dev]")

from playwright.sync_api import Browser, expect

from .chromium import browser, needs_chromium, quiet, signed_in
from .conftest import ONE_ENGINE, City
from .desk_page import cells_of, desk, single_of

__all__ = ["browser", "desk"]
pytestmark = [needs_chromium, ONE_ENGINE]
SAVED = "已保存"


def test_a_sheet_is_filled_in_by_the_keyboard_alone(desk: tuple[City, str], browser: Browser):
    city, address = desk
    view = signed_in(browser, address)
    told: list[str] = []
    quiet(view, told)
    view.goto(f"{address}/sheets/三公经费")
    view.keyboard.press("Tab")
    expect(view.locator(".skip")).to_be_focused()
    expect(view.locator(".skip")).to_be_in_viewport()
    view.keyboard.press("Enter")
    order = [view.evaluate("document.activeElement.name || ''") for _ in range(60) if not view.keyboard.press("Tab")]
    cells = [name for name in order if name.startswith("c.")]
    assert cells == [view.locator("[data-field]").nth(place).get_attribute("name") for place in range(len(cells))]
    assert len(cells) > 20, "every cell, in the order in which they stand"

    view.focus("[name='c.0.b5']")
    view.keyboard.press("Tab")
    expect(view.locator("[name='c.0.b6']")).to_be_focused()
    outline = view.evaluate("getComputedStyle(document.activeElement).outline")
    assert "solid" in outline and "2px" in outline, "where one is can be seen"
    bar = view.locator(".bottom")
    view.keyboard.type("7100")
    for _ in range(25):
        view.keyboard.press("Tab")
        if view.evaluate("document.activeElement.closest('.bottom') === null"):
            focus, front = view.evaluate("document.activeElement.getBoundingClientRect().bottom"), bar.bounding_box()
            assert front and focus <= front["y"] + 1, "not behind the bar with the buttons"
    expect(view.locator("#saved")).to_contain_text(SAVED)
    assert single_of(city, "b6") == "7100"
    view.focus(".bottom a >> nth=-1")
    view.keyboard.press("Enter")
    expect(view.locator("h1")).to_contain_text("上年决算数")
    assert told == []
    view.context.close()


def test_enter_goes_down_a_line_and_deletes_nothing(desk: tuple[City, str], browser: Browser):
    city, address = desk
    view = signed_in(browser, address)
    asked: list[str] = []
    view.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.accept()))
    view.goto(f"{address}/sheets/支出")
    before = cells_of(city, "支出")
    view.fill("[name='c.1.basic']", "5801982.00")
    view.press("[name='c.1.basic']", "Enter")
    expect(view.locator("[name='c.2.basic']")).to_be_focused()
    expect(view.locator("#saved")).to_contain_text(SAVED)
    view.press("[name='c.2.basic']", "Shift+Enter")
    expect(view.locator("[name='c.1.basic']")).to_be_focused()
    lines = view.locator("tbody tr").count()
    last = view.locator("tr.blank >> nth=-1 >> [name$='.function']")
    last.press("Enter")
    expect(view.locator("tbody tr")).to_have_count(lines + 1)
    expect(view.locator("tr.blank >> nth=-1 >> [name$='.function']")).to_be_focused()
    assert asked == []
    after = cells_of(city, "支出")
    assert after[0]["basic"] == "5801982.00" and len(after) == len(before)
    view.context.close()


def test_enter_goes_to_the_next_field_of_a_sheet_of_fields(desk: tuple[City, str], browser: Browser):
    _, address = desk
    view = signed_in(browser, address)
    view.goto(f"{address}/sheets/三公经费")
    view.press("[name='c.0.b2']", "Enter")
    expect(view.locator("[name='c.0.b4']")).to_be_focused()
    view.context.close()


def test_arrows_f2_and_escape_are_those_of_excel(desk: tuple[City, str], browser: Browser):
    city, address = desk
    view = signed_in(browser, address)
    view.goto(f"{address}/sheets/支出")
    cell = view.locator("[name='c.1.basic']")
    was = cells_of(city, "支出")[0]["basic"]
    cell.focus()
    for key, name in (("ArrowDown", "c.2.basic"), ("ArrowUp", "c.1.basic"), ("ArrowRight", "c.1.project"),
                      ("ArrowLeft", "c.1.basic")):
        view.keyboard.press(key)
        expect(view.locator(f"[name='{name}']")).to_be_focused()
    view.keyboard.type("123")
    expect(cell).to_have_value("123")
    view.keyboard.press("ArrowLeft")
    view.keyboard.type("9")
    expect(cell).to_have_value("1293")
    view.keyboard.press("Escape")
    expect(cell).to_have_value(was)
    view.keyboard.press("F2")
    view.keyboard.press("Backspace")
    expect(cell).to_have_value(was[:-1])
    view.keyboard.press("Escape")
    view.keyboard.press("ArrowDown")
    expect(view.locator("[name='c.2.basic']")).to_be_focused()
    view.wait_for_timeout(1200)
    assert cells_of(city, "支出")[0]["basic"] == was
    view.context.close()


def test_a_deleted_line_comes_back_where_it_was(desk: tuple[City, str], browser: Browser):
    city, address = desk
    view = signed_in(browser, address)
    view.goto(f"{address}/sheets/支出")
    before = cells_of(city, "支出")
    view.once("dialog", lambda dialog: dialog.accept())
    with view.expect_navigation():
        view.click("tr[data-line] >> nth=2 >> [name=remove]")
    assert len(cells_of(city, "支出")) == len(before) - 1
    expect(view.locator("#undo")).to_contain_text("已删除第 3 行")
    with view.expect_navigation():
        view.click("#undo button")
    assert cells_of(city, "支出") == before
    expect(view.locator("#undo")).to_have_count(0)
    view.context.close()


def test_a_block_is_chosen_copied_emptied_and_pasted_as_in_excel(desk: tuple[City, str], browser: Browser):
    city, address = desk
    view = signed_in(browser, address)
    told: list[str] = []
    quiet(view, told)
    view.context.grant_permissions(["clipboard-read", "clipboard-write"])
    view.goto(f"{address}/sheets/支出")
    before = cells_of(city, "支出")
    view.focus("[name='c.1.basic']")
    for key in ("Shift+ArrowDown", "Shift+ArrowDown", "Shift+ArrowRight"):
        view.keyboard.press(key)
    assert view.locator("td.chosen").count() == 6
    view.keyboard.press("Control+c")
    expect(view.locator("#saved")).to_contain_text("已复制 3 行 2 列")
    columns = view.evaluate("""() => [...document.querySelectorAll("tr[data-line='1'] [data-field]")]
      .map((input) => input.dataset.field.split(".").slice(1).join("."))""")
    pair = columns[columns.index("basic"):][:2]
    wanted = "\n".join("\t".join(line.get(key, "") for key in pair) for line in before[:3])
    assert view.evaluate("navigator.clipboard.readText()") == wanted, "as typed, without the commas of display"

    view.focus("tr.blank >> nth=0 >> [name$='.basic']")
    view.keyboard.press("Control+v")
    expect(view.locator("#saved")).to_contain_text(SAVED)
    after = cells_of(city, "支出")
    assert after[:len(before)] == before
    assert [[line.get(key, "") for key in pair] for line in after[len(before):]] == [
        line.split("\t") for line in wanted.splitlines()
    ]

    first = f"tr[data-line] >> nth={len(before)} >> "
    view.focus(f"{first}[name$='.{pair[0]}']")
    view.keyboard.press("Shift+ArrowDown")
    view.keyboard.press("Escape")
    assert view.locator("td.chosen").count() == 0
    view.keyboard.press("Shift+ArrowDown")
    view.keyboard.press("Shift+ArrowDown")
    with view.expect_response("**/sheets/**"):
        view.keyboard.press("Delete")
    expect(view.locator("#saved")).to_contain_text(SAVED)
    assert all(not line.get("basic") for line in cells_of(city, "支出")[len(before):]), "emptied, not removed"
    assert told == []
    view.context.close()


def test_a_block_is_dragged_over_with_the_mouse_and_one_text_fills_it(desk: tuple[City, str], browser: Browser):
    city, address = desk
    view = signed_in(browser, address)
    view.context.grant_permissions(["clipboard-read", "clipboard-write"])
    view.goto(f"{address}/sheets/支出")
    view.locator("tr.blank >> nth=2").scroll_into_view_if_needed()
    boxes = [view.locator(f"tr.blank >> nth={number} >> [name$='.basic']").bounding_box() for number in (0, 2)]
    assert boxes[0] and boxes[1]
    view.mouse.move(boxes[0]["x"] + 20, boxes[0]["y"] + 8)
    view.mouse.down()
    view.mouse.move(boxes[1]["x"] + 20, boxes[1]["y"] + 8, steps=5)
    view.mouse.up()
    assert view.locator("td.chosen").count() == 3
    view.evaluate("navigator.clipboard.writeText('1200')")
    lines = len(cells_of(city, "支出"))
    view.keyboard.press("Control+v")
    expect(view.locator("#saved")).to_contain_text(SAVED)
    assert [line["basic"] for line in cells_of(city, "支出")[lines:]] == ["1200"] * 3
    view.mouse.click(boxes[0]["x"] + 20, boxes[0]["y"] + 8)
    assert view.locator("td.chosen").count() == 0
    view.context.close()


def test_a_text_of_several_lines_goes_to_excel_and_back(desk: tuple[City, str], browser: Browser):
    """Excel puts quotes around a cell that has lines in it, and doubles those that it has."""
    city, address = desk
    view = signed_in(browser, address)
    view.context.grant_permissions(["clipboard-read", "clipboard-write"])
    view.goto(f"{address}/sheets/重点工作")
    name = view.locator("tr.blank >> nth=0 >> [name^='n.']").first.get_attribute("name") or ""
    view.focus(f"[name='{name}']")
    view.evaluate("""navigator.clipboard.writeText('甲\\t"一、做了\\n二、""好""的"\\n乙\\t说"好"')""")
    view.keyboard.press("Control+v")
    expect(view.locator("#saved")).to_contain_text(SAVED)
    added = [list(line.values())[:2] for line in cells_of(city, "重点工作")[-2:]]
    assert added == [["甲", '一、做了\n二、"好"的'], ["乙", '说"好"']]
    view.context.close()
