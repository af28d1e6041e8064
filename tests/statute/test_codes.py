"""Codes of the classifications by date: names by year, codes added within one, and where each entry comes from."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from juesuan.account import Issue
from juesuan.statute import CODE_LENGTHS, codes_above, digits_of, level_of, load_statute
from juesuan.statute.codes import Code, CodeTable, read_codes
from juesuan.statute.loader.load import ProfileHead


@pytest.mark.parametrize("code", ["2170404", "22911", "23107"])
def test_codes_added_within_a_year_hold_from_their_day(code: str) -> None:
    """财预〔2025〕41号 of 23 May 2025, in force from its issue."""
    functional = load_statute("national").functional
    [entry] = [each for each in functional.of_year(2025) if each.code == code]
    assert entry.sure
    assert not entry.valid(2024)
    assert entry.valid(2025) and entry.valid(2026)
    assert not entry.valid_on(date(2025, 5, 22))
    assert entry.valid_on(date(2025, 5, 23))
    assert code not in {each.code for each in functional.of_year(2024)}


@pytest.mark.parametrize(
    ("code", "year", "name"),
    [
        ("210", 2018, "医疗卫生与计划生育支出"),
        ("210", 2019, "卫生健康支出"),
        ("207", 2017, "文化体育与传媒支出"),
        ("215", 2019, "资源勘探信息等支出"),
        ("215", 2022, "资源勘探工业信息等支出"),
        ("220", 2018, "国土海洋气象等支出"),
    ],
)
def test_classes_have_the_names_of_their_year(code: str, year: int, name: str) -> None:
    assert load_statute("national").functional.name(code, year) == name


def test_of_two_names_in_one_year_accounts_bear_the_later() -> None:
    table = CodeTable([
        Code("2019901", "旧名", None, date(2025, 5, 22)),
        Code("2019901", "新名", date(2025, 5, 23)),
    ])  # fmt: skip
    assert [table.name("2019901", year) for year in (2024, 2025, 2026)] == ["旧名", "新名", "新名"]


def test_a_limit_is_a_year_or_a_day(tmp_path: Path) -> None:
    path = tmp_path / "codes.csv"
    path.write_text(
        "code,name,valid_from,valid_to,source\n2019901,甲,2020,2024,\n2019902,乙,2025-05-23,,\n2019903,丙,二〇二五,,\n",
        encoding="utf-8",
    )
    mistakes: list[Issue] = []
    first, second = read_codes(path, "codes.csv", mistakes)
    assert (first.valid_from, first.valid_to) == (date(2020, 1, 1), date(2024, 12, 31))
    assert (second.valid_from, second.valid_to) == (date(2025, 5, 23), None)
    [issue] = mistakes
    assert "二〇二五" in issue.message and "2025-05-23" in issue.message


def test_levels_and_their_digits_come_from_the_classification() -> None:
    assert CODE_LENGTHS == {"类": 3, "款": 5, "项": 7}
    assert [level_of(code) for code in ("208", "20801", "2080108", "2080", "合计")] == ["类", "款", "项", "", ""]
    assert [digits_of(level) for level in CODE_LENGTHS] == [(0, 3), (3, 5), (5, 7)]
    assert codes_above("2080108") == ["208", "20801", "2080108"]
    assert codes_above("30101") == ["301", "30101"]


def test_a_profile_in_force_goes_before_one_that_is_not() -> None:
    earlier = ProfileHead("city-2019", "某市", (), 2019, until=2021)
    later = ProfileHead("city-2024", "某市", (), 2024, since=2022)
    nearest = [min((head.distance(year), head.key) for head in (earlier, later))[1] for year in (2018, 2021, 2022)]
    assert nearest == ["city-2019", "city-2019", "city-2024"]


@pytest.mark.parametrize(
    ("code", "year", "name"),
    [("30311", 2016, "住房公积金"), ("30311", 2022, "代缴社会保险费"), ("30104", 2017, "其他社会保障缴费"),
     ("310", 2017, "其他资本性支出"), ("310", 2018, "资本性支出")],
)  # fmt: skip
def test_economic_codes_have_the_names_from_before_the_reform_of_2018(code: str, year: int, name: str) -> None:
    statute = load_statute("national", year)
    assert statute.economic.name(code, year) == name
    # A document of the year may have the line in its table of basic expenditure.
    assert statute.forms["表6"].layout.has(code)
