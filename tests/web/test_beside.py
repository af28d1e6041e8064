"""An account under review beside last year's and its peers: hand-calculated changes, quartiles and what stands out."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from sqlalchemy import select

from juesuan.account import Address, Fact, Figure
from juesuan.web.auth.organisations import import_organisations
from juesuan.web.comparison.account import compare
from juesuan.web.infra.audit import SYSTEM
from juesuan.web.infra.models import Organisation, Publication, PublishedIndicator

from .conftest import ONE_ENGINE, City
from .filling import begin, open_season, upload
from .publishing import publish, renamed
from .samples import account

SHARE = "基本支出占比"


@pytest.fixture
def neighbours(city: City) -> City:
    """Nine more units whose published basic expenditure is 10, 20, … 90 per cent of all."""
    listed = "代码,名称,类型,上级代码\n" + "".join(f"21{n},测试市第{n}小学,预算单位,200\n" for n in range(1, 10))
    with city.site.database.writing() as session:
        import_organisations(session, city.site.trail, SYSTEM, listed.encode())
        for number in range(1, 10):
            home = session.scalars(select(Organisation).where(Organisation.code == f"21{number}")).one()
            row = Publication(
                organisation_id=home.id, year=2022, version=1, state="published", current=True, kind="决算",
                profile="national", title="", unit=home.name, nature="", digest="0" * 64, note="", original="",
                files="[]", asked="", published="", publisher="", trouble="",
            )
            session.add(row)
            session.flush()
            session.add(PublishedIndicator(publication_id=row.id, key=SHARE, value=str(number * 10)))
    return city


def test_changes_against_last_year_are_those_of_the_figures(city: City):
    now, last = renamed(account()), renamed(account(), year=2021)
    place = Address("表1", "27", "1")
    now.put(Fact(place, Figure(Decimal("15000000.00"))))
    last.put(Fact(place, Figure(Decimal("10000000.00"))))
    with city.site.database.reading() as session:
        home = session.scalars(select(Organisation).where(Organisation.code == "201")).one()
        found = compare(session, now, last, home, "决算")
    income = next(each for each in found.figures if each.name == "本年收入合计")
    assert (income.now, income.before, income.change) == (Decimal("15000000"), Decimal("10000000"), Decimal("50.00"))
    assert income.remark == "比上年增加 50.00%，请看原因说明。"


def test_quartiles_of_peers_and_what_is_far_from_them(neighbours: City):
    now = renamed(account())
    for column, value in (("1", "100"), ("2", "50")):
        now.put(Fact(Address("表3", "合计", column), Figure(Decimal(value))))
    with neighbours.site.database.reading() as session:
        home = session.scalars(select(Organisation).where(Organisation.code == "201")).one()
        share = next(e for e in compare(session, now, None, home, "决算").indicators if e.name.startswith("基本支出占"))
    # Of 10, 20, … 90: quartiles 30, 50, 70; 50 per cent is the median itself.
    assert (share.now, share.peers, share.count, share.remark) == (
        Decimal("50.00"), (Decimal(30), Decimal(50), Decimal(70)), 9, "",
    )


@ONE_ENGINE
def test_a_reviewer_sees_both_on_one_page(city: City):
    publish(city, renamed(account(), year=2021))
    open_season(city)
    browser, address = begin(city)
    upload(browser, address)
    page = city.browser("reviewer").get(f"{address}/beside").text
    row = re.search(r"<tr><th scope=\"row\">本年收入合计</th>(.*?)</tr>", page)[1]
    assert row.count("1,777.50") == 2, "the example's income, this year and (published as 2021) last year"
    assert "0.00" in row and "请看原因" not in row
    assert city.browser("stranger").get(f"{address}/beside").status_code == 404
