"""Roll-up over units: absolute values added, relative values and grades weighted by amount, by hand."""

from __future__ import annotations

from decimal import Decimal

import pytest

from juesuan.account import Indicator
from juesuan.scoring import Scored, adopt, roll_up, score_sheet

from .data import BEN, OPERATION, OUT, QUANTITY, SOCIAL, SYSTEMS, WHOLE, indicator, scheme, sheet


def joined(*units: tuple[str, str, str], grades: tuple[str | None, ...] = (), group: str = OUT) -> Scored:
    """Units as (budget in 万元, target, actual) with one indicator of 80 points."""
    grades = grades or (None,) * len(units)
    child = QUANTITY if group == OUT else SOCIAL
    forms = [
        sheet((indicator(group, child, "某指标", 80, target, actual, grade=grade),), budget, budget, f"单位{n}")
        for n, ((budget, target, actual), grade) in enumerate(zip(units, grades, strict=True), 1)
    ]
    return roll_up(forms, scheme("wuhan"))


def line(scored: Scored) -> Indicator:
    return scored.sheet.indicators[0]


def test_absolute_values_are_added() -> None:
    scored = joined(("100", "30万笔", "28万笔"), ("300", "10万笔", "120000笔"))
    assert (line(scored).target, line(scored).actual) == ("40万笔", "40万笔")
    assert line(scored).score == 80
    assert scored.sheet.budget.value == 4000000 and scored.execution == 20
    assert scored.sheet.budget.resolution == 200


def test_bare_actual_values_take_the_unit_of_their_own_target() -> None:
    scored = joined(("100", "30万笔", "28"), ("100", "200000笔", "180000"))
    assert (line(scored).target, line(scored).actual) == ("50万笔", "46万笔")


def test_relative_values_are_weighted_by_amount() -> None:
    # (100 × 90% + 300 × 98%) / 400 = 96%
    scored = joined(("100", "≥95%", "90%"), ("300", "≥95%", "98%"))
    assert (line(scored).target, line(scored).actual) == ("≥95%", "96%")
    # (100 × 90% + 200 × 95%) / 300 = 93.333…%, kept with two decimals: 80 × 93.33/95 = 78.594
    scored = joined(("100", "≥95%", "90%"), ("200", "≥95%", "95%"))
    assert line(scored).actual == "93.33%" and line(scored).score == Decimal("78.59")


def test_durations_are_averaged_in_the_unit_of_the_first_target() -> None:
    scored = joined(("100", "≤2小时", "1小时"), ("100", "≤2小时", "90分钟"))
    assert line(scored).actual == "1.25小时"
    scored = joined(("100", "7*24小时", "7*24小时"), ("100", "7*24小时", "24小时不间断"))
    assert line(scored).actual == "7*24小时" and line(scored).score == 80


def test_ranges_are_added_at_both_ends() -> None:
    scored = joined(("100", "10-20个", "15个"), ("100", "5-6个", "7个"))
    assert (line(scored).target, line(scored).actual) == ("15-26个", "22个")


def test_grades_are_weighted_by_amount() -> None:
    # (100 × 1 + 300 × 0.8) / 400 = 0.85
    scored = joined(("100", "有效推动", "有效推动"), ("300", "有效推动", "有所推动"), grades=(None, "0.8"), group=BEN)
    assert line(scored).grade == Decimal("0.85") and line(scored).score == 68
    assert line(scored).actual == "有效推动；有所推动"


def test_the_latest_date_counts() -> None:
    scored = joined(("100", "12月底前", "11月3日"), ("100", "12月底前", "12月20日"))
    assert line(scored).actual == "12月20日" and line(scored).score == 80


def test_units_without_money_count_the_same() -> None:
    assert line(joined(("0", "≥95%", "90%"), ("0", "≥95%", "98%"))).actual == "94%"


@pytest.mark.parametrize(
    "units",
    [
        (("100", "30笔", "30笔"), ("100", "30人", "30人")),
        (("100", "30笔", "30笔"), ("100", "30笔", "")),
        (("100", "30", "30笔"), ("100", "30", "30笔")),
        (("100", "≥95%", "95%以上"), ("100", "≥95%", "不超过99%")),
        (("100", "12月底前", "12月3日"), ("100", "11月底前", "11月3日")),
    ],
)
def test_what_cannot_be_joined_is_left_blank_and_said(units: tuple[tuple[str, str, str], ...]) -> None:
    scored = joined(*units)
    assert line(scored).actual == "" and line(scored).score is None
    assert any(r.code == "E171" and r.indicator == 0 for r in scored.issues)


def test_missing_grades_are_named() -> None:
    scored = joined(("100", "有效推动", "有效推动"), ("300", "有效推动", "有所推动"), group=BEN)
    assert any(r.code == "E171" and "单位2" in r.message for r in scored.issues)
    assert line(scored).score is None


def test_different_weights_are_an_issue() -> None:
    forms = [sheet((indicator(OUT, QUANTITY, "甲", weight, "1个"),), title=f"单位{weight}") for weight in (30, 40)]
    assert any(r.code == "E172" for r in roll_up(forms, scheme("wuhan")).issues)


def test_different_projects_keep_their_indicators() -> None:
    scored = roll_up([SYSTEMS, OPERATION], scheme("wuhan"), "两个项目")
    assert scored.sheet.title == "两个项目" and len(scored.lines) == 13  # 7 + 7, one in common
    # 20 × (784.05 + 187.64) / (2178.48 + 210.54) = 8.1346…
    assert scored.execution == Decimal("8.13") and scored.grade == ""
    fitted = score_sheet(adopt(scored.sheet, scheme("wuhan")), scheme("wuhan"))
    assert fitted.total == Decimal("88.13") and fitted.grade == "良"


def test_other_wording_is_remarked() -> None:
    scored = joined(("100", "有效推动", "有效推动"), ("100", "持续推动", "持续推动"), group=BEN)
    assert any(r.code == "E173" for r in scored.issues)
    scored = joined(("100", "≥30笔", "30笔"), ("100", "30笔", "30笔"))
    assert any(r.code == "E173" for r in scored.issues) and line(scored).target == "≥60笔"


def test_the_whole_unit_form_rolls_up_to_itself() -> None:
    scored = roll_up([WHOLE], scheme("wuhan"))
    assert scored.total == Decimal("91.02")
    assert scored.sheet.title == WHOLE.title and scored.sheet.goals == WHOLE.goals
    with pytest.raises(ValueError, match="没有可以汇总"):
        roll_up([], scheme("wuhan"))
