"""Hand-calculated scores, issues, and the three Wuhan forms under two schemes."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import msgspec
import pytest

from juesuan.account import Figure, Indicator, PerformanceSheet
from juesuan.scoring import Scored, adopt, execution_score, grade_of, score_sheet

from .data import (
    BEN,
    CONTENT,
    FORMS,
    OPERATION,
    OUT,
    QUANTITY,
    REASON,
    SOCIAL,
    SYSTEMS,
    TIME,
    WHOLE,
    indicator,
    scheme,
    sheet,
)

D = Decimal


def codes(scored: Scored) -> list[str]:
    return [issue.code for issue in scored.issues]


def one(target: str, actual: str, weight: int | str = 10, key: str = "wuhan", child: str = QUANTITY,
        **more: str) -> Scored:
    return score_sheet(sheet((indicator(OUT, child, "某指标", weight, target, actual, **more),)), scheme(key))


# --- the three forms -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("form", "execution", "total", "grade"),
    [(WHOLE, "11.02", "91.02", "优"), (SYSTEMS, "7.20", "87.20", "良"), (OPERATION, "17.82", "97.82", "优")],
)
def test_wuhan_forms(form: PerformanceSheet, execution: str, total: str, grade: str) -> None:
    scored = score_sheet(form, scheme("wuhan"))
    assert scored.execution == D(execution) and str(scored.execution) == execution
    assert scored.total == D(total) and scored.sheet.score == D(total)
    assert scored.complete and scored.grade == grade
    assert [line.computed for line in scored.lines] == [i.weight for i in form.indicators]
    # Every target was copied, words have no evidence, and nothing else is wrong with these forms.
    assert set(codes(scored)) <= {"E157", "E151", "E159"} and codes(scored).count("E151") == 1


@pytest.mark.parametrize(
    ("form", "execution", "total", "grade"),
    # 10 × 1777.50/3227.02 = 5.508…; 10 × 784.05/2178.48 = 3.599…; 10 × 187.64/210.54 = 8.912…; indicators 90.
    [(WHOLE, "5.51", "95.51", "优"), (SYSTEMS, "3.60", "93.60", "优"), (OPERATION, "8.91", "98.91", "优")],
)
def test_wuhan_data_under_the_national_scheme(
    form: PerformanceSheet, execution: str, total: str, grade: str
) -> None:
    national = scheme("national")
    scored = score_sheet(adopt(form, national), national)
    assert (scored.execution, scored.total, scored.grade) == (D(execution), D(total), grade)
    assert not {"E110", "E106"} & {r.code for r in scored.issues if r.severity != "notice"}


def test_national_weights_of_the_wuhan_forms() -> None:
    national = scheme("national")
    whole = adopt(WHOLE, national)
    # Output 40 → 50, benefit without satisfaction 30 → 30, satisfaction becomes a group of its own with 10.
    assert [i.weight for i in whole.indicators] == [
        D("12.5"), D("12.5"), D("6.25"), D("6.25"), D("12.5"), 10, 10, 10, 10]
    assert whole.indicators[-1].level1 == "满意度指标"
    # Without satisfaction its points go to the benefit group: 15/40, 15/40 and 10/40 of 40.
    assert [i.weight for i in adopt(SYSTEMS, national).indicators][4:] == [15, 15, 10]
    # 11.25 + 11.25 … the weights of every form still add up to 90, whatever the scheme.
    for key in ("national", "anhui", "sichuan"):
        for form in FORMS:
            assert sum(i.weight for i in adopt(form, scheme(key)).indicators) == 90
    assert adopt(WHOLE, scheme("wuhan")) is WHOLE


def test_weights_are_shared_out_to_the_last_hundredth() -> None:
    thirds = sheet(tuple(indicator(OUT, QUANTITY, f"指标{n}", 10, "1个") for n in range(3))
                   + tuple(indicator(BEN, SOCIAL, f"效益{n}", 10, "好") for n in range(7)))
    adopted = adopt(thirds, scheme("wuhan"))
    assert [i.weight for i in adopted.indicators[:3]] == [D("13.34"), D("13.33"), D("13.33")]
    assert sum(i.weight for i in adopted.indicators) == 80


def test_unscaled_weights_are_an_issue() -> None:
    scored = score_sheet(WHOLE, scheme("national"))
    # Output has 40 of 50; benefit has 40, as it should with the points of the absent satisfaction group.
    assert sum("权重合计" in r.message for r in scored.issues if r.code == "E110") == 1 and "E106" in codes(scored)
    assert scored.complete and scored.grade == ""  # 90 points in all deserve no grade
    # Satisfaction stands under benefit in Wuhan, and nowhere else.
    assert any(r.code == "E110" and "放在" in r.message for r in scored.issues)


# --- execution -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("budget", "outlay", "score"),
    [("100", "100", "20.00"), ("100", "0", "0.00"), ("100", "120", "20.00"), ("100", "-5", "0.00"),
     ("300", "100", "6.67"), ("1600", "1000.2", "12.50"), ("1600", "1000.4", "12.51")],
)
def test_execution(budget: str, outlay: str, score: str) -> None:
    assert execution_score(sheet((), budget, outlay), scheme("wuhan")) == D(score)


def test_execution_is_rounded_once_from_yuan() -> None:
    # 20 × 5500/11000 would be 10; one yuan less must not reach 10.00 by way of a rounded rate.
    form = msgspec.structs.replace(sheet(()), budget=Figure(D(400000)), outlay=Figure(D("200099.99")))
    assert execution_score(form, scheme("wuhan")) == D("10.00")
    form = msgspec.structs.replace(form, outlay=Figure(D(200100)))
    assert execution_score(form, scheme("wuhan")) == D("10.01")  # 10.005 exactly: half up


def test_execution_without_a_budget_follows_the_scheme() -> None:
    empty = sheet((indicator(OUT, QUANTITY, "某指标", 80, "1个"),), "0", "0")
    assert execution_score(empty, scheme("anhui")) == 0
    scored = score_sheet(empty, scheme("wuhan"))
    assert scored.execution is None and not scored.complete and scored.sheet.score is None and scored.grade == ""
    assert {"E126", "E112"} <= set(codes(scored))


def test_low_execution_needs_a_reason() -> None:
    form = sheet((indicator(OUT, QUANTITY, "某指标", 80, "1个"),), "100", "79.99")
    assert "E152" in codes(score_sheet(form, scheme("wuhan")))
    assert "E152" not in codes(score_sheet(msgspec.structs.replace(form, deviation=REASON), scheme("wuhan")))
    enough = sheet(form.indicators, "100", "85")
    assert "E152" not in codes(score_sheet(enough, scheme("wuhan")))
    assert "E152" in codes(score_sheet(enough, scheme("sichuan")))  # Sichuan asks from 90 % down
    assert "E125" in codes(score_sheet(sheet(form.indicators, "100", "100.01"), scheme("wuhan")))


# --- formulas --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("target", "actual", "weight", "score"),
    [
        ("≥95%", "76%", 10, "8.00"),  # 10 × 76/95
        ("≥95%", "98%", 10, "10.00"),
        ("≥3个", "1个", 10, "3.33"),
        ("≥3个", "2个", 10, "6.67"),
        ("30万笔", "28万笔", 10, "9.33"),
        ("30万笔", "285000笔", 10, "9.50"),
        (">1000万人", "985万人", 10, "9.85"),
        ("≤2小时", "150分钟", 10, "8.00"),  # 10 × 2/2.5
        ("2小时内", "1.5小时", 10, "10.00"),
        ("≤90万元", "100万元", 10, "9.00"),
        ("0次", "0次", 5, "5.00"),
        ("0次", "1次", 5, "0.00"),
        ("≤0次", "3次", 5, "0.00"),
        ("=100%", "100%", 5, "5.00"),
        ("=10个", "8个", 5, "4.00"),
        ("=8个", "10个", 5, "4.00"),
        ("10-20个", "15个", 6, "6.00"),
        ("10-20个", "5个", 6, "3.00"),
        ("10-20个", "30个", 6, "4.00"),
        ("80%-90%", "85%", 6, "6.00"),
        ("7*24小时", "24小时不间断", 5, "5.00"),
        ("7*24小时", "21小时不间断", 8, "7.00"),
        ("增长5%", "下降1%", 10, "0.00"),
        ("12月底前", "2022年11月30日", 10, "10.00"),
        ("2022年12月底前", "12月31日", 10, "10.00"),
        ("≥16个", "1个", "10.08", "0.63"),
        ("≥16个", "1个", "0.08", "0.01"),  # 0.005: half up
    ],
)
def test_hand_calculated(target: str, actual: str, weight: int | str, score: str) -> None:
    scored = one(target, actual, weight)
    assert scored.lines[0].computed == D(score), scored.issues
    assert str(scored.lines[0].computed) == score


def test_plain_target_takes_the_direction_of_its_kind() -> None:
    # Spending 100 against a cost target of 90 is worse, not better.
    assert one("90万元", "100万元", child="成本指标").lines[0].computed == D("9.00")
    assert one("90万元", "100万元", child=QUANTITY).lines[0].computed == D("10.00")


@pytest.mark.parametrize(
    ("target", "actual", "code", "part"),
    [
        ("≥95%", "", "E156", "没有填写"),
        ("≥95%", "良好", "E160", "一个是文字"),
        ("≥95%", "≤96%", "E160", "限度"),
        ("30笔", "30人", "E160", "不能换算"),
        ("有效推动", "有所推动", "E115", "请按档次定分"),
        ("有效推动", "部分达成预期指标并具有一定效果", "E115", "5至8分"),
        ("12月底前", "次年1月3日", "E160", "不能识别"),
        ("2022年12月底前", "2023年1月3日", "E160", "未按目标时间"),
        ("≥-3%", "-5%", "E160", "负数"),
    ],
)
def test_no_score_is_given_where_none_can_be(target: str, actual: str, code: str, part: str) -> None:
    scored = one(target, actual)
    assert scored.lines[0].computed is None and scored.sheet.indicators[0].score is None
    assert not scored.complete and scored.sheet.score is None
    (issue,) = [r for r in scored.issues if r.code == code and r.indicator == 0]
    assert part in issue.message + issue.advice


def test_qualitative_indicators() -> None:
    assert one("有效推动", "有效推动").lines[0].computed == 10
    assert one("有效推动", "达成年度指标").lines[0].computed == 10
    assert one("有效推动", "有所推动", grade="0.85").lines[0].computed == D("8.50")
    assert one("有效推动", "有效推动", grade="0.9").lines[0].computed == D("9.00")
    assert one("有效推动", "有所推动", score="7.5").lines[0].computed == D("7.50")
    assert "E114" in codes(one("有效推动", "有所推动", grade="85"))
    assert "E159" in codes(one("有效推动", "有效推动"))
    assert "E159" not in codes(one("有效推动", "有效推动", evidence="用户回访记录"))
    assert "E159" not in codes(one("有效推动", "有效推动", grade="0.9"))


@pytest.mark.parametrize(("key", "grade", "fits"), [
    ("wuhan", "0.5", True), ("wuhan", "0.79", True), ("wuhan", "0.8", False), ("wuhan", "0.49", False),
    ("national", "0.59", False), ("national", "0.6", True),
])
def test_grade_must_fit_the_band_named(key: str, grade: str, fits: bool) -> None:
    scored = one("有效推动", "部分达成预期指标并具有一定效果", key=key, grade=grade)
    assert ("E109" not in codes(scored)) is fits


# --- issues  ---------------------------------------------------------------------------------------------------------


def test_weights_and_names() -> None:
    found = codes(score_sheet(sheet((
        indicator(OUT, QUANTITY, "甲", 30, "1个", "2个"), indicator("过程指标", QUANTITY, "乙", 10, "1个"),
        indicator(BEN, TIME, "丙", 40, "1天"), indicator(OUT, QUANTITY, "丁", 0, "1个"),
    )), scheme("wuhan")))
    assert {"E110", "E113"} <= set(found) and found.count("E110") > 2 and "E106" not in found
    lacking = score_sheet(sheet((indicator(OUT, QUANTITY, "甲", 40, "1个"),)), scheme("wuhan"))
    assert {"E106", "E110"} <= set(codes(lacking))
    assert any("60 分，应为 100 分" in r.message for r in lacking.issues)


def test_deviation_needs_a_reason() -> None:
    assert "E154" in codes(one("≥100个", "80个"))
    assert "E154" not in codes(one("≥100个", "81个"))
    assert "E154" not in codes(one("≥100个", "80个", key="national"))
    assert "E155" in codes(one("≥100个", "130个"))
    assert "E155" not in codes(one("≥100个", "129个"))
    assert "E155" in codes(one("≤10天", "7天"))
    explained = sheet((indicator(OUT, QUANTITY, "甲", 80, "≥100个", "20个"),), deviation=REASON)
    assert "E154" not in codes(score_sheet(explained, scheme("wuhan")))


def test_copied_targets_and_limits() -> None:
    changed = list(WHOLE.indicators)
    changed[0] = msgspec.structs.replace(changed[0], actual="31万笔")
    scored = score_sheet(msgspec.structs.replace(WHOLE, indicators=tuple(changed)), scheme("wuhan"))
    assert "E151" not in codes(scored)
    assert sum(r.code == "E157" for r in scored.issues) == 2  # 95%以上 and 2小时内


def test_missing_unit_is_said() -> None:
    scored = one("≥95%", "98")
    assert scored.lines[0].computed == 10 and "E158" in codes(scored)


def test_a_sound_form_has_no_issues() -> None:
    sound = sheet((
        indicator(OUT, QUANTITY, "甲", 40, "≥30万笔", "31.2万笔"),
        indicator(BEN, SOCIAL, "乙", 30, "有效推动", "达成预期指标", evidence="回访记录"),
        indicator(BEN, CONTENT, "丙", 10, "≥90%", "93.5%"),
    ), "100", "97.3")
    assert score_sheet(sound, scheme("wuhan")).issues == ()


# --- stated scores ---------------------------------------------------------------------------------------------------


def stated(form: PerformanceSheet) -> PerformanceSheet:
    """The form with its scores filled in, as it was published."""
    return score_sheet(form, scheme("wuhan")).sheet


@pytest.mark.parametrize("form", FORMS)
def test_sound_stated_scores_pass(form: PerformanceSheet) -> None:
    scored = score_sheet(stated(form), scheme("wuhan"))
    assert not {"E103", "E102", "E107"} & set(codes(scored))
    assert scored.stated_total == scored.total and scored.stated_execution == scored.execution
    assert scored.lines[0].stated == scored.lines[0].computed


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("by", [D("0.01"), D("-0.01")])
def test_a_stated_score_changed_by_a_hundredth_is_found(form: PerformanceSheet, by: Decimal) -> None:
    good = stated(form)
    assert good.score is not None and good.execution_score is not None
    total = msgspec.structs.replace(good, score=good.score + by)
    assert "E107" in codes(score_sheet(total, scheme("wuhan")))
    execution = msgspec.structs.replace(good, execution_score=good.execution_score + by)
    assert {"E102", "E107"} <= set(codes(score_sheet(execution, scheme("wuhan"))))
    for n, line in enumerate(good.indicators):
        assert line.score is not None
        changed: list[Indicator] = list(good.indicators)
        changed[n] = msgspec.structs.replace(line, score=line.score + by)
        found = score_sheet(msgspec.structs.replace(good, indicators=tuple(changed)), scheme("wuhan"))
        assert {"E103", "E107"} <= set(codes(found))
        assert found.lines[n].stated == line.score + by and found.lines[n].computed == line.score


def test_published_amounts_leave_room_for_rounding() -> None:
    # 20 × 0.10/0.13 万元 is 15.38, but 950 yuan of 1 350 would be 14.07: amounts so coarse cannot refute 14.80.
    coarse = msgspec.structs.replace(sheet((indicator(OUT, QUANTITY, "甲", 80, "1个"),), "0.13", "0.10"),
                                     execution_score=D("14.80"))
    assert [r.severity for r in score_sheet(coarse, scheme("wuhan")).issues if r.code == "E102"] == ["notice"]
    exact = msgspec.structs.replace(coarse, budget=Figure(D(1300)), outlay=Figure(D(1000)))
    assert [r.severity for r in score_sheet(exact, scheme("wuhan")).issues if r.code == "E102"] == ["error"]


def test_grades() -> None:
    wuhan = scheme("wuhan")
    assert [grade_of(D(x), wuhan) for x in ("100", "90", "89.99", "80", "79.99", "60", "59.99", "0")] == [
        "优", "优", "良", "良", "中", "中", "差", "差"]


def test_line_explains_itself() -> None:
    line = one("≥95%", "76%").lines[0]
    assert line.share == Fraction(4, 5) and line.direction == "正向" and line.how == "计算"
    assert line.formula == "B÷A＝0.76÷0.95"
