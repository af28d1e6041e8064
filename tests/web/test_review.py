"""The review desk, from the upload to the decision, with real reading in a process of its own."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterator
from pathlib import Path

import msgspec
import openpyxl
import pikepdf
import pytest
from sqlalchemy import select

from juesuan.statute import load_deadlines
from juesuan.web.infra.models import ReviewFile, Season
from juesuan.web.review import reviews
from juesuan.web.review.reading import ReadingError, ReadingOrder, run
from juesuan.web.review.reviews import due_day, due_of
from juesuan.web.server import FAILURES, WORKS
from juesuan.web.site.jobs import Workers

from .conftest import Browser, City, Clock, NewDatabase, cheap_settings, working_once
from .samples import UNIT, published, wrong_account

CODE = "X30"
"""Income in all of table 1 is not that of table 2: the relation that names the wrong total."""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, new_database: NewDatabase, kept: Path) -> Iterator[City]:
    """A city whose reviewer has uploaded a sound file, an empty one and a broken one; all were read."""
    folder = tmp_path_factory.mktemp("review")
    clock = Clock()
    city = City(cheap_settings(folder / "data", clock, new_database()), clock)
    path = published(folder, wrong_account())
    files = [
        ("files", (path.name, path.read_bytes())),
        ("files", ("../../坏的.pdf", b"%PDF-1.7 this is not one")),
        ("files", ("改名.pdf", b"MZ\x90\x00")),
    ]
    reviewer = city.browser("reviewer")
    reviewer.get("/documents")
    page = reviewer.post("/documents", {"approved": "2026-05-10"}, files=files)
    assert "收到 2 份" in page.text and "改名.pdf" in page.text
    with working_once(kept):
        assert Workers(city.site, WORKS, FAILURES).do_all() == 2
    yield city
    city.site.database.close()


def _number(city: City, state: str = "read") -> int:
    with city.site.database.reading() as session:
        query = select(ReviewFile.id).where(ReviewFile.state == state) if state == "unreadable" else select(
            ReviewFile.id).where(ReviewFile.year != 0)
        return session.scalars(query).one()


def _open(city: City, name: str) -> tuple[Browser, str, str]:
    browser = city.browser(name)
    address = f"/documents/{_number(city)}"
    return browser, address, browser.get(address).text


def test_the_file_belongs_to_its_unit_and_says_when_it_is_due(desk: City):
    row = next(r for r in desk.browser("editor").get("/documents").text.split("<tr>") if "决算公开.pdf" in r)
    assert UNIT in row and "2026-05-30" in row and "已过" in row, "20 days after approval on 10 May; today is 1 June"
    assert "决算公开.pdf" not in desk.browser("stranger").get("/documents").text


def test_a_budget_is_due_by_the_budget_s_own_row_of_the_law(monkeypatch: pytest.MonkeyPatch):
    """Both have 20 days by the law in force; were the budget's row another, a budget would follow it."""
    law = load_deadlines()
    assert due_of(due_day("2026-05-10"), "", "预算") == "2026-05-30"
    rows = [msgspec.structs.replace(row, days=15) if row.key == "部门预算公开" else row for row in law.deadlines]
    monkeypatch.setattr(reviews, "load_deadlines", lambda: msgspec.structs.replace(law, deadlines=tuple(rows)))
    budget = due_of(due_day("2026-05-10"), "", "预算")
    assert budget == "2026-05-25" and due_of(budget, "预算", "预算") == budget, "reading again changes nothing"
    assert due_of(due_day("2026-05-10"), "", "决算") == due_of(budget, "预算", "其他") == "2026-05-30"
    assert due_of("", "", "预算") == ""


def test_the_year_s_approval_gives_a_unit_thirty_five_days_and_a_department_twenty(desk: City):
    with desk.site.database.writing() as session:
        year = session.scalars(select(ReviewFile.year).where(ReviewFile.state == "read")).first()
        season = Season(year=year, profile="national", approved="2026-05-10", creator="", created="")
        session.add(season)
    try:
        browser, _, page = _open(desk, "reviewer")
        assert "2026-06-14" in page, "10 May and 35 days"
        row = next(r for r in browser.get("/documents").text.split("<tr>") if "决算公开.pdf" in r)
        assert "2026-06-14" in row and "已过" not in row
    finally:
        with desk.site.database.writing() as session:
            session.delete(session.get_one(Season, season.id))


def test_what_cannot_be_read_says_why_and_does_not_stop_the_others(desk: City):
    page = desk.browser("reviewer").get("/documents?state=unreadable").text
    assert "坏的.pdf" in page and ".." not in page.split("<tbody>")[1]


def test_the_wrong_total_is_shown_with_its_equation_and_framed_on_the_page(desk: City):
    browser, address, page = _open(desk, "reviewer")
    article = next(part for part in page.split("<article") if CODE in part.split("</h2>")[0])
    assert "原为" in article and "应为" in article and "公式" in article
    assert '<rect class="frame error"' in article
    picture = re.search(r'<image href="([^"]+)"', article)
    assert picture
    answer = browser.get(picture[1])
    assert answer.status_code == 200 and answer.headers["content-type"] in ("image/png", "image/jpeg")
    assert answer.headers["cache-control"] == "no-store", "a browser that several people use keeps nothing"
    assert browser.get(f"{address}/pages/999").status_code == 404
    assert "style=" not in page


def test_the_problem_list_and_the_marked_pdf_hold_the_error(desk: City):
    browser, address, _ = _open(desk, "reviewer")
    book = openpyxl.load_workbook(io.BytesIO(browser.get(f"{address}/problems.xlsx").content))
    assert CODE in [row[4] for row in book.active.iter_rows(values_only=True)]
    whole = openpyxl.load_workbook(io.BytesIO(browser.get("/problems.xlsx").content))
    assert "未读" in [row[5] for row in whole.active.iter_rows(values_only=True)]
    with pikepdf.open(io.BytesIO(browser.get(f"{address}/marked.pdf").content)) as document:
        marks = [mark for page in document.pages for mark in page.get("/Annots", [])]
    assert any(CODE in str(mark.get("/Contents", "")) + str(mark.get("/T", "")) for mark in marks)


def test_the_original_comes_back_as_a_download_never_as_a_page(desk: City):
    browser, address, _ = _open(desk, "inspector")
    answer = browser.get(f"{address}/original")
    assert answer.content.startswith(b"%PDF") and answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["content-type"] == "application/octet-stream"


def test_a_waiver_needs_a_reason_counts_no_more_and_can_be_taken_back(desk: City):
    browser, address, page = _open(desk, "reviewer")
    article = next(part for part in page.split("<article") if CODE in part.split("</h2>")[0])
    fingerprint = re.search(r'name="fingerprint" value="(\w+)"', article)[1]
    errors = _errors(desk)
    assert browser.post(f"{address}/waivers", {"fingerprint": fingerprint, "reason": " "}).status_code == 400
    assert _errors(desk) == errors
    reason = "<script>alert('甲')</script> 已核实"
    assert browser.post(f"{address}/waivers", {"fingerprint": fingerprint, "reason": reason}).status_code == 303
    assert _errors(desk) == errors - 1
    page = browser.get(address).text
    assert "已豁免" in page and "<script>alert" not in page and "&lt;script&gt;" in page
    assert browser.post(f"{address}/waivers", {"fingerprint": fingerprint, "reason": "再来"}).status_code == 400
    # The other document of the year, its budget, has findings of its own.
    number = int(address.rpartition("/")[2])
    for disclosure, accepted in (("预算", False), ("决算", True)):
        with desk.site.database.writing() as session:
            session.get_one(ReviewFile, number).disclosure = disclosure
        assert ("已豁免" in browser.get(address).text) is accepted
    end = re.search(r'action="(/waivers/\d+/end)"', page)[1]
    stranger = desk.browser("editor")
    assert stranger.post(end).status_code == 403
    assert browser.post(end).status_code == 303
    assert _errors(desk) == errors
    assert browser.post(end).status_code == 404


def _errors(city: City) -> int:
    with city.site.database.reading() as session:
        return session.get_one(ReviewFile, _number(city)).errors


def test_two_who_decide_at_once_do_not_overwrite_each_other(desk: City):
    first, address, page = _open(desk, "reviewer")
    second, _, _ = _open(desk, "department")
    version = re.search(r'name="version" value="(\d+)"', page)[1]
    unexplained = first.post(f"{address}/decision", {"state": "returned", "version": version})
    assert unexplained.status_code == 400 and "理由" in unexplained.text
    data = {"state": "returned", "reason": "表1合计有误", "version": version}
    assert first.post(f"{address}/decision", data).status_code == 303
    late = second.post(f"{address}/decision", {"state": "accepted", "reason": "好", "version": version})
    assert late.status_code == 400 and "别人刚刚处理过" in late.text
    page = desk.browser("editor").get(address).text
    assert "已退回" in page and "表1合计有误" in page
    assert desk.browser("inspector").get("/audit").text.count('title="document.returned"') == 1


def test_an_accepted_file_is_published_with_its_original_and_one_that_is_not_is_not(desk: City):
    reviewer, address, page = _open(desk, "reviewer")
    refused = reviewer.post(f"{address}/publication")
    assert refused.status_code == 400 and "已接受" in refused.text
    assert desk.browser("editor").client.post(
        f"{address}/publication", headers={"x-csrf-token": "x"}).status_code == 403
    version = re.search(r'name="version" value="(\d+)"', page)[1]
    reviewer.post(f"{address}/decision", {"state": "accepted", "reason": "演示", "version": version})
    assert "在公开平台发布" in reviewer.get(address).text
    assert reviewer.post(f"{address}/publication").status_code == 303
    assert "正在生成" in reviewer.get(address).text
    assert "正在生成" in reviewer.post(f"{address}/publication").text, "asked for once more too early"
    assert Workers(desk.site, WORKS, FAILURES).do_all() == 1
    assert 'href="/units/201/2022/v1"' in reviewer.get(address).text
    public = desk.browser()
    page = public.get("/units/201/2022").text
    assert "以原文件为准" in page and "原文件 PDF" in page
    with desk.site.database.reading() as session:
        digest = session.get_one(ReviewFile, _number(desk)).digest
    original = public.get("/units/201/2022/v1/files/original.pdf").content
    assert hashlib.sha256(original).hexdigest() == digest
    # A document does not say what sort of unit it is of: nothing is made up.
    assert public.get("/api/v1/units").json()["items"][0]["nature"] == "未知"
    assert all("单位性质未知" in public.get(f"/units/201{path}").text for path in ("", "/2022/peers"))
    assert "都不是由这份文件公开的" not in reviewer.get(address).text
    again = reviewer.post(f"{address}/publication")
    assert again.status_code == 400 and "更正说明" in again.text


def test_what_was_seen_is_in_the_trail(desk: City):
    _open(desk, "reviewer")
    assert 'title="document.view"' in desk.browser("inspector").get("/audit").text


@pytest.mark.parametrize(("memory", "seconds"), [(100_000_000, 60), (3_000_000_000, 1)])
def test_a_reader_that_wants_too_much_is_stopped(desk: City, tmp_path: Path, memory: int, seconds: int):
    with desk.site.database.reading() as session:
        document = session.get_one(ReviewFile, _number(desk))
    source = next((desk.settings.files / "originals").rglob(f"{document.digest}.pdf"))
    order = ReadingOrder("check", str(source), "甲.pdf", str(tmp_path), memory=memory, seconds=seconds)
    with pytest.raises(ReadingError):
        run(order, tmp_path / "cache")
    assert not (tmp_path / "result.json").exists()
