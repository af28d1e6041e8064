"""What a citizen sees: money first, what it went to over units and years, what a correction changed, short print."""

from __future__ import annotations

import re
from decimal import Decimal
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import pypdfium2
import pytest
from sqlalchemy import select

from juesuan.account import to_json
from juesuan.statute.comparison import load_key_figures
from juesuan.web.infra.models import Organisation, Publication, PublishedFact
from juesuan.web.portal import subjects
from juesuan.web.portal.bars import Bar, draw
from juesuan.web.portal.version_differences import differences
from juesuan.web.publication.build import GLANCE
from juesuan.web.publication.publications import ask_for_glances, folder_of

from .conftest import ONE_ENGINE, City
from .publishing import publish, work
from .samples import UNIT, account


def test_an_account_opens_with_money_then_contents_then_text(portal: City):
    page = portal.browser().get("/units/201/2022").text
    first, contents, text = page.index('class="glance"'), page.index('class="contents"'), page.index('class="account"')
    assert first < contents < text
    opening = page[first:contents]
    assert "<b>1,777.5</b> 万元" in opening and "其中财政拨款1,777.5万元" in opening
    numbers = re.findall(r'<div role="img" aria-label="([^"]+)">', opening)
    assert len(numbers) == opening.count("<svg ") == opening.count("<article>")
    assert all(any(sign.isdigit() for sign in words) for words in numbers), "the drawing in words"


@ONE_ENGINE
def test_a_version_made_before_pages_began_with_numbers_gets_them(city: City):
    row = publish(city, account())
    path = folder_of(city.site, row) / GLANCE
    whole = path.read_text(encoding="utf-8")
    path.unlink()
    assert 'class="glance"' not in city.browser().get("/units/201/2022").text
    ask_for_glances(city.site)
    ask_for_glances(city.site)
    assert work(city) == 1, "once"
    assert path.read_text(encoding="utf-8") == whole
    assert 'class="glance"' in city.browser().get("/units/201/2022").text


def test_the_home_page_says_how_many_have_published_and_where_money_went(portal: City):
    page = portal.browser().get("/").text
    assert re.search(r"2022年度 <b>3 / 5</b> 个部门和单位已公开", page)
    # Three units with the example's figures: 1597.51 万元 each.
    # 17,774,960 yuan each.
    assert "一共支出 5,332.49 万元，其中社会保障和就业支出最多，占89.87%" in page
    assert "社会保障和就业支出 4,792.52" in page and 'href="/subjects/208"' in page


def test_from_class_to_item_to_unit_over_the_years(portal: City):
    browser = portal.browser()
    assert "/subjects/20801" in browser.get("/subjects/208").text
    section = browser.get("/subjects/20801").text
    assert "2080108 信息化建设" in section
    item = browser.get("/subjects/2080108").text
    assert f'<a href="/units/201">{UNIT}</a>' in item and "784.05" in item
    assert "2,352.15" in item and re.search(r"<th scope=.col. class=.amount.>2021</th>", item)
    for nothing in ("/subjects/999", "/subjects/2080", "/subjects/x", "/subjects/2080108%00"):
        assert browser.get(nothing).status_code in (400, 404), nothing


def _published(city: City, code: str, year: int, amount: str) -> None:
    place = load_key_figures().subjects.address
    with city.site.database.writing() as session:
        home = session.scalars(select(Organisation).where(Organisation.code == code)).one()
        row = Publication(
            organisation_id=home.id, year=year, version=1, state="published", current=True, kind="决算", profile="",
            title="", unit=home.name, nature="", digest="", asked="", published="", publisher="",
        )
        session.add(row)
        session.flush()
        session.add(PublishedFact(
            publication_id=row.id, form=place.form, period=str(place.period), row="205", row_name="",
            column=place.column, column_name="", value=amount, measure="元", resolution="0",
        ))


def test_what_a_department_has_published_for_its_units_is_not_counted_twice(city: City):
    _published(city, "200", 2024, "1000.10")
    _published(city, "201", 2024, "600.05")
    _published(city, "201", 2023, "500.01")
    _published(city, "301", 2024, "70.70")
    with city.site.database.reading() as session:
        found = subjects.subject(session, "205")
        assert found and found.amounts == {2024: Decimal("1070.80"), 2023: Decimal("500.01")}
        assert [(each.code, each.kind) for each in subjects.spenders(session, "205")] == [
            ("200", "department"), ("201", "unit"), ("301", "unit"),
        ]


def test_versions_stand_beside_each_other_with_differences_marked(portal: City):
    browser = portal.browser()
    page = browser.get("/units/201/2022/versions").text
    assert "不同的数（1）" in page
    assert "<del>1,877.50万元</del>" in page and "<ins>1,777.50万元</ins>" in page and "-100.00万元" in page
    turned = browser.get("/units/201/2022/versions?old=2&new=1").text
    assert "<del>1,777.50万元</del>" in turned and "+100.00万元" in turned
    assert browser.get("/units/201/2021/versions").status_code == 404, "there is only one"
    assert browser.get("/units/201/2022/versions?old=9").status_code == 404


def test_a_number_that_differs_is_marked_as_a_whole(tmp_path: Path):
    made = to_json(account())
    (tmp_path / "1.json").write_bytes(made)
    (tmp_path / "2.json").write_bytes(made.replace("支出决算为1.16万元".encode(), "支出决算为1.23万元".encode()))
    found = differences(tmp_path / "1.json", tmp_path / "2.json")
    assert found.figures == () and found.paragraphs
    for paragraph in found.paragraphs:
        changed = [(part.kind, part.text) for part in paragraph if part.kind != "same"]
        assert changed == [("gone", "1.16"), ("new", "1.23")], "not 1.1 and 6, 2 and 3"


def test_units_are_compared_by_ticking_them(portal: City):
    page = portal.browser().get("/compare?year=2022&unit=201&unit=202").text
    ticked = re.findall(r'<input type="checkbox" name="unit" value="(\d+)" checked>', page)
    assert ticked == ["201", "202"] and "<select name=\"unit\"" not in page


@ONE_ENGINE
def test_printed_on_as_few_pages_as_it_needs_and_open_to_everybody(portal: City):
    pytest.importorskip("playwright", reason="needs the extra juesuan[dev]")
    from playwright.sync_api import sync_playwright

    from .chromium import CHROMIUM, FLAGS, serious_faults, served

    if not CHROMIUM.exists():
        pytest.skip("needs chromium")
    with served(portal.application) as root, sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        view = chromium.new_context(viewport={"width": 360, "height": 800}).new_page()
        for path in ("/units/201/2022", "/", "/subjects/208", "/units/201/2022/versions"):
            view.goto(root + path)
            assert view.evaluate("document.documentElement.scrollWidth") == 360, path
            assert serious_faults(view) == [], path
        view.goto(f"{root}/units/201/2022")
        printed = pypdfium2.PdfDocument(BytesIO(view.pdf(format="A4")))
        chromium.close()
    # Half of the pages that one page a part would take.
    assert len(printed) <= 10


def test_names_that_are_long_stand_above_their_bars_and_stay_apart():
    names = ["江城市教育局第一实验小学", "江城市教育局第一实验中学", "江城市教育局第一实验幼儿园"]
    drawing = draw("本年支出", [Bar(name, Decimal(number), str(number)) for number, name in enumerate(names)])
    assert [mark.bar.caption for mark in drawing.marks] == names and drawing.above
    for mark in drawing.marks:
        assert mark.name[1] < mark.top, "nothing is painted over the name"
    assert all(one.top + 17 < other.name[1] - 10 for one, other in pairwise(drawing.marks))
    years = draw("历年", [Bar("2022年度", Decimal(-1), "-1"), Bar("2023年度", Decimal(3), "3")])
    assert not years.above and all(mark.left + mark.length < mark.label < years.width for mark in years.marks)
