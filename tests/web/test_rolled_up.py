"""A department's account against its units' on the server: sums by hand, who is left out, whose account is taken."""

from __future__ import annotations

import io
from decimal import Decimal

import pytest
from sqlalchemy import select, true

from juesuan.account import Account, Address, Fact, Figure, to_json
from juesuan.statute import load_statute
from juesuan.web.comparison.rollup import RolledUp, roll_up
from juesuan.web.infra.models import Filing, Organisation, Publication, ReviewFile, Season
from juesuan.web.publication import publications as publication
from juesuan.web.review.reading import ACCOUNT
from juesuan.web.review.related import results_of
from juesuan.web.review.uploads import store_upload

from .conftest import City
from .publishing import renamed
from .samples import account

INCOME, OUTLAY = Address("表1", "27", "1"), Address("表3", "合计", "1")


def _home(session, code: str) -> Organisation:
    return session.scalars(select(Organisation).where(Organisation.code == code)).one()


def _published(city: City, code: str, made: Account) -> None:
    digest = store_upload(io.BytesIO(to_json(made)), publication.accounts(city.site), "json")
    with city.site.database.writing() as session:
        session.add(Publication(
            organisation_id=_home(session, code).id, year=2022, version=1, state="published", current=True,
            kind="决算", profile=made.profile, title="", unit="", nature="", digest=digest, note="", original="",
            files="[]", asked="", published="", publisher="", trouble="",
        ))


def _times(made: Account, number: int) -> Account:
    """An account whose every figure is so many times that of `made`."""
    result = renamed(made, "测试市教育局")
    for fact in made.facts.values():
        result.put(Fact(fact.address, Figure(fact.figure.value * number)))
    return result


def _rolled(city: City, made: Account) -> RolledUp:
    statute = load_statute(made.profile, made.year)
    with city.site.database.reading() as session:
        return roll_up(session, city.site, made, _home(session, "200"), true(), statute)


@pytest.fixture
def department(city: City) -> City:
    """A department with two units that have published the same account."""
    for code in ("201", "202"):
        _published(city, code, account())
    return city


def test_a_department_that_is_the_sum_of_its_units_is_sound(department: City):
    found = _rolled(department, _times(account(), 2))
    assert found.findings == ()
    assert [(line.name, line.origin) for line in found.lines] == [
        ("测试市第一中学", "已公开第1版"), ("测试市第二中学", "已公开第1版"),
    ]
    # The example's income and outlay, 1,777.50万元 each, twice.
    assert found.sums == found.own and found.sums[0] == 2 * account().get(INCOME).figure.value


def test_a_unit_that_was_left_out_is_named(department: City):
    other = _times(account(), 3)
    # 202 sends in an account of its own, three times as large as the one that it published.
    digest = store_upload(io.BytesIO(to_json(other)), publication.accounts(department.site), "json")
    with department.site.database.writing() as session:
        season = Season(year=2022, profile=other.profile, approved="", creator="", created="")
        session.add(season)
        session.flush()
        session.add(Filing(organisation_id=_home(session, "202").id, season_id=season.id, content='{"pages":{}}',
                           updated="", updated_by="", account=digest, state="confirmed"))
    found = _rolled(department, _times(account(), 1))
    assert found.lines[1].origin == "最近一次送审稿（待主管部门审核）"
    assert found.sums[0] == 4 * account().get(INCOME).figure.value
    assert {finding.code for finding in found.findings} == {"D501"}
    assert "漏汇" in found.findings[0].message and "202 测试市第二中学" in found.findings[0].message
    assert _rolled(department, _times(account(), 4)).findings == ()


def test_a_unit_without_an_account_is_named(city: City):
    _published(city, "201", account())
    found = _rolled(city, _times(account(), 1))
    assert [(finding.code, "测试市第二中学" in finding.message) for finding in found.findings] == [("D503", True)]
    assert found.lines[1].origin == "" and found.lines[1].amounts == (None,) * len(found.names)


def test_a_reviewer_sees_it_on_a_page_and_another_department_does_not(department: City):
    made = _times(account(), 2)
    total = made.get(OUTLAY)
    made.put(Fact(OUTLAY, Figure(total.figure.value - Decimal("123400.00"))))
    with department.site.database.writing() as session:
        row = ReviewFile(organisation_id=_home(session, "200").id, name="部门.pdf", digest="0" * 64, kind="pdf",
                       uploader="", created="", unit="测试市教育局", year=2022, state="read")
        session.add(row)
        session.flush()
        folder = results_of(department.site, row.id)
    folder.mkdir(parents=True)
    (folder / ACCOUNT).write_bytes(to_json(made))
    address = f"/documents/{row.id}/units"
    for name in ("department", "reviewer", "inspector"):
        page = department.browser(name).get(address).text
        assert "D501" in page and "12.34" in page and "测试市第二中学" in page
    assert department.browser("editor").client.get(address).status_code == 404
