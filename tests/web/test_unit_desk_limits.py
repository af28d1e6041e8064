"""The unit desk at its limits: odd numbers, edits that cross, thousands of fields."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec
import pytest
from hypothesis import given
from hypothesis import settings as bounded
from hypothesis import strategies as st
from sqlalchemy import select

from juesuan.compiler.editor.content import FilingContent
from juesuan.compiler.workbook.plan import sheets
from juesuan.statute import load_statute
from juesuan.web.filing.changes import CellEdit, Conflict, SheetChanges
from juesuan.web.filing.filings import change, content_of
from juesuan.web.infra.models import Filing, Season

from .conftest import ONE_ENGINE, City, Clock, NewDatabase, cheap_settings
from .filling import begin, open_season, revision, save
from .test_unit_desk import _filing


@ONE_ENGINE
@pytest.mark.parametrize("typed", ["1e999999999", "-1e-999999999", "9" * 400, "NaN", "Infinity", "１２３", "=1+1"])
def test_numbers_that_are_none_are_findings_not_failures(started, typed: str):
    _, browser, address = started
    assert save(browser, address, "三公经费", **{"0.b5": ("30000", typed)}).status_code == 200
    assert browser.get(f"{address}/check?sheet=三公经费").status_code == 200
    assert browser.get(address).status_code == 200


@ONE_ENGINE
def test_an_amount_that_cannot_be_is_told_in_its_cell_by_the_row_that_is_shown(started):
    _, browser, address = started
    save(browser, address, "支出", **{"1.basic": ("5801980", "1e9"), "2.basic": ("85000", "123456789012345678901")})
    notes = browser.get(f"{address}/check?sheet=支出").json()["notes"]
    assert "“1e9”是科学计数法；请写出全部数字：1000000000" in notes["1.basic"][0]["message"]
    assert "有 21 位整数，不会是一个单位的金额" in notes["2.basic"][0]["message"]
    # The first line is deleted: what was the second is the first one now, on the page and in the messages.
    browser.post(f"{address}/sheets/支出", {"remove": "1"})
    sheet = browser.get(f"{address}/sheets/支出").text
    assert re.search(r'<tr data-line="2"><th scope="row" class="amount">1</th>', sheet)
    browser.get(address)
    told = browser.post(f"{address}/submit", {"revision": revision(browser, address)}).text
    assert "“支出”表 第1行" in told or "工作表“支出” 单元格 第1行" in told


# Editors and their views, without a server: no acknowledged value is replaced by somebody who had not seen it.

MOVES = st.lists(st.tuples(st.integers(0, 2), st.sampled_from(["b5", "b6", "b8"]), st.sampled_from("0123456789"),
                           st.booleans()), max_size=40)


@pytest.fixture(scope="module")
def plain_city(tmp_path_factory: pytest.TempPathFactory, new_database: NewDatabase) -> Iterator[City]:
    clock = Clock()
    city = City(cheap_settings(tmp_path_factory.mktemp("desk") / "data", clock, new_database()), clock)
    with city.site.database.writing() as session:
        season = Season(year=2022, profile="national", approved="", creator="", created="")
        session.add(season)
        session.flush()
        session.add(Filing(organisation_id=3, season_id=season.id, content="{}", updated="", updated_by=""))
    yield city
    city.site.database.close()


@given(moves=MOVES)
@bounded(max_examples=25, deadline=None)
def test_no_acknowledged_change_is_overwritten_by_one_who_had_not_seen_it(plain_city: City, moves):
    from juesuan.web.auth.sessions import SignedInUser

    sheet = next(s for s in sheets(load_statute("national", 2022)) if s.key == "三公经费")
    stands: dict[str, str] = {}
    views: list[dict[str, str]] = [{}, {}, {}]
    with plain_city.site.database.writing() as session:
        session.scalars(select(Filing)).one().content = msgspec.json.encode(FilingContent()).decode()
    for who, key, value, reload in moves:
        if reload:
            views[who] = dict(stands)
        with plain_city.site.database.writing() as session:
            row = session.scalars(select(Filing)).one()
            edit = CellEdit(0, key, views[who].get(key, ""), value)
            outcome = change(session, plain_city.site, SignedInUser(f"user{who}"), row, sheet, SheetChanges((edit,)))
        if outcome.conflicts:
            assert outcome.conflicts == (Conflict(f"0.{key}", stands.get(key, ""), row.updated_by),)
            assert stands.get(key, "") not in (views[who].get(key, ""), value)
        else:
            assert stands.get(key, "") in (views[who].get(key, ""), value)
            stands[key] = views[who][key] = value
    assert content_of(_filing(plain_city)).page("三公经费").cells == stands


def _whole_sheet(count: int) -> dict[str, str]:
    """A form as a browser without scripts sends it: every cell with what it was."""
    fields = {}
    for number in range(count):
        fields |= {f"n.{number}.function": "2080199", f"n.{number}.source": "一般公共预算"}
    return fields


@ONE_ENGINE
def test_a_sheet_of_thousands_of_fields_is_saved(city: City):
    open_season(city)
    browser, address = begin(city)
    answer = browser.post(f"{address}/sheets/支出", _whole_sheet(1500))
    assert answer.status_code == 303
    assert len(content_of(_filing(city)).pages["支出"].lines) == 1500


@ONE_ENGINE
def test_what_is_too_much_for_one_form_is_told(city: City, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("juesuan.web.site.guard.MOST_FIELDS", 1200)
    open_season(city)
    browser, address = begin(city)
    told = browser.post(f"{address}/sheets/支出", _whole_sheet(1000), headers={"accept": "application/json"})
    assert told.status_code == 400
    assert told.json()["trouble"] == "一次提交的内容太多（最多 1200 项），没有保存。请分几次提交。"
    page = browser.post(f"{address}/sheets/支出", _whole_sheet(1000))
    assert page.status_code == 400 and "请分几次提交" in page.text


@ONE_ENGINE
def test_a_stranger_cannot_send_thousands_of_fields(city: City):
    stranger = city.browser()
    stranger.get("/sign-in")
    answer = stranger.post("/sign-in", {"name": "editor", **_whole_sheet(1000)})
    assert answer.status_code == 400 and "最多 1000 项" in answer.text
