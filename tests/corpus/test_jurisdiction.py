"""A department of five units by hand: roll-up with eliminations, problems by unit, and each unit as compiled alone."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest
from click.testing import CliRunner

from juesuan.account import Address, in_file_order
from juesuan.cli import main
from juesuan.compiler.ledger.entries import read_ledger
from juesuan.compiler.tables import fill_tables
from juesuan.corpus.jurisdiction.compilation import compile_jurisdiction
from juesuan.corpus.jurisdiction.model import DEPARTMENT, UNIT, WHOLE, Jurisdiction
from juesuan.corpus.jurisdiction.organisation import OrganisationError, OrganisationList, read_organisation
from juesuan.corpus.jurisdiction.rollup import check_department
from juesuan.statute import Statute, load_statute

ORGANISATION = """单位编码,单位名称,上级编码,层级,性质,编制人数
128,合成市示例局,,部门,行政单位,
128001,合成市示例局（本级）,128,本级,行政单位,40
128002,合成市示例中心,128,,事业单位,20
128003,合成市示例站,128,,事业单位,10
129,合成市样本局,,部门,行政单位,
129001,合成市样本局（本级）,129,本级,行政单位,30
129002,合成市样本院,129,,事业单位,
"""
HEADINGS = ["单位编码", "收支类别", "资金来源", "功能分类", "经济分类", "支出性质", "项目名称", "金额"]
LINES = [
    # The bureau itself: 100 from the budget; 50 of it for the centre, 30 of salaries; 20 paid up by the station.
    ["128001", "收入", "111", "2080101", "", "", "", "1000000.00"],
    ["128001", "支出", "111", "2080101", "30101", "基本支出", "", "300000.00"],
    ["128001", "收入", "39", "2080101", "", "", "", "500000.00"],
    ["128001", "支出", "39", "2080101", "", "对附属单位补助支出", "", "500000.00"],
    ["128001", "收入", "33", "2080101", "", "", "", "200000.00"],
    # The centre spends what it is given.
    ["128002", "收入", "32", "2080150", "", "", "", "500000.00"],
    ["128002", "支出", "39", "2080150", "", "基本支出", "", "450000.00"],
    # The station earns and pays up.
    ["128003", "收入", "31", "2080150", "", "", "", "250000.00"],
    ["128003", "支出", "39", "2080150", "", "上缴上级支出", "", "200000.00"],
    # The other bureau: its institute has a grant from outside of the city's ledger, and more than was paid.
    ["129001", "收入", "111", "2010601", "", "", "", "100.00"],
    ["129001", "支出", "111", "2010601", "30101", "基本支出", "", "100.00"],
    ["129002", "收入", "32", "2010601", "", "", "", "70.00"],
]


@pytest.fixture(scope="module")
def law() -> Statute:
    return load_statute("national", 2022)


@pytest.fixture(scope="module")
def organisation(tmp_path_factory: pytest.TempPathFactory) -> OrganisationList:
    path = tmp_path_factory.mktemp("organisation") / "organisation.csv"
    path.write_text(ORGANISATION, encoding="utf-8")
    return read_organisation(path)


def ledger(path: Path, lines: list[list[str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEADINGS, *lines])
    return path


@pytest.fixture(scope="module")
def made(
    tmp_path_factory: pytest.TempPathFactory, law: Statute, organisation: OrganisationList
) -> Iterator[Jurisdiction]:
    path = ledger(tmp_path_factory.mktemp("ledger") / "ledger.csv", LINES)
    with compile_jurisdiction([path], organisation, law, name="合成市") as jurisdiction:
        yield jurisdiction


def amounts(made: Jurisdiction, level: str, code: str, *places: str) -> list[str]:
    facts = {str(address): amount for address, amount in made.facts(code, level).items()}
    return [f"{facts.get(place, Decimal(0)):.2f}" for place in places]


INCOME = ("表1!4行1栏", "表1!7行1栏", "表1!27行1栏", "表2!合计行3栏", "表2!合计行6栏", "表2!208行1栏")
OUTLAY = ("表3!合计行4栏", "表3!合计行6栏", "表1!58行2栏", "表1!60行2栏", "表1!62行2栏")


def test_a_department_is_the_sum_of_its_units_less_what_they_paid_each_other(made: Jurisdiction) -> None:
    """By hand: income 170 + 50 + 25 = 245 less 50 and 20 is 175; outlay 80 + 45 + 20 = 145 less 50 and 20 is 75."""
    assert amounts(made, DEPARTMENT, "128", *INCOME) == ["0.00", "0.00", "1750000.00", "0.00", "0.00", "1750000.00"]
    assert amounts(made, DEPARTMENT, "128", *OUTLAY) == ["0.00", "0.00", "750000.00", "1000000.00", "1750000.00"]
    assert amounts(made, DEPARTMENT, "128", "表3!2080150行2栏", "表3!2080150行1栏") == ["450000.00", "450000.00"]


def test_the_units_keep_what_they_booked(made: Jurisdiction) -> None:
    assert amounts(made, UNIT, "128001", *INCOME)[:3] == ["0.00", "200000.00", "1700000.00"]
    assert amounts(made, UNIT, "128002", *INCOME)[:3] == ["500000.00", "0.00", "500000.00"]


def test_the_city_is_the_sum_of_its_departments(made: Jurisdiction) -> None:
    departments = [made.facts(code, DEPARTMENT) for code in ("128", "129")]
    whole = made.facts("合成市", WHOLE)
    addresses = {*departments[0], *departments[1]}
    added = {a: sum((facts.get(a, Decimal(0)) for facts in departments), Decimal(0)) for a in addresses}
    assert whole == {address: amount for address, amount in added.items() if amount}


def test_transfers_booked_differently_are_told_with_who_booked_what(made: Jurisdiction) -> None:
    [mismatch] = [m for m in made.mismatches if m.level == DEPARTMENT]
    assert (mismatch.unit, mismatch.issue.code, mismatch.issue.address) == ("129", "J123", "补助")
    assert (mismatch.issue.stated, mismatch.issue.expected, mismatch.issue.difference) == ("0.00", "70.00", "70.00元")
    assert [(o.name, o.stated) for o in mismatch.issue.operands] == [("129002 上级补助收入", "70.00元")]
    assert made.problems == []


def random_lines(seed: int, law: Statute) -> list[list[str]]:
    """Lines of every kind for five units, a few of them faulty."""
    random = Random(seed)
    functions = [code.code for code in law.functional.of_year(law.year) if len(code.code) == 7]
    economies = [code.code for code in law.economic.of_year(law.year) if len(code.code) == 5]
    lines = []
    for unit in ("128001", "128002", "128003", "129001", "129002"):
        for number in range(120):
            record = random.choice(["支出"] * 5 + ["收入", "收入", "年初结转", "年初预算"])
            spent = record in ("支出", "年初预算")
            nature = random.choice(["基本支出", "项目支出", "上缴上级支出", "对附属单位补助支出"]) if spent else ""
            fund = random.choice(["111", "12", "13", "31", "32", "33", "34", "39"])
            line = [unit, record, fund, random.choice(functions), random.choice(economies) if spent else "", nature]
            line += [f"项目{random.randint(1, 3)}" if nature == "项目支出" else ""]
            line += [f"{random.randint(1, 10**9) / 100:.2f}"]
            if number % 40 == 7:
                line[random.choice([1, 2, 3, 4, 5, 7])] = random.choice(["", "错", "2080"])
            lines.append(line)
    return lines


@pytest.mark.parametrize("seed", range(4))
def test_each_unit_comes_out_as_when_it_is_compiled_alone(
    seed: int, tmp_path: Path, law: Statute, organisation: OrganisationList
) -> None:
    lines = random_lines(seed, law)
    halves = [ledger(tmp_path / "one.csv", lines[::2]), ledger(tmp_path / "two.csv", lines[1::2])]
    with compile_jurisdiction(halves, organisation, law) as made:
        for unit in made.units():
            alone = read_ledger(halves, law, unit=unit)
            tables = fill_tables(alone.entries, [], law)
            assert made.facts(unit) == {address: fact.figure.value for address, fact in tables.facts.items()}
            problems = [str(problem) for problem in in_file_order(alone.problems)]
            assert [str(p.issue) for p in made.problems if p.unit == unit] == problems
            mine = [found.issue.message for found in made.faults if found.unit == unit and found.level == UNIT]
            # Nobody has stated anything of 三公: that is said once and not held against every unit.
            theirs = [fault.message for fault in tables.faults if "表9" not in law_text(law, fault.code)]
            assert sorted(bare(text) for text in mine) == sorted(bare(text) for text in theirs)


def law_text(law: Statute, code: str) -> str:
    relation = law.relations.get(code)
    return f"{relation.form} {relation.statement}" if relation else ""


def bare(text: str) -> str:
    """A message without the places in brackets that one unit's ledger can name."""
    return re.sub(r"（(one|two)\.csv[^）]*）", "", text)


def test_one_bad_unit_does_not_stop_the_others(tmp_path: Path, law: Statute, organisation: OrganisationList) -> None:
    lines = [
        *LINES,
        ["128003", "支出", "111", "999", "", "基本支出", "", "一百"],
        ["", "支出", "111", "2080101", "30101", "基本支出", "", "5.00"],
        ["777", "收入", "111", "2080101", "", "", "", "9.00"],
    ]
    nothing = tmp_path / "nothing.csv"
    nothing.write_text("这不是台账\n", encoding="utf-8")
    with compile_jurisdiction([ledger(tmp_path / "l.csv", lines), nothing], organisation, law) as made:
        found = {(p.unit, p.issue.where) for p in made.problems}
        codes = {p.issue.code for p in made.problems}
        assert {"L111", "L101", "J109", "J110", "J122"} <= codes, codes
        assert {("128003", "第14行"), ("", "第15行"), ("777", "777"), ("", "文件")} <= found
        assert amounts(made, DEPARTMENT, "128", "表1!27行1栏") == ["1750000.00"]
        assert amounts(made, UNIT, "777", "表1!27行1栏") == ["9.00"]


def test_stated_figures_are_added_up_and_never_overwrite(
    tmp_path: Path, law: Statute, organisation: OrganisationList
) -> None:
    figures = tmp_path / "figures.csv"
    figures.write_text(
        "单位编码,地址,数\n128001,表9!金额行11栏,300.00\n128002,表9!金额行11栏,200.50\n128001,表1!27行1栏,1\n128001,表99!1行1栏,1\n",
        encoding="utf-8",
    )
    path = ledger(tmp_path / "l.csv", LINES)
    with compile_jurisdiction([path], organisation, law, stated=figures) as made:
        assert amounts(made, DEPARTMENT, "128", "表9!金额行11栏", "表9!金额行7栏") == ["500.50", "500.50"]
        assert amounts(made, UNIT, "128001", "表1!27行1栏") == ["1700000.00"]
        assert [(p.unit, p.issue.code) for p in made.problems] == [("128001", "J121"), ("128001", "J121")]
        assert made.gathered("128002").facts[0].figure.value == Decimal("200.50")


def test_a_department_that_forgot_a_unit_is_told_which(
    made: Jurisdiction, organisation: OrganisationList, law: Statute
) -> None:
    units = {code: made.account(code) for code in ("128001", "128002", "128003")}
    right = made.account("128", DEPARTMENT)
    assert check_department(right, units, organisation, law, "128") == []
    without = made.account("128", DEPARTMENT)
    for place in ("表3!合计行2栏", "表3!208行2栏", "表3!20801行2栏", "表3!2080150行2栏"):
        fact = without.facts[place]
        value = fact.figure.value - Decimal("450000.00")
        without.facts.pop(place) if not value else without.put(type(fact)(fact.address, type(fact.figure)(value)))
    [finding] = check_department(without, units, organisation, law, "128")
    assert (finding.code, finding.severity) == ("D501", "error")
    assert "漏汇" in finding.message and "128002 合成市示例中心" in finding.message
    assert finding.difference == "45.00万元"


def test_transfers_that_were_not_eliminated_are_told(
    made: Jurisdiction, organisation: OrganisationList, law: Statute
) -> None:
    units = {code: made.account(code) for code in ("128001", "128002", "128003")}
    swollen = made.account("128", DEPARTMENT)
    for address, amount in swollen_cells().items():
        fact = next(iter(swollen.facts.values()))
        swollen.put(type(fact)(address, type(fact.figure)(amount)))
    [finding] = check_department(swollen, units, organisation, law, "128")
    assert "似没有抵销" in finding.message
    assert finding.difference == "50.00万元"
    [absent] = check_department(made.account("128", DEPARTMENT), {"128001": units["128001"], "128002": units["128002"]},
                                organisation, law, "128")[:1]  # fmt: skip
    assert absent.code == "D503" and "128003" in absent.message


def swollen_cells() -> dict[Address, Decimal]:
    """The subsidy left in both tables of income and outlay, with all that is added up from it."""
    half = Decimal("500000.00")
    return {
        **{Address("表2", row, "3"): half for row in ("合计", "208", "20801", "2080150")},
        **{Address("表3", row, "6"): half for row in ("合计", "208", "20801", "2080101")},
    }


def test_the_commands(tmp_path: Path) -> None:
    (tmp_path / "organisation.csv").write_text(ORGANISATION, encoding="gb18030")
    path = ledger(tmp_path / "ledger.csv", LINES)
    arguments = ["jurisdiction", str(path), "--organisation", str(tmp_path / "organisation.csv"), "--year", "2022"]
    done = CliRunner().invoke(main, [*arguments, "-o", str(tmp_path / "a"), "--accounts", "--name", "合成市"])
    assert done.exit_code == 1 and "编制了 5 个单位、2 个部门" in done.output
    assert "内部往来两边不符" in done.output
    CliRunner().invoke(main, [*arguments, "-o", str(tmp_path / "b"), "--accounts", "--name", "合成市"])
    for name in ("accounts.parquet", "problems.csv", "faults.csv", "transfers.csv", "单位/128001.json"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
    files = [str(tmp_path / "a" / name) for name in ("单位", "部门")]
    told = CliRunner().invoke(main, ["rollup", *files, "--organisation", str(tmp_path / "organisation.csv")])
    assert told.exit_code == 0 and "D502" in told.output and "129" in told.output


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("单位编码,上级编码\n1,\n", "单位名称"),
        ("单位编码,单位名称\n1,甲\n1,乙\n", "第3行"),
        ("单位编码,单位名称,上级编码\n1,甲,2\n", "上级编码 2 不在表中"),
        ("单位编码,单位名称,上级编码\n1,甲,2\n2,乙,1\n", "绕了一圈"),
        ("单位编码,单位名称,编制人数\n1,甲,三\n", "不是整数"),
    ],
)
def test_an_organisation_that_cannot_be_is_explained(text: str, told: str, tmp_path: Path) -> None:
    path = tmp_path / "organisation.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(OrganisationError, match=told):
        read_organisation(path)
