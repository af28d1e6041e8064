"""Comparison by hand: ratios, ranks, quartiles, what is out of the ordinary, and what is not compared at all."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from pathlib import Path

import duckdb
import msgspec
import pytest
from click.testing import CliRunner

from juesuan.cli import main
from juesuan.corpus.compare.peers import Observation, PeerGroup, compare_units, trends
from juesuan.corpus.compare.report import page, spread_chart
from juesuan.publisher.charts.drawing import svg
from juesuan.statute.comparison.indicators import address_of, load_indicators

RUNNING, VEHICLES = "表9!金额行11栏", "三公明细!保有量行数栏"
AMOUNTS = (10, 20, 30, 40, 50, 60, 70, 80, 1000)


def observed(year: int = 2022, level: str = "单位", kind: str = "学校") -> list[Observation]:
    """Nine schools with two cars each, one that has none and one that says nothing of cars."""
    found = [
        Observation(f"{n:03}", f"学校{n}", year, level, kind, {RUNNING: Decimal(2 * amount), VEHICLES: Decimal(2)})
        for n, amount in enumerate(AMOUNTS)
    ]
    found.append(Observation("100", "无车", year, level, kind, {RUNNING: Decimal(5), VEHICLES: Decimal(0)}))
    found.append(Observation("101", "不详", year, level, kind, {RUNNING: Decimal(5)}))
    return found


def running(observations: list[Observation]) -> PeerGroup:
    [group] = compare_units(observations, ["车均运行费"])
    return group


def test_quartiles_ranks_and_the_extraordinary_by_hand() -> None:
    """Median 50; deviations 0 10 10 20 20 30 30 40 950, their median 20; 0.6745 x 950 / 20 = 32.04 > 3.5."""
    group = running(observed())
    assert group.quartiles == (Decimal(30), Decimal(50), Decimal(70))
    assert (group.mad, group.without) == (Decimal(20), 2)
    assert [(v.unit, v.rank, v.quarter) for v in group.values] == [
        ("000", 1, 1), ("001", 2, 1), ("002", 3, 1), ("003", 4, 2), ("004", 5, 2), ("005", 6, 3), ("006", 7, 3),
        ("007", 8, 4), ("008", 9, 4),
    ]  # fmt: skip
    [odd] = [value for value in group.values if value.outlier]
    assert odd.unit == "008"
    for word in ("1000.00元/辆", "高于", "中位数 50.00", "中位绝对偏差 20.00", "47.50 倍", "32.04", "3.5"):
        assert word in odd.outlier


def test_few_peers_are_not_compared() -> None:
    group = running(observed()[:7])
    assert group.values == () and "少于 8 个" in group.refused


def test_only_peers_of_the_same_level_kind_and_year_are_compared() -> None:
    others = [*observed(kind="医院"), *observed(2023), *observed(level="部门")]
    groups = compare_units([*observed(), *others], ["车均运行费"])
    assert [(g.level, g.kind, g.year, len(g.values)) for g in groups] == [
        ("单位", "医院", 2022, 9), ("单位", "学校", 2022, 9), ("单位", "学校", 2023, 9), ("部门", "学校", 2022, 9),
    ]  # fmt: skip
    [trend] = trends(groups)
    assert trend.medians == ((2022, Decimal("50.00")), (2023, Decimal("50.00")))


def test_where_most_are_the_same_nothing_is_out_of_the_ordinary() -> None:
    same = [
        Observation(f"{n}", f"甲{n}", 2022, "", "", {RUNNING: Decimal(7 if n else 900), VEHICLES: Decimal(1)})
        for n in range(9)
    ]
    assert [value.outlier for value in running(same).values] == [""] * 9


def test_equal_values_share_a_rank_and_more_can_be_better() -> None:
    scores = [
        Observation(f"{n}", f"甲{n}", 2022, "", "", {"自评得分": Decimal(90 + n // 2), "表5!合计行1栏": Decimal(96),
                                                      "年初预算!表5!合计行1栏": Decimal(100)})
        for n in range(8)
    ]  # fmt: skip
    [group] = compare_units(scores, ["自评得分"])
    assert [(value.unit, value.rank) for value in group.values][:3] == [("6", 1), ("7", 1), ("4", 3)]
    assert {value.against for value in group.values} == {Decimal("96.00")}


def test_the_declarations_are_addresses_with_a_basis() -> None:
    for indicator in load_indicators().indicators:
        assert indicator.basis and indicator.unit
        assert any(address_of(quantity) for quantity in indicator.quantities) or indicator.against


def test_the_page_has_its_charts_and_no_outside_links() -> None:
    groups = compare_units([*observed(), *observed(2023)], ["车均运行费"])
    text = page(groups, trends(groups))
    assert text.count("<svg") == 3 and "学校8" in text and "中位绝对偏差" in text
    assert "<script" not in text and "<link" not in text
    assert text == page(groups, trends(groups))


def test_the_names_of_quartiles_never_touch() -> None:
    """Where they lie close or are the same, each name has forty points to itself; all stand behind the points."""
    same = [msgspec.structs.replace(each, quantities=observed()[0].quantities) for each in observed()]
    for group in (running(observed()), running(same)):
        picture = svg(spread_chart(group))
        places = re.findall(r'translate\(([\d.]+),[\d.]+\)"[^>]*>(?:四分之一|中位数|四分之三)<', picture)
        points = re.findall(r'aria-roledescription="point" transform="translate\(([\d.]+),', picture)
        assert len(places) == 3 and len(points) == len(group.values)
        first, second, third = map(float, places)
        assert second - first >= 40 and third - second >= 40 and first > max(map(float, points))


@pytest.fixture
def accounts(tmp_path: Path) -> Path:
    """The accounts of nine units as `juesuan jurisdiction` leaves them."""
    path = tmp_path / "accounts.parquet"
    duckdb.sql(
        "SELECT '单位' AS level, printf('%03d', n) AS unit_code, '单位' || n AS unit, 2022 AS year, f AS form, "
        'r AS row, c AS "column", \'本年\' AS period, '
        "CAST((CASE c WHEN '2' THEN 10 * n ELSE 100 END) AS DECIMAL(20, 2)) "
        "AS amount FROM range(1, 10) t(n), (VALUES ('表3', '合计', '1'), ('表3', '合计', '2')) v(f, r, c)"
    ).write_parquet(str(path))
    return path


def test_the_command(accounts: Path, tmp_path: Path) -> None:
    arguments = ["compare", str(accounts), "--indicator", "基本支出占比"]
    done = CliRunner().invoke(main, [*arguments, "--format", "json"])
    assert done.exit_code == 0
    [group] = json.loads(done.output)["groups"]
    assert group["quartiles"] == ["30.00", "50.00", "70.00"]
    csv_file, page_file = tmp_path / "a.csv", tmp_path / "a.html"
    done = CliRunner().invoke(main, [*arguments, "-o", str(csv_file), "-o", str(page_file)])
    assert "四分位 30.00 / 50.00 / 70.00" in done.output
    assert csv_file.read_text(encoding="utf-8").count("\n") == 10 and "<svg" in page_file.read_text(encoding="utf-8")
    done = CliRunner().invoke(main, [*arguments, "-o", str(tmp_path / "图.svg")])
    [picture] = tmp_path.glob("图 分布*.svg")
    assert "基本支出" in picture.name and picture.read_text(encoding="utf-8").startswith("<svg")
    wrong = CliRunner().invoke(main, ["compare", str(accounts), "--indicator", "没有"])
    assert wrong.exit_code == 2 and "车均运行费" in wrong.output
