"""Projects and forms, last year's forms, scopes of funds, and what each finding is about."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec
import pytest

from juesuan.account import (
    Account,
    Address,
    Fact,
    Figure,
    Indicator,
    Issue,
    Passage,
    PerformanceSheet,
    Project,
    Source,
    Unit,
)
from juesuan.checker import check
from juesuan.checker.engine.context import CheckContext
from juesuan.checker.rules.evaluation.forms import check_performance
from juesuan.statute import load_statute


def wan(amount: str) -> Figure:
    return Figure(Decimal(amount) * 10000, Decimal(100))


def line(target: str = "≥20公里", actual: str = "21公里", **changes: Any) -> Indicator:
    return Indicator("产出指标", "数量指标", "养护里程", Decimal(40), target, actual, score=Decimal(40), **changes)


BENEFIT = Indicator("效益指标", "社会效益指标", "通行改善", Decimal(40), "96%", "96%", score=Decimal(40))


def form(title: str = "道路养护", outlay: str = "100", *lines: Indicator, **changes: Any) -> PerformanceSheet:
    indicators = lines or (line(), BENEFIT)
    fields: dict[str, Any] = {"execution_score": Decimal(20), "score": Decimal(100), "source": Source("a.docx", page=9)}
    return PerformanceSheet("项目", title, "wuhan", wan(outlay), wan(outlay), indicators, **{**fields, **changes})


def account(*sheets: PerformanceSheet, year: int = 2022, **changes: Any) -> Account:
    return Account("wuhan-2022", year, Unit("某中心"), sheets=sheets, **changes)


def facts(cells: dict[str, str]) -> dict[str, Fact]:
    """Facts by “表3!合计行1栏”, amounts in 万元 as printed."""
    found = {}
    for place, amount in cells.items():
        table, _, rest = place.partition("!")
        row, _, column = rest.removesuffix("栏").partition("行")
        found[place] = Fact(Address(table, row, column), wan(amount))
    return found


def found(subject: Account) -> list[Issue]:
    return list(check_performance(CheckContext(subject, load_statute("wuhan-2022", 2022))))


def codes(subject: Account) -> set[str]:
    return {finding.code for finding in found(subject)}


def registered(*names: str, outlay: str = "1000000") -> tuple[Project, ...]:
    return tuple(Project(name, "2080108", Decimal(outlay), Decimal(outlay)) for name in names)


def test_every_registered_project_has_its_form() -> None:
    assert not {"E146", "E147"} & codes(account(form(), projects=registered("道路养护")))
    missing = account(form(), projects=registered("道路养护", "桥梁检测", "路灯改造"))
    (finding,) = [f for f in found(missing) if f.code == "E146"]
    assert finding.severity == "warning"
    assert "2个项目" in finding.message and "“桥梁检测”" in finding.message and "200.00万元" in finding.message
    # A project without money has nothing to evaluate.
    idle = (*registered("道路养护"), *registered("桥梁检测", outlay="0"))
    assert "E146" not in codes(account(form(), projects=idle))


def test_every_form_has_its_project() -> None:
    (finding,) = [f for f in found(account(form("门户网站改版"), projects=registered("道路养护"))) if f.code == "E147"]
    assert (finding.severity, finding.about) == ("warning", "门户网站改版")
    # The year and quotation marks in a title make no other project of it.
    assert "E147" not in codes(account(form("2022年度“道路养护”"), projects=registered("道路养护")))


REVIEW = "{}绩效自评综述：项目全年预算数为100万元，执行数为100万元，完成预算的100%。"


def test_reviews_in_the_text_and_forms() -> None:
    both = (Passage(REVIEW.format("1.道路养护"), Source("a.docx", page=7)),
            Passage(REVIEW.format("2.桥梁检测"), Source("a.docx", page=8)))
    assert not {"E146", "E147"} & codes(account(form(), passages=both[:1]))
    (finding,) = [f for f in found(account(form(), passages=both)) if f.code == "E146"]
    assert "“桥梁检测”" in finding.message
    forms = (form(), form("桥梁检测"))
    (finding,) = [f for f in found(account(*forms, passages=both[:1])) if f.code == "E147"]
    assert (finding.about, finding.severity) == ("桥梁检测", "notice")


def test_project_expenditure_that_no_form_accounts_for() -> None:
    def document(project: str) -> Account:
        return account(form(), facts=facts({"表3!合计行1栏": "900", "表3!合计行3栏": project}))

    assert "E146" not in codes(document("100"))
    # 100.00 printed may be 100.005 in truth, and so may the form.
    assert "E146" not in codes(document("100.01"))
    (finding,) = [f for f in found(document("130")) if f.code == "E146"]
    assert finding.severity == "notice" and "还有30.00万元" in finding.message
    # Forms are of the treasury's money: own funds need none.
    own = account(form(), facts=facts({"表3!合计行1栏": "900", "表3!合计行3栏": "130", "表5!合计行3栏": "100"}))
    assert "E146" not in codes(own)


def test_targets_below_last_year_and_below_the_superior_s() -> None:
    lower = account(form("道路养护", "100", line(last_year="25公里"), BENEFIT))
    (finding,) = [f for f in found(lower) if f.code == "E162"]
    assert (finding.severity, finding.about) == ("warning", "道路养护") and "25公里" in finding.message
    assert "E162" not in codes(account(form("道路养护", "100", line(last_year="20公里"), BENEFIT)))
    assert "E163" in codes(account(form("道路养护", "100", line(superior="≥22公里"), BENEFIT)))
    assert "E163" not in codes(account(form("道路养护", "100", line(superior="≥20公里"), BENEFIT)))
    assert "E164" in codes(account(form("道路养护", "100", line(superior="较多"), BENEFIT)))


def across(this: PerformanceSheet, last: PerformanceSheet) -> dict[str, Issue]:
    before = account(last, year=2021)
    report = check(account(this), statute=load_statute("wuhan-2022", 2022), against=[before])
    return {f.code: f for f in report.findings if f.code in ("E165", "E166")}


def test_last_year_s_form_says_what_was_reached() -> None:
    last = form("2021年度道路养护", "90", line("≥18公里", "25公里", source=Source("b.docx", page=3)), BENEFIT)
    finding = across(form(), last)["E166"]
    assert "≥20公里" in finding.message and "25公里" in finding.message
    assert Source("b.docx", page=3) in finding.places
    assert not across(form(), form("道路养护", "90", line("≥18公里", "20公里"), BENEFIT))
    # Another project's form of last year says nothing.
    assert not across(form(), form("桥梁检测", "90", line("≥18公里", "25公里"), BENEFIT))


def test_last_year_s_value_is_the_published_one() -> None:
    last = form("道路养护", "90", line("≥18公里", "19公里"), BENEFIT)
    wrong = across(form("道路养护", "100", line(last_year="20公里"), BENEFIT), last)
    assert wrong["E165"].severity == "error" and wrong["E165"].expected == "19公里"
    assert not across(form("道路养护", "100", line(last_year="19公里"), BENEFIT), last)


def whole(outlay: str, basic: str, project: str) -> PerformanceSheet:
    return msgspec.structs.replace(form("某中心", outlay), kind="整体", basic=wan(basic), project=wan(project))


OWN_FUNDS = {
    # 900 in all: 800 of the treasury (500 basic, 300 projects), own funds 60 basic and 40 projects.
    "表3!合计行1栏": "900", "表3!合计行2栏": "560", "表3!合计行3栏": "340", "表4!59行2栏": "800",
    "表5!合计行1栏": "780", "表5!合计行2栏": "500", "表5!合计行3栏": "280", "表7!合计行3栏": "20",
    "表7!合计行5栏": "20",
}


@pytest.mark.parametrize(
    ("outlay", "basic", "project", "wrong"),
    [
        ("900", "560", "340", set()),
        ("800", "500", "300", set()),
        ("780", "500", "280", set()),
        # The treasury's whole with the parts of all funds: the form contradicts itself.
        ("800", "560", "340", {"E121"}),
        ("900", "560", "350", {"E121", "E122"}),
        ("950", "610", "340", {"E122"}),
    ],
)
def test_the_whole_may_be_of_all_funds_or_of_the_treasury(
    outlay: str, basic: str, project: str, wrong: set[str]
) -> None:
    subject = account(whole(outlay, basic, project), facts=facts(OWN_FUNDS))
    assert {"E121", "E122"} & codes(subject) == wrong


@pytest.mark.parametrize(
    ("initial", "spent", "wrong"),
    # 500 of the general budget and 20 of the funds were approved.
    [("500", "800", False), ("520", "800", False), ("530", "800", True),
     # Own funds have budgets that no table prints.
     ("600", "900", False)],
)
def test_the_approved_budget_of_the_whole(initial: str, spent: str, wrong: bool) -> None:
    cells = facts({"表3!合计行1栏": spent, "表4!59行2栏": "800"})
    for table, column, amount in (("表5", "1", "500"), ("表7", "3", "20")):
        address = Address(table, "合计", column, "年初预算")
        cells[str(address)] = Fact(address, wan(amount))
    subject = account(msgspec.structs.replace(form("某中心", spent), kind="整体", initial=wan(initial)), facts=cells)
    assert ("E122" in codes(subject)) == wrong


def test_expenditure_of_other_kinds_stands_in_the_whole_only() -> None:
    # 920 = 560 + 340 + 20 of 经营支出.
    cells = {"表3!合计行1栏": "920", "表3!合计行2栏": "560", "表3!合计行3栏": "340", "表3!合计行5栏": "20"}
    assert not {"E121", "E122"} & codes(account(whole("920", "560", "340"), facts=facts(cells)))
    assert "E121" in codes(account(whole("930", "560", "340"), facts=facts(cells)))
