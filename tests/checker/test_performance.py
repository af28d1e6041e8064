"""Self-evaluation forms checked: what is right does not alarm, and one wrong figure at a time is found.

The expected values are worked out by hand from the scheme of Wuhan: 20 points × execution rate, 40 + 40 points.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest

from juesuan.account import Account, Figure, Fund, Indicator, Issue, KeyWork, Passage, PerformanceSheet, Unit
from juesuan.checker.engine.context import CheckContext
from juesuan.checker.rules.evaluation.forms import check_performance
from juesuan.reader import read_document
from juesuan.statute import load_rules, load_statute

WHOLE, BUILDING, RUNNING = 0, 1, 2
Change = Callable[[PerformanceSheet], PerformanceSheet]


@pytest.fixture(scope="session")
def sound(published: dict[str, Path]) -> Account:
    return read_document(published["docx"]).account


def found(account: Account, severity: str = "") -> list[Issue]:
    law = load_statute(account.profile, account.year)
    return [f for f in check_performance(CheckContext(account, law)) if not severity or f.severity == severity]


def codes(account: Account, severity: str = "error") -> set[str]:
    return {finding.code for finding in found(account, severity)}


def put(account: Account, number: int, **changes: Any) -> Account:
    """The account with fields of one form changed."""
    sheets = list(account.sheets)
    sheets[number] = msgspec.structs.replace(sheets[number], **changes)
    return msgspec.structs.replace(account, sheets=tuple(sheets))


def line(account: Account, number: int, place: int, **changes: Any) -> Account:
    """The account with fields of one indicator changed."""
    lines = list(account.sheets[number].indicators)
    lines[place] = msgspec.structs.replace(lines[place], **changes)
    return put(account, number, indicators=tuple(lines))


def wan(amount: str) -> Figure:
    return Figure(Decimal(amount) * 10000, Decimal(100))


def test_what_is_right_does_not_alarm(sound: Account) -> None:
    assert not found(sound, "error")


def test_the_real_forms_hold(real: Path) -> None:
    reading = read_document(real / "wuhan-hrss-info-center-2022.md")
    findings = list(check_performance(CheckContext(reading.account, reading.statute)))
    assert [f.code for f in findings if f.severity == "error"] == ["E143"]
    by_code = {finding.code: finding for finding in findings}
    # The text gives the money of the whole unit's self-evaluation as 971.7; the form has 3,227.02 and 1,777.50.
    assert "971.7" in by_code["E143"].message
    assert "项目支出" in by_code["E143"].message
    # 985 万 card holders on the form, 1,110.71 万 in the key work and the text.
    assert by_code["E144"].stated == "985万人"
    assert {place.line for place in by_code["E144"].places} == {619, 565, 540}
    assert [f.code for f in findings].count("E151") == 3
    # 55.08 % and 35.99 % are below 60 %, 89.12 % is not.
    assert [f.code for f in findings].count("E153") == 2
    assert "加强“智慧人社”便民服务应用推广" in by_code["E112"].message


@pytest.mark.parametrize(
    ("code", "number", "changes"),
    [
        # 784.05 ÷ 2,178.48 = 35.99 %
        ("E101", BUILDING, {"stated_rate": Figure(Decimal("0.3955"), Decimal("0.0001"))}),
        # 20 × 35.99 % = 7.20
        ("E102", BUILDING, {"execution_score": Decimal("8.20")}),
        ("E104", BUILDING, {"execution_score": Decimal("20.50")}),
        # 7.20 + 80 = 87.20
        ("E107", BUILDING, {"score": Decimal("97.20")}),
        ("E107", RUNNING, {"score": Decimal("97.92")}),
        # 87.20 is 良
        ("E108", BUILDING, {"grade": "优"}),
        # 805.81 + 971.69 = 1,777.50
        ("E121", WHOLE, {"basic": wan("815.81")}),
        ("E121", WHOLE, {"project": wan("971.96")}),
        ("E122", WHOLE, {"basic": wan("815.81")}),
        ("E122", WHOLE, {"outlay": wan("1787.50")}),
        ("E122", WHOLE, {"initial": wan("3272.02")}),
        # 1,784.05 + 187.64 is more than 971.69.
        ("E123", BUILDING, {"outlay": wan("1784.05")}),
        ("E131", BUILDING, {"heading": "2021年度人社系统信息化建设项目自评表"}),
        ("E142", BUILDING, {"budget": wan("2187.48")}),
        ("E142", BUILDING, {"outlay": wan("784.50")}),
        ("E142", WHOLE, {"score": Decimal("92.02")}),
    ],
)
def test_one_wrong_figure_of_a_form(sound: Account, code: str, number: int, changes: dict[str, Any]) -> None:
    assert code in codes(put(sound, number, **changes))


@pytest.mark.parametrize("number", [WHOLE, BUILDING, RUNNING])
def test_every_wrong_score_and_weight_is_found(sound: Account, number: int) -> None:
    for place, indicator in enumerate(sound.sheets[number].indicators):
        assert indicator.score is not None
        less = codes(line(sound, number, place, score=indicator.score - 1))
        assert "E107" in less, indicator.name
        if any(sign.isdigit() for sign in indicator.target):
            assert "E103" in less, indicator.name
        assert {"E104", "E107"} <= codes(line(sound, number, place, score=indicator.score + 1)), indicator.name
        heavier = codes(line(sound, number, place, weight=indicator.weight + 5))
        assert {"E105", "E106"} <= heavier, indicator.name


def test_points_of_blocks(sound: Account) -> None:
    for number, sheet in enumerate(sound.sheets):
        for place, block in enumerate(sheet.allotments):
            blocks = list(sheet.allotments)
            blocks[place] = msgspec.structs.replace(block, points=block.points + 5)
            assert "E105" in codes(put(sound, number, allotments=tuple(blocks))), block


@pytest.mark.parametrize(("full", "wrong"), [("100", False), ("90", True)])
def test_full_marks_beside_a_score_that_holds_execution(full: str, wrong: bool, sound: Account) -> None:
    """合计 90 beside a score with that of execution: 90 are the points of the indicators alone."""
    sheet = sound.sheets[0]
    rest = [indicator.weight for indicator in sheet.indicators]
    account = put(sound, 0, full=Decimal(full), execution_points=100 - sum(rest))
    assert ("E105" in codes(account)) is wrong


def test_execution_score_from_the_rounded_rate(sound: Account) -> None:
    # 20 × 36 % = 7.20 as well as 20 × 35.99 %; 20 × 35.5 % is 7.10 and the printed rate says so.
    rate = Figure(Decimal("0.36"), Decimal("0.01"))
    account = put(sound, BUILDING, stated_rate=rate, execution_score=Decimal("7.20"))
    assert not codes(account)
    assert "E102" in codes(put(account, BUILDING, execution_score=Decimal("7.40")))


def test_a_rate_cut_off_is_a_notice(sound: Account) -> None:
    # 784.05 ÷ 2,178.48 = 35.9906 %: cut off to whole percents it is 35.
    account = put(sound, BUILDING, stated_rate=Figure(Decimal("0.35"), Decimal("0.01")))
    assert "E101" not in codes(account)
    assert "E101" in codes(account, "notice")


def without_form_words(sheet: PerformanceSheet) -> PerformanceSheet:
    return msgspec.structs.replace(sheet, notes=(), execution_formula="")


def test_no_error_where_the_form_does_not_print_how_it_is_scored(sound: Account) -> None:
    sheets = tuple(map(without_form_words, sound.sheets))
    account = put(msgspec.structs.replace(sound, sheets=sheets), BUILDING, execution_score=Decimal("8.20"))
    assert "E102" not in codes(account)
    assert "E102" in codes(account, "warning")


def form(*lines: Indicator, **changes: Any) -> Account:
    """An account with one form under Wuhan's scheme: 100 万元 of 100 spent, 20 points."""
    sheet = PerformanceSheet(
        "项目", "道路养护", "wuhan", wan("100"), wan("100"), lines, execution_score=Decimal(20), deviation="", **changes
    )
    return Account("wuhan-2022", 2022, Unit("某中心"), sheets=(sheet,))


def indicator(target: str, actual: str, score: str, weight: int = 40, **changes: Any) -> Indicator:
    points, value = Decimal(weight), Decimal(score)
    return Indicator("产出指标", "数量指标", "养护里程", points, target, actual, score=value, **changes)


BENEFIT = Indicator("效益指标", "社会效益指标", "通行改善", Decimal(40), "95%", "95%", score=Decimal(40))


@pytest.mark.parametrize(
    ("target", "actual", "score", "wrong"),
    [
        # ≥: 40 × 15 ÷ 20 = 30
        ("≥20公里", "15公里", "30", False),
        ("≥20公里", "15公里", "32", True),
        ("≥20公里", "25公里", "40", False),
        # ≤: 40 × 2 ÷ 4 = 20
        ("≤2小时", "4小时", "20", False),
        ("≤2小时", "4小时", "40", True),
        # No sign: more may be better or worse; 40 × 3 ÷ 4 = 30 one way and 40 the other. Neither gives 35.
        ("4次", "3次", "30", False),
        ("4次", "3次", "40", False),
        ("4次", "3次", "35", True),
        # 84.3 % of 90 % is 37.47 of 40; the rate may be anything from 84.25 to 84.35: 37.44 to 37.49.
        ("≥90%", "84.3%", "37.49", False),
        ("≥90%", "84.3%", "37.55", True),
        # Far beyond the target the score may be reduced; exactly at it not.
        ("≥20公里", "40公里", "36", False),
        ("≥20公里", "20公里", "36", True),
        # Words that repeat the target leave the best band, 100 to 80 %, to the unit.
        ("有效改善", "有效改善", "36", False),
    ],
)
def test_scores_that_the_formulas_allow(target: str, actual: str, score: str, wrong: bool) -> None:
    account = form(indicator(target, actual, score), BENEFIT, score=Decimal(60) + Decimal(score))
    assert ("E103" in codes(account)) == wrong


def test_a_target_without_a_sign_is_asked_about_where_only_the_other_direction_fits() -> None:
    account = form(indicator("985万人", "958万人", "40"), BENEFIT, score=Decimal(100))
    assert "E103" in codes(account, "warning")
    # 40 × 958 ÷ 985 = 38.90
    account = form(indicator("985万人", "958万人", "38.90"), BENEFIT, score=Decimal("98.90"))
    assert "E103" not in codes(account, "warning")


def test_words_below_the_best_band_are_to_be_explained() -> None:
    account = form(indicator("有效改善", "有效改善", "30"), BENEFIT, score=Decimal(90))
    assert "E109" in codes(account, "warning")


def test_a_total_with_a_part_that_is_not_printed_is_no_error() -> None:
    gap = msgspec.structs.replace(indicator("≥20公里", "20公里", "40"), score=None)
    assert not codes(form(gap, BENEFIT, score=Decimal(100)))
    assert "E112" in codes(form(gap, BENEFIT, score=Decimal(100)), "notice")
    assert "E107" in codes(form(gap, BENEFIT, score=Decimal(99)), "warning")


def test_reasons_are_asked_for_once_a_form() -> None:
    short = [indicator("≥20公里", "10公里", "10", 20), indicator("≥20公里", "10公里", "10", 20)]
    account = form(*short, BENEFIT, score=Decimal(80))
    asked = [f for f in found(account) if f.code == "E154"]
    assert len(asked) == 1
    assert "比目标值差 50%" in asked[0].message
    told = [msgspec.structs.replace(i, reason="雨季停工") for i in short]
    assert "E154" not in codes(form(*told, BENEFIT, score=Decimal(80)), "warning")


def test_much_more_than_the_target_is_asked_about() -> None:
    # 26 of 20 is 30 % more.
    assert "E155" in codes(form(indicator("≥20公里", "26公里", "40"), BENEFIT), "warning")
    assert "E155" not in codes(form(indicator("≥20公里", "25.9公里", "40"), BENEFIT), "warning")


def test_a_low_rate_needs_a_reason_on_the_form_or_in_the_text() -> None:
    account = form(indicator("≥20公里", "20公里", "40"), BENEFIT)
    account = put(account, 0, outlay=wan("70"), execution_score=Decimal(14))
    assert "E152" in codes(account, "warning")
    text = "1.道路养护绩效自评综述：项目全年预算数为100万元，执行数为70万元，完成预算的70%。主要原因是雨季停工。"
    assert "E152" not in codes(msgspec.structs.replace(account, passages=(Passage(text),)), "warning")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("共涉及项目2个，资金100万元", "E141"),
        ("共涉及1个项目。", ""),
        ("共涉及项目1个，资金180万元", "E143"),
        ("共涉及项目1个，资金100万元", ""),
        ("1.道路养护绩效自评综述：项目全年预算数为100万元，执行数为100万元，完成预算的100%。", ""),
        ("1.道路养护绩效自评综述：项目全年预算数为110万元，执行数为100万元，完成预算的100%。", "E142"),
        ("1.道路养护绩效自评综述：项目全年预算数为100万元，执行数为100万元，完成预算的90%。", "E142"),
        ("1.城区道路养护绩效自评综述：项目全年预算数为100万元，执行数为100万元，完成预算的100%。", "E145"),
        ("1.道路养护绩效自评综述：项目全年预算数为100万元，执行数为100万元，完成预算的100%。"
         "一是养护里程25公里。", "E144"),
        ("1.道路养护绩效自评综述：项目全年预算数为100万元，执行数为100万元，完成预算的100%。"
         "一是养护里程20公里；二是新增养护里程3公里。", ""),
    ],
)
def test_the_text_against_the_forms(text: str, code: str) -> None:
    account = form(indicator("≥20公里", "20公里", "40"), BENEFIT, score=Decimal(100))
    account = msgspec.structs.replace(account, passages=(Passage(text),))
    about_text = {f.code for f in found(account) if "E141" <= f.code <= "E145"}
    assert about_text == ({code} if code else set())


@pytest.mark.parametrize(
    ("amount", "severity"),
    # 805.806 basic and 971.69 projects of 1,777.496; 971.7 is the projects' part, 700 is nothing of it.
    [("1777.5", ""), ("3227.02", ""), ("971.7", "error"), ("971.69", "error"), ("971.6", "warning"),
     ("700", "warning")],
)
def test_a_part_stated_for_the_whole_is_an_error(amount: str, severity: str, sound: Account) -> None:
    passages = (Passage(f"组织开展整体支出绩效自评，资金{amount}万元，评价情况来看，总体较好。"),)
    findings = [f for f in found(msgspec.structs.replace(sound, passages=passages)) if f.code == "E143"]
    assert [f.severity for f in findings] == ([severity] if severity else [])


@pytest.mark.parametrize(
    ("said", "alarm"),
    [
        ("全市有效持卡人数达1110.71万。", True),
        ("全市有效持卡人数达985万。", False),
        ("全市有效持卡人数985.2万人。", False),
        # Another quantity, about so many, another unit.
        ("新增持卡人数30万人。", False),
        ("持卡人数超过900万人。", False),
        ("社保卡持卡人数占比61.5%。", False),
    ],
)
def test_the_same_quantity_in_the_key_work(said: str, alarm: bool) -> None:
    holders = Indicator("产出指标", "数量指标", "社保卡持卡人数", Decimal(40), "985万人", "985万人", score=Decimal(40))
    account = put(form(holders, BENEFIT, score=Decimal(100)), 0, kind="整体")
    account = msgspec.structs.replace(account, key_work=(KeyWork("发卡", "", said),))
    assert ("E144" in codes(account, "warning")) == alarm


def test_a_form_of_another_unit_or_an_early_date(sound: Account) -> None:
    assert "E132" in codes(put(sound, BUILDING, unit="某市某局"), "warning")
    assert "E133" in codes(put(sound, BUILDING, date="2022-05-20"), "warning")


def test_groups_that_the_scheme_does_not_have() -> None:
    odd = msgspec.structs.replace(BENEFIT, level1="过程指标")
    (found_,) = [f for f in found(form(indicator("≥20公里", "20公里", "40"), odd)) if f.code == "E110"]
    assert "没有一级指标“过程指标”" in found_.message and "没有“效益指标”" in found_.message
    assert "E110" not in codes(form(indicator("≥20公里", "20公里", "40"), BENEFIT), "")


def test_a_form_without_points_is_not_scored_again() -> None:
    bare = [msgspec.structs.replace(i, weight=Decimal(0)) for i in (indicator("≥20公里", "20公里", "40"), BENEFIT)]
    assert "E111" in codes(form(*bare), "warning")


def test_parts_of_the_money_that_do_not_make_the_whole() -> None:
    funds = (Fund("财政拨款", budget=wan("80"), outlay=wan("80")), Fund("其他资金", budget=wan("10"), outlay=wan("20")))
    account = form(indicator("≥20公里", "20公里", "40"), BENEFIT, funds=funds)
    (wrong,) = [f for f in found(account) if f.code == "E124"]
    assert (wrong.stated, wrong.expected) == ("100.00万元", "90.00万元")


def test_more_spent_than_budgeted_and_no_budget_at_all() -> None:
    sound_form = form(indicator("≥20公里", "20公里", "40"), BENEFIT)
    assert "E125" in codes(put(sound_form, 0, outlay=wan("108")), "warning")
    assert not {"E125", "E126"} & codes(sound_form, "")
    # No budget is no budget exceeded: each cause has its own code.
    nothing = codes(put(sound_form, 0, budget=wan("0"), outlay=wan("0")), "warning")
    assert "E126" in nothing and "E125" not in nothing


@pytest.mark.parametrize(
    ("target", "actual", "code", "severity"),
    [
        ("≥20公里", "", "E156", "warning"),
        ("≥95%", "98", "E158", "notice"),
        ("2小时内", "及时", "E160", "notice"),
        ("≥20公里", "20公里以上", "E157", "notice"),
    ],
)
def test_values_that_cannot_be_held_against_their_targets(target: str, actual: str, code: str, severity: str) -> None:
    assert code in codes(form(indicator(target, actual, "40"), BENEFIT), severity)
    assert code not in codes(form(indicator("≥20公里", "20公里", "40"), BENEFIT), severity)


def test_every_rule_explains_itself() -> None:
    rules = [rule for key, rule in load_rules().items() if key.startswith("E1")]
    assert len(rules) >= 30
    for rule in rules:
        assert all((rule.title, rule.why, rule.basis, rule.mend, rule.example)), rule.key
