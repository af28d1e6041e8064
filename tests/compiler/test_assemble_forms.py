"""Self-evaluation forms of compiled accounts: money by scheme, reasons past the threshold, projects without a form."""

from __future__ import annotations

from decimal import Decimal

import msgspec
import pytest

from compiler.test_assemble import GENERAL, OVERVIEW
from juesuan.account import Indicator, Project, Unit
from juesuan.checker import check
from juesuan.compiler import NoSchemeError, with_scheme
from juesuan.compiler.assembly import Compilation, assemble
from juesuan.compiler.entries import Entry, Gathered, SheetText
from juesuan.publisher import lay_out
from juesuan.publisher.document import Table
from juesuan.statute import load_statute


def evaluated(scheme: str, *indicators: Indicator, deviation: str = "") -> Compilation:
    """A unit of the treasury and of own funds with its own form: 100,000 yuan general (70,000 basic and 30,000 of a
    project), 40,000 of its own (25,000 basic, 15,000 project) and 5,000 of 经营支出; 160,000 budgeted, 40,000 its own.
    """
    other = "其他资金"
    entries = [
        Entry("收入", GENERAL, Decimal(100000), function="2080150"),
        Entry("收入", "事业收入", Decimal(45000), function="2080150"),
        Entry("支出", GENERAL, Decimal(70000), "基本支出", "2080150", "30101"),
        Entry("支出", GENERAL, Decimal(30000), "项目支出", "2080150"),
        Entry("支出", other, Decimal(25000), "基本支出", "2080150"),
        Entry("支出", other, Decimal(15000), "项目支出", "2080150"),
        Entry("支出", other, Decimal(5000), "经营支出", "2080150"),
        Entry("支出", GENERAL, Decimal(120000), "基本支出", "2080150", period="年初预算"),
        Entry("支出", other, Decimal(40000), "基本支出", "2080150", period="年初预算"),
    ]
    gathered = Gathered(unit=Unit("示例中心"), year=2022, entries=entries, texts=dict(OVERVIEW))
    gathered.sheets = [SheetText("整体支出", "2023-03-01", deviation=deviation)]
    gathered.indicators = [("整体支出", indicator) for indicator in indicators]
    return assemble(gathered, with_scheme(load_statute("national"), scheme))


DONE = Indicator("产出指标", "数量指标", "办件量", Decimal(50), "≥100件", "100件")


@pytest.mark.parametrize(
    ("scheme", "budget", "outlay", "basic", "project"),
    # All expenditure (表3), 145,000 with 5,000 that is neither basic nor of a project; or the treasury's 100,000.
    [("national", 160000, 145000, 95000, 45000), ("sichuan", 160000, 145000, 95000, 45000),
     ("anhui", 160000, 145000, 95000, 45000), ("wuhan", 120000, 100000, 70000, 30000)],
)
def test_the_money_of_the_whole_unit_is_what_the_scheme_says(
    scheme: str, budget: int, outlay: int, basic: int, project: int
) -> None:
    compilation = evaluated(scheme, DONE)
    (sheet,) = compilation.account.sheets
    amounts = [figure and figure.value for figure in (sheet.budget, sheet.outlay, sheet.basic, sheet.project)]
    assert amounts == [budget, outlay, basic, project]
    # The approved budget, where none but it is known.
    assert sheet.initial is not None and sheet.initial.value == budget
    # Nothing is wrong with such a form, by the same law.
    found = {f.code for f in check(compilation.account, statute=compilation.statute).findings}
    assert not {"E121", "E122", "E123"} & found


def short(reason: str = "") -> Indicator:
    # 60 of 100 is 40 % less than the target; 20 % oblige an explanation in Wuhan, 30 % under the national scheme.
    return Indicator("产出指标", "数量指标", "办件量", Decimal(50), "≥100件", "60件", reason=reason)


def test_a_deviation_beyond_the_threshold_wants_its_reason() -> None:
    (missing,) = [m for m in evaluated("wuhan", short()).missing if m.address.startswith("偏差原因")]
    assert "办件量" in missing.address and "比目标值差 40%" in missing.expected and "偏差原因" in missing.expected
    for told in (evaluated("wuhan", short("改为网上办理")), evaluated("wuhan", short(), deviation="改为网上办理")):
        assert not [m for m in told.missing if m.address.startswith("偏差原因")]
    # 30 % more than the target is to be explained as well, 29 % is not.
    more = [msgspec.structs.replace(DONE, actual=f"{n}件") for n in (130, 129)]
    counts = [len([m for m in evaluated("wuhan", i).missing if m.address.startswith("偏差原因")]) for i in more]
    assert counts == [1, 0]


@pytest.mark.parametrize("scheme", ["national", "anhui", "sichuan", "wuhan"])
def test_the_reason_is_printed_in_the_form(scheme: str) -> None:
    compilation = evaluated(scheme, short("改为网上办理"))
    document = lay_out(compilation.account, compilation.statute, draft=True)
    (table,) = [block for block in document.blocks if isinstance(block, Table) and block.key.startswith("自评表")]
    texts = [cell.text for row in table.body for cell in row]
    # Its own column where the form has one, the row for reasons where it has not.
    assert ("“办件量”：改为网上办理" if scheme == "wuhan" else "改为网上办理") in texts


def test_a_project_without_a_form_is_issueed_on() -> None:
    gathered = Gathered(unit=Unit("示例中心"), year=2022, texts=dict(OVERVIEW))
    gathered.projects = [Project("系统运维", "2080150", Decimal(30000), Decimal(30000))]
    gathered.indicators = [("整体支出", DONE)]
    (issue,) = [r for r in assemble(gathered, load_statute("national")).scoring if r.code == "E146"]
    assert "系统运维" in issue.message
    gathered.indicators.append(("系统运维", DONE))
    assert not [r for r in assemble(gathered, load_statute("national")).scoring if r.code == "E146"]


def test_an_unknown_scheme_names_those_there_are() -> None:
    with pytest.raises(NoSchemeError, match="wuhan"):
        with_scheme(load_statute("national"), "mars")
