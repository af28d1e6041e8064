"""Two documents of one unit: last year's closing is this year's opening, stated figures are those published."""

from __future__ import annotations

from decimal import Decimal

import pytest

from juesuan.account import Account, Address, Fact, Figure, Passage, Period, SeenTable, StatedFigure, Unit
from juesuan.checker import check
from juesuan.checker.rules.across import compare, differences
from juesuan.statute import load_statute
from juesuan.statute.checking.across import load_across

TABLES = ("表1", "表4", "表7")


def _account(year: int, cells: dict[str, str], unit: str = "某中心", text: str = "") -> Account:
    """An account that prints tables 1, 4 and 7; cells in 万元 by “上年!表1!31行1栏”."""
    tables = tuple(SeenTable(form, form, notes=(Passage("本单位无此项收支"),)) for form in TABLES)
    account = Account("national", year, Unit(unit), tables=tables, passages=(Passage(text),))
    for key, amount in cells.items():
        *periods, form, place = key.split("!")
        row, column = place.removesuffix("栏").split("行")
        period: Period = "上年" if periods == ["上年"] else "年初预算" if periods else "本年"
        account.put(Fact(Address(form, row, column, period), Figure(Decimal(amount) * 10000, Decimal(100))))
    return account


LAST = {"表1!31行1栏": "2103.42", "表1!60行2栏": "5.00", "表4!60行2栏": "3.00", "表4!60行3栏": "3.00"}
NOW = {
    "上年!表1!31行1栏": "2103.42", "表1!29行1栏": "5.00", "表1!31行1栏": "1777.50",
    "表4!28行1栏": "3.00", "表4!29行1栏": "3.00",
}  # fmt: skip


def _codes(now: dict[str, str], last: dict[str, str] = LAST, year: int = 2021, **more: str) -> list[str]:
    law, before = load_statute("national", 2022), load_statute("national", year)
    comparison = compare(_account(2022, now, **more), law, _account(year, last), before)
    return [f"{finding.code} {finding.severity}" for finding in comparison.findings]


def test_documents_that_agree() -> None:
    assert _codes(NOW) == []


@pytest.mark.parametrize(
    ("key", "amount", "codes"),
    [
        ("上年!表1!31行1栏", "2103.92", ["A048 error"]),
        ("表1!29行1栏", "5.02", ["Y101 error"]),
        ("表4!28行1栏", "3.50", ["Y102 error"]),
        ("表4!29行1栏", "3.50", ["Y103 error"]),
        ("表4!30行1栏", "1.00", ["Y104 error"]),
        ("表7!合计行1栏", "1.00", ["Y106 error"]),
    ],
)
def test_one_changed_figure_is_caught(key: str, amount: str, codes: list[str]) -> None:
    assert _codes({**NOW, key: amount}) == codes


@pytest.mark.parametrize("compiled", [(True, False), (False, True), (True, True)])
def test_accounts_that_were_compiled_and_never_printed(compiled: tuple[bool, bool]) -> None:
    """An account of which no table was seen (JSON) speaks of all of them: its opening balance is held too."""
    law = load_statute("national", 2022)
    now, last = _account(2022, {**NOW, "表1!29行1栏": "5.02"}), _account(2021, LAST)
    for account, bare in zip((now, last), compiled, strict=True):
        if bare:
            account.tables, account.passages = (), ()
    assert [finding.code for finding in compare(now, law, last, law).findings] == ["Y101"]


def test_an_adjustment_that_is_told_is_to_be_explained() -> None:
    assert _codes({**NOW, "表1!29行1栏": "4.00"}, text="因机构改革，年初结转和结余调整1.00万元。") == ["Y101 warning"]


def test_the_finding_says_both_figures_and_their_difference() -> None:
    law = load_statute("national", 2022)
    comparison = compare(_account(2022, {**NOW, "表1!29行1栏": "4.00"}), law, _account(2021, LAST), law)
    (finding,) = comparison.findings
    assert (finding.stated, finding.expected, finding.difference) == ("4.00万元", "5.00万元", "1.00万元")
    # 表1 and the four of 表4, 表7 that both documents speak of, and the one figure that is stated twice.
    assert comparison.decided >= 4


def test_a_last_digit_is_no_difference() -> None:
    assert _codes({**NOW, "上年!表1!31行1栏": "2103.43"}) == []


def test_other_years_and_other_units() -> None:
    assert _codes(NOW, year=2019) == ["A001 notice"]
    assert _codes(NOW, unit="某局") == ["A002 warning"]


def test_the_examples_of_the_law_are_true() -> None:
    for relation in load_across().relations.values():
        for cells, broken in ((relation.ok, False), (relation.bad, True)):
            assert isinstance(cells, dict)
            now = {key: value for key, value in cells.items() if not key.startswith("上年!")}
            last = {key.removeprefix("上年!"): value for key, value in cells.items() if key.startswith("上年!")}
            found = _codes(now, last)
            assert (f"{relation.code} error" in found) == broken, relation.code


def test_differences_of_two_versions() -> None:
    first, second = _account(2022, NOW), _account(2022, {**NOW, "表1!31行1栏": "1777.60", "表7!合计行1栏": "1.00"})
    found = {str(address): (a and a.figure.value, b and b.figure.value) for address, a, b in differences(first, second)}
    assert found == {
        "表1!31行1栏": (Decimal("17775000.00"), Decimal("17776000.00")),
        "表7!合计行1栏": (None, Decimal("10000.00")),
    }


BUDGET = {"预5!合计行1栏": "100.00", "预5!2210201行1栏": "60.87", "预6!合计行1栏": "8.00"}
INITIAL = {"年初预算!表5!合计行1栏": "100.00", "年初预算!表5!2210201行1栏": "60.87", "表5!2210201行1栏": "60.54"}


def _against_budget(initial: dict[str, str], year: int = 2022) -> list[tuple[str, str, str]]:
    comparison = compare(
        _account(2022, initial), load_statute("national", 2022), _account(year, BUDGET), load_statute("budget", year)
    )
    return [(finding.code, finding.stated, finding.expected) for finding in comparison.findings]


def test_the_approved_budget_is_the_published_one() -> None:
    assert _against_budget(INITIAL) == []
    changed = {**INITIAL, "年初预算!表5!2210201行1栏": "59.87"}
    assert _against_budget(changed) == [("A049", "59.87万元", "60.87万元")]
    changed = {**INITIAL, "年初预算!表7!合计行3栏": "9.00"}
    assert _against_budget(changed) == [("A049", "9.00万元", "8.00万元")]


def test_a_budget_of_another_year_is_not_compared() -> None:
    assert [code for code, _, _ in _against_budget(INITIAL, 2023)] == ["A001"]


def _explained(stated: dict[str, str], published: dict[str, str]) -> list[tuple[str, str]]:
    comparison = compare(
        _account(2022, stated), load_statute("national", 2022), _account(2022, published), load_statute("budget", 2022)
    )
    return [(finding.code, finding.message) for finding in comparison.findings]


def test_outings_that_are_not_the_budgets_are_to_be_explained() -> None:
    """A051, one finding for the table; the same amount, and a last digit, are none."""
    published = {"预9!金额行1栏": "8.00", "预9!金额行5栏": "5.00", "预9!金额行6栏": "3.00"}
    stated = {"表9!金额行1栏": "8.00", "表9!金额行5栏": "5.00", "表9!金额行6栏": "3.01"}
    assert _explained(stated, published) == []
    [(code, message)] = _explained({**stated, "表9!金额行1栏": "10.00", "表9!金额行6栏": "5.00"}, published)
    assert code == "A051" and "年中调整的须说明" in message
    assert "本文件为5.00万元，公开的预算为3.00万元" in message and "运行" not in message


def test_more_bought_than_planned_is_to_be_explained() -> None:
    """A052; less is none, and of what a document does not tell nothing is said."""
    published = {"采购预算!总额行数栏": "60.00"}
    assert _explained({"采购!总额行数栏": "60.00"}, published) == []
    assert _explained({"采购!总额行数栏": "20.00"}, published) == []
    assert _explained({"采购!总额行数栏": "90.00"}, {}) == []
    [(code, message)] = _explained({"采购!总额行数栏": "90.00"}, published)
    assert code == "A052" and "90.00万元" in message and "60.00万元" in message
    [(code, message)] = _explained({"采购!预留中小行数栏": "9.00"}, {"采购预算!预留中小行数栏": "12.00"})
    assert code == "A052" and "预留" in message


def test_the_correspondences_name_declared_columns() -> None:
    budget, final = load_statute("budget", 2022), load_statute("national", 2022)
    for same in load_across().budget:
        assert set(same.columns) <= set(budget.forms[same.budget].columns)
        assert set(same.columns.values()) <= set(final.forms[same.account].columns)
    for each in load_across().explained:
        assert set(each.columns) <= set(budget.forms[each.budget].columns)
        assert set(each.columns.values()) <= set(final.forms[each.account].columns)
        for form in (budget.forms[each.budget], final.forms[each.account]):
            assert set(each.rows) <= {row.line for block in form.blocks for row in block.rows}


def _budgets(now: dict[str, str], last: dict[str, str], year: int = 2021) -> list[tuple[str, str, str, str]]:
    law = load_statute("budget", 2022)
    comparison = compare(_account(2022, now), law, _account(year, last), load_statute("budget", year))
    return [(finding.code, finding.severity, finding.stated, finding.expected) for finding in comparison.findings]


def test_a_budget_is_held_to_last_years_budget() -> None:
    last = {"预4!收入总计行1栏": "876.75", "预9!金额行1栏": "22.91"}
    now = {"预4!收入总计行1栏": "900.00", "上年!预4!收入总计行1栏": "876.75", "上年!预9!金额行1栏": "22.91"}
    assert _budgets(now, last) == []
    changed = {**now, "上年!预9!金额行1栏": "21.91"}
    assert _budgets(changed, last) == [("A048", "error", "21.91万元", "22.91万元")]
    assert [code for code, *_ in _budgets(now, last, year=2020)] == ["A001"]


def test_last_years_outlay_that_a_budget_tells_is_held_to_the_final_account() -> None:
    told = [
        StatedFigure("60.00万元", "预算", "住房公积金", Figure(Decimal(600000), Decimal(100)), mention=0,
                     address="预5!2210201行1栏"),
        StatedFigure("54.60万元", "上年决算", "住房公积金", Figure(Decimal(546000), Decimal(100)), mention=0),
    ]  # fmt: skip
    for published, codes in (("54.60", []), ("55.60", [("A048", "warning")])):
        budget = _account(2022, {"预5!2210201行1栏": "60.00"})
        budget.stated = tuple(told)
        final = _account(2021, {"表5!2210201行1栏": published})
        comparison = compare(budget, load_statute("budget", 2022), final, load_statute("national", 2021))
        assert [(finding.code, finding.severity) for finding in comparison.findings] == codes
        assert comparison.decided == 1


def test_the_report_says_how_much_was_held_against_the_other_document() -> None:
    report = check(_account(2022, NOW), against=[_account(2021, LAST)])
    assert [note.code for note in report.notes] == ["Q203"]
    assert "与2021年度" in report.notes[0].message
