"""The progress board: who stands where, how many days are left, whom to remind."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from io import BytesIO

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from juesuan.account import to_json
from juesuan.corpus.watch import CheckedPosting, PostedDifference, Posting, Sighting, write_state
from juesuan.web.auth.organisations import import_organisations
from juesuan.web.infra.audit import SYSTEM
from juesuan.web.infra.models import Filing, Organisation, Publication, ReviewFile, Season
from juesuan.web.review.reading import ACCOUNT
from juesuan.web.review.related import results_of
from juesuan.web.review.reviews import settle_disclosures
from juesuan.web.watching.room import folder_of

from .conftest import ONE_ENGINE, City
from .samples import account

APPROVED = "2025-08-11"
"""A department has until 2025-08-31 (20 days), a unit until 2025-09-15 (15 days more)."""


def _at(city: City, code: str) -> int:
    with city.site.database.reading() as session:
        return session.scalars(select(Organisation.id).where(Organisation.code == code)).one()


@pytest.fixture
def season(city: City) -> City:
    """2024: 201 is late with a filing in hand, 202 has published late, 300 has a file that was read, 301 nothing."""
    city.clock.now = datetime(2025, 9, 20, 2, tzinfo=UTC)
    with city.site.database.writing() as session:
        row = Season(year=2024, profile="national", approved=APPROVED, creator="", created="")
        session.add(row)
        session.flush()
        session.add(Filing(
            organisation_id=_at(city, "201"), season_id=row.id, state="returned", content='{"pages":{}}', account="1",
            errors=2, warnings=3, revision=1, counted=1, updated="2025-09-18T01:00:00.000000Z", updated_by="editor",
        ))
        session.add(Publication(
            organisation_id=_at(city, "202"), year=2024, version=1, state="published", current=True, kind="决算",
            profile="national", title="", unit="测试市第二中学", nature="", digest="", asked="", publisher="",
            published="2025-09-16T17:00:00.000000Z",
        ))
        for kind, year in (("决算", 2024), ("预算", 2025)):
            session.add(ReviewFile(
                organisation_id=_at(city, "300"), name=f"{kind}公开.pdf", digest="0" * 64, kind="pdf",
                uploader="reviewer", created="2025-09-19T01:00:00.000000Z", state="read",
                year=year, disclosure=kind, errors=1,
            ))
    return city


def _lines(city: City, name: str = "reviewer", query: str = "?year=2024") -> dict[str, list[str | None]]:
    """The exported lines by code."""
    content = city.browser(name).get(f"/progress.xlsx{query}").content
    rows = list(load_workbook(BytesIO(content)).active.values)
    return {str(row[0]): list(row) for row in rows[1:]}


def test_everybody_stands_where_they_are_and_nothing_due_later_is_missing(season: City):
    lines = _lines(season)
    assert list(lines) == ["200", "201", "202", "300", "301"]
    assert lines["201"][4:10] == ["逾期未公开", "填报：已退回", "2025-09-15", -5, 2, 3]
    assert lines["201"][11] == "editor甲"
    # Published on the 17th in Beijing, when it was the 16th in UTC.
    assert lines["202"][4:8] == ["已公开", "已公开第1版", "2025-09-15", -2]
    assert "/units/202/2024" in str(lines["202"][12])
    assert lines["300"][4:9] == ["逾期未公开", "文件：待处理", "2025-08-31", -20, 1]
    assert lines["200"][4:6] == ["逾期未公开", "未开始"]
    season.clock.now = datetime(2025, 9, 10, 2, tzinfo=UTC)
    lines = _lines(season)
    assert lines["301"][4:8] == ["未到期", "未到期", "2025-09-15", 5], "not missing: its last day is to come"
    assert lines["201"][4] == "办理中"
    budgets = _lines(season, query="?year=2025&kind=预算")
    assert budgets["300"][5] == "文件：待处理" and budgets["301"][4:7] == ["未开始", "未开始", None]


def test_what_is_in_hand_beside_a_version_is_not_taken_for_it(season: City):
    with season.site.database.writing() as session:
        year = session.scalars(select(Season.id)).one()
        session.add(Filing(
            organisation_id=_at(season, "202"), season_id=year, state="submitted", content='{"pages":{}}',
            updated="2025-09-18T01:00:00.000000Z", updated_by="editor",
        ))
        session.add(Publication(
            organisation_id=_at(season, "300"), year=2024, version=1, state="published", current=True, kind="决算",
            profile="national", title="", unit="测试市卫生局", nature="", digest="", asked="", publisher="",
            published="2025-08-20T01:00:00.000000Z",
        ))
    lines = _lines(season)
    assert lines["202"][4:6] == ["已公开", "已公开第1版；更正：待单位审核"]
    assert lines["300"][4:6] == ["已公开", "已公开第1版；另一份文件：待处理"]


def test_the_page_counts_and_filters_and_gives_a_reminder_to_copy(season: City):
    browser = season.browser("reviewer")
    page = browser.get("/progress?year=2024").text
    assert "逾期未公开 4" in page and "已公开 1" in page and "未到期 0" in page
    text = page.split("<textarea", 1)[1].split("</textarea>")[0]
    assert "【催办】2024年度决算公开" in text and "以下 4 个单位已过公开期限" in text
    assert "测试市教育局：\n　　测试市教育局（期限 2025-08-31，逾期 20 天，未开始）" in text
    assert "　　测试市第一中学（期限 2025-09-15，逾期 5 天，填报：已退回，有 2 处错误）" in text
    only = browser.get("/progress?year=2024&situation=published").text.split("<tbody>")[1].split("</table>")[0]
    assert "测试市第二中学" in only and "测试市第一医院" not in only
    season.clock.now = datetime(2025, 9, 10, 23, tzinfo=UTC)
    soon = season.browser("reviewer").get("/progress?year=2024").text
    assert "在 5 日内到期" in soon and "测试市第一医院（期限 2025-09-15，还有 4 天，未到期）" in soon


def test_a_department_sees_and_reminds_its_own_units_only(season: City):
    page = season.browser("department").get("/progress?year=2024").text
    assert "测试市第一中学" in page and "测试市第一医院" not in page
    assert list(_lines(season, "department")) == ["200", "201", "202"]
    assert season.browser("editor").get("/progress").status_code == 403


def test_without_a_season_or_a_file_the_page_says_what_to_do(city: City):
    page = city.browser("reviewer").get("/progress").text
    assert "还没有开放填报的年度" in page and "开放一个年度" in page


@ONE_ENGINE
def test_files_read_before_this_was_noted_are_told_apart_at_the_start(season: City):
    with season.site.database.writing() as session:
        row = session.scalars(select(ReviewFile).where(ReviewFile.disclosure == "决算")).one()
        row.disclosure = ""
        path = results_of(season.site, row.id) / ACCOUNT
        lost = session.scalars(select(ReviewFile).where(ReviewFile.disclosure == "预算")).one()
        lost.disclosure = ""
    path.parent.mkdir(parents=True)
    path.write_bytes(to_json(account()))
    settle_disclosures(season.site)
    with season.site.database.reading() as session:
        found = {each.name: each.disclosure for each in session.scalars(select(ReviewFile))}
    assert found == {"决算公开.pdf": "决算", "预算公开.pdf": "其他"}, "what is not known is not guessed"


def test_a_correction_does_not_make_late_what_had_come_in_time(season: City):
    with season.site.database.writing() as session:
        for version, day in ((1, "2025-08-20"), (2, "2025-09-19")):
            session.add(Publication(
                organisation_id=_at(season, "301"), year=2024, version=version, state="published",
                current=version == 2, kind="决算", profile="national", title="", unit="测试市第一医院", nature="",
                digest=str(version), asked="", publisher="", published=f"{day}T01:00:00.000000Z",
            ))
    assert _lines(season)["301"][4:8] == ["已公开", "已公开第2版", "2025-09-15", 26]
    browser = season.browser("reviewer")
    assert "按期" in browser.get("/progress?year=2024").text


def test_what_was_opened_for_a_unit_and_nobody_has_written_in_is_not_begun(season: City):
    with season.site.database.writing() as session:
        year = session.scalars(select(Season.id)).one()
        session.add(Filing(
            organisation_id=_at(season, "301"), season_id=year, state="drafting", content='{"pages":{}}', revision=1,
            errors=4, counted=1, updated="2025-08-18T01:00:00.000000Z", updated_by="manager",
        ))
    season.clock.now = datetime(2025, 9, 12, 2, tzinfo=UTC)
    line = _lines(season)["301"]
    assert line[4:8] == ["未到期", "还没有填写", "2025-09-15", 3] and line[8:12] == [None] * 4
    listed = season.browser("reviewer").get("/filings?year=2024").text
    row = next(row for row in listed.split("<tr>") if "测试市第一医院" in row)
    assert "还没有填写" in row and not re.search(r'class="amount[^"]*">\d', row), "nor on the list"
    page = season.browser("reviewer").get("/progress?year=2024").text
    assert "测试市第一医院（期限 2025-09-15，还有 3 天，还没有填写）" in page, "its blank cells are not called errors"
    season.clock.now = datetime(2025, 9, 20, 2, tzinfo=UTC)
    assert _lines(season)["301"][4] == "逾期未公开"


def test_what_a_unit_has_posted_on_its_own_site_is_published_there_while_it_is_there(season: City):
    folder = folder_of(season.site)
    folder.mkdir(parents=True)
    posting = Posting(
        "测试市第一医院", "决算", 2024, "https://yy.example/2024.docx", digest="1" * 64, name="2024.docx",
        first="2025-09-17 09:00",
        checked=CheckedPosting("测试市第一医院", 2024, differences=(PostedDifference("", "", ""),)),
    )
    other = Posting("测试市第二医院", "决算", 2024, "https://yy.example/2.docx", digest="2" * 64,
                    first="2025-09-17 09:00", checked=CheckedPosting("测试市第一医院", 2023))
    write_state(folder, {each.url: each for each in (posting, other)})
    line = _lines(season)["301"]
    assert line[4:8] == ["已公开", "单位网站已张贴，与批复稿不同 1 个数", "2025-09-15", -2]
    assert line[12] == "https://yy.example/2024.docx"
    page = season.browser("reviewer").get("/progress?year=2024").text
    assert 'href="https://yy.example/2024.docx" rel="noopener noreferrer nofollow">单位网站' in page
    assert "测试市第一医院（期限" not in page, "nobody is reminded of what is there"
    assert "单位网站" not in season.browser("department").get("/progress?year=2024").text
    posting.seen = [Sighting("2025-09-18 09:00", "gone")]
    write_state(folder, {posting.url: posting})
    line = _lines(season)["301"]
    assert line[4:6] == ["逾期未公开", "单位网站上不见了"] and line[12] is None


@ONE_ENGINE
def test_the_board_leads_nobody_to_a_page_that_is_closed_to_them(season: City):
    for name in ("reviewer", "manager", "inspector", "department"):
        browser = season.browser(name)
        page = browser.get("/progress?year=2024").text.split("<tbody>")[1].split("</tbody>")[0]
        for address in re.findall(r'href="(/(?!units)[^"]+)"', page):
            assert browser.get(address).status_code != 403, (name, address)


def test_units_stand_in_the_order_of_their_codes(city: City):
    with city.site.database.writing() as session:
        lines = [f"2{number:02},测试市第{number}小学,预算单位,200" for number in range(20, 8, -1)]
        import_organisations(session, city.site.trail, SYSTEM, "\n".join(["代码,名称,类型,上级代码", *lines]).encode())
        session.add(Season(year=2024, profile="national", approved=APPROVED, creator="", created=""))
    codes = list(_lines(city))
    assert codes == sorted(codes) and codes.index("209") < codes.index("210")
    for page in ("/filings", "/organisations"):
        shown = re.findall(r'<span class="code soft">(\d+)</span>|<td class="code">(\d+)</td>',
                           city.browser("reviewer").get(page).text)
        found = [one or other for one, other in shown]
        assert found == sorted(found) and len(found) > 12, page
