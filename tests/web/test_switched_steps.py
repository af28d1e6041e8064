"""Secrecy review and the head's signature: passed through where the bureau has switched them on, and only there."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from juesuan.web.filing.steps import load_way
from juesuan.web.infra.models import AuditEntry, Filing, FilingStep, User

from .conftest import ONE_ENGINE, Browser, City
from .filling import take
from .test_unit_desk import _unit_named_rightly


@pytest.fixture
def sent_in(started: tuple[City, Browser, str]) -> tuple[City, str]:
    """A filing that its unit has sent in."""
    city, browser, address = started
    _unit_named_rightly(browser, address)
    assert take(city, "editor", address, "submit").status_code == 303
    return city, address


def _state(city: City) -> str:
    with city.site.database.reading() as session:
        return session.scalars(select(Filing.state)).one()


def _switch(city: City, *checks: str):
    browser = city.browser("reviewer")
    browser.get("/seasons")
    return browser.post("/seasons/checks", {"year": "2022", "check": list(checks)})


@ONE_ENGINE
def test_both_switched_on_stand_between_unit_and_department_with_name_day_and_opinion(sent_in: tuple[City, str]):
    city, address = sent_in
    assert _switch(city, "secrecy", "signing").status_code == 303
    assert "审核通过，送保密审查" in city.browser("approver").get(address).text
    assert take(city, "approver", address, "confirm").status_code == 303
    assert _state(city) == "secrecy"
    assert take(city, "department", address, "pass").status_code == 400, "it is not their turn"
    assert take(city, "head", address, "sign", reason="同意").status_code == 400

    warden = city.browser("warden")
    assert "测试市第一中学" in warden.get("/desk").text, "it waits for them"
    page = warden.get(address).text
    assert "审查意见（必填）" in page and "保密审查通过，送负责人签署" in page
    assert take(city, "warden", address, "clear").status_code == 400, "an opinion is demanded"
    assert take(city, "warden", address, "clear", reason="无涉密内容，同意公开").status_code == 303
    assert _state(city) == "signing"
    assert take(city, "head", address, "sign", reason="数字真实完整，同意报送").status_code == 303
    assert _state(city) == "confirmed"
    page = city.browser("reviewer").get(address).text
    for told in ("保密审查通过", "warden甲", "无涉密内容，同意公开", "签署", "head甲", "数字真实完整，同意报送"):
        assert told in page, told
    with city.site.database.reading() as session:
        steps = {step.step: step for step in session.scalars(select(FilingStep))}
        actions = [entry.action for entry in session.scalars(select(AuditEntry))]
    assert steps["sign"].actor == "head" and steps["sign"].moment and steps["sign"].reason
    assert {"season.checks", "filing.clear", "filing.sign"} <= set(actions)


@ONE_ENGINE
def test_switched_off_nothing_is_different(sent_in: tuple[City, str]):
    city, address = sent_in
    assert "待保密审查" not in city.browser("reviewer").get("/filings").text
    assert "审核通过，报主管部门" in city.browser("approver").get(address).text
    assert take(city, "approver", address, "confirm").status_code == 303
    assert _state(city) == "confirmed"


@ONE_ENGINE
def test_one_alone_can_be_switched_on(sent_in: tuple[City, str]):
    city, address = sent_in
    _switch(city, "signing")
    take(city, "approver", address, "confirm")
    assert _state(city) == "signing"
    assert "待负责人签署" in city.browser("reviewer").get("/filings").text


@ONE_ENGINE
def test_each_may_return_it_with_a_reason_and_it_begins_anew(sent_in: tuple[City, str]):
    city, address = sent_in
    _switch(city, "secrecy", "signing")
    take(city, "approver", address, "confirm")
    assert take(city, "approver", address, "return", reason="x").status_code == 400, "not their turn any more"
    assert take(city, "warden", address, "return", reason="附件里有内部电话").status_code == 303
    assert _state(city) == "returned"
    assert "附件里有内部电话" in city.browser("editor").get(address).text


@ONE_ENGINE
def test_a_step_at_which_somebody_waits_is_not_switched_off(sent_in: tuple[City, str]):
    city, address = sent_in
    _switch(city, "secrecy")
    take(city, "approver", address, "confirm")
    refused = _switch(city)
    assert refused.status_code == 400 and "还有 1 份决算待保密审查，不能关闭“保密审查”" in refused.text
    take(city, "warden", address, "clear", reason="无涉密内容")
    assert _state(city) == "confirmed"
    assert _switch(city).status_code == 303
    editor = city.browser("editor")
    editor.get("/account")
    assert editor.post("/seasons/checks", {"year": "2022", "check": "secrecy"}).status_code == 403


@ONE_ENGINE
def test_a_step_that_nobody_can_take_is_told_where_it_is_switched_on_and_where_a_filing_waits_for_it(
    sent_in: tuple[City, str]
):
    city, address = sent_in
    _switch(city, "secrecy", "signing")
    told = city.browser("reviewer").get("/seasons").text
    assert "4 个机构缺人" in told, "both departments and two of three units"
    assert "测试市第一医院" in told and "测试市第一中学" not in told
    assert "没有单位审核人、保密审查人、单位负责人" in city.browser("manager").get("/setup").text
    take(city, "approver", address, "confirm")
    assert "没有在用的" not in city.browser("approver").get(address).text
    with city.site.database.writing() as session:
        session.scalars(select(User).where(User.name == "warden")).one().active = False
    for name in ("approver", "editor", "department", "reviewer"):
        assert "没有在用的保密审查人，没有人能办理这一步" in city.browser(name).get(address).text, name
    assert "5 个机构缺人" in city.browser("reviewer").get("/seasons").text


def test_the_way_leads_somewhere_however_it_is_switched():
    way = load_way()
    for switched in ((), ("secrecy",), ("signing",), tuple(way.switches)):
        found = way.target("confirm", switched)
        assert not way.states[found].switch or found in switched
