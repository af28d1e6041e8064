"""Every named query on a tiny data set, with the answer worked out by hand beside it."""

from __future__ import annotations

from pathlib import Path

import pytest

from juesuan.scoring.evidence import EvidenceError, library_query, query_names

from .sample import library

HOUR = 3600
YEAR = 365 * 24 * HOUR
"""Seconds in 2022."""

CARDS = (
    "holder VARCHAR, valid_from DATE, valid_to DATE",
    """
    001,2020-01-01,
    002,2019-05-01,2022-06-30
    002,2022-06-30,
    003,2018-01-01,2022-12-31
    004,2018-01-01,2022-12-30
    005,2023-01-01,
    006,2022-12-31,
    ,2020-01-01,
    001,2021-01-01,
    """,
)
"""Valid on 31 December: 001 (two cards), 002 (replaced card), 003 (last day), 006 (first day). Not: 004, 005, blank."""


def test_every_query_says_what_it_measures() -> None:
    for name in query_names():
        query = library_query(name)
        assert query.title and query.unit, name
        for word in ("计算：", "数据：", "边界："):
            assert f"-- {word}" in query.text, (name, word)


def test_every_query_has_a_test_of_its_own() -> None:
    tested = Path(__file__).read_text(encoding="utf-8")
    assert [name for name in query_names() if f'"{name}"' not in tested] == []


def test_holders_are_distinct_and_valid_on_the_day(tmp_path: Path) -> None:
    assert library(tmp_path, "card_holders", cards=CARDS) == "4"


def test_electronic_cards_count_only_for_valid_holders(tmp_path: Path) -> None:
    signed = """
    001,2021-01-01,
    001,2022-03-01,
    002,2022-01-01,2022-12-31
    003,2022-12-31,
    004,2020-01-01,
    006,2023-01-01,
    """
    # 001 and 003 of four holders: 002 ended on the day, 004 has no valid card, 006 signed after the day.
    electronic = ("holder VARCHAR, signed DATE, cancelled DATE", signed)
    assert library(tmp_path, "electronic_card_coverage", cards=CARDS, electronic_cards=electronic) == "0.5"


def test_a_branch_that_moved_is_one_branch(tmp_path: Path) -> None:
    rows = """
    0102,2015-01-01,2021-01-01
    0102,2021-01-01,
    0103,2022-12-31,
    0104,2015-01-01,2022-12-31
    0105,2023-01-01,
    """
    assert library(tmp_path, "issuing_branches", branches=("branch VARCHAR, opened DATE, closed DATE", rows)) == "2"


def test_enquiries_at_the_edges_of_the_year(tmp_path: Path) -> None:
    rows = """
    1,2021-12-31 23:59:59,成功
    2,2022-01-01 00:00:00,成功
    3,2022-06-01 10:00:00,失败
    4,2022-12-31 23:59:59.999,成功
    4,2022-12-31 23:59:59.999,成功
    5,2023-01-01 00:00:00,成功
    """
    enquiries = ("enquiry VARCHAR, handled TIMESTAMP, result VARCHAR", rows)
    assert library(tmp_path, "enquiries", enquiries=enquiries) == "2"


def test_months_without_messages_are_months(tmp_path: Path) -> None:
    rows = "\n".join(["2022-03-01 08:00:00,已送达"] * 9 + ["2022-03-01 08:00:00,失败", "2021-03-01 08:00:00,已送达"])
    # Nine messages in one month: 9 ÷ 12 = 0.75.
    assert library(tmp_path, "messages_per_month", messages=("sent TIMESTAMP, state VARCHAR", rows)) == "0.75"


OUTAGES = """
2021-12-31 22:00:00,2022-01-01 02:00:00
2022-05-01 10:00:00,2022-05-01 12:00:00
2022-05-01 11:00:00,2022-05-01 13:00:00
2022-05-01 10:30:00,2022-05-01 10:40:00
2022-12-31 21:00:00,
2023-02-01 00:00:00,2023-02-02 00:00:00
2021-01-01 00:00:00,2022-01-01 00:00:00
"""
"""In 2022: 2 h after the turn of the year, 3 h of overlapping ones (10 to 13 h), 3 h not ended by then. 8 h in all."""


@pytest.mark.parametrize(("query", "times"), [("uptime", 1), ("service_hours", 168)])
def test_outages_at_the_edges_count_and_overlapping_ones_count_once(tmp_path: Path, query: str, times: int) -> None:
    # (8760 − 8) ÷ 8760 = 1094/1095.
    expected = "1094/1095" if times == 1 else "61264/365"
    assert library(tmp_path, query, outages=("began TIMESTAMP, ended TIMESTAMP", OUTAGES)) == expected


def test_a_year_without_outage_is_whole(tmp_path: Path) -> None:
    assert library(tmp_path, "uptime", outages=("began TIMESTAMP, ended TIMESTAMP", "")) == "1"
    assert library(tmp_path, "service_hours", outages=("began TIMESTAMP, ended TIMESTAMP", "")) == "168"


def test_an_outage_longer_than_the_year_leaves_nothing(tmp_path: Path) -> None:
    rows = "2021-06-01 00:00:00,2023-06-01 00:00:00"
    assert library(tmp_path, "uptime", outages=("began TIMESTAMP, ended TIMESTAMP", rows)) == "0"


def test_heartbeats_cover_their_interval_and_no_more(tmp_path: Path) -> None:
    # A beat covers 73 hours (a 120th of the year). One before the turn of the year reaches one hour into it; three
    # within: two of them an hour apart (74 h together), one 2 h before the end; one repeated.
    rows = """
    2021-12-29 00:00:00,A
    2022-03-01 00:00:00,A
    2022-03-01 01:00:00,A
    2022-03-01 01:00:00,A
    2022-12-31 22:00:00,A
    2023-01-01 00:00:00,A
    """
    covered = 1 + 1 + 73 + 2
    heartbeats = ("beat TIMESTAMP, system VARCHAR", rows)
    assert library(tmp_path, "heartbeat_uptime", {"interval": 73 * HOUR}, heartbeats=heartbeats) == f"{covered}/8760"


def test_every_system_counts_by_itself(tmp_path: Path) -> None:
    rows = """
    2022-01-01 00:00:00,A
    2022-07-02 12:00:00,B
    """
    # Each beat covers half a year: A the first half, B the second; two systems, so half of both.
    heartbeats = ("beat TIMESTAMP, system VARCHAR", rows)
    assert library(tmp_path, "heartbeat_uptime", {"interval": YEAR // 2}, heartbeats=heartbeats) == "0.5"


TICKETS = """
2022-01-01 00:00:00,2022-01-01 01:00:00
2022-02-01 00:00:00,2022-02-01 02:00:00
2022-12-31 20:00:00,
2022-12-31 14:00:00,
2022-06-01 00:00:00,2022-05-01 00:00:00
2021-12-31 00:00:00,2022-12-31 00:00:00
"""
"""Of 2022: 1 h, 2 h, open for 4 h, open for 10 h, and one with the times the wrong way round: open since June."""


def test_the_median_does_not_drop_open_tickets(tmp_path: Path) -> None:
    # 1, 2, 4, 10 and some thousand hours: the middle one is 4; without the open ones it would be 1.5.
    assert library(tmp_path, "repair_hours", tickets=("opened TIMESTAMP, closed TIMESTAMP", TICKETS)) == "4"


def test_open_tickets_are_not_in_time(tmp_path: Path) -> None:
    # 1 h and exactly 2 h of five.
    tickets = ("opened TIMESTAMP, closed TIMESTAMP", TICKETS)
    assert library(tmp_path, "repaired_in_time", {"hours": 2}, tickets=tickets) == "0.4"


def test_terminals_of_a_kind_on_the_last_day(tmp_path: Path) -> None:
    rows = """
    01,自助机,2020-01-01,
    01,自助机,2022-08-01,
    02,自助机,2020-01-01,2022-12-31
    03,柜台,2020-01-01,
    04,自助机,2023-01-01,
    05,自助机,2022-12-31,2023-01-01
    """
    terminals = ("terminal VARCHAR, kind VARCHAR, installed DATE, removed DATE", rows)
    assert library(tmp_path, "terminals_in_service", {"kind": "自助机"}, terminals=terminals) == "2"


def test_days_without_visits_are_days(tmp_path: Path) -> None:
    rows = """
    2022-01-01 00:00:00,700
    2022-12-31 23:00:00,30
    2023-01-01 00:00:00,5
    """
    # 730 ÷ 365.
    assert library(tmp_path, "visits_per_day", visits=("hour TIMESTAMP, visits BIGINT", rows)) == "2"


CLEANING = (
    "source_table VARCHAR, day DATE, records BIGINT, cleaned BIGINT, checked BIGINT, passed BIGINT",
    """
    参保,2022-03-01,600,60,6,6
    参保,2022-04-01,200,20,2,0
    缴费,2022-05-01,200,10,0,0
    档案,2021-05-01,999,99,9,9
    """,
)


def test_cleaned_records_of_all_batches(tmp_path: Path) -> None:
    assert library(tmp_path, "cleaned_records", cleaning=CLEANING) == "90"


def test_a_table_that_was_not_checked_is_not_sound(tmp_path: Path) -> None:
    # 参保: 6 of 8 passed for 800 records, 600; 缴费: not checked, 0 of 200. 600 ÷ 1000.
    assert library(tmp_path, "data_soundness", cleaning=CLEANING) == "0.6"


def test_the_last_answer_counts_and_blank_ones_do_not(tmp_path: Path) -> None:
    rows = """
    甲,2022-01-01 10:00:00,不满意
    甲,2022-02-01 10:00:00,很满意
    乙,2022-01-01 10:00:00,满意
    丙,2022-01-01 10:00:00,一般
    丁,2022-01-01 10:00:00,
    戊,2021-01-01 10:00:00,满意
    ,2022-01-01 10:00:00,满意
    ,2022-01-01 10:00:00,很不满意
    己,2022-01-01 10:00:00,满意
    己,2022-01-01 10:00:00,不满意
    """
    # 甲 yes, 乙 yes, 丙 no, two without a name yes and no, 己 no: 3 of 6.
    survey = ("respondent VARCHAR, answered TIMESTAMP, answer VARCHAR", rows)
    assert library(tmp_path, "satisfaction", survey=survey) == "0.5"


def test_what_passed_only_at_the_second_inspection_did_not_pass(tmp_path: Path) -> None:
    rows = """
    A,2022-03-01,合格
    B,2022-03-01,不合格
    B,2022-04-01,合格
    C,2021-03-01,不合格
    C,2022-03-01,合格
    D,2022-05-01,合格
    E,2022-05-01,合格
    """
    # First inspected in 2022: A, B, D, E, of which three at once.
    acceptances = ("item VARCHAR, inspected DATE, result VARCHAR", rows)
    assert library(tmp_path, "acceptance_rate", acceptances=acceptances) == "0.75"


@pytest.mark.parametrize("query", ["satisfaction", "repair_hours", "acceptance_rate"])
def test_nothing_in_the_year_is_no_value(tmp_path: Path, query: str) -> None:
    tables = {
        "survey": ("respondent VARCHAR, answered TIMESTAMP, answer VARCHAR", "甲,2020-01-01 00:00:00,满意"),
        "tickets": ("opened TIMESTAMP, closed TIMESTAMP", "2020-01-01 00:00:00,2020-01-02 00:00:00"),
        "acceptances": ("item VARCHAR, inspected DATE, result VARCHAR", "A,2020-03-01,合格"),
    }
    with pytest.raises(EvidenceError, match="没有符合条件的数据"):
        library(tmp_path, query, **tables)
